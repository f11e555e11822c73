"""Models of JavaScript and TypeScript that are values, not classes: Sequelize, Drizzle, Mongoose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..source import Source
from .table import Field, Model, distinct

_DRIZZLE = re.compile(
    r"\b(?:export\s+)?const\s+(\w+)\s*=\s*(?:\w+\.)?(?:\w*[tT]able|pgTable|mysqlTable|sqliteTable)\w*\s*(\()\s*['\"`](\w+)['\"`]\s*,\s*(?:\(\s*\w*\s*\)\s*=>\s*\(?\s*)?(\{)"
)
_DRIZZLE_KEY = re.compile(r"\.references\(\s*\(\)\s*(?::\s*\w+)?\s*=>\s*(\w+)\.")
_DEFINE = re.compile(r"\b\w+\.define\s*(?:<[^>\n]{0,80}>)?(\()\s*['\"`](\w+)['\"`]\s*,\s*(\{)")
_INIT = re.compile(r"\b([A-Z]\w*)\.init\s*(\()\s*(\{)")
_TABLE = re.compile(r"\btableName\s*:\s*['\"`](\w+)['\"`]")
_REFERENCE = re.compile(r"\breferences\s*:\s*\{[^}]{0,200}?model\s*:\s*['\"`]?(\w+)")
_SCHEMA = re.compile(
    r"\b(?:const|let|var)\s+(\w+)\s*(?::[^=\n]{0,80})?=\s*(?:new\s+)?(?:mongoose\.)?Schema\s*(?:<[^()\n]{0,120}>)?\s*(\()\s*(\{)"
)
_MODEL = re.compile(r"\bmodel\s*(?:<[^()\n]{0,120}>)?\(\s*['\"`](\w+)['\"`]\s*,\s*(\w+)(?:\s*,\s*['\"`](\w+)['\"`])?")
_REF = re.compile(r"\bref\s*:\s*(?:\(\)\s*=>\s*)?['\"`]?(\w+)")
_PROPERTY = re.compile(r"^['\"]?([A-Za-z_$][\w$]*)['\"]?\s*:")
_COLLECTION = re.compile(r"\bcollection\s*:\s*['\"`](\w+)['\"`]")


def read(source: Source) -> Iterator[Model]:
    """The models of a file."""
    text = source.text
    if "able(" in text and "drizzle" in text:
        yield from _drizzle(source)
    if "sequelize" in text.lower():
        yield from _sequelize(source)
    if "mongoose" in text or "Schema(" in text:
        yield from _mongoose(source)


def _properties(source: Source, opening: int) -> Iterator[tuple[str, str]]:
    """The names of an object's properties, each with the code of its value."""
    for _, piece in source.arguments(opening):
        if found := _PROPERTY.match(piece):
            yield found.group(1), piece


def _found(pattern: re.Pattern[str], code: str) -> str:
    found = pattern.search(code)
    return next((part for part in found.groups() if part), "") if found else ""


def _drizzle(source: Source) -> Iterator[Model]:
    for found in _DRIZZLE.finditer(source.code):
        fields = [Field(name, _found(_DRIZZLE_KEY, code)) for name, code in _properties(source, found.start(4))]
        if fields:
            yield Model(found.group(1), found.group(3), distinct(fields), source.path, source.line(found.start()))


def _sequelize(source: Source) -> Iterator[Model]:
    for pattern in (_DEFINE, _INIT):
        for found in pattern.finditer(source.code):
            name, opening, body = (2, 1, 3) if pattern is _DEFINE else (1, 2, 3)
            fields = [Field(one, _found(_REFERENCE, code)) for one, code in _properties(source, found.start(body))]
            rest = source.code[source.end(found.start(body)) : source.end(found.start(opening))]
            if fields:
                yield Model(
                    found.group(name), _found(_TABLE, rest), distinct(fields), source.path, source.line(found.start())
                )


def _mongoose(source: Source) -> Iterator[Model]:
    names = {schema: (name, table) for name, schema, table in _MODEL.findall(source.code)}
    for found in _SCHEMA.finditer(source.code):
        name, table = names.get(found.group(1), ("", ""))
        rest = source.code[source.end(found.start(3)) : source.end(found.start(2))]
        fields = [Field(one, _found(_REF, code)) for one, code in _properties(source, found.start(3))]
        table = table or _found(_COLLECTION, rest)
        if name and fields:
            yield Model(name, table, distinct(fields), source.path, source.line(found.start()))
