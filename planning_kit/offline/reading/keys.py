"""The keys by which one thing refers to another."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..facts import Entity, Field, Relationship
from . import words
from .roster import Roster, mentions
from .sentences import Sentence

_EITHER = re.compile(r"(?i)\s*(?:/|or)\s*(?:an?\s+|the\s+)?(?:single\s+)?")


def alternatives(sentences: Sequence[Sentence], roster: Roster) -> set[frozenset[str]]:
    """Pairs of things the brief names as one or the other: 'a single resource or subscriber'."""
    found = set()
    for sentence in sentences:
        named = mentions(sentence.text[:2500], roster) if not sentence.excluded else []
        for (_, stop, one, _), (start, _, two, _) in zip(named, named[1:], strict=False):
            if one != two and _EITHER.fullmatch(sentence.text[stop:start]):
                found.add(frozenset((words.pascal(one), words.pascal(two))))
    return found


def keyed(
    entities: Sequence[Entity], relations: Sequence[Relationship], types: dict[str, str], either: set[frozenset[str]]
) -> tuple[Entity, ...]:
    """``entities`` with a key to the parent for every one-to-many relationship that has none yet; of ``either`` two parents one suffices."""
    done = []
    for entity in entities:
        added = []
        above = [relation for relation in relations if relation.child == entity.name]
        parents = {relation.parent for relation in above}
        for relation in above:
            spelt = words.parts(relation.parent)
            key = f"{words.snake(spelt)}_id"
            needed = not any(relation.parent in pair and pair <= parents for pair in either)
            if not any(field.references == relation.parent or field.name == key for field in entity.fields):
                meaning = f"The {' '.join(spelt)} it belongs to"
                added.append(
                    Field(key, types.get(key, "uuid"), needed, meaning, relation.sources, references=relation.parent)
                )
        done.append(replace(entity, fields=(*entity.fields, *added)))
    return tuple(done)


def referring(entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """``entities`` whose fields called ``<entity>_id`` or like an entity point to it."""
    by_word = {words.snake(words.parts(entity.name)): entity.name for entity in entities}

    def point(field: Field, owner: str) -> Field:
        target = (
            field.references
            if field.references in by_word.values()
            else by_word.get(re.sub(r"(?:_id|Id)$", "", field.name).lower(), "")
        )
        is_key = field.name.lower().endswith("id") or field.references or field.name in by_word
        return replace(field, references=target if is_key and target != owner else "")

    return tuple(
        replace(entity, fields=tuple(point(field, entity.name) for field in entity.fields)) for entity in entities
    )
