"""A maker while it is written: its files, its criteria, what it delivers, and how hard it is by what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

KINDS = ("requirements", "operations", "tables", "mitigations", "service_levels")
"""What ``delivers`` names."""
BUILD, TEST, MIGRATE, DELIVER, OBSERVE = (
    "backend-development",
    "backend-testing",
    "database-migration",
    "devops",
    "observability",
)
_NUMBERED = re.compile(r"P\d{1,6}|[A-Z]{2,4}-[A-Z0-9]{2,6}-\d{2,4}")
_SECONDS, _LEAST = 2_700, 3_600
"""Seconds of a time limit for each point of complexity, and the least: ten points are less than a working day."""


@dataclass
class Work:
    """One maker.

    Attributes:
        key: what others name it by.
        name: its title, an order.
        does: what it builds, in a sentence or two.
        skill: who does it.
        after: the keys of those it needs.
        asked: sentences of what is asked for.
        creates, modifies, tests: files.
        kinds: the kinds of tests it writes.
        pattern: the code it has to look like.
        critical, expected, nice: its criteria.
        look: what goes wrong in work like this.
        delivers: what it delivers, by kind.
        weight: what makes it hard: points, and in words.
    """

    key: str
    name: str
    does: str
    skill: str = BUILD
    after: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    creates: list[str] = field(default_factory=list)
    modifies: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    pattern: str = ""
    critical: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    nice: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)
    delivers: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    weight: list[tuple[float, str]] = field(default_factory=list)

    @property
    def points(self) -> int:
        """How hard it is, from 1 to 10."""
        return min(10, max(1, round(1 + sum(points for points, _ in self.weight))))

    def give(self, kind: str, names: Iterable[str]) -> None:
        """Have it deliver ``names``, each once; of requirements only what a brief or a specification numbers."""
        held = self.delivers[kind]
        names = [name for name in names if kind != "requirements" or _NUMBERED.fullmatch(name)]
        held += [name for name in dict.fromkeys(names) if name not in held]

    def values(self) -> dict[str, Any]:
        """It, as an author of makers writes it."""
        reason = ", ".join(words for _, words in self.weight) or "one change in one place"
        return {
            "key": self.key, "task_name": self.name, "description": self.does, "skill_id": self.skill, "after": _once(self.after),
            "requirements": " ".join(_once(self.asked)) or self.does,
            "files_to_create": _once(self.creates), "files_to_modify": [each for each in _once(self.modifies) if each not in self.creates],
            "files_to_test": _once(self.tests), "test_types": self.kinds, "patterns_to_follow": self.pattern,
            "validation_criteria": {
                "critical": _once(self.critical) or [f"{self.name}: done, and shown by a command that another person can run"],
                "expected": _once(self.expected), "nice_to_have": _once(self.nice),
            },
            "timeout_seconds": max(_LEAST, self.points * _SECONDS), "delivers": self.delivers,
            "complexity": {"score": self.points, "reason": reason}, "look_for": _once(self.look) or ["What the criteria ask for and the tests do not show"],
        }  # fmt: skip


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name.strip()))
