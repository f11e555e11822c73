"""Two sequences put side by side: which parts belong together, which kept their order, what was added and removed."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence

Step = tuple[str, int, int]
"""``" "``, ``"-"`` or ``"+"``, and the places in the older and the newer sequence it stands at."""
MOST_STEPS = 200
"""The most additions and removals between two places that are surely the same; more are one removal and one addition."""
_COMMON = 20
_ALIKE, _LEAST = 0.6, 20


def script(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[list[Step], bool]:
    """The additions and removals that make ``new`` of ``old``, and whether they are fine: not a whole stretch for another anywhere.

    What occurs once in each holds the two together (patience diff, Bram Cohen); between such places the shortest way is
    looked for (Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1986), up to :data:`MOST_STEPS`.
    """
    steps: list[Step] = []
    a = b = 0
    fine = True
    for one, other in [*_anchors(old, new), (len(old), len(new))]:
        between = _shortest(old, new, a, one, b, other)
        fine = fine and between is not None
        steps += _whole(a, one, b, other) if between is None else between
        if one < len(old):
            steps.append((" ", one, other))
        a, b = one + 1, other + 1
    return steps, fine


def _whole(a: int, a_end: int, b: int, b_end: int) -> list[Step]:
    return [*(("-", at, b) for at in range(a, a_end)), *(("+", a_end, at) for at in range(b, b_end))]


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Places of what occurs once in each, as far as they follow each other in both."""
    often, again = Counter(old), Counter(new)
    where = {item: at for at, item in enumerate(old) if often[item] == 1}
    both = [(where[item], at) for at, item in enumerate(new) if again[item] == 1 and item in where]
    kept = rising([place for place, _ in both])
    return [pair for at, pair in enumerate(both) if at in kept]


def _shortest(old: Sequence[Hashable], new: Sequence[Hashable], a: int, a_end: int, b: int, b_end: int) -> list[Step] | None:  # fmt: skip
    """The shortest way from one stretch to the other; nothing when it is too long."""
    same: list[Step] = []
    while a < a_end and b < b_end and old[a] == new[b]:
        same.append((" ", a, b))
        a, b = a + 1, b + 1
    tail: list[Step] = []
    while a < a_end and b < b_end and old[a_end - 1] == new[b_end - 1]:
        a_end, b_end = a_end - 1, b_end - 1
        tail.append((" ", a_end, b_end))
    between = _myers(old, new, a, a_end, b, b_end)
    return None if between is None else [*same, *between, *reversed(tail)]


def _myers(old: Sequence[Hashable], new: Sequence[Hashable], a: int, a_end: int, b: int, b_end: int) -> list[Step] | None:  # fmt: skip
    n, m = a_end - a, b_end - b
    if not n or not m:
        return _whole(a, a_end, b, b_end)
    furthest = {1: 0}
    trail: list[dict[int, int]] = []
    for d in range(min(n + m, MOST_STEPS) + 1):
        trail.append(dict(furthest))
        for k in range(-d, d + 1, 2):
            down = k == -d or (k != d and furthest[k - 1] < furthest[k + 1])
            x = furthest[k + 1] if down else furthest[k - 1] + 1
            while x < n and x - k < m and old[a + x] == new[b + x - k]:
                x += 1
            furthest[k] = x
            if x >= n and x - k >= m:
                return _walked(trail, n, m, a, b)
    return None


def _walked(trail: Sequence[dict[int, int]], n: int, m: int, a: int, b: int) -> list[Step]:
    """The way that was found, from its end back to its beginning."""
    steps: list[Step] = []
    x, y = n, m
    for d in range(len(trail) - 1, -1, -1):
        furthest, k = trail[d], x - y
        down = k == -d or (k != d and furthest[k - 1] < furthest[k + 1])
        from_k = k + 1 if down else k - 1
        from_x = furthest[from_k] if d else 0
        from_y = from_x - from_k if d else 0
        while x > from_x and y > from_y:
            x, y = x - 1, y - 1
            steps.append((" ", a + x, b + y))
        if d:
            steps.append(("+", a + x, b + y - 1) if down else ("-", a + x - 1, b + y))
            x, y = from_x, from_y
    return steps[::-1]


def rising(numbers: Sequence[int]) -> frozenset[int]:
    """The places of a longest run of ``numbers`` (all different) that rises."""
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    for at, number in enumerate(numbers):
        place = bisect_left(ends, number)
        before.append(at_end[place - 1] if place else -1)
        ends[place : place + 1] = [number]
        at_end[place : place + 1] = [at]
    found, at = [], at_end[-1] if at_end else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return frozenset(found)


Part = tuple[tuple[str, ...], Sequence[str]]
"""A part of a text: the names that lead to it, and its lines."""


def matched(old: Sequence[Part], new: Sequence[Part]) -> dict[int, int]:
    """Which part of ``new`` was which part of ``old``, by place: by its names, by its own name, or by what stands in it."""
    pairs: dict[int, int] = {}
    _by([path for path, _ in old], [path for path, _ in new], pairs)
    _by([path[-1:] for path, _ in old], [path[-1:] for path, _ in new], pairs)
    taken = set(pairs.values())
    left = {at: Counter(line for line in lines if line.strip()) for at, (_, lines) in enumerate(old) if at not in taken}
    holding: dict[str, list[int]] = defaultdict(list)
    for at, lines in left.items():
        for line in lines:
            holding[line].append(at)
    likely = []
    for at, (path, own) in enumerate(new):
        if at not in pairs and path:
            likely += [(-share, at, place) for place, share in _shares(Counter(own), left, holding)]
    for _, at, place in sorted(likely):
        if at not in pairs and place in left:
            pairs[at] = place
            del left[place]
    return pairs


def _by(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]], pairs: dict[int, int]) -> None:
    """Add to ``pairs`` those with the same names, the first with the first, the second with the second."""
    taken = set(pairs.values())
    waiting: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in range(len(old) - 1, -1, -1):
        if at not in taken:
            waiting[_folded(old[at])].append(at)
    for at, names in enumerate(new):
        if at not in pairs and (same := waiting.get(_folded(names))):
            pairs[at] = same.pop()


def _folded(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.casefold() for name in names)


def _shares(lines: Counter[str], left: dict[int, Counter[str]], holding: dict[str, list[int]]) -> Iterable[tuple[int, float]]:  # fmt: skip
    """The parts of ``left`` with mostly the same lines, and how much of both is the same, by characters."""
    common: Counter[int] = Counter()
    for line, times in lines.items():
        for at in holding.get(line, ())[:_COMMON]:
            common[at] += len(line) * min(times, left[at][line])
    own = _length(lines)
    for at, shared in common.items():
        share = 2 * shared / (own + _length(left[at]))
        if shared >= _LEAST and share >= _ALIKE:
            yield at, share


def _length(lines: Counter[str]) -> int:
    return sum(len(line) * times for line, times in lines.items())
