"""What is kept, in one form: the tables of a document's DDL and the entities of its ER diagrams."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ... import diagram
from ...document import Document
from .. import sql
from ..artefact import of_kind

_STATE = re.compile(r"(?i)^(?:status|state|\w{1,60}_(?:status|state))$")
_UNIQUE = re.compile(r"(?i)\bunique\b")


@dataclass(frozen=True)
class Kept:
    """A table: its ``name``, the document's ``line``, its ``fields``, those that matter most first."""

    name: str
    line: int
    fields: tuple[str, ...]


def made(document: Document, table: sql.Table) -> Kept:
    """A table that DDL creates."""
    keys = [*table.primary_key, *(name for key in table.foreign_keys for name in key.columns)]
    unique = [each.name for each in table.columns if _UNIQUE.search(document.line(each.line)[:400])]
    every = [each.name for each in table.columns]
    return Kept(table.name, table.line, _first(keys, unique, every))


def drawn(document: Document) -> Iterator[Kept]:
    """The entities of every ER diagram of ``document`` that have a name of their own, each once."""
    seen = set()
    for artefact in of_kind(document, "mermaid"):
        facts = diagram.facts(artefact.text) if "erdiagram" in artefact.text[:2_000].casefold() else {}
        for name, entity in facts.get("entities", {}).items():
            if name.strip() and name not in seen:
                seen.add(name)
                line = artefact.line + max(1, entity.get("line") or 1) - 1
                yield Kept(name.strip(), line, _attributes(entity))


def _attributes(entity: dict[str, Any]) -> tuple[str, ...]:
    listed = [(str(each.get("name", "")).strip(), each.get("keys") or ()) for each in entity.get("attributes", ())]
    known = [each for each in listed if each[0]]
    keys = [name for kind in ("PK", "FK") for name, marks in known if kind in marks]
    return _first(keys, [name for name, marks in known if "UK" in marks], [name for name, _ in known])


def _first(keys: Iterable[str], unique: Iterable[str], every: Iterable[str]) -> tuple[str, ...]:
    """Keys, what is unique, what says how it stands, then the rest in its own order; each once."""
    names = list(every)
    state = [name for name in names if _STATE.match(name)]
    return tuple(dict.fromkeys(name for name in (*keys, *unique, *state, *names) if name.strip()))
