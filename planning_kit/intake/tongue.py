"""Whether the rules can read a brief at all: they read English."""

from __future__ import annotations

import re

from ..brief import Brief

FEWEST = 12
"""Words a text needs before its language is judged."""
SHARE = 0.03
"""The share of English function words below which a text is taken for another language; running English has about 0.3, a bare list 0.05."""

_FUNCTION = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "is",
        "are",
        "be",
        "must",
        "should",
        "shall",
        "can",
        "may",
        "for",
        "with",
        "that",
        "this",
        "it",
        "by",
        "from",
        "as",
        "at",
        "each",
        "every",
        "when",
        "their",
        "has",
        "have",
        "not",
        "or",
        "if",
        "which",
        "who",
        "all",
        "they",
    ]
)


def english(brief: Brief) -> bool:
    """Whether the prose of ``brief`` is English, as far as its first 20,000 characters of it say; code is no prose."""
    prose = " ".join(passage.plain for passage in brief.passages if passage.kind not in ("code", "html", "metadata"))
    letters = re.findall(r"[^\W\d_]", prose[:20_000])
    if letters and sum(letter > "\u024f" for letter in letters) * 3 > len(letters):
        return False
    words = re.findall(r"[^\W\d_]+", prose[:20_000].lower())
    return len(words) < FEWEST or sum(word in _FUNCTION for word in words) >= SHARE * len(words)
