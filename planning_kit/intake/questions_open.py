"""Questions that the brief itself leaves open: each with its own alternatives."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..offline.reading import words
from .leftovers import OPEN
from .proposal_basis import Basis, clipped
from .questions_candidate import Candidate

_MOST = 3
_ASKED = re.compile(r"^\W{0,4}(?:[Oo]pen|Question|OPEN|Q)?\W{0,4}(?P<asks>[^?]{8,240})\?")
_MARKED = re.compile(
    r"(?i)^\W{0,4}(?:open(?: (?:point|question|issue)s?)?|to be (?:decided|clarified|agreed|determined)|undecided|TBD)\s?:\s?(?P<asks>[^.?]{6,240})"
)
_BEFORE = re.compile(
    r"(?P<asks>[^.;:?]{3,200}?)[\s:,(–-]+(?:(?:is|are) )?(?:still |yet )?(?:to be (?:decided|defined|determined|agreed|confirmed|specified|clarified|announced)|TBD|TBC|TBA|undecided|not (?:yet )?decided)\b",
    re.IGNORECASE,
)
_CLOSED = re.compile(r"(?i)^(?:do|does|did|is|are|should|shall|may|can|will|must|has|have)\b")
_CHOICE = re.compile(
    r"(?i)(?:\b(?:whether|either|is it|are they|should (?:it|they|we)(?: be)?|in|by|with|use|via)\b|[:,])?\s*(?P<one>[^,:;?]{2,60}?),? or (?P<two>[^,:;?]{2,60})$"
)


def stated(basis: Basis) -> Iterator[Candidate]:
    """What the brief says is still open: as it asks it, or with what is to be decided."""
    found = 0
    for passage in basis.told:
        if basis.classes.get(passage.id) == "other" or passage.kind == "code":
            continue
        asks = _asks(passage.plain[:2000])
        if not asks:
            continue
        options, because = _options(asks)
        yield Candidate(
            99 - found, f"open {passage.id}", f"The brief leaves open: “{clipped(asks, 200)}” Which is it?", (passage.id,), options, because,
            "what the brief leaves to be decided, and every document that rests on it",
        )  # fmt: skip
        found += 1
        if found == _MOST:
            return


def _asks(text: str) -> str:
    """What ``text`` leaves open; empty when it leaves nothing."""
    if hit := _MARKED.match(text):
        return hit.group("asks").strip()
    if hit := _ASKED.match(text):
        said = words.sentences(hit.group("asks"))
        return f"{said[-1].strip()}?" if said else ""
    if OPEN.search(text) and (hit := _BEFORE.search(text)):
        return hit.group("asks").strip(" |-*")
    return ""


def _options(asks: str) -> tuple[tuple[str, ...], str]:
    """The alternatives that ``asks`` names, yes and no, or two ways to go on without an answer."""
    body = asks.rstrip("?")
    if choice := _CHOICE.search(body):
        one = re.sub(
            r"(?i)^.*\b(?:whether|either|is it|should (?:it|we|they)(?: be)?)\b", "", choice.group("one")
        ).strip()
        return (
            f"It is {one}, and not {choice.group('two').strip()} (“{asks}”).",
            f"It is {choice.group('two').strip()}, and not {one} (“{asks}”).",
        ), "the brief names it first"
    if asks.endswith("?") and _CLOSED.match(body):
        return (
            f"No: “{asks}”",
            f"Yes: “{asks}”",
        ), "what nobody has asked for yet can be added later; what is built cannot be taken away"
    return (
        f"The plan compares candidates and names one: “{asks}”.",
        f"The plan keeps it replaceable and names none: “{asks}”.",
    ), "a plan that names one can be costed, and the client can still correct it"
