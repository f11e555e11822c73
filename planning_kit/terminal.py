"""What is written on a terminal: whole lines, nothing hidden in them, and never a reason to stop."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO


def ready() -> None:
    """Have standard output and error take any character, whatever the locale; open them if they were closed."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def tell(stream: TextIO, *lines: str, end: str = "\n") -> None:
    """Write ``lines``; what is invisible or would steer the terminal is spelled out, a reader who has gone is no fault.

    Args:
        stream: standard output or standard error.
        lines: what to say.
        end: what ends each line; empty leaves the cursor where it is.
    """
    from .view import visible

    try:
        for line in lines:
            stream.write(visible(line) + end)
        stream.flush()
    except (OSError, ValueError):
        _leave(stream)


def clear(stream: TextIO) -> None:
    """Empty the line the cursor is on."""
    try:
        stream.write("\r\033[K")
        stream.flush()
    except (OSError, ValueError):
        _leave(stream)


def _leave(stream: TextIO) -> None:
    """Let whatever is still buffered go nowhere, so that it raises nothing when the program ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
