"""Requirements gathered into stories: one for each thing somebody wants done, with the rules that hold while it is done."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ....ids import Thing
from ...facts import Operation
from ...reading import words
from .goals import USER, Goal, best, does, goal, plain, roles, said, usual
from .ground import Ground

LONGEST = 12
"""Most requirements one story gathers from one passage."""
MOST = 6
"""Most requirements without an operation that one story tells."""
_BY_ITSELF = re.compile(
    r"(?i)^the system (?:shall|may) (?:periodically |internally |automatically |independently )?(?:track|poll|log|monitor|detect|run|send|update|handle|route|"
    r"perform|publish|initiate|maintain|use|provide|check|receive|remind|notify|escalate|calculate|import|support|enable (?:the|set))\b"
)


@dataclass
class Story:
    """A story before it has an id.

    Attributes:
        role: who wants it, as the stakeholders name them.
        operation: the operation that is expected to deliver it; nothing when none is.
        wants: the requirements that say what somebody wants.
        rules: those that say what has to hold meanwhile.
        others: further roles that want the same.
        more: further operations that are there for the same.
        group: the heading its requirements stand under.
    """

    role: str
    operation: Operation | None = None
    wants: list[Thing] = field(default_factory=list)
    rules: list[Thing] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    more: list[Operation] = field(default_factory=list)
    group: str = ""

    @property
    def requirements(self) -> list[Thing]:
        """All its functional requirements."""
        return [*self.wants, *self.rules]

    @property
    def leading(self) -> Thing:
        """The requirement that says best what it is about: one its operation does, else the first."""
        if self.operation:
            done = does(self.operation)
            return next((each for each in self.wants if goal(plain(each.text)).deed == done), self.requirements[0])
        return self.requirements[0]

    @property
    def first(self) -> Goal:
        """What :attr:`leading` is about."""
        return goal(plain(self.leading.text))


def stories(ground: Ground) -> list[Story]:
    """The functional requirements of the domain, as they stand now, each in one story."""
    usual = _usual(ground)
    found: dict[tuple[str, ...], Story] = {}
    later: list[tuple[Thing, Operation | None]] = []
    for each in ground.things("FR"):
        text = plain(each.text)
        wanted = goal(text)
        who = [role for role in roles(wanted.who, ground.plan.reading)] if wanted.who else []
        operation = best(ground, text, each.cites, each.operations)
        if wanted.denied or not who or re.search(r"(?i)\bshall require\b", text):
            later.append(
                (each, None if _BY_ITSELF.match(text) and operation and not _shares(each, operation) else operation)
            )
            continue
        key = ("operation", operation.id, who[0]) if operation else ("goal", who[0], *wanted.what.lower().split()[:4])
        story = found.setdefault(key, Story(who[0], operation, group=_heading(ground, each)))
        story.wants.append(each)
        story.others += [role for role in who[1:] if role not in story.others]
    for each, operation in later:
        _ruled(ground, found, each, operation, usual)
    told = sorted(found.values(), key=lambda story: min(thing.line for thing in story.requirements))
    for operation in ground.operations:
        _beside(told, operation)
    return told


def _beside(told: Sequence[Story], operation: Operation) -> None:
    """Adds an operation that no story has yet to the story that rests most on the same passages, and does the same."""
    if any(operation in (story.operation, *story.more) for story in told):
        return
    close = [_closeness(story, operation) for story in told]
    best_of = max(close, default=0)
    if best_of:
        story = told[close.index(best_of)]
        if story.operation is None:
            story.operation = operation
        else:
            story.more.append(operation)


def _closeness(story: Story, operation: Operation) -> int:
    shared = len(set(operation.sources) & {name for each in story.requirements for name in each.cites})
    return 2 * shared + (story.first.deed == does(operation)) if shared else 0


def _shares(each: Thing, operation: Operation) -> bool:
    return bool(set(each.cites) & set(operation.sources))


def _ruled(
    ground: Ground, found: dict[tuple[str, ...], Story], each: Thing, operation: Operation | None, usual: str
) -> None:
    """Puts a requirement that names nobody into the story it holds in."""
    heading = _heading(ground, each)
    named = _mentioned(ground, plain(each.text))
    if operation:
        there = [story for key, story in found.items() if key[:2] == ("operation", operation.id)]
        if there:
            there[0].rules.append(each)
            return
        role = (named if named in operation.roles else next(iter(operation.roles), "")) or (
            usual if operation.auth != "none" else USER
        )
        found[("operation", operation.id, role)] = Story(role, operation, rules=[each], group=heading)
        return
    if home := _beside_it(found.values(), each):
        home.rules.append(each)
        return
    named = named or usual
    for number in range(1, 100):
        story = found.setdefault(("rules", heading, str(number)), Story(named, group=heading))
        if len(story.rules) < MOST:
            story.rules.append(each)
            return


def _beside_it(told: Iterable[Story], each: Thing) -> Story | None:
    """The story of the same passage that ``each`` speaks of most; of several the one told just before it."""
    sources = {name for name in each.cites if name.startswith("P")}
    near = [
        story
        for story in told
        if (story.wants or story.operation) and len(story.requirements) < LONGEST
        and any(sources & set(other.cites) for other in story.requirements)
    ]  # fmt: skip
    text = plain(each.text)
    return max(
        near,
        key=lambda story: (_overlap(text, story), story.requirements[0].line < each.line, -abs(story.requirements[0].line - each.line)),
        default=None,
    )  # fmt: skip


def _mentioned(ground: Ground, text: str) -> str:
    """The actor that a requirement names as the one something is done for."""
    low = text.lower()
    named = [
        (low.find(f" {name}"), actor.name)
        for actor in ground.plan.reading.actors
        if (name := actor.name.lower()) and f" {name}" in low
    ]
    return min(named)[1] if named and _holder(ground, min(named)[1]) else ""


def _usual(ground: Ground) -> str:
    """Who does most in this domain: by its operations, else the first stakeholder who is a person."""
    holders = _holders(ground)
    return usual(ground.operations) or (holders[0][:1].lower() + holders[0][1:] if holders else USER)


def _holders(ground: Ground) -> list[str]:
    """The people among the stakeholders of the requirements as they stand."""
    document = ground.documents.get("requirements/requirements.md")
    rows = [
        row
        for table in (document.tables if document else ())
        if table.header[:1] == ("Stakeholder",)
        for row in table.rows
    ]
    return [plain(row[0]) for row in rows if len(row) > 1 and not row[1].startswith("another system")]


def _holder(ground: Ground, role: str) -> bool:
    return any(words.singular(role.lower()) == words.singular(name.lower()) for name in _holders(ground))


def _heading(ground: Ground, each: Thing) -> str:
    """The heading a requirement stands under."""
    document = ground.documents.get("requirements/requirements.md")
    above = [heading.text for heading in (document.headings if document else ()) if heading.line < each.line]
    return above[-1] if above else ""


_COMMON = frozenset(
    [
        "system",
        "shall",
        "allow",
        "that",
        "with",
        "from",
        "this",
        "have",
        "their",
        "they",
        "hour",
        "day",
        "minute",
        "only",
        "those",
        "before",
        "when",
        "until",
    ]
)
"""Words that say nothing about what a requirement is about."""


def qualities(ground: Ground, told: Sequence[Story]) -> list[list[Thing]]:
    """For each story the non-functional requirements it has to meet; each of them is met by one story at least."""
    known = ground.things("NFR")
    found: list[list[Thing]] = []
    cited = Counter(name for story in told for name in {name for each in story.requirements for name in each.cites})
    wide = {name for name, number in cited.items() if number > 2 and number * 2 > len(told)}
    for story in told:
        protected = story.operation is not None and ground.plan.protected(story.operation)
        sources = {name for each in story.requirements for name in each.cites if name.startswith("P")} - wide
        found.append(
            [each for each in known if set(each.cites) & sources or (protected and "not public" in said(ground, each))]
        )
    for each in known:
        if told and not any(each in some for some in found):
            near = [_overlap(said(ground, each), story) for story in told]
            found[near.index(max(near))].append(each)
    return found


def _overlap(text: str, story: Story) -> int:
    mine = {words.singular(word) for word in words.parts(text) if len(word) > 3} - _COMMON
    return len(mine & {words.singular(word) for other in story.requirements for word in words.parts(plain(other.text))})
