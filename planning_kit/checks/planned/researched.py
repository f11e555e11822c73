"""One session of research."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...document import Document
from ..about import About
from ..wrong import Wrongs


def concludes_its_research(document: Document, about: About) -> Wrongs:
    """Give findings their evidence ([S1], path:line or [P3], or 'not verified'), at least two options with what speaks for and against each, a recommendation that names one of them, and a confidence that is high, medium or low with why."""
    yield from ()


def shows_the_code_it_means(document: Document, about: About) -> Wrongs:
    """Where there is a codebase name path:line for what is found in it; where there is none say so."""
    yield from ()


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "researched": concludes_its_research,
    "codebase-evidenced": shows_the_code_it_means,
}
"""By the name a consultant asks for it."""
