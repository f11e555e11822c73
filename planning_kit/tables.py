"""A run as pandas tables, for those who explore it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import costs as reckoned
from . import digest, view
from .gate import decisions as decided
from .research import Sources
from .run import Run
from .tally import Sum

if TYPE_CHECKING:
    import pandas

_PAID = {
    "input": "input",
    "cache_write": "cache write 5 min",
    "cache_write_1h": "cache write 1 h",
    "cache_read": "cache read",
    "output": "output",
    "searches": "searches",
}
"""What is paid for, by its name in :class:`model.Usage`, and its column."""


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
    return _frame(rows).set_index("phase")


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
    return _frame(rows)


def decisions(run: Run) -> pandas.DataFrame:
    """One row a decision, in order: the phase, the verdict, who, how, when, the comment."""
    rows = [
        {"phase": d.phase, "verdict": d.verdict, "by": d.by, "how": d.how, "at": d.at, "comment": d.comment}
        for d in sorted((d for phase in run.phases for d in decided(run.journal, phase.name)), key=lambda d: d.seq)
    ]
    return _frame(rows, ["phase", "verdict", "by", "how", "at", "comment"])


def calls(run: Run) -> pandas.DataFrame:
    """One row a kept answer: who was asked, how it ended, tokens, US dollars, seconds, tries."""
    rows = [
        {
            "seat": call.seat,
            "model": call.model,
            "ended": call.reply.stop,
            "input": call.reply.usage.read,
            "output": call.reply.usage.output,
            "dollars": call.dollars,
            "seconds": call.reply.seconds,
            "tries": call.reply.attempts,
        }
        for call in run.ledger.calls
    ]
    return _frame(rows, ["seat", "model", "ended", "input", "output", "dollars", "seconds", "tries"])


def costs(run: Run) -> pandas.DataFrame:
    """What was paid for: one row a seat, one a phase, one for the run.

    Tokens by kind (broken tries left out), searches, US dollars (broken tries included; missing where no price is known),
    the dollars that were expected before anything was spent, and ``off``: what was taken over what was expected, for
    the seats that have both.
    """
    known = reckoned.of(run)
    rows: list[list[Any]] = []
    for phase in known.phases:
        rows += [_cost(phase.name, line.seat, line.model, Sum(line.seat, (line,))) for line in phase.lines]
        rows.append(_cost(phase.name, "together", "", phase))
    rows.append(_cost("the run", "together", "", known.total))
    frame = view.frame(rows, ["phase", "seat", "model", *_PAID.values(), "dollars", "expected", "off"])
    return frame.astype({"dollars": "Float64", "expected": "Float64", "off": "Float64"}).round(4)


def _cost(phase: str, seat: str, model: str, those: Sum) -> list[Any]:
    paid = [getattr(those.usage, kind) for kind in _PAID]
    return [phase, seat, model, *paid, those.dollars, those.expected, those.off]


def sources(run: Run) -> pandas.DataFrame:
    """One row a source that was looked up for the run: its id, title, address, the words quoted, the day, and the document it is for.

    Raises:
        Damaged: ``sources.json`` cannot be read.
    """
    columns = ["id", "title", "url", "quoted", "accessed", "document"]
    rows = [[getattr(source, name) for name in columns] for source in Sources(run.store).all]
    return view.frame(rows, columns)


def _frame(rows: list[dict[str, Any]], columns: Sequence[str] = ()) -> pandas.DataFrame:
    """``rows``, each its values by column; ``columns`` are needed where there may be no row."""
    names = list(columns or (rows[0] if rows else ()))
    return view.frame([[row[name] for name in names] for row in rows], names)
