"""How the things hang together: who owns, hosts, contains or refers to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..facts import Entity, Relationship
from . import phrases, words
from .clauses import Clause
from .lexicon import CREATE, MANAGE, TAKE, TAKEN
from .phrases import Noun
from .roster import SOURCES, Roster, mentions
from .sentences import Sentence

_TO_ONE = re.compile(
    r"(?i)^(?:\W|templates?|must|shall|should|may|can|is|are|be|been|have|that|which|was|were|only|also|by|then|entries|entry)*\b(?:belongs? to|tagged to|linked to|associated with|association with|made by|placed by|written by|created by|owned by|posted by|hosted by|assigned to|to an? (?:single|specific)|submitted by|part of|mapped? to|for)\W+(?:(?:a|an|one|exactly one|the|that|single|specific|given|host|particular|predefined|organizer's)\s+)*$"
)
_TO_MANY = re.compile(
    r"(?i)^(?:\W|may|must|can|should|shall|will|each|that|which|who)*\b(?:have|has|hosts?|contains?|includes?|owns?|retains?|holds?|consists? of|comprises?|defines?|maintains?|posts?|places?|writes?|books?|submits?|creates?)\b(?:\W|at|least|one|or|more|many|multiple|several|various|its|their|own|the|a|an|stack|list|set|number|of|affiliated|zero|different|new|registered|related)*$"
)
_OF = re.compile(
    r"(?i)^\W?s?\s*(?:of|in|on|for)\s+(?:(?:a|an|the|that|single|specific|given|same|each|particular|host|its|their|organizer's)\s+)+$"
)
_CHAINED = re.compile(
    r"(?i)^\s*(?:or|and|/|,)?\s*(?:as an? \w+\s+)?(?:(?:for|of|in|with|to)\s+)?(?:(?:a|an|single|specific|multiple|given|the|one)\s+)*$"
)
_LINKING = re.compile(r"enrol|subscri|assign|affil|member|regist")
"""Stems of the verbs whose thing links two others."""
_OWNING = frozenset(
    [
        "book",
        "place",
        "submit",
        "request",
        "reserve",
        "write",
        "post",
        "order",
        "rent",
        "borrow",
        "buy",
        "purchase",
        "report",
        "upload",
        "publish",
    ]
)
"""Verbs whose subject is whose the thing is."""
_PLACING = frozenset(
    [
        "book",
        "add",
        "create",
        "post",
        "write",
        "place",
        "submit",
        "reserve",
        "order",
        "upload",
        "register",
        "invite",
        "attach",
    ]
)
"""Verbs whose thing belongs to what follows a preposition."""


def relationships(
    sentences: Sequence[Sentence],
    clauses: Sequence[Clause],
    roster: Roster,
    entities: Sequence[Entity],
    nominal: dict[str, Noun],
) -> tuple[Relationship, ...]:
    """Relationships the brief states, at most one between two entities: from fields that are keys, then sentences, then who creates what."""
    known = {entity.name for entity in entities}
    found: dict[frozenset[str], Relationship] = {}
    for parent, child, label, sources in _all(sentences, clauses, roster, entities, nominal):
        pair = frozenset((parent, child))
        if parent not in known or child not in known or parent == child:
            continue
        old = found.setdefault(pair, Relationship(parent, child, "one-to-many", label, sources))
        if len(old.sources) < SOURCES:
            found[pair] = replace(old, sources=tuple(dict.fromkeys(old.sources + sources)))
    return _direct(
        tuple(found.values()), {words.pascal(name) for stem, name in nominal.items() if _LINKING.match(stem)}
    )


def _all(
    sentences: Sequence[Sentence],
    clauses: Sequence[Clause],
    roster: Roster,
    entities: Sequence[Entity],
    nominal: dict[str, Noun],
) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Every (parent, child, label, passages) the brief gives a sign of, the surest first."""
    for entity in entities:
        yield from (
            (field.references, entity.name, "has", field.sources) for field in entity.fields if field.references
        )
    for sentence in sentences:
        if not sentence.excluded and sentence.kind != "heading":
            for parent, child, label in _said(sentence.text, roster, nominal):
                yield words.pascal(parent), words.pascal(child), label, (sentence.source,)
    made = makes(clauses, roster)
    for clause in clauses:
        for parent, child, label in _done(clause, roster, made):
            yield words.pascal(parent), words.pascal(child), label, (clause.sentence.source,)


def _direct(found: tuple[Relationship, ...], links: set[str]) -> tuple[Relationship, ...]:
    """``found`` without what goes through a link: resources are of an entity by their affiliation, of an event by their appointment."""
    parents = {link: {relation.parent for relation in found if relation.child == link} for link in links}
    for link in links:
        weak = {relation.parent for relation in found if relation.child == link and len(relation.sources) == 1}
        if any(len(weak) > 1 and weak <= parents[other] for other in links - {link}):
            found = tuple(relation for relation in found if relation.child != link or relation.parent not in weak)
            parents[link] -= weak
    return tuple(
        relation
        for relation in found
        if not any({relation.parent, relation.child} <= those for those in parents.values())
    )


def _said(text: str, roster: Roster, nominal: dict[str, Noun]) -> list[tuple[Noun, Noun, str]]:
    """(parent, child, label) for every two neighbouring mentions the words between which say so."""
    named = mentions(text[:2500], roster)
    found: list[tuple[Noun, Noun, str]] = []
    subject: Noun | None = None
    for at, ((begin, stop, one, _), (start, _, two, plural)) in enumerate(zip(named, named[1:], strict=False)):
        between = text[stop:start]
        chain, subject = subject, None
        if one == two or len(between) > 90:
            continue
        linked = _linked(between, nominal)
        if linked:
            found += [(one, linked, "has"), (two, linked, "has")]
        elif chain and _CHAINED.match(between):
            subject = chain
            found.append((two, chain, "has"))
        elif not plural and (_TO_ONE.match(between) or _OF.match(between)):
            before = text[named[at - 1][1] : begin] if at else ""
            earlier = named[at - 1][2] if re.search(r"(?i)\w+ing (?:\w+ ){0,2}$", before) else None
            subject = earlier or one
            found.append((two, subject, "has"))
            found += [(one, earlier, "is sent by")] if earlier and earlier != one and "send" in before else []
        elif _TO_MANY.match(between) and (plural or re.search(r"(?i)\bat least one\b|\ban?\b|\bmultiple\b", between)):
            verb = re.search(r"(?i)\b(hosts?|contains?|owns?|places?|books?|writes?|posts?|submits?)\b", between)
            if verb and re.search(r"(?i)\bof (?:[\w-]+ ){0,4}$", text[max(0, begin - 40) : begin]):
                continue  # 'patients of a clinic book': the clinic books nothing
            found.append((one, two, re.sub(r"(?<=[a-z])s?$", "s", verb.group(1).lower()) if verb else "has"))
    return found


def _linked(between: str, nominal: dict[str, Noun]) -> Noun | None:
    """The thing a participle between two others stands for: 'affiliated with' is an affiliation."""
    if re.search(r"(?i)\b(?:before|after|they|when|if|until)\b", between):
        return None
    participles = re.findall(r"[a-z]+ed(?= (?:in|into|to|with|for)\b)", between.lower())
    return next((nominal[words.stem(word)] for word in participles if words.stem(word) in nominal), None)


def makes(clauses: Sequence[Clause], roster: Roster) -> set[Noun]:
    """The things somebody creates or manages outright, rather than takes."""
    found = {
        roster.means(phrases.noun(phrase)[0], strict=True)
        for clause in clauses
        if set(clause.verbs) & ((CREATE - TAKE - {"send"}) | MANAGE)
        for phrase in clause.objects
    }
    return {name for name in found if name}


def _done(clause: Clause, roster: Roster, made: set[Noun]) -> list[tuple[Noun, Noun, str]]:
    """Relationships of what people do: patients book appointments with doctors; members are invited to projects."""
    found: list[tuple[Noun, Noun, str]] = []
    verbs = set(clause.verbs)
    if "do the same" in clause.sentence.text:
        return []
    who = roster.means(words.one(clause.actor), strict=True) if clause.actor else None
    for phrase in clause.objects:
        thing = roster.means(phrases.noun(phrase)[0], strict=True)
        if not thing:
            continue
        for taken in {(TAKEN[verb],) for verb in clause.verbs if verb in TAKEN} - {thing}:
            if taken in roster:
                found += [(thing, taken, "has"), *([(who, taken, "has")] if who else [])]
        if any((TAKEN.get(verb, ""),) in roster for verb in verbs):
            continue
        if who and verbs & _OWNING and not (verbs & TAKE and thing in made):
            found.append((who, thing, clause.verbs[0] + "s"))
        for preposition in ("with", "into", "for", "to", "on", "at", "in") if verbs & _PLACING else ():
            for other in clause.after.get(preposition, ())[:1]:
                parent = roster.means(phrases.noun(other)[0], strict=True)
                if parent and parent != thing:
                    found.append((parent, thing, "takes part in" if preposition == "with" else "has"))
    return found
