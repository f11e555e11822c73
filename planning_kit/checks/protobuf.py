"""To be written."""

from __future__ import annotations

from .kind import nothing_checks

KIND = nothing_checks("no tool for {lang} yet")
