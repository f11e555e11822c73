"""What a filter needs to be kept: 'search for slots by doctor and date range' gives a slot a doctor and a start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..facts import Entity, Field, Operation, Relationship
from . import words
from .gazetteer import PEOPLE

_OF_PEOPLE = frozenset(["specialty", "speciality", "specialisation", "specialization", "qualification", "skill"])
_PAGING = frozenset(
    [
        "limit",
        "offset",
        "page",
        "cursor",
        "sort",
        "order",
        "sort_by",
        "open",
        "q",
        "query",
        "search",
        "keyword",
        "keywords",
        "size",
        "per_page",
        "granularity",
    ]
)


def completed(entities: Sequence[Entity], operations: Sequence[Operation]) -> tuple[Entity, ...]:
    """``entities`` with a field for every filter of a derived list that has none, from the passage that asks for the filter."""
    known = {entity.name: entity for entity in entities}
    keys = {f"{words.snake(words.parts(entity.name))}_id": entity.name for entity in entities}
    for operation in operations:
        held = known.get(operation.entity)
        if held is None or _known(held) > 2 or operation.stated or operation.method != "GET" or "{" in operation.path:
            continue
        asked = [p for p in operation.parameters if p.place == "query" and p.name not in _PAGING]
        people = [keys[p.name] for p in asked if p.name in keys and words.parts(keys[p.name])[-1] in PEOPLE]
        for parameter in asked:
            owner = people[0] if people and parameter.name in _OF_PEOPLE else held.name
            made = _field(parameter.name, parameter.type, parameter.sources, keys, known[owner])
            if made:
                known[owner] = replace(known[owner], fields=(*known[owner].fields, made))
    return tuple(known[entity.name] for entity in entities)


def _known(entity: Entity) -> int:
    """How many properties of its own the brief gives ``entity``."""
    return sum(1 for field in entity.fields if not field.references)


def added(before: Sequence[Entity], after: Sequence[Entity]) -> tuple[Relationship, ...]:
    """The relationships that the fields of ``after`` that ``before`` has not stand for."""
    old = {(entity.name, field.name) for entity in before for field in entity.fields}
    return tuple(
        Relationship(field.references, entity.name, "one-to-many", "has", field.sources)
        for entity in after
        for field in entity.fields
        if field.references and (entity.name, field.name) not in old
    )


def _field(name: str, kind: str, sources: tuple[str, ...], keys: dict[str, str], owner: Entity) -> Field | None:
    """The field that the filter called ``name`` looks at, or None when ``owner`` has it."""
    if name in ("from", "to"):
        timed = any(field.type in ("date", "date-time") for field in owner.fields)
        return (
            None
            if timed or name == "to"
            else Field("starts_at", "date-time", True, "When it begins; the date range is looked up by it", sources)
        )
    if name in ("date", "time", "created"):
        return None
    target = keys.get(name, "")
    if any(field.name in (name, f"{name}_id") or (target and field.references == target) for field in owner.fields):
        return None
    if target == owner.name:
        return None
    meaning = f"The {name.removesuffix('_id').replace('_', ' ')} it is found by"
    return Field(name, kind, True, meaning, sources, references=target)
