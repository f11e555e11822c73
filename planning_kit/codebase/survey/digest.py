"""The digest's text: sections of one-line entries that share a budget, and what did not fit, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ...redact import redact
from ..tree import Omission
from .source import shown

BUDGET = 8_000
"""The longest digest, in tokens; how many characters that is, is an estimate."""
CHARACTERS = 3.5
"""Characters a token is estimated to have in code and paths; a tokenizer's own count differs by model and text."""

_SHARES = {
    "Stack": 0.07, "Entry points": 0.05, "Routes": 0.23, "Models and tables": 0.17, "Public interfaces": 0.13, "Patterns to follow": 0.04,
    "Tree": 0.08, "Excerpts": 0.18,
}  # fmt: skip
"""The part of the budget each section may count on; what one does not need goes to the others, in this order."""
_RESERVED = 1_400
"""Characters kept for the last section."""
_MOST_OMISSIONS = 8


@dataclass(frozen=True)
class Line:
    """One line of the digest: its ``text``, the file it quotes (empty for none), and how many things it stands for."""

    text: str
    path: str = ""
    stands_for: int = 1


@dataclass
class Section:
    """A heading and its lines, most important first; ``noun`` is what is counted when some do not fit."""

    heading: str
    noun: str
    lines: Sequence[Line]
    kept: list[Line] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Characters of the kept lines with their line ends."""
        return sum(len(line.text) + 1 for line in self.kept)

    def grow(self, allowed: int) -> int:
        """Keep more lines, in order, up to ``allowed`` characters in all; returns how many are used."""
        if not self.lines:
            return 0
        used = self.size + len(self.heading) + 2
        for line in self.lines[len(self.kept) :]:
            if used + len(line.text) + 1 > allowed:
                break
            self.kept.append(line)
            used += len(line.text) + 1
        return used if self.kept else 0


@lru_cache(maxsize=20_000)
def named(path: str) -> str:
    """A path as it is shown: on one line, without secrets or characters that cannot be seen."""
    return shown(redact(path), 240)


def entry(what: str, path: str, line: int) -> Line:
    """``- what (path:line)``; what is named after a path that holds a secret is redacted like it."""
    if "[REDACTED:" in named(path):
        what = redact(what)
    return Line(f"- {shown(what, 400)} ({named(path)}:{line})", path)


def write(
    sections: Sequence[Section], left_out: Sequence[Omission], tokens: int = BUDGET
) -> tuple[str, dict[str, int]]:
    """The digest, and path → how many characters of it are from that file.

    Args:
        sections: what there is to say, each section's lines in order of importance.
        left_out: what was never read.
        tokens: the budget; the text has at most ``tokens * CHARACTERS`` characters.
    """
    budget = int(tokens * CHARACTERS)
    room = max(0, budget - min(_RESERVED, budget // 5))
    used = [section.grow(int(room * _SHARES[section.heading])) for section in sections]
    for at, section in enumerate(sections):
        used[at] = section.grow(used[at] + room - sum(used)) or used[at]
    pieces = [[section.heading, *(line.text for line in section.kept)] for section in sections if section.kept]
    if last := _last(sections, left_out, budget - sum(len(line) + 1 for piece in pieces for line in piece)):
        pieces.append(["Left out", *last])
    quoted: Counter[str] = Counter()
    for section in sections:
        for line in section.kept:
            if line.path:
                quoted[line.path] += len(line.text)
    return "\n".join(line for piece in pieces for line in piece), dict(sorted(quoted.items()))


def _last(sections: Sequence[Section], left_out: Sequence[Omission], room: int) -> list[str]:
    """What was never read, by reason, and what did not fit."""
    dropped = [
        (sum(line.stands_for for line in section.lines[len(section.kept) :]), section.noun) for section in sections
    ]
    counted = ", ".join(f"{count} more {noun}" for count, noun in dropped if count and noun)
    lines = [f"- {counted} (budget)"] if counted else []
    reasons: dict[str, list[Omission]] = {}
    for omission in left_out:
        reasons.setdefault(omission.why, []).append(omission)
    some = []
    for why, omissions in list(reasons.items())[:_MOST_OMISSIONS]:
        more = sum(each.count for each in omissions) - 1
        what = shown(redact(omissions[0].what), 80)
        some.append(f"- {what}{f' and {more} more' if more > 0 else ''}: {shown(redact(why), 80)}")
    while some and sum(len(line) + 1 for line in [*some, *lines, "Left out"]) > room:
        some.pop()
    return [*some, *lines] if sum(len(line) + 1 for line in [*some, *lines, "Left out"]) <= room else []
