"""Which technology questions a brief raises: a rule for each, in the order of consequence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..facts import Topic
from ..offline.reading import words
from .domains_names import short
from .proposal_basis import PAYS, SIGNS_IN, Basis, listed, several, spoken
from .topics_words import kept, on, own, quote

Found = Iterator[tuple[str, str, tuple[str, ...]]]
"""Name, why, passages."""

_CLASHES = (
    r"\btwice\b(?! a\b)|\bdouble[- ]book|\boverbook|(?<!non-)\boverlap|\bsame time\b|\bconcurrent(?:ly)? (?:edit|change|update|book|purchase)|\bsold out\b|"
    r"\bbalance\b.{0,60}\b(?:refused|negative)\b|\blarger than the balance\b|\bduplicate (?:entries|bookings?)\b"
)
"""What a brief says that must not happen when two requests arrive together."""
_SCARCE = r"\bin stock\b|\bcapacity\b(?! (?:util|manag|plan))|\b(?:books?|reserves?|buys?|rents?) (?:an? |the )?(?:\w+ ){0,4}(?:slot|seat|room|place|ticket|table|copy)s?\b|\bmaximum of \d|\bnumber of copies\b"
"""What a brief says when two callers can want the last of something."""
_KINDS = ("SMS gateway", "CDN", "SSO", "ERP", "CRM")
_DUTIES = {
    "GDPR": "erasure, export and retention of personal data, and how they reach backups and logs",
    "HIPAA": "the technical safeguards of 45 CFR 164.312: access control, audit controls, integrity, transmission security",
    "PCI DSS": "keeping card data off the servers, so that the smallest self-assessment applies",
    "CCPA": "requests to know and to delete, and the opt-out signal",
    "PSD2": "strong customer authentication and its exemptions",
    "WCAG": "what an accessible client needs from the API's texts and errors",
}


def _signin(basis: Basis) -> Found:
    for way in basis.reading.signin[:1]:
        yield (
            short(way.name),
            f"How {on(basis)} checks sign-in by {way.name}: {quote(basis, way.sources, re.escape(way.name))}",
            way.sources,
        )
    if basis.reading.signin:
        return
    asked = SIGNS_IN
    said = basis.where(asked)
    if said:
        why = f"How tokens are issued, renewed and withdrawn, and passwords stored, on {on(basis)}: {quote(basis, said, asked)}"
        yield "sign-in-tokens", why, said


def _concurrency(basis: Basis) -> Found:
    asked = _CLASHES if basis.where(_CLASHES) else _SCARCE
    said = basis.where(asked)
    if not said:
        return
    things = [e for e in basis.reading.entities if set(basis.mentions(e)) & set(said)]
    below = {r.child for r in basis.reading.relationships if any(e.name == r.parent for e in things)}
    things += [e for e in basis.reading.entities if e.name in below and e not in things]
    best = max(things, key=lambda e: (len(basis.operations(e)), -basis.reading.entities.index(e)), default=None)
    name = f"{short(spoken(best.name))}-concurrency" if best else "concurrency-control"
    kept = basis.used("Database") or next(
        (t.name for t in basis.reading.technologies if t.kind == "database"), "the database"
    )
    yield (
        name,
        f"Whether a constraint, a lock or a version number of {kept} keeps this when two requests arrive together: {quote(basis, said, asked)}",
        said,
    )


def _payments(basis: Basis) -> Found:
    providers = [named for named in basis.reading.integrations if named.kind == "payment"]
    asked = PAYS
    said = basis.where(asked)
    if providers or said:
        sources = tuple(dict.fromkeys([*(s for named in providers for s in named.sources), *said]))[:4]
        name = providers[0].name if providers else "the payment provider"
        yield (
            "idempotent-payments",
            f"How a payment or refund is made once though it is sent twice, and how webhooks of {name} are verified: {quote(basis, sources, PAYS)}",
            sources,
        )


def _tenants(basis: Basis) -> Found:
    asked = r"\bmulti-?tenan|\btenants?\b|\bSaaS\b|\beach (?:company|organi[sz]ation|customer|clinic|school|entity) (?:has|sees|manages)\b|\bcompanies (?:sign up|register)\b"
    said = basis.where(asked)
    if said:
        yield (
            "tenant-isolation",
            f"Row-level security, a schema each or a database each, on {on(basis)}: {quote(basis, said, asked)}",
            said,
        )


def _volume(basis: Basis) -> Found:
    asked = r"\b(?:every|each) (?:\d+|few|ten|five) ?(?:ms|milliseconds|secs?|seconds?|s|mins?|minutes)\b|\b(?:vehicle|device|live) positions?\b|\b(?:readings|measurements|positions) from\b|\btelemetry\b|\bsensors?\b.{0,40}\b(?:readings?|posts?|sends?)\b|\btime[- ]series\b|\bGPS\b"
    said = basis.where(asked)
    if said:
        yield (
            "time-series-storage",
            f"Partitions, compression and retention for rows that arrive all the time: {quote(basis, said, asked)}",
            said,
        )


def _planning(basis: Basis) -> Found:
    asked = (
        r"\boptimi[sz]er\b|\boptimi[sz](?:e|es|ed|ing|ation) (?:of |the |all |our )*(?:\w+ )?(?:tours?|routes?|schedules?|plans?|rosters?|loads?|shifts?)\b|\b(?:plans?|computes?|calculates?|generates?) (?:the |all |each |an? |optimal |shortest |best )*(?:\w+ )?(?:tours?|routes?|rosters?|timetables?)\b|"
        r"\brout(?:e|ing) (?:planning|engine|optimi[sz]ation)\b|\bshortest (?:path|route)\b"
    )
    said = basis.where(asked)
    if said:
        yield (
            "optimisation-and-routing",
            f"Which solver or heuristic plans this in the time there is, where it runs and how a plan is changed afterwards: {quote(basis, said, asked)}",
            said,
        )


def _named(basis: Basis) -> Found:
    """The API of each system the brief names; not of a kind of system."""
    own = set(words.parts(basis.brief.title)) | {"building", "block", "system", "service"}
    for named in basis.reading.integrations:
        kind = named.kind in ("identity", "machine") or named.name[:1].islower() or named.name in _KINDS
        if kind or set(words.parts(named.name)) <= own:
            continue
        yield (
            f"{short(named.name)}-api",
            f"Which version of {named.name}'s interface, its limits, and what happens while it is down: {quote(basis, named.sources, re.escape(named.name))}",
            named.sources[:4],
        )
    for named in basis.reading.technologies:
        if named.name in ("HL7", "FHIR", "MQTT", "iCalendar", "SCIM", "gRPC", "GraphQL"):
            yield (
                short(named.name),
                f"What {named.name} asks of the server and which library serves it on {on(basis)}: {quote(basis, named.sources, re.escape(named.name))}",
                named.sources[:4],
            )


def _law(basis: Basis) -> Found:
    for named in basis.reading.regulations:
        duty = _DUTIES.get(named.name, "the duties that a backend has to meet by its own means")
        yield (
            f"{short(named.name)}-duties",
            f"{named.name}: {duty}; {quote(basis, named.sources, re.escape(named.name))}",
            named.sources[:4],
        )
    if not basis.reading.regulations:
        special = next((p for p in basis.reading.personal if p.sensitivity == "special"), None)
        if special:
            yield (
                "special-category-data",
                f"How {special.element} is encrypted, kept apart and accounted for: {quote(basis, special.sources)}",
                special.sources[:4],
            )


def _search(basis: Basis) -> Found:
    asked = r"\bfull[- ]text\b|\btypos?\b|\bfuzzy\b|\brelevance\b|\bautocomplete|\bfacet|\bdistance from\b|\bnear(?:by| me)\b|\bsearch(?:es)?\b.{0,80}\band\b"
    said = basis.where(asked)
    if said:
        yield (
            "search-engine-or-database",
            f"Whether the indexes of {kept(basis)} are enough or a search engine is needed: {quote(basis, said, asked)}",
            said,
        )


def _files(basis: Basis) -> Found:
    asked = r"\b(?:upload|attach)\w*|\bphotos?\b|\bpictures?\b|\bfiles? of\b|\bas PDF\b|\bPDFs?\b|\bvideos?\b|\bscans? of\b|\bas CSV\b|\bto Excel\b"
    said = basis.where(asked)
    if said:
        yield (
            "file-storage",
            f"Where files are made and kept, how large ones are sent, and who may fetch them: {quote(basis, said, asked)}",
            said,
        )


def _jobs(basis: Basis) -> Found:
    jobs = [job for job in basis.reading.jobs if job.kind in ("scheduled", "background")]
    sources = tuple(dict.fromkeys(s for job in jobs for s in job.sources))[:4]
    sources = sources or basis.where(
        r"\bremind|\bevery night\b|\bnightly\b|\bin the background\b|\bafter \d+ days\b|\bsends? .{0,40}(?:e-?mail|SMS|message)s?\b"
    )
    if sources:
        yield (
            "background-jobs",
            f"A queue or a job table, and how a job that fails is run again, on {on(basis)}: {quote(basis, sources)}",
            sources,
        )


def _live(basis: Basis) -> Found:
    asked = r"\breal[- ]time\b|\blive (?:view|update|map|status|location|chat)|\bpushed? to\b|\bwithin \d+ seconds?\b.{0,40}\bvisible\b|\bvisible within\b|\bWebSockets?\b"
    said = basis.where(asked)
    if said:
        yield "live-updates", f"Polling, server-sent events or WebSockets: {quote(basis, said, asked)}", said
    away = basis.where(
        r"\bwithout (?:a )?(?:connection|network|internet)\b|\boffline\b|\bback online\b|\bsync(?:s|ed|hroni[sz]\w*)?\b"
    )
    if away:
        yield "offline-sync", f"How changes made without a connection are merged: {quote(basis, away)}", away
    hooks = basis.where(r"\bwebhooks?\b")
    if hooks:
        yield "webhooks", f"Signing, retries and order of what is sent to others: {quote(basis, hooks)}", hooks


def _trail(basis: Basis) -> Found:
    asked = r"\baudit(?!or|ed? by)|\brecorded with who\b|\bwho (?:changed|made|did) (?:it|them|what)\b|\b(?:never|not) be (?:changed|altered|overwritten|deleted)\b(?! afterwards)|\bappend[- ]only\b|\bcorrected by a further\b|\bimmutable\b|\bonly amended\b|\btraceab"
    said = basis.where(asked)
    if said:
        yield (
            "audit-trail",
            f"Triggers, an event log or an append-only table in {kept(basis)}: {quote(basis, said, asked)}",
            said,
        )


def _running(basis: Basis) -> Found:
    home = basis.where(
        r"\b(?:data )?residen|\bstored in (?:the )?(?:EU|Germany|Europe|Switzerland|[A-Z][a-z]+land)\b|\bown servers\b|\bon[- ]premis|\bmust not leave\b"
    )
    if home:
        yield "data-residency", f"Which services may be used where the data has to stay: {quote(basis, home)}", home
    high = [q for q in basis.quantities if q.unit in ("%", "percent") and 99.9 <= q.value < 100]
    if high:
        yield (
            "high-availability",
            f"Failover and releases without a break that reach {high[0].text}: {quote(basis, (high[0].source,))}",
            (high[0].source,),
        )
    busy = [
        q
        for q in basis.quantities
        if (re.search(r"(?:/|per|a) ?s|rps|tps|qps", q.unit) and q.value >= 100)
        or (re.search(r"concurrent|simultaneous", q.unit) and q.value >= 1000)
    ]
    if busy:
        sources = tuple(dict.fromkeys(q.source for q in busy))[:4]
        yield (
            "load-and-scaling",
            f"How {on(basis)} is measured against {listed([q.text for q in busy[:3]])}: {quote(basis, sources)}",
            sources,
        )


def _legacy(basis: Basis) -> Found:
    asked = r"\bspreadsheets?\b|\bExcel (?:file|sheet|list)|\blegacy\b|\bimported? from\b|\bmigrat(?:e|ed|ion)\b|\bexisting (?:data|database|records)\b|\btoday lives in\b"
    said = basis.where(asked)
    if said:
        yield (
            "data-import",
            f"How what is there now is taken over, checked and repeated: {quote(basis, said, asked)}",
            said,
        )
    tool, orm = basis.used("Migrations"), basis.used("ORM")
    if (tool or orm) and basis.reading.entities:
        new = listed([several(e.name) for e in basis.reading.entities[:3]])
        name = f"migrations-with-{short(re.sub(r'[ (].*', '', tool or orm))}"
        yield (
            name,
            f"How {new} are added with {tool or orm} while the running version keeps working.",
            basis.reading.entities[0].sources[:2],
        )


ASKED: tuple[Callable[[Basis], Found], ...] = (
    _signin, _concurrency, _payments, _tenants, _planning, _volume, _trail, _law, _named, _live, _search, _legacy, _files, _jobs, _running,
)  # fmt: skip


def always(basis: Basis) -> Iterator[Topic]:
    """What any server over HTTP has to look up, for a brief that raises little else."""
    lists = [o for o in basis.reading.operations if o.id.startswith(("list", "search", "get"))]
    shown = listed([f"{o.method} {o.path}" for o in lists[:2]]) or f"what {on(basis)} returns"
    sources = tuple(dict.fromkeys(s for o in lists for s in o.sources))[:4]
    yield Topic(
        name="paging-and-filtering", why=f"How long lists are cut and kept fast: {shown}.", passages=own(sources)
    )
    things = [several(e.name) for e in basis.reading.entities[:3]]
    if things:
        sources = basis.reading.entities[0].sources[:4]
        yield Topic(
            name="schema-migrations",
            why=f"How the tables of {listed(things)} are changed while the service runs, on {kept(basis)}.",
            passages=own(sources),
        )
    yield Topic(
        name="framework-and-runtime",
        why=f"Which framework and version serves this longest, starting from {on(basis)}.",
    )
