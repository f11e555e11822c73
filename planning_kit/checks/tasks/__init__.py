"""What a task plan owes: its format, the pairs of maker and critique, and that nothing of the design was dropped."""

from __future__ import annotations

from ...document import Document
from ..about import About
from ..artefact import Artefact, of_kind
from ..kind import Kind
from ..wrong import Wrong, Wrongs


def reads_as_a_task_plan(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write a task plan that fits its schema: 'planning-kit schema task-plan' prints it."""
    yield from ()


def holds_a_task_plan(document: Document, about: About) -> Wrongs:
    """Answer with one JSON object that fits the schema, and nothing around it."""
    if not of_kind(document, "task-plan"):
        yield Wrong(1, "there is no task plan here", "answer with one JSON object that fits the schema")


def delivers_the_design(document: Document, about: About) -> Wrongs:
    """Have each operation, table, threat mitigation and service level of the design delivered by a task."""
    yield from ()


def names_files_that_fit(document: Document, about: About) -> Wrongs:
    """Modify only files that exist in the codebase or that an earlier task creates, and create only files that do not exist."""
    yield from ()


def _tool(artefact: Artefact, about: About) -> str:
    return "planning_kit"


KIND = Kind(_tool, (reads_as_a_task_plan,))
CHECKS = {
    "task-plan": holds_a_task_plan,
    "plan-delivered": delivers_the_design,
    "plan-files": names_files_that_fit,
}
"""By the name a consultant asks for it."""
