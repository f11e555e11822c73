"""All a consultant returns."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Receipt:
    """All a consultant returns: where the document is and what was decided."""

    path: str
    decisions: str
    trouble: str = ""

    def __str__(self) -> str:
        return self.within("")

    def within(self, folder: str) -> str:
        """The receipt, with its path below ``folder``."""
        mark = f"✗ Design incomplete: {self.trouble}." if self.trouble else "✓ Design complete."
        return f"{mark} Saved to {os.path.join(folder, self.path)}\n  Key decisions: {self.decisions}"
