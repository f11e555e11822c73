"""The parts all drawings are made of: a canvas, words, colours; no script, style sheet or reference ever."""

from __future__ import annotations

from html import escape

CHARACTER = 6.3
"""Pixels a character of 12 pixels' height is taken to be wide."""
INK, QUIET, LINE, WARN = "#1b1f24", "#57606a", "#d0d7de", "#8a4b00"
"""Colours of words, of words that matter less, of frames, and of what asks for attention; on white each of the words' has a
contrast of at least 5 : 1 (WCAG 2.2, 1.4.3)."""


def canvas(width: float, height: float, title: str, parts: list[str]) -> str:
    """A self-contained SVG of ``width`` by ``height`` pixels, white, with ``title`` above ``parts``."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'font-family="Helvetica, Arial, sans-serif" font-size="12" fill="{INK}">'
    )
    ground = f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    above = text(16, 28, title, 'font-size="16" font-weight="bold"')
    return "".join([head, f"<title>{said(title)}</title>", ground, above, *parts, "</svg>"])


def text(x: float, y: float, words: str, look: str = "") -> str:
    """``words`` with their baseline at ``x``, ``y``; ``look`` are more attributes."""
    return f'<text x="{x:g}" y="{y:g}" {look}>{said(words)}</text>'


def said(words: str) -> str:
    """``words`` as XML text; characters that XML 1.0 cannot hold are left out."""
    return escape("".join(each for each in words if _can_be_said(each)))


def _can_be_said(each: str) -> bool:
    return each in "\t\n" or (each >= " " and not "\ud800" <= each <= "\udfff" and each not in "\ufffe\uffff")
