"""What a team works on: the makers of a run's task plan, each with the critiques of its work and the makers it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...assembled import TASKS
from ...document import Document
from ...errors import BadInput, OptionRefused
from ...run import Run
from ...tasks.model import Task, TaskPlan
from ...tasks.pairs import Pairs


@dataclass(frozen=True)
class Piece:
    """A maker and what belongs to it.

    Attributes:
        task: the maker.
        critiques: the tasks that check its work.
        needs: the ``task_order`` of the makers whose checked work it needs.
        wave: with which makers it may be done side by side, from 1.
        critical: whether it lies on the longest way through the plan by time limits.
    """

    task: Task
    critiques: tuple[Task, ...]
    needs: tuple[int, ...]
    wave: int
    critical: bool

    @property
    def order(self) -> int:
        """Its number in the plan."""
        return self.task.task_order


@dataclass(frozen=True)
class Work:
    """The pieces of ``plan``, in its order."""

    plan: TaskPlan

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Every maker. A critique of a task that is not there is a piece of its own, so that nothing is dropped."""
        pairs, about = Pairs(self.plan), self._critiques
        longest = set(pairs.by_time[0])
        found = [
            Piece(
                each.maker, tuple(about.pop(each.order, ())), each.needs, pairs.wave[each.order], each.order in longest
            )
            for each in pairs
        ]
        alone = (Piece(task, (), (), 1, False) for tasks in about.values() for task in tasks)
        return tuple(sorted((*found, *alone), key=lambda piece: piece.order))

    @property
    def _critiques(self) -> dict[int, list[Task]]:
        """The critiques by the number of the task they are about."""
        found: dict[int, list[Task]] = {}
        for task in self.plan.tasks:
            if task.inputs.preceding_task:
                found.setdefault(task.inputs.preceding_task.task_order, []).append(task)
        return found

    @cached_property
    def by_number(self) -> Mapping[int, Piece]:
        """Of each task, maker or critique, the piece it belongs to."""
        return {task.task_order: piece for piece in self.pieces for task in (piece.task, *piece.critiques)}

    @cached_property
    def blocks(self) -> Mapping[int, Sequence[int]]:
        """Of each maker the numbers of those that need its work."""
        found: dict[int, list[int]] = {piece.order: [] for piece in self.pieces}
        for piece in self.pieces:
            for each in piece.needs:
                found[each].append(piece.order)
        return found


def documents(run: Run) -> tuple[Document, ...]:
    """What ``run`` has written, in the order of its phases; once what one phase begins and another goes on with."""
    return tuple({each.name: each for phase in run.phases for each in phase.documents}.values())


def work(run: Run, way: str) -> Work:
    """The work that ``run`` planned.

    Args:
        run: the run.
        way: the format it is wanted for, as it is said with ``--format``.

    Raises:
        OptionRefused: the run has no task plan.
        BadInput: its task plan cannot be read; says what to do.
    """
    if found := planned(run):
        return found
    if _owed(run):
        raise OptionRefused(
            f"the task plan of {run.address} is not written yet; 'planning-kit resume {run.address}' has it written"
        )
    raise OptionRefused(
        f"--format {way} hands over tasks, and {run.address} has no task plan; the recipes {' and '.join(run.catalog.building(TASKS))} write one, "
        f"and 'planning-kit run BRIEF --recipe task-plan --from {run.address}' plans the tasks of what is designed here"
    )


def planned(run: Run) -> Work | None:
    """The work that ``run`` planned, if it has a task plan.

    Raises:
        BadInput: its task plan cannot be read.
    """
    name = _owed(run)
    document = next((each for each in documents(run) if each.name == name), None)
    if document is None:
        return None
    try:
        return Work(TaskPlan.read(document.text))
    except (ValueError, RecursionError) as error:
        place = run.shelf.path(document.name)
        raise BadInput(f"{place} is no task plan; 'planning-kit check {place}' says what is wrong with it") from error


def _owed(run: Run) -> str:
    """The document that is the task plan of a run, written or not; empty when its recipe has none."""
    duties = (duty for step in run.phases for duty in step.duties)
    return next((duty.document for duty in duties if duty.seat.builds == TASKS), "")
