"""Whether a property or column has to be there: in the OpenAPI, its JSON Schemas, the tables about it, the DDL, the ER diagram."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from ... import diagram
from ...aside import Undone, call
from ...document import Document
from .. import openapi, sql
from ..about import About
from ..artefact import Artefact, of_kind
from ..wrong import Wrong, Wrongs
from . import words
from .named import column, rows

_YES = re.compile(r"yes|required|mandatory|true|not null|must|✓|✔|x|always", re.IGNORECASE)
_NO = re.compile(r"no|optional|false|null|nullable", re.IGNORECASE)
_NOT_NULL = re.compile(r"\b(?:not\s+null|not\s+nullable|primary\s+key)\b", re.IGNORECASE)
_NULL = re.compile(r"\b(?:null|nullable)\b(?!\s*(?:if|when|unless|until|before|after|for|:|→))", re.IGNORECASE)


class Said(NamedTuple):
    """That ``name`` of ``owner`` has to be there or need not (``needed``), may be null or not (``null``); nothing where it is not said. On ``line``."""

    line: int
    owner: str
    name: str
    needed: bool | None = None
    null: bool | None = None


def agrees_on_what_is_required(document: Document, about: About) -> Wrongs:
    """Require a property, and let it be null, in tables of fields and JSON Schemas exactly where the OpenAPI's schema of that name does; the same for columns and the DDL."""
    every = (document, *about.beside)
    properties = _properties(every)
    for each in (*_fields(document), *_models(document)):
        known = properties.get((each.owner, each.name))
        if known is None:
            continue
        if each.needed is not None and known.needed is not None and each.needed != known.needed:
            yield _differs(each, "required" if each.needed else "optional", "required" if known.needed else "optional", "OpenAPI")  # fmt: skip
        elif each.null is not None and known.null is not None and each.null != known.null:
            yield _differs(each, "nullable" if each.null else "not nullable", "nullable" if known.null else "not nullable", "OpenAPI")  # fmt: skip
    columns = _columns(every, about.dialect)
    for each in (*_cards(document), *_drawn(document)):
        held = columns.get((words.entity(each.owner), words.flat(each.name)))
        if held is not None and each.null is not None and each.null != held:
            yield _differs(each, "nullable" if each.null else "not nullable", "nullable" if held else "NOT NULL", "DDL")
    yield from _stored(document, about)


def _differs(each: Said, here: str, there: str, by: str) -> Wrong:
    said = f"{each.owner}.{each.name} is {here} here and {there} in the {by}"
    return Wrong(each.line, said, "say the same in both")


def _properties(documents: tuple[Document, ...]) -> dict[tuple[str, str], Said]:
    """Every property of their OpenAPI; of one that two schemas of a name say differently only what both say."""
    found: dict[tuple[str, str], Said] = {}
    for document in documents:
        for schema in openapi.schemas(document):
            for each in schema.properties:
                new = Said(each.line, schema.name, each.name, each.required, each.nullable if each.type else None)
                old = found.setdefault((schema.name, each.name), new)
                if (old.needed, old.null) != (new.needed, new.null):
                    needed, null = (
                        one if one == other else None for one, other in ((old.needed, new.needed), (old.null, new.null))
                    )
                    found[schema.name, each.name] = old._replace(needed=needed, null=null)
    return found


def _columns(documents: tuple[Document, ...], dialect: str) -> dict[tuple[str, str], bool]:
    """Whether each column of their DDL may be null."""
    return {
        (words.entity(table.name), words.flat(each.name)): each.nullable
        for document in documents for table in sql.tables(document, dialect) for each in table.columns
    }  # fmt: skip


def _told(cell: str) -> bool | None:
    said = words.word(cell)[:40].strip(" .")
    return True if _YES.fullmatch(said) else False if _NO.fullmatch(said) else None


def _fields(document: Document) -> Iterator[Said]:
    """What tables with a column *Field* or *Property* say, under a heading that is the schema's name."""
    for table in document.tables:
        name, at = column(table, "Field", "Property"), column(table, "Required", "Mandatory")
        null = column(table, "Nullable", "Null")
        if name is None or at is None and null is None or not re.fullmatch(r"\w+", table.section):
            continue
        for line, row in rows(table):
            needed = None if at is None else _told(row[at])
            may = None if null is None else _may(row[null])
            yield Said(line, table.section, words.word(row[name]), needed, may)


def _models(document: Document) -> Iterator[Said]:
    """What the JSON Schemas say that stand under a heading that is their name."""
    headings = sorted(document.headings, key=lambda each: each.line)
    at = 0
    for artefact in of_kind(document, "json-schema"):
        while at < len(headings) and headings[at].line < artefact.line:
            at += 1
        owner = headings[at - 1].text if at else ""
        schema = _schema(artefact) if re.fullmatch(r"\w+", owner) and artefact.lang == "json" else {}
        properties, needed = schema.get("properties"), schema.get("required", [])
        if not isinstance(properties, dict) or not isinstance(needed, list) or schema.keys() & {"allOf", "$ref"}:
            continue
        for name, each in properties.items():
            kinds = each.get("type") if isinstance(each, dict) and "$ref" not in each else None
            null = "null" in kinds if isinstance(kinds, (str, list)) else None
            yield Said(_line(artefact, str(name)), owner, str(name), name in needed, null)


def _schema(artefact: Artefact) -> dict[str, Any]:
    try:
        found = call("planning_kit.checks.openapi.outline:parsed", artefact.text, artefact.lang)
    except Undone:
        return {}
    return found if isinstance(found, dict) else {}


def _line(artefact: Artefact, name: str) -> int:
    """The line a property is written on, as far as its name alone tells."""
    at = artefact.text.find(f"{json.dumps(name)}:")
    return artefact.line + artefact.text.count("\n", 0, at) if at >= 0 else artefact.line


def _cards(document: Document) -> Iterator[Said]:
    """What the table of a table says of its columns, under a heading that is the table's name."""
    for table in document.tables:
        name, null = column(table, "Column"), column(table, "Nullable", "Null", "Null?", "Nulls")
        said, needed = column(table, "Constraint", "Constraints"), column(table, "Required", "Not null")
        if name is None or not re.fullmatch(r"[\w.]+", table.section):
            continue
        for line, row in rows(table):
            may = None if null is None else _may(row[null])
            if may is None and needed is not None and (told := _told(row[needed])) is not None:
                may = not told
            if may is None and said is not None:
                may = _by_words(row[said])
            yield Said(line, table.section, words.word(row[name]), null=may)


def _may(cell: str) -> bool | None:
    """What a cell under *Null* says: yes and NULL that it may be, no and NOT NULL that it may not."""
    said = words.word(cell)[:40].strip(" .").casefold()
    return {"yes": True, "null": True, "nullable": True, "true": True, "no": False, "not null": False, "false": False}.get(said)  # fmt: skip


def _by_words(text: str) -> bool | None:
    if _NOT_NULL.search(text[:400]):
        return False
    return True if _NULL.search(re.sub(r"(?i)\bon (?:delete|update) set null\b|\bdefault null\b|'[^']*'", " ", text[:400])) else None  # fmt: skip


@lru_cache(maxsize=256)
def _drawn(document: Document) -> tuple[Said, ...]:
    """What the comments of attributes in ER diagrams say."""
    found = []
    for artefact in of_kind(document, "mermaid"):
        for owner, drawn in diagram.facts(artefact.text).get("entities", {}).items():
            for each in drawn.get("attributes", ()):
                line = artefact.line + max(1, each.get("line") or drawn.get("line") or 1) - 1
                found.append(Said(line, owner, each["name"], null=_by_words(str(each.get("comment", "")))))
    return tuple(found)


def _stored(document: Document, about: About) -> Wrongs:
    """Properties that are always there of columns that may be null, and the other way round; the later document, by name, is told."""
    every = (document, *about.beside)
    held = {
        (words.entity(table.name), words.flat(each.name)): (there.name, each.line, each.nullable)
        for there in every for table in sql.tables(there, about.dialect) for each in table.columns
    }  # fmt: skip
    for there in every:
        for schema in openapi.schemas(there) if held else ():
            for each in schema.properties:
                name, line, null = held.get((words.entity(schema.name), words.flat(each.name)), ("", 0, None))
                if null is None or document.name != max(there.name, name):
                    continue
                if null and each.required and not each.nullable and each.type:
                    said = f"{schema.name}.{each.name} is always there in the OpenAPI, and its column may be NULL"
                elif not null and each.nullable:
                    said = f"{schema.name}.{each.name} may be null in the OpenAPI, and its column is NOT NULL"
                else:
                    continue
                at = each.line if there.name == document.name else line
                yield Wrong(at, said, "say the same in both, or say who fills it", severity="warning")
