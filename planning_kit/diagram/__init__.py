"""Mermaid by the real Mermaid: whether a diagram is one, what is in it, what it looks like; each text once, in the process aside."""

from __future__ import annotations

import re
from importlib.metadata import version
from typing import Any

from ..aside import Undone, call
from . import lines
from .said import Fault

__all__ = ["LARGEST", "TOOL", "Fault", "Undrawn", "draw", "facts", "fault", "thinned"]

TOOL = f"mermaid 11 (mermaidx {version('mermaidx')})"
LARGEST = 50_000
"""The longest diagram Mermaid draws, in characters (its ``maxTextSize``, which a diagram cannot change)."""
SECONDS = 10.0
"""How long one diagram may be parsed, and what mends it be found."""
DRAWING = 20.0
"""How long one diagram may be drawn, in seconds."""
MOST_THINGS = 300
"""How many nodes, arrows, messages and rows a drawn diagram may have: a flowchart of as many takes 13 s (measured on two idle cores)."""
MOST_ROWS = 24
"""How many attribute rows of an erDiagram are drawn: each costs about a fifth of a second (measured on two cores)."""


class Undrawn(Exception):
    """A diagram was not drawn; says why in a few words."""


def fault(source: str) -> Fault | None:
    """What is wrong with ``source``, or nothing (a second for the first, then milliseconds).

    Raises:
        Undone: it cannot be told in time.
    """
    if len(source) > LARGEST:
        return Fault(
            f"it is longer than {LARGEST:,} characters, which Mermaid does not draw", 1, hint="divide it into several diagrams"
        )  # fmt: skip
    found = _read(source).get("fault")
    return Fault(**found) if found else None


def facts(source: str) -> dict[str, Any]:
    """What is in a diagram; nothing if it cannot be read. Do not change what you get: it is remembered.

    Every ``line`` is a line of ``source``, from 1; 0 where it cannot be told.

    Returns:
        ``type`` (``er``, ``sequence``, ``stateDiagram``, ``flowchart``, ``class``, ``c4``, ``gantt``, or Mermaid's own word), and

        - er: ``entities`` by name: ``line``, ``label``, ``attributes`` (``name``, ``type``, ``keys``, ``comment``, ``line``), ``classes``;
          ``relations`` (``from``, ``to``, ``text``, ``cardinality`` of each end, ``line``)
        - sequence: ``participants`` by id (``label``, ``line``, ``declared``); ``messages`` (``from``, ``to``, ``text``, ``line``)
        - stateDiagram: ``states`` by id (``label``, ``line``, ``inside``, ``classes``); ``transitions`` (``from``, ``to``, ``text``,
          ``line``), where a start or end is ``[*]``
        - flowchart: ``nodes`` by id (``label``, ``line``, ``classes``), ``groups`` by id (``label``, ``nodes``, ``line``, ``classes``),
          ``edges`` (``from``, ``to``, ``text``, ``line``)
        - class: ``classes`` by name (``label``, ``line``, ``attributes``, ``methods``, ``classes``), ``relations``
        - c4: ``elements`` by alias (``label``, ``kind``, ``inside``, ``line``), ``boundaries`` by alias, ``relations``
        - gantt: ``tasks`` (``id``, ``name``, ``data``, ``line``, ``after``, ``dated``, ``backwards``), ``invalid`` (what Mermaid says
          against a date, or empty), ``guessed`` (dates that are not in the chart's ``format``)
        - where it has them: ``styles``, the classes that are defined
    """
    if len(source) > LARGEST:
        return {}
    try:
        found = _read(source)
    except Undone:
        return {}
    return dict(found.get("facts") or {})


def _read(source: str) -> dict[str, Any]:
    return dict(call("planning_kit.diagram:read", source, seconds=SECONDS))


def read(source: str) -> dict[str, Any]:
    """In the process aside: :func:`engine.read`, with the lines of what was found."""
    from . import engine

    found = engine.read(source)
    return {"facts": lines.placed(source, found["facts"])} if "facts" in found else found


def draw(source: str) -> str:
    """``source`` as SVG (half a second to five each, then remembered).

    Raises:
        Undrawn: it cannot be drawn, or not in time.
    """
    source = thinned(source)
    if (things := _things(facts(source))) > MOST_THINGS:
        raise Undrawn(f"it has {things:,} nodes, arrows and rows, and more than {MOST_THINGS} are not drawn here")
    try:
        drawn = call("planning_kit.diagram.engine:draw", source, seconds=DRAWING)
    except Undone as why:
        raise Undrawn(str(why)) from None
    if not drawn.get("svg"):
        raise Undrawn(drawn.get("why") or "Mermaid drew nothing")
    return str(drawn["svg"])


def _things(known: dict[str, Any]) -> int:
    parts = (
        "nodes",
        "edges",
        "participants",
        "messages",
        "states",
        "transitions",
        "entities",
        "classes",
        "relations",
        "elements",
        "boundaries",
        "tasks",
    )
    rows = sum(len(each["attributes"]) for part in ("entities", "classes") for each in known.get(part, {}).values())
    return rows + sum(len(known.get(part, ())) for part in parts)


def thinned(source: str) -> str:
    """``source``, without the attributes of its entities if it is an erDiagram with more than :data:`MOST_ROWS` of them."""
    if not re.match(r"\s*erDiagram\b", source):
        return source
    rows = re.findall(r"(?m)^\s*\w+\s+\w+[^|{}\n]*$", source)
    return re.sub(r"[ \t]*\{\n[^{}|]*\n[ \t]*\}", "", source) if len(rows) > MOST_ROWS else source
