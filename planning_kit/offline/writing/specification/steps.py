"""How a use case runs: its steps, and where it can go another way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ....ids import Thing
from ...reading import words
from ..markdown import quote, shorten
from .api_spec_offered import Offered
from .cases import Case
from .goals import DEED_OF, said
from .ground import Ground

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
    "notify": r"(?i)\bnotif|\bconvey|\bsend\b|\bmail\b|\bremind|\balert(?:s|ed)? (?:sent|to)",
}


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
        body = " with what is to be kept" if call.body else ""
        found.step("asked", f"The {who} sends `{call.called}`{body}.", ("A", "S", call.called))
        if call.protected:
            said = f"The system checks who the {who} is and whether they may do this."
            found.step("signed", said, ("S", "S", "check sign-in and role"))
        _prepared(ground, case, call, found)
        what = object_of(call)
        found.step(
            "done",
            f"The system {_verb(call)} {quote(what)}.",
            ("S", "D", f"{deed_of(call)} {what}"),
            ("D", "S", "done"),
        )
        _ruled(ground, case, found)
        found.step("answered", f"The system answers {call.success}.", ("S", "A", str(call.success)))
    return found


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
    several = call.method == "GET" and not call.path.endswith("}")
    return f"the {words.plural(thing(call))} asked for" if several else f"the {thing(call)}"


def deed_of(call: Offered) -> str:
    """What an operation does with it: keep, read, change or remove."""
    return DEED_OF.get(call.method, "work on")


def _verb(call: Offered) -> str:
    return {"keep": "keeps", "read": "reads", "change": "changes", "remove": "removes"}.get(deed_of(call), "works on")


def _by(ground: Ground, case: Case, what: str) -> str:
    """The rules that ask for what a step does, in brackets."""
    named = [each.id for each in case.functional if re.search(_SAYS[what], said(ground, each))]
    return f" ({', '.join(named[:6])})" if named else ""


def asked_step(ground: Ground, each: Thing) -> tuple[str, str]:
    """A step that does what a requirement asks, as Markdown, and its message in the diagram."""
    text = said(ground, each).rstrip(".")
    main = re.sub(r"^(?:If|When|Once|After)\b[^,]{3,200},\s*", "", text)
    brief = re.sub(r"(?i)^.*?\b(?:shall|may)\s+", "", main)
    step = f"The system does what {each.id} asks: {quote(shorten(text, 200))}."
    return step, f"{each.id} {shorten(brief, 44).removesuffix(' …')}"


def _ruled(ground: Ground, case: Case, found: Run) -> None:
    """The steps of rules that have something happen afterwards: somebody is told, something depending is removed."""
    for each in case.rules:
        main = re.sub(r"^(?:If|When|Once|After)\b[^,]{3,200},\s*", "", said(ground, each))
        if _EFFECT.match(main):
            text, message = asked_step(ground, each)
            found.step("effect", text, ("S", "S", message))


def _own(ground: Ground, case: Case) -> Run:
    """A use case without an operation: what the system does by itself, or what is done elsewhere."""
    found = Run()
    who, begun = quote(case.actors[0]), shorten(lowered(case.title), 56).removesuffix(" …")
    begins = (
        f"The {who} begins: {quote(lowered(case.title))}."
        if case.wants
        else "What it waits for happens, or its time comes."
    )
    found.step("asked", begins, ("A", "S", begun))
    for each in case.functional[:8]:
        text, message = asked_step(ground, each)
        found.step("done", text, ("S", "S", message))
    found.step("answered", f"The system records what was done, and the {who} can see it.", ("S", "A", "what was done"))
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
                yield f"A{number}", f"step {step}", reason(status, when), f"The system answers {status}; {kept}."
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
