"""Facts: what every later phase takes as given, in one file a person can edit: stack, passage classes, domains, topics, questions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Self

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, field_validator, model_validator

from . import digest, frontmatter
from .errors import CatalogRefused, FactsRefused, nearest

CLASSES = ("functional", "quality", "constraint", "actor", "data", "integration", "context", "out of scope", "other")
"""What a passage of the brief can be."""
REQUIREMENTS = ("functional", "quality", "constraint")
"""The classes whose passages ask for something."""
SECTIONS = ("stack", "passages", "domains", "topics", "questions")
"""The parts of the facts, each with a digest of its own."""
MOST_QUESTIONS = 5
"""Most questions that are put."""
LARGEST = 1_000_000
"""The longest facts file that is read, in bytes."""
LONGEST = 2_000
"""The longest sentence in the facts, in characters."""
LETTERS = ("a", "b", "c", "d")
"""What the options of a question are called."""

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]


def _shaped(pattern: str, what: str) -> AfterValidator:
    """Refuses text that is not shaped like ``pattern``, and says what it has to be."""

    def checked(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(f"{text[:60]!r} is not {what}")
        return text

    return AfterValidator(checked)


Name = Annotated[
    str, _shaped(r"[a-z0-9][a-z0-9-]{0,47}", "a name: lower-case letters, digits and '-', at most 48, like 'sign-in'")
]
PassageId = Annotated[str, _shaped(r"P[1-9][0-9]{0,5}", "a passage's number, like 'P17'")]

_HEAD = """\
# What every later phase takes as given. Edit it and save: the gates that rest on what you changed close by themselves.
# stack: what the codebase uses, with its evidence; empty without a codebase.
# passages: what each passage of the brief is; move an id to another line to correct it.
# domains, topics: the parts of the plan, and the technology worth research; names are lower-case words joined by '-'.
# questions: answer with an option's letter or in your own words; what stays unanswered is assumed as recommended.
"""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Domain(_Data):
    """A part of the system that is planned as one: its folder's ``name``, what it is ``about``, the passages that ask for it."""

    name: Name
    about: Said
    passages: tuple[PassageId, ...] = ()


class Topic(_Data):
    """A technology question worth research: a short ``name``, ``why``, and the passages it comes from."""

    name: Name
    why: Said
    passages: tuple[PassageId, ...] = ()


class Question(_Data):
    """A question whose answer changes the plan.

    ``options`` are two to four concrete answers by letter; ``recommended`` is one of the letters, ``because`` says why;
    ``changes`` is what in the plan hangs on it; ``answer`` is a letter, own words, or empty.
    """

    id: Annotated[str, _shaped(r"Q[1-9]", "a question's name, Q1 to Q5")]
    asks: Said
    passages: tuple[PassageId, ...] = ()
    options: Mapping[str, Said]
    recommended: str
    because: Said
    changes: Said
    answer: Annotated[str, StringConstraints(max_length=LONGEST)] = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if tuple(self.options) not in (LETTERS[:2], LETTERS[:3], LETTERS[:4]):
            raise ValueError("options are two to four, called a, b, c, d in this order")
        if self.recommended not in self.options:
            raise ValueError(f"recommended: {self.recommended!r} is none of the options {', '.join(self.options)}")
        if len(self.answer.strip()) == 1 and self.answer.strip().lower() not in self.options:
            raise ValueError(f"answer: {self.answer!r} is none of the options {', '.join(self.options)}")
        return self

    @property
    def answered(self) -> bool:
        """Whether somebody answered it."""
        return bool(self.answer.strip())

    @property
    def settled(self) -> str:
        """What holds: the chosen option's text, own words, or the recommended option while nobody answered."""
        said = self.answer.strip()
        return self.options.get(said.lower() if said else self.recommended, said)

    @property
    def name(self) -> str:
        """How what holds is cited: ``Q2`` once answered, ``A2`` while it is assumed."""
        return self.id if self.answered else f"A{self.id[1:]}"


@dataclass(frozen=True)
class Assumption:
    """An unanswered question's recommended option: its ``name`` (``A2``), what is assumed, what was asked."""

    name: str
    text: str
    asks: str
    passages: tuple[str, ...]


class Facts(_Data):
    """Everything later phases take as given.

    ``stack`` is package path → (``Language``, ``Framework`` … → text with evidence), ``passages`` class → ids.
    """

    stack: Mapping[str, Mapping[str, Said]] = {}
    passages: Mapping[str, tuple[PassageId, ...]] = {}
    domains: tuple[Domain, ...]
    topics: tuple[Topic, ...] = ()
    questions: tuple[Question, ...] = ()

    @field_validator("domains")
    @classmethod
    def _some(cls, domains: tuple[Domain, ...]) -> tuple[Domain, ...]:
        names = [domain.name for domain in domains]
        if not names:
            raise ValueError("there must be at least one domain")
        if twice := next((name for name in names if names.count(name) > 1), ""):
            raise ValueError(f"two domains are called {twice!r}")
        return domains

    @field_validator("passages")
    @classmethod
    def _classes(cls, passages: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
        for name in passages:
            if name not in CLASSES:
                raise ValueError(f"no such class: {name!r}; there is {', '.join(CLASSES)}")
        counted = Counter(each for listed in passages.values() for each in listed)
        if twice := next((each for each, count in counted.items() if count > 1), ""):
            raise ValueError(f"{twice} stands under two classes")
        return passages

    @field_validator("questions")
    @classmethod
    def _few(cls, questions: tuple[Question, ...]) -> tuple[Question, ...]:
        if len(questions) > MOST_QUESTIONS:
            raise ValueError(f"at most {MOST_QUESTIONS} questions are put, and these are {len(questions)}")
        if len({question.id for question in questions}) != len(questions):
            raise ValueError("two questions have the same id")
        return questions

    @cached_property
    def classes(self) -> dict[str, str]:
        """Passage id → its class."""
        return {each: name for name, ids in self.passages.items() for each in ids}

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What nobody answered, as every document must carry it."""
        return tuple(Assumption(q.name, q.settled, q.asks, q.passages) for q in self.questions if not q.answered)

    @cached_property
    def asking(self) -> dict[str, tuple[str, ...]]:
        """Domain → the passages it has to answer, in order: its own, and for the first one those that ask for something and are in none."""
        held = {each for domain in self.domains for each in domain.passages}
        free = {each for name in REQUIREMENTS for each in self.passages.get(name, ())} - held
        owed = {
            domain.name: {*domain.passages, *(free if domain is self.domains[0] else ())} for domain in self.domains
        }
        return {name: tuple(sorted(ids, key=lambda each: int(each[1:]))) for name, ids in owed.items()}

    def digest(self, section: str) -> str:
        """SHA-256 of one of :data:`SECTIONS`: the same whatever the layout of the file."""
        return digest.of_fact(self.model_dump(mode="json")[section])

    def unknown(self, passages: Collection[str]) -> tuple[str, ...]:
        """The passage ids it names that are not among ``passages``."""
        parts: tuple[Domain | Topic | Question, ...] = (*self.domains, *self.topics, *self.questions)
        named = [*self.classes, *(each for part in parts for each in part.passages)]
        return tuple(dict.fromkeys(each for each in named if each not in passages))


def parse(text: str, where: str = "facts.yaml") -> Facts:
    """The facts in ``text``.

    Args:
        text: YAML; every scalar is text, anchors, aliases and tags are refused.
        where: how messages name the file.

    Raises:
        FactsRefused: with file, line, field and the nearest right name.
    """
    try:
        page = frontmatter.data(text, where, LARGEST)
        return frontmatter.fitted(Facts, page, page.fields)
    except CatalogRefused as error:
        raise FactsRefused(str(error)) from error


def corrected(now: Facts, text: str, where: str = "facts") -> Facts:
    """``now`` with the parts that ``text`` (YAML, any of :data:`SECTIONS`) gives anew.

    Raises:
        FactsRefused: with line, field and the nearest right name.
    """
    try:
        page = frontmatter.data(text, where, LARGEST)
        return frontmatter.fitted(Facts, page, {**now.model_dump(mode="json"), **page.fields})
    except CatalogRefused as error:
        raise FactsRefused(str(error)) from error


def moved(now: Facts, said: str) -> Facts:
    """``now`` with passages put under other classes, as ``said``: ``P17 quality, P20 out of scope``.

    Raises:
        FactsRefused: a passage or a class that is not there; names the nearest.
    """
    classes = dict(now.classes)
    for each in filter(None, (part.strip() for part in re.split(r"[,;\n]", said))):
        passage, _, name = each.partition(" ")
        passage, name = passage.upper(), name.strip(" :=").lower()
        if passage not in classes:
            raise FactsRefused(f"corrections: no such passage: {passage!r}; write them like 'P17 quality, P20 data'")
        if name not in CLASSES:
            raise FactsRefused(f"corrections: no such class: {name!r}{nearest(name, CLASSES)}")
        classes[passage] = name
    ordered = sorted(classes, key=lambda each: int(each[1:]))
    listed = {name: tuple(each for each in ordered if classes[each] == name) for name in CLASSES}
    return now.model_copy(update={"passages": {name: ids for name, ids in listed.items() if ids}})


def write(facts: Facts, sections: Sequence[str] = SECTIONS) -> str:
    """``facts`` as the file a person edits, or some of its parts; the same facts always give the same text."""
    fields = facts.model_dump(mode="json")
    pieces = [
        yaml.dump({name: fields[name]}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=118)
        for name in sections
    ]
    return (_HEAD + "\n" if len(pieces) == len(SECTIONS) else "") + "\n".join(pieces)


class _Dumper(yaml.SafeDumper):
    """Ids on one line, every text so that it is read back as text, nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _listed(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    short = all(isinstance(each, str) and re.fullmatch(r"P\d+", each) for each in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=short)


_Dumper.add_representer(list, _listed)
