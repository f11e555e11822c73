"""What documents say becomes one graph: every mention is resolved to what it names, and links run from what is asked for to what was made of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..checks.agreement import words
from . import calls
from .given import Given
from .kinds import OPERATION, PASSAGE, RANK, REQUIREMENT, TABLE, TEST, USE_CASE, Key, Link, Node, kind_of
from .mentions import Mention, Said
from .traced import Trace


def trace(given: Given) -> Trace:
    """The trace of what is ``given``."""
    nodes = {node.key: node for node in _passages(given)}
    for said in given.said:
        for node in said.nodes:
            nodes.setdefault(node.key, _placed(node, given))
    names = _Names(given, nodes)
    links: dict[tuple[Key, Key], Link] = {}
    for said in given.said:
        for mention in said.mentions:
            for link in names.links(said, mention):
                links.setdefault((link.source, link.target), link)
    for link in names.kept():
        links.setdefault((link.source, link.target), link)
    return Trace(given, nodes, _told(links))


def _passages(given: Given) -> Iterator[Node]:
    for each in given.passages:
        yield Node(PASSAGE, each.id, each.plain, "brief.md", each.line, given.domain(each.id))


def _placed(node: Node, given: Given) -> Node:
    """``node`` in the domain its id names, if it names one."""
    parts = node.id.split("-")
    named = given.codes.get(parts[1], "") if kind_of(node.id) and len(parts) > 2 else ""
    return replace(node, domain=named) if named else node


def _told(links: dict[tuple[Key, Key], Link]) -> Iterator[Link]:
    """``links``; of those to a test that says itself which requirements it tests it is known that they tell only where it stands."""
    tested = {target for source, target in links if source[0] == REQUIREMENT and target[0] == TEST}
    for (source, target), link in links.items():
        where = (
            target[0] == TEST and source[0] != REQUIREMENT and (target in tested or RANK[source[0]] > RANK[USE_CASE])
        )
        yield replace(link, holds=True) if where else link


class _Names:
    """What a name in a document means."""

    def __init__(self, given: Given, nodes: dict[Key, Node]) -> None:
        self._given, self._nodes = given, nodes
        self._operations: dict[tuple[str, str], list[Key]] = {}
        self._tables: dict[str, list[Key]] = {}
        for said in given.said:
            for key, paths in said.aliases.items():
                for path in paths:
                    self._operations.setdefault((key[1].partition(" ")[0], path), []).append(key)
        for key in nodes:
            if key[0] == TABLE:
                self._tables.setdefault(words.entity(key[1]), []).append(key)

    def links(self, said: Said, mention: Mention) -> Iterator[Link]:
        """What ``mention`` says rests on what."""
        anchors = self._anchors(mention.anchor)
        others = [key for name in mention.names if (key := (kind_of(name), name)) in self._nodes]
        others += [key for method, path in mention.operations for key in self._called(method, path)]
        for anchor in anchors:
            for other in others:
                if RANK[other[0]] < RANK[anchor[0]]:
                    yield Link(other, anchor, said.document.name, mention.line)
                elif RANK[other[0]] > RANK[anchor[0]]:
                    yield Link(anchor, other, said.document.name, mention.line)

    def _anchors(self, anchor: Key) -> list[Key]:
        kind, name = anchor
        if kind == OPERATION:
            return self._called(*name.split(" ", 1))
        return self._tables.get(words.entity(name), []) if kind == TABLE else [anchor]

    def _called(self, method: str, path: str) -> list[Key]:
        return list(dict.fromkeys(self._operations.get((method, words.path(path)), ())))

    def kept(self) -> Iterator[Link]:
        """Which tables an operation reads or writes: those of the schemas it takes and answers with, and the one its path ends in."""
        for said in self._given.said if self._tables else ():
            if not said.aliases:
                continue
            for (method, path), about in calls.entities(said.document).items():
                near = [each for each in reversed(calls.on_path(path)) if each in self._tables][:1]
                key = (OPERATION, f"{method} {path}")
                for entity in sorted({*(each for each in about if each in self._tables), *near}):
                    node = self._nodes.get(key)
                    for table in self._tables[entity] if node else ():
                        yield Link(key, table, said.document.name, node.line if node else 0)
