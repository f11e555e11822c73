"""Integration tests: the service with its stores, messages and the systems beside it, as Given, When, Then."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Named
from .. import rules
from ..basis import Basis
from ..markdown import ASSUMED, cite, code, codes, quote, shorten, table
from . import levels
from .contract import Call, Contract

_MOST = 12
Row = tuple[str, str, str, str, str, str]


def write(basis: Basis, contract: Contract) -> Iterator[str]:
    """The tests, only with what the architecture has."""
    rows = [*_stored(basis, contract), *_ruled(basis, contract), *_repeated(basis, contract), *_beside(basis, contract)]
    kept = levels.stores(basis)
    if rows:
        yield table(("Test", "With", "Given", "When", "Then", "Source"), rows)
    else:
        yield table(("Test", "With", "Given", "When", "Then", "Source"), [
            ("Starts", "its settings", "every setting the service needs", "it starts", "`GET /ready` answers 200 within 30 s", ASSUMED),
            ("Refuses to start", "its settings", "one setting is missing", "it starts", "it ends with a message that names the setting", ASSUMED),
        ])  # fmt: skip
    without = [name for name, concern in (("cache", "cach"), ("message queue", "outbox|messag|queue")) if not _has(basis, concern, kept)]  # fmt: skip
    if without and rows:
        yield f"The architecture has no {' and no '.join(without)}, so nothing is tested with one."


def _has(basis: Basis, concern: str, kept: list[tuple[str, str]]) -> bool:
    said = levels.needed(basis, "Performance and scalability", concern) or levels.needed(basis, "Reliability", concern)
    name = "redis|memcached|valkey|cache" if concern == "cach" else "rabbit|kafka|queue|bus|sqs|broker|outbox"
    return bool(said) or any(re.search(rf"(?i){name}", f"{store} {holds}") for store, holds in kept)


def _stored(basis: Basis, contract: Contract) -> Iterator[Row]:
    kept = levels.stores(basis)
    if not kept:
        return
    store = kept[0][0]
    if basis.plan.tables:
        yield ("Migrations from nothing", store, "an empty store", "every migration is applied, then once more", "the second time changes nothing; `GET /ready` answers 200", ASSUMED)  # fmt: skip
        yield ("The release before still works", store, "the schema of this release", "the contract tests of the release before run", "they pass", ASSUMED)  # fmt: skip
    for call in _makers(contract)[:_MOST]:
        read = _reader(contract, call)
        seen = f"{code(read.called)} returns it with the same values" if read else "one entry is kept, with the values that were sent"  # fmt: skip
        yield (f"{_title(call)}: kept", store, "a valid body", f"{code(call.called)} answers {call.success.status}", seen, cite(call.sources, 2))  # fmt: skip
    for call in [each for each in contract.calls if each.method in ("PATCH", "PUT") and each.answer(404)][:4]:
        yield (f"{_title(call)}: only what was sent", store, "an entry that is there", f"{code(call.called)} with one field", "that field has changed, every other has not", cite(call.sources, 2))  # fmt: skip
    for call in [each for each in contract.calls if each.method == "DELETE"][:4]:
        again = "answers 404" if call.answer(404) else "changes nothing"
        yield (f"{_title(call)}: gone", store, "an entry that is there", f"{code(call.called)} twice", f"the first answers {call.success.status}, the second {again}", cite(call.sources, 2))  # fmt: skip


def _makers(contract: Contract) -> list[Call]:
    return [each for each in contract.calls if each.method == "POST" and each.body and each.success.status in (200, 201)]  # fmt: skip


def _reader(contract: Contract, call: Call) -> Call | None:
    """The operation that shows what ``call`` made."""
    one = re.compile(rf"{re.escape(call.path.rstrip('/'))}/\{{[^/{{}}]+\}}")
    single = next((each for each in contract.calls if each.method == "GET" and one.fullmatch(each.path)), None)
    return single or next((each for each in contract.calls if each.method == "GET" and each.path == call.path), None)


def _title(call: Call) -> str:
    return quote(shorten(call.summary or call.called, 60)).rstrip(".")


def _ruled(basis: Basis, contract: Contract) -> Iterator[Row]:
    """The rules of the brief that an operation answers for."""
    store = next((name for name, _ in levels.stores(basis)), "its settings")
    seen: set[str] = set()
    for call in contract.calls:
        told = {r.status: r.sources for r in call.plan.responses} if call.plan else {}
        for each in call.errors:
            if each.status in (409, 410, 412, 422) and (sources := told.get(each.status)) and each.meaning not in seen:
                seen.add(each.meaning)
                yield (f"Rule: {quote(shorten(each.meaning, 90)).rstrip('.')}", store, "a first request that is accepted", f"{code(call.called)} is sent twice at the same moment for the same", f"one answers {call.success.status}, the other {each.status}; one entry is kept", cite(sources, 2))  # fmt: skip
    for ruling in rules.rulings(basis.plan):
        about = next((each for each in contract.calls if ruling.source in each.sources and not each.reads), None)
        if about and len(seen) < _MOST and not any(_alike(ruling.text, each) for each in seen):
            seen.add(ruling.text)
            refused = about.answer(409, 422, 400, 403)
            then = f"it answers {refused.status} and nothing has changed" if refused else f"it is refused and nothing has changed; with which status is open {ASSUMED}"  # fmt: skip
            yield (f"Rule: {quote(shorten(ruling.text, 90)).rstrip('.')}", store, "everything but the rule is met", f"{code(about.called)} breaks it, first by the least that does", then, f"[{ruling.source}]")  # fmt: skip


def _alike(one: str, other: str) -> bool:
    return one.casefold().rstrip(".")[:80] == other.casefold().rstrip(".")[:80]


def _repeated(basis: Basis, contract: Contract) -> Iterator[Row]:
    """Requests that are sent twice, and changes that rest on an old version."""
    store = next((name for name, _ in levels.stores(basis)), "its settings")
    keyed = [each for each in contract.calls if each.header("Idempotency-Key")]
    if keyed:
        told = keyed[0].answer(422, 409)
        other = f"; with another body it answers {told.status}" if told else ""
        yield ("Sent twice", store, f"an `Idempotency-Key`, for {codes(each.called for each in keyed[:4])}{' and the others that take one' if len(keyed) > 4 else ''}", "the request is repeated with the same key", f"the same answer, one entry{other}", ASSUMED)  # fmt: skip
    matched = next((each for each in contract.calls if each.header("If-Match") and each.answer(412)), None)
    if matched:
        yield ("Changed meanwhile", store, "two callers read the same version", f"both send {code(matched.called)} with its `ETag`", f"the first answers {matched.success.status}, the second 412", ASSUMED)  # fmt: skip
    away = next((each for each in contract.calls if each.answer(503)), None)
    if levels.stores(basis) and away:
        yield ("The store is away", store, "a running service", f"the store is stopped, {code(away.called)} is called, the store is started", "503 with `Retry-After`, `GET /ready` does not answer 200; 30 s after the start both do again", ASSUMED)  # fmt: skip


def _beside(basis: Basis, contract: Contract) -> Iterator[Row]:
    """Jobs, messages and the systems beside it."""
    reading = basis.plan.reading
    for job in reading.jobs[:6]:
        yield (f"Job: {quote(shorten(job.name, 70))}", "`clock`", "one entry that is due and one that is not", "the job runs twice", "it acts once on the first, never on the second", cite(job.sources, 2))  # fmt: skip
    for each in reading.integrations[:6]:
        yield from _system(basis, each)
    outbox = levels.needed(basis, "Reliability", "outbox")
    if outbox:
        yield ("Written and sent together", "outbox", "the service is killed after its write and before it sends", "it starts again", "the message is sent, and the entry it is about is there", ASSUMED)  # fmt: skip
    if levels.needed(basis, "Reliability", "inbox"):
        yield ("Received twice", "inbox", "one message", "it is delivered twice", "it takes effect once", ASSUMED)
    if levels.needed(basis, "Reliability", "dead.?letter|dlq"):
        yield ("Cannot be delivered", "dead letters", "a message that fails each time", "the last try has failed", "it lies with the dead letters with its reason, an alert is raised, and sending it again works", ASSUMED)  # fmt: skip
    if _has(basis, "cach", levels.stores(basis)):
        yield from _cached(contract)


def _system(basis: Basis, named: Named) -> Iterator[Row]:
    name = quote(named.name)
    tries = "as often as *Reliability* says" if levels.needed(basis, "Reliability", "retr") else "again later"
    yield (f"{name} answers", f"{name} (stub)", "what makes the service call it", "the stub accepts", f"it was called once, with what the brief asks for: {quote(shorten(named.meaning, 100)).rstrip('.')}", cite(named.sources, 2))  # fmt: skip
    yield (f"{name} fails", f"{name} (stub)", "the stub answers 503, then does not answer for 30 s", "the service calls it", f"the caller's own request is not held up; it is tried {tries}", ASSUMED)  # fmt: skip


def _cached(contract: Contract) -> Iterator[Row]:
    read = next((each for each in contract.calls if each.reads), None)
    if read:
        yield ("Not older than allowed", "cache", f"{code(read.called)} was answered from the cache", "what it shows is changed", "the next answer after the cache's time shows the change", ASSUMED)  # fmt: skip
