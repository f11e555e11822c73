"""The queries of an observability plan beside the metrics it defines.

Suffixes are those Prometheus and its exporter for OpenTelemetry add (prometheus.io, "Metric and label naming"; OpenTelemetry,
"Prometheus and OpenMetrics Compatibility"). KQL is not parsed here: what is said of it is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...aside import Undone, call
from ...document import Document, Fence
from ..fits import close
from ..promql import is_rules
from ..wrong import Wrong, Wrongs
from . import parts

KUSTO = ("kusto", "kql")
LANGUAGES = ("promql", *KUSTO)
"""The languages of a fenced query."""
_SAMPLES = re.compile(r"_(?:bucket|sum|count|total|created|info)\Z")
_UNITS = re.compile(
    r"_(?:seconds|milliseconds|s|ms|bytes|by|ratio|percent|celsius|ops|requests|connections|messages|jobs|1)\Z"
)
_OWN = re.compile(r"(?:up|vector|ALERTS|ALERTS_FOR_STATE|target_info|otel_scope_info|scrape_\w+|absent\w*)\Z")
"""What Prometheus itself gives."""
_LABELS = frozenset({"le", "job", "instance", "quantile", "alertname", "alertstate", "severity", "namespace", "pod", "container", "cluster", "environment", "service", "service_name"})  # fmt: skip
"""Labels that every series may have, by how it is collected."""
_TABLES = re.compile(
    r"(?<![\w.\"'])(?:requests|dependencies|traces|exceptions|customMetrics|customEvents|availabilityResults|performanceCounters|pageViews"
    r"|browserTimings|App(?:Requests|Dependencies|Traces|Exceptions|Metrics|Events|AvailabilityResults|PerformanceCounters|PageViews|SystemEvents"
    r"|ServiceHTTPLogs|ServiceConsoleLogs|ServiceAppLogs)|Azure(?:Metrics|Diagnostics|Activity)|Heartbeat|Perf|Usage|Syslog|Event|SigninLogs"
    r"|InsightsMetrics|Container(?:Log|LogV2|Inventory|AppConsoleLogs|AppSystemLogs)|Kube\w{1,30}|FunctionAppLogs|Storage\w{1,20}Logs|\w{1,80}_CL)\b"
)
"""Tables of Application Insights and Log Analytics (learn.microsoft.com, "Azure Monitor Logs table reference")."""
_MEASURES = re.compile(
    r"\b(?:customMetrics|AppMetrics|performanceCounters|AppPerformanceCounters|AzureMetrics|InsightsMetrics)\b"
)
_NAMED = re.compile(
    r"\b[Nn]ame\s{0,4}(?:==|=~|has|in~?)\s{0,4}\(?\s{0,4}((?:[\"'][^\"'\n]{1,120}[\"'][,\s]{0,4}){1,20})"
)
_QUOTED = re.compile(r"[\"']([^\"'\n]{1,120})[\"']")
_RECORDED = re.compile(r"(?m)^[ \t-]{0,40}record:[ \t]{0,4}[\"']?([\w:]{1,200})")


def defined(document: Document) -> dict[str, tuple[str, frozenset[str] | None]]:
    """The metrics of the table under 'Metrics': as :func:`base` writes them → as written, with their labels (nothing where none are given)."""
    found: dict[str, tuple[str, frozenset[str] | None]] = {}
    for row in parts.listed(document, "Metrics", "Metric"):
        said = None if parts.is_empty(row["Labels"]) else row["Labels"]
        labels = None if said is None else frozenset(re.findall(r"[A-Za-z_][\w.]{0,80}", said))
        for name in re.findall(r"[A-Za-z_][\w.:/%-]{0,200}", re.sub(r"\{[^{}]{0,400}\}", " ", row["Metric"])):
            found.setdefault(base(name), (name, labels))
    return found


def base(metric: str) -> str:
    """A metric's name without what a query or an exporter adds: ``http_requests_seconds_bucket`` as ``http_requests``."""
    plain = re.sub(r"[^A-Za-z0-9_:]", "_", metric)
    for looks in (_SAMPLES, _UNITS):
        plain = looks.sub("", plain)
    return plain.lower()


def unknown(document: Document) -> Wrongs:
    """Metrics and labels that queries read and the table does not have, queries that read no table."""
    metrics = defined(document)
    recorded = {name for fence in document.fences for name in _RECORDED.findall(fence.text[:200_000])}
    for fence in document.fences:
        if fence.lang == "promql":
            yield from _promql(fence, metrics, recorded)
        elif fence.lang in KUSTO and fence.text.strip():
            yield from _kusto(fence, metrics)


def _promql(fence: Fence, metrics: dict[str, tuple[str, frozenset[str] | None]], recorded: set[str]) -> Wrongs:
    told: set[str] = set()
    for line, name, labels in _selected(fence):
        at = fence.line + line - 1
        if name in recorded or _OWN.match(name):
            continue
        known = metrics.get(base(name))
        if known is None and name not in told:
            told.add(name)
            near = close(base(name), metrics)
            what = f"use '{metrics[near][0]}', or add" if near else "add"
            severity = "warning" if ":" in name else "error"
            yield Wrong(at, f"the query reads the metric {name!r}, which is not under 'Metrics'", f"{what} its row", severity=severity)  # fmt: skip
        spelt = {re.sub(r"\W", "_", each) for each in known[1] or ()} if known else set()
        for label in labels if spelt else ():
            if label not in spelt | _LABELS and (name + label) not in told:
                told.add(name + label)
                said = f"the query asks for the label {label!r}, which {name!r} does not have under 'Metrics'"
                yield Wrong(at, said, "add it to its labels, or use one it has", severity="warning")


def _selected(fence: Fence) -> list[tuple[int, str, list[str]]]:
    try:
        found = call("planning_kit.checks.service.selected:selected", fence.text, "rules" if is_rules(fence.text) else "expressions")  # fmt: skip
    except Undone:  # said of the query already
        return []
    return [(int(line), str(name), list(labels)) for line, name, labels in found]


def _kusto(fence: Fence, metrics: dict[str, tuple[str, frozenset[str] | None]]) -> Wrongs:
    text = fence.text[:50_000]
    if not _TABLES.search(text):
        hint = "begin it with a table: AppRequests, AppDependencies, AppTraces, AppMetrics …"
        yield Wrong(fence.line, "the query reads no table of Log Analytics that is known", hint, severity="warning")
    if not metrics or not _MEASURES.search(text):
        return
    for name, line in _names(text):
        if base(name) not in metrics:
            said = f"the query reads the metric {name!r}, which is not under 'Metrics'"
            yield Wrong(fence.line + line - 1, said, "add its row, or use one that is there", severity="warning")


def _names(text: str) -> Iterator[tuple[str, int]]:
    """What the lines of a query compare names with, each once."""
    seen: set[str] = set()
    for number, line in enumerate(text.split("\n"), 1):
        for said in _NAMED.finditer(line[:2000]):
            for name in _QUOTED.findall(said[1]):
                if name not in seen:
                    seen.add(name)
                    yield name, number
