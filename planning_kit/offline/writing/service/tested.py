"""The test specifications: contract tests from the OpenAPI document, integration tests with what the architecture keeps, fixtures, stages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..basis import Basis
from ..draft import Draft
from ..markdown import ASSUMED, bullets, cite, code, codes, listing, quote, shorten, table
from . import contract as contracts
from . import levels, tested_attacks, tested_examples, tested_joined, tested_load
from .contract import Answer, Call, Contract

BROUGHT = {
    400: "a value the schema forbids", 401: "no token", 403: "a token of a role that may not", 404: "an id that was never given out",
    405: "a method the path does not have", 406: "an `Accept` it cannot serve", 409: "the state it forbids is set up first", 410: "what was deleted before",
    412: "an `If-Match` of a version that was changed since", 413: "a body above the limit", 415: "a `Content-Type` that is not JSON",
    422: "a body the rules refuse", 429: "a limit of one request in the test's settings", 500: "a port that raises what nobody expects",
    503: "the store is stopped",
}  # fmt: skip
"""How a test brings an error about, by status."""
_KEYED = {"idempotency_key_reused": "an `Idempotency-Key` that was sent before with another body"}
_RUNS = {
    "azure": ("`PublishTestResults@2` takes the JUnit file", "the stage's condition"),
    "github": ("the JUnit file is uploaded with `actions/upload-artifact`", "the job's `needs`"),
    "gitlab": ("`artifacts: reports: junit` takes the JUnit file", "the job's `needs`"),
}


def write(basis: Basis) -> Draft:
    """The document."""
    plan = basis.plan
    contract = contracts.contract(basis)
    draft = Draft(f"Test Specifications: {quote(plan.feature)}")
    draft.add("Overview", *_overview(basis, contract))
    draft.add("Contract tests", *_contract_tests(contract))
    draft.add("Integration tests", *tested_joined.write(basis, contract))
    draft.add("Load tests", *tested_load.write(basis, contract, draft))
    draft.add("Security tests", *tested_attacks.write(basis, contract))
    draft.add("Fixtures and environments", *_fixtures(basis, contract))
    draft.add("Examples", *tested_examples.write(basis, contract))
    draft.add("CI integration", *_stages(basis))
    _close(basis, contract, draft)
    return draft


def _overview(basis: Basis, contract: Contract) -> Iterator[str]:
    calls = contract.calls
    if not calls:
        yield "The OpenAPI document has no operation yet, so there is nothing to call: what follows is what can be tested of any service, and what waits for the first operation."
        return
    errors = sum(len(each.errors) for each in calls)
    number = "1 operation" if len(calls) == 1 else f"{len(calls)} operations"
    yield f"{number} with {errors} declared error responses. Each is called as the OpenAPI document declares it, over HTTP, so that the tests hold whatever the service is written in."
    unreal = [quote(each.name) for each in basis.plan.reading.integrations]
    yield bullets(
        filter(None, [
            "A rule of the brief is tested where it can be broken at once: with the store, by two callers.",
            f"Not tested: {listing(unreal)} itself; a stub answers as its documentation says {ASSUMED}." if unreal else "",
            f"Not tested: the framework and the store's own promises {ASSUMED}.",
        ])
    )  # fmt: skip


def _contract_tests(contract: Contract) -> Iterator[str]:
    if not contract.calls:
        yield "None yet: the OpenAPI document has no operation. The first one gets a row with its success and each error it declares."
        return
    rows = [(code(c.called), str(c.success.status), _statuses(c), "; ".join(_checks(contract, c)), cite(c.sources)) for c in contract.calls]  # fmt: skip
    yield table(("Operation", "Success", "Errors", "Checks", "Source"), rows)
    media, _ = contract.problem
    found = {(e.status, e.code): e for c in contract.calls for e in c.errors}
    if found:
        yield f"Every error is sent as {code(media)}, fits its schema and carries the status it is sent with. How each is brought about:"
        own = _own_conflicts(contract)
        yield table(("Answer", "Code", "Brought about by"), [(str(status), code(name) or "none", own.get((status, name)) or _KEYED.get(name) or BROUGHT.get(status, "as its description says")) for status, name in sorted(found)])  # fmt: skip


def _own_conflicts(contract: Contract) -> dict[tuple[int, str], str]:
    """What conflicts are about, in the words of the contract."""
    found: dict[tuple[int, str], dict[str, None]] = {}
    for call in contract.calls:
        for each in call.errors:
            if each.status == 409:
                found.setdefault((409, each.code), {})[f"{code(call.called)}: {quote(shorten(each.meaning, 120)).rstrip('.')}"] = None  # fmt: skip
    return {key: "; ".join(list(said)[:4]) for key, said in found.items()}


def _statuses(call: Call) -> str:
    return ", ".join(str(each.status) for each in call.errors) or "none declared"


def _checks(contract: Contract, call: Call) -> Iterator[str]:
    yield _shape(contract, call.success)
    others = [each for each in call.answers if each.status < 400 and each is not call.success]
    if others:
        yield f"also answers {', '.join(str(each.status) for each in others)}"
    if call.success.headers:
        yield f"header {codes(call.success.headers)}"
    refused = call.answer(400, 422)
    wrong = _wrong(contract, call)
    if refused and wrong:
        yield f"{refused.status} for {wrong}"
    waits = [str(each.status) for each in call.errors if any(h.casefold() == "retry-after" for h in each.headers)]
    if waits:
        yield f"{' and '.join(waits)} carry `Retry-After`"


def _shape(contract: Contract, answer: Answer) -> str:
    """What the body of a success is."""
    if not answer.schema:
        return "no body" if not answer.media else f"body is {code(answer.media)}"
    schema = dict(answer.schema)
    held = contract.followed(schema)
    items = held.get("items")
    if contracts.kind_of(held) == "array" and isinstance(items, dict):
        return f"body is a list of {_schema_name(items)}"
    return f"body fits {_schema_name(schema)}"


def _schema_name(schema: dict[str, object]) -> str:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    return code(name) if name else "its schema"


def _wrong(contract: Contract, call: Call) -> str:
    """A request that the schema forbids: in the body, else in a parameter."""
    held = contract.followed(dict(call.body))
    required = [str(each) for each in held.get("required", ()) if isinstance(each, str)]
    if required:
        return f"a body without {code(required[0])}"
    if call.body:
        limited = next((name for name, each in contracts.properties(held).items() if contracts.kind_of(contract.followed(each)) or isinstance(each, dict) and each.get("enum")), "")  # fmt: skip
        return f"a list as {code(limited)}" if limited else "a body that is no JSON"
    for each in (*call.at("path"), *call.at("query")):
        schema = contract.followed(dict(each.schema))
        if schema.get("format") == "uuid":
            return f"{code(each.name)} that is no UUID"
        if contracts.kind_of(schema) in ("integer", "number"):
            return f"a word as {code(each.name)}"
        if str(schema.get("format", "")).startswith("date"):
            return f"{code(each.name)} that is no date"
    return ""


def _fixtures(basis: Basis, contract: Contract) -> Iterator[str]:
    kept = levels.stores(basis)
    rows = [
        (
            "`contract`",
            "the OpenAPI document of the architecture, read from the file the service is built with",
            "session",
        ),
        ("`client`", "an HTTP client on `SERVICE_URL`, with a time limit of 5 s", "session"),
    ]
    if any(each.protected for each in contract.calls):
        roles = dict.fromkeys(role for o in basis.plan.operations for role in o.roles)
        of = f": {listing([quote(role) for role in roles])}" if roles else ""
        rows.append(("`token`", f"a token for a role, signed by the test issuer the service trusts outside prod{of}", "session"))  # fmt: skip
    whole = [(name, holds) for name, holds in kept if not any(name.startswith(f"{other},") for other, _ in kept)]
    rows += [(f"`{'store' if at == 0 else f'store_{at + 1}'}`", f"{name.strip()} of the version in prod, in a container{'' if _queue(holds) else ', with every migration applied'}; emptied after each test", "session, emptied per test") for at, (name, holds) in enumerate(whole[:3])]  # fmt: skip
    rows += [(code(f"{_name(each.name)}_stub"), f"answers as {quote(each.name)} does, keeps what it was sent, fails on demand {cite(each.sources, 2)}", "test") for each in basis.plan.reading.integrations[:6]]  # fmt: skip
    if basis.plan.reading.jobs:
        rows.append(("`clock`", "the time the service sees, set by the test", "test"))
    yield table(("Fixture", "Provides", "Scope"), rows)
    env = levels.environments(basis)
    first, last = env[0], env[-1]
    load = next((each for each in env if "stag" in each.lower()), env[-2] if len(env) > 1 else first)
    yield "Where each kind runs (test data is made up; no copy of production data leaves production):"
    yield table(("Kind", "Where", "Data"), [
        ("Contract, integration", f"the pipeline's own containers, then {code(first)} after each deployment", "made by each test, removed with it"),
        ("Load", f"{code(load)}, sized like {code(last)} {ASSUMED}", _volumes(basis)),
        ("Security", f"the pipeline's own containers and {code(load)}", "two callers of each role, each with entries of their own"),
        ("After release", f"{code(last)}, operations that read only", "one entry made for it"),
    ])  # fmt: skip


def _queue(holds: str) -> bool:
    """Whether what a store holds are messages, so that it has no schema to migrate."""
    return bool(re.match(r"(?i)\W*(?:messages?|events?)\b", holds))


def _volumes(basis: Basis) -> str:
    found = [f"{quote(q.text)} [{q.source}]" for q in basis.plan.reading.quantities if tested_load.volume(q)][:4]
    return f"made up, as many as the brief expects: {', '.join(found)}" if found else f"made up, 10,000 entries of each kind {ASSUMED}"  # fmt: skip


def _name(text: str) -> str:
    return "_".join("".join(ch if ch.isascii() and ch.isalnum() else " " for ch in text.lower()).split()[:3]) or "system"  # fmt: skip


def _stages(basis: Basis) -> Iterator[str]:
    reports, gate = _RUNS.get(basis.options.get("ci", ""), _RUNS["azure"])
    env = levels.environments(basis)
    middle = env[1:-1] or env[:1]
    yield table(("Stage", "Runs", "Fails when", "At most"), [
        ("Build", "the OpenAPI document is linted; unit tests", "one fails", f"5 min {ASSUMED}"),
        ("Test", "contract and integration tests against containers", "one fails, or an operation of the OpenAPI document has no contract test", f"15 min {ASSUMED}"),
        ("Security", "the security tests above", "one fails", f"10 min {ASSUMED}"),
        (f"After {code(env[0])}", "contract tests against the deployed service", "one fails", f"10 min {ASSUMED}"),
        *((f"After {code(each)}", "load tests, then the security tests about limits", "a threshold is passed", f"60 min; the run of 4 h at night {ASSUMED}") for each in middle[:1] if len(env) > 1),
        (f"After {code(env[-1])}", "health, readiness, version, and one operation that reads", "one fails: the release is rolled back", f"2 min {ASSUMED}"),
    ])  # fmt: skip
    yield f"A failing stage stops the release by {gate}; {reports}. A test that fails once and passes when repeated is reported and mended, not repeated until it passes {ASSUMED}."


def _close(basis: Basis, contract: Contract, draft: Draft) -> None:
    draft.assumptions += [
        "Tests reach the service over HTTP only, so one set serves every environment.",
        "The identity provider has an issuer for tests; no test signs in as a person."
        if any(each.protected for each in contract.calls)
        else "Operations that the contract leaves open are called without a token.",
    ]
    draft.decisions = (
        f"The OpenAPI document of the architecture is the source of the tests: each of its {len(contract.calls)} operations is called for its success and for every error it declares, and a rule of the brief is tested with the store by two callers at once."
        if contract.calls
        else "Nothing is tested until the OpenAPI document has its first operation; each operation then gets its contract, integration, load and security tests."
    )
