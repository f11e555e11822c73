"""What an OpenAPI document promises, for those who compare it with something else: its operations and its schemas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...aside import Undone, call
from ...document import Document
from ..artefact import Artefact, of_kind, place
from ..places import Path, Unreadable, read
from .security import schemes
from .spec import Operation as Found
from .spec import Spec

_LIMITS = (
    "minLength", "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minItems", "maxItems", "uniqueItems",
)  # fmt: skip


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        method: in upper case.
        path: its template, as written.
        id: its operationId, or empty.
        line: the document's line, from 1.
        statuses: the status codes it answers, as written (``200``, ``4XX``, ``default``).
        security: alternatives, each the names of the schemes needed together; an empty alternative is open to all.
            Nothing when neither it nor the document says.
        scopes: the scopes or roles it requires, from its security and its ``x-roles`` or ``x-scopes``.
        parameters: name and place (``path``, ``query``, ``header``, ``cookie``) of each.
        body: the media types it takes.
        base: the path part of the first server, without a slash at its end: what stands before ``path`` in an address.
    """

    method: str
    path: str
    id: str
    line: int
    statuses: tuple[str, ...] = ()
    security: tuple[tuple[str, ...], ...] | None = None
    scopes: tuple[str, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    body: tuple[str, ...] = ()
    base: str = ""


@dataclass(frozen=True)
class Property:
    """One property of a schema.

    Attributes:
        name: its name.
        type: its JSON type, ``string`` of ``[string, 'null']``; empty when it is not one type.
        line: the document's line, from 1, it is written on.
        format: its format, or empty.
        enum: the values it may have; empty when any.
        limits: its other keywords with their values: ``maxLength``, ``minimum`` …
        required: whether it has to be there.
        nullable: whether it may be null.
        ref: the name of the component it refers to, or empty.
    """

    name: str
    type: str
    line: int
    format: str = ""
    enum: tuple[Any, ...] = ()
    limits: tuple[tuple[str, Any], ...] = ()
    required: bool = False
    nullable: bool = False
    ref: str = ""


@dataclass(frozen=True)
class Schema:
    """A named schema: its ``name``, the document's ``line`` (from 1), its ``properties``, and its own ``enum`` if it is a list of values."""

    name: str
    line: int
    properties: tuple[Property, ...] = ()
    enum: tuple[Any, ...] = ()


def operations(document: Document) -> tuple[Operation, ...]:
    """Every operation of every OpenAPI document or excerpt in ``document``; of one that does not parse nothing."""
    found = []
    for artefact, outline in _outlines(document):
        for each in outline["operations"]:
            line, _ = place(document, artefact, each.pop("line"), 0)
            alternatives = each.pop("security")
            security = None if alternatives is None else tuple(tuple(names) for names in alternatives)
            pairs = tuple((name, where) for name, where in each.pop("parameters"))
            each |= {key: tuple(each[key]) for key in ("statuses", "scopes", "body")}
            found.append(Operation(**each, line=line, security=security, parameters=pairs))
    return tuple(found)


def schemas(document: Document) -> tuple[Schema, ...]:
    """Every named schema of every OpenAPI document or excerpt in ``document``; of one that does not parse nothing."""
    found = []
    for artefact, outline in _outlines(document):
        for each in outline["schemas"]:
            line, _ = place(document, artefact, each["line"], 0)
            held = []
            for one in each["properties"]:
                at, _ = place(document, artefact, one.pop("line"), 0)
                enum, limits = tuple(one.pop("enum")), tuple((key, value) for key, value in one.pop("limits"))
                held.append(Property(**one, line=at, enum=enum, limits=limits))
            found.append(Schema(each["name"], line, tuple(held), tuple(each["enum"])))
    return tuple(found)


def documents_in(document: Document) -> list[dict[str, Any]]:
    """Every OpenAPI document in ``document`` that parses, as values; no excerpts."""
    found = []
    for artefact in of_kind(document, "openapi"):
        try:
            found.append(call("planning_kit.checks.openapi.outline:parsed", artefact.text, artefact.lang))
        except Undone:
            continue
    return [each for each in found if isinstance(each, dict) and "openapi" in each]


def parsed(text: str, lang: str) -> Any:
    """``text`` as values; nothing if it does not parse."""
    try:
        return read(text, lang).value
    except Unreadable:
        return None


def _outlines(document: Document) -> list[tuple[Artefact, dict[str, Any]]]:
    found = []
    for artefact in of_kind(document, "openapi"):
        try:
            found.append((artefact, call("planning_kit.checks.openapi.outline:outline", artefact.text, artefact.lang)))
        except Undone:
            continue
    return [(artefact, _copied(each)) for artefact, each in found if each]


def _copied(outline: dict[str, Any]) -> dict[str, Any]:
    """A copy of what is remembered, two lists deep: its makers take it apart."""
    named = [{**each, "properties": [dict(one) for one in each["properties"]]} for each in outline["schemas"]]
    return {"operations": [dict(each) for each in outline["operations"]], "schemas": named}


def outline(text: str, lang: str) -> dict[str, Any] | None:
    """The operations and schemas of ``text`` as values; nothing if it does not parse. Runs aside."""
    try:
        tree = read(text, lang)
    except Unreadable:
        return None
    if not isinstance(tree.value, dict):
        return None
    spec = Spec(tree)
    return {"operations": [_operation(spec, each) for each in spec.operations], "schemas": list(_named(spec))}


def _operation(spec: Spec, found: Found) -> dict[str, Any]:
    responses = found.value.get("responses")
    security = found.value.get("security", spec.value.get("security"))
    security = security if isinstance(security, list) else None
    scopes = [
        scope
        for each in security or ()
        for held in (each.values() if isinstance(each, dict) else ())
        for scope in (held if isinstance(held, list) else ())
    ]
    for key in ("x-roles", "x-scopes", "x-required-roles", "x-required-scopes"):
        held = found.value.get(key)
        scopes += held if isinstance(held, list) else [held] if isinstance(held, str) else []
    none = None if security is None and not schemes(spec) else [] if security is None else security
    body, _ = spec.followed(found.value.get("requestBody"))
    content = body.get("content") if isinstance(body, dict) else None
    return {
        "method": found.method.upper(),
        "path": found.template,
        "id": str(found.value.get("operationId", "")),
        "line": spec.tree.at(found.path)[0],
        "statuses": [str(each) for each in responses if not str(each).startswith("x-")] if isinstance(responses, dict) else [],
        "security": None if none is None else [list(each) for each in none if isinstance(each, dict)] or [[]],
        "scopes": list(dict.fromkeys(map(str, scopes))),
        "parameters": _parameters(spec, found),
        "body": list(map(str, content)) if isinstance(content, dict) else [],
        "base": _base(spec),
    }  # fmt: skip


def _parameters(spec: Spec, found: Found) -> list[tuple[str, str]]:
    named: dict[tuple[str, str], None] = {}
    for listed in (found.item.get("parameters"), found.value.get("parameters")):
        for each in listed if isinstance(listed, list) else ():
            held, _ = spec.followed(each)
            if isinstance(held, dict):
                named[str(held.get("name", "")), str(held.get("in", ""))] = None
    return list(named)


def _base(spec: Spec) -> str:
    servers = spec.value.get("servers")
    first = servers[0].get("url") if isinstance(servers, list) and servers and isinstance(servers[0], dict) else None
    if spec.version == "2.0":
        first = spec.value.get("basePath")
    path = str(first or "").partition("://")
    rest = path[2].partition("/")[2] if path[1] else path[0].lstrip("/")
    return f"/{rest}".rstrip("/")


def _named(spec: Spec) -> Any:
    for part in spec.of("schema"):
        if part.path[:-1] not in (("components", "schemas"), ("definitions",)):
            continue
        held: dict[str, dict[str, Any]] = {}
        _gather(spec, part.value, part.path, held, set())
        yield {
            "name": str(part.path[-1]),
            "line": spec.tree.at(part.path)[0],
            "properties": list(held.values()),
            "enum": _enum(part.value),
        }


def _gather(spec: Spec, schema: Any, path: Path, held: dict[str, dict[str, Any]], seen: set[Path]) -> None:
    """The properties of a schema and of what it is composed of by ``allOf`` and $ref."""
    schema, path = spec.followed(schema, path)
    if not isinstance(schema, dict) or path in seen or len(seen) > 200:
        return
    seen.add(path)
    composed = schema.get("allOf")
    for at, each in enumerate(composed if isinstance(composed, list) else ()):
        _gather(spec, each, (*path, "allOf", at), held, seen)
    properties = schema.get("properties")
    for name, each in properties.items() if isinstance(properties, dict) else ():
        held[str(name)] = _property(spec, str(name), each, (*path, "properties", name))
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        if isinstance(name, str) and name in held:
            held[name]["required"] = True


def _property(spec: Spec, name: str, written: Any, path: Path) -> dict[str, Any]:
    schema, _ = spec.followed(written)
    schema = schema if isinstance(schema, dict) else {}
    typed = schema.get("type")
    kinds = [typed] if isinstance(typed, str) else [str(each) for each in typed] if isinstance(typed, list) else []
    plain = [each for each in kinds if each != "null"]
    ref = written.get("$ref") if isinstance(written, dict) else None
    return {
        "name": name,
        "type": plain[0] if len(plain) == 1 else "",
        "line": spec.tree.at(path)[0],
        "format": str(schema.get("format", "")),
        "enum": _enum(schema),
        "limits": [(key, schema[key]) for key in _LIMITS if isinstance(schema.get(key), (str, int, float))],
        "required": False,
        "nullable": "null" in kinds or schema.get("nullable") is True,
        "ref": ref.rpartition("/")[2] if isinstance(ref, str) else "",
    }


def _enum(schema: dict[str, Any]) -> list[Any]:
    listed = schema.get("enum")
    return [each for each in listed if not isinstance(each, (dict, list))] if isinstance(listed, list) else []
