"""The makers of a task plan, as things that deliver operations, tables and requirements."""

from __future__ import annotations

from collections.abc import Sequence

from .. import ids
from ..checks.agreement import words
from ..checks.artefact import is_markdown, of_kind
from ..checks.tasks.design import design
from ..checks.tasks.places import Places
from ..checks.tasks.read import read
from ..document import Document
from .kinds import TABLE, TASK, Node
from .mentions import Mention, Said


def is_plan(document: Document) -> bool:
    """Whether the whole of ``document`` is a task plan."""
    return not is_markdown(document) and any(read(each.text).plan for each in of_kind(document, "task-plan"))


def tasks(document: Document) -> Said:
    """Each maker of the plan that ``document`` is, with what it delivers; nothing of a document that is none.

    A maker is called by its number, ``T3``. That something is delivered by nobody is said by the check of the plan itself.
    """
    said = Said(document)
    artefact = next(iter(of_kind(document, "task-plan")), None)
    plan = read(artefact.text).plan if artefact else None
    places = Places(artefact.text) if artefact else None
    for at, task in enumerate(plan.tasks if plan else ()):
        if task.critique or places is None:
            continue
        node = Node(
            TASK, f"T{task.task_order}", " ".join(task.task_name.split()), document.name, places.at(("tasks", at))[0]
        )
        said.nodes.append(node)
        if delivers := task.delivers:
            names = tuple(name for each in delivers.requirements for name in ids.cited(f"[{each.strip('[]` ')}]"))
            called = tuple(one for each in delivers.operations for one in ids.operations(each))
            said.mentions.append(Mention(node.key, names, called, node.line))
            said.mentions += [Mention((TABLE, each), (node.id,), (), node.line) for each in delivers.tables]
    return said


def drawn(said: Sequence[Said], documents: Sequence[Document]) -> None:
    """Add to ``said`` the tables that a plan's design has and no DDL makes: those an architecture draws."""
    made = {words.entity(node.id) for each in said for node in each.nodes if node.kind == TABLE}
    by_name = {each.document.name: each for each in said}
    for table in design(documents).tables:
        if words.entity(table.name) not in made and table.document in by_name:
            by_name[table.document].nodes.append(Node(TABLE, table.name, "", table.document, table.line))
