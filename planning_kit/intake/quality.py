"""A brief read for what will go wrong later: ambiguous, untestable, contradictory, undefined, silent, or speaking to the reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..brief import Brief
from ..document import Finding
from . import addressed, ambiguity, areas, contradictions, leftovers, missing, opposed_found, remark, terms
from .remark import Remark
from .tongue import english
from .wording import Wording, wordings

SILENT = "silent-quality-area"
UNREAD = "language-not-read"


def findings(brief: Brief, classes: Mapping[str, str]) -> tuple[Finding, ...]:
    """What is wrong with the brief, what matters most first; each is a warning that begins with its passage's id.

    The same word or act in several passages is one finding that lists them.

    Args:
        brief: what was asked.
        classes: passage id → class, as classified or as the architect corrected it; only what asks for something is read for its wording.
    """
    if not english(brief):
        text = "the brief is not in English, which is what the rules read: neither its silences nor its wording were judged"
        told = [each for passage in brief.passages for each in addressed.remarks(passage)]
        return remark.findings([*told, Remark(UNREAD, "language", "", 0, text)])
    said = wordings(brief, classes)
    return remark.findings(_remarks(brief, classes, said))


def _remarks(brief: Brief, classes: Mapping[str, str], said: Sequence[Wording]) -> Iterator[Remark]:
    for passage in brief.passages:
        yield from addressed.remarks(passage)
    yield from contradictions.numbers(said)
    yield from contradictions.orders(said)
    yield from opposed_found.remarks(said)
    for wording in said:
        yield from leftovers.left_open(wording)
    yield from leftovers.said_twice(said)
    for wording in said:
        if wording.asks:
            yield from _worded(wording)
    yield from terms.abbreviations(brief, said)
    yield from terms.unlisted(said)
    for area in areas.silent(brief, classes):
        yield Remark(SILENT, area.name, "", 0, f"the brief says nothing about {area.name}: write {area.sentence}")


def _worded(wording: Wording) -> Iterator[Remark]:
    """What is wrong with the words of one requirement; the words of a quality without a value are not told a second time."""
    unmeasured = list(missing.without_measure(wording))
    yield from unmeasured
    yield from missing.without_actor(wording)
    yield from leftovers.two_in_one(wording)
    for each in ambiguity.remarks(wording):
        if not any(each.rule == ambiguity.RULE and each.subject in told.text.lower() for told in unmeasured):
            yield each
