"""Values as a pandas table, to sort and to filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .letters import visible

if TYPE_CHECKING:
    import pandas

WIDEST = 320
"""The most characters of a cell that a notebook shows; a sentence and a line of code are longer than pandas shows by itself."""
_CUT = 50
"""Where pandas cuts a cell unless somebody says otherwise."""


def frame(rows: Iterable[Sequence[object]], columns: Sequence[str]) -> pandas.DataFrame:
    """``rows`` as a table of pandas: its words without secrets, with what is invisible spelled out, and never read as mathematics.

    pandas escapes what it shows as HTML; but a notebook would have MathJax read what stands between dollar signs, and that can load.
    """
    import pandas

    pandas.set_option("display.html.use_mathjax", False)
    if pandas.get_option("display.max_colwidth") == _CUT:
        pandas.set_option("display.max_colwidth", WIDEST)
    told = [[visible(value) if isinstance(value, str) else value for value in row] for row in rows]
    return pandas.DataFrame(told, columns=list(columns))
