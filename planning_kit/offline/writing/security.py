"""The security requirements: threats, authentication, who may do what, classes of data, input, audit and secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..facts import Field, Operation
from . import api, signin
from .access import action, authentication, authorization, unsaid
from .dialects import SQLITE
from .draft import Draft
from .markdown import ASSUMED, cite, code, codes, listing, quote, shorten, table
from .openapi import tag
from .plan import Plan
from .schema import Table
from .threats import Threat, classify, find

RULE = (
    "Risk is impact × exposure, each 1 to 3. Impact: 3 for credentials, secrets and special categories, 2 for personal data and what others act on, "
    "1 otherwise. Exposure: 3 for anybody, 2 for callers with a token or partners, 1 for accounts of the machine. High from 6, medium from 3."
)
AUDITED = re.compile(
    r"(?i)\b(log|logs|logged|logging|audit\w*)\b(?! ?in\b)|\brecorded with\b|\brecorded[^.]{0,40}\bwho\b|\bwho (?:made|changed) it\b|\btraceab"
)
"""What asks for a record of who did what."""
_HANDLING = {
    "restricted": "encrypted at rest with a key of its own, never in logs, read by name only",
    "confidential": "encrypted at rest, masked in logs, read by need",
    "public": "anybody may read it; protected against change",
    "internal": "not public; no further handling asked for",
}


def write(plan: Plan) -> Draft:
    """The draft of ``07-security-requirements.md``."""
    draft = Draft(f"Security Requirements: {quote(plan.feature)}")
    draft.take(plan.reading.questions, "security", r"(?i)prove who")
    asked = unsaid(plan)
    if asked:
        draft.questions.append(asked)
    threats = find(plan)
    draft.add("Threat model", _threats(threats), RULE if threats else "")
    draft.add("Authentication", *authentication(plan, draft))
    draft.add("Authorization", *authorization(plan, draft))
    draft.add("Data classification", _classes(plan))
    draft.add("Input validation", *_inputs(plan, draft))
    draft.add("Audit events", *_audit(plan, draft))
    draft.add("Secrets", _secrets(plan))
    _assume(plan, draft)
    draft.decisions = _decisions(plan, threats)
    return draft


def _threats(threats: tuple[Threat, ...]) -> str:
    if not threats:
        empty = table(("Threat", "STRIDE", "Element", "Risk", "Mitigation", "Source"), ())
        return f"{empty}\n\nNone follows yet: the brief names no operation, no stored data and no other system."
    rows = [
        (
            t.text,
            t.stride,
            t.element,
            f"{t.risk} ({t.impact}×{t.exposure})",
            f"{t.mitigation} {ASSUMED}",
            cite(t.sources),
        )
        for t in threats
    ]
    return table(("Threat", "STRIDE", "Element", "Risk", "Mitigation", "Source"), rows)


def _classes(plan: Plan) -> str:
    rows = []
    for one in plan.tables:
        kind = _open(plan, one) or classify(one)
        columns = [c for c in one.columns if c.personal]
        told = [c.name for c in one.columns if c.target] if kind == "confidential" else []
        why = (
            codes(c.name for c in columns)
            or (f"says something about a person through {codes(told)}" if told else "")
            or "no column the rules know as personal or secret"
        )
        rows.append(
            (
                code(one.name),
                kind,
                why,
                f"{_HANDLING[kind]} {ASSUMED}",
                cite((s for c in columns for s in c.sources) if columns else one.sources, 3),
            )
        )
    return table(("Table", "Class", "Because of", "Handling", "Source"), rows) if rows else "Nothing is stored."


def _open(plan: Plan, one: Table) -> str:
    """``public`` when nothing in the table is personal and an operation the brief names shows it to anybody."""
    shown = any(o.method == "GET" and o.stated and not plan.protected(o) for o in plan.serving(one))
    served = plan.reading.served
    return "public" if shown and served and classify(one) == "internal" else ""


def _inputs(plan: Plan, draft: Draft) -> Iterator[str]:
    rows: dict[str, tuple[str, str, str]] = {}
    for o in plan.operations:
        taken = [
            *plan.fields(o),
            *(
                Field(p.name, p.type, p.required, p.meaning, p.sources, p.values)
                for p in o.parameters
                if p.place != "path"
            ),
        ]
        for f in taken:
            name = f"{tag(plan, o)}: {f.name}"
            check = (
                f"one of {codes(f.values)}"
                if f.values
                else {
                    "string": "length limit; no control characters",
                    "text": "length limit; escaped wherever it is shown",
                }.get(f.type, f"parsed as {f.type}, refused otherwise")
            )
            if re.search(r"(?i)password", f.name):
                check = "length limit of at least 64, any character, checked against known leaked passwords"
            elif f.type == "uri":
                check = "https only; no address inside the own network when it is fetched"
            rows.setdefault(name, (name, f"{check}{'' if f.values else f' {ASSUMED}'}", cite(f.sources)))
    if not rows:
        yield "No operation takes a value."
        return
    yield table(
        ("Field", "Check", "Source"),
        (
            (f"{code(name.split(': ', 1)[1])} of {name.split(': ', 1)[0]}", check, source)
            for name, check, source in rows.values()
        ),
    )
    if any("length limit" in check for _, check, _ in rows.values()):
        draft.ask(
            "How long may text be, field by field?", "1,000 characters for a name or address, 10,000 for free text"
        )


def _audit(plan: Plan, draft: Draft) -> Iterator[str]:
    said = [s for s in plan.reading.statements if AUDITED.search(s.text)]
    writes = [o for o in plan.operations if o.method != "GET"]
    reads = [o for o in plan.operations if o.method == "GET" and classify(plan.table(o.entity)) == "restricted"]
    groups: dict[str, list[Operation]] = {}
    for o in [*writes, *reads]:
        groups.setdefault(tag(plan, o), []).append(o)
    if said:
        yield table(
            ("What the brief asks for", "Strength", "Source"),
            ((quote(shorten(s.text, 260)), s.strength, f"[{s.source}]") for s in said),
        )
    if groups:
        rows = [(_done(name, own), codes(o.id for o in own), f"who, when, which row, outcome {ASSUMED}; never the value of a secret",
                 cite((s for o in own for s in o.sources), 3)) for name, own in groups.items()]  # fmt: skip
        yield table(("Event", "Operations", "Recorded", "Source"), rows)
    if not said:
        draft.ask(
            "What has to be logged, who reads it, and for how long is it kept?",
            "every change is recorded, and kept until somebody decides",
            unless="traceable",
        )
    if not said and not groups:
        yield "The brief names nothing to record."


def _done(name: str, operations: list[Operation]) -> str:
    """What happened to ``name``: ``create, update: events``."""
    verbs = dict.fromkeys("read" if o.method == "GET" else _verb(o) for o in operations)
    return f"{', '.join(verbs)}: {name}"


def _verb(operation: Operation) -> str:
    verb = re.match(r"[a-z]+", operation.id)
    return verb.group() if verb and operation.method == "POST" else action(operation)


def _secrets(plan: Plan) -> str:
    rows = []
    if any(plan.protected(o) for o in plan.operations):
        rows.append(
            (
                "key that signs or checks tokens",
                "rotated, old keys accepted until their tokens expire",
                cite((s for o in plan.operations if plan.protected(o) for s in o.sources), 2),
            )
        )
    if plan.tables and plan.dialect is not SQLITE:
        rows.append(
            (
                f"password of the {plan.database[0]} account",
                "an account that can do no more than these tables need",
                cite(plan.database[1]),
            )
        )
    if any(
        classify(t) == "restricted" and any(not c.name.endswith("_hash") and c.personal for c in t.columns)
        for t in plan.tables
    ):
        tables = [t for t in plan.tables if classify(t) == "restricted"]
        rows.append(
            (
                "key that encrypts restricted columns",
                f"kept apart from the database: {codes(t.name for t in tables)}",
                cite((s for t in tables for s in t.sources), 2),
            )
        )
    rows += [
        (f"credentials for {quote(n.name)}", "one set per environment", cite(n.sources, 2))
        for n in plan.reading.integrations
    ]
    if not rows:
        return "None: nothing here signs, connects or decrypts."
    return "Secrets are kept outside code and image, and read at start (assumed).\n\n" + table(
        ("Secret", "Handling (assumed)", "Source"), rows
    )


def _assume(plan: Plan, draft: Draft) -> None:
    draft.assumptions.append(
        "Mitigations, handling and what is recorded are the rules' proposals; the brief asks for the functions they protect."
    )
    silent = [o for o in plan.operations if o.auth not in ("none", "bearer")]
    if silent:
        kinds = sorted({api.auth(plan, o).split(" ")[0] for o in silent})
        draft.assumptions.append(
            f"Where the brief says nothing about authentication: {listing([code(k) for k in kinds])} for {len(silent)} of {len(plan.operations)} operations."
        )


def _decisions(plan: Plan, threats: tuple[Threat, ...]) -> str:
    high = [t for t in threats if t.risk == "high"]
    bearer = sum(1 for o in plan.operations if plan.protected(o))
    roles = list(dict.fromkeys(quote(role) for o in plan.operations for role in o.roles))
    who = (
        f"Access is by {signin.shown(plan.reading.signin, 2).removeprefix('a ')} on {bearer} of {len(plan.operations)} operations"
        if bearer
        else "No operation requires a token"
        if plan.operations
        else "There is nothing to protect yet"
    )
    who += f", by role for {listing(roles, 5)}" if roles else ""
    worst = (high or threats)[:1]
    return f"{who}. " + (
        f"First to be dealt with ({worst[0].risk} risk): {worst[0].text[:1].lower() + worst[0].text[1:]} ({worst[0].element})."
        if worst
        else "What it does has to be asked first."
    )
