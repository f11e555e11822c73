"""A trace as a picture: a row for each requirement, a column for each kind, what is missing in red and with a cross."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from .. import svg, view
from .kinds import OPERATION, PASSAGE, PLURALS, REQUIREMENT, Node
from .table import kinds, standing, summary
from .traced import AWAITED, COVERED, DEFERRED, LOST, Row, Trace

MOST_ROWS = 120
"""The most rows that are drawn one by one; of more, those with a defect, and the others of each domain as one."""
_HIGH, _HEAD, _GAP, _TOP = 20, 50, 10, 66
_ID, _SAYS, _CELL, _BAR = 104, 400, 92, 150
_LETTER = 6.0
"""Pixels a character of a statement is given."""
_WIDE = 1096
"""What the picture is wide at least, in pixels: what the columns leave is the statements'."""
_FULL, _EDGE = "#cfe3f5", "#2f5d9b"
_BAD, _BAD_EDGE, _BAD_INK = "#fbdcd9", "#b3261e", "#8c1d18"
_LATER, _LATER_EDGE = "#f6d9a8", "#8a5a00"
_BAND = "#f3f5f7"
_STANDING = {
    COVERED: (_FULL, _EDGE),
    DEFERRED: (_LATER, _LATER_EDGE),
    AWAITED: (_BAND, svg.QUIET),
    LOST: (_BAD, _BAD_EDGE),
}


def picture(trace: Trace, domain: str = "") -> view.Shown:
    """``trace``, or one domain of it, as an inert image, and in words what is missing."""
    drawing = draw(trace, domain)
    missing = [f"{row.subject.id}: {said}" for row in trace.rows if (said := standing(trace, row)) and said != COVERED]
    lost = (
        [f"{id}: {what}" for id, what in trace.standing.items() if what != COVERED]
        if trace.subjects == REQUIREMENT
        else []
    )
    words = "\n".join([_headline(trace), *(f"  {line}" for line in (*missing, *lost)[:MOST_ROWS])])
    return view.Shown(view.picture(drawing, summary(trace)), view.plain(words))


def draw(trace: Trace, only: str = "") -> str:
    """``trace``, or ``only`` one domain of it, as a self-contained SVG, white, without script, style sheet or reference."""
    shown = kinds(trace)
    across = [*shown] if trace.subjects == REQUIREMENT else [*shown, ""]
    left = max(16 + _ID + _SAYS, _WIDE - 24 - _CELL * len(across))
    width = left + _CELL * len(across) + 24
    rows = _chosen([row for row in trace.rows if only in ("", row.subject.domain)], trace)
    drawn = {row.subject.key for row in rows}
    parts: list[str] = []
    y = _TOP
    there = dict.fromkeys(row.subject.domain for row in trace.rows)
    for domain in dict.fromkeys([*trace.given.domains, *there, *(node.domain for node in trace.invented)]):
        own = [row for row in rows if row.subject.domain == domain]
        lost = _unreached(trace, domain)
        invented = [node for node in trace.invented if node.domain == domain]
        if only not in ("", domain) or not (own or lost or domain in there or invented or _asked(trace, domain)):
            continue
        parts += _domain(trace, domain, y, left, width)
        parts += (_column(kind, left + at * _CELL, y) for at, kind in enumerate(shown))
        y += _HEAD
        for row in own:
            parts += _row(trace, row, shown, left, y, width)
            y += _HIGH
        if others := [row for row in trace.rows if row.subject.domain == domain and row.subject.key not in drawn]:
            parts += _others(others, sum(_is_bad(trace, row) for row in others), not own, shown, left, y, width)
            y += _HIGH
        for node, what in lost[:MOST_ROWS]:
            parts += _passage(node, what, left, y, width)
            y += _HIGH
        for node in invented[:MOST_ROWS]:
            parts += _uninvited(node, left + shown.index(OPERATION) * _CELL, y, width)
            y += _HIGH
        y += _GAP
    parts += _legend(16, y + 26, trace)
    title = f"What became of what was asked for: {_headline(trace)}"
    told = svg.text(16, 50, _cut(summary(trace), int((width - 32) / 5.9)), f'fill="{svg.QUIET}"')
    return svg.canvas(width, y + 56, title, [told, *parts])


def _headline(trace: Trace) -> str:
    counted = Counter(trace.standing.values())
    short = sum(bool(row.lacks) for row in trace.rows)
    said = [f"{counted[LOST]} lost" if counted[LOST] else "nothing lost"]
    said += [f"{_many(short, REQUIREMENT)} not told or not tested"] if short else []
    invented = len(trace.invented)
    return ", ".join([*said, *([f"{_many(invented, OPERATION)} nobody asked for"] if invented else [])])


def _chosen(rows: Sequence[Row], trace: Trace) -> Sequence[Row]:
    """Those of ``rows`` that are drawn one by one."""
    if len(rows) <= MOST_ROWS:
        return rows
    return [row for row in rows if row.lacks or _is_bad(trace, row)][:MOST_ROWS]


def _is_bad(trace: Trace, row: Row) -> bool:
    return row.subject.kind == PASSAGE and trace.standing.get(row.subject.id) == LOST


def _unreached(trace: Trace, domain: str) -> list[tuple[Node, str]]:
    """The passages of ``domain`` that reached no requirement, as rows of their own."""
    if trace.subjects == PASSAGE:
        return []
    nodes = [(trace.nodes[PASSAGE, id], what) for id, what in trace.standing.items() if what != COVERED]
    return [(node, what) for node, what in nodes if node.domain == domain]


def _asked(trace: Trace, domain: str) -> Counter[str]:
    """What became of the passages of ``domain``."""
    return Counter(what for id, what in trace.standing.items() if trace.nodes[PASSAGE, id].domain == domain)


def _column(kind: str, x: float, y: float) -> str:
    return svg.text(x + _CELL / 2, y + 29, PLURALS[kind], 'text-anchor="middle" font-weight="bold"')


def _domain(trace: Trace, domain: str, y: float, left: float, width: float) -> Iterator[str]:
    """A domain's name, how many requirements it has, and what became of its passages, in words and as a bar."""
    rows = sum(row.subject.domain == domain for row in trace.rows)
    asked = _asked(trace, domain)
    total = sum(asked.values())
    yield f'<rect x="8" y="{y}" width="{width - 16}" height="{_HEAD - 6}" rx="3" fill="{_BAND}"/>'
    yield svg.text(16, y + 18, _cut(domain or "no domain", 48), 'font-size="14" font-weight="bold"')
    said = f"{_many(rows, REQUIREMENT)} · " if trace.subjects == REQUIREMENT else ""
    ended = ", ".join(f"{asked[what]} {what}" for what in _STANDING if asked[what])
    yield svg.text(16, y + 36, f"{said}{_many(total, PASSAGE)}{': ' if ended else ''}{ended}", f'fill="{svg.QUIET}"')
    x = left - _BAR - 16.0
    for what, (fill, edge) in _STANDING.items():
        wide = _BAR * asked[what] / total if total else 0.0
        if wide:
            yield f'<rect x="{x:.1f}" y="{y + 27}" width="{max(wide - 1, 1.5):.1f}" height="10" fill="{fill}" stroke="{edge}"/>'
        x += wide


def _many(count: int, kind: str) -> str:
    return f"{count:,} {kind if count == 1 else PLURALS[kind]}"


def _row(trace: Trace, row: Row, shown: Sequence[str], left: float, y: float, width: float) -> Iterator[str]:
    """A requirement (or passage) with a cell for each kind."""
    bad = bool(row.lacks) or _is_bad(trace, row)
    look = f'fill="{_BAD_INK}" font-weight="bold"' if bad else 'font-weight="bold"'
    yield svg.text(16, y + 14, _cut(row.subject.id, 16), look)
    yield svg.text(16 + _ID, y + 14, _cut(row.subject.text, _letters(left)))
    for at, kind in enumerate(shown):
        count = len(row.cells.get(kind, ()))
        yield _cell(left + at * _CELL, y, str(count) if count else "", kind in row.lacks)
    if row.subject.kind == PASSAGE and (what := trace.standing.get(row.subject.id, "")) != COVERED:
        yield _marked(what, left + len(shown) * _CELL, y)
    yield _line(y, width)


def _others(
    rows: Sequence[Row], lost: int, alone: bool, shown: Sequence[str], left: float, y: float, width: float
) -> Iterator[str]:
    """What is not drawn one by one, as one row: of how many something of each kind was reached."""
    word = PLURALS[rows[0].subject.kind] if alone else "more"
    yield svg.text(16, y + 14, f"{len(rows):,} {word}", f'fill="{svg.QUIET}" font-weight="bold"')
    ids = f"{rows[0].subject.id} … {rows[-1].subject.id}" if rows[1:] else rows[0].subject.id
    bad = sum(bool(row.lacks) for row in rows) + lost
    said = f"{bad:,} of them with a defect, see the findings" if bad else f"without a defect: {ids}"
    yield svg.text(16 + _ID, y + 14, _cut(said, _letters(left)), f'fill="{svg.QUIET}"')
    for at, kind in enumerate(shown):
        have = sum(bool(row.cells.get(kind)) for row in rows)
        yield _cell(left + at * _CELL, y, f"{have} of {len(rows)}" if have else "", False)
    yield _line(y, width)


def _uninvited(node: Node, x: float, y: float, width: float) -> Iterator[str]:
    """An operation nobody asked for."""
    yield svg.text(16, y + 14, _cut(node.id, 74), f'fill="{_BAD_INK}" font-weight="bold"')
    yield _cell(x, y, "", True, "✕ unasked")
    yield _line(y, width)


def _passage(node: Node, what: str, left: float, y: float, width: float) -> Iterator[str]:
    """A passage that reached no requirement."""
    yield svg.text(
        16, y + 14, node.id, f'fill="{_BAD_INK}" font-weight="bold"' if what == LOST else 'font-weight="bold"'
    )
    yield svg.text(16 + _ID, y + 14, _cut(node.text, _letters(left)), 'font-style="italic"')
    yield _marked(what, left, y)
    yield _line(y, width)


def _marked(what: str, x: float, y: float) -> str:
    """What became of a passage, as a word with a sign."""
    fill, edge = _STANDING[what]
    sign = "✕ lost" if what == LOST else what
    ink = {LOST: _BAD_INK, DEFERRED: "#6b4600"}.get(what, svg.QUIET)
    box = f'<rect x="{x + 8}" y="{y + 2}" width="{_CELL - 16}" height="{_HIGH - 4}" rx="3" fill="{fill}" stroke="{edge}"/>'
    return box + svg.text(x + _CELL / 2, y + 14, sign, f'text-anchor="middle" fill="{ink}" font-weight="bold"')


def _cell(x: float, y: float, count: str, lacks: bool, said: str = "✕ none") -> str:
    place = f'x="{x + 8}" y="{y + 2}" width="{_CELL - 16}" height="{_HIGH - 4}" rx="3"'
    middle = x + _CELL / 2
    if lacks:
        box = f'<rect {place} fill="{_BAD}" stroke="{_BAD_EDGE}" stroke-width="1.5"/>'
        return box + svg.text(middle, y + 14, said, f'text-anchor="middle" fill="{_BAD_INK}" font-weight="bold"')
    if not count:
        return svg.text(middle, y + 14, "–", f'text-anchor="middle" fill="{svg.QUIET}"')
    return f'<rect {place} fill="{_FULL}"/>' + svg.text(middle, y + 14, count, 'text-anchor="middle"')


def _line(y: float, width: float) -> str:
    return f'<rect x="16" y="{y + _HIGH - 0.5}" width="{width - 32}" height="0.5" fill="{svg.LINE}"/>'


def _legend(x: float, y: float, trace: Trace) -> Iterator[str]:
    """What the cells and the bars say."""
    told = [("3", False, "so many things reached", 0)]
    told += [("", True, "has to be there and is not", 0)] if trace.subjects == REQUIREMENT else []
    told += [("", False, "none, and none is owed", 0)]
    for count, lacks, words, _ in told:
        yield _cell(x - 8, y - 14, count, lacks)
        yield svg.text(x + _CELL - 10, y, words, f'fill="{svg.QUIET}"')
        x += _CELL + len(words) * svg.CHARACTER + 8
    for what, (fill, edge) in _STANDING.items():
        if what == AWAITED and what not in trace.standing.values():
            continue
        yield f'<rect x="{x}" y="{y - 11}" width="16" height="12" fill="{fill}" stroke="{edge}"/>'
        yield svg.text(x + 22, y, what, f'fill="{svg.QUIET}"')
        x += 36 + len(what) * svg.CHARACTER


def _letters(left: float) -> int:
    """How many characters of a statement there is room for before the columns."""
    return int((left - 16 - _ID) / _LETTER)


def _cut(text: str, most: int) -> str:
    """``text`` on one line with nothing hidden in it, cut to ``most`` characters."""
    said = " ".join(view.visible(text[: most * 4]).split())
    return said if len(said) <= most else f"{said[: most - 1].rstrip()}…"
