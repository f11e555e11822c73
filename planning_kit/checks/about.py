"""What is known about a document before it is checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from ..document import Document


class Code(Protocol):
    """What can be cited of a codebase; it compares equal only to the same lines."""

    def line(self, path: str, number: int) -> str | None:
        """The text of a line, from 1; empty when it is there and was not shown, nothing when it is not there.

        A line that was shown and is blank is a blank.
        """
        ...

    def near(self, path: str) -> str:
        """The path that ``path`` may stand for: one that ends like it; empty if there is none, or several."""
        ...

    def has(self, path: str) -> bool | None:
        """Whether a file is there; nothing when that is not certain."""
        ...

    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class About:
    """What a document promised.

    Attributes:
        sections: the headings it must have, in order.
        checks: names of further checks its consultant asked for.
        passages: the brief's passage ids, and those of remarks (``R1`` …) and of answers (``Q1`` …).
        settled: names of what was answered (``Q1``) or is assumed (``A2``) at the intake.
        tables: tables that are in the codebase already.
        sources: numbers of what was looked up for the run (``S1`` …), and of what an author has just looked up.
        evidence: for facts, every ``path:line`` that was seen in the codebase.
        complete: whether its author came to the end by itself.
        stop: why the author ended, in the API's words.
        kind: ``markdown``, or ``facts`` for the facts of a run.
        dialect: the SQL its ``sql`` blocks are written in unless they say otherwise: ``postgres``, ``tsql`` or ``mysql``.
        plan: whether it is part of a plan of this package, with its sections, meta block and passages; else anybody's document.
        beside: the documents it has to agree with.
        code: what can be cited of the codebase; nothing when there is none.
        files: paths of files its links may lead to, on the same ground as its name and as those ``beside``; with none, only
            links to what is nearly the name of a document beside it are reported.
        remarks: names of the remarks this document was sent back with (``R1`` …).
        ignores: whether its comments may silence a rule: in a document of a person, not in an author's draft.
        template: the text of the template it follows; empty when it follows none.
        domain: the domain it is about; empty for the whole.
        prefix: the domain's code in ids (``EVE`` in ``FR-EVE-01``).
        asking: the passages that ask for something and are this domain's to answer.
        earlier: the text of the version that was approved or sent back last, whose ids have to stay what they were.
    """

    sections: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    passages: frozenset[str] = frozenset()
    settled: tuple[str, ...] = ()
    tables: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()
    complete: bool = True
    stop: str = "end_turn"
    kind: str = "markdown"
    dialect: str = "postgres"
    plan: bool = True
    beside: tuple[Document, ...] = ()
    code: Code | None = None
    ignores: bool = False
    files: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()
    template: str = ""
    domain: str = ""
    prefix: str = ""
    asking: tuple[str, ...] = ()
    earlier: str = ""


_DIALECTS = (
    ("tsql", r"sql ?server|mssql|azure sql|t-?sql"),
    ("mysql", r"mysql|mariadb|aurora mysql"),
    ("postgres", r"postgres"),
)


def dialect(*said: str) -> str:
    """The SQL of the database that is named: ``postgres``, ``tsql`` or ``mysql``; ``postgres`` when none is known.

    Args:
        said: texts that may name a database, the most binding one first; one that names several of them says nothing.
    """
    for each in said:
        named = [name for name, looks in _DIALECTS if re.search(looks, each, re.IGNORECASE)]
        if len(named) == 1:
            return named[0]
    return "postgres"
