"""What a document names: operations, tables, columns, roles, values, limits; from its parsed artefacts and its tables, not from its prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ... import diagram
from ...document import Document, Heading, Table
from ..artefact import of_kind
from . import words

METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"
_OPERATION = re.compile(rf"`?({METHODS})`?\s+`?(/[^\s`|]*)`?")
_CITED = re.compile(rf"^\s*({METHODS})\s+(/\S*)\s*$")
_LIMITS = ("limit", "value", "maximum", "quota", "threshold", "timeout", "target", "retention")
"""Columns that hold how much of something is allowed."""


@dataclass(frozen=True)
class Named:
    """A name in a document: its ``text``, the ``line`` it stands on, and what it is ``of`` (a method, a table), if anything."""

    text: str
    line: int
    of: str = ""


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
    for line, text in _messages(document):
        if said := _CITED.match(text):
            found.append(Named(said[2], line, said[1]))
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
    """Columns its ER diagrams and table cards name; ``of`` is the entity."""
    found: list[Named] = []
    for artefact in of_kind(document, "mermaid"):
        for name, drawn in diagram.facts(artefact.text).get("entities", {}).items():
            for each in drawn.get("attributes", ()):
                line = each.get("line") or drawn.get("line") or 1
                found.append(Named(each["name"], artefact.line + line - 1, name))
    cards = {heading.text: heading.line for heading in _cards(document)}
    for table in document.tables:
        at = column(table, "Column")
        if at is not None and table.section in cards and cards[table.section] < table.line:
            found += [
                Named(words.word(row[at]), line, table.section)
                for line, row in rows(table)
                if re.fullmatch(r"`?\w+`?", row[at].strip())
            ]
    return tuple(found)


@lru_cache(maxsize=256)
def roles(document: Document) -> tuple[Named, ...]:
    """The roles its tables name in a column called *Role*; ``of`` is the section."""
    found = []
    for table in document.tables:
        if (at := column(table, "Role")) is not None:
            found += [Named(said, line, table.section) for line, row in rows(table) if (said := words.word(row[at]))]
    return tuple(found)


@lru_cache(maxsize=256)
def limits(document: Document) -> tuple[tuple[Named, tuple[float, str]], ...]:
    """What its tables limit, with how much: the first cell of a row that has one quantity under a column like *Limit* or *Value*."""
    found = []
    for table in document.tables:
        at = next((at for at, cell in enumerate(table.header) if at and words.word(cell).casefold() in _LIMITS), None)
        if at is None:
            continue
        for line, row in rows(table):
            said = words.quantity(row[at])
            if said and said[1] and (name := words.word(row[0])):
                found.append((Named(name, line), said))
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


def _messages(document: Document) -> Iterator[tuple[int, str]]:
    for artefact in of_kind(document, "mermaid"):
        for message in diagram.facts(artefact.text).get("messages", ()):
            yield artefact.line + max(1, message.get("line") or 1) - 1, str(message.get("text", ""))


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
