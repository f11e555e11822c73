"""One contract: what the API documents of the domains offer is what the architecture offers, and what the API design is about."""

from __future__ import annotations

from ...document import Document
from ..about import About
from ..wrong import Wrongs


def joins_the_domains_contracts(document: Document, about: About) -> Wrongs:
    """Take over every operation of the domains' API documents into the one OpenAPI document, as they have it, and add none that none of them has."""
    yield from ()


def designs_every_operation(document: Document, about: About) -> Wrongs:
    """Have a row under 'Operations' for every operation of the contract, and none for another."""
    yield from ()


CHECKS = {"one-contract": joins_the_domains_contracts, "operations-designed": designs_every_operation}
"""By the name a consultant asks for it."""
