"""The compliance requirements: personal data, how long, whose rights, who else gets it, and which rules may apply."""

from __future__ import annotations

import re

from ...brief import Passage
from ..facts import Operation, Personal, Quantity
from ..reading.people import persons
from ..reading.sentences import EXCLUDED
from . import figures
from .draft import Draft
from .markdown import ASSUMED, cite, code, codes, listing, quote, shorten, table
from .naming import words
from .plan import Plan
from .schema import Column, Table

_KEEPING = re.compile(
    r"(?i)\bretention\b|\bretain\w*|\b(?:kept|stored) for\b|\bdeleted after\b|\bkept \d|\bkept for\b|\bkeep\w* (?:\w+ ){0,4}for\b|\barchiv\w+|\bpurg\w+|\bexpir\w+|\banonymi[sz]\w+"
)
_CONSENT = re.compile(r"(?i)\bconsent|\bopt[- ]?(?:in|out)\b|\bpermission of\b")
_POSSIBLE = (
    (r"(?i)\bpatient|\bhealth|\bmedical|\bdoctor|\bhospital", "health law of the place (HIPAA in the United States, GDPR Art. 9 in the EU)", "the brief speaks of health"),
    (r"(?i)\bcredit card|\bcard number|\bpayments? (?:card|processing)|\bPCI\b", "PCI DSS", "the brief speaks of card payments"),
    (r"(?i)\bchild(?:ren)?\b|\bminors?\b|\bpupils?\b|\binfants?\b", "rules on children's data (COPPA in the United States, GDPR Art. 8 in the EU)", "the brief speaks of children"),
    (r"(?i)\bstudents?\b|\buniversit|\bschools?\b", "education records law (FERPA in the United States)", "the brief speaks of students or schools"),
    (r"(?i)\bgovernment|\bministr(?:y|ies)\b|\bpublic sector|\bcitizens?\b", "public-sector rules on records and access", "the brief speaks of public bodies"),
)  # fmt: skip


def write(plan: Plan) -> Draft:
    """The draft of ``08-compliance-requirements.md``."""
    draft = Draft(f"Compliance Requirements: {quote(plan.feature)}")
    open_ended = not plan.reading.personal and persons(p.plain for p in _asking(plan))
    settled = r"(?i)correct, export and erase" + ("|identifiable persons" if open_ended else "")
    draft.take(plan.reading.questions, "compliance", settled)
    draft.parts.append("This is not legal advice.")
    draft.add("Personal data", *_personal(plan, draft))
    draft.add("Retention", *_retention(plan, draft))
    draft.add("User rights", *_rights(plan, draft))
    draft.add("Third-party sharing", _sharing(plan, draft))
    draft.add("Regulations", _regulations(plan, draft))
    draft.decisions = _decisions(plan)
    return draft


def personal_tables(plan: Plan) -> list[tuple[Table, list[Column]]]:
    """The tables with the columns that hold personal data."""
    found = [(table, [c for c in table.columns if c.personal]) for table in plan.tables]
    return [(table, columns) for table, columns in found if columns]


def _personal(plan: Plan, draft: Draft) -> list[str]:
    found = plan.reading.personal
    if not found:
        free = [
            f"{t.name}.{c.name}"
            for t in plan.tables
            for c in t.columns
            if c.type in ("string", "text") and c.sources and not c.values
        ]
        if unknown := _unknown(plan, draft):
            return unknown
        draft.ask(
            "Does anything that is stored say something about a person, free text included?",
            "nothing does by design",
            unless="identifiable persons",
        )
        said = "Looked for in every passage and every column: names, contact details, addresses, dates of birth, identifiers, credentials, location, money, health and other special categories. The brief holds none of them, so there is no personal data by design."
        note = f"Free text can still hold what a person chooses to write into it: {codes(free[:8])}." if free else ""
        return [said, note]
    rows = [(quote(p.element), quote(p.category), p.sensitivity, _basis(p), cite(p.sources)) for p in found]
    parts = [table(("Data element", "Type", "Sensitivity", "Consent or legal basis", "Source"), rows)]
    spoken = [s for s in plan.reading.statements if _CONSENT.search(s.text)]
    if spoken:
        parts.append(
            table(
                ("What the brief says about consent", "Source"),
                ((quote(shorten(s.text, 240)), f"[{s.source}]") for s in spoken),
            )
        )
    else:
        draft.ask(
            "On which legal basis is each of these held, and where is consent asked for and kept?",
            "performing the service the person asked for; explicit consent for special categories",
            unless="legal basis",
        )
    draft.assumptions.append(
        "The legal basis in the table is a proposal; whoever is responsible for the data has to confirm it."
    )
    where = [f"{code(t.name)} ({codes(c.name for c in columns)})" for t, columns in personal_tables(plan)]
    if where:
        parts.append(f"Kept in {listing(where, 8)}.")
    return parts


def _unknown(plan: Plan, draft: Draft) -> list[str]:
    """What is said where the brief names people and nothing about them can be read from it; nothing where it names none."""
    who = persons(p.plain for p in _asking(plan) if p.id[:1] in "PRQ")
    if who:
        shown = listing([quote(name) for name in who], 6)
        draft.ask(
            f"What is kept about {shown}: names, contact details, what they do or take part in?",
            "nothing is decided; no column is drafted for them",
            unless="identifiable persons",
        )
        header = ("Data element", "Type", "Sensitivity", "Consent or legal basis", "Source")
        return [
            table(header, [(f"what is kept about {shown}", "unknown", "unknown", "open", "open")]),
            "Looked for in every passage and every column: names, contact details, identifiers, credentials, money, health. "
            f"The brief speaks of {shown}, and the rules cannot read from it what is kept about them; "
            "names, contact details and anything that says what one of them does would be personal data.",
        ]
    return []


def _basis(personal: Personal) -> str:
    if personal.sensitivity == "special":
        return f"explicit consent, or another ground of GDPR Art. 9(2) {ASSUMED}"
    if personal.category == "credential":
        return f"needed to secure the account; no consent {ASSUMED}"
    return f"needed for the service asked for, GDPR Art. 6(1)(b) {ASSUMED}"


def _retention(plan: Plan, draft: Draft) -> list[str]:
    said = [s for s in plan.reading.statements if _KEEPING.search(s.text)]
    parts = []
    if said:
        parts.append(
            table(("What the brief says", "Source"), ((quote(shorten(s.text, 240)), f"[{s.source}]") for s in said))
        )
    rows = []
    for one, _ in personal_tables(plan):
        deletes = [o for o in plan.serving(one) if o.method == "DELETE"]
        until = f"until {codes(o.id for o in deletes)}" if deletes else f"no operation deletes it {ASSUMED}"
        told = period_of(plan, one)
        period = f"{quote(told.text)} {cite((told.source,))}" if told else "no period stated: open"
        rows.append((code(one.name), until, period, cite(one.sources, 3)))
    if rows:
        parts.append(table(("Table", "Kept until", "Period", "Source"), rows))
        names = listing([one.name for one, _ in personal_tables(plan) if not period_of(plan, one)], 6)
        if names:
            draft.ask(f"After how long are rows of {names} deleted or made anonymous, and backups with them?", "kept until somebody deletes them",
                  *(s for one, _ in personal_tables(plan)[:3] for s in one.sources[:1]), unless="How long is each kind")  # fmt: skip
    return parts or ["No period is stated, and no table holds personal data yet."]


def period_of(plan: Plan, one: Table) -> Quantity | None:
    """The period for which the brief says the rows of ``one`` are kept."""
    name = re.compile(rf"(?i)\b{re.escape(words(one.entity))}s?\b")
    kept = [q for q in plan.reading.quantities if figures.kind(q) == "retention" and "?" not in q.about]
    return (
        next(
            (
                q
                for q in kept
                if name.search(plan.reading.by_id[q.source].plain if q.source in plan.reading.by_id else q.about)
            ),
            None,
        )
        if one.entity
        else None
    )


def _rights(plan: Plan, draft: Draft) -> list[str]:
    held = personal_tables(plan)
    if not held:
        return [
            "No table holds personal data yet, so no operation serves these rights; an account, a record about a person or free text changes that."
        ]
    rows, missing = [], []
    for right, article, methods in (
        ("access", "15", ("GET",)),
        ("rectification", "16", ("PUT", "PATCH")),
        ("erasure", "17", ("DELETE",)),
        ("portability", "20", ()),
    ):
        for one, _ in held:
            serving = [o for o in plan.serving(one) if o.method in methods]
            if not serving:
                missing.append((right, one.name))
            rows.append(
                (
                    f"{right} (GDPR Art. {article})",
                    code(one.name),
                    _serving(serving),
                    cite((s for o in serving for s in o.sources), 3) if serving else "open",
                )
            )
    by_right: dict[str, list[str]] = {}
    for right, name in missing:
        by_right.setdefault(right, []).append(name)
    if by_right:
        wanted = "; ".join(f"{right} ({listing(names, 4)})" for right, names in by_right.items())
        draft.ask(f"How does a person get {wanted}?", "by hand, on request, within a month")
    draft.assumptions.append(
        "The rights are those of the GDPR, as the widest set in use; which apply depends on where the people are."
    )
    return [table(("Right", "Data", "Served by", "Source"), rows)]


def _serving(operations: list[Operation]) -> str:
    return listing([code(f"{o.method} {o.path}") for o in operations], 3) if operations else "no operation"


def _sharing(plan: Plan, draft: Draft) -> str:
    if not plan.reading.integrations:
        return "The brief names no other party that receives data; hosting is not settled by it."
    elements = listing([quote(p.element) for p in plan.reading.personal], 5) or "none known"
    rows = [
        (quote(n.name), quote(shorten(n.meaning, 160)), "to be confirmed", cite(n.sources))
        for n in plan.reading.integrations
    ]
    if plan.reading.personal:
        draft.ask(
            f"Which of {elements} go to {listing([n.name for n in plan.reading.integrations], 5)}, and under which agreement?",
            "only what a message needs to reach its recipient",
            unless="Which personal data go",
        )
    return table(("Recipient", "What for", "Personal data and agreement", "Source"), rows)


def _regulations(plan: Plan, draft: Draft) -> str:
    rows = [
        (
            quote(n.name),
            "applies",
            f"the brief names it: {quote(shorten(n.meaning, 160))}".rstrip(": "),
            cite(n.sources),
        )
        for n in plan.reading.regulations
    ]
    named = " ".join(n.name.lower() for n in plan.reading.regulations)
    people = plan.reading.personal
    if people and "gdpr" not in named:
        elements = listing([quote(p.element) for p in people], 4)
        rows.append(
            (
                "GDPR, or the data protection law of the place",
                "to be confirmed",
                f"personal data is held ({elements}); it applies if people in the EU are served",
                cite((s for p in people for s in p.sources), 3),
            )
        )
    for pattern, name, why in _POSSIBLE:
        found = [p.id for p in _asking(plan) if re.search(pattern, p.plain)]
        if "health" in name and not any(p.category == "health" for p in people):
            continue
        if found and name.split(" ")[0].lower() not in named and (people or plan.tables):
            rows.append((name, "to be confirmed", f"could apply: {why}", cite(found, 3)))
    if any(row[1] == "to be confirmed" for row in rows) or not rows:
        draft.ask(
            "In which countries are the people and the servers, and which laws does the client name?",
            "none is taken as applying beyond those the brief names",
            unless="In which countries",
        )
    return (
        table(("Regulation", "Applies", "Why", "Source"), rows)
        if rows
        else "The brief names none, and holds nothing that points to one."
    )


def _asking(plan: Plan) -> list[Passage]:
    """The passages that do not stand under a heading that puts them out of scope."""
    return [p for p in plan.reading.passages if not any(EXCLUDED.search(name) for name in p.section)]


def _decisions(plan: Plan) -> str:
    people = plan.reading.personal
    if not people and (who := persons(p.plain for p in _asking(plan) if p.id[:1] in "PRQ")):
        return f"Nothing is decided: which personal data is kept about {listing([quote(name) for name in who], 6)} is open. No consent and no deletion period is set."
    if not people:
        return "No personal data is stored by design, so no consent and no deletion period is set. Free text and accounts have to be looked at again when they are decided."
    special = [quote(p.element) for p in people if p.sensitivity == "special"]
    named = listing([quote(p.element) for p in people], 6)
    first = f"Personal data is {named}" + (
        f", of which {listing(special, 3)} {'needs' if len(special) == 1 else 'need'} explicit consent (assumed)"
        if special
        else ""
    )
    laws = listing([quote(n.name) for n in plan.reading.regulations], 4)
    return f"{first}. " + (
        f"{laws} {'applies' if len(plan.reading.regulations) == 1 else 'apply'} because the brief says so."
        if laws
        else "Which law applies, and how long data is kept, is open."
    )
