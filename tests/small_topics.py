"""A small recipe with all that a service design and an implementation plan need of the engine: topics, phases written together, seats on a condition, places, a document begun from a template."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning_kit.facts import Topic
from planning_kit.order import Order
from planning_kit.run import Run

from . import authors
from .small_domains import opened, plant, seats, templates

BRIEF = "# Library\n\nReaders must be able to read notes over HTTP.\n\nAuthors must be able to write notes over HTTP.\n"
MODEL = "claude-sonnet-5-5"
ANN = "Ann <ann@example.org>"
RECIPE = """---
title: Looked into
summary: Two areas for each topic, then a register.
documents: .
places:
  closer: kept/{slug}/{time}
  keeper: by/{seat}/{slug}-{time}
  other-keeper: by/{seat}/{slug}-{time}
options: {db: auto, ci: auto}
choices: {db: [auto, mysql], ci: [auto, azure, github, gitlab]}
phases:
  - {name: intake, title: Intake, notebook: 1_intake, settles: [stack, passages]}
  - {name: scope, title: Scope, notebook: 1_intake, settles: [domains, topics, questions]}
  - name: setup
    title: Setup
    notebook: 2_research
    renders: {'kept/{slug}/{time}/REGISTER.md': begun, ground.md: ground}
  - {name: far, title: Far, notebook: 2_research, each: topic, together: looking, seats: [far-looker]}
  - {name: near, title: Near, notebook: 2_research, each: topic, together: looking, seats: [near-looker]}
  - name: keeping
    title: Keeping
    notebook: 5_consultants
    seats: [keeper, other-keeper]
    when: {keeper: ci=azure, other-keeper: ci=github}
  - {name: closing, title: Closing, notebook: 6_synthesis, seats: [closer]}
---
For what has topics.
"""
SEATS = {
    "far-looker": "title: Far\nrole: You look.\nwrites: looked/far/{topic}.md\nheading: Far\nreads: [ground.md]\nsections: [Thoughts, Key decisions]",
    "near-looker": "title: Near\nrole: You look.\nwrites: looked/near/{topic}.md\nheading: Near\nreads: [ground.md]\nsections: [Thoughts, Key decisions]",
    "keeper": "title: Keeper\nrole: You keep.\nwrites: kept.md\nheading: Kept\nreads: ['looked/far/{topic}.md', 'looked/near/{topic}.md']\nsections: [Thoughts, Key decisions]",
    "other-keeper": "title: Other keeper\nrole: You keep.\nwrites: kept.md\nheading: Kept\nreads: ['looked/far/{topic}.md']\nsections: [Thoughts, Key decisions]",
    "closer": "title: Closer\nrole: You close.\nwrites: REGISTER.md\nheading: Register\nreads: [kept.md]\nsections: [Thoughts, Key decisions]",
}
TASK = "Write of {{ topic.name }} ({{ topic.about }})."
TEMPLATES = {
    "begun": "# Register of {{ feature }}\n\nFrom `{{ brief.digest }}`.\n{% for each in register %}\n- {{ each.seat }}: {{ each.path }}\n{%- endfor %}\n",
    "ground": "# Ground\n{% for each in topics %}\n- {{ each.name }}\n{%- endfor %}\n{% for each in passages['functional'] %}\n- {{ each.text }} [{{ each.id }}]\n{%- endfor %}\n",
}


class Writer(authors.Writer):
    """Writes what is asked for."""


def settle(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the recipe into ``place``, and a key for a server nobody asks into the environment."""
    return plant(place, monkeypatch, {"recipes/looked-into": RECIPE, **seats(SEATS, TASK), **templates(TEMPLATES)})


def ordered(place: Path, *settings: str, **said: object) -> Run:
    """A run of the recipe whose brief and two topics, caching and search, are approved."""
    given = {"recipe": "looked-into", "model": MODEL, "outputs": place / "outputs", **said}
    run = Order(BRIEF, settings=(f"consultants={place / 'own'}", *settings), **given).run()[0]  # type: ignore[arg-type]
    run = opened(run)
    run.phase("intake").approve(ANN)
    about(run, "caching", "search")
    run.phase("scope").approve(ANN)
    return run


def about(run: Run, *names: str) -> None:
    """Make ``names`` the topics of ``run``."""
    topics = tuple(Topic(name=name, why=f"{name} is open", passages=("P2",)) for name in names)
    with run.store.write():
        run.sheet.write(run.sheet.now.model_copy(update={"topics": topics}), "person", ANN, "agreed")
