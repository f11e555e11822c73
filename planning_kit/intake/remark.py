"""Something a reader of the brief should see: about which passages, and on which line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..document import Finding

DOCUMENT = "brief.md"
TOOL = "rules"
NAMED = 8
"""Most further passages that a message names; of more it gives the number."""


@dataclass(frozen=True)
class Remark:
    """One thing that is said about one passage.

    Attributes:
        rule: the finding's rule.
        subject: what it is about (a word, a quantity); remarks of one rule with one subject become one finding.
        passage: the passage's id, or empty for the brief as a whole.
        line: the line in the brief, from 1; 0 for the whole.
        text: one sentence that says what to write instead.
    """

    rule: str
    subject: str
    passage: str
    line: int
    text: str


def findings(remarks: Iterable[Remark]) -> tuple[Finding, ...]:
    """One finding for each rule and subject, at the first passage, naming the others."""
    grouped: dict[tuple[str, str], list[Remark]] = {}
    for remark in remarks:
        grouped.setdefault((remark.rule, remark.subject), []).append(remark)
    return tuple(_finding(each) for each in grouped.values())


def listed(passages: Sequence[str]) -> str:
    """The passages as a message names them: the first ones, and how many more."""
    named = ", ".join(passages[:NAMED])
    return f"{named} and {len(passages) - NAMED} more" if len(passages) > NAMED else named


def _finding(remarks: Sequence[Remark]) -> Finding:
    first = remarks[0]
    others = tuple(dict.fromkeys(each.passage for each in remarks if each.passage != first.passage))
    also = f" (also in {listed(others)})" if others else ""
    start = f"[{first.passage}] " if first.passage else ""
    return Finding(DOCUMENT, first.line, first.rule, TOOL, "warning", f"{start}{first.text}{also}")
