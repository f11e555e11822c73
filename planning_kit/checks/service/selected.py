"""What PromQL expressions read: their metrics, with the labels they ask for. Runs in the process aside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..promql import parsed

_DEEPEST = 200
"""How deep expressions are looked into."""
_INNER = ("expr", "lhs", "rhs", "param", "vector_selector", "args")


def selected(text: str, form: str) -> list[tuple[int, str, list[str]]]:
    """The selectors of ``text``: the line (from 1) the expression starts on, the metric, the labels it is matched and grouped by.

    Args:
        text: PromQL; what does not parse is left out.
        form: ``rules`` (YAML) or ``expressions``.
    """
    return [
        (line, name, list(dict.fromkeys(labels)))
        for line, tree in parsed(text, form)
        for name, labels in _selectors(tree, (), 0)
    ]


def _selectors(node: Any, grouped: tuple[str, ...], deep: int) -> Iterator[tuple[str, list[str]]]:
    if deep > _DEEPEST:
        return
    modifier = getattr(node, "modifier", None)
    if modifier is not None and "By" in str(getattr(modifier, "type", "")):
        grouped = (*grouped, *modifier.labels)
    if hasattr(node, "matchers"):
        asked = [str(each.name) for each in node.matchers.matchers]
        if node.name:
            yield str(node.name), [*(each for each in asked if each != "__name__"), *grouped]
    for name in _INNER:
        inner = getattr(node, name, None)
        for each in inner if isinstance(inner, list) else [inner]:
            if each is not None and not isinstance(each, (str, int, float)):
                yield from _selectors(each, grouped, deep + 1)
