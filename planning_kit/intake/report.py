"""How a brief reads before anybody designs: its passages by class, what is wrong with it, and which areas it covers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from .. import chart, view
from ..brief import Brief
from ..document import Finding
from ..facts import CLASSES
from . import coverage, quality
from .classes import classify


@dataclass(frozen=True)
class Report:
    """The reading of ``brief``: passage id → class in ``classes``, the ``findings``, and what is ``covered``."""

    brief: Brief
    classes: Mapping[str, str]
    findings: tuple[Finding, ...]
    covered: coverage.Coverage

    @cached_property
    def counted(self) -> dict[str, int]:
        """Class → how many passages are of it, classes without any left out."""
        found = Counter(self.classes.values())
        return {name: found[name] for name in CLASSES if found[name]}

    @property
    def head(self) -> str:
        """The whole in one line."""
        count = len(self.findings)
        return f"{self.brief.title}: {len(self.brief.passages)} passages, {count} finding{'' if count == 1 else 's'}"

    @property
    def lines(self) -> Iterator[str]:
        """The report as a person reads it on a terminal."""
        yield view.plain(self.head)
        yield "  " + ", ".join(f"{count} {name}" for name, count in self.counted.items())
        name = view.visible(self.brief.name or "brief")
        for finding in self.findings:
            place = f"{name}:{finding.line}" if finding.line else name
            yield f"{place}: {view.visible(finding.message)} [{finding.rule}]"

    @property
    def facts(self) -> dict[str, Any]:
        """The report as plain values."""
        return {
            "title": self.brief.title,
            "passages": [
                {"id": p.id, "class": self.classes[p.id], "line": p.line, "kind": p.kind, "text": p.text}
                for p in self.brief.passages
            ],
            "findings": [
                {"line": f.line, "rule": f.rule, "severity": f.severity, "message": f.message} for f in self.findings
            ],
        }

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [(finding.line or "", finding.message, finding.rule) for finding in self.findings]
        said = ", ".join(f"{count} {name}" for name, count in self.counted.items())
        shown = view.box("note", [self.head, said]) + self.picture
        return (shown + view.table(("line", "what", "rule"), rows) if rows else shown)._repr_mimebundle_()

    @property
    def passages(self) -> view.Shown:
        """The brief, piece by piece, under the numbers the documents cite, each with its class in the margin."""
        shown = self.brief.passages[: view.MOST_LINES]
        rows = [(p.id, self.classes.get(p.id, ""), p.line, p.kind, p.plain[:400]) for p in shown]
        return view.table(("passage", "class", "line", "kind", "text"), rows)

    @property
    def picture(self) -> view.Shown:
        """Which classes say something about which quality areas."""
        rows, columns, counts = self.covered.rows, self.covered.columns, self.covered.counts
        svg = chart.heatmap(rows, columns, counts, "Passages by class and quality area", self.covered.silent)
        table = view.table(("", *columns), [(name, *line) for name, line in zip(rows, counts, strict=True)])
        return view.Shown(view.picture(svg, "passages by class and quality area"), table.text)


def of(brief: Brief, classes: Mapping[str, str] | None = None) -> Report:
    """The report on ``brief``, with its passages as ``classes`` has them; by default as the rules class them."""
    known = dict(classes) if classes is not None else classify(brief)
    return _of(brief, tuple(known.items()))


@lru_cache(maxsize=8)
def _of(brief: Brief, classes: tuple[tuple[str, str], ...]) -> Report:
    known = dict(classes)
    return Report(brief, known, quality.findings(brief, known), coverage.coverage(brief, known))
