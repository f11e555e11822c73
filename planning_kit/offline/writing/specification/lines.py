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
_SPOKEN = (
    (re.compile(r"^(?:This|The) (?:endpoint|request)\b(?! is\b)"), "{called}"),
    (re.compile(r"^The (?:GET|POST|PUT|PATCH|DELETE) (?:request|endpoint)\b(?! is\b)"), "{called}"),
    (re.compile(r"\b(?:for|of|to) this (?:request|endpoint)\b"), "to {called}"),
    (re.compile(r"^The response to a successful request\b"), "The response to a successful {called}"),
    (re.compile(r"^A successful (?:request|response)\b"), "A successful {called}"),
    (re.compile(r"^Public(?:\.|$)"), "{called} shall be public."),
    (re.compile(r"\b(?P<may>may|can) do (?:it|so|this)\b(?=\.?$)"), r"\g<may> use {called}"),
)
"""How a passage about one operation speaks of it, and its name instead."""
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
    stated = [o for o in ground.plan.operations if o.stated and passage.id in o.sources]
    near = [o for o in stated if o.path.strip("/") in passage.plain] or stated
    near = [o for o in near if re.search(rf"\b{o.method}\b", f"{passage.plain} {' '.join(passage.section[-1:])}")]
    if len(near) != 1:
        return piece
    called = f"{near[0].method} {near[0].path}"
    for pattern, form in _SPOKEN:
        piece = pattern.sub(form.format(called=called, method=near[0].method), piece, count=1)
    piece = re.sub(
        rf"^The (?:\w+ )?(?:endpoint|operation|request) (?:is|shall be) a {near[0].method} (?:request|endpoint|operation)\b[^,]*?, which (?=[a-z])",
        f"{called} ",
        piece,
    )
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
    if re.search(
        r"(?i)^(?:nobody|no one)\b|\bonly\b[^.]{0,60}\bmay\b|^\W*(?:FR-?\d+\W+)?(?:an?|the|every|each) [\w -]{2,30} may\b|^[A-Z][a-z]+s may\b",
        piece,
    ) and not re.search(r"\bMAY\b", piece):
        return MUST
    return COULD if re.search(r"(?i)\b(?:may|might|could|nice to have)\b", piece) else MUST
