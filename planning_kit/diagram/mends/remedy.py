"""A remedy: a diagram as it would be, and the order that leads there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

LONGEST = 2_000
"""The longest line that is mended, in characters."""


class Remedy(NamedTuple):
    """A diagram's ``lines`` after a remedy, the ``hint`` that tells it.

    Attributes:
        lines: the mended lines.
        hint: an order.
        whole: whether it must leave nothing wrong; else it is enough that Mermaid reads past the line.
        line: where the fault really is, from 1; 0 where Mermaid says.
        column: the column there.
        message: what the fault really is; empty for what Mermaid says.
    """

    lines: list[str]
    hint: str
    whole: bool = False
    line: int = 0
    column: int = 0
    message: str = ""


Remedies = Iterable[tuple[str, str]]
"""A line as it would be, and the order that leads there."""


def per_line(
    lines: list[str], number: int, message: str, tries: Iterable[Callable[[str, str], Remedies]]
) -> Iterator[Remedy]:
    """What ``tries`` make of the line with this ``number``, and of the line before it, where a fault may show only one line later."""
    for at in (number, number - 1):
        if not 1 <= at <= len(lines) or len(lines[at - 1]) > LONGEST:
            continue
        line = lines[at - 1]
        for remedy in tries if line.strip() else ():
            for new, hint in remedy(line, message):
                if new != line:
                    yield Remedy(
                        [*lines[: at - 1], *new.split("\n"), *lines[at:]], hint, line=at if at != number else 0
                    )


def shown(text: str) -> str:
    """A mended line as it is quoted in a hint."""
    text = " ".join(text.split())
    return text if len(text) <= 80 else text[:80] + "…"
