"""What is known about a document before it is checked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class About:
    """What a document promised.

    Attributes:
        sections: the headings it must have, in order.
        checks: names of further checks its consultant asked for.
        passages: the brief's passage ids, and those of remarks (``R1`` …) and of answers (``Q1`` …).
        settled: names of what was answered (``Q1``) or is assumed (``A2``) at the intake.
        tables: tables that are in the codebase already.
        sources: numbers of what was looked up for the run (``S1`` …), and of what an author has just looked up.
        evidence: for facts, every ``path:line`` that was seen in the codebase.
        complete: whether its author came to the end by itself.
        stop: why the author ended, in the API's words.
        kind: ``markdown``, or ``facts`` for the facts of a run.
    """

    sections: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    passages: frozenset[str] = frozenset()
    settled: tuple[str, ...] = ()
    tables: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()
    complete: bool = True
    stop: str = "end_turn"
    kind: str = "markdown"
