"""How a run shows itself in a kernel: static HTML with plain text beside it, widgets only while somebody is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .cell import attended
from .live import Live
from .panel import Panel

if TYPE_CHECKING:
    from .sitting import Snapshot
    from .step import Step


class NotebookFace:
    """A run's face in a notebook."""

    def __init__(self, live: bool | None = None) -> None:
        self.live = attended() if live is None else live
        self._progress = Live(self.live)

    def progress(self, snapshot: Snapshot) -> None:
        """Show where the phase is."""
        self._progress.show(snapshot)

    def review(self, phase: Step) -> Panel:
        """What is to be decided and, while it is undecided and somebody is there, where to decide it."""
        return Panel(phase, self.live)
