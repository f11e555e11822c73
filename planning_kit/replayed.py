"""How a replay went, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

SAME, DIFFERS, NOT = "same", "differs", "cannot be replayed"


@dataclass(frozen=True)
class Made:
    """One thing that was made again.

    Attributes:
        record: the record that says how it came out then; 0 for what lies in ``documents/`` now.
        what: the document, or the facts, and which draft.
        how: :data:`SAME`, :data:`DIFFERS` or :data:`NOT`.
        said: where it differs, or why it cannot be replayed; empty when it is the same.
    """

    record: int
    what: str
    how: str
    said: str = ""

    def __str__(self) -> str:
        where = f"record {self.record}, " if self.record else ""
        return f"{where}{self.what}: {self.how}{f': {self.said}' if self.said else ''}"


@dataclass(frozen=True)
class Played:
    """How a replay went.

    Attributes:
        label: the run.
        made: everything that was made again, in order.
        taken: kind of record → how many were taken as they are: what people did is not made again.
        notes: what is to be known about it.
    """

    label: str
    made: tuple[Made, ...]
    taken: Mapping[str, int]
    notes: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether all of it came out byte for byte the same."""
        return all(each.how == SAME for each in self.made)

    @property
    def lines(self) -> tuple[str, ...]:
        """For a person: one line a step."""
        steps = [each for each in self.made if each.record]
        same = sum(each.how == SAME for each in steps)
        taken = ", ".join(f"{many} {kind}" for kind, many in sorted(self.taken.items())) or "nothing"
        return (
            *map(str, self.made),
            f"{self.label}: {same} of {len(steps)} came out byte for byte the same; no model was asked; taken from the record as it is: {taken}",
            *(f"note: {note}" for note in self.notes),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {**asdict(self), "same": self.same}


def first_difference(then: str, now: str) -> str:
    """The first line in which two texts differ, in words."""
    one, other = then.split("\n"), now.split("\n")
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return f"line {at + 1} was {_cut(one, at)} and is {_cut(other, at)}"


def _cut(lines: Sequence[str], at: int) -> str:
    if at >= len(lines):
        return "not there"
    line = lines[at]
    return f"“{line[:100]}{'…' if len(line) > 100 else ''}”"
