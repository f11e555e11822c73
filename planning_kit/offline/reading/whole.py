"""The rule-based reading of a brief: no model, nothing invented, every fact with its passages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ...brief import Brief, Passage
from ..facts import Actor, Entity, Operation, Reading, Relationship, Ruling
from . import (
    actors,
    commanded,
    commands,
    contracts,
    derived,
    endpoints,
    entities,
    functions,
    grids,
    inferred,
    interface,
    keys,
    limits,
    needed,
    people,
    personal,
    properties,
    quantities,
    questions,
    relations,
    ruled,
    sentences,
    shapes,
    signin,
    stated,
    statements,
    technologies,
    words,
)
from . import named as named_things
from .clauses import Clause
from .clauses import clauses as clauses_of
from .endpoints import Endpoint
from .lexicon import LOGIN
from .nominal import nominal as nominal_of
from .phrases import Noun
from .roster import Roster
from .sentences import Sentence


def read(brief: Brief, remarks: Sequence[str], ruling: Ruling) -> Reading:
    """Everything the rules find in ``brief``, in a reviewer's ``remarks`` (passages R1, R2 …) and in what people settled."""
    classes = dict(ruling.classes)
    whole = (
        *ruled.placed(brief.passages, classes),
        *(Passage(f"R{number}", "remark", text, 0, ()) for number, text in enumerate(remarks, start=1)),
        *ruling.answers,
    )
    text = sentences.cut(whole)
    passages = ruled.designed(whole, classes)
    found = grids.grids(passages)
    roster = entities.gather(passages, text, found)
    named = endpoints.find(passages, text, found)
    endpoints.near_code(named, passages)
    acting = people.roles(text)
    clauses = [clause for sentence in text for clause in clauses_of(sentence, acting)]
    clauses = _repeated(clauses, text)
    ways = signin.means(text)
    told = {source for way in ways for source in way.sources}
    told -= {source for way in ways if way.kind == signin.PASSWORD for source in way.sources}
    clauses = [clause for clause in clauses if not (set(clause.verbs) <= LOGIN and clause.sentence.source in told)]
    outright = _outright(named, text)
    reading = _assembled(brief, passages, text, roster, named, clauses, outright, acting)
    areas = ruled.areas(classes)
    asked = tuple(replace(asks, area=areas.get(asks.source, asks.area)) for asks in reading.statements)
    return replace(reading, passages=whole, statements=asked)


def _repeated(clauses: Sequence[Clause], text: Sequence[Sentence]) -> list[Clause]:
    """``clauses`` with those that 'Receptionists do the same for any patient' takes over from the sentence before."""
    done = list(clauses)
    for before, sentence in zip(text, text[1:], strict=False):
        same = re.match(
            r"(?:The\s+)?([A-Z]\w+(?: \w+)?)\s+(?:can |may |must be able to )?(?:do|does) the same\b", sentence.text
        )
        if same and not sentence.excluded:
            done += [
                replace(clause, actor=same.group(1), own=False, sentence=sentence)
                for clause in clauses
                if clause.sentence == before
            ]
    return done


def _outright(named: Sequence[Endpoint], text: Sequence[Sentence]) -> bool:
    """Whether the brief itself names its endpoints, so that none is derived."""
    own = [
        endpoint
        for endpoint in named
        if any(source.startswith("P") for source in endpoint.sources)
        and not re.search(r"(?i)/(?:health|webhooks?|metrics|status|ping)\b", endpoint.path)
    ]
    return len(own) >= 2 or (len(own) == 1 and len(text) < 60)


def _assembled(
    brief: Brief,
    passages: Sequence[Passage],
    text: Sequence[Sentence],
    roster: Roster,
    named: Sequence[Endpoint],
    clauses: Sequence[Clause],
    outright: bool,
    acting: frozenset[str],
) -> Reading:
    called = commands.commands(passages, roster)
    spoken, clauses = clauses, [clause for clause in clauses if not _names_endpoint(clause.sentence)]
    asked = [clause for clause in clauses if clause.sentence.kind == "remark"] if outright or called else clauses
    if named:
        stated.note(named, roster)
    if not outright and not called:
        inferred.from_definitions(text, roster)
        inferred.from_system(text, roster)
    inferred.from_clauses(asked, roster, acting, _counts(text))
    nominal = nominal_of(text, roster)
    properties.group(text, roster)
    properties.describe(text, roster, nominal)
    kept = keys.referring(entities.settle(roster))
    kept, related, operations = _worked(named, called, asked, clauses, text, roster, kept, nominal, outright)
    more = needed.completed(kept, operations) if not outright and not called else kept
    if more != kept:
        related = (*related, *needed.added(kept, more))
        kept = tuple(replace(entity, fields=personal.marked(entity.fields, entity.name)) for entity in more)
        operations = _operations(named, called, asked, clauses, text, roster, kept, _key_types(kept))
    kept = limits.bounded(kept, text)
    users = actors.joined(
        actors.actors(text, spoken, acting),
        [(role, operation.sources[:1]) for operation in operations for role in operation.roles if operation.stated],
    )
    operations = tuple(replace(operation, roles=_roles(operation, users)) for operation in operations)
    reading = Reading(
        brief.title, tuple(passages), interface.kind(text, passages, bool(named), bool(called)), users, kept, related, operations, statements.statements(text, {clause.sentence for clause in spoken}),
        quantities.quantities(text), named_things.integrations(text, brief.title), technologies.technologies(text), named_things.regulations(text),
        named_things.jobs(text), named_things.events(text, [entity.name for entity in kept]), personal.personal(text, kept, operations), (), interface.version(text, named),
    )  # fmt: skip
    reading = replace(reading, signin=signin.means(text))
    return replace(reading, questions=questions.questions(reading, text))


def _worked(
    named: Sequence[Endpoint],
    called: Sequence[commands.Command],
    asked: Sequence[Clause],
    clauses: Sequence[Clause],
    text: Sequence[Sentence],
    roster: Roster,
    kept: tuple[Entity, ...],
    nominal: dict[str, Noun],
    outright: bool,
) -> tuple[tuple[Entity, ...], tuple[Relationship, ...], tuple[Operation, ...]]:
    """The entities with their keys, how they hang together, and what is done to them."""
    types = _key_types(kept)
    related = relations.relationships(text, [] if outright else clauses, roster, kept, nominal)
    kept = tuple(
        replace(entity, fields=personal.marked(entity.fields, entity.name))
        for entity in keys.keyed(kept, related, types, keys.alternatives(text, roster))
    )
    return kept, related, _operations(named, called, asked, clauses, text, roster, kept, types)


def _names_endpoint(sentence: Sentence) -> bool:
    return bool(endpoints.METHOD.search(sentence.text) and endpoints.PATH.search(sentence.text))


def _operations(
    named: Sequence[Endpoint],
    called: Sequence[commands.Command],
    asked: Sequence[Clause],
    clauses: Sequence[Clause],
    text: Sequence[Sentence],
    roster: Roster,
    kept: Sequence[Entity],
    types: dict[str, str],
) -> tuple[Operation, ...]:
    everywhere = "bearer" if signin.means(text) else contracts.everywhere(text)
    made = stated.operations(named, kept, everywhere)
    made += commanded.operations(called, kept, types)
    maker = derived.Maker(
        roster,
        kept,
        types,
        nominal_of(text, roster),
        everywhere,
        frozenset(words.pascal(name) for name in relations.makes(clauses, roster)),
    )
    asked_for = derived.ordered(operation for clause in clauses for operation in maker.operations(clause))
    made += derived.ordered(operation for clause in asked for operation in maker.operations(clause))
    same: dict[tuple[str, str], list[Operation]] = {}
    for operation in asked_for:
        same.setdefault(endpoints.template(operation.method, operation.path), []).append(operation)
    made = [
        _allowed(operation, same.get(endpoints.template(operation.method, operation.path), []))
        for operation in shapes.distinct(made)
    ]
    made += [] if made else functions.operations(text)
    return shapes.identifiers([_finished(operation, kept) for operation in shapes.distinct(shapes.nested(made))])


def _allowed(operation: Operation, same: Sequence[Operation]) -> Operation:
    """``operation`` with the roles of whoever the prose says does the ``same``."""
    roles = tuple(dict.fromkeys((*operation.roles, *(role for other in same for role in other.roles))))
    return replace(
        operation,
        roles=roles,
        sources=tuple(dict.fromkeys((*operation.sources, *(source for other in same for source in other.sources))))
        if roles
        else operation.sources,
    )


def _finished(operation: Operation, kept: Sequence[Entity]) -> Operation:
    body = personal.marked(operation.body, operation.entity)
    many = not operation.path.endswith("}")
    known = any(entity.name == operation.entity for entity in kept)
    return shapes.answered(replace(operation, body=body), operation.entity if known else "", many)


def _roles(operation: Operation, people: Sequence[Actor]) -> tuple[str, ...]:
    """The actors among what the clauses called their subjects."""
    found = []
    for name in operation.roles:
        for spelt in re.split(r"(?:\s+|^|,\s*)(?:and|or)\s+|,\s*", name):
            role = actors.role(spelt, sure=True)
            person = next((person.name for person in people if actors.same(person.name, role)), "") if role else ""
            found += [person] if person and person != "user" else []
    return tuple(dict.fromkeys(found))


def _key_types(kept: Sequence[Entity]) -> dict[str, str]:
    """The type of each entity's key where the brief gives one: of its own ``id``, or of a field that refers to it."""
    types = {}
    for entity in kept:
        given = [field.type for field in entity.fields if field.name == "id"] + [
            field.type for other in kept for field in other.fields if field.references == entity.name
        ]
        types[f"{words.snake(words.parts(entity.name))}_id"] = "integer" if "integer" in given else "uuid"
    return types


def _counts(text: Sequence[Sentence]) -> Counter[str]:
    """How often each singular word occurs in the sentences."""
    return Counter(
        words.singular(word)
        for sentence in text
        if not sentence.excluded
        for word in re.findall(r"[A-Za-z]{3,}", sentence.text)
    )
