"""Properties as a brief writes them: lists in sentences, option lists, tables, code; each with a type read off its name and words."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace

from ...brief import Passage
from ..facts import Field
from . import words
from .lexicon import ADVERBS, DETERMINERS, FIELD_NOUNS, FIELD_TYPES, LY_NOUNS, PREPOSITIONS

TYPES = {
    "string": "string", "str": "string", "varchar": "string", "char": "string", "text": "text", "longtext": "text", "int": "integer", "integer": "integer",
    "bigint": "integer", "smallint": "integer", "serial": "integer", "long": "integer", "number": "number", "numeric": "number", "float": "number",
    "double": "number", "decimal": "number", "money": "number", "bool": "boolean", "boolean": "boolean", "date": "date", "datetime": "date-time",
    "date-time": "date-time", "timestamp": "date-time", "timestamptz": "date-time", "time": "date-time", "email": "email", "uri": "uri", "url": "uri",
    "uuid": "uuid", "guid": "uuid", "json": "json", "jsonb": "json", "object": "json", "array": "json", "list": "json", "enum": "string",
}  # fmt: skip
_OPTION = re.compile(
    r"^\s*(?:[-*+•]\s*)?[-`\"']{0,3}([A-Za-z][\w-]{0,40})[`\"']{0,2}\s*(?:\((?P<note>[^)]{1,60})\))?\s*[:–]\s+(?P<rest>\S.{0,300})$"
)
_ENUM = re.compile(
    r"\b(?:one of|either|values?(?: are| is|:)?|enum(?:eration)?(?: of)?|allowed:?)\s*[:(\[]?\s*(?P<list>[^.;)\]]{3,120})",
    re.IGNORECASE,
)
_CODED = re.compile(r"\b(\d{1,3}|[A-Z]{1,10})\s+(?:for|means|=|is)\s+([A-Za-z][\w -]{1,30}?)(?=,|;|\.|$| and )")
_NOT_A_FIELD = re.compile(
    r"(?i)^(?:e\.?g|i\.?e|etc|so|on|more|others?|things?|all|any|each|it|them|both|that|such|following|one|least)$"
)


def typed(name: str, said: str = "") -> str:
    """The type of a property called ``name`` (snake_case), of which the brief says ``said``."""
    first = re.match(r"\W*([A-Za-z-]+)", said)
    if first and first.group(1).lower() in TYPES:
        return TYPES[first.group(1).lower()]
    for pattern, kind in FIELD_TYPES:
        if re.search(pattern, name):
            return kind
    if re.search(r"(?i)\b(?:the )?number of\b|\binteger\b", said):
        return "integer"
    if re.search(r"(?i)\bwhether\b|\btrue or false\b|\bboolean\b", said):
        return "boolean"
    return "string"


def listed(text: str, source: str, sure: bool = False) -> list[Field]:
    """The properties in a comma list such as 'ID, name, age and affiliated school'; ``sure`` when the brief says they are properties.

    Without ``sure`` the list counts only when most of its elements are nouns that usually are properties.
    """
    text = re.split(r"(?<=[a-z0-9)])[.;](?:\s|$)", re.sub(r"\((?:for example|e\.g\.?|i\.e\.?),?\s*", "(", text))[0]
    found: list[Field] = []
    for piece in _elements(text):
        made = _element(piece, source)
        if made is None:
            if found:
                break
            continue
        if made.name not in {field.name for field in found}:
            found.append(made)
    known = sum(1 for field in found if field.name.split("_")[-1] in FIELD_NOUNS)
    return found if sure or (found and (known * 2 > len(found) or known * 2 == len(found) > 3)) else []


def _elements(text: str) -> list[str]:
    pieces, depth, start = [], 0, 0
    for at, mark in enumerate(text[:600]):
        depth += (mark in "([") - (mark in ")]")
        if mark in ",/" and depth <= 0 and not (mark == "/" and text[at - 1 : at].isdigit()):
            pieces.append(text[start:at])
            start = at + 1
    pieces.append(text[start:600])
    return [
        part
        for piece in pieces
        for part in re.split(r"\s+(?:and|or|as well as|plus)\s+(?![^(]*\))|^\s*(?:and|or)\s+", piece)
        if part.strip()
    ]


_LEADING = re.compile(
    r"(?i)^\s*(?:has|have|had|also|and|a list of|details of|the details of|information about|the status of which)\s+|\s+fields?\s*$"
)
_COMPOUND = re.compile(r"(?i)\b(number|date|time|type|place|year|proof|method|country|city) of (?!an?\b|the\b)(\w+)")
_TAIL = re.compile(
    r"\s+(?:of|for|in|during|within|without|before|after|through|via|per|to|with|that|which|from|on|as|at|by|against|is|are|if|when|where|so)\b"
)
_DROPPED = (DETERMINERS - {"first", "last", "past"}) | frozenset(
    ["optional", "optionally", "required", "mandatory", "desired", "specified", "defined"]
)


def _element(piece: str, source: str) -> Field | None:
    inside = re.search(r"\(([^)]{1,120})\)?", piece)
    bare = re.sub(r"\(.*", "", piece) if inside else piece
    typed_as = re.match(r"^\s*[`\"']?([A-Za-z_]\w*)[`\"']?\s*:\s*(\w+)", bare)
    bare = typed_as.group(1) if typed_as else re.sub(r"['’]s\b", "", bare)
    bare = _LEADING.sub("", re.sub(r"[`\"'“”‘’*]", "", bare).strip(" .:;-"))
    bare = re.sub(r"(?i)\b(valid|available|effective|active) (from|until|to)\b", r"\1_\2", bare)
    bare = _TAIL.split(_COMPOUND.sub(r"\1_of_\2", bare))[0]
    kept = [word for word in re.sub(r"(?i)\bnon-\w+", " ", bare).split() if word.lower() not in _DROPPED]
    while kept and _aside(kept[-1].lower()):
        kept = kept[:-1]
    vague = not kept or len(kept) > 4 or kept[-1].lower() in ("details", "detail", "information", "data")
    if vague or any(_NOT_A_FIELD.match(word) for word in kept) or not re.match(r"[A-Za-z]", kept[0]):
        return None
    name = bare if re.fullmatch(r"[a-z]+(?:[A-Z_]\w*)?|[a-z]\w*_\w+", bare) else words.identifier(" ".join(kept))
    if not name:
        return None
    said = inside.group(1) if inside else (typed_as.group(2) if typed_as else "")
    values = (choices(said, name) or _closed(said, kept[-1])) if inside else ()
    required = not re.search(r"(?i)\boptional", f"{piece} {said}")
    meaning = re.sub(r"(?i)^(?:has|have|and|an?|the|its)\s+(?:an?\s+)?|[\"'`]", "", " ".join(piece.split()))[:80]
    return Field(name, "string" if values else typed(name, said), required, meaning.strip(" .:;-"), (source,), values)


def _aside(word: str) -> bool:
    """Whether ``word`` says how, when or where, and so names no property."""
    return word in ADVERBS or word in PREPOSITIONS or (word.endswith("ly") and word not in LY_NOUNS)


def _closed(said: str, noun: str) -> tuple[str, ...]:
    """The values in 'a metric (temperature, humidity, co2)': words after a singular noun, most of which are no properties themselves."""
    pieces = [piece.strip() for piece in said.split(",")]
    plain = len(pieces) > 1 and all(re.fullmatch(r"[a-z][\w-]*(?: [a-z]+){0,2}", piece) for piece in pieces)
    inner = sum(piece.split()[-1] in FIELD_NOUNS for piece in pieces if piece)
    several = words.plural(words.singular(noun.lower())) == noun.lower()
    return (
        tuple(dict.fromkeys(pieces))
        if plain
        and not several
        and inner * 3 < len(pieces)
        and not re.search(r"\b(?:unique|optional|required|max\w*|up to)\b", said)
        else ()
    )


def choices(said: str, name: str = "") -> tuple[str, ...]:
    """The values a note allows: 'open, closed' or 'started/ended/open/closed'; empty when it is no list of short words."""
    said = re.sub(r"(?i)^\s*(?:e\.?g\.?,?|for example,?|such as|one of|either|values?:?|enum:?)\s*", "", said)
    pieces = [
        piece.strip(" `\"'“”‘’.")
        for piece in re.split(r"\s*(?:,|/|\||;|\bor\b|\band\b)\s*", said)
        if piece.strip(" `\"'“”‘’.")
    ]
    open_ended = any(re.fullmatch(r"(?i)etc|\.\.\.|…|and so on", piece) for piece in pieces)
    if (
        open_ended
        or len(pieces) < 2
        or len(pieces) > 15
        or not all(re.fullmatch(r"[\w+-]+(?: [\w+-]+)?", piece) for piece in pieces)
    ):
        return ()
    if name and not re.search(
        r"(?:status|state|type|kind|category|priority|role|level|mode|sort|order|gender|currency|method|unit|plan|direction|size|tier|severity)$",
        name,
    ):
        return ()
    return tuple(dict.fromkeys(pieces))


def option(line: str, source: str, required: bool = True) -> Field | None:
    """The property of a line such as '-school: integer, ID of the school' or 'status: open, closed', or None."""
    hit = _OPTION.match(line)
    if not hit:
        return None
    name, said = hit.group(1), hit.group("rest")
    note = hit.group("note") or ""
    coded = _CODED.findall(said)
    values = tuple(value for value, _ in coded) if len(coded) > 1 else ()
    kind = typed(name, said)
    if not values and (enum := _ENUM.search(said)):
        values = choices(enum.group("list"))
    values = values or choices(said, name)
    if coded and all(value.isdigit() for value in values):
        kind = "integer"
    elif values:
        kind = "string"
    reference = re.search(
        r"(?i)\b(?:id|key|reference)s? (?:of|to) (?:the |an? )?([a-z]\w+)|\bfk\b\W*(?:to |→ |-> )?([a-z]\w+)", said
    )
    target = words.pascal(words.one(reference.group(1) or reference.group(2))) if reference else ""
    needed = required and not re.search(r"(?i)\boptional\b|\bnullable\b", f"{note} {said}")
    meaning = re.sub(rf"(?i)^(?:{'|'.join(sorted(TYPES))})\b[\s,;:.–-]*", "", said).strip(" .")
    return Field(name, kind, needed, meaning[:120], (source,), values, _example(said), target)


def _example(said: str) -> str:
    hit = re.search(r"(?i)\b(?:e\.g\.?|example:?|for example,?)\s+[\"'`]([^\"'`]{1,60})[\"'`]", said)
    return hit.group(1) if hit else ""


def options(passage: Passage, required: bool = True) -> list[Field]:
    """Every property of a passage all of whose lines are options; none when one line is not."""
    lines = [line for line in passage.text.splitlines() if line.strip()][:200]
    found = [option(line, passage.id, required) for line in lines]
    return [field for field in found if field] if lines and all(found) else []


def row(header: Sequence[str], cells: Sequence[str], source: str) -> Field | None:
    """The property a table row describes, when ``header`` says it is a table of fields."""
    columns = {_column(name): cell.strip().strip("`* ") for name, cell in zip(header, cells, strict=False)}
    name = columns.get("name", "")
    if not re.fullmatch(r"[A-Za-z][\w -]{0,40}", name):
        return None
    spelt = name if re.fullmatch(r"[a-z]\w*", name) else words.identifier(name)
    said = f"{columns.get('type', '')} {columns.get('meaning', '')}".strip()
    made = option(f"{spelt}: {said or 'string'}", source) or Field(spelt, typed(spelt), True, "", (source,))
    need = columns.get("required", "").lower()
    optional = need in ("no", "n", "false", "optional", "✗", "-") or need == "null" or "nullable" in need
    return replace(made, required=made.required and not optional, meaning=columns.get("meaning", "") or made.meaning)


def _column(name: str) -> str:
    low = name.lower().strip(" *`")
    for column, pattern in (
        ("name", r"field|column|^name|attribute|property|parameter"),
        ("type", r"type|format"),
        ("required", r"requir|mandator|null|constraint|optional"),
    ):
        if re.search(pattern, low):
            return column
    return "meaning" if re.search(r"desc|mean|note|comment|detail|rule", low) else low


def is_field_table(header: Sequence[str]) -> bool:
    """Whether a table with this header lists properties of one thing."""
    columns = [_column(name) for name in header]
    return columns[:1] == ["name"] and (
        "type" in columns or bool(re.search(r"(?i)field|column|attribute|property", header[0]))
    )


def of_json(text: str, source: str) -> list[Field]:
    """The properties of a JSON object that stands as an example; its values become examples."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return []
    value = value[0] if isinstance(value, list) and value else value
    if not isinstance(value, dict):
        return []
    return [
        _of_value(str(name), content, source)
        for name, content in list(value.items())[:60]
        if re.fullmatch(r"[A-Za-z_]\w{0,60}", str(name))
    ]


def _of_value(name: str, content: object, source: str) -> Field:
    if isinstance(content, bool):
        return Field(name, "boolean", sources=(source,), example=str(content).lower())
    if isinstance(content, int | float):
        return Field(name, "integer" if isinstance(content, int) else "number", sources=(source,), example=str(content))
    if isinstance(content, dict | list):
        return Field(name, "json", sources=(source,))
    text = str(content)
    if text.lower() in TYPES:
        return Field(name, TYPES[text.lower()], sources=(source,))
    return Field(name, typed(words.snake(words.parts(name)) or name), sources=(source,), example=text[:80])


def merged(first: Sequence[Field], second: Sequence[Field]) -> tuple[Field, ...]:
    """Both lists as one: a property named twice keeps the better of what each says and both sources."""
    known: dict[str, Field] = {}
    for field in (*first, *second):
        key = next((name for name in known if _same(name, field.name)), field.name)
        old = known.get(key)
        if old is None:
            known[key] = field
            continue
        name = old.name if len(old.name) <= len(field.name) else field.name
        better = old if old.type not in ("string", "text") or field.type in ("string", "text") else field
        known[key] = replace(
            better, name=name, required=old.required and field.required, meaning=max(old.meaning, field.meaning, key=len), sources=tuple(dict.fromkeys(old.sources + field.sources)),
            values=old.values or field.values, example=old.example or field.example, references=old.references or field.references, personal=old.personal or field.personal,
        )  # fmt: skip
    return tuple(known.values())


def _same(one: str, two: str) -> bool:
    first, second = words.snake(words.parts(one)), words.snake(words.parts(two))
    return first == second or first in (f"affiliated_{second}", f"{second}_name_") or second == f"affiliated_{first}"
