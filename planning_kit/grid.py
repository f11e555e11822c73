"""A table under a cell that sorts and filters while somebody is there; everywhere else every row stands in a plain table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from numbers import Number
from typing import TYPE_CHECKING, Any

from . import view, widget
from .cell import attended, show

if TYPE_CHECKING:
    import pandas

AT_ONCE = 200
"""The rows that are drawn before somebody asks for more; sorting and filtering go over all of them."""
_FIGURE = re.compile(r"[~≈]?[-+−]?[$€£]?(?:\d{1,15}|\d{1,3}(?:,\d{3}){1,5})(?:\.\d{1,15})?\s?%?")
"""A figure as people write it: ``1,234``, ``~$0.12``, ``95 %``."""
_INERT = "The table above lives only as long as its kernel. Here is the same without it, every row."
_GONE = view.box("note", ["A table to sort and to filter was shown here; every row of it stands below."])


def of(rows: pandas.DataFrame | Iterable[Sequence[object]], columns: Sequence[str] = (), called: str = "Table") -> Grid:
    """A table to look through.

    Args:
        rows: a table of pandas, whose index is shown where it has a name; or plain rows, each as long as ``columns``.
        columns: the names of the columns of plain rows.
        called: what it is a table of, as it is read aloud and stands in the filter's place.

    Raises:
        ValueError: a row is not as long as ``columns``.
    """
    frame: Any = rows
    if not hasattr(frame, "columns"):
        given = [tuple(row) for row in frame]
        if any(len(row) != len(columns) for row in given):
            raise ValueError(f"every row of '{called}' needs {len(columns)} values, as there are columns")
        return Grid(columns, [[row[at] for row in given] for at in range(len(columns))], called)
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    return Grid([str(name) for name in frame.columns], [_values(frame.iloc[:, at]) for at in range(frame.shape[1])], called)  # fmt: skip


class Grid:
    """A table; it shows itself.

    Args:
        columns: the columns' names.
        values: the values, column by column.
        called: what it is a table of.
        live: whether somebody may be there to sort; by default, as it seems.
    """

    def __init__(
        self, columns: Sequence[str], values: Sequence[Sequence[object]], called: str, live: bool | None = None
    ) -> None:
        self.columns = tuple(view.visible(name) for name in columns)
        self.called = view.visible(called)
        self.live = live
        self.widget: Any = None
        self._plain: Any = None
        self._values = values
        self._texts = [[_text(value) for value in column] for column in values]

    @cached_property
    def rows(self) -> list[list[str]]:
        """Every cell as it reads: nothing hidden in it, no secret."""
        return [list(row) for row in zip(*self._texts, strict=True)]

    @cached_property
    def ranks(self) -> dict[str, list[float | None]]:
        """By what a column is sorted that is not sorted as text: its place → a number for each row, none where nothing is said."""
        found = ((str(at), _ranked(values, texts)) for at, (values, texts) in enumerate(zip(self._values, self._texts, strict=True)))  # fmt: skip
        return {at: ranks for at, ranks in found if ranks is not None}

    @property
    def figures(self) -> list[int]:
        """The places of the columns that hold nothing but figures; they stand to the right."""
        held = [[text for text in texts if text] for texts in self._texts]
        return [at for at, texts in enumerate(held) if texts and all(map(_FIGURE.fullmatch, texts))]

    @property
    def shown(self) -> view.Shown:
        """Every row, without a widget."""
        if not self.rows:
            return view.box("note", [f"{self.called}: no rows"])
        return view.table(self.columns, self.rows)

    def _ipython_display_(self) -> None:
        self.widget = self._made() if self.rows and (attended() if self.live is None else self.live) else None
        if self.widget is None:
            show(self.shown)
            return
        show(widget.Bundle(self.widget.model_id, _GONE))
        self._plain = show(self._folded)

    @property
    def _folded(self) -> view.Shown:
        """Every row, for whoever has no widget."""
        return view.Shown(f"<details><summary>{_INERT}</summary>{self.shown.html}</details>", self.shown.text)

    def repaint(self, other: Grid) -> None:
        """Show the rows of ``other`` where this table is shown; how it is sorted and filtered stays."""
        if self.widget is None:
            return
        self.widget.table = other._table
        self._plain.update(other._folded)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return self.shown._repr_mimebundle_()

    def _made(self) -> Any:
        """The widget; without anywidget there is none."""
        kind = widget.kind("GridView", "grid", "table", "looked")
        return kind and kind(table=self._table)

    @property
    def _table(self) -> dict[str, Any]:
        """What the widget shows."""
        return {
            "columns": list(self.columns), "rows": self.rows, "ranks": self.ranks, "figures": self.figures,
            "called": self.called, "at_once": AT_ONCE,
        }  # fmt: skip


def _values(column: Any) -> list[object]:
    """The values of a column of pandas; those of ordered categories with their place among them."""
    if getattr(column.dtype, "ordered", False):
        return [_Placed(value, int(code)) if code >= 0 else None for value, code in zip(column, column.cat.codes, strict=True)]  # fmt: skip
    missing = column.isna()
    return [None if gone else value for value, gone in zip(column, missing, strict=True)]


class _Placed(str):
    """One of several values that have an order of their own."""

    place: int

    def __new__(cls, value: object, place: int) -> _Placed:
        """``value`` at ``place`` of that order."""
        self = super().__new__(cls, value)
        self.place = place
        return self


def _text(value: object) -> str:
    return "" if value is None or value != value else view.visible(str(value)).replace("\n", " ")


def _ranked(values: Sequence[object], texts: Sequence[str]) -> list[float | None] | None:
    """What sorts the values of one column, if it is not their text."""
    there = [value for value, text in zip(values, texts, strict=True) if text]
    if there and all(isinstance(value, _Placed) for value in there):
        return [value.place if isinstance(value, _Placed) else None for value in values]
    if there and all(isinstance(value, Number) and not isinstance(value, complex) for value in there):
        return [float(value) if text else None for value, text in zip(values, texts, strict=True)]  # type: ignore[arg-type]
    if there and all(map(_FIGURE.fullmatch, filter(None, texts))):
        return [float(re.sub(r"[^\d.-]", "", text.replace("−", "-"))) if text else None for text in texts]
    return None
