"""How untrusted text is shown: one safe renderer for every face."""

from .documents import count, document
from .drawing import LARGEST_DIAGRAM, MOST_DIAGRAMS, figure, picture
from .frames import frame
from .letters import MOST_CHARACTERS, MOST_LINES, clean, escape, plain, visible
from .page import html
from .shown import Shown, box, table

__all__ = [
    "LARGEST_DIAGRAM",
    "MOST_CHARACTERS",
    "MOST_DIAGRAMS",
    "MOST_LINES",
    "Shown",
    "box",
    "clean",
    "count",
    "document",
    "escape",
    "figure",
    "frame",
    "html",
    "picture",
    "plain",
    "table",
    "visible",
]
