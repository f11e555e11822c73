"""The integration architecture: each section that was asked for answers its question."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ... import diagram
from ...document import Document
from .. import openapi
from ..about import About
from ..artefact import of_kind
from ..pipelines.flow import ENVIRONMENTS, environments
from ..specified.known import listed
from ..wrong import Wrong, Wrongs
from . import parts
from .architecture_guarded import says_who_may_see_what
from .parts import Row

_BLANK = re.compile(r"[-–—.?/\s]*|(?i:n/?a|tbd)")
_DECLINED = re.compile(
    r"(?i)\b(?:no|none|not|nothing|never|unnecessary|without|needless|superfluous|unlimited|any)\b|\bn/?a\b"
)
_BARE_NO = re.compile(r"(?i)\W*(?:no|none|not (?:needed|required|applicable|used)|n/?a|unnecessary)\W*")
_ERROR = re.compile(r"[45]\d\d")
_STATUS = re.compile(r"(?<![\w.])(?:[45]\d\d|[45]XX)(?!\w)", re.IGNORECASE)
_AROUND = frozenset({"401", "403", "404", "405", "406", "408", "413", "414", "415", "429", "431", "500", "502", "503", "504"})  # fmt: skip
"""What a server or something before it answers, whatever the contract says."""
_VERSIONED = re.compile(r"(?i)version|/v\d|\bv\d|deprecat|sunset|compatib")
_MEASURE = re.compile(
    r"(?<![\w.])\d[\d.,]{0,15}\s*(?:[%‰/×]|percent\b|[A-Za-zµ])|(?i:\b(?:zero|no|none|one|two|five|ten)\s+[a-z])"
)
"""A number with its unit."""
_ZERO = re.compile(r"(?i)[\s≤<=]{0,9}(?:0|zero|none)\.?")
_UNIT = re.compile(
    r"(?i)\(\s{0,3}(?:in\s)?(?:%|percent|ms|µs|s|sec|seconds?|milliseconds?|min|minutes?|h|hours?|days?|[a-z]{1,12}/[a-z]{1,12}|rps|tps)\s{0,3}\)|%"
)
"""A unit in an indicator's name: ``p95 latency (ms)``."""
_SPAN = re.compile(
    r"(?i)\d|\b(?:second|minute|hour|day|week|month|quarter|year|release|run|session|campaign|rolling|calendar|season)"
)
_LOAD: Mapping[str, re.Pattern[str]] = {
    "caching": re.compile(r"(?i)cach|\bcdn\b"),
    "partitioning": re.compile(r"(?i)partition|shard"),
    "concurrency": re.compile(
        r"(?i)concurren|\block|\brac(?:e|es|ing)\b|simultan|parallel|optimistic|conflict|same time|serializ"
    ),
}
_FAILURE: Mapping[str, re.Pattern[str]] = {
    "retries": re.compile(r"(?i)\bre-?tr(?:y|ies|ied|ying)|re-?attempt|attempts\b|tried again|try again"),
    "idempotency": re.compile(r"(?i)idempoten"),
    "outbox": re.compile(r"(?i)out-?box"),
    "inbox": re.compile(r"(?i)\bin-?box|dedup|de-dup|duplicate message"),
    "dead letters": re.compile(r"(?i)dead[- ]?letter|\bdlqs?\b|poison|dead message|parking lot"),
}


def names_its_errors(document: Document, about: About) -> Wrongs:
    """Under 'Error taxonomy' name each error once by status and code, with when it comes and whether a client may try again; every error status of the OpenAPI document is among them."""
    named: dict[tuple[str, str], int] = {}
    told: set[str] = set()
    for row in parts.listed(document, "Error taxonomy", "Status", "Code"):
        found = {each.upper() for each in _STATUS.findall(row["Status"])}
        told |= found
        if not found:
            yield Wrong(row.line, f"{row['Status'][:60]!r} is no status of an error", "give a status from 400 to 599")
        yield from _filled(row, "Code", "When", "Retry")
        for status in found:
            before = named.setdefault((status, row["Code"]), row.line)
            if before != row.line:
                said = f"{status} {row['Code']} is named twice, at line {before} too"
                yield Wrong(row.line, said, "name each code once, or give the two codes of their own")
    there: dict[str, list[str]] = {}
    for each in openapi.operations(document):
        for status in each.statuses:
            if _ERROR.fullmatch(status):
                there.setdefault(status, []).append(f"{each.method} {each.path}")
    place = parts.place(document, "Error taxonomy")
    for status, operations in sorted(there.items()) if place else ():
        if status not in told and f"{status[0]}XX" not in told:
            said = f"{status} is answered by {listed(operations, 3)} and is not in the error taxonomy"
            yield Wrong(place, said, f"add a row for {status} with its code, when it comes and whether to try again", 1)
    for (status, name), line in named.items():
        if there and status not in there and status not in _AROUND and not status.endswith("XX"):
            said = f"{status} {name} is answered by no operation of the OpenAPI document"
            yield Wrong(line, said, "document it where it comes, or take it out", severity="warning")


def justifies_its_storage(document: Document, about: About) -> Wrongs:
    """Under 'Storage' give each store what it holds, why it was chosen and what was rejected."""
    found = parts.listed(document, "Storage", "Store", "Rejected alternative")
    for row in found:
        yield from _filled(row, "Holds", "Chosen because", "Rejected alternative")
        if row["Store"] and row["Store"].casefold() == row["Rejected alternative"].casefold().strip(" ."):
            said = f"{row['Store'][:60]!r} is its own rejected alternative"
            yield Wrong(row.line, said, "name something else that was considered, and why it was rejected")
    place = parts.place(document, "Storage")
    if place and not found and (kept := _entities(document)):
        said = f"the data model has {listed(kept, 4)}, and no store holds them"
        yield Wrong(place, said, "add a row for the store they are kept in", 1)


def plans_its_migration(document: Document, about: About) -> Wrongs:
    """Under 'Migration and versioning' give the steps in order, each with its way back, and say how the interface is versioned."""
    title = "Migration and versioning"
    found = parts.listed(document, title, "Step", "Way back")
    for row in found:
        yield from _filled(row, "What is done", "Way back")
    numbers = [(row, hit[1]) for row in found if (hit := re.match(r"(?i)(?:step\s+)?(\d{1,3}(?:\.\d{1,3}){0,3})(?!\w)", row["Step"]))]  # fmt: skip
    for (_, before), (row, number) in zip(numbers, numbers[1:], strict=False):
        if [*map(int, number.split("."))] <= [*map(int, before.split("."))]:
            said = f"step {number} comes after step {before}"
            yield Wrong(row.line, said, "put the steps into the order they are done in, each number once")
    place = parts.place(document, title)
    if not place:
        return
    if not found and (kept := _entities(document)):
        said = f"the data model has {listed(kept, 4)}, and no step says how it comes to be or changes"
        yield Wrong(place, said, "add the steps: expand, backfill, switch, contract, each with its way back", 1)
    if not parts.mention(document, _VERSIONED, title):
        hint = "say where the version stands, and what becomes of callers when something breaks"
        yield Wrong(place, f"{title!r} does not say how the interface is versioned", hint, 1)


def plans_for_load(document: Document, about: About) -> Wrongs:
    """Under 'Performance and scalability' answer caching, partitioning and concurrency, each with a limit or why it is not needed."""
    yield from _answered(document, "Performance and scalability", _LOAD)


def plans_for_failure(document: Document, about: About) -> Wrongs:
    """Under 'Reliability' answer retries, idempotency, outbox, inbox and dead letters, each with what is done or why it is not needed."""
    yield from _answered(document, "Reliability", _FAILURE)


def sets_service_levels(document: Document, about: About) -> Wrongs:
    """Under 'Service levels' give each indicator an objective that is a number with its unit, and the window it is measured over."""
    seen: dict[str, tuple[int, str]] = {}
    for row in parts.listed(document, "Service levels", "Indicator", "Objective"):
        name, objective = row["Indicator"], row["Objective"]
        if not _MEASURE.search(objective) and not _is_measured(row):
            hint = "give it a number with its unit: '99.9 %', '95 % within 300 ms', 'below 1 % of requests'"
            yield Wrong(row.line, f"the objective of {name[:60]!r} is no number with a unit: {objective[:60]!r}", hint)
        if _BLANK.fullmatch(row["Window"]):
            hint = "say over which time it is measured: '30 days', '1 hour'"
            yield Wrong(row.line, f"{name[:60]!r} has no window", hint)
        elif not _SPAN.search(row["Window"]):
            said = f"{row['Window'][:60]!r} is no length of time"
            yield Wrong(row.line, said, "say over which time it is measured: '30 days'", severity="warning")
        before = seen.setdefault(name.casefold(), (row.line, objective))
        if before[1] != objective:
            said = f"{name[:60]!r} has another objective at line {before[0]}"
            yield Wrong(row.line, said, "give it one objective, or say in its name what the two are about")


def names_its_environments(document: Document, about: About) -> Wrongs:
    """Under 'Environments' name dev, stage and prod, and how each is promoted."""
    place = parts.place(document, "Environments")
    if not place:
        return
    found = parts.listed(document, "Environments", "Environment", "Promoted by")
    named = environments(row["Environment"] for row in found).values()
    for each in ENVIRONMENTS:
        if each not in named:
            hint = f"add a row for {each}: its purpose, what differs in it, how something is promoted to it"
            yield Wrong(place, f"there is no environment {each}", hint, 1)
    for row in found:
        yield from _filled(row, "Purpose", "Promoted by")


def _is_measured(row: Row) -> bool:
    """Whether an objective without a unit is measured all the same: nothing at all is, and a number whose unit stands in its name."""
    if _ZERO.fullmatch(row["Objective"]):
        return True
    return bool(re.search(r"\d", row["Objective"]) and (_UNIT.search(row["Indicator"]) or row["Unit"]))


def _filled(row: Row, *columns: str) -> Wrongs:
    """That none of these cells is empty, of a table that has the column."""
    for name in columns:
        if name.casefold() in row.cells and _BLANK.fullmatch(row[name]):
            yield Wrong(row.line, f"{name!r} of {row.first[:60]!r} is empty", f"fill in {name!r}")


def _answered(document: Document, title: str, concerns: Mapping[str, re.Pattern[str]]) -> Wrongs:
    """That a section answers each of ``concerns``, and that each answer has a limit or a reason."""
    place = parts.place(document, title)
    if not place:
        return
    for name, looks in concerns.items():
        if not parts.mention(document, looks, title):
            hint = f"add a row for {name}: what is done and within which limit, or why it is not needed"
            yield Wrong(place, f"{title!r} does not answer {name}", hint, 1)
    for row in parts.listed(document, title, "Concern", "Approach", "Limit"):
        approach = row["Approach"]
        if _BLANK.fullmatch(approach):
            yield Wrong(row.line, f"'Approach' of {row.first[:60]!r} is empty", "say what is done, or why it is not needed")  # fmt: skip
        elif _BARE_NO.fullmatch(approach) and (_BLANK.fullmatch(row["Limit"]) or _BARE_NO.fullmatch(row["Limit"])):
            yield Wrong(row.line, f"{row.first[:60]!r} is said not to be needed, and not why", "say why in a few words")
        elif _BLANK.fullmatch(row["Limit"]) and not _DECLINED.search(approach):
            said = f"{row.first[:60]!r} has no limit"
            yield Wrong(row.line, said, "say within which limit: how long, how many, how much; or why there is none")


def _entities(document: Document) -> list[str]:
    """The entities its ER diagrams draw."""
    drawn = (diagram.facts(each.text) for each in of_kind(document, "mermaid"))
    return list(dict.fromkeys(name for each in drawn for name in each.get("entities", {})))


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "error-taxonomy": names_its_errors,
    "storage-justified": justifies_its_storage,
    "migration-plan": plans_its_migration,
    "security-model": says_who_may_see_what,
    "performance-plan": plans_for_load,
    "reliability-plan": plans_for_failure,
    "service-levels": sets_service_levels,
    "environments": names_its_environments,
}
"""By the name a consultant asks for it."""
