"""A specialist's document as the offline author writes it on an architecture of its own, with the findings of every check on it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import planning_kit
from planning_kit.brief import Brief
from planning_kit.catalog import Catalog
from planning_kit.checks import check
from planning_kit.checks.about import About
from planning_kit.document import Document, Finding
from planning_kit.offline.facts import Reading
from planning_kit.offline.reading import read
from planning_kit.offline.writing.basis import Basis
from planning_kit.offline.writing.plan import CHOICES, Plan
from planning_kit.offline.writing.service import WRITERS
from planning_kit.template import sections

PACKAGE = Path(planning_kit.__file__).parent
CLINIC = (PACKAGE / "samples" / "clinic-appointments.md").read_text(encoding="utf-8")
META = "\n| Version | Last updated | Status | Recipe | Author |\n|---|---|---|---|---|\n| 1 | 2026-01-15 | draft for review | service-design | a test |\n"
PLACE = "design/agents/system-architect/x-1/integration-architecture.md"


@cache
def reading(brief: str) -> Reading:
    return read(Brief(brief))


def basis(brief: str, seat: str, *documents: Document, **options: str) -> Basis:
    held = reading(brief)
    plan = Plan(held.title, held, "2026-01-15", chosen=CHOICES.get(options.get("db", ""), ""))
    given = {"stack": "none", "db": "auto", "ci": "azure", "observability": "azure"} | options
    return Basis(plan, seat, documents, given)


def _whole(name: str, text: str) -> Document:
    head, rest = text.split("\n", 1)
    return Document(name, f"{head}\n{META}{rest}")


@cache
def architecture(brief: str, db: str = "auto") -> Document:
    return _whole(PLACE, WRITERS["system-architect"](basis(brief, "system-architect", db=db)).text())


def written(brief: str, seat: str, **options: str) -> Document:
    """What ``seat`` writes on the architecture of ``brief``."""
    return on(architecture(brief, options.get("db", "auto")), brief, seat, **options)


def on(ground: Document, brief: str, seat: str, **options: str) -> Document:
    """What ``seat`` writes on the architecture ``ground``."""
    name = f"design/agents/{seat}/x-1/{Catalog.read().consultants[seat].writes}"
    return _whole(name, WRITERS[seat](basis(brief, seat, ground, **options)).text())


def findings(document: Document, brief: str, seat: str, *beside: Document) -> tuple[Finding, ...]:
    """Everything all checks say of what ``seat`` wrote."""
    consultant = Catalog.read().consultants[seat]
    template = (PACKAGE / "templates" / f"{consultant.writes}").read_text(encoding="utf-8")
    passages = frozenset(passage.id for passage in Brief(brief).passages)
    return check(
        document, About(tuple(sections(template)), consultant.checks, passages, template=template, beside=beside)
    )
