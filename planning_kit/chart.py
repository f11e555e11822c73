"""A table of counts as a picture: a heat map in one colour, with its numbers."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from .svg import CHARACTER, LINE, QUIET, WARN, canvas, text

_CELL, _HIGH = 84, 34
_PALE, _DEEP = (232, 241, 250), (94, 155, 211)
"""Fills for the smallest and the largest count: one blue hue, light enough that dark text on it has a contrast of at least 5 : 1 (WCAG 2.2, 1.4.3)."""


def heatmap(
    rows: Sequence[str],
    columns: Sequence[str],
    counts: Sequence[Sequence[int]],
    title: str,
    silent: Collection[str] | None = None,
) -> str:
    """A self-contained SVG: one cell for each count, darker for more, empty for none; it has no script, style sheet or reference.

    Args:
        rows: names at the left.
        columns: names at the top.
        counts: one sequence a row, one number (from 0) a column.
        title: one line above it.
        silent: the columns to mark as silent; those that hold nothing at all if left out.

    Raises:
        ValueError: the counts do not fit the names.
    """
    if len(counts) != len(rows) or any(len(row) != len(columns) for row in counts):
        raise ValueError(f"counts must be {len(rows)} rows of {len(columns)} numbers")
    totals = [sum(row[at] for row in counts) for at in range(len(columns))]
    marked = [name in silent if silent is not None else not total for name, total in zip(columns, totals, strict=True)]
    left = round(max([len(name) for name in rows] + [4]) * CHARACTER) + 26
    wide = max([_CELL, *(round(len(name) * CHARACTER) + 12 for name in columns)])
    width = max(left + wide * len(columns) + 16, round(len(title) * 9.2) + 32)
    top, most = 78, max([1, *(count for row in counts for count in row)])
    height = top + _HIGH * len(rows) + 62
    parts: list[str] = []
    for at, (name, quiet) in enumerate(zip(columns, marked, strict=True)):
        x = left + at * wide
        parts += _column(name, quiet, x, wide, top, len(rows))
    for down, (name, row) in enumerate(zip(rows, counts, strict=True)):
        y = top + down * _HIGH
        parts.append(text(left - 10, y + _HIGH / 2 + 4, name, 'text-anchor="end"'))
        parts += [_cell(left + at * wide, y, wide, count, most) for at, count in enumerate(row)]
    parts += _legend(left, top + _HIGH * len(rows) + 24, most, any(marked))
    return canvas(width, height, title, parts)


def _column(name: str, quiet: bool, x: int, wide: int, top: int, rows: int) -> list[str]:
    """A column's name; a silent one in another colour, with the word above it and a dashed frame around its cells."""
    look = f'text-anchor="middle" fill="{WARN}" font-weight="bold"' if quiet else 'text-anchor="middle"'
    parts = [text(x + wide / 2, top - 8, name, look)]
    if quiet:
        parts.append(
            text(
                x + wide / 2,
                top - 23,
                "silent",
                f'text-anchor="middle" fill="{WARN}" font-size="11" font-style="italic"',
            )
        )
        parts.append(
            f'<rect x="{x + 0.5}" y="{top - 2.5}" width="{wide - 1}" height="{rows * _HIGH + 5}" rx="4" fill="#fff8ec" stroke="{WARN}" stroke-width="1.5" stroke-dasharray="5 3"/>'
        )
    return parts


def _cell(x: int, y: int, wide: int, count: int, most: int) -> str:
    """A count on its shade; for none an empty cell with a thin frame."""
    place = f'x="{x + 2}" y="{y + 2}" width="{wide - 4}" height="{_HIGH - 4}" rx="3"'
    if not count:
        return f'<rect {place} fill="none" stroke="{LINE}"/>'
    return f'<rect {place} fill="{_shade(count, most)}"/>' + text(
        x + wide / 2, y + _HIGH / 2 + 4.5, str(count), 'text-anchor="middle" font-size="13"'
    )


def _shade(count: int, most: int) -> str:
    """Between pale and deep by the count's square root, so that a few large counts leave the small ones apart."""
    share = math.sqrt(count / most)
    return "#" + "".join(f"{round(pale + (deep - pale) * share):02x}" for pale, deep in zip(_PALE, _DEEP, strict=True))


def _legend(x: int, y: int, most: int, quiet: bool) -> list[str]:
    steps = sorted({1, max(1, round(most / 4)), most})
    parts = [text(x, y, "passages", f'fill="{QUIET}"')]
    at = x + 66
    for step in steps:
        parts.append(f'<rect x="{at}" y="{y - 12}" width="22" height="16" rx="3" fill="{_shade(step, most)}"/>')
        parts.append(text(at + 27, y, str(step), f'fill="{QUIET}"'))
        at += 48 + 7 * len(str(step))
    parts.append(f'<rect x="{at + 0.5}" y="{y - 11.5}" width="21" height="15" rx="3" fill="none" stroke="{LINE}"/>')
    parts.append(text(at + 27, y, "none", f'fill="{QUIET}"'))
    if quiet:
        parts.append(
            text(
                at + 84,
                y,
                "silent: it matters for this brief, and nothing is said about it",
                f'fill="{WARN}" font-style="italic"',
            )
        )
    return parts
