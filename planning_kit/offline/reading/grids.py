"""The brief's tables by passage: a header and, for each row, its passage and its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...brief import Passage

_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")


@dataclass(frozen=True)
class Grid:
    """A table: its ``header``, the passage id and cells of each row, and the headings it stands under."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    section: tuple[str, ...]
    source: str


def grids(passages: Sequence[Passage]) -> tuple[Grid, ...]:
    """Every table whose rows are passages, in order."""
    found: list[Grid] = []
    header: Passage | None = None
    rows: list[tuple[str, tuple[str, ...]]] = []
    for passage in (*passages, None):
        starts = (
            passage is not None
            and passage.kind == "row"
            and any(_RULE.match(line) for line in passage.text.splitlines()[1:])
        )
        if header is not None and (passage is None or passage.kind != "row" or starts):
            found.append(Grid(cells(header.text), tuple(rows), header.section, header.id))
            header, rows = None, []
        if passage is not None and starts:
            header = passage
        elif passage is not None and header is not None:
            rows.append((passage.id, cells(passage.text)))
    return tuple(found)


def cells(text: str) -> tuple[str, ...]:
    """The cells of the first line of ``text``, without code and emphasis marks."""
    line = (text.strip().splitlines() or [""])[0].strip().strip("|")
    return tuple(re.sub(r"\*\*|__|`", "", cell).replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", line))
