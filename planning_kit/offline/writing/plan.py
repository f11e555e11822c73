"""What the offline author settles once for all its documents: the tables, the operations and the dialect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from ...facts import Question
from ..facts import Entity, Existing, Field, Found, Operation, Reading
from . import schema, stack, surface
from .dialects import DIALECTS, POSTGRESQL, Dialect
from .markdown import cite
from .naming import snake
from .research import Found as Newest
from .research import packages_of
from .schema import Column, Table

_DATABASES = {
    "postgres": "PostgreSQL", "sqlite": "SQLite", "mysql": "MySQL", "mariadb": "MariaDB", "mongo": "MongoDB",
    "oracle": "Oracle", "sql server": "SQL Server", "dynamodb": "DynamoDB", "cassandra": "Cassandra",
    "cockroach": "CockroachDB", "mssql": "SQL Server", "couchbase": "Couchbase", "couchdb": "CouchDB", "cosmos db": "Cosmos DB", "firestore": "Firestore",
}  # fmt: skip

CHOICES: Mapping[str, str] = {
    "postgres": "PostgreSQL", "sqlserver": "SQL Server", "mysql": "MySQL", "mariadb": "MariaDB", "sqlite": "SQLite", "mongodb": "MongoDB",
    "cosmosdb": "Cosmos DB", "dynamodb": "DynamoDB", "cassandra": "Cassandra", "oracle": "Oracle", "cockroachdb": "CockroachDB",
}  # fmt: skip
"""What the option ``db`` can be → the database's name."""


@dataclass(frozen=True)
class Plan:
    """A reading and what follows from it; two documents made from one plan agree.

    Attributes:
        feature: the title of what is planned.
        today: the date of the question, ISO 8601.
        stack: what the codebase uses, as people confirmed it: package path → topic → ``FastAPI 0.115 (pyproject.toml:9)``.
        existing: the routes and models the codebase has already.
        questions: what was asked at the intake; each is answered or assumed.
        looked_up: the newest versions of packages, as the research has them.
        chosen: the database that was chosen for the run, whatever brief and codebase name; empty without a choice.
        beside: tables that follow from no reading: what a service design keeps so that it can be run.
    """

    feature: str
    reading: Reading
    today: str = ""
    stack: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    existing: Existing = Existing()
    questions: tuple[Question, ...] = ()
    looked_up: tuple[Newest, ...] = ()
    chosen: str = ""
    beside: tuple[Table, ...] = ()

    @property
    def what(self) -> str:
        """What is built, in a word."""
        return "service" if self.reading.served else "program"

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables, each after those it refers to; those ``beside`` last."""
        return (*(self._adopted(table) for table in schema.derive(self.reading)), *self.beside)

    def _adopted(self, table: Table) -> Table:
        """``table`` as the codebase keeps it where it does: its own type of key, and no timestamp that is not shown."""
        held = self.model(table)
        if held is None:
            return table
        there = {snake(name) for name in held.fields}
        kept = (c for c in table.columns if c.primary or c.sources or not c.generated or c.name in there)
        columns = (replace(c, type=held.key) if c.primary and c.type == "key" and not c.target else c for c in kept)
        return replace(table, columns=tuple(columns))

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The operations as they stand in the interface."""
        return surface.settle(self.reading)

    @cached_property
    def database(self) -> tuple[str, tuple[str, ...]]:
        """The database that was chosen, or that a remark or answer, the confirmed stack or the brief names, in that order, with its passages; PostgreSQL without any otherwise."""
        named = [
            (name, n.sources)
            for n in self.reading.technologies
            for mark, name in _DATABASES.items()
            if mark in n.name.lower()
        ]
        if self.chosen:
            return self.chosen, tuple(dict.fromkeys(source for name, s in named if name == self.chosen for source in s))
        spoken = next(((name, s) for name, s in named if any(source[:1] in "RQ" for source in s)), None)
        if spoken or not self.kept:
            return spoken or next(iter(named), ("PostgreSQL", ()))
        same = tuple(source for name, s in named if name == self.kept for source in s)
        return self.kept, same or self.kept_where

    @cached_property
    def kept_where(self) -> tuple[str, ...]:
        """The file and line that shows the codebase's database; empty without one."""
        marks = [mark for mark, name in _DATABASES.items() if name == self.kept]
        shown = (u for u in stack.uses(self.stack) if u.topic == "Database" and u.evidence)
        return tuple(u.evidence for u in shown if any(re.search(rf"(?i)\b{mark}", u.value) for mark in marks))[:1]

    @cached_property
    def shown_database(self) -> str:
        """The database with where it is named: the passages, the codebase, or that it is assumed."""
        name, sources = self.database
        if self.chosen and not sources:
            return f"{name} (chosen for this run)"
        return f"{name} {cite(sources) if sources or name != self.kept else '(the codebase)'}"

    @cached_property
    def kept(self) -> str:
        """The database the codebase uses; empty when nothing says so."""
        for topics in self.stack.values():
            for mark, name in _DATABASES.items():
                if re.search(rf"(?i)\b{mark}", topics.get("Database", "")):
                    return name
        return ""

    def newest(self, technology: str) -> Newest | None:
        """The newest version of the package that ``technology`` is, if it was looked up."""
        names = packages_of(technology)
        return next((known for known in self.looked_up if known.name in names), None)

    @property
    def dialect(self) -> Dialect:
        """The SQL that is written: that of the database, if the rules can write it, else PostgreSQL's."""
        return DIALECTS.get(self.database[0], POSTGRESQL)

    def route(self, operation: Operation) -> Found | None:
        """The route of the codebase that is ``operation`` already: the same method and path, whatever its parameters are called."""
        wanted = _shape(operation.path)
        for found in self.existing.routes:
            methods, _, path = found.name.partition(" ")
            if _shape(path) == wanted and {operation.method, "ANY"} & set(methods.split(",")):
                return found
        return None

    def model(self, table: Table) -> Found | None:
        """The model of the codebase that keeps what ``table`` keeps: one of the same table, or of the same name."""
        names = {snake(table.name), snake(table.entity)} - {"unnamed"}
        return next((m for m in self.existing.models if snake(m.table) in names or snake(m.name) in names), None)

    def lacking(self, table: Table) -> tuple[Column, ...]:
        """The columns the brief asks for and the codebase's own table does not have; none where its columns are not known."""
        held = self.model(table)
        if held is None or not held.fields:
            return ()
        there = {snake(name).removesuffix("_id") for name in held.fields}
        return tuple(
            c for c in table.columns if c.sources and not c.primary and c.name.removesuffix("_id") not in there
        )

    def table(self, entity: str) -> Table | None:
        """The table that keeps ``entity``."""
        return next((table for table in self.tables if entity and table.entity == entity), None)

    def serving(self, table: Table) -> tuple[Operation, ...]:
        """The operations that work on what ``table`` keeps."""
        return tuple(o for o in self.operations if table.entity and o.entity == table.entity)

    def protected(self, operation: Operation) -> bool:
        """Whether ``operation`` needs a bearer token; assumed where its ``auth`` is ``open``."""
        return surface.protected(self.reading, operation)

    def entity(self, name: str) -> Entity | None:
        """The entity called ``name``."""
        return self.reading.entity(name)

    def fields(self, operation: Operation) -> tuple[Field, ...]:
        """What a request to ``operation`` carries.

        An operation the brief names keeps the body it names; any other that creates or changes carries the columns its table lets
        a caller write, without those its path holds already.
        """
        table = self.table(operation.entity)
        if operation.stated or table is None or operation.method not in ("POST", "PUT", "PATCH"):
            return operation.body
        last = snake(operation.path.rstrip("/").rsplit("/", 1)[-1])
        if operation.method == "POST" and "{" in operation.path and last != table.name:
            return operation.body
        inside = set(re.findall(r"\{(\w+)\}", operation.path))
        written = {field.name for field in operation.body}
        keys = {column.field for column in table.columns if column.target}
        whole = not written or bool(written & {column.field for column in table.columns})
        chosen = [
            c
            for c in table.columns
            if not c.generated and c.field not in inside and (c.field in written | keys or not written)
        ]
        if not whole:
            return operation.body
        optional = operation.method == "PATCH"
        return tuple(self.shown(column, not optional and column.required) for column in chosen)

    def shown(self, column: Column, required: bool) -> Field:
        """``column`` as the interface shows it."""
        kind = self.key_type(column) if column.type == "key" else column.type
        meaning = column.field if column.name.endswith("_hash") else column.meaning
        return Field(
            column.field,
            kind,
            required,
            meaning,
            column.sources,
            column.values,
            column.example,
            column.target,
            column.personal,
            column.longest,
            column.least,
            column.most,
        )

    def key_type(self, column: Column) -> str:
        """The type of a key, or of the key a foreign key refers to: integer, uuid or what the brief says."""
        if column.target:
            target = next((table for table in self.tables if table.name == column.target), None)
            if target and target.key and target.key[0] != column:
                return self.key_type(target.key[0])
        if column.type != "key":
            return column.type
        return "uuid" if self.dialect.uuid else "integer"


def database_of(technology: str) -> str:
    """The database that a ``technology`` of a brief is; empty for what is none the rules know."""
    return next((name for mark, name in _DATABASES.items() if mark in technology.lower()), "")


def _shape(route: str) -> str:
    """``GET /orders/{id}`` with nameless parameters, however its framework writes them."""
    return re.sub(r"\{[^}]*\}|<[^>]*>|:\w+|\[\w+\]", "{}", route).rstrip("/").lower()
