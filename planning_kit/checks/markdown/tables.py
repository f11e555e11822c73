"""Tables as GitHub shows them: what has too many cells is cut off there, and what has no separator is no table."""

from __future__ import annotations

import re

from ...document import Document, Table
from ..about import About
from ..wrong import Wrong, Wrongs
from .read import prose

_SEPARATOR = re.compile(r"[\s|:—–―-]*[-—–―][\s|:—–―-]*")
_ROW = re.compile(r"\s*(?:>\s*)*\|.*\|\s*$")
_REMARK = re.compile(r"(?<=\|)\s*<!--[^|]*-->$")
"""A comment after a row, which shows nothing."""
_SPAN = re.compile(r"(`{1,3})([^`]+)\1")


def has_even_tables(document: Document, about: About) -> Wrongs:
    r"""Give every table a separator line and every row as many cells as its header; write \| for a bar inside a cell."""
    inside: set[int] = set()
    for table in document.tables:
        last = table.line + 1 + len(table.rows)
        inside.update(range(table.line, last + 1))
        for number in range(table.line + 2, last + 1):
            if wrong := _row(document, table, number):
                yield wrong
                if "|" not in document.line(number):
                    break
    yield from _broken(document, inside)


def cells(line: str) -> list[str]:
    """The cells of a table's row: a bar separates them even in a code span, unless a backslash stands before it (GFM 0.29, section 4.10)."""
    said = re.sub(r"^\s*(?:>\s?)*\s*(?:[-*+]\s+)?", "", line).strip()
    said = _REMARK.sub("", said)
    found = re.split(r"(?<!\\)\|", said)
    found = found[1:] if said.startswith("|") else found
    return found[:-1] if len(found) > 1 and not found[-1].strip() and said.endswith("|") else found


def _row(document: Document, table: Table, number: int) -> Wrong | None:
    line = document.line(number)
    have, wanted = len(cells(line)), len(table.header)
    if have == wanted:
        return None
    if "|" not in line:
        if wanted == 1:
            return None
        return Wrong(
            number, "this line stands right under a table and is shown as a row of it", "put an empty line before it", 1, severity="warning"
        )  # fmt: skip
    if have < wanted:
        hint = "add the missing cells; leave a cell empty with '| |'"
        return Wrong(
            number,
            f"this row has {have} cell{'s' * (have != 1)}, its table has {wanted} columns",
            hint,
            1,
            severity="warning",
        )
    hint = "write \\| for a bar inside a cell, or take the extra cells out"
    if found := next((each for each in _SPAN.finditer(line) if re.search(r"(?<!\\)\|", each.group(2))), None):
        return Wrong(
            number, f"this row has {have} cells, its table {wanted} columns: the bar in {found.group()[:60]} ends a cell, even in code",
            "write \\| there", found.start() + 1,
        )  # fmt: skip
    return Wrong(number, f"this row has {have} cells, its table has {wanted} columns: the last are not shown", hint, 1)


def _broken(document: Document, inside: set[int]) -> Wrongs:
    """Rows that no table holds: their separator is missing or does not fit."""
    lines = prose(document)
    reported = False
    for number in range(1, len(lines)):
        here, below = lines[number - 1], lines[number]
        is_row = bool(_ROW.match(here)) and number not in inside
        if not is_row:
            reported = False
        elif not reported and number + 1 not in inside and below.strip() and ("|" in below):
            reported = True
            yield from _why(number, here, below)


def _why(number: int, header: str, below: str) -> Wrongs:
    line = below.strip().lstrip("> ")
    if _SEPARATOR.fullmatch(line):
        have, wanted = len(cells(below)), len(cells(header))
        if re.search("[—–―]", line):
            said, hint = (
                "this separator is written with long dashes, so the lines are not shown as a table",
                "write |---|---|",
            )
        elif have != wanted:
            said = f"this separator has {have} cells and the header {wanted}, so the lines are not shown as a table"
            hint = "write |" + "---|" * wanted
        else:
            said, hint = (
                "these lines are not shown as a table: the separator cannot be read",
                "write |" + "---|" * wanted,
            )
        yield Wrong(number + 1, said, hint, 1)
    elif _ROW.match(below):
        hint = "write |" + "---|" * len(cells(header)) + " under the first line"
        yield Wrong(number, "these lines are not shown as a table: the separator under the header is missing", hint, 1)
