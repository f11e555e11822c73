"""What a proposal is made from: the brief, its reading, what each passage is, and the codebase."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..brief import Brief, Passage
from ..codebase import Codebase
from ..facts import REQUIREMENTS
from ..offline.facts import Entity, Operation, Quantity, Reading, Ruling
from ..offline.reading import read, words
from .proposal_people import people

OUT = "out of scope"
_TELLING = (*REQUIREMENTS, "data", "integration", "actor")
_WORDLESS = ("heading", "metadata", "rule", "html")
SIGNS_IN = (
    r"(?<!without )\blog(?:s|ged|ging)?[- ]?in\b(?! (?:their|its|the|an?)\b)|(?<!without )\bsign(?:s|ed|ing)?[- ]?in\b|\bpasswords?\b|\bJWT\b|\bbearer\b|"
    r"\baccess tokens?\b|\bauthenticat(?:e|es|ed|ion)\b|\bmTLS\b|\bAPI keys?\b|\bsingle sign-on\b|\bSSO\b|\bOAuth\b|\bSAML\b|\bOpenID\b"
)
"""What a brief says about who a caller proves to be."""
PAYS = (
    r"\b(?:pays?|paid) (?:for|by|with|online|an?|the|via|through)\b|\bpaying\b|\brefund(?:s|ed)?\b(?! (?:team|department|policy))|\b(?:card|online|take|taking|accept\w*) payments?\b|"
    r"\bpayments? (?:are|is|go|goes|through|via|by)\b|\bcheckout page\b|\bdeposit of\b|\b(?:debit|credit) \{|\bdebits? per\b"
)
"""What a brief says when money changes hands."""
_TINY_WORDS = 45
_SMALL_WORDS = 110
_SMALL_PASSAGES = 7


@dataclass(frozen=True)
class Basis:
    """A brief as a proposal sees it: the ``reading`` follows the passage ``classes``."""

    brief: Brief
    classes: Mapping[str, str]
    codebase: Codebase | None
    reading: Reading

    @classmethod
    def of(cls, brief: Brief, classes: Mapping[str, str], codebase: Codebase | None) -> Basis:
        """The basis of a proposal for ``brief``; its name takes no part, so a reading is shared with the offline author."""
        ruling = Ruling(tuple(sorted((each, name) for each, name in classes.items())))
        return cls(brief, classes, codebase, read(Brief(brief.text), (), ruling))

    @cached_property
    def told(self) -> tuple[Passage, ...]:
        """The passages with words that are not out of scope."""
        return tuple(
            p for p in self.brief.passages
            if p.kind not in _WORDLESS and self.classes.get(p.id) != OUT and p.id not in self._excluded
        )  # fmt: skip

    @cached_property
    def asking(self) -> tuple[Passage, ...]:
        """The passages that ask for something, tell what is kept, by whom it is used and what it is connected to, or that an operation is read from."""
        done = {source for operation in self.reading.operations for source in operation.sources}
        done |= {source for job in self.reading.jobs for source in job.sources}
        return tuple(p for p in self.told if self.classes.get(p.id) in _TELLING or p.id in done)

    @cached_property
    def _excluded(self) -> frozenset[str]:
        return frozenset(s.source for s in self.reading.statements if s.area == "exclusion")

    @cached_property
    def text(self) -> str:
        """The words of what is told, a passage a line."""
        return "\n".join(passage.plain for passage in self.told)

    def says(self, pattern: str) -> bool:
        """Whether anything told matches ``pattern`` (case does not count)."""
        return bool(re.search(pattern, self.text, re.IGNORECASE))

    def where(self, pattern: str, most: int = 4) -> tuple[str, ...]:
        """The passages told that match ``pattern``, at most ``most``, in order."""
        found = re.compile(pattern, re.IGNORECASE)
        return tuple(passage.id for passage in self.told if found.search(passage.plain))[:most]

    @cached_property
    def small(self) -> bool:
        """Whether it is a line or a small service with one purpose."""
        length = len(re.findall(r"\w+", self.text))
        kept = [entity for entity in self.reading.entities if entity.fields or self.operations(entity)]
        if length < _SMALL_WORDS:
            return len(kept) < 3
        few = len(self.asking) <= _SMALL_PASSAGES
        return len(kept) <= 2 and len(self.reading.operations) <= 4 and (few or not (kept or self.served))

    @property
    def tiny(self) -> bool:
        """Whether it is a sentence or two."""
        return len(re.findall(r"\w+", self.text)) < _TINY_WORDS

    @property
    def served(self) -> bool:
        """Whether it is used over a network, as far as the brief says."""
        return self.reading.interface not in ("command line", "library")

    def operations(self, entity: Entity) -> tuple[Operation, ...]:
        """What is done to ``entity``."""
        return tuple(operation for operation in self.reading.operations if operation.entity == entity.name)

    def mentions(self, entity: Entity) -> tuple[str, ...]:
        """The asking passages that name ``entity``."""
        found = named(entity.name)
        return tuple(passage.id for passage in self.asking if found.search(passage.plain))

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Who uses it, singular, most often named first, see :func:`proposal_people.people`."""
        return people(self.reading, self.told, self.text)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers told."""
        inside = {passage.id for passage in self.told}
        return tuple(quantity for quantity in self.reading.quantities if quantity.source in inside)

    def used(self, topic: str) -> str:
        """What the codebase uses for ``topic``, without evidence; empty when nothing is known."""
        packages = self.codebase.packages if self.codebase else ()
        return next((value for package in packages for value in package.values(topic)), "")


def spoken(name: str) -> str:
    """``AlertSchedule`` as ``alert schedule``."""
    return " ".join(words.parts(name))


def several(name: str) -> str:
    """``AlertSchedule`` or ``alert schedule`` as ``alert schedules``."""
    return " ".join(words.many(words.one(name)))


@lru_cache(maxsize=1024)
def named(name: str) -> re.Pattern[str]:
    """A pattern for ``name`` in a text, one or several of it."""
    one, many = re.escape(spoken(name)), re.escape(several(name))
    gap = r"[\s_-]"
    pattern = f"{one}|{many}".replace(r"\ ", gap)
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)


def listed(names: list[str] | tuple[str, ...], word: str = "and") -> str:
    """``a, b and c``."""
    return f" {word} ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def article(name: str) -> str:
    """``an appointment``, ``a user``."""
    vowel = re.match(r"(?i)[aeio]|u(?!ni|se|ti)|hour|honest", name) is not None
    return f"{'an' if vowel else 'a'} {name}"


def clipped(text: str, most: int = 160) -> str:
    """``text`` on one line, cut at a word to at most ``most`` characters."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= most else line[:most].rsplit(" ", 1)[0].rstrip(".,;:") + " …"
