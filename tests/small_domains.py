"""A small recipe that is gone through for each domain: two documents a domain, and an index; quick to make and to check."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from planning_kit.facts import Domain
from planning_kit.model import Request
from planning_kit.order import Order
from planning_kit.run import Run

from . import authors

BRIEF = "# Library\n\nReaders must be able to read notes over HTTP.\n\nAuthors must be able to write notes over HTTP.\n"
MODEL = "claude-sonnet-5-5"
ANN = "Ann <ann@example.org>"
RECIPE = """---
title: Parted
summary: Two documents for each domain.
documents: docs/{language}/parted
tier: standard
options: {domains: auto, language: en}
choices: {domains: [auto, in-turn, side-by-side]}
phases:
  - {name: intake, title: Intake, notebook: 1_intake, settles: [stack, passages]}
  - {name: scope, title: Scope, notebook: 1_intake, settles: [domains, topics, questions]}
  - {name: wishes, title: Wishes, notebook: 3_specification, each: domain, seats: [wisher]}
  - {name: plans, title: Plans, notebook: 3_specification, each: domain, seats: [planner]}
  - name: index
    title: Index
    notebook: 3_specification
    renders: {README.md: parted-index, '{domain}/README.md': parted-domain}
---
For what has several parts.
"""
SEATS = {
    "wisher": "title: Wisher\nrole: You wish.\nwrites: wishes/wishes.md\nheading: Wishes\ntemplate: wishes",
    "planner": "title: Planner\nrole: You plan.\nwrites: plans.md\nheading: Plans\nreads: [wishes/wishes.md]\nsections: [Thoughts, Key decisions]",
}
TASK = "Write about {{ domain.name }} with the code {{ domain.code }}: {{ domain.asking }}."
TEMPLATES = {
    "wishes": "## Overview\n\n> What is wished for.\n\n## Wishes\n\n> All of them.\n\n## Key decisions\n\n> One or two sentences.\n",
    "parted-index": "# All parts of {{ feature }}\n{% for each in domains %}\n- {{ each.name }}: {{ each.about }}\n{%- for document in each.documents %}\n  - [{{ document.title }}]({{ document.path }})\n{%- endfor %}{% endfor %}\n",
    "parted-domain": "# {{ domain.name }}\n\nIts code is {{ domain.code }}.\n",
}
READING, WRITING = "docs/en/parted/reading", "docs/en/parted/writing"


class Writer(authors.Writer):
    """Writes what is asked for."""


def settle(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the recipe into ``place``, and a key for a server nobody asks into the environment."""
    return plant(place, monkeypatch, {"recipes/parted": RECIPE, **seats(SEATS, TASK), **templates(TEMPLATES)})


def seats(fronts: Mapping[str, str], task: str) -> dict[str, str]:
    """Consultants' files by name, each with the same task."""
    return {f"consultants/{name}": f"---\n{front}\n---\n{task}\n" for name, front in fronts.items()}


def templates(texts: Mapping[str, str]) -> dict[str, str]:
    """Templates' files by name."""
    return {f"templates/{name}": text for name, text in texts.items()}


def plant(place: Path, monkeypatch: pytest.MonkeyPatch, pages: Mapping[str, str]) -> Path:
    """Write ``pages`` (``recipes/x`` → text) below ``place/own``, with a key for a server nobody asks in the environment."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
    for name, text in pages.items():
        path = place / "own" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return place


def ordered(place: Path, *settings: str, **said: object) -> Run:
    """A run of the recipe, begun, whose brief and two domains are approved."""
    given = {"recipe": "parted", "model": MODEL, "outputs": place / "outputs", **said}
    run = Order(BRIEF, settings=(f"consultants={place / 'own'}", *settings), **given).run()[0]  # type: ignore[arg-type]
    run = opened(run)
    run.phase("intake").approve(ANN)
    parted(run, "reading", "writing")
    run.phase("scope").approve(ANN)
    return run


def parted(run: Run, *names: str) -> None:
    """Make ``names`` the domains of ``run``."""
    domains = tuple(
        Domain(name=name, about=f"All about {name}.", passages=(f"P{at}",)) for at, name in enumerate(names, 2)
    )
    with run.store.write():
        run.sheet.write(run.sheet.now.model_copy(update={"domains": domains}), "person", ANN, "agreed")


def opened(run: Run, writer: authors.Writer | None = None) -> Run:
    """``run`` with ``writer`` for its author."""
    given = writer or Writer()
    return Run.open(run.folder, author=lambda: given)


def asked(writer: authors.Writer, domain: str, seat: str) -> Request:
    """What was asked last of ``seat`` for ``domain``."""
    return [each for each in writer.asked if (each.domain, each.seat) == (domain, seat)][-1]


def through(run: Run, last: str = "") -> Run:
    """``run``, written and approved until ``last`` is, or to its end."""
    for step in run.phases:
        if not step.consult().gate.open:
            step.approve(ANN)
        if step.name == last:
            break
    return run
