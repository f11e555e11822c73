"""What is left to be decided, what says two things at once, and what is said twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .remark import Remark
from .wording import Wording

OPEN = re.compile(
    r"(?<![\w`'\"-])(?:TBD|TBC|TBA|FIXME)(?![\w-])|(?<!\?)\?{3,}|(?<![\w`'\"-])TODO(?=\s*[:(]|\s*$|\])|"
    r"(?i:(?:\b(?:is|are|yet|still) |[|:(] {0,3})to be (?:defined|determined|decided|confirmed|specified|agreed|announced)\b|\[(?:to be (?:defined|determined|decided|confirmed)|insert [^\]\n]{1,60}|placeholder)\]|\b(?:may|will|can) be decided (?:later|at implementation time))"
)
_EITHER = re.compile(r"(?i)\band/or\b")
_TWO = re.compile(
    r"(?i)\b(must|shall)\b(?! be able)[^.;:()]{3,300}?(?:,? and|, or)\s+(?:also\s+)?(?:(?:the|an?|it|they|each|every|all)\s+)?(?:[\w-]+\s+){0,3}?\1\b"
)
_WORD = re.compile(r"\w+")
_FEWEST = 5
"""A statement of fewer words may stand twice without being the same requirement."""


def left_open(wording: Wording) -> Iterator[Remark]:
    """A place where something is still to be decided."""
    if wording.passage.kind == "code" or wording.name == "other":
        return
    if found := OPEN.search(wording.own):
        word = found.group().strip()
        yield Remark(
            "left-open",
            "",
            wording.passage.id,
            wording.line(found.start()),
            f"'{word}' is still open: decide it, or say who decides it by when",
        )


def two_in_one(wording: Wording) -> Iterator[Remark]:
    """A requirement that says two things, of which one can hold without the other."""
    text = wording.own[:20_000]
    if found := _EITHER.search(text):
        yield Remark(
            "and-or",
            "",
            wording.passage.id,
            wording.line(found.start()),
            "'and/or' can be read as both or as either: write which",
        )
    elif found := _TWO.search(text):
        word = found.group(1).lower()
        yield Remark(
            "two-in-one", "", wording.passage.id, wording.line(found.start()),
            f"two things '{word}' hold in one sentence: write one sentence for each, so that each can be tested and traced",
        )  # fmt: skip


def said_twice(wordings: Iterable[Wording]) -> Iterator[Remark]:
    """A requirement in the same words as an earlier one, with the same line leading it in."""
    first: dict[tuple[str, ...], str] = {}
    for wording in wordings:
        if not wording.asks or wording.passage.kind == "heading":
            continue
        lead = wording.sentences[0].lead if wording.sentences else ""
        words = tuple(_WORD.findall(f"{lead} {wording.passage.plain}".lower()))
        if len(words) < _FEWEST:
            continue
        earlier = first.setdefault(words, wording.passage.id)
        if earlier != wording.passage.id:
            yield Remark(
                "said-twice", earlier, wording.passage.id, wording.passage.line,
                f"says the same as {earlier}: keep one of them, or say how they differ",
            )  # fmt: skip
