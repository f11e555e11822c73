"""What of the design the makers are cut from: operations by resource, tables with what keeps them right, threats, levels, as the documents stand now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from .... import diagram
from ....document import Document
from ...facts import Named
from .. import technology
from ..basis import Basis
from ..implementation.scope import ASKING, others
from ..naming import snake
from ..plan import Plan
from ..schema import Table
from ..service import levels
from ..service.called import Call
from ..service.contract import ARCHITECTURE, contract

DATA, SECURITY, CHOSEN = "05-data-model.md", "07-security-requirements.md", "06-tech-recommendations.md"
_OPERATIONAL = re.compile(
    r"(?i)/(?:healthz?|health-?checks?|livez?|readyz?|readiness|liveness|ping|version|info|metrics)/?"
)
_SIGNS_IN = re.compile(
    r"(?i)(?:^|/)(?:log-?_?in|sign-?_?in|log-?_?out|register|sign-?_?up|sessions?|tokens?|auth\w*|oauth2?|password\w*)(?:/|$)"
)
_MADE = re.compile(r"(?is)\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?[\"`\[]?([\w.\]\[\"`]{1,120}?)[\"`\]]?\s*\(")
_REFERS = re.compile(r"(?i)\breferences\s+[\"`\[]?([\w.]{1,120})")


@dataclass(frozen=True)
class Kept:
    """A table: its ``name``, the plan's own if it has one, the tables it ``needs``, and how many ``columns`` it has."""

    name: str
    plan: Table | None
    needs: tuple[str, ...]
    columns: int


@dataclass(frozen=True)
class Risk:
    """A threat: the ``name`` it is delivered by, what it is about, and what is done against it."""

    name: str
    threat: str
    element: str
    mitigation: str


@dataclass(frozen=True)
class Resource:
    """Operations on one thing: its ``name`` in snake case, its ``calls``, the tables they are about."""

    name: str
    calls: tuple[Call, ...]
    tables: tuple[str, ...]

    @property
    def said(self) -> str:
        """Its name in words."""
        return self.name.replace("_", " ")


@dataclass(frozen=True)
class Held:
    """What is to be built."""

    basis: Basis
    owed: Mapping[str, tuple[str, ...]]

    @property
    def plan(self) -> Plan:
        """What is settled for the run."""
        return self.basis.plan

    @property
    def served(self) -> bool:
        """Whether a service over HTTP is built, and no program that is started by hand."""
        return self.plan.reading.served

    @cached_property
    def language(self) -> str:
        """The programming language: that of the recipe's option, else as brief, answers and codebase have it; empty when nothing says."""
        said = {"csharp": "c#"}.get(self.basis.options.get("stack", ""), self.basis.options.get("stack", ""))
        return said if said not in ("", "none", "auto") else technology.language(self.plan) or self._chosen

    @property
    def _chosen(self) -> str:
        """The language that the technology recommendations propose."""
        rows = _rows(self.basis.document(CHOSEN), "component", "technology")
        said = next((row["technology"] for row in rows if row["component"].strip().casefold() == "language"), "")
        return re.split(r"\s*[(\[]", re.sub(r"[`*]", "", said))[0].strip().casefold()

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """The operations that are owed, with what the contract says of each."""
        there = {_shape(each.called): each for each in contract(self.basis).calls}
        found = []
        for name in self.owed.get("operations", ()):
            method, _, path = name.partition(" ")
            bare = Call(name, method, path, name, (), (), {}, None, (), False)
            found.append(there.get(_shape(name), bare))
        return tuple(found)

    @cached_property
    def names(self) -> dict[str, str]:
        """Each owed operation's shape → the name it is delivered by."""
        return {_shape(name): name for name in self.owed.get("operations", ())}

    def name(self, call: Call) -> str:
        """The name ``call`` is delivered by."""
        return self.names.get(_shape(call.called), call.called)

    @cached_property
    def operational(self) -> tuple[Call, ...]:
        """Operations that say how the service is."""
        return tuple(each for each in self.calls if _OPERATIONAL.fullmatch(each.path))

    @cached_property
    def signing(self) -> tuple[Call, ...]:
        """Operations by which somebody signs in, out or up."""
        return tuple(
            each for each in self.calls if self.served and each.method != "GET" and _SIGNS_IN.search(each.path)
        )

    @cached_property
    def resources(self) -> tuple[Resource, ...]:
        """The other operations, by what they are about, in the order of the contract."""
        found: dict[str, list[Call]] = {}
        apart = {each.called for each in (*self.operational, *self.signing)}
        for each in self.calls:
            if each.called not in apart:
                found.setdefault(self._about(each), []).append(each)
        return tuple(
            Resource(name, tuple(calls), tuple(t.name for t in self.tables if _one(t.name) == _one(name)))
            for name, calls in found.items()
        )

    def _about(self, call: Call) -> str:
        """The table an operation is about, by its path or its entity; else the first part of its path that names something."""
        tables = {_one(each.name): each.name for each in self.tables}
        parts = [snake(part) for part in call.path.split("/") if part and not part.startswith(("{", ":")) and not re.fullmatch(r"(?i)v\d{1,3}|api|rest", part)]  # fmt: skip
        on_path = next((tables[_one(part)] for part in reversed(parts) if _one(part) in tables), "")
        entity = call.plan.entity if call.plan else ""
        of_entity = next((each.name for each in self.plan.tables if each.entity == entity and _one(each.name) in tables), "") if entity else ""  # fmt: skip
        return on_path or tables.get(_one(of_entity), "") or (parts[0] if parts else "root")

    @cached_property
    def tables(self) -> tuple[Kept, ...]:
        """The tables that are owed, each after those it refers to where that is possible."""
        known = {_one(each.name): each for each in self.plan.tables}
        drawn, made = self._drawn, self._made
        names = {_one(name): name for name in self.owed.get("tables", ())}
        kept = {}
        for key, name in names.items():
            plan = known.get(key)
            told = made.get(key) or drawn.get(key)
            targets = told[1] if told else tuple(c.target for c in plan.columns if c.target) if plan else ()
            needs = tuple(dict.fromkeys(names[_one(t)] for t in targets if _one(t) in names and _one(t) != key))
            kept[name] = Kept(name, plan, needs, told[0] if told else len(plan.columns) if plan else 0)
        return tuple(_ordered(kept))

    @cached_property
    def drawn(self) -> tuple[str, ...]:
        """The names of the entities in the architecture's ER diagrams."""
        document = self.basis.document(ARCHITECTURE)
        every = (each.text for each in document.fences if each.lang == "mermaid") if document else ()
        return tuple(name for text in every if "erdiagram" in text[:2_000].casefold() for name in diagram.facts(text).get("entities", {}))  # fmt: skip

    @cached_property
    def _drawn(self) -> dict[str, tuple[int, tuple[str, ...]]]:
        """Each entity of the architecture's ER diagrams: how many attributes it has and what it refers to."""
        found: dict[str, tuple[int, tuple[str, ...]]] = {}
        document = self.basis.document(ARCHITECTURE)
        for fence in document.fences if document else ():
            if fence.lang != "mermaid" or "erdiagram" not in fence.text[:2_000].casefold():
                continue
            facts = diagram.facts(fence.text)
            for name, each in facts.get("entities", {}).items():
                named = [str(a.get("name", "")) for a in each.get("attributes", ()) if "FK" in (a.get("keys") or ())]
                targets = tuple(one.removesuffix("_id") for one in named)
                from_lines = tuple(r["from"] for r in facts.get("relations", ()) if r.get("to") == name)
                found[_one(name)] = len(each.get("attributes", ())), (*targets, *from_lines)
        return found

    @cached_property
    def _made(self) -> dict[str, tuple[int, tuple[str, ...]]]:
        """Each table of the data model's DDL: how many columns it has, roughly, and what it refers to."""
        found: dict[str, tuple[int, tuple[str, ...]]] = {}
        for text in self.ddl:
            hits = list(_MADE.finditer(text))
            for hit, after in zip(hits, [*[each.start() for each in hits[1:]], len(text)], strict=True):
                body = text[hit.end() : after].partition(";")[0]
                found[_one(re.sub(r"[\"`\[\]]", "", hit[1]).rpartition(".")[2])] = (
                    body.count(",\n") + 1,
                    tuple(_REFERS.findall(body)),
                )
        return found

    @cached_property
    def ddl(self) -> tuple[str, ...]:
        """The SQL of the data model."""
        document = self.basis.document(DATA)
        return (
            tuple(each.text for each in document.fences if "create table" in each.text.casefold()) if document else ()
        )

    @cached_property
    def systems(self) -> tuple[Named, ...]:
        """The systems of others."""
        return others(self.plan)

    @cached_property
    def risks(self) -> tuple[Risk, ...]:
        """The threats that are owed, with what the STRIDE table says of each."""
        rows = [
            (each.get("id", ""), each.get("threat", ""), each.get("element", ""), each.get("mitigation", ""))
            for each in _rows(self.basis.document(SECURITY), "threat", "mitigation")
        ]
        found = []
        for at, name in enumerate(self.owed.get("mitigations", ())):
            begins = _flat(name).rstrip("…").split(" (")[0]
            row = next((r for r in rows if _flat(r[1]).startswith(begins) or _flat(r[0]) == _flat(name)), rows[at] if at < len(rows) else ("", name, "", ""))  # fmt: skip
            found.append(Risk(name, row[1] or name, row[2], row[3] or f"Close it: {name}"))
        return tuple(found)

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """The service levels that are owed."""
        return tuple(self.owed.get("service_levels", ()))

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """The roles of the architecture's table of who may do what."""
        found = (row.get("role", "") for row in levels.rows(self.basis, "Authentication and authorization"))
        return tuple(dict.fromkeys(name.replace("`", "").strip() for name in found if name.strip()))

    @cached_property
    def asking(self) -> tuple[str, ...]:
        """The passages that ask for something, and what else a domain has to answer, in order."""
        owned = {name for each in self.basis.domains for name in each.passages}
        return tuple(name for name in self.basis.passages if name in owned or self.basis.classes.get(name) in ASKING)

    def words(self, passage: str) -> str:
        """A passage on one line, without the marks it begins with and those for bold and code."""
        line = " ".join(re.sub(r"\*\*|__|`", "", self.basis.passages.get(passage, "")).split())
        return re.sub(r"^[#>*\-\s]{0,8}(?:\d{1,3}(?:\.\d{1,3}){0,3}[.)]\s+)?(?=\S)", "", line)

    def says(self, words: str) -> tuple[str, ...]:
        """The passages in whose statements ``words`` stand."""
        low = words.strip().rstrip(".").casefold()
        return tuple(dict.fromkeys(each.source for each in self.plan.reading.statements if low and low in each.text.casefold()))  # fmt: skip


def _rows(document: Document | None, *columns: str) -> Iterator[dict[str, str]]:
    """The rows of the first table of ``document`` that has ``columns``, each by the lower-case titles of its columns."""
    for table in document.tables if document else ():
        header = [re.sub(r"[`*]", "", cell).strip().casefold() for cell in table.header]
        if set(columns) <= set(header):
            for row in table.rows:
                yield dict(zip(header, (*row, *[""] * len(header)), strict=False))
            return


def _ordered(kept: dict[str, Kept]) -> Iterator[Kept]:
    """Each after those it needs; of a circle the first one first."""
    left = dict(kept)
    while left:
        name = next((n for n, each in left.items() if not set(each.needs) & set(left)), next(iter(left)))
        yield left.pop(name)


def _shape(name: str) -> str:
    method, _, path = name.partition(" ")
    return f"{method.upper()} " + re.sub(r"\{[^{}/]*\}|<[^<>/]*>|(?<=/):[A-Za-z_]\w*", "{}", path.strip().rstrip("/"))


def _one(name: str) -> str:
    """What a table and an entity have in common."""
    last = snake(name.rpartition(".")[2] or name)
    return f"{last[:-3]}y" if last.endswith("ies") else re.sub(r"(?<=ss|sh|ch)es$|(?<=x)es$|(?<!s)s$", "", last)


def _flat(text: str) -> str:
    return " ".join(re.sub(r"[`*]", "", text).casefold().split())
