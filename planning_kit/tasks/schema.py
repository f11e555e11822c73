"""What is published of a task plan's format: JSON Schema (draft 2020-12), each with a name that other schemas can refer to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .built import VERDICT
from .model import TaskPlan
from .sketch import Sketch

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_MADE: Mapping[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "task-plan": ("a plan of tasks: makers, and behind each the critique that checks it", TaskPlan.model_json_schema),
    "task-sketch": ("what a planner answers, from which a task plan is built", Sketch.model_json_schema),
    "verdict": ("what a critique of a built plan returns", lambda: {"title": "Verdict", **VERDICT}),
}
PUBLISHED = {name: about for name, (about, _) in _MADE.items()}
"""Each schema there is, by name, and what it is about."""


def published(name: str) -> dict[str, Any]:
    """The JSON Schema called ``name``, one of :data:`PUBLISHED`.

    Raises:
        KeyError: there is none.
    """
    about, made = _MADE[name]
    schema = made()
    described = {
        "title": schema.get("title", name),
        "description": schema.get("description", f"{about[0].upper()}{about[1:]}."),
    }
    last = {"$defs": schema.pop("$defs")} if "$defs" in schema else {}
    return _plain({"$schema": DIALECT, "$id": f"urn:planning-kit:schema:{name}", **described, **schema, **last})  # type: ignore[no-any-return]


def _plain(schema: Any) -> Any:
    """``schema`` with descriptions as people read them outside of Python: on one line, without the marks of docstrings."""
    if isinstance(schema, dict):
        return {
            key: " ".join(each.replace("``", "`").split())
            if key == "description" and isinstance(each, str)
            else _plain(each)
            for key, each in schema.items()
        }
    return [_plain(each) for each in schema] if isinstance(schema, list) else schema
