"""What shows itself: a card, a table, or any safe HTML with the same as plain text."""

from __future__ import annotations

import html as markup
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .letters import escape, plain, visible

_COLOURS = {
    "note": ("#eef3fb", "#3b6fb6"),
    "wait": ("#fff7e0", "#c98a00"),
    "done": ("#ecf7ee", "#2e8b57"),
    "stop": ("#fdeeee", "#b3261e"),
}
_PAGE = "mathjax_ignore tex2jax_ignore"


@dataclass(frozen=True)
class Shown:
    """Something that shows itself in a notebook: ``html`` that is safe as it stands, and the same as ``text``.

    It offers ``text/html`` and ``text/plain`` and nothing else: a live output is trusted, so Markdown or
    Mermaid from a model would run whatever it holds.
    """

    html: str
    text: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": f'<div class="{_PAGE}">{self.html}</div>', "text/plain": self.text}

    def __str__(self) -> str:
        return self.text

    def __add__(self, other: Shown) -> Shown:
        return Shown(self.html + other.html, f"{self.text}\n\n{other.text}")


def box(kind: str, lines: Sequence[str]) -> Shown:
    """A card: the first line stands out, the rest follow beneath.

    Args:
        kind: ``note``, ``wait``, ``done`` or ``stop``; gives the colour.
        lines: plain text, each on a line of its own.
    """
    ground, edge = _COLOURS[kind]
    first, *rest = [plain(line) for line in lines] or [""]
    style = f"background:{ground};color:#1b1b1b;border-left:4px solid {edge};padding:8px 12px;margin:6px 0;line-height:1.5;white-space:pre-wrap"
    body = "".join(f"<br>{markup.escape(line)}" for line in rest)
    return Shown(f'<div style="{style}"><strong>{markup.escape(first)}</strong>{body}</div>', "\n".join([first, *rest]))


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Shown:
    """A table of plain values, escaped; in a terminal its columns are aligned.

    Args:
        header: the columns' names.
        rows: one sequence per row, as long as the header.
    """
    cells = [[visible(str(value)).replace("\n", " ") for value in row] for row in rows]
    names = [visible(name).replace("\n", " ") for name in header]
    head = "".join(f'<th style="text-align:left">{escape(name)}</th>' for name in names)
    body = "".join(
        "<tr>" + "".join(f'<td style="text-align:left">{markup.escape(cell)}</td>' for cell in row) + "</tr>"
        for row in cells
    )
    widths = [max(len(line[at]) for line in [names, *cells]) for at in range(len(names))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [names, *cells]
    ]
    return Shown(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>", "\n".join(lines))
