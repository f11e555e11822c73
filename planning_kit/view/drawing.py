"""Diagrams and drawings as inert images."""

from __future__ import annotations

import base64
import re
import threading
from xml.etree import ElementTree

from .. import diagram, digest
from ..aside import Spent, Undone
from .inert import unsafe
from .letters import clean, escape

MOST_DIAGRAMS = 40
"""The most diagrams drawn for one text; further ones show their source."""
LARGEST_DIAGRAM = 20_000
"""The longest diagram that is drawn, in characters."""
UNDRAWN = "This diagram is not drawn"
"""How it is said of one that may be drawn the next time."""
REMEMBERED = 512
"""How many drawings are remembered, by their source."""

_STATEMENT = re.compile(r"(?m)(?:^|;)[ \t]*(?:(?:click|callback)[ \t]+\w|links?[ \t]+\w+[ \t]*[:\"'])")
_REFUSED = re.compile(r"(?i)%%\s*\{|\A\s*---|javascript:|\bhref\b|\$\$|@import|url\s*\(|(?<!<)<(?!br\s*/?>)[a-z/!?]")


_drawn: dict[str, tuple[str, str]] = {}
_lock = threading.Lock()


def figure(source: str, draw: bool = True) -> str:
    """Mermaid ``source`` as a picture with the source beneath; only the source when it is not safe to draw or not valid.

    Args:
        source: the diagram.
        draw: whether it is drawn if it has not been before.
    """
    source = clean(source)
    picture, why = _picture(source, draw)
    if not picture:
        return f"<p><em>{escape(why)}</em></p>{code(source)}"
    return f"{picture}<details><summary>Source of the diagram</summary>{code(source)}</details>"


def code(source: str) -> str:
    """``source`` as it is written."""
    return f"<pre><code>{escape(source)}</code></pre>"


def picture(svg: str, words: str) -> str:
    """A drawing as an inert image: nothing in it can run, load or be clicked.

    Args:
        svg: the drawing, with a ``viewBox``.
        words: what stands for it where no image is shown.

    Raises:
        ValueError: it has no size, or something in it could run, load or be clicked.
        xml.etree.ElementTree.ParseError: it is not well-formed.
    """
    width, height = _size(svg)
    encoded = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return (
        f'<p><img alt="{escape(words)}" width="{width}" height="{height}" '
        f'style="max-width:100%;height:auto;background:#ffffff" src="data:image/svg+xml;base64,{encoded}"></p>'
    )


def _picture(source: str, draw: bool) -> tuple[str, str]:
    """An inert ``img`` of the diagram, or nothing and the reason."""
    if len(source) > LARGEST_DIAGRAM:
        return "", f"This diagram is longer than {LARGEST_DIAGRAM:,} characters and is not drawn:"
    if _STATEMENT.search(source) or _REFUSED.search(source):
        return "", "This diagram holds a link, a directive or markup and is not drawn:"
    if (known := _drawn.get(source)) is not None:
        return known
    if not draw:
        return "", f"{UNDRAWN} yet:"
    try:
        made = _image_of(source)
    except Spent:  # the next time there may be time for it, so it is not remembered
        return "", f"{UNDRAWN}: those before it have taken all the time there is for one text:"
    with _lock:
        while len(_drawn) >= REMEMBERED:
            del _drawn[next(iter(_drawn))]
        _drawn[source] = made
    return made


def _image_of(source: str) -> tuple[str, str]:
    try:
        if fault := diagram.fault(source):
            return "", f"This diagram cannot be drawn ({fault.message}):"
        return picture(diagram.draw(source), f"diagram {digest.short(digest.of_text(source))}"), ""
    except Spent:
        raise
    except (Undone, diagram.Undrawn, ElementTree.ParseError, ValueError) as error:
        return "", f"This diagram cannot be drawn ({error}):"


def _size(svg: str) -> tuple[int, int]:
    """Width and height of an inert drawing, in pixels."""
    if what := unsafe(svg):
        raise ValueError(f"it would hold {what}")
    corners = (ElementTree.fromstring(svg).get("viewBox") or "").split()
    if len(corners) != 4:
        raise ValueError("it has no size")
    return max(1, round(float(corners[2]))), max(1, round(float(corners[3])))
