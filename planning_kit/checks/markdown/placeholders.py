"""What was left to be filled in: a whole cell or section of it, or a word in a text; who writes about the word itself quotes it."""

from __future__ import annotations

import re

from ...document import Document
from ..about import About
from ..wrong import Wrong, Wrongs
from .read import headings, item, prose
from .tables import cells

_WORDS = r"TBD|TBA|TBC|TODO|FIXME|XXX+|lorem ipsum(?: dolor sit amet)?|to be (?:defined|determined|decided|confirmed|specified|added|completed|written|done)|coming soon"
_WHOLE = re.compile(
    rf"[*_(\[]*(?:{_WORDS}|\?\?\?+|placeholder|fill (?:this )?in|content goes here|your (?:text|content) here)[*_)\]]*(?: later)?[.!:]?[*_]*",
    re.IGNORECASE,
)
_INSIDE = (
    re.compile(r"\bTBD\b"),
    re.compile(r"(?:^\s*(?:[-*+]\s+)?|[(\[]|[.!?:]\s+|\*\*)(?:TODO|FIXME)(?=\s*[:\])(]|\s+-|\*\*)"),
    re.compile(r"^\s*(?:[-*+]\s+)?XXX(?=[:\s])"),
    re.compile(r"lorem ipsum", re.IGNORECASE),
    re.compile(r"\b(?:is|are|remains?|still|yet|left)\s+(?:still\s+|yet\s+)?to be (?:defined|determined|decided|confirmed|specified)(?:\s+later)?\s*(?=[.;,:!)|*]|$|\b(?:by|with|in|when|during|before|after|at|once)\b)", re.IGNORECASE),
    re.compile(r"[(\[]to be (?:defined|determined|decided|confirmed|specified|added)\b[^()\[\]]{0,60}[)\]]", re.IGNORECASE),
    re.compile(r"<(?:insert|your|add|describe|fill in|enter|specify|todo|tbd)(?:[ _-][^<>\n]{1,80})?>", re.IGNORECASE),
    re.compile(r"(?<!\])\[(?:insert|your|add your|enter|fill in|describe|specify|tbd|todo|company name|project name|name of)\b[^\[\]\n]{0,80}\](?![(\[:])", re.IGNORECASE),
    re.compile(r"\{\{[^{}\n]{1,80}\}\}"),
)  # fmt: skip
_ABOUT_IT = re.compile(
    r"(?:\b(?:as|marked|word|words|no|any|every|each|all|called|say|says|said|remaining)|/)\s*$", re.IGNORECASE
)
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)\s*")
_STATE = re.compile(r"to be confirmed|TBC", re.IGNORECASE)
"""What as a cell is an answer: the state of what its row is about."""
_HINT = "write it, or say under 'Open questions' what is not known and who knows it"


def leaves_no_placeholders(document: Document, about: About) -> Wrongs:
    """Leave no placeholder (TBD, TODO, '…' as a cell, <insert …>): what is not known goes under 'Open questions'."""
    rows = {
        line: len(table.header)
        for table in document.tables
        for line in range(table.line + 2, table.line + 2 + len(table.rows))
    }
    named = {each.heading.line for each in headings(document)}
    for number, line in enumerate(prose(document), start=1):
        if not line.strip():
            continue
        if number in rows:
            yield from _cells(document, number, line, about)
            continue
        said = item(line).strip().lstrip("#").strip()
        if number not in named and _WHOLE.fullmatch(said):
            yield Wrong(number, f"{said[:60]!r} is all there is here", _HINT, line.index(said[0]) + 1 if said else 1)
        else:
            yield from _inside(number, line)


def _cells(document: Document, number: int, line: str, about: About) -> Wrongs:
    alone = [cell.strip() for cell in cells(line)]
    whole = [cell for cell in alone if _WHOLE.fullmatch(cell) and not _STATE.fullmatch(cell)]
    for cell in whole:
        yield Wrong(number, f"the cell {cell[:60]!r} is not filled in", _HINT, line.find(cell) + 1)
    if not whole:
        yield from _inside(number, line)
    empty = [cell for cell in cells(document.line(number)) if _ELLIPSIS.fullmatch(cell)]
    if empty:
        severity = "error" if about.plan else "warning"
        yield Wrong(number, "a cell holds nothing but '…'", "write out what it stands for, or take the row out", line.find(empty[0].strip()) + 1, severity=severity)  # fmt: skip


def _inside(number: int, line: str) -> Wrongs:
    for looks in _INSIDE:
        for found in looks.finditer(line):
            before, after = line[max(0, found.start() - 40) : found.start()], line[found.end() : found.end() + 1]
            quoted = bool(before) and before[-1] in "'\"“‘«/" or after in ("'", '"', "”", "’", "»", "/")
            if not quoted and not (found.group() == "TBD" and _ABOUT_IT.search(before)):
                said = found.group().strip(" \t-*+.:([!?") or found.group()
                yield Wrong(
                    number, f"{said[:60]!r} was left to be filled in", _HINT, found.start() + 1, severity="warning"
                )
                return
