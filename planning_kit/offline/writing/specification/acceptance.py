"""The acceptance criteria of a story in Gherkin: how it goes well, and how it fails as the interface says.

The syntax is https://cucumber.io/docs/gherkin/reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....ids import Thing
from ...facts import Operation, Response
from ...reading import words
from ..markdown import shorten
from .goals import does, goal, plain
from .ground import Ground
from .told import Story
from .voice import capability

HELD = 260
"""Most characters of a requirement that a scenario says again."""
_REFUSED = {
    400: "The request breaks a rule",
    401: "Nobody is signed in",
    403: "The role may not do this",
    404: "There is no such record",
    409: "It clashes with what is there",
    422: "The request breaks a rule of the content",
    429: "Too many requests",
}
_DONE = {
    "create": "the {one} is kept",
    "read": "what was asked for is shown, and nothing else",
    "update": "the {one} is changed as asked",
    "delete": "the {one} is not there any more",
}


def criteria(ground: Ground, story: Story, name: str) -> str:
    """The feature called ``name`` with its scenarios."""
    scenarios = _served(ground, story, story.operation) if story.operation else _unserved(story)
    lines = [f"Feature: {line(name)}"]
    for heading, steps in [*scenarios, *_forbidden(story)]:
        lines += ["", f"  Scenario: {line(heading)}", *(f"    {line(step)}" for step in steps)]
    return "\n".join(lines)


_BOUND = re.compile(
    r"(?i)\b(?:up to|at most|no more than|only|within|until|for)\s+(?:a |an |the )?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\w*\b"
)
_CLASH = re.compile(r"(?i)\bduplicat|\boverlap|\btwice\b|\balready\b|\bsame (?:name|resource|subscriber|time)\b")
Scenario = tuple[str, list[str]]


def article(noun: str) -> str:
    """``noun`` with 'a' or 'an'."""
    return f"{'an' if noun[:1].lower() in 'aeio' or noun.lower().startswith(('u', 'hour')) and not noun.lower().startswith(('us', 'uni', 'ut')) else 'a'} {noun}"


def thing(operation: Operation) -> str:
    """What an operation works on, in words."""
    return " ".join(words.parts(operation.entity)) if operation.entity else "record"


def succeeds(operation: Operation) -> int:
    """The status an operation answers when all goes well."""
    return next((r.status for r in operation.responses if 200 <= r.status < 400), 200)


def _served(ground: Ground, story: Story, operation: Operation) -> list[Scenario]:
    one, who = thing(operation), story.role
    signed = ground.plan.protected(operation)
    given = [f"Given {article(who)}{' who is signed in' if signed else ''}"]
    exists = [f"And {article(one)} that exists"] if "{" in operation.path else []
    asks = f"When the {who} asks to {_asked(story, operation)}"
    done = _DONE[does(operation)].format(one=one)
    holds = [
        f"And this holds ({each.id}): {shorten(plain(each.text), HELD)}"
        for each in _positive(story)
        if each is not story.leading
    ]
    found: list[Scenario] = [
        (
            f"The {who} succeeds",
            [*given, *exists, asks, f"Then {done}", f"And the answer is {succeeds(operation)}", *holds],
        )
    ]
    clash = next((each.id for each in story.requirements if _CLASH.search(plain(each.text))), "")
    found += [
        _failed(response, given, exists, asks, who, one, operation, clash)
        for response in operation.responses
        if response.status in _REFUSED
    ]
    if len(found) == 1:
        found.append(
            (
                "The service cannot answer",
                [
                    *given,
                    asks,
                    "But the service cannot reach what it needs",
                    "Then the answer says so with a status of 500 or above",
                    "And nothing is changed",
                ],
            )
        )
    return found


def _asked(story: Story, operation: Operation) -> str:
    said = capability(story)
    if said.startswith(("have the system", "be sure of")):
        return " ".join(words.parts(operation.id))
    for mine, theirs in (
        (r"\bmy\b", "their"),
        (r"\bI am\b", "they are"),
        (r"\bmyself\b", "themselves"),
        (r"\bI\b", "they"),
    ):
        said = re.sub(mine, theirs, said)
    return said


def _failed(
    response: Response,
    given: list[str],
    exists: list[str],
    asks: str,
    who: str,
    one: str,
    operation: Operation,
    clash: str,
) -> Scenario:
    """The scenario of one error the operation answers."""
    heading, status = _REFUSED[response.status], response.status
    then = [f"Then the answer is {status}", f"And nothing is {'changed' if operation.method != 'GET' else 'shown'}"]
    said = response.meaning.strip().rstrip(".")
    said = said[:1].lower() + said[1:]
    if status in (401, 403):
        somebody = "not signed in" if status == 401 else "signed in with a role that may not do this"
        they = asks.replace(f"When the {who} asks", "When they ask")
        return heading, [f"Given somebody who is {somebody}", *exists, they, *then]
    if status == 404:
        return heading, [*given, f"But no {one} with the id that is asked for", asks, *then]
    if status == 409:
        why = f"what is there already clashes: {said}" if len(said) < 120 else "what is there already clashes with it"
        return heading, [*given, *exists, f"But {f'it would break {clash}' if clash else why}", asks, *then]
    why = f"the request is not valid: {said or 'a value is missing or not allowed'}"
    return heading, [*given, *exists, f"But {why}", asks, *then]


def _unserved(story: Story) -> list[Scenario]:
    """The scenarios of a story without an operation: what holds, and what happens when it cannot be done (assumed)."""
    found = [scenario for each in _positive(story) for scenario in _holds(story, each)]
    first = next(iter(_positive(story)), story.requirements[0])
    failed = [
        "Given the system is in use",
        "But another system, or the store, does not answer",
        f"When {first.id} is due",
    ]
    recorded = [*failed, "Then the failure is recorded with its cause", "And nothing is left half done"]
    return [*found, (f"{first.id} cannot be done at once", recorded)]


def _holds(story: Story, each: Thing) -> Iterator[Scenario]:
    """How one shows that a requirement without an operation holds, and where it ends if it says so."""
    text = plain(each.text).rstrip(".")
    wanted = goal(text)
    if each in story.wants and wanted.who:
        given = f"Given {article(story.role)}"
        yield f"{each.id} holds", [given, f"When they ask to {wanted.what}", "Then it is done, and they are told so"]
        if _BOUND.search(wanted.what):
            beyond = f"When they ask for more than this: {wanted.what}"
            yield (
                f"{each.id} ends where it says",
                [given, beyond, "Then it is refused with the reason", "And nothing is changed"],
            )
        return
    when = re.match(r"(?P<when>(?:If|When|Once|After|Given|In case)\b[^,]{3,200}),\s*(?P<then>.+)", text)
    begins = f"When this happens: {when['when']}" if when else "When its time has come, or somebody asks for it"
    then = when["then"] if when else text
    yield f"{each.id} holds", ["Given the system is in use", begins, f"Then {then[:1].lower()}{then[1:]}"]


def _positive(story: Story) -> list[Thing]:
    """The requirements that ask for something, not those that forbid it.

    A story that only forbids has none.
    """
    return [each for each in story.requirements if " shall not " not in plain(each.text)]


def _forbidden(story: Story) -> Iterator[Scenario]:
    """A scenario for each requirement that forbids something."""
    for each in story.requirements:
        text = plain(each.text).rstrip(".")
        if " shall not " in text:
            yield (
                f"What {each.id} forbids is refused",
                [
                    "Given the system is in use",
                    f"When somebody tries what is forbidden: {shorten(text, 220)}",
                    "Then it is refused with the reason",
                    "And nothing is changed",
                ],
            )


def line(text: str) -> str:
    """One line that Gherkin reads as text: no placeholder, no table."""
    return re.sub(r"\s+", " ", re.sub(r"[<>|]", " ", text)).strip()
