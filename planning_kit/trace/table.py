"""A trace as a matrix, in one line, as plain values, and as a file for spreadsheets."""

from __future__ import annotations

import csv
import io
import posixpath
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .. import files, view
from .kinds import (
    KINDS,
    MESSAGE,
    OPERATION,
    PASSAGE,
    PLURALS,
    REQUIREMENT,
    SECTION,
    STORY,
    TABLE,
    TASK,
    TEST,
    USE_CASE,
)  # fmt: skip
from .traced import AWAITED, COVERED, DEFERRED, LOST, Row, Trace

MOST_ROWS = 100
"""The most findings that a notebook lists."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet compute a cell (OWASP, CSV Injection)."""
_WIDTHS = {PASSAGE: 13, STORY: 13, USE_CASE: 13, OPERATION: 22, TABLE: 14, MESSAGE: 8, TEST: 14, TASK: 13, SECTION: 8}
"""The most characters of each kind's cells on a terminal."""


def kinds(trace: Trace) -> tuple[str, ...]:
    """The kinds the matrix has a column for."""
    return tuple(kind for kind in trace.kinds if kind != trace.subjects)


def columns(trace: Trace) -> tuple[str, ...]:
    """What the matrix says of each row."""
    return ("domain", trace.subjects, "says", *(PLURALS[kind] for kind in kinds(trace)), "standing")


def rows(trace: Trace) -> Iterator[tuple[str, ...]]:
    """The matrix: a row for each requirement, then one for each passage that asks for something and reached none."""
    for row in trace.rows:
        cells = (", ".join(node.id for node in row.cells.get(kind, ())) for kind in kinds(trace))
        yield row.subject.domain, row.subject.id, row.subject.text, *cells, standing(trace, row)
    if trace.subjects == REQUIREMENT:
        for id, what in trace.standing.items():
            if what != COVERED:
                node = trace.nodes[PASSAGE, id]
                yield node.domain, "", node.text, *(id if kind == PASSAGE else "" for kind in kinds(trace)), what


def standing(trace: Trace, row: Row) -> str:
    """What is to be said of a row: ``no story, no test``, or what became of a passage."""
    if row.subject.kind == PASSAGE:
        return trace.standing.get(row.subject.id, "")
    return ", ".join(f"no {kind}" for kind in KINDS if kind in row.lacks)


def summary(trace: Trace) -> str:
    """How far everything got, in one line."""
    counted = Counter(trace.standing.values())
    asked = len(trace.standing)
    ended = ", ".join(
        f"{counted[what]} {what}"
        for what in (COVERED, DEFERRED, AWAITED, LOST)
        if counted[what] or what in (COVERED, LOST)
    )
    passages = f"{_many(asked, PASSAGE)} ask{'s' if asked == 1 else ''} for something: {ended}"
    if trace.subjects == PASSAGE:
        return passages + _have(trace, "reached", kinds(trace))
    fixed = sum(row.subject.id.startswith("CON-") for row in trace.rows)
    among = f" ({'one of them a constraint' if fixed == 1 else f'{fixed} of them constraints'})" if fixed else ""
    requirements = _many(len(trace.rows), REQUIREMENT) + among
    return f"{requirements}{_have(trace, 'have', [kind for kind in kinds(trace) if kind != PASSAGE])}; {passages}"


def _have(trace: Trace, verb: str, there: Sequence[str]) -> str:
    """``: 68 have a story, 66 a use case``; nothing where no other kind is there."""
    counts = [
        (sum(bool(row.cells.get(kind)) for row in trace.rows), f"{'an' if kind[0] in 'aeio' else 'a'} {kind}")
        for kind in there
    ]
    said = [f"{count} {verb} {what}" if not at else f"{count} {what}" for at, (count, what) in enumerate(counts)]
    lead = ": " if verb == "have" else "; "
    return lead + ", ".join(said) if said else ""


def _many(count: int, kind: str) -> str:
    return f"{count:,} {kind if count == 1 else PLURALS[kind]}"


def lines(trace: Trace) -> Iterator[str]:
    """The matrix for a terminal of about 100 columns: of several ids the first, and how many more."""
    shown = [kind for kind in kinds(trace) if kind in _WIDTHS]
    head = [trace.subjects.capitalize(), *(PLURALS[kind].capitalize() for kind in shown)]
    body = [[row.subject.id, *(_cell(row, kind) for kind in shown)] for row in trace.rows]
    widths = [max(len(line[at]) for line in (head, *body)) for at in range(len(head))]
    domain = ""
    yield "  ".join(cell.ljust(width) for cell, width in zip(head, widths, strict=True)).rstrip()
    for row, cells in zip(trace.rows, body, strict=True):
        if row.subject.domain != domain:
            domain = row.subject.domain
            yield f"{domain or 'no domain'}:"
        yield "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _cell(row: Row, kind: str) -> str:
    nodes = row.cells.get(kind, ())
    if not nodes:
        return "MISSING" if kind in row.lacks else "-"
    if kind in (MESSAGE, SECTION):
        return str(len(nodes))
    more = f" +{len(nodes) - 1}" if nodes[1:] else ""
    room, name = _WIDTHS[kind] - len(more), " ".join(nodes[0].id.split())
    return (name if len(name) <= room else f"{name[: room - 1]}…") + more


def write(trace: Trace, path: Path) -> int:
    """Write the whole matrix to ``path`` as CSV (RFC 4180, UTF-8), whole or not at all; gives how many rows it has.

    A cell that a spreadsheet would compute gets an apostrophe before it.

    Raises:
        DiskRefused: the disk said no; what was there before is unharmed.
    """
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(columns(trace))
    body = [[_defused(cell) for cell in row] for row in rows(trace)]
    writer.writerows(body)
    files.replace(path, held.getvalue().encode("utf-8", "backslashreplace"))
    return len(body)


def _defused(cell: str) -> str:
    said = " ".join(view.visible(cell).split("\n"))
    return f"'{said}" if said.lstrip(" ").startswith(_FORMULA) else said


def facts(trace: Trace) -> dict[str, Any]:
    """Everything, as plain values."""
    return {
        "summary": summary(trace),
        "passages": [
            {"id": id, "standing": what, "domain": trace.nodes[PASSAGE, id].domain, "line": trace.nodes[PASSAGE, id].line,
             "reached": [link.target[1] for link in trace.out.get((PASSAGE, id), ())],
             "reason": trace.deferred[id].reason if what == DEFERRED else ""}
            for id, what in trace.standing.items()
        ],
        "rows": [
            {trace.subjects: row.subject.id, "says": row.subject.text, "domain": row.subject.domain,
             **{PLURALS[kind]: [node.id for node in row.cells.get(kind, ())] for kind in kinds(trace)},
             "lacks": sorted(row.lacks)}
            for row in trace.rows
        ],
        "nodes": [asdict(node) for node in trace.nodes.values() if node.kind in trace.kinds],
        "links": [
            {"from": {"kind": link.source[0], "id": link.source[1]}, "to": {"kind": link.target[0], "id": link.target[1]},
             "document": link.document, "line": link.line}
            for link in trace.links if link.source[0] in trace.kinds and link.target[0] in trace.kinds
        ],
        "findings": [asdict(finding) for finding in trace.findings],
    }  # fmt: skip


def shown(trace: Trace) -> view.Shown:
    """The summary, the picture and what is wrong, as a notebook shows it."""
    found = trace.findings
    card = view.box(
        "stop" if found.errors else "wait" if found else "done", [summary(trace), f"The trace: {view.count(found)}"]
    )
    page = card + trace.picture
    if not found:
        return page
    folder = posixpath.commonpath([document.name for document in trace.given.documents] or ["x"])
    listed = [
        (f.severity, f.place.removeprefix(f"{folder}/"), f.message + (f" → {f.hint}" if f.hint else ""), f.rule)
        for f in found[:MOST_ROWS]
    ]
    page = page + view.table(("severity", "where", "what → what mends it", "rule"), listed)
    left = len(found) - MOST_ROWS
    return page + view.box("note", [f"and {left} more; .findings.table has all of them"]) if left > 0 else page
