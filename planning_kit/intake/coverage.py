"""How much of a brief speaks about what: its passages by class and quality area."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ..brief import Brief
from ..facts import CLASSES
from . import areas

NO_AREA = "none"


@dataclass(frozen=True)
class Coverage:
    """Passages by class and area.

    Attributes:
        rows: the classes.
        columns: the quality areas, then ``none`` for passages that speak about no area.
        counts: passages, one tuple a row; a passage about two areas counts in both columns.
        silent: the areas that matter for the brief and that it is silent about.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    silent: tuple[str, ...]


def coverage(brief: Brief, classes: Mapping[str, str]) -> Coverage:
    """The passages of a brief by class and quality area; headings that ask for nothing and rules are ``other``."""
    cells: Counter[tuple[str, str]] = Counter()
    for passage in brief.passages:
        for area in areas.areas(passage.text) or (NO_AREA,):
            cells[classes.get(passage.id, "other"), area] += 1
    columns = (*areas.NAMES, NO_AREA)
    counts = tuple(tuple(cells[row, column] for column in columns) for row in CLASSES)
    return Coverage(CLASSES, columns, counts, tuple(area.name for area in areas.silent(brief, classes)))
