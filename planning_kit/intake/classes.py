"""What each passage of a brief is: something asked for, a limit, somebody who acts, data, a neighbour, the setting, or left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..brief import Brief, Passage
from ..offline.reading import statements
from ..offline.reading.sentences import Sentence, cut
from . import acting, announced, marks
from .wording import by_passage

_LONGEST = 20_000
_LEVELS = ("must", "should", "may")


@dataclass(frozen=True)
class _Place:
    """Where a passage stands: what its headings announce, what its table's header announces, whether it is a header itself."""

    section: str
    header: str = ""
    heads: bool = False


def classify(brief: Brief) -> dict[str, str]:
    """Passage id → one of ``facts.CLASSES``, for every passage.

    A passage's own words decide first (an RFC 2119 keyword, an identifier such as ``NFR-3``, a user story), then
    its table's header, then the headings above it.
    """
    said = by_passage(cut(brief.passages))
    places = _places(brief.passages)
    return {
        each.id: _class(each, said.get(each.id, ()), place) for each, place in zip(brief.passages, places, strict=True)
    }


def strength(passage: Passage, sentences: Sequence[Sentence] = ()) -> str:
    """How strongly a passage asks: ``must``, ``should``, ``may`` or ``none`` (keywords of RFC 2119, also tagged, and plain English modals).

    Args:
        passage: the passage.
        sentences: its sentences if they were cut with the whole brief, so that a list item knows the line that leads it in.
    """
    if tag := marks.TAG.search(passage.text[:_LONGEST]):
        return marks.TAGGED[tag.group(1).upper()]
    levels = {statements.strength(each) for each in sentences or cut([passage])}
    return next((level for level in _LEVELS if level in levels), "none")


def _places(passages: Sequence[Passage]) -> list[_Place]:
    """Where each passage stands; a short bold line or a line that names a section announces like a heading."""
    found: list[_Place] = []
    section, label, header = "", "", ""
    above: Passage | None = None
    for passage in passages:
        if passage.kind == "heading":
            section, label = announced.by_section((*passage.section, passage.plain)), ""
        elif own := marks.titled(passage):
            label = own
        elif marks.labels(passage):
            label = announced.by_heading(passage.plain.rstrip(":")) or (label if passage.kind == "item" else "")
        heads = passage.kind == "row" and bool(marks.SEPARATOR.search(passage.text))
        if heads:
            header = announced.by_header(passage.text.split("\n", 1)[0]) or "-"
        elif passage.kind != "row" or (above and above.kind != "row"):
            header = ""
        found.append(
            _Place("out of scope" if section == "out of scope" else label or section, header.strip("-"), heads)
        )
        above = passage
    return found


def _class(passage: Passage, sentences: Sequence[Sentence], place: _Place) -> str:
    text = passage.plain[:_LONGEST] if passage.kind != "code" else ""
    if passage.kind == "heading":
        return (
            _asked(text, place.section, "")
            if marks.TAG.search(text) or (marks.ORDERS.search(text) and not marks.ASKED.match(text))
            else "other"
        )
    if passage.kind in ("rule", "metadata") or place.heads or (passage.kind != "code" and not re.search(r"\w", text)):
        return "other"
    if passage.kind == "html" and passage.text.lstrip().startswith("<!--"):
        return "other"
    if marks.TAG.search(text):
        return _asked(text, place.section, place.header)
    if place.section == "out of scope" or marks.LEFT_OUT.search(text):
        return "out of scope"
    if passage.kind == "code":
        return _code(passage.text[:_LONGEST])
    if place.section == "other" or place.header == "other":
        return "other"
    if known := marks.by_id(text):
        return _asked(text, known, "") if known == "functional" else known
    if passage.kind == "row":
        return _row(passage, text, sentences, place)
    if marks.labels(passage):
        return "functional" if marks.ORDERS.search(text) or acting.wished(text) else "other"
    return _prose(passage, text, sentences, place.section)


def _asked(text: str, section: str, header: str) -> str:
    """What sort of requirement a text is that asks for something."""
    if section == "constraint" or marks.LIMITS.search(text):
        return "constraint"
    if "quality" in (section, header) or marks.QUALITY.search(text):
        return "quality"
    return "functional"


def _row(passage: Passage, text: str, sentences: Sequence[Sentence], place: _Place) -> str:
    """A table's row: what its header announces, but what it asks for itself counts more than a header that fits anything."""
    if marks.CATEGORY.search(f"|{text}|"):
        return "quality"
    asks = marks.ORDERS.search(text)
    name = place.header or place.section
    if name in ("actor", "data", "integration", "constraint", "quality", "context") and not (
        asks and name == "context"
    ):
        return name
    if asks or name == "functional":
        if marks.CONNECTS.search(text) or place.section == "integration":
            return "integration"
        return _asked(text, place.section, place.header)
    return _prose(passage, text, sentences, place.section)


def _prose(passage: Passage, text: str, sentences: Sequence[Sentence], section: str) -> str:
    """A paragraph or list item."""
    orders = bool(marks.ORDERS.search(text)) or any(marks.ORDERS.search(each.lead) for each in sentences if each.lead)
    first = (sentences[0].text if sentences else text)[:2000]
    if marks.STORY.search(text):
        return "functional"
    if named := marks.lined(text):
        return named
    if section == "actor" or (marks.SOMEBODY.search(first) and not marks.ORDERS.search(first)):
        return "actor"
    if marks.TYPED.search(text):
        return "data"
    obliges = any(marks.OBLIGES.search(said) for said in (text, *(each.lead for each in sentences)))
    if (section == "context" and not obliges) or (
        marks.announces(text, passage) and not (len(sentences) > 1 and marks.OBLIGES.search(first))
    ):
        return "context"
    if section == "constraint" or (not section and marks.BOUNDS.search(text)):
        return "constraint"
    if section == "integration" or marks.CONNECTS.search(text):
        return "integration"
    told = marks.ORDERS.search(first) or marks.ENDPOINT.search(first) or marks.LIMITS.search(first)
    if not told and (marks.has_fields(text) or (section == "data" and not marks.QUALITY.search(text))):
        return "data"
    if not section and marks.UNDECIDED.search(text) and not marks.OBLIGES.search(text):
        return "context"
    clause = re.split(r"[;:]", first, maxsplit=1)[0]
    if not section and marks.LEVEL.search(clause if acting.acts(first) else text):
        return "quality"
    if not section and marks.NEIGHBOUR.search(first):
        return "integration"
    if not section and acting.acts(first):
        return (
            "constraint" if marks.LIMITS.search(first) else "quality" if marks.QUALITY.search(first) else "functional"
        )
    if orders or (section != "context" and strength(passage, sentences) in ("must", "should")):
        return _asked(text, section, "")
    if section == "quality":
        return _asked(text, section, "")
    if section in ("functional", "data"):
        return _asked(text, "", "") if passage.kind == "item" or marks.DOES.search(text) else "context"
    if (marks.DOES.search(text) and not marks.IS_A.search(text)) or marks.ENDPOINT.search(first):
        return _asked(text, "", "")
    if marks.QUALITY.search(text) and passage.kind == "item":
        return "quality"
    if not section and (
        acting.wished(text)
        or (passage.kind == "item" and acting.done(first))
        or any(acting.acts(each.text) for each in sentences[1:])
    ):
        return _asked(text, section, "")
    return "constraint" if marks.LIMITS.search(text) else "context"


def _code(text: str) -> str:
    """A block of code: fields make it data, Given/When/Then a requirement, anything else an example."""
    if re.search(r"(?m)^\s*(?:Feature|Scenario(?: Outline)?|Given|When)\b", text):
        return "functional"
    return "data" if marks.FIELDS_OF_CODE.search(text) else "context"
