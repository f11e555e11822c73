"""Verbs and noun phrases, read off a list of words without a dictionary of the language."""

from __future__ import annotations

import re
from functools import lru_cache

from . import words
from .gazetteer import THINGS
from .lexicon import (
    ACTION,
    ADJECTIVES,
    ADVERBS,
    BOUNDARY,
    COMPUTE,
    CREATE,
    DELETE,
    DETERMINERS,
    HAPPENING,
    LIGHT,
    LIST,
    LOGIN,
    LY_NOUNS,
    MANAGE,
    NOUN_TOO,
    PREPOSITIONS,
    ROLES,
    SIGNUP,
    SPOKEN,
    UPDATE,
)

VERBS = (
    CREATE
    | LIST
    | UPDATE
    | DELETE
    | MANAGE
    | ACTION
    | LOGIN
    | SIGNUP
    | frozenset(COMPUTE)
    | {"logout", "reset", "poll", "notify", "comment", "complain"}
)
Noun = tuple[str, ...]
JOIN = {",", "/", "and", "or", "&"}
_COMPOUND = frozenset(
    [
        "time",
        "times",
        "date",
        "dates",
        "number",
        "numbers",
        "id",
        "ids",
        "address",
        "name",
        "type",
        "status",
        "details",
        "history",
        "list",
        "item",
        "items",
        "price",
        "code",
        "method",
        "total",
        "template",
        "templates",
    ]
)
"""Nouns before which a word that could be a verb is a noun: 'start time', 'order items'."""
_PARTICIPLE = re.compile(
    r"(?:[a-z]{2,}ed|done|sent|made|given|shown|held|written|paid|kept|seen|known|taken|built|chosen)$"
)
QUALITIES = frozenset(
    [
        "public",
        "private",
        "internal",
        "external",
        "active",
        "inactive",
        "enabled",
        "disabled",
        "shared",
        "local",
        "remote",
        "global",
        "paid",
        "unpaid",
        "draft",
        "published",
        "pending",
        "overdue",
        "recurring",
        "temporary",
        "permanent",
        "manual",
        "automatic",
        "digital",
        "physical",
    ]
)
"""Adjectives that name no thing: in 'a public or private channel' there is only a channel."""
_THEMSELVES = frozenset(["themselves", "themself", "himself", "herself", "oneself", "self"])


_STATE = re.compile(
    r"[a-z]{2,}(?:ed|en)|missing|defective|faulty|full|empty|overflowing|leaking|lost|stolen|late|absent|dirty|dangerous|wrong|duplicate|noisy|flickering|dead|sick|stray"
)
_HAPPENS = re.compile(r"(?:tion|sion|ment|ing|age|ure|ness|ance|ence|result|reading)$")
_SOLID = frozenset(noun for nouns in THINGS.values() for noun in nouns.split()) | ROLES
_NOUN = re.compile(
    r"[a-z]{2,}(?:tion|sion|ment|ness|ity|ance|ence|ency|ancy|ship|hood|dom|age|ure|ist|er|or|ee|logy|graphy|ism|ing|al|ium|eme|ant|ent|ice|ry)$"
)
_QUALITY = re.compile(r"[a-z]{3,}(?:ful|less|[aeioulnrt]ous|ish)$|[a-z]{4,}(?:able|ible)$")
_ABLE_NOUNS = frozenset(
    [
        "variable",
        "timetable",
        "deliverable",
        "payable",
        "receivable",
        "consumable",
        "wearable",
        "vegetable",
        "collectible",
        "dish",
    ]
)


def spoken_of(verb: str, phrase: Noun) -> Noun:
    """What comes into being when somebody says something about what ``phrase`` names: to report missed bins makes a bin report.

    Empty where the verb says nothing about a thing, or the thing itself comes into being: an incident, a defect.
    """
    bare = light(noun(phrase)[0])
    made = SPOKEN.get(verb, "")
    if not made or not bare or bare[-1] in (made, "it", "them") or bare[-1] in HAPPENING:
        return ()
    state = any(_STATE.fullmatch(word.lower()) for word in phrase[:-1])
    if verb == "report" and not state and _HAPPENS.search(bare[-1]):
        return ()
    return (bare[-1], made) if verb != "report" or state or bare[-1] in _SOLID else ()


def thinglike(word: str) -> bool:
    """Whether ``word`` (singular, lower case) can name a thing, a property or a role: no adverb, preposition or adjective."""
    if word in ADVERBS or word in PREPOSITIONS or word in ADJECTIVES:
        return False
    if word.endswith("ly") and word not in LY_NOUNS:
        return False
    return not _QUALITY.fullmatch(word) or word in _ABLE_NOUNS


def evident(phrase: Noun) -> bool:
    """Whether ``phrase`` itself shows that it is a noun: by a determiner, a plural, a capital, a second word or its ending."""
    last = phrase[-1] if phrase else ""
    low = last.lower()
    return (
        bool(last)
        and thinglike(words.singular(low))
        and (
            any(word.lower() in DETERMINERS for word in phrase[:-1])
            or words.singular(low) != low
            or last[0].isupper()
            or len(phrase) > 1
            or bool(_NOUN.fullmatch(low))
        )
    )


def is_verb(tokens: list[str], at: int) -> bool:
    """Whether the word at ``at`` is a verb here: a word that is a noun too is one only before an object."""
    if at >= len(tokens):
        return False
    verb = words.base(tokens[at], VERBS)
    if not verb:
        return False
    if verb not in NOUN_TOO or tokens[at].lower().endswith("ing"):
        return True
    following = tokens[at + 1].lower() if at + 1 < len(tokens) else "."
    if following in _COMPOUND:
        return False
    if tokens[at].lower() != verb:
        return following in DETERMINERS
    return following in JOIN or following in ("them", "it") or (following.isalnum() and following not in BOUNDARY)


def nouns(tokens: list[str], at: int) -> tuple[tuple[Noun, ...], int]:
    """The noun phrases from ``at`` on, up to a word that ends them."""
    found: list[Noun] = []
    phrase: list[str] = []
    while at < len(tokens):
        low = tokens[at].lower()
        if tokens[at] in "([":
            closing = ")" if tokens[at] == "(" else "]"
            at = tokens.index(closing, at) if closing in tokens[at:] else len(tokens) - 1
        elif low in JOIN:
            following = at + (2 if at + 1 < len(tokens) and tokens[at + 1].lower() in JOIN else 1)
            if not (phrase and all(word.lower() in DETERMINERS | QUALITIES for word in phrase)):
                found += [tuple(phrase)] if phrase or found else []
            phrase = []
            if is_verb(tokens, following):
                break
        elif tokens[at] in "\"'“”‘’`*" or low in _THEMSELVES:
            pass
        elif low in ("them", "it", "their"):
            phrase += [low] if low != "their" else []
        elif (
            low in BOUNDARY
            or (_PARTICIPLE.fullmatch(low) and any(word.lower() not in DETERMINERS for word in phrase))
            or not tokens[at][0].isalnum()
            and tokens[at] != "-"
        ):
            break
        else:
            phrase.append(tokens[at])
        at += 1
    return tuple(noun for noun in (*found, tuple(phrase)) if noun), at


@lru_cache(maxsize=20_000)
def noun(phrase: Noun) -> tuple[Noun, Noun]:
    """The bare noun of ``phrase`` in the singular, and the owner before an apostrophe: 'a new student's details' is (detail, student)."""
    owner: list[str] = []
    bare: list[str] = []
    for word in phrase:
        if re.search(r"(?:['’]s|s['’])$", word):
            owner, bare = [*bare, re.sub(r"['’]s?$", "", word).lower()], []
        else:
            bare.append(word.lower())
    return _bare(bare), _bare(owner)


def _bare(phrase: list[str]) -> Noun:
    kept = [word for word in phrase if word not in DETERMINERS and word not in ADVERBS]
    kept = [word for word in kept if not word.endswith("ly") or word in LY_NOUNS]
    while len(kept) > 1 and (kept[0] in QUALITIES or re.search(r"(?:[^e]ed|ful|able|ible|ous|ive)$", kept[0])):
        kept = kept[1:]
    return words.one(" ".join(kept)) if kept else ()


def light(phrase: Noun) -> Noun:
    """``phrase`` without the light nouns at its end: 'event details' is about events."""
    while len(phrase) > 1 and phrase[-1] in LIGHT:
        phrase = (*phrase[:-2], words.singular(phrase[-2]))
    return phrase
