"""A piece of work told to whoever does it, in the markup of the tool it goes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...tasks.model import Criteria, Delivers, Task
from ...tasks.pairs import KINDS, took
from . import said
from .work import Piece

Words = Callable[[str], str]
"""Makes words somebody else wrote fit where they go."""
LEVELS = (
    ("critical", "Has to hold"), ("expected", "Is expected"), ("nice_to_have", "Would be nice"),
)  # fmt: skip
"""The levels of criteria, in words."""
_FILES = (("files_to_create", "create"), ("files_to_modify", "change"), ("files_to_test", "test"))


@dataclass(frozen=True)
class Markup:
    """How a tool writes: ``words`` makes somebody's words inert, ``code`` shows a name, ``head`` begins a section, ``points`` is a list, ``text`` a paragraph."""

    words: Callable[[str], str]
    code: Callable[[str], str]
    head: Callable[[str], str]
    points: Callable[[list[str]], str]
    text: Callable[[str], str]


def maker(piece: Piece, markup: Markup) -> Iterator[str]:
    """What a maker is asked for: description, requirements, files, what it delivers, criteria; block by block."""
    task = piece.task
    yield from prose(task.description, markup)
    if task.inputs.requirements:
        yield markup.head("What is asked for")
        yield from prose(task.inputs.requirements, markup)
    if files := list(_files(task, markup)):
        yield markup.head("Files")
        yield markup.points(files)
    if delivered := list(_delivered(task.delivers, markup)):
        yield markup.head("Delivers")
        yield markup.points(delivered)
    yield markup.head("Done when")
    yield markup.points(list(criteria(task.validation_criteria, markup)))
    yield markup.head("About this task")
    yield markup.points(list(_about(task, markup)))


def critique(task: Task, markup: Markup) -> Iterator[str]:
    """What a critique is asked for, block by block."""
    yield from prose(task.description, markup)
    if about := task.inputs.preceding_task:
        yield markup.text(f"It is about task {about.task_order} {markup.words(about.task_name)} ({markup.code(about.skill_id)}): {markup.words(about.description)}")  # fmt: skip
    if looks := task.inputs.look_for:
        yield markup.head("Look for")
        yield markup.points([markup.words(each) for each in looks])
    if task.inputs.validation_criteria:
        yield markup.head("Criteria to judge")
        yield markup.points(list(criteria(task.inputs.validation_criteria, markup)))
    yield markup.head("The critique is done when")
    yield markup.points(list(criteria(task.validation_criteria, markup)))
    yield markup.head("About this task")
    yield markup.points(list(_about(task, markup)))


def criteria(given: Criteria, markup: Markup) -> Iterator[str]:
    """Criteria with their level, the most important first."""
    for level, words in LEVELS:
        yield from (f"{words}: {markup.words(each)}" for each in getattr(given, level))


def prose(text: str, markup: Markup) -> Iterator[str]:
    """``text`` in paragraphs and lists."""
    points: list[str] = []
    for item, words in said.lines(text, markup.words):
        if not item and points:
            yield markup.points(points)
            points = []
        if item:
            points.append(words)
        else:
            yield markup.text(words)
    if points:
        yield markup.points(points)


def delivers(given: Delivers | None) -> list[str]:
    """The names of what a task delivers, of every kind."""
    return [name for kind in KINDS for name in (getattr(given, kind) if given else ())]


def _files(task: Task, markup: Markup) -> Iterator[str]:
    for kind, words in _FILES:
        yield from (f"{words} {markup.code(each)}" for each in getattr(task.inputs, kind) or ())


def _delivered(given: Delivers | None, markup: Markup) -> Iterator[str]:
    for kind, words in KINDS.items():
        if names := getattr(given, kind) if given else ():
            yield f"{words}: {', '.join(markup.code(each) for each in names)}"


def _about(task: Task, markup: Markup) -> Iterator[str]:
    yield f"task {task.task_order} of the plan, for the skill {markup.code(task.skill_id)}, within {took(task.timeout_seconds)}"
    if task.complexity:
        yield f"complexity {task.complexity.score} of 10: {markup.words(task.complexity.reason)}"
    if task.inputs.patterns_to_follow:
        yield f"pattern to follow: {markup.words(task.inputs.patterns_to_follow)}"
    if task.inputs.test_types:
        yield f"kinds of test: {markup.words(', '.join(task.inputs.test_types))}"
