"""What queries name that the DDL of the same document does not create. Where it is not certain, nothing is said."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import Scope, traverse_scope

from .agree import PLATFORM, Fault
from .made import Made
from .model import Model, Read
from .script import TSQL

QUERIES = "queries_what_its_sql_creates"
_PSEUDO = frozenset({"ctid", "xmin", "xmax", "tableoid", "rowid", "oid", "excluded", "new", "old", "inserted", "deleted", "dual", "level", "rownum"})  # fmt: skip
_SYSTEM = ("pg_", "sys", "sqlite_", "information_schema")


def faults(model: Model, known: frozenset[str]) -> Iterator[Fault]:
    """What is wrong with the queries of a script that creates tables; ``known`` are tables (lower case) that are elsewhere."""
    if not any(each.columns for each in model.made):
        return
    for read in model.read:
        tree = read.tree
        try:
            if isinstance(tree, exp.Insert):
                yield from _insert(model, read, tree, known)
            elif isinstance(tree, exp.Update | exp.Delete):
                yield from _change(model, read, tree, known)
            elif isinstance(tree, exp.Query):
                yield from _query(model, read, tree, known)
        except (SqlglotError, RecursionError, AttributeError, KeyError, TypeError):
            continue


def _missing(model: Model, read: Read, table: exp.Table, known: frozenset[str]) -> Iterator[Fault]:
    if not isinstance(table.this, exp.Identifier) or table.args.get("catalog"):
        return
    schema = model.fold(table.args["db"]) if table.args.get("db") else ""
    name = table.name.lower()
    if name in known or name in _PSEUDO or name.startswith((*_SYSTEM, "@", "#")) or schema in PLATFORM or schema.startswith(_SYSTEM):  # fmt: skip
        return
    if not model.find(table) and not _locally(read, name):
        yield Fault(QUERIES, read.at(table.this), f"the query names the table {table.name!r}, which the DDL does not create", "correct the name, or create the table")  # fmt: skip


def _locally(read: Read, name: str) -> bool:
    """Whether a name is that of a CTE of the statement."""
    return read.tree is not None and any(each.alias.lower() == name for each in read.tree.find_all(exp.CTE))


def _column(read: Read, made: Made, node: exp.Expr) -> Fault:
    return Fault(QUERIES, read.at(node), f"the query names the column {node.name!r}, which the table {made.name!r} does not have", f"name one of its columns: {', '.join(list(made.columns)[:12])}")  # fmt: skip


def _insert(model: Model, read: Read, tree: exp.Insert, known: frozenset[str]) -> Iterator[Fault]:
    target = tree.this
    table = target.this if isinstance(target, exp.Schema) else target
    if not isinstance(table, exp.Table):
        return
    yield from _missing(model, read, table, known)
    made = _sure(model, table)
    names = [each for each in target.expressions if isinstance(each, exp.Identifier)] if isinstance(target, exp.Schema) else []  # fmt: skip
    for name in names:
        if made and model.fold(name) not in made.columns:
            yield _column(read, made, name)
    if isinstance(tree.expression, exp.Values) and names:
        for row in tree.expression.expressions:
            if isinstance(row, exp.Tuple) and len(row.expressions) != len(names):
                first = next((each for each in row.find_all(exp.Identifier) if "start" in each.meta), None)
                yield Fault(QUERIES, read.at(first or table.this), f"INSERT INTO {table.name} names {len(names)} columns and gives {len(row.expressions)} values", "give one value for each column")  # fmt: skip
                break
    elif isinstance(tree.expression, exp.Query):
        yield from _query(model, read, tree.expression, known)


def _change(model: Model, read: Read, tree: exp.Update | exp.Delete, known: frozenset[str]) -> Iterator[Fault]:
    table = tree.this
    if not isinstance(table, exp.Table) or (
        model.dialect == TSQL and (tree.args.get("from_") or tree.args.get("from"))
    ):
        return
    yield from _missing(model, read, table, known)
    made = _sure(model, table)
    if made is None or table.args.get("joins"):
        return
    for each in tree.expressions if isinstance(tree, exp.Update) else ():
        column = each.this if isinstance(each, exp.EQ) else None
        name = column.this if isinstance(column, exp.Column) and not column.table else None
        if isinstance(name, exp.Identifier) and model.fold(name) not in made.columns:
            yield _column(read, made, name)


def _query(model: Model, read: Read, tree: exp.Query, known: frozenset[str]) -> Iterator[Fault]:
    for scope in traverse_scope(tree):
        for table in scope.tables:
            if isinstance(table.parent, exp.From | exp.Join) and not isinstance(scope.sources.get(table.alias_or_name), Scope):  # fmt: skip
                yield from _missing(model, read, table, known)
        yield from _columns(model, read, scope)


def _columns(model: Model, read: Read, scope: Scope) -> Iterator[Fault]:
    sources = {model.fold(exp.to_identifier(name)): source for name, source in scope.sources.items()}
    alone = len(sources) == 1 and not scope.is_correlated_subquery and scope.parent is None
    aliases = {each.alias.lower() for each in scope.expression.selects if each.alias} if isinstance(scope.expression, exp.Select) else set()  # fmt: skip
    for column in scope.columns:
        name = column.this
        if not isinstance(name, exp.Identifier) or name.name.lower() in _PSEUDO or column.args.get("db"):
            continue
        source = sources.get(column.table.lower()) if column.table else next(iter(sources.values())) if alone else None
        made = _sure(model, source) if isinstance(source, exp.Table) else None
        if made is None or model.fold(name) in made.columns:
            continue
        if not column.table and (name.name.lower() in aliases or name.name.lower() in sources or not _word(read, name)):
            continue
        yield _column(read, made, name)


def _word(read: Read, name: exp.Identifier) -> bool:
    """Whether an unqualified name is one: not a keyword sqlglot took for a column, not a value in double quotes."""
    return "start" in name.meta and name.name.lower() not in {"current_date", "current_timestamp", "current_user", "session_user", "localtimestamp", "user", "default", "value"} and not name.args.get("quoted")  # fmt: skip


def _sure(model: Model, table: exp.Table) -> Made | None:
    """The one table a name means, when all its columns are known."""
    found = model.find(table) if isinstance(table.this, exp.Identifier) else []
    return found[0] if len(found) == 1 and found[0].complete and found[0].columns else None
