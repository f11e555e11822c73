"""The status codes an operation answers: in its section, in tables, in sequence diagrams; and those its OpenAPI documents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from ... import diagram
from ...document import Document, Heading, Table
from .. import openapi
from ..about import About
from ..artefact import of_kind
from ..wrong import Wrong, Wrongs
from . import words
from .named import METHODS, column, rows

_HEADED = re.compile(rf"(?:\d[\d.]{{0,10}}\s+)?({METHODS})\s+(/\S*)(?!\S)")
_CALL = re.compile(rf"\s*(?:\d+[.:)]\s*)?({METHODS})\s+(/[^\s{{(]*(?:\{{[^\s{{}}]*\}}[^\s{{(]*)*)")
_OPERATION = re.compile(rf"\b({METHODS})\b`?\s+`?(/[^\s`|,;)]*)")
_REPLY = re.compile(r"\s*(?:HTTP(?:/[\d.]{1,5})?\s+)?([2-5]\d\d)(?![\w%.-]|\s*(?:ms|s|seconds?|items?|rows?|bytes)\b)")
_NUMBER = re.compile(r"(?<![\w.-])([2-5]\d\d)(?![\w%-]|\.\d)")
_BUT = re.compile(r"\b(?:all|any|every|each|but|except|not|other)\b", re.IGNORECASE)
"""What makes a list of operations something else than a list."""
_ELSEWHERE = frozenset({"429"})
"""What something before the server may answer."""
Key = tuple[str, str]
"""Method and path, without the names of its parameters."""


class Said(NamedTuple):
    """That an operation (``name``: as it is called there, ``key``) answers a ``status``, on a ``line``."""

    line: int
    name: str
    key: Key | str
    status: str


def answers_as_its_api_documents(document: Document, about: About) -> Wrongs:
    """Have an operation answer only status codes that its OpenAPI documents, in its section, in tables and in sequence diagrams."""
    there = documented((document, *about.beside))
    seen: set[tuple[int, Key | str, str]] = set()
    for each in said(document) if there else ():
        known = there.get(each.key)
        if known is None or covers(known, each.status):
            continue
        if (each.line, each.key, each.status) in seen:
            continue
        seen.add((each.line, each.key, each.status))
        others = ", ".join(sorted(known)) or "none"
        hint = f"document {each.status} there, or answer one it documents: {others}"
        severity = "warning" if each.status[0] == "5" or each.status in _ELSEWHERE else "error"
        message = f"{each.name} answers {each.status} here, which its OpenAPI does not document"
        yield Wrong(each.line, message, hint, severity=severity)


def covers(known: frozenset[str], status: str) -> bool:
    """Whether a status is one of ``known``, or of a range of them."""
    return status in known or f"{status[0]}XX" in known or "DEFAULT" in known


@lru_cache(maxsize=64)
def documented(documents: tuple[Document, ...]) -> Mapping[Key | str, frozenset[str]]:
    """The statuses of each operation, by method and path and by its operationId."""
    found: dict[Key | str, frozenset[str]] = {}
    for document in documents:
        for each in openapi.operations(document):
            statuses = frozenset(status.upper() for status in each.statuses)
            names: list[Key | str] = [(each.method, words.path(base + each.path)) for base in ("", each.base)]
            for name in [*names, each.id] if each.id else names:
                found[name] = found.get(name, frozenset()) | statuses
    return found


@lru_cache(maxsize=256)
def said(document: Document) -> tuple[Said, ...]:
    """The statuses that ``document`` says its operations answer."""
    return (*_in_sections(document), *_in_tables(document), *_in_diagrams(document))


def _in_sections(document: Document) -> Iterator[Said]:
    """What the section of an operation says: tables with a column *Status*, and headings that begin with a status."""
    placed: list[Heading | Table] = [*document.headings, *document.tables]
    inside: tuple[int, str, Key] | None = None
    for each in sorted(placed, key=lambda one: one.line):
        if isinstance(each, Heading):
            if inside and each.level <= inside[0]:
                inside = None
            named = _HEADED.match(each.text)
            if named and not inside:
                inside = each.level, f"{named[1]} {named[2]}", (named[1], words.path(named[2]))
            elif inside and (status := _REPLY.match(each.text)):
                yield Said(each.line, inside[1], inside[2], status[1])
        elif inside and (at := column(each, "Status", "Status code", "HTTP status")) is not None:
            for line, row in rows(each):
                yield from (Said(line, inside[1], inside[2], status) for status in _statuses(row[at]))


def _in_tables(document: Document) -> Iterator[Said]:
    """What tables say that name the operation beside the status: by method and path, or by operationId."""
    for table in document.tables:
        at = column(table, "Status", "Status code", "HTTP status", "Statuses", "Responses")
        method, path = column(table, "Method", "Verb"), column(table, "Path", "Endpoint", "Route", "URL")
        named = column(table, "Operations", "Operation", "Endpoints", "Endpoint", "operationId")
        if at is None or at in (path, named):
            continue
        for line, row in rows(table):
            for status in _statuses(row[at]):
                if method is not None and path is not None and method != path:
                    verb, where = words.word(row[method]).upper(), words.word(row[path])
                    yield Said(line, f"{verb} {where}", (verb, words.path(where)), status)
                elif named is not None and not _BUT.search(row[named]):
                    for verb, where in _OPERATION.findall(row[named]):
                        yield Said(line, f"{verb} {where}", (verb, words.path(where)), status)
                    yield from (Said(line, name, name, status) for name in _names(row[named]))


def _names(cell: str) -> list[str]:
    """What a cell lists as code, or as words alone with commas between them."""
    listed = [each.strip() for each in words.word(cell).split(",")]
    return listed if all(map(str.isidentifier, listed)) else re.findall(r"`([A-Za-z_]\w{0,80})`", cell)


def _statuses(cell: str) -> list[str]:
    """The statuses a cell consists of; none when it says something else as well, but for the names of statuses."""
    text = words.word(cell)[:200]
    found = _NUMBER.findall(text)
    return found if re.match(r"[2-5]\d\d\b", text) else []


def _in_diagrams(document: Document) -> Iterator[Said]:
    """What sequence diagrams say: who was asked for an operation answers a status to who asked."""
    for artefact in of_kind(document, "mermaid"):
        asked: dict[tuple[str, str], tuple[str, Key]] = {}
        for each in diagram.facts(artefact.text).get("messages", ()):
            text, ends = str(each.get("text", ""))[:400], (str(each.get("from", "")), str(each.get("to", "")))
            if call := _CALL.match(text):
                asked[ends] = f"{call[1]} {call[2]}", (call[1], words.path(call[2]))
            elif (reply := _REPLY.match(text)) and (of := asked.get((ends[1], ends[0]))):
                yield Said(artefact.line + max(1, each.get("line") or 1) - 1, *of, reply[1])
