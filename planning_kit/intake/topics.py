"""The technology questions worth research for this brief and this stack, each with why and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from ..facts import Topic
from .proposal_basis import Basis, clipped
from .topics_asked import ASKED, always

MOST = 8
LEAST = 3
"""Fewest topics for a brief of some size."""


def propose(basis: Basis) -> tuple[Topic, ...]:
    """Three to eight topics for a brief of some size, at most one for a small one; the most consequential first."""
    found: dict[str, Topic] = {}
    for topic in _asked(basis):
        found.setdefault(topic.name, topic)
    if not basis.served:
        return ()
    if basis.tiny or (basis.small and len(found) <= LEAST):
        return tuple(found.values())[:1]
    for topic in always(basis):
        if len(found) < LEAST:
            found.setdefault(topic.name, topic)
    return tuple(found.values())[:MOST]


def _asked(basis: Basis) -> Iterator[Topic]:
    for asks in ASKED:
        for name, why, passages in asks(basis):
            yield Topic(name=name, why=clipped(why, 400), passages=passages)
