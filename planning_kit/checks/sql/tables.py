"""The SQL blocks of a document as one script, and the tables they create, for whoever compares them with something else."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ...aside import Undone, call
from ...document import Document
from ..artefact import Artefact, of_kind, place
from . import script

SECONDS = 12.0
"""How long one reading or run of a document's SQL may take, in seconds."""
MODELLED = (script.POSTGRES, script.TSQL, script.MYSQL, script.SQLITE)
"""The dialects whose tables are read."""


@dataclass(frozen=True)
class Column:
    """A column: its ``name``, its ``type`` in lower case, the document's ``line``, and the ``values`` it may hold, by type or CHECK."""

    name: str
    type: str
    line: int
    nullable: bool = True
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class ForeignKey:
    """A foreign key: its ``columns``, the ``table`` and the columns of that (``targets``; empty: its primary key), the document's ``line``."""

    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Table:
    """A table a document creates, on its ``line``; names are as the database folds them."""

    name: str
    line: int
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()


def dialect_of(artefact: Artefact, otherwise: str = script.POSTGRES) -> str:
    """``postgres``, ``tsql``, ``mysql``, ``sqlite``, ``oracle``, or what ``otherwise`` says."""
    return script.dialect(artefact.lang, artefact.text, otherwise)


def tables(document: Document, dialect: str = script.POSTGRES) -> tuple[Table, ...]:
    """The tables the SQL of ``document`` creates, in order.

    Args:
        document: the document.
        dialect: the dialect of blocks that do not say theirs; blocks of every dialect are read. What cannot be read
            within its time gives none: the checks of that block say so.
    """
    found = []
    for mine in dict.fromkeys(dialect_of(each, dialect) for each in of_kind(document, "sql")):
        blocks = blocks_of(document, mine, dialect)
        with contextlib.suppress(Undone):
            made = read(blocks, mine, frozenset())["tables"] if mine in MODELLED else []
            found += [_table(document, blocks, each) for each in made]
    return tuple(sorted(found, key=lambda each: each.line))


@lru_cache(maxsize=256)
def blocks_of(document: Document, dialect: str, otherwise: str) -> tuple[Artefact, ...]:
    """The SQL blocks of ``document`` in one dialect, in order."""
    return tuple(each for each in of_kind(document, "sql") if dialect_of(each, otherwise) == dialect)


def texts(blocks: tuple[Artefact, ...]) -> str:
    """The texts of ``blocks`` as one argument of a call."""
    return json.dumps([each.text for each in blocks])


def read(blocks: tuple[Artefact, ...], dialect: str, known: frozenset[str]) -> dict[str, Any]:
    """What ``blocks`` create (``tables``) and what is wrong with it (``faults``), where tables called ``known`` are there already.

    Raises:
        Undone: that cannot be told in time.
    """
    arguments = (texts(blocks), dialect, json.dumps(sorted(known)))
    return dict(call("planning_kit.checks.sql.reading:read", *arguments, seconds=SECONDS))


def _table(document: Document, blocks: tuple[Artefact, ...], made: dict[str, Any]) -> Table:
    def line(at: list[int]) -> int:
        return place(document, blocks[at[0]], at[1], 0)[0]

    columns = tuple(Column(name, kind, line(at), nullable, tuple(values)) for name, kind, at, nullable, values in made["columns"])  # fmt: skip
    keys = tuple(ForeignKey(tuple(own), table, tuple(to), line(at)) for own, table, to, at in made["keys"])
    return Table(made["name"], line(made["place"]), columns, tuple(made["primary"]), keys)
