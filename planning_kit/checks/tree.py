"""A text as values with the place of each of them, and what is said when it cannot be one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MOST_NODES = 200_000
"""The most values a text may stand for, its aliases written out: a few lines of them can stand for gigabytes."""
MOST_DEEP = 100
"""How deep values may be nested."""
Path = tuple[str | int, ...]


class Unreadable(Exception):
    """A text is not what it should be: ``line`` and ``column`` from 1 (0: not known), ``hint`` what mends it."""

    def __init__(self, message: str, line: int, column: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.hint = message, line, column, hint


@dataclass
class Tree:
    """A text as values: ``value``, and by path the line and column (from 1) of each value and of each key.

    Keys of mappings are strings, whatever they look like; ``bare`` has the paths of those that were not written as such.
    """

    value: Any = None
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    bare: set[Path] = field(default_factory=set)

    def at(self, path: Path) -> tuple[int, int]:
        """Where the key (or item) at ``path`` is, or the nearest above it that is there."""
        for end in range(len(path), 0, -1):
            if place := self.keys.get(path[:end]) or self.values.get(path[:end]):
                return place
        return self.values.get((), (1, 1))


def counted(left: int, path: Path, place: tuple[int, int]) -> int:
    """How many values there may still be after this one.

    Raises:
        Unreadable: none, or it stands too deep.
    """
    if left < 1:
        raise Unreadable(
            f"it stands for more than {MOST_NODES:,} values", *place, hint="write out less, or without aliases"
        )
    if len(path) > MOST_DEEP:
        raise Unreadable(f"it is nested more than {MOST_DEEP} deep", *place, hint="write it flatter")
    return left - 1
