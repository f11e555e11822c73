"""All a consultant returns."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Receipt:
    """All a consultant returns: where the document is, what was decided, and how many errors the checks still find in it."""

    path: str
    decisions: str
    trouble: str = ""
    errors: int = 0

    def __str__(self) -> str:
        return self.within("")

    def within(self, folder: str) -> str:
        """The receipt, with its path below ``folder``."""
        wrong = "1 error" if self.errors == 1 else f"{self.errors} errors"
        mark = f"! Design written, {wrong} left." if self.errors else "✓ Design complete."
        mark = f"✗ Design incomplete: {self.trouble}." if self.trouble else mark
        return f"{mark} Saved to {os.path.join(folder, self.path)}\n  Key decisions: {self.decisions}"
