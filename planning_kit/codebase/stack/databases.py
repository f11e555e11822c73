"""The databases of a part, how it maps them to objects, and how their schema is moved on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ..evidence import Evidence, Statement
from .inventory import search, stated
from .manifests import OPTIONAL, RUN
from .part import Part
from .products import DRIVERS, ORMS
from .sources import role

_SCHEMES = {
    "postgres": "PostgreSQL", "postgresql": "PostgreSQL", "postgis": "PostgreSQL", "mysql": "MySQL", "mysql2": "MySQL", "mariadb": "MariaDB",
    "sqlite": "SQLite", "sqlite3": "SQLite", "mongodb": "MongoDB", "mongodb+srv": "MongoDB", "redis": "Redis", "rediss": "Redis", "mssql": "SQL Server",
    "sqlserver": "SQL Server", "oracle": "Oracle", "cockroachdb": "CockroachDB", "trilogy": "MySQL", "pgsql": "PostgreSQL", "sqlsrv": "SQL Server",
    "h2": "H2", "oracle.jdbc": "Oracle", "npgsql": "PostgreSQL", "pg": "PostgreSQL", "better-sqlite3": "SQLite",
}  # fmt: skip
_NAMES = "|".join(sorted((re.escape(name) for name in _SCHEMES), key=len, reverse=True))
_URL = re.compile(rf"(?<![\w.+-])(?:jdbc:|r2dbc:)?({_NAMES})(?:\+\w{{1,20}})?(?::///?|:@?//|:(?:mem|file|thin):)", re.I)
_ENGINE = re.compile(
    r"[\"']ENGINE[\"']\s*:\s*[\"'](?:django\.(?:contrib\.gis\.)?db\.backends|django_prometheus\.db\.backends)\.(\w+)"
)
_ADAPTER = re.compile(
    rf"^[ \t]*(?:adapter|driver|dialect|client|type|provider)[\"']?\s*[:=]\s*[\"']?({_NAMES})\b", re.I | re.M
)
_CONNECTION = re.compile(
    rf"^DB_(?:CONNECTION|DIALECT|TYPE|CLIENT|ENGINE|DRIVER)=[\"']?({_NAMES})\b|env\([\"']DB_CONNECTION[\"'], *[\"'](\w+)[\"']\)",
    re.I,
)
_MOST_SETTINGS = 60
"""Most files of settings of one part that are looked at."""
_CALLS = (
    (re.compile(r"\bUseSqlServer\("), "SQL Server"), (re.compile(r"\bUseNpgsql\("), "PostgreSQL"), (re.compile(r"\bUseMySql\("), "MySQL"),
    (re.compile(r"\bUseSqlite\("), "SQLite"), (re.compile(r"boto3\.(?:client|resource)\(\s*[\"']dynamodb[\"']"), "DynamoDB"),
)  # fmt: skip
_CARGO_FEATURE = re.compile(
    r"^(?:sqlx|diesel|sea-orm|diesel-async)\b.*[\"'](?:sqlx-)?(postgres|mysql|sqlite)[\"']", re.M
)
_FEATURED = ("sqlx", "diesel", "diesel-async", "sea-orm")
"""Crates whose features name the database; in a workspace the root may name them."""
_CONFIG = re.compile(
    r"(?:settings|config|configuration|database|db|datasource|ormconfig|data-source|knexfile|drizzle\.config|alembic|prisma)[\w.-]*\.(?:py|ini|toml|ya?ml|json|[cm]?[jt]s|rb|php|env)"
    r"|application[\w-]*\.(?:properties|ya?ml|conf)|appsettings[\w.]*\.json|schema\.prisma|[\w.-]*\.prisma|\.env\.(?:example|sample|dist|template)|env\.example|doctrine\.yaml"
)
_LARGE = (
    "PostgreSQL", "MySQL", "MariaDB", "SQL Server", "Oracle", "MongoDB", "DynamoDB", "Cassandra", "CockroachDB", "ClickHouse",
)  # fmt: skip
"""Where one of these is shown, SQLite and H2 in settings are what a developer's machine falls back to."""
_FALL_BACKS = ("SQLite", "H2")
_SIDE = ("Redis", "Elasticsearch")
_DJANGO = re.compile(r"\(models\.Model\)|\bDATABASES\s*=")
_RECORD = re.compile(r"<\s*(?:ApplicationRecord|ActiveRecord::Base)\b")
_ON_TOP = {"SQLModel": "SQLAlchemy", "SeaORM": "SQLx", "Objection.js": "Knex"}
"""Mapper → what it stands on, which is not said beside it."""
_PLAIN_ALCHEMY = re.compile(
    r"\bfrom sqlalchemy(?:\.ext\.\w{1,30})? import (?:declarative_base|Column)|\bDeclarativeBase\b"
)
_JDBC = re.compile(r"^import (?:java\.sql\.|javax\.sql\.|org\.springframework\.jdbc\.)", re.M)

Shown = dict[str, list[Evidence]]


def shown(part: Part, run: Shown) -> Shown:
    """Database → the lines that show it: drivers first, then configuration, what a source calls, and the images that are ``run``."""
    found: Shown = {}
    for each in search(part, DRIVERS, (RUN, OPTIONAL)):
        found.setdefault(each.product.value, []).extend(each.evidence)
    declared = set(found)
    for name, evidence in _configured(part):
        held = found.setdefault(name, [])
        if len(held) < 3:
            held.append(evidence)
    for name, lines in run.items():
        found.setdefault(name, []).extend(lines)
    if "MariaDB" in found and "MySQL" in found:
        found["MariaDB"] += found.pop("MySQL")
    large = any(name in found for name in _LARGE)
    return {name: lines for name, lines in found.items() if not (name in _FALL_BACKS and large) or name in declared}


def said(part: Part, found: Shown, elsewhere: bool) -> list[str]:
    """Which of the databases that are shown are said: beside one for records, Redis and Elasticsearch are infrastructure.

    Args:
        part: the part.
        found: what shows them.
        elsewhere: whether another part that this one ties together has a database.
    """
    beside = elsewhere or any(name not in _SIDE for name in found)
    alone = [name for name in found if name not in _SIDE or not beside]
    return [name for name in alone if name != "Redis" or _stores_in_redis(part)]


def state(found: Shown, names: Sequence[str], versions: Mapping[str, str]) -> Iterator[Statement]:
    """The databases ``names`` by the lines that show them, in the ``versions`` of the images they run in."""
    for name in names:
        yield Statement("Database", f"{name} {versions.get(name, '')}".strip(), tuple(dict.fromkeys(found[name])))


def _stores_in_redis(part: Part) -> bool:
    """Whether the program itself talks to Redis, not only a queue."""
    return any(each.product.value == "Redis" for each in search(part, DRIVERS)) or not part.sources


def _configured(part: Part) -> Iterator[tuple[str, Evidence]]:
    names = ((path, path.rpartition("/")[2].lower()) for path in part.files if role(path) == "source")
    settings = [path for path, name in names if _CONFIG.fullmatch(name) and "test" not in name]
    for path in settings[:_MOST_SETTINGS]:
        patterns = [_URL, _ENGINE, _CONNECTION, *([_ADAPTER] if _adapts(path) else [])]
        yield from _matched(path, part.text(path), patterns)
    for path, text in part.read.items():
        if not _CONFIG.fullmatch(path.rpartition("/")[2].lower()):
            yield from _matched(path, text, [_URL, _ENGINE])
    for pattern, name in _CALLS:
        if found := part.sign(pattern):
            yield name, found
    for manifest in (*part.manifests, *part.above):
        if manifest.ecosystem == "cargo" and any(("cargo", name) in part.dependencies for name in _FEATURED):
            yield from _matched(manifest.path, part.text(manifest.path), [_CARGO_FEATURE])


def _adapts(path: str) -> bool:
    """Whether a field called adapter, client or provider in the file at ``path`` is about a database."""
    name = path.rpartition("/")[2].lower()
    return name.startswith(
        ("database", "ormconfig", "data-source", "datasource", "knexfile", "drizzle", "config.js")
    ) or name.endswith(".prisma")


def _matched(path: str, text: str, patterns: list[re.Pattern[str]]) -> Iterator[tuple[str, Evidence]]:
    for number, line in enumerate(text.split("\n"), 1):
        plain = line.strip()
        if not plain or len(line) > 1_000 or plain.startswith(("#", "//", "*", "--", ";", "/*")):
            continue
        for pattern in patterns:
            found = pattern.search(line)
            if found and (name := _SCHEMES.get((found.group(1) or found.group(2)).lower())):
                yield name, Evidence(path, number)


def state_mapping(part: Part, databases: Sequence[str]) -> Iterator[Statement]:
    """How ``part`` maps its ``databases`` to objects; that it does not only where it is seen to use a driver itself."""
    found = [each for each in search(part, ORMS, (RUN, OPTIONAL)) if not each.optional or len(each.evidence) > 1]
    names = {each.product.value for each in found}
    below = {name for outer, name in _ON_TOP.items() if outer in names}
    if part.sign(_PLAIN_ALCHEMY, "python"):
        below.discard("SQLAlchemy")
    own = [*_own(part), *_generated(part)]
    yield from own
    yield from stated("ORM", [each for each in found if each.product.value not in below])
    if not found and not own and databases:
        yield from _raw(part, databases)


def _own(part: Part) -> Iterator[Statement]:
    """The mappers that come with a framework: Django's and Rails'."""
    for ecosystem, name, value, pattern in (
        ("python", "django", "Django ORM", _DJANGO),
        ("ruby", "rails", "ActiveRecord", _RECORD),
    ):
        dependency = part.dependencies.get((ecosystem, name)) or part.inherited.get((ecosystem, name))
        used = part.uses.get((ecosystem, name))
        evidence = part.sign(pattern, ecosystem) if (dependency and dependency.scope == RUN) or used else None
        if evidence:
            yield Statement("ORM", value, (evidence,))


def _generated(part: Part) -> list[Statement]:
    """Code made from queries: sqlc's settings say so."""
    for path in part.files:
        if path.rpartition("/")[2] in ("sqlc.yaml", "sqlc.yml", "sqlc.json"):
            for number, line in enumerate(part.text(path).split("\n"), 1):
                if re.match(r"[\s\"'-]*(?:engine|sql|queries|packages)\b", line):
                    return [Statement("ORM", "sqlc", (Evidence(path, number),))]
    return []


def _raw(part: Part, databases: Sequence[str]) -> Iterator[Statement]:
    for each in search(part, DRIVERS):
        if each.product.value in databases or each.product.value == "MySQL" and "MariaDB" in databases:
            for name in each.product.imports:
                if use := part.uses.get((each.product.ecosystem, name)):
                    yield Statement("ORM", f"none ({_short(name)} used directly)", (use, each.evidence[0]))
                    return
    if "DynamoDB" in databases and (use := part.uses.get(("python", "boto3"))):
        yield Statement("ORM", "none (boto3 used directly)", (use,))
    if "jvm" in part.ecosystems and (use := part.sign(_JDBC, "jvm")):
        yield Statement("ORM", "none (JDBC used directly)", (use,))


def _short(module: str) -> str:
    """A module as people call it: without the host it comes from."""
    if not module.startswith(("github.com/", "go.", "modernc.org/")):
        return module
    return "lib/pq" if module.endswith("/pq") else module.rpartition("/")[2]
