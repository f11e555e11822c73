"""How the service is cut and where it runs: its style, its boundaries, the containers, the nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts import Quantity
from .. import openapi, proposals, roles, technology
from ..diagram import label
from ..markdown import ASSUMED, cite, code, codes, fence, listing, quote, shorten, table
from ..naming import words
from .architecture_design import Design, Part, cited

MUCH = 2_000
"""Requests or messages per second from which one service is no longer taken for granted."""
MOST = 8
"""Most people or systems one diagram shows."""


def overview(design: Design) -> Iterator[str]:
    """The style, why, and the containers."""
    yield style(design)
    yield fence("mermaid", containers(design))


def style(design: Design) -> str:
    """Which style, after which need of the brief, and what was rejected."""
    plan, parts = design.plan, design.parts
    if not design.served:
        kind = plan.reading.interface
        return f"One program, as the brief describes a {kind}: nothing is served, nothing is deployed beside it. The operations below are its {'commands' if kind == 'command line' else 'functions'} as a service would offer them, so that the interface can be checked."
    if not parts:
        return f"One service {ASSUMED}. The brief names no operation the rules can read and nothing that is kept, so there is nothing to cut yet."
    if design.services:
        return (
            f"Services, {len(parts)} of them, because the brief asks for services of their own {cite(design.services)}; one for each part of the domain, each with data nobody else writes. "
            "Rejected: one deployable unit; it would be simpler to run, and the brief rules it out."
        )
    size = f"{_many(len(plan.operations), 'operation')} over {_many(len(plan.tables), design.store.holds)}"
    load = design.quantities("load")[:2]
    told = f", at {listing([_figure(q) for q in load])}," if load else ""
    tied = f"{_many(design.ties, 'reference')} between {design.store.holds}s" if design.ties else ""
    price = f"; {tied} would become calls or events" if tied and len(parts) > 1 else ""
    cut = f", cut into {len(parts)} modules" if len(parts) > 1 else ""
    worker = " and one worker from the same code" if design.works else ""
    heavy = [
        q for q in design.quantities("load") if q.value >= MUCH and re.search(r"(?i)\bsec|/\s?s\b|[rtq]ps", q.unit)
    ]
    if heavy:
        return (
            f"One deployable service{cut}{worker} to begin with: {size} {ASSUMED}. Whether it carries {_figure(heavy[0])} is measured before the rest is built; "
            f"when it does not, what takes that load in becomes a service of its own, with a queue between the two {ASSUMED}."
        )
    return (
        f"One deployable service{cut}{worker}: {size}{told} need no more {ASSUMED}. "
        f"Rejected: a service for each module; nothing in the brief asks for releases or scaling of their own{price}."
    )


def _figure(quantity: Quantity) -> str:
    return f"{quote(quantity.text)} [{quantity.source}]"


def _many(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def boundaries(design: Design) -> str:
    """A row for each module or service, then the worker."""
    rows = [_boundary(design, part) for part in design.parts]
    if design.works:
        rows.append(_worker(design))
    if not rows:
        return (
            "None yet: the rules read nothing in the brief that can be done or kept, so there is no boundary to draw."
        )
    return table(("Service", "Responsibility", "Owns", "Talks to", "Source"), rows)


def _worker(design: Design) -> tuple[str, str, str, str, str]:
    does = [quote(shorten(j.name, 70)) for j in design.jobs[:4]]
    does += [f"{len(design.jobs) - 4} more"] if len(design.jobs) > 4 else []
    does = does or [f"sends what {listing([quote(n.name) for n in design.told], 4)} has to be told"]
    talks = ["the services" if design.services else "the modules", *(quote(n.name) for n in design.told)]
    owns = f"{code('outbox')} {ASSUMED}" if design.told else "nothing of its own"
    return "worker", "; ".join(does), owns, listing(talks, 6), cited(design.jobs or design.told)


def _boundary(design: Design, part: Part) -> tuple[str, str, str, str, str]:
    does = [quote(shorten(openapi.summary(design.plan, o), 70)).rstrip(".") for o in part.operations]
    said = "; ".join(does[:5]) + (f"; {len(does) - 5} more" if len(does) > 5 else "")
    said = said or f"keeps {words(part.name)}; no operation of its own"
    named = {s for o in part.operations for s in o.sources}
    outside = [quote(n.name) for n in design.asked if named & set(n.sources)]
    talks = [*part.uses, *outside]
    return f"{part.name} {design.unit}", said, codes(t.name for t in part.tables) or "nothing", listing(talks, 6) or "nobody", cited((*part.operations, *part.tables))  # fmt: skip


def language(design: Design) -> tuple[str, str]:
    """The language or framework it is written in, and its source."""
    chosen = {"python": "Python", "csharp": "C#"}.get(design.basis.options.get("stack", ""), "")
    for choice in technology.choices(design.plan):
        if roles.FRAMEWORK in choice.component and choice.given:
            return choice.technology, choice.source
    named = technology.language(design.plan)
    if chosen and chosen.lower() not in (named, {".net": "c#"}.get(named, "")):
        return chosen, "chosen at the start"
    for choice in technology.choices(design.plan):
        if choice.component == "language" and choice.given:
            return choice.technology, choice.source
    return (proposals.framework(named), ASSUMED) if named else ("", "")


def containers(design: Design) -> str:
    """A C4 container diagram; the syntax is https://mermaid.js.org/syntax/c4.html."""
    plan = design.plan
    title = label(plan.feature) or "The service"
    lines = ["C4Container", f"    title Containers of {title}"]
    people = [a for a in plan.reading.actors if any(a.name in o.roles for o in plan.operations)] or plan.reading.actors[:1]  # fmt: skip
    shown = [label(a.name) or f"Caller {at}" for at, a in enumerate(people[:MOST], start=1)] or ["Caller"]
    lines += [f'    Person(p{at}, "{_upper(name)}")' for at, name in enumerate(shown, start=1)]
    written = _spelt(language(design)[0])
    inside = _inside(design, written)
    lines += [f'    System_Boundary(system, "{title}") {{', *(f"        {each}" for each in inside), "    }"]
    for at, system in enumerate(design.systems[:MOST], start=1):
        lines.append(f'    System_Ext(x{at}, "{label(system.name) or f"System {at}"}", "{label(system.kind)}")')
    if signs := _provider(design):
        lines.append(f'    System_Ext(idp, "{signs}", "signs callers in")')
    return "\n".join([*lines, *(f"    {each}" for each in _relations(design, shown))])


def _spelt(language: str) -> str:
    """A language's name as a label, signs included: ``C++`` and ``C#`` are not ``C``."""
    return label(language.replace("++", " plus plus").replace("C#", "C Sharp"))


def _inside(design: Design, written: str) -> Iterator[str]:
    if not design.served:
        yield f'Container(app, "{_upper(design.plan.reading.interface)}", "{written}", "runs where its user starts it")'
    elif design.services:
        yield f'Container(gateway, "{label(design.gateway) or "Gateway"}", "", "sends each path to its service")'
        for at, part in enumerate(design.parts, start=1):
            yield f'Container(s{at}, "{_upper(label(part.name))} service", "{written}", "{_many(len(part.operations), "operation")}")'
    else:
        yield f'Container(app, "API", "{written}", "{_many(len(design.plan.operations), "operation")}")'
    if design.works:
        does = _many(len(design.jobs), "job") if design.jobs else "sends messages"
        yield f'Container(worker, "Worker", "{written}", "{does} without a caller")'
    if not design.plan.tables:
        return
    name, holds = label(design.plan.database[0]), design.store.holds
    kept = (
        [(f"d{at}", f"{_upper(label(p.name))} data", p.tables) for at, p in enumerate(design.parts, start=1) if p.tables]
        if design.services else [("db", "Database", design.plan.tables)]
    )  # fmt: skip
    yield from (f'ContainerDb({key}, "{title}", "{name}", "{_many(len(some), holds)}")' for key, title, some in kept)


def _relations(design: Design, people: list[str]) -> Iterator[str]:
    front = "gateway" if design.services else "app"
    over = "HTTPS" if design.served else "starts"
    yield from (f'Rel(p{at}, {front}, "{over}")' for at, _ in enumerate(people, start=1))
    if design.services:
        yield from _between(design)
    elif design.plan.tables:
        yield 'Rel(app, db, "reads and writes")'
        if design.works:
            yield 'Rel(worker, db, "reads what is due")'
    for at, system in enumerate(design.systems[:MOST], start=1):
        caller = "worker" if system in design.told else "s1" if design.services else "app"
        does = "sends messages" if system.kind in ("messaging", "email") else "sends what it has to know" if system in design.told else "asks"  # fmt: skip
        yield f'Rel({caller}, x{at}, "{does}")'
    if _provider(design):
        yield f'Rel({front}, idp, "checks tokens by its keys")'


def _between(design: Design) -> Iterator[str]:
    """What several services say to each other and to their data."""
    numbers = {part.name: at for at, part in enumerate(design.parts, start=1)}
    for part in design.parts:
        at = numbers[part.name]
        if part.operations:
            yield f'Rel(gateway, s{at}, "HTTPS")'
        if part.tables:
            yield f'Rel(s{at}, d{at}, "reads and writes")'
        yield from (f'Rel(s{at}, s{numbers[other]}, "asks")' for other in part.uses[:3])
    if design.works:
        yield 'Rel(worker, s1, "asks each service what is due")'


def _provider(design: Design) -> str:
    """Who signs callers in, when that is not the service itself."""
    outside = [w for w in design.plan.reading.signin if w.kind in ("openIdConnect", "oauth2", "saml")]
    return label(f"{outside[0].name} provider") if outside and design.guarded else ""


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
