"""Which open questions of a document the intake has settled already."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from ...brief import Passage
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


_CONCERNS = {
    "backend-consultant": r"\bAPI\b|\bendpoints?\b|\boperations?\b|\bpaths?\b|\binterface\b|\bidempoten",
    "database-consultant": r"\btables?\b|\bcolumns?\b|\bdata model\b|\bdatabase\b|\bkeys?\b|\bkept\b|\bstored?\b|\bversions?\b|\bstates?\b|\bconstraints?\b|\bindex|\bhistory\b",
    "stack-consultant": r"\btechnolog|\bstack\b|\bhosting\b|\bservers?\b|\binstances?\b|\bload\b|\bavailab|\bcost|\bbackup|\bprovider\b|\bqueue\b|\blibrar",
    "security-consultant": r"\bsecurity\b|\bsign[- ]?in|\baccess\b|\bpermission|\broles?\b|\bthreat|\btokens?\b|\bencrypt|\baudit",
    "compliance-consultant": r"\bcomplian|\bpersonal\b|\bretention\b|\bkept\b|\bdelet|\bGDPR\b|\blaw\b|\bconsent\b|\bprivacy\b",
}
"""Which words in what settles a question make it a matter of a document."""
_CHANGED = {
    "backend-consultant": r"\bAPI\b|\bendpoints?\b|\boperations?\b",
    "database-consultant": r"\btables?\b|\bcolumns?\b|\bdata model\b|\bdatabase\b|\bconstraints?\b",
    "stack-consultant": r"\btechnolog|\bhosting\b|\bservers?\b|\binstances?\b|\bprovider\b",
    "security-consultant": r"\bsecurity\b|\bsign[- ]?in|\baccess\b|\bpermission|\broles?\b",
    "compliance-consultant": r"\bcomplian|\bpersonal\b|\bretention\b|\bGDPR\b|\blaw\b|\bconsent\b",
}
"""Which words in what an answered question changes do."""


def unreflected(
    put: Sequence[Put], seat: str, parts: Iterable[str], passages: Sequence[Passage] = ()
) -> list[Question]:
    """An open question for everything settled at the intake that concerns the document of ``seat`` and that none of its ``parts`` cites.

    An answer that concerns no document by its words is a matter of all of them, an assumption of the API's. What repeats one of
    the brief's ``passages`` is reflected where that passage is cited.
    """
    cited = set(re.findall(r"\[([PQA]\d+)\]", "\n".join(parts)))
    found = []
    for each in put:
        concerned = [name for name, pattern in _CONCERNS.items() if re.search(f"(?i){pattern}", each.settled)]
        if each.answered:
            concerned += [name for name, pattern in _CHANGED.items() if re.search(f"(?i){pattern}", each.changes)]
        said = _plain(each.settled)
        own = {p.id for p in passages if said in _plain(p.text[:4000])}
        everybody = not concerned and (each.answered or seat == "backend-consultant")
        if each.name not in cited and not own & cited and (seat in concerned or everybody):
            found.append(
                Question(
                    "",
                    f"Not reflected yet: {each.settled}",
                    "this document stands as if nothing were said about it",
                    (each.name,),
                )
            )
    return found


def _subjects(text: str) -> set[int]:
    return {number for number, pattern in enumerate(_SUBJECTS) if pattern.search(text[:600])}


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).casefold().strip()
