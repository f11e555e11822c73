"""Live progress under a cell: who is writing what, and how far they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import view
from .cell import shell, show

if TYPE_CHECKING:
    from .sitting import Snapshot


class Live:
    """The progress a cell shows while seats write, in the place of what this cell showed before."""

    def __init__(self) -> None:
        self._cell = -1
        self._progress: Any = None

    def show(self, snapshot: Snapshot) -> None:
        """Show where the phase is."""
        cell = getattr(shell(), "execution_count", 0)
        shown = pace(snapshot)
        if self._progress is not None and self._cell == cell:
            self._progress.update(shown)
        else:
            self._cell, self._progress = cell, show(shown)


def pace(snapshot: Snapshot) -> view.Shown:
    """A snapshot as a line and a table: who writes what, words so far, cost and time so far."""
    done = sum(seat.state in ("done", "kept") for seat in snapshot.seats)
    words = sum(seat.words for seat in snapshot.seats)
    line = (
        f"{snapshot.phase}: {done} of {len(snapshot.seats)} written, {words:,} words, "
        f"${snapshot.spent:.2f}, {snapshot.seconds:.0f} s"
    )
    rows = [(seat.seat, seat.document, seat.state, f"{seat.words:,}") for seat in snapshot.seats]
    table = view.table(("consultant", "document", "state", "words"), rows)
    return view.Shown(f"<p><strong>{view.escape(line)}</strong></p>{table.html}", f"{line}\n{table.text}")
