"""YAML and JSON with the place of every value: parsed strictly, within limits, by YAML's rules of 1.2 for what is a boolean.

Runs in the process aside, or on texts a caller has found small.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from .strict_json import Json
from .tree import MOST_DEEP, MOST_NODES, Path, Tree, Unreadable, counted

__all__ = ["MOST_DEEP", "MOST_NODES", "Path", "Tree", "Unreadable", "every", "read"]

_SURELY_SHALLOW = 1000
"""With fewer marks that begin a value inside another one, no text is nested too deep for the parser."""


def read(text: str, lang: str = "yaml") -> Tree:
    """``text`` as values with their places.

    Args:
        text: YAML, or JSON where ``lang`` is ``json``; several YAML documents give the first, but all must parse.
        lang: ``yaml`` or ``json``.

    Raises:
        Unreadable: it does not parse, repeats a key, is nested too deep or stands for too much.
    """
    if lang == "json":
        return Json(text).tree()
    return next(iter(every(text)), Tree())


def every(text: str) -> list[Tree]:
    """Every YAML document of a stream, each with its places.

    Raises:
        Unreadable: one of them is as :func:`read` refuses it.
    """
    nodes = []
    try:
        _shallow(text)
        loader = yaml.CSafeLoader(text)
        try:
            while loader.check_node():
                nodes.append(loader.get_node())
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise _yaml_fault(text, error) from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        column = len(before) - (before.rfind("\n") + 1) + 1
        said = f"the character U+{int(error.character):04X} is not allowed"
        raise Unreadable(said, before.count("\n") + 1, column, "leave it out") from error
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable(" ".join(str(error).split())[:200], 1) from error
    except RecursionError:
        raise Unreadable("it is nested too deep", 1, hint="write it flatter") from None
    return [_Reader().tree(node) for node in nodes[:_MOST_DOCUMENTS]]


def _shallow(text: str) -> None:
    """Nothing, unless ``text`` is nested so deep that composing its nodes, which recurses in C, would end the process."""
    if sum(text.count(mark) for mark in ("[", "{", "- ", "? ", ": ")) < _SURELY_SHALLOW:
        return
    deep = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if deep > _SURELY_SHALLOW:
            mark = event.start_mark
            place = (mark.line + 1, mark.column + 1) if mark else (1, 0)
            raise Unreadable(f"it is nested more than {MOST_DEEP} deep", *place, hint="write it flatter")


_MOST_DOCUMENTS = 50
"""How many documents of one YAML stream are looked at for keys that are there twice."""
_YAML_HINTS = (
    (r"cannot start any token", "quote the value, or indent with spaces instead of tabs"),
    (r"mapping values are not allowed", "quote the value if it holds a colon and a space; else mend the indentation"),
    (r"undefined alias", "quote the value: a leading * means an alias"),
    (r"expected <block end>|did not find expected key", "align it with its neighbours; quote a value that goes on after a quoted part"),
    (r"could not find expected ':'", "put a colon and a space after the key, or indent the text that goes on"),
    (r"unexpected end of stream|expected ',' or", "close the bracket or the quotation mark; quote a value with brackets"),
)  # fmt: skip


def _yaml_fault(text: str, error: yaml.MarkedYAMLError) -> Unreadable:
    mark = error.problem_mark or error.context_mark
    ended = mark is not None and not "".join(text.split("\n")[mark.line :]).strip()
    if error.context_mark and (ended or "simple key" in str(error.context)):
        mark = error.context_mark  # where the key, bracket or quotation begins, not where it is missed
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 0)
    said = " ".join(part for part in (error.context, error.problem) if part)
    hint = next((hint for looks, hint in _YAML_HINTS if re.search(looks, said)), "")
    if "\t" in "".join(text.split("\n")[line - 1 : line])[:column]:
        hint = "indent with spaces instead of tabs"
    return Unreadable(said, line, column, hint)


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
        self._left = counted(self._left, path, place)
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
