"""How a use case runs: its steps, where it can go another way, and the scenarios that test it."""

from __future__ import annotations

from ....ids import Thing
from .acceptance import names_an_error, signed_in
from .api_spec_offered import Offered
from .cases import Case
from .goals import said
from .ground import Ground
from .present import present, situation
from .steps import deed_of, lowered, object_of, reason, thing
from .voice import article

Test = tuple[str, str, str, tuple[str, ...]]
"""Given, when, then (plain words), and the requirements it tests."""


def tests(ground: Ground, case: Case) -> list[Test]:
    """The scenarios: how it succeeds, one for each rule and each quality, and how it fails."""
    who = case.actors[0]
    main = tuple(each.id for each in (case.wants or case.functional[:1] or case.requirements[:1]))
    rest = [each for each in case.functional if each.id not in main]
    if case.offered:
        found = _served(ground, case, main, who)
        then = f"after {case.offered[0].called} has succeeded"
    else:
        found = [_by_itself(ground, case, main, who)]
        then = f"{lowered(case.title)} has been done"
    found += [_ruled(ground, case, each, then, who) for each in rest]
    found += [(*_tried(ground, each), _measured(ground, each), (each.id,)) for each in case.needs]
    if not case.offered:
        found.append(
            (
                "the store, or another system that is needed, does not answer",
                _due(ground, case, who),
                "the failure is recorded with its cause and nothing is left half done",
                main,
            )
        )
    return found


def _ruled(ground: Ground, case: Case, each: Thing, then: str, who: str) -> Test:
    """The scenario of a rule: after the main thing has been done, or in the situation the rule speaks of."""
    text = said(ground, each)
    if case.offered and (situation(text).when or names_an_error(text)):
        call = case.offered[0]
        given = (
            f"{article(who)}{' who is signed in' if call.protected else ''}, in the situation that {each.id} speaks of"
        )
        return given, f"they send {call.called}", held(ground, each), (each.id,)
    return then, "the outcome is looked at", held(ground, each), (each.id,)


def _tried(ground: Ground, each: Thing) -> tuple[str, str]:
    """Given and when of the scenario of a quality: a measurement under load, or an inspection."""
    kind = ground.cells.get(each.id, {}).get("quality", "")
    if kind.startswith(("Performance", "Reliability")):
        return "the system carries the load that is expected", "it is measured"
    return "the system is set up as it will be in operation", "it is inspected and tried"


def _due(ground: Ground, case: Case, who: str) -> str:
    """What sets a use case without an operation going."""
    if case.wants:
        return f"the {who} asks to {lowered(case.title)}"
    first = case.functional[0] if case.functional else None
    if first and situation(said(ground, first)).when:
        return f"it comes to what {first.id} speaks of"
    return f"a tester brings it about: {lowered(case.title)}"


def _by_itself(ground: Ground, case: Case, main: tuple[str, ...], who: str) -> Test:
    """How a use case without an operation succeeds."""
    then = held(ground, case.functional[0]) if case.functional else "it is done and recorded"
    if case.wants:
        then = "it is done, and they are shown the outcome"
    return f"the system is in use and {article(who)} takes part", _due(ground, case, who), then, main


def _served(ground: Ground, case: Case, main: tuple[str, ...], who: str) -> list[Test]:
    found: list[Test] = []
    for call in case.offered:
        given = f"{article(who)}{' who is signed in' if call.protected else ''}" + (
            f" and {article(thing(call))} that exists" if "{" in call.path else ""
        )
        found.append(
            (
                given,
                f"they send {call.called}",
                f"the answer is {call.success}, and {outcome(call)}",
                main,
            )
        )
        for status, when in call.answers:
            if status >= 400:
                found.append(
                    (
                        _given(status, given, call),
                        f"they send {call.called}"
                        + (", but " + reason(status, when) if status in (400, 409, 415, 422) else ""),
                        f"the answer is {status} and nothing is {'changed' if call.method != 'GET' else 'shown'}",
                        main,
                    )
                )
        if not any(status >= 400 for status, _ in call.answers):
            found.append(
                (
                    f"{given}, but the store does not answer",
                    f"they send {call.called}",
                    "the answer has a status of 500 or above and nothing is changed",
                    main,
                )
            )
    return found


def _given(status: int, given: str, call: Offered) -> str:
    if status == 401 and signed_in(call.path):
        return f"{given.split(' and ')[0]} whose credentials are wrong"
    if status == 401:
        return "somebody who is not signed in"
    if status == 403:
        return "somebody who is signed in with a role that may not do this"
    if status == 404:
        return f"{given.split(' and ')[0]}, but no {thing(call)} with that id"
    return given


def outcome(call: Offered) -> str:
    """What is so once an operation has succeeded."""
    what = object_of(call)
    return signed_in(call.path) or f"{what} {'are' if what.endswith('asked for') else 'is'} {after(call)}"


def after(call: Offered) -> str:
    """How what an operation works on is once it has succeeded."""
    return {"keep": "kept", "read": "shown", "change": "changed", "remove": "not there any more"}.get(
        deed_of(call), "as asked"
    )


def held(ground: Ground, each: Thing) -> str:
    """That a requirement holds, or that what it forbids is refused, in its words."""
    text = said(ground, each).rstrip(".")
    return f"{'it is refused, because' if ' shall not ' in text else 'it holds that'} {present(text)}"


def _measured(ground: Ground, each: Thing) -> str:
    measure = ground.cells.get(each.id, {}).get("measure", "")
    return f"it meets {each.id}: {measure or said(ground, each)}"
