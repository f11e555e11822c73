"""A reading fitted to the codebase it is planned for: what is there keeps its names, and new paths begin as the others do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..facts import Entity, Existing, Field, Found, Operation, Parameter, Reading, Relationship
from . import words
from .lexicon import ROLES
from .people import agent

_ALIKE = (
    {"born", "birth", "birthday", "birthdate", "dob"},
    {"phone", "telephone", "mobile"},
    {"mail", "email"},
    {"zip", "postcode", "postal"},
)
_VAGUE = frozenset(
    [
        "id",
        "name",
        "type",
        "status",
        "date",
        "time",
        "number",
        "code",
        "at",
        "on",
        "of",
        "the",
        "is",
        "has",
        "value",
        "key",
        "created",
        "updated",
        "by",
        "first",
        "last",
        "start",
        "end",
    ]
)
_ACCOUNTS = frozenset({"user", "account", "person", "member", "employee", "profile"})
_KINDS = frozenset(
    {
        "role",
        "roles",
        "role_id",
        "user_type",
        "user_role",
        "account_type",
        "group",
        "groups",
        "type",
        "kind",
        "is_staff",
    }
)


def fitted(reading: Reading, existing: Existing) -> Reading:
    """``reading`` without second names for what ``existing`` has: columns, roles kept on the users table, paths and keys."""
    if not existing.models and not existing.prefix:
        return reading
    reading = _tied(_without_roles(reading, existing), existing)
    renamed = {
        e.name: names for e in reading.entities if (held := _held(e, existing)) and (names := _names(e.fields, held))
    }
    keys = {
        f"{words.snake(words.parts(e.name))}_id": held.key for e in reading.entities if (held := _held(e, existing))
    }
    entities = tuple(replace(e, fields=_called(e.fields, renamed.get(e.name, {}), keys)) for e in reading.entities)
    operations = tuple(_worked(o, renamed.get(o.entity, {}), keys, existing.prefix) for o in reading.operations)
    return replace(reading, entities=entities, operations=operations)


def _held(entity: Entity, existing: Existing) -> Found | None:
    """The model that keeps ``entity`` already."""
    names = {words.snake(words.parts(entity.table)), words.snake(words.parts(entity.name))}
    return next(
        (m for m in existing.models if {words.snake(words.parts(m.table)), words.snake(words.parts(m.name))} & names),
        None,
    )


def _tied(reading: Reading, existing: Existing) -> Reading:
    """``reading`` without relationships that the codebase keeps the other way round: an animal's owner, where the brief gives an owner animals."""
    models = {e.name: held for e in reading.entities if (held := _held(e, existing))}

    def back(parent: str, child: str) -> bool:
        names = (
            {words.snake(words.parts(name)).removesuffix("_id") for name in models[parent].fields}
            if parent in models
            else set()
        )
        return child in models and words.snake(words.parts(child)) in names

    related = tuple(r for r in reading.relationships if not back(r.parent, r.child))
    entities = tuple(
        replace(e, fields=tuple(f for f in e.fields if not (f.references and back(f.references, e.name))))
        for e in reading.entities
    )
    return replace(reading, relationships=related, entities=entities)


def _names(fields: Sequence[Field], held: Found) -> dict[str, str]:
    """For each field that ``held`` has under another name: that name."""
    there = {words.snake(words.parts(name)): name for name in held.fields}
    found: dict[str, str] = {}
    for field in fields:
        spelt = words.snake(words.parts(field.name))
        if spelt in there or spelt.removesuffix("_id") in there:
            continue
        taken = {*found.values(), *(there.get(words.snake(words.parts(f.name)), "") for f in fields)}
        free = [name for name in held.fields if name not in taken]
        if alike := next((name for name in free if _same(spelt, words.snake(words.parts(name)))), ""):
            found[field.name] = alike
    return found


def _same(new: str, old: str) -> bool:
    """Whether two names share a word that says something and one of them says nothing more, or mean the same."""
    one, two = ({words.singular(word) for word in name.split("_")} for name in (new, old))
    shared = (one & two) - _VAGUE
    if shared and (one - _VAGUE <= two or two - _VAGUE <= one):
        return True
    return any(one & alike and two & alike for alike in _ALIKE)


def _called(fields: Sequence[Field], names: Mapping[str, str], keys: Mapping[str, str]) -> tuple[Field, ...]:
    """``fields`` as the codebase calls them, with the types of its keys."""
    renamed = (replace(f, name=names.get(f.name, f.name)) for f in fields)
    return tuple(replace(f, type=keys[f.name]) if f.references and f.name in keys else f for f in renamed)


def _worked(operation: Operation, names: Mapping[str, str], keys: Mapping[str, str], prefix: str) -> Operation:
    path = operation.path
    if prefix and not operation.stated and not path.startswith(f"{prefix}/"):
        path = prefix + path
    parameters = tuple(
        _typed(replace(p, name=names.get(p.name, p.name)) if p.place == "query" else p, keys)
        for p in operation.parameters
    )
    return replace(operation, path=path, parameters=parameters, body=_called(operation.body, names, keys))


def _typed(parameter: Parameter, keys: Mapping[str, str]) -> Parameter:
    return replace(parameter, type=keys[parameter.name]) if parameter.name in keys else parameter


def _without_roles(reading: Reading, existing: Existing) -> Reading:
    """``reading`` without entities that are only a role of somebody the codebase's users table keeps with a role."""
    account = next((m for m in existing.models if words.one(m.name)[-1:] and words.one(m.name)[-1] in _ACCOUNTS
                    and _KINDS & {words.snake(words.parts(name)) for name in m.fields}), None)  # fmt: skip
    if account is None:
        return reading
    into = words.pascal(words.one(account.name))
    roles = {e.name for e in reading.entities if e.name != into and _only_role(e, reading, existing)}
    if not roles:
        return reading
    entities = [replace(e, fields=_pointed(e.fields, roles, into)) for e in reading.entities if e.name not in roles]
    if all(e.name != into for e in entities):
        sources = tuple(dict.fromkeys(s for e in reading.entities if e.name in roles for s in e.sources))
        entities.insert(0, Entity(into, words.snake(words.parts(account.table)), "", (), sources, False))
    operations = tuple(
        replace(o, entity=into if o.entity in roles else o.entity, body=_pointed(o.body, roles, into))
        for o in reading.operations
    )
    related = tuple(_related(reading.relationships, roles, into))
    return replace(reading, entities=tuple(entities), operations=operations, relationships=related)


def _only_role(entity: Entity, reading: Reading, existing: Existing) -> bool:
    """Whether ``entity`` names who acts, has no property of its own and no model."""
    head = words.one(entity.name)[-1]
    acting = head in ROLES or agent(head) or any(words.one(a.name)[-1:] == (head,) for a in reading.actors)
    short = any(a.name.startswith(head) for a in reading.actors)
    bare = all(field.references for field in entity.fields)
    worked = any(o.entity == entity.name and o.method != "GET" for o in reading.operations)
    return (acting or short) and bare and not entity.stated and not worked and _held(entity, existing) is None


def _pointed(fields: Iterable[Field], roles: set[str], into: str) -> tuple[Field, ...]:
    return tuple(replace(f, references=into) if f.references in roles else f for f in fields)


def _related(relations: Sequence[Relationship], roles: set[str], into: str) -> Iterable[Relationship]:
    for relation in relations:
        parent, child = (into if name in roles else name for name in (relation.parent, relation.child))
        if parent != child or (relation.parent, relation.child) == (parent, child):
            yield replace(relation, parent=parent, child=child)
