"""What a script says of its own tables and does not keep: keys to nothing, names that are not there, types that differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sqlglot import exp

from .made import At, Made, MadeKey
from .model import Model
from .script import MYSQL, POSTGRES, SQLITE, TSQL

PLATFORM = frozenset({"auth", "storage", "extensions", "vault", "cron", "realtime", "graphql", "net", "pg_catalog", "information_schema", "sys", "mysql", "tempdb", "msdb", "master"})  # fmt: skip
"""Schemas that a platform or the server brings along."""
_WORDS = frozenset({"value", "current_date", "current_timestamp", "current_time", "current_user", "session_user", "user", "localtimestamp", "localtime", "true", "false", "null"})  # fmt: skip
_FAMILIES = (
    ("whole number", ("smallint", "int", "integer", "bigint", "int2", "int4", "int8", "smallserial", "serial", "bigserial", "numeric", "decimal")),
    ("text", ("text", "varchar", "char", "character varying", "bpchar", "citext", "name")),
    ("uuid", ("uuid",)),
    ("date or time", ("date", "timestamp", "timestamptz")),
    ("boolean", ("boolean", "bool")),
    ("json", ("json", "jsonb")),
)  # fmt: skip
_FAMILY = {name: family for family, names in _FAMILIES for name in names}


class Fault(NamedTuple):
    """Something wrong: which ``rule`` (a check's name), where, and the sentence and its hint."""

    rule: str
    at: At
    message: str
    hint: str = ""


REFERS = "creates_what_its_sql_refers_to"
ONCE = "creates_each_table_once"
ALIKE = "types_its_keys_alike"


def faults(model: Model, known: frozenset[str]) -> Iterator[Fault]:
    """What is wrong with the tables of ``model``; ``known`` are the tables (lower case) that are elsewhere."""
    for made in model.again:
        first = next(each for each in model.made if (each.name, each.schema) == (made.name, made.schema))
        if made.code != first.code:
            yield Fault(ONCE, made.at, f"the table {made.name!r} is created a second time, and differently", "keep one CREATE TABLE for it, and change it with ALTER TABLE")  # fmt: skip
    for made in model.made:
        for column in made.twice:
            yield Fault(ONCE, column.at, f"the column {column.name!r} is in the table {made.name!r} twice", "remove one of the two")  # fmt: skip
        for key in made.keys:
            yield from _key(model, made, key, known)
        yield from _named(model, made)
    for read in model.read:
        if isinstance(read.tree, exp.Create) and isinstance(read.tree.this, exp.Index):
            table = read.tree.this.args.get("table")
            if isinstance(table, exp.Table):
                yield from _there(model, table, read.at(table.this), known, f"the index is on the table {table.name!r}")


def outside(model: Model) -> frozenset[str]:
    """The tables, in lower case, that a script changes or drops and does not create: they are there already."""
    changed = (
        read.tree.this.name.lower()
        for read in model.read
        if isinstance(read.tree, exp.Alter | exp.Drop) and isinstance(read.tree.this, exp.Table)
    )
    return frozenset(changed) - {each.name.lower() for each in model.made}


def _there(model: Model, table: exp.Table, at: At, known: frozenset[str], says: str) -> Iterator[Fault]:
    """A fault when a table is not created, or is created further down."""
    schema = model.fold(table.args["db"]) if table.args.get("db") else ""
    if table.name.lower() in known or table.args.get("catalog") or schema in PLATFORM or table.name.startswith("#"):
        return
    found = model.find(table)
    if not found:
        near = [each.name for each in model.made if each.name.casefold() == table.name.casefold()]
        hint = (
            f'write it as it was created: "{near[0]}"' if near else f"create {table.name!r} before, or correct the name"
        )
        yield Fault(REFERS, at, f"{says}, which the document does not create", hint)
    elif model.dialect != SQLITE and all(each.at.statement > at.statement for each in found):
        yield Fault(REFERS, at, f"{says}, which is created only further down", f"move CREATE TABLE {table.name} before it, or add the constraint with ALTER TABLE at the end")  # fmt: skip


def _key(model: Model, made: Made, key: MadeKey, known: frozenset[str]) -> Iterator[Fault]:
    wrong = list(_there(model, key.table, key.at, known, f"a foreign key of {made.name!r} refers to the table {key.table.name!r}"))  # fmt: skip
    yield from wrong
    found = model.find(key.table)
    if len(found) != 1 or not found[0].complete:
        return
    target = found[0]
    names = tuple(map(model.fold, key.targets)) or target.primary
    for name, node in zip(names, key.targets, strict=False):
        if name not in target.columns:
            start = node.meta.get("start")
            at = At(key.at.statement, key.at.block, model.read[key.at.statement].statement.start + start) if start is not None else key.at  # fmt: skip
            yield Fault(REFERS, at, f"a foreign key of {made.name!r} refers to the column {node.name!r}, which the table {target.name!r} does not have", f"refer to one of its columns: {', '.join(list(target.columns)[:12])}")  # fmt: skip
            return
    if len(names) != len(key.columns):
        if names:
            yield Fault(ALIKE, key.at, f"a foreign key of {made.name!r} has {len(key.columns)} column(s) and refers to {len(names)} of {target.name!r}", f"name as many columns: ({', '.join(names)})")  # fmt: skip
        return
    yield from _kept_apart(model, made, target, key, names)


def _kept_apart(model: Model, made: Made, target: Made, key: MadeKey, names: tuple[str, ...]) -> Iterator[Fault]:
    """Whether the columns of a key and those it refers to can be compared, and are told apart by a key."""
    for mine, theirs in zip(key.columns, names, strict=True):
        one, other = made.columns.get(mine), target.columns.get(theirs)
        if one and other and _differ(one.type, other.type, model.dialect):
            yield Fault(ALIKE, one.at, f"{made.name}.{mine} is {one.type} and refers to {target.name}.{theirs}, which is {other.type}", f"give both the same type: {_referring(other.type)}")  # fmt: skip
    if model.dialect in (POSTGRES, TSQL) and frozenset(names) not in target.unique:
        listed = ", ".join(names)
        yield Fault(ALIKE, key.at, f"a foreign key of {made.name!r} refers to {target.name} ({listed}), which is neither its primary key nor unique", f"add UNIQUE ({listed}) to {target.name}, or refer to its primary key")  # fmt: skip


def _named(model: Model, made: Made) -> Iterator[Fault]:
    """Columns that keys, indexes and rules of a table name and it does not have."""
    said: set[At] = set()
    for node, at in made.named if made.complete else ():
        name = model.fold(node)
        if name in made.columns or at in said or (name in _WORDS and not node.args.get("quoted")):
            continue
        if name in (made.name, "ctid", "xmin", "tableoid", "rowid"):
            continue
        said.add(at)
        hint = f"add the column, or name one of: {', '.join(list(made.columns)[:12])}"
        if node.args.get("quoted") and model.dialect == POSTGRES:
            hint = f"write a text in single quotes, '{node.name}'; for a column {hint}"
        yield Fault(REFERS, at, f"the table {made.name!r} has no column {node.name!r}", hint)


def _differ(one: str, other: str, dialect: str) -> bool:
    """Whether a foreign key from a column of type ``one`` to ``other`` is refused."""
    if not one or not other:
        return False
    if dialect == POSTGRES:
        kinds = [_FAMILY.get(re.sub(r"\(.*", "", each).strip()) for each in (one, other)]
        return None not in kinds and kinds[0] != kinds[1]
    if dialect == MYSQL:
        whole = [_whole(each) for each in (one, other)]
        return whole[0] != whole[1] and (any(whole) or _plain(one) != _plain(other)) and not _text(one, other)
    if dialect == TSQL:
        return _plain(one) != _plain(other)
    return False


def _whole(kind: str) -> str:
    """An integer type of MySQL without its display width; empty for another type."""
    found = re.match(r"(?:u|unsigned )?(?:tiny|small|medium|big)?int(?:eger)?\b", kind)
    return f"{found[0]}{' unsigned' if 'unsigned' in kind else ''}" if found else ""


def _text(one: str, other: str) -> bool:
    return all(re.match(r"(?:var)?char|.*text|enum|set", each) for each in (one, other))


def _plain(kind: str) -> str:
    return re.sub(r"\s+", "", {"integer": "int", "numeric": "decimal"}.get(kind, kind))


def _referring(kind: str) -> str:
    return {"serial": "integer", "bigserial": "bigint", "smallserial": "smallint"}.get(kind, kind)
