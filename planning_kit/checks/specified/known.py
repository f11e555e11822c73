"""What is defined where: the things of a document and of those beside it, and what a statement says in words alone."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypeVar

from ... import ids
from ...document import Document, Fence, Heading, Table
from ...ids import Thing
from ..about import About

STORIES, CASES, TESTS = "US", "UC", "TS"
Placed = TypeVar("Placed", Heading, Table, Fence)
_LONGEST = 4_000
"""So many characters of a row or heading are read."""


def defined(documents: Iterable[Document], kinds: Iterable[str], prefix: str) -> dict[str, Thing]:
    """The things of these kinds by id, of the domain with this code (of any with none), without those that were withdrawn."""
    every = [each for document in documents for each in ids.things(document) if not prefix or each.code == prefix]
    dropped = {each.id for each in every if each.withdrawn}
    found: dict[str, Thing] = {}
    for each in every:
        if each.kind in kinds and each.id not in dropped:
            found.setdefault(each.id, each)
    return found


def here(document: Document, about: About, *kinds: str) -> dict[str, Thing]:
    """What ``document`` defines of these kinds."""
    return defined((document,), kinds, about.prefix)


def beside(about: About, *kinds: str) -> dict[str, Thing]:
    """What the documents beside it define of these kinds."""
    return defined(about.beside, kinds, about.prefix)


def words(document: Document, thing: Thing) -> tuple[str, ...]:
    """What a thing says, in words alone: its row or heading without ids, citations and signs."""
    said = re.sub(r"\[[^\]]{0,200}\]", " ", ids.ID.sub(" ", document.line(thing.line)[:_LONGEST]))
    return tuple(re.findall(r"\w+", said.casefold()))


def beginning(text: str, longest: int = 60) -> str:
    """The first words of ``text``, in quotes."""
    said = " ".join(text.split())
    return repr(said if len(said) <= longest else f"{said[:longest].rpartition(' ')[0] or said[:longest]} …")


def place(document: Document, title: str) -> int:
    """The line of the first heading called ``title``; 0 if there is none."""
    return next((each.line for each in document.headings if each.text.casefold() == title.casefold()), 0)


def extent(document: Document, thing: Thing) -> tuple[int, int]:
    """The first and the last line of what defines a thing: its section, or its row."""
    return thing.line, ids.extents(document).get(thing.line, thing.line)


def under(document: Document, title: str, inside: tuple[int, int] | None = None) -> tuple[int, int]:
    """The first and the last line of the first section called ``title`` between these lines; zeros if there is none."""
    first, last = inside or (1, len(document.lines))
    for heading in headings(document, (first, last)):
        if heading.text.casefold() == title.casefold():
            return heading.line, ids.extents(document)[heading.line]
    return 0, 0


def headings(document: Document, lines: tuple[int, int]) -> tuple[Heading, ...]:
    """The headings between these lines, both included."""
    return between(document.headings, lines)


def tables(document: Document, lines: tuple[int, int]) -> tuple[Table, ...]:
    """The tables that begin between these lines, both included."""
    return between(document.tables, lines)


def between(every: tuple[Placed, ...], lines: tuple[int, int]) -> tuple[Placed, ...]:
    """Those of ``every``, which are in order, that stand between these lines, both included."""
    first = bisect_left(every, lines[0], key=lambda each: each.line)
    return every[first : bisect_right(every, lines[1], key=lambda each: each.line)]


def near(wrong: str, right: Iterable[str]) -> str:
    """The nearest of ``right`` as words to add to a sentence; empty if none is near."""
    close = get_close_matches(wrong, list(right)[:500], n=1, cutoff=0.8)
    return f", perhaps {close[0]}" if close else ""


def listed(names: Iterable[str], most: int = 6) -> str:
    """``names`` in a row, the first few of them."""
    every = list(names)
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")
