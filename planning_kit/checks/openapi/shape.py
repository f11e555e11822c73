"""The shape of an OpenAPI document, by the schemas that openapi-spec-validator carries, each fault in a sentence.

That package validates with jsonschema-rs where it is installed; its schemas are used with jsonschema-rs directly, which spares the
second its import takes. Its further rules are left out: they follow every $ref, also to files and addresses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path as File
from typing import Any

from ..fits import Misfit, close, misfits, shown
from ..places import Path
from ..vocabulary import EVERY, patterns
from .said import Said
from .spec import METHODS, Spec

VERSIONS = ("2.0", "3.0", "3.1", "3.2")
_UNKNOWN = ("additionalProperties", "unevaluatedProperties")
_PLACES = ("path", "query", "header", "cookie")
_OUTSIDE = ("type", "format", "enum", "default", "items", "minimum", "maximum", "pattern")
"""What Swagger 2.0 wrote into a parameter and OpenAPI 3 writes into its schema."""
_WITH_SCHEMA = ("style", "explode", "allowReserved", "example", "examples")
"""What a parameter may say beside its schema, and not beside its content (3.0.4, section 4.7.12.2)."""
_HINTS = {
    "content": "put the schema under content, application/json, schema",
    "description": "say in a description what it is",
    "schema": "put the type into a schema: {type: string}",
    "responses": "add responses, each with a description",
    "required": "write required: true, as every path parameter is",
    "in": "say in: path, query, header or cookie",
}


def shape(spec: Spec) -> Iterator[Said]:
    """What of the document the specification does not allow."""
    if spec.version not in VERSIONS:
        key = "openapi" if "openapi" in spec.value else "swagger"
        yield Said((key,), f"{spec.version!r} is no version of OpenAPI", "write openapi: 3.1.0")
        return
    if spec.version == "2.0":
        said = "this is Swagger 2.0, which OpenAPI 3 replaced in 2017"
        yield Said(("swagger",), said, "write openapi: 3.1.0 and convert it", "warning")
    whole = _whole(spec)
    found = list(misfits(_validator(spec.version), whole))
    if spec.version not in ("2.0", "3.0"):
        found += _schemas(spec)
    seen = set()
    for each in found:
        if _follows(each, found) or _ours(spec, each):
            continue
        for one in _worded(spec, each):
            if (one.path, one.message) not in seen:
                seen.add((one.path, one.message))
                yield one
    for part in spec.of("schema"):
        for path, why, severity in patterns(part.value):
            yield Said((*part.path, *path), f"{spec.named(part.path)}: {why}", "", severity)


def _whole(spec: Spec) -> dict[str, Any]:
    if not spec.partial:
        return spec.value
    rest = {"openapi": f"{spec.version}.0", "info": {"title": "-", "version": "-"}, "paths": {}}
    return {**rest, **spec.value}


def _published(version: str) -> Any:
    """The schema of a version of OpenAPI, as openapi-spec-validator carries it."""
    found = find_spec("openapi_spec_validator")
    (folder,) = found.submodule_search_locations or [] if found else []
    return json.loads((File(folder) / f"resources/schemas/v{version}/schema.json").read_text(encoding="utf-8"))


@cache
def _validator(version: str) -> Any:
    import jsonschema_rs

    return jsonschema_rs.validator_for(_published(version), validate_formats=False, offline=True)


@cache
def _dialect() -> Any:
    import jsonschema_rs

    schema = {"$ref": "https://json-schema.org/draft/2020-12/schema"}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=False, offline=True)


def _schemas(spec: Spec) -> Iterator[Misfit]:
    """What of the outermost Schema Objects the metaschema does not allow; the schema of OpenAPI 3.1 leaves them open."""
    for part in spec.of("schema"):
        if spec.kinds.get(part.path[:-1]) == "schema" or spec.kinds.get(part.path[:-2]) == "schema":
            continue
        for each in misfits(_dialect(), part.value):
            yield Misfit((*part.path, *each.path), each.keyword, each.message, each.hint, each.schema, each.keys)


def _follows(each: Misfit, found: list[Misfit]) -> bool:
    """Whether a fault only follows from another: a key is unknown because what it belongs to is wrong."""
    if each.keyword != "unevaluatedProperties":
        return False
    known = all(key in _fields() for key in each.keys)
    return known and any(other.keyword not in _UNKNOWN and other.path[: len(each.path)] == each.path for other in found)


@cache
def _fields() -> frozenset[str]:
    """Every field OpenAPI 3.1 knows anywhere."""
    schema = _published("3.1")
    names = {name for each in (schema, *schema["$defs"].values()) for name in each.get("properties", {})}
    inner = {
        name for each in schema["$defs"].values() for one in each.get("$defs", {}).values()
        for name in one.get("then", one).get("properties", {})
    }  # fmt: skip
    return frozenset(names | inner)


def _ours(spec: Spec, each: Misfit) -> bool:
    """Whether a rule of our own says it better."""
    type_list = each.path[-1:] == ("type",) and spec.version == "3.0" and isinstance(spec.get(each.path), list)
    empty = each.path[-1:] == ("responses",) and each.keyword in ("minProperties", "required")
    return type_list or empty


def _worded(spec: Spec, each: Misfit) -> Iterator[Said]:
    what = spec.named(each.path)
    parameter = each.path[:-1] if each.path[-1:] == ("in",) else each.path
    if spec.kinds.get(parameter) == "parameter" and spec.version != "2.0" and (said := _parameter(spec, parameter)):
        yield said
        return
    if each.keyword in _UNKNOWN:
        for key in each.keys:
            yield _unknown(spec, each.path, key, what)
        return
    if each.keyword == "propertyNames" and each.path[:1] == ("components",):
        for key in spec.get(each.path):
            if not re.fullmatch(r"[A-Za-z0-9._-]+", str(key)):
                why = f"{what}: the name {key!r} may hold only letters, digits, '.', '_' and '-'"
                yield Said((*each.path, key), why, f"write {re.sub(r'[^A-Za-z0-9._-]+', '', str(key))!r}")
        return
    hint = each.hint
    if each.keyword == "required":
        field = each.message.removeprefix("lacks ").strip("'")
        if field == "content" and "schema" in spec.get(each.path):
            yield _unknown(spec, each.path, "schema", what)
            return
        hint = _HINTS.get(field, hint)
    if each.keyword == "anyOf" and not each.path:
        yield Said((), "the document has neither paths nor components nor webhooks", "add paths")
        return
    if each.path[-1:] == ("required",) and spec.kinds.get(each.path[:-1]) == "schema":
        hint = "list the required properties in the schema of the object: required: [name]"
    if each.path[-1:] == ("security",) and each.keyword == "type":
        hint = "write a list: security: [{bearerAuth: []}]"
    yield Said(each.path, f"{what} {each.message}", hint)


def _parameter(spec: Spec, path: Path) -> Said | None:
    """What is basically wrong with a parameter, of which the specification's schema says many things or only that it fits no choice."""
    value, what = spec.get(path), spec.named(path)
    if "name" not in value:
        return Said(path, f"{what} lacks 'name'", "add 'name'")
    if "in" not in value:
        return Said(path, f"{what} lacks 'in'", _HINTS["in"])
    if value["in"] not in _PLACES:
        hint = "describe a body under requestBody" if value["in"] in ("body", "formData") else ""
        said = f"{what}: in is {shown(value['in'])}, not one of {', '.join(_PLACES)}"
        return Said((*path, "in"), said, hint)
    if value["in"] == "path" and value.get("required") is not True:
        return Said(path, f"{what} is in the path and does not say required: true", _HINTS["required"])
    if moved := [key for key in _OUTSIDE if key in value]:
        said = f"{what} has {moved[0]!r} outside a schema, as Swagger 2.0 did"
        return Said((*path, moved[0]), said, f"move {moved[0]!r} into its schema")
    if "content" in value and (more := [key for key in _WITH_SCHEMA if key in value]):
        said = f"{what} has {more[0]!r} beside content, and it goes with a schema only"
        return Said((*path, more[0]), said, f"leave {more[0]!r} out, or write a schema for content")
    if len({"schema", "content"} & value.keys()) != 1:
        said = "both schema and content" if "schema" in value else "neither schema nor content"
        return Said(path, f"{what} has {said}", _HINTS["schema"])
    return None


def _unknown(spec: Spec, path: Path, key: str, what: str) -> Said:
    at = (*path, key)
    if path == ("paths",):
        return Said(at, f"the path {key!r} does not begin with a slash", f"write '/{key}'")
    if path[-1:] == ("responses",):
        return Said(
            at, f"{what}: {key!r} is no status code", "write three digits in quotation marks, '4XX', or default"
        )
    kind = spec.kinds.get(path, "")
    if kind == "path item" and key.lower() in METHODS:
        return Said(at, f"{what}: methods are written in lower case", f"write {key.lower()!r}")
    known = EVERY if kind == "schema" else _fields()
    near = close(key, known)
    if kind in ("parameter", "header") and key in _OUTSIDE:
        return Said(at, f"{what} has {key!r} outside a schema, as Swagger 2.0 did", f"move {key!r} into its schema")
    if key == "schema" and kind in ("request body", "response"):
        return Said(at, f"{what} has its schema outside of content", _HINTS["content"])
    hint = f"write {near!r}" if near and near != key else f"leave {key!r} out, or name it 'x-{key}'"
    return Said(at, f"{what} has {key!r}, which OpenAPI {spec.version} does not know there", hint)
