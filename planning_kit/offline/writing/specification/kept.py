"""What of the version before stays as somebody wrote it: stories and use cases whose parts are what they were."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .... import ids
from .api_spec_offered import Offered
from .ground import Ground
from .numbered import Numbers, body

_STATUS = re.compile(r"(?i)\banswer(?:s| is)? (\d{3})\b")

Withdrawn = tuple[str, str, str]
"""What is listed as withdrawn: its id, what it said, why; cells of Markdown."""


def named(each: ids.Thing, *kinds: str) -> frozenset[str]:
    """The ids of ``kinds`` that ``each`` names."""
    return frozenset(name for name in each.cites if name.partition("-")[0] in kinds)


def covered(before: Iterable[ids.Thing], *kinds: str) -> frozenset[str]:
    """The ids of ``kinds`` that any of ``before`` names."""
    return frozenset(name for each in before for name in named(each, *kinds))


def stays(ground: Ground, before: ids.Thing | None, own: Iterable[str], known: frozenset[str], *kinds: str) -> bool:
    """Whether ``before`` stays as it is: what it names is still there, and what it would name now is named in the version before.

    Args:
        own: the ids it would name now.
        known: the ids that the version before names, see :func:`covered`.
        kinds: the kinds of ids that make it what it is.
    """
    alive = {each.id for kind in kinds for each in ground.things(kind)}
    return before is not None and bool(named(before, *kinds)) and named(before, *kinds) <= alive and set(own) <= known


def calls_the_same(ground: Ground, before: ids.Thing, offered: Sequence[Offered], every: Iterable[Offered]) -> bool:
    """Whether a use case still calls what the API has, with the statuses it has."""
    there = {(each.method, each.path) for each in every}
    mine = {(each.method, each.path) for each in offered}
    told = {int(status) for status in _STATUS.findall(body(ground.before, before))}
    answers = {status for each in offered for status, _ in each.answers}
    return mine <= set(before.operations) <= there and (not offered or told - {500} == answers - {500})


def withdrawn_before(numbers: Numbers) -> list[Withdrawn]:
    """What the version before lists as withdrawn; it stays listed for good."""
    found = []
    for each in numbers.withdrawn:
        cells = list(numbers.cells.get(each.id, {}).values())
        found.append((each.id, cells[1] if len(cells) > 2 else "", cells[-1] if len(cells) > 1 else ""))
    return found
