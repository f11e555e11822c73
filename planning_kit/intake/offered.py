"""What may be offered as an answer: nothing that the brief leaves out."""

from __future__ import annotations

import re
from dataclasses import replace

from .opposed import form
from .proposal_basis import OUT, Basis
from .questions_candidate import Candidate
from .wording import vocabulary

_EMPTY = vocabulary(
    "a an the no not any of in for and or native dedicated own separate full new own part out scope tender this project release version phase first is are will be "
    "other than own such as we it to also later yet"
)
_MOST_WORDS = 4
"""A longer phrase that is left out is told apart by too much to be recognised in an option."""


def allowed(basis: Basis, candidate: Candidate) -> Candidate | None:
    """``candidate`` without the options that offer what is out of scope; nothing when fewer than two are left."""
    if candidate.subject.startswith(("contradiction", "open")):
        return candidate
    barred = _barred(basis)
    kept = [n for n, option in enumerate(candidate.options) if not any(phrase <= _words(option) for phrase in barred)]
    if len(kept) == len(candidate.options):
        return candidate
    if len(kept) < 2:
        return None
    best = kept.index(candidate.recommended) if candidate.recommended in kept else 0
    because = candidate.because if candidate.recommended in kept else "what was more obvious is out of scope"
    return replace(candidate, options=tuple(candidate.options[n] for n in kept), recommended=best, because=because)


def _barred(basis: Basis) -> list[frozenset[str]]:
    """The things the brief leaves out, each as its telling words."""
    found = []
    for passage in basis.brief.passages:
        if basis.classes.get(passage.id) != OUT:
            continue
        text = re.sub(r"^[^:]{3,60}:", "", passage.plain)
        for phrase in re.split(r"[,.;:|]| and | or ", text):
            telling = _words(phrase)
            if 0 < len(telling) <= _MOST_WORDS:
                found.append(telling)
    return found


def _words(text: str) -> frozenset[str]:
    return frozenset(form(word) for word in re.findall(r"[A-Za-z][\w'-]*", text) if word.lower() not in _EMPTY)
