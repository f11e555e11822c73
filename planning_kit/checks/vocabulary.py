"""The words of a JSON Schema: where its subschemas are, which keywords are misspelt, what is required and not defined.

Nothing in JSON Schema forbids an unknown keyword (2020-12 Core, section 6.5), so no validator says that ``minlength`` does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .fits import close, no_pattern
from .places import Path

ONE = frozenset(
    {
        "items",
        "additionalItems",
        "additionalProperties",
        "not",
        "if",
        "then",
        "else",
        "contains",
        "propertyNames",
        "unevaluatedItems",
        "unevaluatedProperties",
        "contentSchema",
    }
)
"""The keywords that hold a schema."""
LIST = frozenset({"allOf", "anyOf", "oneOf", "prefixItems", "items"})
"""The keywords that hold a list of schemas; ``items`` did until 2019-09."""
MAP = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"})
"""The keywords that hold schemas by name."""
PLAIN = frozenset(
    {
        "type",
        "enum",
        "const",
        "multipleOf",
        "maximum",
        "exclusiveMaximum",
        "minimum",
        "exclusiveMinimum",
        "maxLength",
        "minLength",
        "pattern",
        "maxItems",
        "minItems",
        "uniqueItems",
        "maxContains",
        "minContains",
        "maxProperties",
        "minProperties",
        "required",
        "dependentRequired",
        "format",
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "contentEncoding",
        "contentMediaType",
        "$schema",
        "$id",
        "id",
        "$ref",
        "$anchor",
        "$dynamicRef",
        "$dynamicAnchor",
        "$recursiveRef",
        "$recursiveAnchor",
        "$vocabulary",
        "$comment",
    }
)
"""The other keywords of the drafts 4 to 2020-12."""
OPENAPI = frozenset({"nullable", "discriminator", "xml", "externalDocs", "example", "deprecated"})
"""What OpenAPI adds (3.0.4, section 4.7.24)."""
EVERY = ONE | LIST | MAP | PLAIN | OPENAPI
_BY_LETTERS = {word.lower().lstrip("$"): word for word in sorted(EVERY, reverse=True)}
_KNOWN = frozenset(
    {
        "errorMessage",
        "markdownDescription",
        "enumDescriptions",
        "enumNames",
        "defaultSnippets",
        "deprecationMessage",
        "propertyOrder",
        "options",
        "definition",
        "requires",
        "tags",
        "version",
        "types",
        "contains",
        "$data",
        "label",
        "labels",
        "value",
        "values",
    }
)
"""What editors and other tools add, or what is near a keyword and may be meant."""
_TOGETHER = frozenset({"allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"})


def subschemas(schema: Any, path: Path = ()) -> Iterator[tuple[Path, dict[str, Any]]]:
    """``schema`` and every schema in it, each with its path."""
    left: list[tuple[Path, Any]] = [(path, schema)]
    while left:
        at, each = left.pop()
        if not isinstance(each, dict):
            continue
        yield at, each
        for key, value in each.items():
            if key in MAP and isinstance(value, dict):
                left += [((*at, key, name), one) for name, one in value.items()]
            elif key in ONE and isinstance(value, dict):
                left.append(((*at, key), value))
            elif key in LIST and isinstance(value, list):
                left += [((*at, key, number), one) for number, one in enumerate(value)]


def misspelt(schema: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The keys of one schema that do nothing there: the key, what is wrong, what mends it."""
    for key, value in schema.items():
        if (
            key in EVERY
            or key in _KNOWN
            or key.startswith("_")
            or key.startswith(("x-", "$"))
            and key.lower() not in _BY_LETTERS
        ):
            continue
        letters = key.lower().replace("_", "").replace("-", "").lstrip("$")
        meant = _BY_LETTERS.get(letters, "") or _meant(key)
        if meant and meant not in schema:
            yield key, f"{key!r} is no keyword of a schema, so it does nothing", f"write {meant!r}"
        elif (
            isinstance(value, dict)
            and {"type", "$ref"} & value.keys()
            and isinstance(schema.get("properties", {}), dict)
            and (schema.get("type") == "object" or "properties" in schema)
        ):
            yield key, f"{key!r} stands beside 'properties' and not in it, so it defines nothing", f"move {key!r} under 'properties'"  # fmt: skip


def _meant(key: str) -> str:
    near = close(key, EVERY) if len(key) > 3 else ""
    return (
        near
        if near
        and abs(len(near) - len(key)) <= 2
        and near[:1] == key[:1]
        and _swaps(near, key) <= (3 if len(key) > 7 else 2)
        else ""
    )


def _swaps(one: str, other: str) -> int:
    """How many letters differ, as a multiset: ``maxLenght`` and ``maxLength`` by none."""
    rest = list(other)
    missing = 0
    for letter in one:
        if letter in rest:
            rest.remove(letter)
        else:
            missing += 1
    return missing + len(rest)


def undefined(path: Path, schema: dict[str, Any]) -> Iterator[tuple[int, str, str]]:
    """What one schema requires and does not define: index in ``required``, name, hint; nothing where another part may define it."""
    properties, required = schema.get("properties"), schema.get("required")
    if not isinstance(properties, dict) or not isinstance(required, list):
        return
    if _TOGETHER & {*path, *schema} or {"$ref", "patternProperties", "$dynamicRef"} & schema.keys():
        return
    if schema.get("additionalProperties") not in (None, False):
        return
    for number, name in enumerate(required):
        if isinstance(name, str) and name not in properties:
            near = close(name, map(str, properties))
            yield number, name, f"write {near!r}, or define {name!r}" if near else f"define {name!r} under 'properties'"


_LIMITS = (("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties"))  # fmt: skip
_OF_TYPES = {
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), ("number", "integer")),
    **dict.fromkeys(("minLength", "maxLength", "pattern"), ("string",)),
    **dict.fromkeys(("items", "minItems", "maxItems", "uniqueItems", "prefixItems", "contains"), ("array",)),
    **dict.fromkeys(("properties", "required", "additionalProperties", "minProperties", "maxProperties"), ("object",)),
}  # fmt: skip
"""Keyword → the types it says something of."""
_FORMATS = {"datetime": "date-time", "date_time": "date-time", "datetimeoffset": "date-time", "e-mail": "email", "uuid4": "uuid", "uuidv4": "uuid", "uuid-v4": "uuid"}  # fmt: skip


def idle(schema: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """The keywords of one schema that allow nothing, or say nothing where they stand: key, what is wrong, what mends it, severity."""
    for least, most in _LIMITS:
        one, other = schema.get(least), schema.get(most)
        if _number(one) and _number(other) and one > other:  # type: ignore[operator]
            yield least, f"{least} {one} is more than {most} {other}, so nothing fits", f"make {least} the smaller one", "error"  # fmt: skip
    typed = schema.get("type")
    kinds = {typed} if isinstance(typed, str) else set(map(str, typed)) if isinstance(typed, list) else set()
    for key, meant in _OF_TYPES.items() if kinds else ():
        if key in schema and not kinds & set(meant) and schema[key] is not True and schema[key] is not False:
            said = f"{key!r} says nothing of the type {' or '.join(sorted(kinds))}"
            yield key, said, f"write type {meant[0]}, or leave {key!r} out", "warning"
    form = schema.get("format")
    if isinstance(form, str) and (right := _FORMATS.get(form.lower())):
        yield "format", f"the format {form!r} is none that JSON Schema knows, so it says nothing", f"write {right!r}", "warning"  # fmt: skip


def _number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def patterns(schema: dict[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """The regular expressions of one schema that are none: path in it, what is wrong, ``error`` or ``warning``."""
    said: list[tuple[Path, Any]] = [(("pattern",), schema.get("pattern"))]
    named = schema.get("patternProperties")
    said += [(("patternProperties", each), each) for each in named] if isinstance(named, dict) else []
    for path, each in said:
        if isinstance(each, str) and (why := no_pattern(each)):
            message = f"the pattern {each[:100]!r} is no regular expression: {why}"
            yield path, message, "warning" if "ECMA" in why else "error"  # some engines take what ECMA does not have
