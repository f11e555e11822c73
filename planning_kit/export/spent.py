"""What the run has taken: seat by seat beside what was expected, every answer, and what was broken off."""

from __future__ import annotations

from .. import costs, digest
from ..run import Run
from ..tally import Line
from .markup import Safe, code, joined, listed, table, tag


def spent(run: Run) -> Safe:
    """Cost as a picture and as tables."""
    known = costs.of(run)
    rows = [_line(line) for line in known.lines if line.asked or line.expected]
    total = known.total
    return joined(
        [
            tag("p", f"{total.calls} answers, {total.told()}; the cap was ${run.budget:.2f}."),
            tag("div", Safe(known.picture.html), class_="figure"),
            table("What each seat has taken", ("seat", "phase", "model", "answers", "tokens read", "of them cached", "tokens written", "US dollars", "expected"), rows, "figures"),
            listed(f"The answer kept as {name} cannot be read any more and was set aside." for name in known.damaged),
        ]
    )  # fmt: skip


def _line(line: Line) -> tuple[object, ...]:
    usage = line.usage + line.lost
    then = line.expected.dollars if line.expected else None
    return (
        line.seat, line.phase, line.model, line.calls, f"{usage.read:,}", f"{usage.cache_read:,}", f"{usage.output:,}",
        _dollars(line.dollars), _dollars(then) if line.expected else "",
    )  # fmt: skip


def _dollars(figure: float | None) -> str:
    return "no price known" if figure is None else f"{figure:.4f}"


def plan(run: Run) -> Safe:
    """Who was to be asked for what, with which model: the plan of execution the first gate names."""
    rows = [(each["document"], each["phase"], each["consultant"], each["model"]) for each in run.call_plan]
    shown = table("Plan of execution", ("document", "phase", "asked", "model"), rows)
    return joined([tag("p", "SHA-256 ", code(digest.of_fact(run.call_plan)), class_="small"), shown])


def calls(run: Run) -> Safe:
    """Every kept answer: who was asked, how it ended, what it took; not the texts."""
    rows = [
        (call.seat, call.model, call.reply.model, call.reply.stop, call.reply.at, f"{call.reply.usage.read:,}", f"{call.reply.usage.output:,}", f"{call.dollars:.4f}", f"{call.reply.seconds:.1f}", call.reply.attempts)
        for call in run.ledger.calls
    ]  # fmt: skip
    header = ("seat", "model asked", "model that answered", "ended", "when", "tokens read", "tokens written", "US dollars", "seconds", "tries")  # fmt: skip
    if not rows:
        return tag("p", "Nobody was asked.")
    return table("Answers, in the order they were finished", header, rows, "figures")
