"""A recipe of its own with two options, three seats and an author who writes what is asked: small runs to fork and compare."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planning_kit.model import Request
from planning_kit.order import Order
from planning_kit.run import Run

from . import authors
from .authors import good

BRIEF = "# Notes\n\nReaders must be able to read notes over HTTP.\n"
MODEL = "claude-sonnet-5-5"
RECIPE = """---
title: Two options
summary: A plan with a database to choose.
documents: plan/{slug}
tier: standard
options: {db: postgres, region: eu}
phases:
  - {name: intake, title: Intake, notebook: 1_intake, settles: [stack, passages]}
  - {name: scope, title: Scope, notebook: 1_intake, settles: [domains, topics, questions]}
  - {name: architecture, title: Architecture, notebook: 5_consultants, seats: [shaper, keeper]}
  - {name: synthesis, title: Synthesis, notebook: 6_synthesis, seats: [closer]}
---
Two seats side by side, then one that reads them.
"""
SEAT = """---
title: {title}
role: You write.
writes: {writes}
heading: {title}
sections: [{sections}, Key decisions]
reads: [{reads}]
---
Write about {{{{ feature }}}}{more}.
"""
SEATS = {
    "shaper": ("Shape", "01-shape.md", "Thoughts, OpenAPI", "", ""),
    "keeper": ("Keeping", "02-keeping.md", "Thoughts, DDL", "", " in {{ options.db }}"),
    "closer": ("Close", "03-close.md", "Thoughts", "01-shape.md, 02-keeping.md", ""),
}


class Writer(authors.Writer):
    """Writes what it is asked about into its document."""

    def write(self, request: Request) -> str:
        about = re.search(r"Write about (.*)\.", request.task)
        said = [line for line in super().write(request).splitlines() if line and not line.startswith("#")]
        return good(request, f"{said[0]} It is about {about and about[1]}.")


def settle(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the recipe into ``place``, and a key for a server nobody asks into the environment."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
    own = place / "own"
    (own / "recipes").mkdir(parents=True)
    (own / "consultants").mkdir()
    (own / "recipes" / "two.md").write_text(RECIPE)
    for name, (title, writes, sections, reads, more) in SEATS.items():
        page = SEAT.format(title=title, writes=writes, sections=sections, reads=reads, more=more)
        (own / "consultants" / f"{name}.md").write_text(page)
    return place


def ordered(place: Path, *settings: str, brief: str = BRIEF, **said: object) -> Run:
    """A run of the recipe, begun."""
    given = {"recipe": "two", "model": MODEL, "outputs": place / "outputs", **said}
    return Order(brief, settings=(f"consultants={place / 'own'}", *settings), **given).run()[0]  # type: ignore[arg-type]


def opened(run: Run, writer: authors.Writer) -> Run:
    """``run`` with ``writer`` for its author."""
    return Run.open(run.folder, author=lambda: writer)


def finished(run: Run, writer: authors.Writer | None = None, by: str = "Ann <ann@example.org>") -> Run:
    """``run``, written by ``writer`` and approved by ``by`` to its end."""
    going = opened(run, writer or Writer())
    for phase in going.phases:
        phase.consult()
        if not phase.gate.open:
            phase.approve(by)
    assert going.finished
    return going
