"""Verbs that stand for a thing: to affiliate is to make an Affiliation, to enrol, where the brief says so, an Appointment."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from . import words
from .phrases import Noun
from .roster import Roster
from .sentences import Sentence

_LINKING = re.compile(r"\b(?:enrol|subscri|assign|affiliat)\w*")


def nominal(sentences: Iterable[Sentence], roster: Roster) -> dict[str, Noun]:
    """By the stem of a verb the entity it stands for: the one that is its noun, or the managed thing whose section speaks of it most."""
    found: dict[str, Noun] = {words.stem(name[-1]): name for name in roster if len(name) == 1}
    counts: Counter[tuple[str, Noun]] = Counter()
    for sentence in sentences:
        linking = set(_LINKING.findall(sentence.text.lower())) if not sentence.excluded else set()
        name = (_headed(sentence, roster) or _numbered(sentence, roster)) if linking else None
        if name:
            counts.update((words.stem(word), name) for word in sorted(linking))
    for (stem, name), _ in sorted(counts.items(), key=lambda item: -item[1]):
        found.setdefault(stem, name)
    return found


def _headed(sentence: Sentence, roster: Roster) -> Noun | None:
    """The entity the sentence's heading begins with."""
    heading = words.parts(sentence.heading)
    for length in range(min(3, len(heading)), 0, -1):
        name = (*heading[: length - 1], words.singular(heading[length - 1]))
        if name in roster:
            return name
    return None


def _numbered(sentence: Sentence, roster: Roster) -> Noun | None:
    """The entity of 'each enrolment generates a unique appointment id'."""
    unique = {word.lower() for word in re.findall(r"(?i)\bunique ([a-z]+)\b", sentence.text)}
    return next((name for name in roster if len(name) == 1 and name[0] in unique), None)
