"""What a task plan owes: its format, the pairs of maker and critique, their order, and that nothing of the design was dropped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import wraps

from ...document import Document
from ..about import About
from ..artefact import Artefact, of_kind
from ..kind import Kind, Look
from ..wrong import NotChecked, Wrong, Wrongs
from . import files, named, ordered, pairs, paths, sensitive
from .delivered import delivers_the_design
from .read import Reading, read

_Rule = Callable[[Reading, About], Wrongs]
_PLACEHOLDERS = re.compile(r'"<[\w -]{1,60}>"|"task_order": ?<|: ?"[\w-]{1,30}(?: \| [\w-]{1,30}){1,5}"')
"""Where a plan shown in a text says what to write instead of writing it: ``"<skill-id>"``, ``"required | public"``."""


def is_json_and_nothing_else(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write a task plan as one JSON object and nothing around it: each key once, no comments, no NaN (rule 2)."""
    if why := read(artefact.text).unreadable:
        yield Wrong(why.line, f"$: {why.message}", why.hint, why.column)


def reads_as_a_task_plan(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write a task plan that fits its schema: 'planning-kit schema task-plan' prints it."""
    reading = read(artefact.text)
    for path, said, hint in reading.faults:
        yield reading.wrong(path, said, hint)


def holds_a_task_plan(document: Document, about: About) -> Wrongs:
    """Answer with one JSON object that fits the schema, and nothing around it."""
    if not of_kind(document, "task-plan"):
        yield Wrong(1, "there is no task plan here", "answer with one JSON object that fits the schema")


def names_files_that_fit(document: Document, about: About) -> Wrongs:
    """Modify only files that exist in the codebase or that an earlier task creates, and create only files that do not exist."""
    for artefact in of_kind(document, "task-plan"):
        for wrong in files.names_files_that_fit(read(artefact.text), about):
            yield wrong._replace(line=wrong.line + artefact.line - 1)


def _look(rule: _Rule) -> Look:
    """``rule`` as a check of an artefact; what cannot be read as a plan has been told already."""

    @wraps(rule)
    def look(artefact: Artefact, document: Document, about: About) -> Iterator[Wrong]:
        reading = read(artefact.text)
        return rule(reading, about) if reading.plan else iter(())

    return look


def _tool(artefact: Artefact, about: About) -> str:
    if _is_a_template(artefact):
        raise NotChecked("a template: it is no task plan until it is filled in")
    return "planning_kit"


def _is_a_template(artefact: Artefact) -> bool:
    """Whether a plan shown in a text has placeholders where its numbers and skills belong."""
    return artefact.lang == "json" and artefact.line > 1 and bool(_PLACEHOLDERS.search(artefact.text[:200_000]))


AUTHORS: tuple[Look, ...] = tuple(
    map(
        _look,
        (
            files.looks_at_the_code_first,
            paths.names_files_to_work_on,
            sensitive.says_what_keeps_it_safe,
            ordered.keeps_side_by_side_apart,
            named.names_each_thing_once,
            named.delivers_its_architecture,
        ),
    )
)
"""What the author of makers can break; the rest holds by construction in a plan that was built."""
BUILT: tuple[Look, ...] = tuple(
    map(
        _look,
        (
            pairs.puts_a_critique_behind_each_maker,
            ordered.counts_its_tasks_from_one,
            pairs.tells_each_critique_what_it_checks,
            pairs.copies_the_criteria,
            pairs.tells_every_critique_the_same_request,
            ordered.waits_for_earlier_tasks,
            ordered.waits_in_no_circle,
            pairs.names_what_a_critique_judges,
            pairs.asks_for_a_verdict,
            ordered.is_layered_as_its_tasks_are,
        ),
    )
)
"""What holds by construction in a plan that was built, and may be broken in one from elsewhere or in one that was edited."""
KIND = Kind(_tool, (is_json_and_nothing_else, reads_as_a_task_plan, *AUTHORS, *BUILT))
CHECKS = {
    "task-plan": holds_a_task_plan,
    "plan-delivered": delivers_the_design,
    "plan-files": names_files_that_fit,
}
"""By the name a consultant asks for it."""
