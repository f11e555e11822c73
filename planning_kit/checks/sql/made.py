"""What a statement of DDL makes: a table, its columns and keys, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp


@dataclass(frozen=True)
class At:
    """A place: the number of the ``statement`` in its script, the ``block`` it is in, and the ``offset`` in that block."""

    statement: int
    block: int
    offset: int


@dataclass
class MadeColumn:
    """A column as it was made: its folded ``name``, its ``type`` as the dialect writes it, what it may hold (``values``)."""

    name: str
    type: str
    at: At
    nullable: bool = True
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class MadeKey:
    """A foreign key: its ``columns``, the ``table`` it refers to and the columns of that (``targets``; empty: the primary key)."""

    columns: tuple[str, ...]
    table: exp.Table
    targets: tuple[exp.Identifier, ...]
    at: At


@dataclass
class Made:
    """A table or view.

    Attributes:
        name, schema: folded as the database folds them.
        at: where its name is written.
        columns: by folded name, as far as they are known.
        complete: whether these are all its columns; not so for a view, a copy, or what could not be read.
        unique: the sets of columns that are a primary key or unique.
        keys: its foreign keys.
        named: the columns its keys, indexes and rules name, with their places.
        twice: columns that were made a second time.
        code: how it was written, to know a repetition from a contradiction.
    """

    name: str
    schema: str
    at: At
    code: str = ""
    columns: dict[str, MadeColumn] = field(default_factory=dict)
    complete: bool = True
    primary: tuple[str, ...] = ()
    unique: list[frozenset[str]] = field(default_factory=list)
    keys: list[MadeKey] = field(default_factory=list)
    named: list[tuple[exp.Identifier, At]] = field(default_factory=list)
    twice: list[MadeColumn] = field(default_factory=list)
