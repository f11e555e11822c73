"""One maker made several, or two made one: who takes which files, deliveries and criteria."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import OptionRefused, nearest
from .model import Complexity, Criteria, Delivers, Inputs, Task
from .pairs import FILES, KINDS, LEVELS

_MINUTE = 60
_LONGEST = 604_800
"""The longest time limit there can be, in seconds: a week."""
_HARDEST = 10


@dataclass(frozen=True)
class Part:
    """What becomes a task of its own.

    Attributes:
        name: what it is called.
        takes: the files, deliveries and criteria that go into it, named as the task names them.
        description: what it does; by default what the whole task did.
    """

    name: str
    takes: Collection[str]
    description: str = ""


def items(maker: Task) -> Iterator[tuple[str, str]]:
    """What of ``maker`` can be shared out: each with the field it stands in."""
    for holder, fields in ((maker.inputs, FILES), (maker.delivers, KINDS), (maker.validation_criteria, LEVELS)):
        for field in fields:
            yield from ((field, each) for each in (getattr(holder, field, None) or ()))


def parted(maker: Task, parts: Sequence[Part], side_by_side: bool = False) -> tuple[Task, ...]:
    """``maker`` without what ``parts`` take, then each part; they have its number and its needs.

    Raises:
        OptionRefused: the parts do not fit ``maker``; says which and why.
    """
    _fit(maker, parts)
    taken = {each for part in parts for each in part.takes}
    left = frozenset(each for _, each in items(maker) if each not in taken)
    shares = [left, *(frozenset(part.takes) for part in parts)]
    weights = [_weight(maker, each) for each in shares]
    made = []
    for part, own, weight in zip((None, *parts), shares, weights, strict=True):
        made.append(_cut(maker, part, own, taken, weight / max(1, sum(weights))))
    _workable(maker, made, side_by_side)
    return tuple(made)


def _fit(maker: Task, parts: Sequence[Part]) -> None:
    names = {each for _, each in items(maker)}
    if not parts:
        raise OptionRefused(f"say what becomes a task of its own: a name, and what of task {maker.label} goes into it")
    seen: set[str] = {maker.task_name}
    given: set[str] = set()
    for part in parts:
        if not part.name.strip():
            raise OptionRefused(f"each part of task {maker.label} needs a name")
        if part.name in seen:
            raise OptionRefused(f"'{part.name}' is called like another part of task {maker.label}; give it a name of its own")  # fmt: skip
        if not part.takes:
            raise OptionRefused(f"say which files, deliveries or criteria of task {maker.label} go into '{part.name}'")
        for each in part.takes:
            if each not in names:
                raise OptionRefused(f"task {maker.label} has no '{each}'{nearest(each, names)}")
            if each in given:
                raise OptionRefused(f"'{each}' can go into one part only")
        seen.add(part.name)
        given |= set(part.takes)
    if not [name for field, name in items(maker) if field not in LEVELS and name not in given]:
        raise OptionRefused(f"leave something in task {maker.label}: a file or a delivery; or rename it instead of splitting it")  # fmt: skip


def _weight(maker: Task, own: Collection[str]) -> int:
    return max(1, sum(field not in LEVELS and each in own for field, each in items(maker)))


def _cut(maker: Task, part: Part | None, own: Collection[str], taken: Collection[str], share: float) -> Task:
    """What of ``maker`` goes into ``part``; with none what stays."""
    update: dict[str, Any] = {
        "inputs": _inputs(maker.inputs, part, own, taken),
        "validation_criteria": _criteria(maker.validation_criteria, own, taken, part is None),
        "timeout_seconds": max(_MINUTE, round(maker.timeout_seconds * share / _MINUTE) * _MINUTE),
    }
    if maker.delivers:
        update["delivers"] = maker.delivers.model_copy(update=_only(maker.delivers, KINDS, own))
    if maker.complexity:
        update["complexity"] = maker.complexity.model_copy(update={"score": max(1, round(maker.complexity.score * share))})  # fmt: skip
    if part:
        update |= {"task_name": part.name.strip(), "description": part.description.strip() or maker.description}
    return maker.model_copy(update=update)


def _only(holder: Any, fields: Collection[str], own: Collection[str]) -> dict[str, list[str]]:
    return {field: [each for each in getattr(holder, field) or () if each in own] for field in fields if field in holder.model_fields_set and getattr(holder, field) is not None}  # fmt: skip


def _inputs(inputs: Inputs, part: Part | None, own: Collection[str], taken: Collection[str]) -> Inputs:
    """The files that go with it; a part that takes none works on those of the whole task."""
    update: dict[str, Any] = dict(_only(inputs, FILES, own))
    if part and not any(update.values()):
        update |= {"files_to_modify": list(dict.fromkeys(inputs.touched))} if inputs.touched else {}
        update |= {"files_to_test": inputs.files_to_test} if inputs.files_to_test else {}
    elif inputs.files_to_test and not update.get("files_to_test"):
        update["files_to_test"] = inputs.files_to_test
    if inputs.requirements is not None:
        there = ", ".join(dict.fromkeys(part.takes if part else taken))
        update["requirements"] = f"{inputs.requirements}\n{'Of this, here only' if part else 'Not here, but in the tasks behind this one'}: {there}."  # fmt: skip
    return inputs.model_copy(update=update)


def _criteria(criteria: Criteria, own: Collection[str], taken: Collection[str], stays: bool) -> Criteria:
    """Its own criteria, and those that nobody took."""
    kept = {level: [each for each in getattr(criteria, level) if each not in taken or (each in own and not stays)] for level in LEVELS}  # fmt: skip
    return criteria.model_copy(update=kept)


def _workable(maker: Task, made: Sequence[Task], side_by_side: bool) -> None:
    written: set[str] = set()
    for task in made:
        if not task.validation_criteria.critical:
            raise OptionRefused(f"leave '{task.task_name}' a critical criterion; one that no part takes holds for all of them")  # fmt: skip
        if maker.inputs.files and not task.inputs.files:
            raise OptionRefused(f"leave task {maker.label} a file to work on")
        if side_by_side and (both := [each for each in task.inputs.touched if each in written]):
            raise OptionRefused(f"two parts would write {both[0]} at the same time; give each its files, or let them follow each other")  # fmt: skip
        written |= set(task.inputs.touched)


def joined(one: Task, other: Task, name: str = "") -> Task:
    """``other`` taken into ``one``, whose number and skill stay.

    Raises:
        OptionRefused: both together have a longer time limit than there can be.
    """
    if (seconds := one.timeout_seconds + other.timeout_seconds) > _LONGEST:
        raise OptionRefused(f"{one.label} and {other.label} together take longer than a week, the longest a task may")
    update: dict[str, Any] = {
        "task_name": name.strip() or f"{one.task_name}; {other.task_name}",
        "description": _both(one.description, other.description, " "),
        "inputs": _together(one.inputs, other.inputs),
        "validation_criteria": Criteria(**_union(one.validation_criteria, other.validation_criteria, LEVELS)),
        "timeout_seconds": seconds,
    }
    if one.delivers or other.delivers:
        update["delivers"] = Delivers(**_union(one.delivers, other.delivers, KINDS))
    scores = [each.complexity for each in (one, other) if each.complexity]
    if scores:
        total = min(_HARDEST, sum(each.score for each in scores))
        update["complexity"] = Complexity(score=total, reason="; ".join(dict.fromkeys(each.reason for each in scores)))
    return one.model_copy(update=update)


def _together(one: Inputs, other: Inputs) -> Inputs:
    """Both inputs; a file that one creates is not modified by the other any more."""
    files = _union(one, other, FILES)
    files["files_to_modify"] = [each for each in files["files_to_modify"] if each not in files["files_to_create"]]
    said = one.model_fields_set | other.model_fields_set
    update: dict[str, Any] = {field: names for field, names in files.items() if field in said}
    for field in ("requirements", "patterns_to_follow"):
        if field in said:
            update[field] = _both(getattr(one, field) or "", getattr(other, field) or "", "\n")
    if "test_types" in said:
        update["test_types"] = list(dict.fromkeys((*(one.test_types or ()), *(other.test_types or ()))))
    return one.model_copy(update={**(other.model_extra or {}), **(one.model_extra or {}), **update})


def _union(one: Any, other: Any, fields: Collection[str]) -> dict[str, list[str]]:
    return {field: list(dict.fromkeys((*(getattr(one, field, None) or ()), *(getattr(other, field, None) or ())))) for field in fields}  # fmt: skip


def _both(one: str, other: str, between: str) -> str:
    return between.join(dict.fromkeys(each for each in (one, other) if each))
