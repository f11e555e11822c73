"""Headings: in steps of one level, numbered in sequence, none twice, none without anything under it, as the contents list them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ...document import Document
from ..about import About
from ..wrong import Wrong, Wrongs
from .read import Anchored, headings, item, prose

_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2})+|\d{1,2}(?=[.)]))[.)]?\s+(?=\S)")
_CONTENTS = re.compile(
    r"(?:table of )?contents|toc|index|in this document|on this page|inhaltsverzeichnis|inhalt", re.IGNORECASE
)
_ENTRY = re.compile(r"\s*(?:(?:[-*+]|(\d{1,3})[.)])[ \t]+)(?:(\d[\d.]*)[ \t]+)?\[([^\[\]]+)\]\(#([^()\s]+)\)\s*$")
_FEWEST = 3
"""So many links to headings make a table of contents, so many numbers a numbered document."""
MOSTLY = 0.7
"""The part of the sections below it that a list has to name to be a table of contents."""


class _Entry(NamedTuple):
    """A line of the contents: its ``line``, the ``number`` before it, its ``text``, the ``anchor`` it leads to."""

    line: int
    number: str
    text: str
    anchor: str


def has_something_under_each_heading(document: Document, about: About) -> Wrongs:
    """Write something under every heading."""
    found = headings(document)
    lines = prose(document, True)
    code = {fence.line for fence in document.fences}
    promised = {section.casefold() for section in about.sections} if about.plan else set()
    for at, each in enumerate(found):
        after = found[at + 1] if at + 1 < len(found) else None
        last = after.heading.line - 1 if after else len(lines)
        if after and after.heading.level > each.heading.level or each.heading.text.casefold() in promised:
            continue
        first = each.heading.line + (1 if re.fullmatch(r"\s*(=+|-+)\s*", document.line(each.heading.line + 1)) else 0)
        if code.isdisjoint(range(first, last + 2)) and not any(_says(line) for line in lines[first:last]):
            yield Wrong(
                each.heading.line, f"there is nothing under the heading {each.text[:80]!r}",
                "write it, say why there is nothing to say, or take the heading out", 1, severity="warning",
            )  # fmt: skip


def _says(line: str) -> bool:
    return bool(line.strip()) and not re.fullmatch(r"\s*(?:(?:[-*_]\s*){3,}|<a [^<>]*>\s*(?:</a>)?)\s*", line)


def nests_its_headings(document: Document, about: About) -> Wrongs:
    """Go down one heading level at a time, and give no two headings of one section the same words."""
    above: list[Anchored] = []
    seen: dict[tuple[str, ...], int] = {}
    for each in headings(document):
        level = each.heading.level
        if above and level > above[-1].heading.level + 1:
            yield Wrong(
                each.heading.line, f"this heading has level {level} under one of level {above[-1].heading.level}",
                f"write {'#' * (above[-1].heading.level + 1)} {each.text[:60]}", 1, severity="warning",
            )  # fmt: skip
        above = [higher for higher in above if higher.heading.level < level]
        path = (*(higher.anchor for higher in above), str(level), " ".join(each.text.casefold().split()))
        if path in seen and each.text:
            yield Wrong(
                each.heading.line, f"the heading {each.text[:80]!r} is on line {seen[path]} already",
                "give each its own words, or make them one section", 1, severity="warning",
            )  # fmt: skip
        seen.setdefault(path, each.heading.line)
        above.append(each)


def numbers_its_headings(document: Document, about: About) -> Wrongs:
    """Number headings in sequence where you number them, and have a table of contents list them as they are."""
    yield from _sequence(headings(document))
    entries = _contents(document)
    if len(entries) >= _FEWEST:
        yield from _listed(document, entries)


def _sequence(found: Sequence[Anchored]) -> Wrongs:
    """Numbers that skip, repeat or stand on the wrong level; only where a whole level is numbered from 1 or 0 on."""
    numbers = [
        (each, tuple(map(int, said.group(1).split("."))) if (said := _NUMBERED.match(each.text)) else ())
        for each in found
    ]
    tops = [each.heading.level for each, number in numbers if number]
    top = min(tops, default=0)
    first = [number for each, number in numbers if each.heading.level == top and number]
    if len(first) < _FEWEST or any(len(number) != 1 for number in first) or first[0][0] > 1:
        return
    last: tuple[int, ...] = ()
    for each, number in numbers:
        depth = each.heading.level - top + 1
        if not number:
            last = last[: depth - 1] if depth > 1 else last
            continue
        if len(number) != depth:
            continue
        wanted = (*last[: depth - 1], last[depth - 1] + 1) if len(last) >= depth else (*last, 1)
        if last and len(wanted) == depth and number != wanted and not (number[-1] == 0 and number[:-1] == wanted[:-1]):
            shown = ".".join(map(str, wanted))
            yield Wrong(
                each.heading.line, f"this heading is numbered {'.'.join(map(str, number))}, the one before it makes it {shown}",
                f"number it {shown}", 1, severity="warning",
            )  # fmt: skip
        last = number


def _contents(document: Document) -> list[_Entry]:
    """The lines of the table of contents: the first list that holds nothing but links to headings."""
    found: list[_Entry] = []
    counts: Counter[str] = Counter()
    for number, line in enumerate(prose(document), start=1):
        if not line.strip():
            continue
        said = _ENTRY.match(line)
        if said is None:
            if len(found) >= _FEWEST:
                break
            found, counts = [], Counter()
            continue
        indent = " " * (len(line) - len(line.lstrip()))
        counts[indent] += 1
        text = document.line(number)[said.start(3) : said.end(3)]
        own = said.group(2) or (_NUMBERED.match(text).group(1) if _NUMBERED.match(text) else "")  # type: ignore[union-attr]
        found.append(_Entry(number, own or (said.group(1) if not indent else "") or "", text, said.group(4)))
    return found if len(found) >= _FEWEST else []


def _listed(document: Document, entries: Sequence[_Entry]) -> Wrongs:
    """What the contents say against the headings below them; where a link leads nowhere is another rule's."""
    below = [each for each in headings(document) if each.heading.line > entries[-1].line]
    places = {each.anchor: at for at, each in enumerate(below)}
    known = [(entry, places[entry.anchor]) for entry in entries if entry.anchor in places]
    if len(known) < _FEWEST:
        return
    full = min(below[at].heading.level for _, at in known)  # deeper ones are often listed for some sections only
    wanted = {at for at, each in enumerate(below) if each.heading.level == full and not _CONTENTS.fullmatch(each.text)}
    named = {at for _, at in known}
    if len(named & wanted) < MOSTLY * len(wanted):
        return  # a list of some links, no table of contents
    yield from _differing(known, below)
    for at in sorted(wanted - named):
        each = below[at]
        yield Wrong(
            entries[-1].line, f"the contents do not list {each.text[:60]!r} of line {each.heading.line}",
            f"add - [{each.text[:60]}](#{each.anchor})", 1, severity="warning",
        )  # fmt: skip


def _differing(known: Sequence[tuple[_Entry, int]], below: Sequence[Anchored]) -> Wrongs:
    """Entries with another number, other words or another place than their heading."""
    last = -1
    for entry, at in known:
        heading = below[at]
        number = _NUMBERED.match(heading.text)
        if number and entry.number and number.group(1) != entry.number.rstrip("."):
            yield _differs(
                entry, f"the contents number {heading.text[:60]!r} {entry.number}", f"number it {number.group(1)}"
            )
        elif _plain(entry.text) not in _plain(heading.text) and _plain(heading.text) not in _plain(entry.text):
            yield _differs(
                entry, f"the contents say {entry.text[:60]!r} for {heading.text[:60]!r}", f"write {heading.text[:60]}"
            )
        if at < last:
            yield _differs(
                entry,
                f"the contents list {heading.text[:60]!r} after a heading it comes before",
                "list them in their order",
            )
        last = max(last, at)


def _differs(entry: _Entry, message: str, hint: str) -> Wrong:
    return Wrong(entry.line, message, hint, 1, severity="warning")


def _plain(text: str) -> str:
    """Words alone, without number and signs."""
    return re.sub(r"[\W_]", "", _NUMBERED.sub("", item(text)).casefold())
