"""What a field may hold, where the code lists it: enumerations by name, and the lines of a model that use one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from ..source import Source, strings
from .table import Field, Model

Enumerations = Mapping[str, tuple[str, ...]]
"""Enumeration → its values."""

_PYTHON = re.compile(
    r"(?m)^([ \t]*)class[ \t]+(\w+)\(([^)\n]{0,80}\b(?:TextChoices|IntegerChoices|StrEnum|IntEnum|Enum)\b[^)\n]{0,40})\):[^\n]*\n((?:\1[ \t]+[^\n]*\n?|[ \t]*\n){1,60})"
)
_MEMBER = re.compile(
    r"(?m)^[ \t]+([A-Za-z_]\w*)[ \t]*(?::[^=\n]{1,40})?=[ \t]*(?:\(?[ \t]*([\"'][^\"'\n]{1,60}[\"']))?"
)
_BRACED = re.compile(r"\benum\s+(?:class\s+)?(\w+)[^{};()\n]{0,80}(?:\([^)\n]{0,200}\)[^{\n]{0,80})?(\{)")
_CASE = re.compile(
    r"(?:^|[,;{\n])\s*(?:case\s+)?([A-Za-z_]\w*)\s*(?=[,;=(}\n]|$)(?:=\s*([\"'`][^\"'`\n]{1,60}[\"'`]))?"
)
_SQL = re.compile(r"(?i)\bcreate\s+type\s+(?:\w+\.)?[\"`]?(\w+)[\"`]?\s+as\s+enum\s*(\()")
_DRIZZLE = re.compile(r"\bconst\s+(\w+)\s*=\s*pgEnum\s*\(\s*['\"`]\w+['\"`]\s*,\s*(\[)")
_RAILS = re.compile(r"(?m)^[ \t]*enum[ (]+(?::(\w+)\s*,\s*|(\w+):\s*)[\[{%]([^\]}\n]{1,300})")
_BRACES = ("ts", "java", "kt", "cs", "php", "prisma", "mts")
_INLINE = re.compile(
    r"(?i)\benum\s*\(\s*((?:['\"][^'\"\n]{1,60}['\"]\s*,?\s*){1,30})\)|\bin\s*\(\s*((?:'[^'\n]{1,60}'\s*,?\s*){2,30})\)"
)
_LONGEST = 60
"""Lines of a model that are looked through for what its fields may hold."""


def enumerations(sources: Mapping[str, Source]) -> dict[str, tuple[str, ...]]:
    """Every enumeration of the codebase; of several with one name, the first."""
    found: dict[str, tuple[str, ...]] = {}
    for source in sources.values():
        for name, values in _of(source):
            if 1 < len(values) <= 40:
                found.setdefault(name, values)
    return found


def _of(source: Source) -> Iterable[tuple[str, tuple[str, ...]]]:
    suffix, text = source.suffix, source.text
    if suffix == "py" and ("Enum" in text or "Choices" in text):
        for found in _PYTHON.finditer(text):
            members = _MEMBER.findall(found.group(4))
            yield (
                found.group(2),
                tuple(value.strip("\"'") or name for name, value in members if not name.startswith("_")),
            )
    elif suffix in _BRACES and "enum " in text:
        for found in _BRACED.finditer(source.code):
            body = source.inside(found.start(2))
            if suffix in ("java", "kt") and ";" in body:
                body = body[: body.index(";")]
            cases = _CASE.findall(re.sub(r"\([^()]*\)", "", body) if suffix in ("java", "kt") else body)
            yield found.group(1), tuple(dict.fromkeys(value.strip("\"'`") or name for name, value in cases))
    if suffix == "sql" and "enum" in text.lower():
        for found in _SQL.finditer(source.code):
            yield found.group(1), tuple(strings(source.inside(found.start(2))))
    if "pgEnum(" in text:
        for found in _DRIZZLE.finditer(source.code):
            yield found.group(1), tuple(strings(source.inside(found.start(2))))


def chosen(models: Iterable[Model], known: Enumerations, sources: Mapping[str, Source]) -> list[Model]:
    """The models with what their fields may hold, by the enumeration, or the list, that the field's own lines name."""
    names = (
        re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(known, key=len, reverse=True)[:2_000]))})\b")
        if known
        else None
    )
    return [_chosen(model, known, names, sources[model.file]) for model in models]


def _chosen(model: Model, known: Enumerations, names: re.Pattern[str] | None, source: Source) -> Model:
    lines = source.lines[model.line - 1 : model.line - 1 + _LONGEST]
    if names is None and not any("enum" in line.lower() or " in (" in line.lower() for line in lines):
        return model
    fields = tuple(_filled(field, lines, known, names) for field in model.fields)
    return replace(model, fields=fields) if fields != model.fields else model


def _filled(field: Field, lines: list[str], known: Enumerations, names: re.Pattern[str] | None) -> Field:
    """A field with its values: those its declaration names, which is the first line that begins with it or declares it."""
    if field.values or field.refers and field.refers not in known:
        return field
    word = re.compile(rf"\b{re.escape(field.name)}\b")
    for at, line in enumerate(lines[1:], 1):
        if len(line) < 400 and word.search(line):
            around = line if "(" not in line or ")" in line else " ".join(lines[at : at + 4])[:400]
            if rails := _RAILS.match(around):
                return replace(field, values=tuple(re.findall(r":?\b([a-z_]+)\b(?=:|,|\s|$)", rails.group(3))))
            if inline := _INLINE.search(around):
                return replace(field, values=tuple(strings(inline.group(1) or inline.group(2))))
            if names and (found := names.search(around)):
                return replace(field, refers="", values=known[found.group()])
            return field
    return field
