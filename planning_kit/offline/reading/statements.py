"""What the brief asks for, sentence by sentence: how strongly, and of what sort."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ..facts import Statement
from .sentences import EXCLUDED, Sentence

_TAG = re.compile(r"\((REQUIRED|RECOMMENDED|OPTIONAL|MUST|SHOULD|MAY)\)\W*$")
_MUST = re.compile(
    r"(?i)\b(?:must|shall|needs? to|required? to|has to|have to|is required|are required|is mandatory|mandatory)\b|\bREQUIRED\b"
)
_ELSEWHERE = re.compile(
    r"(?:해야|되어야|있어야|하여야)\s*(?:한다|합니다|함|하며|하고)|수 있(?:다|어야|습니다|으며)|\b(?:muss|müssen|soll|sollen|doit|doivent|debe|deben|deve|devono|moet|moeten)\b|必须|必要|应当|しなければならない|できる",
    re.IGNORECASE,
)
"""Obligation in languages of which the rules read nothing else."""
_SHOULD = re.compile(r"(?i)\b(?:should|ought to|recommended|preferred|preferably)\b")
_MAY = re.compile(r"(?i)\b(?:may|optional(?:ly)?|nice to have|might|could)\b")
_CAN = re.compile(
    r"(?i)\b(?:users?|customers?|admin\w*|clients?|[a-z]+(?:er|or|ent|ist)s?) can (?:also )?[a-z]+|\b(?:allows?|enables?|lets?|permits?) (?:\w+ ){1,4}to\b|\b(?:is|are) able to\b|\bgrants? users\b"
)
_IS = re.compile(
    r"(?i)\b(?:is|are) (?:written|built|developed|implemented|hosted|deployed) (?:in|with|using|on)\b|"
    r"\b(?:system|platform|service|app|application|api|server) (?:sends?|stores?|keeps?|notif\w+|records?|returns?|generates?|calculates?|deletes?|updates?|checks?|validates?|supports?|runs on)\b"
)
_STORY = re.compile(
    r"(?i)^\W*(?:as an? .{2,60}?,? I (?:want|need|can|would like|'d like|wish)|given .{3,200}\bwhen\b|(?:given|when|then)\s+\w)"
)
_ENSURES = re.compile(r"(?i)\b(?:ensur(?:e|es|ing)|guarantees?|verify that|confirm that)\b")
_QUALITY = re.compile(
    r"(?i)\b(?:latency|performance|throughput|availability|uptime|scal(?:e|able|ability|ing)|reliab\w+|secur\w+|encrypt\w*|response time|within \d|per second|concurren\w+|audit\w*|"
    r"backups?|maintainab\w+|usab\w+|user-friendly|accessib\w+|resilien\w+|fault|redundan\w+|monitor\w*|swiftly|efficien\w+|authenticat\w+|SLA|RTO|RPO|thread[- ]saf\w+|GDPR|HIPAA|compliant)\b"
)
_CONSTRAINT = re.compile(
    r"(?i)\b(?:written in|built (?:with|using|on)|must (?:use|run on|be hosted|be deployed)|compatible with|limited to|budget|licen[cs]e|deadline for|no later than|depends? on|on-premises?|hosted in)\b"
)
_CONSTRAINTS = re.compile(r"(?i)\b(?:constraints?|assumptions?|dependenc(?:y|ies)|technology stack|limitations?)\b")
_QUALITIES = re.compile(
    r"(?i)\b(?:non[- ]?functional|quality|cross[- ]cutting|performance|security|reliability|scalability|NFRs?)\b"
)
_PRIORITY = re.compile(r"(?i)\|\s*(must|should|could|may|high|medium|low)(?:[ -]have)?\s*(?:\||$)")
_MOSCOW = {
    "must": "must",
    "should": "should",
    "could": "may",
    "may": "may",
    "high": "must",
    "medium": "should",
    "low": "may",
}
_WORDS = {
    "REQUIRED": "must",
    "MUST": "must",
    "RECOMMENDED": "should",
    "SHOULD": "should",
    "OPTIONAL": "may",
    "MAY": "may",
}


def statements(sentences: Sequence[Sentence], asking: Collection[Sentence] = ()) -> tuple[Statement, ...]:
    """Every sentence that asks for something, in order; ``asking`` are those that say what somebody does, whatever their verb."""
    found = []
    leads = {sentence.lead for sentence in sentences if sentence.lead}
    for sentence in sentences:
        if sentence.text in leads or (sentence.kind == "heading" and not _TAG.search(sentence.text)):
            continue
        area = _area(sentence)
        wanted = strength(sentence) or (
            "must" if area == "exclusion" or sentence in asking or _IS.search(sentence.text) else ""
        )
        if wanted:
            found.append(Statement(sentence.whole, wanted, area, sentence.source))
    return tuple(found)


def strength(sentence: Sentence) -> str:
    """``must``, ``should`` or ``may``; empty when the sentence asks for nothing."""
    if tag := _TAG.search(sentence.text):
        return _WORDS[tag.group(1)]
    if sentence.kind == "row" and (priority := _PRIORITY.search(sentence.text)):
        return _MOSCOW[priority.group(1).lower()]
    if sentence.kind == "remark":
        return "must"
    text = sentence.text if re.search(r"(?i)\b(?:must|shall)\b", sentence.text) else sentence.whole
    if _MUST.search(text) or _ELSEWHERE.search(text) or _ENSURES.search(sentence.text) or _STORY.search(sentence.text):
        return "must"
    if _SHOULD.search(text):
        return "should"
    if _CAN.search(text) or re.search(r"(?i)\b(?:can|will|able to)\W*$", sentence.lead):
        return "must"
    return "may" if _MAY.search(text) else ""


def _area(sentence: Sentence) -> str:
    text, section = sentence.text, " / ".join(sentence.section[-2:])
    if sentence.excluded or EXCLUDED.search(text):
        return "exclusion"
    if _CONSTRAINT.search(text) or _CONSTRAINTS.search(section):
        return "constraint"
    if _QUALITIES.search(section) or _QUALITY.search(text):
        return "quality"
    return "functional"
