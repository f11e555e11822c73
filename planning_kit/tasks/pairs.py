"""A task plan read as pairs: each maker with the critique that checks it, and the makers it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .model import Task, TaskPlan
from .waves import longest, starts, waves

FILES = {"files_to_create": "to create", "files_to_modify": "to modify", "files_to_test": "to test"}
"""The fields of a task's inputs that name files, as people say them."""
KINDS = {
    "requirements": "requirements",
    "operations": "operations",
    "tables": "tables",
    "mitigations": "mitigations",
    "service_levels": "service levels",
}
"""What can be delivered, by the field of ``delivers``, as people say it."""
LEVELS = {"critical": "critical", "expected": "expected", "nice_to_have": "nice to have"}
"""How much a criterion matters, by its field, as people say it."""
_HIDDEN = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Joiners (U+200C, U+200D) stay: scripts and emoji are written with them."""


@dataclass(frozen=True)
class Pair:
    """A maker, its critique if it has one, and the numbers of the makers whose work it needs."""

    maker: Task
    critique: Task | None
    needs: tuple[int, ...]

    @property
    def order(self) -> int:
        """The maker's number."""
        return self.maker.task_order

    @property
    def seconds(self) -> int:
        """Both time limits together."""
        return self.maker.timeout_seconds + (self.critique.timeout_seconds if self.critique else 0)

    @property
    def points(self) -> int:
        """Its complexity; nothing where the plan does not say it."""
        return self.maker.complexity.score if self.maker.complexity else 0

    @property
    def delivers(self) -> dict[str, list[str]]:
        """What it delivers, by the field of ``delivers``; only what is there."""
        said = self.maker.delivers
        return {kind: names for kind in KINDS if said and (names := getattr(said, kind))}


class Pairs:
    """The pairs of ``plan``, in order; of a broken plan as much as can be read."""

    def __init__(self, plan: TaskPlan) -> None:
        self.plan = plan
        critics = {task.inputs.preceding_task.task_order: task for task in reversed(plan.tasks) if task.inputs.preceding_task}  # fmt: skip
        owner = {task.task_order: about for about, task in critics.items()} | {each.task_order: each.task_order for each in plan.makers}  # fmt: skip
        self.all = tuple(
            Pair(task, critics.get(task.task_order), _needed(task, owner))
            for task in {each.task_order: each for each in plan.makers}.values()
        )

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    @cached_property
    def by_order(self) -> dict[int, Pair]:
        """Each pair by its maker's number."""
        return {each.order: each for each in self.all}

    @cached_property
    def needs(self) -> dict[int, tuple[int, ...]]:
        """A maker's number → the numbers of the makers it needs."""
        return {each.order: each.needs for each in self.all}

    @cached_property
    def waves(self) -> tuple[tuple[int, ...], ...]:
        """The makers in waves: those of one may be done side by side, each with its critique behind it."""
        return waves(self.needs)

    @cached_property
    def wave(self) -> dict[int, int]:
        """A maker's number → its wave, from 1."""
        return {order: at for at, wave in enumerate(self.waves, start=1) for order in wave}

    @cached_property
    def starts(self) -> dict[int, int]:
        """A maker's number → the second in which it can begin at the earliest, by the time limits."""
        return starts(self.needs, self._seconds)

    @cached_property
    def by_time(self) -> tuple[tuple[int, ...], int]:
        """The makers on the longest way by time limits, critiques included, and how many seconds that is."""
        return longest(self.needs, self._seconds)

    @cached_property
    def by_complexity(self) -> tuple[tuple[int, ...], int]:
        """The makers on the longest way by complexity, and how many points that is."""
        return longest(self.needs, {each.order: each.points for each in self.all})

    @cached_property
    def _seconds(self) -> dict[int, int]:
        return {each.order: each.seconds for each in self.all}


def _needed(task: Task, owner: dict[int, int]) -> tuple[int, ...]:
    """The makers that ``task`` needs: those it names, and those whose critiques it names."""
    return tuple(sorted({owner[each] for each in task.dependencies if each in owner} - {task.task_order}))


def on_a_line(words: str) -> str:
    """``words`` on one line, without characters that steer a terminal, cannot be seen, or turn the direction of what follows."""
    return " ".join(_HIDDEN.sub("", words).split())


def took(seconds: int) -> str:
    """A time as people say it: ``45 min``, ``6 h``, ``6 h 30 min``."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"
