"""The pictures of an implementation plan: a flowchart and a Gantt chart with exactly its phases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ... import diagram
from ...document import Document
from ..about import About
from ..artefact import Artefact, of_kind
from ..wrong import Wrong, Wrongs
from .reading import Phase, mentioned, phases, plain, prerequisites, under

_ID = re.compile(r"(?i)(?:phase|ph|p)[_-]?(\d{1,3})")
_SAID = re.compile(r"(?i)\b(?:phase|ph|p)[ _-]?(\d{1,3})\b")
_SECTION = re.compile(r"\s*section\s+(\S.{0,200})")


def draws_its_phases(document: Document, about: About) -> Wrongs:
    """Draw the phases as a Mermaid flowchart whose arrows lead from each prerequisite to the phase that needs it, and as a Gantt chart; both name exactly the phases of the plan (Phase 1)."""
    found = phases(document)
    if not found:
        return
    known = {each.number for each in found}
    for kind, word, where, reads in (
        ("flowchart", "flowchart", "Implementation Phases", _nodes),
        ("gantt", "Gantt chart", "Development Timeline", _tasks),
    ):
        drawn, unread = _of(document, kind)
        if not drawn:
            held = under(document, where)
            if held and not unread:
                yield Wrong(held.line, f"there is no {word} of the phases", f"draw them in a mermaid block: {kind}", 1)
            continue
        shown = [(artefact, facts, reads(artefact, facts, found)) for artefact, facts in drawn]
        artefact, facts, numbers = max(shown, key=lambda each: len(known & set(each[2].values())))
        yield from _exactly(artefact, numbers, found, word)
        if kind == "flowchart" and known <= set(numbers.values()):
            yield from _arrows(artefact, facts, numbers, found)


def _of(document: Document, kind: str) -> tuple[list[tuple[Artefact, Mapping[str, Any]]], bool]:
    """The diagrams of a kind, and whether there is one that cannot be read: Mermaid says why."""
    drawn: list[tuple[Artefact, Mapping[str, Any]]] = []
    unread = False
    word = "gantt" if kind == "gantt" else "flowchart|graph"
    for artefact in of_kind(document, "mermaid"):
        facts = diagram.facts(artefact.text)
        if facts.get("type") == kind:
            drawn.append((artefact, facts))
        elif not facts and re.search(rf"(?m)^\s*(?:{word})\b", artefact.text[:20_000]):
            unread = True
    return drawn, unread


def _number(said: str, found: tuple[Phase, ...]) -> int | None:
    """The phase that a label names: by its number, else by its whole name."""
    if hit := _SAID.search(said[:300]):
        return int(hit[1])
    low = plain(said[:300])
    return next((each.number for each in found if each.name and plain(each.name) == low), None) or next(
        (each.number for each in found if " " in each.name and plain(each.name) in low), None
    )


def _nodes(artefact: Artefact, facts: Mapping[str, Any], found: tuple[Phase, ...]) -> dict[str, int]:
    """Node or group → the phase it is; the nodes of a group that is a phase are that phase too."""
    numbers: dict[str, int] = {}
    for name, each in facts["groups"].items():
        if (number := _number(str(each["label"]), found)) is not None:
            numbers |= {name: number, **dict.fromkeys(each["nodes"], number)}
    for name, each in facts["nodes"].items():
        number = _number(str(each["label"]), found)
        if number is None and name not in numbers and (own := _ID.fullmatch(name)):
            number = int(own[1])
        if number is not None:
            numbers.setdefault(name, number)
    return numbers


def _tasks(artefact: Artefact, facts: Mapping[str, Any], found: tuple[Phase, ...]) -> dict[str, int]:
    """Task or section → the phase it is."""
    numbers: dict[str, int] = {}
    for task in facts["tasks"]:
        number = _number(str(task["name"]), found)
        if number is None and (own := _ID.fullmatch(str(task["id"]))):
            number = int(own[1])
        if number is not None:
            numbers[f"task {task['id']}"] = number
    for line in artefact.lines:
        said = _SECTION.match(line)
        if said and (number := _number(said[1], found)) is not None:
            numbers[f"section {said[1]}"] = number
    return numbers


def _exactly(artefact: Artefact, numbers: Mapping[str, int], found: tuple[Phase, ...], word: str) -> Wrongs:
    """Phases that are not drawn, and drawn ones that are none of the plan."""
    drawn = set(numbers.values())
    for each in found:
        if each.number not in drawn:
            yield Wrong(
                artefact.line,
                f"the {word} does not show {each.titled}",
                f"add it as {each.titled}: {each.name[:60]}",
                1,
            )
    for number in sorted(drawn - {each.number for each in found}):
        said = f"the {word} shows Phase {number}, which the plan has not"
        yield Wrong(artefact.line, said, "take it out, or write the phase", 1)


def _arrows(
    artefact: Artefact, facts: Mapping[str, Any], numbers: Mapping[str, int], found: tuple[Phase, ...]
) -> Wrongs:
    """Prerequisites that no arrow shows, and arrows that are no prerequisite; what follows from others need not be drawn."""
    edges = {(before, after): line for before, after, line in _edges(facts, numbers)}
    needs = {each.number: set(prerequisites(each, found)) - {each.number} for each in found}
    spoken = {each.number: mentioned(each, found) for each in found}
    drawn: dict[int, set[int]] = {}
    for before, after in edges:
        drawn.setdefault(after, set()).add(before)
    known = {each.number for each in found}
    for after, there in needs.items():
        for before in sorted(there & known):
            if before not in _reached(after, drawn):
                turned = " (it is drawn the other way round)" if (after, before) in edges else ""
                said = f"no arrow leads from Phase {before} to Phase {after}, which needs it{turned}"
                yield Wrong(artefact.line, said, f"draw it: from Phase {before} to Phase {after}", 1)
    for (before, after), line in edges.items():
        wanted = before in _reached(after, needs) or before in spoken.get(after, ())
        if not wanted and after not in needs.get(before, ()) and {before, after} <= known:
            said = f"an arrow leads from Phase {before} to Phase {after}, which does not name it under 'Dependencies'"
            at = artefact.line + max(1, line or 1) - 1
            yield Wrong(at, said, "take the arrow out, or name the prerequisite", 1)


def _edges(facts: Mapping[str, Any], numbers: Mapping[str, int]) -> Iterator[tuple[int, int, int]]:
    """From phase to phase, over what is drawn between them and is none."""
    after: dict[str, list[tuple[str, int]]] = {}
    for each in facts["edges"]:
        after.setdefault(each["from"], []).append((each["to"], each["line"]))
    for name, number in numbers.items():
        waiting, seen = list(after.get(name, ())), {name}
        while waiting:
            there, line = waiting.pop()
            if numbers.get(there, number) != number:
                yield number, numbers[there], line
            elif there not in seen:
                seen.add(there)
                waiting += [(other, line) for other, _ in after.get(there, ())]


def _reached(start: int, before: Mapping[int, set[int]]) -> set[int]:
    """What comes before a phase, directly or not."""
    found: set[int] = set()
    waiting = list(before.get(start, ()))
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += before.get(number, ())
    return found
