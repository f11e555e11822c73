"""An OpenAPI document as typed parts: every object of the specification in it, with its path, and what a $ref leads to.

Runs in the process aside, or on documents that were read there. The tables follow the fixed fields of OpenAPI 3.1.1, section
4.8, and of 2.0, which are fields of the same names or of names that 3.x does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from ..places import Path, Tree
from ..vocabulary import subschemas

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_FIELDS: dict[str, dict[str, str]] = {
    "root": {
        "paths": "{path item", "webhooks": "{path item", "components": "components",
        "definitions": "{schema", "parameters": "{parameter", "responses": "{response",
    },
    "components": {
        "schemas": "{schema", "responses": "{response", "parameters": "{parameter", "examples": "{example",
        "requestBodies": "{request body", "headers": "{header", "securitySchemes": "{security scheme", "links": "{link",
        "callbacks": "{callback", "pathItems": "{path item",
    },
    "path item": {**dict.fromkeys(METHODS, "operation"), "parameters": "[parameter"},
    "operation": {
        "parameters": "[parameter", "requestBody": "request body", "responses": "{response", "callbacks": "{callback",
    },
    "parameter": {"schema": "schema", "content": "{media type", "examples": "{example"},
    "header": {"schema": "schema", "content": "{media type", "examples": "{example"},
    "request body": {"content": "{media type"},
    "response": {"content": "{media type", "headers": "{header", "links": "{link", "schema": "schema"},
    "media type": {"schema": "schema", "examples": "{example", "encoding": "{encoding"},
    "encoding": {"headers": "{header"},
}  # fmt: skip
"""Kind of object → field → the kind it holds; ``{`` by name, ``[`` as a list."""


@dataclass(frozen=True)
class Part:
    """One object: its ``kind`` (``operation``, ``schema`` …), where it is, what it holds."""

    kind: str
    path: Path
    value: dict[str, Any]


@dataclass(frozen=True)
class Operation:
    """One operation: the template it stands under, its method, its place, itself, and the item it stands in."""

    template: str
    method: str
    path: Path
    value: dict[str, Any]
    item: dict[str, Any]

    @property
    def name(self) -> str:
        """As people write it: ``GET /notes``."""
        return f"{self.method.upper()} {self.template}"


class Spec:
    """A whole document, or the excerpt of one (``partial``): what it refers to may stand elsewhere."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.value: dict[str, Any] = tree.value if isinstance(tree.value, dict) else {}
        self.partial = not {"openapi", "swagger"} & self.value.keys()

    @cached_property
    def version(self) -> str:
        """``2.0``, ``3.0``, ``3.1``, ``3.2``; that of an excerpt is told by what only one has; else as it is written."""
        if self.partial:
            return "3.0" if any("nullable" in each.value for each in self.of("schema")) else "3.1"
        said = str(self.value.get("openapi", self.value.get("swagger", "")))
        found = re.match(r"(2\.0|3\.[012])(?:\.\d+)?$", said)
        fits = found and (found[1] == "2.0") == ("openapi" not in self.value)
        return found[1] if found and fits else said

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every object, those of a kind after each other."""
        found: list[Part] = []
        left: list[Part] = [Part("root", (), self.value)]
        while left:
            part = left.pop()
            found.append(part)
            if part.kind != "schema":
                left += self._held(part)
        return tuple(sorted(found, key=lambda each: self.tree.at(each.path)))

    def _held(self, part: Part) -> Iterator[Part]:
        if part.kind == "callback":
            yield from self._each("{path item", part.path, part.value)
        for field, kind in _FIELDS.get(part.kind, {}).items():
            if part.kind == "root" and field in ("parameters", "responses") and "swagger" not in self.value:
                continue
            yield from self._each(kind, (*part.path, field), part.value.get(field))

    def _each(self, kind: str, path: Path, value: Any) -> Iterator[Part]:
        pairs: list[tuple[str | int, Any]] = []
        if kind.startswith("{") and isinstance(value, dict):
            pairs = [(key, one) for key, one in value.items() if not str(key).startswith("x-")]
        elif kind.startswith("[") and isinstance(value, list):
            pairs = list(enumerate(value))
        for key, one in pairs:
            yield from self._one(kind[1:], (*path, key), one)
        if kind[0] not in "{[":
            yield from self._one(kind, path, value)

    def _one(self, kind: str, path: Path, value: Any) -> Iterator[Part]:
        if kind == "schema":
            yield from (Part("schema", at, each) for at, each in subschemas(value, path))
        elif isinstance(value, dict):
            yield Part(kind, path, value)

    def of(self, *kinds: str) -> Iterator[Part]:
        """The parts of some kinds, in the order of the text."""
        return (part for part in self.parts if part.kind in kinds)

    @cached_property
    def kinds(self) -> dict[Path, str]:
        """The kind of object at each path."""
        return {part.path: part.kind for part in self.parts}

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """Every operation under ``paths``, in the order of the text."""
        found = []
        for part in self.of("operation"):
            if part.path[0] == "paths" and len(part.path) == 3:
                item = self.value["paths"][part.path[1]]
                found.append(Operation(str(part.path[1]), str(part.path[2]), part.path, part.value, item))
        return tuple(found)

    def followed(self, value: Any, path: Path = ()) -> tuple[Any, Path]:
        """What ``value`` (at ``path``) stands for after its $refs, at most ten; nothing if that is not in this document."""
        for _ in range(10):
            if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
                return value, path
            at = self.target(value["$ref"])
            if at is None:
                return None, path
            value, path = self.get(at), at
        return None, path

    def target(self, ref: str) -> Path | None:
        """The path a $ref within this document names, if there is something."""
        if ref == "#":
            return ()
        if not ref.startswith("#/"):
            return self._anchors.get(ref[1:]) if ref.startswith("#") else None
        value: Any = self.value
        path: list[str | int] = []
        for part in ref[2:].split("/"):
            name = unquote(part).replace("~1", "/").replace("~0", "~")
            if isinstance(value, dict) and name in value:
                path.append(name)
                value = value[name]
            elif isinstance(value, list) and name.isdecimal() and int(name[:9]) < len(value):
                path.append(int(name))
                value = value[int(name)]
            else:
                return None
        return tuple(path)

    def get(self, path: Path) -> Any:
        """The value at a path that is there."""
        value: Any = self.value
        for part in path:
            value = value[part]
        return value

    @cached_property
    def _anchors(self) -> dict[str, Path]:
        found = {}
        for part in self.of("schema"):
            for key in ("$anchor", "$dynamicAnchor"):
                if isinstance(part.value.get(key), str):
                    found[part.value[key]] = part.path
        return found

    def named(self, path: Path) -> str:
        """What is at ``path``, in words: ``GET /notes, response 200``."""
        said: list[str] = []
        parts = list(path)
        if len(parts) >= 2 and parts[0] in ("paths", "webhooks"):
            method = str(parts[2]).upper() + " " if len(parts) > 2 and parts[2] in METHODS else ""
            said.append(f"{method}{parts[1]}")
            parts = parts[3 if method else 2 :]
        elif len(parts) >= 3 and parts[0] == "components":
            said.append(f"{_SINGULAR.get(str(parts[1]), parts[1])} {parts[2]!r}")
            parts = parts[3:]
        elif len(parts) >= 2 and parts[0] == "definitions":
            said.append(f"schema {parts[1]!r}")
            parts = parts[2:]
        while parts:
            said.append(self._worded(parts, path[: len(path) - len(parts)]))
        return ", ".join(said) or "the document"

    def _worded(self, parts: list[str | int], above: Path) -> str:
        first = str(parts.pop(0))
        if not parts or first not in _SINGULAR:
            return "request body" if first == "requestBody" else f"item {first}" if first.isdecimal() else first
        second = parts.pop(0)
        try:
            held = self.get((*above, first, second))
        except (KeyError, IndexError, TypeError):
            held = None
        name = held.get("name", held.get("$ref")) if isinstance(held, dict) and isinstance(second, int) else second
        return f"{_SINGULAR[first]} {name if name is not None else second}"


_SINGULAR = {
    "schemas": "schema", "responses": "response", "parameters": "parameter", "examples": "example",
    "requestBodies": "request body", "headers": "header", "securitySchemes": "security scheme", "links": "link",
    "callbacks": "callback", "pathItems": "path item", "properties": "property", "content": "content",
    "servers": "server", "tags": "tag", "allOf": "allOf", "anyOf": "anyOf", "oneOf": "oneOf",
}  # fmt: skip
