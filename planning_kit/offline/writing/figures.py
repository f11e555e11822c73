"""The numbers of a brief by what they decide: load, answer time, availability, volume, retention, deadline, limit."""

from __future__ import annotations

import re

from ..facts import Quantity

_TIME = re.compile(r"(?i)^(?:ms|milli\w*|s|secs?|seconds?|min(?:ute)?s?|hours?|hrs?|days?|weeks?|months?|years?)$")
_KEPT = re.compile(
    r"(?i)\bkept?\b|\bkeeps?\b|\bretain|retention|\bstored for\b|\bdeleted after\b|\berased\b|\bpurg|\barchiv"
)
_DESIGN = {
    "load": "sizes instances and connection pool; load-test against it",
    "answer time": "a latency objective; measured per operation, indexes chosen for it",
    "availability": "more than one instance behind a health check; error budget",
    "volume": "sizes tables and indexes",
    "retention": "deletion or archive job; partitions by time where it is large",
    "deadline": "a rule in the service, checked against the clock",
    "limit": "validated at the interface",
}


def kind(figure: Quantity) -> str:
    """What ``figure`` decides; ``limit`` when nothing else fits."""
    unit, about = figure.unit.lower(), figure.about
    if re.search(r"(?:/|per|a)\s*(?:second|sec|s|minute|min|hour|day)\b|^(?:rps|tps|qps)$|concurrent", unit):
        return "load"
    if unit in ("%", "percent"):
        return (
            "availability"
            if re.search(r"(?i)\bavailab|uptime|SLA", about)
            else "answer time"
            if re.search(r"(?i)request|respon|\bms\b|second|latency", about)
            else "limit"
        )
    if _TIME.match(unit):
        if re.match(r"(?i)ms|milli", unit) or re.search(
            r"(?i)\b(?:within|under|in|answers?|latency)\b[^.]{0,20}$", about.split(figure.text)[0]
        ):
            short = re.match(r"(?i)(?:ms|milli|s$|sec)", unit)
            return "answer time" if short else "deadline"
        return "retention" if _KEPT.search(about) else "deadline"
    if re.match(
        r"(?i)characters?|chars?|lines?|attempts?|retries|times|[kmgtp]i?b$|bytes?|(?:kilo|mega|giga|tera)bytes?|bits?|pages?",
        unit,
    ):
        return "limit"
    return "volume" if figure.value >= 20 else "limit"


def design(figure: Quantity) -> str:
    """What follows from ``figure`` for the design, in a few words."""
    return _DESIGN[kind(figure)]
