"""What a brief is about, as words: what matters for it in a codebase comes first."""

from __future__ import annotations

import re
from collections import Counter

from ..brief import Brief
from ..offline.reading import lexicon

MOST = 200
"""Most words that are given."""

_EMPTY = lexicon.DETERMINERS | lexicon.BOUNDARY | lexicon.LIGHT | lexicon.NOISE


def topical(brief: Brief) -> tuple[str, ...]:
    """The telling words of ``brief`` in lower case, the most frequent first, at most :data:`MOST`."""
    counted = Counter(word for word in re.findall(r"[a-z][a-z0-9]{2,30}", brief.text.lower()) if word not in _EMPTY)
    return tuple(word for word, _ in sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:MOST])
