"""Things nobody lists but people create, manage or define: ranked by what speaks for them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ..facts import Field
from . import fields, phrases, words
from .clauses import Clause
from .lexicon import (
    ACTION,
    CONCRETE,
    CREATE,
    DELETE,
    FIELD_NOUNS,
    LIGHT,
    LOGIN,
    MANAGE,
    NOISE,
    SIGNUP,
    TAKE,
    TAKEN,
    UPDATE,
)
from .phrases import Noun
from .roster import Roster, managed
from .sentences import Sentence

_DEFINED = re.compile(
    r"(?:^|[;,]\s+(?:and\s+)?(?=a|e))(?:A|An|Each|Every)\s+((?:[a-z][\w-]*\s+)?(?!can\b|may\b|must\b|will\b|should\b|shall\b)[A-Za-z][\w-]*)\s+(?:belongs to|(?:can |may |must )?ha(?:s|ve) (?:an? |many |one |exactly|at least|multiple)|consists of|is identified by|contains (?:an? |one |many ))",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"^(?:(?:An?|The|Each|Every)\s+)?((?:[A-Za-z-]+\s+)?[A-Za-z-]+)\s+(?:have|has|consists? of|contains?)\s+((?:an?|the|its|their)\s[^.;]{3,300})",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"(?i)\b(?:system|platform|service|application|backend|portal|server)\s+(?:(?:must|shall|should|will)\s+)?(?:automatically\s+)?"
    r"(?:creates?|generates?|issues?|raises?|opens?)\s+(?:an?|the|one)\s+((?:[a-z-]+\s+)?[a-z-]+)(?=\s+(?:with|for|and|when|to|in|from|that)\b|[.,;|]|$)"
)
_THINGS = frozenset(
    [
        "comment",
        "note",
        "address",
        "image",
        "photo",
        "tag",
        "book",
        "venue",
        "category",
        "rating",
        "message",
        "document",
        "file",
        "attachment",
        "card",
        "ticket",
        "seat",
    ]
)
"""Nouns that are as often a thing as a property."""
_NOBODY = ("user", "admin", "administrator", "person", "staff", "manager")
LOGGING = frozenset({"log", "record", "report", "send"})
"""Verbs that put something into a log where there is one."""


def from_clauses(found: Iterable[Clause], roster: Roster, roles: frozenset[str], counts: dict[str, int]) -> None:
    """Add what people create, manage, update or delete; ``counts`` is how often each singular word occurs."""
    for clause in found:
        if set(clause.verbs) & (LOGIN | SIGNUP) or (clause.verbs[:1] == ("register",) and not clause.objects):
            _account(clause, roster)
        for phrase in clause.objects:
            made = next((made for verb in clause.verbs if (made := phrases.spoken_of(verb, phrase))), ())
            if made:
                _about(made, phrase, clause, roster)
            if not made or len(clause.verbs) > 1:
                rest = replace(clause, verbs=tuple(v for v in clause.verbs if not phrases.spoken_of(v, phrase)))
                _object(phrase, rest, roster, counts)
        _taken(clause, roster, counts)
        _parties(clause, roster, roles)
        _places(clause, roster, roles, counts)


def _about(made: Noun, phrase: Noun, clause: Clause, roster: Roster) -> None:
    """Who reports a missed bin makes a bin report, which refers to the bin."""
    source = clause.sentence.source
    thing = roster.means(made[:1]) or made[:1]
    roster.note(thing, source, 3)
    own = roster.note(made, source, 3)
    if own:
        key = f"{words.snake(thing)}_id"
        spoken = f"the {' '.join(thing)} it is about"
        own.fields = fields.merged(
            own.fields, [Field(key, "uuid", True, spoken, (source,), references=words.pascal(thing))]
        )


def _taken(clause: Clause, roster: Roster, counts: dict[str, int]) -> None:
    """Who borrows books makes loans, where the brief speaks of loans."""
    for verb in clause.verbs:
        name = TAKEN.get(verb, "")
        own = any(phrases.noun(phrase)[0][-1:] == (name,) for phrase in clause.objects)
        if name and clause.objects and not own and counts.get(name, 0) >= 2:
            roster.note((name,), clause.sentence.source, 3)


def _places(clause: Clause, roster: Roster, roles: frozenset[str], counts: dict[str, int]) -> None:
    """What things are added to or listed of counts when the brief keeps coming back to it: doctors are added to a clinic."""
    for preposition in ("to", "into", "in", "of"):
        for phrase in clause.after.get(preposition, ())[:1]:
            bare = phrases.noun(phrase)[0]
            one_of = bool({word.lower() for word in phrase} & {"a", "an", "their", "each", "every", "his", "her"})
            plain = one_of and len(bare) == 1 and bare[0] not in NOISE | LIGHT | FIELD_NOUNS | roles
            if plain and counts.get(bare[0], 0) >= 4 and (bare in roster or not roster.means(bare)):
                roster.note(bare, clause.sentence.source, 2)


def _account(clause: Clause, roster: Roster) -> None:
    """Whoever signs up or in has an account."""
    text, source = clause.sentence.text, (clause.sentence.source,)
    user = roster.note(("user",), clause.sentence.source, 3)
    said = [
        Field(name, fields.typed(name), True, "", source)
        for name in ("email", "username", "password")
        if re.search(rf"(?i)\b{name}", text)
    ]
    if user:
        user.fields = fields.merged(user.fields, said)


def _object(phrase: Noun, clause: Clause, roster: Roster, counts: dict[str, int]) -> None:
    """Count what ``phrase``, an object of ``clause``, says for a thing."""
    kept = _kept(phrase, clause, roster)
    above = managed(clause.sentence, roster)
    known = (roster.means(kept) or (above if above and above[0] == kept[0] else None)) if kept else None
    if known:
        roster[known].seen(clause.sentence.source, 1)
    verbs = set(clause.verbs)
    under = len(verbs) > 2 and above
    if not kept or known or under or (verbs <= LOGGING and ("log",) in roster.aliases):
        return
    if verbs <= UPDATE | {"change"} and clause.after.get("of"):
        return
    weight = 3 if verbs & (CREATE | MANAGE) else 2 if verbs & (UPDATE | DELETE | ACTION) else 1
    listed = len(clause.after.get("with", ())) > 1 or (
        clause.actor and kept[-1:] == ("application",) and verbs & {"submit", "approve", "reject"}
    )
    weight = 3 if listed and kept[-1:] == ("application",) else weight
    named = weight == 3 and (kept[-1] in CONCRETE or bool(listed)) or bool(listed and kept[-1] == "application")
    named = named or (kept == ("user",) and bool(clause.actor) and bool(verbs & (UPDATE | DELETE | MANAGE)))
    weight = max(weight, 3) if kept == ("user",) and named else weight
    property_ = len(kept) == 1 and kept[-1] in FIELD_NOUNS - _THINGS
    if kept[0] in ("it", "them") or (not named and (kept[-1] in NOISE or property_)):
        return
    if (
        weight < 3
        and kept[-1] not in LIGHT | (FIELD_NOUNS - _THINGS)
        and not verbs <= ACTION
        and _several(kept, phrase, clause, roster)
    ):
        weight = 3
    often = counts.get(kept[-1], 0) >= 4
    if often or weight == 3 or counts.get(kept[-1], 0) + weight >= 4:
        roster.note(kept[-3:], clause.sentence.source, weight + often)


def _several(kept: Noun, phrase: Noun, clause: Clause, roster: Roster) -> bool:
    """Whether ``kept`` stands in the plural and is no part of a known thing: who views trips means that trips are kept."""
    inner = [word for noun in clause.after.get("of", ()) for word in noun]
    part = inner and roster.means(phrases.noun(tuple(inner))[0], strict=True)
    return not part and any(words.singular(word) == kept[-1] != word.lower() for word in (*phrase, *inner))


def _kept(phrase: Noun, clause: Clause, roster: Roster) -> Noun:
    """The noun ``phrase`` is about: of 'details of orders' the order, of 'a student's details' the student."""
    bare, owner = phrases.noun(phrase)
    kept = phrases.light(bare)
    if bare and bare[-1] in LIGHT | {"schedule"} and clause.after.get("of"):
        inner = phrases.noun(clause.after["of"][0])[0]
        kept = phrases.light(inner) if bare[-1] in LIGHT or roster.means(inner, strict=True) else kept
    kept = ("user",) if kept in (("user", "account"), ("user", "profile")) else kept
    return owner if owner and (not kept or kept[-1] in NOISE | LIGHT | FIELD_NOUNS) else kept


def _parties(clause: Clause, roster: Roster, roles: frozenset[str]) -> None:
    """People who book, buy or place something, and those they do it with, are kept too."""
    if "the same" in clause.sentence.text:
        return
    taken = any(roster.means(phrases.noun(phrase)[0], strict=True) for phrase in clause.objects)
    if not taken or not set(clause.verbs) & (
        (TAKE - {"publish"}) | {"place", "submit", "upload", "issue", "prescribe"}
    ):
        return
    for phrase in (tuple(clause.actor.split()), *clause.after.get("with", ())[:1], *clause.after.get("for", ())[:1]):
        bare = phrases.noun(phrase)[0]
        if bare and bare[-1] in roles and bare[-1] not in _NOBODY and not roster.means(bare, strict=True):
            roster.note(bare[-2:], clause.sentence.source, 3)


def from_definitions(sentences: Iterable[Sentence], roster: Roster) -> None:
    """Add what a sentence defines: 'A loan belongs to a member', 'Each task has a title'."""
    for sentence in sentences:
        for hit in _DEFINED.finditer(sentence.text[:1500]) if not sentence.excluded else ():
            phrase = phrases.light(words.one(hit.group(1)))
            if (
                phrase
                and not roster.means(phrase)
                and phrase[-1] not in NOISE - CONCRETE - {"copy", "item", "entry"}
                and phrase[-1] not in FIELD_NOUNS
            ):
                roster.note(phrase, sentence.source, 3)
        held = _HELD.match(sentence.text) if not sentence.excluded and sentence.kind != "heading" else None
        listed = fields.listed(held.group(2), sentence.source, sure=True) if held else []
        known = [field for field in listed if field.name.split("_")[-1] in FIELD_NOUNS]
        kept = phrases.light(words.one(held.group(1))) if held and known else ()
        if kept and not roster.means(kept) and kept[-1] not in NOISE | FIELD_NOUNS - _THINGS:
            roster.note(kept, sentence.source, 3)


def from_system(sentences: Iterable[Sentence], roster: Roster) -> None:
    """Add what the system itself brings into being: 'the system must create a permit with number and zone'."""
    for sentence in sentences:
        for hit in (
            _SYSTEM.finditer(sentence.text[:2000]) if not sentence.excluded and sentence.kind != "heading" else ()
        ):
            phrase = phrases.light(phrases.noun(tuple(hit.group(1).split()))[0])
            if (
                phrase
                and not roster.means(phrase, strict=True)
                and phrase[-1] not in (NOISE - {"alert", "record"}) | FIELD_NOUNS | LIGHT
            ):
                roster.note(phrase, sentence.source, 3)
