"""Answers that fit a JSON schema, and answers that do not.

Only what the API's structured outputs know is looked at: types, ``enum``, ``const``, ``required``, ``items``, ``minItems``,
``anyOf``, ``allOf``, local ``$ref`` and ``additionalProperties``; of a ``pattern`` only what a few guesses meet.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from .answers import FACTS, Body, blocks
from .refused import Refused

Schema = Mapping[str, Any]

_FORMATS = {
    "date-time": "2026-11-21T09:30:00Z", "time": "09:30:00Z", "date": "2026-11-21", "duration": "P1D",
    "email": "someone@docs.example", "hostname": "docs.example", "uri": "https://docs.example/", "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1", "uuid": "00000000-0000-4000-8000-000000000000",
}  # fmt: skip

_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def wanted(body: Body) -> Schema | None:
    """The schema a request's answer must fit, if it names one: as its format, or in the words of its last question.

    Raises:
        Refused: the format is none.
    """
    form = (body.get("output_config") or {}).get("format") or {}
    if not form:
        return _instructed(body)
    if form.get("type") != "json_schema" or not isinstance(form.get("schema"), Mapping):
        raise Refused("output_config.format: only {'type': 'json_schema', 'schema': {…}} is known")
    schema: Schema = form["schema"]
    return schema


def _instructed(body: Body) -> Schema | None:
    """The schema that stands behind the words "JSON Schema:" in a question, as it is put to servers without formats."""
    asked = [message for message in body["messages"] if message.get("role") == "user"]
    for block in (block for message in asked for block in blocks(message.get("content"))):
        at = str(block.get("text", "")).rfind("JSON Schema:\n{")
        if at >= 0:
            try:
                found: Schema = json.JSONDecoder().raw_decode(block["text"], at + len("JSON Schema:\n"))[0]
                return found
            except ValueError:
                continue
    return None


def text(schema: Schema, offered: str, own: bool) -> str:
    """JSON that fits ``schema``.

    Args:
        schema: what the answer must fit.
        offered: what would be answered without a schema; taken if it is JSON that fits, as are :data:`FACTS`.
        own: ``offered`` was written for this very test: taken if it looks like JSON, whether it fits or not.
    """
    if own and offered.lstrip()[:1] in ("{", "["):
        return offered
    for known in (offered, FACTS):
        with contextlib.suppress(ValueError):
            if fits(schema, json.loads(known)):
                return known
    return json.dumps(example(schema), ensure_ascii=False, indent=1)


def wrong(schema: Schema) -> str:
    """JSON that does not fit ``schema``."""
    values: tuple[Any, ...] = ({"not_in_the_schema": True}, [], "not in the schema")
    for value in values:
        if not fits(schema, value):
            return json.dumps(value)
    return "null and nothing"


def example(schema: Schema, name: str = "value") -> Any:
    """The smallest value that fits: what is required, one element, the first choice.

    Raises:
        Refused: the schema goes in a circle, which the API does not take either.
    """
    return _example(schema, schema, name, 0)


def _example(whole: Schema, part: Schema, name: str, depth: int) -> Any:
    if depth > 40:
        raise Refused("output_config.format.schema: recursive schemas are not supported")
    part = _resolved(whole, part)
    if "const" in part:
        return part["const"]
    if part.get("enum"):
        return part["enum"][0]
    if part.get("anyOf"):
        return _example(whole, part["anyOf"][0], name, depth + 1)
    kind = _kinds(part)[0]
    if kind == "object":
        fields = part.get("properties") or {}
        return {field: _example(whole, fields.get(field, {}), field, depth + 1) for field in part.get("required") or ()}
    if kind == "array":
        element = part.get("items") or {}
        return [_example(whole, element, name, depth + 1) for _ in range(max(1, int(part.get("minItems", 0))))]
    if kind == "string":
        return _FORMATS.get(str(part.get("format"))) or _words(name, str(part.get("pattern", "")))
    return {"integer": part.get("minimum", 1), "number": part.get("minimum", 1), "boolean": True}.get(kind)


def _words(name: str, pattern: str) -> str:
    """A string for the field ``name``: words, or a name where one is wanted, or the first guess that ``pattern`` lets through."""
    said = f"Invented {name.replace('_', ' ')}"
    dashed = said.lower().replace(" ", "-")
    plain = dashed if name in ("name", "id", "key", "slug") else said
    guesses = (plain, said, dashed, dashed.replace("-", "_"), "P1", "Q1", "R1", "S1", "1", "A", "1.0.0", "[P1]")
    return next((guess for guess in guesses if re.search(pattern, guess)), plain)


def fits(schema: Schema, value: Any) -> bool:
    """Whether ``value`` is what ``schema`` describes."""
    return _fits(schema, schema, value)


def _fits(whole: Schema, part: Schema, value: Any) -> bool:
    part = _resolved(whole, part)
    if "const" in part and value != part["const"] or part.get("enum") and value not in part["enum"]:
        return False
    if part.get("anyOf") and not any(_fits(whole, choice, value) for choice in part["anyOf"]):
        return False
    if isinstance(value, str) and not re.search(str(part.get("pattern", "")), value):
        return False
    if "type" in part and not any(_TYPES[kind](value) for kind in _kinds(part)):
        return False
    if isinstance(value, list):
        element = part.get("items") or {}
        return len(value) >= part.get("minItems", 0) and all(_fits(whole, element, one) for one in value)
    if isinstance(value, dict):
        fields = part.get("properties") or {}
        missing = [field for field in part.get("required") or () if field not in value]
        extra = [field for field in value if field not in fields] if part.get("additionalProperties") is False else []
        return not missing and not extra and all(_fits(whole, fields.get(name, {}), one) for name, one in value.items())
    return True


def _kinds(part: Schema) -> list[str]:
    kinds = part.get("type", "object" if "properties" in part else "string")
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _resolved(whole: Schema, part: Schema) -> Schema:
    """``part`` with its local reference followed and its ``allOf`` laid together."""
    for _ in range(40):
        if "$ref" in part:
            found: Any = whole
            for step in str(part["$ref"]).removeprefix("#").strip("/").split("/"):
                found = found.get(step, {}) if step else found
            part = {**found, **{name: value for name, value in part.items() if name != "$ref"}}
        elif part.get("allOf"):
            rest = {name: value for name, value in part.items() if name != "allOf"}
            part = {**{name: value for one in part["allOf"] for name, value in _resolved(whole, one).items()}, **rest}
        else:
            return part
    raise Refused("output_config.format.schema: recursive schemas are not supported")
