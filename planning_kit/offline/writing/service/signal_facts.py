"""What is observed: the service's metrics, what each service level of the architecture is computed from, what is personal and stays out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from slugify import slugify

from ..basis import Basis
from ..markdown import quote
from . import levels
from .contract import Call, Contract, contract
from .delivery_tools import STORES
from .levels import Level

_SPAN = re.compile(r"(\d[\d,.]{0,8})\s*(seconds?|secs?|s|minutes?|min|hours?|h|days?|d|weeks?|months?)(?![A-Za-z])", re.IGNORECASE)  # fmt: skip
_SECONDS = {"s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400, "week": 604800, "month": 2592000}  # fmt: skip
_HOURS = re.compile(r"\b([01]?\d|2[0-3]):(\d\d)\s*(?:to|–|-|until)\s*([01]?\d|2[0-4]):(\d\d)")


@dataclass(frozen=True)
class Metric:
    """A metric by the names of OpenTelemetry's semantic conventions.

    Attributes:
        name: with dots.
        method: by which method (RED, USE) it answers what.
        type: ``histogram``, ``gauge`` or ``counter``.
        unit: ``s``, ``By``, ``1`` or what is counted.
        labels: its attributes, with dots.
    """

    name: str
    method: str
    type: str
    unit: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Indicator:
    """A service level with what it is computed from.

    Attributes:
        level: as the architecture has it.
        kind: ``failed`` (answers with 5xx), ``slow`` (answers later than ``seconds``), ``late`` (jobs later than ``seconds``), or
            ``counted`` (what the service counts itself).
        share: the share that may miss it, 0 to 1; 0 when the objective says none.
        seconds: how long is still in time.
        call: the operation it is about; nothing for all of them.
        days: the window in days; 0 when it names none.
        hours: the hours of the day it is counted in; nothing for all of them.
        name: as a label's value.
    """

    level: Level
    kind: str
    share: float
    seconds: float
    call: Call | None
    days: float
    hours: tuple[int, int] | None
    name: str


def span(text: str) -> float:
    """The first length of time in ``text``, in seconds; 0 without one."""
    said = _SPAN.search(text)
    if not said:
        return 0.0
    unit = said[2].lower()
    return float(said[1].replace(",", "").rstrip(".")) * _SECONDS.get(unit, _SECONDS.get(unit.rstrip("s"), 0))


@dataclass(frozen=True)
class Observed:
    """What there is to observe of one service."""

    basis: Basis

    @cached_property
    def slug(self) -> str:
        """The service's name in names."""
        whole = str(slugify(self.basis.plan.feature)) or "service"
        return whole if len(whole) <= 40 else whole[:41].rpartition("-")[0] or whole[:40]

    @cached_property
    def contract(self) -> Contract:
        """The OpenAPI document."""
        return contract(self.basis)

    @cached_property
    def store(self) -> str:
        """The store that is asked; empty without one."""
        return next((name.strip("` ") for name, _ in levels.stores(self.basis)), "")

    @property
    def pooled(self) -> bool:
        """Whether the store is reached by connections of a pool."""
        return any(each.casefold() in self.store.casefold() for each in STORES) and not re.search(
            r"(?i)dynamo|cosmos", self.store
        )

    @cached_property
    def worker(self) -> bool:
        """Whether something works without a caller."""
        rows = levels.rows(self.basis, "Service boundaries")
        return any(re.match(r"(?i)\W*worker\b", row.get("service", "")) for row in rows)

    @cached_property
    def others(self) -> list[str]:
        """The systems that are called."""
        return list(dict.fromkeys(each.name for each in self.basis.plan.reading.integrations))

    @cached_property
    def outbox(self) -> bool:
        """Whether messages wait to be sent."""
        return bool(levels.needed(self.basis, "Reliability", "^outbox"))

    @cached_property
    def oldest(self) -> float:
        """How old a waiting message may be, in seconds, as the architecture limits it; 5 minutes where it does not."""
        return next((span(row.get("limit", "")) for row in levels.rows(self.basis, "Reliability") if re.match(r"(?i)\W*outbox", row.get("concern", ""))), 0.0) or 300.0  # fmt: skip

    @cached_property
    def personal(self) -> list[str]:
        """The personal data of the architecture, by name."""
        rows = [levels.cells(row) for row in levels.rows(self.basis, "Personal data")]
        return list(dict.fromkeys(quote(row.get("data", "").split("(")[0].strip()) for row in rows if row.get("data")))

    @cached_property
    def codes(self) -> list[str]:
        """The codes of the error taxonomy."""
        rows = [levels.cells(row) for row in levels.rows(self.basis, "Error taxonomy")]
        named = [re.match(r"[\w.-]{1,80}", row.get("code", "").strip()) for row in rows]
        return list(dict.fromkeys(each.group() for each in named if each))

    @cached_property
    def metrics(self) -> tuple[Metric, ...]:
        """Every metric."""
        return tuple(self._metrics())

    def _metrics(self) -> Iterator[Metric]:
        yield Metric("http.server.request.duration", "RED: rate, errors and duration of each operation", "histogram", "s", ("http.request.method", "http.route", "http.response.status_code"))  # fmt: skip
        yield Metric("http.server.active_requests", "USE: saturation of the service", "gauge", "requests", ("http.request.method",))  # fmt: skip
        yield Metric("process.cpu.utilization", "USE: utilization of the processor", "gauge", "1")
        yield Metric("process.memory.usage", "USE: utilization of memory", "gauge", "By")
        if self.store:
            yield Metric("db.client.operation.duration", f"RED: rate, errors and duration of {self.store}", "histogram", "s", ("db.operation.name", "error.type"))  # fmt: skip
        if self.pooled:
            yield Metric("db.client.connection.count", "USE: utilization of the connections", "gauge", "connections", ("db.client.connection.state",))  # fmt: skip
            yield Metric("db.client.connection.max", "USE: utilization, what there is", "gauge", "connections")
            yield Metric("db.client.connection.pending_requests", "USE: saturation of the connections", "gauge", "requests")  # fmt: skip
            yield Metric("db.client.connection.timeouts", "USE: errors of the connections", "counter", "timeouts")
        if self.others:
            yield Metric("http.client.request.duration", "RED: rate, errors and duration of what is called", "histogram", "s", ("server.address", "http.response.status_code"))  # fmt: skip
        if self.worker:
            yield Metric("worker.job.duration", "RED: rate, errors and duration of each job", "histogram", "s", ("job.name", "outcome"))  # fmt: skip
            yield Metric("worker.job.lateness", "RED: duration from when a job was due to when it was done", "histogram", "s", ("job.name",))  # fmt: skip
        if self.outbox:
            yield Metric("outbox.pending", "USE: saturation of the outbox", "gauge", "messages")
            yield Metric("outbox.oldest_age", "USE: saturation of the outbox, the oldest message", "gauge", "s")
            yield Metric("outbox.dead", "USE: errors of the outbox", "gauge", "messages")
        if any(each.kind == "counted" for each in self.indicators):
            yield Metric("service_level.events", "RED: rate and errors of what a service level counts", "counter", "events", ("indicator", "outcome"))  # fmt: skip

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The service levels of the architecture, in order."""
        return tuple(map(self._indicator, levels.levels(self.basis)))

    def _indicator(self, level: Level) -> Indicator:
        said = f"{level.indicator} {level.objective}"
        call = next((c for c in self.contract.calls if re.search(rf"(?<!\w){re.escape(c.id)}(?!\w)", level.indicator) or c.called in level.indicator), None)  # fmt: skip
        hours = _HOURS.search(level.window)
        times = (int(hours[1]), int(hours[3])) if hours and int(hours[1]) < int(hours[3]) else None
        share, seconds, kind = _missed(level.objective), span(level.objective.partition("within")[2]), "counted"
        if re.search(r"(?i)\bjobs?\b|\bdue\b", said) and seconds and self.worker:
            kind = "late"
        elif level.latency:
            kind, seconds = "slow", _seconds(level.latency)
            percentile = float(level.percentile.lstrip("p") or 95)
            share = share or (100 - percentile) / 100
        elif re.search(r"(?i)availab|uptime|5xx|error rate|errors?\b|success|fail", level.indicator) and share:
            kind = "failed"
        name = str(slugify(level.indicator, max_length=40, word_boundary=True, separator="_")) or "level"
        return Indicator(level, kind, share, seconds, call, span(level.window) / 86400, times, name)


def _missed(objective: str) -> float:
    """The share that may miss an objective in percent, 0 to 1; 0 where it names none."""
    said = re.search(r"(\d[\d.]{0,9})\s*%", objective)
    if not said:
        return 0.0
    percent = float(said[1].rstrip("."))
    return round((percent if percent < 50 else 100 - percent) / 100, 8)


def _seconds(latency: str) -> float:
    said = re.match(r"\d[\d.]{0,9}", latency.replace(",", ""))
    number = float(said[0].rstrip(".")) if said else 1.0
    return number / 1000 if re.search(r"(?i)ms|milli", latency) else number
