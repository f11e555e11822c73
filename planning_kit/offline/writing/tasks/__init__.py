"""The makers of a task plan, written by rule from what is designed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from ..basis import Basis

PLANNER = "task-planner"
"""Who writes them."""
_KIND = re.compile(r"(?m)^([a-z_]+):\n((?:- .+\n?)+)")


def owed(task: str) -> Mapping[str, tuple[str, ...]]:
    """What has to be delivered, by kind, as the task tells it behind 'What has to be delivered'."""
    listed = task.partition("What has to be delivered, by the names that `delivers` uses:\n")[2]
    return {kind: tuple(line[2:] for line in lines.splitlines()) for kind, lines in _KIND.findall(listed)}


def write(basis: Basis, owed: Mapping[str, tuple[str, ...]]) -> str:
    """The answer to the planner's question as JSON, see ``planning_kit.tasks.sketch``."""
    maker = {
        "key": "everything", "task_name": "Build everything", "description": "Build it", "skill_id": "backend-development", "after": [],
        "requirements": "All of it", "files_to_create": ["app/main.py"], "files_to_modify": [], "files_to_test": [], "test_types": [],
        "patterns_to_follow": "", "validation_criteria": {"critical": ["It works"], "expected": [], "nice_to_have": []}, "timeout_seconds": 3600,
        "delivers": {kind: list(owed.get(kind, ())) for kind in ("requirements", "operations", "tables", "mitigations", "service_levels")},
        "complexity": {"score": 5, "reason": "everything at once"}, "look_for": ["what is missing"],
    }  # fmt: skip
    return json.dumps({"summary": basis.plan.feature, "services": [], "external_integrations": [], "makers": [maker]})
