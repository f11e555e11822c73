"""The questions whose answers would change the plan: at most five, about this brief's own things, the most consequential first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..facts import LETTERS, MOST_QUESTIONS, Question
from . import (
    offered,
    questions_access,
    questions_clashes,
    questions_contact,
    questions_contradicted,
    questions_open,
    questions_records,
    questions_running,
)
from .proposal_basis import Basis
from .questions_candidate import Candidate

RULES: tuple[Callable[[Basis], Iterator[Candidate]], ...] = (
    *questions_contradicted.RULES, questions_open.stated, *questions_running.RULES, *questions_clashes.RULES, *questions_access.RULES, *questions_records.RULES, *questions_contact.RULES,
)  # fmt: skip
_MOST_SMALL, _MOST_TINY = 3, 1
"""Most questions about a small brief, and about a sentence or two."""
_STATED = 97
"""Weight from which a candidate is what the brief itself contradicts or leaves open."""
_LONGEST = 600


def propose(basis: Basis) -> tuple[Question, ...]:
    """At most five questions, none that the brief answers; at most one of each subject, and fewer for a small brief."""
    found = [kept for rule in RULES for candidate in rule(basis) if (kept := offered.allowed(basis, candidate))]
    known = {passage.id for passage in basis.brief.passages}
    most = _MOST_TINY if basis.tiny else _MOST_SMALL if basis.small else MOST_QUESTIONS
    most = max(most, min(MOST_QUESTIONS, sum(candidate.weight >= _STATED for candidate in found)))
    return tuple(_put(number, candidate, known) for number, candidate in enumerate(_best(found)[:most], start=1))


def _best(found: Iterable[Candidate]) -> list[Candidate]:
    """The heaviest candidate of each subject, the heaviest first."""
    kept: dict[str, Candidate] = {}
    for candidate in sorted(found, key=lambda candidate: -candidate.weight):
        kept.setdefault(candidate.subject, candidate)
    return list(kept.values())


def _put(number: int, candidate: Candidate, known: set[str]) -> Question:
    options = [_line(option) for option in candidate.options]
    return Question(
        id=f"Q{number}", asks=_line(candidate.asks), passages=tuple(p for p in dict.fromkeys(candidate.passages) if p in known)[:4],
        options=dict(zip(LETTERS, options, strict=False)), recommended=LETTERS[candidate.recommended], because=candidate.because, changes=candidate.changes,
    )  # fmt: skip


def _line(text: str) -> str:
    """``text`` on one line with a capital at its beginning."""
    line = " ".join(text.split())[:_LONGEST]
    return line[:1].upper() + line[1:]
