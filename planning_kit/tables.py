"""A run as pandas tables, for those who explore it."""

from __future__ import annotations

from typing import Any

import pandas

from . import digest
from .gate import decisions as decided
from .run import Run


def phases(run: Run) -> pandas.DataFrame:
    """One row a phase: its notebook, how many of its documents are written, its gate."""
    rows = [
        {
            "phase": phase.title,
            "notebook": phase.notebook,
            "documents": f"{len(phase.documents)} of {len(phase.names)}",
            "gate": "open" if phase.gate.open else "; ".join(phase.gate.why),
        }
        for phase in run.phases
    ]
    return pandas.DataFrame(rows).set_index("phase")


def documents(run: Run) -> pandas.DataFrame:
    """One row a document: its words, version, author, seconds it took, findings when it was drafted, digest of its text."""
    rows: list[dict[str, Any]] = []
    for phase in run.phases:
        for document in phase.documents:
            last = run.shelf.drafted(document.name)
            drafted = last.body if last else {}
            rows.append(
                {
                    "document": document.name.rsplit("/", 1)[-1],
                    "words": len(document.text.split()),
                    "version": drafted.get("version", 0),
                    "author": "a person" if run.shelf.edited(document.name) else drafted.get("model", ""),
                    "seconds": drafted.get("seconds", 0.0),
                    "findings": drafted.get("findings", 0),
                    "sha256": digest.short(document.digest),
                }
            )
    return pandas.DataFrame(rows)


def decisions(run: Run) -> pandas.DataFrame:
    """One row a decision, in order: the phase, the verdict, who, how, when, the comment."""
    rows = [
        {"phase": d.phase, "verdict": d.verdict, "by": d.by, "how": d.how, "at": d.at, "comment": d.comment}
        for d in sorted((d for phase in run.phases for d in decided(run.journal, phase.name)), key=lambda d: d.seq)
    ]
    return pandas.DataFrame(rows, columns=["phase", "verdict", "by", "how", "at", "comment"])


def calls(run: Run) -> pandas.DataFrame:
    """One row a kept answer: who was asked, how it ended, tokens, US dollars, seconds, tries."""
    rows = [
        {
            "seat": call.seat,
            "model": call.model,
            "ended": call.reply.stop,
            "input": call.reply.usage.input + call.reply.usage.cache_read + call.reply.usage.cache_write,
            "output": call.reply.usage.output,
            "dollars": call.dollars,
            "seconds": call.reply.seconds,
            "tries": call.reply.attempts,
        }
        for call in run.ledger.calls
    ]
    return pandas.DataFrame(rows, columns=["seat", "model", "ended", "input", "output", "dollars", "seconds", "tries"])
