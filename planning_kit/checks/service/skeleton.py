"""The code skeleton, in line with the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...document import Document
from ..about import About
from ..wrong import Wrongs


def lines_up_with_its_contract(document: Document, about: About) -> Wrongs:
    """Show health, readiness and version, and at least one operation of the OpenAPI document by its method and path; no route that it does not have beside these."""
    yield from ()


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "skeleton": lines_up_with_its_contract,
}
"""By the name a consultant asks for it."""
