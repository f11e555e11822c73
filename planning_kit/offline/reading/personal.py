"""Personal data: which elements the brief has, how sensitive they are, and where they are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..facts import Entity, Field, Operation, Personal
from . import words
from .gazetteer import FIELD_PERSONAL, PEOPLE, PERSONAL, THINGS
from .lexicon import ROLES
from .people import agent
from .sentences import Sentence

_ELEMENTS = tuple(
    (element, category, sensitivity, re.compile(rf"(?i)(?<![\w-])(?:{pattern})(?!\w)"))
    for element, category, sensitivity, pattern in PERSONAL
)
_SENSITIVITY = {
    "credential": "confidential",
    "government id": "confidential",
    "payment": "confidential",
    "financial": "confidential",
    "location": "confidential",
    "health": "special",
    "special": "special",
}


_KIND = {noun: kind for kind, nouns in THINGS.items() for noun in nouns.split()}
_OF_PERSONS = {
    "animal": frozenset(
        {"identity", "health", "special", "behaviour", "biometric", "genetic", "government id", "location"}
    ),
    "vehicle": frozenset({"identity", "health", "special", "behaviour", "biometric", "genetic"}),
    "device": frozenset({"identity", "health", "special", "behaviour", "biometric", "genetic"}),
    "building": frozenset(
        {"identity", "health", "special", "behaviour", "biometric", "genetic", "location", "contact"}
    ),
}
"""By kind of thing the categories that are personal data only where a person is the owner."""
_TREATED = re.compile(
    r"(?i)\bveterinar|\bvets?\b|\banimal|\bpets?\b|\blivestock\b|\bcattle\b|\bhorses?\b|\bzoo\b|\b(?:dogs?|cats?)\b"
)
_SUBJECT = re.compile(
    r"(?i)^(?:for )?(?:an?|the|each|every|any|all)?\s*((?:[\w-]+ ){0,2}?[\w-]+)(?:\s+(?:has|have|is|are|carr(?:y|ies)|stores?|keeps?|holds?|contains?|consists? of)\b|\s*[:(])"
)
_NEGATED = re.compile(r"(?i)\b(?:no|never|not|without|neither|nor)\b(?: (?!but\b)[\w-]+){0,4}\W*$")


def kind(noun: str) -> str:
    """Of which kind of thing ``noun`` is: animal, vehicle, device or building; empty for persons and everything else."""
    split = words.parts(noun)
    return _KIND.get(words.singular(split[-1]), "") if split else ""


def _person(noun: str) -> bool:
    split = words.parts(noun)
    head = words.singular(split[-1]) if split else ""
    return head in PEOPLE | ROLES or agent(head)


def _personal(sentence: Sentence, hit: re.Match[str], category: str, treating: bool) -> bool:
    """Whether what ``hit`` names is said of a person and not denied."""
    text = sentence.text
    before, after = text[max(0, hit.start() - 60) : hit.start()], text[hit.end() : hit.end() + 40]
    if _NEGATED.search(before):
        return False
    whose = re.search(r"([\w-]+?)(?:['’]s|s['’])\s+(?:[\w-]+ ){0,2}$", before)
    of = re.match(r" of (?:an?|the|each|every|all|any)?\s*((?:[\w-]+ )?[\w-]+)", after)
    subject = _SUBJECT.match(text)
    patients = re.match(r"(?i)patients?", hit.group()) and treating
    for owner in [found.group(1) for found in (whose, of, subject) if found]:
        if thing := kind(owner):
            return category not in _OF_PERSONS[thing]
        if _person(owner) and not patients and (category != "health" or _has(owner, subject, whose, of)):
            return True
    return not (treating and category in ("health", "genetic"))


def _has(owner: str, subject: re.Match[str] | None, whose: re.Match[str] | None, of: re.Match[str] | None) -> bool:
    """Whether ``owner`` is said to have something: 'the employee's diagnosis', not 'a veterinarian records a diagnosis'."""
    return bool(
        (whose and whose.group(1) == owner) or (of and of.group(1) == owner) or (subject and subject.group(1) == owner)
    )


def category(field: str, owner: str = "") -> str:
    """The category of personal data a field called ``field`` of the entity ``owner`` is, or empty."""
    name = words.snake(words.parts(field))
    without = _OF_PERSONS.get(kind(owner), frozenset())
    for pattern, found in FIELD_PERSONAL:
        if re.search(pattern, name) and name != "message_token":
            said = any(_person(part) for part in words.parts(field)[:-1])
            return found if said or found not in without else ""
    if (
        name in ("content", "text", "body", "message", "comment")
        and words.parts(owner)[-1:]
        and words.parts(owner)[-1] in ("message", "comment", "post", "review", "chat", "reply")
    ):
        return "communication"
    return "identity" if name == "name" and words.parts(owner)[-1:] and words.parts(owner)[-1] in PEOPLE else ""


def marked(fields: Sequence[Field], owner: str = "") -> tuple[Field, ...]:
    """``fields`` with the category of personal data each is."""
    return tuple(replace(field, personal=field.personal or category(field.name, owner)) for field in fields)


def personal(
    sentences: Sequence[Sentence], entities: Sequence[Entity], operations: Sequence[Operation]
) -> tuple[Personal, ...]:
    """Every element once: those kept in fields with their place, then those only spoken of."""
    found: dict[str, Personal] = {}
    for owner, fields in [(entity.table, entity.fields) for entity in entities] + [
        (f"{operation.method} {operation.path}", operation.body) for operation in operations
    ]:
        for field in fields:
            if field.personal and not field.references:
                element = _element(field)
                old = found.get(element)
                place = f"{owner}.{field.name}" if "/" not in owner else f"{owner} ({field.name})"
                if old is None:
                    found[element] = Personal(element, field.personal, _sensitivity(field), place, field.sources)
                elif "/" not in owner and place not in old.where.split(", "):
                    found[element] = replace(
                        old, where=f"{old.where}, {place}", sources=tuple(dict.fromkeys(old.sources + field.sources))
                    )
    treating = sum(bool(_TREATED.search(sentence.text)) for sentence in sentences if not sentence.excluded) > 1
    for element, sort, sensitivity, pattern in _ELEMENTS:
        where = tuple(
            dict.fromkeys(
                sentence.source
                for sentence in sentences
                if not sentence.excluded
                and any(_personal(sentence, hit, sort, treating) for hit in pattern.finditer(sentence.text[:4000]))
            )
        )
        if where and element in found:
            found[element] = replace(found[element], sources=tuple(dict.fromkeys(found[element].sources + where)))
        elif where:
            found[element] = Personal(element, sort, sensitivity, "not said", where)
    return tuple(found.values())


def _sensitivity(field: Field) -> str:
    return _SENSITIVITY.get(field.personal, "ordinary")


def _element(field: Field) -> str:
    spelt = re.sub(r"^e mail\b", "email", " ".join(words.parts(field.name)))
    if field.personal == "communication":
        return "messages written"
    for element, _, _, pattern in _ELEMENTS:
        if pattern.fullmatch(spelt):
            return element
    return spelt
