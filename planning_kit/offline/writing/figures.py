"""The numbers of a brief by what they decide: load, answer time, availability, recovery, volume, retention, deadline, limit.

Recovery point and recovery time objectives are those of NIST SP 800-34 Rev. 1.
"""

from __future__ import annotations

import re

from ..facts import Quantity

_TIME = re.compile(
    r"(?i)^(?:ms|milli(?!on)\w*|s|secs?|seconds?|min(?:ute)?s?|hours?|hrs?|days?|weeks?|months?|years?)$"
)
_KEPT = re.compile(
    r"(?i)\bkept?\b|\bkeeps?\b|\bretain|retention|\bstored for\b|\bdeleted after\b|\berased\b|\bpurg|\barchiv"
    r"|\bolder than\b[^.;]{0,60}\b(?:needed|resolution|deleted|removed|thinned|aggregated|summari[sz]ed)\b|\bresolution\b|\bdownsampl"
)
_POINT = re.compile(r"(?i)\brecovery[- ]points?\b|\bRPO\b|\bdata loss\b|\bloss of data\b|\blose\b")
_TIME_BACK = re.compile(r"(?i)\brecovery[- ]times?\b|\bRTO\b|\b(?:restored|back online) within\b")
_DESIGN = {
    "load": "sizes instances and connection pool; load-test against it",
    "answer time": "a latency objective; measured per operation, indexes chosen for it",
    "availability": "more than one instance behind a health check; error budget",
    "recovery point": "the most data that may be lost; copies of the database leave its machine at least this often",
    "recovery time": "the longest outage after a loss; restoring is rehearsed against it",
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
    if _TIME.match(unit) and (recovery := _recovery(figure)):
        return recovery
    if _TIME.match(unit):
        if re.match(r"(?i)ms|milli(?!on)", unit) or re.search(
            r"(?i)\b(?:within|under|in|answers?|latency)\b[^.]{0,20}$", about.split(figure.text)[0]
        ):
            short = re.match(r"(?i)(?:ms|milli(?!on)|s$|sec)", unit)
            return "answer time" if short else "deadline"
        return "retention" if _KEPT.search(about) else "deadline"
    if re.match(
        r"(?i)characters?|chars?|lines?|attempts?|retries|times|[kmgtp]i?b$|bytes?|(?:kilo|mega|giga|tera)bytes?|bits?|pages?",
        unit,
    ):
        return "limit"
    return "volume" if figure.value >= 20 else "limit"


def _recovery(figure: Quantity) -> str:
    """The recovery objective that ``figure`` is, by the words nearest before it, or behind it where none stand before."""
    before, _, after = figure.about.partition(figure.text)
    for words, last in ((before, True), (after[:40], False)):
        found = [
            (hit.start(), name)
            for name, pattern in (("recovery point", _POINT), ("recovery time", _TIME_BACK))
            for hit in pattern.finditer(words)
        ]
        if found and re.search(r"(?i)recovery|\bRPO\b|\bRTO\b|\bdata\b|\bbackups?\b|\bdisaster|\boutage", figure.about):
            return (max(found) if last else min(found))[1]
    return ""


def design(figure: Quantity) -> str:
    """What follows from ``figure`` for the design, in a few words."""
    return _DESIGN[kind(figure)]
