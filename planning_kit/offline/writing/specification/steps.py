"""How a use case runs: its steps, and where it can go another way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ....ids import Thing
from ...reading import words
from ..markdown import listing, quote, shorten
from .acceptance import signed_in
from .api_spec_offered import Offered
from .cases import Case
from .goals import DEED_OF, does, goal, said
from .ground import Ground
from .phrasing import upper
from .present import ordered, present, situation, third
from .voice import short

_EFFECT = re.compile(
    r"(?i)the system shall (?:notify|send|remove|delete|log|convey|remind|prompt)\b|.{3,120}? shall be notified"
)
"""What has something happen once the main thing is done."""
_REASONS = {
    400: "the request breaks a rule",
    401: "nobody is signed in",
    403: "the caller's role may not do this",
    404: "there is no such record",
    409: "it clashes with what is there",
    415: "the content has another type",
    422: "the content breaks a rule",
    429: "there were too many requests",
}
_AT = {
    400: "checked",
    401: "signed",
    403: "signed",
    404: "found",
    409: "clash",
    415: "checked",
    422: "checked",
    429: "asked",
}
_SAYS = {
    "check": r"(?i)\bvalidat|\brequired?\b|\bmust be (?:defined|registered)|\bat (?:least|most)\b|\bup to\b|\bformat|\bmandatory",
    "clash": r"(?i)\bduplicat|\boverlap|\btwice\b|\balready\b",
    "asked": r"(?i)\bquery parameters?\b|\bparameter shall\b|\bheader\b",
    "answered": r"(?i)\bstatus code\b|\bshall (?:return|answer|result in)\b|^The response\b|\bcontent type\b|\bredirect",
}
"""What a requirement speaks of → the step it is about."""


@dataclass
class Run:
    """The main flow of a use case: its ``steps`` (Markdown), the ``messages`` of its diagram (from, to, text), and which step does what."""

    steps: list[str] = field(default_factory=list)
    messages: list[tuple[str, str, str]] = field(default_factory=list)
    place: dict[str, int] = field(default_factory=dict)

    def step(self, does: str, text: str, *messages: tuple[str, str, str]) -> None:
        """Adds a step."""
        self.steps.append(text)
        self.messages += messages
        self.place.setdefault(does, len(self.steps))


def run(ground: Ground, case: Case) -> Run:
    """How ``case`` runs when all goes well."""
    return _called(ground, case) if case.offered else _own(ground, case)


def _called(ground: Ground, case: Case) -> Run:
    """A use case that calls operations."""
    found = Run()
    who = quote(case.actors[0])
    for call in case.offered:
        body = _sent(call)
        found.step(
            "asked", f"The {who} sends `{call.called}`{body}{_by(ground, case, 'asked')}.", ("A", "S", call.called)
        )
        if call.protected:
            said = f"The system checks who the {who} is and whether they may do this."
            found.step("signed", said, ("S", "S", "check sign-in and role"))
        _prepared(ground, case, call, found)
        what, by = object_of(call), _by(ground, case, "done")
        if signed_in(call.path):
            found.step(
                "done",
                f"The system checks what was sent and signs the {who} in{by}."
                if signed_in(call.path).endswith("in")
                else f"The system ends the session of the {who}{by}.",
                ("S", "D", "find the account"),
                ("D", "S", "done"),
            )
        else:
            messages = (("S", "D", f"{deed_of(call)} {what}"), ("D", "S", "done"))
            found.step("done", f"The system {_verb(call)} {quote(what)}{by}.", *messages)
        _ruled(ground, case, found)
        found.step(
            "answered",
            f"The system answers {call.success}{_by(ground, case, 'answered')}.",
            ("S", "A", str(call.success)),
        )
    return found


def _sent(call: Offered) -> str:
    """What a request carries beside its path: the names of its parameters or of its body's fields, as far as the plan has them."""
    plan = call.plan
    fields = [field.name for field in plan.body] if plan else []
    if call.body:
        return f" with {listing([f'`{name}`' for name in fields], 6)}" if fields else " with what is to be kept"
    query = [each.name for each in plan.parameters if each.place == "query"] if plan else []
    must = [each.name for each in plan.parameters if each.place == "query" and each.required] if plan else []
    shown = listing([f"`{name}`" for name in must or query], 6)
    return f"{' with' if must else ', if they like with'} {shown}" if query else ""


def _prepared(ground: Ground, case: Case, call: Offered, found: Run) -> None:
    """The steps before an operation does its work: what is meant is found, the request is checked, clashes are looked for."""
    statuses, one = {status for status, _ in call.answers}, thing(call)
    if "{" in call.path:
        messages = (("S", "D", f"find the {one}"), ("D", "S", one))
        found.step("found", f"The system finds the {quote(one)} that is meant.", *messages)
    if statuses & {400, 415, 422}:
        said = f"The system checks the request{_by(ground, case, 'check')}."
        found.step("checked", said, ("S", "S", "check the request"))
    if 409 in statuses:
        said = f"The system makes sure that nothing that is there clashes with it{_by(ground, case, 'clash')}."
        found.step("clash", said, ("S", "D", "look for a clash"), ("D", "S", "none"))


def thing(call: Offered) -> str:
    """What an operation works on, in words."""
    if call.plan and call.plan.entity:
        return " ".join(words.parts(call.plan.entity))
    last = next((part for part in reversed(call.path.split("/")) if part and "{" not in part), "record")
    return " ".join(words.one(last.replace("-", " "))) or "record"


def object_of(call: Offered) -> str:
    """What an operation is asked for: one thing, or several."""
    last = (words.parts(call.path.rsplit("/", 1)[-1]) or [""])[-1]
    several = call.method == "GET" and not call.path.endswith("}") and words.singular(last) != last
    return f"the {words.plural(thing(call))} asked for" if several else f"the {thing(call)}"


def deed_of(call: Offered) -> str:
    """What an operation does with it: keep, read, change or remove."""
    if action(call):
        return "change"
    return DEED_OF.get(call.method, "work on")


def action(call: Offered) -> str:
    """The verb of an operation that acts on one record (``POST /orders/{id}/cancel``); empty for any other."""
    if call.plan is None or call.method != "POST" or does(call.plan) == "create":
        return ""
    return (words.parts(call.plan.id) or [""])[0]


def _verb(call: Offered) -> str:
    if action(call):
        return third(action(call))
    return {"keep": "keeps", "read": "reads", "change": "changes", "remove": "removes"}.get(deed_of(call), "works on")


def _by(ground: Ground, case: Case, what: str) -> str:
    """The rules that ask for what a step does, in brackets."""
    named = [each.id for each in case.functional if _stands_at(said(ground, each)) == what]
    return f", as {listing(named, 6)} {'asks' if len(named) == 1 else 'ask'}" if named else ""


def _stands_at(text: str) -> str:
    """The step of a call that a requirement is about: what is sent, checked, looked for, done or answered."""
    if re.search(_SAYS["answered"], text):
        return "answered"
    if re.search(_SAYS["clash"], text):
        return "clash"
    if re.search(_SAYS["asked"], text):
        return "asked"
    if re.search(_SAYS["check"], text):
        return "check"
    main = re.sub(r"^(?:If|When|Once|After)\b[^,]{3,200},\s*", "", text)
    return "effect" if _EFFECT.match(main) else "done"


def asked_step(ground: Ground, each: Thing) -> tuple[str, str]:
    """A step that does what a requirement asks, as Markdown, and its message in the diagram."""
    text = said(ground, each).rstrip(".")
    wanted = goal(text)
    plainly = f"{wanted.who} asks to {wanted.what}" if wanted.who and not wanted.denied else present(text)
    step = f"{quote(upper(shorten(plainly, 220)))} ({each.id})."
    return step, f"{each.id} {lowered(short(ordered(text), 44))}"


def _ruled(ground: Ground, case: Case, found: Run) -> None:
    """The steps of rules that have something happen afterwards: somebody is told, something depending is removed."""
    for each in case.rules:
        main = re.sub(r"^(?:If|When|Once|After)\b[^,]{3,200},\s*", "", said(ground, each))
        if _EFFECT.match(main):
            text, message = asked_step(ground, each)
            found.step("effect", text, ("S", "S", message))


def occasion_step(ground: Ground, each: Thing) -> str:
    """The step in which what a requirement is about comes up, as Markdown."""
    when = situation(said(ground, each)).when
    return f"{quote(upper(when))} ({each.id})." if when else "The occasion for it comes."


def _own(ground: Ground, case: Case) -> Run:
    """A use case without an operation: what the system does by itself, or what is done elsewhere."""
    found = Run()
    who, begun = quote(case.actors[0]), short(lowered(case.title), 56)
    if not case.wants:
        begins = occasion_step(ground, case.functional[0]) if case.functional else "The occasion for it comes."
        found.step("asked", begins, ("A", "S", lowered(begun)))
    for each in case.wants:
        text, message = asked_step(ground, each)
        found.step("asked", text, ("A", "S", message))
    if case.wants:
        found.step("done", f"The system does so for the {who}.", ("S", "S", "do so"))
    for each in case.rules[:8]:
        text, message = asked_step(ground, each)
        found.step("done", text, ("S", "S", message))
    found.step("answered", f"The system records what was done, and shows it to the {who}.", ("S", "A", "what was done"))
    return found


def branches(case: Case, ran: Run) -> Iterator[tuple[str, str, str, str]]:
    """The alternative flows: name, step, condition, what happens."""
    number = 0
    for call in case.offered:
        for status, when in call.answers:
            if status >= 400:
                number += 1
                step = ran.place.get(_AT.get(status, "done")) or ran.place["done"]
                kept = "nothing is changed" if call.method != "GET" else "nothing is shown"
                why = "the credentials are wrong" if status == 401 and signed_in(call.path) else reason(status, when)
                yield f"A{number}", f"step {step}", why, f"The system answers {status}; {kept}."
    number += 1
    done = ran.place.get("done", 1)
    yield (
        f"A{number}",
        f"step {done}",
        "the store, or another system that is needed, does not answer",
        "The failure is recorded, nothing is left half done, and the caller is told with a status of 500 or above."
        if case.offered
        else "The failure is recorded with its cause, nothing is left half done, and it is tried again (assumed).",
    )


def reason(status: int, when: str) -> str:
    """When an operation answers with an error, as Markdown: as the API says it, else as the status means it."""
    usual = _REASONS.get(status, "")
    told = when.strip().rstrip(".")
    if not usual or (told and len(told) <= 120 and status not in (401, 403, 404)):
        return quote(f"{told[:1].lower()}{told[1:]}" if told else f"the answer is {status}")
    return usual


def lowered(text: str) -> str:
    """``text`` with a small first letter, unless it begins with a name in capitals."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
