"""Front matter and body of a markdown file: YAML read as plain text, with the line of every field."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from .errors import CatalogRefused

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
    try:
        _refuse_cleverness(match.group(1), where)
        node = yaml.SafeLoader(match.group(1)).get_single_node()
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + 2
        raise CatalogRefused(f"{where}:{line}: {error.problem or 'not valid YAML'}") from error
    except yaml.YAMLError as error:
        raise CatalogRefused(f"{where}: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(node, yaml.MappingNode):
        raise CatalogRefused(f"{where}:2: front matter must be fields like 'title: …'")
    lines: dict[tuple[str | int, ...], int] = {}
    fields = _value(node, (), lines, where)
    assert isinstance(fields, dict)
    return Page(where, fields, lines, text.replace("\r\n", "\n")[match.end() :].strip() + "\n")


def _refuse_cleverness(text: str, where: str) -> None:
    depth = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        depth += isinstance(token, _OPENING) - isinstance(token, _CLOSING)
        if depth > DEEPEST:
            raise CatalogRefused(f"{where}:{token.start_mark.line + 2}: nested deeper than {DEEPEST} levels")
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
            name = type(token).__name__.removesuffix("Token").lower()
            raise CatalogRefused(
                f"{where}:{token.start_mark.line + 2}: a YAML {name} is not allowed here; write the value out"
            )


def _value(node: yaml.Node, path: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], where: str) -> Value:
    lines[path] = node.start_mark.line + 2
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, (*path, at), lines, where) for at, child in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        fields: dict[str, Value] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise CatalogRefused(f"{where}:{key.start_mark.line + 2}: a field's name must be a word")
            if key.value in fields:
                raise CatalogRefused(f"{where}:{key.start_mark.line + 2}: field {key.value!r} is given twice")
            fields[key.value] = _value(child, (*path, key.value), lines, where)
            lines[(*path, key.value)] = key.start_mark.line + 2
        return fields
    return str(node.value)
