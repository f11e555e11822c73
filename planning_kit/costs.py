"""What a run has cost, seat by seat, and how far off the estimate was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from . import bars, prices, view
from .errors import Damaged
from .ledger import Call
from .model import Usage
from .run import Run
from .tally import Expected, Line, Sum, is_priced

ESTIMATE = "estimate.json"
"""The file in a run's folder that holds what was expected before anything was spent."""


def lines(run: Run) -> tuple[Line, ...]:
    """One line a seat that was asked or is expected to be, in the order of the recipe; seats it does not know come last.

    Raises:
        Damaged: the estimate, or a note about a broken try, cannot be read.
    """
    expected = _expected(run)
    phases = {seat.name: phase.name for phase in run.phases for seat in phase.seats}
    found: dict[str, Line] = {}
    for seat in dict.fromkeys((*phases, *expected)):
        then, model = expected.get(seat, (None, ""))
        found[seat] = Line(
            phases.get(seat, ""), seat, (model,) if model else (), priced=is_priced(model), expected=then
        )
    for call in run.ledger.calls:
        _answered(found, call)
    for lost in run.ledger.lost:
        before = _asked(found, lost.seat, lost.model)
        dollars = before.lost_dollars + prices.cost(lost.model, lost.usage)
        found[lost.seat] = replace(
            before,
            lost=before.lost + lost.usage,
            lost_dollars=dollars,
            broken=before.broken + 1,
            tries=before.tries + 1,
        )
    return tuple(line for line in found.values() if line.asked or line.expected)


def _answered(found: dict[str, Line], call: Call) -> None:
    """Add an answer to the line of its seat."""
    before, reply = _asked(found, call.seat, call.model), call.reply
    paid = prices.shares(call.model, reply.usage)
    found[call.seat] = replace(
        before,
        calls=before.calls + 1,
        usage=before.usage + reply.usage,
        shares={kind: before.shares.get(kind, 0.0) + dollars for kind, dollars in paid.items()},
        lost=before.lost + reply.lost,
        lost_dollars=before.lost_dollars + prices.cost(call.model, reply.lost),
        broken=before.broken + (reply.lost != Usage()),
        tries=before.tries + max(1, reply.attempts),
        seconds=before.seconds + reply.seconds,
    )


def _asked(found: dict[str, Line], seat: str, model: str) -> Line:
    """The line of ``seat``, with ``model`` among those that were asked."""
    line = found.get(seat) or Line("", seat)
    models = tuple(dict.fromkeys((*(line.models if line.asked else ()), model)))
    return replace(line, models=models, priced=all(map(is_priced, models)))


def _expected(run: Run) -> dict[str, tuple[Expected, str]]:
    """What was expected of each seat, and with which model."""
    text = run.store.read(ESTIMATE)
    try:
        return {str(each["seat"]): _read(each) for each in (json.loads(text) if text is not None else ())}
    except (ValueError, TypeError, KeyError) as error:
        said = " ".join(str(error).split())[:120]
        raise Damaged(
            f"{run.store.path(ESTIMATE)} does not hold an estimate ({said}); restore it, or take it away"
        ) from error


def _read(said: Mapping[str, Any]) -> tuple[Expected, str]:
    dollars = None if said["dollars"] is None else float(said["dollars"])
    return Expected(int(said["read"]), int(said["written"]), dollars), str(said["model"])


@dataclass(frozen=True)
class Costs:
    """What a run has cost: every seat's :class:`Line`, and the files of ``damaged`` answers that were set aside."""

    lines: tuple[Line, ...]
    damaged: tuple[str, ...] = ()

    @cached_property
    def total(self) -> Sum:
        """The run."""
        return Sum("", self.lines)

    @cached_property
    def phases(self) -> tuple[Sum, ...]:
        """Each phase, in the order of the recipe; what the recipe does not know comes last, under an empty name."""
        names = dict.fromkeys(line.phase for line in self.lines)
        return tuple(Sum(name, tuple(line for line in self.lines if line.phase == name)) for name in names)

    @property
    def facts(self) -> dict[str, Any]:
        """Everything about the cost, as plain values."""
        return {
            **self.total.facts,
            "prices_as_of": prices.as_of(),
            "damaged": list(self.damaged),
            "phases": [{"phase": each.name, **each.facts} for each in self.phases],
            "seats": [line.facts for line in self.lines],
        }

    @property
    def picture(self) -> view.Shown:
        """One bar a seat, by what was paid for, with a mark where it was expected to end; in tokens where no price is known."""
        asked = [line for line in self.lines if line.tokens or line.expected]
        if not asked:
            return view.box("note", ["Nothing was spent: no model was asked."])
        money = any(line.dollars for line in asked) or any(line.expected and line.expected.dollars for line in asked)
        rows = [_bar(line, money) for line in asked]
        title = f"What each seat has {'cost' if money else 'taken'}: {self.total.told(money)}"
        kinds = {**prices.KINDS, "lost": "broken off"}
        svg = bars.bars(rows, tuple(kinds.values()), title, "US dollars" if money else "tokens", "expected")
        text = "\n".join([title, *(f"  {row.group}, {row.name}: {row.said}" for row in rows)])
        return view.Shown(view.picture(svg, text), text)


def of(run: Run) -> Costs:
    """What ``run`` has cost so far.

    Raises:
        Damaged: see :func:`lines`.
    """
    return Costs(lines(run), run.ledger.damaged)


def picture(run: Run) -> view.Shown:
    """What each seat of ``run`` has cost, as a picture; see :attr:`Costs.picture`."""
    return of(run).picture


def _bar(line: Line, money: bool) -> bars.Bar:
    spent = line.shares if money else {**asdict(line.usage), "searches": 0}
    lost = line.lost_dollars if money else line.lost.read + line.lost.output
    then = line.expected
    mark = None if then is None else then.dollars if money else then.read + then.written
    parts = (*(float(spent.get(kind, 0.0)) for kind in prices.KINDS), float(lost))
    return bars.Bar(line.phase or "other", line.seat, parts, mark, Sum(line.seat, (line,)).told(money))
