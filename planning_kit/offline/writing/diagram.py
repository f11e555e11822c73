"""The data model as a Mermaid entity-relationship diagram."""

from __future__ import annotations

import re

from .plan import Plan
from .schema import Column, Table

_MARKS = {"pk", "fk", "uk"}


def draw(plan: Plan) -> str:
    """An ``erDiagram`` of every table, column and foreign key; the syntax is https://mermaid.js.org/syntax/entityRelationshipDiagram.html."""
    lines = ["erDiagram"]
    for table in plan.tables:
        lines += [
            f'    "{table.name}" {{',
            *(f"        {_attribute(plan, column)}" for column in table.columns),
            "    }",
        ]
    for table in plan.tables:
        lines += [f"    {_line(table, column)}" for column in table.columns if column.target]
    return "\n".join(lines)


def label(text: str) -> str:
    """``text`` as words a Mermaid label can hold."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w .,/-]", " ", text, flags=re.ASCII)).strip()[:60].strip()


def _attribute(plan: Plan, column: Column) -> str:
    kind = plan.key_type(column).replace("-", "_")
    name = f"{column.name}_" if column.name in _MARKS else column.name
    marks = [mark for mark, true in (("PK", column.primary), ("FK", column.target), ("UK", column.unique)) if true]
    return " ".join(part for part in (kind, name, ", ".join(marks)) if part)


def _line(table: Table, column: Column) -> str:
    parent = "||" if column.required else "|o"
    alone = column.unique or (column.primary and len(table.key) == 1)
    child = "o|" if alone else "o{"
    return f'"{column.target}" {parent}--{child} "{table.name}" : "{label(column.name)}"'
