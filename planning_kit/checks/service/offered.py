"""What the design's OpenAPI document offers, for the documents that rest on it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...document import Document
from ...ids import METHODS
from .. import openapi
from ..about import About
from ..agreement import words
from ..specified.interface import Key, keys

ARCHITECTURE = "integration-architecture.md"
"""The file whose OpenAPI document has the last word in a service design."""
OPERATIONAL = re.compile(
    r"/(?:[\w-]{1,40}/){0,3}(?:healthz?|health-?checks?|livez?|liveness|alive|ping|readyz?|readiness|startupz?|versionz?|info|metrics|docs|redoc|swagger"
    r"|openapi\.(?:json|ya?ml))(?:/[\w-]{1,40})?/?",
    re.IGNORECASE,
)
"""What a server answers beside its API."""


def contracts(document: Document, about: About) -> tuple[Document, ...]:
    """The documents whose OpenAPI counts: the architecture of this design if it is there and has operations, else every one that has."""
    every = tuple(each for each in (document, *about.beside) if openapi.operations(each))
    own = tuple(each for each in every if each.name.rpartition("/")[2] == ARCHITECTURE)
    return own or every


def operations(document: Document, about: About) -> tuple[openapi.Operation, ...]:
    """The operations the design has to cover, in the order they are written."""
    every = (each for one in contracts(document, about) for each in openapi.operations(one))
    return tuple(each for each in every if each.path.startswith("/") and each.method in METHODS.split("|"))


def empty(about: About) -> bool:
    """Whether an OpenAPI document is there and has no operation: the brief names none."""
    there = any(openapi.documents_in(each) for each in about.beside)
    return there and not any(openapi.operations(each) for each in about.beside)


def everywhere(document: Document, about: About) -> dict[Key, openapi.Operation]:
    """Every operation of every OpenAPI document by what it may be called, those of an earlier run included."""
    found: dict[Key, openapi.Operation] = {}
    for one in (*contracts(document, about), document, *about.beside):
        for each in openapi.operations(one):
            for key in keys(each):
                found.setdefault(key, each)
    return found


def resources(paths: Iterable[str]) -> frozenset[str]:
    """The fixed parts of paths that name a thing, and no version or base."""
    parts = (part for path in paths for part in path.split("/"))
    return frozenset(part for part in parts if part and not re.fullmatch(r"v\d{1,4}|api|rest|\{\}", part))


def fits(path: str, template: str) -> bool:
    """Whether ``path`` may be a request to ``template``, both without the names of their parameters; ``{}`` stands for any part in either."""
    mine, theirs = words.path(path).split("/"), template.split("/")
    if len(mine) != len(theirs):
        return False
    return all(_alike(one, other) for one, other in zip(mine, theirs, strict=True))


def _alike(one: str, other: str) -> bool:
    """Whether a part of a path may be a part of a template; ``{}`` within either is anything."""
    if one == other or one == "{}" or other == "{}":
        return bool(one) == bool(other)
    if "{}" not in one and "{}" not in other:
        return False
    held, free = (other, one) if "{}" in other else (one, other)
    before, _, after = held.partition("{}")
    return free.startswith(before) and free.endswith(after.rpartition("{}")[2])
