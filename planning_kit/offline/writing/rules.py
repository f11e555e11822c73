"""The validation rules: field by field, and the sentences of the brief that restrict what is allowed."""

from __future__ import annotations

import re

from ..facts import Field, Statement
from .markdown import ASSUMED, cite, code, codes, quote, shorten, table
from .openapi import Contract
from .plan import Plan

_RULE = re.compile(
    r"(?i)must not|not allow|cannot|\bunique|at least|at most|no more than|overlap|duplicat|restrict|validat|maximum|minimum|exceed|"
    r"invalid|compulsory|pre-?registered|\bonly\b|\bup to [\d,]+ (?!ms\b)|\b\d+ (?:minutes?|hours?|days?|weeks?|months?) (?:before|after)\b|\btwice\b|\bbetween \d|\bunless\b|\bneeds the approval\b|\bmust be ignored\b"
)


def write(plan: Plan, contract: Contract) -> list[str]:
    """A rule per field of a request, then the rules across fields in the brief's words."""
    rows: dict[tuple[str, str], tuple[str, str, str]] = {}
    for name in dict.fromkeys(contract.bodies.values()):
        for f in contract.shown[name]:
            rows.setdefault((name, f.name), (code(f"{name}.{f.name}"), _rule(f), cite(f.sources)))
    for o in plan.operations:
        for p in o.parameters:
            one = Field(p.name, p.type, p.required, p.meaning, p.sources, p.values)
            key = (p.place, p.name if p.place == "path" else f"{p.name} {o.id}")
            rows.setdefault(
                key,
                (
                    f"{code(p.name)} ({p.place}" + ("" if p.place == "path" else f" of {code(o.id)}") + ")",
                    _rule(one),
                    cite(p.sources),
                ),
            )
    parts = [table(("Field", "Rule", "Source"), rows.values()) if rows else "No operation takes a value."]
    ruling = rulings(plan)
    if ruling:
        parts.append("Rules across fields, in the brief's words:")
        parts.append(
            table(
                ("Rule", "Strength", "Applies to", "Source"),
                ((quote(shorten(s.text, 240)), s.strength, _applies(plan, s), f"[{s.source}]") for s in ruling),
            )
        )
    return parts


def _applies(plan: Plan, ruling: Statement) -> str:
    """The operations that come from the same passage or answer with a conflict because of it."""
    met = [
        o.id
        for o in plan.operations
        if ruling.source in o.sources
        or any(r.status == 409 and ruling.source in r.sources for r in o.responses)
        or any(ruling.source in field.sources for field in plan.fields(o))
    ]
    return codes(met[:4]) or "to be settled"


def rulings(plan: Plan) -> list[Statement]:
    """The sentences of the brief that restrict what may be stored or done."""
    found = [s for s in plan.reading.statements if s.area in ("functional", "constraint") and _RULE.search(s.text)]
    own = {source for job in plan.reading.jobs for source in job.sources}
    return list(
        {s.text: s for s in found if s.source not in own or re.search(r"(?i)must not|\bunique", s.text)}.values()
    )


def restricts(text: str) -> bool:
    """Whether ``text`` restricts what may be stored or done."""
    return bool(_RULE.search(text))


def _rule(one: Field) -> str:
    parts = ["required" if one.required else "optional"]
    if one.values:
        parts.append(f"one of {codes(one.values)}")
    elif one.type in ("string", "text"):
        parts.append(f"text, not empty {ASSUMED}" if one.required else "text")
    else:
        parts.append(f"a valid {one.type}")
    if one.type == "integer" and one.name.lower() in ("limit", "page", "offset"):
        parts.append(f"at least {0 if one.name.lower() == 'offset' else 1} {ASSUMED}")
    if one.longest:
        parts.append(f"at most {one.longest:,} characters")
    if one.least or one.most:
        parts.append(f"from {one.least} to {one.most}")
    if one.references:
        parts.append(f"an existing row of {code(one.references)}")
    return "; ".join(parts)
