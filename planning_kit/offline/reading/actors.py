"""Who uses the system: people and systems the brief says may or must do something."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..facts import Actor
from . import phrases, words
from .clauses import ASIDES, Clause
from .lexicon import NOISE, ROLES
from .people import SECTION
from .sentences import Sentence

_DEFINED = re.compile(
    r"^[\"“'`]?([A-Z][\w-]*(?:\s+[A-Za-z][\w-]*){0,3}?)[\"”'`]?\s*(?:(?:are|is)\s+(?:an? |the )?[\w\s]{0,30}?\bwho\b|who\b|[:–—-]\s+)(.{3,300})"
)
_STORY = re.compile(r"(?i)\bas an?\s+((?:[\w-]+\s+){0,3}?[\w-]+),?\s+I\b")
_SUBJECT = re.compile(
    r"(?:^|[.;]\s+|\b(?:which|where|when|if)\s+)((?:[\w-]+\s+){0,3}?[\w-]+)\s+(?:(?i:can|may|must|shall|should|will)\b|(?:is|are) able to|needs? to)"
)
_VAGUE = frozenset(
    [
        "authorized",
        "registered",
        "authenticated",
        "new",
        "all",
        "any",
        "each",
        "every",
        "different",
        "multiple",
        "various",
        "existing",
        "other",
        "several",
        "specific",
        "end",
        "the",
        "an",
        "a",
        "logged-in",
        "anonymous",
        "individual",
        "no",
        "some",
        "many",
        "only",
        "most",
    ]
)
_RECIPIENT = re.compile(r"(?i)\b(?:notif\w+|alert\w*|inform\w*|escalate \w+) (?:to )?(?:the )?((?:[\w-]+ ){0,2}[\w-]+)")


def actors(
    sentences: Sequence[Sentence], clauses: Iterable[Clause], acting: frozenset[str] = ROLES
) -> tuple[Actor, ...]:
    """Every actor, singular, with the passages that say what they do; those the brief defines come first; ``acting`` are nouns for people."""
    found: dict[str, list[str]] = {}
    described: dict[str, str] = {}
    for sentence in sentences:
        if sentence.excluded:
            continue
        in_section = any(SECTION.search(name) for name in sentence.section[-1:])
        defined = _DEFINED.match(sentence.text) if sentence.kind in ("item", "row", "paragraph", "remark") else None
        if (
            defined
            and (name := role(defined.group(1), sure=in_section or " who " in sentence.text[:80]))
            and (in_section or " who " in defined.group(0)[: len(defined.group(1)) + 60])
        ):
            described.setdefault(name, sentence.text)
            found.setdefault(name, []).append(sentence.source)
        for pattern in (_STORY, _SUBJECT):
            for hit in pattern.finditer(
                "" if re.match(r"(?i)for example|e\.g\.", sentence.text) else ASIDES.sub("", sentence.text[:3000])
            ):
                if name := role(hit.group(1), sure=pattern is _STORY, acting=acting):
                    found.setdefault(name, []).append(sentence.source)
    for clause in clauses:
        for who in re.split(r"(?:\s+|^|,\s*)(?:and|or)\s+|,\s*", clause.actor):
            if name := role(who, acting=acting):
                found.setdefault(name, []).append(clause.sentence.source)
        if clause.after.get("with") and (name := role(" ".join(clause.after["with"][0]), acting=acting)):
            found.setdefault(name, []).append(clause.sentence.source)
    return _merged(found, described)


def role(phrase: str, sure: bool = False, acting: frozenset[str] = ROLES) -> str:
    """``phrase`` as the singular name of an actor, or empty when it names none."""
    phrase = re.split(r"\bof\b", phrase)[0]
    kept = [word for word in re.findall(r"[A-Za-z][\w-]*", phrase) if word.lower() not in _VAGUE]
    if not kept or len(kept) > 4:
        return ""
    head = words.singular(kept[-1])
    if (
        head in NOISE
        and head not in acting
        or (head not in acting and not sure)
        or (head in phrases.VERBS and head not in acting)
        or head in ("i", "you", "we", "it", "they", "nobody", "none", "nothing")
        or not phrases.thinglike(head)
    ):
        return ""
    kept = [word for word in kept[:-1] if phrases.noun((word,))[0]] + [head]
    return " ".join(word.lower() for word in kept[-3:])


def _merged(found: dict[str, list[str]], described: dict[str, str]) -> tuple[Actor, ...]:
    """One actor for the names that mean the same: 'event organizer' is the organizer, an 'administrator' the only admin."""
    named: dict[str, list[str]] = {}
    for name in sorted(found, key=lambda name: (name not in described, found[name] != [] and list(found).index(name))):
        short = name.replace("administrator", "admin")
        other = next((old for old in named if same(old.replace("administrator", "admin"), short)), None)
        named.setdefault(other or name, []).extend(found[name])
    people = [name for name in named if name != "person"]
    return tuple(Actor(name, described.get(name, ""), tuple(dict.fromkeys(named[name]))) for name in people)


def same(one: str, two: str) -> bool:
    """Whether two names of actors mean the same one."""
    return one == two or one.endswith(f" {two}") or (two.endswith(f" {one}") and one != "user")


def joined(known: Sequence[Actor], more: Sequence[tuple[str, tuple[str, ...]]]) -> tuple[Actor, ...]:
    """``known`` with the roles that stand in a table of endpoints."""
    found = list(known)
    for name, sources in more:
        for spelt in re.split(r"\s*(?:,|/|\bor\b|\band\b)\s*", name):
            role_name = role(spelt)
            if role_name and not any(same(actor.name, role_name) for actor in found):
                found.append(Actor(role_name, "", sources))
    return tuple(found)
