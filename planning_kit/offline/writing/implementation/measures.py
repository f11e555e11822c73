"""The figures of the brief that take a measurement, sentence by sentence, and how each is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...facts import Quantity, Reading
from .. import figures
from ..markdown import listing, quote, shorten

_MEASURED = ("load", "answer time", "availability", "recovery point", "recovery time", "volume")
_EDGE = re.compile(
    r"(?i)\b(?:more|fewer|less|larger|greater) than\s*$|\bat (?:least|most)\s*$|\b(?:above|below|exceed\w*)\s*$"
)
"""What stands before a number at which a rule begins or ends to hold."""
_SHOWN = {
    "load": "carried for 30 minutes in a load test", "answer time": "seen at the named share of requests in a load test",
    "availability": "kept while one of two instances is stopped in a rehearsal", "recovery point": "seen in a rehearsed restore",
    "recovery time": "seen in a rehearsed restore", "volume": "the size of the generated data that the tests of this phase run on",
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """The figures of one sentence: its ``source``, the sentence ``about`` them, the figures as written, what kind the weightiest is."""

    source: str
    about: str
    texts: tuple[str, ...]
    kind: str

    @property
    def listed(self) -> str:
        """The figures in a row."""
        return listing([quote(each) for each in self.texts], 6)

    @property
    def shown(self) -> str:
        """How it is measured."""
        if self.kind == "answer time" and not any(
            "%" in each or "percent" in each for each in (*self.texts, self.about)
        ):
            return "kept by every request of a load test"
        return _SHOWN.get(self.kind, "kept in a test at its edge")

    @property
    def quoted(self) -> str:
        """The sentence."""
        return f"“{quote(shorten(self.about, 160))}” [{self.source}]"


def kind(figure: Quantity) -> str:
    """What a figure decides; a bare million is an amount."""
    _, _, after = figure.about.partition(figure.text)
    if re.match(r"(?i)\W*(?:\w+ ){0,2}(?:per|an?|each|every) (?:second|minute|hour|day)\b", after):
        return "load"
    if (
        figures.kind(figure) == "volume"
        and figure.value < 1_000
        and _EDGE.search(figure.about.partition(figure.text)[0])
    ):
        return "limit"
    return "volume" if re.match(r"(?i)(?:mi|bi)llions?$|thousand", figure.unit) else figures.kind(figure)


def grouped(reading: Reading, sources: Iterable[str], measured: bool) -> tuple[Figure, ...]:
    """The figures in ``sources``, those that take a measurement or those that a test at their edge shows, sentence by sentence."""
    wanted = set(sources)
    found: dict[str, list[Quantity]] = {}
    for each in reading.quantities:
        if each.source in wanted and (kind(each) in _MEASURED) is measured:
            found.setdefault(each.source, []).append(each)
    return tuple(_figure(source, own) for source, own in found.items())


def _figure(source: str, own: list[Quantity]) -> Figure:
    kinds = {kind(each) for each in own}
    weightiest = next((each for each in ("answer time", *_MEASURED) if each in kinds), next(iter(kinds)))
    about = max((each.about for each in own), key=len)
    return Figure(source, about, tuple(dict.fromkeys(each.text for each in own)), weightiest)
