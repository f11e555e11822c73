"""The data model as SQL that can be run: tables in order, keys, checks and indexes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .dialects import LONGEST_SHORT, SHORT, SQLITE
from .naming import distinct
from .plan import Plan
from .schema import Column, Table


@dataclass(frozen=True)
class Index:
    """An index: its ``name``, the ``table`` and ``column`` it is on, what it ``serves``, the passages that ask for it."""

    name: str
    table: str
    column: str
    serves: str
    sources: tuple[str, ...]


def write(plan: Plan) -> str:
    """Every statement, in the order they have to run."""
    parts = [_extend(plan, table) if plan.model(table) else _create(plan, table) for table in plan.tables]
    said = plan.dialect.name or (plan.database[0] != "PostgreSQL" and "PostgreSQL")
    if said and parts:  # where the rules have no dialect for the database, the document says so
        parts.insert(0, f"-- dialect: {said}" + ("\nPRAGMA foreign_keys = ON;" if said == "SQLite" else ""))
    if plan.dialect.late:
        late = [(table, column) for table in plan.tables for column in table.columns if column.deferred]
        parts += [_late(plan, table, column) for table, column in late if _new(plan, table, column)]
    found = indexes(plan)
    if found:
        named = plan.dialect.named
        parts.append("\n".join(f"CREATE INDEX {i.name} ON {named(i.table)} ({named(i.column)});" for i in found))
    return "\n\n".join(parts) or "-- The brief names nothing that has to be kept."


def indexes(plan: Plan) -> tuple[Index, ...]:
    """One index per foreign key and per searched or sorted column that has none by being a key or unique."""
    found: list[Index] = []
    taken: set[str] = {table.name for table in plan.tables}
    for table in plan.tables:
        first = table.key[0].name if table.key else ""
        for column in table.columns:
            serves, sources = _serves(plan, table, column)
            if serves and not column.unique and column.name != first and _new(plan, table, column):
                name = distinct(f"{table.name}_{column.name}_idx"[:60], taken)
                found.append(Index(name, table.name, column.name, serves, sources))
    return tuple(found)


def type_of(plan: Plan, column: Column) -> str:
    """The SQL type of ``column`` in the plan's dialect."""
    dialect, kind = plan.dialect, plan.key_type(column)
    if kind in dialect.types:
        return dialect.types[kind]
    if column.primary or column.target:
        return dialect.short.format(n=SHORT)
    if column.longest:
        return dialect.short.format(n=column.longest) if column.longest <= LONGEST_SHORT else dialect.long
    few = column.unique or bool(column.values) or _searched(plan, column)
    return dialect.short.format(n=SHORT) if few else dialect.long


def _searched(plan: Plan, column: Column) -> bool:
    parameters = (each for operation in plan.operations for each in operation.parameters if each.place == "query")
    return any(each.name.lower() == column.field.lower() for each in parameters)


def constraints(plan: Plan, table: Table, column: Column) -> list[str]:
    """The constraints of ``column`` as SQL, without the foreign key's target."""
    found = []
    alone = column.primary and len(table.key) == 1
    if column.primary and column.generated and plan.key_type(column) == "integer" and plan.dialect.identity:
        found.append(plan.dialect.identity)
    if alone:
        found.append("PRIMARY KEY")
    elif column.required:
        found.append("NOT NULL")
    if column.unique and not alone:
        found.append("UNIQUE")
    if column.generated and (default := _default(plan, column)):
        found.append(f"DEFAULT {default}")
    return [*found, *_checks(plan, column)]


def _default(plan: Plan, column: Column) -> str:
    kind = plan.key_type(column)
    return {"date-time": plan.dialect.now, "uuid": plan.dialect.uuid}.get(kind, "")


def _checks(plan: Plan, column: Column) -> list[str]:
    dialect, kind = plan.dialect, plan.key_type(column)
    name, is_text = dialect.named(column.name), kind not in dialect.types
    if column.values:
        numbers = kind == "integer" and all(v.strip().lstrip("-").isdecimal() for v in column.values)
        if not numbers and not is_text:
            return []
        return [f"CHECK ({name} IN ({', '.join(v.strip() if numbers else literal(v) for v in column.values)}))"]
    if column.longest and is_text and dialect.length:
        return [f"CHECK ({dialect.length}({name}) <= {column.longest})"]
    if (column.least or column.most) and kind in ("number", "integer"):
        return [f"CHECK ({name} BETWEEN {column.least} AND {column.most})"]
    if column.type == "boolean" and dialect is SQLITE:
        return [f"CHECK ({name} IN (0, 1))"]
    return []


def literal(text: str) -> str:
    """``text`` as an SQL string."""
    return "'" + " ".join(text.replace("\x00", "").split()).replace("'", "''") + "'"


def _create(plan: Plan, table: Table) -> str:
    lines = [f"    {line}" for line in _lines(plan, table)]
    return f"CREATE TABLE {plan.dialect.named(table.name)} (\n" + ",\n".join(lines) + "\n);"


def _new(plan: Plan, table: Table, column: Column) -> bool:
    """Whether the codebase's own table, if there is one, lacks ``column``."""
    return plan.model(table) is None or column in plan.lacking(table)


def _extend(plan: Plan, table: Table) -> str:
    """What a table that exists already gets: columns that may be null, so that the rows in it stay as they are."""
    held = plan.model(table)
    place = f"{held.name}, {held.evidence}" if held else ""
    lines = [f"-- {table.name} exists already ({' '.join(place.split())}): nothing that is there is altered"]
    for column in plan.lacking(table):
        free = replace(column, required=False, unique=False, generated=False, on_delete=column.on_delete and "SET NULL")
        named, held_name = plan.dialect.named, plan.dialect.named(_held(plan, table))
        parts = [named(column.name), type_of(plan, column), *constraints(plan, table, free)]
        refers = bool(column.target and not column.deferred)
        if refers and not plan.dialect.apart:
            parts.append(_references(plan, free))
        lines.append(f"ALTER TABLE {held_name} {plan.dialect.adds} {' '.join(parts)};")
        if refers and plan.dialect.apart:
            lines.append(f"ALTER TABLE {held_name} ADD FOREIGN KEY ({named(column.name)}) {_references(plan, free)};")
    return "\n".join(lines)


def _held(plan: Plan, table: Table) -> str:
    """The name of ``table`` in the codebase, if it is there under another, else its own."""
    held = plan.model(table)
    return held.table if held else table.name


def _lines(plan: Plan, table: Table) -> Iterator[str]:
    named, apart = plan.dialect.named, list[str]()
    for column in table.columns:
        parts = [named(column.name), type_of(plan, column), *constraints(plan, table, column)]
        if column.target and (not column.deferred or not plan.dialect.late):
            refers = _references(plan, column)
            if plan.dialect.apart:
                apart.append(f"FOREIGN KEY ({named(column.name)}) {refers}")
            else:
                parts.append(refers)
        yield " ".join(parts)
    if len(table.key) > 1:
        yield f"PRIMARY KEY ({', '.join(named(column.name) for column in table.key)})"
    yield from apart


def _references(plan: Plan, column: Column) -> str:
    target = next(table for table in plan.tables if table.name == column.target)
    named = plan.dialect.named
    on_delete = plan.dialect.refuses if column.on_delete == "RESTRICT" else column.on_delete
    return f"REFERENCES {named(_held(plan, target))} ({named(target.key[0].name)}) ON DELETE {on_delete}"


def _late(plan: Plan, table: Table, column: Column) -> str:
    name = f"{table.name}_{column.name}_fkey"[:60]
    named = plan.dialect.named
    return f"ALTER TABLE {named(table.name)} ADD CONSTRAINT {name}\n    FOREIGN KEY ({named(column.name)}) {_references(plan, column)};"


def _serves(plan: Plan, table: Table, column: Column) -> tuple[str, tuple[str, ...]]:
    """What an index on ``column`` is for, and the passages that ask for it; empty when nothing does."""
    for operation in plan.serving(table):
        for parameter in operation.parameters:
            if parameter.place != "query" or operation.method != "GET":
                continue
            name = parameter.name.lower()
            if name == column.field.lower() or (name in ("sort", "order", "sort_by") and column.name == "created_at"):
                verb = (
                    f"in the order of {column.name}"
                    if name != column.field.lower()
                    else f"filtered by {parameter.name}"
                )
                return f"{operation.method} {operation.path} {verb}", operation.sources
    if column.target:
        return f"{table.name} of one row of {column.target}, and the check when that row is deleted", column.sources
    return "", ()
