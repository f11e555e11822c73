"""The readings of this process: each brief is read once, however many ask for it at the same time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import lru_cache

from ...brief import Brief
from ..facts import Reading, Ruling
from . import whole

_READING = threading.Lock()


def read(brief: Brief, remarks: Sequence[str] = (), ruling: Ruling = Ruling()) -> Reading:  # noqa: B008 (frozen)
    """Everything the rules find in ``brief``, in a reviewer's ``remarks`` (passages R1, R2 …) and in what people settled."""
    with _READING:
        return _reading(brief, tuple(remarks), ruling)


@lru_cache(maxsize=32)
def _reading(brief: Brief, remarks: tuple[str, ...], ruling: Ruling) -> Reading:
    return whole.read(brief, remarks, ruling)
