"""``requirements/user-stories.md``: what somebody wants to do, from the requirements as they stand now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .... import ids
from ..draft import Draft
from ..markdown import bullets, fence, listing, quote, shorten, table
from .acceptance import HELD, criteria, line
from .goals import said as said_of
from .ground import Ground
from .kept import Withdrawn, covered, stays, withdrawn_before
from .numbered import Numbers, Wanted, body
from .outline import assembled, tabled
from .present import counted, present, the
from .told import Story, qualities, stories
from .voice import article, benefit, title, wish

_HOLDS = re.compile(r"(?P<before>\s*And this holds \((?P<id>FR-[A-Z0-9]+-\d+)\): ).*")
"""The step of a scenario that says a requirement again."""
_OWN = re.compile(r"\s*Scenario: .* \((?P<id>FR-[A-Z0-9]+-\d+)\)")
_WHY = re.compile(r"(?i)\bso that\b")


@dataclass(frozen=True)
class Told:
    """A story as it stands in the document: its ``id``, ``title``, the ``text`` beneath its heading, the requirements it names."""

    id: str
    title: str
    text: str
    requirements: tuple[str, ...]


def write(ground: Ground) -> Draft:
    """The draft of ``requirements/user-stories.md``."""
    draft = Draft(f"User Stories: {quote(ground.title)}")
    told, withdrawn = _told(ground, draft)
    assembled(
        draft,
        ground,
        {
            "overview": lambda: _overview(ground, told),
            "user stories": lambda: _stories(told, withdrawn),
            "traceability": lambda: [_trace(ground, told)],
        },
    )
    if withdrawn and not any("| Withdrawn |" in part for part in draft.parts):
        draft.add("Withdrawn", table(("Withdrawn", "Said", "Reason"), withdrawn))
    draft.assumptions.append(
        "A scenario that says how something fails follows from the statuses of the expected operation, or is marked as assumed here: a failure is recorded and leaves nothing half done."
    )
    wanted = len(ground.things("FR"))
    draft.decisions = f"{the(wanted, 'functional requirement')} of {quote(ground.title)} {'is' if wanted == 1 else 'are'} delivered by {counted(len(told), 'story')}, each with at least one scenario that succeeds and one that fails."
    return draft


def _told(ground: Ground, draft: Draft) -> tuple[list[Told], list[Withdrawn]]:
    """The stories with their ids; what the version before told of requirements that are still asked for stays as it is."""
    some = stories(ground)
    named = [title(each, some) for each in some]
    needs = qualities(ground, some)
    numbers = Numbers(ground.code, ground.before)
    past = {each.id: each for each in numbers.before if each.kind == "US"}
    known = covered(past.values(), "FR")
    made = [(each, heading, need) for each, heading, need in zip(some, named, needs, strict=True)]
    wanted = [Wanted(heading, frozenset(r.id for r in story.requirements)) for story, heading, _ in made]
    found: list[Told] = []
    for name, (story, heading, need) in zip(numbers.give("US", wanted), made, strict=True):
        own = tuple(each.id for each in story.requirements)
        before = past.get(name)
        if before and stays(ground, before, own, known, "FR"):
            found.append(_again(ground, before, criteria(ground, story, heading)))
        elif before or not set(own) <= known:
            found.append(Told(name, heading, _written(ground, story, heading, need), own))
    withdrawn = withdrawn_before(numbers)
    for each in numbers.dropped("US", [story.id for story in found]):
        if stays(ground, each, (), known, "FR"):
            found.append(_again(ground, each))
        else:
            gone = ", ".join(sorted(covered([each], "FR")))
            withdrawn.append(
                (each.id, each.text, f"what it was to deliver ({gone}) is asked for no more, or told elsewhere")
            )
    if unsaid := [each.id for each in found if not _WHY.search(each.text.split("\n\n")[0])]:
        draft.ask(f"What is the benefit of {listing(unsaid, 12)}?", "they are delivered as the requirements ask")
    return sorted(found, key=lambda each: (len(each.id), each.id)), withdrawn


def _again(ground: Ground, before: ids.Thing, fresh: str = "") -> Told:
    """A story as it was, with the words of its requirements as they are now."""
    asked = {each.id: each for each in ground.things("FR")}
    lines = _renewed(body(ground.before, before).split("\n"), fresh.split("\n"))
    for number, step in enumerate(lines):
        said = _HOLDS.fullmatch(step)
        if said and said["id"] in asked:
            lines[number] = f"{said['before']}{line(shorten(present(said_of(ground, asked[said['id']])), HELD))}"
    return Told(before.id, before.text, "\n".join(lines), tuple(sorted(covered([before], "FR"))))


def _scenarios(lines: list[str]) -> dict[str, tuple[int, int]]:
    """Requirement → where the scenario that ends in its id in brackets begins and ends (line numbers from 0, the end excluded)."""
    starts = [(number, _OWN.fullmatch(text)) for number, text in enumerate(lines)]
    return {
        hit["id"]: (number, next((at for at in range(number + 1, len(lines)) if not lines[at].strip() or lines[at].startswith("```")), len(lines)))
        for number, hit in starts
        if hit
    }  # fmt: skip


def _renewed(lines: list[str], fresh: list[str]) -> list[str]:
    """``lines`` with the scenarios that are about one requirement as they are in ``fresh``."""
    new = _scenarios(fresh)
    for name, (first, last) in sorted(_scenarios(lines).items(), key=lambda each: -each[1][0]):
        if name in new:
            lines = [*lines[:first], *fresh[slice(*new[name])], *lines[last:]]
    return lines


def _overview(ground: Ground, told: list[Told]) -> Iterator[str]:
    wanted = ground.things("FR")
    yield (
        f"{the(len(wanted), 'functional requirement')} of [{quote(ground.title)}](requirements.md) {'becomes' if len(wanted) == 1 else 'become'} "
        f"{counted(len(told), 'story')}. Requirements that one actor needs for one operation are told together, with the rules that hold while it is done."
    )
    needs, binds = len(ground.things("NFR")), len(ground.things("CON"))
    if needs:
        yield f"{the(needs, 'non-functional requirement')} {'is' if needs == 1 else 'are'} no story: {'it' if needs == 1 else 'each'} stands under the quality needs of the stories it belongs to."
    if binds:
        yield f"{the(binds, 'constraint')} {'binds' if binds == 1 else 'bind'} all of them."


def _stories(told: list[Told], withdrawn: list[Withdrawn]) -> Iterator[str]:
    if not told:
        yield "None: the requirements ask for nothing that somebody does."
    if withdrawn:
        yield table(("Withdrawn", "Said", "Reason"), withdrawn)
    for each in told:
        yield f"### {each.id}: {each.title}\n\n{each.text}"


def _written(ground: Ground, story: Story, heading: str, quality: list[ids.Thing]) -> str:
    role = " or ".join([story.role, *story.others])
    why = benefit(story, ground)
    first, wanted = article(role).split(" ")[0], wish(story)
    wants = f"**As {first}** {quote(role)}, **I want{' to' if wanted.startswith('to ') else ''}** {quote(wanted.removeprefix('to '))}{f', **so that** {quote(why)}' if why else ''}."
    priorities = ", ".join(each.id for each in story.requirements)
    calls = [each for each in (story.operation, *story.more) if each]
    served = (
        ", ".join(f"`{each.method} {each.path}`" for each in calls)
        or "none: no operation of this interface delivers it"
    )
    needs = bullets(
        f"{each.id} ({ground.cells.get(each.id, {}).get('quality', 'quality')}): {quote(shorten(said_of(ground, each), 200))}"
        for each in quality
    )
    return "\n\n".join(
        [
            wants,
            f"Requirements: {priorities}\n\nOperations: {served}",
            "#### Acceptance criteria",
            fence("gherkin", criteria(ground, story, heading)),
            "#### Quality needs",
            needs or "None stated for this story alone.",
        ]
    )


def _trace(ground: Ground, told: list[Told]) -> str:
    rows = [
        (each.id, ", ".join(story.id for story in told if each.id in story.requirements) or "none")
        for each in ground.things("FR")
    ]
    return tabled(ground, "Traceability", ("Requirement", "Stories"), rows)
