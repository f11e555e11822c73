"""Security tests: sign-in, roles, input, limits and abuse, by the names of the OWASP API Security Top 10 (2023)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import signin
from ..basis import Basis
from ..markdown import cite, code, codes, listing, quote, table
from . import contract as contracts
from . import levels
from .contract import Call, Contract

Row = tuple[str, str, str, str, str]
_OWNED = "API1:2023 Broken Object Level Authorization"
_SIGNED = "API2:2023 Broken Authentication"
_FIELDS = "API3:2023 Broken Object Property Level Authorization"
_CONSUMED = "API4:2023 Unrestricted Resource Consumption"
_FUNCTION = "API5:2023 Broken Function Level Authorization"
_FLOWS = "API6:2023 Unrestricted Access to Sensitive Business Flows"
_FETCHED = "API7:2023 Server Side Request Forgery"
_CONFIGURED = "API8:2023 Security Misconfiguration"
_INVENTORY = "API9:2023 Improper Inventory Management"
_TRUSTED = "API10:2023 Unsafe Consumption of APIs"


def write(basis: Basis, contract: Contract) -> Iterator[str]:
    """The tests, each about an operation."""
    if not contract.calls:
        yield "None yet: there is no operation to attack. The first one is tested for sign-in, input, limits and abuse."
        return
    rows = [*_signed(basis, contract), *_allowed(basis, contract), *_given(basis, contract), *_limited(contract), *_shown(basis, contract)]  # fmt: skip
    yield table(("Test", "Operation", "Attack", "Expected", "Covers"), rows)
    left = _without(basis, contract)
    if left:
        yield f"Left out, as nothing here invites it: {listing(left, 10)}."


def _signed(basis: Basis, contract: Contract) -> Iterator[Row]:
    call = next((each for each in contract.calls if each.protected and not each.reads), None)
    call = call or next((each for each in contract.calls if each.protected), None)
    if call is None:
        return
    said = call.answer(401)
    refused = "401, no body but the problem" if said else "refused; which status is open, the contract declares no 401"
    ways = cite([source for way in basis.plan.reading.signin for source in way.sources], 2)
    names = signin.shown(basis.plan.reading.signin, 2) if basis.plan.reading.signin else "a bearer token"
    every = "every operation with `security`"
    yield ("No sign-in", code(call.called), f"no credential, on {every}", refused, f"{_SIGNED}; {names}")
    yield ("Forged or old token", code(call.called), "expired; signed by a strange key; `alg: none`; for another audience; not valid yet", refused, f"{_SIGNED} {ways}")  # fmt: skip


def _allowed(basis: Basis, contract: Contract) -> Iterator[Row]:
    for call in [each for each in contract.calls if each.answer(403)][:4]:
        roles = call.plan.roles if call.plan else ()
        allowed = f"a caller of another role than {' or '.join(quote(role) for role in roles[:4])}" if roles else "a caller of a role without this permission"  # fmt: skip
        yield ("Another role", code(call.called), allowed, "403, and nothing has changed", f"{_FUNCTION} {cite(call.sources, 2)}")  # fmt: skip
    for call in [each for each in contract.calls if each.protected and each.at("path")][:5]:
        said = call.answer(404, 403)
        expected = f"{said.status}, the same as for an id that does not exist" if said and said.status == 404 else "403" if said else "refused"  # fmt: skip
        name = call.at("path")[-1].name
        yield ("Somebody else's", code(call.called), f"{code(name)} of an entry that belongs to another caller", expected, _OWNED)  # fmt: skip


def _given(basis: Basis, contract: Contract) -> Iterator[Row]:
    writing = [each for each in contract.calls if each.body]
    if writing:
        call = writing[0]
        held = contract.followed(dict(call.body))
        texts = [name for name, each in contracts.properties(held).items() if _free(contract, each)]
        refused = call.answer(400, 422)
        status = str(refused.status) if refused else "refused"
        if texts:
            relational = not re.search(r"(?i)mongo|cosmos|couch|firestore|dynamo", levels.stores(basis)[0][0] if levels.stores(basis) else "")  # fmt: skip
            attack = "`' OR 1=1 --`, a null character, 1 MB of text" if relational else '`{"$gt": ""}` instead of text, a null character, 1 MB of text'  # fmt: skip
            yield ("Input as code", code(call.called), f"{codes(texts[:2])} holds {attack}", f"kept as it is, or {status}; never 500", f"{_CONFIGURED}; injection")  # fmt: skip
        extra = _unsent(contract, call)
        yield ("Fields nobody may set", code(call.called), f"the body also holds {codes(extra)}", f"they are ignored, or {status}; what is kept has the service's own values", _FIELDS)  # fmt: skip
        yield ("Broken body", code(call.called), "cut JSON, JSON nested 10,000 deep, another `Content-Type`", f"{status}, within 1 s, never 500", _CONSUMED)  # fmt: skip
    for call in [each for each in writing if _addresses(contract, each)][:2]:
        yield ("Address inside", code(call.called), f"{codes(_addresses(contract, call)[:2])} names `http://169.254.169.254/`, `file:///etc/passwd`, `javascript:alert(1)`", "refused or kept as text; the service itself opens no such address", _FETCHED)  # fmt: skip


def _free(contract: Contract, schema: object) -> bool:
    held = contract.followed(schema)
    return contracts.kind_of(held) == "string" and not held.get("enum") and not held.get("format")


def _addresses(contract: Contract, call: Call) -> list[str]:
    held = contracts.properties(contract.followed(dict(call.body)))
    return [name for name, each in held.items() if str(contract.followed(each).get("format", "")).startswith("ur") or re.search(r"(?i)(?:^|_)ur[il]$|(?:^|_)(?:webhook|callback)", name)]  # fmt: skip


def _unsent(contract: Contract, call: Call) -> list[str]:
    """Properties that come back and are not sent."""
    sent = contracts.properties(contract.followed(dict(call.body)))
    back = contracts.properties(contract.followed(dict(call.success.schema)))
    return [name for name in back if name not in sent][:3] or ["is_admin"]


def _limited(contract: Contract) -> Iterator[Row]:
    listing_ = next((each for each in contract.calls if any(p.name == "limit" for p in each.at("query"))), None)
    if listing_:
        most = contract.followed(dict(next(p for p in listing_.at("query") if p.name == "limit").schema)).get("maximum")
        said = listing_.answer(400, 422)
        expected = f"{said.status}" if said and most else "no more than one page is read from the store"
        yield ("Everything at once", code(listing_.called), f"`limit={most + 1 if isinstance(most, int) else 1_000_000}`", expected, _CONSUMED)  # fmt: skip
    call = next((each for each in contract.calls if each.answer(429)), None)
    if call:
        yield ("Too often", code(call.called), "one caller sends one request more than the rate limit allows; another caller sends one", "429 with `Retry-After` for the first, success for the second", _CONSUMED)  # fmt: skip
    flow = next((each for each in contract.calls if each.method == "POST" and each.answer(409)), None)
    flow = flow or next((each for each in contract.calls if each.method == "POST"), None)
    if flow:
        stopped = "429" if flow.answer(429) else "refused above a number that is to be settled"
        yield ("Taking all of it", code(flow.called), "one caller repeats it by script for everything that is free", f"{stopped}; an alert names the caller", f"{_FLOWS} {cite(flow.sources, 2)}")  # fmt: skip


def _shown(basis: Basis, contract: Contract) -> Iterator[Row]:
    first = contract.calls[0]
    yield ("What errors tell", code(first.called), "every error of the contract tests", "no stack trace, no SQL, no host name, no value of another caller", _CONFIGURED)  # fmt: skip
    yield ("Undeclared routes", code(first.called), "each path the service knows, and each method on it, is compared with the OpenAPI document", "nothing but its operations, health, readiness and version answers", _INVENTORY)  # fmt: skip
    for each in basis.plan.reading.integrations[:2]:
        yield (f"What {quote(each.name)} sends", code(_caller(contract, each.sources).called), "its stub answers with another form, 10 MB, a redirect to another host", "taken as a failure; nothing of it reaches the store or a caller", f"{_TRUSTED} {cite(each.sources, 2)}")  # fmt: skip
    personal = [each for each in basis.plan.reading.personal if each.sensitivity != "ordinary"]
    if personal:
        names = listing([quote(each.element) for each in personal[:4]])
        yield ("Personal data in logs", code(first.called), f"requests that carry {names}", "none of the values stands in a log line, a trace or an error", f"{_CONFIGURED} {cite([s for each in personal[:4] for s in each.sources], 2)}")  # fmt: skip


def _caller(contract: Contract, sources: tuple[str, ...]) -> Call:
    """The operation that leads to a call of another system: one that rests on the same passage, else the first that writes."""
    own = next((each for each in contract.calls if set(sources) & set(each.sources)), None)
    return own or next((each for each in contract.calls if not each.reads), contract.calls[0])


def _without(basis: Basis, contract: Contract) -> list[str]:
    return [
        name
        for name, there in (
            (_SIGNED, any(each.protected for each in contract.calls)),
            (_OWNED, any(each.protected and each.at("path") for each in contract.calls)),
            (_FUNCTION, any(each.answer(403) for each in contract.calls)),
            (_FETCHED, any(_addresses(contract, each) for each in contract.calls if each.body)),
            (_TRUSTED, bool(basis.plan.reading.integrations)),
        )
        if not there
    ]
