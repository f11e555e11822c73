"""What is known of a kind of question: the ways that are commonly taken, the component it needs, how it is tested."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """One way to go: its ``name``, what ``speaks`` for it and ``against`` it, and as a pattern what passages say that ask for it (``asked``)."""

    name: str
    speaks: str
    against: str
    asked: str = ""


@dataclass(frozen=True)
class Piece:
    """A new component: its ``name``, what it is responsible ``for``, what it ``offers`` and ``needs``."""

    name: str
    duty: str
    offers: str
    needs: str


@dataclass(frozen=True)
class Kind:
    """A kind of question.

    Attributes:
        mark: what a topic's name looks like, as a pattern in lower case.
        ways: how it is commonly solved; the first is recommended while nothing else is known.
        piece: the component it needs.
        unit: what is tested without anything around it.
        whole: what is tested on the real thing.
        measure: what shows that it is right.
        ground: what the test has to run on.
        hard: what is hard to test about it.
        work: working days for its component.
    """

    mark: str
    ways: tuple[Way, ...]
    piece: Piece
    unit: str
    whole: str
    measure: str
    ground: str
    hard: str
    work: int = 2
