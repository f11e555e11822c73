"""The alerts: burn rates where an objective has a budget, thresholds where it has not, and what runs full before a promise breaks.

Burn rates are those of the Site Reliability Workbook (Google, 2018, chapter 5), computed for the window of the objective.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType

from ..markdown import ASSUMED, code, listing, quote, shorten
from .signal_facts import Indicator, Observed

_BURNS = ((0.02, 1, "1h", "5m", "2 min", "page"), (0.05, 6, "6h", "30m", "15 min", "page"), (0.10, 72, "3d", "6h", "1 h", "ticket"))  # fmt: skip
"""Share of the budget, in how many hours, the long and the short window, how long it holds, how urgent."""


@dataclass(frozen=True)
class Alert:
    """One alert: its ``name``, ``condition``, how long it ``lasts``, its ``severity`` (``page`` or ``ticket``), what to do, its ``source``, its ``query``."""

    name: str
    condition: str
    lasts: str
    severity: str
    action: str
    source: str
    query: str

    @property
    def row(self) -> tuple[str, ...]:
        """As a row of the table."""
        return (self.name, self.condition, self.lasts, self.severity, self.action, self.source)


def lasting(seconds: float) -> str:
    """A length of time as people write it."""
    for unit, size in (("days", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds * 1000:g} ms" if seconds < 1 else f"{seconds:g} s"


def alerts(observed: Observed, speech: ModuleType) -> Iterator[Alert]:
    """Every alert, those about promises first."""
    for one in observed.indicators:
        yield from _promised(observed, one, speech)
    yield Alert("Nothing is measured", "0 measurements of the processor came in", "10 min", "page", "look whether the service answers from outside; if it does, whether what it measures arrives", ASSUMED, speech.silent(observed))  # fmt: skip
    if any(each.protected for each in observed.contract.calls):
        yield Alert("Many callers are refused", "more than 20 % of answers are 401, 403 or 429", "10 min", "ticket", "find the actors and addresses behind them; block who tries keys or ids, tell whose token is out of date", ASSUMED, speech.refused(observed, 0.2))  # fmt: skip
    yield from _full(observed, speech)
    if observed.others:
        named = listing([quote(each) for each in observed.others], 4)
        what = (
            "ask their status page; what waits is sent later by itself"
            if observed.outbox
            else "ask their status page; callers get 503 meanwhile"
        )
        yield Alert("A system that is called fails", f"more than 10 % of calls to {named if len(observed.others) == 1 else 'one of ' + named} fail", "10 min", "ticket", what, ASSUMED, speech.unreachable(observed, 0.1))  # fmt: skip
    if observed.outbox:
        yield Alert("Messages wait too long", f"the oldest message is older than {lasting(observed.oldest)}", "5 min", "page", "look whether the worker runs and whom it cannot reach; start it again, or wait for them", "the architecture, *Reliability*", speech.waiting(observed, observed.oldest))  # fmt: skip
        yield Alert("A message was given up", "more than 0 dead messages", "5 min", "ticket", "read why, mend it, then send it again or drop it with a note", "the architecture, *Reliability*", speech.dead(observed))  # fmt: skip


def _promised(observed: Observed, one: Indicator, speech: ModuleType) -> Iterator[Alert]:
    name = quote(shorten(one.level.indicator, 60))
    source = one.level.source or ASSUMED
    action = _action(observed, one)
    missed = {"failed": "answers are 5xx", "slow": f"answers take longer than {lasting(one.seconds)}", "late": f"jobs are done later than {lasting(one.seconds)} after they were due", "counted": "events miss it"}[one.kind]  # fmt: skip
    if not one.share:
        return
    if one.days < 7 or one.kind != "failed":
        over = speech.window(one.days) if 0 < one.days <= 1 else "1h"
        yield Alert(name, f"more than {_percent(one.share)} of {missed}, over {_long(over)}", "15 min" if one.kind != "failed" else "5 min", "page" if one.kind == "failed" else "ticket", action, source, speech.breached(observed, one, over))  # fmt: skip
        return
    for part, hours, long, short, lasts, severity in _BURNS:
        factor = round(part * one.days * 24 / hours, 2)
        pace = f"{factor:g} times" if factor != 1 else "once"
        condition = f"{pace} the budget's rate: more than {_percent(factor * one.share)} of {missed}, over {_long(long)} and over {_long(short)}"  # fmt: skip
        if factor * one.share < 1:
            speed = {"1h": "fast", "6h": "steadily", "3d": "slowly"}[long]
            yield Alert(f"{name}: budget is spent {speed}", condition, lasts, severity, action if severity == "page" else "find the operation that fails most and plan its mending before the next release", source, speech.burning(observed, one, factor, long, short))  # fmt: skip


def _action(observed: Observed, one: Indicator) -> str:
    if one.kind == "late":
        return "look at *Jobs*: does the worker run, is one job slow, does a system it calls fail; start it again, it does nothing twice"
    if one.kind == "slow":
        where = f"of {code(one.call.called)} " if one.call else ""
        return f"open a slow trace {where}and see which span takes the time; if a release is younger than 30 min, take it back"
    if one.kind == "counted":
        return "open the log by the label's value and see what was missed"
    return "if a release is younger than 30 min, take it back; else see which operation and which span fails, and scale or switch off what it needs"


def _full(observed: Observed, speech: ModuleType) -> Iterator[Alert]:
    yield Alert("The processor is at its limit", "more than 85 % used, over all instances", "15 min", "ticket", "look at *Rate*: more callers, then add instances; the same, then look for what became dear", ASSUMED, speech.busy(observed, 0.85))  # fmt: skip
    if observed.pooled:
        yield Alert(f"Connections to {quote(observed.store)} run out", "more than 80 % in use", "10 min", "ticket", "look for the operation that holds them long; raise the pool only when the store allows it", ASSUMED, speech.pooled(observed, 0.8))  # fmt: skip


def _percent(share: float) -> str:
    return f"{100 * share:.3f}".rstrip("0").rstrip(".") + " %"


def _long(window: str) -> str:
    return f"{window[:-1]} {'days' if window[-1] == 'd' else {'h': 'h', 'm': 'min'}[window[-1]]}"
