"""A built plan as its author would have answered it, so that it can be revised."""

from __future__ import annotations

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


def _key(order: int) -> str:
    return f"task-{order}"
