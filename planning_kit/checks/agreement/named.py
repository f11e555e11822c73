"""What a document names: operations, tables, columns, roles, values, limits; from its parsed artefacts and its tables, not from its prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ... import diagram
from ...document import Document, Heading, Table
from ...ids import METHODS as METHODS
from ..artefact import of_kind
from . import words

_OPERATION = re.compile(rf"`?({METHODS})`?\s+`?(/[^\s`|]*)`?")
_CITED = re.compile(rf"^\s*({METHODS})\s+(/\S*)\s*$")
_LIMITS = ("limit", "value", "maximum", "quota", "threshold", "timeout", "target", "retention")
"""Columns that hold how much of something is allowed."""
_ANY_LIMIT = frozenset({"limit", "value", "maximum", "quota"})
"""Those that may hold one and the same; a target is no threshold."""
_GIVES_WORTH = re.compile(r"(?i)\b(?:max(?:imum)?|min(?:imum)?|limit|size|retries|attempts|count)\b")
"""What a limit is called that needs no unit."""
_SHARED = re.compile(
    r"(?i)environments?|env|stages?|regions?|tiers?|plans?|services?|components?|roles?|resources?|operations?|modules?|jobs?"
)
"""First columns whose words say where something holds, not what: a row is named by them within its section only."""
_MACHINE = re.compile(r"(?i)\b(?:systems?|services?|api|gateway|server|database|timer|scheduler|provider|external)\b")
"""What acts and is nobody."""
_PEOPLE = ("Person", "Who", "Name", "Owner", "Contact", "Team", "Email", "FTE", "Headcount", "Staffing")
"""Columns beside which a role is somebody's work."""


@dataclass(frozen=True)
class Named:
    """A name in a document.

    Attributes:
        text: the name.
        line: the line it stands on.
        of: what it is of (a method, a table), if anything.
        to: who is asked, in a sequence diagram.
    """

    text: str
    line: int
    of: str = ""
    to: str = ""


def rows(table: Table) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a table with their lines; each has as many cells as the header."""
    for number, row in enumerate(table.rows):
        yield table.line + 2 + number, (row + ("",) * len(table.header))[: len(table.header)]


def column(table: Table, *names: str) -> int | None:
    """Where the first column called one of ``names`` is."""
    wanted = [name.casefold() for name in names]
    return next((at for at, cell in enumerate(table.header) if words.word(cell).casefold() in wanted), None)


@lru_cache(maxsize=256)
def operations(document: Document) -> tuple[Named, ...]:
    """Methods and paths its endpoint tables, other cells and sequence diagrams name; ``of`` is the method."""
    found: list[Named] = []
    for table in document.tables:
        method, path = column(table, "Method", "Verb", "HTTP method"), column(table, "Path", "Endpoint", "Route", "URL")
        for line, row in rows(table):
            if method is not None and path is not None and method != path:
                where = words.word(row[path])
                if where.startswith("/"):
                    found += [
                        Named(where, line, verb) for verb in re.findall(rf"\b(?:{METHODS})\b", row[method].upper())
                    ]
                continue
            for cell in row:
                if said := _OPERATION.fullmatch(cell.strip()):
                    found.append(Named(said[2], line, said[1]))
    for line, text, to in _messages(document):
        if said := _CITED.match(text):
            found.append(Named(said[2], line, said[1], to))
    return tuple(found)


@lru_cache(maxsize=256)
def entities(document: Document) -> tuple[Named, ...]:
    """Tables its ER diagrams and table cards name, and those of a column called *Table*."""
    found: list[Named] = []
    for artefact in of_kind(document, "mermaid"):
        facts = diagram.facts(artefact.text)
        for name, drawn in facts.get("entities", {}).items():
            found.append(Named(name, artefact.line + max(1, drawn.get("line") or 1) - 1, "ER diagram"))
    for heading in _cards(document):
        found.append(Named(heading.text, heading.line, "card"))
    for table in document.tables:
        if (at := column(table, "Table")) is not None:
            found += [
                Named(words.word(row[at]), line, "cell")
                for line, row in rows(table)
                if re.fullmatch(r"`?[\w.]+`?", row[at].strip())
            ]
    return tuple(found)


@lru_cache(maxsize=256)
def attributes(document: Document) -> tuple[Named, ...]:
    """Columns its ER diagrams, table cards and tables with a column *Table* name; ``of`` is the entity."""
    found: list[Named] = []
    for artefact in of_kind(document, "mermaid"):
        for name, drawn in diagram.facts(artefact.text).get("entities", {}).items():
            for each in drawn.get("attributes", ()):
                line = each.get("line") or drawn.get("line") or 1
                found.append(Named(each["name"], artefact.line + line - 1, name))
    cards = {heading.text: heading.line for heading in _cards(document)}
    for table in document.tables:
        at, owner = column(table, "Column"), column(table, "Table")
        carded = table.section in cards and cards[table.section] < table.line
        if at is None or not (carded or owner is not None):
            continue
        for line, row in rows(table):
            if re.fullmatch(r"`?\w+`?", row[at].strip()):
                found.append(
                    Named(words.word(row[at]), line, table.section if owner is None else words.word(row[owner]))
                )
    return tuple(found)


@lru_cache(maxsize=256)
def roles(document: Document) -> tuple[Named, ...]:
    """The roles its tables name in a column called *Role*; ``of`` is the section. Who does what work is not among them."""
    found = []
    for table in document.tables:
        if (at := column(table, "Role")) is not None and column(table, *_PEOPLE) is None:
            found += [Named(said, line, table.section) for line, row in rows(table) if (said := words.word(row[at]))]
    return tuple(found)


@lru_cache(maxsize=256)
def people(document: Document) -> tuple[Named, ...]:
    """Roles, actors and stakeholders its tables name; ``to`` is ``role`` or ``actor`` where they act, ``of`` is the section.

    Columns of who does what work are not among them, nor are systems.
    """
    found = []
    for table in document.tables:
        for title, to in (("Role", "role"), ("Actor", "actor"), ("Stakeholder", "")):
            at = column(table, title)
            if at is None or column(table, *_PEOPLE) is not None:
                continue
            kind = column(table, "Kind", "Type")
            for line, row in rows(table):
                acts = to if kind is None or not _MACHINE.search(row[kind]) else ""
                found += [Named(said, line, table.section, acts) for each in re.split(r"[,;/]", row[at][:400]) if (said := words.word(each)) and not _MACHINE.search(said)]  # fmt: skip
    return tuple(found)


@lru_cache(maxsize=256)
def limits(document: Document) -> tuple[tuple[Named, tuple[float, str]], ...]:
    """What its tables limit, with how much: the first cell of a row that has one quantity under a column like *Limit* or *Value*.

    ``of`` is what else has to be the same for two of them to be one: the kind of limit, and where it holds.
    """
    found = []
    for table in document.tables:
        first = words.word(table.header[0])
        columns = {
            at: kind for at, cell in enumerate(table.header) if at and (kind := words.word(cell).casefold()) in _LIMITS
        }
        for line, row in rows(table) if columns else ():
            at, said = next(((at, said) for at in columns if (said := words.quantity(row[at]))), (0, None))
            if said and (name := words.word(row[0])) and (said[1] or _GIVES_WORTH.search(name)):
                kind = columns[at]
                of = ("" if kind in _ANY_LIMIT else kind) + (
                    f"/{table.section}/{first}" if _SHARED.fullmatch(first) else ""
                )
                found.append((Named(name, line, of), said))
    return tuple(found)


@lru_cache(maxsize=256)
def states(document: Document) -> tuple[tuple[int, frozenset[str]], ...]:
    """The states of each of its state diagrams, with the line the diagram starts on."""
    found = []
    for artefact in of_kind(document, "mermaid"):
        facts = diagram.facts(artefact.text)
        if facts.get("type") == "stateDiagram" and (named := facts.get("states")):
            found.append((artefact.line, frozenset(words.snake(str(name)) for name in named)))
    return tuple(found)


def _messages(document: Document) -> Iterator[tuple[int, str, str]]:
    for artefact in of_kind(document, "mermaid"):
        for message in diagram.facts(artefact.text).get("messages", ()):
            line = artefact.line + max(1, message.get("line") or 1) - 1
            yield line, str(message.get("text", "")), str(message.get("to", ""))


def _cards(document: Document) -> Iterator[Heading]:
    """The headings under *Tables* that have a table with the column *Column* beneath."""
    inside, level = False, 0
    carded = {table.section for table in document.tables if column(table, "Column") is not None}
    for heading in document.headings:
        if inside and heading.level <= level:
            inside = False
        if heading.text.casefold() == "tables":
            inside, level = True, heading.level
        elif inside and heading.text in carded and re.fullmatch(r"[\w.]+", heading.text):
            yield heading
