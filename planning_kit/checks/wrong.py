"""What a check says: where, what is wrong, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple


class Wrong(NamedTuple):
    """Something wrong.

    Attributes:
        line: from 1, in the text that was checked (the document, or the artefact alone); 0 when it is about the whole.
        message: one sentence that says what is wrong.
        hint: what mends it, as an order; empty when the message says it already.
        column: from 1; 0 when it is about the line.
        tool: what found it, with its version; empty for planning_kit itself.
        severity: ``error``, or ``warning`` for what does not keep a document from being approved.
    """

    line: int
    message: str
    hint: str = ""
    column: int = 0
    tool: str = ""
    severity: str = "error"


Wrongs = Iterator[Wrong]


class NotChecked(Exception):
    """An artefact was not checked; says why in a few words."""


@cache
def tool(package: str, name: str = "") -> str:
    """A package's name (or what people call it) and the version that is installed.

    Raises:
        NotChecked: it is not installed; says how to have it.
    """
    try:
        return f"{name or package} {version(package)}"
    except PackageNotFoundError:
        raise NotChecked(f"{name or package} is not installed: pip install {package}") from None
