"""What stands where in an implementation plan: the extent of a heading, its items, and its phases with what each waits for."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from ... import ids
from ...document import Document, Heading, Table
from ..markdown.links import links

_PHASE = re.compile(r"Phase\s{1,3}(\d{1,3})\b[\s:.–—-]{0,5}(.{0,200})", re.IGNORECASE)
_ITEM = re.compile(r"\s{0,8}(?:[-*+]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?(?=\S)")
_CLAUSE = re.compile(r"[.;]\s+")
_ONE = re.compile(r"(?i)\bphase\s{1,3}(\d{1,3})\b")
_MANY = re.compile(
    r"(?i)\bphases\s{1,3}(\d{1,3}(?:(?:\s?[,&]\s?(?:and\s)?|\s(?:and|or|to|through)\s|\s?[–-]\s?)\d{1,3}){0,40})"
)
_APART = re.compile(
    r"(?i)\b(?:no|not|none|nothing|never|nor|without|independent(?:ly)?|parallel|alongside|blocks|unblocks|enables|precedes|followed by|feeds|"
    r"(?:required|needed|awaited|used|requirement|prerequisite|input|before|until)(?: (?:by|for|in|of|to))? (?:the )?phases?|"
    r"(?:depends?|builds?|waits?|rests?|rel(?:y|ies)) (?:up)?(?:on|for) (?:this|it)\b)\b"
)
"""What says that a phase it names is no prerequisite, or may be none."""
_MOST = 200
"""So many phases are known by their names; others by their numbers alone."""
_LONGEST = 2_000
"""So many characters of a line are read."""


@dataclass(frozen=True)
class Part:
    """A heading with what stands under it: its ``text``, its ``line`` and the ``last`` one of what is below it, both from 1; ``said``, its own words."""

    text: str
    line: int
    last: int
    said: str


@dataclass(frozen=True)
class Phase:
    """A phase: its ``number`` and ``name``, the ``line`` of its heading and the ``last`` one under it, from 1, and its ``parts`` by name in lower case."""

    number: int
    name: str
    line: int
    last: int
    parts: dict[str, Part]

    @property
    def titled(self) -> str:
        """``Phase 2``."""
        return f"Phase {self.number}"

    def part(self, name: str) -> Part | None:
        """What stands under the heading called ``name`` (case does not count); nothing if there is none."""
        return self.parts.get(name.casefold())


def part(document: Document, heading: Heading) -> Part:
    """What stands under ``heading``."""
    last = ids.extents(document)[heading.line]
    return Part(heading.text, heading.line, last, "\n".join(document.lines[heading.line : last]))


def under(document: Document, title: str) -> Part | None:
    """What stands under the first heading called ``title``; nothing if there is none."""
    wanted = title.casefold()
    return next((part(document, each) for each in document.headings if each.text.casefold() == wanted), None)


def tables(document: Document, held: Part) -> Iterator[Table]:
    """The tables under a heading."""
    return (each for each in document.tables if held.line < each.line <= held.last)


def column(table: Table, name: str) -> int | None:
    """Where ``table`` has the column called ``name``."""
    return next((at for at, cell in enumerate(table.header) if plain(cell) == name.casefold()), None)


def rows(table: Table) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each row with its line."""
    return ((table.line + 2 + number, row) for number, row in enumerate(table.rows))


def plain(text: str) -> str:
    """``text`` in lower case on one line, without marks of Markdown."""
    return re.sub(r"\s+", " ", re.sub(r"[*_`\\]+", "", text)).strip().casefold()


def items(held: Part) -> Iterator[tuple[int, str]]:
    """Each item of the lists under a heading with its line and what it says, lines it goes on on included."""
    line, said = 0, ""
    for number, text in enumerate(held.said.split("\n")):
        if found := _ITEM.match(text[:_LONGEST]):
            if line:
                yield line, said
            line, said = held.line + 1 + number, text[found.end() :][:_LONGEST]
        elif line and text.strip() and not text.lstrip().startswith(("#", "|", "`")):
            said = f"{said} {text.strip()}"[:_LONGEST]
        elif line:
            yield line, said
            line = 0
    if line:
        yield line, said


@lru_cache(maxsize=64)
def phases(document: Document) -> tuple[Phase, ...]:
    """The phases of a plan: what stands under headings 'Phase 1: Name', in their order; under 'Implementation Phases' if any stands there."""
    found = []
    held = under(document, "Implementation Phases")
    every = [each for each in document.headings if _PHASE.fullmatch(each.text[:220])]
    for heading in [each for each in every if held and held.line < each.line <= held.last] or every:
        named = _PHASE.fullmatch(heading.text[:220])
        if named is None:
            continue
        last = ids.extents(document)[heading.line]
        below = [each for each in document.headings if heading.line < each.line <= last]
        parts = {each.text.casefold(): part(document, each) for each in reversed(below)}
        found.append(Phase(int(named[1]), named[2].strip(), heading.line, last, parts))
    return tuple(found)


def prerequisites(phase: Phase, among: Iterable[Phase]) -> dict[int, int]:
    """The numbers of the phases that ``phase`` names under 'Dependencies' as what it waits for, each with its line.

    A clause that may say the opposite ('Phase 4 builds on this', 'independent of Phase 2') names none.
    """
    held = phase.part("Dependencies")
    found: dict[int, int] = {}
    for number, text in enumerate(held.said.split("\n") if held else ()):
        for clause in _CLAUSE.split(text[:_LONGEST]):
            for each in named(clause, among) if not _APART.search(clause) else ():
                found.setdefault(each, (held.line if held else 0) + 1 + number)
    return found


def mentioned(phase: Phase, among: Iterable[Phase]) -> frozenset[int]:
    """The numbers of all phases that are named under its 'Dependencies', whatever is said of them."""
    held = phase.part("Dependencies")
    if held is None:
        return frozenset()
    low = f" {_spelt(held.said[:20_000])} "
    alone = (number for number, name in _names(among) if name and f" {_spelt(name)} " in low)
    return frozenset((*named(held.said, among), *alone))


def _names(among: Iterable[Phase]) -> tuple[tuple[int, str], ...]:
    """The phases that may be called by their name, as :func:`plain` writes it: not more of them than a plan has."""
    return _plainly(tuple((each.number, each.name) for each in islice(among, _MOST)))


@lru_cache(maxsize=16)
def _plainly(names: tuple[tuple[int, str], ...]) -> tuple[tuple[int, str], ...]:
    return tuple((number, plain(name)) for number, name in names)


def _spelt(text: str) -> str:
    """The words of ``text`` in lower case, one space apart."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def named(text: str, among: Iterable[Phase]) -> tuple[int, ...]:
    """The numbers of the phases ``text`` names: 'Phase 2', 'Phases 1 to 3', or the whole name of one of two words and more."""
    found = [int(each) for each in _ONE.findall(text)]
    for each in _MANY.findall(text):
        found += _counted(each)
    low = plain(text)
    found += [number for number, name in _names(among) if " " in name and name in low]
    return tuple(dict.fromkeys(found))


def _counted(said: str) -> Iterator[int]:
    """The numbers in '1, 2 and 4' and '1 to 3'."""
    pieces = re.split(r"(\s?[–-]\s?|\s(?:to|through)\s|\D{1,6})", said)
    last = None
    for at in range(0, len(pieces), 2):
        number = int(pieces[at])
        between = pieces[at - 1].strip() if at else ","
        if last is not None and between in ("–", "-", "to", "through") and number - last < 100:
            yield from range(last + 1, number)
        yield number
        last = number


def linked(document: Document, held: Part) -> Iterator[tuple[int, str]]:
    """The files that are linked under a heading, as paths on the ground of the document's name, each with its line."""
    for each in links(document):
        target = each.target.partition("#")[0].partition("?")[0]
        if held.line <= each.line <= held.last and target and ":" not in target:
            yield each.line, posixpath.normpath(posixpath.join(posixpath.dirname(document.name), target))


def research(documents: Iterable[Document]) -> tuple[str, ...]:
    """The names of those documents that are research: what stands in a folder called ``research``."""
    return tuple(posixpath.normpath(each.name) for each in documents if "/research/" in f"/{each.name}")
