"""Which of many marks stand in a text, found in one pass over its words instead of one pass each."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable
from functools import lru_cache

MOST = 500_000
"""Most words that are remembered."""
_WORD = string.ascii_letters + string.digits + "_"
_APART = str.maketrans({chr(code): " " for code in range(128) if chr(code) not in _WORD})


class Sieve:
    """``marks`` to look for; a mark is any text, and what of it is a word is looked for first.

    Args:
        marks: what is looked for, as it stands in the text.
    """

    def __init__(self, marks: Iterable[str]) -> None:
        by_core: dict[str, list[str]] = {}
        for mark in dict.fromkeys(marks):
            core = max(re.findall(r"[a-z0-9_]{3,}", mark.casefold()), key=len, default="")
            by_core.setdefault(core, []).append(mark)
        self.bare = frozenset(by_core.pop("", ()))
        self._by_core = {core: tuple(found) for core, found in by_core.items()}
        self._dull: set[str] = set()
        self._telling: dict[str, tuple[str, ...]] = {}

    def of(self, text: str, folded: str) -> frozenset[str]:
        """The marks that stand in ``text`` (``folded`` is the same in lower case), but for those that hold no word (``bare``)."""
        likely: set[str] = set()
        for word in words(folded) - self._dull:
            likely.update(self._telling.get(word) or self._look(word))
        return frozenset(mark for mark in likely if mark in text)

    def _look(self, word: str) -> tuple[str, ...]:
        """The marks ``word`` may be a part of; remembered, since most words of a codebase are in many of its files."""
        found = tuple(mark for core, marks in self._by_core.items() if core in word for mark in marks)
        if len(self._dull) + len(self._telling) < MOST:
            if found:
                self._telling[word] = found
            else:
                self._dull.add(word)
        return found


@lru_cache(maxsize=2)
def words(folded: str) -> frozenset[str]:
    """The words of ``folded`` (a text in lower case), each once."""
    return frozenset(folded.translate(_APART).split())
