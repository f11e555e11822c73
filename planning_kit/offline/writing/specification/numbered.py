"""Ids that stay: what is said again keeps its id, what is new goes on counting, what is dropped is listed as withdrawn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .... import ids
from ....document import Document

LIKE = 0.5
"""How much of the words two statements of the same sources share at least to be the same one."""
_SAYING = ("requirement", "constraint", "given", "when", "then")
ALIKE = 0.8
"""How much of them two statements without a common source share."""


@dataclass(frozen=True)
class Wanted:
    """Something that gets an id: its ``text`` and what it rests on (passages, or ids of the documents before)."""

    text: str
    rests: frozenset[str]


class Numbers:
    """The ids of one document: those of the version before, and those that are given now.

    Args:
        code: the domain's code.
        before: the version before; an empty document without any.
    """

    def __init__(self, code: str, before: Document) -> None:
        self._code = code
        known = ids.things(before)
        self.withdrawn = tuple(each for each in known if each.withdrawn)
        gone = {each.id for each in self.withdrawn}
        self.before = tuple(each for each in known if not each.withdrawn and each.id not in gone and each.code == code)
        self._most = {
            kind: max((t.number for t in known if t.kind == kind and t.code == code), default=0) for kind in ids.KINDS
        }
        self.cells = rows(before)

    def give(self, kind: str, wanted: Sequence[Wanted], within: str = "") -> list[str]:
        """An id of ``kind`` for each of ``wanted``, in their order.

        What rests on the same and has words in common is the same, the most alike first; then what rests on the same and was
        put in other words by somebody.

        Args:
            within: only what the section of this id defined before is looked at.
        """
        old = [each for each in self.before if each.kind == kind and (not within or each.within == within)]
        said = [self.text(each) for each in old]
        taken: dict[int, int] = {}
        for like in (LIKE, 0.0):
            pairs = (
                (score, -at, -place)
                for at, one in enumerate(wanted)
                for place, each in enumerate(old)
                if at not in taken and place not in taken.values() and (score := _same(one, each, said[place], like))
            )
            for _, at, place in sorted(pairs, reverse=True):
                if -at not in taken and -place not in taken.values():
                    taken[-at] = -place
        return [old[taken[at]].id if at in taken else self._next(kind) for at in range(len(wanted))]

    def text(self, each: ids.Thing) -> str:
        """What ``each`` said before: all cells of its row that say it, else its heading."""
        cells = self.cells.get(each.id, {})
        return " ".join(cells[name] for name in _SAYING if cells.get(name)) or each.text

    def dropped(self, kind: str, given: Iterable[str]) -> tuple[ids.Thing, ...]:
        """What the version before has of ``kind`` and none of the ``given`` ids is."""
        now = set(given)
        return tuple(each for each in self.before if each.kind == kind and each.id not in now)

    def _next(self, kind: str) -> str:
        self._most[kind] += 1
        return f"{kind}-{self._code}-{self._most[kind]:02d}"


def rows(document: Document) -> dict[str, Mapping[str, str]]:
    """Id → the cells of the row that defines it (or lists it as withdrawn), by the column's name in lower case."""
    found: dict[str, Mapping[str, str]] = {}
    for table in document.tables:
        if not table.header or table.header[0].strip().casefold() not in ("id", ids.WITHDRAWN.casefold()):
            continue
        for row in table.rows:
            if named := ids.ID.match(row[0].strip(" `*")):
                found.setdefault(
                    named.group(), dict(zip((name.casefold() for name in table.header), row, strict=False))
                )
    return found


def body(document: Document, thing: ids.Thing) -> str:
    """What stands beneath the heading of ``thing``, up to the next one of its level or above."""
    heads = document.headings
    at = next((number for number, heading in enumerate(heads) if heading.line == thing.line), None)
    if at is None:
        return ""
    after = next(
        (heading.line - 1 for heading in heads[at + 1 :] if heading.level <= heads[at].level), len(document.lines)
    )
    return "\n".join(document.lines[thing.line : after]).strip()


def _same(one: Wanted, other: ids.Thing, said: str, like: float) -> float:
    """How sure it is that both are the same, from 0 (they are not) on."""
    shared = alike(one.text, said)
    rests = one.rests & frozenset(other.cites)
    if rests:
        return 1 + shared + len(rests) / 10 if shared >= like else 0.0
    return shared if shared >= ALIKE else 0.0


def alike(one: str, other: str) -> float:
    """The share of words two texts have in common (Jaccard index)."""
    a, b = _words(one), _words(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", re.sub(r"&\w+;|\\", " ", text).casefold()))
