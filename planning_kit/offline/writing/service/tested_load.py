"""Load tests: who calls what how often, and the number at which it fails, from the service levels of the architecture."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .... import ids
from ...facts import Quantity
from .. import figures
from ..basis import Basis
from ..draft import Draft
from ..markdown import ASSUMED, cite, code, table
from . import levels
from .contract import Call, Contract
from .levels import Level

RATE = 10.0
"""Requests per second where nothing says how many, as an assumption."""
_PER = {"second": 1, "sec": 1, "s": 1, "minute": 60, "min": 60, "hour": 3_600, "h": 3_600, "day": 86_400}
_DULL = frozenset(["the", "and", "for", "must", "answer", "within", "requests", "request", "per", "second", "all", "with", "list", "get", "read"])  # fmt: skip
_BASE = "p95 at 1 request/s"


def write(basis: Basis, contract: Contract, draft: Draft) -> Iterator[str]:
    """The scenarios, each with its operation, load, baseline and threshold."""
    if not contract.calls:
        yield "None yet: there is no operation to put under load. The first one is measured at 1 request/s before a threshold is set."
        return
    promised = levels.levels(basis)
    latency = [each for each in promised if each.latency]
    told = sorted((each for each in promised if each.allowed), key=lambda each: not re.search(r"(?i)5xx|error|fail", each.indicator))  # fmt: skip
    fails = told[0].allowed if told else f"1 % {ASSUMED}"
    yield f"A run fails at its threshold: the objectives under *Service levels* of the architecture. The baseline is measured before each run, 2 min at 1 request/s, and kept with its report {ASSUMED}."
    yield table(("Scenario", "Operation", "Load", "Baseline", "Threshold", "Source"), _rows(basis, contract, latency, fails, draft))  # fmt: skip


def _rows(
    basis: Basis, contract: Contract, latency: list[Level], fails: str, draft: Draft
) -> Iterator[tuple[str, ...]]:
    calls = contract.calls
    stated = [q for q in basis.plan.reading.quantities if figures.kind(q) == "load" and _rate(q)]
    if not stated:
        draft.ask("How many requests per second are expected at the busiest time, and on which operation?", f"{RATE:g} requests/s", unless="(?i)requests per second|busiest|peak load")  # fmt: skip
    main: list[tuple[Call, float, str]] = []
    for q in stated[:3]:
        call = meant(q.about, tuple(each for each in calls if q.source in each.sources) or calls)
        if all(call is not each for each, _, _ in main):
            main.append((call, _rate(q), f"[{q.source}]"))
    main = main or [(meant(" ".join(each.indicator for each in latency[:1]), calls), RATE, ASSUMED)]
    for call, rate, source in main:
        level = _level(call, latency, calls)
        limit, where = _limit(level)
        passed = f"{limit}, errors ≤ {fails}"
        yield ("Expected load", code(call.called), f"{rate:g} requests/s for 10 min", _BASE, passed, _sources(source, where))  # fmt: skip
        yield ("Three times the expected load", code(call.called), f"{3 * rate:g} requests/s for 5 min {ASSUMED}", "the run before", f"no answer but success, 429 or 503; {limit} again within 60 s after it ends {ASSUMED}", ASSUMED)  # fmt: skip
    first, rate, _ = main[0]
    yield from _others(contract, latency, fails, [call for call, _, _ in main])
    yield from _contended(contract)
    yield ("Half the load for long", code(first.called), f"{max(1.0, rate / 2):g} requests/s for 4 h {ASSUMED}", "memory and open connections after 10 min", f"memory grows by less than 10 %, open connections by none; errors ≤ {fails} {ASSUMED}", ASSUMED)  # fmt: skip


def _others(contract: Contract, latency: list[Level], fails: str, done: list[Call]) -> Iterator[tuple[str, ...]]:
    """An operation that writes and one that lists, if none of the main ones does."""
    for name, fits in (("Writing", _writes), ("Listing", _pages)):
        call = next((each for each in contract.calls if fits(each)), None)
        if call and not any(fits(each) for each in done):
            limit, where = _limit(_level(call, latency, contract.calls))
            yield (name, code(call.called), f"{RATE:g} requests/s for 5 min {ASSUMED}", _BASE, f"{limit}, errors ≤ {fails}", where)  # fmt: skip


def _writes(call: Call) -> bool:
    return call.method == "POST" and bool(call.body)


def _pages(call: Call) -> bool:
    return call.reads and any(each.name in ("limit", "page", "cursor") for each in call.at("query"))


def _contended(contract: Contract) -> Iterator[tuple[str, ...]]:
    call = next((each for each in contract.calls if each.answer(409) and each.method == "POST" and each.body), None)
    if call:
        good = call.success.status
        yield ("Many callers for one thing", code(call.called), f"50 requests at once for the same, 20 times {ASSUMED}", "one caller alone", f"1 × {good} and 49 × 409 each time, 0 × 500", cite(call.sources, 2))  # fmt: skip


def _limit(level: Level | None) -> tuple[str, str]:
    """The answer time at which a run fails, and where it comes from."""
    if level is None:
        return f"p95 ≤ 500 ms {ASSUMED}", ASSUMED
    return f"{level.percentile} ≤ {level.latency}", level.source or ASSUMED


def _sources(*said: str) -> str:
    return " ".join(dict.fromkeys(each for each in said if each and each != ASSUMED)) or ASSUMED


def _level(call: Call, latency: list[Level], calls: tuple[Call, ...]) -> Level | None:
    """The level that holds for an operation: one about it, else one about all or about operations of its kind."""
    about = [(each, _named(each, calls)) for each in latency]
    own = next((each for each, named in about if named is call), None)
    kind = r"(?i)\b(?:writ|chang|creat)" if not call.reads else r"(?i)\b(?:read|quer|list)"
    alike = next((each for each, named in about if named is None and re.search(kind, each.indicator)), None)
    return own or alike or next((each for each, named in about if named is None), None)


def _named(level: Level, calls: tuple[Call, ...]) -> Call | None:
    """The operation a level names, if it names one."""
    named = ids.operations(level.indicator)
    by_path = next((each for each in calls if (each.method, each.path) in named), None)
    return by_path or next((each for each in calls if re.search(rf"\b{re.escape(each.id)}\b", level.indicator)), None)


def meant(text: str, calls: tuple[Call, ...]) -> Call:
    """The operation whose words ``text`` has most of; the first that reads where none is meant."""
    said = _words(text)
    reads = next((each for each in calls if each.reads), calls[0])
    scored = [(len(said & _words(f"{each.path} {each.summary}")), each.reads, -at, each) for at, each in enumerate(calls)]  # fmt: skip
    best = max(scored, key=lambda one: one[:3])
    return best[3] if best[0] else reads


def _words(text: str) -> set[str]:
    found = re.findall(r"[a-z]{3,}", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text[:600]).lower())
    return {re.sub(r"(?:ing|es|s)$", "", each) for each in found} - _DULL


def volume(quantity: Quantity) -> bool:
    """Whether a number says how much there is of something that is kept."""
    return figures.kind(quantity) == "volume"


def _rate(quantity: Quantity) -> float:
    """Requests per second; 0 for a load of another kind."""
    hit = re.search(r"(?i)(?:/|\bper\b|\ba\b)\s*(second|sec|s|minute|min|hour|h|day)\b", quantity.unit)
    if not hit:
        return quantity.value if re.fullmatch(r"(?i)rps|tps|qps", quantity.unit.strip()) else 0
    return float(f"{quantity.value / _PER[hit[1].lower()]:.3g}")
