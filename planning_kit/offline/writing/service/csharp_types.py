"""The schemas one operation takes and returns, as C# records."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..naming import distinct, pascal
from . import contract as contracts
from .contract import Contract, Property
from .literals import line, sharp

_FORMATS = {"date-time": "DateTimeOffset", "date": "DateOnly", "time": "TimeOnly", "uuid": "Guid", "uri": "string"}
_PLAIN = {"string": "string", "integer": "long", "number": "decimal", "boolean": "bool"}
_MOST = 40


@dataclass
class Types:
    """The records while they are made: by the reference they stand for, with their properties."""

    contract: Contract
    named: dict[str, str] = field(default_factory=dict)
    held: dict[str, list[Property]] = field(default_factory=dict)
    taken: set[str] = field(default_factory=lambda: {"Program", "Problems", "Telemetry", "Settings", "IStore", "InMemoryStore", "Failure", "Outcome", "Task", "Guid"})  # fmt: skip

    def type_of(self, schema: Any, wanted: str) -> str:
        """The type of ``schema``, a new record for an object that has no name yet (called ``wanted``)."""
        if not isinstance(schema, dict):
            return "JsonElement"
        ref = schema.get("$ref")
        if isinstance(ref, str) and ref in self.named:
            return self.named[ref]
        held = self.contract.followed(schema)
        kind = contracts.kind_of(held)
        bare = _PLAIN.get(kind, "JsonElement")
        if kind == "object" and contracts.properties(held) and len(self.held) < _MOST:
            bare = self.record(
                held, ref if isinstance(ref, str) else "", str(ref).rpartition("/")[2] if ref else wanted
            )
        elif kind == "array":
            bare = f"IReadOnlyList<{self.type_of(held.get('items'), f'{wanted}Item')}>"
        elif kind == "string":
            bare = _FORMATS.get(str(held.get("format")), "string") if not held.get("enum") else "string"
        return f"{bare}?" if contracts.nullable(held) and bare != "JsonElement" else bare

    def record(self, held: dict[str, Any], ref: str, wanted: str) -> str:
        """The name of the record that ``held`` is."""
        made = distinct(pascal(wanted), self.taken)
        if ref:
            self.named[ref] = made
        self.held[made] = []
        required = {str(each) for each in held.get("required", ()) if isinstance(each, str)}
        names = {made}  # a member is not called like its type (CS0542)
        for json, each in contracts.properties(held).items():
            kind = self.type_of(each, f"{made}{pascal(json)}")
            self.held[made].append(Property(json, distinct(pascal(json), names), kind, json in required, self.contract.followed(each)))  # fmt: skip
        return made

    @property
    def policy(self) -> str:
        """The naming policy of System.Text.Json that gives most properties their name."""
        every = [each for parts in self.held.values() for each in parts]
        snakes = sum(_snake(each.name) == each.json for each in every)
        camels = sum(_camel(each.name) == each.json for each in every)
        return "SnakeCaseLower" if snakes >= camels else "CamelCase"

    def lines(self, name: str, said: str) -> Iterator[str]:
        """The record called ``name``."""
        given = _snake if self.policy == "SnakeCaseLower" else _camel
        yield f"/// <summary>{line(said)}</summary>"
        yield f"public sealed record {name}"
        yield "{"
        for each in sorted(self.held[name], key=lambda one: not one.required):
            if given(each.name) != each.json:
                yield f"    [JsonPropertyName({sharp(each.json)})]"
            kind = each.type if each.required or each.type.endswith("?") else f"{each.type}?"
            yield f"    public {'required ' if each.required else ''}{kind} {each.name} {{ get; init; }}"
        yield "}"

    def uses(self, text: str) -> list[str]:
        """The ``using`` lines that ``text`` needs."""
        marks = (("JsonPropertyName", "System.Text.Json.Serialization"), ("JsonElement", "System.Text.Json"))
        return [f"using {module};" for mark, module in marks if mark in text]


def broken(types: Types, name: str) -> Iterator[str]:
    """The lines that name the properties of a record which hold what the schema forbids."""
    for each in types.held.get(name, ()):
        yield from (f"        if ({test})\n        {{\n            yield return {sharp(each.json)};\n        }}" for test in _tests(each))  # fmt: skip


def _tests(each: Property) -> Iterator[str]:
    schema, bare = each.schema, each.type.removesuffix("?")
    value = each.name
    values = schema.get("enum")
    if bare == "string" and isinstance(values, list) and all(isinstance(one, str) for one in values):
        listed = " or ".join(sharp(one) for one in values)
        yield f"{value} is not ({listed}{' or null' if not each.required or each.type.endswith('?') else ''})"
    if bare == "string":
        for key, sign in (("minLength", "<"), ("maxLength", ">")):
            if isinstance(schema.get(key), int):
                yield f"{value} is {{ Length: {sign} {schema[key]} }}"
    if bare in ("long", "decimal"):
        for key, sign in (("minimum", "<"), ("maximum", ">")):
            if isinstance(schema.get(key), (int, float)) and not isinstance(schema.get(key), bool):
                yield f"{value} {sign} {schema[key]}{'m' if bare == 'decimal' else ''}"


def value(types: Types, kind: str, said: Any) -> str:
    """``said`` as a C# expression of the type ``kind``."""
    bare = kind.removesuffix("?")
    texts = {"Guid": "Guid.Parse({})", "DateTimeOffset": "DateTimeOffset.Parse({})", "DateOnly": "DateOnly.Parse({})", "TimeOnly": "TimeOnly.Parse({})"}  # fmt: skip
    if said is None and kind.endswith("?"):
        return "null"
    if bare in texts:
        return texts[bare].format(sharp(str(said)))
    if bare == "string":
        return sharp(str(said))
    if bare == "bool":
        return "true" if said else "false"
    if bare in ("long", "decimal"):
        number = said if isinstance(said, (int, float)) and not isinstance(said, bool) else 1
        return f"{number}m" if bare == "decimal" else str(int(number))
    if bare in types.held and isinstance(said, dict):
        parts = [f"{each.name} = {value(types, each.type, said.get(each.json, types.contract.value(each.schema)))}" for each in types.held[bare] if each.required]  # fmt: skip
        return f"new {bare} {{ {', '.join(parts)} }}"
    if bare.startswith("IReadOnlyList<"):
        inner = bare[len("IReadOnlyList<") : -1]
        items = ", ".join(value(types, inner, each) for each in said) if isinstance(said, list) else ""
        return f"new List<{inner}> {{ {items} }}" if items else f"new List<{inner}>()"
    return "default"


def _snake(text: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower()


def _camel(text: str) -> str:
    return text[:1].lower() + text[1:]
