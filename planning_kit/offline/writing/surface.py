"""The operations of a reading as they can stand in an interface: paths, ids and parameters that agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..facts import Operation, Parameter, Reading, Response
from .markdown import shorten
from .naming import camel, distinct, words

_TWICE = re.compile(
    r"\btwice\b(?! a\b)|\bdouble[- ]book|must not overlap|\bduplicates? |\balready (?:exists?|taken|in use|booked)|\bat the same time\b|\bunique\b"
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_OPEN = re.compile(r"(?i)log_?in|sign_?in|register|sign_?up|token|authenticate|health")


def settle(reading: Reading) -> tuple[Operation, ...]:
    """Every operation once, with a unique id, a well-formed path and exactly the path parameters it shows.

    An operation without a stated success gets the usual one, and what was not stated gets the errors its path and
    protection imply, see :func:`protected`.
    """
    ids: set[str] = set()
    seen: set[tuple[str, str]] = set()
    shapes: dict[str, str] = {}
    settled = []
    for operation in reading.operations:
        path = shapes.setdefault(_shape(_path(operation.path)), _path(operation.path))
        method = operation.method.upper()
        if (method, path) in seen or method not in METHODS:
            continue
        seen.add((method, path))
        name = distinct(camel(operation.id or f"{method} {path}"), ids)
        changed = replace(operation, id=name, method=method, path=path)
        changed = replace(changed, parameters=_parameters(operation.parameters, path))
        if reading.served:
            changed = _paged(changed)
        settled.append(replace(changed, responses=_responses(reading, changed, protected(reading, changed))))
    return tuple(settled)


def protected(reading: Reading, operation: Operation) -> bool:
    """Whether a call needs a bearer token: what the brief says; where it is silent, the rule below.

    An endpoint the brief names outright stays as it names it, a command needs no token, and everything else is behind one,
    except what hands tokens out.
    """
    if operation.auth in ("none", "bearer"):
        return operation.auth == "bearer"
    if operation.stated or not reading.served:
        return False
    return not (operation.method == "POST" and _OPEN.search(operation.id) and _known(operation))


def _conflicts(reading: Reading, operation: Operation) -> list[Response]:
    """What the brief says must not be there twice, as a conflict of the operation that would bring it about."""
    if operation.stated or operation.method != "POST" or not operation.body:
        return []
    entity = reading.entity(operation.entity)
    above = {words(field.references) for field in entity.fields if field.references} if entity else set()
    told = " ".join(reading.by_id[s].plain.lower() for s in operation.sources if s in reading.by_id)
    found = []
    for statement in reading.statements:
        text = statement.text.lower()
        if statement.area == "exclusion" or not _TWICE.search(text):
            continue
        done = [word[:-2] for word in re.findall(r"[a-z]{4,}ed\b", text)]
        named = {name for name in {words(operation.entity), *above} if re.search(rf"\b{re.escape(name)}s?\b", text)}
        met = any(re.search(rf"\b{stem}", told) for stem in done) if done else words(operation.entity) in named
        if named and met:
            found.append(Response(409, shorten(statement.text, 160).rstrip("."), sources=(statement.source,)))
    return found[:1]


def _known(operation: Operation) -> bool:
    """Whether the caller shows who they are in the body."""
    return any(field.personal == "credential" or "password" in field.name.lower() for field in operation.body)


def _path(path: str) -> str:
    """``path`` starting with a slash, with ``:id`` and ``<id>`` in braces and nothing a template can't hold."""
    path = re.sub(r"/:(\w+)", r"/{\1}", path.strip().split("?")[0])
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
    return "/" + "/".join(_part(part) for part in re.split(r"/+", path) if part)


def _part(part: str) -> str:
    whole = re.fullmatch(r"\{(.+)\}", part)
    if whole:
        return "{" + (re.sub(r"\W", "_", whole.group(1), flags=re.ASCII) or "id") + "}"
    return re.sub(r"[^A-Za-z0-9._~-]", "-", part)


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def _parameters(parameters: Sequence[Parameter], path: str) -> tuple[Parameter, ...]:
    inside = list(dict.fromkeys(re.findall(r"\{(\w+)\}", path)))
    known = {p.name: p for p in parameters if p.place == "path"}
    found = [
        replace(known.get(name, Parameter(name, "path", "string", True, "", ())), required=True) for name in inside
    ]
    others: dict[tuple[str, str], Parameter] = {}
    for parameter in parameters:
        if parameter.place in ("query", "header"):
            others.setdefault((parameter.place, parameter.name), parameter)
    return (*found, *others.values())


def _paged(operation: Operation) -> Operation:
    """``operation`` with ``limit`` and ``offset`` when it lists and the brief does not lay down how."""
    named = {parameter.name.lower() for parameter in operation.parameters}
    many = operation.method == "GET" and any(response.many for response in operation.responses)
    if operation.stated or not many or named & {"limit", "page", "cursor"}:
        return operation
    pages = (
        Parameter("limit", "query", "integer", False, "most rows returned", ()),
        Parameter("offset", "query", "integer", False, "rows left out before them", ()),
    )
    return replace(operation, parameters=(*operation.parameters, *pages))


def _responses(reading: Reading, operation: Operation, bearer: bool) -> tuple[Response, ...]:
    found = {r.status: replace(r, media=_media(r.media)) for r in operation.responses if 100 <= r.status <= 599}
    if not any(200 <= status < 400 for status in found):
        usual = {"POST": (201, "created"), "DELETE": (204, "deleted")}.get(operation.method, (200, "as asked for"))
        found[usual[0]] = Response(usual[0], usual[1], schema="" if usual[0] == 204 else operation.entity)
    implied: dict[int, str] = {}
    if bearer:
        implied[401] = "not signed in"
    for conflict in _conflicts(reading, operation):
        found[409] = conflict
    if not operation.stated:
        if operation.roles and bearer:
            implied[403] = "the caller's role may not do this"
        if "{" in operation.path:
            implied[404] = f"no such {words(operation.entity) if operation.entity else 'thing'}"
        if operation.body or any(parameter.place == "query" for parameter in operation.parameters):
            implied[400] = "the request breaks a validation rule"
    for status, meaning in implied.items():
        found.setdefault(status, Response(status, meaning))
    return tuple(found[status] for status in sorted(found))


def _media(media: str) -> str:
    return media if re.fullmatch(r"[\w.+-]+/[\w.+-]+", media, flags=re.ASCII) else "application/json"
