"""What matters for a brief: words, and how entries and files are put in order by them."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_BEHIND = re.compile(
    r"(?i)(?:^|/)(?:examples?|samples?|demos?|scripts?|tools?|docs?|legacy|deprecated|seeds?|benchmarks?)/"
)
SHORTEST = 3
"""A word of fewer letters matches nothing."""


@dataclass(frozen=True)
class Entry:
    """One line of the digest: ``what`` there is, and the ``line`` of the file at ``path`` that shows it; ``about`` matches too, unseen."""

    what: str
    path: str
    line: int
    about: str = ""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A lower-case word without the endings of plural, past and progress: ``bookings``, ``booked`` and ``book`` are one."""
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            word = word[: -len(ending)] + put
            break
    else:
        if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
            word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


@lru_cache(maxsize=50_000)
def words(text: str) -> frozenset[str]:
    """The stems of the words in names, paths and identifiers (``orderItems``, ``order_items``), those long enough to say something."""
    found = [word.lower() for word in _WORDS.findall(text[:2000])]
    return frozenset(stem(word) for word in found if len(word) >= SHORTEST)


def aside(path: str) -> bool:
    """Whether a file is beside the code itself: an example, a script, documentation."""
    return bool(_BEHIND.search(path))


class Ranking:
    """How well anything matches a brief: each shared word weighs more the rarer it is in the codebase."""

    def __init__(self, asked: Collection[str], corpus: Iterable[frozenset[str]]) -> None:
        self._asked = frozenset(each for word in asked for each in words(word))
        counts: Counter[str] = Counter()
        total = 1
        for known in corpus:
            total += 1
            counts.update(known & self._asked)
        self._weights = {word: math.log(1 + total / (1 + counts[word])) for word in self._asked}

    def score(self, *texts: str) -> float:
        """What the shared words weigh together; each word once, in whichever text."""
        shared = frozenset().union(*(words(text) & self._asked for text in texts))
        return round(sum(self._weights[word] for word in sorted(shared)), 6)

    def entry(self, entry: Entry) -> float:
        """How well an entry matches: what it says counts twice what its path does; examples and scripts stand back."""
        said = self.score(entry.what, entry.about)
        placed = self.score(entry.path) / 2
        return round((said + placed) * (0.3 if aside(entry.path) else 1.0), 6)

    def ordered(self, entries: Iterable[Entry]) -> list[Entry]:
        """Entries that share most with the brief first, then those of the code itself before examples, by path and line."""
        return sorted(
            entries,
            key=lambda each: (-self.entry(each), aside(each.path), each.path, each.line, each.what),
        )
