"""New components for a topic: what each is responsible for, offers and needs, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from ...facts import Operation
from ..basis import Basis
from ..draft import Draft
from ..markdown import ASSUMED, cite, code, codes, listing, quote, shorten, table
from .held import client
from .scope import Scope, spaced
from .session import Session, assumed

_MOST = 10


def write(basis: Basis) -> Draft:
    """The draft of ``research/new-components/<topic>.md``."""
    scope = Scope.of(basis)
    piece = scope.kind.piece
    name = scope.titled(piece.name)
    session = Session(
        "New Component Design", f"Which components and interfaces does {quote(scope.said)} need, and who uses them?"
    )
    session.findings = list(_findings(basis, scope)) or [
        ("No operation, table or job follows from this topic by rule", scope.cited)
    ]
    session.after = (
        f"### Components\n\n{table(('Component', 'Responsible for', 'Offers', 'Needs'), _components(scope, name))}",
    )
    _weigh(session, scope, scope.filled(piece.name))
    draft = session.draft(basis, scope)
    draft.assumptions.append("Components are named after what they do; the names are proposals.")
    for each in scope.systems[:3]:
        draft.ask(f"Which interface and version does {quote(each.name)} offer, and who gives access to its test environment?",
                  "a client module of its own, so that it can be replaced", *each.sources[:2])  # fmt: skip
    return draft


def _findings(basis: Basis, scope: Scope) -> Iterator[tuple[str, str]]:
    plan = basis.plan
    asked = scope.operations if scope.passages or scope.whole else ()
    for each in asked[:_MOST]:
        exists = plan.route(each)
        place = f"{code(exists.evidence)}, " if exists and ":" in exists.evidence else ""
        name = f"{each.method} {each.path}" if plan.reading.served else each.id
        yield f"{code(name)}: {quote(shorten(each.purpose, 120))}", place + _from(each.sources)
    if len(asked) > _MOST:
        yield f"{len(asked) - _MOST} more operations", cite((s for o in asked[_MOST:] for s in o.sources), 6)
    for one in scope.tables[:_MOST] if scope.passages or scope.whole else ():
        yield f"Table {code(one.name)}: {listing([code(c.name) for c in one.columns], 6)}", _from(one.sources)
    for job in scope.jobs:
        yield f"Runs by itself ({quote(job.kind)}): {quote(shorten(job.name, 120))}", _from(job.sources)
    for system in scope.systems:
        if held := client(system.name, basis.codebase):
            yield f"Calls {quote(system.name)} already: {code(shorten(held.what, 120))}", code(held.place)
        yield f"Reaches another system: {quote(system.name)}", _from(system.sources)
    for figure in scope.figures[:6]:
        yield f"Has to meet {quote(figure.text)}: {quote(shorten(figure.about, 120))}", f"[{figure.source}]"


def _from(sources: tuple[str, ...]) -> str:
    return cite(sources) if sources else "not verified (assumed)"


def _components(scope: Scope, name: str) -> Iterator[tuple[str, str, str, str]]:
    piece, users = scope.kind.piece, _users(scope)
    entities = list(dict.fromkeys(o.entity for o in users if o.entity))
    alone = scope.whole and bool(entities)
    if not alone:
        cited = scope.cited if scope.passages else ASSUMED
        yield (
            name,
            f"{scope.filled(piece.duty)} {cited}",
            assumed(scope.filled(piece.offers)),
            assumed(scope.filled(piece.needs)),
        )
    for entity in entities[:8]:
        own = [o for o in users if o.entity == entity]
        known = scope.basis.plan.table(entity)
        needs = [
            codes([known.name]) if known else "no table of its own",
            *([] if alone else [f"the {scope.filled(piece.name)}"]),
        ]
        rules = f"the rules of {quote(spaced(entity).lower())} {cite(s for o in own for s in o.sources)}"
        yield f"{spaced(entity)} module", rules, listing([code(o.id) for o in own], 5), ", ".join(needs)


def _users(scope: Scope) -> tuple[Operation, ...]:
    """The operations that need the component."""
    return scope.operations if scope.passages or scope.whole else ()


def _weigh(session: Session, scope: Scope, name: str) -> None:
    users = _users(scope)
    entities = list(dict.fromkeys(o.entity for o in users if o.entity))
    cited = cite(s for o in users for s in o.sources)
    if scope.whole and len(entities) > 1:
        _divided(session, scope, entities, cited)
    else:
        _placed(session, scope, name, entities, cited)
    many = len(scope.passages)
    session.confidence = "Medium" if users or scope.systems or scope.jobs else "Low"
    session.why = (
        f"it follows from {many} passage{'s' if many != 1 else ''} of the brief by rule; a first contract that its callers have read would make it surer."
        if session.confidence == "Medium" else "the brief names no operation for it; a conversation with those who wrote it would make it surer."
    )  # fmt: skip


def _divided(session: Session, scope: Scope, entities: list[str], cited: str) -> None:
    """The whole: one module for each kind of record, or one for all."""
    many, joined = len(entities), sum(bool(c.target) for t in scope.tables for c in t.columns)
    each, one = f"A module for each of the {many} kinds of records", "One module for everything"
    between = (
        f"{joined} reference{'s' if joined != 1 else ''} between tables cross{'es' if joined == 1 else ''} modules"
    )
    session.options = [
        (each, f"{listing([quote(spaced(e).lower()) for e in entities], 4)} have operations of their own {cited}, and are built one after the other", between),
        (one, assumed("nothing to cut, and nothing to call across"), f"{len(_users(scope))} operations in one place, which nobody can build beside another"),
    ]  # fmt: skip
    session.recommended, session.because = each, f"each can be shown by itself {cited}."


def _placed(session: Session, scope: Scope, low: str, entities: list[str], cited: str) -> None:
    """One component: by itself, or within what needs it."""
    users = len(_users(scope))
    own, inside = f"The {low} as a component of its own", f"The {low} inside the modules that need it"
    needed = "one place to change and to test (assumed)"
    if users:
        of = f" of {listing([quote(spaced(e).lower()) for e in entities], 3)}" if entities else ""
        needed = f"needed by {users} operation{'s' if users != 1 else ''}{of} {cited}"
    elif scope.passages:
        needed = f"named in {scope.cited}"
    alone = len(entities) == 1 and not (scope.systems or scope.jobs)
    again = (
        "written again by each module that comes to need it" if alone else f"the same rule in several places {ASSUMED}"
    )
    session.options = [
        (own, f"{needed}; one place to change and to test", assumed("one interface more")),
        (inside, assumed("no interface between the rule and the data it is about"), again),
    ]  # fmt: skip
    session.recommended = inside if alone else own
    session.because = f"only {quote(spaced(entities[0]).lower())} needs it {cited}." if alone else f"{needed}."
