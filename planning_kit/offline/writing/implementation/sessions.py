"""The research as it stands, edits by a person included: what each session recommends, how sure it is, and what it left open."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ....document import Document
from ..markdown import shorten

AREAS = {
    "technology": "Technology Research", "existing-system": "System Analysis",
    "new-components": "Component Design", "testing": "Testing Strategy",
}  # fmt: skip
"""The folder of each area of research, and the heading it has in the plan."""
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")


@dataclass(frozen=True)
class Researched:
    """What one session found.

    Attributes:
        area: a key of :data:`AREAS`.
        topic: its topic's name.
        path: the document, as the plan links it.
        option: the option that is recommended, as its table has it; else the first words of the recommendation.
        because: the first sentence of the recommendation without the option's name.
        confidence: high, medium or low; empty when it is not said.
        options: the names of all options.
        findings: how many there are.
        named: what all findings say, in lower case.
        shown: the findings of the first rows, each with its evidence.
        pieces: the rows of the table of components, by what is in its first four columns.
        tests: the rows of the table of tests.
    """

    area: str
    topic: str
    path: str
    option: str
    because: str
    confidence: str
    options: tuple[str, ...] = ()
    findings: int = 0
    shown: tuple[tuple[str, str], ...] = ()
    pieces: tuple[tuple[str, ...], ...] = ()
    tests: tuple[tuple[str, ...], ...] = ()
    named: str = ""

    @property
    def link(self) -> str:
        """The document as a link of the plan."""
        return f"[{self.topic}]({self.path})"


def read_back(documents: Iterable[Document]) -> tuple[Researched, ...]:
    """Every session of research among ``documents``, area by area."""
    found = [each for each in map(_read, documents) if each]
    return tuple(each for area in AREAS for each in found if each.area == area)


def _read(document: Document) -> Researched | None:
    parts = document.name.split("/")
    if len(parts) < 3 or parts[-3] != "research" or parts[-2] not in AREAS:
        return None
    options = tuple(row[0] for row in _rows(document, "Option") if row and row[0].strip())
    said = " ".join(_LINK.sub(r"\1", document.section("Recommendation")).split())
    name = _named(said, options)
    findings = _rows(document, "Finding")
    level = re.search(r"(?i)\b(?:high|medium|low)\b", document.section("Confidence")[:2_000])
    return Researched(
        parts[-2], parts[-1].removesuffix(".md"), "/".join(parts[-3:]), name or shorten(_bare(said), 120), _reason(said, name),
        level.group().lower() if level else "", options, len(findings),
        tuple((row[0], row[1] if len(row) > 1 else "") for row in findings[:4] if row),
        _rows(document, "Component"), _rows(document, "Level"),
        "\n".join(row[0] for row in findings if row)[:20_000].casefold(),
    )  # fmt: skip


def _rows(document: Document, first: str) -> tuple[tuple[str, ...], ...]:
    """The rows of the tables whose first column is called ``first``."""
    found = (
        table.rows
        for table in document.tables
        if table.header and _bare(table.header[0]).casefold() == first.casefold()
    )
    return tuple(row for rows in found for row in rows)


def _named(said: str, options: Iterable[str]) -> str:
    """The option that a recommendation names first; empty when it names none as the table does."""
    low = _bare(said).casefold()
    at = {name: low.find(_bare(name).casefold()) for name in options}
    there = [name for name, place in at.items() if place >= 0]
    return min(there, key=lambda name: at[name]) if there else ""


def _reason(said: str, name: str) -> str:
    text = re.sub(r"^\*\*[^*]{1,300}\*\*\s*[:.–—-]?\s*", "", said) if name else said
    first = re.split(r"(?<=[.!?])\s+(?=[A-Z`*])", text, maxsplit=1)[0]
    return shorten(first, 300).rstrip(".")


def _bare(text: str) -> str:
    return re.sub(r"[*_`\\]+", "", text).strip()
