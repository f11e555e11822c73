"""A task plan as people read it: markdown without a title."""

from __future__ import annotations

from .model import TaskPlan


def text(plan: TaskPlan) -> str:
    """``plan`` as markdown: summary, waves and critical path, then each task with its critique."""
    return "\n".join(f"- {task.label}" for task in plan.tasks) + "\n"
