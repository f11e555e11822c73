"""The observability plan: one log line, metrics by RED and USE, traces that are handed on, levels, alerts, queries and dashboards.

RED is Tom Wilkie's (rate, errors, duration of a service), USE Brendan Gregg's (utilization, saturation, errors of a resource); the context
is handed on by W3C Trace Context; names of metrics and attributes are OpenTelemetry's semantic conventions.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from .. import figures
from ..basis import Basis
from ..draft import Draft
from ..markdown import ASSUMED, cite, code, codes, fence, listing, quote, shorten, table
from ..naming import snake
from . import signal_kusto, signal_logs, signal_promql
from .signal_alerts import Alert, alerts, lasting
from .signal_facts import Indicator, Observed

_TOOLS = {
    signal_kusto: ("Azure Monitor: the OpenTelemetry distro sends to Application Insights, its tables lie in one Log Analytics workspace for each environment", "Application Insights"),
    signal_promql: ("OpenTelemetry: SDK in the service, a collector beside it, Prometheus for metrics, Grafana with Tempo and Loki for traces and logs", "the collector"),
}  # fmt: skip


def azure(basis: Basis) -> Draft:
    """The draft of ``observability-plan.md`` for Azure Monitor."""
    return _write(Observed(basis), signal_kusto)


def opentelemetry(basis: Basis) -> Draft:
    """The draft of ``observability-plan.md`` for OpenTelemetry, Prometheus and Grafana."""
    return _write(Observed(basis), signal_promql)


def _write(observed: Observed, speech: ModuleType) -> Draft:
    basis = observed.basis
    draft = Draft(f"Observability Plan: {quote(basis.plan.feature)}")
    told = list(alerts(observed, speech))
    draft.add("Overview", *_overview(observed, speech, told))
    draft.add("Logs", *signal_logs.logs(observed))
    draft.add("Correlation", *_correlation(observed))
    draft.add("Sampling", table(("Signal", "Rule", "Share kept"), _sampling(observed, speech)))
    draft.add("Metrics", _labelled(observed, speech), table(("Metric", "Method", "Type", "Unit", "Labels", *_from(speech)), _metrics(observed, speech)))  # fmt: skip
    draft.add("Traces", *_traces(observed))
    draft.add("Service levels", *_levels(observed, draft))
    draft.add("Alerts", table(("Alert", "Condition", "For", "Severity", "What to do", "Source"), (each.row for each in told)), _woken(draft))  # fmt: skip
    draft.add("Queries", *_queries(observed, speech, told))
    draft.add("Dashboards", table(("Dashboard", "Panel", "Shows", "Answers"), _dashboards(observed)))
    _close(observed, draft, told)
    return draft


def _overview(observed: Observed, speech: ModuleType, told: list[Alert]) -> Iterator[str]:
    yield f"{_TOOLS[speech][0]} (the option `observability`)."
    count = len(observed.contract.calls)
    asked = ["Is each promise under *Service levels* of the architecture kept, and how fast is its error budget spent?"]
    asked += [f"Which of the {count} operations is slow or fails, for whom, since which release?"] if count > 1 else []
    if observed.worker:
        asked.append("Is the work without a caller done, and in time?")
    if observed.others:
        asked.append(f"Is it {listing([quote(each) for each in observed.others], 3)} that fails, or this service?")
    asked.append("What happened to the one request that a caller complains about?")
    yield "It has to answer:\n\n" + "\n".join(f"{number}. {each}" for number, each in enumerate(asked, 1))


def _correlation(observed: Observed) -> Iterator[str]:
    yield f"`traceparent` and `tracestate` of W3C Trace Context come in and go out with every HTTP call; a `traceparent` that does not parse is dropped and a trace begins. `X-Correlation-ID` is taken over when it has 1 to 64 letters, digits or hyphens, else made; it is returned with every answer, errors included, so that a caller can name it {ASSUMED}."
    if observed.outbox:
        yield f"A message keeps `traceparent` and the correlation id of the request that wrote it in its `outbox` row. Whoever sends it begins a span of a new trace that links to that one, because minutes may lie between them, and keeps the correlation id {ASSUMED}."
    if observed.worker:
        yield f"A run of a job is a trace of its own, with a correlation id of its own where no request caused it {ASSUMED}."
    if observed.others:
        named = listing([quote(each) for each in observed.others], 4)
        yield f"To {named} goes `traceparent`, never the correlation id of a caller; the id they answer with is kept as an attribute of the span {ASSUMED}."


def _sampling(observed: Observed, speech: ModuleType) -> Iterator[tuple[str, str, str]]:
    loads = [q for q in observed.basis.plan.reading.quantities if figures.kind(q) == "load"]
    said = f" at {quote(loads[0].text)} {cite((loads[0].source,))}" if loads else ""
    slow = next((each for each in observed.indicators if each.kind == "slow"), None)
    late = f"slower than {lasting(slow.seconds)}" if slow else "slower than 1 s"
    if speech is signal_kusto:
        yield ("Traces", f"decided when a trace begins, by its id, the same in every service{said}; `ItemCount` says what an entry stands for, so counts stay whole", f"25 % {ASSUMED}")  # fmt: skip
        yield ("Traces of an error", "what failed is in the log whatever the trace's fate; the share is set to 100 % while an incident lasts", f"25 %, 100 % on demand {ASSUMED}")  # fmt: skip
    else:
        yield ("Traces with an error, or " + late, "decided by the collector when the trace is whole, 10 s after its first span", f"100 % {ASSUMED}")  # fmt: skip
        yield ("Other traces", f"by the trace's id, the same in every service{said}", f"10 % {ASSUMED}")
    yield ("Logs from WARN on", "never sampled", "100 %")
    yield ("Logs of INFO", "one line for each request and job", f"100 %, for 30 days {ASSUMED}")
    yield ("Logs of DEBUG", "off; switched on for an hour, by service", f"0 % {ASSUMED}")
    yield ("Metrics", "counted before anything is sampled; every 30 s", f"100 %, for 13 months {ASSUMED}")
    yield ("Health and readiness probes", "no trace, no log line unless they fail", "0 %")


def _labelled(observed: Observed, speech: ModuleType) -> str:
    said = "No label holds an id, a name or anything else without a bound; `http.route` is the path's template. Names are OpenTelemetry's"
    if speech is signal_kusto:
        return f"{said} {ASSUMED}."
    edges = dict.fromkeys(signal_promql.edge(e.seconds) for e in observed.indicators if e.kind in ("slow", "late"))
    among = (
        f" The histograms have these boundaries beside the usual ones, because a service level is counted at them: {codes(edges)} s."
        if edges
        else ""
    )
    return f"{said}, as Prometheus spells them {ASSUMED}.{among}"


def _from(speech: ModuleType) -> tuple[str, ...]:
    return ("Read from",) if speech is signal_kusto else ()


def _metrics(observed: Observed, speech: ModuleType) -> Iterator[tuple[str, ...]]:
    for each in observed.metrics:
        labels = codes(speech.label(name) for name in each.labels) or "none"
        where = (code(speech.where(observed, each)),) if speech is signal_kusto else ()
        yield (code(speech.spelt(each)), quote(each.method), each.type, code(each.unit), labels, *where)


def _traces(observed: Observed) -> Iterator[str]:
    yield "The context is handed on by `traceparent` (W3C Trace Context)" + (", through messages by the `outbox` row." if observed.outbox else ".")  # fmt: skip
    yield table(("Span", "Begins", "Attributes"), _spans(observed))


def _spans(observed: Observed) -> Iterator[tuple[str, str, str]]:
    calls = observed.contract.calls
    example = f"such as {code(f'{calls[0].method} {calls[0].path}')}" if calls else "of whatever operation"
    yield ("`METHOD route` (server)", f"when a request comes in, {example}", "`http.request.method`, `http.route`, `http.response.status_code`, `error.type`, `operation`")  # fmt: skip
    if any(each.protected for each in calls):
        yield ("`check token` (internal)", "before anything else is done", "`error.type`; never the token")
    if observed.store:
        system = observed.store.lower().replace(" ", "")
        yield (f"`operation of {quote(observed.store)}` (client)", "at each query", f"{code('db.system.name')} = {code(system)}, `db.operation.name`, `db.collection.name`, `error.type`; never values")  # fmt: skip
    if observed.outbox:
        yield ("`outbox write` (producer)", "with the change it is about", "`messaging.operation.name`, `messaging.message.id`")  # fmt: skip
        yield ("`outbox send` (consumer)", "when the worker takes a message; links to the span that wrote it", "`messaging.message.id`, `attempt`, `error.type`")  # fmt: skip
    for each in observed.others[:4]:
        yield (f"call of {quote(each)} (client)", "at each try", "`server.address`, `http.response.status_code`, `attempt`, `error.type`")  # fmt: skip
    if observed.worker:
        for job in observed.basis.plan.reading.jobs[:4]:
            yield (f"{code(f'job {snake(shorten(job.name, 40))}')} (consumer)", f"when it is due: {quote(shorten(job.name, 80))} {cite(job.sources, 2)}", "`job.name`, `outcome`, `lateness_s`")  # fmt: skip


def _levels(observed: Observed, draft: Draft) -> Iterator[str]:
    found = observed.indicators
    if not found:
        draft.ask("What is promised to whom: availability, answer time, and over which window?", "nothing is promised; rate, errors and duration are watched", unless="(?i)availability")  # fmt: skip
        yield "None: the architecture sets no service level."
        return
    yield table(("Indicator", "Objective", "Window", "Computed from", "Source"), ((quote_cell(e.level.indicator), e.level.objective, e.level.window, _computed(e), e.level.source) for e in found))  # fmt: skip
    if any(each.hours for each in found):
        yield f"Hours of the day are those of UTC in the queries {ASSUMED}; they are moved when the time zone is settled."
        draft.ask("In which time zone are the hours meant in which a service level counts?", "UTC", unless="(?i)time zone")  # fmt: skip
    yield "An answer with 4xx counts as given: the caller has to change something. Health and readiness probes do not count."


def quote_cell(text: str) -> str:
    """A cell of the architecture as it stands there."""
    return text.replace("|", r"\|")


def _computed(one: Indicator) -> str:
    of = f"of {code(one.call.called)}" if one.call else "of all operations"
    return {
        "failed": f"answers {of} without 5xx ÷ all answers {of}",
        "slow": f"answers {of} within {lasting(one.seconds)} ÷ all answers {of}",
        "late": f"jobs done within {lasting(one.seconds)} of when they were due ÷ all jobs",
        "counted": f"what the service counts as kept ÷ all it counts, with the label {code(one.name)}",
    }[one.kind]


def _woken(draft: Draft) -> str:
    draft.ask("Who is on duty, at which hours, and how are they reached?", "page: the team's pager at any hour; ticket: the next working day")  # fmt: skip
    return f"*Page* wakes somebody up; *ticket* waits for the next working day. An alert that nobody acted on three times is changed or taken out {ASSUMED}."


def _queries(observed: Observed, speech: ModuleType, told: list[Alert]) -> Iterator[str]:
    for one in observed.indicators:
        yield f"### {quote(one.level.indicator)}: share that is as promised"
        yield fence(speech.FENCE, speech.indicator(observed, one))
    yield "### Rate, errors and duration by operation"
    yield fence(speech.FENCE, speech.operations(observed))
    for each in told:
        yield f"### Alert: {each.name}"
        yield fence(speech.FENCE, each.query)


def _dashboards(observed: Observed) -> Iterator[tuple[str, str, str, str]]:
    for one in observed.indicators:
        yield ("Promises", quote(one.level.indicator), "share as promised over its window, budget left, releases as marks", "is it kept, and will it be until the window ends?")  # fmt: skip
    yield ("Operations", "Rate", "requests per second by operation", "who uses what, and is it as much as expected?")
    yield ("Operations", "Errors", "answers by operation and status, 5xx apart from 4xx", "what fails, since when?")
    yield (
        "Operations",
        "Duration",
        "50th, 95th and 99th percentile by operation",
        "what is slow for many, what for few?",
    )
    yield (
        "Resources",
        "Service",
        "processor, memory, requests under way, by instance",
        "is an instance at its limit, or unlike the others?",
    )
    if observed.store:
        what = "duration and errors by operation" + (", connections used and waited for" if observed.pooled else "")
        yield ("Resources", quote(observed.store), what, "is it the store that is slow?")
    if observed.worker:
        yield (
            "Work without a caller",
            "Jobs",
            "runs, errors, duration and lateness by job",
            "is everything done, and in time?",
        )
    if observed.outbox:
        yield (
            "Work without a caller",
            "Outbox",
            "waiting, oldest, given up",
            "does what has to be told reach whom it should?",
        )
    for each in observed.others[:4]:
        yield ("Others", quote(each), "rate, errors and duration of calls", "is it them or us?")


def _close(observed: Observed, draft: Draft, told: list[Alert]) -> None:
    draft.assumptions += [
        "Metrics, spans and alerts are the rules' proposals from operations, stores and levels of the architecture; the objectives are the architecture's.",
        "Burn rates follow the multiwindow alerts of the Site Reliability Workbook (Google, chapter 5): 2 % of the budget in an hour or 5 % in six hours wake somebody, 10 % in three days are a ticket.",
    ]  # fmt: skip
    draft.ask("How long may logs and traces be kept, and who may read them?", "logs 30 days, traces 14 days, metrics 13 months; the team and whoever is on duty")  # fmt: skip
    pages = sum(each.severity == "page" for each in told)
    kept = f"; {len(observed.personal)} {'kind of personal data stays' if len(observed.personal) == 1 else 'kinds of personal data stay'} out of every log, label and span" if observed.personal else ""  # fmt: skip
    draft.decisions = (
        f"{len(observed.indicators)} service levels of the architecture are measured from the service's own requests{' and jobs' if observed.worker else ''}, and {pages} of {len(told)} alerts wake somebody up, because a promise is at stake{kept}."
        if observed.indicators
        else f"Nothing is promised yet, so rate, errors and duration are watched and {pages} of {len(told)} alerts wake somebody up{kept}."
    )
