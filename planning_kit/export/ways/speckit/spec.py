"""``spec.md`` of a Spec Kit feature: what is wanted and why, under the headings of its template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .... import ids
from ....document import Document
from ....run import Run
from .. import said
from ..work import Work
from .stories import Story

_RULE = re.compile(r"(?i)\b(?:not|never|only|unless|cannot|at most|at least|no more|without|until|before|after)\b")
_UNKNOWN = "[NEEDS CLARIFICATION: no scenario of this run tells it]"


def text(run: Run, branch: str, every: Sequence[Document], told: Sequence[Story], own: Work | None) -> str:
    """The specification of ``run`` as the feature ``branch``."""
    parts = (
        _head(run, branch),
        _stories(told),
        _edges(run),
        _requirements(run, every),
        _entities(own),
        _outcomes(run, every),
        _assumptions(run),
    )
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part) + "\n"


def _head(run: Run, branch: str) -> Iterator[str]:
    yield f"# Feature Specification: {said.plain(run.title)}"
    yield ""
    yield f"**Feature Branch**: `{branch}`"
    yield ""
    yield f"**Created**: {run.today}"
    yield ""
    yield "**Status**: Draft"
    yield ""
    yield f'**Input**: User description: "{said.plain(said.line(run.brief.text, 1000))}"'


def _stories(told: Sequence[Story]) -> Iterator[str]:
    yield "## User Scenarios & Testing *(mandatory)*"
    if not told:
        yield from ("", "[NEEDS CLARIFICATION: the brief asks for no function]")
    for number, each in enumerate(told, start=1):
        if number > 1:
            yield from ("", "---")
        yield from (
            "",
            f"### User Story {number} - {each.title} (Priority: {each.priority})",
            "",
            f"{each.words} ({each.source})",
        )
        yield from ("", f"**Why this priority**: {each.why}.")
        names = ", ".join(f"`{method} {said.line(path)}`" for method, path in sorted(each.operations))
        how = f"with {names} alone, by the scenarios below" if names else "by the scenarios below"
        yield from ("", f"**Independent Test**: {how}.", "", "**Acceptance Scenarios**:", "")
        yield from (f"{at}. {scenario}" for at, scenario in enumerate(each.scenarios or (_UNKNOWN,), start=1))


def _edges(run: Run) -> Iterator[str]:
    """What the brief says of limits and exceptions."""
    yield "### Edge Cases"
    yield ""
    rules = [each for each in _passages(run, "functional", "constraint", "data") if _RULE.search(each[1])]
    yield from (f"- What happens at the edge of this rule: {words} ({name})" for name, words in rules)
    if not rules:
        yield "- [NEEDS CLARIFICATION: the brief names no limits and no exceptions]"


def _requirements(run: Run, every: Sequence[Document]) -> Iterator[str]:
    yield "## Requirements *(mandatory)*"
    yield from ("", "### Functional Requirements", "")
    written = [each for each in _things(every) if each.kind in ("FR", "CON")]
    if written:
        yield from (f"- **{each.id}**: {said.plain(each.text)}" for each in written)
        return
    asked = [*_passages(run, "functional"), *_passages(run, "constraint"), *_passages(run, "integration")]
    yield from (f"- **FR-{number:03d}**: {words} ({name})" for number, (name, words) in enumerate(asked, start=1))
    if not asked:
        yield "- **FR-001**: [NEEDS CLARIFICATION: the brief asks for no function]"


def _entities(own: Work | None) -> Iterator[str]:
    models = own.plan.architecture.data_models if own else ()
    if models:
        yield from ("### Key Entities *(include if feature involves data)*", "")
        yield from (f"- **{said.plain(each.name)}**: {said.plain(each.purpose)}; {said.plain(', '.join(each.key_fields))}" for each in models)  # fmt: skip


def _outcomes(run: Run, every: Sequence[Document]) -> Iterator[str]:
    yield from ("## Success Criteria *(mandatory)*", "", "### Measurable Outcomes", "")
    written = [(each.id, said.plain(each.text)) for each in _things(every) if each.kind == "NFR"]
    found = written or _passages(run, "quality")
    yield from (f"- **SC-{number:03d}**: {words} ({name})" for number, (name, words) in enumerate(found, start=1))
    if not found:
        yield "- **SC-001**: [NEEDS CLARIFICATION: the brief names no quality that can be measured]"


def _assumptions(run: Run) -> Iterator[str]:
    yield from ("## Assumptions", "")
    questions = run.sheet.now.questions
    for each in questions:
        state = "answered" if each.answered else "assumed, nobody answered"
        yield f"- {said.plain(each.settled)} ({each.name}, {state}: {said.plain(each.asks)})"
    out = _passages(run, "out of scope")
    yield from (f"- Not part of this: {words} ({name})" for name, words in out)
    if not questions and not out:
        yield "- None: the intake had no open questions."


def _passages(run: Run, *classes: str) -> list[tuple[str, str]]:
    """The passages of these classes: id and words."""
    known = run.sheet.now.classes
    return [
        (each.id, said.plain(each.plain))
        for each in run.brief.passages
        if known.get(each.id) in classes and each.kind != "heading"
    ]


def _things(every: Sequence[Document]) -> list[ids.Thing]:
    found = {each.id: each for document in every for each in reversed(ids.things(document)) if not each.withdrawn}
    return sorted(found.values(), key=lambda each: (each.code, each.kind, each.number))
