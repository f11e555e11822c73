"""A task plan built from its makers: every critique, every number and every path follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .model import (
    CRITIQUE,
    Architecture,
    Complexity,
    Criteria,
    CriticalPath,
    Delivers,
    Inputs,
    Path,
    Preceding,
    Task,
    TaskPlan,
)  # fmt: skip
from .sketch import Maker, Sketch
from .waves import longest, waves

VERDICT: dict[str, Any] = {
    "type": "object",
    "required": ["verdict", "task_order", "criteria", "findings"],
    "additionalProperties": False,
    "properties": {
        "verdict": {"enum": ["pass", "fail"]},
        "task_order": {"type": "integer", "minimum": 1},
        "criteria": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["criterion", "level", "met", "evidence"],
                "additionalProperties": False,
                "properties": {
                    "criterion": {"type": "string"},
                    "level": {"enum": ["critical", "expected", "nice_to_have"]},
                    "met": {"type": "boolean"},
                    "evidence": {"type": "string"},
                },
            },
        },
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["severity", "file", "what", "remedy"],
                "additionalProperties": False,
                "properties": {
                    "severity": {"enum": ["critical", "major", "minor"]},
                    "file": {"type": "string"},
                    "line": {"type": "integer", "minimum": 1},
                    "what": {"type": "string"},
                    "remedy": {"type": "string"},
                },
            },
        },
    },
}
"""What a critique has to answer (JSON Schema 2020-12): a verdict, each criterion with its evidence, each finding with what mends it."""
JUDGED = Criteria(
    critical=["Returns a verdict that fits the verdict schema, each criterion with its evidence", "Each finding says what mends it"],
    expected=[],
    nice_to_have=[],
)  # fmt: skip
"""What is checked about a critique itself."""
SHARE = 0.5
"""A critique's time limit as a share of its maker's, in the proportion of the format's own examples."""
LEAST = 600
"""The shortest time limit of a critique, in seconds."""


def build(sketch: Sketch, architecture: Architecture, prompt: str) -> TaskPlan:
    """The plan of ``sketch``: behind each maker its critique, both numbered, each maker waiting for the critiques of what it needs.

    Args:
        sketch: the makers in order; ``after`` names makers that stand before.
        architecture: what they build.
        prompt: what the user asked for, as every critique is told.

    Raises:
        ValueError: two makers have one key, or ``after`` names none that stands before; says which.
    """
    order: dict[str, int] = {}
    tasks: list[Task] = []
    for maker in sketch.makers:
        if maker.key in order:
            raise ValueError(f"two makers are called '{maker.key}'; give each a key of its own")
        if unknown := [each for each in maker.after if each not in order]:
            raise ValueError(f"'{maker.key}' comes after '{unknown[0]}', which is no maker before it")
        order[maker.key] = len(tasks) + 1
        made = _made(maker, order)
        tasks += [made, critique(made, maker.look_for, prompt)]
    return finished(architecture, tasks)


def finished(architecture: Architecture, tasks: Sequence[Task]) -> TaskPlan:
    """The plan of ``tasks``, with what follows from them: waves and critical paths."""
    needs = {task.task_order: task.dependencies for task in tasks}
    return TaskPlan(
        status="planned", category="backend", architecture=architecture, tasks=list(tasks), waves=[list(wave) for wave in waves(needs)],
        critical_path=CriticalPath(
            by_timeout=_path(needs, {task.task_order: task.timeout_seconds for task in tasks}),
            by_complexity=_path(needs, {task.task_order: task.complexity.score if task.complexity else 0 for task in tasks}),
        ),
    )  # fmt: skip


def _path(needs: Mapping[int, Sequence[int]], weights: Mapping[int, int]) -> Path:
    tasks, total = longest(needs, weights)
    return Path(tasks=list(tasks), total=total)


def _made(maker: Maker, order: Mapping[str, int]) -> Task:
    given: dict[str, Any] = {
        "requirements": maker.requirements,
        "files_to_create": maker.files_to_create,
        "files_to_modify": maker.files_to_modify,
    }
    for name in ("files_to_test", "test_types", "patterns_to_follow"):
        if value := getattr(maker, name):
            given[name] = value
    return Task(
        task_name=maker.task_name, description=maker.description, skill_id=maker.skill_id, task_order=order[maker.key],
        dependencies=sorted({order[each] + 1 for each in maker.after}), inputs=Inputs(**given),
        validation_criteria=maker.validation_criteria, timeout_seconds=maker.timeout_seconds,
        delivers=Delivers(**maker.delivers.model_dump()), complexity=Complexity(**maker.complexity.model_dump()),
    )  # fmt: skip


def critique(maker: Task, look_for: Sequence[str], prompt: str) -> Task:
    """The task that checks ``maker``: it stands right behind it, and holds what it is about and what was promised, word for word."""
    about = Preceding(
        task_order=maker.task_order, skill_id=maker.skill_id, task_name=maker.task_name, description=maker.description
    )
    return Task(
        task_name=f"QA: Validate {maker.task_name}", description=f"Review the work of task {maker.task_order} against its criteria and the request",
        skill_id=CRITIQUE, task_order=maker.task_order + 1, dependencies=[maker.task_order],
        inputs=Inputs(original_prompt=prompt, preceding_task=about, validation_criteria=maker.validation_criteria, look_for=list(look_for)),
        validation_criteria=JUDGED, timeout_seconds=max(LEAST, int(maker.timeout_seconds * SHARE)),
        critiques_tasks=[maker.task_order], verdict_schema=VERDICT,
    )  # fmt: skip
