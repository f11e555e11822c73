"""Two versions of a document side by side, section by section: what was added, removed, changed, renamed, moved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .alike import Step, matched, rising, script
from .document import Document

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
CONTEXT = 2
"""How many lines that stayed the same stand on each side of a change."""
UNALIGNED = "holds parts too different to be compared line by line: they stand as removed, then as added"
_META = re.compile(r"\|\s*\d+\s*\|\s*\d{4}-\d{2}-\d{2}\s*\|(.*)")


@dataclass(frozen=True)
class Change:
    """What changed in one section.

    Attributes:
        section: the headings that lead to it, the document's title left out: ``Endpoints › Errors``; empty for what stands
            before the first of them.
        kind: ``added``, ``removed`` or ``changed``.
        lines: ``" "``, ``"+"`` or ``"-"`` with a line each: what changed, and a little around it; ``…`` where something is left out.
        note: what else is to be said: that it was renamed or moved, or cannot be compared.
        line: where it begins in the newer version, in the older one when it was removed; from 1.
    """

    section: str
    kind: str
    lines: tuple[tuple[str, str], ...]
    note: str = ""
    line: int = 1

    @property
    def counted(self) -> tuple[int, int]:
        """How many lines were added, and how many removed."""
        signs = [sign for sign, _ in self.lines]
        return signs.count("+"), signs.count("-")

    @property
    def words(self) -> str:
        """In one sentence: ``section 'Endpoints' changed (+3 −1 lines)``."""
        named = f"section '{self.section}'" if self.section else "the beginning"
        if not self.lines:
            return f"{named} {self.note}"
        said = {ADDED: "is new", REMOVED: "was removed", CHANGED: "changed"}[self.kind]
        return f"{named} {said} ({counted([self])}){f'; it {self.note}' if self.note else ''}"


@dataclass(frozen=True)
class Section:
    """A part of a document up to the next heading of any level.

    Attributes:
        path: the headings that lead to it; empty for the first part, which holds the document's title.
        head: its heading's line; empty for the first part, whose title is among its lines.
        lines: what stands under it, without empty lines at both ends.
        line: where it begins, from 1.
        level: its heading's level, 1 to 6; 0 for the first part.
    """

    path: tuple[str, ...]
    head: str
    lines: tuple[str, ...]
    line: int
    level: int

    @property
    def name(self) -> str:
        """Its path, as people read it."""
        return " › ".join(self.path)

    def as_changed(self, sign: str) -> tuple[tuple[str, str], ...]:
        """The whole of it, every line with ``sign``."""
        return tuple((sign, line) for line in ([self.head] if self.head else []) + list(self.lines))


@dataclass(frozen=True)
class Compared:
    """Two versions of a document side by side: their sections, which was which (newer → older, by place), and each change
    with its place in the newer and in the older version (-1: it has none)."""

    old: tuple[Section, ...]
    new: tuple[Section, ...]
    pairs: Mapping[int, int]
    found: tuple[tuple[int, int, Change], ...]


def counted(changed: Iterable[Change]) -> str:
    """How many lines were added and removed, in words: ``+3 −1 lines``."""
    both = [change.counted for change in changed]
    added, removed = (sum(each[at] for each in both) for at in (0, 1))
    parts = [part for part, number in ((f"+{added:,}", added), (f"−{removed:,}", removed)) if number]
    return f"{' '.join(parts) or 'no'} line{'' if added + removed == 1 else 's'}"


@lru_cache(maxsize=32)
def compared(before: str, after: str) -> Compared:
    """``before`` and ``after`` side by side, see :func:`changes`."""
    old, new = sections(before), sections(after)
    pairs = matched([(each.path, each.lines) for each in old], [(each.path, each.lines) for each in new])
    if before == after:
        return Compared(old, new, pairs, ())
    notes = _notes(old, new, pairs)
    found: list[tuple[float, int, int, Change]] = []
    for at, now in enumerate(new):
        was = pairs.get(at, -1)
        if was < 0:
            found.append((at, at, -1, Change(now.name, ADDED, now.as_changed("+"), line=now.line)))
        elif change := _change(old[was], now, notes[at]):
            found.append((at, at, was, change))
    stands = {was: at for at, was in pairs.items()}
    place = -1
    for was, gone in enumerate(old):
        place = stands.get(was, place)
        if was not in stands:
            found.append((place + 0.5, -1, was, Change(gone.name, REMOVED, gone.as_changed("-"), line=gone.line)))
    return Compared(old, new, pairs, tuple((at, was, change) for _, at, was, change in sorted(found, key=_place)))


def plain(name: str, before: str, after: str) -> tuple[Change, ...]:
    """What changed in a text without headings, called ``name``."""
    was, now = (Section((name,), "", tuple(text.split("\n")), 1, 1) for text in (before, after))
    change = _change(was, now, "")
    return (change,) if change else ()


def _place(found: tuple[float, int, int, Change]) -> float:
    return found[0]


def _change(was: Section, now: Section, note: str) -> Change | None:
    """What changed in one section; nothing when nothing did."""
    steps, fine = script([_key(line) for line in was.lines], [_key(line) for line in now.lines])
    lines = _near(steps, was.lines, now.lines)
    said = "; it ".join(part for part in (note, "" if fine else UNALIGNED) if part)
    return Change(now.name, CHANGED, lines, said, now.line) if lines or said else None


def _notes(old: Sequence[Section], new: Sequence[Section], pairs: Mapping[int, int]) -> dict[int, str]:
    """What is to be said of each newer section that was there before: whether it was renamed, or stands elsewhere."""
    order = sorted(pairs)
    kept = rising([pairs[at] for at in order])
    above, before = _parents(new), _parents(old)
    notes = {}
    for place, at in enumerate(order):
        was, now = old[pairs[at]], new[at]
        if was.path[-1:] != now.path[-1:]:
            notes[at] = f"was renamed from '{was.path[-1]}'"
        elif pairs.get(above[at], -1) != before[pairs[at]]:
            notes[at] = f"stood under '{' › '.join(was.path[:-1])}'" if was.path[:-1] else "stood by itself"
        else:
            notes[at] = "" if place in kept else "was moved"
    return notes


def _parents(parts: Sequence[Section]) -> list[int]:
    """The place of the section each one stands under; 0 for those under none."""
    found, open_ = [], [0]
    for at, part in enumerate(parts):
        while len(open_) > 1 and parts[open_[-1]].level >= part.level:
            open_.pop()
        found.append(open_[-1])
        open_.append(at)
    return found


def _key(line: str) -> str:
    """What makes two lines the same: all but white space at the end, and version and date of a meta block."""
    meta = _META.fullmatch(line.rstrip()) if line.startswith("|") else None
    return f"||{meta.group(1)}" if meta else line.rstrip()


def _near(steps: Sequence[Step], old: Sequence[str], new: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The lines that changed, and a few around them; no lines when only empty ones changed."""
    lines = [(sign, old[a] if sign == "-" else new[b]) for sign, a, b in steps]
    lines = [(sign, text) for sign, text in lines if text.strip()]
    told = [at for at, (sign, _) in enumerate(lines) if sign != " "]
    near = sorted({at for place in told for at in range(place - CONTEXT, place + CONTEXT + 1) if 0 <= at < len(lines)})
    shown: list[tuple[str, str]] = []
    last = -1
    for at in near:
        if at > last + 1:
            shown.append((" ", "…"))
        shown.append(lines[at])
        last = at
    return (*shown, (" ", "…")) if near and last < len(lines) - 1 else tuple(shown)


@lru_cache(maxsize=32)
def sections(text: str) -> tuple[Section, ...]:
    """The sections of a document, in order; the first is what stands before any heading but the title."""
    document = Document("", text)
    lines, heads = document.lines, document.headings
    rest = heads[1:] if heads and heads[0].level == 1 else heads
    ends = [head.line - 1 for head in rest] + [len(lines)]
    found = [Section((), "", _stripped(lines[: ends[0]]), 1, 0)]
    above: list[tuple[int, str]] = []
    for head, end in zip(rest, ends[1:], strict=True):
        above = [*(each for each in above if each[0] < head.level), (head.level, head.text)]
        path = tuple(name for _, name in above)
        found.append(Section(path, document.line(head.line), _stripped(lines[head.line : end]), head.line, head.level))
    return tuple(found)


def _stripped(lines: Sequence[str]) -> tuple[str, ...]:
    first = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    last = next((at for at in range(len(lines), first, -1) if lines[at - 1].strip()), first)
    return tuple(lines[first:last])
