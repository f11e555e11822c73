"""How a part moves its database schema on: the tool that is declared, or the folder the steps lie in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..evidence import Evidence, Statement
from .inventory import search, stated
from .manifests import DEV, OPTIONAL, RUN
from .part import Part
from .products import MIGRATORS
from .sources import role, telling_line

_FOLDERS = (
    ("Alembic", re.compile(r"(?:^|/)(?:alembic|migrations)/versions/[^/]+\.py$"), re.compile(r"alembic|^revision|def upgrade", re.M)),
    ("Django migrations", re.compile(r"(?:^|/)migrations/[0-9]{4}_\w+\.py$"), re.compile(r"^class Migration|django.db", re.M)),
    ("Prisma Migrate", re.compile(r"(?:^|/)prisma/(?:[\w-]+/)?migrations/[^/]+/migration\.sql$"), re.compile(r"\S")),
    ("TypeORM migrations", re.compile(r"(?:^|/)migrations?/[^/]+\.[jt]s$"), re.compile(r"MigrationInterface|queryRunner")),
    ("Sequelize migrations", re.compile(r"(?:^|/)migrations?/[^/]+\.[cm]?[jt]s$"), re.compile(r"queryInterface|QueryInterface")),
    ("Knex migrations", re.compile(r"(?:^|/)migrations?/[^/]+\.[cm]?[jt]s$"), re.compile(r"\bknex\b|Knex\b")),
    ("MikroORM migrations", re.compile(r"(?:^|/)migrations?/[^/]+\.[jt]s$"), re.compile(r"@mikro-orm/migrations")),
    ("Drizzle Kit", re.compile(r"(?:^|/)drizzle/(?:[\w-]+/)?[0-9]{4}_\w+\.sql$"), re.compile(r"\S")),
    ("Flyway", re.compile(r"(?:^|/)db/migrations?/(?:[\w-]+/)*[VR][0-9._]*__\w+\.(?:sql|java|kt)$"), re.compile(r"\S")),
    ("Liquibase", re.compile(r"(?:^|/)(?:changelog|db/changelog|liquibase)/(?:.+/)?[^/]+\.(?:xml|ya?ml|sql|json)$|changelog-master\.\w+$"), re.compile(r"databaseChangeLog|changeSet|--\s*liquibase|changeset", re.I)),
    ("goose", re.compile(r"(?:^|/)migrations?/[^/]+\.(?:sql|go)$|(?:^|/)schema/[0-9]+[^/]+\.sql$"), re.compile(r"-- *\+goose Up|goose\.AddMigration")),
    ("Diesel migrations", re.compile(r"(?:^|/)migrations/[^/]+/up\.sql$"), re.compile(r"\S")),
    ("Rails migrations", re.compile(r"(?:^|/)db/migrate/[0-9]+_\w+\.rb$"), re.compile(r"ActiveRecord::Migration")),
    ("Laravel migrations", re.compile(r"(?:^|/)database/migrations/[^/]+\.php$"), re.compile(r"extends Migration|Schema::")),
    ("Doctrine Migrations", re.compile(r"(?:^|/)migrations/(?:[^/]+/)?Version[0-9]+\.php$"), re.compile(r"AbstractMigration")),
    ("EF Core Migrations", re.compile(r"(?:^|/)Migrations/(?:[^/]+/)*[^/]+\.cs$"), re.compile(r":\s*Migration\b|ModelSnapshot\b|MigrationBuilder")),
)  # fmt: skip
"""Tool, where its steps lie, what a step holds."""
_SQL = re.compile(
    r"(?:^|/)(?:migrations?|migrate|schema_migrations|sql/migrations|db/migrations?|ddl)/(?:[\w-]+/)?[^/]+\.sql$"
)
_PAIRED = re.compile(r"\.(?:up|down)\.sql$")
_STATEMENT = re.compile(r"\b(?:create|alter|drop|insert|update)\b", re.I)


def state(part: Part) -> Iterator[Statement]:
    """The migration tools of ``part``, those that are declared first."""
    tools = list(search(part, MIGRATORS, (RUN, DEV, OPTIONAL)))
    declared = list(stated("Migrations", tools))
    folders = list(_folders(part))
    names = {each.product.value for each in tools}
    for statement in declared:
        own = [each for each in folders if statement.value.startswith(each.value)]
        evidence = dict.fromkeys((*statement.evidence, *(line for each in own for line in each.evidence)))
        yield Statement("Migrations", statement.value, tuple(evidence)[:4])
    found = [each for each in folders if each.value not in names]
    yield from found
    if not declared and not found:
        yield from _plain(part)


def _folders(part: Part) -> Iterator[Statement]:
    """The tools whose steps lie in folders of their own; two or three files of each kind are opened at most."""
    paths = [
        path
        for path in part.files
        if "migrat" in path.lower()
        or "changelog" in path.lower()
        or "/schema/" in path
        or "drizzle/" in path
        or "versions/" in path
    ]
    for name, where, holds in _FOLDERS:
        opened = 0
        for path in paths:
            if where.search(path) and role(path) == "source" and opened < 3:
                opened += 1
                if (found := holds.search(part.text(path))) and (
                    line := part.text(path).count("\n", 0, found.start()) + 1
                ):
                    yield Statement("Migrations", name, (Evidence(path, line),))
                    break


def _plain(part: Part) -> Iterator[Statement]:
    """SQL files in a folder for migrations: by a tool that reads such folders if one is shown, else by hand."""
    for path in part.files:
        if (_SQL.search(path) or _PAIRED.search(path)) and role(path) == "source":
            text = part.text(path)
            found = _STATEMENT.search(text)
            line = text.count("\n", 0, found.start()) + 1 if found else telling_line(text)
            if not line:
                continue
            macro = part.sign(re.compile(r"\bsqlx::migrate!|\bmigrate!\("), "cargo")
            if macro or ("cargo", "sqlx") in part.dependencies:
                yield Statement("Migrations", "SQLx migrations", (*((macro,) if macro else ()), Evidence(path, line)))
            elif "go" in part.ecosystems and _PAIRED.search(path):
                yield Statement("Migrations", "golang-migrate", (Evidence(path, line),))
            else:
                yield Statement("Migrations", "plain SQL", (Evidence(path, line),))
            return
