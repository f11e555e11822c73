"""How a run shows itself where it is running."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from . import view

if TYPE_CHECKING:
    from .sitting import Snapshot
    from .step import Step


class Face(Protocol):
    """How a run shows itself where it is running."""

    def progress(self, snapshot: Snapshot) -> None:
        """Show what is going on; called from the main thread about four times a second."""

    def review(self, phase: Step) -> Any:
        """What there is to decide, or what was decided."""


class Plain:
    """The face of a run nobody looks at: nothing moves, and a review is a card."""

    def progress(self, snapshot: Snapshot) -> None:
        """Nothing."""

    def review(self, phase: Step) -> Any:
        """What was decided, or why the gate is closed."""
        gate = phase.gate
        return (
            view.box("done", [str(gate.decision)]) if gate.open else view.box("wait", [*gate.why, phase.how_to_decide])
        )
