"""One normal flow as a Mermaid sequence diagram: every participant once, then call after call."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .... import ids
from ...facts import Named
from ..diagram import label
from ..naming import snake, words
from ..schema import Table
from .api_spec_offered import Offered
from .ground import Ground
from .sequences_layers import API, GUARD, JOB, SERVICE, STORE, File

MOST_ASKED = 6
"""Most requirements that one diagram names."""


@dataclass(frozen=True)
class Flow:
    """One diagram.

    Attributes:
        title: its heading.
        case: the use case it draws, if it draws one.
        actor: who acts.
        calls: the operations in the order they are called.
        asked: the functional requirements that the use case names.
        likened: whether the use case names no operation, and these serve what it asks for by the endpoint catalogue.
    """

    title: str
    case: ids.Thing | None
    actor: str
    calls: tuple[Offered, ...]
    asked: tuple[ids.Thing, ...] = ()
    likened: bool = False

    @property
    def begins(self) -> str:
        """How a flow without an operation begins: ``itself``, ``somebody`` asks for it, or it is a ``rule`` for all that is done."""
        alone = [each for each in self.asked if _BY_ITSELF.search(each.text)]
        somebody = [each for each in self.asked if _FOR_SOMEBODY.search(each.text)]
        if 2 * len(somebody) >= max(1, len(self.asked)):
            return "somebody"
        return "itself" if 2 * len(alone) >= len(self.asked) - len(somebody) else "rule"


def outside_of(ground: Ground, flow: Flow) -> tuple[Named, ...]:
    """The other systems that the passages behind a flow name."""
    sources = {source for each in flow.asked for source in each.cites} | {
        source for each in flow.calls if each.plan for source in each.plan.sources
    }
    return tuple(named for named in ground.plan.reading.integrations if sources.intersection(named.sources))[:1]


def drawn(ground: Ground, flow: Flow, files: list[dict[str, File]], outside: Sequence[Named]) -> str:
    """The diagram: every participant once, then call after call."""
    shown = _participants(ground, flow, files, outside)
    lines = ["sequenceDiagram", *(f"    participant {name} as {text}" for name, text in shown.items())]
    for at, each in enumerate(flow.calls):
        lines += [f"    {line}" for line in _call(ground, each, files, at, outside if at == 0 else ())]
    if not flow.calls:
        begun = {"itself": _begun_by_itself, "somebody": _begun_by_somebody, "rule": _held_meanwhile}[flow.begins]
        lines += [f"    {line}" for line in begun(flow, outside, "database" in shown)]
    return "\n".join(lines)


def _participants(ground: Ground, flow: Flow, files: list[dict[str, File]], outside: Sequence[Named]) -> dict[str, str]:
    job = not flow.calls and flow.begins == "itself"
    shown = {"caller": "Clock or event<br/>(Trigger)" if job else called(flow.actor)}
    if any(each.protected for each in flow.calls):
        shown["guard"] = files[0][GUARD].label
    for at, found in enumerate(files):
        outer = (("job", JOB),) if job else (("api", API),) if flow.calls or flow.begins == "rule" else ()
        for name, layer in (*outer, ("service", SERVICE), ("store", STORE)):
            shown.setdefault(_id(files, at, layer, name), found[layer].label)
    kept = any(ground.plan.table(each.plan.entity) for each in flow.calls if each.plan)
    kept = kept or (not flow.calls and flow.begins != "rule")
    if kept and ground.plan.tables:
        shown["database"] = f"{label(ground.plan.database[0])}<br/>(Database)"
    else:
        for name in [name for name in shown if name.startswith("store")]:
            del shown[name]
    shown.update({f"other{at}": f"{label(named.name)}<br/>(External)" for at, named in enumerate(outside, start=1)})
    return shown


def _id(files: list[dict[str, File]], at: int, layer: str, name: str) -> str:
    """The participant that a file of the call number ``at`` is: the same for the same file."""
    paths = list(dict.fromkeys(found[layer].path for found in files))
    number = paths.index(files[at][layer].path)
    return name if number == 0 else f"{name}{number + 1}"


def _call(
    ground: Ground, each: Offered, files: list[dict[str, File]], at: int, outside: Sequence[Named]
) -> Iterator[str]:
    """One operation from its request to its answer."""
    api, service, store = (_id(files, at, layer, name) for layer, name in ((API, "api"), (SERVICE, "service"), (STORE, "store")))  # fmt: skip
    yield f"caller->>{api}: {each.called}"
    if each.protected:
        yield f"{api}->>guard: who calls"
        yield f"guard-->>{api}: {'the caller and the role' if each.when(403) else 'the caller'}"
    if each.body:
        yield f"{api}->>{api}: check the body"
    yield f"{api}->>{service}: {words(each.id)}"
    table = ground.plan.table(each.plan.entity) if each.plan else None
    if table:
        yield f"{service}->>{store}: {_STORED[deed(ground, each)]}"
        yield f"{store}->>database: {_sql(ground, each, table.name)}"
        yield f"database-->>{store}: {_ROWS[deed(ground, each)]}"
        yield f"{store}-->>{service}: {_back(ground, each, table)}"
    else:
        yield f"{service}->>{service}: work it out"
    for number, _ in enumerate(outside, start=1):
        yield f"{service}->>other{number}: what it has to know"
        yield f"other{number}-->>{service}: taken over"
    yield f"{service}-->>{api}: result"
    yield f"{api}-->>caller: {each.success} {label(dict(each.answers).get(each.success, ''))}".rstrip()


def _begun_by_itself(flow: Flow, outside: Sequence[Named], kept: bool) -> Iterator[str]:
    """What begins inside the service, without a caller."""
    yield "caller->>job: it is time, or something has happened"
    yield f"job->>service: {label(flow.title.partition(' (')[0]).lower()}"
    if kept:
        yield "service->>store: what is due"
        yield "store->>database: SELECT what is due"
        yield "database-->>store: rows"
        yield "store-->>service: what is due"
    yield from _asked(flow)
    yield from _told(outside)
    if kept:
        yield "service->>store: what was done"
        yield "store->>database: INSERT or UPDATE"
    yield "service-->>job: done"


def _begun_by_somebody(flow: Flow, outside: Sequence[Named], kept: bool) -> Iterator[str]:
    """What somebody does that no operation of the API offers."""
    yield f"caller->>service: {label(flow.title.partition(' (')[0]).lower()}"
    yield "Note over caller,service: by which way is open, no operation offers it"
    yield from _asked(flow)
    if kept:
        yield "service->>store: what is asked for"
        yield "store->>database: SELECT, INSERT or UPDATE"
        yield "database-->>store: rows"
        yield "store-->>service: what is kept now"
    yield from _told(outside)
    yield "service-->>caller: done"


def _held_meanwhile(flow: Flow, outside: Sequence[Named], kept: bool) -> Iterator[str]:
    """What has to hold whatever is called."""
    yield "caller->>api: any request it is about"
    yield "api->>service: what is asked for"
    yield from _asked(flow)
    yield from _told(outside)
    yield "service-->>api: result"
    yield "api-->>caller: answer"


def called(actor: str) -> str:
    """Somebody who calls, as a participant."""
    said = label(actor)
    return (
        f"{said[:1].upper()}{said[1:]}<br/>(Caller)" if said and said.casefold() != "caller" else "Client<br/>(Caller)"
    )


def _asked(flow: Flow) -> Iterator[str]:
    """What is asked for, each requirement on a line of its own."""
    for each in flow.asked[:MOST_ASKED]:
        yield f"service->>service: {each.id} {label(each.text.partition(' shall ')[2] or each.text)[:44].strip().lower()}"
    if len(flow.asked) > MOST_ASKED:
        yield f"service->>service: and {len(flow.asked) - MOST_ASKED} more"


def _told(outside: Sequence[Named]) -> Iterator[str]:
    for number, _ in enumerate(outside, start=1):
        yield f"service->>other{number}: what it has to know"
        yield f"other{number}-->>service: taken over"


def deed(ground: Ground, each: Offered) -> str:
    """What the operation does to what is kept: list, read, create, change or remove.

    A command like ``POST /orders/{id}/cancel`` changes what is there, one like ``POST /login`` reads it.
    """
    if each.method == "GET":
        listed = each.plan and any(r.many for r in each.plan.responses)
        return "list" if listed or ("{" not in each.path and _LISTS.match(each.id)) else "read"
    if each.method != "POST":
        return "remove" if each.method == "DELETE" else "change"
    if _READS.match(each.id):
        return "read"
    table = ground.plan.table(each.plan.entity) if each.plan else None
    last = each.path.rstrip("/").rpartition("/")[2]
    return "create" if "{" not in each.path or (table is not None and snake(last) == table.name) else "change"


def _back(ground: Ground, each: Offered, table: Table) -> str:
    known = {"list": table.name.replace("_", " "), "remove": "gone"}
    return known.get(deed(ground, each), words(table.entity))


def _sql(ground: Ground, each: Offered, table: str) -> str:
    key = " by key" if "{" in each.path else ""
    clash = ", its constraint refuses a conflict" if each.when(409) else ""
    return {
        "list": f"SELECT from {table}, one page",
        "read": f"SELECT from {table}{key}",
        "create": f"INSERT into {table}{clash}",
        "change": f"UPDATE {table}{key}",
        "remove": f"DELETE from {table}{key}",
    }[deed(ground, each)]


_FOR_SOMEBODY = re.compile(
    r"(?i)\bshall (?:\w+ly )?(?:not )?(?:enable|allow|let|permit|require|make (?:it )?possible|support)\b"
)
_BY_ITSELF = re.compile(
    r"(?i)\b(?:periodically|automatically|on a schedule|every (?:day|hour|night|minute|week|month))\b"
    r"|\bshall (?:\w+ly )?(?:track|poll|log|monitor|detect|run|send|route|publish|initiate|maintain|receive|remind|notify|escalate|update|remove|mark|queue|retry|perform|handle)\b"
    r"|\bshall be (?:\w+ly )?(?:remind|notif|inform|logged|tracked|sent)\w*"
)
_LISTS = re.compile(r"(?i)list|search|find|query|browse")
_READS = re.compile(
    r"(?i)log_?in|sign_?in|authenticat|search|find|query|check|verif|validat|calculat|preview|list|get(?=[A-Z_])"
)
_STORED = {"list": "one page, filtered", "read": "read it", "create": "store it", "change": "read, change, store it", "remove": "remove it"}  # fmt: skip
_ROWS = {"list": "rows", "read": "the row", "create": "the row with its key", "change": "the row", "remove": "one row gone"}  # fmt: skip
