"""Who may do what, which secrets there are, whose data is kept apart, and what is personal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Operation, Personal, Quantity
from ...reading.people import persons
from .. import compliance
from ..access import action, ask_roles, authentication, unsaid
from ..draft import Draft
from ..markdown import ASSUMED, cite, code, codes, listing, quote, shorten, table
from ..openapi import tag
from .architecture_design import Design, cited

_SEVERAL = re.compile(
    r"(?i)\b(?:of|for|in|at|to|by|within) (?:a |an |the |each |every |any |one |specific |their |its )?(?:own )?(?:clinic|compan(?:y|ies)|organi[sz]ation|entit(?:y|ies)|school|branch|store|shop|department|workspace|team)\b|\btheir (?:own )?(?:clinic|company|organi[sz]ation|entity|school|branch|store|shop|department|workspace|team)\b"
)
_WHOSE = re.compile(
    r"(?i)\b(clinic|company|organi[sz]ation|entity|school|branch|store|shop|department|workspace|team)\b"
)
_MOST = 6


def access(design: Design, draft: Draft) -> Iterator[str]:
    """How callers are known, then each role's actions on each resource."""
    plan = design.plan
    yield from authentication(plan, draft)
    if asked := unsaid(plan):
        draft.questions.append(asked)
    resources: dict[str, list[Operation]] = {}
    for operation in plan.operations:
        resources.setdefault(tag(plan, operation), []).append(operation)
    roles = dict.fromkeys(role for o in plan.operations for role in o.roles)
    rows = [
        (quote(role), resource, _actions(own), cited(own))
        for role in roles for resource, some in resources.items() if (own := [o for o in some if role in o.roles])
    ]  # fmt: skip
    rows += [
        (f"{_anybody(design, own)} {ASSUMED}", resource, _actions(own), cited(own))
        for resource, some in resources.items() if (own := [o for o in some if not o.roles])
    ]  # fmt: skip
    if rows:
        yield table(("Role", "Resource", "Actions", "Source"), rows)
        yield f"What the table does not allow is denied {ASSUMED}."
    else:
        yield "No role and no resource is known yet."
    ask_roles(plan, draft, [o for o in plan.operations if not o.roles])


def _actions(operations: list[Operation]) -> str:
    """``create, read; other: `cancelAppointment```."""
    done = [action(o) for o in operations]
    usual = [each for each in ("create", "read", "update", "delete") if each in done]
    others = [o.id for o in operations if action(o) == "other"]
    return "; ".join(part for part in (", ".join(usual), codes(others)) if part)


def _anybody(design: Design, operations: list[Operation]) -> str:
    closed = [design.plan.protected(o) for o in operations]
    return "anybody" if not any(closed) else "any caller with a token" if all(closed) else "any caller"


def secrets(design: Design) -> str:
    """A row for each secret and key: where it is kept, who reads it, how often it changes."""
    rows = list(_secrets(design))
    if not rows:
        return "None: nothing here signs, connects or decrypts."
    return table(("Secret", "Kept in", "Read by", "Rotated", "Source"), rows)


def _secrets(design: Design) -> Iterator[tuple[str, str, str, str, str]]:
    plan = design.plan
    vault = f"{_vault(design)} {ASSUMED}"
    answers = "API" if design.served else "the program"
    readers = f"{answers} and worker" if design.works else answers
    name = plan.database[0]
    if plan.tables and design.served and design.store.kind != "file":
        yield (
            f"password of the {name} account of the service",
            vault,
            readers,
            f"every 90 days, two accounts in turn {ASSUMED}",
            cite(plan.database[1]),
        )
        yield (
            f"password of the {name} account that changes {design.store.holds}s and indexes",
            vault,
            "the pipeline only",
            f"every 90 days {ASSUMED}",
            cite(plan.database[1]),
        )
    own = [w for w in plan.reading.signin if w.kind in ("token", "password", "cookie")] or (
        [] if plan.reading.signin else design.guarded
    )
    if design.guarded and own:
        yield "key that signs tokens", vault, "API", f"every 90 days; the old key is accepted until its tokens expire {ASSUMED}", cited(own)  # fmt: skip
    elif design.guarded:
        ways = [w for w in plan.reading.signin if w.kind in ("openIdConnect", "oauth2", "saml")]
        if ways:
            yield "public keys that check tokens (no secret)", "fetched from the provider", "API", f"when the provider changes them; cached for an hour {ASSUMED}", cited(ways)  # fmt: skip
    if any(w.kind == "apiKey" for w in plan.reading.signin):
        yield "API keys of callers, as salted hashes", f"{name}", "API", f"every 180 days by their owner {ASSUMED}", cited([w for w in plan.reading.signin if w.kind == "apiKey"])  # fmt: skip
    if design.sealed and design.served:
        about = [p for p in plan.reading.personal if p.where in design.sealed]
        yield f"key that seals {codes(design.sealed[:4])}", f"{vault}, apart from the database", readers, f"once a year; each {design.store.entry} is sealed anew when it is next written {ASSUMED}", cite((s for p in about for s in p.sources), 3)  # fmt: skip
    for system in design.systems[:_MOST]:
        yield f"credentials for {quote(system.name)}", vault, "worker" if system in design.told else answers, f"every 180 days, one set per environment {ASSUMED}", cite(system.sources, 2)  # fmt: skip


def _vault(design: Design) -> str:
    host = design.host.lower()
    if design.azure:
        return "Azure Key Vault"
    if re.search(r"aws|amazon|lambda", host):
        return "AWS Secrets Manager"
    if re.search(r"google|gcp|cloud run", host):
        return "Google Secret Manager"
    return "the platform's secret store"


def tenancy(design: Design, draft: Draft) -> Iterator[str]:
    """Whether there are tenants, and what keeps their data apart."""
    said = design.tenants
    if not design.served:
        yield "One user on one machine: whoever may read its files may read everything. There are no tenants."
        return
    if said:
        shown = quote(shorten(said[0].plain, 160))
        yield f"There are tenants {cite(p.id for p in said)}: “{shown}”. Every {design.store.entry} names its tenant, the tenant comes from the token and never from the request, and every query filters by it in one place; a test asks for another tenant's {design.store.entry} and gets 404 {ASSUMED}."
        return
    bound = [p for p in design.asking if _SEVERAL.search(p.plain)]
    name = _whose(design)
    if bound and name:
        yield f"One tenant {ASSUMED}: the brief speaks of one system for all. Within it roles are bound to one {name} {cite((p.id for p in bound), 3)}: the caller's {name} comes from the token or the caller's own {design.store.entry}, and what belongs to another one is answered with 404."
        draft.ask(f"May somebody of one {name} see or change what belongs to another?", "nobody may", *(p.id for p in bound[:2]), unless="reach another")  # fmt: skip
        return
    yield f"One tenant {ASSUMED}: the brief names nobody whose data has to be kept apart from others'."
    if design.plan.tables:
        draft.ask("Will more than one organisation use one installation?", "one does; nothing names a tenant")


def _whose(design: Design) -> str:
    """The kind of organisation the brief binds roles to, when it keeps one."""
    tables = {t.entity.lower() for t in design.plan.tables}
    for passage in design.asking:
        for hit in _SEVERAL.finditer(passage.plain):
            found = _WHOSE.search(hit.group())
            if found and found[1].lower() in tables:
                return found[1].lower()
    return ""


def personal(design: Design, draft: Draft) -> Iterator[str]:
    """A row for each kind of personal data; that there is none, and what was looked for, otherwise."""
    plan = design.plan
    found = plan.reading.personal
    if found:
        yield table(("Data", "Class", "Protection", "Kept for", "Source"), (_row(design, p) for p in found))
        yield _rights(design, draft)
        return
    who = persons(p.plain for p in design.asking if p.id[:1] in "PRQ")
    if who:
        shown = listing([quote(name) for name in who], _MOST)
        yield f"None is decided yet. The brief speaks of {shown}, and the rules cannot read from it what is kept about them; names, contact details and what one of them does would be personal data."
        draft.ask(f"What is kept about {shown}?", "nothing is decided", unless="identifiable persons")
        return
    yield "No personal data by design: names, contact details, identifiers, credentials, location, money and health were looked for in every passage and every field."
    free = [f"{t.name}.{c.name}" for t in plan.tables for c in t.columns if c.type == "text" and not c.values]
    if free:
        yield f"Free text can hold what a person writes into it: {codes(free[:6])}; it is never logged {ASSUMED}."


def _row(design: Design, one: Personal) -> tuple[str, str, str, str, str]:
    where = f" ({code(one.where)})" if re.fullmatch(r"\w+\.\w+", one.where) else ""
    kept = _kept(design, one)
    sealed = "sealed with a key of its own, " if one.where in design.sealed else ""
    if one.category == "credential":
        does = "salted hash (Argon2id), never returned, never logged" if "password" in one.element else f"{sealed}never logged"  # fmt: skip
    elif one.sensitivity == "special":
        does = f"{sealed}shown by role only, each reading recorded, never logged"
    elif one.sensitivity == "confidential":
        does = f"{sealed}masked where it is listed, never logged"
    elif not design.served:
        does = "in a file only the account that starts the program can read; in no message or log"
    else:
        does = "encrypted at rest and on the way, masked in logs"
    kind = f"{one.sensitivity} (GDPR Art. 9)" if one.sensitivity == "special" else one.sensitivity
    return (
        f"{quote(one.element)}{where}",
        f"{kind}: {quote(one.category)}",
        f"{does} {ASSUMED}",
        kept,
        cite(one.sources),
    )


def _kept(design: Design, one: Personal) -> str:
    plan = design.plan
    table_name = one.where.partition(".")[0]
    held = next((t for t in plan.tables if t.name == table_name), None)
    told = (compliance.period_of(plan, held) if held else None) or _period(design, one)
    if told:
        return f"{quote(told.text)} [{told.source}]"
    deletes = [o for o in plan.serving(held) if o.method == "DELETE"] if held else []
    return f"until {code(deletes[0].id)}; no period stated" if deletes else "open: no period stated"


def _period(design: Design, one: Personal) -> Quantity | None:
    """The period the brief states in a part of a sentence that names the data."""
    name = re.compile(rf"(?i)\b{re.escape(one.element)}s?\b")
    for figure in design.quantities("retention"):
        passage = design.plan.reading.by_id.get(figure.source)
        parts = re.split(r"[,;.]\s", passage.plain if passage else figure.about)
        if any(figure.text in part and name.search(part) for part in parts):
            return figure
    return None


def _rights(design: Design, draft: Draft) -> str:
    """How a person gets, and gets rid of, what is kept about them."""
    plan = design.plan
    named = [t.name for t, _ in compliance.personal_tables(plan)]
    asked = [p for p in design.asking if re.search(r"(?i)\bcopy of their data\b|\bdeletion of (?:their|his|her|personal)\b|\bfor its deletion\b|\berasure\b", p.plain)]  # fmt: skip
    serving = {
        t.name: o.id for t, _ in compliance.personal_tables(plan) for o in plan.serving(t) if o.method == "DELETE"
    }
    rest = [name for name in named if name not in serving]
    by = "; ".join(f"{code(name)} by {code(does)}" for name, does in serving.items())
    by += f"{'; the others ' if by else ''}by a task of an operator, within a month {ASSUMED}" if rest or not by else ""
    if asked and rest:
        draft.ask("Which operation gives a person a copy of their data, and which erases it?", "an operator does both on request, within a month", *(p.id for p in asked[:2]))  # fmt: skip
    where = f" from {codes(named[:_MOST])}" if named else ""
    return f"A copy and the erasure of what is kept about a person{where} {cite((p.id for p in asked), 2) if asked else ASSUMED}: {by}. Backups forget it when they expire."
