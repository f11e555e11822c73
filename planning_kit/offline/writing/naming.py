"""How things are called in SQL, in paths and in schemas, whatever the brief calls them."""

from __future__ import annotations

import re

from slugify import slugify

_SQL_WORDS = """all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate column
    concurrently constraint create cross current_date current_role current_time current_timestamp current_user default
    deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in
    index initially inner intersect into is isnull join key lateral leading left like limit localtime localtimestamp
    natural not notnull null offset on only or order outer overlaps placing primary references returning right select
    session_user similar some symmetric table tablesample then to trailing trigger true union unique user using values
    variadic verbose view when where window with"""
_RESERVED = frozenset(_SQL_WORDS.split())


def snake(name: str) -> str:
    """``name`` as an SQL identifier: ``[a-z_][a-z0-9_]*``, at most 50 characters, never empty."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    word = re.sub(r"_+", "_", str(slugify(parted, separator="_", max_length=50))).strip("_")
    if not word:
        return "unnamed"
    return f"_{word}" if word[0].isdigit() else word


def quoted(name: str) -> str:
    """An identifier as it stands in SQL: in double quotes where PostgreSQL or SQLite reserves the word."""
    return f'"{name}"' if name in _RESERVED else name


def pascal(name: str) -> str:
    """``name`` as a schema's name: letters and digits, first letter large."""
    parts = re.findall(r"[A-Za-z0-9]+", str(slugify(name, lowercase=False, separator=" ")))
    word = "".join(part[:1].upper() + part[1:] for part in parts)
    return f"Schema{word}" if not word[:1].isalpha() else word


def camel(name: str) -> str:
    """``name`` as an operation's id: letters and digits, first letter small."""
    word = pascal(name)
    return word[:1].lower() + word[1:]


def words(name: str) -> str:
    """``AlertSchedule`` or ``alert_schedules`` as ``alert schedule(s)``, lower case."""
    return snake(name).replace("_", " ").strip()


def distinct(wanted: str, taken: set[str]) -> str:
    """``wanted``, or the first of ``wanted_2``, ``wanted_3`` … that is not taken; it is taken from now on."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}_{number}" if "_" in wanted or wanted.islower() else f"{wanted}{number}"
    taken.add(name)
    return name
