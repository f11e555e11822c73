"""Maker and critique: one right behind the other, and the critique knows what it checks and by what."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from ...aside import Spent, Undone, call
from ...tasks.built import VERDICT
from ...tasks.model import Criteria, Task
from ..about import About
from ..tree import Path
from ..wrong import Wrongs
from .faults import shown
from .read import Reading

_COPIED = ("task_order", "skill_id", "task_name", "description")


def checks_work(task: Task) -> bool:
    """Whether ``task`` is a critique, by what it is given or by its skill, even if what it is about was left out; a maker may be told the request too."""
    given = task.inputs
    if task.critique or "critique" in task.skill_id.lower():
        return True
    told = given.original_prompt is not None or given.validation_criteria is not None
    return told and given.requirements is None and not given.files


def puts_a_critique_behind_each_maker(reading: Reading, about: About) -> Wrongs:
    """Put right behind each maker the critique that checks it, and a critique nowhere else (rule 5)."""
    tasks = reading.plan.tasks if reading.plan else []
    kinds = [checks_work(task) for task in tasks]
    for at, task in enumerate(tasks):
        if not kinds[at] and (at + 1 == len(tasks) or not kinds[at + 1]):
            said = "no critique stands right behind this maker"
            hint = f"put behind it a task whose inputs.preceding_task is task {task.task_order}, or move its critique there"
            yield reading.wrong(("tasks", at), said, hint)
        if kinds[at] and (at == 0 or kinds[at - 1]):
            said = "this critique stands behind " + ("no task" if at == 0 else "another critique")
            yield reading.wrong(("tasks", at), said, "put it right behind the maker it checks; one critique a maker")


def tells_each_critique_what_it_checks(reading: Reading, about: About) -> Wrongs:
    """Give each critique its preceding_task, copied word for word: number, skill, name and description of the maker before it (rule 7)."""
    for at, task in _critiques(reading):
        preceding = task.inputs.preceding_task
        path: Path = ("tasks", at, "inputs", "preceding_task")
        if preceding is None:
            yield reading.wrong(path[:-1], "this critique has no preceding_task", "add it: task_order, skill_id, task_name and description of the task before it")  # fmt: skip
            continue
        maker = checked(reading, at)
        if maker is None:
            continue
        if maker is not _before(reading, at):
            said = f"is about task {maker.task_order}, and {_standing(reading, at)} stands right before it"
            yield reading.wrong(path, said, f"put this critique right behind task {maker.task_order}")
        for name in _COPIED:
            said, right = getattr(preceding, name), getattr(maker, name)
            if said != right:
                what = _differs(said, right, f"task {maker.task_order}")
                yield reading.wrong((*path, name), what, "copy it from there word for word")


def copies_the_criteria(reading: Reading, about: About) -> Wrongs:
    """Copy the maker's validation_criteria into its critique's inputs word for word (rule 8)."""
    for at, task in _critiques(reading):
        copied = task.inputs.validation_criteria
        path: Path = ("tasks", at, "inputs", "validation_criteria")
        if copied is None:
            yield reading.wrong(
                path[:-1], "this critique has no validation_criteria to check by", "copy those of the task before it"
            )
            continue
        maker = checked(reading, at)
        if maker is not None and copied != maker.validation_criteria:
            yield from _criteria(reading, path, copied, maker)


def _criteria(reading: Reading, path: Path, copied: Criteria, maker: Task) -> Wrongs:
    where = f"task {maker.task_order}"
    for level in ("critical", "expected", "nice_to_have"):
        said, right = getattr(copied, level), getattr(maker.validation_criteria, level)
        lacks = [each for each in right if each not in said]
        more = [number for number, each in enumerate(said) if each not in right]
        if lacks and not more:
            count = f" and {len(lacks) - 1} more" if len(lacks) > 1 else ""
            yield reading.wrong(
                (*path, level),
                f"lacks {shown(lacks[0])}{count}, which {where} has",
                "copy the list from there as it stands",
            )
        elif more and not lacks:
            yield reading.wrong(
                (*path, level, more[0]),
                f"{shown(said[more[0]])} is no criterion of {where}",
                "leave it out, or add it there too",
            )
        elif more:
            yield reading.wrong(
                (*path, level, more[0]), _differs(said[more[0]], lacks[0], where), "copy it from there word for word"
            )
        elif said != right:
            yield reading.wrong((*path, level), f"has the criteria of {where} in another order, or one of them twice", "copy the list from there as it stands")  # fmt: skip


def tells_every_critique_the_same_request(reading: Reading, about: About) -> Wrongs:
    """Give every critique the user's request as original_prompt, the same words in each."""
    said_by = Counter(task.inputs.original_prompt for _, task in _critiques(reading) if task.inputs.original_prompt)
    usual = max(said_by, key=lambda each: said_by[each], default="")
    for at, task in _critiques(reading):
        said = task.inputs.original_prompt
        path: Path = ("tasks", at, "inputs", "original_prompt")
        if said is None:
            yield reading.wrong(
                path[:-1], "this critique has no original_prompt", "add what the user asked for, word for word"
            )
        elif said != usual:
            others = next(task.task_order for _, task in _critiques(reading) if task.inputs.original_prompt == usual)
            what = _differs(said, usual, f"critique {others}")
            yield reading.wrong(path, what, "give all critiques the same words")


def names_what_a_critique_judges(reading: Reading, about: About) -> Wrongs:
    """Where critiques_tasks is given, have it name the maker right before the critique, and only in a critique."""
    for at, task in enumerate(reading.plan.tasks if reading.plan else ()):
        if task.critiques_tasks is None:
            continue
        path: Path = ("tasks", at, "critiques_tasks")
        maker = checked(reading, at)
        if not checks_work(task):
            yield reading.wrong(path, "a maker judges no task", "leave it out")
        elif maker is not None and task.critiques_tasks != [maker.task_order]:
            yield reading.wrong(
                path,
                f"is {task.critiques_tasks}, and the task it checks is {maker.task_order}",
                f"write [{maker.task_order}]",
            )


def asks_for_a_verdict(reading: Reading, about: About) -> Wrongs:
    """Where verdict_schema is given, have it be a JSON Schema that requires a verdict."""
    known: dict[str, tuple[tuple[Path, str, str], ...]] = {}
    for at, task in enumerate(reading.plan.tasks if reading.plan else ()):
        schema = task.verdict_schema
        if schema is not None and not checks_work(task):
            yield reading.wrong(("tasks", at, "verdict_schema"), "a maker gives no verdict", "leave it out", "warning")
        if schema is None or schema == VERDICT:
            continue
        text = json.dumps(schema, sort_keys=True)
        if text not in known:
            known[text] = tuple(_schema_faults(schema, text))
        for path, said, hint in known[text]:
            yield reading.wrong(("tasks", at, "verdict_schema", *path), said, hint)


def _schema_faults(schema: dict[str, Any], text: str) -> Iterator[tuple[Path, str, str]]:
    try:
        found = call("planning_kit.checks.schemas:faults", text, "json")
    except Spent:
        raise
    except Undone as why:
        yield (), f"could not be read as a JSON Schema: {why}", "make it smaller"
        return
    broken = [(message, hint) for rule, _, _, message, hint, severity in found if severity == "error"]
    for message, hint in broken:
        yield (), f"is no JSON Schema: {message}", hint
    if not broken and not _requires(schema):
        yield (
            (),
            "allows an answer without a verdict",
            'write "required": ["verdict"], and \'verdict\' under properties',
        )


def _requires(schema: dict[str, Any]) -> bool:
    """Whether ``schema``, or a part it is put together of, requires something named ``verdict``; what refers elsewhere is believed."""
    required = schema.get("required")
    if isinstance(required, list) and any("verdict" in str(each).lower() for each in required):
        return True
    parts = {name: [isinstance(each, dict) and _requires(each) for each in _listed(schema.get(name))] for name in ("allOf", "anyOf", "oneOf")}  # fmt: skip
    return (
        "$ref" in schema or any(parts["allOf"]) or any(each and all(each) for each in (parts["anyOf"], parts["oneOf"]))
    )


def _critiques(reading: Reading) -> Iterator[tuple[int, Task]]:
    return ((at, task) for at, task in enumerate(reading.plan.tasks if reading.plan else ()) if checks_work(task))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def checked(reading: Reading, at: int) -> Task | None:
    """The maker that the critique at ``at`` is about: the one it names by number and name, else the one right before it, if there is one."""
    tasks = reading.plan.tasks if reading.plan else []
    preceding = tasks[at].inputs.preceding_task
    place = reading.orders.get(preceding.task_order) if preceding else None
    if (
        preceding
        and place is not None
        and tasks[place].task_name == preceding.task_name
        and not checks_work(tasks[place])
    ):
        return tasks[place]
    return _before(reading, at)


def _before(reading: Reading, at: int) -> Task | None:
    """The maker right before the task at ``at``; nothing where none stands there, which is told by itself."""
    tasks = reading.plan.tasks if reading.plan else []
    return tasks[at - 1] if at and not checks_work(tasks[at - 1]) else None


def _standing(reading: Reading, at: int) -> str:
    return f"task {reading.plan.tasks[at - 1].task_order}" if at and reading.plan else "no task"


def _differs(said: Any, right: Any, where: str) -> str:
    """How a copy differs, around the first character that does."""
    if not isinstance(said, str) or not isinstance(right, str) or len(said) < 50 > len(right):
        return f"is {shown(said)}, and {where} has {shown(right)}"
    same = next(
        (at for at, (one, other) in enumerate(zip(said, right, strict=False)) if one != other),
        min(len(said), len(right)),
    )
    start = max(0, same - 15)
    one, other = (("…" if start else "") + each[start : same + 25] for each in (said, right))
    return f"differs from {where} from character {same + 1} on: {shown(one)} instead of {shown(other)}"
