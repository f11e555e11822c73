"""What a passage says, sentence by sentence, and how binding each sentence is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....brief import Passage
from .ground import Ground
from .wording import pieces

MUST, SHOULD, COULD = "Must", "Should", "Could"
"""How binding a requirement is (MoSCoW, Clegg and Barker 1994)."""
_TAGS = (
    (MUST, re.compile(r"\((?:REQUIRED|MUST)\)")),
    (SHOULD, re.compile(r"\((?:RECOMMENDED|SHOULD)\)")),
    (COULD, re.compile(r"\((?:OPTIONAL|MAY)\)")),
)
_CELLS = {
    "must": MUST, "m": MUST, "high": MUST, "should": SHOULD, "s": SHOULD, "medium": SHOULD, "could": COULD, "c": COULD,
    "may": COULD, "low": COULD, "must have": MUST, "should have": SHOULD, "could have": COULD,
}  # fmt: skip
_ID_CELL = re.compile(r"[A-Z]{1,6}-?\d{1,4}(?:\.\d{1,3})*")
_VERB_CELL = re.compile(r"`?(GET|POST|PUT|PATCH|DELETE)`?")


def split(text: str) -> Iterator[str]:
    """The sentences of ``text``; one with a semicolon between two clauses is two."""
    for piece in pieces(text):
        clauses = piece.split("; ")
        yield from clauses if all(len(each.split()) > 3 for each in clauses) else [piece]


def row(passage: Passage) -> tuple[str, str]:
    """What a passage says, and its priority if it is the row of a table that has one."""
    if passage.kind != "row":
        return passage.plain, ""
    cells = [cell.strip() for cell in passage.plain.split("|") if cell.strip(" -")]
    ranked = next((_CELLS[cell.casefold()] for cell in reversed(cells) if cell.casefold() in _CELLS), "")
    cells = [cell for cell in cells if cell.casefold() not in _CELLS and not _ID_CELL.fullmatch(cell)]
    if len(cells) > 2 and _VERB_CELL.fullmatch(cells[0]):
        return f"{cells[2]} ({cells[0]} {cells[1]})", ranked
    whole = next(
        (
            cell
            for cell in cells
            if len(cell.split()) > 4 and re.search(r"\b(?:must|shall|should|can|may|is|are|will)\b", cell)
        ),
        "",
    )
    return whole or ": ".join(cells), ranked


def placed(piece: str, passage: Passage, ground: Ground) -> str:
    """``piece`` with the operation instead of 'this endpoint' or 'this request', where the passage names one."""
    stated = [
        o for o in ground.plan.operations if o.stated and passage.id in o.sources and o.path.strip("/") in passage.plain
    ]
    if len(stated) == 1:
        return re.sub(r"^(?:This|The) (?:endpoint|request)\b(?! is)", f"{stated[0].method} {stated[0].path}", piece)
    return piece


def priority(piece: str, passage: Passage) -> str:
    """How binding ``piece`` is: the passage's tag, the tag of a heading above, else its own words (RFC 2119, plain English)."""
    for text in (passage.text, *reversed(passage.section)):
        for name, tag in _TAGS:
            if tag.search(text[:20_000]):
                return name
    if re.search(r"(?i)\b(?:must|shall|needs? to|ha(?:s|ve) to|required?)\b", piece):
        return MUST
    if re.search(r"(?i)\b(?:should|recommended|preferred)\b", piece):
        return SHOULD
    return COULD if re.search(r"(?i)\b(?:may|might|could|nice to have)\b", piece) else MUST
