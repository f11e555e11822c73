"""The brief as sentences, each knowing its passage, its section and the line that leads it in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...brief import Passage, plain
from . import words

EXCLUDED = re.compile(
    r"(?i)\b(?:out[- ]of[- ]scope|not in scope|non[- ]?goals?|exclusions?|won['’]?t have|not included|future (?:work|scope|enhancements?|considerations?))\b"
)
_NUMBERING = re.compile(
    r"^(?:(?!\d{1,3}\s+[a-z])(?:\d{1,3}[.)]?|[IVX]{2,4}[.)]?|[IVX][.)])(?:\d{1,3}[.)]?){0,5}\s+|[a-z]\)\s+"
    r"|[\[(]?(?!(?:ISO|IEC|RFC|UTF|SHA|AES|TLS|DIN|EN|HTTP|WCAG|COVID|MP)\b)"
    r"(?:[A-Z]{1,6}[- ]?\d{1,4}(?:\.\d{1,3}){0,3}[\])]?\s?[:.)–—-]|[A-Z]{2,6}-\d{1,4}(?:\.\d{1,3}){0,3}[\])]?(?=\s+[A-Z(\"'`])"
    r"|[A-Z]{2,6}(?:-[A-Z]{1,8}){1,2}-?\d{1,4}(?:\.\d{1,3}){0,3}[\])]?[:.)]?"
    r"|(?:(?i:FR|NFR|REQ|US|UC|BR|SR|AC|TR|RQ|GOAL|STORY|EPIC)|[GRFNT])[- ]?\d{1,4}(?:\.\d{1,3}){0,3}[\])]?(?=\s+[A-Z(\"'`]))\s+)"
)
"""Section numbers and requirement ids in front of a sentence: '3.1 ', 'FR-1 ', 'NFR3: ', 'G1. ', 'REQ-12.3 '."""
_WORDED_OUT = re.compile(
    r"(?i)^(?:(?:expressly|explicitly)\s+)?(?:not part of (?:this|the|our)\b|out of scope\b|outside (?:of )?(?:the |this |our )?scope\b|excluded\b)"
    r"|\b(?:is|are|remains?|stays?) (?:(?:expressly|explicitly) )?(?:not part of (?:this|the) (?:tender|project|contract|release|scope|system|work|version|phase|order)\b|out of scope\b|outside (?:the )?scope\b|not in scope\b)"
)
"""A sentence that itself says that something is not built: 'Not part of this tender: payroll'."""
_LEADS = re.compile(r"(?i)(?:\b(?:to|can|must|should|shall|may|will|able|allows?|following)|:)\s*$")
_MODAL = re.compile(
    r"(?i)\b(?:must|shall|should|may|can|will|able to|enables?|allows?|lets?|permits?|needs? to|supports?|provides?|includes?|required|following)\b"
)
MOST = 25_000
"""Most sentences that are read; a text of a megabyte has about ten thousand."""
LONGEST = 20_000
"""Longest passage that is read as sentences, in characters; the rest of a longer one is only listed."""


@dataclass(frozen=True)
class Sentence:
    """One sentence: its ``text`` on one line, the ``source`` passage's id and kind, its ``section``, and the ``lead`` that introduces its list."""

    text: str
    source: str
    kind: str
    section: tuple[str, ...]
    lead: str = ""
    excluded: bool = False

    @property
    def heading(self) -> str:
        """The innermost heading it stands under, without numbering."""
        return unnumbered(self.section[-1]) if self.section else ""

    @property
    def whole(self) -> str:
        """The sentence with its lead in front of it: 'The Scheduler must enable Organizers to register resources'."""
        if not self.lead:
            return self.text
        lead = self.lead.rstrip(": ").strip()
        text = re.sub(r"^to\s+", "", self.text) if lead.lower().endswith(" to") else self.text
        return (
            f"{lead} {text}" if re.search(r"(?i)\b(?:to|can|must|should|shall|may|will)$", lead) else f"{lead}: {text}"
        )


def unnumbered(heading: str) -> str:
    """A heading without its section number and emphasis."""
    return _NUMBERING.sub("", plain(heading)).strip()


def cut(passages: Sequence[Passage]) -> tuple[Sentence, ...]:
    """Every sentence of prose, list items, rows and remarks, in order; headings are one sentence each, code is none."""
    found: list[Sentence] = []
    lead = ""
    for passage in passages:
        if len(found) >= MOST:
            break
        if passage.kind in ("code", "rule", "metadata", "html"):
            continue
        text = unnumbered(plain(passage.text[:LONGEST]))
        if not re.search(r"\w", text):
            continue
        excluded = any(EXCLUDED.search(name) for name in passage.section) or (
            passage.kind == "heading" and bool(EXCLUDED.search(text))
        )
        if passage.kind == "item":
            found += _of(passage, [text] if _tagged(text) else words.sentences(text), lead, excluded)
            lead = text if text.endswith(":") and _MODAL.search(text) else lead
            continue
        if passage.kind == "row":
            text = re.sub(r"^[A-Z]{1,5}[- ]?\d{1,4}(?:\.\d{1,3})*\s*\|\s*", "", text)
        pieces = words.sentences(text)
        lead = pieces[-1] if pieces and _LEADS.search(pieces[-1]) and _MODAL.search(pieces[-1]) else ""
        if passage.kind == "heading" and not lead:
            lead = text if re.search(r"(?i)\bmust\b.*\bto$", text) else ""
        found += _of(passage, [text] if passage.kind in ("heading", "row") else pieces, "", excluded)
    return tuple(found)


def _tagged(text: str) -> bool:
    return bool(re.search(r"\((?:REQUIRED|RECOMMENDED|OPTIONAL|MUST|SHOULD|MAY)\)\W*$", text))


def _of(passage: Passage, pieces: Sequence[str], lead: str, excluded: bool) -> list[Sentence]:
    return [
        Sentence(
            piece,
            passage.id,
            passage.kind,
            passage.section,
            lead if at == 0 else "",
            excluded or bool(_WORDED_OUT.search(piece[:2000])),
        )
        for at, piece in enumerate(pieces)
    ]
