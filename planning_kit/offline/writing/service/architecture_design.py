"""What an architecture decides once for all its sections: how it is cut, what runs, what it is kept in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ....brief import Passage
from ...facts import Named, Operation, Quantity, Statement
from ...reading.sentences import EXCLUDED
from .. import figures, stack
from ..basis import Basis
from ..markdown import cite
from ..naming import words
from ..openapi import tag
from ..plan import Plan
from ..schema import Table
from ..security import AUDITED
from ..specification.ground import Whole
from . import stores
from .architecture_given import merged
from .architecture_offer import Offer, offer

_SERVICES = re.compile(r"(?i)\bmicro-?services?\b")
_SENT_TWICE = re.compile(r"(?i)\bsent twice\b|\bidempoten")
_ANY = frozenset(["building", "block", "service", "system", "platform", "api", "application", "the"])
"""Words of a system's name that do not say which it is."""
_PUBLISHED = re.compile(r"(?i)\bpublish|\bemit|\bevents?\b|\bmessages? (?:to|are sent)\b")
_KEY = re.compile(r"(?i)\bidempoten")
_TENANTS = re.compile(r"(?i)\bmulti-?tenan\w*|\btenants?\b(?! (?:who|pays?|rents?|moves?))")
_REFUSED = re.compile(r"(?i)\bno idempotency|\bcreates a second\b|\bnone\b|^no\b")


@dataclass(frozen=True)
class Part:
    """A module or service: its ``name`` in words, the operations it answers, the tables it alone writes, the parts whose tables it refers to."""

    name: str
    operations: tuple[Operation, ...]
    tables: tuple[Table, ...]
    uses: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The passages it follows from."""
        listed = [*(o.sources for o in self.operations), *(t.sources for t in self.tables)]
        return tuple(dict.fromkeys(source for some in listed for source in some))


@dataclass(frozen=True)
class Design:
    """A plan and what follows from it for the service that is built."""

    basis: Basis

    @property
    def plan(self) -> Plan:
        """What is settled for all documents."""
        return self.basis.plan

    @cached_property
    def served(self) -> bool:
        """Whether it answers over a network; a command line and a library do not."""
        return self.plan.reading.served

    @cached_property
    def asking(self) -> tuple[Passage, ...]:
        """The passages that are not out of scope."""
        out = {name for name, kind in self.basis.classes.items() if kind == "out of scope"}
        found = (p for p in self.plan.reading.passages if p.id not in out and p.kind != "heading")
        return tuple(p for p in found if not any(EXCLUDED.search(name) for name in p.section))

    def wishes(self, words: re.Pattern[str]) -> tuple[Passage, ...]:
        """The passages of the brief, not out of scope, that speak of ``words``."""
        return tuple(p for p in self.asking if p.id[:1] == "P" and words.search(p.plain))

    @cached_property
    def tenants(self) -> tuple[Passage, ...]:
        """The passages that say there are tenants."""
        return tuple(p for p in self.asking if _TENANTS.search(p.plain))

    @cached_property
    def keys(self) -> tuple[Passage, ...]:
        """The passages of the brief that ask for an Idempotency-Key."""
        return self.wishes(_KEY)

    @cached_property
    def store(self) -> stores.Store:
        """What the database is."""
        return stores.of(self.plan.database[0])

    @cached_property
    def asked_twice(self) -> tuple[str, bool]:
        """What was settled about a request that is sent twice: the name of the answer or assumption, and whether keys are refused."""
        for each in self.plan.questions:
            if _SENT_TWICE.search(each.asks):
                return each.name, bool(_REFUSED.search(each.settled))
        return "", False

    @cached_property
    def offer(self) -> Offer:
        """The interface."""
        stated = {hit for p in self.keys for hit in re.findall(r"\b(?:400|409|412|422)\b", p.plain)}
        reused = int(stated.pop()) if len(stated) == 1 else 422
        return offer(self.plan, not self.asked_twice[1], lambda document: merged(self.basis, document), reused)

    @cached_property
    def jobs(self) -> tuple[Named, ...]:
        """What runs without a caller: jobs, then events."""
        return (*self.plan.reading.jobs, *self.plan.reading.events)

    @cached_property
    def systems(self) -> tuple[Named, ...]:
        """The other systems it talks to, without itself, those callers sign in with and what stands before it; and the queues it publishes to."""
        own = set(words(self.plan.feature).split())
        found = [n for n in self.plan.reading.integrations if n.kind not in ("identity", "gateway")]
        queues = {p.id for p in self.wishes(_PUBLISHED)} if self.plan.tables else set()
        found += [n for n in self.plan.reading.technologies if n.kind == "queue" and queues & set(n.sources)]
        return tuple(n for n in found if set(words(n.name).split()) - own - _ANY)

    @cached_property
    def gateway(self) -> str:
        """What stands before it, in the brief's words; empty when the brief names none."""
        named = [n.name for n in self.plan.reading.integrations if n.kind == "gateway"]
        return next(iter(named), "")

    @cached_property
    def told(self) -> tuple[Named, ...]:
        """The systems that are told something after the answer: those that carry messages, and those a job is about."""
        about = {source for job in self.jobs for source in job.sources}
        kinds = ("messaging", "email", "queue")
        return tuple(n for n in self.systems if self.plan.tables and (n.kind in kinds or about & set(n.sources)))

    @cached_property
    def asked(self) -> tuple[Named, ...]:
        """The systems that are asked while a caller waits."""
        return tuple(n for n in self.systems if n not in self.told)

    @cached_property
    def works(self) -> bool:
        """Whether anything is done without a caller, so that there is a worker."""
        return bool(self.jobs or self.told)

    @cached_property
    def guarded(self) -> tuple[Operation, ...]:
        """The operations that need a token."""
        return tuple(o for o in self.plan.operations if self.plan.protected(o))

    @property
    def alone(self) -> bool:
        """Whether only one instance can run, because its data is a file on its machine."""
        return bool(self.store.kind == "file" and self.plan.tables)

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The passages that ask for several services; empty when one will do, or there is nothing to divide."""
        found = tuple(p.id for p in self.asking if _SERVICES.search(p.plain))[:3]
        return found if self.served and len(self.parts) > 1 else ()

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """How it is cut: by the domains settled at the intake, or by what is managed where there is one domain."""
        homes = self._homes()
        owners = {table.name: self._home(table, homes) for table in self.plan.tables}
        names = dict.fromkeys([*homes.values(), *owners.values()])
        found = []
        for name in names:
            tables = tuple(t for t in self.plan.tables if owners[t.name] == name)
            others = {owners[c.target] for t in tables for c in t.columns if c.target} - {name}
            mine = tuple(o for o in self.plan.operations if homes[o.id] == name)
            found.append(Part(name, mine, tables, tuple(sorted(others))))
        return tuple(found)

    def _homes(self) -> dict[str, str]:
        """Operation → the part that answers it."""
        if len(self.basis.domains) > 1:
            known = Whole(self.plan, self.basis.domains, self.basis.classes, {}).owners
            return {name: words(domain) for name, domain in known.items()}
        return {o.id: words(tag(self.plan, o)) for o in self.plan.operations}

    def _home(self, table: Table, homes: dict[str, str]) -> str:
        """The part that writes ``table``: that of the operations on it, else the domain whose passages it comes from, else its own."""
        serving = [homes[o.id] for o in self.plan.serving(table)]
        if serving:
            return max(dict.fromkeys(serving), key=serving.count)
        if len(self.basis.domains) > 1:
            one = set(words(table.entity or table.name).split())
            named = [words(d.name) for d in self.basis.domains if one & {w.rstrip("s") for w in words(d.name).split()}]
            near = [words(d.name) for d in self.basis.domains if set(d.passages) & set(table.sources)]
            if named or near:
                return [*named, *near][0]
        linked = [homes[o.id] for o in self.plan.operations if set(o.sources) & set(table.sources)]
        return linked[0] if linked else words(table.name)

    @property
    def unit(self) -> str:
        """What a part is called: a module of one service, or a service."""
        return "service" if self.services else "module"

    @property
    def ties(self) -> int:
        """How many columns refer to another table."""
        return sum(1 for t in self.plan.tables for c in t.columns if c.target)

    def quantities(self, *kinds: str) -> tuple[Quantity, ...]:
        """The numbers of the brief that decide one of ``kinds`` (see :mod:`..figures`), without those out of scope."""
        known = {p.id for p in self.asking}
        found = (q for q in self.plan.reading.quantities if figures.kind(q) in kinds and "?" not in q.about)
        return tuple(q for q in found if q.source in known or q.source[:1] != "P")

    @cached_property
    def audited(self) -> tuple[Statement, ...]:
        """The sentences that ask for a record of who did what."""
        known = {p.id for p in self.asking}
        found = (s for s in self.plan.reading.statements if AUDITED.search(s.text) and s.area != "exclusion")
        return tuple(s for s in found if s.source in known)

    @cached_property
    def sealed(self) -> tuple[str, ...]:
        """The columns that are encrypted with a key of their own: ``patients.insurance_number``."""
        columns = {f"{t.name}.{c.field}" for t in self.plan.tables for c in t.columns}
        grave = (p for p in self.plan.reading.personal if p.sensitivity != "ordinary" and "password" not in p.element)
        return tuple(dict.fromkeys(p.where for p in grave if p.where in columns))

    @cached_property
    def host(self) -> str:
        """Where it runs, as brief or codebase name it; empty when nothing does."""
        named = [n.name for n in self.plan.reading.technologies if n.kind == "cloud"]
        named += [hit.group() for use in stack.uses(self.plan.stack) if (hit := stack.HOSTS.search(use.value))]
        return next(iter(named), "")

    @cached_property
    def azure(self) -> bool:
        """Whether it is delivered and observed on Azure, by brief, codebase or option."""
        chosen = {self.basis.options.get("ci"), self.basis.options.get("observability")}
        return "azure" in self.host.lower() if self.host else "azure" in chosen


def cited(named: Iterable[Named | Operation | Table], most: int = 3) -> str:
    """The passages of all of them; ``(assumed)`` without any."""
    return cite((s for each in named for s in each.sources), most)
