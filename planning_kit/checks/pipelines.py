"""To be written."""

from __future__ import annotations

from .kind import nothing_checks

GITHUB = AZURE = GITLAB = COMPOSE = nothing_checks("no tool for {lang} yet")
