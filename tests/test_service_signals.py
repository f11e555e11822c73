"""The observability plan of a service: what its checks find, what they let pass, and what the offline author writes in KQL and PromQL."""

from __future__ import annotations

import json
import time

import pytest

from planning_kit.checks.about import About
from planning_kit.checks.service.selected import selected
from planning_kit.checks.service.signals import CHECKS, EVIDENCE
from planning_kit.document import Document

from .service_offline import CLINIC, architecture, findings, on, written

NAME = "design/agents/opentelemetry-expert/shop-1/observability-plan.md"
SCHEMA = """{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "@timestamp": {"type": "string"},
    "severity": {"type": "string"},
    "service.name": {"type": "string"},
    "body": {"type": "string"},
    "traceId": {"type": "string"},
    "requestId": {"type": "string"},
    "http": {"type": "object", "properties": {"status": {"type": "integer"}}}
  }
}"""
PLAN = f"""# Observability

## Logs

| Field | Type | Meaning |
|---|---|---|
| `@timestamp` | string | when |
| `severity` | string | how bad |
| `service.name` | string | who |
| `body` | string | what |
| `traceId` | string | trace |
| `requestId` | string | correlation |
| `http.status` | integer | status |

```json
{SCHEMA}
```

E-mail addresses are never logged.

## Correlation

The header traceparent goes through HTTP and messages.

## Metrics

| Metric | Method | Type | Unit | Labels |
|---|---|---|---|---|
| `http.server.request.duration` | RED | histogram | s | `http.route`, `code` |
| `queue_depth{{queue}}` | USE (saturation) | gauge | 1 | `queue` |
| `jobs_done_total` | RED | counter | 1 | none |

## Traces

| Span | Begins | Attributes |
|---|---|---|
| server | request in | route |

## Service levels

| Indicator | Objective | Window | Computed from |
|---|---|---|---|
| Availability | 99.90% of requests | 30 days | 5xx |

## Alerts

| Alert | Condition | For | Severity | What to do |
|---|---|---|---|---|
| Errors | error ratio > 2 % | 5m | page | roll back |
| Down | absent(up) | immediately | critical | restart it |

## Queries

```promql
# a comment
histogram_quantile(0.95, sum by (le, http_route) (rate(http_server_request_duration_seconds_bucket{{code="200"}}[5m])))

max(queue_depth{{queue="mail"}}) > 5
sum(increase(jobs_done_total[1h])) / up
```

```kusto
AppMetrics | where Name == "queue_depth" | summarize max(Max)
```

```yaml
groups:
  - name: shop
    rules:
      - record: shop:errors
        expr: sum(rate(jobs_done_total[5m]))
```

```promql
shop:errors > 3
```

## Dashboards

| Dashboard | Panel | Shows | Answers |
|---|---|---|---|
| Shop | Errors | ratio | is it broken? |
"""
DESIGN = Document("a/integration-architecture.md", "# A\n\n## Service levels\n\n| Indicator | Objective | Window |\n|---|---|---|\n| Availability | 99.9 % | 30 days |\n")  # fmt: skip


def found(text: str, *beside: Document) -> list[tuple[str, str, str]]:
    """Check, severity and message of everything the named checks say of a document."""
    document = Document(NAME, text)
    about = About(beside=beside)
    return [(name, one.severity, one.message) for name, look in CHECKS.items() for one in look(document, about)]


def test_a_plan_in_other_words_raises_no_alarm() -> None:
    assert found(PLAN, DESIGN) == []


BREAKS = {
    "field only in the table": ('    "severity": {"type": "string"},\n', "", "log-schema", "the field 'severity' is not in the schema of a log line"),
    "field only in the schema": ("| `requestId` | string | correlation |\n", "", "log-schema", "the schema's field 'requestId' is not in the table under 'Logs'"),
    "no schema": (f"```json\n{SCHEMA}\n```", "", "log-schema", "there is no schema of a log line under 'Logs'"),
    "no RED": ("RED", "own", "signals", "metrics are not covered: none under 'Metrics' is by RED (rate, errors and duration of a service)"),
    "no USE": ("USE (saturation)", "own", "signals", "metrics are not covered: none under 'Metrics' is by USE (utilization, saturation and errors of a resource)"),
    "no span": ("| server | request in | route |\n", "", "signals", "traces are not covered: no span is given"),
    "not handed on": ("The header traceparent goes", "Nothing goes", "signals", "traces are not covered: nothing says how the context is handed on"),
    "no dashboard": ("| Shop | Errors | ratio | is it broken? |\n", "", "signals", "dashboards are not covered: the table under 'Dashboards' has no row"),
    "no alert": ("| Errors | error ratio > 2 % | 5m | page | roll back |\n| Down | absent(up) | immediately | critical | restart it |\n", "", "signals", "alerts are not covered: the table under 'Alerts' has no row"),
    "no threshold": ("error ratio > 2 %", "too high", "alert-thresholds", "the condition of the alert 'Errors' has no number"),
    "no duration": ("| 5m |", "| long |", "alert-thresholds", "nothing says how long the condition of the alert 'Errors' has to hold"),
    "no severity": ("| page |", "| – |", "alert-thresholds", "the alert 'Errors' has no severity"),
    "nothing to do": ("| roll back |", "| - |", "alert-thresholds", "nothing is to be done about the alert 'Errors'"),
    "unknown metric": ("max(queue_depth{", "max(queue_length{", "telemetry-queries", "the query reads the metric 'queue_length', which is not under 'Metrics'"),
    "no query": ("## Queries", "## Appendix", "telemetry-queries", "there is no query under 'Queries'"),
    "another objective": ("99.90%", "99.5%", "levels-as-designed", "'Availability' has the objective '99.5% of requests' here and '99.9 %' in the architecture"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after", "check", "message"), BREAKS.values(), ids=list(BREAKS))
def test_what_is_broken_is_told_by_its_own_check_and_no_other(
    before: str, after: str, check: str, message: str
) -> None:
    assert before in PLAN
    errors = [(name, said) for name, severity, said in found(PLAN.replace(before, after), DESIGN) if severity == "error"]  # fmt: skip
    assert errors == [(check, message)]


@pytest.mark.parametrize("need", ["time", "level", "service", "message", "trace_id", "correlation_id"])
def test_a_log_line_needs_each_of_six_fields(need: str) -> None:
    spelt = {"time": "@timestamp", "level": "severity", "service": "service.name", "message": "body", "trace_id": "traceId", "correlation_id": "requestId"}  # fmt: skip
    assert ("log-schema", "error", f"a log line has no {need}") in found(PLAN.replace(spelt[need], "other"))


def test_a_secret_is_no_field_of_a_log_line() -> None:
    text = PLAN.replace("`http.status`", "`user_password`").replace('"http": {"type": "object", "properties": {"status": {"type": "integer"}}}', '"userPassword": {"type": "string"}')  # fmt: skip
    assert found(text, DESIGN) == [
        ("log-schema", "error", "the log line has the field 'userPassword', which is a secret")
    ]


def test_logs_that_are_not_there_at_all_fail_as_logs() -> None:
    text = PLAN.replace(f"```json\n{SCHEMA}\n```", "").replace(
        "| Field | Type | Meaning |", "| Name | Type | Meaning |"
    )
    assert ("signals", "error", "logs are not covered: no field of a log line is given") in found(text)


SAID_ELSE = {
    "two fields in a row": ("| `requestId` | string | correlation |", "| `requestId` / `requestId` and `requestId` | string | correlation |"),
    "the time stands in the condition": ("error ratio > 2 % | 5m |", "error ratio > 2 % over 5 min | – |"),
    "periods": ("| 5m |", "| 3 consecutive periods |"),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), SAID_ELSE.values(), ids=list(SAID_ELSE))
def test_what_is_said_in_another_way_is_no_error(before: str, after: str) -> None:
    assert before in PLAN
    assert found(PLAN.replace(before, after), DESIGN) == []


@pytest.mark.parametrize(
    ("designed", "here", "severities"),
    [
        ("p95 < 300 ms", "95 % within 0.3 s", []), ("0", "none", []), ("99 % within 5 minutes", "99 %", ["warning"]),
        ("p95 < 300 ms", "p95 < 400 ms", ["error"]), ("1,000 ms", "1 s", []), ("99.99999 %", "100 %", ["error"]),
    ],
)  # fmt: skip
def test_an_objective_agrees_in_any_unit_and_one_that_leaves_something_out_is_doubtful(
    designed: str, here: str, severities: list[str]
) -> None:
    design = Document(DESIGN.name, DESIGN.text.replace("| 99.9 % |", f"| {designed} |"))
    said = found(PLAN.replace("| 99.90% of requests |", f"| {here} |"), design)
    assert [severity for check, severity, _ in said if check == "levels-as-designed"] == severities


def test_an_indicator_whose_name_says_more_in_the_architecture_is_the_same() -> None:
    named = Document(DESIGN.name, DESIGN.text.replace("| Availability |", "| Availability of the API (without 5xx) |"))
    assert found(PLAN, named) == []


def test_what_is_doubtful_is_a_warning() -> None:
    text = PLAN.replace("E-mail addresses are never logged.", "Logs are small.").replace('code="200"', 'method="GET"')
    text = text.replace('AppMetrics | where Name == "queue_depth"', 'AppMetrics | where Name == "queue_length"')
    text = text.replace("| Availability |", "| Uptime |").replace("shop:errors > 3", "shop:faults > 3")
    said = found(text, DESIGN)
    assert {severity for _, severity, _ in said} == {"warning"}
    assert [message for _, _, message in said] == [
        "'Logs' does not say what is never logged",
        "the architecture has no indicator 'Uptime'",
        "the architecture's indicator 'Availability' is not under 'Service levels'",
        "the query asks for the label 'method', which 'http_server_request_duration_seconds_bucket' does not have under 'Metrics'",
        "the query reads the metric 'queue_length', which is not under 'Metrics'",
        "the query reads the metric 'shop:faults', which is not under 'Metrics'",
    ]


def test_a_query_that_reads_no_known_table_is_doubtful() -> None:
    text = PLAN.replace('AppMetrics | where Name == "queue_depth" | summarize max(Max)', "Things | take 5")
    assert [each for each in found(text) if each[1] == "warning"] == [
        ("telemetry-queries", "warning", "the query reads no table of Log Analytics that is known")
    ]


def test_the_names_of_metrics_are_read_off_the_expression_not_its_words() -> None:
    text = 'sum by (job) (rate(a_total{x="b_total"}[5m])) / on (q) group_left (z) c # d_total'
    assert selected(text, "expressions") == [(1, "a_total", ["x", "job"]), (1, "c", [])]


def test_the_evidence_names_all_five_with_their_lines() -> None:
    document = Document(NAME, PLAN)
    said = list(EVIDENCE["signals"](document))
    assert [text for text, _ in said] == [
        "logs: 7 fields and a JSON Schema",
        "metrics: 3, 2 by RED and 1 by USE",
        "traces: 1 spans, handed on by traceparent",
        "dashboards: Shop with 1 panels",
        "alerts: 2",
    ]
    assert all(document.line(at) for _, at in said)


def test_hostile_documents_take_no_time() -> None:
    texts = [
        PLAN.replace("too", "(" * 100_000).replace("max(queue_depth", "(" * 20_000),
        PLAN.replace(SCHEMA, '{"properties": ' * 20_000),
        PLAN.replace("AppMetrics |", 'AppMetrics | where Name in ("a", ' * 3_000),
        PLAN.replace("queue_depth{queue}", "a{" * 20_000).replace("error ratio", "no " * 50_000),
        "## Alerts\n\n|Alert|Condition|For|\n|---|---|---|\n" + "| a | b | c |\n" * 1_500,
    ]
    begun = time.process_time()
    for text in texts:
        found(text, DESIGN)
    assert time.process_time() - begun < 8


SEATS = {"azure": "azure-monitor-logs-expert", "opentelemetry": "opentelemetry-expert"}
VAGUE = "Forum where users post threads and replies"


@pytest.mark.parametrize("brief", [CLINIC, VAGUE], ids=["clinic", "vague"])
@pytest.mark.parametrize("tools", SEATS)
def test_the_offline_author_writes_a_plan_no_check_objects_to(tools: str, brief: str) -> None:
    document = written(brief, SEATS[tools], observability=tools)
    assert [str(each) for each in findings(document, brief, SEATS[tools], architecture(brief))] == []
    assert len(list(EVIDENCE["signals"](document))) == 5


def test_objectives_are_those_of_the_architecture_as_it_stands_and_alerts_follow_them() -> None:
    ground = architecture(CLINIC)
    changed = Document(ground.name, ground.text.replace("| 99.9 % | 30 days", "| 99.5 % | 14 days"))
    assert changed.text != ground.text
    document = on(changed, CLINIC, SEATS["opentelemetry"], observability="opentelemetry")
    assert "| 99.5 % | 14 days" in document.section("Service levels") and "99.9 %" not in document.text
    # 2 % of the budget of 14 days in an hour: 0.02 * 14 * 24 = 6.72 times 0.5 %
    assert "6.72 times the budget's rate: more than 3.36 % of answers are 5xx" in document.section("Alerts")
    assert "> 0.0336" in document.section("Queries")
    assert [str(each) for each in findings(document, CLINIC, SEATS["opentelemetry"], changed)] == []


def test_personal_data_of_the_brief_is_named_and_stays_out_of_the_log_line() -> None:
    document = written(CLINIC, SEATS["azure"])
    logs = document.section("Logs")
    assert (
        "insurance number" in logs.partition("Never logged")[2] and "date of birth" in logs.partition("Never logged")[2]
    )
    schema = json.loads(next(fence.text for fence in document.fences if fence.lang == "json"))
    assert schema["additionalProperties"] is False
    assert not {"name", "email", "phone", "insurance_number", "date_of_birth"} & set(schema["properties"])


def test_each_service_level_and_each_alert_has_its_query() -> None:
    for tools, seat in SEATS.items():
        document = written(CLINIC, seat, observability=tools)
        rows = {table.section: len(table.rows) for table in document.tables}
        fences = [fence for fence in document.fences if fence.lang == ("kusto" if tools == "azure" else "promql")]
        assert len(fences) == rows["Service levels"] + rows["Alerts"] + 1, tools


def test_one_kind_of_personal_data_is_spoken_of_as_one() -> None:
    brief = "# Post\n\nClerks can register a parcel with the email address of its recipient.\n"
    assert "1 kind of personal data stays out" in written(brief, SEATS["azure"]).text
