"""The error flows: what happens when a session has ended, a caller may not, somebody was faster, or a system does not answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from .. import signin
from ..diagram import label
from ..markdown import ASSUMED, cite, fence, quote
from ..naming import words
from . import api_spec_links as links
from .api_spec_offered import Offered
from .api_spec_shape import Parts, beneath, parted
from .ground import Ground
from .sequences_drawn import Flow, called, deed, outside_of
from .sequences_flows import either, main_things
from .sequences_layers import API, GUARD, JOB, SERVICE, STORE, File, Layers

BENEATH = ("Key steps",)


def sections(ground: Ground, layers: Layers, api: Sequence[Offered], drawn: Sequence[Flow]) -> Iterator[str]:
    """Every error flow that the API can have, each on an operation that documents its answer."""
    main = main_things(ground, layers)
    api = sorted(api, key=lambda each: not (each.plan and layers.things(each.plan) == main))
    ended = _first(api, 401)
    if ended:
        yield _ended(ground, layers, ended)
    refused = _first(api, 403)
    if refused:
        yield _refused(ground, layers, refused)
    elif api:
        yield _unsaid(api)
    conflict = _first(api, 409)
    if conflict:
        yield _conflict(ground, layers, conflict)
    missing = _first(api, 404)
    if missing:
        yield _missing(ground, layers, missing)
    wrong = _first(api, 400, 422)
    if wrong and sum(map(bool, (ended, refused, conflict, missing))) < 3:
        yield _wrong(ground, layers, wrong)
    yield _silent(ground, layers, api, drawn)


def _first(api: Sequence[Offered], *statuses: int) -> Offered | None:
    """The operation an error is shown on: one that changes something before one that reads."""
    found = [each for each in api if each.when(*statuses)]
    return next((each for each in found if each.method != "GET"), next(iter(found), None))


def _unsaid(api: Sequence[Offered]) -> str:
    behind = any(each.protected for each in api)
    who = "every caller who has signed in may do everything here" if behind else "nobody is asked who they are"
    return f"No operation answers 403: {who}, so there is no flow for a caller who may not."


def _section(ground: Ground, title: str, lead: str, lines: Sequence[str], steps: Sequence[str]) -> str:
    numbered = "\n".join(f"{number}. {text}" for number, text in enumerate(steps, start=1))
    drawn = "\n".join(["sequenceDiagram", *(f"    {line}" for line in lines)])
    written: Mapping[str, Parts] = {"Key steps": lambda: [numbered]}
    return "\n\n".join([f"### {title}", lead, fence("mermaid", drawn), parted(beneath(ground, "Error flows", BENEATH), written)])  # fmt: skip


def _files(ground: Ground, layers: Layers, each: Offered | None) -> dict[str, File]:
    things = layers.things(each.plan) if each and each.plan else main_things(ground, layers)
    return layers.files(things, each.plan if each else None)


def _caller(each: Offered | None) -> str:
    role = next(iter(each.plan.roles), "caller") if each and each.plan else "caller"
    return f"participant caller as {called(role)}"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _of(ground: Ground, each: Offered) -> str:
    return links.operation(ground, links.SEQUENCES, each.method, each.path)


def _ended(ground: Ground, layers: Layers, each: Offered) -> str:
    files = _files(ground, layers, each)
    ways = signin.of(ground.plan.reading, each.plan) if each.plan else ground.plan.reading.signin
    again = label(signin.title(ways[0])) if ways else "bearer token"
    lines = [
        _caller(each),
        f"participant api as {files[API].label}",
        f"participant guard as {files[GUARD].label}",
        f"caller->>api: {each.called}",
        "api->>guard: who calls",
        "guard-->>api: what was shown has expired",
        "api-->>caller: 401 problem details",
        f"caller->>caller: sign in again, {again}",
        f"caller->>api: {each.called}",
        f"api-->>caller: {each.success}",
    ]
    steps = [
        "The check comes first: no service is called, and nothing is stored.",
        "The answer says that the caller is not known, and not why, so that nobody learns which tokens once were good (assumed).",
        "The caller signs in again and repeats the request; it arrives for the first time, so nothing happens twice.",
    ]
    return _section(ground, "A session that has ended", f"On {_of(ground, each)}, as on every protected operation.", lines, steps)  # fmt: skip


def _refused(ground: Ground, layers: Layers, each: Offered) -> str:
    files = _files(ground, layers, each)
    roles = [quote(role) for role in each.plan.roles] if each.plan else []
    sources = each.plan.sources if each.plan else ()
    lines = [
        "participant caller as Another role<br/>(Caller)",
        f"participant api as {files[API].label}",
        f"participant guard as {files[GUARD].label}",
        f"caller->>api: {each.called}",
        "api->>guard: who calls",
        "guard-->>api: the caller and the role",
        "api->>api: is the role allowed",
        "api-->>caller: 403 problem details",
    ]
    allowed = f"{_upper(either(roles))} may do this {cite(sources, 3)}; everybody else is refused." if roles else "The role decides; everybody else is refused."  # fmt: skip
    steps = [allowed, "Nothing is read before the refusal, so the answer does not show whether the thing is there (assumed).", "The refusal is logged with caller, operation and time (assumed)."]  # fmt: skip
    return _section(ground, "A caller who may not do this", f"On {_of(ground, each)}.", lines, steps)


def _conflict(ground: Ground, layers: Layers, each: Offered) -> str:
    files = _files(ground, layers, each)
    status, when = each.when(409) or (409, "")
    sources = [s for r in each.plan.responses if r.status == status for s in r.sources] if each.plan else []
    new = deed(ground, each) == "create"
    lines = [
        _caller(each),
        f"participant api as {files[API].label}",
        f"participant service as {files[SERVICE].label}",
        f"participant store as {files[STORE].label}",
        f"participant database as {label(ground.plan.database[0])}<br/>(Database)",
        f"caller->>api: {each.called}",
        f"api->>service: {words(each.id)}",
        f"service->>store: {'store' if new else 'change, if it still is as it was'}",
        f"store->>database: {'INSERT' if new else 'UPDATE where the state is as expected'}",
        f"database-->>store: {'refused by a unique or exclusion constraint' if new else 'no row changed'}",
        "store-->>service: conflict",
        "service-->>api: conflict, rolled back",
        f"api-->>caller: {status} problem details",
    ]
    steps = [
        f"{quote(when).rstrip('.')} {cite(sources)}.",
        "The database decides, not a look beforehand: two callers may look at the same moment and both see nothing (assumed).",
        "The transaction is rolled back as a whole; the caller reads what is there now and decides anew.",
    ]
    return _section(ground, "Somebody was faster", f"On {_of(ground, each)}.", lines, steps)


def _missing(ground: Ground, layers: Layers, each: Offered) -> str:
    files = _files(ground, layers, each)
    lines = [
        _caller(each),
        f"participant api as {files[API].label}",
        f"participant service as {files[SERVICE].label}",
        f"participant store as {files[STORE].label}",
        f"caller->>api: {each.called}",
        "api->>service: with the key of the path",
        "service->>store: read one",
        "store-->>service: no row",
        "service-->>api: not found",
        "api-->>caller: 404 problem details",
    ]
    steps = ["The key is looked up before anything is changed.", "A key that never was and one that was deleted are answered alike (assumed)."]  # fmt: skip
    return _section(ground, "Something that is not there", f"On {_of(ground, each)}.", lines, steps)


def _wrong(ground: Ground, layers: Layers, each: Offered) -> str:
    files = _files(ground, layers, each)
    status, when = each.when(400, 422) or (400, "")
    lines = [
        _caller(each),
        f"participant api as {files[API].label}",
        f"caller->>api: {each.called}",
        "api->>api: check the request against its schema",
        f"api-->>caller: {status} {label(when)}".rstrip(),
    ]
    steps = [f"{quote(when).rstrip('.') or 'The request breaks a rule'}: the form is checked before the service is called.", "The answer names what is wrong, so that the caller can mend it; nothing is stored."]  # fmt: skip
    return _section(ground, "A request that breaks a rule", f"On {_of(ground, each)}.", lines, steps)


def _silent(ground: Ground, layers: Layers, api: Sequence[Offered], drawn: Sequence[Flow]) -> str:
    """A system that is needed does not answer: another one where a flow calls one, else the database, else the service itself."""
    calling = next((flow for flow in drawn if outside_of(ground, flow)), None)
    if calling:
        named = outside_of(ground, calling)[0]
        each = next(iter(calling.calls), None)
        return _unanswered(
            ground, layers, each, quote(named.name), label(named.name), "External", cite(named.sources, 2)
        )
    each = next((o for o in api if o.method != "GET"), next(iter(api), None))
    if ground.plan.tables:
        name = ground.plan.database[0]
        return _unanswered(ground, layers, each, quote(name), label(name), "Database", "")
    return _stopped(ground, layers, each)


def _unanswered(
    ground: Ground, layers: Layers, each: Offered | None, what: str, name: str, kind: str, source: str
) -> str:
    files = _files(ground, layers, each)
    outer = files[API].label if each else files[JOB].label
    told = kind == "External"
    lines = [*([_caller(each)] if each else []), f"participant outer as {outer}", f"participant service as {files[SERVICE].label}", f"participant other as {name}<br/>({kind})"]  # fmt: skip
    lines += [f"caller->>outer: {each.called}"] if each else []
    lines += [
        f"outer->>service: {words(each.id) if each else 'do what is due'}",
        f"service->>other: {'what it has to know' if told else 'read or write'}",
        "Note over service,other: no answer in time",
        "service->>service: roll back, log",
        "service-->>outer: not now",
    ]
    lines += ["outer-->>caller: 5xx problem details, try again later"] if each else ["outer->>outer: begin again later"]
    later = "What it was to be told is kept and told later, at most a fixed number of times" if told else "It is not tried again within the request"  # fmt: skip
    steps = [
        f"Every call of {' '.join(filter(None, [what, source]))} has a time limit; nobody waits without end {ASSUMED}.",
        "What was begun is rolled back, so that a second try finds nothing half done.",
        f"{later} {ASSUMED}.",
    ]
    lead = f"On {_of(ground, each)}, as wherever {what} is called." if each else f"Wherever {what} is called."
    return _section(ground, "A system that does not answer", lead, lines, steps)


def _stopped(ground: Ground, layers: Layers, each: Offered | None) -> str:
    files = _files(ground, layers, each)
    outer = files[API].label if each else files[JOB].label
    lines = [*([_caller(each)] if each else []), f"participant outer as {outer}", f"participant service as {files[SERVICE].label}"]  # fmt: skip
    lines += [f"caller->>outer: {each.called}"] if each else []
    lines += [f"outer->>service: {words(each.id) if each else 'do what is due'}", "Note over outer,service: stopped, or no answer in time"]  # fmt: skip
    lines += ["outer-->>caller: 5xx problem details, try again later"] if each else ["outer->>outer: begin again later"]
    steps = ["Nothing is kept, so nothing can be half done.", f"The caller sends the same request again after a while {ASSUMED}."]  # fmt: skip
    lead = f"On {_of(ground, each)}; no other system is needed, so it is the service itself that may not answer." if each else "No other system is needed, so it is the service itself that may not answer."  # fmt: skip
    return _section(ground, "A service that does not answer", lead, lines, steps)
