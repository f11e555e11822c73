"""What a database is extended with: PostGIS, vectors, time series, and whatever else its schema creates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..evidence import Evidence, Statement
from .infrastructure import Service
from .inventory import search
from .manifests import OPTIONAL, RUN
from .part import Part
from .products import products
from .sources import role

_LIBRARIES = products([
    ("PostGIS", "python", "geoalchemy2", ""), ("PostGIS", "ruby", "activerecord-postgis-adapter", ""), ("PostGIS", "jvm", "net.postgis:*", "net.postgis"),
    ("pgvector", "python", "pgvector", ""), ("pgvector", "npm", "pgvector", ""), ("pgvector", "go", "github.com/pgvector/pgvector-go", ""), ("pgvector", "ruby", "neighbor pgvector", "pgvector neighbor"),
    ("pgvector", "cargo", "pgvector", ""), ("pgvector", "nuget", "pgvector*", "Pgvector"),
])  # fmt: skip
_NAMES = {"postgis": "PostGIS", "vector": "pgvector", "timescaledb": "TimescaleDB", "citus": "Citus"}
_IMAGES = {
    "postgis": ("PostGIS", re.compile(r"[0-9.]+-([0-9]+(?:\.[0-9]+)*)")),
    "pgvector": ("pgvector", re.compile(r"([0-9]+(?:\.[0-9]+)+)-pg")),
    "timescaledb": ("TimescaleDB", re.compile(r"([0-9]+(?:\.[0-9]+)+)-pg")),
}
"""Image → the extension it brings, and where its tag says that one's version."""
_CREATED = re.compile(
    r"(?i)\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?[\\\"'`]{0,2}([a-z][\w-]{1,40})|\benable_extension[ (]+[\"']([\w-]{2,40})[\"']"
)
_DJANGO = (
    ("PostGIS", re.compile(r"django\.contrib\.gis\.db\.backends\.postgis|\bPostGISExtension\(")),
    ("pg_trgm", re.compile(r"\bTrigramExtension\(\)")), ("btree_gist", re.compile(r"\bBtreeGistExtension\(\)")),
    ("citext", re.compile(r"\bCITextExtension\(\)")), ("unaccent", re.compile(r"\bUnaccentExtension\(\)")),
)  # fmt: skip
_PRISMA = re.compile(r"(?m)^[ \t]*extensions[ \t]*=[ \t]*\[([^\]\n]{1,300})\]")
_SCRIPTS = (".sql", "schema.rb")
_MOST_SCRIPTS = 60
"""Most SQL scripts of one part that are looked at."""
_MOST_SAID = 8


def state(part: Part, found: Sequence[Service]) -> Iterator[Statement]:
    """The extensions of the database of ``part``, from the images that are run, its schema and its libraries."""
    held: dict[str, list[Evidence]] = {}
    versions: dict[str, str] = {}
    for service in found:
        name, pattern = _IMAGES.get(service.image, ("", re.compile("")))
        if name:
            held.setdefault(name, []).append(service.evidence)
            if version := pattern.match(service.tag):
                versions.setdefault(name, version.group(1))
    for name, evidence in _created(part):
        held.setdefault(_NAMES.get(name.lower(), name), []).append(evidence)
    for each in search(part, _LIBRARIES, (RUN, OPTIONAL)):
        held.setdefault(each.product.value, []).extend(each.evidence)
    for name, pattern in _DJANGO:
        if shown := part.sign(pattern, "python"):
            held.setdefault(name, []).append(shown)
    for name, lines in [*held.items()][:_MOST_SAID]:
        yield Statement("Database", f"{name} {versions.get(name, '')}".strip() + " (extension)", tuple(lines))


def _created(part: Part) -> Iterator[tuple[str, Evidence]]:
    """What scripts and sources create, by its name in SQL; a procedural language is none."""
    scripts = [path for path in part.files if path.endswith(_SCRIPTS) and role(path) == "source"][:_MOST_SCRIPTS]
    for path, text in ({path: part.text(path) for path in scripts} | part.read).items():
        if "xtension" in text or "XTENSION" in text:
            for found in _CREATED.finditer(text):
                name = found.group(1) or found.group(2)
                if name != "plpgsql":
                    yield name, Evidence(path, text.count("\n", 0, found.start()) + 1)
    for path in part.files:
        if path.endswith(".prisma"):
            for found in _PRISMA.finditer(part.text(path)):
                for name in re.findall(r"(?:^|,)\s*(\w{2,40})", found.group(1)):
                    yield name, Evidence(path, part.text(path).count("\n", 0, found.start()) + 1)
