"""What tasks may be done side by side, how long the whole takes at least, and when each can begin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def waves(needs: Mapping[int, Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """The tasks in waves: each stands in the first wave in which everything it needs is done.

    Args:
        needs: task number → the numbers it needs, each smaller than its own (others are left out).
    """
    level: dict[int, int] = {}
    for task in sorted(needs):
        level[task] = 1 + max((level[each] for each in needs[task] if each in level), default=0)
    found: dict[int, list[int]] = {}
    for task, at in level.items():
        found.setdefault(at, []).append(task)
    return tuple(tuple(found[at]) for at in sorted(found))


def longest(needs: Mapping[int, Sequence[int]], weights: Mapping[int, int]) -> tuple[tuple[int, ...], int]:
    """The way through ``needs`` with the greatest sum of ``weights``, first task first, and that sum; the earlier task among equals."""
    best: dict[int, int] = {}
    before: dict[int, int] = {}
    for task in sorted(needs):
        known = [each for each in needs[task] if each in best]
        if known:
            before[task] = max(sorted(known), key=lambda each: best[each])
        best[task] = weights.get(task, 0) + (best[before[task]] if known else 0)
    if not best:
        return (), 0
    last = max(sorted(best), key=lambda each: best[each])
    way = [last]
    while way[-1] in before:
        way.append(before[way[-1]])
    return tuple(reversed(way)), best[last]


def starts(needs: Mapping[int, Sequence[int]], weights: Mapping[int, int]) -> dict[int, int]:
    """When each task can begin at the earliest if everything takes what ``weights`` say and nobody waits for hands.

    Args:
        needs: task number → the numbers it needs, each smaller than its own (others are left out).
        weights: how long each takes, in seconds.
    """
    begin: dict[int, int] = {}
    for task in sorted(needs):
        begin[task] = max((begin[each] + weights.get(each, 0) for each in needs[task] if each in begin), default=0)
    return begin
