"""From requirement to operation: the catalogue, the OpenAPI document and the sections hold the same operations, each asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ... import ids
from ...document import Document
from .. import openapi
from ..about import About
from ..agreement import words
from ..agreement.named import METHODS, column, rows
from ..wrong import Wrong, Wrongs
from . import known

Key = tuple[str, str]
"""Method and path, without the names of its parameters."""
_HEADED = re.compile(rf"({METHODS})\s+(/\S*)(?!\S)")
_NAME = re.compile(r"[A-Za-z_]\w*")


class Row(NamedTuple):
    """A row of the catalogue: its ``line``, the operation's ``method``, ``path`` and ``name``, the ids it is asked for by."""

    line: int
    method: str
    path: str
    name: str
    asked: tuple[str, ...]


def asks_for_its_operations(document: Document, about: About) -> Wrongs:
    """Have the same operations in the endpoint catalogue, the OpenAPI document and a section each, and name for each in the catalogue a requirement or story that exists and asks for it."""
    served = openapi.operations(document)
    listed = list(catalogue(document))
    known_here = {key for each in served for key in keys(each)}
    named = {(each.method, words.path(each.path)) for each in listed}
    for each in served:
        if not keys(each) & named:
            hint = "add its row, with the requirements that ask for it; or take it out, if none does"
            yield Wrong(each.line, f"{each.method} {each.path} is not in the endpoint catalogue", hint)
    yield from _asked(listed, about)
    yield from _told(document, served, known_here)
    yield from _called(listed, served)


def keys(operation: openapi.Operation) -> set[Key]:
    """What an operation may be called: by its path, and by that behind the base path."""
    return {(operation.method, words.path(base + operation.path)) for base in ("", operation.base)}


def catalogue(document: Document) -> Iterator[Row]:
    """The rows of every table that gives methods and paths the requirements or stories they come from."""
    for table in document.tables:
        method, path = column(table, "Method"), column(table, "Path")
        by = [column(table, "Requirements", "Requirement"), column(table, "Stories", "Story")]
        if method is None or path is None or by == [None, None]:
            continue
        name = column(table, "Operation", "operationId")
        for line, row in rows(table):
            said = "" if name is None else words.word(row[name])
            where = words.word(row[path])
            if where.startswith("/"):
                cells = " ".join(row[at] for at in by if at is not None)
                yield Row(line, words.word(row[method]).upper(), where, said, ids.cited(cells))


def _asked(listed: list[Row], about: About) -> Wrongs:
    """Whether somebody asks for each operation."""
    there = known.beside(about, *ids.REQUIREMENTS, known.STORIES)
    for each in listed:
        named = [name for name in each.asked if ids.ID.fullmatch(name)]
        if there and not any(name in there for name in named) or not named:
            said = f"nobody asks for {each.method} {each.path}"
            if named:
                said += f": {known.listed(named)} {'is' if len(named) == 1 else 'are'} not there"
            yield Wrong(each.line, said, "name the requirement or story it serves, or leave the operation out")


def _told(document: Document, served: tuple[openapi.Operation, ...], known_here: set[Key]) -> Wrongs:
    """Whether each operation has its section, and each section its operation."""
    first, last = known.under(document, "Endpoints")
    headed: dict[Key, tuple[int, str]] = {}
    for heading in document.headings:
        said = _HEADED.match(heading.text) if first < heading.line <= last else None
        if said:
            headed.setdefault((said[1], words.path(said[2])), (heading.line, heading.text))
    flat = {(method, path.replace("__", "")) for method, path in known_here}
    for each in served:
        alike = {(method, path.replace("__", "")) for method, path in keys(each)}
        if first and not alike & set(headed):
            yield Wrong(first, f"{each.method} {each.path} has no section of its own", f"add '### {each.method} {each.path}'", 1)  # fmt: skip
    for key, (line, text) in headed.items():
        if served and key not in flat:
            hint = f"take it out, or name an operation of the OpenAPI document{known.near(text, (' '.join(one) for one in sorted(flat)))}"
            yield Wrong(line, f"{text!r} is not an operation of the OpenAPI document", hint, 1)


def _called(listed: list[Row], served: tuple[openapi.Operation, ...]) -> Wrongs:
    """Rows that call an operation by another operationId than the OpenAPI document."""
    names = {key: each.id for each in served for key in keys(each) if each.id}
    for each in listed:
        name = names.get((each.method, words.path(each.path)))
        if name and _NAME.fullmatch(each.name) and each.name != name and re.search(r"[a-z][A-Z]|_", each.name):
            said = f"{each.method} {each.path} is called {each.name} here and {name} in the OpenAPI document"
            yield Wrong(each.line, said, f"call it {name}", severity="warning")
