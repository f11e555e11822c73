"""Research sessions and the implementation plan, written by rule."""

from collections.abc import Callable

from ..basis import Basis
from ..draft import Draft
from . import components, decision, existing, planner, technology, testing

WRITERS: dict[str, Callable[[Basis], Draft]] = {
    "tech-research-advisor": technology.write,
    "functionality-analyzer": existing.write,
    "component-designer": components.write,
    "test-planner": testing.write,
    "backend-planner": planner.write,
    "decision-writer": decision.write,
}
"""Who writes for which seat."""
