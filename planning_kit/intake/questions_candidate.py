"""A question before it is chosen, and the words it is put in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..offline.facts import Entity, Field, Operation
from ..offline.reading import words
from .proposal_basis import Basis, listed, named, several, spoken
from .wording import vocabulary

PUBLIC = vocabulary(
    "user customer patient guest member visitor buyer seller parent student citizen recipient subscriber client "
    "tenant resident cook grower owner player learner attendee passenger traveller applicant borrower donor shopper "
    "follower creator reader sender participant"
)
"""Nouns for people who come from outside; all others work for whoever runs the system."""


@dataclass(frozen=True)
class Candidate:
    """A question that may be put.

    Attributes:
        weight: how much of the plan its answer changes; the heaviest are put.
        subject: what it is about; one question of a subject is put.
        asks, passages, options, because, changes: as in :class:`planning_kit.facts.Question`.
        recommended: the place of the recommended option.
    """

    weight: int
    subject: str
    asks: str
    passages: tuple[str, ...]
    options: tuple[str, ...]
    because: str
    changes: str
    recommended: int = 0


def public(person: str) -> bool:
    """Whether ``person`` comes from outside."""
    return person.split()[-1] in PUBLIC


def outside(basis: Basis, person: str) -> bool:
    """Whether ``person`` comes from outside: by their name, or because the brief has them pay."""
    pays = rf"\b{re.escape(person)}s?\b[^.;]{{0,100}}\b(?:pays?|buys?)\b"
    return public(person) or basis.says(pays)


def crowd(people: tuple[str, ...] | list[str], word: str = "and") -> str:
    """``patients, doctors and receptionists``."""
    return listed([several(person) for person in people], word)


def person_of(basis: Basis, entity: Entity) -> str:
    """The person ``entity`` stands for, or empty."""
    name = spoken(entity.name)
    return name if name.split()[-1] in {p.split()[-1] for p in basis.people} or name in PUBLIC else ""


def things(basis: Basis) -> list[Entity]:
    """What is kept and is no person, most worked on first."""
    kept = [entity for entity in basis.reading.entities if not person_of(basis, entity)]
    return sorted(kept, key=lambda entity: (-len(basis.operations(entity)), -len(basis.mentions(entity))))


def makers(basis: Basis, entity: Entity) -> tuple[str, ...]:
    """Who brings one into being, as far as the brief says."""
    made = [o for o in basis.operations(entity) if o.method == "POST" and _last(o.path) == _last(entity.table)]
    roles = [role for o in made for role in o.roles]
    return tuple(dict.fromkeys(roles or (["user"] if made and "user" in basis.people else [])))


def _last(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1].replace("-", "_").lower()


def doing(basis: Basis, entity: Entity, who: tuple[str, ...] | list[str]) -> str:
    """What ``who`` mostly do to it, as verbs: ``look through and borrow``; ``use`` when nothing is said."""
    spelt = {"list": "look through", "search": "search", "get": "open", "update": "change", "post": "post"}
    done = [o for o in basis.operations(entity) if not o.roles or set(o.roles) & set(who)]
    verbs = [re.sub(r"[A-Z].*", "", operation.id) for operation in done]
    told = dict.fromkeys(
        spelt.get(verb, verb) for verb in verbs if verb not in ("delete", "remove", "deactivate", "suspend")
    )
    return listed(list(told)[:2]) or "use"


def mostly(basis: Basis, who: tuple[str, ...] | list[str]) -> tuple[Entity, str] | None:
    """What ``who`` mostly work with, and what they do to it; nothing when the brief says neither."""
    for entity in things(basis):
        verbs = [verb for o in basis.operations(entity) if (verb := _told(basis, o, who))]
        if verbs:
            return entity, listed(list(dict.fromkeys(verbs))[:2])
    return None


def _told(basis: Basis, operation: Operation, who: tuple[str, ...] | list[str]) -> str:
    """The verb of ``operation`` if a passage it was read from has one of ``who`` do just that; else empty."""
    verb = re.sub(r"[A-Z].*", "", operation.id)
    spelt = {
        "list": "look through|see|list|view|browse",
        "search": "search|find|look for",
        "get": "open|see|view",
        "update": "change|update|edit|move",
    }
    people = "|".join(re.escape(person) for person in who if not operation.roles or person in operation.roles)
    if not people or verb in ("delete", "remove", "deactivate", "suspend"):
        return ""
    said = re.compile(rf"(?i)\b(?:{people})s?\b[^.;]{{0,80}}\b({spelt.get(verb, re.escape(verb))})(?:e?s|ing|ed)?\b")
    told = {passage.id: passage.plain for passage in basis.told}
    hit = next((hit for source in operation.sources if (hit := said.search(told.get(source, "")))), None)
    return hit.group(1).lower() if hit else ""


def children(basis: Basis, entity: Entity) -> list[Entity]:
    """What belongs to one ``entity``, most worked on first."""
    below = {r.child for r in basis.reading.relationships if r.parent == entity.name != r.child}
    return [e for e in things(basis) if e.name in below]


def sources(basis: Basis, *names: str) -> tuple[str, ...]:
    """The passages that name all of ``names``, else those that name the first; at most four."""
    patterns = [re.compile(rf"(?i)\b(?:{re.escape(name)}|{re.escape(several(name))})\b") for name in names]
    told = [passage for passage in basis.told if all(pattern.search(passage.plain) for pattern in patterns)]
    told = told or [passage for passage in basis.told if patterns and patterns[0].search(passage.plain)]
    return tuple(passage.id for passage in told[:4])


def told_of(basis: Basis, entity: Entity) -> str:
    """The sentences that name ``entity``."""
    found = named(entity.name)
    return " ".join(s for p in basis.told for s in words.sentences(p.plain) if found.search(s))


def field_words(field: Field) -> str:
    """What ``field`` is called in a sentence."""
    return {"email": "e-mail address", "phone": "phone number"}.get(field.name, field.name.replace("_", " "))
