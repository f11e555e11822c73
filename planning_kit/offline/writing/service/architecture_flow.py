"""How the most important request goes through the service, with what happens when a step fails."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Named, Operation
from ..access import action
from ..diagram import label
from ..markdown import cite, code, codes, fence, quote
from ..schema import Table
from .architecture_design import Design

LONGEST = 60
"""The most characters of a label (see :func:`..diagram.label`)."""


def write(design: Design) -> Iterator[str]:
    """Which request it is and why, then the diagram."""
    chosen = first(design)
    if chosen is None:
        yield "No request is known yet: the brief names no operation the rules can read, so there is no flow to draw."
        return
    name = code(f"{chosen.method} {chosen.path}")
    yield f"{name}, because {_why(design, chosen)} {cite(chosen.sources)}."
    yield fence("mermaid", _drawn(design, chosen))


def first(design: Design) -> Operation | None:
    """The request most depends on: one that can conflict and writes, then one that writes most, then the first."""
    return max(design.plan.operations, key=lambda o: _weight(design, o), default=None)


def _weight(design: Design, operation: Operation) -> tuple[int, int, int, int]:
    stated = any(r.status == 409 and r.sources for r in operation.responses)
    writes = operation.method != "GET"
    held = design.plan.table(operation.entity)
    return (
        int(stated and writes) + int(writes and held is not None),
        int(operation.method == "POST" and any(r.status == 201 for r in operation.responses)),
        sum(1 for c in held.columns if c.target) if held else 0,
        len(operation.sources),
    )


def _why(design: Design, operation: Operation) -> str:
    rule = next((r for r in operation.responses if r.status == 409 and r.sources), None)
    if rule:
        return f"a rule of the brief can refuse it (“{quote(rule.meaning)}”)"
    held = design.plan.table(operation.entity)
    if operation.method == "GET" or held is None:
        return "it is the one the brief says most about"
    there = list(dict.fromkeys(c.target for c in held.columns if c.target and c.target != held.name))
    if there:
        return f"it writes {code(held.name)} and rests on {codes(there[:4])}"
    return f"it writes {code(held.name)}"


def _drawn(design: Design, operation: Operation) -> str:
    """A sequence diagram; the syntax is https://mermaid.js.org/syntax/sequenceDiagram.html."""
    plan = design.plan
    held = plan.table(operation.entity)
    who = label(operation.roles[0]) if operation.roles else "Caller"
    system = _told(design, operation)
    lines = [
        "sequenceDiagram",
        f"    actor caller as {(who[:1].upper() + who[1:]) or 'Caller'}",
        f"    participant api as {'API' if design.served else 'Program'}",
    ]
    if held:
        lines.append(f"    participant db as {label(plan.database[0])}")
    if system:
        lines += [
            "    participant worker as Worker",
            f"    participant other as {label(system.name) or 'Other system'}",
        ]
    return "\n".join([*lines, *(f"    {line}" for line in _steps(design, operation, held, system))])


def _steps(design: Design, operation: Operation, held: Table | None, system: Named | None) -> Iterator[str]:
    good = next((r.status for r in operation.responses if r.status < 400), 200)
    errors = {status: meaning for o, status, meaning, _ in design.offer.errors() if o.id == operation.id}
    keyed = operation.id in design.offer.keyed
    yield f"caller->>api: {operation.method} {operation.path}{' with Idempotency-Key' if keyed else ''}"
    for status, does in ((401, "check the token"), (403, "check the role"), (400, "check the input")):
        if status in errors:
            yield f"api->>api: {does}"
            yield from _alternative(status, errors[status])
    if held is None:
        yield "api->>api: work it out"
    else:
        yield from _written(design, operation, held, system, errors)
    yield f"api-->>caller: {good} {label(next((r.meaning for r in operation.responses if r.status == good), ''))}".rstrip()  # fmt: skip
    if system:
        yield from _handed_on(label(system.name) or "the other system", _timed(design, system))


def _alternative(status: int, meaning: str) -> Iterator[str]:
    """What is answered when a step fails."""
    yield f"opt {_short(meaning)}"
    yield f"    api-->>caller: {status}"
    yield "end"


def _short(text: str) -> str:
    """The beginning of ``text`` as a label that does not end in the middle of a phrase."""
    said = label(re.sub(r"['’]s\b", "", text).split(";")[0])
    if len(label(text)) >= LONGEST:
        said = re.sub(r"(?:\W+(?:but|and|or|the|an?|of|to|with|for|in|at|by|on|is|be|which|that|as))+\W*$", "", said.rsplit(" ", 1)[0])  # fmt: skip
    return said.rstrip(" ,.-/") or "refused"


def _written(
    design: Design, operation: Operation, held: Table, system: Named | None, errors: dict[int, str]
) -> Iterator[str]:
    entry = design.store.entry
    does = {"create": f"add a {entry} to {held.name}", "read": f"read {held.name}", "update": f"change a {entry} of {held.name}",
            "delete": f"remove a {entry} of {held.name}"}.get(action(operation), f"change a {entry} of {held.name}")  # fmt: skip
    outbox = " and one to outbox, together" if system and not _timed(design, system) else ""
    yield f"api->>db: {does}{outbox}"
    for status in (404, 409):
        if status in errors:
            yield f"opt {_short(errors[status])}"
            yield f"    db-->>api: {'nothing found' if status == 404 else 'refused, nothing is written'}"
            yield f"    api-->>caller: {status}"
            yield "end"
    if 503 in errors:
        yield f"opt {label(design.plan.database[0])} does not answer in time"
        yield "    api-->>caller: 503 with Retry-After, nothing is written"
        yield "end"
    yield f"db-->>api: {'the ' + entry if operation.method != 'DELETE' else 'gone'}"


def _handed_on(name: str, timed: bool) -> Iterator[str]:
    if timed:
        yield "Note over worker: later, when it is due"
        yield "worker->>db: write what is due to outbox, each once"
    yield "worker->>db: take the next from outbox"
    yield "worker->>other: send it, with its own id"
    yield "alt taken over"
    yield "    other-->>worker: accepted"
    yield "    worker->>db: mark it as sent"
    yield f"else {name} fails or does not answer"
    yield "    worker->>db: next try later, a dead letter after the last"
    yield "end"


def _timed(design: Design, system: Named) -> bool:
    """Whether ``system`` is told by a job at its time, and not because of the request."""
    return any(job.kind == "scheduled" and set(job.sources) & set(system.sources) for job in design.jobs)


def _told(design: Design, operation: Operation) -> Named | None:
    """The other system that is told about what ``operation`` does: one its passages name, or one a job about the same thing names."""
    if not design.plan.tables or operation.method == "GET":
        return None
    about = operation.entity.lower()
    for system in design.told:
        if set(system.sources) & set(operation.sources) or (about and about in system.meaning.lower()):
            return system
    return None
