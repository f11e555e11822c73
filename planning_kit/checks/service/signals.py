"""The observability plan."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from ...document import Document
from ..about import About
from ..agreement.words import durations
from ..specified.known import listed as named
from ..specified.known import near
from ..wrong import Wrong, Wrongs
from . import figures, parts, telemetry
from .logged import Logged, flat, logged
from .offered import ARCHITECTURE

_NEEDED: Mapping[str, frozenset[str]] = {
    "time": frozenset({"time", "timestamp", "ts", "datetime", "observedtimestamp", "timegenerated", "eventtime"}),
    "level": frozenset({"level", "severity", "severitytext", "severitynumber", "severitylevel", "loglevel", "lvl"}),
    "service": frozenset({"service", "servicename", "app", "appname", "application", "resource", "component", "cloudrolename", "approlename", "source"}),
    "message": frozenset({"message", "msg", "body", "event", "eventname", "text"}),
    "trace_id": frozenset({"traceid", "trace", "operationid", "traceparent"}),
    "correlation_id": frozenset({"correlationid", "correlation", "requestid", "xcorrelationid", "xrequestid"}),
}  # fmt: skip
"""What a log line has to hold, with what else it is called."""
_SECRET = re.compile(
    r"(?:.*(?:password|passwd|passphrase|secret|apikey|privatekey)|authorization|accesstoken|refreshtoken|cookie|creditcard\w*|cardnumber|cvv|ssn)\Z"
)
_KEPT_OUT = re.compile(
    r"(?i)\b(?:never|not|no|nothing|without|neither|nor|omit\w{0,4}|exclud\w{1,3}|redact\w{0,4}|mask\w{0,3}|strip\w{0,4}|kept out|hash\w{0,3}|drop\w{0,4})\b"
)
_RED = re.compile(r"(?i)\bRED\b|\brates?\b|\berrors?\b|\bdurations?\b|\blatenc\w{1,3}\b|\bthroughput\b")
_USE = re.compile(r"(?i)\bUSE\b|\butili[sz]ation\b|\bsaturation\b")
_HANDED_ON = re.compile(
    r"(?i)\btraceparent\b|\btracestate\b|\btrace[- ]?context\b|\bW3C\b|\bB3\b|\bbaggage\b|\bpropagat\w{1,5}\b|\bhanded on\b"
)
_AND = frozenset(("", "and", "or", "optional", "required"))
"""What stands between the names of fields and is none."""
_NUMBER = re.compile(r"(?i)\d|\babsent\b|\bzero\b|\bany\b|\bno\b|\bone\b")
_AT_ONCE = re.compile(r"(?i)\b(?:at once|immediate\w{0,2}|instant\w{0,3}|none|single|first|one|each|every|any|two|three|consecutive)\b|\A\s*0\b|\b\d{1,6}\s{0,9}(?:(?:consecutive|of \d{1,6})\s{0,9})?(?:evaluations?|checks?|runs?|samples?|times?|periods?|windows?|failures?|intervals?)\b")  # fmt: skip


def says_what_a_log_line_holds(document: Document, about: About) -> Wrongs:
    """Under 'Logs' give the JSON Schema of a log line, with time, level, service, message, trace and correlation id, and say what is never logged; the table and the schema name the same fields."""
    where = parts.place(document, "Logs")
    table = parts.listed(document, "Logs", "Field")
    schema = logged(document)
    if schema is None and not parts.fences(document, "Logs", ("json", "jsonc", "yaml", "yml")):
        yield Wrong(where, "there is no schema of a log line under 'Logs'", 'add it as a json block that begins with "$schema"')  # fmt: skip
    if not table:
        yield Wrong(where, "there is no table of a log line's fields under 'Logs'", "add | Field | Type | Meaning |")
    fields = {flat(row["Field"]) for row in table}
    fields |= {flat(each.rpartition(".")[2]) for each in (row["Field"] for row in table)}
    there = (schema.flat if schema else frozenset()) | fields
    for need, spellings in _NEEDED.items() if table or schema else ():
        if not spellings & there:
            yield Wrong(schema.line if schema else where, f"a log line has no {need}", f"add the field '{need}' to the table and the schema")  # fmt: skip
    if schema and table:
        yield from _as_in_schema(table, schema)
    for name, line in schema.lines if schema else ():
        if _SECRET.match(flat(name)):
            yield Wrong(line, f"the log line has the field {name[:60]!r}, which is a secret", "leave it out of the schema")  # fmt: skip
    if table and not parts.mention(document, _KEPT_OUT, "Logs"):
        hint = "name the personal data and secrets that are kept out of logs"
        yield Wrong(where, "'Logs' does not say what is never logged", hint, severity="warning")


def _as_in_schema(table: list[parts.Row], schema: Logged) -> Wrongs:
    """Fields that the table has and the schema has not, and the other way round."""
    if not schema.whole:
        return
    for row in table:
        for name in re.split(r"\s*,\s*|\s+", row["Field"]):
            if flat(name) not in _AND and flat(name) not in schema.flat and not re.search(r"[*<>…]|\(", name):
                yield Wrong(row.line, f"the field {name[:60]!r} is not in the schema of a log line", "add it to the schema, or take its row out")  # fmt: skip
    told = [flat(name) for row in table for name in re.split(r"[\s,]+", row["Field"]) if name]
    for name, line in schema.lines:
        if not any(each.startswith(flat(name)) for each in told):
            yield Wrong(line, f"the schema's field {name[:60]!r} is not in the table under 'Logs'", "add its row")


def covers_its_signals(document: Document, about: About) -> Wrongs:
    """Cover all five: logs by a schema, metrics by RED and USE, traces and how their context is handed on, dashboards, and alerts."""
    where = {each: parts.place(document, each) for each in ("Logs", "Metrics", "Traces", "Dashboards", "Alerts")}
    if not parts.listed(document, "Logs", "Field") and logged(document) is None:
        yield Wrong(where["Logs"], "logs are not covered: no field of a log line is given", "add the table and the schema under 'Logs'")  # fmt: skip
    metrics = parts.listed(document, "Metrics", "Metric", "Method")
    for method, looks, what in (("RED", _RED, "rate, errors and duration of a service"), ("USE", _USE, "utilization, saturation and errors of a resource")):  # fmt: skip
        if not any(_is_by(row, method, looks) for row in metrics):
            said = f"metrics are not covered: none under 'Metrics' is by {method} ({what})"
            yield Wrong(where["Metrics"], said, f"add a row whose method is {method}")
    if not parts.listed(document, "Traces", "Span"):
        yield Wrong(where["Traces"], "traces are not covered: no span is given", "add | Span | Begins | Attributes |")
    if not parts.mention(document, _HANDED_ON, "Traces", "Correlation"):
        hint = "say it under 'Traces': the header traceparent of W3C Trace Context, through HTTP and messages"
        yield Wrong(where["Traces"], "traces are not covered: nothing says how the context is handed on", hint)
    for title, columns in (("Dashboards", ("Dashboard", "Panel")), ("Alerts", ("Alert", "Condition"))):
        if not parts.listed(document, title, *columns):
            said = f"{title.lower()} are not covered: the table under '{title}' has no row"
            yield Wrong(where[title], said, f"add a row for each {title.lower()[:-1]}")


def _is_by(row: parts.Row, method: str, looks: re.Pattern[str]) -> bool:
    """Whether a metric is by ``method``: by its name where it names one, else by what it measures."""
    named = re.findall(r"\b(?:RED|USE)\b", row["Method"])
    return method in named if named else bool(looks.search(row["Method"]))


def keeps_to_its_service_levels(document: Document, about: About) -> Wrongs:
    """Under 'Service levels' give the indicators of the architecture, each with the objective it has there, and no others."""
    designed = [each for each in about.beside if each.name.rpartition("/")[2] == ARCHITECTURE]
    there = [row for each in designed for row in parts.listed(each, "Service levels", "Indicator", "Objective")]
    here = parts.listed(document, "Service levels", "Indicator", "Objective")
    if not designed or not there and not here:
        return
    known = {_plain(row["Indicator"]): row for row in there}
    told = set()
    for row in here:
        meant = figures.meant(row["Indicator"], known)
        told.add(meant)
        if not meant:
            hint = f"name one it has, or have it added there{near(_plain(row['Indicator']), known)}"
            yield Wrong(
                row.line, f"the architecture has no indicator {row['Indicator'][:80]!r}", hint, severity="warning"
            )
        elif (agreed := figures.agree(row["Objective"], known[meant]["Objective"])) != "same":
            said = f"{row['Indicator'][:60]!r} has the objective {row['Objective'][:60]!r} here and {known[meant]['Objective'][:60]!r} in the architecture"
            severity = "warning" if agreed == "part" else "error"
            yield Wrong(row.line, said, "give it the objective of the architecture", severity=severity)
    for name, row in known.items():
        if name not in told:
            where = parts.place(document, "Service levels")
            said = f"the architecture's indicator {row['Indicator'][:80]!r} is not under 'Service levels'"
            yield Wrong(where, said, f"add its row, with the objective {row['Objective'][:60]!r}", severity="warning")


def _plain(name: str) -> str:
    return figures.words(name)


def alerts_on_thresholds(document: Document, about: About) -> Wrongs:
    """Under 'Alerts' give each alert a condition with a number, how long it holds, a severity and what to do."""
    for row in parts.listed(document, "Alerts", "Alert", "Condition"):
        name = repr(row.first[:60])
        if parts.is_empty(row["Condition"]) or not _NUMBER.search(row["Condition"]):
            yield Wrong(row.line, f"the condition of the alert {name} has no number", "give its threshold: 'more than 5 % of answers are 5xx'")  # fmt: skip
        lasts = row["Condition"] if parts.is_empty(row["For"]) else row["For"]
        if not durations(lasts) and not _AT_ONCE.search(lasts) and not re.search(r"\d\s*[smhdw]\b", lasts):
            yield Wrong(row.line, f"nothing says how long the condition of the alert {name} has to hold", "give it under 'For': '10 min', or 'at once'")  # fmt: skip
        if parts.is_empty(row["Severity"]):
            yield Wrong(row.line, f"the alert {name} has no severity", "say whether somebody is woken up or a ticket is opened")  # fmt: skip
        if parts.is_empty(row["What to do"]):
            yield Wrong(row.line, f"nothing is to be done about the alert {name}", "say what to do, or take the alert out")  # fmt: skip


def asks_what_it_measures(document: Document, about: About) -> Wrongs:
    """Under 'Queries' show queries in blocks marked kusto or promql; a metric they read is in the table under 'Metrics', a label in its labels."""
    blocks = parts.fences(document, "Queries", telemetry.LANGUAGES)
    if not any(each.text.strip() for each in blocks):
        hint = "add those behind the indicators and alerts in blocks marked kusto or promql"
        yield Wrong(parts.place(document, "Queries"), "there is no query under 'Queries'", hint)
    yield from telemetry.unknown(document)


def _shown(document: Document) -> Iterator[tuple[str, int]]:
    fields = parts.listed(document, "Logs", "Field")
    schema = logged(document)
    if fields or schema:
        count = len(fields) or len(schema.lines if schema else ())
        by = " and a JSON Schema" if schema else ""
        yield f"logs: {count} fields{by}", schema.line if schema else fields[0].line
    metrics = parts.listed(document, "Metrics", "Metric", "Method")
    red, use = (sum(_is_by(row, *each) for row in metrics) for each in (("RED", _RED), ("USE", _USE)))
    if metrics:
        yield f"metrics: {len(metrics)}, {red} by RED and {use} by USE", metrics[0].line
    spans = parts.listed(document, "Traces", "Span")
    if spans:
        said = re.search(r"(?i)W3C Trace Context|traceparent|B3", document.section("Traces") + document.section("Correlation"))  # fmt: skip
        yield f"traces: {len(spans)} spans" + (f", handed on by {said.group()}" if said else ""), spans[0].line
    panels = parts.listed(document, "Dashboards", "Dashboard", "Panel")
    if panels:
        boards = list(dict.fromkeys(row["Dashboard"] for row in panels if row["Dashboard"]))
        yield f"dashboards: {named(boards)} with {len(panels)} panels", panels[0].line
    alerts = parts.listed(document, "Alerts", "Alert", "Condition")
    if alerts:
        yield f"alerts: {len(alerts)}", alerts[0].line


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "log-schema": says_what_a_log_line_holds,
    "signals": covers_its_signals,
    "levels-as-designed": keeps_to_its_service_levels,
    "alert-thresholds": alerts_on_thresholds,
    "telemetry-queries": asks_what_it_measures,
}
"""By the name a consultant asks for it."""
EVIDENCE: Mapping[str, Callable[[Document], Iterable[tuple[str, int]]]] = {"signals": _shown}
"""By the same name: what a document holds of it, in a few words, and on which line."""
