"""YAML and JSON with the place of every value: parsed strictly, within limits, by YAML's rules of 1.2 for what is a boolean.

Runs in the process aside, or on texts a caller has found small.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

import yaml

MOST_NODES = 200_000
"""The most values a text may stand for, its aliases written out: a few lines of them can stand for gigabytes."""
MOST_DEEP = 100
"""How deep values may be nested."""

Path = tuple[str | int, ...]


class Unreadable(Exception):
    """A text is not what it should be: ``line`` and ``column`` from 1 (0: not known), ``hint`` what mends it."""

    def __init__(self, message: str, line: int, column: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.hint = message, line, column, hint


@dataclass
class Tree:
    """A text as values: ``value``, and by path the line and column (from 1) of each value and of each key.

    Keys of mappings are strings, whatever they look like; ``bare`` has the paths of those that were not written as such.
    """

    value: Any = None
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    bare: set[Path] = field(default_factory=set)

    def at(self, path: Path) -> tuple[int, int]:
        """Where the key (or item) at ``path`` is, or the nearest above it that is there."""
        for end in range(len(path), 0, -1):
            if place := self.keys.get(path[:end]) or self.values.get(path[:end]):
                return place
        return self.values.get((), (1, 1))


def read(text: str, lang: str = "yaml") -> Tree:
    """``text`` as values with their places.

    Args:
        text: YAML, or JSON where ``lang`` is ``json``; several YAML documents give the first.
        lang: ``yaml`` or ``json``.

    Raises:
        Unreadable: it does not parse, repeats a key, is nested too deep or stands for too much.
    """
    if lang == "json":
        _strict(text)
        text = re.sub(r"\t", " ", text)
    try:
        loader = yaml.CSafeLoader(text)
        try:
            node = loader.get_node() if loader.check_node() else None
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.context, error.problem) if part)
        raise Unreadable(said, mark.line + 1 if mark else 1, mark.column + 1 if mark else 0) from error
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(" ".join(str(error).split())[:200], 1) from error
    except RecursionError:
        raise Unreadable("it is nested too deep", 1, hint="write it flatter") from None
    return _Reader().tree(node)


def _strict(text: str) -> None:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(error.msg, error.lineno, error.colno) from error
    except RecursionError:
        raise Unreadable("it is nested too deep", 1, hint="write it flatter") from None


class _Reader:
    """Composed nodes become values, with their places, as long as there are not too many of them."""

    def __init__(self) -> None:
        self._found = Tree()
        self._left = MOST_NODES

    def tree(self, node: yaml.Node | None) -> Tree:
        """The whole."""
        self._found.value = self._value(node, ()) if node is not None else None
        return self._found

    def _value(self, node: yaml.Node, path: Path) -> Any:
        place = (node.start_mark.line + 1, node.start_mark.column + 1)
        self._left -= 1
        if self._left < 0:
            raise Unreadable(
                f"it stands for more than {MOST_NODES:,} values", *place, hint="write out less, or without aliases"
            )
        if len(path) > MOST_DEEP:
            raise Unreadable(f"it is nested more than {MOST_DEEP} deep", *place, hint="write it flatter")
        self._found.values[path] = place
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(each, (*path, at)) for at, each in enumerate(node.value)]
        return _scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        made: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, each in node.value:
            place = (key.start_mark.line + 1, key.start_mark.column + 1)
            if key.tag == "tag:yaml.org,2002:merge":
                value = self._value(each, (*path, "<<"))
                for part in value if isinstance(value, list) else [value]:
                    merged = {**part, **merged} if isinstance(part, dict) else merged
                continue
            if not isinstance(key, yaml.ScalarNode):
                raise Unreadable("a key must be a word", *place)
            name = str(key.value)
            if name in made:
                raise Unreadable(f"the key {name!r} is there twice", *place, hint="keep one of the two")
            self._found.keys[(*path, name)] = place
            if not key.style and key.tag != "tag:yaml.org,2002:str" and not isinstance(_scalar(key), str):
                self._found.bare.add((*path, name))
            made[name] = self._value(each, (*path, name))
        return {**merged, **made}


_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_NULLS = {"", "~", "null", "Null", "NULL"}


def _scalar(node: yaml.ScalarNode) -> Any:
    """A scalar by the core schema of YAML 1.2.2 (section 10.3.2): ``on``, ``yes`` and dates are strings."""
    said = str(node.value)
    if node.style in ("'", '"', "|", ">") or not node.tag.startswith("tag:yaml.org,2002:") or node.tag.endswith(":str"):
        return said
    if said in _BOOLEANS:
        return _BOOLEANS[said]
    if said in _NULLS:
        return None
    if re.fullmatch(r"[-+]?\d{1,300}", said):
        return int(said)
    if re.fullmatch(r"0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300}", said):
        return int(said, 0)
    if re.fullmatch(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d{1,3})?", said):
        return float(said)
    return said
