"""Which open questions of a document the intake has settled already."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from ...facts import Question as Put
from ..facts import Question

_SUBJECTS = tuple(
    re.compile(rf"(?i){pattern}")
    for pattern in (
        r"\bprove (?:who|that)\b|\bprove who\b|\bsigns? in\b|\bsigning in\b|\blogs? in\b|\bauthenticat",
        r"\bwho may (?:do|see|read|reach|change|use)\b|\bmay an? .{2,80} (?:reach|see|read)\b|\bwhich .{2,60} (?:may|does) .{2,60} see\b",
        r"\bhow long\b.{0,80}\bkept\b|\bretention\b|\bhow long are\b.{0,80}\bdata\b",
        r"\bdeleted\b|\berased\b|\bwho deletes\b|\bbecomes of\b",
        r"\brequests? (?:a|per) second\b|\bhow many .{2,80} at (?:the same time|once)\b|\bcarry, and how fast\b|\bat the peak\b",
        r"\bhow many (?:records|rows)\b",
        r"\bavailab\w+ is promised\b|\bhow long may .{2,80}\b(?:fail|down|unavailable)\b|\bavailability\b",
        r"\bwhich countr|\bin which countries\b|\bwhich law\b|\bwhere do .{2,80} live\b",
        r"\bwhich interface is\b|\bover which interface\b|\bis an HTTP API wanted\b",
        r"\bclash\b|\bat the same time for the same\b|\btwo .{2,80} at the same (?:time|moment)\b|\bthe last (?:free )?\w+\b",
        r"\bduplicates?\b|\btwo of them the same\b|\bmust be unique\b|\bare the same\b",
        r"\bwhich programming language\b|\bwritten in\b|\bwhich stack\b",
        r"\bis a database given\b|\bwhich database\b",
        r"\bmay a user reach another\b|\bother \w+'s\b|\banother \w+'s\b",
        r"\btime ?zone",
        r"\bbackups?\b",
        r"\bformat are errors\b|\berror format\b",
    )
)


_IN_USE = {
    "Language": re.compile(r"(?i)\bwhich programming language\b"),
    "Database": re.compile(r"(?i)\bis a database given\b"),
}


def unsettled(questions: Iterable[Question], put: Sequence[Put], used: Collection[str] = ()) -> list[Question]:
    """``questions`` without those about something that was answered or assumed at the intake, or that the stack shows.

    Args:
        questions: what a document leaves open.
        put: what was asked at the intake.
        used: the topics that the stack says something about.
    """
    shown = [pattern for topic, pattern in _IN_USE.items() if topic in used]
    questions = [q for q in questions if not any(pattern.search(q.text) for pattern in shown)]
    settled = {number for each in put for number in _subjects(each.asks)}
    told = {_plain(each.asks) for each in put}
    return [q for q in questions if not (_subjects(q.text) & settled) and _plain(q.text) not in told]


def _subjects(text: str) -> set[int]:
    return {number for number, pattern in enumerate(_SUBJECTS) if pattern.search(text[:600])}


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold().strip()
