"""Sentences that say several things, cut into sentences that say one thing each, every one with its own subject."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...reading import words
from ...reading.phrases import VERBS
from .phrasing import MORE

_PREDICATE = re.compile(
    r",? and (?=(?:also )?(?:can|may|must|shall|should|cannot|ha(?:s|ve) to)\s+(?:not )?[a-z])|, (?=(?:can|may|must|shall|cannot|ha(?:s|ve) to)\s+[a-z])"
)
_SUBJECT = re.compile(
    r",? (?:and|but) (?=(?:nobody|no one|everybody|everyone|whoever|(?:the|an?|each|every|all|only)(?: [\w'-]+){1,3}|[a-z]+s) (?:can|may|must|shall|should|cannot|ha(?:s|ve) to|(?:is|are) )\s*[a-z])"
)
_ALSO_DOES = re.compile(r",? and (?=(?P<verb>[a-z]{3,}s) (?:the|an?|those|their|his|her|its|all|any|who|what)\b)")
_STATUS_END = re.compile(r"(?<=\b\d{3})\.\s+(?=[A-Z])")
_MODAL = r"(?:can|may|must|shall|should|cannot|ha(?:s|ve) to)\b"


def parted(piece: str, acts: Callable[[str], bool]) -> list[str]:
    """``piece`` as one sentence for each of its clauses; ``acts`` tells whether words name somebody who acts."""
    found = []
    for sentence in _STATUS_END.split(piece):
        for clause in _SUBJECT.split(sentence):
            found += _predicates(clause.strip(), acts)
    return [each[:1].upper() + each[1:] for each in found if each] if len(found) > 1 else [piece]


def _predicates(clause: str, acts: Callable[[str], bool]) -> list[str]:
    """A clause whose actor does this and can do that, as a clause for each."""
    actor = _actor(clause, acts)
    if not actor:
        return [clause]
    rest = clause[len(actor) :].strip()
    parts = [part for each in _cut(rest) for part in _verbs(each)]
    if len(parts) == 1 and re.match(_MODAL, rest):
        return [clause]
    cut = []
    for part in parts:
        more = _ALSO_DOES.search(part)
        if more and re.match(_MODAL, part):
            cut += [part[: more.start()], part[more.end() :]]
        else:
            cut.append(part)
    if any(len(part.split()) < 2 for part in cut):
        return [clause]
    return [f"{actor} {part.strip(' ,')}" for part in cut]


def _cut(rest: str) -> list[str]:
    """``rest`` cut before each further modal verb; one that stands behind an aside belongs to another subject."""
    found, start = [], 0
    for hit in _PREDICATE.finditer(rest):
        if "," in rest[start : hit.start()] and not hit.group().strip().endswith("and"):
            continue
        found.append(rest[start : hit.start()])
        start = hit.end()
    return [*found, rest[start:]]


def _verbs(part: str) -> list[str]:
    """``part`` cut before a further verb with an object of its own, behind a comma: 'see orders, and mark an order'."""
    more = re.search(r", and (?=(?P<verb>[a-z]{3,}) (?:an?|the|their|any)\b)", part)
    if more is None or not words.base(more["verb"], VERBS | MORE) or re.match(_MODAL, part):
        return [part]
    return [part[: more.start()], part[more.end() :]]


def _actor(clause: str, acts: Callable[[str], bool]) -> str:
    """The words at the beginning of ``clause`` that name who acts; empty when nobody does."""
    tokens = clause.split(" ")[:4]
    starts = [" ".join(tokens[:count]) for count in range(1, len(tokens))]
    named = [s for s in starts if acts(s) and not s.lower().startswith(("if ", "when ", "as "))]
    return named[0] if named else ""
