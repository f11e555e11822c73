"""``tasks.json`` for Task Master: every task of the plan under its own number, the critique behind its maker.

The shape is that of release 0.43 (https://github.com/eyaltoledano/claude-task-master, ``docs/task-structure.md`` and ``src/schemas/base-schemas.js``): tasks by
tag; ids, dependencies and subtasks as numbers; title up to 200 characters; priority ``low`` to ``critical``. A critique is a task of its own, not a subtask:
setting a task to *done* there sets its subtasks to *done* with it, and a critique would be passed by the one it is about. As in the plan,
the next maker depends on the critique, so *next* gives the critique after its maker and what rests on it after that. What that tool has no field for is in ``metadata``, which it leaves as it is.
"""

from __future__ import annotations

import json
from typing import Any

from ...run import Run
from ...tasks.model import Task
from . import said, told
from .handed import Handed
from .work import Work, work

WAY = "taskmaster"
TITLE = 200
"""The longest title, in characters."""


def handed(run: Run) -> Handed:
    """The file.

    Raises:
        OptionRefused: the run has no task plan.
        BadInput: its task plan cannot be read.
    """
    own = work(run, WAY)
    began = f"{run.today}T00:00:00.000Z"
    tasks = [_task(task, own) for task in own.plan.tasks]
    metadata = {"created": began, "updated": began, "description": f"Tasks of {said.line(run.title, TITLE)}"}
    whole = {"master": {"tasks": tasks, "metadata": metadata}}
    note = "tasks.json goes to .taskmaster/tasks/ of the project"
    return Handed({"tasks.json": json.dumps(whole, ensure_ascii=False, indent=2) + "\n"}, (note,))


def _task(task: Task, own: Work) -> dict[str, Any]:
    piece = own.by_number[task.task_order]
    maker = task.task_order == piece.order
    blocks = told.maker(piece, TEXT) if maker else told.critique(task, TEXT)
    criteria = told.criteria(
        task.validation_criteria if maker else task.inputs.validation_criteria or task.validation_criteria, TEXT
    )
    return {
        "id": task.task_order,
        "title": said.line(task.task_name, TITLE),
        "description": said.line(task.description),
        "details": "\n\n".join(blocks),
        "testStrategy": "\n".join(said.listed(criteria)),
        "status": "pending",
        "dependencies": sorted(set(task.dependencies)),
        "priority": "high" if piece.critical else "medium",
        "subtasks": [],
        "metadata": _metadata(task, piece.wave),
    }


def _metadata(task: Task, wave: int) -> dict[str, Any]:
    found: dict[str, Any] = {"skill": said.line(task.skill_id), "timeoutSeconds": task.timeout_seconds, "wave": wave}
    if task.complexity:
        found["complexity"] = task.complexity.score
    if task.critiques_tasks:
        found["critiquesTasks"] = task.critiques_tasks
    if task.verdict_schema:
        found["verdictSchema"] = task.verdict_schema
    return found


TEXT = told.Markup(
    said.line, said.line, lambda text: f"{text}:", lambda entries: "\n".join(said.listed(entries)), lambda text: text
)
"""How it is told to an agent: as it is written, nothing marked."""
