"""Models that are structs: GORM, Bun and ``db`` tags, Ent schemas and MongoDB documents in Go; SeaORM and SQLx rows in Rust."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ..source import Source
from .table import Field, Model, distinct, plural, snake

# word(?<!\wword) is \bword: written so, re looks for the word itself first, which is many times faster
_GO = re.compile(r"type(?<!\wtype)\s+(\w+)\s+struct\s*(\{)")
_GO_LINE = re.compile(r"^\s*(\w+)\s+([*\[\]\w.]+)\s*(`[^`\n]*`)?\s*$")
_GO_TABLE = re.compile(
    r"func(?<!\wfunc)\s*\(\s*(?:\w+\s+)?\*?(\w+)\s*\)\s*TableName\(\)\s*string\s*\{\s*return\s*\"([\w.]+)\""
)
_GO_TAG = re.compile(r"\b(?:gorm|db|bson|bun|pg|xorm):\"([^\"\n]*)\"")
_BUN = re.compile(r"\bbun:\"table:(\w+)")
_GO_EMBEDDED = re.compile(r"(?m)^\s*(?:gorm\.Model|bun\.BaseModel|\w*BaseModel|\w+\.BaseModel)\b")
_ENT = re.compile(r"\btype\s+(\w+)\s+struct\s*\{\s*ent\.Schema")
_ENT_FIELD = re.compile(r"\bfield\.\w+\(\s*\"(\w+)\"")
_ENT_EDGE = re.compile(r"\bedge\.From\(\s*\"(\w+)\"\s*,\s*(\w+)\.Type")
_RUST = re.compile(r"struct(?<!\wstruct)\s+(\w+)\s*(\{)")
_RUST_FIELD = re.compile(r"(?m)^[ \t]*(?:pub(?:\([^)\n]*\))?\s+)?(\w+)\s*:\s*([\w<>:, ]+),?\s*$")
_SEA = re.compile(r"table_name\s*=\s*\"(\w+)\"")
_SEA_LINK = re.compile(r"belongs_to\s*=\s*\"super::(\w+)::Entity\"[^\]]{0,300}?from\s*=\s*\"Column::(\w+)\"")


def tables(sources: Mapping[str, Source]) -> dict[str, str]:
    """Go struct → the table its ``TableName`` method gives."""
    found: dict[str, str] = {}
    for source in sources.values():
        if source.suffix == "go" and "TableName()" in source.text:
            found |= dict(_GO_TABLE.findall(source.code))
    return found


def go(source: Source, named: Mapping[str, str]) -> Iterator[Model]:
    """Structs that are mapped to a table or a collection."""
    text = source.text
    if "migrat" in source.path:
        return
    if "ent.Schema" in text:
        yield from _ent(source)
    if not any(hint in text for hint in ("gorm", 'db:"', 'bson:"', "bun:", 'pg:"', "xorm")) and not any(
        name in text for name in named
    ):
        return
    structs = list(_GO.finditer(source.bare))
    for found in structs:
        name, body = found.group(1), source.inside(found.start(2))
        embedded = _GO_EMBEDDED.search(body)
        mapped = "gorm:" in body or embedded and "gorm" in text or name in named or "bun:" in body
        tagged = re.search(r'\b(?:db|bson|pg|xorm):"', body) and re.search(
            r'(?i)\b(?:db|bson|pg|xorm):"_?(?:id|uuid)\b', body
        )
        if not mapped and not tagged or name.startswith("Base"):
            continue
        fields = distinct(_go_fields(body))
        bun = _BUN.search(body)
        default = plural(snake(name)) if "gorm" in body or embedded else ""
        if fields:
            yield Model(
                name,
                named.get(name) or (bun.group(1) if bun else default),
                fields,
                source.path,
                source.line(found.start()),
            )


def _go_fields(body: str) -> Iterator[Field]:
    """Columns; a struct of the code base beside its ``…ID`` says what that refers to."""
    if _GO_EMBEDDED.search(body) and "gorm.Model" in body:
        yield from (Field("ID"), Field("CreatedAt"), Field("UpdatedAt"), Field("DeletedAt"))
    plain: list[str] = []
    links: dict[str, str] = {}
    for line in body.split("\n"):
        found = _GO_LINE.match(line)
        if not found or found.group(1) in ("return", "struct"):
            continue
        name, kind, tag = found.group(1), found.group(2), _GO_TAG.search(found.group(3) or "")
        if tag and tag.group(1) == "-" or 'bun:"table:' in line:
            continue
        if re.fullmatch(r"\*?(?:\w+\.)?[A-Z]\w*", kind):
            links[name] = kind.lstrip("*").rpartition(".")[2]
        if not kind.startswith("[]") or kind in ("[]byte", "[]string", "[]uint8"):
            plain.append(name)
    linked = {name for name in links if {f"{name}ID", f"{name}Id"} & {*plain}}
    for name in (each for each in plain if each not in linked):
        yield Field(name, links.get(re.sub(r"I[dD]$", "", name), "") if name.lower().endswith("id") else "")


def _ent(source: Source) -> Iterator[Model]:
    for found in _ENT.finditer(source.code):
        fields = [Field("id"), *(Field(name) for name in _ENT_FIELD.findall(source.code))]
        fields += [Field(name, target) for name, target in _ENT_EDGE.findall(source.code)]
        yield Model(
            found.group(1), plural(snake(found.group(1))), distinct(fields), source.path, source.line(found.start())
        )


def rust(source: Source) -> Iterator[Model]:
    """SeaORM's entities, Diesel's queryable and SQLx's row structs."""
    if not any(hint in source.text for hint in ("DeriveEntityModel", "FromRow", "Queryable", "Identifiable")):
        return
    before = 0
    for found in _RUST.finditer(source.bare):
        head = source.code[max(before, found.start() - 600) : found.start()]
        head = head[max(head.rfind("}"), head.rfind(";")) + 1 :]
        before = found.end()
        table = _SEA.search(head)
        if (
            "DeriveEntityModel" not in head
            and "FromRow" not in head
            and not re.search(r"\bQueryable|Identifiable", head)
        ):
            continue
        fields = [Field(name) for name, _ in _RUST_FIELD.findall(source.inside(found.start(2)))]
        if "DeriveEntityModel" not in head and "id" not in {field.name for field in fields}:
            continue
        links = {snake(column): target for target, column in _SEA_LINK.findall(source.code)} if table else {}
        name = found.group(1)
        if name == "Model":
            name = "".join(part.capitalize() for part in source.stem.split("_"))
        stated = re.search(r"diesel\(table_name\s*=\s*(?:\w+::)*(\w+)", head)
        fields = [Field(field.name, links.get(field.name, "")) for field in fields]
        yield Model(
            name,
            table.group(1) if table else stated.group(1) if stated else "",
            distinct(fields),
            source.path,
            source.line(found.start()),
        )
