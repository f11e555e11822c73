"""One domain's part of the OpenAPI document: its operations, and everything these refer to, as the whole document has it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from .... import ids
from ...facts import Existing, Operation, Reading
from .. import openapi
from ..naming import camel, distinct
from ..openapi import Contract
from ..plan import Plan
from ..values import Schema
from .api_spec_links import SPEC
from .ground import Ground

_REFERENCE = re.compile(r'"#/components/(\w+)/([^"]+)"')
_VERSIONED = re.compile(r"^(?:/(?:[a-z]+-)?(?:api|rest)|/v\d+)+(?=/|$)")


@dataclass(frozen=True)
class Part:
    """What one domain offers.

    Attributes:
        operations: its operations, in the order of the plan; those somebody added to its requirements or stories last.
        contract: the interface of the whole plan, of which this is a part.
        document: the OpenAPI document of exactly these operations, as plain data.
        dropped: operations of the plan that are left out, with the requirements withdrawn that had asked for them.
        added: ids of the operations that only requirements or stories name.
    """

    operations: tuple[Operation, ...]
    contract: Contract
    document: Schema
    dropped: tuple[tuple[Operation, tuple[str, ...]], ...] = ()
    added: frozenset[str] = frozenset()

    def described(self, operation: Operation) -> Schema:
        """What the OpenAPI document says of ``operation``."""
        found: Schema = self.document["paths"][operation.path][operation.method.lower()]
        return found

    def answers(self, operation: Operation) -> dict[int, Schema]:
        """The responses of ``operation`` by status, references followed."""
        shared = self.document.get("components", {}).get("responses", {})
        found = self.described(operation)["responses"]
        return {
            int(status): shared[said["$ref"].rpartition("/")[2]] if "$ref" in said else said
            for status, said in found.items()
        }

    @property
    def schemas(self) -> dict[str, Schema]:
        """The schemas by name."""
        found: dict[str, Schema] = self.document.get("components", {}).get("schemas", {})
        return found

    @property
    def base(self) -> str:
        """What every path begins with (``/api/v1``), or the address it is served under; empty without either."""
        served = self.document.get("servers")
        if served:
            return str(served[0]["url"])
        heads = {found.group() if (found := _VERSIONED.match(o.path)) else "" for o in self.operations}
        return heads.pop() if len(heads) == 1 else ""


def part(ground: Ground) -> Part:
    """The part of ``ground``'s domain, as its requirements and stories stand now."""
    kept, dropped = _asked_for(ground)
    added = tuple(_added(ground))
    plan = ground.plan
    contract, whole = _whole(
        plan.feature, plan.reading, _frozen(plan.stack), plan.existing, tuple((o.method, o.path, o.purpose, o.sources) for o in added)
    )  # fmt: skip
    known = {(o.method, o.path): o for o in contract.plan.operations}
    operations = (*kept, *(known[(o.method, o.path)] for o in added if (o.method, o.path) in known))
    document = _selected(whole, operations, f"{plan.feature}: {ground.title}")
    return Part(operations, contract, document, dropped, frozenset(o.id for o in operations[len(kept) :]))


def _asked_for(ground: Ground) -> tuple[tuple[Operation, ...], tuple[tuple[Operation, tuple[str, ...]], ...]]:
    """The domain's operations: those that are still asked for, and those whose requirements were all withdrawn."""
    standing: set[str] = set()
    withdrawn: dict[str, list[str]] = {}
    gone = {each.id for document in ground.documents.values() for each in ids.things(document) if each.withdrawn}
    cited = _cited_before(ground, gone)
    for kind in ids.REQUIREMENTS:
        for each in ground.things(kind):
            standing.update(each.cites)
    for name, passages in cited.items():
        for passage in passages:
            withdrawn.setdefault(passage, []).append(name)
    kept, dropped = [], []
    for operation in ground.operations:
        names = tuple(dict.fromkeys(name for source in operation.sources for name in withdrawn.get(source, ())))
        if names and not standing.intersection(operation.sources):
            dropped.append((operation, names))
        else:
            kept.append(operation)
    return tuple(kept), tuple(dropped)


def _cited_before(ground: Ground, gone: set[str]) -> dict[str, tuple[str, ...]]:
    """The passages that each withdrawn requirement is named with, in its row."""
    return {
        each.id: tuple(name for name in each.cites if not ids.ID.fullmatch(name))
        for document in ground.documents.values()
        for each in ids.things(document)
        if each.withdrawn and each.id in gone
    }


def _added(ground: Ground) -> Iterator[Operation]:
    """The operations that requirements or stories name and no domain of the plan has."""
    known = {(o.method, _shape(o.path)) for o in ground.plan.operations}
    taken = {o.id for o in ground.plan.operations}
    for kind in (*ids.REQUIREMENTS, "US"):
        for thing in ground.things(kind):
            for method, path in thing.operations:
                if (method, _shape(path)) in known or method not in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                    continue
                known.add((method, _shape(path)))
                if _elsewhere(ground, method, path):
                    continue
                fixed = " ".join(part for part in re.split(r"[/{}]+", path) if part)
                name = distinct(camel(f"{method.lower()} {fixed}"), taken)
                passages = tuple(source for source in thing.cites if not ids.ID.fullmatch(source))
                yield Operation(name, method, path, thing.text[:300], sources=passages)


def _elsewhere(ground: Ground, method: str, path: str) -> bool:
    """Whether the API specification of a finished domain has an operation."""
    specs = (each for each in ground.elsewhere if each.name.endswith(SPEC))
    return any((method, path) in ids.operations(spec.section("Endpoint catalogue").replace("|", " ")) for spec in specs)


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/")


def _frozen(stack: Mapping[str, Mapping[str, str]]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    return tuple((package, tuple(topics.items())) for package, topics in stack.items())


@lru_cache(maxsize=4)
def _whole(
    feature: str, reading: Reading, stack: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], existing: Existing,
    added: tuple[tuple[str, str, str, tuple[str, ...]], ...],
) -> tuple[Contract, Schema]:  # fmt: skip
    """The whole plan's interface with what was ``added`` to it: the same for every domain, so made once."""
    more = (Operation("", method, path, purpose, sources=sources) for method, path, purpose, sources in added)
    if added:
        reading = replace(reading, operations=(*reading.operations, *more))
    return openapi.write(Plan(feature, reading, "", {package: dict(topics) for package, topics in stack}, existing))


def _selected(whole: Schema, operations: Sequence[Operation], title: str) -> Schema:
    """The part of ``whole`` that ``operations`` are and refer to, under ``title``."""
    wanted = {(o.path, o.method.lower()) for o in operations}
    paths: Schema = {}
    for path, methods in whole["paths"].items():
        mine = {method: said for method, said in methods.items() if (path, method) in wanted}
        if mine:
            paths[path] = mine
    document: Schema = {"openapi": whole["openapi"], "info": {**whole["info"], "title": title}}
    if "servers" in whole and paths:
        document["servers"] = whole["servers"]
    tags = {tag for methods in paths.values() for said in methods.values() for tag in said["tags"]}
    if tags:
        document["tags"] = [tag for tag in whole["tags"] if tag["name"] in tags]
    document["paths"] = paths
    components = _components(whole.get("components", {}), paths)
    if components:
        document["components"] = components
    return document


def _components(all_of_them: Schema, paths: Schema) -> Schema:
    """The components that ``paths`` refer to, directly or through each other."""
    kept: set[tuple[str, str]] = set()
    waiting: list[Any] = [paths]
    while waiting:
        for group, name in _REFERENCE.findall(json.dumps(waiting.pop())):
            if (group, name) not in kept and name in all_of_them.get(group, {}):
                kept.add((group, name))
                waiting.append(all_of_them[group][name])
    for methods in paths.values():
        for said in methods.values():
            kept |= {("securitySchemes", name) for way in said["security"] for name in way}
    made = {
        group: {name: said for name, said in found.items() if (group, name) in kept}
        for group, found in all_of_them.items()
    }
    return {group: found for group, found in made.items() if found}
