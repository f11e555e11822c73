"""Operations the brief names outright, with exactly what it says of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..facts import Entity, Field, Operation, Response
from . import contracts, fields, responses, shapes, words
from .endpoints import Endpoint
from .lexicon import LOGIN, ROLES, TECHNICAL
from .roster import Roster

_ENTRY = re.compile(r"(?i)^(?:register|signup|sign-up|sign_up|login|log-in|signin|sign-in)$")


def note(named: Sequence[Endpoint], roster: Roster) -> None:
    """Add the things the paths are about, with the fields of the bodies that create them."""
    for endpoint in named:
        made, schema = contracts.body(endpoint)
        phrase = _about(endpoint, made, roster)
        if schema and words.one(schema) in roster:
            continue
        if not phrase:
            continue
        modelled = phrase in roster and roster[phrase].weight >= 10 and bool(roster[phrase].fields)
        found = roster.note(phrase, endpoint.sources[0] if endpoint.sources else "", 0 if phrase in roster else 6, True)
        if found and not modelled and endpoint.method in ("POST", "PUT", "PATCH") and not _action(endpoint.path):
            found.fields = fields.merged(found.fields, made)
        if found:
            found.sources += [source for source in endpoint.sources if source not in found.sources]
    _owned(named, roster)


def _about(endpoint: Endpoint, made: Sequence[Field], roster: Roster) -> tuple[str, ...]:
    last = (shapes.statics(endpoint.path) or [""])[-1]
    if _ENTRY.match(last) or words.parts(last)[:1] == ["login"]:
        return ("user",) if {field.name.lower() for field in made} & {"email", "username", "password", "user"} else ()
    phrase = shapes.subject(endpoint.path)
    if roster.means(phrase, strict=True):
        return roster.means(phrase, strict=True) or phrase
    return () if phrase and (phrase[-1] in TECHNICAL or phrase[0] in LOGIN) else phrase


def _action(path: str) -> bool:
    last = (shapes.statics(path) or [""])[-1]
    return path.count("{") == 1 and not path.endswith("}") and shapes.verbal(last)


def _owned(named: Sequence[Endpoint], roster: Roster) -> None:
    """What another thing is looked up by (a user name) refers to it instead of being kept twice."""
    user = roster.get(("user",))
    if not user:
        return
    keys = {field.name for field in user.fields if field.name in ("username", "user", "email", "user_name")}
    for name, found in roster.items():
        doubled = [field for field in found.fields if field.name in keys] if found is not user else []
        if doubled and name != ("user",):
            pointer = Field(
                "user_id",
                "uuid",
                True,
                f"Whose it is; the brief passes {doubled[0].name}",
                doubled[0].sources,
                references="User",
            )
            found.fields = (*(field for field in found.fields if field not in doubled), pointer)


def operations(named: Sequence[Endpoint], kept: Sequence[Entity], everywhere: str) -> list[Operation]:
    """One operation for each named endpoint."""
    return [_operation(endpoint, kept, everywhere) for endpoint in named]


def _operation(endpoint: Endpoint, kept: Sequence[Entity], everywhere: str) -> Operation:
    body, schema = contracts.body(endpoint)
    roster = {entity.name: entity for entity in kept}
    about = words.pascal(_entity_words(endpoint, body, kept))
    if schema in roster:
        body = tuple(field for field in roster[schema].fields if field.name != "id" and not field.references) or body
        body = tuple(contracts.exampled(field, endpoint.sentences) for field in body)
        about = schema
    answers = tuple(
        _answer(response, endpoint, about if about in roster else "") for response in responses.responses(endpoint)
    )
    creates = (
        endpoint.method in ("POST", "PUT")
        and about in roster
        and not _action(endpoint.path)
        and not _ENTRY.match((shapes.statics(endpoint.path) or [""])[-1])
    )
    if not body and creates and not schema:
        body, schema = tuple(field for field in roster[about].fields if field.name != "id"), about
    role = next((cell for column, cell in endpoint.row.items() if re.search(r"role|actor|who|auth", column)), "")
    only = next(
        (
            hit.group(1)
            for sentence in endpoint.sentences
            if (hit := re.search(r"(?i)\b([a-z]+) only\b", sentence.text))
        ),
        "",
    )
    role = role or (only if words.singular(only) in ROLES else "")
    return Operation(
        "", endpoint.method, endpoint.path, contracts.purpose(endpoint) or _plainly(endpoint, about), about if about in roster else "", contracts.parameters(endpoint), body, schema if schema in roster else "",
        answers, contracts.auth(endpoint, everywhere), (role,) if role else (), endpoint.sources, endpoint.named,
    )  # fmt: skip


def _plainly(endpoint: Endpoint, about: str) -> str:
    """What an endpoint of which the brief says nothing more is for, by its method."""
    verb = {"GET": "Read", "POST": "Create", "PUT": "Replace", "PATCH": "Change", "DELETE": "Delete"}[endpoint.method]
    thing = " ".join(words.parts(about) or words.parts((shapes.statics(endpoint.path) or ["the root"])[-1]))
    several = endpoint.method == "GET" and not endpoint.path.endswith("}")
    return f"{verb} {' '.join(words.many(thing.split()))}" if several else f"{verb} one {thing}"


def _entity_words(endpoint: Endpoint, body: Sequence[Field], kept: Sequence[Entity]) -> tuple[str, ...]:
    last = (shapes.statics(endpoint.path) or [""])[-1]
    if _ENTRY.match(last):
        return ("user",)
    phrase = shapes.subject(endpoint.path)
    known = {entity.name for entity in kept}
    for start in range(len(phrase)):
        if words.pascal(phrase[start:]) in known:
            return phrase[start:]
    return phrase


def _answer(response: Response, endpoint: Endpoint, about: str) -> Response:
    """``response`` with the entity's schema where it returns one and the brief gives it no fields of its own."""
    plain = (
        response.fields
        or not about
        or response.status >= 300
        or response.status == 204
        or response.media != "application/json"
        or _ENTRY.match((shapes.statics(endpoint.path) or [""])[-1])
    )
    if plain or endpoint.method != "GET":  # the brief says what comes back, and a record is not it
        return response
    many = endpoint.method == "GET" and not endpoint.path.endswith("}")
    return Response(response.status, response.meaning, response.media, about, many, (), response.sources)
