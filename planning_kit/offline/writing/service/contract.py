"""The OpenAPI document of the architecture as it stands now, operation by operation; edits by a person count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import yaml

from ....document import Document
from ...facts import Operation
from .. import openapi
from ..basis import Basis
from .called import Answer, Call, Parameter, Values, kind_of, nullable, properties

__all__ = [
    "Answer",
    "Call",
    "Contract",
    "Parameter",
    "Property",
    "Values",
    "contract",
    "kind_of",
    "nullable",
    "properties",
    "written",
]

ARCHITECTURE = "integration-architecture.md"
UNSERVED = "What serves"
"""How the architecture begins an open question about passages that it has neither an operation nor a job for."""
LARGEST = 2_000_000
"""The longest OpenAPI document that is read, in characters."""
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 12
"""How deep a value is made for a schema that holds itself."""


@dataclass(frozen=True)
class Property:
    """A property of a type: its name in JSON and in the language, its type there, whether it is ``required``, its ``schema``."""

    json: str
    name: str
    type: str
    required: bool
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Contract:
    """An OpenAPI document, its ``spec`` as values and its ``calls`` in order."""

    spec: Values
    calls: tuple[Call, ...]

    def followed(self, value: Any) -> dict[str, Any]:
        """What ``value`` stands for after its ``$ref``; an empty mapping if that is not in the document."""
        for _ in range(10):
            if not isinstance(value, dict):
                return {}
            if not isinstance(value.get("$ref"), str):
                return value
            value = _pointed(self.spec, value["$ref"])
        return {}

    @cached_property
    def base(self) -> str:
        """The path part of the first server, without a slash at its end."""
        servers = self.spec.get("servers")
        url = (
            servers[0].get("url", "") if isinstance(servers, list) and servers and isinstance(servers[0], dict) else ""
        )
        path = re.sub(r"^[a-z]{2,6}://[^/]{0,200}", "", str(url)[:500])
        return f"/{path.strip('/')}" if path.strip("/") and "{" not in path else ""

    @cached_property
    def problem(self) -> tuple[str, dict[str, Any]]:
        """The media type and the schema most errors are sent in; problem details where none is said."""
        said = [(each.media, dict(each.schema)) for call in self.calls for each in call.errors if each.media]
        return (
            max(said, key=lambda one: sum(each[0] == one[0] for each in said))
            if said
            else ("application/problem+json", {})
        )

    @cached_property
    def scheme(self) -> dict[str, Any]:
        """The first security scheme; empty without one."""
        named = _map(_map(self.spec.get("components")).get("securitySchemes"))
        return next((held for each in named.values() if (held := self.followed(each))), {})

    @cached_property
    def lead(self) -> Call | None:
        """The operation that shows most of the contract: one that takes a body and answers with one, at a path without parameters, with a conflict."""

        def shows(call: Call) -> tuple[int, ...]:
            answered = kind_of(self.followed(dict(call.success.schema))) == "object"
            made = call.method == "POST" and kind_of(self.followed(dict(call.body))) == "object"
            plain = not call.at("path") and not re.search(
                r"(?i)log-?_?in|sign-?_?in|log-?_?out|token", f"{call.id} {call.path}"
            )
            return made and answered, plain, made, call.answer(409) is not None, len(call.errors)

        return max(self.calls, key=shows, default=None)

    def value(self, schema: Values, deep: int = 0) -> Any:
        """A value that fits ``schema`` as far as its keywords say: its example, default, first enum value, or one of its type."""
        held = self.followed(dict(schema))
        for key in ("example", "default", "const"):
            if key in held:
                return held[key]
        for key in ("examples", "enum"):
            if isinstance(held.get(key), list) and held[key]:
                return held[key][0]
        for key in ("oneOf", "anyOf", "allOf"):
            if isinstance(held.get(key), list) and held[key] and deep < _DEEPEST:
                parts = [self.value(each, deep + 1) for each in held[key] if isinstance(each, dict)]
                if key == "allOf" and all(isinstance(each, dict) for each in parts):
                    return {name: one for each in parts for name, one in each.items()}
                return parts[0] if parts else None
        return _typed(self, held, deep)


def _typed(contract: Contract, held: Values, deep: int) -> Any:
    kind = kind_of(held)
    if kind == "object" and deep < _DEEPEST:
        required = held.get("required", ())
        return {
            str(name): contract.value(each, deep + 1)
            for name, each in properties(held).items()
            if name in required and isinstance(each, dict)
        }
    if kind == "array":
        items = held.get("items")
        return (
            [contract.value(items, deep + 1)]
            if isinstance(items, dict) and held.get("minItems") and deep < _DEEPEST
            else []
        )
    if kind in ("integer", "number"):
        least = held.get("minimum", 1)
        return least if isinstance(least, (int, float)) else 1
    samples = {
        "date": "2026-01-15", "date-time": "2026-01-15T09:00:00Z", "time": "09:00:00", "email": "person@example.com",
        "uri": "https://example.com/", "uuid": "3f2b8c1e-7d4a-4c5b-9e6f-0a1b2c3d4e5f",
    }  # fmt: skip
    if kind == "string":
        text = samples.get(str(held.get("format", "")), "example")
        least = held.get("minLength", 0)
        return text if not isinstance(least, int) or len(text) >= least else text * min(1_000, least // len(text) + 1)
    return {"boolean": True, "null": None}.get(kind, {})


def contract(basis: Basis) -> Contract:
    """The contract in the architecture; the plan's own where that holds none that can be read."""
    document = basis.document(ARCHITECTURE)
    spec = written(document) if document else None
    spec = openapi.write(basis.plan)[1] if spec is None else spec
    planned = {(each.method, each.path): each for each in basis.plan.operations}
    bare = Contract(spec, ())
    return Contract(spec, tuple(_calls(bare, planned)))


def unserved(basis: Basis) -> tuple[tuple[str, ...], int]:
    """The passages that the architecture's open questions say nothing serves, as far as they are cited there, and how many there are."""
    document = basis.document(ARCHITECTURE)
    lines = document.section("Open questions").splitlines() if document else ()
    asked = [each for each in lines if each.startswith(f"- {UNSERVED} ")]
    cited = (name for each in asked for name in re.findall(r"\[(P\d{1,6})\]", each.rpartition("Until answered:")[2]))
    many = (re.match(rf"- {UNSERVED} (\d{{1,6}}) more passages", each) for each in asked)
    return tuple(dict.fromkeys(cited)), sum(int(found[1]) if found else 1 for found in many)


@lru_cache(maxsize=16)
def written(document: Document) -> dict[str, Any] | None:
    """The first OpenAPI document in ``document`` as values; nothing when there is none that can be read."""
    for fence in document.fences:
        if fence.lang in ("yaml", "yml", "json") and len(fence.text) <= LARGEST and "openapi" in fence.text[:2_000]:
            try:
                said = yaml.load(fence.text, Loader=_LOADER)  # noqa: S506 (a safe loader)
            except (yaml.YAMLError, ValueError, RecursionError):
                continue
            if isinstance(said, dict) and "openapi" in said:
                return said
    return None


def _calls(bare: Contract, planned: Mapping[tuple[str, str], Operation]) -> Iterator[Call]:
    for path, item in _map(bare.spec.get("paths")).items():
        for method, told in _map(item).items():
            if method not in _METHODS or not isinstance(told, dict) or not path.startswith("/"):
                continue
            security = told.get("security", bare.spec.get("security"))
            key = (method.upper(), str(path))
            schema, example = _body(bare, told)
            sources = told.get("x-sources")
            yield Call(
                str(told.get("operationId") or f"{method} {path}"), *key, " ".join(str(told.get("summary") or told.get("operationId") or "").split()),
                tuple(each for each in sources if isinstance(each, str) and re.fullmatch(r"[PRQA]\d+", each)) if isinstance(sources, list) else (),
                tuple(_parameters(bare, _map(item).get("parameters"), told.get("parameters"))), schema, example,
                tuple(_answers(bare, _map(told.get("responses")))),
                bool(security) and {} not in (security if isinstance(security, list) else ()), planned.get(key),
            )  # fmt: skip


def _body(bare: Contract, told: Values) -> tuple[dict[str, Any], Any]:
    for media, held in _map(bare.followed(told.get("requestBody")).get("content")).items():
        if "json" in str(media) and isinstance(held, dict):
            return _map(held.get("schema")), _example(held)
    return {}, None


def _example(held: Values) -> Any:
    if "example" in held:
        return held["example"]
    named = held.get("examples")
    first = next(iter(named.values()), None) if isinstance(named, dict) else None
    return first.get("value") if isinstance(first, dict) else None


def _parameters(bare: Contract, *listed: Any) -> Iterator[Parameter]:
    found: dict[tuple[str, str], Parameter] = {}
    for each in (one for some in listed if isinstance(some, list) for one in some):
        held = bare.followed(each)
        name, place = str(held.get("name", "")), str(held.get("in", ""))
        if name and place:
            found[name, place] = Parameter(name, place, bool(held.get("required")), _map(held.get("schema")))
    yield from found.values()


def _answers(bare: Contract, responses: Values) -> Iterator[Answer]:
    found = []
    for status, told in responses.items():
        if not re.fullmatch(r"[1-5]\d\d", str(status)):
            continue
        held = bare.followed(told)
        media, content = next(iter(_map(held.get("content")).items()), ("", {}))
        content = _map(content)
        example = _example(content)
        code = example.get("code") if isinstance(example, dict) else ""
        meaning = " ".join(str(held.get("description", "")).split())
        names = tuple(map(str, _map(held.get("headers"))))
        found.append(Answer(int(status), meaning, str(code or ""), str(media), _map(content.get("schema")), names))
    yield from sorted(found, key=lambda each: each.status)


def _pointed(spec: Values, ref: str) -> Any:
    value: Any = spec
    for part in ref[2:].split("/") if ref.startswith("#/") else ("",):
        name = part.replace("~1", "/").replace("~0", "~")
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _map(value: Any) -> dict[str, Any]:
    return {str(key): each for key, each in value.items()} if isinstance(value, dict) else {}
