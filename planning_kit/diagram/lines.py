"""What Mermaid knows of a diagram, by name and with the lines of its source; Mermaid keeps no places, so they are looked for."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

_WORD = re.compile(r"[^\W\d][\w.-]*|\d[\w.-]*")
_MOST_LOST = 200
"""How many things are looked for in vain before no further one is: each costs a walk through the source."""
_DECLARED = re.compile(
    r"^\s*(?:create\s+)?(?:participant|actor)\s+(\S.*?)(?:@\{.*\})?(?:\s+as\s.*)?\s*;?\s*$", re.MULTILINE
)

_ARROWS = {
    "sequence": re.compile(r"(?:<<)?--?(?:>>?|x|\)|[|\\/]{1,2})|[|\\/]{1,2}--?"),
    "er": re.compile(r"--|\.\.|\b(?:to|optionally to)\b"),
    "class": re.compile(r"--|\.\."),
    "stateDiagram": re.compile(r"-->"),
    "flowchart": re.compile(r"--|==|-\.|~~~"),
    "c4": re.compile(r"Rel"),
}

Row = dict[str, Any]


class _Source:
    """A source's lines, asked in the order in which things stand in it."""

    def __init__(self, source: str) -> None:
        self._lines = source.replace("\r\n", "\n").split("\n")
        self._first: dict[str, int] = {}
        self._lost = 0
        for number, line in enumerate(self._lines, 1):
            if not line.lstrip().startswith("%%"):
                for word in _WORD.findall(line):
                    self._first.setdefault(word, number)
        self._at = 1

    def first(self, name: str) -> int:
        """The first line that holds ``name``; 0 if none does."""
        return self._first.get(name) or self.next(name, since=1, moves=False)

    def next(self, *parts: str, since: int = 0, moves: bool = True) -> int:
        """The next line that holds all ``parts``, from where the last was found (or ``since``); 0 if none does."""
        found = self._next(lambda line: all(part in line for part in parts), since or self._at)
        self._at = found if moves and found else self._at
        return found

    def relation(self, from_: str, to: str, arrow: re.Pattern[str], alone: bool) -> int:
        """The next line with an ``arrow`` that names both its ends, on each side one if the arrow is ``alone`` there."""

        def fits(line: str) -> bool:
            drawn = arrow.search(line)
            if not drawn or not alone:
                return bool(drawn) and from_ in line and to in line
            return from_ in line[: drawn.start()] and to in line[drawn.end() :]

        found = self._next(fits, self._at)
        self._at = found + alone if found else self._at
        return found

    def _next(self, fits: Callable[[str], bool], since: int) -> int:
        if self._lost > _MOST_LOST:
            return 0
        for number in range(since, len(self._lines) + 1):
            line = self._lines[number - 1]
            if fits(line) and not line.lstrip().startswith("%%"):
                return number
        self._lost += 1
        return 0


def placed(source: str, found: dict[str, Any]) -> dict[str, Any]:
    """``found`` by the engine, as :func:`planning_kit.diagram.facts` gives it."""
    made = _KINDS.get(found["type"])
    facts: dict[str, Any] = {"type": found["type"]}
    if made:
        facts |= made(_Source(source), found, source)
    if found.get("styles") is not None:
        facts["styles"] = found["styles"]
    return facts


def _text(text: str) -> str:
    """As it reads: Mermaid keeps ``#59;`` in a spelling of its own."""
    return html.unescape(text.replace("ﬂ°°", "&#").replace("ﬂ°", "&").replace("¶ß", ";")).strip()


def _arrow(source: _Source, kind: str, from_: str, to: str, text: str = "") -> Row:
    """A relation, on the next line that draws it."""
    ends = ("[*]" if _edge(from_) else from_, "[*]" if _edge(to) else to) if kind == "stateDiagram" else (from_, to)
    alone = kind in ("sequence", "stateDiagram", "er")
    return {"from": ends[0], "to": ends[1], "text": _text(text), "line": source.relation(*ends, _ARROWS[kind], alone)}


def _edge(state: str) -> bool:
    return bool(re.fullmatch(r".*_(?:start|end)", state))


def _sequence(source: _Source, found: dict[str, Any], text: str) -> Row:
    declared = {name.strip() for name in _DECLARED.findall(text)}
    return {
        "participants": {
            id: {"label": _text(label), "line": source.first(id), "declared": id in declared}
            for id, label in found["participants"]
        },
        "messages": [_arrow(source, "sequence", *each) for each in found["messages"]],
    }


def _er(source: _Source, found: dict[str, Any], text: str) -> Row:
    entities: Row = {}
    for name, alias, attributes, classes in found["entities"]:
        opened = _opening(text, name)
        line = opened or source.first(name)
        rows, at = [], line
        for own, type_, keys, comment in attributes:
            at = (source.next(type_, own, since=at, moves=False) or at) if opened else 0
            rows.append({"name": own, "type": type_, "keys": keys, "comment": comment, "line": at})
        entities[name] = {"line": line, "label": alias or name, "attributes": rows, "classes": classes}
    relations = []
    for from_, to, role, one, other in found["relations"]:
        relations.append(_arrow(source, "er", from_, to, role) | {"cardinality": [one, other]})
    return {"entities": entities, "relations": relations}


def _opening(text: str, name: str) -> int:
    """The line on which the attributes of an entity begin; 0 if it has none."""
    found = re.search(rf"(?m)^[ \t]*\"?{re.escape(name)}\"?[ \t]*(?:\[[^\]\n]*\])?[ \t]*(?::::[\w, ]+)?\{{", text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _class(source: _Source, found: dict[str, Any], text: str) -> Row:
    return {
        "classes": {
            name: {"label": label, "line": source.first(name), "attributes": members, "methods": methods, "classes": classes}
            for name, label, members, methods, classes in found["classes"]
        },
        "relations": [_arrow(source, "class", *each) for each in found["relations"]],
    }  # fmt: skip


def _state(source: _Source, found: dict[str, Any], text: str) -> Row:
    states: Row = {}
    for id, label, inside, classes in found["states"]:
        if not _edge(id):
            known = states.setdefault(id, {"label": id, "line": source.first(id), "inside": inside, "classes": []})
            known["label"] = _text(label) or known["label"]
            known["classes"] = classes or known["classes"]
    return {"states": states, "transitions": [_arrow(source, "stateDiagram", *each) for each in found["transitions"]]}


def _flowchart(source: _Source, found: dict[str, Any], text: str) -> Row:
    return {
        "nodes": {
            id: {"label": _text(label), "line": source.first(id), "classes": classes}
            for id, label, classes in found["nodes"]
        },
        "groups": {
            id: {"label": _text(label), "nodes": nodes, "line": source.first(id), "classes": classes}
            for id, label, nodes, classes in found["groups"]
        },
        "edges": [_arrow(source, "flowchart", *each) for each in found["edges"]],
    }


def _c4(source: _Source, found: dict[str, Any], text: str) -> Row:
    inside = {"global": ""}
    return {
        "elements": {
            alias: {"label": _text(label), "kind": kind, "inside": inside.get(parent, parent), "line": source.first(alias)}
            for alias, label, kind, parent in found["elements"]
        },
        "boundaries": {
            alias: {"label": _text(label), "inside": inside.get(parent, parent), "line": source.first(alias)}
            for alias, label, parent in found["boundaries"]
            if alias != "global"
        },
        "relations": [_arrow(source, "c4", *each) for each in found["relations"]],
    }  # fmt: skip


def _gantt(source: _Source, found: dict[str, Any], text: str) -> Row:
    tasks = []
    for id, name, data, dated, backwards in found["tasks"]:
        own = str(data).lstrip(":").strip()
        line = source.next(name.strip(), own)
        after = [word for group in re.findall(r"\b(?:after|until)\s+([^,]+)", own) for word in group.split()]
        tasks.append(
            {
                "id": id,
                "name": name.strip(),
                "data": own,
                "line": line,
                "after": after,
                "dated": dated,
                "backwards": backwards,
            }
        )
    invalid = str(found.get("invalid", ""))
    guessed = [date for date in dict.fromkeys(found.get("guessed", ())) if date not in invalid]
    return {"tasks": tasks, "invalid": invalid, "guessed": guessed, "format": found["format"]}


_KINDS = {
    "sequence": _sequence,
    "er": _er,
    "class": _class,
    "stateDiagram": _state,
    "flowchart": _flowchart,
    "c4": _c4,
    "gantt": _gantt,
}
