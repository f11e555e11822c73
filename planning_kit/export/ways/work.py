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
from ...tasks.waves import waves


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
        orders = {task.task_order for task in self.plan.makers}
        of = {task.task_order: about for task in self.plan.tasks if (about := _about(task)) in orders}
        critiques: dict[int, list[Task]] = {}
        for task in self.plan.tasks:
            critiques.setdefault(of.get(task.task_order, 0), []).append(task)
        makers = critiques.pop(0, [])
        needs = {task.task_order: _needed(task, of) for task in makers}
        at = {each: number for number, wave in enumerate(waves(needs), start=1) for each in wave}
        longest = set(self.plan.critical_path.by_timeout.tasks) if self.plan.critical_path else set()
        return tuple(
            Piece(
                task, tuple(critiques.get(task.task_order, ())), tuple(each for each in needs[task.task_order] if each in needs),
                at[task.task_order], task.task_order in longest,
            )
            for task in makers
        )  # fmt: skip

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


def _needed(task: Task, of: Mapping[int, int]) -> tuple[int, ...]:
    """The makers whose work, or the critique of it, ``task`` waits for."""
    return tuple(dict.fromkeys(order for each in task.dependencies if (order := of.get(each, each)) != task.task_order))


def _about(task: Task) -> int:
    return task.inputs.preceding_task.task_order if task.inputs.preceding_task else 0


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


def minutes(seconds: int) -> str:
    """A time limit in words: ``1 h 30 min``."""
    hours, rest = divmod(-(-seconds // 60), 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part) or "1 min"
