"""Documents checked together: what each of them promises, what is wrong with it, what looked at its artefacts."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ..checks import Looked, examine, shown
from ..checks.about import About, Code, dialect
from ..checks.artefact import artefacts, is_markdown, of_kind
from ..checks.markdown import targets
from ..checks.sql.guess import guessed
from ..checks.structure import META
from ..document import Document, Finding
from .sources import Source

DELIVERED = ("plan-delivered", "plan-files")
"""The checks of a task plan that look at what lies beside it."""

PLANNED = ("plan-delivered", "plan-files")
"""What a task plan from anywhere is checked for beside its own rules."""


@dataclass(frozen=True)
class Checked:
    """One document, what was known about it, what is wrong with it and what looked at its artefacts."""

    source: Source
    about: About
    findings: tuple[Finding, ...]
    looked: tuple[Looked, ...]

    @property
    def document(self) -> Document:
        """The document as it was checked."""
        return self.source.document


@dataclass(frozen=True)
class Linted:
    """What was found in all documents; ``refused`` says of each file that could not be read why."""

    checked: tuple[Checked, ...]
    refused: tuple[str, ...] = ()

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Of all documents."""
        return tuple(finding for each in self.checked for finding in each.findings)

    @cached_property
    def looked(self) -> tuple[Looked, ...]:
        """What looked at the artefacts of all documents."""
        return tuple(looked for each in self.checked for looked in each.looked)

    def count(self, severity: str) -> int:
        """How many findings are of this severity."""
        return sum(each.severity == severity for each in self.findings)

    @property
    def exit_status(self) -> int:
        """2 when a file could not be read, 1 when there are errors, else 0."""
        return 2 if self.refused else int(self.count("error") > 0)

    @cached_property
    def unchecked(self) -> dict[tuple[str, str], int]:
        """What was not checked, the most frequent first: (kind, why) → how many artefacts."""
        reasons: Counter[tuple[str, str]] = Counter()
        for each in self.checked:
            langs = {artefact.line: artefact.lang for artefact in artefacts(each.document)}
            for looked in each.looked:
                if not looked.tool:
                    name = langs.get(looked.line, "") if looked.kind == "other" else looked.kind
                    reasons[name or looked.kind, looked.why] += 1
        return dict(reasons.most_common())

    @property
    def facts(self) -> dict[str, Any]:
        """Everything, for programs."""
        return {
            "documents": [_facts(each) for each in self.checked],
            "counts": {
                "documents": len(self.checked),
                "artefacts": len(self.looked),
                "checked": sum(bool(each.tool) for each in self.looked),
                "not_checked": sum(not each.tool for each in self.looked),
                "errors": self.count("error"),
                "warnings": self.count("warning"),
            },
            "unreadable": list(self.refused),
        }


def lint(sources: Sequence[Source], refused: Sequence[str] = (), db: str = "", code: Code | None = None) -> Linted:
    """Check ``sources`` together: each has to agree with the others.

    Args:
        sources: the documents.
        refused: why other files could not be read, a line each.
        db: the database (or its dialect) that SQL blocks are written for which do not say it; empty for what most of them look like.
        code: what ``path:line`` in the documents refers to.
    """
    documents = [source.document for source in sources]
    spoken = dialect(db) if db else guessed(documents)
    checked = []
    promises = [promised(document) for document in documents]
    for source, own in zip(sources, promises, strict=True):
        others = zip(documents, promises, strict=True)  # what is about another domain owes this one nothing
        about = replace(
            own,
            dialect=spoken,
            beside=tuple(
                document
                for document, its in others
                if document is not source.document and not (own.domain and its.domain and own.domain != its.domain)
            ),
            code=code,
            ignores=True,
            files=_files(source),
        )
        checked.append(look(source, about))
    return Linted(tuple(checked), tuple(refused))


def _files(source: Source) -> frozenset[str]:
    """What is on the disk of what a document links to, beside itself; nothing of one that came from standard input."""
    if source.path is None:
        return frozenset()
    return frozenset({source.name, *(name for name in targets(source.document) if os.path.exists(name))})


def look(source: Source, about: About) -> Checked:
    """One document, checked."""
    examined = examine(source.document, about)
    return Checked(source, about, examined.findings, examined.looked)


def promised(document: Document) -> About:
    """What a document promises by what it is: one that a consultant of a recipe writes has its sections, a task plan its files; another nothing.

    A task plan has to deliver what the documents beside it design. A document is a consultant's when it carries the meta block of a plan, and its file is called what a consultant of that recipe writes.
    """
    if not is_markdown(document):
        return About(plan=False, checks=DELIVERED if of_kind(document, "task-plan") else ())
    if not is_markdown(document):
        return About(checks=PLANNED if of_kind(document, "task-plan") else (), plan=False)
    if not (document.tables and document.tables[0].header == META and document.tables[0].rows):
        return About(plan=False)
    from ..catalog import Catalog
    from ..recipe import TOPIC

    catalog = Catalog.read()
    said = dict(zip(META, document.tables[0].rows[0], strict=False)).get("Recipe", "")
    if said not in catalog.recipes:
        return About(plan=False)
    recipe = catalog.recipes[said]
    for phase, seat in ((each, seat) for each in recipe.phases for seat in each.seats):
        consultant = catalog.consultants[seat]
        written = re.escape(consultant.writes).replace(re.escape(TOPIC), "[^/]+")
        if found := re.search(rf"(?:\A|/){written}\Z", document.name):
            domain = document.name[: found.start()] if phase.each == "domain" else ""
            return About(
                sections=consultant.sections, checks=consultant.checks, template=consultant.shape, domain=domain
            )
    return About(plan=False)


def _facts(checked: Checked) -> dict[str, Any]:
    document = checked.document
    return {
        "path": document.name,
        "findings": [
            {
                "line": each.line,
                "column": each.column,
                "rule": each.rule,
                "tool": each.tool,
                "severity": each.severity,
                "message": each.message,
                "hint": each.hint,
                "source": shown(document, each)[:1000],
            }
            for each in checked.findings
        ],
        "artefacts": [
            {"line": each.line, "kind": each.kind, "tool": each.tool, "why": each.why} for each in checked.looked
        ],
    }
