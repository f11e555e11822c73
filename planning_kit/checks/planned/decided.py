"""What a decision brief owes: one page, the decisions that matter with what was rejected, links to where each stands."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from urllib.parse import unquote

from ...document import Document
from ..about import About
from ..service import parts
from ..wrong import Wrong, Wrongs

WORDS, LINES = 350, 37
"""What fits on a page of A4 as documents are printed (``export/page.css``, DejaVu Sans, the widest of its fonts): measured, six headings and a table of five rows included."""
MOST = 5
_META = re.compile(r"\A\s*#[^\n]{0,400}\n\s*(?:\|[^\n]{0,2000}\|?[ \t]*\n){2,4}")
"""The title and the meta block."""
_TARGET = re.compile(r"\]\([^()\s]{0,600}\)")
_LINK = re.compile(
    r"\]\(\s{0,9}<?((?:[^()<>\s]|\([^()\s]{0,200}\)){1,600})>?(?:\s{1,9}(?:\"[^\"]{0,200}\"|'[^']{0,200}'))?\s{0,9}\)|\]\[([^\[\]]{1,200})\]"
)
"""A link to a target, or to one that is defined elsewhere in the document (CommonMark 0.31, *Links*)."""
_DEFINED = re.compile(r"(?m)^ {0,3}\[([^\[\]\n]{1,200})\]:\s{0,9}<?([^<>\s]{1,600})")
_WIDE = 100
"""So many characters of prose go on a line of the page."""
_COLUMNS = ("Decision", "Instead of", "Because", "Where")


def fits_on_one_page(document: Document, about: About) -> Wrongs:
    """Write no more than fits on one page: 350 words and 37 lines of 100 characters, headings and rows of tables counted in."""
    body = _META.sub("", document.text, count=1)
    shown = _TARGET.sub("]", body)
    words = sum(1 for each in shown.split() if re.search(r"\w", each))
    lines = sum(1 + _width(each) // (_WIDE + 1) for each in shown.split("\n") if re.search(r"\w", each))
    if words > WORDS:
        hint = "leave out what the documents linked say, and keep what decides"
        yield Wrong(0, f"the brief has {words} words; a page has room for {WORDS}", hint)
    elif lines > LINES:
        yield Wrong(0, f"the brief has {lines} lines; a page has room for {LINES}", "say more in fewer lines")


def _width(line: str) -> int:
    """How many characters' room a line takes: those of East Asia are as wide as two (UAX #11)."""
    return len(line) if line.isascii() else sum(1 + (unicodedata.east_asian_width(each) in "WF") for each in line)


def names_five_decisions(document: Document, about: About) -> Wrongs:
    """Give under 'Decisions' at most five rows with the columns Decision, Instead of, Because, Where: each with a rejected alternative and a link to a document of the plan."""
    place = parts.place(document, "Decisions")
    rows = parts.listed(document, "Decisions", *_COLUMNS)
    if place and not rows:
        hint = f"add a table with the columns {', '.join(_COLUMNS)}: the decisions that matter most"
        yield Wrong(place, "no decision is named", hint, 1)
    if len(rows) > MOST:
        yield Wrong(rows[MOST].line, f"{len(rows)} decisions are named", f"keep the {MOST} that matter most")
    there = {each.name for each in about.beside} | about.files
    for row in rows:
        for name in _COLUMNS[:3]:
            if parts.is_empty(row[name]):
                said = "no rejected alternative" if name == "Instead of" else f"nothing under {name!r}"
                hint = "name what was rejected; what had no alternative was no decision" if name == "Instead of" else f"fill in {name!r}"  # fmt: skip
                yield Wrong(row.line, f"{row.first[:60]!r} has {said}", hint)
        if row["Instead of"].casefold().strip(" .") == row["Decision"].casefold().strip(" .") and row["Decision"]:
            yield Wrong(row.line, f"{row.first[:60]!r} is its own alternative", "name something else that was rejected")
        yield from _leads(document, row, there)


def _leads(document: Document, row: parts.Row, there: set[str]) -> Wrongs:
    """That a row links a document of the plan; one that the check does not know may be there all the same."""
    known = {name.casefold(): target for name, target in _DEFINED.findall(document.text)}
    every = (target or known.get(name.casefold(), "") for target, name in _LINK.findall(row["Where"]))
    targets = [unquote(each.partition("#")[0]) for each in every]
    own = [each for each in targets if each and not re.match(r"[A-Za-z][\w+.-]{0,20}:|/", each)]
    if not own:
        hint = (
            "link the document it was decided in, by its relative path: [Storage](integration-architecture.md#storage)"
        )
        yield Wrong(row.line, f"{row.first[:60]!r} does not lead to the document it was decided in", hint)
        return
    folder = posixpath.dirname(document.name)
    if there and not any(posixpath.normpath(posixpath.join(folder, each)) in there for each in own):
        said = f"{own[0][:120]} is none of the documents that the brief rests on"
        yield Wrong(row.line, said, "link the document it was decided in", severity="warning")


CHECKS = {"one-page": fits_on_one_page, "five-decisions": names_five_decisions}
"""By the name a consultant asks for it."""
