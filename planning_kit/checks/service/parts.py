"""What stands in a section: its tables by their columns, its ordered steps, its first mention of something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...document import Document, Fence
from ..agreement.named import column, rows
from ..agreement.words import word
from ..specified.known import between, tables, under

NONE = "none yet"
"""How evidence says that a document holds nothing of a kind."""
LONGEST = 2_000
"""So many characters of a cell or line are read."""
_EMPTY = re.compile(r"(?i)(?:[-–—.?\s]*|n/?a|none|nothing|unknown)\.?")
_STEP = re.compile(r"\s{0,12}(?:#{3,6}\s+)?(?:\*\*)?(?:\d{1,3}[.)]|(?i:step)\s\d{1,3}\b[.):]?)\s{0,3}\S")


@dataclass(frozen=True)
class Row:
    """A row of a table: its ``line``, its ``cells`` by the column's name in lower case, without marks and citations."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        """The cell in the column ``name``; empty if there is none."""
        return self.cells.get(name.casefold(), "")

    @property
    def text(self) -> str:
        """All of its cells."""
        return " | ".join(self.cells.values())

    @property
    def first(self) -> str:
        """Its first cell."""
        return next(iter(self.cells.values()), "")


def listed(document: Document, title: str, *columns: str) -> list[Row]:
    """The rows of the tables in the section ``title`` that have these columns, what stands below it included."""
    found = []
    for table in tables(document, under(document, title)):
        if all(column(table, each) is not None for each in columns):
            names = [word(cell).casefold() for cell in table.header]
            found += [
                Row(line, dict(zip(names, map(bare, row), strict=False))) for line, row in rows(table) if any(row)
            ]
    return found


def bare(cell: str) -> str:
    """A cell's words without marks and citations; what stands in parentheses stays, but that it is assumed."""
    said = re.sub(r"\[[A-Z]\d{1,4}\]|\(assumed\)|[`*]", "", cell[:LONGEST])
    return " ".join(said.split())


def is_empty(cell: str) -> bool:
    """Whether a cell says nothing."""
    return bool(_EMPTY.fullmatch(cell.strip()))


def place(document: Document, title: str) -> int:
    """The line of the section ``title``; 0 if there is none."""
    return under(document, title)[0]


def lines(document: Document, *titles: str) -> Iterator[tuple[int, str]]:
    """The lines of these sections with their numbers, the beginnings of long ones."""
    for title in titles:
        first, last = under(document, title)
        for number in range(first + 1, last + 1) if first else ():
            yield number, document.line(number)[:LONGEST]


def mention(document: Document, looks: re.Pattern[str], *titles: str) -> int:
    """The first line of these sections in which ``looks`` is found; 0 if there is none."""
    return next((number for number, line in lines(document, *titles) if looks.search(line)), 0)


def steps(document: Document, title: str) -> list[tuple[int, str]]:
    """The numbered steps of a section, as a list or as the rows of a table, with their lines."""
    found = [(number, line) for number, line in lines(document, title) if _STEP.match(line)]
    inside = [table for table in tables(document, under(document, title)) if len(table.header) > 1]
    return found or [(line, " | ".join(row)) for table in inside for line, row in rows(table)]


def fences(document: Document, title: str, languages: Iterable[str]) -> tuple[Fence, ...]:
    """The fenced blocks of a section that are in one of ``languages``."""
    wanted = set(languages)
    return tuple(each for each in between(document.fences, under(document, title)) if each.lang in wanted)
