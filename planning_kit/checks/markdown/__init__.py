"""Markdown itself: what is broken, left open or leads nowhere in any document."""

from __future__ import annotations

from collections.abc import Callable

from ...document import Document
from ..about import About
from ..wrong import Wrongs
from .fences import closes_its_fences, guessed_language, names_the_language_of_its_fences
from .headings import has_something_under_each_heading, nests_its_headings, numbers_its_headings
from .links import links_to_what_is_there, targets
from .placeholders import leaves_no_placeholders
from .tables import has_even_tables

__all__ = ["CHECKS", "guessed_language", "targets"]

CHECKS: tuple[Callable[[Document, About], Wrongs], ...] = (
    links_to_what_is_there,
    has_even_tables,
    numbers_its_headings,
    nests_its_headings,
    has_something_under_each_heading,
    leaves_no_placeholders,
    closes_its_fences,
    names_the_language_of_its_fences,
)
"""Run on every markdown document."""
