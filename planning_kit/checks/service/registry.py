"""The manifest that registers every document."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...document import Document
from ..about import About
from ..wrong import Wrongs


def registers_its_documents(document: Document, about: About) -> Wrongs:
    """Under 'Documents' link every document of the plan by its exact file, once; summarise and link, and repeat no plan."""
    yield from ()


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "registry": registers_its_documents,
}
"""By the name a consultant asks for it."""
