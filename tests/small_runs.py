"""Runs of a small recipe of their own: an analyst, two consultants side by side, a summary; quick to make and to check."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from planning_kit import signing
from planning_kit.model import Reply, Request
from planning_kit.order import Order
from planning_kit.remarks import Anchor
from planning_kit.run import Run

from .authors import Writer

BRIEF = "# Notes\n\nReaders must be able to read notes over HTTP.\n"
ANN, BOB = "Ann Architect <ann@example.org>", "Bob Builder <bob@example.org>"
MODEL = "claude-sonnet-5-5"

CONSULTANT = """---
title: {title}
role: You plan {what}.
writes: {writes}
heading: {title}
reads: [{reads}]
sections: [Plan, Key decisions]
repairs: {repairs}
---
Write how {what} are planned for {{{{ feature }}}}.
"""
RECIPE = """---
title: Small plan
summary: Two documents and a summary.
documents: plan/{slug}
tier: standard
phases:
  - {name: intake, title: Intake, notebook: 1_intake, settles: [stack, passages]}
  - {name: scope, title: Scope, notebook: 1_intake, seats: [intake-analyst], settles: [domains, topics, questions]}
  - {name: writing, title: Writing, notebook: 5_consultants, seats: [reading-consultant, writing-consultant]}
  - {name: summary, title: Summary, notebook: 6_synthesis, seats: [small-summary]}
---
For small things.
"""
READING, WRITING, SUMMARY = (f"plan/notes/{name}.md" for name in ("01-reading", "02-writing", "00-summary"))


def begin(folder: Path, reviewers: str = "", model: str = MODEL, brief: str = BRIEF) -> Run:
    """A run that has just begun in ``folder``."""
    own = folder / "planning_kit"
    for name, text in {
        "consultants/reading-consultant.md": CONSULTANT.format(
            title="Reading", what="readers", writes="01-reading.md", reads="", repairs=2
        ),
        "consultants/writing-consultant.md": CONSULTANT.format(
            title="Writing", what="writers", writes="02-writing.md", reads="", repairs=2
        ),
        "consultants/small-summary.md": CONSULTANT.format(
            title="Summary", what="summaries", writes="00-summary.md", reads="01-reading.md, 02-writing.md", repairs=2
        ),
        "recipes/small.md": RECIPE,
        **({"reviewers.yaml": reviewers} if reviewers else {}),
    }.items():
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        (own / name).write_text(text)
    (folder / "notes.md").write_text(brief)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANTHROPIC_API_KEY", "test-key")
        patch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
        patch.chdir(folder)
        run, _ = Order("notes.md", recipe="small", model=model, outputs=folder / "outputs").run()
    return run


def opened(run: Run | Path, writer: Writer | None = None) -> Run:
    """``run`` read anew, with ``writer`` as the author of everything."""
    return Run.open(run if isinstance(run, Path) else run.folder, author=lambda: writer or Writer())


def key(folder: Path, name: str = "id") -> Path:
    """An SSH key of its own without a passphrase."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)], check=True, timeout=20
    )
    return folder / name


class Forgetful(Writer):
    """Leaves the last section away until it is asked to mend that."""

    def write(self, request: Request) -> str:
        whole = super().write(request)
        return whole if request.findings or request.schema else whole.split("## Key decisions")[0]

    def send(self, request: Request, hear: object) -> Reply:
        return super().send(request, lambda said: None)


def reviewed(run: Run, keys: Path | None = None, writer: Writer | None = None) -> Run:
    """``run`` from its beginning to its end, with everything that can happen to it: an answer, a comment, a send-back, an edit, signatures, a rule."""
    signer = signing.signer(str(keys / "id")) if keys else None
    run = opened(run, writer)
    run.phase("intake").approve(ANN, signer=signer)
    scope = run.phase("scope").consult()
    with run.store.write():
        run.sheet.answer("Q1", "b", ANN)
    scope.approve(ANN)
    writing = run.phase("writing").consult()
    writing.comment(Anchor(READING, "Plan", 5, "As the brief says"), "Say how many notes at once.", ANN)
    writing.send_back(ANN, signer=signer)
    writing.consult()
    text = (run.shelf.document(WRITING) or writing.documents[0]).text
    writing.edit(WRITING, text.replace("Notes are read", "Notes are kept and read"), BOB, run.shelf.digest(WRITING))  # type: ignore[attr-defined]
    (run.folder / "sources.json").write_text("[]\n")
    writing.approve(ANN, "Good.", signer=signer)
    (run.folder / "notebooks").mkdir()
    (run.folder / "notebooks" / "6_synthesis.ipynb").write_text('{"cells": []}\n')
    run.phase("summary").consult().review("clean")
    with run.store.write():
        shown = (run.folder / "notebooks" / "6_synthesis.ipynb").read_text()
        from planning_kit import digest

        run.journal.add("executed", notebook="6_synthesis", digest=digest.of_text(shown))
    assert run.finished
    return run
