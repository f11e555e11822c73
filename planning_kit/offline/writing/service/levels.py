"""What the architecture promises and keeps, read back from its tables as they stand now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..basis import Basis
from .contract import ARCHITECTURE

_LATENCY = re.compile(r"(\d[\d,.]{0,9})\s*(ms|milliseconds?|s|secs?|seconds?)(?![A-Za-z])", re.IGNORECASE)
_SHARE = re.compile(r"(\d[\d.]{0,9})\s*%")
_ABSENT = re.compile(
    r"(?i)^\W*(?:none|no|not|open)\b|\bnot needed\b|\bnot used\b|\bno (?:cache|queue|outbox|inbox|messages?|partition\w*)\b"
)


@dataclass(frozen=True)
class Level:
    """One service level: its ``indicator``, its ``objective`` in the architecture's words, the ``window``, the ``source`` cell."""

    indicator: str
    objective: str
    window: str
    source: str

    @property
    def latency(self) -> str:
        """The answer time it promises with its unit (``300 ms``); empty if it promises none."""
        hit = _LATENCY.search(self.objective)
        return f"{hit[1]} {hit[2]}" if hit and re.search(r"(?i)latency|time|answer|respon|p\d\d|slow|ms", f"{self.indicator} {self.objective}") else ""  # fmt: skip

    @property
    def percentile(self) -> str:
        """The percentile that answer time holds for (``p95``)."""
        said = f"{self.indicator} {self.objective}"
        named = re.search(r"\bp(\d{2})(?:\.(\d))?\b", said, re.IGNORECASE)
        share = _SHARE.search(said)
        return f"p{named[1]}{'.' + named[2] if named[2] else ''}" if named else f"p{share[1]}" if share else "p95"

    @property
    def allowed(self) -> str:
        """The share of requests that may fail, from an objective in percent of those that succeed or of the time it is up (``0.1 %``); empty if it is about something else."""
        hit = _SHARE.search(self.objective)
        if not hit or self.latency or not re.search(r"(?i)availab|success|error|fail|5xx|uptime", self.indicator):
            return ""
        share = float(hit[1].rstrip("."))
        left = share if share < 50 else 100 - share
        return f"{left:.4f}".rstrip("0").rstrip(".") + " %"


def levels(basis: Basis) -> tuple[Level, ...]:
    """The service levels of the architecture, in order."""
    found = (cells(row) for row in rows(basis, "Service levels"))
    return tuple(Level(*(each.get(name, "") for name in ("indicator", "objective", "window", "source"))) for each in found)  # fmt: skip


def cells(row: Mapping[str, str]) -> dict[str, str]:
    """A row without the marks for code."""
    return {name: said.replace("`", "").replace(r"\|", "|") for name, said in row.items()}


def rows(basis: Basis, section: str) -> Iterator[dict[str, str]]:
    """The rows of the first table under ``section`` of the architecture, each by the lower-case titles of its columns."""
    document = basis.document(ARCHITECTURE)
    every = document.tables if document else ()
    table = next((each for each in every if each.section.casefold() == section.casefold()), None)
    if table:
        header = [re.sub(r"[`*]", "", cell).strip().casefold() for cell in table.header]
        for row in table.rows:
            yield dict(zip(header, (*row, *[""] * len(header)), strict=False))


def needed(basis: Basis, section: str, concern: str) -> str:
    """What the architecture does about a concern (a pattern for the row's first cell); empty when it says that it is not needed, or nothing."""
    for row in rows(basis, section):
        if re.search(rf"(?i){concern}", row.get("concern", "")):
            said = row.get("approach", "")
            return "" if _ABSENT.search(said[:400]) else said
    return ""


def stores(basis: Basis) -> list[tuple[str, str]]:
    """The stores of the architecture with what each holds; the plan's database where it names none."""
    found = [(row.get("store", ""), row.get("holds", "")) for row in rows(basis, "Storage")]
    return [each for each in found if each[0]] or ([(basis.plan.database[0], "")] if basis.plan.tables else [])


def environments(basis: Basis) -> list[str]:
    """The environments of the architecture, in order; dev, stage and prod where it names none."""
    return [named for row in rows(basis, "Environments") if (named := row.get("environment", "").strip("` "))] or ["dev", "stage", "prod"]  # fmt: skip
