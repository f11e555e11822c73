"""The threats that follow from what a brief asks for: each tied to an operation, a table, a system or a job."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..facts import Operation
from .markdown import code, codes, listing, quote, shorten
from .openapi import tag
from .plan import Plan
from .schema import Table

IMPACT = {"restricted": 3, "confidential": 2, "internal": 1}
_LOGIN = re.compile(r"(?i)log_?in|sign_?in|authenticat|token|session")
_REGISTER = re.compile(r"(?i)register|sign_?up")
_FILE = re.compile(r"(?i)\b(upload\w*|attachments?|output file|designated file|import(?:s|ed)? (?:a |the )?files?)\b")
_PERSON = re.compile(r"(?i)user_?(name|id)?|owner(_id)?|account(_id)?")
_ABOUT = frozenset(
    [
        "user",
        "customer",
        "patient",
        "doctor",
        "person",
        "student",
        "teacher",
        "employee",
        "member",
        "guest",
        "subscriber",
        "client",
        "tenant",
        "applicant",
        "candidate",
        "participant",
        "resident",
    ]
)
"""Tables of people: what refers to them tells something about somebody."""
Group = tuple[str, list[Operation], int]
_WRITES = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Threat:
    """One threat: ``impact`` and ``exposure`` are 1 to 3; their product is the risk."""

    text: str
    stride: str
    element: str
    impact: int
    exposure: int
    mitigation: str
    sources: tuple[str, ...]

    @property
    def risk(self) -> str:
        """``high`` from 6, ``medium`` from 3, ``low`` below."""
        product = self.impact * self.exposure
        return "high" if product >= 6 else "medium" if product >= 3 else "low"


def find(plan: Plan) -> tuple[Threat, ...]:
    """Every threat the rules see, the gravest first."""
    found = [
        *_callers(plan),
        *_records(plan),
        *_inputs(plan),
        *_kept(plan),
        *_special(plan),
        *_outside(plan),
        *_files(plan),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda threat: -threat.impact * threat.exposure))


def classify(table: Table | None) -> str:
    """``restricted`` for credentials and special categories, ``confidential`` for personal data, ``internal`` otherwise."""
    kinds = {column.personal for column in table.columns if column.personal} if table else set()
    if kinds & {
        "credential",
        "secret",
        "health",
        "biometric",
        "genetic",
        "religion",
        "ethnic",
        "political",
        "sexual",
        "financial",
        "payment",
    }:
        return "restricted"
    about = table and any(c.target and c.target.rstrip("s").split("_")[-1] in _ABOUT for c in table.columns)
    return "confidential" if kinds or about else "internal"


def _sources(operations: list[Operation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source for operation in operations for source in operation.sources))


def _shown(operations: list[Operation]) -> str:
    return listing([code(f"{o.method} {o.path}") for o in operations], 5)


def _impact(plan: Plan, operations: list[Operation]) -> int:
    return max((IMPACT[classify(plan.table(o.entity))] for o in operations), default=1)


def _callers(plan: Plan) -> Iterator[Threat]:
    """Who calls: operations open to anybody, sign-in, and roles."""
    bare = [o for o in plan.operations if not plan.protected(o) and not _opens(o)]
    write = _grouped(plan, [o for o in bare if o.method in _WRITES])
    if _local(plan):
        yield from _merged(write, "Any account of the machine that can start the program can change {}", "Elevation of privilege", 1,
                           "Limit by file permissions who may run it and who may write its data")  # fmt: skip
    else:
        write = [(name, own, max(2, impact)) for name, own, impact in write]
        yield from _merged(write, "Anybody can write {}, under any name and as often as they like", "Spoofing", 3,
                           "Settle who may write; until then a rate limit per address and a way to take content down")  # fmt: skip
        read = [
            (name, own, impact)
            for name, own, impact in _grouped(plan, [o for o in bare if o.method == "GET"])
            if impact > 1
        ]
        yield from _merged(
            read,
            "Anybody can read {}, which hold personal data",
            "Information disclosure",
            3,
            "Require a token to read them",
        )
    roled = [
        (name, own, max(2, impact)) for name, own, impact in _grouped(plan, [o for o in plan.operations if o.roles])
    ]
    yield from _merged(roled, "A caller does with {} what is reserved for another role", "Elevation of privilege", 2,
                       "Check the role in the service, per operation, and deny what the matrix below does not allow")  # fmt: skip
    yield from _accounts(plan)


def _accounts(plan: Plan) -> Iterator[Threat]:
    for o in plan.operations:
        if _opens(o) and _LOGIN.search(o.id):
            yield Threat("Passwords are guessed or tried from a leaked list", "Spoofing", code(f"{o.method} {o.path}"), 3, 3,
                         "Limit attempts per account and address, answer alike whether account or password was wrong, log failures", o.sources)  # fmt: skip
        elif _opens(o) and not plan.protected(o):
            yield Threat("Accounts are created in bulk, and the answers tell which accounts exist", "Information disclosure", code(f"{o.method} {o.path}"), 2, 3,
                         "Rate limit, confirm the address, and do not tell a stranger that an account exists", o.sources)  # fmt: skip


def _records(plan: Plan) -> Iterator[Threat]:
    """Whose record: an id or a name in the request that is somebody else's, and who changed what."""
    keyed = _grouped(plan, [o for o in plan.operations if plan.protected(o) and "{" in o.path])
    for stride, wanted in (("Information disclosure", True), ("Tampering", False)):
        same = [group for group in keyed if (group[2] > 1) == wanted]
        yield from _merged(same, "A caller puts the id of a row of {} in the path that is not theirs", stride, 2,
                           "Look every row up together with what its caller may see, and answer 404 otherwise")  # fmt: skip
    for o in plan.operations:
        sent = [*(f.name for f in plan.fields(o)), *(p.name for p in o.parameters)]
        named = [name for name in sent if _PERSON.fullmatch(name)]
        if named and plan.protected(o) and not _opens(o):
            yield Threat(f"A caller with a valid token sends another person's {codes(named)}", "Elevation of privilege", code(f"{o.method} {o.path}"), max(2, _impact(plan, [o])), 3,
                         f"Take the person from the token, and refuse a {codes(named)} that is not theirs", o.sources)  # fmt: skip
    changing = _grouped(plan, [o for o in plan.operations if o.method in ("PUT", "PATCH", "DELETE")])
    yield from _merged(changing, "It cannot be told afterwards who changed or deleted a row of {}", "Repudiation", 1 if _local(plan) else 2,
                       "Write an audit event in the same transaction as the change")  # fmt: skip


def _inputs(plan: Plan) -> Iterator[Threat]:
    """What is sent: markup that is shown, values that reach SQL, lists without an end."""
    pages = [o for o in plan.operations if any("html" in r.media for r in o.responses)]
    shown = {o.entity for o in pages}
    text = [
        f"{o.id}.{f.name}"
        for o in plan.operations
        for f in o.body
        if f.type in ("string", "text") and o.entity in shown
    ]
    if text:
        yield Threat(f"Script in {codes(text)} runs in the browser of everybody who reads it", "Tampering", _shown(pages), 3, 3,
                     "Escape every value when the HTML is made; send a Content-Security-Policy", _sources(pages))  # fmt: skip
    asked = [o for o in plan.operations if any(p.place == "query" and p.type == "string" for p in o.parameters)]
    if asked and plan.tables:
        names = dict.fromkeys(p.name for o in asked for p in o.parameters if p.place == "query" and p.type == "string")
        yield Threat(f"A value of {codes(names)} reaches the query as SQL", "Tampering", _shown(asked), max(2, _impact(plan, asked)), 1 if _local(plan) else 2,
                     "Bind values; take sort directions and column names from a fixed list only", _sources(asked))  # fmt: skip
    lists = [
        o
        for o in plan.operations
        if o.method == "GET" and (any(r.many for r in o.responses) or any(p.name == "limit" for p in o.parameters))
    ]
    if lists and not _local(plan):
        exposure = 2 if all(plan.protected(o) for o in lists) else 3
        yield Threat(
            "One request asks for every row there is",
            "Denial of service",
            _shown(lists),
            1,
            exposure,
            "A largest limit on the server, whatever the caller asks for",
            _sources(lists),
        )


def _kept(plan: Plan) -> Iterator[Threat]:
    """What is stored: tables that hold what must not be read."""
    for table in plan.tables:
        kind = classify(table)
        columns = [c for c in table.columns if c.personal]
        if kind == "internal" or not columns:
            continue
        hashed = any(c.name.endswith("_hash") for c in columns)
        cure = "Encrypt the disk and its backups" + (
            ", and these columns with a key kept elsewhere" if kind == "restricted" else ""
        )
        cure = "Salted hashes (Argon2id) for passwords; encrypt the rest and its backups" if hashed else cure
        yield Threat(f"A copy of the database or a backup gives away {codes(c.name for c in columns[:6])}", "Information disclosure", f"table {code(table.name)}", IMPACT[kind], 2, cure,
                     tuple(dict.fromkeys(s for c in columns for s in c.sources)))  # fmt: skip


def _special(plan: Plan) -> Iterator[Threat]:
    """What is special by law, wherever it is kept."""
    special = [personal for personal in plan.reading.personal if personal.sensitivity == "special"]
    for one in special:
        where = f" ({quote(shorten(one.where, 60))})" if one.where and one.where != "not said" else ""
        yield Threat(f"{quote(one.element).capitalize()} can be read, or concluded from what is shown, by somebody it is not meant for", "Information disclosure", f"{quote(one.element)}{where}", 3, 2,
                     "Keep it out of messages, logs and lists; show it by role only, and record who read it", one.sources)  # fmt: skip


def _outside(plan: Plan) -> Iterator[Threat]:
    """What is connected: other systems and what runs by itself."""
    systems = plan.reading.integrations
    if systems:
        names = listing([quote(system.name) for system in systems], 8)
        sources = tuple(dict.fromkeys(s for system in systems for s in system.sources))
        yield Threat(
            f"Somebody else answers or calls in the name of {names}",
            "Spoofing",
            "integrations",
            2,
            2,
            "TLS, and check the signature or token of every message",
            sources,
        )
        yield Threat(
            f"What is sent to {names} says more than it needs to",
            "Information disclosure",
            "integrations",
            2,
            2,
            "A fixed list of fields per system; nothing else is sent",
            sources,
        )
        yield Threat(
            f"{names} {'is' if len(systems) == 1 else 'are'} slow or gone",
            "Denial of service",
            "integrations",
            1,
            2,
            "Time limits, retries with growing pauses, and a queue for what has to be sent",
            sources,
        )
    jobs = plan.reading.jobs
    if jobs:
        names = "; ".join(quote(shorten(job.name, 60)) for job in jobs[:4]) + (
            f"; {len(jobs) - 4} more" if len(jobs) > 4 else ""
        )
        yield Threat("A job runs twice, or fails without anybody noticing", "Denial of service", f"jobs: {names}", 2, 2,
                     "A key that makes a second run harmless; record each run, and alarm when one is missing", tuple(dict.fromkeys(s for job in jobs for s in job.sources)))  # fmt: skip


def _files(plan: Plan) -> Iterator[Threat]:
    """What is read or written as a file."""
    found = [p for p in plan.reading.passages if p.kind != "heading" and _FILE.search(p.plain)]
    if found:
        what = listing(list(dict.fromkeys(m.group(1).lower() for p in found if (m := _FILE.search(p.plain)))), 3)
        yield Threat(f"The {what} named by the caller is another file than was meant, and is read or overwritten", "Tampering", "files", 2, 2,
                     "Resolve the path inside one folder, never overwrite silently, limit size and type", tuple(p.id for p in found[:4]))  # fmt: skip


def _local(plan: Plan) -> bool:
    return not plan.reading.served


def _opens(operation: Operation) -> bool:
    """Whether the operation makes or opens an account."""
    known = any(field.personal == "credential" or "password" in field.name.lower() for field in operation.body)
    return operation.method == "POST" and known and bool(_LOGIN.search(operation.id) or _REGISTER.search(operation.id))


def _grouped(plan: Plan, operations: Iterable[Operation]) -> list[Group]:
    groups: dict[str, list[Operation]] = {}
    for operation in operations:
        groups.setdefault(tag(plan, operation), []).append(operation)
    return [(name, own, _impact(plan, own)) for name, own in groups.items()]


def _merged(groups: Iterable[Group], text: str, stride: str, exposure: int, mitigation: str) -> Iterator[Threat]:
    """One threat per impact, naming all the resources it concerns."""
    alike: dict[int, list[Group]] = {}
    for group in groups:
        alike.setdefault(group[2], []).append(group)
    for impact, same in alike.items():
        operations = [o for _, own, _ in same for o in own]
        yield Threat(
            text.format(listing([name for name, _, _ in same], 8)),
            stride,
            _shown(operations),
            impact,
            exposure,
            mitigation,
            _sources(operations),
        )
