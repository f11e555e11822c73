"""All a consultant returns."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Receipt:
    """All a consultant returns: where the document is, what was decided, how many errors the checks still find in it, and ``what`` it is."""

    path: str
    decisions: str
    trouble: str = ""
    errors: int = 0
    what: str = "Design"

    def __str__(self) -> str:
        return self.within("")

    def within(self, folder: str) -> str:
        """The receipt, with its path below ``folder``."""
        wrong = "1 error" if self.errors == 1 else f"{self.errors} errors"
        mark = f"! {self.what} written, {wrong} left." if self.errors else f"✓ {self.what} complete."
        mark = f"✗ {self.what} incomplete: {self.trouble}." if self.trouble else mark
        return f"{mark} Saved to {os.path.join(folder, self.path)}\n  Key decisions: {self.decisions}"
