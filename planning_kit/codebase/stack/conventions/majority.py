"""What most of a codebase does: how many have to agree, and the files that show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ...evidence import Evidence
from ...tree import Tree

FEWEST = 3
"""A majority of fewer than this many is none."""
CLEAR = 0.7
"""The part that has to agree."""


def shown(tree: Tree, paths: Iterable[str]) -> tuple[Evidence, ...]:
    """The first line of the first two files that have one."""
    found: list[Evidence] = []
    for path in paths:
        if tree.text(path).strip():
            found.append(Evidence(path, 1))
        if len(found) == 2:
            break
    return tuple(found)


def majority(kinds: Sequence[tuple[str, str]]) -> tuple[str, int, list[str]] | None:
    """The kind that is clearly the most common, how often it is, and where; None without a clear majority."""
    if not kinds:
        return None
    counts = Counter(kind for kind, _ in kinds)
    kind, count = max(sorted(counts.items()), key=lambda item: item[1])
    if count < FEWEST or count < CLEAR * len(kinds):
        return None
    return kind, count, [where for each, where in kinds if each == kind]


def name(path: str) -> str:
    """The last part of a path."""
    return path.rpartition("/")[2]
