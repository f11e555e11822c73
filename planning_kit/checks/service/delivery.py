"""The pipeline and the way to production."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...document import Document
from ..about import About
from ..wrong import Wrongs


def goes_through_its_stages(document: Document, about: About) -> Wrongs:
    """The pipeline's YAML builds, tests and scans, then deploys to dev, stage and prod in this order."""
    yield from ()


def is_approved_and_can_go_back(document: Document, about: About) -> Wrongs:
    """Say who approves stage and prod, and under 'Rollback' what triggers it and its steps in order, the database included."""
    yield from ()


def holds_quality_gates(document: Document, about: About) -> Wrongs:
    """Under 'Quality gates' give each gate a threshold and what happens when it is missed; name what is cached and where each secret is kept."""
    yield from ()


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "delivery-stages": goes_through_its_stages,
    "approvals-and-rollback": is_approved_and_can_go_back,
    "quality-gates": holds_quality_gates,
}
"""By the name a consultant asks for it."""
