"""What the service holds under load and failure: performance, reliability, service levels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ....brief import Passage
from ...facts import Named, Operation, Quantity
from .. import ddl, rules
from ..draft import Draft
from ..markdown import ASSUMED, cite, code, codes, listing, quote, shorten, table
from .architecture_design import Design, cited

_TWICE = re.compile(r"(?i)\btwice\b|\bdouble|\boverlap|\bduplicat|\bunique\b|\bat the same time\b")
_ADDS = re.compile(
    r"(?i)create|add|regist|post|set|store|save|new|assign|book|enrol|submit|upload|insert|put|send|order|pay"
)
_INCOMING = re.compile(r"(?i)\b(?:receiv|accept|consum|tak)\w*\b[^.;]{0,30}\b(?:webhooks?|callbacks?|messages?|events?|readings?)\b|\bwebhooks? (?:of|from)\b|\barriv\w*\b[^.;]{0,30}\b(?:twice|out of order)\b")  # fmt: skip
_TOLD = re.compile(r"(?i)\b(?:publish|emit)\w*\b[^.;]{0,60}\b(?:events?|messages?)\b|\boutbox\b|\bby webhook to\b|\bwebhooks? to\b|\b(?:sent|sends?) by (?:sms|e-?mail|push)\b|\bsends? (?:an? |the )?(?:sms|e-?mails?|mails?|notifications?)\b|\bnotif(?:y|ied|ication)")  # fmt: skip
_UNDELIVERED = re.compile(r"(?i)\bdead[- ]?letter|\bre-?deliver|\bfailed to be (?:delivered|sent)\b")
_TWO_RUNS = re.compile(r"(?i)\b(?:running|started?|run) (?:it )?(?:twice|again)\b|\bidempoten")
_NO_LOSS = re.compile(r"(?i)\bRPO\b|\brecovery point\b|\bno (?:\w+ ){1,4}(?:may|must|shall|can) be lost\b|\bwithout (?:losing|loss)\b|\b(?:never|not) los[ei]")  # fmt: skip
Row = tuple[str, str, str, str]
HEADER = ("Concern", "Approach", "Limit", "Source")


def performance(design: Design, draft: Draft) -> Iterator[str]:
    """Caching, partitioning, concurrency; load and lists where there are any."""
    rows = [*_load(design), _caching(design), _partitioning(design), _concurrency(design), *_lists(design)]
    yield table(HEADER, rows)
    if not design.served:
        return
    if not design.quantities("load"):
        draft.ask("How many requests a second, at the mean and at the peak?", "tens of requests a second; two instances hold them", unless="requests a second")  # fmt: skip
    if design.plan.tables and not design.quantities("volume"):
        draft.ask("How many records are expected, and how fast do they grow?", "up to a million; nothing is partitioned", unless="How many records")  # fmt: skip


def _load(design: Design) -> Iterator[Row]:
    load = design.quantities("load")
    if design.alone and design.served:
        carried = quote(load[0].text) if load else f"50 requests per second {ASSUMED}"
        yield "Load", f"one instance, because {design.plan.database[0]} is a file on its machine; readers do not wait for the one writer {ASSUMED}", carried, cite(q.source for q in load)  # fmt: skip
    elif load:
        most = load[0]
        yield "Load", f"instances of the API are stateless; their number follows processor use above 70 % {ASSUMED}", quote(most.text), cite(q.source for q in load)  # fmt: skip
    elif design.served:
        yield "Load", f"two stateless instances of the API; their number follows processor use above 70 % {ASSUMED}", f"50 requests per second {ASSUMED}", ASSUMED  # fmt: skip


def _caching(design: Design) -> Row:
    plan = design.plan
    fast = design.quantities("answer time")
    reads = [o for o in plan.operations if o.method == "GET"]
    named = [n for n in plan.reading.technologies if re.search(r"(?i)redis|memcached|valkey", n.name)]
    if not design.served:
        return "Caching", "not needed: the program reads its own file", "none", ASSUMED
    if named:
        return "Caching", f"{quote(named[0].name)} holds answers of {_named(reads)}; what is written removes its copies", f"60 s {ASSUMED}", cited(named)  # fmt: skip
    if not reads:
        return "Caching", "not needed: nothing is read by an operation", "none", ASSUMED
    near = [o for o in reads if any(q.source in o.sources for q in fast)] or _about(design, reads, fast)
    if near:
        index = [i for i in ddl.indexes(plan) if i.table in {t.name for o in near if (t := plan.table(o.entity))}]
        by = f"an index on {codes(f'{i.table}.{i.column}' for i in index[:4])}" if index else "the fields it is searched by, as an index"  # fmt: skip
        return "Caching", f"none at first: {_named(near)} is answered from {by}; what changes by the minute would be wrong in a cache. Measured before one is added {ASSUMED}", f"{quote(fast[0].text)} without a cache", cite(q.source for q in fast)  # fmt: skip
    return "Caching", f"none at first; clients revalidate with ETag where it is returned, and a cache is added when a measurement asks for it {ASSUMED}", "none", ASSUMED  # fmt: skip


def _about(design: Design, reads: list[Operation], fast: tuple[Quantity, ...]) -> list[Operation]:
    """The reading operations that the sentence about an answer time names by their thing."""
    said = " ".join(q.about.lower() for q in fast)
    return [o for o in reads if (t := design.plan.table(o.entity)) and t.name.replace("_", " ").rstrip("s") in said]


def _named(operations: list[Operation]) -> str:
    return listing([code(o.id) for o in operations], 3)


def _partitioning(design: Design) -> Row:
    plan, held = design.plan, design.store
    volume, kept = design.quantities("volume"), design.quantities("retention")
    if not plan.tables:
        return "Partitioning", "not needed: nothing is kept", "none", ASSUMED
    key = _key(design)
    if held.kind in ("document", "key-value"):
        return "Partitioning", f"{held.split}: {key} {ASSUMED}", quote(volume[0].text) if volume else f"10 GB in one partition {ASSUMED}", cite(q.source for q in volume)  # fmt: skip
    if held.kind == "file":
        return "Partitioning", f"not needed: {_sized(volume)} fit one file {ASSUMED}", quote(volume[0].text) if volume else f"1,000,000 entries {ASSUMED}", cite(q.source for q in volume)  # fmt: skip
    if kept and any(s.source == kept[0].source for s in design.audited):
        return "Partitioning", f"{code('audit_records')} is kept for {quote(kept[0].text)} and grows with every change: {held.split} {ASSUMED}; the rest is not partitioned", quote(kept[0].text), cite(q.source for q in (*kept, *volume))  # fmt: skip
    if kept:
        return "Partitioning", f"what is kept for {quote(kept[0].text)} is the part that grows: {held.split} {ASSUMED}; the rest is not partitioned", quote(kept[0].text), cite(q.source for q in (*kept, *volume))  # fmt: skip
    return "Partitioning", f"not needed: {_sized(volume)} fit one server; when a table outgrows it, {held.split} {ASSUMED}", quote(volume[0].text) if volume else f"1,000,000 entries {ASSUMED}", cite(q.source for q in volume)  # fmt: skip


def _sized(volume: Sequence[Quantity]) -> str:
    return listing([quote(q.text) for q in volume[:3]]) or "a million entries a table"


def _key(design: Design) -> str:
    """What most entries name: the table most others refer to, else each one's own key."""
    targets = [c.target for t in design.plan.tables for c in t.columns if c.target]
    if not targets:
        return "each entry's own key"
    most = max(dict.fromkeys(targets), key=targets.count)
    return f"the key of {code(most)}, which most others refer to"


def _concurrency(design: Design) -> Row:
    plan, held, offer = design.plan, design.store, design.offer
    rule = [s for s in rules.rulings(plan) if _TWICE.search(s.text)]
    writes = [o for o in plan.operations if o.method != "GET"]
    if not writes or not plan.tables:
        return "Concurrency", "not needed: no operation changes what is kept", "none", ASSUMED
    clash = [o for o in plan.operations if any(r.status == 409 and r.sources for r in o.responses)]
    parts = []
    if clash:
        parts.append(f"{held.apart} decides between two callers at {_named(clash)}; the second gets 409")
    elif rule:
        parts.append(f"{held.apart} keeps “{quote(shorten(rule[0].text, 100)).rstrip('.')}”")
    if offer.matched:
        parts.append(f"{_named([o for o in plan.operations if o.id in offer.matched])} compare versions: {held.newer}, else 412 {ASSUMED}")  # fmt: skip
    elif any(o.method in ("PUT", "PATCH") for o in writes):
        parts.append(f"the last change wins {ASSUMED}")
    said = "; ".join(parts) or f"entries are only added; two callers do not meet {ASSUMED}"
    sources = [*(s for o in clash for r in o.responses if r.status == 409 for s in r.sources), *(s.source for s in rule)]  # fmt: skip
    return "Concurrency", said, "one of two callers succeeds" if clash or rule else "none", cite(sources)


def _lists(design: Design) -> Iterator[Row]:
    lists = [o for o in design.plan.operations if any(p.name == "limit" and p.place == "query" for p in o.parameters)]
    if lists:
        stated = [s for o in lists for p in o.parameters if p.name == "limit" for s in p.sources]
        yield "Lists", f"{_named(lists)} {'is' if len(lists) == 1 else 'are'} cut into pages", "as the caller asks" if stated else f"100 entries a page {ASSUMED}", cite(stated)  # fmt: skip


def reliability(design: Design) -> Iterator[str]:
    """Retries, idempotency, outbox, inbox, dead letters; the database lost, where the brief says how much may be."""
    yield table(HEADER, [_retries(design), _idempotency(design), _outbox(design), _inbox(design), _dead(design), *_lost(design)])  # fmt: skip


def _names(systems: Sequence[Named]) -> str:
    return listing([quote(n.name) for n in systems], 4)


def _retries(design: Design) -> Row:
    told = f"{_names(design.told)}: tried again with growing pauses and jitter, by the worker, never inside a caller's request" if design.told else ""  # fmt: skip
    asked = f"{_names(design.asked)}: a call ends after 2 s and is tried once more, then the caller gets the error; after 5 failures in a row calls stop for 30 s" if design.asked else ""  # fmt: skip
    if design.systems:
        many = "5 attempts within an hour" if design.told else "1 attempt more"
        return "Retries", f"{'; '.join(part for part in (told, asked) if part)} {ASSUMED}", f"{many} {ASSUMED}", cited(design.systems)  # fmt: skip
    if design.served and design.plan.tables:
        return "Retries", f"a lost connection to {quote(design.plan.database[0])} is tried once more before the caller gets an error; no other system is called {ASSUMED}", f"1 attempt more {ASSUMED}", ASSUMED  # fmt: skip
    return "Retries", "not needed: nothing else is called", "none", ASSUMED


def _idempotency(design: Design) -> Row:
    offer, plan = design.offer, design.plan
    name, refused = design.asked_twice
    keyed = [o for o in plan.operations if o.id in offer.keyed]
    if keyed:
        takes = "takes" if len(keyed) == 1 else "take"
        sources = [*([name] if name else []), *(p.id for p in design.keys)]
        return "Idempotency", f"{_named(keyed)} {takes} `Idempotency-Key`; key and answer are kept with what was created, and the same key gets the same answer {'' if sources else ASSUMED}".strip(), f"24 hours {ASSUMED}", cite(sources)  # fmt: skip
    posts = [o for o in plan.operations if o.method == "POST" and plan.table(o.entity) and _ADDS.match(o.id)]
    if not posts and (asked := design.wishes(_TWO_RUNS)):
        return _waits("Idempotency", asked, _TWO_RUNS)
    if not posts:
        return "Idempotency", "not needed: no operation adds anything, so every one can be repeated", "none", ASSUMED
    if refused:
        return "Idempotency", f"{_named(posts)}: a repeated request is worked on a second time, as settled; the others can be repeated", "none", cite([name])  # fmt: skip
    return "Idempotency", f"{_named(posts)} as the brief words them have no key: a repeated request is worked on a second time; the others can be repeated", "none", cited(posts)  # fmt: skip


def _outbox(design: Design) -> Row:
    if design.told:
        timed = [j for j in design.plan.reading.jobs if j.kind == "scheduled" and any(set(j.sources) & set(n.sources) for n in design.told)]  # fmt: skip
        due = f"; what is due at a time is written there once, under a key of {design.store.entry} and kind" if timed else ""  # fmt: skip
        return "Outbox", f"what {_names(design.told)} has to be told is written to {code('outbox')} with the change it is about ({design.store.together}){due}; the worker sends it {ASSUMED}", f"oldest message 5 minutes {ASSUMED}", cited(design.told)  # fmt: skip
    if asked := design.wishes(_TOLD):
        return _waits("Outbox", asked, _TOLD)
    if design.jobs and design.plan.tables:
        return "Outbox", "not needed: jobs read what is due from the data itself, and no other system is told", "none", cited(design.jobs)  # fmt: skip
    return "Outbox", "not needed: no other system is told of a change", "none", ASSUMED


def _inbox(design: Design) -> Row:
    calls = [e for e in design.plan.reading.events if re.search(r"(?i)webhook|callback|receiv|message from", e.meaning)]
    if calls:
        return "Inbox", f"the id of each message from outside is kept before it is worked on; one that is there already is answered and left {ASSUMED}", f"30 days {ASSUMED}", cited(calls)  # fmt: skip
    if asked := design.wishes(_INCOMING):
        return _waits("Inbox", asked, _INCOMING)
    if design.jobs:
        return "Inbox", f"no message comes from outside; a job marks what it did with the {design.store.entry} it is about, so that a second start does nothing twice {ASSUMED}", "none", cited(design.jobs)  # fmt: skip
    return "Inbox", "not needed: no message comes from outside but by the operations", "none", ASSUMED


def _dead(design: Design) -> Row:
    if design.told:
        return "Dead letters", f"a message that failed five times stays in {code('outbox')} as dead, raises an alert, and is sent again or dropped by a person {ASSUMED}", f"0 older than 24 hours {ASSUMED}", cited(design.told)  # fmt: skip
    if design.jobs:
        return "Dead letters", f"a job that failed three times stays marked as failed with its error, raises an alert, and is started again by a person {ASSUMED}", f"0 older than 24 hours {ASSUMED}", cited(design.jobs)  # fmt: skip
    if asked := design.wishes(_UNDELIVERED) or design.wishes(_TOLD):
        return _waits("Dead letters", asked, _UNDELIVERED, _TOLD)
    return "Dead letters", "not needed: nothing is worked on after the answer", "none", ASSUMED


def _waits(concern: str, asked: Sequence[Passage], *words: re.Pattern[str]) -> Row:
    """A concern the brief asks for where the rules found no operation or system it belongs to."""
    said = _sentence(asked[0], *words)
    return concern, f"open: “{said}” asks for it, and the rules found no operation or message it belongs to", "open", cite(p.id for p in asked)  # fmt: skip


def _sentence(passage: Passage, *words: re.Pattern[str]) -> str:
    """The first sentence of ``passage`` that holds one of ``words``, cut to a cell."""
    parts = re.split(r"(?<=[.;!?])\s+", passage.plain)
    found = next((part for each in words for part in parts if each.search(part)), passage.plain)
    return quote(shorten(found, 160)).rstrip(".")


def _lost(design: Design) -> Iterator[Row]:
    point, back = design.quantities("recovery point"), design.quantities("recovery time")
    asked = lossless(design)
    if point:
        yield "Recovery point", f"copies leave the database's machine continuously {ASSUMED}", quote(point[0].text), cite(q.source for q in point)  # fmt: skip
    elif asked:
        yield "Recovery point", f"a write is answered when a second machine has it, and copies leave both continuously {ASSUMED}", f"“{_sentence(asked[0], _NO_LOSS)}”", cite(p.id for p in asked)  # fmt: skip
    if back:
        yield "Recovery time", f"restoring is rehearsed every quarter {ASSUMED}", quote(back[0].text), cite(q.source for q in back)  # fmt: skip
    if design.plan.tables and not point and not asked and design.served:
        yield "Backup", f"a daily backup, restored once a quarter to prove it {ASSUMED}", f"kept 30 days {ASSUMED}", ASSUMED  # fmt: skip


def lossless(design: Design) -> tuple[Passage, ...]:
    """The passages by which nothing of what is kept may be lost."""
    return design.wishes(_NO_LOSS) if design.plan.tables and design.served else ()


def levels(design: Design, draft: Draft) -> Iterator[str]:
    """Each indicator with its objective, the window, and where it comes from."""
    if not design.served:
        yield "None: nothing is served, so nothing has to be up. What the brief asks of its speed is tested before a release."  # fmt: skip
        if not (rows := list(_answers(design))):
            return
    else:
        rows = [_up(design), *(list(_answers(design)) or [_assumed_answer()]), _failing(), *_due(design)]
    if design.served and not design.quantities("availability"):
        draft.ask("Which availability is promised?", "99.5 % over 30 days, with two instances")
    yield table(("Indicator", "Objective", "Window", "Source"), rows)
    if any(row[3] == ASSUMED for row in rows):
        yield f"A level that is missed spends its error budget; when the budget is spent, releases wait until the cause is mended {ASSUMED}."  # fmt: skip


def _up(design: Design) -> Row:
    found = [q for q in design.quantities("availability")]
    if not found:
        return "Availability of all operations", f"99.5 % {ASSUMED}", f"30 days {ASSUMED}", ASSUMED
    hours = re.search(r"(?i)(?:between|from) (\d{1,2}:\d\d) (?:and|to|until) (\d{1,2}:\d\d)", found[0].about)
    span = f", counted from {hours[1]} to {hours[2]}" if hours else ""
    return "Availability of all operations", quote(found[0].text), f"30 days{span} {ASSUMED}" if not span else f"30 days {ASSUMED}{span}", cite(q.source for q in found)  # fmt: skip


def _answers(design: Design) -> Iterator[Row]:
    """An answer time the brief states, with the share of requests that meet it."""
    reads = [o for o in design.plan.operations if o.method == "GET"]
    for source in dict.fromkeys(q.source for q in design.quantities("answer time")):
        mine = [q for q in design.quantities("answer time") if q.source == source]
        times = [q for q in mine if q.unit not in ("%", "percent")]
        share = next((q for q in mine if q.unit in ("%", "percent")), None)
        for each in times[:2]:
            near = _about(design, reads, (each,)) or [o for o in design.plan.operations if source in o.sources]
            of = f"of {_named(near)}" if near else f"(“{quote(shorten(each.about, 70))}”)"
            rank = re.search(r"(?i)\b(\d{2}(?:\.\d+)?)(?:th|st|nd|rd) percentile|\bp(9\d)\b", each.about)
            stated = share.text if share else f"{rank[1] or rank[2]} %" if rank else ""
            part = f"{quote(stated)} within {quote(each.text)}" if stated else f"95 % {ASSUMED} within {quote(each.text)}"  # fmt: skip
            yield f"Answer time {of}", part, f"30 days {ASSUMED}", f"[{source}]"


def _assumed_answer() -> Row:
    return "Answer time of all operations", f"95 % within 300 ms {ASSUMED}", f"30 days {ASSUMED}", ASSUMED


def _failing() -> Row:
    return "Share of requests answered with 5xx", f"below 0.5 % {ASSUMED}", f"1 hour {ASSUMED}", ASSUMED


def _due(design: Design) -> Iterator[Row]:
    if design.jobs:
        one = len(design.jobs) == 1
        done = f"Job done in time: {quote(shorten(design.jobs[0].name, 48))}" if one else f"{len(design.jobs)} jobs done in time"  # fmt: skip
        yield done, f"99 % within 5 minutes of when it is due {ASSUMED}", f"30 days {ASSUMED}", cited(design.jobs)
