"""The data model: the diagram, a card per table, the SQL, relationships, indexes, migration order and seed data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import ddl, diagram, figures, present
from .dialects import DIALECTS
from .draft import Draft
from .markdown import ASSUMED, cite, code, codes, fence, listing, quote, table
from .naming import words
from .plan import Plan
from .schema import Column, Table

_ALIKE = re.compile(r"(?i)without duplica|duplication|de-duplica|avoid(?:ing)? duplica")


def write(plan: Plan) -> Draft:
    """The draft of ``05-data-model.md``."""
    draft = Draft(f"Data Model: {quote(plan.feature)}")
    draft.take(plan.reading.questions, "data")
    draft.add("Overview", _overview(plan, draft), present.models(plan))
    draft.add("ER diagram", fence("mermaid", diagram.draw(plan)))
    draft.add("Tables", *(_cards(plan) if plan.tables else ("None.",)))
    draft.add("DDL", fence("sql", ddl.write(plan)))
    draft.add("Relationships", _relationships(plan))
    draft.add("Indexes", _indexes(plan))
    draft.add("Migration order", _migrations(plan))
    draft.add("Seed data", *_seeds(plan))
    _assume(plan, draft)
    draft.decisions = _decisions(plan)
    return draft


def _overview(plan: Plan, draft: Draft) -> str:
    name, sources = plan.database
    own = [t for t in plan.tables if t not in plan.beside]
    stated, inferred = [t for t in own if t.stated], [t for t in own if not t.stated]
    lines = [f"Database: {plan.shown_database}."]
    others = [
        n
        for n in plan.reading.technologies
        if n.kind == "database" and name.lower()[:6] not in n.name.lower() and "redis" not in n.name.lower()
    ]
    if plan.kept == name and others:
        draft.ask(f"The stack keeps its data in {name}, and {listing([quote(n.name) for n in others], 3)} is named beside it: what for?", f"{name} keeps everything",
                  *(s for n in others for s in n.sources))  # fmt: skip
    if name not in ("PostgreSQL", *DIALECTS):
        lines.append(f"The SQL below is PostgreSQL's: the rules have no dialect for {name}.")
        draft.ask(f"Is {name} fixed, or may it be PostgreSQL?", "the SQL is written for PostgreSQL", *sources)
    if stated:
        lines.append(f"The brief names {listing([code(t.name) for t in stated], 12)}.")
    if inferred:
        lines.append(
            f"Inferred from words that recur or from how things relate {ASSUMED}: {listing([code(t.name) for t in inferred], 12)}."
        )
    if plan.beside:
        lines.append(
            f"Beside them, so that the service can be run, as [integration-architecture.md](integration-architecture.md#data-model) has them: {listing([code(t.name) for t in plan.beside], 12)}."
        )
    if not plan.tables:
        lines.append("The brief names nothing that is kept, so there is no table.")
        draft.ask("What has to be kept, and for how long?", "nothing is stored", unless="What does the system keep")
    volume = [q for q in plan.reading.quantities if figures.kind(q) in ("volume", "retention", "load")]
    if volume:
        told = listing([f"{quote(q.text)} ({figures.kind(q)}) [{q.source}]" for q in volume], 8)
        lines.append(f"Figures it has to carry: {told}.")
    return " ".join(lines)


def _cards(plan: Plan) -> Iterator[str]:
    for one in plan.tables:
        rows = [
            (code(c.name), code(ddl.type_of(plan, c)), _constraint(plan, one, c), _meaning(c), cite(c.sources))
            for c in one.columns
        ]
        meaning = quote(one.meaning[:1].upper() + one.meaning[1:]).rstrip(".") or f"Keeps {words(one.name)}"
        yield f"### {one.name}\n\n{meaning}. {present.noted(plan, one)}{cite(one.sources)}\n\n" + table(
            ("Column", "Type", "Constraint", "Meaning", "Source"), rows
        )


def _meaning(column: Column) -> str:
    sealed = column.personal == "credential" and not column.name.endswith("_hash")
    return "; ".join(
        part for part in (quote(column.meaning), f"encrypted before it is stored {ASSUMED}" if sealed else "") if part
    )


def _constraint(plan: Plan, one: Table, column: Column) -> str:
    parts = [code(part) for part in ddl.constraints(plan, one, column)]
    if column.primary and len(one.key) > 1:
        parts.insert(0, "part of the primary key")
    if column.target:
        parts.append(f"refers to {code(column.target)}, on delete {column.on_delete.lower()}")
    return "; ".join(parts) or "may be null"


def _relationships(plan: Plan) -> str:
    rows = []
    for one in plan.tables:
        for c in one.columns:
            if c.target:
                many = "one" if c.unique or (c.primary and len(one.key) == 1) else "many"
                kind = f"{'one' if c.required else 'zero or one'} to {many}"
                deleting = f"{c.on_delete.lower()} {cite(c.delete_sources)}"
                rows.append(
                    (code(c.target), code(one.name), kind, code(f"{one.name}.{c.name}"), deleting, cite(c.sources))
                )
    if not rows:
        return "None: no table refers to another."
    return table(("Parent", "Child", "Cardinality", "Foreign key", "On delete", "Source"), rows)


def _indexes(plan: Plan) -> str:
    rows = [(code(i.name), code(f"{i.table}({i.column})"), quote(i.serves), cite(i.sources)) for i in ddl.indexes(plan)]
    unique = [(f"unique constraint on {code(c.name)}", code(f"{t.name}({c.name})"), f"finding one row by {code(c.name)}, and refusing a second", cite(c.sources))
              for t in plan.tables for c in t.columns if c.unique]  # fmt: skip
    if not rows and not unique:
        return "None beyond the primary keys: no operation searches by another column."
    return table(("Index", "Columns", "Query it serves", "Source"), [*rows, *unique])


def _migrations(plan: Plan) -> str:
    if not plan.tables:
        return "Nothing to migrate."
    steps = []
    for one in plan.tables:
        after = list(
            dict.fromkeys(c.target for c in one.columns if c.target and not c.deferred and c.target != one.name)
        )
        steps.append(_step(plan, one, after))
    late = [f"{one.name}.{c.name}" for one in plan.tables for c in one.columns if c.deferred]
    if late and plan.dialect.late:
        steps.append(f"Add the foreign keys that close a circle: {codes(late)}.")
    if ddl.indexes(plan):
        steps.append("Create the indexes.")
    return "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))


def _step(plan: Plan, one: Table, after: list[str]) -> str:
    if held := plan.model(one):
        new = plan.lacking(one)
        adding = f"add {codes(c.name for c in new)}, which may be null" if new else "nothing to add"
        return f"{code(one.name)} exists ({code(held.evidence)}): {adding}; nothing that is there is altered."
    return f"Create {code(one.name)}" + (f", which refers to {codes(after)}." if after else ".")


def _seeds(plan: Plan) -> list[str]:
    rows = [
        (code(f"{t.name}.{c.name}"), codes(c.values), "held by a CHECK, no rows needed", cite(c.sources))
        for t in plan.tables
        for c in t.columns
        if c.values
    ]
    roles = [a for a in plan.reading.actors if any(a.name in o.roles for o in plan.operations)]
    if roles:
        rows.append(("roles", listing([quote(a.name) for a in roles], 12), "claims of the token or rows of the identity provider (assumed)",
                     cite(s for a in roles for s in a.sources)))  # fmt: skip
    return [table(("What", "Values", "How", "Source"), rows)] if rows else ["None asked for."]


def _assume(plan: Plan, draft: Draft) -> None:
    surrogate = [t.name for t in plan.tables if any(c.primary and c.type == "key" and c.generated for c in t.columns)]
    if surrogate:
        kind = "UUID" if plan.dialect.uuid else "integer"
        draft.assumptions.append(
            f"A generated {kind} is the key of {listing([code(n) for n in surrogate], 12)}: the brief names none, or no type for it."
        )
    if any(c.name == "created_at" and not c.sources for t in plan.tables for c in t.columns):
        draft.assumptions.append(
            "Tables hold when a row was stored, and when it was changed where an operation changes it."
        )
    if any(c.on_delete and not c.delete_sources and c.on_delete == "RESTRICT" for t in plan.tables for c in t.columns):
        draft.assumptions.append(
            "A row that others refer to cannot be deleted, except where the brief says that they go with it."
        )
    for one in plan.tables:
        if any(c.unique for c in one.columns):
            continue
        alike = [
            s.source
            for s in plan.reading.statements
            if _ALIKE.search(s.text) and re.search(rf"(?i)\b{re.escape(words(one.entity or '-'))}s?\b", s.text)
        ]
        if alike:
            draft.ask(
                f"The brief forbids duplicates of {words(one.name)}: which columns make two of them the same?",
                "only the key is unique",
                *dict.fromkeys(alike[:3]),
            )
    _clashes(plan, draft)
    hidden = [f"{t.name}.{c.name}" for t in plan.tables for c in t.columns if c.name.endswith("_hash") and c.personal]
    if hidden:
        draft.assumptions.append(f"Passwords are kept only as salted hashes: {codes(hidden)}.")


def _clashes(plan: Plan, draft: Draft) -> None:
    """Ask which columns decide, where the brief says that something must not be there twice."""
    for o in plan.operations:
        clash = next(
            (
                r
                for r in o.responses
                if r.status == 409 and r.sources and re.search(r"(?i)twice|double|same|overlap", r.meaning)
            ),
            None,
        )
        held = plan.table(o.entity)
        if clash and held:
            timed = [c.name for c in held.columns if c.sources and c.type in ("date-time", "date")]
            keys = [c.name for c in held.columns if c.target][:4]
            draft.ask(
                f"“{clash.meaning}”: which columns of {held.name} decide that two rows clash ({listing([*keys, *timed])})?",
                f"the service checks it in the transaction of {o.id} and answers 409; no constraint is written yet",
                *clash.sources,
            )


def _decisions(plan: Plan) -> str:
    if not plan.tables:
        return "No table is decided: the brief names nothing that is kept. What is to be stored has to be asked first."
    foreign = [(t, c) for t in plan.tables for c in t.columns if c.target]
    shown = listing([code(t.name) for t in plan.tables], 10)
    tied = (
        f"{len(foreign)} foreign keys tie them"
        if len(foreign) > 2
        else listing([f"{code(f'{t.name}.{c.name}')} refers to {code(c.target)}" for t, c in foreign])
    )
    gone = list(dict.fromkeys(f"{t.name}" for t, c in foreign if c.on_delete == "CASCADE"))
    after = f"; rows of {codes(gone)} go with what they belong to" if gone else ""
    return f"{plan.shown_database} keeps {shown}. {(tied[:1].upper() + tied[1:]) if tied else 'No table refers to another'}{after}."
