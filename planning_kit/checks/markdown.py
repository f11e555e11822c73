"""To be written."""

from __future__ import annotations

from typing import Any

CHECKS: tuple[Any, ...] = ()
