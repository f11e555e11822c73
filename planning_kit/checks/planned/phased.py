"""The implementation plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...document import Document
from ..about import About
from ..wrong import Wrongs


def rests_on_its_research(document: Document, about: About) -> Wrongs:
    """Under 'Key Technologies' link a research document of this plan in every row, and under 'Research Foundation' link every research document."""
    yield from ()


def orders_its_phases(document: Document, about: About) -> Wrongs:
    """Number the phases from 1; each names its prerequisites under 'Dependencies', all of them phases there are, and the order has no cycle."""
    yield from ()


def draws_its_phases(document: Document, about: About) -> Wrongs:
    """Draw the phases as a Mermaid flowchart whose arrows are the prerequisites, and as a Gantt chart; both have exactly the phases of the plan."""
    yield from ()


def measures_its_success(document: Document, about: About) -> Wrongs:
    """Under 'Success Criteria' list for each phase what can be measured: a number, a test that passes, a state that can be looked up."""
    yield from ()


def marks_its_components(document: Document, about: About) -> Wrongs:
    """Mark every component build, modify or reuse; what is modified or reused is in the codebase and is named as path:line."""
    yield from ()


def holds_no_implementation(document: Document, about: About) -> Wrongs:
    """Hold no implementation: no function bodies, statements or scripts; diagrams, tables, names and signatures only."""
    yield from ()


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "decisions-researched": rests_on_its_research,
    "phases-ordered": orders_its_phases,
    "phases-drawn": draws_its_phases,
    "criteria-measurable": measures_its_success,
    "components-marked": marks_its_components,
    "no-implementation": holds_no_implementation,
}
"""By the name a consultant asks for it."""
