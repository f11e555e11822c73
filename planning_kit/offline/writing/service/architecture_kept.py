"""What is kept where, and how it changes while the service runs."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Named
from .. import diagram, present
from ..draft import Draft
from ..markdown import ASSUMED, cite, code, codes, fence, listing, quote, shorten, table
from ..plan import Plan, database_of
from . import stores
from .architecture_design import Design, cited

MOST = 12
"""Most tables one cell names."""


def model(design: Design) -> Iterator[str]:
    """The entities: which are new, which are there, and how they refer to each other."""
    plan, held = design.plan, design.store
    if not plan.tables:
        yield "The rules read nothing in the brief that is kept, so there is no entity to draw."
    else:
        stated = [code(t.name) for t in plan.tables if t.stated]
        inferred = [code(t.name) for t in plan.tables if not t.stated]
        said = [f"The brief names {listing(stated, MOST)}." if stated else "",
                f"Inferred from how things relate {ASSUMED}: {listing(inferred, MOST)}." if inferred else "",
                f"Each entity is a collection of its own, nothing is embedded, so that each can change by itself {ASSUMED}." if held.kind == "document" else "",
               f"A line is a {held.ties}." if design.ties and held.kind not in ("relational", "file") else ""]  # fmt: skip
        yield " ".join(part for part in said if part)
    yield fence("mermaid", "\n".join([diagram.draw(plan), *_drawn(design)]))
    names = [name for name, _ in beside(design)]
    if names:
        yield f"{codes(names)}: what running the service needs beside them; see Reliability and Storage {ASSUMED}."
    if design.tenants and plan.tables and design.served:
        yield f"Each {held.entry} also names its tenant {cite(p.id for p in design.tenants)}; the picture leaves that {'column' if held.kind in ('relational', 'file') else 'field'} out, see Tenancy {ASSUMED}."
    yield from _access_patterns(design)
    yield present.models(plan)


def beside(design: Design) -> list[tuple[str, tuple[str, ...]]]:
    """What is kept beside the entities so that the service can be run: name and fields, each a type and a name."""
    if not design.plan.tables or not design.served:
        return []
    found: list[tuple[str, tuple[str, ...]]] = []
    if design.told:
        found.append(("outbox", ("uuid id PK", "string kind", "string about", "json message", "date_time due_at", "integer attempts", "string state", "date_time sent_at")))  # fmt: skip
    if design.offer.keyed:
        found.append(("idempotency_keys", ("string key PK", "string caller PK", "string operation", "string body_digest", "integer status", "json answer", "date_time expires_at")))  # fmt: skip
    if design.audited:
        found.append(("audit_records", ("uuid id PK", "date_time at", "string who", "string operation", "string about", "json changed")))  # fmt: skip
    taken = {t.name for t in design.plan.tables}
    return [each for each in found if each[0] not in taken]


def _drawn(design: Design) -> Iterator[str]:
    for name, fields in beside(design):
        yield "\n".join([f'    "{name}" {{', *(f"        {each}" for each in fields), "    }"])


def _access_patterns(design: Design) -> Iterator[str]:
    """Which key each query needs, for a store that answers by key."""
    if design.store.kind != "key-value":
        return
    lists = [(o, [p.name for p in o.parameters if p.place == "query" and p.name not in ("limit", "offset", "sort")]) for o in design.plan.operations if o.method == "GET"]  # fmt: skip
    shown = [f"{code(o.id)} by {codes(names)}" for o, names in lists if names]
    if shown:
        yield f"Each of these needs a key or an index of its own: {listing(shown, 8)}."


def storage(design: Design, draft: Draft) -> str:
    """A row for each store."""
    plan = design.plan
    rows = [_main(design, draft)] if plan.tables else []
    if plan.tables and design.audited:
        said = quote(shorten(design.audited[0].text, 120)).rstrip(".")
        rows.append((f"{plan.database[0]}, {code('audit_records')}", f"who did what and when; entries are only added {ASSUMED}", f"“{said}” {cite(s.source for s in design.audited)}; written with the change itself", "the service's log: it is sampled and short-lived, and not written with the change"))  # fmt: skip
    rows += [_beside(plan, named) for named in _others(plan)]
    if any(n.kind == "storage" for n in plan.reading.integrations):
        files = [n for n in plan.reading.integrations if n.kind == "storage"]
        rows.append((listing([quote(n.name) for n in files], 3), f"what the brief keeps there: “{quote(shorten(files[0].meaning, 90))}”", f"the brief names it {cited(files)}", "the database for it as well: its backups and restores grow with it"))  # fmt: skip
    if not rows:
        return "None yet: the rules read nothing in the brief that has to be kept."
    return table(("Store", "Holds", "Chosen because", "Rejected alternative"), rows)


def _main(design: Design, draft: Draft) -> tuple[str, str, str, str]:
    plan, held = design.plan, design.store
    name, sources = plan.database
    many = len(plan.tables)
    holds = f"{codes(t.name for t in plan.tables[:MOST])}{f' and {many - MOST} more' if many > MOST else ''}"
    more = codes(name for name, _ in beside(design) if name != "audit_records")
    outbox = f"; {more} {ASSUMED}" if more else ""
    ties = f"{design.ties} {'reference' if design.ties == 1 else 'references'} between {held.holds}s"
    rules = [r for o in plan.operations for r in o.responses if r.status == 409 and r.sources]
    kept = f"{held.apart} keeps “{quote(shorten(rules[0].meaning, 90))}” {cite(rules[0].sources)}" if rules else ""
    fits = f"{ties} the database itself can hold" if design.ties and held.kind in ("relational", "file") else f"{held.holds}s of a fixed form, read by key and by few fields"  # fmt: skip
    given = _given(plan, draft)
    why = "; ".join(part for part in (given, fits, kept) if part)
    other, price = held.against
    return name, f"{holds}{outbox}", why, f"{other}: {price.format(ties=ties if design.ties else 'its fixed form')}"


def _given(plan: Plan, draft: Draft) -> str:
    """Who chose the database."""
    name, sources = plan.database
    if not plan.chosen:
        if sources:
            return f"the brief names it {cite(sources)}" if any(s[:1] == "P" for s in sources) else f"settled {cite(sources)}"  # fmt: skip
        return f"the codebase keeps its data there ({code(plan.kept_where[0])})" if plan.kept_where else f"nothing else is named {ASSUMED}"  # fmt: skip
    named = [n for n in plan.reading.technologies if n.kind == "database" and database_of(n.name) not in ("", name)]
    if named:
        asked = listing([quote(n.name) for n in named], 3)
        draft.ask(f"{name} was chosen for this run, and the brief names {asked}: does the brief change?", f"{name} is the primary store", *(s for n in named for s in n.sources[:2]))  # fmt: skip
    return "chosen for this run" + (f" instead of what the brief names {cited(named)}" if named else "")


def _others(plan: Plan) -> list[Named]:
    """What the brief names beside the database: caches, searches, queues."""
    name = plan.database[0]
    found = (n for n in plan.reading.technologies if n.kind in ("database", "queue"))
    return [n for n in found if database_of(n.name) != name and not (plan.chosen and database_of(n.name))]


def _beside(plan: Plan, named: Named) -> tuple[str, str, str, str]:
    low = named.name.lower()
    if named.kind == "queue":
        holds, other = "messages until they are taken over", f"an {code('outbox')} alone: one thing less to run, slower when there are many messages"  # fmt: skip
    elif any(mark in low for mark in ("redis", "memcached", "valkey")):
        holds, other = "copies that may be lost: answers worth keeping for seconds, counters of the rate limit", "no cache: every read reaches the database"  # fmt: skip
    elif "search" in low:
        holds, other = "an index that can be built again from the database", "searching in the database: enough until it is too slow"  # fmt: skip
    else:
        holds, other = f"what the brief keeps there: {quote(shorten(named.meaning, 90))}", f"{plan.database[0]} for it as well: one store less to run"  # fmt: skip
    return quote(named.name), holds, f"the brief names it {cite(named.sources)}", other


def migration(design: Design) -> Iterator[str]:
    """The steps of a change, then how the interface is versioned."""
    plan, held = design.plan, design.store
    if plan.tables:
        new = [t.name for t in plan.tables if plan.model(t) is None]
        old = [t for t in plan.tables if plan.model(t)]
        first = f"Create {codes(new[:MOST])}{f' and {len(new) - MOST} more' if len(new) > MOST else ''}, each after what it refers to." if new else ""  # fmt: skip
        grown = [f"{code(t.name)}: {codes(c.name for c in plan.lacking(t)) or 'nothing new'}" for t in old]
        there = f"Added to what exists: {'; '.join(grown)}." if grown else ""
        made = f"First release: {' '.join(part for part in (first, there) if part)}"
        if design.served:
            yield f"{made} Every later change goes through the four steps below, each a release of its own (expand and contract; Danilo Sato's *parallel change*)."
            yield table(("Step", "What is done", "Way back"), _steps(design, held))
        else:
            yield f"{made} Every later change is made when a new release is first started on an older file."
            yield table(("Step", "What is done", "Way back"), _local_steps(plan))
    else:
        yield "No data to migrate: nothing that is kept is known yet."
    yield (
        _versions(plan)
        if design.served
        else f"A command, an option or a form of output that breaks somebody's use comes with a new major version; the old one works on with a warning for one release {ASSUMED}."
    )


def _steps(design: Design, held: stores.Store) -> list[tuple[str, str, str]]:
    by = "the worker" if design.works else "a job that runs once"
    return [
        ("1. Expand", f"{held.adds[:1].upper() + held.adds[1:]}; the release before keeps working {ASSUMED}", "remove what was added; nothing reads it yet"),
        ("2. Backfill", f"{by[:1].upper() + by[1:]} fills it in batches of 1,000 {held.entry}s, can be stopped and started again, and counts what is left {ASSUMED}", "stop; what is filled does no harm"),
        ("3. Switch", f"The service writes old and new, reads the new behind a switch, and compares for one release {ASSUMED}", "turn the switch back; the old is still written"),
        ("4. Contract", f"Remove the old when nothing has read it for one release, after a backup that was restored once {ASSUMED}", "restore from that backup; this is the one step that cannot be undone by a release"),
    ]  # fmt: skip


def _local_steps(plan: Plan) -> list[tuple[str, str, str]]:
    name = plan.database[0]
    return [
        ("1. Copy", f"The {name} file is copied beside itself before anything is changed {ASSUMED}", "nothing to take back"),
        ("2. Change", f"All changes since the version the file names, in one transaction {ASSUMED}", "the transaction fails as a whole; the file is as it was"),
        ("3. Check", f"The counts of each table are compared with the copy, and the new version is written into the file {ASSUMED}", "put the copy back, start the old release"),
    ]  # fmt: skip


def _versions(plan: Plan) -> str:
    named = plan.reading.version
    stands = f"The interface's version is {code(named)}, as the brief names it" if named else f"The interface's version stands in {code('info.version')} of the OpenAPI document {ASSUMED}"  # fmt: skip
    return (
        f"{stands}. What only adds (an operation, an optional field) is a new minor version; what breaks a caller gets a path of its own beside the old one, "
        f"which answers with `Deprecation` (RFC 9745) and `Sunset` (RFC 8594) until it goes {ASSUMED}."
    )
