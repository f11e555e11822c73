"""Whether an operation is open to everybody: by its OpenAPI, and by the tables that say how it is called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ...document import Document
from .. import openapi
from ..about import About
from ..wrong import Wrong, Wrongs
from . import words
from .named import METHODS, Named, column, rows

_OPEN = re.compile(r"none|public|anonymous|anyone|everybody|unauthenticated|no|no auth(?:entication)?|(?:no(?:ne|t) )?required: no|not required|no auth(?:entication)? required")  # fmt: skip
_CLOSED = re.compile(r"(?:bearer|jwt|oauth ?2?|openid|oidc|api[- ]?key|basic|session|cookie|mtls|mutual tls|access token|token|required|yes|signed[- ]in|authenticated|login)\b")  # fmt: skip
_EITHER = re.compile(r"\b(?:none|public|optional|optionally|anonymous|no|not|or without)\b")
Key = tuple[str, str]
"""Method and path, without the names of its parameters."""


def agrees_on_who_may_call(document: Document, about: About) -> Wrongs:
    """Say the same everywhere of whether an operation is open to everybody: in columns called Auth, and as the OpenAPI's security."""
    served = _served((document, *about.beside))
    first: dict[Key, tuple[str, int, bool]] = {}
    for there in sorted((document, *about.beside), key=lambda each: each.name):
        for each, is_open in calls(there):
            key = each.of, words.path(each.text)
            if key in served:
                if served[key] is not None and served[key] != is_open and there.name == document.name:
                    yield _differs(each, is_open, "its OpenAPI")
                continue
            before = first.setdefault(key, (there.name, each.line, is_open))
            if before[2] != is_open and there.name == document.name:
                own = before[0] == document.name
                yield _differs(each, is_open, f"line {before[1]}" if own else f"{before[0].rpartition('/')[2]}:{before[1]}")  # fmt: skip


def _differs(each: Named, is_open: bool, where: str) -> Wrong:
    here, there = ("open to everybody", "protected") if is_open else ("protected", "open to everybody")
    return Wrong(each.line, f"{each.of} {each.text} is {here} here and {there} by {where}", "say the same in both")


@lru_cache(maxsize=64)
def _served(documents: tuple[Document, ...]) -> dict[Key, bool | None]:
    """Whether each operation of their OpenAPI is open; nothing where it does not say, leaves it to the caller, or says both."""
    found: dict[Key, bool | None] = {}
    for document in documents:
        for each in openapi.operations(document):
            is_open = None if each.security is None else () in each.security
            if is_open and len(set(each.security or ())) > 1:
                is_open = None
            for base in {"", each.base}:
                key = each.method, words.path(base + each.path)
                found[key] = is_open if found.setdefault(key, is_open) == is_open else None
    return found


@lru_cache(maxsize=256)
def calls(document: Document) -> tuple[tuple[Named, bool], ...]:
    """The operations its tables give a column like *Auth*, and whether it says that they are open to everybody; those that say neither are left out."""
    return tuple(_calls(document))


def _calls(document: Document) -> Iterator[tuple[Named, bool]]:
    for table in document.tables:
        method, path = column(table, "Method", "Verb", "HTTP method"), column(table, "Path", "Endpoint", "Route", "URL")
        at = column(table, "Auth", "Authentication", "Auth required", "Security")
        if method is None or path is None or at is None or method == path:
            continue
        for line, row in rows(table):
            is_open, where = says_open(row[at]), words.word(row[path])
            if is_open is not None and where.startswith("/"):
                for verb in re.findall(rf"\b(?:{METHODS})\b", row[method][:200].upper()):
                    yield Named(where, line, verb), is_open


def says_open(cell: str) -> bool | None:
    """Whether a cell about who may call says that everybody may; nothing when it says neither."""
    said = words.word(cell).casefold().strip(" .–—-")
    if _OPEN.fullmatch(said):
        return True
    return False if _CLOSED.match(said) and not _EITHER.search(said) else None
