"""The workbench of a task plan: what an architect does with its tasks, each change a new version that is checked at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import view
from .assembled import TASKS
from .document import Document
from .errors import AwaitingApproval, OptionRefused
from .findings import Findings
from .person import who
from .tasks import changed, drawn
from .tasks.model import Task, TaskPlan
from .tasks.pairs import FILES, KINDS, Pairs, took
from .tasks.parted import Part

if TYPE_CHECKING:
    from .phase import PhaseRun
    from .run import Run

COLUMNS = ("Task", "Name", "After", "Wave", "Path", "Complexity", "Minutes", "Delivers", "Files", "Kind", "Skill")
"""What the table says of each task; ``Path`` marks those on the critical path by time limits."""
MOST_SAID = 12
"""The most names that are said one by one in an answer."""


@dataclass(frozen=True)
class Outcome:
    """What came of a change.

    Attributes:
        said: what happened, in one or two sentences.
        findings: what the checks say about the plan as it is now.
    """

    said: str
    findings: Findings = Findings()

    @property
    def lines(self) -> tuple[str, ...]:
        """What happened, and each error the checks find."""
        return (self.said, *(str(each) for each in self.findings if each.severity == "error"))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return view.box("wait" if self.findings.errors else "done", self.lines)._repr_mimebundle_()


class Bench:
    """The task plan of ``run``, as it is now; every change is a new version by a person, which closes the gate."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._lock = threading.RLock()
        self._read: tuple[str, TaskPlan | None] = ("", None)
        found = [(step, duty.document) for step in run.phases for duty in step.duties if duty.seat.builds == TASKS]
        if not found:
            raise OptionRefused(
                f"the recipe '{run.recipe.name}' makes no task plan; {' and '.join(run.catalog.building(TASKS))} do"
            )
        self.step: PhaseRun = found[0][0]  # type: ignore[assignment]
        self.name = found[0][1]

    @property
    def document(self) -> Document | None:
        """The plan's file as it is now, if it is written."""
        return self.run.shelf.document(self.name)

    @property
    def plan(self) -> TaskPlan:
        """The plan; see :meth:`read`."""
        return self.read()

    def read(self) -> TaskPlan:
        """The plan, read anew when its file has changed.

        Raises:
            AwaitingApproval: it is not written yet.
            OptionRefused: what is written is no plan.
        """
        document = self.document
        if document is None:
            raise AwaitingApproval(f"{self.name} is not written yet; {self.step.how_to_decide}")
        with self._lock:
            if self._read[0] != document.digest or self._read[1] is None:
                try:
                    self._read = document.digest, TaskPlan.read(document.text)
                except ValueError as error:
                    raise OptionRefused(f"{self.name} is no task plan; mend it, or send it back: planning-kit check says what is wrong with it") from error  # fmt: skip
            assert self._read[1] is not None
            return self._read[1]

    @property
    def findings(self) -> Findings:
        """What the checks say about the plan."""
        return self.step.findings

    def split(
        self, order: int, parts: Mapping[str, Collection[str]], side_by_side: bool = False, by: str = "", seen: str = ""
    ) -> Outcome:
        """Take ``parts`` (name → the files, deliveries and criteria that go into it) out of the maker ``order``; see :func:`changed.split`."""
        cut = [Part(name, tuple(takes)) for name, takes in parts.items()]
        return self._change(
            lambda plan: (changed.split(plan, order, cut, side_by_side), f"Task {_label(plan, order)} is split into {len(cut) + 1}"),
            by, seen,
        )  # fmt: skip

    def merge(self, first: int, second: int, name: str = "", by: str = "", seen: str = "") -> Outcome:
        """Take the maker ``second`` into ``first``; see :func:`changed.merge`."""
        return self._change(
            lambda plan: (changed.merge(plan, first, second, name), f"Task {_label(plan, second)} is merged into {_label(plan, first)}"),
            by, seen,
        )  # fmt: skip

    def move(self, order: int, before: int = 0, by: str = "", seen: str = "") -> Outcome:
        """Put the maker ``order`` in front of the maker ``before``, or behind all of them; see :func:`changed.move`."""
        where = "to the end" if not before else f"in front of {before}"
        return self._change(
            lambda plan: (changed.move(plan, order, before), f"Task {_label(plan, order)} is moved {where}"), by, seen
        )

    def drop(self, order: int, by: str = "", seen: str = "") -> Outcome:
        """Take the maker ``order`` and its critique out; see :func:`changed.drop`."""
        return self._change(
            lambda plan: (changed.drop(plan, order), f"Task {_label(plan, order)} and its critique are dropped"),
            by, seen,
        )  # fmt: skip

    def undo(self, by: str = "", seen: str = "") -> Outcome:
        """Put back the version before the last change by a person; the first one is its author's, with what was approved of it.

        Raises:
            OptionRefused: nothing was changed since it was written.
        """
        with self._lock:
            before = self._before()
            if not before:
                raise OptionRefused(f"nothing was changed in {self.name} since it was written")
            return self._save(self.run.store.version(before) or "", "The last change is taken back", by, seen)

    @property
    def can_undo(self) -> bool:
        """Whether a change by a person can be taken back."""
        return bool(self._before())

    def _before(self) -> str:
        """The digest of the version that the last change began with; going back to a version takes away those after it."""
        shelf = self.run.shelf
        stack: list[str] = []
        for record in shelf.history(self.name):
            digest = str(record.body["digest"])
            if record.kind == "drafted":
                stack = [digest]
            elif len(stack) > 1 and stack[-2] == digest:
                stack.pop()
            elif digest not in stack[-1:]:
                stack.append(digest)
        now = shelf.digest(self.name)
        if stack and now != stack[-1]:
            return stack[-1]
        return stack[-2] if len(stack) > 1 else ""

    def _change(self, do: Callable[[TaskPlan], tuple[TaskPlan, str]], by: str, seen: str) -> Outcome:
        with self._lock:
            before = self.plan
            if seen and seen != self.run.shelf.digest(self.name):
                raise AwaitingApproval(f"{self.name} changed since it was shown; look at it again")
            after, said = do(before)
            if after == before:
                return Outcome("The plan is as it was; nothing is recorded.", self.findings)
            gone = _said([each for names in changed.lost(before, after).values() for each in names])
            return self._save(after.text, f"{said}{f'; nobody delivers any more: {gone}' if gone else ''}", by, seen)

    def _save(self, text: str, said: str, by: str, seen: str) -> Outcome:
        by = by.strip() or who()
        self.step.edit(self.name, text, by, seen or self.run.shelf.digest(self.name))
        found = self.findings
        judged = f"the checks find {view.count(found)}" if found else "the checks find nothing"
        gate = "open, because this is what was approved" if self.step.own_gate.open else "closed until this is approved"
        return Outcome(f"{said}. A new version by {by}; {judged}; the gate '{self.step.name}' is {gate}.", found)

    @property
    def rows(self) -> list[tuple[object, ...]]:
        """The tasks in the columns :data:`COLUMNS`."""
        pairs = Pairs(self.plan)
        critical = set(pairs.by_time[0])
        return [_row(task, pairs, critical) for task in self.plan.tasks]

    @property
    def pictures(self) -> view.Shown:
        """What waits for what, and the schedule; in words the waves and the critical path."""
        words = "\n".join(self.figures)
        drawings = (drawn.graph(self.plan), drawn.gantt(self.plan))
        return view.Shown("".join(view.picture(each, words) for each in drawings), words)

    @property
    def figures(self) -> list[str]:
        """The waves and the critical paths, line by line."""
        pairs = Pairs(self.plan)
        (way, seconds), (hard, points) = pairs.by_time, pairs.by_complexity
        waves = [f"wave {at}: {_said(list(map(str, wave)), 24)}" for at, wave in enumerate(pairs.waves, start=1)]
        return [
            f"{len(pairs):,} makers in {len(waves):,} waves",
            *waves,
            f"critical path by time limits, {took(seconds)}: {_said(list(map(str, way)), 24)}",
            f"critical path by complexity, {points} points: {_said(list(map(str, hard)), 24)}",
        ]


def _row(task: Task, pairs: Pairs, critical: Collection[int]) -> tuple[object, ...]:
    about = task.inputs.preceding_task
    maker = about.task_order if about else task.task_order
    said = task.delivers
    delivers = [each for kind in KINDS for each in getattr(said, kind)] if said else []
    files = [f"{each} ({words})" for field, words in FILES.items() for each in getattr(task.inputs, field) or ()]
    return (
        task.task_order, task.task_name,
        ", ".join(map(str, task.dependencies)), pairs.wave.get(maker), drawn.MARK if maker in critical else "",
        task.complexity.score if task.complexity else None, round(task.timeout_seconds / 60), ", ".join(delivers), ", ".join(files),
        "critique" if about else "maker", task.skill_id,
    )  # fmt: skip


def _label(plan: TaskPlan, order: int) -> str:
    return next((task.label for task in plan.tasks if task.task_order == order), str(order))


def _said(names: list[str], most: int = MOST_SAID) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"
