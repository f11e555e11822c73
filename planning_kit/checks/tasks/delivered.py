"""Nothing is dropped between design and plan: what the documents decide is delivered by a task, and what is delivered was decided."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ... import ids
from ...document import Document
from ...tasks.model import Delivers, TaskPlan
from ..about import About
from ..agreement import words
from ..artefact import of_kind
from ..wrong import Wrongs
from .design import Design, Owed, alike, design
from .read import Reading, read

_CUT = 40
"""So many characters of a threat or an indicator have to be the same for one that was cut to be the other."""


_MOST_HINTS = 20
"""So many unknown names of a kind are told what they may mean."""


@dataclass(frozen=True)
class _Kind:
    """A kind of what is owed: its ``field`` of ``delivers``, what one is called, and what makes two names one thing."""

    field: str
    called: str
    same: Callable[[str], str]


def _operation(name: str) -> str:
    method, _, path = _bare(name).partition(" ")
    return f"{method.upper()} {words.path(path.strip())}"


def _bare(name: str) -> str:
    """A method and a path without marks, its letters as they are."""
    return " ".join(name.replace("`", "").replace("*", "").split())


_KINDS = (
    _Kind("operations", "operation", _operation),
    _Kind("tables", "table", words.entity),
    _Kind("mitigations", "threat", alike),
    _Kind("service_levels", "service level", alike),
)


def delivers_the_design(document: Document, about: About) -> Wrongs:
    """Have each operation, table, threat mitigation, service level and functional requirement of the documents delivered by a maker, under the name it has there, and nothing that they do not hold."""
    artefact = next(iter(of_kind(document, "task-plan")), None)
    others = tuple(each for each in about.beside if each.name != document.name)
    if artefact is None or not others or (reading := read(artefact.text)).plan is None:
        return
    for each in _found(reading, reading.plan, design(others), about):
        yield each._replace(line=each.line + artefact.line - 1 if each.line else 0)


def _found(reading: Reading, plan: TaskPlan, decided: Design, about: About) -> Wrongs:
    told = [(at, task.delivers) for at, task in enumerate(plan.tasks) if task.delivers and not task.critique]
    some = [kind for kind in _KINDS if getattr(decided, kind.field)]
    if some and not told:
        said = "no task says what it delivers of the documents"
        yield reading.wrong(("tasks",), said, "give each maker 'delivers': " + ", ".join(kind.field for kind in some))
    else:
        for kind in some:
            yield from _compared(reading, told, kind, getattr(decided, kind.field))
        yield from _required(reading, told, decided.requirements, about.passages)
    yield from _endpoints(reading, plan, decided)
    yield from _models(reading, plan, decided)


def _compared(reading: Reading, told: list[tuple[int, Delivers]], kind: _Kind, owed: Iterable[Owed]) -> Wrongs:
    """What is owed and delivered by nobody, and what is delivered and owed by nothing."""
    named = {kind.same(each.name): each for each in owed}
    met = set()
    hinted = 0
    for at, delivers in told:
        for number, name in enumerate(getattr(delivers, kind.field)):
            if (key := _meant(kind.same(name), named, kind)) is not None:
                met.add(key)
                continue
            near = _near(name, named) if hinted < _MOST_HINTS else []
            hinted += 1
            hint = f"write '{near[0]}'" if near else "leave it out, or decide it in the document first"
            path = ("tasks", at, "delivers", kind.field, number)
            where = next(iter(named.values())).document
            yield reading.wrong(
                path, f"no document decides the {kind.called} {_shown(name)}; those of {where} are what counts", hint
            )
    for key, each in named.items():
        if key not in met:
            said = f"no task delivers the {kind.called} {_shown(each.name)} ({each.document}:{each.line} decides it)"
            hint = f"name it in 'delivers.{kind.field}' of the maker that builds it, or add one"
            yield reading.wrong(("tasks",), said, hint)


def _near(name: str, named: dict[str, Owed]) -> list[str]:
    return difflib.get_close_matches(name[:200], [each.name for each in named.values()][:1_000], n=1, cutoff=0.75)


def _meant(key: str, named: dict[str, Owed], kind: _Kind) -> str | None:
    """The key of what a delivered name means; a threat may be cut or whole, a service level without its objective."""
    if key in named or kind.same is not alike:
        return key if key in named else None
    for each in named:
        whole = len(key) >= _CUT and len(each) >= _CUT and (key.startswith(each) or each.startswith(key))
        if whole or (kind.field == "service_levels" and key == each.rpartition(": ")[0]):
            return each
    return None


def _required(
    reading: Reading, told: list[tuple[int, Delivers]], owed: tuple[Owed, ...], passages: frozenset[str]
) -> Wrongs:
    """Functional requirements that no maker names, and requirements and passages that nothing defines."""
    there = {each.name for each in owed}
    met = set()
    for at, delivers in told:
        for number, said in enumerate(delivers.requirements):
            name = said.strip("`[] ")
            met.add(name)
            lost = (there and ids.ID.fullmatch(name) and name not in there) or (
                passages and re.fullmatch(r"P\d+", name) and name not in passages
            )
            if lost:
                what = "requirement" if ids.ID.fullmatch(name) else "passage of the brief"
                path = ("tasks", at, "delivers", "requirements", number)
                yield reading.wrong(path, f"there is no {what} {name}", "name one that is there, or leave it out")
    for each in owed:
        if each.name.startswith("FR-") and each.name not in met:
            said = f"no task names the requirement {each.name} ({each.document}:{each.line})"
            yield reading.wrong(("tasks",), said, "name it in 'delivers.requirements' of the maker that meets it", "warning")  # fmt: skip


def _endpoints(reading: Reading, plan: TaskPlan, decided: Design) -> Wrongs:
    """Whether the plan's endpoints are those of the documents, each with who may call it."""
    if not decided.endpoints:
        return
    owed = {
        _operation(each.name): (each, where) for each, where in zip(decided.endpoints, decided.operations, strict=True)
    }
    seen = set()
    for at, each in enumerate(plan.architecture.endpoints):
        path = ("architecture", "endpoints", at)
        if (key := _operation(each.name)) not in owed:
            yield reading.wrong(path, f"no document has the operation {_shown(each.name)}", "take it out, or add it to the OpenAPI document first")  # fmt: skip
        elif each.auth != owed[key][0].auth:
            right, where = owed[key]
            said = f"{each.name} is '{each.auth}' here and '{right.auth}' in {where.document}:{where.line}"
            yield reading.wrong((*path, "auth"), said, f"write '{right.auth}'")
        seen.add(key)
    for key, (right, where) in owed.items():
        if key not in seen:
            said = f"lacks the operation {right.name} ({where.document}:{where.line})"
            yield reading.wrong(("architecture", "endpoints"), said, f"add it: purpose '{right.purpose}', auth '{right.auth}'")  # fmt: skip


def _models(reading: Reading, plan: TaskPlan, decided: Design) -> Wrongs:
    """Whether the plan's data models are the tables of the documents."""
    owed = {words.entity(each.name): each for each in decided.tables}
    seen = set()
    for at, each in enumerate(plan.architecture.data_models if owed else ()):
        seen.add(words.entity(each.table))
        if words.entity(each.table) not in owed:
            path = ("architecture", "data_models", at)
            yield reading.wrong(path, f"no document has the table {_shown(each.table)}", "take it out, or add it to the data model first")  # fmt: skip
    for key, table in owed.items():
        if key not in seen:
            said = f"lacks the table {table.name} ({table.document}:{table.line})"
            yield reading.wrong(("architecture", "data_models"), said, "add it with its key fields")


def _shown(name: str) -> str:
    line = " ".join(name.split())
    return f"'{line if len(line) <= 100 else line[:99] + '…'}'"
