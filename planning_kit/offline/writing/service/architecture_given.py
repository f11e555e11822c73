"""The interface that documents of an earlier run have approved: its operations are taken over as they stand there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ....document import Document
from ...facts import Operation, Response
from ..basis import Basis
from ..naming import camel, distinct
from ..plan import Plan
from ..values import Schema
from .contract import ARCHITECTURE, Values, written

_METHODS = ("get", "post", "put", "patch", "delete")
_PASSAGE = re.compile(r"[PRQA]\d+")
Key = tuple[str, str]
"""Method in upper case, and path as written."""


def given(basis: Basis) -> tuple[Document, ...]:
    """The documents among those given that hold an OpenAPI document with operations; an architecture first."""
    held = (each for each in basis.documents if (spec := written(each)) and list(_operations(spec)))
    return tuple(sorted(held, key=lambda each: not each.name.endswith(ARCHITECTURE)))


def agreed(basis: Basis) -> Plan:
    """The plan with exactly the operations that documents of an earlier run have approved; as it is without any."""
    plan, asked = basis.plan, _asked(given(basis))
    if not asked:
        return plan
    known = {(o.method, o.path): o for o in plan.operations}
    taken = {o.id for o in plan.operations}
    operations = [
        replace(known[key], auth="bearer" if _protected(spec, told) else "none") if key in known else _made(key, told, spec, taken)
        for key, (told, spec) in asked.items()
    ]  # fmt: skip
    return replace(plan, reading=replace(plan.reading, operations=tuple(operations)))


def merged(basis: Basis, document: Schema) -> Schema:
    """``document`` with the operations as the documents of an earlier run describe them, and with everything these refer to."""
    components: Schema = document.setdefault("components", {})
    described: set[Key] = set()
    spelt = {_shape(path): path for path in document["paths"]}
    for each in given(basis):
        spec = _renamed(written(each) or {}, components, first=not described)
        for key, told in _operations(spec):
            if key not in described and spelt.setdefault(_shape(key[1]), key[1]) == key[1]:
                described.add(key)
                document["paths"].setdefault(key[1], {})[key[0].lower()] = told
        for group, named in _map(spec.get("components")).items():
            components.setdefault(group, {}).update(_map(named))
    return document


def _operations(spec: Values) -> Iterator[tuple[Key, dict[str, Any]]]:
    """The operations with what they inherit: parameters of their path, security of the document."""
    for path, item in _map(spec.get("paths")).items():
        for method, told in _map(item).items():
            if method in _METHODS and isinstance(told, dict) and isinstance(told.get("responses"), dict):
                shared = item.get("parameters")
                own = told.get("parameters")
                listed = [*(shared if isinstance(shared, list) else ()), *(own if isinstance(own, list) else ())]
                whole = {**told, **({"parameters": listed} if listed else {})}
                if "security" not in whole and isinstance(spec.get("security"), list):
                    whole["security"] = spec["security"]
                whole["responses"] = {str(status): said for status, said in told["responses"].items()}
                yield (method.upper(), path), whole


def _asked(documents: Sequence[Document]) -> dict[Key, tuple[dict[str, Any], Values]]:
    found: dict[Key, tuple[dict[str, Any], Values]] = {}
    for document in documents:
        spec = written(document) or {}
        for key, told in _operations(spec):
            found.setdefault(key, (told, spec))
    return found


def _renamed(spec: Values, components: Schema, first: bool) -> Schema:
    """``spec`` with components of its own names where another document means something else by them; what was approved first keeps its name."""
    text = json.dumps(spec, default=str)
    for group, named in _map(spec.get("components")).items():
        there = components.get(group, {})
        taken = {*there, *_map(named)}
        for name, said in _map(named).items() if not first else ():
            if name in there and there[name] != said:
                other = distinct(name, taken)
                text = text.replace(f'"#/components/{group}/{name}"', f'"#/components/{group}/{other}"')
                text = text.replace(f'"{name}": {json.dumps(said, default=str)}', f'"{other}": {json.dumps(said, default=str)}', 1)  # fmt: skip
    made: Schema = json.loads(text)
    return made


def _made(key: Key, told: dict[str, Any], spec: Values, taken: set[str]) -> Operation:
    """An operation that only the earlier documents have."""
    method, path = key
    name = distinct(camel(str(told.get("operationId") or f"{method} {path}")), taken)
    sources = told.get("x-sources")
    passages = tuple(s for s in sources if isinstance(s, str) and _PASSAGE.fullmatch(s)) if isinstance(sources, list) else ()  # fmt: skip
    answers = tuple(
        Response(int(status), str(_map(said).get("description", "")))
        for status, said in told["responses"].items() if re.fullmatch(r"[1-5]\d\d", status)
    )  # fmt: skip
    return Operation(
        name, method, path, str(told.get("summary") or name)[:300], responses=answers,
        auth="bearer" if _protected(spec, told) else "none", sources=passages,
    )  # fmt: skip


def _protected(spec: Values, told: dict[str, Any]) -> bool:
    security = told.get("security", spec.get("security"))
    return bool(security) and {} not in (security if isinstance(security, list) else ())


def _shape(path: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", path)


def _map(value: Any) -> dict[str, Any]:
    return {str(key): each for key, each in value.items()} if isinstance(value, dict) else {}
