"""From passage to requirement to story: what was asked for is asked for, and told; nothing is told that was not asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ... import ids
from ...document import Document
from ...ids import Thing
from ..about import About
from ..agreement.named import column, rows
from ..agreement.words import is_role, role, word
from ..wrong import Wrong, Wrongs
from . import known

DEFERRED = "Deferred and out of scope"
"""The section that names what is not delivered."""
_PASSAGE = re.compile(r"\bP\d{1,6}\b")
_SOURCE = re.compile(r"[PRQA]\d+")
_ROLE = re.compile(
    r"[\s>*_-]{0,9}\bas (?:an?|the)\b[ *_]+([^\n,*_|]{1,80}?)[*_]*[ \t]*(?:,|\*|$|[Ii][ \t]+want\b)", re.IGNORECASE
)
_AND = re.compile(r"\s+(?:or|and)\s+|/")


def reaches_its_passages(document: Document, about: About) -> Wrongs:
    """Cite every passage that is this domain's to answer in the row of a requirement, or list it under 'Deferred and out of scope' with a reason; mark what follows from no passage as (assumed)."""
    asked = [each for each in ids.things(document) if each.kind in ids.REQUIREMENTS and not each.withdrawn]
    reached = {name for each in asked for name in each.cites}
    deferred = dict(_deferred(document))
    where = known.place(document, "Functional requirements")
    for name in about.asking:
        if name not in reached and name not in deferred:
            hint = f"cite [{name}] as the source of a requirement, or list it under '{DEFERRED}' with the reason"
            yield Wrong(where, f"the passage [{name}] reaches no requirement, and is not deferred", hint)
    for name, (line, reason) in deferred.items():
        if not reason:
            yield Wrong(line, f"no reason is given for deferring [{name}]", "write it in the last column")
    for each in asked:
        if not any(_SOURCE.fullmatch(name) for name in each.cites) and not _assumed(document, each):
            hint = "cite the passage it follows from, like [P12], or mark it (assumed)"
            severity = "error" if each.kind == "FR" else "warning"
            yield Wrong(each.line, f"{each.id} follows from no passage", hint, severity=severity)


def _deferred(document: Document) -> Iterator[tuple[str, tuple[int, str]]]:
    """The passages that are not delivered, with the line and the reason."""
    for table in known.tables(document, known.under(document, DEFERRED)):
        if word(table.header[0]).casefold() != "passage":
            continue
        at = column(table, "Reason", "Why")
        for line, row in rows(table):
            reason = row[at if at is not None else len(row) - 1].strip(" -–—*_")
            yield from ((name, (line, reason)) for name in _PASSAGE.findall(row[0]))


def _assumed(document: Document, thing: Thing) -> bool:
    return "assumed" in document.line(thing.line).casefold()


def tells_its_requirements(document: Document, about: About) -> Wrongs:
    """Name every functional requirement of the domain in a story, name a requirement in every story, and tell only of roles that are stakeholders of the requirements."""
    asked = known.beside(about, *ids.REQUIREMENTS)
    stories = known.here(document, about, known.STORIES)
    told = {name for each in stories.values() for name in each.cites}
    where = known.place(document, "User stories")
    for name, each in asked.items():
        if each.kind == "FR" and name not in told:
            said = f"{name} ({known.beginning(each.text)}) is told in no story"
            yield Wrong(where, said, "name it in the story that delivers it, or write one")
    for each in stories.values():
        if asked and not any(name in asked for name in each.cites):
            hint = "name the requirements it comes from, or leave it out: nobody asked for it"
            yield Wrong(each.line, f"{each.id} names no requirement", hint, 1)
    yield from _listed(document, stories)
    yield from _roles(document, about, stories)


def _listed(document: Document, stories: dict[str, Thing]) -> Wrongs:
    """What the table of requirements and stories says, and the stories do not."""
    for table in known.tables(document, known.under(document, "Traceability")):
        asked, by = column(table, "Requirement", "Requirements"), column(table, "Stories", "Story")
        if asked is None or by is None:
            continue
        for line, row in rows(table):
            for name in ids.cited(row[asked]):
                silent = [each for each in ids.cited(row[by]) if each in stories and name not in stories[each].cites]
                if silent:
                    said = f"the table says that {known.listed(silent)} tells {name}, which is not named there"
                    yield Wrong(line, said, f"name {name} in the story, or correct the table", severity="warning")


def _roles(document: Document, about: About, stories: dict[str, Thing]) -> Wrongs:
    """Roles of stories that are no stakeholder of the requirements."""
    holders = {
        role(row[at])
        for there in about.beside if any(each.kind == "FR" for each in ids.things(there))
        for table in there.tables if (at := column(table, "Stakeholder", "Stakeholders")) is not None
        for _, row in rows(table)
    }  # fmt: skip
    for each in stories.values() if holders else ():
        first, last = known.extent(document, each)
        for number in range(first, min(last, first + 40) + 1):
            said = _ROLE.match(document.line(number)[:400])
            if said is None:
                continue
            if not any(is_role(role(each), holders) for each in _AND.split(said[1])):
                hint = f"name one that is{known.near(said[1].strip(), sorted(holders))}, or add it to the requirements"
                yield Wrong(number, f"{said[1].strip()!r} is no stakeholder of the requirements", hint, severity="warning")  # fmt: skip
            break
