"""The observability plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...document import Document
from ..about import About
from ..wrong import Wrongs


def says_what_a_log_line_holds(document: Document, about: About) -> Wrongs:
    """Under 'Logs' give the schema of a log line, with time, level, service, message, trace and correlation id; the table and the schema name the same fields."""
    yield from ()


def covers_its_signals(document: Document, about: About) -> Wrongs:
    """Cover logs, metrics by RED and USE, traces that are handed on, dashboards and alerts."""
    yield from ()


def alerts_on_thresholds(document: Document, about: About) -> Wrongs:
    """Under 'Alerts' give each alert a condition with a number, how long it holds, a severity and what to do."""
    yield from ()


def asks_what_it_measures(document: Document, about: About) -> Wrongs:
    """Under 'Queries' show queries in KQL or PromQL, of metrics and fields this document defines."""
    yield from ()


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "log-schema": says_what_a_log_line_holds,
    "signals": covers_its_signals,
    "alert-thresholds": alerts_on_thresholds,
    "telemetry-queries": asks_what_it_measures,
}
"""By the name a consultant asks for it."""
