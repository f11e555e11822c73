"""The tables the architecture keeps beside the entities so that the service can be run, for the data model that follows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ....document import Document
from ..plan import Plan
from ..schema import Column, Table
from .contract import ARCHITECTURE

_ENTITY = re.compile(
    r'(?m)^[ \t]{0,12}"?(\w{1,63})"?[ \t]{0,4}\{[ \t]*\n((?:[ \t]{0,16}\w[^\n{}]{0,200}\n){1,200})[ \t]{0,12}\}'
)
"""An entity of an ER diagram with its attributes (https://mermaid.js.org/syntax/entityRelationshipDiagram.html)."""
_ATTRIBUTE = re.compile(r"\s*([\w-]{1,40})\s+(\w{1,63})((?:\s+|,\s*)(?:PK|FK|UK)\b)*")
_TYPES = {
    "uuid": "uuid", "string": "string", "text": "text", "integer": "integer", "int": "integer", "bigint": "integer", "number": "number", "json": "json",
    "jsonb": "json", "boolean": "boolean", "date": "date", "date_time": "date-time", "datetime": "date-time", "timestamp": "date-time", "timestamptz": "date-time",
}  # fmt: skip
MEANING = "kept so that the service can be run, as integration-architecture.md has it"


def kept_beside(plan: Plan, documents: Iterable[Document]) -> tuple[Table, ...]:
    """The tables the architecture draws and ``plan`` has not: those without a foreign key, since what refers to an entity is an entity too."""
    document = next((each for each in documents if each.name.rpartition("/")[2] == ARCHITECTURE), None)
    drawn = "\n".join(each.text for each in document.fences if each.lang == "mermaid" and "erDiagram" in each.text[:200]) if document else ""  # fmt: skip
    known = {each.name for each in plan.tables}
    found: dict[str, Table] = {}
    for name, inside in _ENTITY.findall(drawn):
        columns = tuple(_columns(inside))
        if name not in known and columns and not re.search(r"\bFK\b", inside):
            found.setdefault(name, Table(name, "", MEANING, columns, (), True))
    return tuple(found.values())


def _columns(inside: str) -> Iterator[Column]:
    for line in inside.splitlines():
        said = _ATTRIBUTE.match(line)
        if said:
            kind, key = _TYPES.get(said[1].lower(), "string"), bool(re.search(r"\bPK\b", line))
            made = key and kind == "uuid"
            needed = key or not re.search(
                r"(?i)^(?:sent|answered|deleted|done|failed)_at$|^(?:answer|status|changed)$", said[2]
            )
            yield Column(said[2], said[2], "key" if made else kind, "", required=needed, primary=key, generated=made, example="")  # fmt: skip
