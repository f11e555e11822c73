"""Operations as a document's OpenAPI defines them: with the names their extensions give, and the schemas they take and answer with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .. import ids
from ..checks import openapi
from ..checks.agreement import words
from ..document import Document

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
MOST_NODES = 2_000
"""So many values of one operation are looked through for the schemas it names."""
_NAME = re.compile(rf"[PRQA]\d{{1,6}}|{ids.ID.pattern}")
_SHAPES = re.compile(r"(?:input|update|create|created|patch|request|response|list|page|collection|body|result|new|summary|details?)$")  # fmt: skip


def defined(document: Document) -> Iterator[tuple[openapi.Operation, tuple[str, ...]]]:
    """Each operation of the OpenAPI in ``document``, with the passages and ids its extensions (``x-sources`` …) name."""
    found = openapi.operations(document)
    told = {(method, path): _extensions(each) for method, path, each in _values(document)} if found and "x-" in document.text else {}  # fmt: skip
    for each in found:
        yield each, told.get((each.method, each.path), ())


def entities(document: Document) -> dict[tuple[str, str], frozenset[str]]:
    """What each operation is about, by method and path: the entities of its path and of the schemas it takes and answers with."""
    return {
        (method, path): frozenset((*on_path(path)[-1:], *_schemas(each))) for method, path, each in _values(document)
    }


def on_path(path: str) -> list[str]:
    """The entities ``path`` names, outermost first: ``resource``, ``slot`` of ``/resources/{id}/slots``."""
    return [words.entity(part) for part in path.split("?")[0].split("/") if part and not part.startswith(("{", ":"))]


def _values(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and value of every operation."""
    for each in openapi.documents_in(document):
        paths = each.get("paths")
        for path, item in paths.items() if isinstance(paths, dict) else ():
            for method, value in item.items() if isinstance(item, dict) else ():
                if method in METHODS and isinstance(value, dict):
                    yield method.upper(), str(path), value


def _extensions(value: dict[str, Any]) -> tuple[str, ...]:
    """The passages and ids that stand alone in its extensions."""
    found = []
    for key, held in value.items():
        if str(key).startswith("x-"):
            each = held if isinstance(held, list) else [held]
            found += [
                name for one in each[:MOST_NODES] if isinstance(one, str) and _NAME.fullmatch(name := one.strip("[] "))
            ]
    return tuple(dict.fromkeys(found))


def _schemas(value: dict[str, Any]) -> Iterator[str]:
    """The entities of the schemas it refers to."""
    left: list[Any] = [value.get("requestBody"), value.get("responses")]
    for _ in range(MOST_NODES):
        if not left:
            return
        each = left.pop()
        if isinstance(each, dict):
            ref = each.get("$ref")
            if isinstance(ref, str) and "/schemas/" in ref:
                yield entity(ref.rpartition("/")[2])
            left += [held for key, held in each.items() if key not in ("example", "examples", "description")]
        elif isinstance(each, list):
            left += each


def entity(schema: str) -> str:
    """What a schema is of: ``slot`` of ``SlotInput``, ``CreateSlotRequest`` and ``SlotList``."""
    parts = words.snake(schema).split("_")
    while len(parts) > 1 and _SHAPES.fullmatch(parts[-1]):
        parts.pop()
    while len(parts) > 1 and parts[0] in ("create", "update", "patch", "new", "list", "get"):
        parts.pop(0)
    return words.entity("_".join(parts))
