"""The Schema Objects of an OpenAPI document: keywords that do nothing, words of the other version, what is required and not defined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..vocabulary import idle, misspelt, undefined
from .said import Said
from .spec import Part, Spec

_TYPES_30 = ("array", "boolean", "integer", "number", "object", "string")


def words(spec: Spec) -> Iterator[Said]:
    """Keywords of Schema Objects that are misspelt, say nothing, or stand beside the properties instead of among them."""
    for part in spec.of("schema"):
        for key, said, hint, severity in idle(part.value):
            if not ("$ref" in part.value and spec.version in ("2.0", "3.0")):
                yield Said((*part.path, key), f"{spec.named(part.path)}: {said}", hint, severity)
    if spec.version in ("2.0", "3.0"):  # there an unknown keyword is refused by the specification's own schema
        return
    for part in spec.of("schema"):
        for key, said, hint in misspelt(part.value):
            yield Said((*part.path, key), f"{spec.named(part.path)}: {said}", hint)


def versions(spec: Spec) -> Iterator[Said]:
    """What belongs to the other version of OpenAPI: ``nullable``, lists of types, boolean limits, ``const``."""
    if spec.version == "2.0" or spec.partial:
        return
    older = spec.version == "3.0"
    for part in spec.of("schema"):
        yield from (_older(spec, part) if older else _newer(spec, part))


def _newer(spec: Spec, part: Part) -> Iterator[Said]:
    if "nullable" in part.value:
        typed = part.value.get("type")
        hint = f"write type: [{typed}, 'null']" if isinstance(typed, str) else "write anyOf: [..., {type: 'null'}]"
        said = f"{spec.named(part.path)}: 'nullable' is of OpenAPI 3.0 and means nothing in {spec.version}"
        yield Said((*part.path, "nullable"), said, hint if part.value["nullable"] is True else "leave it out")


def _older(spec: Spec, part: Part) -> Iterator[Said]:
    typed: Any = part.value.get("type")
    if isinstance(typed, list):
        first = next((each for each in typed if each in _TYPES_30), "string")
        hint = f"write type: {first} and nullable: true" if "null" in typed else f"write type: {first}, or anyOf"
        yield Said((*part.path, "type"), f"{spec.named(part.path)}: a list of types is of OpenAPI 3.1", hint)
    elif typed == "array" and not {"items", "$ref"} & part.value.keys():
        said = f"{spec.named(part.path)} is an array without 'items', which OpenAPI {spec.version} wants"
        yield Said((*part.path, "type"), said, "say what is in it: items: {type: string}")


def required(spec: Spec) -> Iterator[Said]:
    """Required properties that are not defined."""
    for part in spec.of("schema"):
        for number, name, hint in undefined(part.path, part.value):
            said = f"{spec.named(part.path)} requires {name!r}, which is not among its properties"
            yield Said((*part.path, "required", number), said, hint, "warning")


def together(spec: Spec) -> Iterator[Said]:
    """``example`` and ``examples`` of one object, which exclude each other (3.1.1, section 4.8.14)."""
    for part in spec.of("parameter", "header", "media type"):
        if {"example", "examples"} <= part.value.keys():
            said = f"{spec.named(part.path)} has both example and examples, which exclude each other"
            yield Said((*part.path, "example"), said, "keep one of the two")
