"""What a rule says about an OpenAPI document, before it has a line."""

from __future__ import annotations

from typing import NamedTuple

from ..places import Path


class Said(NamedTuple):
    """A fault: the ``path`` of what is wrong, one sentence, what mends it, ``error`` or ``warning``."""

    path: Path
    message: str
    hint: str = ""
    severity: str = "error"
