"""What a value lacks to be a plan of tasks, or an author's sketch of one: each fault with its path, a sentence, and what mends it."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from ..tree import Path

_SHOWN = 60
MOST = 5_000
"""With more faults than these no one of them is told: nobody mends so many by hand, and telling them takes minutes."""
_NAMED = re.compile(r"[A-Za-z_]\w*")
_UNITS = {"timeout_seconds": "a whole number of seconds", "score": "a whole number of points"}
"""Numbers that measure something, by field."""
_PATTERNS = {
    r"\S": "a text that is not empty",
    r"^/": "a path that begins with '/'",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "lower-case words with hyphens",
}
"""What a pattern of the models asks for, in words."""


_PLURALS = (
    ("a whole number", "whole numbers"),
    ("an object", "objects"),
    ("a list", "lists"),
    ("a text that is", "texts that are"),
)


class Fault(NamedTuple):
    """One thing wrong: its ``path``, a sentence without its subject, and what mends it."""

    path: Path
    said: str
    hint: str = ""


def json_path(path: Path) -> str:
    """``path`` as people write it: ``$.tasks[3].inputs`` (RFC 9535, normalized but for names that need no brackets)."""
    made = "$"
    for part in path:
        if isinstance(part, int):
            made += f"[{part}]"
        else:
            made += f".{part}" if _NAMED.fullmatch(part) else f"[{_quoted(part)}]"
    return made


def shown(value: Any) -> str:
    """``value`` as short JSON, texts in single quotes."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, (dict, list)):
        many = f"{len(value):,} {'field' if isinstance(value, dict) else 'item'}{'' if len(value) == 1 else 's'}"
        return (
            f"{'an object' if isinstance(value, dict) else 'a list'} of {many}"
            if value
            else "{}"
            if isinstance(value, dict)
            else "[]"
        )
    said = json.dumps(value)
    return said if len(said) <= _SHOWN else f"{said[: _SHOWN - 1]}…"


def _quoted(text: str) -> str:
    short = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
    return "'" + short.encode("utf-8", "backslashreplace").decode().replace("\n", " ") + "'"


def nearest(wrong: str, right: Iterable[str]) -> str:
    """The one of ``right`` that ``wrong`` may have been meant to be; empty if none is near."""
    found = difflib.get_close_matches(wrong[:100], sorted(right), n=1, cutoff=0.7)
    return found[0] if found else ""


def faults(error: ValidationError, model: type[BaseModel]) -> Iterator[Fault]:
    """Each fault of ``error``; a field that is missing where a misspelt one stands is told once, as misspelt."""
    if (many := error.error_count()) > MOST:
        yield Fault(
            (),
            f"{many:,} values do not fit the schema",
            "have it written by a program that knows the schema: 'planning-kit schema task-plan'",
        )
        return
    told = error.errors(include_url=False, include_context=False)
    lacking: dict[Path, set[str]] = {}
    for each in told:
        if each["type"] == "missing":
            lacking.setdefault(each["loc"][:-1], set()).add(str(each["loc"][-1]))
    meant: set[Path] = set()
    unknown: list[Fault] = []
    for each in told:
        if each["type"] == "extra_forbidden":
            *above, name = each["loc"]
            fields = _fields(model, tuple(above))
            near = nearest(str(name), lacking.get(tuple(above), set()) or fields) or nearest(str(name), fields)
            meant.add((*above, near))
            did = f"; did you mean '{near}'?" if near else ""
            hint = (
                f"write '{near}'"
                if near
                else f"leave it out; there is {', '.join(fields)}"
                if fields
                else "leave it out"
            )
            unknown.append(Fault(each["loc"], f"no such field: {_quoted(str(name))}{did}", hint))
    for each in told:
        if each["type"] == "missing" and each["loc"] not in meant:
            what = _asked(model, each["loc"])
            yield Fault(
                each["loc"][:-1], f"lacks '{each['loc'][-1]}'", f"add '{each['loc'][-1]}': {what}" if what else ""
            )
        elif each["type"] not in ("missing", "extra_forbidden"):
            yield _misfit(model, each["loc"], each["input"])
    yield from unknown


def _misfit(model: type[BaseModel], path: Path, value: Any) -> Fault:
    said = shown(value)
    if isinstance(value, str) and not value.strip():
        said = "empty" if not value else "only spaces"
    schema = _schema(model, path)
    asked = _asked(model, path) or "something else"
    hint = _meant(schema, value) or f"write {asked}"
    options = [each for each in schema.get("enum", ()) if isinstance(each, str)]
    if "const" in schema:
        hint = f"write '{schema['const']}'"
    if isinstance(value, str) and (
        near := nearest(value.upper() if options and options[0].isupper() else value.lower(), options)
    ):
        hint = f"write '{near}'"
    return Fault(path, f"must be {asked}, and is {said}", hint)


def _meant(schema: Mapping[str, Any], value: Any) -> str:
    """What ``value`` may have been meant to be where ``schema`` holds, as a hint; empty where that cannot be told."""
    kind = schema.get("type")
    if kind == "integer" and isinstance(value, str) and re.fullmatch(r"\s*\d{1,9}\s*", value, re.ASCII):
        return f"leave out the quotation marks: {int(value)}"
    if kind == "integer" and isinstance(value, (int, float)) and not isinstance(value, bool):
        near = max(min(value, schema.get("maximum", value)), schema.get("minimum", value))
        return f"write {int(near)}" if near == near // 1 and near < 1e15 else ""
    one = schema.get("items", {}).get("type") if kind == "array" else ""
    if (one == "string" and isinstance(value, str) and value.strip()) or (one == "integer" and type(value) is int):
        return f"put it in brackets: [{json.dumps(value, ensure_ascii=False)[:_SHOWN]}]"
    if schema.get("pattern") == "^/" and isinstance(value, str) and re.fullmatch(r"[\w{}.:-]+(?:/[\w{}.:-]+)*", value):
        return f"write '/{value[:_SHOWN]}'"
    return ""


def _asked(model: type[BaseModel], path: Path) -> str:
    """What may stand at ``path``, in words; empty where that is not known."""
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    return _words(_schema(model, path), name, model)


def _words(schema: Mapping[str, Any], name: str, model: type[BaseModel]) -> str:
    if options := schema.get("enum") or ([schema["const"]] if "const" in schema else []):
        listed = ", ".join(f"'{each}'" for each in options)
        return f"one of {listed}" if len(options) > 1 else listed
    kind = schema.get("type")
    if kind == "integer":
        least, most = schema.get("minimum"), schema.get("maximum")
        return f"{_UNITS.get(name, 'a whole number')} from {least}" + (f" to {most}" if most is not None else "")
    if kind == "string":
        return _PATTERNS.get(schema.get("pattern", ""), "a text")
    if kind == "array":
        items = _words(_resolved(schema.get("items", {}), model), name, model)
        plural = items
        for one, many in _PLURALS:
            plural = plural.replace(one, many)
        least = ", at least one" if schema.get("minItems") else ""
        return f"a list of {plural}{least}" if plural else f"a list{least}"
    if kind == "object" or "properties" in schema:
        fields = list(schema.get("properties", ()))
        return f"an object with {', '.join(fields)}" if fields else "an object"
    return ""


def _fields(model: type[BaseModel], path: Path) -> list[str]:
    return list(_schema(model, path).get("properties", ()))


def _schema(model: type[BaseModel], path: Path) -> Mapping[str, Any]:
    """The part of the model's JSON Schema that is about the value at ``path``; an empty one where there is none."""
    schema = _resolved(_whole(model), model)
    for part in path:
        schema = _resolved(
            schema.get("items", {}) if isinstance(part, int) else schema.get("properties", {}).get(part, {}), model
        )
    return schema


def _resolved(schema: Mapping[str, Any], model: type[BaseModel]) -> Mapping[str, Any]:
    """``schema`` itself: not a reference to it, nor the choice between it and null."""
    for option in schema.get("anyOf", ()):
        if option.get("type") != "null":
            schema = option
            break
    while "$ref" in schema:
        schema = _whole(model)["$defs"][schema["$ref"].rpartition("/")[2]]
    return schema


@cache
def _whole(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()
