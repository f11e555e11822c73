"""The properties prose gives to a thing: 'an event has a name, a date and a duration', 'status (open/closed)'."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..facts import Field
from . import fields, words
from .lexicon import FIELD_NOUNS, LIGHT, NOISE
from .phrases import Noun
from .roster import Mention, Roster, managed, mentions
from .sentences import Sentence

_HAS = re.compile(
    r"(?i)^\W*(?:\([^)]*\)\s*)?(?:(?:must|should|shall|may|can|will|also|that|which|by definition|details|messages?|entry|entries|record|records|all|each|is|are|be|been|to)\s+)*"
    r"(?:ha(?:s|ve)|contains?|includes?|including|consists? of|identified by|comprises?|stores?|holds?|details such as|such as|with (?:the )?(?:fields|attributes|properties|columns)|"
    r"has (?:the )?following (?:fields|attributes|properties)|described by|defined (?:by|with)|need(?:s)?|carr(?:y|ies)|records?|information about|have information about|requires?|:)\W+"
    r"(?:(?:pre-determined|its|their|the following|following|information about|fields?|attributes?|properties|details)\W+)*(?P<list>.+)"
)
_DETAILS = re.compile(
    r"(?i)\b(?:details?|information|profile|data|attributes|properties|fields)\b(?: of (?:the )?\w+)?\s*\(\s*(?:e\.g\.?,?|such as|i\.e\.?,?|for example,?)?\s*(?P<list>[^)]{3,200})\)"
)
_SUCH_AS = re.compile(
    r"(?i)\b(?:details?|information|data|attributes|properties|fields|metadata)\s+(?:such as|like|including|e\.g\.?,?)\s+(?:its |their |the )?(?P<list>[^.;]{3,300})"
)
_SPAN = re.compile(r"(?i)\bstart(?:ing)?(?: time| date)? and end(?:ing)? (date[- ]?time|time|date)s?\b")
_CHOSEN = re.compile(
    r"(?i)\b(?P<name>status|category|categories|state|type|mode|role|priority|level)\s?\(\s*(?P<list>[^)]{3,120})\)"
)
_VALUE = r"[\"'`“]?(?!(?:and|or|an|the)\b)[A-Za-z_]{2,30}(?:[ -][a-z]{2,20}(?=[\"'`”]?\s*(?:[,.;/)|]|or\b|and\b|$)))?[\"'`”]?"
_FIXED = re.compile(
    r"(?i)\b(?P<name>status|state|type|category|priority|role)"
    r"(?:\s+(?:can be|may be|must be|is|are)(?: one of| either)?|\s+of|:|,? (?:either|one of)|(?=\s+[a-z]+,\s[^.;:]{0,200}\sor\s))\s+"
    rf"(?:either\s+|one of\s+)?[:\"'`“]?(?P<list>{_VALUE}(?:(?:,\s*(?:or\s+|and\s+)?|\s+or\s+|/|(?<=[a-z])\s+and\s+(?=[a-z]+[.;)]|[a-z]+$)){_VALUE}){{1,10}})"
)
_OF = re.compile(
    r"(?i)\s+(?:which (?:is|are) )?(?:of|with) (?:an?|the|any|one)?\s*(?:given|certain|specific|particular|chosen)?\s*"
)
_RELATIVE = re.compile(r"(?i)\W{0,3}(?:that|which|who)\b[^.;,]{0,80}\b(?:cannot|can|must|may|is|are|stays?|becomes?)\b")
"""'A book that has loans cannot be deleted' gives a book no property."""
_DEFINING = re.compile(r"(?i)\W*(?:an?|the|each|every)?\s*")
_LEFT = re.compile(
    r"(?i)\b(?:leave|give|enter|include|state|attach|add|write)s?\s+(?:an?|the)\s+(?P<field>[a-z]+(?: [a-z]+)?)"
    r"\s+(?:of (?:up to|at most) [\d,.]+ (?:characters?|words?)\s+)?(?:with|to|for|on|when booking)\s+(?:an?|the|their|each|every|any)\s+"
)
_PART = re.compile(
    r"(?i)\b(?:change|update|edit|set|correct|rename)s?\s+the\s+(?P<field>[a-z]+(?: [a-z]+)?)\s+of\s+(?:an?|the|their|each|every|any)\s+"
)
_VAGUE = frozenset(
    [
        "details",
        "detail",
        "information",
        "data",
        "status",
        "list",
        "settings",
        "contents",
        "properties",
        "fields",
        "attributes",
    ]
)
_GROUPED = re.compile(r"(?<![\w-])(?P<name>(?:[a-z]+ )?[a-z]{3,}s)\s*\((?P<list>[^)]{5,200})\)")
_ENDS = ("start_at", "end_at", "start_date", "end_date")
_IDENTIFIED = re.compile(r"(?i)\bidentified by (?P<list>(?:an? |its )[^.;]{3,200})")
_TAKES = re.compile(
    r"(?i)^\s*(?:\([^)]*\)\s*)?(?:by|with|including|containing)\s+(?:the following\s+|(?:a |an )?(?:defined |following |specific )*(?:fields|details|attributes)\W+)?(?P<list>[^.;]{3,300})"
)
_COMPOUND = re.compile(
    r"\s+(price|status|title|description|category|priority|name|capacity|quantity|deadline|duration|due date)s?\b(?!\s*\()"
)
_MOMENT = re.compile(r"(?i)\bat (?:an? |the )?(?:specific|specified|given|certain) date-?times?\b(?! epochs)")
_MAKING = re.compile(
    r"(?i)\b(?:creat|add|register|publish|post|submit|defin|brand|describ|record|stor|upload|report|write|enter|affiliat|enrol)\w*\b"
)


def describe(sentences: Sequence[Sentence], roster: Roster, nominal: dict[str, Noun]) -> None:
    """Add to every thing in ``roster`` the properties the sentences give it."""
    for sentence in sentences:
        if sentence.excluded or sentence.kind == "heading":
            continue
        for name, made in (*_given(sentence, roster), *_with(sentence, roster, nominal)):
            if _SPAN.search(sentence.text):
                made = [
                    field
                    for field in made
                    if field.name in _ENDS or not re.match(r"(?:start|end)(?:ing)?(?:_|$)", field.name)
                ]
            kept = [field for one in made if (field := _referring(one, name, roster)) and len(field.name) > 1]
            if kept and name in roster:
                roster[name].fields = fields.merged(roster[name].fields, kept)
                roster[name].seen(sentence.source, 0)


def group(sentences: Sequence[Sentence], roster: Roster) -> None:
    """Add what a thing is made of, when its own properties stand behind it: 'an invoice with line items (description, quantity)'."""
    for sentence in sentences:
        making = _MAKING.search(sentence.text[:2000]) if not sentence.excluded and sentence.kind != "heading" else None
        named = mentions(sentence.text[:2000], roster) if making else []
        for hit in _GROUPED.finditer(sentence.text[:2000]) if named else ():
            made = fields.listed(hit.group("list"), sentence.source)
            above = [
                mention for mention in named if mention[1] <= hit.start() and making and mention[0] >= making.end()
            ]
            inside = [mention for mention in named if mention[0] < hit.end("name") and mention[1] > hit.start("name")]
            vague = words.one(hit.group("name"))[-1] in (LIGHT | NOISE) - {"item", "entry", "row"}
            if (
                above
                and not inside
                and not vague
                and len(made) > 1
                and re.search(r"(?i)\bwith\b", sentence.text[above[0][1] : hit.start()])
            ):
                owner, part = above[0][2], words.one(hit.group("name"))
                key = Field(
                    f"{words.snake(owner)}_id", "uuid", True, "", (sentence.source,), references=words.pascal(owner)
                )
                if found := roster.note(part, sentence.source, 4):
                    found.fields = fields.merged(found.fields, [*made, key])


def _referring(made: Field, owner: Noun, roster: Roster) -> Field | None:
    """``made`` itself, or a key when it names one other entity ('with a start time and a clinic'); None when it names several."""
    word = made.name.split("_")[-1]
    whole = words.one(made.name.replace("_", " "))
    if len(whole) > 1 and whole in roster and words.snake(whole) != made.name:
        return None
    named = roster.means((words.singular(word),), strict=True)
    if named is None:
        return made
    if made.name != words.singular(word) or named == owner:
        return None
    return replace(made, name=f"{made.name}_id", type="uuid", references=words.pascal(named))


def _given(sentence: Sentence, roster: Roster) -> Iterator[tuple[Noun, list[Field]]]:
    """(thing, properties) for every way a sentence gives properties to a thing it names."""
    text = sentence.text[:2000]
    named = mentions(text, roster)
    if not named:
        return
    about, first, source = _about(sentence, named, roster), named[0], (sentence.source,)
    sure = sentence.kind == "remark"
    has = _HAS.match(text[first[1] :]) if first[0] < 40 else None
    defining = _DEFINING.fullmatch(text[: first[0]]) and re.match(
        r"\s+(?:has|have|consists? of)\s+(?:an?|the)\s", text[first[1] :]
    )
    if (
        has
        and not _RELATIVE.match(text[first[1] :])
        and (made := fields.listed(_without_values(has.group("list")), sentence.source, sure=sure or bool(defining)))
        and _properly(made, sure)
    ):
        yield first[2], made
    yield from _later(text, named, sentence.source)
    yield from _carried(text, named, source)
    if known := _IDENTIFIED.search(text):
        yield first[2], fields.listed(known.group("list"), sentence.source)
    for _, stop, name, several in named:
        inside = re.match(r"\s*\((?P<list>[a-z][^)]{3,200})\)", text[stop:])
        if inside and re.search(r",", inside.group("list")):
            yield name, fields.listed(inside.group("list"), sentence.source)
        if not several and (compound := _COMPOUND.match(text[stop:])):
            label = compound.group(1).replace(" ", "_")
            yield name, [Field(label, fields.typed(label), False, "", source)]
    if re.match(r"(?i)(?:to )?categori[sz]e ", text):
        yield first[2], [Field("category", "string", False, text.split(".")[0][:80], source)]
    if moment := _MOMENT.search(text):
        yield about, [Field("date_time", "date-time", True, moment.group(), source)]
    for span in _SPAN.finditer(text):
        kind = "date" if span.group(1).lower() == "date" else "date-time"
        ends = ("start_date", "end_date") if kind == "date" else ("start_at", "end_at")
        yield about, [Field(name, kind, True, span.group(), source) for name in ends]
    yield from _detailed(text, named, about, sentence.source)
    yield from _chosen(text, named, about, sentence, roster)


def _without_values(said: str) -> str:
    """A list of properties without the values one of them can have: 'a title, a status open, closed or lost' is two properties."""
    return re.split(r":\s", _FIXED.sub(lambda hit: hit.group("name"), said[:2000]))[0]


def _later(text: str, named: Sequence[Mention], source: str) -> Iterator[tuple[Noun, list[Field]]]:
    """'…; and every copy has a barcode': a definition after the first words of a sentence."""
    for start, stop, name, _ in named[1:]:
        begins = re.search(r"(?i)(?:[;,.:]\s+(?:and\s+)?)(?:an?|every|each)\s+$", text[:start])
        if begins and (has := re.match(r"\s+(?:has|have)\s+(?P<list>(?:an?|the)\s.+)", text[stop:])):
            made = fields.listed(has.group("list"), source, sure=True)
            yield name, [field for field in made if not re.match(r"(?:belongs?|is|are)(?:_|$)", field.name)]


def _carried(text: str, named: Sequence[Mention], source: tuple[str, ...]) -> Iterator[tuple[Noun, list[Field]]]:
    """'leave a note of up to 500 characters with an appointment', 'change the licence plate of a permit'."""
    for pattern in (_LEFT, _PART):
        for hit in pattern.finditer(text):
            owner = next((name for start, _, name, _ in named if start == hit.end()), None)
            label = words.identifier(hit.group("field"))
            if (
                owner
                and label
                and label.split("_")[-1] not in _VAGUE
                and not any(start <= hit.start("field") < stop for start, stop, _, _ in named)
            ):
                yield owner, [Field(label, fields.typed(label), False, " ".join(hit.group("field").split()), source)]


def _detailed(text: str, named: Sequence[Mention], about: Noun, source: str) -> Iterator[tuple[Noun, list[Field]]]:
    """'contact details of a resource (phone, mail)', 'information such as name and age'."""
    for pattern in (_DETAILS, _SUCH_AS):
        for hit in pattern.finditer(text):
            before = [mention for mention in named if mention[0] < hit.start("list")]
            near = [mention for mention in before if hit.start() - mention[1] < 3 or mention[0] >= hit.start()]
            owner = (near or before[:1] or named)[-1 if near else 0][2]
            yield about if about[-1:] == ("log",) else owner, _contact(fields.listed(hit.group("list"), source))


def _chosen(
    text: str, named: Sequence[Mention], about: Noun, sentence: Sentence, roster: Roster
) -> Iterator[tuple[Noun, list[Field]]]:
    """'status (open/closed)', 'priority can be low or high'."""
    for pattern in (_CHOSEN, _FIXED):
        for hit in pattern.finditer(text):
            owner = [
                m
                for m in named
                if m[1] <= hit.start() and (hit.start() - m[1] < 12 or _OF.fullmatch(text[m[1] : hit.start()]))
            ]
            label = {"categories": "category"}.get(hit.group("name").lower(), hit.group("name").lower())
            values = fields.choices(hit.group("list"), label)
            pieces = re.split(r"[/,|]", hit.group("list"))
            short = pattern is _CHOSEN and len(pieces) > 1 and all(len(piece.split()) < 4 for piece in pieces)
            above = managed(sentence, roster) or (about if named[0][0] < hit.start() else None)
            whose = owner[-1][2] if owner else above
            if whose and (values or short):
                said = " ".join(hit.group().split())[:100]
                yield whose, [Field(label, "string", True, said, (sentence.source,), values)]


def _with(sentence: Sentence, roster: Roster, nominal: dict[str, Noun]) -> Iterator[tuple[Noun, list[Field]]]:
    """Properties a thing is made with: 'create products with a name and a price', 'affiliate a resource with weekdays and working hours'."""
    text = sentence.text[:2000]
    making = _MAKING.search(text)
    if not making:
        return
    doing = [making.group(), *re.findall(r"[a-z]+ed\b", text.lower())]
    linked = next((nominal[words.stem(word)] for word in doing if words.stem(word) in nominal), None)
    direct: Noun | None = None
    for start, stop, name, _ in mentions(text, roster):
        if stop <= making.start():
            continue
        aside = re.search(r"(?i)\b(?:for|to|in|on|of)\s+(?:an?|the|their|each)\s+$", text[:start])
        owner = direct if direct and aside else name
        direct = direct or (name if start >= making.end() else None)
        close = re.fullmatch(r"\w*\s*(?:(?:an?|the|new)\s+)*", text[making.end() : start])
        taken = _TAKES.match(text[stop:])
        sure = bool(
            taken and close and re.match(r"(?i)\s+with\s", text[stop:]) and re.search(r",| and ", taken.group("list"))
        )
        if (
            taken
            and (made := fields.listed(taken.group("list"), sentence.source, sure=sure))
            and _properly(made, False)
        ):
            yield linked or owner, made


def _properly(made: list[Field], sure: bool) -> bool:
    return sure or len(made) > 1 or made[0].name in FIELD_NOUNS


def _about(sentence: Sentence, named: Sequence[Mention], roster: Roster) -> Noun:
    """The thing a sentence is about: that of its heading if it names it, else the first it names."""
    heading = tuple(words.parts(sentence.heading))
    for length in range(min(3, len(heading)), 0, -1):
        name = (*heading[: length - 1], words.singular(heading[length - 1]))
        if name in roster and any(mention[2] == name for mention in named):
            return name
    return named[0][2]


def _contact(made: list[Field]) -> list[Field]:
    """Ways to be reached, none of which everybody has, are optional."""
    ways = {"phone", "mail", "email", "sms", "url", "webhook", "website", "mobile"}
    spelt = {"mail": "email", "sms": "sms_number"}
    if sum(field.name in ways for field in made) < 2:
        return made
    renamed = [
        replace(field, name=spelt.get(field.name, field.name), required=field.required and field.name not in ways)
        for field in made
    ]
    return [replace(field, type=fields.typed(field.name)) for field in renamed]
