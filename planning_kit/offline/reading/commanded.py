"""The commands of a command line, offered as operations over HTTP."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..facts import Entity, Field, Operation, Parameter
from . import fields, shapes, words
from .commands import Command
from .lexicon import CREATE, DELETE, LIST, UPDATE


def operations(called: Sequence[Command], kept: Sequence[Entity], types: dict[str, str]) -> list[Operation]:
    """One operation for each command, those on one thing together."""
    made = []
    for command in called:
        entity = next((entity for entity in kept if entity.name == words.pascal(command.target)), None)
        if entity:
            made += _operation(command, entity, types)
    first = {operation.entity: at for at, operation in reversed(list(enumerate(made)))}
    return sorted(made, key=lambda operation: first[operation.entity])


def _operation(command: Command, entity: Entity, types: dict[str, str]) -> list[Operation]:
    collection = "/" + words.snake(words.many(command.target)).replace("_", "-")
    single = f"{collection}/{{{words.snake(command.target)}_id}}"
    given = [field for field in fields.merged(command.options, command.flags) if field.name != "id"]
    body = tuple(
        next((replace(field, required=one.required) for field in entity.fields if field.name == one.name), one)
        for one in given
    )
    purpose = _plainly(command.purpose) or f"{command.verb.capitalize()} {' '.join(command.target)}"
    if words.base(command.verb, CREATE):
        return [_made("POST", collection, purpose, entity, command, types, body or _own(entity))]
    if words.base(command.verb, LIST):
        query = tuple(
            Parameter(field.name, "query", field.type, False, field.meaning, field.sources, field.values)
            for field in body
        )
        return [replace(_made("GET", collection, purpose, entity, command, types, ()), parameters=query)]
    if words.base(command.verb, UPDATE):
        return [
            _made(
                "PATCH",
                single,
                purpose,
                entity,
                command,
                types,
                tuple(replace(field, required=False) for field in body or _own(entity)),
            )
        ]
    if words.base(command.verb, DELETE):
        return [_made("DELETE", single, purpose, entity, command, types, ())]
    return []


def _own(entity: Entity) -> tuple[Field, ...]:
    return tuple(field for field in entity.fields if field.name != "id")


def _made(
    method: str,
    path: str,
    purpose: str,
    entity: Entity,
    command: Command,
    types: dict[str, str],
    body: tuple[Field, ...],
) -> Operation:
    return Operation(
        "",
        method,
        path,
        purpose,
        entity.name,
        shapes.keys(path, types, command.sources[:1]),
        body,
        "",
        (),
        "open",
        (),
        command.sources,
    )


def _plainly(intro: str) -> str:
    """What the line before a command says it does: 'To add a school, use the following command:' is 'Add a school'."""
    said = re.split(r"(?i),?\s*(?:use|run|type|execute|enter)\b", intro.rstrip(": "))[0]
    said = re.sub(r"(?i)^to\s+", "", said).strip(" ,")
    return said[:1].upper() + said[1:]
