"""The tables a reading comes down to: columns, keys and what refers to what, in the order they can be created."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..facts import Entity, Field, Reading, Relationship
from .naming import distinct, snake, words

UNIQUE = r"(?:already (?:in use|taken|registered|exists?)|(?:is|are|be|remain|stay)s? unique|without duplica)"
REMOVED = re.compile(r"(?i)\b(delet|remov)")


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        name: its SQL identifier.
        field: what the API calls it.
        type: one of the types of :class:`facts.Field`, or ``key`` for a surrogate key and what refers to one.
        generated: whether the database fills it in.
        target: the table it refers to, if it is a foreign key.
        on_delete: what happens to the row when the one it refers to is deleted, as SQL says it.
        delete_sources: the passages that say so; empty when assumed.
        longest: most characters it may hold; 0 without a limit.
        least: the smallest number allowed, or empty.
        most: the largest number allowed, or empty.
        deferred: whether its foreign key closes a circle and has to be added after both tables exist.
    """

    name: str
    field: str
    type: str
    meaning: str
    sources: tuple[str, ...] = ()
    required: bool = True
    unique: bool = False
    primary: bool = False
    generated: bool = False
    values: tuple[str, ...] = ()
    example: str = ""
    target: str = ""
    on_delete: str = ""
    delete_sources: tuple[str, ...] = ()
    deferred: bool = False
    personal: str = ""
    longest: int = 0
    least: str = ""
    most: str = ""


@dataclass(frozen=True)
class Table:
    """One table; ``entity`` is the entity it keeps, empty for a table that only joins two others."""

    name: str
    entity: str
    meaning: str
    columns: tuple[Column, ...]
    sources: tuple[str, ...]
    stated: bool

    @property
    def key(self) -> tuple[Column, ...]:
        """The columns of the primary key."""
        return tuple(column for column in self.columns if column.primary)


def derive(reading: Reading) -> tuple[Table, ...]:
    """One table per entity and one per many-to-many relationship, each after the tables it refers to.

    An entity keeps its own ``id`` or ``<entity>_id`` as key when the brief names one, and gets a surrogate
    key otherwise. Behind an HTTP interface every table has ``created_at``, and ``updated_at`` where an operation changes it.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for entity in reading.entities:
        names[entity.name] = distinct(snake(entity.table or entity.name), taken)
    tables = [_table(reading, entity, names) for entity in reading.entities]
    for relationship in reading.relationships:
        if relationship.parent in names and relationship.child in names:
            tables = _relate(reading, tables, relationship, names, taken)
    return _order(tables)


def _table(reading: Reading, entity: Entity, names: dict[str, str]) -> Table:
    columns: list[Column] = []
    taken: set[str] = set()
    own = {"id", f"{snake(entity.name)}_id"}
    for field in _once(entity.fields):
        column = _column(reading, field, names)
        if column.name in own and not column.target and not any(c.primary for c in columns):
            untyped = column.type in ("string", "uuid")
            kind = "key" if untyped else column.type
            column = replace(
                column, primary=True, generated=kind in ("integer", "key"), required=True, type=kind, unique=False
            )
        columns.append(replace(column, name=distinct(column.name, taken)))
    if not any(column.primary for column in columns):
        name = distinct("id", taken)
        columns.insert(0, Column(name, name, "key", f"key of one {words(entity.name)}", primary=True, generated=True))
    columns.sort(key=lambda column: not column.primary)
    if reading.served:
        columns += _stamps(reading, entity, taken)
    return Table(names[entity.name], entity.name, entity.meaning, tuple(columns), entity.sources, entity.stated)


def _once(fields: Sequence[Field]) -> tuple[Field, ...]:
    """``fields`` without those whose column another one has taken."""
    kept: dict[str, Field] = {}
    for field in fields:
        kept.setdefault(snake(field.name), field)
    return tuple(kept.values())


def _stamps(reading: Reading, entity: Entity, taken: set[str]) -> list[Column]:
    changed = any(o.entity == entity.name and o.method in ("PUT", "PATCH") for o in reading.operations)
    wanted = [("created_at", "when it was stored"), *([("updated_at", "when it was last changed")] if changed else [])]
    return [Column(name, name, "date-time", meaning, generated=True) for name, meaning in wanted if name not in taken]


def _column(reading: Reading, field: Field, names: dict[str, str]) -> Column:
    name, kind, meaning = snake(field.name), field.type, field.meaning
    target = names.get(field.references, "")
    if "password" in name and field.personal == "credential":
        name, meaning, kind = (
            f"{name}_hash",
            f"salted hash of the {words(field.name)}, never the {words(field.name)} itself",
            "text",
        )
    return Column(
        name,
        field.name,
        "key" if target else kind,
        meaning,
        field.sources,
        field.required,
        _unique(reading, field),
        values=field.values,
        example=field.example,
        target=target,
        on_delete=_default_delete(field.required) if target else "",
        personal=field.personal,
        longest=field.longest,
        least=field.least,
        most=field.most,
    )


def _unique(reading: Reading, field: Field) -> bool:
    """Whether a sentence of the brief says that no two may share this field."""
    if field.type not in ("string", "email", "uri", "uuid", "integer") or field.references or field.values:
        return False
    if field.unique:
        return True
    name = rf"{'[ _]'.join(map(re.escape, words(field.name).split()))}s?\b"
    said = re.compile(rf"(?i)\bunique {name}|\b{name}[^.;]{{0,40}}?\b{UNIQUE}")
    found = (reading.by_id.get(source) for source in field.sources)
    return any(said.search(re.sub(r"(?i)\be-mail", "email", passage.plain)) for passage in found if passage)


def _default_delete(required: bool) -> str:
    return "RESTRICT" if required else "SET NULL"


def _relate(
    reading: Reading, tables: list[Table], relation: Relationship, names: dict[str, str], taken: set[str]
) -> list[Table]:
    """``tables`` with what ``relation`` needs: a foreign key in the child, or a table of pairs."""
    parent, child = (next(t for t in tables if t.name == names[name]) for name in (relation.parent, relation.child))
    cascade = _cascades(reading, relation)
    if relation.cardinality == "many-to-many":
        if parent.name == child.name or _joined(tables, parent.name, child.name):
            return tables
        return [*tables, _pairs(parent, child, relation, taken)]
    held = [c for c in child.columns if c.target == parent.name]
    if not held:
        held = [_foreign(parent, relation, child)]
        at = max((n for n, c in enumerate(child.columns) if not c.generated or c.primary), default=-1) + 1
        child = replace(child, columns=(*child.columns[:at], *held, *child.columns[at:]))
    if cascade:
        columns = (replace(c, on_delete="CASCADE", delete_sources=cascade) if c in held else c for c in child.columns)
        child = replace(child, columns=tuple(columns))
    return [child if t.name == child.name else t for t in tables]


def _foreign(parent: Table, relation: Relationship, child: Table) -> Column:
    taken = {column.name for column in child.columns}
    own = parent.name == child.name
    name = distinct(f"{'parent_' if own else ''}{snake(relation.parent)}_id", taken)
    meaning = f"the {words(relation.parent)} it belongs to"
    alone = relation.cardinality == "one-to-one"
    return Column(
        name,
        name,
        "key",
        meaning,
        relation.sources,
        not own,
        alone,
        target=parent.name,
        on_delete=_default_delete(not own),
    )


def _pairs(parent: Table, child: Table, relation: Relationship, taken: set[str]) -> Table:
    name = distinct(f"{snake(relation.parent)}_{child.name}", taken)
    columns = tuple(
        Column(
            f"{snake(entity)}_id",
            f"{snake(entity)}_id",
            "key",
            f"the {words(entity)}",
            relation.sources,
            primary=True,
            target=table.name,
            on_delete="CASCADE",
        )
        for entity, table in ((relation.parent, parent), (relation.child, child))
    )
    meaning = f"which {words(relation.parent)} goes with which {words(relation.child)}"
    return Table(name, "", meaning, columns, relation.sources, False)


def _joined(tables: Sequence[Table], one: str, other: str) -> bool:
    """Whether a table refers to both already."""
    return any({one, other} <= {column.target for column in table.columns} for table in tables)


def _cascades(reading: Reading, relation: Relationship) -> tuple[str, ...]:
    """The passages that say the child goes when the parent is deleted."""
    parent, child = re.escape(words(relation.parent)), re.escape(words(relation.child))
    deleted = re.compile(
        rf"\b{parent}s?\b(?: (?:that )?is| are) (?:deleted|removed)|(?:deletes?|deleting) (?:an?|the) {parent}\b"
    )
    found = []
    for statement in reading.statements:
        text = statement.text.lower().replace("_", " ")
        rest = deleted.sub("", text)
        if deleted.search(text) and REMOVED.search(rest) and re.search(rf"\b{child}s?\b", rest):
            found.append(statement.source)
    return tuple(dict.fromkeys(found))


def _order(tables: Sequence[Table]) -> tuple[Table, ...]:
    """The tables, each after those it refers to; a foreign key that closes a circle is deferred and may be null."""
    waiting = list(tables)
    done: list[Table] = []
    while waiting:
        names = {table.name for table in done}
        ready = [t for t in waiting if all(c.target in names or c.target in ("", t.name) for c in t.columns)]
        ready = ready or [_deferred(waiting[0], names)]
        done += ready
        waiting = [t for t in waiting if t.name not in {table.name for table in ready}]
    return tuple(done)


def _deferred(table: Table, names: set[str]) -> Table:
    def late(column: Column) -> Column:
        if column.target in names or column.target in ("", table.name):
            return column
        kind = column.on_delete if column.on_delete == "CASCADE" else "CASCADE" if column.primary else "SET NULL"
        return replace(column, deferred=True, required=column.primary, on_delete=kind)

    return replace(table, columns=tuple(late(column) for column in table.columns))
