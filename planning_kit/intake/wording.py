"""A passage's own words: its sentences, and its text with everything that is quoted, code, a path or an address blanked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..brief import Brief, Passage
from ..facts import REQUIREMENTS
from ..offline.reading.sentences import Sentence, cut

_FOREIGN = re.compile(
    r"`[^`\n]*`|\"[^\"\n]{1,80}\"|“[^”\n]{1,80}”|«[^»\n]{1,80}»|‘[^’\n]{1,80}’|(?<!\w)'[^'\n]{1,80}'(?!\w)|https?://[^\s)>\]]{1,2000}|"
    r"<[^<>\n]{1,200}>|(?<![\w.])\.{0,2}/[\w./{}:-]{2,200}|"
    r"(?<![\w-])[\w-]{1,60}\.(?:py|java|js|ts|go|rs|rb|php|cs|cpp|c|h|md|txt|json|ya?ml|xml|csv|sql|sh|html|toml|ini|exe|jar|pdf|docx?|xlsx?)\b"
)
_ENDS = re.compile(r"[.!?;](?=\s)|\n[ \t]{0,80}\n")
_ABBREVIATED = re.compile(r"(?i)\b(?:e\.g|i\.e|etc|vs|cf|approx|incl|no|max|min)\.?$")


@dataclass(frozen=True)
class Wording:
    """A passage with its ``sentences`` (none for code) and what class it is of."""

    passage: Passage
    sentences: tuple[Sentence, ...]
    name: str

    @property
    def asks(self) -> bool:
        """Whether its class is one of those that ask for something."""
        return self.name in REQUIREMENTS

    @cached_property
    def own(self) -> str:
        """The passage's text, of the same length, blank where it is not in the author's own words."""
        return blanked(self.passage.text)

    @cached_property
    def _ends(self) -> list[int]:
        return [
            end.end() for end in _ENDS.finditer(self.own)
            if not _ABBREVIATED.search(self.own[max(0, end.start() - 8) : end.start()])
        ]  # fmt: skip

    def around(self, at: int) -> str:
        """The sentence of the text that holds offset ``at``."""
        place = bisect_right(self._ends, at)
        start = self._ends[place - 1] if place else 0
        return self.passage.text[start : self._ends[place] if place < len(self._ends) else None]

    def line(self, at: int) -> int:
        """The brief's line (from 1) of offset ``at``."""
        return self.passage.line + self.passage.text.count("\n", 0, at)


def vocabulary(words: str) -> frozenset[str]:
    """The words of a list that is written with spaces."""
    return frozenset(words.split())


def blanked(text: str) -> str:
    """``text`` with spaces in place of what is quoted, code, a path, a file's name or an address."""
    return _FOREIGN.sub(lambda found: " " * len(found.group()), text)


def wordings(brief: Brief, classes: Mapping[str, str]) -> tuple[Wording, ...]:
    """Every passage with its sentences and its class."""
    said = by_passage(cut(brief.passages))
    return tuple(Wording(each, said.get(each.id, ()), classes.get(each.id, "other")) for each in brief.passages)


def by_passage(sentences: Iterable[Sentence]) -> dict[str, tuple[Sentence, ...]]:
    """The sentences of each passage, by its id."""
    found: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        found.setdefault(sentence.source, []).append(sentence)
    return {source: tuple(each) for source, each in found.items()}
