"""Operations as the API wants them: identifiers, the responses that follow, parameters of their paths."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..facts import Operation, Parameter, Response
from . import words
from .lexicon import NOUN_TOO
from .phrases import VERBS

_PREFIX = re.compile(r"^(?:api|rest|v\d+)$")


def statics(path: str) -> list[str]:
    """The segments of ``path`` that name something: neither parameters nor ``api`` and a version."""
    return [
        part for part in path.strip("/").split("/") if part and not part.startswith("{") and not _PREFIX.match(part)
    ]


def verbal(segment: str) -> bool:
    """Whether a path segment is an action rather than a collection."""
    spelt = words.parts(segment)
    if not spelt or (len(spelt) > 1 and spelt[0] in NOUN_TOO and words.plural(words.singular(spelt[-1])) == spelt[-1]):
        return False
    return (
        spelt[0] in VERBS | {"set", "put", "do", "mark", "forgot", "change"}
        and words.plural(words.singular(spelt[0])) != spelt[0]
    )


def subject(path: str) -> tuple[str, ...]:
    """The words, singular, of the thing a path is about: ``/orders/{id}/cancel`` is about an order, ``/set_secret`` about a secret."""
    for segment in reversed(statics(path)):
        named = words.parts(segment)
        if verbal(segment):
            named = named[1:]
        if named:
            return (*named[:-1], words.singular(named[-1]))
    return ()


def identifiers(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """``operations`` with unique camelCase ids."""
    used: set[str] = set()
    done = []
    for operation in operations:
        name = operation.id or _identifier(operation.method, operation.path)
        if name in used:
            name = _identifier(operation.method, operation.path, whole=True)
        number, unique = 2, name
        while unique in used:
            unique, number = f"{name}{number}", number + 1
        used.add(unique)
        done.append(replace(operation, id=unique))
    return tuple(done)


def _identifier(method: str, path: str, whole: bool = False) -> str:
    named = statics(path) or ["root"]
    last = words.parts(named[-1]) or ["root"]
    parents = [words.singular(word) for segment in named[:-1] for word in words.parts(segment)]
    single = [*last[:-1], words.singular(last[-1])]
    by_key = path.rstrip("/").endswith("}")
    if verbal(named[-1]) and not by_key:
        return words.camel([*last, *parents[-1:]]) if not whole else words.camel([method.lower(), *last, *parents])
    verb = {
        "GET": "get" if by_key or single == last else "list",
        "POST": "create",
        "PUT": "replace",
        "PATCH": "update",
        "DELETE": "delete",
    }[method]
    thing = single if by_key or method != "GET" else last
    return words.camel(
        [verb, *(parents if whole else []), *thing, *(["by", "key"] if whole and by_key and not parents else [])]
    )


def answered(operation: Operation, schema: str, many: bool) -> Operation:
    """``operation`` with the responses that follow from its method, body and auth, unless the brief states its own."""
    responses = list(operation.responses)
    codes = {response.status for response in responses}
    if not any(code < 300 for code in codes):
        action = operation.method == "POST" and verbal(operation.path.rsplit("/", 1)[-1])
        status = 200 if action else {"POST": 201, "DELETE": 204}.get(operation.method, 200)
        meaning = {200: "The result", 201: "Created", 204: "Deleted"}[status]
        responses.insert(
            0,
            Response(status, meaning, schema="" if status == 204 else schema, many=many and operation.method == "GET"),
        )
    if not any(response.sources for response in operation.responses):
        wanted = [400] if operation.body or any(p.place == "query" for p in operation.parameters) else []
        wanted += [401] if operation.auth == "bearer" else []
        wanted += [403] if operation.auth == "bearer" and operation.roles else []
        wanted += [404] if "{" in operation.path else []
        wanted += (
            [409]
            if operation.method == "POST"
            and operation.path.count("{") == 1
            and verbal(operation.path.rsplit("/", 1)[-1])
            else []
        )
        said = {
            400: "The input is invalid",
            401: "Not authenticated",
            403: "The caller's role may not do this",
            404: "There is no such record",
            409: "Its state does not allow this",
        }
        responses += [Response(code, said[code]) for code in wanted]
    return replace(operation, responses=tuple(sorted(responses, key=lambda response: response.status)))


def distinct(operations: Sequence[Operation]) -> tuple[Operation, ...]:
    """One operation for each method and path; where two paths differ only in parameter names, or a name could be a parameter, the first stays."""
    kept: dict[tuple[str, str], Operation] = {}
    names: dict[str, str] = {}
    for operation in operations:
        shape = re.sub(r"\{[^}]*\}", "{}", operation.path).rstrip("/").lower() or "/"
        path = names.setdefault(shape, operation.path)
        operation = operation if path == operation.path else _renamed(operation, path)
        old = kept.get((operation.method, shape))
        kept[(operation.method, shape)] = operation if old is None else _joined(old, operation)
    return tuple(kept.values())


def nested(operations: Sequence[Operation]) -> list[Operation]:
    """``operations`` with those that create below a parent standing for the same creation without one."""
    below = {
        f"/{operation.path.rsplit('/', 1)[-1]}": operation
        for operation in operations
        if operation.method == "POST"
        and not operation.stated
        and re.fullmatch(r"/[\w-]+/\{\w+\}/[\w-]+", operation.path)
        and not verbal(operation.path.rsplit("/", 1)[-1])
    }
    moved = []
    for operation in operations:
        parent = below.get(operation.path) if operation.method == "POST" and not operation.stated else None
        moved.append(
            replace(parent, roles=operation.roles, sources=operation.sources, purpose=operation.purpose)
            if parent
            else operation
        )
    return moved


def _renamed(operation: Operation, path: str) -> Operation:
    before, after = re.findall(r"\{([^}]*)\}", operation.path), re.findall(r"\{([^}]*)\}", path)
    rename = dict(zip(before, after, strict=False))
    return replace(
        operation,
        path=path,
        parameters=tuple(
            replace(p, name=rename.get(p.name, p.name)) if p.place == "path" else p for p in operation.parameters
        ),
    )


def _joined(one: Operation, two: Operation) -> Operation:
    if len(one.sources) >= 200:
        return one
    names = {(parameter.name, parameter.place) for parameter in one.parameters}
    more = tuple(parameter for parameter in two.parameters if (parameter.name, parameter.place) not in names)
    return replace(
        one, parameters=one.parameters + more, body=one.body or two.body, body_schema=one.body_schema or two.body_schema,
        roles=tuple(dict.fromkeys(one.roles + two.roles)), sources=tuple(dict.fromkeys(one.sources + two.sources)), purpose=one.purpose or two.purpose,
    )  # fmt: skip


def keys(path: str, types: dict[str, str], sources: tuple[str, ...]) -> tuple[Parameter, ...]:
    """The path parameters of ``path``, each of the type its key has in ``types`` (``uuid`` otherwise)."""
    return tuple(
        Parameter(
            name, "path", types.get(name, "uuid"), True, f"Which {name.removesuffix('_id').replace('_', ' ')}", sources
        )
        for name in re.findall(r"\{([^}]+)\}", path)
    )
