"""The limits the brief sets to a property: how long, between which values, only once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..facts import Entity, Field
from . import words
from .sentences import Sentence

_LONGEST = r"[^.;,]{0,25}?\(?[^.;)]{0,20}?\b(?:up to|at most|max(?:imum|\.)?(?: of)?|no (?:more|longer) than|limited to)\s+(?P<most>\d[\d,]*)[- ](?:characters?|chars?|letters?)\b"
_BETWEEN = r"\s+(?:must be |is |has to be |should be |of )?(?:\(?)between\s+(?P<least>\d+(?:\.\d+)?)\s+and\s+(?P<most>\d+(?:\.\d+)?)"
_UNIQUE = r"\s*\((?:[^)]*\b)?unique\b"


def bounded(entities: Sequence[Entity], sentences: Sequence[Sentence]) -> tuple[Entity, ...]:
    """``entities`` with the limits stated in sentences their fields come from, or that name the entity or stand under the same heading."""
    return tuple(
        replace(entity, fields=tuple(_bounded(field, entity, sentences) for field in entity.fields))
        for entity in entities
    )


def _bounded(field: Field, entity: Entity, sentences: Sequence[Sentence]) -> Field:
    if field.references:
        return field
    name = (
        rf"(?i)\b{'[ _]'.join(re.escape(part) for part in words.parts(field.name))}\b"
        if words.parts(field.name)
        else r"(?!)"
    )
    called = re.compile(rf"(?i)\b{'[ _]'.join(map(re.escape, words.parts(entity.name)))}")
    places = {
        sentence.section for sentence in sentences if sentence.source in field.sources and len(sentence.section) > 1
    }
    for sentence in sentences:
        own = sentence.source in field.sources or called.search(sentence.text) or sentence.section in places
        if sentence.excluded or not own or not re.search(name, sentence.text):
            continue
        text, cited = sentence.text[:2000], tuple(dict.fromkeys((*field.sources, sentence.source)))
        if field.type in ("string", "text") and not field.values and (hit := re.search(name + _LONGEST, text)):
            field = replace(field, longest=int(hit.group("most").replace(",", "")), sources=cited)
        if field.type in ("number", "integer", "string") and (hit := re.search(name + _BETWEEN, text)):
            kind = "number" if field.type == "string" or "." in hit.group() else field.type
            field = replace(field, type=kind, least=hit.group("least"), most=hit.group("most"), sources=cited)
        if re.search(name + _UNIQUE, text):
            field = replace(field, unique=True, sources=cited)
    return field
