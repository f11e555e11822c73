"""To be written."""

from __future__ import annotations

from ..document import Document
from .about import About
from .wrong import Wrongs


def cites_lines_that_exist(document: Document, about: About) -> Wrongs:
    """Cite the codebase by path:line, and only lines that exist and hold what you say."""
    yield from ()
