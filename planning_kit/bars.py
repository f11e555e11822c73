"""What several things are made of as a picture: stacked bars side by side, each with its figure and what was expected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .svg import CHARACTER, INK, LINE, QUIET, canvas, text

_PLOT, _HIGH, _STEP, _HEAD, _LEGEND = 440, 20, 32, 24, 28
_TICKS = 5
_LONGEST = 34
"""Most characters of a name at the left."""
_FILLS = (
    ("#2f5d9b", "#1f3f6b"),
    ("#f6d9a8", "#8a5a00"),
    ("#b4690e", "#7a4506"),
    ("#cdebd3", "#2c7a43"),
    ("#4b3b8f", "#33286a"),
    ("#d6dbe1", "#57606a"),
    ("#ffffff", "#b3261e"),
)
"""Fill and edge of each kind. Light and dark take turns, so that neighbours differ without their hue, and every edge has a
contrast of at least 3 : 1 with white (WCAG 2.2, 1.4.11)."""


@dataclass(frozen=True)
class Bar:
    """One bar: the ``group`` it stands in, its ``name``, its ``parts`` (one figure a kind, from 0), the ``mark`` it was expected
    to reach, and what is ``said`` at its end."""

    group: str
    name: str
    parts: tuple[float, ...]
    mark: float | None
    said: str


def bars(rows: Sequence[Bar], kinds: Sequence[str], title: str, unit: str, marked: str, whole: bool = False) -> str:
    """A self-contained SVG: a bar a row, groups under their name, a legend of the kinds there are.

    Args:
        rows: the bars, those of a group next to each other.
        kinds: what each part of a bar is, at most seven.
        title: one line above it.
        unit: what the axis counts.
        marked: what the marks are.
        whole: whether only whole numbers are counted, so that the axis has no others.

    Raises:
        ValueError: a bar has not one part a kind, or there are more than seven kinds.
    """
    if len(kinds) > len(_FILLS) or any(len(row.parts) != len(kinds) for row in rows):
        raise ValueError(f"each bar must have {len(kinds)} parts, and at most {len(_FILLS)}")
    left = round(max([len(_short(row.name)) for row in rows] + [8]) * CHARACTER) + 40
    longest = max([0.0, *(max(sum(row.parts), row.mark or 0.0) for row in rows)])
    most = _TICKS * max(1.0, math.ceil(_most(longest / _TICKS))) if whole else _most(longest)
    scale = _PLOT / most
    top, y, group = 56, 56, ""
    drawn: list[str] = []
    for row in rows:
        if row.group != group:
            group, y = row.group, y + _HEAD
            drawn.append(text(16, y - 5, _short(group), f'fill="{QUIET}" font-weight="bold"'))
        drawn += _row(row, left, y, scale)
        y += _STEP
    there = [at for at in range(len(kinds)) if any(row.parts[at] for row in rows)]
    ends = [left + max(sum(row.parts), row.mark or 0.0) * scale + 24 + len(row.said) * CHARACTER for row in rows]
    width = round(max([left + _PLOT + 60, len(title) * 9.2 + 32, *ends]))
    named: list[tuple[str, tuple[str, str] | None]] = [(kinds[at], _FILLS[at]) for at in there]
    if any(row.mark is not None for row in rows):
        named.append((marked, None))
    explained, below = _legend(left, y + 54, width - 16, named)
    return canvas(width, below, title, [*_axis(left, top, y, most, unit), *drawn, *explained])


def _row(row: Bar, left: int, y: int, scale: float) -> list[str]:
    """A bar with its name before it, its mark on it, and what is said behind it."""
    drawn = [text(left - 10, y + _HIGH / 2 + 4.5, _short(row.name), 'text-anchor="end"')]
    x = float(left)
    for part, fill in zip(row.parts, _FILLS, strict=False):
        if part * scale >= 0.5:
            drawn.append(_box(x, y, part * scale, fill))
        x += part * scale
    if row.mark is not None:
        at = left + row.mark * scale
        drawn.append(_tick(at, y))
        x = max(x, at)
    ground = f'<rect x="{x + 6:.1f}" y="{y + 1}" width="{len(row.said) * CHARACTER:.1f}" height="{_HIGH - 2}" fill="#ffffff"/>'
    return [*drawn, ground, text(x + 10, y + _HIGH / 2 + 4.5, row.said)]


def _box(x: float, y: float, wide: float, fill: tuple[str, str]) -> str:
    """A part of a bar, its edge inside it, so that neighbours never share a line."""
    inner = max(wide - 1.5, 0.5)
    return f'<rect x="{x + 0.5:.1f}" y="{y + 0.5:.1f}" width="{inner:.1f}" height="{_HIGH - 1}" fill="{fill[0]}" stroke="{fill[1]}"/>'


def _tick(x: float, y: float) -> str:
    """Where a bar was expected to end: a dark line that reaches over it, on a white one that parts it from any fill."""
    ground = f'<rect x="{x - 2.5:.1f}" y="{y - 5}" width="5" height="{_HIGH + 10}" fill="#ffffff"/>'
    return ground + f'<rect x="{x - 1:.1f}" y="{y - 5}" width="2" height="{_HIGH + 10}" fill="{INK}"/>'


def _axis(left: int, top: int, bottom: int, most: float, unit: str) -> list[str]:
    """Thin lines with their figures beneath, from nothing to ``most``."""
    drawn = []
    for at in range(_TICKS + 1):
        x, figure = left + _PLOT * at / _TICKS, most * at / _TICKS
        drawn.append(f'<rect x="{x:.1f}" y="{top}" width="1" height="{bottom - top + 4}" fill="{LINE}"/>')
        drawn.append(text(x, bottom + 19, _figure(figure, most / _TICKS), f'text-anchor="middle" fill="{QUIET}"'))
    return [*drawn, text(left - 10, bottom + 19, unit, f'text-anchor="end" fill="{QUIET}"')]


def _legend(
    left: int, top: int, right: int, named: Sequence[tuple[str, tuple[str, str] | None]]
) -> tuple[list[str], int]:
    """What each fill is, and what the mark is (which has none), in as many lines as it takes; and where they end."""
    drawn: list[str] = []
    x, y = float(left), top
    for name, fill in named:
        wide = 40 + len(name) * CHARACTER
        if x > left and x + wide > right:
            x, y = float(left), y + _LEGEND
        drawn.append(_box(x, y - _HIGH + 5, 22, fill) if fill else _tick(x + 10, y - _HIGH + 5))
        drawn.append(text(x + 28, y, name, f'fill="{QUIET}"'))
        x += wide
    return drawn, y + 20


def _most(figure: float) -> float:
    """The end of the axis: the next handy figure times a power of ten that has ``figure`` below it."""
    if figure <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(figure))
    return next(step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10) if step * power >= figure * 0.999)


def _figure(number: float, step: float) -> str:
    """A number on an axis, with as many places as its steps need."""
    places = next((places for places in range(6) if abs(step - round(step, places)) < step / 1_000), 6)
    return f"{number:,.{places}f}" if number else "0"


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
