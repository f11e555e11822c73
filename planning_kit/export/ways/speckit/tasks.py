"""``tasks.md`` of a Spec Kit feature: the plan's tasks as its check list, phase by phase, each critique behind its maker.

The form of a line is that of its command *tasks* (https://github.com/github/spec-kit, ``templates/commands/tasks.md``):
``- [ ] T001 [P] [US1] Description with file path``, numbered in the order of execution, a story's label in that story's phase only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from .... import ids
from ....run import Run
from .. import said, told
from ..work import Piece, Work
from .stories import Story

SETUP, FOUNDATION = 1, 2
"""The phases before the first story; a story's phase is its number and :data:`FOUNDATION`."""
_BROAD = 3
"""A task that serves more stories than these, and more than half of all, is nobody's own."""


def text(run: Run, branch: str, stories: Sequence[Story], own: Work) -> str:
    """The check list of ``own`` for the feature ``branch``."""
    phases = phase_of(own, stories)
    ordered = sorted(own.pieces, key=lambda each: (phases[each.order], each.order))
    numbers: dict[int, str] = {}
    for piece in ordered:
        for task in (piece.task, *piece.critiques):
            numbers[task.task_order] = f"T{len(numbers) + 1:03d}"
    parts = [list(_head(run, branch))]
    for number, phase in enumerate(sorted(set(phases.values())), start=1):
        pieces = [each for each in ordered if phases[each.order] == phase]
        parts.append(list(_phase(number, phase, pieces, stories, numbers)))
    parts.append(list(_order(ordered, numbers)))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def phase_of(own: Work, stories: Sequence[Story]) -> Mapping[int, int]:
    """The phase of each maker, never before that of one it needs.

    What offers no operation and is needed by others than its own story is foundation; else a maker stands in the first story it serves that
    is not before what it needs, or after all stories.
    """
    last = FOUNDATION + len(stories) + 1
    by_operations = {piece.order: _offers(piece, stories) for piece in own.pieces}
    serves = {piece.order: by_operations[piece.order] or _meets(piece, stories) for piece in own.pieces}
    awaited: set[int] = set()
    for piece in reversed(own.pieces):
        if serves[piece.order] or piece.order in awaited:
            awaited |= set(piece.needs)
    found: dict[int, int] = {}
    for piece in own.pieces:
        floor = max((found.get(each, SETUP) for each in piece.needs), default=0)
        theirs = {tuple(serves[each][:1]) for each in own.blocks[piece.order]}
        shared = bool(theirs - {(), tuple(serves[piece.order][:1])}) and not by_operations[piece.order]
        mine = [FOUNDATION + 1 + each for each in serves[piece.order]]
        if floor == last:
            found[piece.order] = last
        elif shared and floor <= FOUNDATION:
            found[piece.order] = FOUNDATION if piece.needs else SETUP
        elif mine:
            found[piece.order] = next((each for each in mine if each >= floor), max(floor, FOUNDATION + 1))
        elif piece.order in awaited or not piece.needs:
            found[piece.order] = max(floor, FOUNDATION if piece.needs else SETUP)
        else:
            found[piece.order] = last
    return found


def _offers(piece: Piece, stories: Sequence[Story]) -> list[int]:
    """The stories a maker delivers an operation of, from 0; none when it serves most of them."""
    given = piece.task.delivers
    operations = {each for name in (given.operations if given else ()) for each in ids.operations(name)}
    return _own([at for at, each in enumerate(stories) if operations & each.operations], stories)


def _meets(piece: Piece, stories: Sequence[Story]) -> list[int]:
    """The stories a maker meets a requirement of, from 0; none when it serves most of them."""
    names = set(piece.task.delivers.requirements) if piece.task.delivers else set()
    return _own([at for at, each in enumerate(stories) if names & each.requirements], stories)


def _own(found: list[int], stories: Sequence[Story]) -> list[int]:
    return [] if len(found) > _BROAD and len(found) * 2 > len(stories) else found


def _head(run: Run, branch: str) -> Iterator[str]:
    yield from ("---", "", f'description: "Task list of the feature {branch}"', "---", "")
    yield f"# Tasks: {said.plain(run.title)}"
    yield from ("", f"**Input**: Design documents from `/specs/{branch}/`", "")
    yield "**Prerequisites**: plan.md (required), spec.md (required for user stories), research.md, data-model.md, contracts/"
    yield from (
        "",
        "**Tests**: as the plan has them; behind each task stands the review that has to pass before what rests on it begins.",
        "",
    )
    yield "**Organization**: Tasks are grouped by user story; one that several stories need stands before or with the first of them."
    yield from ("", "## Format: `[ID] [P?] [Story] Description`", "")
    yield "- **[P]**: Can run in parallel (different files, no dependencies)"
    yield "- **[Story]**: Which user story this task belongs to (e.g., US1, US2, US3)"
    yield "- The lines below a task are the criteria it is done by."


def _phase(
    number: int, phase: int, pieces: Sequence[Piece], stories: Sequence[Story], numbers: Mapping[int, str]
) -> Iterator[str]:
    story = phase - FOUNDATION if FOUNDATION < phase <= FOUNDATION + len(stories) else 0
    if story:
        each = stories[story - 1]
        yield f"## Phase {number}: User Story {story} - {each.title} (Priority: {each.priority})"
        yield from (
            "",
            f"**Goal**: {each.words}",
            "",
            f"**Independent Test**: the scenarios of User Story {story} in spec.md pass.",
            "",
        )
    else:
        title, purpose = {
            SETUP: ("Setup (Shared Infrastructure)", "what needs nothing else"),
            FOUNDATION: ("Foundational (Blocking Prerequisites)", "what several stories rest on"),
        }.get(phase, ("Polish & Cross-Cutting Concerns", "what spans the stories, or comes after them"))
        yield from (f"## Phase {number}: {title}", "", f"**Purpose**: {purpose}", "")
    beside = _parallel(pieces)
    for piece in pieces:
        label = f"[US{story}] " if story else ""
        parallel = "[P] " if piece.order in beside else ""
        yield from _lines(piece, f"{parallel}{label}", label, numbers)


def _lines(piece: Piece, marks: str, label: str, numbers: Mapping[int, str]) -> Iterator[str]:
    task = piece.task
    files = ", ".join(said.plain(each) for each in task.inputs.touched or task.inputs.files) or "no file of its own"
    needs = f" (depends on {', '.join(sorted(numbers[each] for each in piece.needs))})" if piece.needs else ""
    yield f"- [ ] {numbers[task.task_order]} {marks}{said.plain(task.task_name)} in {files}{needs}"
    yield from (f"  - {each}" for each in told.criteria(task.validation_criteria, PLAIN))
    for each in piece.critiques:
        yield f"- [ ] {numbers[each.task_order]} {label}Review {numbers[task.task_order]} against its criteria in {files}"
        yield from (f"  - Look for: {said.plain(look)}" for look in each.inputs.look_for or ())


def _parallel(pieces: Sequence[Piece]) -> set[int]:
    """The makers of a phase beside which others of it may be done, none of which writes a file they write."""
    waves = Counter(each.wave for each in pieces)
    writers = Counter((each.wave, name) for each in pieces for name in set(each.task.inputs.touched))
    return {
        each.order
        for each in pieces
        if waves[each.wave] > 1 and all(writers[each.wave, name] == 1 for name in each.task.inputs.touched)
    }


def _order(ordered: Sequence[Piece], numbers: Mapping[int, str]) -> Iterator[str]:
    yield from ("## Dependencies & Execution Order", "")
    waves: dict[int, list[str]] = {}
    for piece in ordered:
        waves.setdefault(piece.wave, []).append(numbers[piece.order])
    for number in sorted(waves):
        after = f", once the reviews of wave {number - 1} have passed" if number > 1 else ""
        yield f"- Wave {number}{after}: {', '.join(sorted(waves[number]))}"
    longest = [numbers[piece.order] for piece in ordered if piece.critical]
    if longest:
        yield f"- The whole waits longest for: {', '.join(longest)}"


PLAIN = told.Markup(said.plain, said.plain, str, "\n".join, str)
"""How a file is written that agents read as it stands."""
