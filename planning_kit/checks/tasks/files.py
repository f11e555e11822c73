"""Files of a plan and of the codebase: what is modified is there by then, what is created is not."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ..about import About, Code
from ..evidence import cited_in_text
from ..tree import Path
from ..wrong import Wrongs
from .faults import shown
from .pairs import checks_work
from .paths import listed, plain
from .read import Reading


@dataclass
class _Made:
    """Who creates what, task by task in the order of the plan."""

    by: dict[str, int] = field(default_factory=dict)
    """File → place of the task that creates it."""
    done: dict[int, int] = field(default_factory=dict)
    """Place → the places of all tasks that are done before it begins, as bits."""


def looks_at_the_code_first(reading: Reading, about: About) -> Wrongs:
    """Explore the codebase before planning: name patterns_to_follow, as path:line of code that is there, wherever existing files are modified (rule 1)."""
    created: set[str] = set()
    for at, task in enumerate(reading.plan.tasks if reading.plan else ()):
        given = task.inputs
        created |= {plain(each) for each in given.files_to_create or ()}
        existing = [each for each in given.files_to_modify or () if plain(each) not in created]
        path: Path = ("tasks", at, "inputs")
        if existing and not given.patterns_to_follow:
            said = f"modifies {shown(existing[0])}, which no earlier task creates, and names no patterns_to_follow"
            yield reading.wrong(
                (*path, "files_to_modify"), said, "name the existing code it has to look like, as path:line", "warning"
            )
        if about.code is not None and given.patterns_to_follow:
            yield from _cited(reading, (*path, "patterns_to_follow"), given.patterns_to_follow, about.code, created)


def _cited(reading: Reading, path: Path, text: str, code: Code, created: set[str]) -> Wrongs:
    """Each ``path:line`` in ``text`` that is not in the codebase; what an earlier task creates has no lines yet."""
    for file, first, last in cited_in_text(text):
        if file in created:
            continue
        if code.line(file, 1) is None:
            near = code.near(file)
            yield reading.wrong(
                path,
                f"{file} is not in the codebase",
                f"name {near} if that is meant" if near else "name code that is there",
            )
        elif gone := [each for each in (first, last) if code.line(file, each) is None]:
            yield reading.wrong(path, f"{file} has no line {gone[0]}", "name the line that shows the pattern")


def names_files_that_fit(reading: Reading, about: About) -> Wrongs:
    """Modify and test only files that exist in the codebase or that an earlier task creates, and create only files that do not exist, each in one task."""
    tasks = reading.plan.tasks if reading.plan else []
    makers = defaultdict(list)
    for at, task in enumerate(tasks):
        for file in task.inputs.files_to_create or ():
            makers[plain(file)].append(at)
    made = _Made({file: those[0] for file, those in makers.items()}, _done(reading))
    for at, task in enumerate(tasks):
        if checks_work(task):
            continue
        for name, number, file in listed(task):
            path: Path = ("tasks", at, "inputs", name, number)
            if name == "files_to_create":
                yield from _created(reading, path, plain(file), made, about.code)
            else:
                yield from _there(reading, path, plain(file), made, about.code)


def _done(reading: Reading) -> dict[int, int]:
    """Place of a task → the places of all tasks it waits for, themselves or by others, as bits of a number."""
    found: dict[int, int] = {}
    for at, task in enumerate(reading.plan.tasks if reading.plan else ()):
        before = 0
        for each in task.dependencies:
            place = reading.orders.get(each)
            if place is not None and place < at:
                before |= found[place] | 1 << place
        found[at] = before
    return found


def _created(reading: Reading, path: Path, file: str, made: _Made, code: Code | None) -> Wrongs:
    assert reading.plan
    at = int(path[1])
    first = made.by[file]
    if first != at:
        said = f"{shown(file)} is created by task {reading.plan.tasks[first].task_order} already"
        yield reading.wrong(path, said, "put it under files_to_modify here")
    elif code is not None and code.has(file):
        yield reading.wrong(path, f"{shown(file)} exists in the codebase", "put it under files_to_modify")


def _there(reading: Reading, path: Path, file: str, made: _Made, code: Code | None) -> Wrongs:
    """Whether a file that is modified or tested is there by then."""
    assert reading.plan
    at, first = int(path[1]), made.by.get(file)
    does = "tested" if path[3] == "files_to_test" else "modified"
    exists = code.has(file) if code is not None else None
    if exists or first == at:
        return
    if first is not None:
        order = reading.plan.tasks[first].task_order
        if first > at:
            yield reading.wrong(
                path,
                f"{shown(file)} is {does} here and created later, by task {order}",
                "create it before, or move this task behind it",
            )
        elif not made.done[at] >> first & 1:
            said = f"{shown(file)} is created by task {order}, and this task does not wait for it"
            yield reading.wrong(path, said, "wait for the critique of that task", "warning")
    elif code is not None and exists is False:
        near = code.near(file)
        hint = (
            f"name {near} if that is meant"
            if near
            else "put it under files_to_create"
            if does == "modified"
            else "create it in an earlier task"
        )
        yield reading.wrong(path, f"{shown(file)} is not in the codebase, and no earlier task creates it", hint)
    elif code is not None and code.line(file, 1) is None:
        said = f"{shown(file)} is not among the files of the codebase that were shown, and no earlier task creates it"
        yield reading.wrong(path, said, "make sure it is there, or create it in an earlier task", "warning")
