"""Operations that follow from what people do to things: for every entity only those the brief asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ..facts import Entity, Field, Operation, Response
from . import fields, phrases, shapes, words
from .clauses import Clause
from .filters import filters
from .inferred import LOGGING
from .lexicon import ACTION, COMPUTE, CREATE, DELETE, LIGHT, LIST, LOGIN, MANAGE, SIGNUP, TAKE, TAKEN, UPDATE
from .phrases import Noun
from .purposes import acts, kebab, purpose, sentence
from .roster import Roster, managed

_CLOSELY = frozenset({"view", "get", "retrieve", "see", "read", "show", "display", "extract", "access"})
"""Verbs with which the details of one record are asked for."""
_LOGGED = frozenset({"status", "attendance", "acknowledgement", "update", "updates"})
_ENTRIES = {
    "register": "register",
    "signup": "register",
    "enlist": "register",
    "logout": "logout",
    "reset": "password-reset",
}
_NEEDED = re.compile(
    r"(?i)\b(?:an?|every|each|the) ([a-z]+(?:ion|al|ment|ing)) (?:needs|requires|must have|must give|has) an? ([a-z]+)\b"
)
_WHOLE = {(name,) for name in ("catalogue", "catalog", "collection", "inventory", "directory", "register", "library")}
_PUBLIC = re.compile(
    r"(?i)\bwithout (?:signing in|sign-in|logging in|login|an? account|authentication|registering)\b|\b(?:anybody|anyone|everybody|everyone|the public|anonymous (?:users|visitors)) (?:can|may)\b"
)
_ORDER = ("POST", "GET", "PUT", "PATCH", "DELETE")


@dataclass
class Maker:
    """Makes operations.

    Attributes:
        roster: knows which entity a phrase means.
        entities: those that were settled on.
        types: the type of each path key.
        nominal: by a verb's stem the entity it stands for.
        everywhere: ``bearer`` when the brief says every call wants a token, else ``open``.
        made_things: names of the entities somebody creates outright.
    """

    roster: Roster
    entities: Sequence[Entity]
    types: dict[str, str]
    nominal: dict[str, Noun]
    everywhere: str = "open"
    made_things: frozenset[str] = frozenset()

    @cached_property
    def by_name(self) -> dict[str, Entity]:
        """Entities by name."""
        return {entity.name: entity for entity in self.entities}

    def entity(self, name: Noun | None) -> Entity | None:
        """The settled entity of a roster name."""
        return self.by_name.get(words.pascal(name)) if name else None

    def operations(self, clause: Clause) -> list[Operation]:
        """What one clause asks for."""
        made: list[Operation] = []
        for verb in clause.verbs:
            if verb in LOGIN | SIGNUP | {"logout", "reset"} or (verb == "register" and not clause.objects):
                made += self.entry(verb, clause)
                continue
            for part, phrase in self.each(clause):
                if (made_of := phrases.spoken_of(verb, phrase)) and (about := self.entity(made_of)):
                    made.append(self.made("POST", f"/{kebab(about)}", about, part))
                    continue
                target, rest = self.target(phrase, part)
                made += self.one(verb, target or self.instead(verb, phrase, clause), rest, part)
        return made

    def instead(self, verb: str, phrase: Noun, clause: Clause) -> Entity | None:
        """What a phrase is about that names no entity: what is managed under this heading, or the log for a status."""
        if len(clause.verbs) > 2 and (above := self.entity(managed(clause.sentence, self.roster))):
            return above
        if verb in LIST and phrase and words.one(phrase[-1]) in _WHOLE and (sought := self.sought(clause)):
            return sought
        told = set(words.parts(" ".join(phrase))) & _LOGGED
        return self.entity(self.roster.aliases.get(("log",))) if verb in LOGGING and told else None

    def sought(self, clause: Clause) -> Entity | None:
        """What a catalogue holds that is searched by title and author: the entity that has most of these, at least two."""
        by = {words.snake(phrases.noun(phrase)[0]) for phrase in clause.after.get("by", ())}
        counted = [(len(by & {field.name for field in entity.fields}), entity) for entity in self.entities]
        most, entity = max(counted, key=lambda pair: pair[0], default=(0, None))
        return entity if most > 1 else None

    def each(self, clause: Clause) -> list[tuple[Clause, Noun]]:
        """The objects of a clause, 'details of orders and invoices' once for each of what they are of."""
        found: list[tuple[Clause, Noun]] = []
        for phrase in clause.objects or ((),):
            bare = phrases.noun(phrase)[0] if phrase else ()
            inner = clause.after.get("of", ()) if bare and bare[-1] in LIGHT else ()
            found += [(replace(clause, after={**clause.after, "of": (one,)}), phrase) for one in inner] or [
                (clause, phrase)
            ]
        return found

    def target(self, phrase: Noun, clause: Clause) -> tuple[Entity | None, Noun]:
        """The entity a noun phrase is about, and what is left of the phrase when it is a part of that entity."""
        bare, owner = phrases.noun(phrase)
        kept = phrases.light(bare)
        whose = self.whose(clause)
        if clause.own and whose and kept and (kept[-1] in LIGHT or kept[-1] in ("profile", "account")):
            return whose, ()
        inner = phrases.noun(clause.after["of"][0])[0] if clause.after.get("of") else ()
        strictly = self.roster.means(kept, strict=True) if kept else None
        if strictly and not (kept[-1] in LIGHT and inner):
            return self.entity(strictly), ()
        if owner and self.roster.means(owner):
            return self.entity(self.roster.means(owner)), () if not kept or kept[-1] in LIGHT else kept
        if inner and self.roster.means(inner):
            vague = not kept or kept[-1] in LIGHT or kept[-1] in ("schedule", "category")
            free = ("free",) if "free" in (word.lower() for word in phrase) else ()
            return self.entity(self.roster.means(inner)), () if vague else (*free, *kept)
        return self.entity(self.roster.means(kept)) if kept else None, ()

    def whose(self, clause: Clause) -> Entity | None:
        """The entity the clause's subject is kept as."""
        return self.entity(self.roster.means(words.one(clause.actor))) if clause.actor else None

    def one(self, verb: str, target: Entity | None, part: Noun, clause: Clause) -> list[Operation]:
        """The operations of one verb on one entity."""
        alias = self.entity(self.nominal.get(words.stem(verb)))
        taken = self.entity((TAKEN[verb],)) if verb in TAKEN and verb != "borrow" else None
        if taken and taken != target:
            return [self.made("POST", self.collection(taken, clause), taken, clause)]
        if alias and (verb in ACTION or target is None):
            return [self.made("POST", self.collection(alias, clause), alias, clause)]
        if target is None:
            return []
        many = f"/{kebab(target)}"
        single = f"{many}/{{{_key(target)}}}"
        wanted: list[tuple[str, str]] = []
        if part:
            wanted = [("GET", f"{single}/{words.snake(words.many(part)).replace('_', '-')}")] if verb in LIST else []
        elif verb in MANAGE:
            wanted = [
                ("POST", self.collection(target, clause)),
                ("GET", many),
                ("GET", single),
                ("PATCH", single),
                ("DELETE", single),
            ]
        elif verb in LIST:
            closely = verb in _CLOSELY and any(phrases.noun(phrase)[0][-1:] == ("detail",) for phrase in clause.objects)
            own = clause.own and self.whose(clause) == target
            wanted = [("GET", single)] if own else [("GET", many)] + ([("GET", single)] if closely else [])
        elif verb in UPDATE:
            wanted = [("PATCH", single)]
        elif verb in DELETE:
            wanted = [("DELETE", single)]
        elif verb in ACTION or verb in COMPUTE or (verb in TAKE | {"send"} and target.name in self.made_things):
            wanted = [("POST", f"{single}/{verb}")]
        elif verb in CREATE:
            wanted = [("POST", self.collection(target, clause))]
        elif verb not in phrases.VERBS:
            done = self.made("POST", f"{single}/{verb}", target, clause)
            spoken = (Response(200, "The result", schema=target.name),)
            name = words.camel((verb, *words.parts(target.name)))
            return [replace(done, id=name, responses=spoken, body=self.given(target, clause, verb), body_schema="")]
        return [self.made(method, path, target, clause) for method, path in wanted]

    def collection(self, target: Entity, clause: Clause) -> str:
        """Where a new ``target`` is posted: below the entity it is put into when the clause says so."""
        for preposition in ("into", "to", "in", "on"):
            for phrase in clause.after.get(preposition, ())[:1]:
                parent = self.entity(self.roster.means(phrases.noun(phrase)[0], strict=True))
                if parent and parent != target and any(parent.name == field.references for field in target.fields):
                    return f"/{kebab(parent)}/{{{_key(parent)}}}/{kebab(target)}"
        return f"/{kebab(target)}"

    def entry(self, verb: str, clause: Clause) -> list[Operation]:
        """Signing up, in and out, with the account's own properties as far as the brief gives them."""
        name, source = _ENTRIES.get(verb, "login"), (clause.sentence.source,)
        if verb == "reset" and not any("password" in word for phrase in clause.objects for word in phrase):
            return []
        user = self.entity(self.roster.means(("user",)))
        kept = {field.name: field for field in (user.fields if user else ()) if not field.references}
        account = tuple(kept.get(label) or Field(label, fields.typed(label)) for label in ("email", "password"))
        if name == "register" and kept:
            account = tuple(field for field in kept.values() if field.name != "id")
        body = {"register": account, "login": account, "password-reset": account[:1]}.get(name, ())
        token = Field("token", "string", personal="credential")
        answer = (Response(200, "Signed in", fields=(token,)),) if name == "login" else ()
        about = user.name if user and name == "register" else ""
        auth = "bearer" if name == "logout" else "none"
        return [Operation("", "POST", f"/{name}", sentence(clause), about, (), body, "", answer, auth, (), source)]

    def made(self, method: str, path: str, target: Entity, clause: Clause) -> Operation:
        """One operation with its parameters and body."""
        source = (clause.sentence.source,)
        parameters = shapes.keys(path, self.types, source)
        taken = {parameter.name for parameter in parameters}
        writes = method in ("POST", "PATCH", "PUT") and not acts(path, target)
        body = (
            tuple(field for field in target.fields if field.name not in taken and field.name != "id") if writes else ()
        )
        body = tuple(replace(field, required=False) for field in body) if method == "PATCH" else body
        body = self.given(target, clause, path.rsplit("/", 1)[-1]) if acts(path, target) else body
        if method == "GET" and not path.endswith("}"):
            parameters += filters(target, clause, self.roster, self.by_name, self.types)
        schema = target.name if body and not taken else ""
        roles = (clause.actor,) if clause.actor else ()
        public = _PUBLIC.search(clause.sentence.text) if method == "GET" else None
        return Operation(
            "",
            method,
            path,
            purpose(clause, method, path, target),
            target.name,
            parameters,
            body,
            schema,
            (),
            "none" if public else self.everywhere,
            roles,
            source,
        )

    def given(self, target: Entity, clause: Clause, verb: str) -> tuple[Field, ...]:
        """What an action needs to be told: to which vehicle a driver is assigned."""
        for preposition in ("to", "into", "with"):
            for phrase in clause.after.get(preposition, ())[:1]:
                other = self.entity(self.roster.means(phrases.noun(phrase)[0], strict=True))
                if other and other != target:
                    key = _key(other)
                    return (
                        Field(
                            key, self.types.get(key, "uuid"), True, "", (clause.sentence.source,), references=other.name
                        ),
                    )
        return self.told(clause, verb)

    def told(self, clause: Clause, verb: str) -> tuple[Field, ...]:
        """What an action carries beside: 'react with an emoji', 'a rejection needs a reason'."""
        source = (clause.sentence.source,)
        named = [phrases.noun(phrase)[0] for phrase in clause.after.get("with", ())[:1]]
        for hit in _NEEDED.finditer(clause.sentence.text):
            if words.stem(hit.group(1)) == words.stem(verb):
                named.append(words.one(hit.group(2)))
        listed = [words.snake(name) for name in named if name and not self.roster.means(name, strict=True)]
        return tuple(Field(name, fields.typed(name), True, "", source) for name in dict.fromkeys(listed))


def _key(entity: Entity) -> str:
    return f"{words.snake(words.parts(entity.name))}_id"


def ordered(operations: Iterable[Operation]) -> list[Operation]:
    """``operations`` by collection, in order of first mention, then creation before reading, changing and deleting."""
    listed = list(operations)
    first: dict[str, int] = {}
    for at, operation in enumerate(listed):
        first.setdefault(operation.path.split("/")[1], at)
    return sorted(
        listed,
        key=lambda operation: (
            first[operation.path.split("/")[1]],
            operation.path.count("/"),
            operation.path,
            _ORDER.index(operation.method),
        ),
    )
