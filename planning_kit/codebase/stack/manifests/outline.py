"""A YAML file by its nodes: looked at field by field, so no alias is ever written out."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

LARGEST = 64_000
"""The longest YAML file that is parsed, in characters."""
DEEPEST = 40
"""How deep fields may be nested."""
_OPENS = (
    yaml.FlowSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.BlockMappingStartToken,
)
_CLOSES = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)


def documents(text: str) -> list[yaml.Node]:
    """The documents of ``text``; none when it is broken, too long or nested too deep.

    Nothing is constructed: tags are left alone, and an alias is the very node it names, so it costs nothing.
    """
    if len(text) > LARGEST:
        return []
    try:
        depth = 0
        for token in yaml.scan(text, Loader=yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):
            depth += isinstance(token, _OPENS) - isinstance(token, _CLOSES)
            if depth > DEEPEST:
                return []
        return [node for node in yaml.compose_all(text, Loader=yaml.SafeLoader) if node]
    except (yaml.YAMLError, RecursionError, ValueError):
        return []


def fields(node: yaml.Node | None) -> Iterator[tuple[str, int, yaml.Node]]:
    """Name, line from 1 and node of each field of a mapping, the merged ones (``<<``) of one level last."""
    merged: list[yaml.Node] = []
    for name, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(name, yaml.ScalarNode):
            if name.value == "<<":
                merged += value.value if isinstance(value, yaml.SequenceNode) else [value]
            else:
                yield name.value, name.start_mark.line + 1, value
    for other in merged:
        for name, value in other.value if isinstance(other, yaml.MappingNode) else ():
            if isinstance(name, yaml.ScalarNode) and name.value != "<<":
                yield name.value, name.start_mark.line + 1, value


def child(node: yaml.Node | None, *path: str) -> yaml.Node | None:
    """The node under the fields of ``path``, or nothing."""
    for wanted in path:
        node = next((value for name, _, value in fields(node) if name == wanted), None)
    return node


def text(node: yaml.Node | None) -> str:
    """The text of a scalar, else empty."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def texts(node: yaml.Node | None) -> list[str]:
    """The scalars of a sequence."""
    return [text(each) for each in node.value if text(each)] if isinstance(node, yaml.SequenceNode) else []


def line(node: yaml.Node) -> int:
    """Where ``node`` begins, from 1."""
    return int(node.start_mark.line) + 1
