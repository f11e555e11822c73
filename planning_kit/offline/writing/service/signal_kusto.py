"""Indicators and alerts as KQL over the workspace tables of Application Insights (learn.microsoft.com, "Azure Monitor Logs table reference").

What is kept in part is counted whole: ``ItemCount`` says how many of its kind an entry stands for.
"""

from __future__ import annotations

from .signal_facts import Indicator, Metric, Observed
from .signal_promql import number

FENCE = "kusto"
_TABLES = {"http.server.request.duration": "AppRequests", "http.client.request.duration": "AppDependencies", "db.client.operation.duration": "AppDependencies"}  # fmt: skip

_ASKED = '| where Name !startswith "job " and Name !in ("GET /health", "GET /ready", "GET /version")'


def spelt(metric: Metric) -> str:
    """The metric's name as it is sent."""
    return metric.name


def label(name: str) -> str:
    """An attribute's name as it is sent."""
    return name


def where(observed: Observed, metric: Metric) -> str:
    """The table it is read from."""
    return _TABLES.get(metric.name, "AppMetrics")


def window(days: float) -> str:
    """A length of time as a timespan."""
    return f"{days:g}d" if days >= 1 else f"{max(1, round(days * 24)):g}h" if days * 24 >= 1 else f"{max(1, round(days * 1440))}m"  # fmt: skip


def _from(observed: Observed, table: str, over: str, *more: str) -> list[str]:
    return [table, f"| where TimeGenerated > ago({over})", f'| where AppRoleName startswith "{observed.slug}"', *more]


def _missed(observed: Observed, one: Indicator, over: str) -> list[str]:
    """All and what missed an indicator in the time ``over``, as the columns Total and Missed."""
    when = [f"| where hourofday(TimeGenerated) between ({one.hours[0]} .. {one.hours[1] - 1})"] if one.hours else []
    if one.kind == "counted":
        named = f'| where Name == "service_level.events" and tostring(Properties["indicator"]) == "{one.name}"'
        missed = '| summarize Total = sum(Sum), Missed = sumif(Sum, tostring(Properties["outcome"]) == "missed")'
        return _from(observed, "AppMetrics", over, named, *when, missed)
    if one.kind == "late":
        late = f'toreal(Properties["lateness_s"]) > {number(one.seconds)}'
        named = '| where Name startswith "job "'
        return _from(observed, "AppRequests", over, named, *when, f"| summarize Total = sum(ItemCount), Missed = sumif(ItemCount, {late})")  # fmt: skip
    named = f'| where Name == "{one.call.called}"' if one.call else _ASKED
    missed = f"DurationMs > {number(one.seconds * 1000)}" if one.kind == "slow" else "toint(ResultCode) >= 500"
    return _from(observed, "AppRequests", over, named, *when, f"| summarize Total = sum(ItemCount), Missed = sumif(ItemCount, {missed})")  # fmt: skip


def indicator(observed: Observed, one: Indicator) -> str:
    """The share, 0 to 1, that is as the objective asks, over its window."""
    last = "| project AsPromised = 1.0 - todouble(Missed) / Total"
    return "\n".join([*_missed(observed, one, window(one.days or 30)), last])


def burning(observed: Observed, one: Indicator, factor: float, long: str, short: str) -> str:
    """A row while the error budget is spent ``factor`` times as fast as it lasts, over two windows at once."""
    limit = number(factor * one.share)
    first, second = _missed(observed, one, long), _missed(observed, one, short)
    share = "| extend Share = todouble(Missed) / Total, Joined = 1"
    both = [
        "let long = " + "\n    ".join([*first, share]) + ";",
        "let short = " + "\n    ".join([*second, share]) + ";",
    ]
    return "\n".join([*both, "long", "| join kind=inner short on Joined", f"| where Share > {limit} and Share1 > {limit}"])  # fmt: skip


def breached(observed: Observed, one: Indicator, over: str) -> str:
    """A row while more misses it than the objective allows, over one window."""
    return "\n".join([*_missed(observed, one, over), f"| where todouble(Missed) / Total > {number(one.share)}"])


def refused(observed: Observed, share: float) -> str:
    """A row while so many answers refuse the caller."""
    count = '| summarize Total = sum(ItemCount), Refused = sumif(ItemCount, ResultCode in ("401", "403", "429"))'
    return "\n".join([*_from(observed, "AppRequests", "10m", count), f"| where todouble(Refused) / Total > {number(share)}"])  # fmt: skip


def silent(observed: Observed) -> str:
    """A row while nothing is measured at all."""
    named = '| where Name == "process.cpu.utilization"'
    return "\n".join(
        [*_from(observed, "AppMetrics", "10m", named, "| summarize Total = count()"), "| where Total == 0"]
    )


def _gauge(observed: Observed, name: str, value: str, test: str) -> str:
    more = [f'| where Name == "{name}"', f"| summarize Value = {value}", f"| where Value {test}"]
    return "\n".join(_from(observed, "AppMetrics", "10m", *more))


def busy(observed: Observed, share: float) -> str:
    """A row while the processor is used so much."""
    return _gauge(observed, "process.cpu.utilization", "sum(Sum) / sum(ItemCount)", f"> {number(share)}")


def pooled(observed: Observed, share: float) -> str:
    """A row while so many of the store's connections are in use."""
    lines = _from(
        observed, "AppMetrics", "10m", '| where Name in ("db.client.connection.count", "db.client.connection.max")'
    )
    lines += [
        '| where Name == "db.client.connection.max" or tostring(Properties["db.client.connection.state"]) == "used"',
        '| summarize Used = avgif(Sum / ItemCount, Name == "db.client.connection.count"), Most = avgif(Sum / ItemCount, Name == "db.client.connection.max")',
        f"| where Used / Most > {number(share)}",
    ]
    return "\n".join(lines)


def unreachable(observed: Observed, share: float) -> str:
    """A row for each system of which so many calls fail."""
    lines = _from(observed, "AppDependencies", "10m", '| where DependencyType == "HTTP"')
    lines += ["| summarize Total = sum(ItemCount), Failed = sumif(ItemCount, not(Success)) by Target", f"| where todouble(Failed) / Total > {number(share)}"]  # fmt: skip
    return "\n".join(lines)


def waiting(observed: Observed, seconds: float) -> str:
    """A row while a message waits longer."""
    return _gauge(observed, "outbox.oldest_age", "max(Max)", f"> {seconds:g}")


def dead(observed: Observed) -> str:
    """A row while a message is given up."""
    return _gauge(observed, "outbox.dead", "max(Max)", "> 0")


def operations(observed: Observed) -> str:
    """Rate, errors and 95th percentile of each operation: the three panels of RED."""
    lines = _from(observed, "AppRequests", "1h", _ASKED)
    counted = "PerSecond = sum(ItemCount) / 300.0, Errors = sumif(ItemCount, toint(ResultCode) >= 500), P95 = percentilew(DurationMs, ItemCount, 95)"
    return "\n".join([*lines, f"| summarize {counted} by Name, bin(TimeGenerated, 5m)"])
