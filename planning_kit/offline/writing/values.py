"""A field as a JSON Schema property, and a value that fits it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..facts import Field
from .naming import words

Schema = dict[str, Any]

_TYPES: dict[str, Schema] = {
    "integer": {"type": "integer"}, "number": {"type": "number"}, "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"}, "date-time": {"type": "string", "format": "date-time"},
    "email": {"type": "string", "format": "email"}, "uri": {"type": "string", "format": "uri"},
    "uuid": {"type": "string", "format": "uuid"}, "json": {},
}  # fmt: skip
_SAMPLES: dict[str, Any] = {
    "integer": 1, "number": 1.5, "boolean": True, "date": "2026-01-15", "date-time": "2026-01-15T09:00:00Z",
    "email": "person@example.com", "uri": "https://example.com/", "uuid": "3f2b8c1e-7d4a-4c5b-9e6f-0a1b2c3d4e5f", "json": {},
}  # fmt: skip


def ref(name: str) -> Schema:
    """A reference to the schema called ``name``."""
    return {"$ref": f"#/components/schemas/{name}"}


def property_of(one: Field) -> Schema:
    """``one`` as a JSON Schema (2020-12, as OpenAPI 3.1 takes it), with the brief's example when it fits."""
    made: Schema = dict(_TYPES.get(one.type, {"type": "string"}))
    if one.meaning:
        made["description"] = re.sub(r"\s+", " ", one.meaning)
    if one.values:
        made["enum"] = list(dict.fromkeys(_coerce(value, one.type) for value in one.values))
        if any(isinstance(value, str) for value in made["enum"]):
            made.pop("format", None)
            made["type"], made["enum"] = "string", list(dict.fromkeys(one.values))
    elif one.example and _fits(one):
        made["examples"] = [_coerce(one.example, one.type)]
    if one.required and one.type in ("string", "text") and not one.values:
        made["minLength"] = 1
    if one.longest and made.get("type") == "string" and not one.values:
        made["maxLength"] = one.longest
    if made.get("type") in ("number", "integer"):
        made.update(
            {
                name: _coerce(said, made["type"])
                for name, said in (("minimum", one.least), ("maximum", one.most))
                if said
            }
        )
    if one.personal == "credential" and "password" in one.name.lower():
        made["writeOnly"] = True
    return made


def _coerce(value: str, kind: str) -> Any:
    if kind == "integer" and re.fullmatch(r"-?\d{1,18}", value.strip()):
        return int(value)
    if kind == "number" and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", value.strip()):
        return float(value)
    if kind == "boolean" and value.strip().lower() in ("true", "false"):
        return value.strip().lower() == "true"
    return value


def _fits(one: Field) -> bool:
    """Whether the brief's example is a value of the field's type."""
    patterns = {
        "integer": r"-?\d{1,18}", "number": r"-?\d{1,15}(\.\d{1,15})?", "boolean": r"(?i)true|false", "email": r"[\w.+-]+@[\w-]+\.[\w.-]+",
        "date": r"\d{4}-(0[1-9]|1[0-2])-([01]\d|2[0-8])", "date-time": r"\d{4}-(0[1-9]|1[0-2])-([01]\d|2[0-8])T[0-2]\d:[0-5]\d:[0-5]\dZ",
        "uri": r"https?://[\w./-]+", "uuid": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    }  # fmt: skip
    return (
        bool(one.example)
        and one.type != "json"
        and re.fullmatch(patterns.get(one.type, r"(?s).+"), one.example.strip()) is not None
    )


def value(one: Field) -> Any:
    """A value of ``one``: the brief's example, the first value allowed, or one that shows the type."""
    if one.values:
        return property_of(one)["enum"][0]
    if _fits(one):
        return _coerce(one.example.strip() if one.type != "string" else one.example, one.type)
    if one.least and one.type in ("number", "integer"):
        return _coerce(one.least, one.type)
    return _SAMPLES.get(one.type, f"example {words(one.name)}")


def sample(fields: Iterable[Field]) -> Schema:
    """An object with a value for each of ``fields``."""
    return {one.name: value(one) for one in fields}
