"""Two sentences of a brief that cannot both hold: the sentences, and what they disagree about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ..offline.reading import words
from .wording import Wording

MOST = 2_000
"""Most sentences of a brief that are compared."""
_LONGEST = 600
_IRREGULAR = {"sent": "send", "kept": "keep", "stored": "keep", "stores": "keep", "store": "keep", "retained": "keep", "saved": "keep", "held": "keep", "hold": "keep", "holds": "keep",
              "paid": "pay", "seen": "see", "written": "writ", "made": "make", "taken": "take", "sold": "sell", "shown": "show", "deleted": "delet", "erased": "delet", "erase": "delet", "removed": "delet", "remove": "delet",
              "edited": "chang", "edit": "chang", "edits": "chang", "modified": "chang", "modify": "chang", "modifies": "chang", "altered": "chang", "alter": "chang", "amended": "chang", "amend": "chang", "cancels": "cancel"}  # fmt: skip
"""Irregular forms, and words that mean the same act."""
_NEGATED = re.compile(
    r"(?i)\b(?:not|never|cannot|can't|mustn't|no|none|neither|nor|without|nobody|forbidden|prohibited|except|unless)\b"
)


@dataclass(frozen=True)
class Said:
    """A sentence of a passage."""

    wording: Wording
    text: str

    @property
    def passage(self) -> str:
        """The passage's id."""
        return self.wording.passage.id

    @property
    def line(self) -> int:
        """Its line in the brief, from 1."""
        return self.wording.line(max(self.wording.passage.text.find(self.text[:40]), 0))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Its words in lower case, one form each for nouns and acts."""
        return tuple(form(word) for word in re.findall(r"[A-Za-z][\w'-]*", self.text))

    @cached_property
    def negated(self) -> bool:
        """Whether it denies anything or makes an exception."""
        return bool(_NEGATED.search(self.text))


@dataclass(frozen=True)
class Opposed:
    """Two sentences and ``what`` they disagree about, in a few words; ``strict`` when the first is the stricter."""

    first: Said
    second: Said
    what: str
    strict: bool = False


def form(word: str) -> str:
    """One form for a noun or verb in all its endings."""
    low = words.singular(re.sub(r"'s?$", "", word.lower()))
    return _IRREGULAR.get(word.lower()) or _IRREGULAR.get(low) or words.stem(low)


def sentences(wordings: Sequence[Wording]) -> tuple[Said, ...]:
    """The sentences that count: of running text, not left out, no headings, no examples; at most :data:`MOST`."""
    found = [
        Said(wording, sentence.text)
        for wording in wordings
        if wording.passage.kind not in ("code", "heading", "html") and wording.name not in ("out of scope", "other")
        for sentence in wording.sentences
        if 4 < len(sentence.text) <= _LONGEST and not re.search(r"(?i)\be\.g\b|\bfor (?:example|instance)\b|\?\W*$", sentence.text)
    ]  # fmt: skip
    return tuple(found[:MOST])
