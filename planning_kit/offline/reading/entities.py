"""The things the brief names outright: as tables, schemas, types, or what is managed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...brief import Passage
from ..facts import Entity, Field
from . import fields, words
from .grids import Grid
from .lexicon import NOISE, TECHNICAL
from .phrases import Noun
from .roster import MANAGED, Found, Roster
from .sentences import Sentence, unnumbered

_LOGGED = re.compile(r"^(?:the )?((?:[A-Za-z]+\s+){0,1})(?:logging|audit log|log keeping)\b", re.IGNORECASE)
_TABLE = re.compile(
    r"^[\"'`“]?(?:the )?((?:[A-Za-z][\w-]*\s+){0,2}[A-Za-z][\w-]*)[\"'`”]?\s+(?:table|entity|collection|schema|model|record|object)s?\b\s*[:–(-]?\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_SCHEMA = re.compile(r"(?<!\w)[\"'`“]([A-Z]\w+)[\"'`”]\s+(?:schema|model|object|entity|table)\b")
_DATA_SECTION = re.compile(
    r"(?i)\b(?:data(?:base)? (?:model|schema|structure|entit|design|table)|entit(?:y|ies)|schemas?|tables?|domain model|models|core objects|data objects)\w*\b"
)
_NAMED_LIST = re.compile(
    r"^[\"'`“]?([A-Z][A-Za-z]+(?:[ _][A-Z]?[A-Za-z]+){0,2})[\"'`”]?\s*(?:[:–—-]|\(|has|contains|includes)\s*(.{5,400})$"
)
_DDL = re.compile(r"(?i)\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?[`\"\[]?(?:\w+\.)?(\w+)[`\"\]]?\s*\(")
_TYPE = re.compile(
    r"^\s*(?:export\s+)?(?:interface|type|class|model|message|struct|data class|table)\s+([A-Z]\w+)\b[^{\n]{0,80}\{\s*$"
)
_UNMANAGEABLE = frozenset(
    [
        "scheduler",
        "data",
        "time",
        "risk",
        "change",
        "error",
        "session",
        "state",
        "database",
        "performance",
        "memory",
        "configuration",
        "access",
        "identity",
        "key",
        "dependency",
        "system",
        "quality",
        "security",
        "release",
        "version",
        "relationship",
        "university",
    ]
)
"""What is managed by people, not by a backend."""
MOST = 24
"""Most entities a reading holds."""


def gather(passages: Sequence[Passage], sentences: Sequence[Sentence], tables: Sequence[Grid]) -> Roster:
    """Every entity the brief names outright as a table, schema, type or managed thing, with the fields given there."""
    roster = Roster()
    _of_sentences(sentences, roster)
    _of_tables(tables, roster)
    for passage in passages:
        if passage.kind == "code":
            _of_code(passage, roster)
    return roster


def _of_sentences(sentences: Sequence[Sentence], roster: Roster) -> None:
    for sentence in sentences:
        if sentence.excluded:
            continue
        if sentence.kind == "heading":
            _of_heading(sentence, roster)
            continue
        _of_title(sentence, roster)
        for schema in _SCHEMA.finditer(sentence.text):
            if found := roster.note(words.one(schema.group(1)), sentence.source, 10, True):
                found.fields = fields.merged(found.fields, _properties(sentence))
        if sentence.kind == "item" and any(_DATA_SECTION.search(name) for name in sentence.section[-2:]):
            _of_list(sentence, roster)


def _of_title(sentence: Sentence, roster: Roster) -> None:
    """'People Table: stores ID, name and age'."""
    start = sentence.text[:60]
    table = _TABLE.match(sentence.text) if sentence.kind in ("item", "paragraph") and ":" in start else None
    if table and re.search(r"(?i)table|entity|schema|model|collection", start) and _keeps(words.one(table.group(1))):
        rest = table.group("rest").strip()
        if found := roster.note(words.one(table.group(1)), sentence.source, 10, True, rest):
            found.fields = fields.merged(found.fields, _after_including(rest, sentence.source))


def _of_list(sentence: Sentence, roster: Roster) -> None:
    """'Order: id, status (open, paid), total' under a heading about data."""
    named = _NAMED_LIST.match(sentence.text)
    if not named or words.one(named.group(1))[-1] in TECHNICAL:
        return
    made = fields.listed(named.group(2).rstrip(")"), sentence.source, sure="," in named.group(2))
    found = roster.note(words.one(named.group(1)), sentence.source, 10, True) if made else None
    if found:
        found.fields = fields.merged(found.fields, made)


def _keeps(phrase: Noun) -> bool:
    vague = len(phrase) == 1 and phrase[0] in NOISE - {
        "user",
        "person",
        "notification",
        "role",
        "permission",
        "address",
    }
    return bool(phrase) and not vague and phrase[0] not in ("main", "database", "data", "specific", "three", "this")


def _of_heading(sentence: Sentence, roster: Roster) -> None:
    if managed := MANAGED.match(sentence.text):
        phrase = words.one(managed.group(1))
        vague = phrase[-1] in NOISE - {
            "user",
            "entity",
            "message",
            "content",
            "document",
            "notification",
            "file",
            "device",
            "product",
            "project",
            "team",
        }
        if " ".join(phrase) not in _UNMANAGEABLE and not vague:
            roster.note(phrase, sentence.source, 10, True)
    elif logged := _LOGGED.match(sentence.text):
        name = (*words.parts(logged.group(1)), "log")
        roster.note(name, sentence.source, 8, True)
        roster.aliases.update({("log",): name} if name != ("log",) else {})


def _after_including(text: str, source: str) -> list[Field]:
    hit = re.search(
        r"(?i)\b(?:including|includes?|contain(?:s|ing)?|with (?:the )?(?:fields|columns|attributes|properties)(?: for| of)?|fields(?: for)?:?|consist(?:s|ing) of|has|columns:?)\s+(.{2,400})",
        text,
    )
    return fields.listed(hit.group(1), source, sure=True) if hit else fields.listed(text, source)


def _properties(sentence: Sentence) -> list[Field]:
    """Properties of '... an object with a single property named "content", which is a string'."""
    hit = re.search(
        r"(?i)\b(?:propert(?:y|ies)|fields?|attributes?)\b(?:\s+(?:named|called|are|is|:))*\s*(.{2,400})", sentence.text
    )
    if not hit:
        return []
    found = []
    for name in re.finditer(
        r"[\"'`“](\w+)[\"'`”](?:[^\"'`“]{0,12}?\b(?:which|that)? ?(?:is|of type|as|\() ?(?:an? )?(\w+))?", hit.group(1)
    ):
        said = name.group(2) or ""
        kind = fields.TYPES.get(said.lower(), "") or fields.typed(words.snake(words.parts(name.group(1))), "")
        found.append(Field(name.group(1), kind, True, "", (sentence.source,)))
    return found


def _of_tables(tables: Sequence[Grid], roster: Roster) -> None:
    for table in tables:
        if not table.section or not table.header or not fields.is_field_table(table.header):
            continue
        name = re.sub(
            r"(?i)\b(?:table|entity|schema|model|fields?|attributes|data|object|the|record|structure|properties)\b|[:\d.`\"']",
            " ",
            unnumbered(table.section[-1]),
        )
        found = roster.note(words.one(name), table.source, 10, True)
        for source, cells in table.rows if found else ():
            if found and (made := fields.row(table.header, cells, source)):
                found.fields = fields.merged(found.fields, (made,))


def _of_code(passage: Passage, roster: Roster) -> None:
    text = passage.text[:60_000]
    for hit in _DDL.finditer(text):
        found = roster.note(words.one(hit.group(1)), passage.id, 10, True)
        inner = text[hit.end() : hit.end() + 4000].split(");")[0]
        made = [column for line in re.split(r",(?![^(]*\))|\n", inner) if (column := _column(line, passage.id))]
        if found:
            found.table, found.fields = hit.group(1), fields.merged(found.fields, made)
    current: Found | None = None
    for line in text.splitlines():
        if opened := _TYPE.match(line[:200]):
            current = roster.note(words.one(opened.group(1)), passage.id, 10, True)
        elif line.strip().startswith("}"):
            current = None
        elif current and (member := _member(line, passage.id)):
            current.fields = fields.merged(current.fields, [member])


def _member(line: str, source: str) -> Field | None:
    """The member of a type: ``dueAt?: Date``."""
    hit = re.match(r"^\s*(?:readonly |public |private )?([a-zA-Z_]\w*)(\??)\s*:\s*([\w|\"' ]{1,80})", line)
    if not hit:
        return None
    name = hit.group(1)
    return Field(name, fields.typed(words.snake(words.parts(name)), hit.group(3)), not hit.group(2), "", (source,))


def _column(text: str, source: str) -> Field | None:
    hit = re.match(r"^\s*[`\"\[]?(\w+)[`\"\]]?\s+([A-Za-z]+)", text)
    if not hit or hit.group(1).upper() in ("PRIMARY", "FOREIGN", "UNIQUE", "CONSTRAINT", "CHECK", "INDEX", "KEY"):
        return None
    reference = re.search(r"(?i)\breferences\s+[`\"]?(\w+)", text)
    return Field(hit.group(1), fields.typed(hit.group(1), hit.group(2)), bool(re.search(r"(?i)not null|primary key", text)), "", (source,),
                 references=words.pascal(words.one(reference.group(1))) if reference else "")  # fmt: skip


def settle(roster: Roster) -> tuple[Entity, ...]:
    """The entities worth a table, stated ones first, at most :data:`MOST`."""
    ranked = sorted(
        (found for found in roster.values() if found.stated or found.weight >= 3),
        key=lambda found: (not found.stated, -found.weight),
    )
    return tuple(
        Entity(
            words.pascal(found.words),
            found.table or words.snake(words.many(found.words)),
            found.meaning[:200],
            found.fields,
            tuple(found.sources),
            found.stated,
        )
        for found in ranked[:MOST]
    )
