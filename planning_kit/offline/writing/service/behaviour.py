"""How the operations of the contract behave: transactions, repetition, pagination, versions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ...facts import Named
from .. import signin
from ..api import interface
from ..basis import Basis
from ..draft import Draft
from ..markdown import ASSUMED, cite, code, codes, listing, quote, shorten, table
from ..naming import distinct, pascal, words
from ..openapi import tag
from ..schema import Table
from .architecture_design import Design, cited
from .architecture_given import agreed
from .behaviour_rules import validation
from .contract import ARCHITECTURE, Call, Contract, contract, kind_of, properties

_PAGES = ("limit", "offset", "page", "cursor", "per_page", "page_size", "size", "after", "before")
_ORDER = ("sort", "order", "sort_by", "order_by")


@dataclass(frozen=True)
class Behaviour:
    """The contract as it stands, and what the service design says of what is behind it."""

    basis: Basis

    @cached_property
    def design(self) -> Design:
        """The service the contract is of, with exactly the operations of the contract."""
        return Design(replace(self.basis, plan=agreed(self.basis)))

    @cached_property
    def contract(self) -> Contract:
        """The OpenAPI document of the architecture, operation by operation."""
        return contract(self.design.basis)

    def link(self, title: str) -> str:
        """A section of the architecture, which stands in the same folder."""
        return f"[{title}]({ARCHITECTURE}#{re.sub(r'[^a-z0-9 -]', '', title.lower()).replace(' ', '-')})"

    def table(self, call: Call) -> Table | None:
        """The table that keeps what ``call`` works on."""
        return self.design.plan.table(call.plan.entity) if call.plan else None

    @cached_property
    def services(self) -> Mapping[str, str]:
        """Operation → the class that serves it; each resource has one."""
        named: dict[str, str] = {}
        for call in self.contract.calls:
            one = self.table(call)
            named.setdefault(self._resource(call), f"{pascal(one.entity if one else self._resource(call))}Service")
        taken: set[str] = set()
        own = {resource: distinct(name, taken) for resource, name in named.items()}
        return {call.called: own[self._resource(call)] for call in self.contract.calls}

    def _resource(self, call: Call) -> str:
        if call.plan:
            return tag(self.design.plan, call.plan)
        fixed = [each for each in call.path.split("/") if each and not re.search(r"[{}]|^(?:api|v\d+)$", each)]
        return words(fixed[0]) if fixed else "root"

    def written(self, call: Call) -> tuple[str, ...]:
        """The tables that ``call`` writes in one transaction; none for one that reads."""
        one = self.table(call)
        if call.reads or one is None:
            return ()
        design = self.design
        beside = [
            ("idempotency_keys", call.header("Idempotency-Key")),
            ("audit_records", bool(design.audited)),
            ("outbox", bool(self.tells(call))),
        ]
        return (one.name, *(name for name, holds in beside if holds and design.served))

    def tells(self, call: Call) -> tuple[Named, ...]:
        """The systems that are told of what ``call`` did, after its answer: the brief speaks of both in one passage."""
        return tuple(n for n in self.design.told if not call.reads and set(n.sources) & set(call.sources))

    def asks(self, call: Call) -> tuple[Named, ...]:
        """The systems that are asked before ``call`` is answered."""
        return tuple(n for n in self.design.asked if set(n.sources) & set(call.sources))


def write(basis: Basis) -> Draft:
    """The draft of ``04-api-design.md``, on the contract as it stands."""
    it = Behaviour(basis)
    draft = Draft(f"API Design: {quote(basis.plan.feature)}")
    draft.add("Overview", *_overview(it))
    draft.add("Operations", table(("Method", "Path", "Service", "Transaction", "Idempotent", "Side effects"), map(lambda each: _operation(it, each), it.contract.calls)))  # fmt: skip
    draft.add("Validation rules", *validation(it.design.plan, it.contract))
    draft.add("Pagination and filtering", *_lists(it, draft))
    draft.add("Idempotency and concurrency", *_repeated(it))
    draft.add("Versioning", *_versions(it))
    draft.add("Service layer", _services(it))
    draft.add("Events and jobs", _events(it, draft))
    if any(o.path for o in it.contract.calls):
        draft.assumptions.append("Service and method names are proposals; the contract names operations, not classes.")
    if it.design.served and it.contract.calls:
        draft.assumptions.append(
            "An operation that writes does so in one transaction, and answers after it is committed."
        )
    draft.decisions = _decisions(it)
    return draft


def _overview(it: Behaviour) -> Iterator[str]:
    reading, calls = it.design.plan.reading, it.contract.calls
    info = it.contract.spec.get("info")
    version = str(info.get("version", "")) if isinstance(info, dict) else ""
    closed = [each for each in calls if each.protected]
    means = listing([signin.title(way) for way in reading.signin]) or "Bearer token"
    media = dict.fromkeys(a.media for each in calls for a in each.answers if a.media and a.status < 400)
    kind = "HTTP" if it.design.served else f"{reading.interface}, mapped to HTTP"
    rows = [
        ("Contract", f"{it.link('OpenAPI')}: {len(calls)} operation{'' if len(calls) == 1 else 's'}, version {code(version or 'not given')}; nothing of it is repeated here", cite(s for each in calls for s in each.sources)),
        ("Interface", kind, cite(interface(it.design.plan))),
        ("Authentication", f"{means} on {len(closed)} of {len(calls)}; who may do what stands under {it.link('Authentication and authorization')}" if closed else "none", cite(s for way in reading.signin for s in way.sources)),
        ("Answers", codes(media) or "none yet", ASSUMED),
        ("Errors", f"{code(it.contract.problem[0])}; every code stands under {it.link('Error taxonomy')}", ASSUMED),
    ]  # fmt: skip
    yield table(("Convention", "Here", "Source"), rows)


def _operation(it: Behaviour, call: Call) -> tuple[str, ...]:
    tables = it.written(call)
    one = it.table(call)
    within = f"one: {codes(tables)}" if tables else "none: it reads" if call.reads else f"one {ASSUMED}" if one is None else "none"  # fmt: skip
    return code(call.method), code(call.path), code(it.services[call.called]), within, _twice(call), _effects(it, call)


def _twice(call: Call) -> str:
    """Whether a repeated request changes anything more (RFC 9110, 9.2.2)."""
    if call.reads:
        return "yes: it changes nothing"
    if call.header("Idempotency-Key"):
        return "yes, by `Idempotency-Key`"
    if call.header("If-Match"):
        return "a second one gets 412"
    if call.method in ("PUT", "DELETE"):
        return "yes, by its method"
    return "no"


def _effects(it: Behaviour, call: Call) -> str:
    told, asked = it.tells(call), it.asks(call)
    found = [
        f"asks {listing([quote(n.name) for n in asked], 3)} {cited(asked)}" if asked else "",
        f"a message to {listing([quote(n.name) for n in told], 3)} through `outbox` {cited(told)}" if told else "",
        f"an audit record {cite(s.source for s in it.design.audited)}" if "audit_records" in it.written(call) else "",
    ]
    return "; ".join(each for each in found if each) or "none"


def _lists(it: Behaviour, draft: Draft) -> Iterator[str]:
    lists = [each for each in it.contract.calls if each.method == "GET" and _many(it.contract, each)]
    if not lists:
        yield "No operation answers with a list."
        return
    rows, whole = [], []
    for each in lists:
        named = {p.name.lower(): p.schema for p in each.at("query")}
        pages = [name for name in named if name in _PAGES]
        filters = [p.name for p in each.at("query") if p.name.lower() not in (*_PAGES, *_ORDER)]
        order = [name for name in named if name in _ORDER]
        whole += [] if pages else [each]
        rows.append((code(each.called), codes(pages) or "not at all", _most(named, pages), codes(filters) or "none", codes(order) or f"by key, oldest first {ASSUMED}"))  # fmt: skip
    yield table(("Operation", "Cut into pages by", "Limits", "Filters", "Order"), rows)
    yield f"A filter that is left out filters nothing, several have to hold together, and a page after the last is an empty list, not an error {ASSUMED}."
    if whole:
        draft.ask(f"How many entries may {listing([code(each.called) for each in whole], 3)} return at once?", "all of them, as the contract has no parameter for it")  # fmt: skip


def _many(contract: Contract, call: Call) -> bool:
    """Whether it answers with a list, or with an object that holds one."""
    held = contract.followed(dict(call.success.schema))
    inside = [contract.followed(each) for each in properties(held).values() if isinstance(each, dict)]
    paged = any(p.name.lower() in _PAGES for p in call.at("query"))
    return kind_of(held) == "array" or paged and any(kind_of(each) == "array" for each in inside)


def _most(named: Mapping[str, Mapping[str, Any]], pages: Sequence[str]) -> str:
    said = []
    for name in pages:
        parts = [f"{word} {named[name][key]}" for key, word in (("default", "default"), ("maximum", "at most")) if key in named[name]]  # fmt: skip
        said += [f"{code(name)}: {', '.join(parts)}"] if parts else []
    return "; ".join(said) or "none in the contract"


def _repeated(it: Behaviour) -> Iterator[str]:
    """What becomes of the same request twice, and of two callers at once; for operations that change something."""
    rows = [(code(each.called), _again(each), _clash(it, each)) for each in it.contract.calls if not each.reads]
    if not rows:
        yield "No operation changes what is kept, so every one may be sent again and no two callers meet."
        return
    yield table(("Operation", "Sent a second time", "Two callers at once"), rows)
    yield f"How long a key is kept and how a store decides stands under {it.link('Reliability')} and {it.link('Performance and scalability')}."


def _again(call: Call) -> str:
    if call.header("Idempotency-Key"):
        reused = call.answer(422, 409)
        other = f"; another body under the same key gets {reused.status}" if reused and "key" in reused.meaning.lower() else ""  # fmt: skip
        return f"the same key gets the first answer again{other}"
    if call.header("If-Match"):
        return "412: the version it names is no longer the current one"
    if call.method == "PUT":
        return "leaves what is kept as the first one did"
    if call.method == "DELETE":
        return "404: it is gone" if call.answer(404) else "changes nothing more"
    clash = call.answer(409)
    return f"409: {quote(shorten(clash.meaning, 90)).rstrip('.')}" if clash else "is worked on a second time"


def _clash(it: Behaviour, call: Call) -> str:
    clash = call.answer(409)
    if call.header("If-Match"):
        return "the first one wins, the second gets 412"
    sources = [s for r in (call.plan.responses if call.plan else ()) if r.status == 409 for s in r.sources]
    if clash and sources and it.table(call) and call.method == "POST" and not call.at("path"):
        return f"{it.design.store.apart} decides; the second gets 409 {cite(sources)}"
    if clash:
        return f"the second finds the state the first left: 409 {cite(sources)}"
    if call.method in ("PUT", "PATCH"):
        return f"the last one wins {ASSUMED}"
    return "do not meet: each adds its own" if call.method == "POST" and not call.at("path") else f"the second finds what the first left {ASSUMED}"  # fmt: skip


def _versions(it: Behaviour) -> Iterator[str]:
    yield f"Where the version stands and what a caller sees of a retired operation is decided under {it.link('Migration and versioning')}. For those who change the contract:"
    rows = [
        ("an operation, an optional request field, a response field, an optional parameter is added", "no", "callers ignore fields they do not know"),
        ("an error code is added under a status that is there", "no", "callers decide by status, and show the code"),
        ("a value is added to an enumeration in an answer", "yes, unless callers were told that it grows", "a caller may have no case for it"),
        ("a field is removed, renamed, made required or given another type; a status changes", "yes", "somebody's code stops"),
        ("a rule becomes stricter for what was accepted", "yes", "a request that worked is refused"),
    ]  # fmt: skip
    yield table(("Change", "New version", f"Because {ASSUMED}"), rows)
    yield f"An operation is retired only when its share of calls is known and nobody who was told still calls it {ASSUMED}."


def _services(it: Behaviour) -> str:
    groups: dict[str, list[Call]] = {}
    for each in it.contract.calls:
        groups.setdefault(it.services[each.called], []).append(each)
    if not groups:
        return "No operation, so no service yet."
    rows = []
    for name, calls in groups.items():
        methods = codes(f"{each.id}({', '.join(p.name for p in each.at('path'))})" for each in calls)
        used = dict.fromkeys(t for each in calls for t in it.written(each)) or dict.fromkeys(one.name for each in calls if (one := it.table(each)))  # fmt: skip
        writes = [each for each in calls if not each.reads]
        bound = f"one for each call of {codes(each.id for each in writes)}" if writes else "none: it only reads"
        rows.append((code(name), methods, codes(each.called for each in calls), codes(used) or "none", bound))
    return table(("Service", "Methods", "Serves", "Tables", "Transaction"), rows)


def _events(it: Behaviour, draft: Draft) -> str:
    """What happens without a caller waiting: messages, jobs, events."""
    design = it.design
    rows = []
    for each in design.told:
        by = [call for call in it.contract.calls if each in it.tells(call)]
        who = codes(it.services[c.called] for c in by[:1]) or "the worker"
        rows.append((f"message to {quote(each.name)}", "message", who, "key and kind of what it is about, and what the receiver needs of it", f"as under {it.link('Reliability')}", cited([each])))  # fmt: skip
    for kind, found in (("job", design.plan.reading.jobs), ("event", design.plan.reading.events)):
        for each in found:
            rows.append((quote(shorten(each.name, 90)), kind, "the worker", "the key of each row it is about", f"started again it does nothing twice {ASSUMED}", cited([each])))  # fmt: skip
    if rows:
        return table(("Name", "Kind", "Published or run by", "Payload", "Retried", "Source"), rows)
    draft.ask("Does anything happen without a caller: on a schedule, or when something else has happened?", "nothing does")  # fmt: skip
    return "None: the brief names nothing that happens without a caller."


def _decisions(it: Behaviour) -> str:
    calls = it.contract.calls
    if not calls:
        return "Nothing is decided: the contract has no operation."
    writes = [each for each in calls if not each.reads]
    keyed = sum(each.header("Idempotency-Key") for each in writes)
    matched = sum(each.header("If-Match") for each in writes)
    many = len(set(it.services.values()))
    said = f"{many} service{'' if many == 1 else 's'} serve{'s' if many == 1 else ''} the {len(calls)} operation{'' if len(calls) == 1 else 's'} of the contract, of which {len(writes)} write{'s' if len(writes) == 1 else ''}"
    kept = [f"{keyed} can be sent again by key" if keyed else "", f"{matched} compare versions" if matched else ""]
    return f"{said}{': ' if any(kept) else ''}{', '.join(each for each in kept if each)}."
