"""Everything that rests on one thing, or that it rests on, as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .. import view
from .kinds import RANK, STORY, Key, Link, Node

if TYPE_CHECKING:
    from .traced import Trace

MOST = 2_000
"""The most lines of a tree."""
_LONG = 70


class Tree:
    """What was reached from ``root``, or stands behind it; each thing is unfolded once, and named again where it is met again.

    Args:
        trace: the trace.
        root: where it begins.
        forward: whether it goes to what rests on it, or back to what it rests on.
    """

    def __init__(self, trace: Trace, root: Node, forward: bool) -> None:
        self.trace, self.root, self.forward = trace, root, forward

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Everything in the tree, each once, the root first."""
        return tuple({node.key: node for _, node, _ in self._walk()}.values())

    @property
    def lines(self) -> Iterator[str]:
        """As text: a line each, what was met before named only; those after :data:`MOST` are counted."""
        told = 0
        left = 0
        for depth, node, again in self._walk():
            if told == MOST:
                left += 1
                continue
            told += 1
            yield f"{'  ' * depth}{_said(node)}{' (see above)' if again else ''}"
        if left:
            yield f"… and {left:,} more"

    def _walk(self) -> Iterator[tuple[int, Node, bool]]:
        """Depth, thing, and whether it was met before; without recursion, for what is deep."""
        seen: set[Key] = set()
        left: list[tuple[int, Node]] = [(0, self.root)]
        while left:
            depth, node = left.pop()
            again = node.key in seen
            nexts = [] if again else self._next(node)
            yield depth, node, again and bool(self._next(node))
            seen.add(node.key)
            left += [(depth + 1, each) for each in reversed(nexts)]

    def _next(self, node: Node) -> list[Node]:
        links = (self.trace.out if self.forward else self.trace.back).get(node.key, [])
        ends = [link.target if self.forward else link.source for link in links if self._counts(link)]
        return [self.trace.nodes[key] for key in dict.fromkeys(ends) if key[0] in self.trace.kinds]

    def _counts(self, link: Link) -> bool:
        """A test that stands in a use case is no test of every requirement the use case serves."""
        return not link.holds or RANK[self.root.kind] >= RANK[STORY]

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        text = view.plain(str(self))
        return view.Shown(f'<pre style="line-height:1.4">{view.escape(text)}</pre>', text)._repr_mimebundle_()


def _said(node: Node) -> str:
    """A thing in one line: its kind, its id, what it says, where."""
    text = " ".join(node.text.split())
    text = text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"
    place = f" ({node.document.rpartition('/')[2]}:{node.line})" if node.line else ""
    return f"{node.kind} {node.id}{f': {text}' if text else ''}{place}{', withdrawn' if node.withdrawn else ''}"
