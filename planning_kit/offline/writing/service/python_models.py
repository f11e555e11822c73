"""The schemas one operation takes and returns, as pydantic models."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..naming import distinct, pascal
from . import contract as contracts
from . import literals
from .contract import Call, Contract, Property

_FORMATS = {"date-time": "datetime", "date": "date", "time": "time", "uuid": "UUID"}
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_PATTERN = re.compile(r"(?:[\w\s^$(){},.+*?|@:;/-]|\[[\w\s.,:;@/-]+\]|\\[dws.])*")
"""Patterns that mean the same to JSON Schema and to pydantic."""
_MOST = 40


@dataclass
class Models:
    """The models while they are written: by the reference they stand for, and the lines of each."""

    contract: Contract
    named: dict[str, str] = field(default_factory=dict)
    written: dict[str, list[str]] = field(default_factory=dict)
    held: dict[str, list[Property]] = field(default_factory=dict)
    taken: set[str] = field(
        default_factory=lambda: {
            "Any",
            "BaseModel",
            "ConfigDict",
            "Field",
            "Literal",
            "UUID",
            "Problem",
            "Caller",
            "Store",
        }
    )
    imports: set[str] = field(default_factory=set)

    def type_of(self, schema: Any, wanted: str) -> str:
        """The type of ``schema``, a new model for an object that has no name yet (called ``wanted``)."""
        if not isinstance(schema, dict):
            return self._of("Any")
        ref = schema.get("$ref")
        if isinstance(ref, str) and ref in self.named:
            return self.named[ref]
        held = self.contract.followed(schema)
        merged = self._merged(held)
        bare = self._bare(merged, ref if isinstance(ref, str) else "", wanted)
        return f"{bare} | None" if contracts.nullable(merged) and bare not in ("Any", "None") else bare

    def _bare(self, held: dict[str, Any], ref: str, wanted: str) -> str:
        kind = contracts.kind_of(held)
        values = held.get("enum")
        if isinstance(values, list) and values and all(isinstance(each, (str, int, bool)) or each is None for each in values):  # fmt: skip
            self._of("Literal")
            return f"Literal[{', '.join(literals.python(each) for each in values)}]"
        if kind == "object" and contracts.properties(held) and len(self.written) < _MOST:
            return self.model(held, ref, ref.rpartition("/")[2] or wanted)
        if kind == "array":
            return f"list[{self.type_of(held.get('items'), f'{wanted}Item')}]"
        if kind == "object":
            return f"dict[str, {self._of('Any')}]"
        if kind == "string" and held.get("format") in _FORMATS:
            return self._of(_FORMATS[str(held["format"])])
        return _PLAIN.get(kind) or self._of("Any")

    def model(self, held: dict[str, Any], ref: str, wanted: str) -> str:
        """The name of the model that ``held`` is; it is written if it is not yet."""
        made = distinct(pascal(wanted), self.taken)
        if ref:
            self.named[ref] = made
        required = {str(each) for each in held.get("required", ()) if isinstance(each, str)}
        names: set[str] = set()
        parts = [
            Property(json, distinct(literals.name(json), names), self.type_of(each, f"{made}{pascal(json)}"), json in required, self.contract.followed(each))
            for json, each in contracts.properties(held).items()
        ]  # fmt: skip
        said = literals.line(str(held.get("description") or f"{made} of the contract."), 100)
        lines = [f"class {made}(BaseModel):", f'    """{said}"""', ""]
        if any(each.json != each.name for each in parts):
            self.imports.add("ConfigDict")
            lines += ["    model_config = ConfigDict(populate_by_name=True)", ""]
        lines += [self._line(each) for each in sorted(parts, key=lambda one: not one.required)]
        self.written[made] = lines
        self.held[made] = parts
        return made

    def _line(self, each: Property) -> str:
        limits = _limits(each.schema, each.type)
        given = {
            **({"validation_alias": each.json, "serialization_alias": each.json} if each.json != each.name else {}),
            **limits,
        }
        kind = (
            each.type if each.required or each.type.endswith("| None") or each.type == "Any" else f"{each.type} | None"
        )
        if given:
            self.imports.add("Field")
            said = ", ".join([*(["default=None"] if not each.required else []), *(f"{key}={literals.python(value)}" for key, value in given.items())])  # fmt: skip
            return f"    {each.name}: {kind} = Field({said})"
        return f"    {each.name}: {kind}" + ("" if each.required else " = None")

    def _merged(self, held: dict[str, Any]) -> dict[str, Any]:
        """A schema with what its ``allOf`` says."""
        parts = held.get("allOf")
        if not isinstance(parts, list):
            return held
        every = [self.contract.followed(each) for each in parts[:20]]
        properties = {name: each for one in (*every, held) for name, each in contracts.properties(one).items()}
        required = [each for one in (*every, held) for each in one.get("required", ())]
        rest = {
            key: value
            for one in (*every, held)
            for key, value in one.items()
            if key not in ("allOf", "properties", "required")
        }
        return {**rest, **({"type": "object", "properties": properties, "required": required} if properties else {})}

    def _of(self, name: str) -> str:
        self.imports.add(name)
        return name

    @property
    def header(self) -> list[str]:
        """The imports that the types need."""
        times = sorted(self.imports & {"datetime", "date", "time"})
        typed = sorted(self.imports & {"Any", "Literal"})
        found = [f"from datetime import {', '.join(times)}"] if times else []
        found += [f"from typing import {', '.join(typed)}"] if typed else []
        found += ["from uuid import UUID"] if "UUID" in self.imports else []
        return found


def _limits(schema: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """What a property may hold, as pydantic says it."""
    said: dict[str, Any] = {}
    bare = kind.removesuffix(" | None")
    if bare == "str":
        said = {new: schema[old] for old, new in (("minLength", "min_length"), ("maxLength", "max_length")) if isinstance(schema.get(old), int)}  # fmt: skip
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and len(pattern) <= 200 and "(?" not in pattern and _PATTERN.fullmatch(pattern):
            said["pattern"] = pattern
    elif bare in ("int", "float"):
        named = (("minimum", "ge"), ("maximum", "le"), ("exclusiveMinimum", "gt"), ("exclusiveMaximum", "lt"))
        said = {new: schema[old] for old, new in named if isinstance(schema.get(old), (int, float)) and not isinstance(schema.get(old), bool)}  # fmt: skip
    elif bare.startswith("list["):
        said = {new: schema[old] for old, new in (("minItems", "min_length"), ("maxItems", "max_length")) if isinstance(schema.get(old), int)}  # fmt: skip
    return said


def of_call(contract: Contract, call: Call) -> tuple[Models, str, str]:
    """The models of one operation: all of them, the type of its body and that of its answer; empty for none."""
    models = Models(contract)
    name = pascal(call.id)
    body = models.type_of(call.body, f"{name}Request") if call.body else ""
    json = "json" in call.success.media
    return models, body, models.type_of(call.success.schema, f"{name}Response") if json and call.success.schema else ""


def file(models: Models) -> str:
    """The file with all of them."""
    needed = ["BaseModel", *sorted(models.imports & {"ConfigDict", "Field"})]
    head = ['"""What is sent and returned, as the OpenAPI document declares it."""', "", "from __future__ import annotations", ""]  # fmt: skip
    lines = ["# app/models.py", *head, *models.header, *([""] if models.header else []), f"from pydantic import {', '.join(needed)}"]  # fmt: skip
    for each in models.written.values():
        lines += ["", "", *each]
    return "\n".join(lines)
