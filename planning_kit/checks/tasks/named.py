"""Names of a plan: each there once, and what makers deliver is what the architecture has, all of it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping

from ...tasks.model import Task
from ..about import About
from ..tree import Path
from ..wrong import Wrongs
from .faults import nearest, shown
from .pairs import checks_work
from .read import Reading

_PARAMETER = re.compile(r"\{[^{}/]{0,80}\}|(?<=/):\w{1,80}|<[^<>/]{0,80}>")
"""A parameter of a path; ``:cancel`` behind something else is a method of its own (``/orders/{id}:cancel``)."""


def names_each_thing_once(reading: Reading, about: About) -> Wrongs:
    """Give each task, endpoint and data model a name of its own."""
    plan = reading.plan
    if plan is None:
        return
    models = plan.architecture.data_models
    makers = {each.task_name for each in plan.tasks if not checks_work(each)}
    tasks = ((("tasks", at, "task_name"), each.task_name) for at, each in enumerate(plan.tasks) if each.task_name in makers)  # fmt: skip
    yield from _twice(reading, tasks, "task")
    yield from _twice(
        reading,
        (((*_ENDPOINTS, at), operation(each.name)) for at, each in enumerate(plan.architecture.endpoints)),
        "endpoint",
    )
    yield from _twice(
        reading, (((*_MODELS, at, "name"), each.name) for at, each in enumerate(models)), "the name of data model"
    )
    yield from _twice(
        reading,
        (((*_MODELS, at, "table"), each.table) for at, each in enumerate(models)),
        "the table of data model",
        "warning",
    )  # two models may be kept in one table


_ENDPOINTS: Path = ("architecture", "endpoints")
_MODELS: Path = ("architecture", "data_models")


def _twice(reading: Reading, named: Iterable[tuple[Path, str]], what: str, severity: str = "error") -> Wrongs:
    first: dict[str, int] = {}
    for number, (path, name) in enumerate(named):
        if name in first:
            said = f"{shown(name)} is {what} {first[name] + 1} too"
            yield reading.wrong(path, said, "leave one out, or name it otherwise", severity)
        first.setdefault(name, number)


def delivers_its_architecture(reading: Reading, about: About) -> Wrongs:
    """Where makers say which operations or tables they deliver, deliver all of the plan's own architecture, and nothing it does not have."""
    plan = reading.plan
    if plan is None:
        return
    endpoints = {operation(each.name): (*_ENDPOINTS, at) for at, each in enumerate(plan.architecture.endpoints)}
    tables = {_table(each.table): (*_MODELS, at) for at, each in enumerate(plan.architecture.data_models)}
    called = {_table(each.table): each.table for each in plan.architecture.data_models}
    names = {operation(each.name): each.name for each in plan.architecture.endpoints}
    delivered: set[str] = set()
    kept: set[str] = set()
    for at, task in enumerate(plan.tasks):
        if task.delivers is None:
            continue
        if checks_work(task):
            yield from _critique_delivers(reading, at, task)
            continue
        operations = [operation(each) for each in task.delivers.operations]
        yield from _unknown(
            reading, ("tasks", at, "delivers", "operations"), operations, task.delivers.operations, names, "endpoint"
        )
        yield from _unknown(
            reading,
            ("tasks", at, "delivers", "tables"),
            map(_table, task.delivers.tables),
            task.delivers.tables,
            called,
            "table",
        )
        delivered |= set(operations)
        kept |= set(map(_table, task.delivers.tables))
    told = {kind for task in plan.makers if task.delivers for kind in task.delivers.model_fields_set}
    if "operations" in told:
        yield from _undelivered(reading, endpoints, delivered, names, "operations")
    if "tables" in told:
        yield from _undelivered(
            reading, tables, kept, {name: f"the table {shown(said)}" for name, said in called.items()}, "tables"
        )


def _undelivered(
    reading: Reading, there: Mapping[str, Path], delivered: Container[str], words: Mapping[str, str], field: str
) -> Wrongs:
    """What of the architecture is ``there`` and not ``delivered``, each in ``words``."""
    for name, path in there.items():
        if name not in delivered:
            hint = f"add it to delivers.{field} of the maker that builds it"
            yield reading.wrong(path, f"no maker delivers {words[name]}", hint)


def _critique_delivers(reading: Reading, at: int, task: Task) -> Wrongs:
    if task.delivers and any(task.delivers.model_dump().values()):
        yield reading.wrong(
            ("tasks", at, "delivers"), "a critique delivers nothing: its maker does", "leave it out", "warning"
        )


def _unknown(
    reading: Reading, path: Path, folded: Iterable[str], said: Iterable[str], known: Mapping[str, str], what: str
) -> Wrongs:
    for number, (name, written) in enumerate(zip(folded, said, strict=True)):
        if name not in known:
            near = nearest(name, known) if len(known) <= 500 else ""
            hint = (
                f"write {shown(known[near] or near)}"
                if near
                else f"name {what}s of the plan's architecture only, or add it there"
            )
            yield reading.wrong((*path, number), f"the architecture has no {what} {shown(written)}", hint)


def _table(name: str) -> str:
    """``"Orders"`` and ``orders`` are one table."""
    return re.sub(r'["`\[\]]', "", name).strip().casefold()


def operation(name: str) -> str:
    """``post /orders/{id}/`` and ``POST /orders/{order_id}`` are one operation."""
    method, _, path = name.strip().partition(" ")
    return f"{method.upper()} {_PARAMETER.sub('{}', path.strip()).rstrip('/') or '/'}"
