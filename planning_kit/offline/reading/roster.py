"""The things found so far, each with what speaks for it; knows which one a phrase means and where a text names one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..facts import Field
from . import phrases, words
from .lexicon import NOISE
from .phrases import Noun
from .sentences import Sentence

MANAGED = re.compile(
    r"^(?:the |an? )?((?:[A-Za-z][\w-]*\s+){1,3})(?:management|administration|registry|catalog(?:ue)?|directory|crud)\b",
    re.IGNORECASE,
)
Mention = tuple[int, int, Noun, bool]
"""Where a text names an entity: start, end, which, and whether in the plural."""
CANDIDATES = 400
"""Most names that are considered."""
SOURCES = 200
"""Most passages one fact names."""


@dataclass
class Found:
    """An entity on the way: its words, how much speaks for it, what it was found in and its fields."""

    words: Noun
    weight: int = 0
    stated: bool = False
    meaning: str = ""
    sources: list[str] = field(default_factory=list)
    fields: tuple[Field, ...] = ()
    table: str = ""

    def seen(self, source: str, weight: int, stated: bool = False, meaning: str = "") -> None:
        """Count one more sign of it."""
        self.weight += weight
        self.stated = self.stated or stated
        self.meaning = self.meaning or meaning
        if len(self.sources) < SOURCES and source not in self.sources:
            self.sources.append(source)


class Roster(dict[Noun, Found]):
    """The entities found so far, by their words; knows which one a phrase means."""

    aliases: dict[Noun, Noun]

    def __init__(self) -> None:
        super().__init__()
        self.aliases = {}
        self._ending: dict[str, list[Noun]] = {}
        self._spelt: tuple[int, re.Pattern[str]] = (-1, re.compile(r"(?!)"))

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds any of the names in a text, singular or plural, longest first (of the first 300 names)."""
        if self._spelt[0] != len(self) + len(self.aliases):
            names = sorted([*self, *self.aliases][:300], key=lambda name: -len(" ".join(name)))
            spelt = [
                "[ _-]".join([*map(re.escape, name[:-1]), f"(?:{words.plural(name[-1])}|{name[-1]})"]) for name in names
            ]
            self._spelt = (
                len(self) + len(self.aliases),
                re.compile(rf"(?i)(?<![A-Za-z0-9])(?:{'|'.join(spelt)})(?![A-Za-z0-9]|[_ ]id\b)")
                if spelt
                else re.compile(r"(?!)"),
            )
        return self._spelt[1]

    def note(self, phrase: Noun, source: str, weight: int, stated: bool = False, meaning: str = "") -> Found | None:
        """Count a sign of the entity ``phrase`` names; None when it can be no entity."""
        if not phrase or len(phrase) > 3 or not all(re.fullmatch(r"[a-z][a-z0-9]*", word) for word in phrase):
            return None
        if phrase not in self and (len(self) >= CANDIDATES or not (stated or phrases.thinglike(phrase[-1]))):
            return None
        if phrase not in self:
            self[phrase] = Found(phrase)
            self._ending.setdefault(phrase[-1], []).append(phrase)
        found = self[phrase]
        found.seen(source, weight, stated, meaning)
        return found

    def means(self, phrase: Noun, strict: bool = False) -> Noun | None:
        """The entity ``phrase`` (singular) names: itself, without light words, by its head, or as the only one that ends with it."""
        for form in (
            phrase,
            phrases.light(phrase),
            phrase[:-1] if len(phrase) > 1 and phrase[-1] in ("template", "report", "account", "profile") else phrase,
        ):
            if form in self.aliases:
                return self.aliases[form]
            if form in self:
                return form
            for start in range(1, len(form)):
                if (tail := form[start:]) in self or tail in self.aliases:
                    return self.aliases.get(tail, tail)
        if strict or not phrase or phrase[-1] in NOISE - {"message", "record", "entry", "log"}:
            return None
        ending = [name for name in self._ending.get(phrase[-1], ()) if name[-len(phrase) :] == phrase]
        return ending[0] if len(ending) == 1 else None


def mentions(text: str, roster: Roster) -> list[Mention]:
    """Where ``text`` names entities: start, end, which, and whether in the plural; the longest name wins."""
    found = []
    for hit in roster.pattern.finditer(text):
        phrase = tuple(re.split(r"[ _-]+", hit.group().lower()))
        single = (*phrase[:-1], words.singular(phrase[-1]))
        name = roster.aliases.get(single, single if single in roster else None)
        verbal = phrase == ("log",) and not re.search(
            r"(?i)\b(?:an?|the|each|every)\s+$", text[max(0, hit.start() - 8) : hit.start()]
        )
        if name and not verbal:
            found.append((hit.start(), hit.end(), name, single != phrase))
    return found


def managed(sentence: Sentence, roster: Roster) -> Noun | None:
    """The entity whose management the sentence stands under: under '6.8 Appointment Management', the appointment."""
    hit = MANAGED.match(sentence.heading)
    name = words.one(hit.group(1)) if hit else ()
    return name if name in roster else None
