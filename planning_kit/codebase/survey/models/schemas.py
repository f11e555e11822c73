"""Tables that a schema or migration declares: SQL, Prisma, Diesel, Rails, Laravel, Knex."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..source import Source
from .table import Field, Model, distinct, folded, plural

_NAME = r"(?:[\[\"`]?\w+[\]\"`]?\.){0,2}[\[\"`]?(\w+)[\]\"`]?"
_CREATE = re.compile(
    rf"(?i)\bcreate\s+(?:unlogged\s+|global\s+|local\s+)?table\s+(?:if\s+not\s+exists\s+)?{_NAME}\s*(\()"
)
_ALTER = re.compile(
    rf"(?i)\balter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?{_NAME}\s+add\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?(?!constraint\b|primary\b|foreign\b|unique\b|check\b|index\b|key\b)[\[\"`]?(\w+)[\]\"`]?\s+\w+([^;]{{0,300}})"
)
_ALTER_KEY = re.compile(
    rf"(?i)\balter\s+table\s+(?:only\s+)?{_NAME}\s+add\s+(?:constraint\s+[\[\"`]?\w+[\]\"`]?\s+)?foreign\s+key\s*\(\s*[\[\"`]?(\w+)[^)]{{0,100}}\)\s*references\s+{_NAME}"
)
_DOWN = re.compile(r"(?i)(?:^|[/._-])(?:down|undo|rollback)(?:[/._-]|$)|-- *\+?(?:migrate|goose) down")
_DROP = re.compile(rf"(?i)\bdrop\s+table\s+(?:if\s+exists\s+)?{_NAME}\s*(?:cascade\s*)?;")
_REFERENCES = re.compile(rf"(?i)\breferences\s+{_NAME}")
_KEY = re.compile(
    rf"(?i)\bforeign\s+key\s*(?:[\[\"`]?\w+[\]\"`]?\s*)?\(\s*[\[\"`]?(\w+)[^)]{{0,100}}\)\s*references\s+{_NAME}"
)
_COLUMN = re.compile(
    r"(?i)(?!(?:constraint|primary|foreign|unique|check|index|key|exclude|like|period|fulltext|spatial)\b(?!\s+(?:text|varchar|int|bigint|uuid)))[\[\"`]?(\w+)[\]\"`]?\s+\w"
)

_PRISMA = re.compile(r"(?m)^model\s+(\w+)\s*(\{)")
_PRISMA_FIELD = re.compile(r"(?m)^[ \t]+(\w+)[ \t]+(\w+)(\[\])?\??([^\n]*)")
_PRISMA_SCALARS = ("String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes")
_PRISMA_MAP = re.compile(r"@@map\(\s*(?:name:\s*)?\"([^\"\n]+)\"")
_PRISMA_KEY = re.compile(r"@relation\([^)\n]{0,200}?fields:\s*\[\s*(\w+)")

_DIESEL = re.compile(
    r"\btable!\s*(\{)\s*(?:use[^;]{0,200};\s*){0,5}(?:#\[[^\]\n]*\]\s*)*(?:\w+\.)?(\w+)\s*\([^)]{0,80}\)\s*(\{)"
)
_DIESEL_FIELD = re.compile(r"(?m)^[ \t]*(\w+)[ \t]*->")
_DIESEL_JOIN = re.compile(r"joinable!\(\s*(\w+)\s*->\s*(\w+)\s*\(\s*(\w+)\s*\)")

_RAILS = re.compile(r"(?m)^[ \t]*create_table[ (]+[:\"'](\w+)[\"']?")
_RAILS_FIELD = re.compile(r"^\s*t\.(\w+)[ (]+[:\"'](\w+)[\"']?(.*)$")
_RAILS_KEY = re.compile(
    r"(?m)^[ \t]*add_foreign_key[ (]+[:\"'](\w+)[\"']?\s*,\s*[:\"'](\w+)[\"']?(?:[^\n]{0,100}?column:\s*[:\"'](\w+))?"
)
_RAILS_ADD = re.compile(r"(?m)^[ \t]*add_(column|reference)[ (]+[:\"'](\w+)[\"']?\s*,\s*[:\"'](\w+)")

_BUILDER = re.compile(
    r"(?:\bSchema::(create|table)|\.\s*(createTable|createTableIfNotExists|alterTable|table))\s*(\()\s*['\"`](\w+)['\"`]\s*,\s*(?:async\s+)?(?:static\s+)?(?:function|fn|\(?\s*\w+\s*(?::[^)=]{0,60})?\)?\s*=>)"
)
_BUILDER_FIELD = re.compile(r"(?:->|\.)(\w+)\(\s*(?:['\"`](\w+)['\"`])?([^\n;]{0,200})")
_TYPES = re.compile(
    r"(?i)^(?:big|medium|small|tiny|unsigned)?(?:increments|integer|string|text|boolean|decimal|float|double|json|jsonb|date|datetime|datetimetz|time|timestamp|timestamptz|uuid|ulid|enum|enu|char|binary|foreignid|foreignuuid|foreignulid|id|longtext|mediumtext|morphs|year|specifictype|ipaddress|rememberToken|unsignedinteger|biginteger)$"
)


def sql(source: Source) -> Iterator[Model]:
    """``CREATE TABLE``, and what later ``ALTER TABLE`` adds; SQL in strings of a program is not read."""
    if not re.search(r"(?i)\btable\b", source.text):
        return
    for found in _CREATE.finditer(source.code):
        fields: list[Field] = []
        for _, piece in source.arguments(found.start(2)):
            if key := _KEY.search(piece):
                fields.append(Field(key.group(1), key.group(2)))
            elif column := _COLUMN.match(piece):
                points = _REFERENCES.search(piece)
                fields.append(Field(column.group(1), points.group(1) if points else ""))
        yield Model(
            found.group(1), found.group(1), distinct(fields), source.path, source.line(found.start()), schema=True
        )
    if not _DOWN.search(source.path):
        for found in _DROP.finditer(source.code):
            yield Model("", found.group(1), (), source.path, source.line(found.start()), schema=True, dropped=True)
    for pattern in (_ALTER, _ALTER_KEY):
        for found in pattern.finditer(source.code):
            points = _REFERENCES.search(found.group(3)) if pattern is _ALTER else None
            refers = points.group(1) if points else found.group(3) if pattern is _ALTER_KEY else ""
            yield Model(
                "",
                found.group(1),
                (Field(found.group(2), refers),),
                source.path,
                source.line(found.start()),
                schema=True,
            )


def prisma(source: Source) -> Iterator[Model]:
    """The models of a Prisma schema."""
    blocks = list(_PRISMA.finditer(source.code))
    names = {found.group(1) for found in blocks}
    for found in blocks:
        body = source.inside(found.start(2))
        keys: dict[str, str] = {}
        plain: list[str] = []
        for name, kind, many, rest in _PRISMA_FIELD.findall(body):
            if kind in names:
                if key := _PRISMA_KEY.search(rest):
                    keys[key.group(1)] = kind
                elif "Json" not in kind and not many and "@relation" in rest and "fields" in rest:
                    keys[name] = kind
            elif not many or kind in _PRISMA_SCALARS:
                plain.append(name)
        table = _PRISMA_MAP.search(body)
        fields = [Field(name, keys.get(name, "")) for name in plain]
        yield Model(
            found.group(1),
            table.group(1) if table else found.group(1),
            distinct(fields),
            source.path,
            source.line(found.start()),
        )


def diesel(source: Source) -> Iterator[Model]:
    """The ``table!`` blocks of Diesel's ``schema.rs``."""
    keys = {(one, column): other for one, other, column in _DIESEL_JOIN.findall(source.code)}
    for found in _DIESEL.finditer(source.code):
        body = source.inside(found.start(3))
        fields = [Field(name, keys.get((found.group(2), name), "")) for name in _DIESEL_FIELD.findall(body)]
        yield Model(
            found.group(2), found.group(2), distinct(fields), source.path, source.line(found.start(2)), schema=True
        )


def rails(source: Source) -> Iterator[Model]:
    """``create_table`` of ``db/schema.rb`` or of migrations."""
    keys = {(one, column): other for one, other, column in _RAILS_KEY.findall(source.code)}
    lines = source.code.split("\n")
    for found in _RAILS.finditer(source.code):
        table, start = found.group(1), source.line(found.start(1))
        fields = [] if re.search(r"id: false|primary_key: false", lines[start - 1]) else [Field("id")]
        for line in lines[start : start + 200]:
            if re.match(r"\s*end\b", line):
                break
            column = _RAILS_FIELD.match(line)
            if column and column.group(1) in ("references", "belongs_to"):
                target = re.search(r"to_table: [:\"'](\w+)", column.group(3))
                refers = (
                    target.group(1) if target else "" if "polymorphic" in column.group(3) else plural(column.group(2))
                )
                fields.append(Field(f"{column.group(2)}_id", refers))
            elif column and column.group(1) not in ("index", "foreign_key", "check_constraint", "unique_constraint"):
                name = column.group(2)
                fields.append(Field(name, keys.get((table, name)) or _by_key(keys, table, name)))
            elif re.match(r"\s*t\.timestamps\b", line):
                fields += [Field("created_at"), Field("updated_at")]
        yield Model(table, table, distinct(fields), source.path, start, schema=True)
    for found in _RAILS_ADD.finditer(source.code):
        name = found.group(3)
        field = Field(f"{name}_id", plural(name)) if found.group(1) == "reference" else Field(name)
        yield Model("", found.group(2), (field,), source.path, source.line(found.start(1)), schema=True)


def _by_key(keys: dict[tuple[str, str], str], table: str, column: str) -> str:
    """The table a foreign key without a column names: ``customer_id`` for ``customers``."""
    return next(
        (
            other
            for (one, named), other in keys.items()
            if one == table and not named and folded(other) + "id" == folded(column)
        ),
        "",
    )


def builders(source: Source) -> Iterator[Model]:
    """``Schema::create`` of Laravel and ``createTable`` of Knex."""
    for found in _BUILDER.finditer(source.code):
        if source.bare[found.start()] == " ":
            continue
        created = (found.group(1) or found.group(2)) in ("create", "createTable", "createTableIfNotExists")
        fields: list[Field] = []
        for kind, name, rest in _BUILDER_FIELD.findall(source.inside(found.start(3))):
            if kind in ("timestamps", "nullableTimestamps"):
                fields += [Field("created_at"), Field("updated_at")]
            elif kind == "softDeletes":
                fields.append(Field("deleted_at"))
            elif kind == "foreign" and name:
                target = re.search(r"(?:on|inTable)\(\s*['\"](\w+)|references\(\s*['\"](\w+)\.", rest)
                fields += [Field(name, target.group(1) or target.group(2))] if target else []
            elif _TYPES.match(kind) and (name or kind in ("id", "increments")):
                fields.append(Field(name or "id", _built(kind, name, rest)))
        yield Model(
            found.group(4) if created else "",
            found.group(4),
            distinct(fields),
            source.path,
            source.line(found.start()),
            schema=True,
        )


def _built(kind: str, name: str, rest: str) -> str:
    """What a builder's column refers to."""
    target = re.search(r"(?:constrained|inTable|on)\(\s*['\"](\w+)|references\(\s*['\"](\w+)\.", rest)
    if target:
        return target.group(1) or target.group(2)
    return (
        plural(re.sub(r"_?[iI]d$", "", name))
        if name and (kind.startswith("foreign") and "constrained()" in rest)
        else ""
    )
