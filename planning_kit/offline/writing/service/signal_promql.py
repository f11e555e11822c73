"""Indicators and alerts as PromQL, over OpenTelemetry's metrics as Prometheus spells them (OpenTelemetry, "Prometheus and OpenMetrics Compatibility")."""

from __future__ import annotations

from .signal_facts import Indicator, Metric, Observed

FENCE = "promql"
_FAILED = 'http_response_status_code=~"5.."'
_ASKED = 'http_route!~"/health|/ready|/version"'
_UNITS = {"s": "_seconds", "By": "_bytes", "1": "_ratio"}


def spelt(metric: Metric) -> str:
    """The metric's name in Prometheus; a histogram has ``_bucket``, ``_sum`` and ``_count`` behind it."""
    name = metric.name.replace(".", "_") + _UNITS.get(metric.unit, "")
    return f"{name}_total" if metric.type == "counter" else name


def label(name: str) -> str:
    """An attribute's name as a label."""
    return name.replace(".", "_")


def where(observed: Observed, metric: Metric) -> str:
    """Where the metric comes from; nothing to add."""
    return ""


def number(value: float) -> str:
    """A number without needless digits."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def edge(seconds: float) -> str:
    """The boundary of a histogram's bucket as Prometheus writes it: ``0.3``, ``300.0``."""
    said = number(seconds)
    return said if "." in said else f"{said}.0"


def window(days: float) -> str:
    """A length of time as a range."""
    return f"{days:g}d" if days >= 1 else f"{max(1, round(days * 24)):g}h" if days * 24 >= 1 else f"{max(1, round(days * 1440))}m"  # fmt: skip


def missed(one: Indicator, over: str) -> str:
    """The share of what missed an indicator in the range ``over``."""
    bad, every = _counted(one)
    if one.hours:
        when = f"hour() >= {one.hours[0]} < {one.hours[1]}"
        return f"sum_over_time(({bad.replace('RANGE', '5m')} and on () ({when}))[{over}:5m])\n/\nsum_over_time(({every.replace('RANGE', '5m')} and on () ({when}))[{over}:5m])"  # fmt: skip
    return f"{bad.replace('RANGE', over)}\n/\n{every.replace('RANGE', over)}"


def _counted(one: Indicator) -> tuple[str, str]:
    """The rate of what missed it, and of all; ``RANGE`` stands for the range."""
    of = [f'http_request_method="{one.call.method}"', f'http_route="{one.call.path}"'] if one.call else []
    if one.kind == "late":
        name = "worker_job_lateness_seconds"
        le = f'{{le="{edge(one.seconds)}"}}'
        every = f"sum(rate({name}_count[RANGE]))"
        return f"({every} - sum(rate({name}_bucket{le}[RANGE])))", every
    if one.kind == "counted":
        name, own = "service_level_events_total", f'indicator="{one.name}"'
        return (
            f'(sum(rate({name}{{{own}, outcome="missed"}}[RANGE])) or vector(0))',
            f"sum(rate({name}{{{own}}}[RANGE]))",
        )
    name = "http_server_request_duration_seconds"
    of = of or [_ASKED]
    every = f"sum(rate({name}_count{_braced(of)}[RANGE]))"
    if one.kind == "slow":
        within = _braced([*of, f'le="{edge(one.seconds)}"'])
        return f"({every} - sum(rate({name}_bucket{within}[RANGE])))", every
    return f"(sum(rate({name}_count{_braced([*of, _FAILED])}[RANGE])) or vector(0))", every


def _braced(matchers: list[str]) -> str:
    return f"{{{', '.join(matchers)}}}" if matchers else ""


def indicator(observed: Observed, one: Indicator) -> str:
    """The share, 0 to 1, that is as the objective asks, over its window."""
    return f"1 - (\n{_inner(missed(one, window(one.days or 30)))}\n)"


def _inner(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))


def burning(observed: Observed, one: Indicator, factor: float, long: str, short: str) -> str:
    """True while the error budget is spent ``factor`` times as fast as it lasts, over two windows at once."""
    limit = number(factor * one.share)
    return f"(\n{_inner(missed(one, long))}\n) > {limit}\nand\n(\n{_inner(missed(one, short))}\n) > {limit}"


def breached(observed: Observed, one: Indicator, over: str) -> str:
    """True while more misses it than the objective allows, over one window."""
    return f"(\n{_inner(missed(one, over))}\n) > {number(one.share)}"


def refused(observed: Observed, share: float) -> str:
    """True while so many answers refuse the caller."""
    name = "http_server_request_duration_seconds_count"
    return f'sum(rate({name}{{http_response_status_code=~"401|403|429"}}[10m]))\n/\nsum(rate({name}[10m])) > {number(share)}'  # fmt: skip


def silent(observed: Observed) -> str:
    """True while nothing is measured at all."""
    return "absent(process_cpu_utilization_ratio)"


def busy(observed: Observed, share: float) -> str:
    """True while the processor is used so much."""
    return f"avg(process_cpu_utilization_ratio) > {number(share)}"


def pooled(observed: Observed, share: float) -> str:
    """True while so many of the store's connections are in use."""
    used = 'sum(db_client_connection_count{db_client_connection_state="used"})'
    return f"{used}\n/\nsum(db_client_connection_max) > {number(share)}"


def unreachable(observed: Observed, share: float) -> str:
    """True while so many calls of another system fail."""
    name = "http_client_request_duration_seconds_count"
    return f'sum by (server_address) (rate({name}{{http_response_status_code=~"5.."}}[10m]))\n/\nsum by (server_address) (rate({name}[10m])) > {number(share)}'  # fmt: skip


def waiting(observed: Observed, seconds: float) -> str:
    """True while a message waits longer."""
    return f"max(outbox_oldest_age_seconds) > {seconds:g}"


def dead(observed: Observed) -> str:
    """True while a message is given up."""
    return "max(outbox_dead) > 0"


def operations(observed: Observed) -> str:
    """Rate, errors and 95th percentile of each operation: the three panels of RED."""
    name = "http_server_request_duration_seconds"
    by = "sum by (http_request_method, http_route)"
    return "\n\n".join([
        f"{by} (rate({name}_count{_braced([_ASKED])}[5m]))",
        f'{by} (rate({name}_count{{http_response_status_code=~"5.."}}[5m]))',
        f"histogram_quantile(0.95, sum by (le, http_request_method, http_route) (rate({name}_bucket[5m])))",
    ])  # fmt: skip
