"""What a decision brief owes: one page, the decisions that matter with what was rejected, links to where each stands."""

from __future__ import annotations

from ...document import Document
from ..about import About
from ..wrong import Wrongs


def fits_on_one_page(document: Document, about: About) -> Wrongs:
    """Write no more than fits on one page: 500 words and 60 lines, the tables counted in."""
    yield from ()


def names_five_decisions(document: Document, about: About) -> Wrongs:
    """Give under 'Decisions' at most five rows with the columns Decision, Instead of, Because, Where: each with a rejected alternative and a link to a document of the plan."""
    yield from ()


CHECKS = {"one-page": fits_on_one_page, "five-decisions": names_five_decisions}
"""By the name a consultant asks for it."""
