"""Personal data: which elements the brief has, how sensitive they are, and where they are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..facts import Entity, Field, Operation, Personal
from . import words
from .gazetteer import FIELD_PERSONAL, PEOPLE, PERSONAL
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


def category(field: str, owner: str = "") -> str:
    """The category of personal data a field called ``field`` of the entity ``owner`` is, or empty."""
    name = words.snake(words.parts(field))
    for pattern, found in FIELD_PERSONAL:
        if re.search(pattern, name) and name != "message_token":
            return found
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
    for element, kind, sensitivity, pattern in _ELEMENTS:
        where = tuple(
            dict.fromkeys(
                sentence.source for sentence in sentences if not sentence.excluded and pattern.search(sentence.text)
            )
        )
        if where and element in found:
            found[element] = replace(found[element], sources=tuple(dict.fromkeys(found[element].sources + where)))
        elif where:
            found[element] = Personal(element, kind, sensitivity, "not said", where)
    return tuple(found.values())


def _sensitivity(field: Field) -> str:
    return _SENSITIVITY.get(field.personal, "ordinary")


def _element(field: Field) -> str:
    spelt = " ".join(words.parts(field.name))
    if field.personal == "communication":
        return "messages written"
    for element, _, _, pattern in _ELEMENTS:
        if pattern.fullmatch(spelt):
            return element
    return spelt
