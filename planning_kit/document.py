"""What is handed in (Document), what is wrong with it (Finding), and its headings, fences and tables by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from . import digest


@dataclass(frozen=True)
class Finding:
    """Something wrong in a document.

    Attributes:
        document: its name under ``documents/``.
        line: line in the document, from 1; 0 when it is about the whole.
        rule: the check's name.
        tool: what found it, with its version.
        severity: ``error`` (the clean policy does not let it through) or ``warning``.
        message: one sentence for the author.
        column: column in that line, from 1; 0 when it is about the line.
        hint: what mends it, as an order; may be empty.
    """

    document: str
    line: int
    rule: str
    tool: str
    severity: str
    message: str
    column: int = 0
    hint: str = ""

    @property
    def place(self) -> str:
        """Document, line and column, as far as they are known, as editors read it."""
        return ":".join(str(part) for part in (self.document, self.line, self.column) if part)

    def __str__(self) -> str:
        mends = f"; {self.hint}" if self.hint else ""
        return f"{self.place}: {self.severity}: {self.message}{mends} [{self.rule}, {self.tool}]"


@dataclass(frozen=True)
class Heading:
    """A heading: ``level`` 1–6, its plain ``text``, its ``line`` from 1."""

    level: int
    text: str
    line: int


@dataclass(frozen=True)
class Fence:
    """A fenced block: its first info word ``lang``, its ``text``, the document's ``line`` (from 1) its text starts on, its whole ``info``."""

    lang: str
    text: str
    line: int
    info: str = ""


@dataclass(frozen=True)
class Table:
    """A table: ``header`` cells, ``rows`` of cells, its first ``line`` from 1, the ``section`` it stands in."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    line: int
    section: str


@dataclass(frozen=True)
class Document:
    """A markdown document: its ``name`` (path under ``documents/``) and its exact ``text``."""

    name: str
    text: str

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the exact text: what an approval names."""
        return digest.of_text(self.text)

    @cached_property
    def title(self) -> str:
        """The text of the first heading, or the name."""
        return self.headings[0].text if self.headings else self.name

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Every heading outside fences, in order."""
        return _parts(self.text).headings

    @property
    def fences(self) -> tuple[Fence, ...]:
        """Every fenced block, in order."""
        return _parts(self.text).fences

    @property
    def tables(self) -> tuple[Table, ...]:
        """Every table, in order."""
        return _parts(self.text).tables

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Its lines, without their ends."""
        return tuple(self.text.split("\n"))

    def line(self, number: int) -> str:
        """The line with this number, from 1; empty if there is none."""
        return self.lines[number - 1] if 1 <= number <= len(self.lines) else ""

    def section(self, title: str) -> str:
        """The text under the first heading called ``title`` (case does not count), without the heading; empty if there is none."""
        lines = self.text.split("\n")
        for at, heading in enumerate(self.headings):
            if heading.text.casefold() == title.casefold():
                after = [h.line for h in self.headings[at + 1 :] if h.level <= heading.level]
                return "\n".join(lines[heading.line : (after[0] - 1 if after else len(lines))]).strip()
        return ""

    @property
    def key_decisions(self) -> str:
        """What stands under *Key decisions*, on one line, without marks."""
        lines = (re.sub(r"^\s*(?:[-*+]|\d+\.)\s+", "", line) for line in self.section("Key decisions").splitlines())
        return _words(" ".join(line.strip() for line in lines if line.strip()))


@dataclass(frozen=True)
class _Parts:
    """What a text consists of, block by block."""

    headings: tuple[Heading, ...]
    fences: tuple[Fence, ...]
    tables: tuple[Table, ...]


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark").enable("table").disable("inline")


@lru_cache(maxsize=512)
def _parts(text: str) -> _Parts:
    """The parts of ``text``; they are looked at far more often than texts change, and a full plan has a hundred of them."""
    tokens = _reader().parse(text)
    headings = tuple(
        Heading(int(token.tag[1]), _words(tokens[at + 1].content), token.map[0] + 1)
        for at, token in enumerate(tokens)
        if token.type == "heading_open" and token.map
    )
    fences = tuple(
        Fence(_language(token.info), token.content, token.map[0] + 2, token.info.strip())
        for token in tokens
        if token.type == "fence" and token.map
    )
    return _Parts(headings, fences, tuple(_tables(tokens)))


def _tables(tokens: Sequence[Token]) -> Iterator[Table]:
    rows: list[tuple[str, ...]] = []
    cells: list[str] = []
    section, start = "", 0
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            section = _words(tokens[at + 1].content)
        elif token.type == "table_open":
            rows, start = [], (token.map or [0])[0] + 1
        elif token.type == "tr_open":
            cells = []
        elif token.type in ("th_open", "td_open"):
            cells.append(tokens[at + 1].content.strip())
        elif token.type == "tr_close":
            rows.append(tuple(cells))
        elif token.type == "table_close":
            yield Table(rows[0], tuple(rows[1:]), start, section)


def _language(info: str) -> str:
    """The language an info string begins with: ``sql`` of ``sql title="a.sql"``, ``{.sql}`` or ``sql{1,3}``."""
    return re.split(r"[{\s,:=]", info.strip().lstrip("{.").lower(), maxsplit=1)[0].rstrip("}")


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"(\*\*|__|`)", "", text)).strip()
