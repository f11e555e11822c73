"""Data people write by hand: YAML read as plain text with the line of every field, alone or above a markdown body."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from .errors import CatalogRefused, nearest

LARGEST = 65_536
"""The longest consultant, recipe or template file, in bytes."""

DEEPEST = 12
"""How deep fields may be nested."""

_OPENING = (
    yaml.FlowSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.BlockMappingStartToken,
)
_CLOSING = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)

_QUICK: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DOUBTFUL = re.compile(r"\{(?!\})|[\t\r\x85\u2028\u2029\ufeff\x00\x7f]")
"""What libyaml and PyYAML's own parser read in different ways."""

_FROM_BODY = ("prompt", "about")
"""Fields that are the body below the front matter, not written in it."""

T = TypeVar("T", bound=BaseModel)
Value = str | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True)
class Page:
    """One file: its ``fields``, the ``lines`` they stand on (path of keys → line from 1), and the ``body`` below."""

    where: str
    fields: dict[str, Value]
    lines: dict[tuple[str | int, ...], int]
    body: str

    def line(self, path: tuple[str | int, ...]) -> int:
        """The line of the field at ``path``, or of the nearest one around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def parse(text: str, where: str) -> Page:
    """Split ``text`` into front matter and body.

    Every scalar stays text (``no`` is not a boolean); anchors, aliases, tags and keys given twice are refused.

    Args:
        text: the file's text.
        where: its name for messages.

    Raises:
        CatalogRefused: no front matter, broken YAML, or one of the refused things; names file and line.
    """
    if len(text.encode("utf-8")) > LARGEST:
        raise CatalogRefused(f"{where}: longer than {LARGEST:,} bytes")
    match = re.match(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", text.replace("\r\n", "\n"), re.DOTALL)
    if not match:
        raise CatalogRefused(
            f"{where}:1: no front matter; start the file with a line '---', its fields, and another '---'"
        )
    body = text.replace("\r\n", "\n")[match.end() :].strip() + "\n"
    return _page(match.group(1), where, body, 2)


def data(text: str, where: str, largest: int) -> Page:
    """``text`` as YAML with nothing around it, under the same rules as front matter.

    Args:
        text: the file's text.
        where: its name for messages.
        largest: the longest text that is read, in bytes.

    Raises:
        CatalogRefused: broken YAML, or one of the refused things; names file and line.
    """
    if len(text.encode("utf-8")) > largest:
        raise CatalogRefused(f"{where}: longer than {largest:,} bytes")
    return _page(text, where, "", 1)


def _page(text: str, where: str, body: str, first: int) -> Page:
    """The fields of YAML ``text`` whose first line is line ``first`` of the file."""
    try:
        node = _tree(text, where, first)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first
        raise CatalogRefused(f"{where}:{line}: {error.problem or 'not valid YAML'}") from error
    except yaml.YAMLError as error:
        raise CatalogRefused(f"{where}: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(node, yaml.MappingNode):
        what = "front matter" if first > 1 else "it"
        raise CatalogRefused(f"{where}:{first}: {what} must be fields like 'title: …'")
    lines: dict[tuple[str | int, ...], int] = {}
    fields = _value(node, (), lines, where, first)
    assert isinstance(fields, dict)
    return Page(where, fields, lines, body)


def _tree(text: str, where: str, first: int) -> yaml.Node | None:
    """The tree of ``text``: by libyaml, ten times faster, where the two parsers agree; what it refuses PyYAML's own has to judge."""
    if not _DOUBTFUL.search(text):
        with contextlib.suppress(yaml.YAMLError, CatalogRefused):
            return _read(text, where, first, _QUICK)
    return _read(text, where, first, yaml.SafeLoader)


def _read(text: str, where: str, first: int, loader: Any) -> yaml.Node | None:
    _refuse_cleverness(text, where, first, loader)
    node: yaml.Node | None = loader(text).get_single_node()
    return node


def _refuse_cleverness(text: str, where: str, first: int, loader: Any) -> None:
    depth = 0
    for token in yaml.scan(text, Loader=loader):
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > DEEPEST:
            raise CatalogRefused(f"{where}:{token.start_mark.line + first}: nested deeper than {DEEPEST} levels")
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
            name = type(token).__name__.removesuffix("Token").lower()
            raise CatalogRefused(
                f"{where}:{token.start_mark.line + first}: a YAML {name} is not allowed here; write the value out"
            )


def _value(
    node: yaml.Node, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], where: str, first: int
) -> Value:
    lines[path] = node.start_mark.line + first
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, at), lines, where, first) for at, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        fields: dict[str, Value] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise CatalogRefused(f"{where}:{key.start_mark.line + first}: a field's name must be a word")
            if key.value in fields:
                raise CatalogRefused(f"{where}:{key.start_mark.line + first}: field {key.value!r} is given twice")
            fields[key.value] = _value(child, (*path, key.value), lines, where, first)
            lines[(*path, key.value)] = key.start_mark.line + first
        return fields
    return str(node.value)


def fitted(kind: type[T], page: Page, fields: Mapping[str, Any]) -> T:
    """``fields`` of ``page`` as a ``kind``.

    Raises:
        CatalogRefused: with file, line, field and, for a field there is none of, the nearest right name.
    """
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
        path = tuple(first["loc"])
        field = ".".join(str(part) for part in path)
        if first["type"] == "extra_forbidden":
            near = nearest(str(path[-1]), _fields_at(kind, path[:-1]))
            raise CatalogRefused(f"{page.where}:{page.line(path)}: no such field: {field!r}{near}") from error
        if first["type"] == "missing":
            raise CatalogRefused(f"{page.where}:{page.line(path[:-1])}: field {field!r} is missing") from error
        own = first["type"] == "value_error"
        what = first["msg"].removeprefix("Value error, ") if own else first["msg"].lower()
        named = [path + (key,) for key in re.findall(r"^(\w+):|'([^']+)'", what) for key in key if key]
        line = next((page.lines[each] for each in named if each in page.lines), page.line(path))
        raise CatalogRefused(f"{page.where}:{line}: {field}: {what}") from error


def _fields_at(kind: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """The fields a hand may write at ``path`` inside a ``kind``."""
    for part in path:
        if isinstance(part, str) and part in kind.model_fields:
            inner = [each for each in get_args(kind.model_fields[part].annotation) if isinstance(each, type)]
            kind = next((each for each in inner if issubclass(each, BaseModel)), kind)
    return [name for name in kind.model_fields if name not in _FROM_BODY]
