"""What a run is expected to cost, before anything is spent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from . import prices
from .model import Material
from .run import Run

DOCUMENT_LENGTH = 18_000
"""Characters a document that is not written yet is taken to have."""


def plan(run: Run) -> list[dict[str, Any]]:
    """Who will be asked for what: a row per call with its ``expected`` cost in US dollars, when no draft needs mending."""
    rows = []
    for phase in run.phases:
        for seat, name in zip(phase.seats, phase.names, strict=True):
            question = phase.question(seat)
            missing = [read for read in phase.reads if run.shelf.document(read) is None]
            unwritten = tuple(Material("document", read, "x" * DOCUMENT_LENGTH) for read in missing)
            cost = prices.expected(replace(question, materials=question.materials + unwritten))
            rows.append(
                {
                    "phase": phase.title,
                    "consultant": seat.title,
                    "document": name,
                    "model": run.model,
                    "expected": cost,
                }
            )
    return rows


def dollars(run: Run) -> float:
    """US dollars the whole plan is expected to cost."""
    return float(sum(row["expected"] for row in plan(run)))
