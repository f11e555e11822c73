"""Tables of contents: where they are in a document, and what they would be if they followed its headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ..checks.markdown.read import Anchored, headings, prose
from ..document import Document

_ENTRY = re.compile(r"(\s*)([-*+]|\d{1,3}[.)])([ \t]+)\[([^\[\]]*)\]\(#([^()\s]*)\)\s*$")
_FEWEST = 3
"""So many links to headings one below the other are a table of contents."""
_STEP = "  "


@dataclass(frozen=True)
class Listed:
    """A table of contents: its first ``line``, from 1, and its ``lines``."""

    line: int
    lines: tuple[str, ...]


def tables(document: Document) -> Iterator[Listed]:
    """The lists of ``document`` that hold nothing but links to its headings, without empty lines between them."""
    first, lines = 0, list[str]()
    for number, line in enumerate((*prose(document), ""), start=1):
        if _ENTRY.match(line):
            first = first or number
            lines.append(document.line(number))
        else:
            if len(lines) >= _FEWEST:
                yield Listed(first, tuple(lines))
            first, lines = 0, []


def written(document: Document, listed: Listed) -> tuple[str, ...]:
    """The lines of a table of contents as they follow the headings below it.

    It goes as deep as it did: a level is listed whole when at least half of it was, else only what was listed.
    """
    entries = [found for line in listed.lines if (found := _ENTRY.match(line))]
    below = [each for each in headings(document) if each.heading.line > listed.line and each.text]
    named = {entry.group(5) for entry in entries}
    there = Counter(each.heading.level for each in below)
    known = Counter(each.heading.level for each in below if each.anchor in named)
    if not below or not known:
        return listed.lines
    top = min(known)
    whole = {level for level in there if level == top or (level > top and known[level] * 2 >= there[level])}
    kept = [each for each in below if each.heading.level in whole or each.anchor in named]
    return tuple(_entries(kept, top, entries))


def _entries(kept: list[Anchored], top: int, before: list[re.Match[str]]) -> Iterator[str]:
    """The lines, marked and set in as they were before."""
    marks: dict[int, str] = {}
    indents = sorted({len(entry.group(1)) for entry in before})
    for entry in before:
        marks.setdefault(indents.index(len(entry.group(1))), entry.group(2))
    said = {entry.group(5): entry.group(4) for entry in before}
    base = before[0].group(1)
    step = " " * (indents[1] - indents[0]) if len(indents) > 1 else _STEP
    counts: Counter[int] = Counter()
    for each in kept:
        depth = each.heading.level - top
        counts[depth] += 1
        for deeper in [at for at in counts if at > depth]:
            del counts[deeper]
        mark = marks.get(depth, marks.get(0, "-"))
        if mark[0].isdigit():
            mark = f"{counts[depth]}{mark[-1]}"
        text = said.get(each.anchor, "")
        text = text if _plain(text) == _plain(each.text) else re.sub(r"([\[\]])", r"\\\1", each.text)
        yield f"{base}{step * depth}{mark} [{text}](#{each.anchor})"


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())
