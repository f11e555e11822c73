"""Query parameters a sentence asks for: by category, in a date range, of one resource."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..facts import Entity, Field, Parameter
from . import fields, words
from .clauses import Clause
from .lexicon import CREATE
from .roster import Roster

_RANGE = re.compile(r"(?i)\bdate(?:[- ]time)?s?[- ]range|\bbetween (?:two )?dates|\btime[- ]range|\bperiod\b")
_NARROWED = re.compile(
    r"(?i)\b(?P<how>by|filter(?:ed|s|ing)? (?:by|on)|with|of|having|in) (?:a |an |the |their |specific |given |chosen )*"
    r"(?P<list>[a-z]+(?:,? (?:and |or )?(?!from\b|which\b|who\b|that\b|in\b|is\b|are\b)[a-z]+){0,7})"
)
_CHOSEN = re.compile(
    r"(?i)\b(search|filter|find|sort|order|browse|list)\w*\b[^.;]{0,60}?\bby\s+([^.;()]{3,120}?)(?=,? so that\b|[.;(]|$)"
)
_USUAL = frozenset(
    [
        "category",
        "status",
        "type",
        "name",
        "price",
        "date",
        "location",
        "keyword",
        "tag",
        "author",
        "city",
        "genre",
        "title",
        "priority",
    ]
)


def filters(
    target: Entity, clause: Clause, roster: Roster, entities: dict[str, Entity], types: dict[str, str]
) -> tuple[Parameter, ...]:
    """The query parameters of a list of ``target``, from the clause's own sentence."""
    text, source = clause.sentence.text[:1500], (clause.sentence.source,)
    found: list[Parameter] = []
    if _RANGE.search(text):
        found += [
            Parameter("from", "query", "date-time", False, "Start of the range", source),
            Parameter("to", "query", "date-time", False, "End of the range", source),
        ]
    for field in _named(target, clause, text, roster, entities, ranged=bool(found)):
        found.append(_parameter(field, target, source, types))
    if re.search(r"(?i)\b(?:still )?open for (?:a )?subscription", text):
        found.append(Parameter("open", "query", "boolean", False, "Only those open for subscription", source))
    for hit in _CHOSEN.finditer(text):
        listed = [
            field
            for field in fields.listed(hit.group(2), source[0], sure=True)
            if not re.search(r"_range$|^(?:having|still|being|specific)_", field.name)
        ]
        if hit.group(1).lower() in ("sort", "order") and listed:
            found.append(
                Parameter(
                    "sort", "query", "string", False, "What to sort by", source, tuple(field.name for field in listed)
                )
            )
            continue
        for field in listed:
            other = entities.get(words.pascal(roster.means(tuple(words.parts(field.name)), strict=True) or ()))
            found.append(_parameter(_pointer(other) if other and other != target else field, target, source, types))
    return tuple({parameter.name: parameter for parameter in found}.values())


def _named(
    target: Entity, clause: Clause, text: str, roster: Roster, entities: dict[str, Entity], ranged: bool
) -> Iterator[Field]:
    """What a list is narrowed by: the target's own fields, usual ones, other entities."""
    creating = bool(set(clause.verbs) & CREATE)
    for hit in _NARROWED.finditer(text):
        how = hit.group("how").lower().split()[0]
        listed = how.startswith(("by", "filter")) and _CHOSEN.search(text)
        if (listed and how == "by") or (creating and not how.startswith(("by", "filter"))):
            continue
        for word in re.findall(r"[a-z]+", hit.group("list").lower()):
            own = next((field for field in target.fields if field.name == word), None)
            other = (
                entities.get(words.pascal(roster.means((words.singular(word),), strict=True) or ()))
                if how not in ("of", "in")
                else None
            )
            if ranged and word in ("date", "time"):
                continue
            if listed and (own or word in _USUAL):
                continue
            if own or word in _USUAL:
                yield own or Field(word, fields.typed(word))
            elif other and other != target:
                yield _pointer(other)


def _pointer(other: Entity) -> Field:
    return Field(f"{words.snake(words.parts(other.name))}_id", "uuid", references=other.name)


def _parameter(field: Field, target: Entity, source: tuple[str, ...], types: dict[str, str]) -> Parameter:
    own = next((known for known in target.fields if known.name == field.name), field)
    kind = types.get(field.name, "uuid") if field.references else own.type
    return Parameter(
        field.name,
        "query",
        kind,
        False,
        f"Only those of this {field.name.removesuffix('_id').replace('_', ' ')}",
        source,
        own.values,
    )
