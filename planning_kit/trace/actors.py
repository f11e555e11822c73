"""Who takes part, as a document's tables of actors and stakeholders name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..checks.agreement import named, words
from ..document import Document


@dataclass(frozen=True)
class Actor:
    """Somebody who takes part: the ``name``, the ``kind`` if there is a column for it, the ``document`` and its ``line``."""

    name: str
    kind: str
    document: str
    line: int


def actors(document: Document) -> Iterator[Actor]:
    """Whoever stands in the first column of a table that is called *Actor* or *Stakeholder*."""
    for table in document.tables:
        at, kind = named.column(table, "Actor", "Stakeholder"), named.column(table, "Kind")
        for line, row in named.rows(table) if at == 0 else ():
            if name := words.word(row[0]):
                yield Actor(name[:120], words.word(row[kind])[:60] if kind else "", document.name, line)
