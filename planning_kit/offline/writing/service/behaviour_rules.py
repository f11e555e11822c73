"""The validation rules of an API design: what decides beyond the form, field by field, and the brief's rules across fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..markdown import ASSUMED, code, codes, listing, quote, shorten, table
from ..plan import Plan
from ..rules import rulings
from .contract import Call, Contract, kind_of, properties

_BOUNDS = (
    ("minLength", "at least {} characters"), ("maxLength", "at most {} characters"), ("minimum", "at least {}"), ("maximum", "at most {}"),
    ("exclusiveMinimum", "above {}"), ("exclusiveMaximum", "below {}"), ("multipleOf", "a multiple of {}"), ("minItems", "at least {} entries"),
    ("maxItems", "at most {} entries"), ("pattern", "of the contract's pattern"),
)  # fmt: skip
_REFERS = re.compile(r"(?:_id|Id|ID)$")


def validation(plan: Plan, contract: Contract) -> Iterator[str]:
    """A row per field that a rule is about, then the rules across fields in the brief's words."""
    calls = [each for each in contract.calls if each.body or each.parameters]
    if not calls:
        yield "No operation takes a value."
        return
    yield f"Checked in this order: the form, as the contract's schemas have it; who calls; that what is referred to exists; the rules across fields, within the transaction {ASSUMED}. What the form alone decides (type, required) stands in the contract."
    rows: dict[tuple[str, str, str], list[str]] = {}
    for call in calls:
        for name, rule, broken in _of(plan, contract, call):
            rows.setdefault((name, rule, broken), []).append(call.id)
    if rows:
        shown = [(code(name), rule, broken, _where(calls, ids)) for (name, rule, broken), ids in rows.items()]
        yield table(("Field", "Rule", "When broken", "Operations"), shown)
    across = [(quote(shorten(s.text, 240)), _refused(plan, contract, s.source), f"[{s.source}]") for s in rulings(plan)]
    if across:
        yield "Rules across fields, in the brief's words:"
        yield table(("Rule", "When broken", "Source"), across)


def _of(plan: Plan, contract: Contract, call: Call) -> Iterator[tuple[str, str, str]]:
    """Field, rule, what its caller gets: of the body, then of the parameters."""
    bad = next((f"{each.status}" for each in call.errors if each.status in (400, 422) and "key" not in each.meaning.lower()), "")  # fmt: skip
    refused = f"{bad}, with the field's name" if bad else "the contract documents no status for it"
    for name, schema in properties(contract.followed(dict(call.body))).items():
        held = contract.followed(schema) if isinstance(schema, dict) else {}
        if rule := _said(held):
            yield name, rule, refused
        if _REFERS.search(name) and _kept(plan, name):
            yield name, f"names an entry of {code(_kept(plan, name))} that exists and that the caller may see", refused
    for each in call.parameters:
        rule = _said(contract.followed(dict(each.schema)))
        if rule and each.place == "query":
            yield each.name, rule, refused


def _said(held: Mapping[str, Any]) -> str:
    """What a schema asks for beyond its type."""
    values = held.get("enum")
    found = [f"one of {codes(map(str, values[:12]))}"] if isinstance(values, list) and values else []
    if kind_of(held) == "string" and isinstance(held.get("format"), str):
        found.append(f"a valid {held['format']}")
    found += [words.format(f"{held[key]:,}" if isinstance(held[key], int) else held[key]) for key, words in _BOUNDS if isinstance(held.get(key), (int, float, str)) and not (key == "minLength" and held[key] == 1)]  # fmt: skip
    return "; ".join(found)


def _kept(plan: Plan, name: str) -> str:
    """The table whose key a field called ``name`` is; empty if none."""
    return next((c.target for t in plan.tables for c in t.columns if c.target and c.field == name), "")


def _where(calls: list[Call], ids: list[str]) -> str:
    many = list(dict.fromkeys(ids))
    return f"all {len(many)} that take it" if len(many) > 4 else listing([code(each) for each in many], 4)


def _refused(plan: Plan, contract: Contract, source: str) -> str:
    """What the operations of a rule's passage answer when it is broken."""
    met = []
    for call in contract.calls:
        stated = call.plan.responses if call.plan else ()
        ruled = any(source in r.sources for r in stated if r.status == 409) or source in call.sources and not call.reads
        carried = call.plan and any(source in each.sources for each in plan.fields(call.plan))
        status = call.answer(409, 422, 400) if ruled else call.answer(400, 422) if carried else None
        met += [f"{code(call.id)}: {status.status}"] if status else []
    return "; ".join(met[:3]) or "to be settled: no operation follows from its passage"
