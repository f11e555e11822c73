"""The schema of a log line: its fields, with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ...document import Document
from ..places import Unreadable, read
from . import parts

_MOST = 100_000
"""A longer schema is not read here, in this process."""
_DEEPEST = 6


@dataclass(frozen=True)
class Logged:
    """A log line.

    Attributes:
        line: the document's line its schema starts on.
        lines: its fields on the top with their lines in the document.
        flat: every field as :func:`flat` writes it, those within others by their own name and by their path.
        whole: whether it says by itself which fields there are, without leading elsewhere.
    """

    line: int
    lines: tuple[tuple[str, int], ...]
    flat: frozenset[str]
    whole: bool


def flat(name: str) -> str:
    """A field's name as all ways to spell it have it in common: ``trace_id``, ``traceId`` and ``trace.id``."""
    return re.sub(r"[\W_]", "", name.lower())


@lru_cache(maxsize=32)
def logged(document: Document) -> Logged | None:
    """The first schema with properties in the section 'Logs'; nothing where there is none that parses."""
    for fence in parts.fences(document, "Logs", ("json", "jsonc", "yaml", "yml")):
        try:
            tree = (
                read(fence.text, "json" if fence.lang.startswith("json") else "yaml")
                if len(fence.text) < _MOST
                else None
            )
        except (Unreadable, RecursionError):
            continue
        value = tree.value if tree else None
        held = value.get("properties") if isinstance(value, dict) else None
        if tree is not None and isinstance(value, dict) and isinstance(held, dict) and held:
            lines = tuple((str(name), fence.line + tree.at(("properties", name))[0] - 1) for name in held)
            names = frozenset(flat(each) for each in _names(value, ""))
            return Logged(fence.line, lines, names, not {"$ref", "allOf", "anyOf", "oneOf"} & set(value))
    return None


def _names(schema: Any, before: str, deep: int = 0) -> Iterator[str]:
    """The fields of a schema, each by its own name and by its path."""
    held = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(held, dict) or deep > _DEEPEST:
        return
    for name, each in held.items():
        yield str(name)
        yield before + str(name)
        yield from _names(each, f"{before}{name}.", deep + 1)
