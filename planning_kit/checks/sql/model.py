"""What the DDL of a script makes: tables, their columns and keys, with the place of each. Runs in the process aside.

Built with sqlglot, which reads more than a database would accept: it says what a script means, never whether it is right.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp, parse_one
from sqlglot.errors import ErrorLevel, SqlglotError

from .made import At, Made, MadeColumn, MadeKey
from .script import POSTGRES, Statement, statements, without_parameters

_MADE = re.compile(
    r"\bCREATE\s+(?:(?:OR\s+REPLACE|GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|FOREIGN|RECURSIVE|MATERIALIZED|EXTERNAL|VIRTUAL)\s+){0,4}(?:TABLE|VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r"((?:[\"`\[]?[\w$#]+[\"`\]]?\s{0,3}\.\s{0,3}){0,2}[\"`\[]?[\w$#]+[\"`\]]?)",
    re.I,
)
_CHANGED = re.compile(r"\bALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?((?:[\"`\[]?\w+[\"`\]]?\.){0,2}[\"`\[]?\w+[\"`\]]?)", re.I)  # fmt: skip


MOST_DDL, MOST_QUERIES, LONGEST = 1000, 500, 30_000
"""The most statements of a script that are read, of those that make or change something and of the others, and the longest, in characters."""


@dataclass(frozen=True)
class Read:
    """A statement and what sqlglot makes of it; nothing when it does not understand it."""

    statement: Statement
    number: int
    block: int
    tree: exp.Expr | None

    def at(self, node: exp.Expr | None) -> At:
        """Where a node is written, or the statement when that is not known."""
        start = node.meta.get("start") if node is not None else None
        return At(self.number, self.block, self.statement.start + start if start is not None else self.statement.offset)


class Model:
    """What a script makes, statement by statement."""

    def __init__(self, blocks: list[str], dialect: str) -> None:
        logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
        self.dialect = dialect
        self.made: list[Made] = []
        self.dropped: list[tuple[str, int]] = []
        self.again: list[Made] = []
        self.enums: dict[str, tuple[str, ...]] = {}
        self._named: dict[str, list[Made]] = {}
        self.read: list[Read] = []
        numbered = [(at, each) for at, text in enumerate(blocks) for each in statements(text, dialect)]
        left = {True: MOST_DDL, False: MOST_QUERIES}
        for number, (block, statement) in enumerate(numbered):
            ddl = statement.first in ("CREATE", "ALTER", "DROP")
            left[ddl] -= 1
            tree = None if statement.body or left[ddl] < 0 or len(statement.text) > LONGEST else self._tree(statement)
            read = Read(statement, number, block, tree)
            self.read.append(read)
            self._take(read)

    def fold(self, name: exp.Expr) -> str:
        """A name as the database compares it: PostgreSQL keeps the case of what is quoted, the others of nothing."""
        if self.dialect == POSTGRES:
            return str(name.this) if name.args.get("quoted") else str(name.this).lower()
        return str(name.this).casefold()

    def find(self, table: exp.Table) -> list[Made]:
        """The tables a name may mean; its schema tells only where there are several."""
        name, schema = self.fold(table.this), self.fold(table.args["db"]) if table.args.get("db") else ""
        found = self._named.get(name, [])
        return [each for each in found if each.schema == schema] or found if len(found) > 1 else found

    def _add(self, made: Made) -> None:
        self.made.append(made)
        self._named.setdefault(made.name, []).append(made)

    def _tree(self, statement: Statement) -> exp.Expr | None:
        text = without_parameters(statement.text, statement.code, self.dialect)
        try:
            tree = parse_one(text, read=self.dialect, error_level=ErrorLevel.IMMEDIATE)
        except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError):
            return None
        return None if isinstance(tree, exp.Command) else tree

    def _take(self, read: Read) -> None:
        tree = read.tree
        if isinstance(tree, exp.Create) and isinstance(tree.this, exp.Schema | exp.Table) and tree.kind == "TABLE":
            self._table(read, tree)
        elif isinstance(tree, exp.Create) and tree.kind == "TYPE":
            values = tuple(str(each.this) for each in tree.find_all(exp.Literal) if each.is_string)
            if name := tree.find(exp.Table):
                self.enums[name.name.lower()] = values
        elif isinstance(tree, exp.Create) and isinstance(tree.this, exp.Index):
            self._index(read, tree)
        elif isinstance(tree, exp.Alter) and isinstance(tree.this, exp.Table):
            for made in self.find(tree.this):
                self._altered(read, made, tree)
        elif isinstance(tree, exp.Drop) and isinstance(tree.this, exp.Table):
            self.dropped.append((self.fold(tree.this.this), read.number))
        elif not read.statement.body:
            self._unread(read)

    def _unread(self, read: Read) -> None:
        """What a statement that is not understood makes or changes, by name alone."""
        for found in _MADE.finditer(read.statement.code):
            parts = [each.strip() for each in found[1].split(".")]
            name = exp.to_identifier(parts[-1].strip('"`[]'), quoted=parts[-1][0] == '"')
            at = At(read.number, read.block, read.statement.start + found.start(1))
            self._add(Made(self.fold(name), parts[-2].strip('"`[]').lower() if parts[1:] else "", at, complete=False))
        for found in _CHANGED.finditer(read.statement.code):
            name = exp.to_identifier(found[1].split(".")[-1].strip('"`[]'), quoted=found[1].endswith('"'))
            for made in self._named.get(self.fold(name), ()):
                made.complete = False

    def _table(self, read: Read, tree: exp.Create) -> None:
        table = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        schema = self.fold(table.args["db"]) if table.args.get("db") else ""
        made = Made(self.fold(table.this), schema, read.at(table.this), " ".join(read.statement.code.split()).lower())
        properties = tree.args.get("properties")
        copied = properties and any(properties.find_all(exp.PartitionedOfProperty, exp.InheritsProperty, exp.LikeProperty))  # fmt: skip
        made.complete = isinstance(tree.this, exp.Schema) and not copied and tree.args.get("expression") is None
        for part in tree.this.expressions if isinstance(tree.this, exp.Schema) else ():
            self._part(read, made, part)
        earlier = [each for each in self._named.get(made.name, ()) if each.schema == schema]
        since = [number for name, number in self.dropped if name == made.name]
        if earlier and not any(number > earlier[-1].at.statement for number in since) and made.columns:
            self.again.append(made)
            if made.code == earlier[-1].code or not earlier[-1].columns:
                return
        if not earlier:
            self._add(made)

    def _part(self, read: Read, made: Made, part: exp.Expr) -> None:
        """One entry between the parentheses of CREATE TABLE, or one action of ALTER TABLE."""
        if isinstance(part, exp.ColumnDef) and not _named(part):
            self._column(read, made, part)
        elif isinstance(part, exp.LikeProperty):
            made.complete = False
        else:
            self._rule(read, made, part)

    def _column(self, read: Read, made: Made, part: exp.ColumnDef) -> None:
        kind = part.kind
        column = MadeColumn(self.fold(part.this), kind.sql(self.dialect).lower() if kind else "", read.at(part.this))
        if kind and kind.this in (exp.DType.ENUM, exp.DType.USERDEFINED):
            literals = tuple(str(each.this) for each in kind.find_all(exp.Literal))
            column.values = literals or self.enums.get(column.type.rpartition(".")[2].strip('"'), ())
        if column.name in made.columns and not part.args.get("exists"):
            made.twice.append(column)
        made.columns.setdefault(column.name, column)
        for constraint in part.constraints:
            rule = constraint.kind
            if isinstance(rule, exp.PrimaryKeyColumnConstraint):
                made.primary, column.nullable = (column.name,), False
                made.unique.append(frozenset({column.name}))
            elif isinstance(rule, exp.NotNullColumnConstraint):
                column.nullable = bool(rule.args.get("allow_null"))
            elif isinstance(rule, exp.UniqueColumnConstraint):
                made.unique.append(frozenset({column.name}))
            elif isinstance(rule, exp.Reference):
                self._refers(read, made, (column.name,), rule)
            elif isinstance(rule, exp.CheckColumnConstraint):
                self._checked(read, made, rule)

    def _rule(self, read: Read, made: Made, part: exp.Expr) -> None:
        """A constraint of a table, or an index within it."""
        for key in part.find_all(exp.ForeignKey):
            names = [each for each in key.expressions if isinstance(each, exp.Identifier)]
            made.named += [(each, read.at(each)) for each in names]
            if reference := key.args.get("reference"):
                self._refers(read, made, tuple(map(self.fold, names)), reference)
        for node in part.find_all(exp.PrimaryKey, exp.UniqueColumnConstraint):
            holder = node.this if isinstance(node.this, exp.Schema) else node
            self._unique(read, made, holder.expressions, isinstance(node, exp.PrimaryKey))
        if isinstance(part, exp.Constraint) and part.find(exp.PrimaryKeyColumnConstraint):
            # PRIMARY KEY CLUSTERED (a), as SQL Server says it
            ordered = [each for node in part.find_all(exp.ClusteredColumnConstraint, exp.NonClusteredColumnConstraint) for each in node.args.get("this") or ()]  # fmt: skip
            self._unique(read, made, ordered, True)
        for index in part.find_all(exp.IndexColumnConstraint):
            made.named += [(each, read.at(each)) for each in _plain(index.expressions)]
        for check in part.find_all(exp.CheckColumnConstraint):
            self._checked(read, made, check)

    def _unique(self, read: Read, made: Made, nodes: list[exp.Expr], primary: bool) -> None:
        names = list(_plain(nodes))
        made.named += [(each, read.at(each)) for each in names]
        folded = tuple(map(self.fold, names))
        if len(names) == len(nodes) and names:
            made.unique.append(frozenset(folded))
            made.primary = folded if primary else made.primary

    def _refers(self, read: Read, made: Made, columns: tuple[str, ...], reference: exp.Expr) -> None:
        target = reference.this
        table = target.this if isinstance(target, exp.Schema) else target
        targets = tuple(_plain(target.expressions)) if isinstance(target, exp.Schema) else ()
        if isinstance(table, exp.Table) and isinstance(table.this, exp.Identifier):
            made.keys.append(MadeKey(columns, table, targets, read.at(table.this)))

    def _checked(self, read: Read, made: Made, rule: exp.Expr) -> None:
        """What a CHECK names, and the values it leaves a column."""
        if not rule.find(exp.Subquery, exp.Select, exp.Dot):
            found = [
                each for each in rule.find_all(exp.Column) if not each.table and isinstance(each.this, exp.Identifier)
            ]
            made.named += [(each.this, read.at(each.this)) for each in found]
        for node in rule.find_all(exp.In, exp.EQ):
            listed = node.expressions if isinstance(node, exp.In) else _listed(node.expression)
            values = tuple(
                str(each.this) for each in listed
                if isinstance(each, exp.National) or (isinstance(each, exp.Literal) and each.is_string)
            )  # fmt: skip
            column = made.columns.get(self.fold(node.this.this)) if isinstance(node.this, exp.Column) else None
            if column and values and len(values) == len(listed):
                column.values = column.values or values

    def _index(self, read: Read, tree: exp.Create) -> None:
        index = tree.this
        table, parameters = index.args.get("table"), index.args.get("params")
        if not isinstance(table, exp.Table) or parameters is None:
            return
        names = [
            each.this
            for each in parameters.find_all(exp.Column)
            if not each.table and isinstance(each.this, exp.Identifier)
        ]
        names += [each for each in parameters.args.get("include") or () if isinstance(each, exp.Identifier)]
        for made in self.find(table):
            made.named += [(each, read.at(each)) for each in names]
            columns = parameters.args.get("columns") or []
            if tree.args.get("unique") and not parameters.args.get("where"):
                plain = list(_plain(columns))
                if len(plain) == len(columns):
                    made.unique.append(frozenset(map(self.fold, plain)))

    def _altered(self, read: Read, made: Made, tree: exp.Alter) -> None:
        for action in tree.args.get("actions") or ():
            if isinstance(action, exp.RenameColumn):
                to = action.args["to"]
                self._column(read, made, exp.ColumnDef(this=to.this))
                made.complete = False
            elif isinstance(action, exp.AlterRename):
                self._add(Made(self.fold(action.this.this), made.schema, read.at(action.this.this), complete=False))
            elif isinstance(
                action, exp.ColumnDef | exp.AddConstraint | exp.Constraint | exp.PrimaryKey | exp.ForeignKey
            ):
                self._part(read, made, action)
            elif isinstance(action, exp.Drop):
                made.complete = False
                for name in action.find_all(exp.Identifier):
                    made.columns.pop(self.fold(name), None)
            elif not isinstance(action, exp.AlterColumn):
                made.complete = False


def _named(part: exp.ColumnDef) -> bool:
    """Whether it is no column: sqlglot 30 reads ``ADD a INT, CONSTRAINT c CHECK (…)`` as a column CONSTRAINT."""
    return part.this.name.upper() == "CONSTRAINT" and not part.this.args.get("quoted")


def _plain(nodes: list[exp.Expr]) -> Iterator[exp.Identifier]:
    """The names among ``nodes`` that are columns and not expressions."""
    for node in nodes:
        inner = node
        while isinstance(inner, exp.Ordered | exp.Column | exp.WithOperator | exp.ColumnPrefix | exp.Opclass):
            inner = inner.this
        if isinstance(inner, exp.Identifier):
            yield inner


def _listed(node: exp.Expr) -> list[exp.Expr]:
    """The entries of ``ANY (ARRAY[…])``."""
    array = node.find(exp.Array) if isinstance(node, exp.Any) else None
    return list(array.expressions) if array else []
