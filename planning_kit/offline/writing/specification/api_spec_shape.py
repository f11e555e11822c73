"""What the API specification and the sequence diagrams take from a template beyond its sections: the sub-headings of what is repeated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from ....brief import Passage
from ....document import Document
from ..markdown import quote
from .ground import Ground

Parts = Callable[[], Iterable[str]]


def passages(ground: Ground) -> list[Passage]:
    """The passages of the domain: those that ask for something, and those that are given to it."""
    own = {*ground.domain.passages, *(each.id for each in ground.asking)}
    return [passage for passage in ground.plan.reading.passages if passage.id in own]


def beneath(ground: Ground, section: str, default: Sequence[str]) -> tuple[str, ...]:
    """The sub-headings that the template has beneath the repeated heading (``### <…>``) of ``section``, ``default`` without a template."""
    if not ground.template.strip():
        return tuple(default)
    return _beneath(ground.template).get(section.casefold(), ())


def parted(names: Sequence[str], written: Mapping[str, Parts], level: int = 4) -> str:
    """A sub-heading with its text for each of ``names``; one that nothing is known about says that it is open."""
    known = {name.casefold(): parts for name, parts in written.items()}
    found = []
    for name in names:
        parts = known.get(name.casefold(), lambda: ["Open: the rules know nothing to say here."])
        found += [f"{'#' * level} {quote(name)}", *(part for part in parts() if part)]
    return "\n\n".join(found)


@lru_cache(maxsize=64)
def _beneath(template: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    section, repeated = "", 0
    for heading in Document("template.md", template).headings:
        if heading.level <= 2:
            section, repeated = heading.text.casefold(), 0
        elif re.search(r"<[^<>]+>", heading.text):
            repeated = heading.level
        elif heading.level <= repeated:
            repeated = 0
        elif repeated:
            found.setdefault(section, []).append(heading.text)
    return {name: tuple(below) for name, below in found.items()}
