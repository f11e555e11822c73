"""A task plan as pictures: what waits for what, wave by wave, and the schedule by the time limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..svg import INK, LINE, QUIET, canvas, text
from .model import TaskPlan
from .pairs import Pair, Pairs, on_a_line, took

MOST = 120
"""The most makers that are drawn one by one; of more, the waves with their counts, and the critical path."""
_MOST_EDGES = 400
_MOST_ROWS = 60
_WIDE, _MARGIN = 990, 16
_LEFT, _BOX, _HIGH, _GAP, _ACROSS, _BAND, _TOP = 78, 214, 42, 10, 4, 26, 64
_ROW, _BAR, _NAMES = 24, 14, 290
_PALE, _EDGE, _DEEP = "#e8f1fa", "#2f5d9b", "#1f3f6b"
MARK = "◆"
"""What stands before a task on the critical path, beside its thick frame."""


class _Place(NamedTuple):
    """Where a maker's box stands, and where the boxes of its wave begin and end."""

    x: float
    y: float
    top: float
    bottom: float


def graph(plan: TaskPlan) -> str:
    """The makers of ``plan`` wave by wave, with what each waits for, as a self-contained SVG; the critical path by time limits is marked."""
    pairs = Pairs(plan)
    if len(pairs) > MOST:
        return _counted(pairs)
    way = pairs.by_time[0]
    critical = set(way)
    places, bands, height = _placed(pairs)
    edges = [(each, pair.order) for pair in pairs for each in pair.needs if each in places]
    steps = set(zip(way, way[1:], strict=False))
    shown = edges if len(edges) <= _MOST_EDGES else [each for each in edges if each in steps]
    drawn = [_arrow(places[one], places[other], (one, other) in steps) for one, other in shown]
    boxes = [_box(pair, places[pair.order], pair.order in critical) for pair in pairs]
    said = f"{MARK} and a thick frame: the critical path by time limits, {took(pairs.by_time[1])}"
    if len(shown) < len(edges):
        said += f"; of {len(edges):,} lines only its own are drawn, each task names the others"
    title = f"What waits for what: {_many(len(pairs), 'maker')} in {_many(len(pairs.waves), 'wave')}"
    return canvas(_WIDE, height + 34, title, [*bands, *drawn, *boxes, text(_MARGIN, height + 16, said, f'fill="{QUIET}"')])  # fmt: skip


def gantt(plan: TaskPlan) -> str:
    """The makers of ``plan`` on an axis of hours, each with its critique, begun as early as it can be, as a self-contained SVG."""
    pairs = Pairs(plan)
    way, total = pairs.by_time
    critical = set(way)
    shown: Sequence[int] = [pair.order for pair in pairs] if len(pairs) <= MOST else way[:MOST]
    shown = sorted(shown, key=lambda each: (pairs.starts[each], each))
    left = 0 if len(pairs) <= MOST else len(pairs) - len(shown)
    wide = _WIDE - _NAMES - _MARGIN - 80
    scale = wide / max(1, total)
    bottom = _TOP + _ROW * len(shown)
    parts = _axis(total, scale, bottom)
    for at, order in enumerate(shown):
        parts += _row(pairs.by_order[order], pairs.starts[order], _TOP + _ROW * at, scale, order in critical)
    notes = [
        f"Filled: the maker; white: its critique. {MARK} the critical path, {took(total)}. Nobody waits for hands."
    ]
    if left:
        notes.append(f"Only the critical path is drawn{'' if len(shown) == len(way) else f', and of its {len(way):,} makers the first {len(shown)}'}; {left:,} makers are left out.")  # fmt: skip
    said = [text(_MARGIN, bottom + 46 + 18 * at, note, f'fill="{QUIET}"') for at, note in enumerate(notes)]
    return canvas(_WIDE, bottom + 40 + 18 * len(notes) + 8, "The schedule by time limits", [*parts, *said])


def _placed(pairs: Pairs) -> tuple[dict[int, _Place], list[str], int]:
    """Where each maker stands, the bands behind them, and where the last one ends."""
    places: dict[int, _Place] = {}
    bands: list[str] = []
    y = _TOP
    for at, wave in enumerate(pairs.waves, start=1):
        ordered = sorted(wave, key=lambda order: (_middle(pairs.needs[order], places), order))
        lines = -(-len(ordered) // _ACROSS)
        high = lines * (_HIGH + _GAP) + _GAP
        if at % 2:
            bands.append(f'<rect x="0" y="{y - _GAP}" width="{_WIDE}" height="{high}" fill="#f3f5f7"/>')
        bands.append(text(_MARGIN, y + 16, f"Wave {at}", f'fill="{QUIET}" font-weight="bold"'))
        for place, order in enumerate(ordered):
            down, across = divmod(place, _ACROSS)
            places[order] = _Place(
                _LEFT + across * (_BOX + _GAP), y + down * (_HIGH + _GAP), y, y + lines * (_HIGH + _GAP) - _GAP
            )
        y += high + _BAND
    return places, bands, y - _BAND


def _middle(needs: Iterable[int], places: dict[int, _Place]) -> float:
    known = [places[each].x for each in needs if each in places]
    return sum(known) / len(known) if known else 0.0


def _box(pair: Pair, place: _Place, critical: bool) -> str:
    """A maker: its number and name, and what it waits for, takes and weighs."""
    x, y = place.x, place.y
    frame = f'stroke="{INK}" stroke-width="2.5"' if critical else f'stroke="{_EDGE}"'
    name = f"{MARK + ' ' if critical else ''}{pair.order} {pair.maker.task_name}"
    after = f"after {', '.join(map(str, pair.needs))}" if pair.needs else "at once"
    told = " · ".join([after, took(pair.seconds), *([_many(pair.points, "point")] if pair.points else [])])
    if len(told) > 40 and pair.needs:
        told = told.replace(after, f"after {len(pair.needs)} tasks", 1)
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{_BOX}" height="{_HIGH}" rx="4" fill="#ffffff" {frame}/>'
        + text(x + 8, y + 17, _short(name, 31 if critical else 33), 'font-weight="bold"' if critical else "")
        + text(x + 8, y + 33, _short(told, 40), f'fill="{QUIET}" font-size="11"')
    )


def _arrow(one: _Place, other: _Place, critical: bool) -> str:
    """From what is done first to what waits for it, behind everything else; beside other boxes, not through them."""
    look = f'stroke="{INK}" stroke-width="2.5"' if critical else f'stroke="{_EDGE}" stroke-opacity="0.55"'
    (x, y), (to, end) = (one.x + _BOX / 2, one.y + _HIGH), (other.x + _BOX / 2, other.y)
    out = f"M{x:g} {y:g}"
    between = 2 * _GAP + _BAND
    if y < one.bottom or other.top - y > between:
        x, middle = one.x + _BOX + _GAP / 2, one.y + _HIGH / 2
        y = max(one.bottom, other.top - between)
        out = f"M{x - _GAP / 2:g} {middle:g}H{x:g}V{y:g}"
    half = (y + other.top) / 2
    if end > other.top:
        to, end = other.x - _GAP / 2, other.y + _HIGH / 2
        path = f"{out}C{x:g} {half:g} {to:g} {half:g} {to:g} {other.top:g}V{end:g}H{other.x - 4:g}"
        head = f"M{other.x - 6:g} {end - 4:g}v8l6 -4z"
    else:
        path = f"{out}C{x:g} {half:g} {to:g} {half:g} {to:g} {end - 5:g}"
        head = f"M{to - 4:g} {end - 7:g}h8l-4 7z"
    return f'<path d="{path}" fill="none" {look}/><path d="{head}" fill="{INK if critical else _EDGE}"/>'


def _counted(pairs: Pairs) -> str:
    """How many makers stand in each wave, with those on the critical path; of very many waves several in one row."""
    critical = set(pairs.by_time[0])
    each = -(-len(pairs.waves) // _MOST_ROWS)
    rows = [pairs.waves[at : at + each] for at in range(0, len(pairs.waves), each)]
    counts = [sum(map(len, row)) for row in rows]
    scale = 260 / max(counts)
    parts: list[str] = []
    for at, (row, count) in enumerate(zip(rows, counts, strict=True)):
        y, first = _TOP + _ROW * at, at * each + 1
        on = [order for wave in row for order in wave if order in critical]
        named = f"{MARK} {on[0]} {pairs.by_order[on[0]].maker.task_name}" + (f" and {len(on) - 1} more" if len(on) > 1 else "") if on else ""  # fmt: skip
        name = f"Wave {first:,}" if each == 1 else f"Waves {first:,} to {first + len(row) - 1:,}"
        wide = max(1.0, count * scale)
        parts += [
            text(_MARGIN + 130, y + 12, name, 'text-anchor="end"'),
            f'<rect x="{_MARGIN + 142}" y="{y}" width="{wide:.1f}" height="{_BAR}" fill="{_PALE}" stroke="{_EDGE}"/>',
            text(_MARGIN + 150 + wide, y + 12, f"{count:,}", f'fill="{QUIET}"'),
            text(_MARGIN + 480, y + 12, _short(named, 76)),
        ]
    bottom = _TOP + _ROW * len(rows)
    said = f"More than {MOST} makers: only their number in each wave is drawn, and {MARK} which of them are on the critical path, {took(pairs.by_time[1])}."  # fmt: skip
    title = f"What waits for what: {_many(len(pairs), 'maker')} in {_many(len(pairs.waves), 'wave')}"
    return canvas(_WIDE, bottom + 40, title, [*parts, text(_MARGIN, bottom + 22, said, f'fill="{QUIET}"')])


def _row(pair: Pair, start: int, y: int, scale: float, critical: bool) -> list[str]:
    """A maker's bar and its critique's behind it, named at the left."""
    name = f"{MARK + ' ' if critical else ''}{pair.order} {pair.maker.task_name}"
    look = 'text-anchor="end"' + (' font-weight="bold"' if critical else "")
    x, made = _NAMES + start * scale, pair.maker.timeout_seconds * scale
    checked = (pair.seconds - pair.maker.timeout_seconds) * scale
    frame = f'stroke="{INK}" stroke-width="2"' if critical else f'stroke="{_EDGE}"'
    fill = _DEEP if critical else "#7ba3d0"
    parts = [
        text(_NAMES - 10, y + 12, _short(name, 40), look),
        f'<rect x="{x:.1f}" y="{y}" width="{max(1.0, made):.1f}" height="{_BAR}" fill="{fill}" {frame}/>',
    ]
    if checked:
        parts.append(f'<rect x="{x + made:.1f}" y="{y}" width="{max(1.0, checked):.1f}" height="{_BAR}" fill="#ffffff" {frame}/>')  # fmt: skip
    return [*parts, text(x + made + checked + 6, y + 12, took(pair.seconds), f'fill="{QUIET}" font-size="11"')]


def _axis(total: int, scale: float, bottom: int) -> list[str]:
    """Thin lines with their hours beneath, from the beginning to the end."""
    step = next((each for each in (600, 1800, 3600, 7200, 10800, 21600, 43200, 86400) if total / each <= 9), 0)
    while not step or total / step > 9:
        step = (step or 86_400) * 2
    parts = []
    for at in range(0, total + 1, step):
        x = _NAMES + at * scale
        parts.append(f'<rect x="{x:.1f}" y="{_TOP - 6}" width="1" height="{bottom - _TOP + 10}" fill="{LINE}"/>')
        parts.append(text(x, bottom + 20, took(at) if at else "0", f'text-anchor="middle" fill="{QUIET}"'))
    return parts


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _short(words: str, most: int) -> str:
    line = on_a_line(words)
    return line if len(line) <= most else line[: most - 1] + "…"
