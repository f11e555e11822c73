"""From use case to message: every use case has a flow that calls what it calls, drawn in the layers of the system."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ... import diagram, ids
from ...document import Document
from ...ids import Thing
from .. import openapi
from ..about import About
from ..agreement import words
from ..agreement.named import column, rows
from ..artefact import Artefact, of_kind
from ..wrong import Wrong, Wrongs
from . import known
from .cases import card

_LAYERED = re.compile(r"[^<]+<br\s*/?>\s*\([^()]+\)\s*")
"""How a participant is labelled: ``orders_router.py<br/>(API)``."""
Key = tuple[str, str]
"""Method and path, without base path and the names of its parameters."""


def draws_its_use_cases(document: Document, about: About) -> Wrongs:
    """Draw every use case under 'Normal flows' as a sequence diagram that its heading or text names by id and that calls one of its operations; label participants file<br/>(Layer), and let no point take longer than its requirement allows."""
    bases = {each.base for there in about.beside for each in openapi.operations(there) if each.base}
    cases = known.beside(about, known.CASES)
    flows = list(_flows(document, bases))
    where = known.place(document, "Normal flows")
    for name, each in cases.items():
        drawn = [flow for flow in flows if name in flow[1]]
        if not drawn:
            said = f"{name} ({known.beginning(each.text)}) is drawn in no normal flow"
            yield Wrong(where, said, "draw it, and name it by its id", 1 if where else 0)
            continue
        line, _, shown = drawn[0]
        wanted = _called(each, about, bases)
        if not any(flow[2] is not None for flow in drawn):
            yield Wrong(line, f"the flow of {name} has no sequence diagram", "draw it", 1)
        elif wanted and not any(wanted & (flow[2] or set()) for flow in drawn):
            hint = f"have its first message to the service be {' '.join(min(wanted))}"
            yield Wrong(line, f"the flow of {name} calls none of its operations", hint, 1)
    yield from _labelled(document)
    yield from _bounded(document, about)


def _flows(document: Document, bases: set[str]) -> Iterator[tuple[int, frozenset[str], set[Key] | None]]:
    """Each normal flow: its line, the use cases it names, and what its diagrams call; nothing when it has no diagram."""
    first, last = known.under(document, "Normal flows")
    below = known.headings(document, (first + 1, last)) if first else ()
    top = min((each.level for each in below), default=0)
    sequences = list(_sequences(document))
    for heading in below:
        if heading.level != top:
            continue
        lines = heading.line, ids.extents(document)[heading.line]
        named = frozenset(ids.cited("\n".join(document.lines[lines[0] - 1 : lines[1]])))
        drawn = [facts for artefact, facts in sequences if lines[0] < artefact.line <= lines[1]]
        called = {_key(said, bases) for facts in drawn for each in facts["messages"] for said in ids.operations(each["text"])}  # fmt: skip
        yield heading.line, named, called if drawn else None


def _sequences(document: Document) -> Iterator[tuple[Artefact, Mapping[str, Any]]]:
    for artefact in of_kind(document, "mermaid"):
        facts = diagram.facts(artefact.text)
        if facts.get("type") == "sequence":
            yield artefact, facts


def _called(case: Thing, about: About, bases: set[str]) -> set[Key]:
    """The operations of a use case: of its card, else all its section names."""
    there = next(each for each in about.beside if each.name == case.document)
    said = card(there, known.extent(there, case), "Operations", "Operation", "API endpoint", "Endpoints")
    return {_key(each, bases) for each in (ids.operations(said[1]) if said else case.operations)}


def _key(operation: Key, bases: set[str]) -> Key:
    path = operation[1]
    base = max((each for each in bases if path.startswith(f"{each}/")), key=len, default="")
    return operation[0], words.path(path[len(base) :])


def _labelled(document: Document) -> Wrongs:
    """Participants that name no file and layer; who begins, and is drawn as a person, need not."""
    for artefact, facts in _sequences(document):
        first = next((each["from"] for each in facts["messages"]), "")
        bare = [
            each for name, each in facts["participants"].items()
            if name != first and not _LAYERED.fullmatch(str(each["label"])[:400])
            and not re.match(r"\s*(?:create\s+)?actor\b", _line(artefact, each["line"]))
        ]  # fmt: skip
        if bare:
            named = known.listed(str(each["label"])[:60] for each in bare)
            line = artefact.line + max(1, bare[0]["line"] or 1) - 1
            hint = "label them like orders_router.py<br/>(API)"
            yield Wrong(line, f"no file and layer: {named}", hint, severity="warning")


def _bounded(document: Document, about: About) -> Wrongs:
    """Points of a flow that may take longer than the one requirement they have to meet."""
    texts = {each.name: each for each in about.beside}
    asked = {
        name: words.durations(texts[each.document].line(each.line))
        for name, each in known.beside(about, "NFR", "FR", "CON").items()
    }
    for table in document.tables:
        at, by = column(table, "Measure"), column(table, "Requirement", "Requirements")
        if at is None or by is None:
            continue
        for line, row in rows(table):
            named = [name for name in ids.cited(row[by]) if name in asked]
            here, there = words.durations(row[at]), asked[named[0]] if len(named) == 1 else frozenset()
            if len(here) == len(there) == 1 and max(here) > max(there):
                said = f"this may take {max(here):g} s, and {named[0]} allows {max(there):g} s"
                yield Wrong(line, said, "name the measure it has to meet", severity="warning")


def _line(artefact: Artefact, number: int) -> str:
    return artefact.lines[number - 1] if 1 <= number <= len(artefact.lines) else ""
