"""A built plan as its author would have answered it, so that it can be revised."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .model import Complexity, Delivers, TaskPlan
from .pairs import Pair, Pairs
from .sketch import Maker, Sketch


def sketched(plan: TaskPlan) -> Sketch:
    """The makers of ``plan`` with what each critic looks for; built again they give the same tasks, numbers and dependencies."""
    return Sketch(
        summary=plan.architecture.summary,
        services=plan.architecture.services,
        external_integrations=plan.architecture.external_integrations,
        makers=[_maker(pair) for pair in Pairs(plan)],
    )


def _maker(pair: Pair) -> Maker:
    maker, given = pair.maker, pair.maker.inputs
    look_for = pair.critique.inputs.look_for if pair.critique else None
    return Maker(
        key=_key(pair.order), task_name=maker.task_name, description=maker.description, skill_id=maker.skill_id,
        after=[_key(each) for each in pair.needs], requirements=given.requirements or maker.description,
        files_to_create=given.files_to_create or [], files_to_modify=given.files_to_modify or [], files_to_test=given.files_to_test or [],
        test_types=given.test_types or [], patterns_to_follow=given.patterns_to_follow or "", validation_criteria=maker.validation_criteria,
        timeout_seconds=maker.timeout_seconds, delivers=maker.delivers or Delivers(),
        complexity=maker.complexity or Complexity(score=5, reason="not said"), look_for=look_for or ["whether each criterion is met"],
    )  # fmt: skip


_PLACE = re.compile(r"\$\.tasks\[(\d{1,9})\](?:\.inputs(?=\.))?")
_WAITS = (
    (re.compile(r"have one wait for the other's critique: add \d{1,9} to its dependencies"), "name one of the two under 'after' of the other"),
    (re.compile(r"wait for the critique of that task"), "name it under 'after'"),
)  # fmt: skip


def asked(findings: Iterable[str], answer: str) -> tuple[str, ...]:
    """Findings of a plan in the words of the ``answer`` it was built of, for whoever mends that; what was answered as a plan stays."""
    return tuple(map(_in_sketch, findings) if '"makers"' in answer else findings)


def _in_sketch(said: str) -> str:
    """What is said of a built plan, in the words of the sketch it was built of: ``$.makers[1].files_to_create[0]`` for ``$.tasks[2].inputs.files_to_create[0]``."""
    words = _PLACE.sub(lambda found: f"$.makers[{int(found[1]) // 2}]", said)
    for plan, sketch in _WAITS:
        words = plan.sub(sketch, words)
    return words


def _key(order: int) -> str:
    return f"task-{order}"
