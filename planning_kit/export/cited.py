"""From each passage of the brief to the sections of the documents that cite it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..brief import Brief
from ..document import Document

_MARKS = re.compile(r"\[((?:[PRQAS]\d+[,;\s]*)+)\]")
_NAME = re.compile(r"\b[PRQAS]\d+\b")


@dataclass(frozen=True)
class Cited:
    """One section that cites a name: its ``document``, its heading, the heading's ``line`` (1 for what stands before the first) and how often."""

    document: str
    section: str
    line: int
    times: int


@dataclass(frozen=True)
class Citations:
    """Where each name (``P12``, ``Q1``, ``S3``) is cited, in the order of the documents."""

    places: Mapping[str, tuple[Cited, ...]]
    folder: str = ""

    def short(self, document: str) -> str:
        """The name of a document below the folder that all of them lie in."""
        return document.removeprefix(f"{self.folder}/")

    def of(self, name: str) -> tuple[Cited, ...]:
        """The sections that cite ``name``."""
        return self.places.get(name, ())

    def uncited(self, brief: Brief) -> tuple[str, ...]:
        """The passages of the brief nobody cites, headings and rules left out: these ask for nothing by themselves."""
        return tuple(
            p.id for p in brief.passages if p.kind not in ("heading", "rule", "metadata") and not self.of(p.id)
        )


def citations(documents: Sequence[Document]) -> Citations:
    """Where ``documents`` cite what, in text and in diagrams and code alike."""
    found: dict[str, dict[tuple[str, int], Cited]] = {}
    for document in documents:
        headings = {heading.line: heading.text for heading in document.headings}
        section, start = document.title, 1
        for number, line in enumerate(document.lines, start=1):
            if number in headings:
                section, start = headings[number], number
            for marks in _MARKS.finditer(line) if "[" in line else ():
                for name in _NAME.findall(marks.group(1)):
                    places = found.setdefault(name, {})
                    known = places.get((document.name, start), Cited(document.name, section, start, 0))
                    places[document.name, start] = Cited(document.name, section, start, known.times + 1)
    folder = posixpath.commonpath([posixpath.dirname(document.name) for document in documents] or [""])
    return Citations({name: tuple(places.values()) for name, places in found.items()}, folder)
