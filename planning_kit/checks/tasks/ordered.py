"""The order of the tasks: counted from one, each after what it needs, side by side only what may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ...tasks.model import Path as Way
from ...tasks.model import Task
from ...tasks.waves import longest, waves
from ..about import About
from ..tree import Path
from ..wrong import Wrongs
from .pairs import checked, checks_work
from .read import Reading

MOST_NAMED = 8
"""How many numbers are named in one sentence."""


def counts_its_tasks_from_one(reading: Reading, about: About) -> Wrongs:
    """Number the tasks 1, 2, 3 … in the order they stand in (rule 6)."""
    wrong = [(at, task) for at, task in enumerate(_tasks(reading)) if task.task_order != at + 1]
    if wrong:
        at, task = wrong[0]
        more = (
            f", and {len(wrong) - 1} more {'is' if len(wrong) == 2 else 'are'} out of order" if len(wrong) > 1 else ""
        )
        said = f"is {task.task_order} where {at + 1} follows{more}"
        yield reading.wrong(("tasks", at, "task_order"), said, "number the tasks from 1 in the order they stand in")


def waits_for_earlier_tasks(reading: Reading, about: About) -> Wrongs:
    """Name under dependencies only earlier tasks, each once; a critique waits for its maker, a maker for the critiques of what it needs."""
    tasks = _tasks(reading)
    for at, task in enumerate(tasks):
        seen: set[int] = set()
        for number, each in enumerate(task.dependencies):
            path: Path = ("tasks", at, "dependencies", number)
            if each in seen:
                yield reading.wrong(path, f"task {each} is named twice", "leave one out")
            elif each not in reading.orders:
                yield reading.wrong(path, f"there is no task {each}", f"name tasks from 1 to {len(tasks)}")
            elif each == task.task_order:
                yield reading.wrong(path, "the task waits for itself", "leave it out")
            elif each > task.task_order:
                yield reading.wrong(
                    path, f"task {each} comes later", "name earlier tasks only, or move this one behind it"
                )
            elif not checks_work(task) and not checks_work(tasks[reading.orders[each]]):
                hint = (
                    f"wait for its critique, task {each + 1}" if each + 1 in reading.orders else "wait for its critique"
                )
                yield reading.wrong(path, f"task {each} is a maker, whose work nobody has checked yet", hint, "warning")
            seen.add(each)
        maker = checked(reading, at) if checks_work(task) else None
        if maker is not None and maker.task_order not in seen:
            said = f"does not name task {maker.task_order}, which it checks"
            yield reading.wrong(("tasks", at, "dependencies"), said, f"add {maker.task_order}")


def waits_in_no_circle(reading: Reading, about: About) -> Wrongs:
    """Let no tasks wait for each other in a circle."""
    needs = {
        task.task_order: [each for each in task.dependencies if each in reading.orders] for task in _tasks(reading)
    }
    if all(each < order for order, those in needs.items() for each in those):
        return
    for circle in _circles(needs):
        said = " → ".join(map(str, [*circle[:MOST_NAMED], *(["…"] if len(circle) > MOST_NAMED else []), circle[0]]))
        path: Path = ("tasks", reading.orders[circle[0]], "dependencies")
        yield reading.wrong(
            path, f"tasks wait for each other in a circle: {said}", "take out the dependency on the later task"
        )


def _circles(needs: Mapping[int, Sequence[int]]) -> Iterator[list[int]]:
    """One circle for each way back that a walk through ``needs`` finds; without recursion, each task entered once."""
    done: set[int] = set()
    for start in sorted(needs):
        if start in done:
            continue
        way = [start]
        place = {start: 0}
        left = [iter(needs[start])]
        while left:
            for each in left[-1]:
                if each in place:
                    if each != way[-1]:  # waiting for itself is told by itself
                        yield way[place[each] :]
                elif each not in done:
                    place[each] = len(way)
                    way.append(each)
                    left.append(iter(needs[each]))
                    break
            else:
                left.pop()
                done.add(gone := way.pop())
                del place[gone]


def is_layered_as_its_tasks_are(reading: Reading, about: About) -> Wrongs:
    """Where waves and critical_path are given, have them be what follows from dependencies, time limits and complexity."""
    plan = reading.plan
    if plan is None or not in_order(reading):
        return
    needs = {task.task_order: task.dependencies for task in plan.tasks}
    if plan.waves is not None:
        yield from _waves(reading, plan.waves, [set(wave) for wave in waves(needs)])
    if plan.critical_path is not None:
        times = {task.task_order: task.timeout_seconds for task in plan.tasks}
        points = {task.task_order: task.complexity.score if task.complexity else 0 for task in plan.tasks}
        yield from _longest(reading, "by_timeout", plan.critical_path.by_timeout, needs, times)
        yield from _longest(reading, "by_complexity", plan.critical_path.by_complexity, needs, points)


def _waves(reading: Reading, said: Sequence[Sequence[int]], right: Sequence[set[int]]) -> Wrongs:
    for at, (wave, those) in enumerate(zip(said, right, strict=False)):
        if len(wave) != len(set(wave)):
            yield reading.wrong(("waves", at), "names a task twice", "name each task once")
            return
        if set(wave) != those:
            lacks, more = sorted(those - set(wave)), sorted(set(wave) - those)
            told = [f"lacks {_listed(lacks)}"] if lacks else []
            told += (
                [f"has {_listed(more)}, which {'belongs' if len(more) == 1 else 'belong'} elsewhere"] if more else []
            )
            yield reading.wrong(
                ("waves", at), f"{' and '.join(told)}, by the tasks' dependencies", _anew("waves", sorted(those))
            )
            return
    if len(said) != len(right):
        yield reading.wrong(
            ("waves",),
            f"has {len(said)} waves, and the dependencies make {len(right)}",
            "leave waves out, or build them anew",
        )


def _longest(
    reading: Reading, name: str, said: Way, needs: Mapping[int, Sequence[int]], weights: Mapping[int, int]
) -> Wrongs:
    right, total = longest(needs, weights)
    path: Path = ("critical_path", name)
    hint = _anew("critical_path", right, f" with the total {total}")
    if unknown := [each for each in said.tasks if each not in needs]:
        yield reading.wrong((*path, "tasks"), f"there is no task {unknown[0]}", hint)
    elif apart := [
        (one, other) for one, other in zip(said.tasks, said.tasks[1:], strict=False) if one not in needs[other]
    ]:
        yield reading.wrong((*path, "tasks"), f"task {apart[0][1]} does not wait for task {apart[0][0]}", hint)
    elif said.total != total:
        yield reading.wrong((*path, "total"), f"is {said.total}, and the longest way is {total}", hint)
    elif sum(weights[each] for each in said.tasks) != total:
        yield reading.wrong((*path, "tasks"), f"these tasks come to {sum(weights[each] for each in said.tasks)}, and the longest way to {total}", hint)  # fmt: skip


def keeps_side_by_side_apart(reading: Reading, about: About) -> Wrongs:
    """Let two makers that may be done at the same time not write the same file."""
    plan = reading.plan
    if plan is None or not in_order(reading):
        return
    severity = (
        "error" if plan.waves is not None else "warning"
    )  # without waves the tasks may be meant one after the other
    for wave in waves({task.task_order: task.dependencies for task in plan.tasks}):
        writer: dict[str, int] = {}
        for order in wave:
            task = plan.tasks[order - 1]
            for name, number, file in written(task):
                other = writer.setdefault(file, order)
                if other != order:
                    said = f"{file} is written by task {other} too, and nothing keeps the two from being done at the same time"
                    hint = f"have one wait for the other's critique: add {other + 1} to its dependencies; or give the file to one of them"
                    yield reading.wrong(("tasks", order - 1, "inputs", name, number), said, hint, severity)


def written(task: Task) -> Iterator[tuple[str, int, str]]:
    """The files a task writes: the input's name, the place in it, and the file without a leading ``./``."""
    for name in ("files_to_create", "files_to_modify"):
        for number, file in enumerate(getattr(task.inputs, name) or ()):
            yield name, number, file.removeprefix("./")


def in_order(reading: Reading) -> bool:
    """Whether the tasks are counted from one and each waits for earlier ones only, so that more can be said of their order."""
    for at, task in enumerate(_tasks(reading)):
        if task.task_order != at + 1 or any(not 0 < each <= at for each in task.dependencies):
            return False
    return True


def _tasks(reading: Reading) -> Sequence[Task]:
    return reading.plan.tasks if reading.plan else ()


def _anew(name: str, right: Sequence[int], more: str = "") -> str:
    """What mends something that follows from the tasks; only a list short enough to be named whole can be written."""
    out = f"leave {name} out"
    return (
        f"{out}: it follows from the tasks" if len(right) > MOST_NAMED else f"write [{_listed(right)}]{more}, or {out}"
    )


def _listed(numbers: Sequence[int]) -> str:
    some = ", ".join(map(str, numbers[:MOST_NAMED]))
    return some + (" …" if len(numbers) > MOST_NAMED else "")
