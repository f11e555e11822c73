"""What tells operators and auditors what a part did: errors, traces, metrics, logs, audit trails."""

from __future__ import annotations

from collections.abc import Iterator

from ..evidence import Statement
from .inventory import search, stated
from .libraries import WATCHERS
from .manifests import OPTIONAL, RUN
from .part import Part


def state(part: Part) -> Iterator[Statement]:
    """The libraries of ``part`` that observe it."""
    yield from stated("Observability", search(part, WATCHERS, (RUN, OPTIONAL)))
