"""What the linter found, for people: as a compiler says it, with the line and a mark under the place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from ..checks import shown as source_of
from ..document import Document, Finding
from ..view import visible
from .lint import Linted

WIDEST = 120
"""How much of a line is shown around the place, in columns."""
_INDENT = "    "


def lines(linted: Linted, quiet: bool = False) -> Iterator[str]:
    """What is printed, line by line.

    Args:
        linted: what was found.
        quiet: leave warnings away.
    """
    for each in linted.checked:
        told = [finding for finding in each.findings if not quiet or finding.severity == "error"]
        shown = (0, 0)
        for finding in told:
            yield from _told(each.document, finding, (finding.line, finding.column) != shown)
            shown = finding.line, finding.column
        if told:
            yield ""
    yield summary(linted)
    for (kind, why), number in linted.unchecked.items():
        yield f"not checked: {kind} ({number}): {why}"


def summary(linted: Linted) -> str:
    """One line: how much was looked at, how much of it was checked, how much is wrong."""
    looked = linted.looked
    checked = sum(bool(each.tool) for each in looked)
    left = f", {len(looked) - checked} not checked" if checked < len(looked) else ""
    seen = f"{_many(len(linted.checked), 'document')}, {_many(len(looked), 'artefact')}"
    wrong = f"{_many(linted.count('error'), 'error')}, {_many(linted.count('warning'), 'warning')}"
    return f"{seen}: {checked} checked{left}; {wrong}"


def _told(document: Document, finding: Finding, excerpted: bool) -> Iterator[str]:
    place = _line(finding.place)
    yield f"{place}: {finding.severity}: {_line(finding.message)} [{finding.rule}, {finding.tool}]"
    if excerpted and (source := source_of(document, finding)):
        yield from excerpt(source, finding.column)
    if finding.hint:
        yield f"  fix: {_line(finding.hint)}"


def excerpt(source: str, column: int) -> Iterator[str]:
    """A line of a document as it is shown, cut around ``column`` (from 1; 0: its beginning), and a mark under it."""
    at = min(max(column - 1, 0), len(source))
    shown = [_character(each) for each in source[max(0, at - WIDEST) : at + WIDEST]]
    before, after = shown[: min(at, WIDEST)], shown[min(at, WIDEST) :]
    cut_after = len(source) > at + WIDEST
    cut_before = at > WIDEST
    room = WIDEST - min(_width("".join(before)), WIDEST // 2)
    while len(after) > 1 and _width("".join(after)) > room:
        after.pop()
        cut_after = True
    while before and _width("".join(before)) > WIDEST - _width("".join(after)):
        before.pop(0)
        cut_before = True
    head = ("…" if cut_before else "") + "".join(before)
    line = head + "".join(after) + ("…" if cut_after else "")
    yield f"{_INDENT}{line.rstrip()}"
    if column:
        yield f"{_INDENT}{' ' * _width(head)}^"


def _character(character: str) -> str:
    return "    " if character == "\t" else visible(character)


def _width(text: str) -> int:
    """How many columns of a terminal ``text`` takes."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )


def _line(text: str) -> str:
    """``text`` on one line, with nothing hidden in it."""
    return visible(" ".join(text.split()))


def _many(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
