"""What the phases are cut from: the plan, the research as it stands, what each domain has and what it waits for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ....facts import Domain
from ...facts import Named, Operation, Response
from ...reading import words
from .. import stack
from ..basis import Basis
from ..diagram import label
from ..markdown import cite, code
from ..naming import snake
from ..plan import Plan
from ..schema import Table
from ..service.contract import ARCHITECTURE, Call, contract, written
from ..specification.ground import Whole
from .held import counted
from .measures import Figure, grouped
from .practice import kind
from .scope import ASKING, others, spaced
from .sessions import Researched, read_back

MOST = 8
"""The most phases for domains; what goes beyond shares a phase with its neighbour."""
FIRST = r"sign-|framework|migrations\?-with|residen"
"""The kinds of topics that the foundation answers, as they begin."""
LAST = r"availab|load\||import"
"""The kinds of topics that are answered before a release."""
_SIGNIN = re.compile(r"(?i)^(?:auth\w*|sign-?in\w*|log-?in\w*|identity|access)$")


@dataclass(frozen=True)
class Share:
    """What one domain has of the plan: its operations, tables, jobs, systems of others and research topics."""

    domain: Domain
    operations: tuple[Operation, ...]
    tables: tuple[Table, ...]
    jobs: tuple[Named, ...]
    systems: tuple[Named, ...]
    topics: tuple[str, ...]

    @property
    def name(self) -> str:
        """The domain in words."""
        words = label(re.sub(r"[-_]+", " ", self.domain.name)) or "part"
        return words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Cut:
    """What the phases are cut from."""

    basis: Basis

    @cached_property
    def plan(self) -> Plan:
        """What is settled for the run; the operations are those of the architecture, where one was given."""
        plan, document = self.basis.plan, self.basis.document(ARCHITECTURE)
        if document is None or written(document) is None:
            return plan
        adopted = tuple(_adopted(call, plan) for call in contract(self.basis).calls)
        return replace(plan, reading=replace(plan.reading, operations=adopted)) if adopted else plan

    @property
    def served(self) -> bool:
        """Whether a service over HTTP is planned."""
        return self.plan.reading.served

    @cached_property
    def research(self) -> tuple[Researched, ...]:
        """The sessions of research, as they stand."""
        return read_back(self.basis.documents)

    def of(self, area: str) -> tuple[Researched, ...]:
        """The sessions of one area."""
        return tuple(each for each in self.research if each.area == area)

    def topics(self, mark: str) -> tuple[str, ...]:
        """The topics of the kinds that begin like ``mark``."""
        return tuple(each.name for each in self.basis.topics if re.match(mark, kind(each.name, each.why).mark))

    def asking(self, sources: Iterable[str]) -> list[str]:
        """Those of ``sources`` that ask for something."""
        return [name for name in sources if self.basis.classes.get(name) in ASKING]

    @cached_property
    def systems(self) -> tuple[Named, ...]:
        """The systems of others."""
        return others(self.plan)

    @cached_property
    def measured(self) -> tuple[Figure, ...]:
        """The figures that take a measurement: load, answer time, availability, recovery, volume."""
        return grouped(self.plan.reading, {each.source for each in self.plan.reading.quantities}, True)

    def used(self, *names: str) -> stack.Use | None:
        """What the codebase uses for the first of these topics of its stack, with its line; nothing without a codebase."""
        uses = [use for use in stack.uses(self.plan.stack) if use.evidence] if self.basis.codebase else []
        return next((use for name in names for use in uses if use.topic == name), None)

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """What each domain has; every operation, table, job, system and topic is exactly one domain's."""
        owners = Whole(self.plan, self.basis.domains, self.basis.classes, {}).owners
        tables = {t.name: self._home(t, owners) for t in self.plan.tables}
        topics = {t.name: self._nearest(t.passages, t.name) for t in self.basis.topics}
        return tuple(
            Share(
                each,
                tuple(o for o in self.plan.operations if owners[o.id] == each.name),
                tuple(t for t in self.plan.tables if tables[t.name] == each.name),
                tuple(j for j in self.plan.reading.jobs if self._nearest(j.sources, j.name) == each.name),
                tuple(s for s in self.systems if self._nearest(s.sources, s.name) == each.name),
                tuple(name for name, home in topics.items() if home == each.name),
            )
            for each in self._whole
        )

    @cached_property
    def _whole(self) -> tuple[Domain, ...]:
        """The domains, each with the functional passages that the facts give to none and that share most words with it."""
        held = {name for each in self.basis.domains for name in each.passages}
        known = self.basis.passages
        said = {
            d.name: _words(" ".join((d.name, d.about, *(known.get(p, "") for p in d.passages))))
            for d in self.basis.domains
        }
        more: dict[str, list[str]] = {}
        for name, text in known.items():
            if name not in held and self.basis.classes.get(name) == "functional" and said:
                own = _words(text)
                more.setdefault(max(said, key=lambda each: len(said[each] & own)), []).append(name)
        return tuple(
            each.model_copy(update={"passages": (*each.passages, *more.get(each.name, ()))})
            for each in self.basis.domains
        )

    @property
    def binding(self) -> list[str]:
        """The passages on quality and constraints that belong to no domain and name no figure: they bind the whole."""
        held = {name for each in self.basis.domains for name in each.passages}
        held |= {each.source for each in self.measured} | {name for each in self.basis.topics for name in each.passages}
        return [n for n, is_a in self.basis.classes.items() if is_a in ("quality", "constraint") and n not in held]

    def _home(self, table: Table, owners: dict[str, str]) -> str:
        """The domain a table belongs to: that of most of its operations, else of its passages, else of a table it refers to."""
        votes = [owners[o.id] for o in self.plan.serving(table)]
        if votes:
            return max(dict.fromkeys(votes), key=votes.count)
        targets = [c.target for c in table.columns if c.target and c.target != table.name]
        near = next((t for t in self.plan.tables if t.name in targets and self.plan.serving(t)), None)
        return self._home(near, owners) if near and not table.sources else self._nearest(table.sources, table.name)

    def _nearest(self, sources: Iterable[str], name: str) -> str:
        """The domain that holds most of ``sources``; of several the one whose name is in ``name``, else the first."""
        wanted, low = set(sources), name.casefold()

        def near(each: Domain) -> tuple[int, bool]:
            return len(wanted & set(each.passages)), each.name.rstrip("s") in low

        return max(self.basis.domains, key=near).name

    @cached_property
    def parts(self) -> tuple[Share, ...]:
        """The domains that become phases: one that is only sign-in is part of the foundation."""
        return tuple(
            each for each in self.shares
            if not (_SIGNIN.match(each.domain.name) and not each.tables and len(self.shares) > 1)
        )  # fmt: skip

    @cached_property
    def needs(self) -> dict[str, dict[str, str]]:
        """Domain → the domains it waits for, each with why: whose tables its own refer to, else whose records its passages speak of."""
        home = {t.name: each.domain.name for each in self.parts for t in each.tables}
        found: dict[str, dict[str, str]] = {}
        for each in self.parts:
            near: dict[str, str] = {}
            for one in each.tables:
                for column in one.columns:
                    if column.target in home:
                        near.setdefault(home[column.target], f"{code(one.name)} refers to {code(column.target)}")
            for one in self._spoken(each.domain) if not each.tables else ():
                near.setdefault(home.get(one.name, each.domain.name), f"it works on {code(one.name)}")
            near.pop(each.domain.name, None)
            found[each.domain.name] = near
        return _acyclic(found)

    def _spoken(self, domain: Domain) -> Iterator[Table]:
        """The tables whose records the passages of ``domain`` speak of."""
        low = " ".join(self.basis.passages.get(name, "") for name in domain.passages).casefold()
        return (t for t in self.plan.tables if t.entity and re.search(rf"\b{counted(spaced(t.entity).lower())}\b", low))

    @cached_property
    def ordered(self) -> tuple[tuple[Share, ...], ...]:
        """The domains in the order they are built in, several together where there are more than :data:`MOST`."""
        left = {each.domain.name: each for each in self.parts}
        row: list[Share] = []
        while left:
            ready = next((n for n in left if not set(self.needs[n]) & set(left)), next(iter(left)))
            row.append(left.pop(ready))
        size = -(-len(row) // MOST)
        return tuple(tuple(row[at : at + size]) for at in range(0, len(row), size or 1))


def _words(text: str) -> set[str]:
    return {words.singular(each) for each in re.findall(r"[a-z]{4,}", text.lower())} - {
        "must",
        "shall",
        "able",
        "with",
        "from",
        "each",
    }


def _acyclic(needs: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """``needs`` without what would close a circle: what waits for least, and is waited for most, is built first."""
    names, placed = list(needs), list[str]()
    while len(placed) < len(names):
        left = [name for name in names if name not in placed]
        wanted = {name: sum(name in needs[other] for other in left) for name in left}
        placed.append(min(left, key=lambda name: (len(set(needs[name]) & set(left)), -wanted[name], names.index(name))))
    return {
        name: {each: why for each, why in needs[name].items() if placed.index(each) < placed.index(name)}
        for name in names
    }


def _adopted(call: Call, plan: Plan) -> Operation:
    """An operation of the architecture as one of the plan."""
    answers = tuple(Response(each.status, each.meaning) for each in call.answers)
    if call.plan:
        return replace(
            call.plan, id=call.id, auth="bearer" if call.protected else "none", responses=answers or call.plan.responses
        )
    first = next(
        (
            snake(part)
            for part in call.path.split("/")
            if part and "{" not in part and not re.fullmatch(r"v\d+|api", part)
        ),
        "",
    )
    table = next((each for each in plan.tables if each.name == first), None)
    return Operation(
        call.id, call.method, call.path, call.summary, table.entity if table else "", responses=answers,
        auth="bearer" if call.protected else "none", sources=call.sources, stated=True,
    )  # fmt: skip


def cited(sources: Iterable[str], most: int = 4) -> str:
    """Passages as ``[P17]``; of the stack the first line that shows it; ``(assumed)`` without any."""
    return cite((each.split(", ")[0] for each in sources), most)
