"""What one way out hands over: files by path, and what to do with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Handed:
    """``texts`` by path below the folder they go to; ``notes`` are sentences that say where what goes next."""

    texts: Mapping[str, str]
    notes: tuple[str, ...] = ()
