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
from .present import present, situation
from .told import Story
from .voice import article, by_itself, capability, short

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
    for heading, steps in _told_apart([*scenarios, *_forbidden(story)]):
        lines += ["", f"  Scenario: {line(heading)}", *(f"    {line(step)}" for step in steps)]
    return "\n".join(lines)


_BOUND = re.compile(
    r"(?i)\b(?:up to|at most|no more than|only|within|until|for)\s+(?:a |an |the )?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\w*\b(?: [a-z]+)?"
)
_CLASH = re.compile(r"(?i)\bduplicat|\boverlap|\btwice\b|\balready\b|\bsame (?:name|resource|subscriber|time)\b")
Scenario = tuple[str, list[str]]


def _deed(operation: Operation) -> str:
    """What is done to the record; an action that ends something, and deletes nothing, changes it."""
    done = does(operation)
    return "update" if done == "delete" and operation.method != "DELETE" else done


def signed_in(path: str) -> str:
    """What is so after signing in or out; empty for an operation that does something else."""
    signs = re.search(r"(?i)/(?P<out>log-?out|sign-?out)$|/(?:log-?in|sign-?in)$", path)
    return "" if signs is None else "they are signed out" if signs["out"] else "they are signed in"


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
    done = signed_in(operation.path) or _DONE[_deed(operation)].format(one=one)
    holds = [
        f"And this holds ({each.id}): {shorten(present(plain(each.text)), HELD)}"
        for each in _positive(story)
        if each is not story.leading and not _apart(each)
    ]
    found: list[Scenario] = [
        (
            f"The {who} succeeds",
            [*given, *exists, asks, f"Then {done}", f"And the answer is {succeeds(operation)}", *holds],
        )
    ]
    found += [_in_its_situation(each, given, exists, asks) for each in _positive(story) if _apart(each)]
    clash = next((each.id for each in story.requirements if _CLASH.search(plain(each.text))), "")
    found += [
        _failed(response, given, exists, asks, who, one, operation, clash)
        for response in operation.responses
        if response.status in _REFUSED
    ]
    if not any(response.status in _REFUSED for response in operation.responses):
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


def names_an_error(text: str) -> bool:
    """Whether a requirement is about an answer that refuses."""
    return bool(re.search(r"\b4\d\d\b", text)) and not re.search(r"\b2\d\d\b", text)


def _apart(each: Thing) -> bool:
    """Whether a requirement is about a situation of its own, so that it is no part of how all goes well."""
    text = plain(each.text)
    return bool(situation(text).when) or names_an_error(text)


def _in_its_situation(each: Thing, given: list[str], exists: list[str], asks: str) -> Scenario:
    """The scenario of a requirement that names when it holds."""
    text = plain(each.text)
    told = situation(text)
    when = [f"But {told.when}"] if told.when else []
    return f"{short(present(text) if not told.when else told.then)} ({each.id})", [
        *given,
        *exists,
        *when,
        asks,
        f"Then {shorten(told.then, HELD)}",
    ]


def _asked(story: Story, operation: Operation) -> str:
    """What the role asks for, told of them."""
    said = capability(story)
    if by_itself(operation) and not story.wants:
        return f"use {operation.method} {operation.path}"
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
    if status == 401 and signed_in(operation.path):
        return "The credentials are wrong", [*given, "But the credentials are wrong", asks, *then]
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
        "And another system, or the store, does not answer",
        _occasion(story, first),
    ]
    recorded = [*failed, "Then the failure is recorded with its cause", "And nothing is left half done"]
    return [*found, ("What is needed does not answer", recorded)]


def _occasion(story: Story, each: Thing) -> str:
    """The step in which what ``each`` is about comes up."""
    text = plain(each.text).rstrip(".")
    wanted = goal(text)
    if each in story.wants and wanted.who:
        return f"When the {story.role} asks to {_OUTCOME.split(wanted.what, maxsplit=1)[0]}"
    when = situation(text).when
    if when:
        return f"When this happens: {when}" if when.startswith(("in ", "for ", "during ")) else f"When {when}"
    return f"When the {story.role} uses it" if story.wants else "When a tester brings it about"


_OUTCOME = re.compile(r",? and (?:then )?(?=(?:get|receive|see|is told|are told)\b)")
"""Where what somebody does ends, and what they get for it begins."""


def _holds(story: Story, each: Thing) -> Iterator[Scenario]:
    """How one shows that a requirement without an operation holds, and where it ends if it says so."""
    text = plain(each.text).rstrip(".")
    wanted = goal(text)
    if each in story.wants and wanted.who:
        given = f"Given {article(story.role)}"
        _, *got = _OUTCOME.split(wanted.what, maxsplit=1)
        done = (
            ["Then they are shown what they asked for"]
            if wanted.deed == "read"
            else ["Then it is done", f"And the {story.role} is shown the outcome"]
        )
        then = [f"Then they {got[0]}"] if got else done
        yield f"The {story.role} can {small(short(wanted.what))} ({each.id})", [given, _occasion(story, each), *then]
        if bound := _BOUND.search(wanted.what):
            beyond = f"When the {story.role} asks to {_OUTCOME.split(wanted.what, maxsplit=1)[0]}"
            over = f"But this limit would be exceeded: {bound.group()}"
            yield (
                f"The limit of {each.id} is kept",
                [given, over, beyond, "Then it is refused with the reason", "And nothing is changed"],
            )
        return
    so = situation(text).then
    yield f"{short(present(text))} ({each.id})", ["Given the system is in use", _occasion(story, each), f"Then {so}"]


def small(text: str) -> str:
    """``text`` with a small first letter, unless it begins with a name in capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _positive(story: Story) -> list[Thing]:
    """The requirements that ask for something, not those that forbid it.

    A story that only forbids has none.
    """
    return [each for each in story.requirements if " shall not " not in plain(each.text)]


def _forbidden(story: Story) -> Iterator[Scenario]:
    """A scenario for each requirement that forbids something."""
    for each in story.requirements:
        text = plain(each.text).rstrip(".")
        if " shall not " not in text:
            continue
        wanted = goal(text)
        if wanted.who:
            who = "somebody" if wanted.who.lower() in ("anybody", "anyone") else wanted.who
            steps = [
                f"When {small(who)} tries to {wanted.what}",
                "Then it is refused with the reason",
                "And nothing is changed",
            ]
        elif re.match(r"(?i)the system shall not (?:allow|let|permit|accept)\b", text):
            tried = re.sub(r"(?i)^the system shall not (?:allow|let|permit|accept)\s+", "", text)
            steps = [
                f"When somebody tries to bring about {shorten(tried, 200)}",
                "Then it is refused with the reason",
                "And nothing is changed",
            ]
        else:
            steps = ["When a tester tries to bring it about", f"Then {shorten(present(text), 220)}"]
        yield f"{short(present(text))} ({each.id})", ["Given the system is in use", *steps]


def _told_apart(scenarios: list[Scenario]) -> Iterator[Scenario]:
    """``scenarios``, each with a heading of its own."""
    seen: dict[str, int] = {}
    for heading, steps in scenarios:
        seen[heading] = seen.get(heading, 0) + 1
        yield (f"{heading}, {seen[heading]}" if seen[heading] > 1 else heading), steps


def line(text: str) -> str:
    """One line that Gherkin reads as text: no placeholder, no table."""
    return re.sub(r"\s+", " ", re.sub(r"[<>|]", " ", text)).strip()
