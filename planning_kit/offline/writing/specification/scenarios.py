"""How a use case runs: its steps, where it can go another way, and the scenarios that test it."""

from __future__ import annotations

from ....ids import Thing
from .acceptance import article
from .api_spec_offered import Offered
from .cases import Case
from .goals import said
from .ground import Ground
from .steps import deed_of, lowered, object_of, reason, thing

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
        found = [
            (
                f"the system is in use and {article(who)} takes part",
                f"{lowered(case.title)} is due",
                held(ground, case.functional[0]) if case.functional else "it is done and recorded",
                main,
            )
        ]
        then = f"{lowered(case.title)} has been done"
    found += [(then, "the outcome is looked at", held(ground, each), (each.id,)) for each in rest]
    found += [
        ("the system carries the load that is expected", "it is measured", _measured(ground, each), (each.id,))
        for each in case.needs
    ]
    if not case.offered:
        found.append(
            (
                "the store, or another system that is needed, does not answer",
                f"{lowered(case.title)} is due",
                "the failure is recorded with its cause and nothing is left half done",
                main,
            )
        )
    return found


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
                f"the answer is {call.success}, and {object_of(call)} {'are' if object_of(call).endswith('asked for') else 'is'} {_after(call)}",
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
    if status == 401:
        return "somebody who is not signed in"
    if status == 403:
        return "somebody who is signed in with a role that may not do this"
    if status == 404:
        return f"{given.split(' and ')[0]}, but no {thing(call)} with that id"
    return given


def _after(call: Offered) -> str:
    return {"keep": "kept", "read": "shown", "change": "changed", "remove": "not there any more"}.get(
        deed_of(call), "as asked"
    )


def held(ground: Ground, each: Thing) -> str:
    """That a requirement holds, or that what it forbids is refused, in its words."""
    text = said(ground, each).rstrip(".")
    if " shall not " in text:
        return f"it is refused, because {text[:1].lower()}{text[1:]}"
    return f"it holds that {text[:1].lower()}{text[1:]}"


def _measured(ground: Ground, each: Thing) -> str:
    measure = ground.cells.get(each.id, {}).get("measure", "")
    return f"it meets {each.id}: {measure or said(ground, each)}"
