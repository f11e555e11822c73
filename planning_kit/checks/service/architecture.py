"""The integration architecture."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...document import Document
from ..about import About
from ..wrong import Wrongs


def names_its_errors(document: Document, about: About) -> Wrongs:
    """Under 'Error taxonomy' name each error once by status and code, with when it comes and whether a client may try again; every error status of the OpenAPI document is among them."""
    yield from ()


def justifies_its_storage(document: Document, about: About) -> Wrongs:
    """Under 'Storage' give each store what it holds, why it was chosen and what was rejected."""
    yield from ()


def plans_its_migration(document: Document, about: About) -> Wrongs:
    """Under 'Migration and versioning' give the steps in order, each with its way back, and say how the interface is versioned."""
    yield from ()


def says_who_may_see_what(document: Document, about: About) -> Wrongs:
    """Say how callers are known, who may do what, where each secret is kept and rotated, how tenants are kept apart, and what is personal, or that there is none of it."""
    yield from ()


def plans_for_load(document: Document, about: About) -> Wrongs:
    """Under 'Performance and scalability' answer caching, partitioning and concurrency, each with a limit or why it is not needed."""
    yield from ()


def plans_for_failure(document: Document, about: About) -> Wrongs:
    """Under 'Reliability' answer retries, idempotency, outbox, inbox and dead letters, each with what is done or why it is not needed."""
    yield from ()


def sets_service_levels(document: Document, about: About) -> Wrongs:
    """Under 'Service levels' give each indicator an objective that is a number with its unit, and the window it is measured over."""
    yield from ()


def names_its_environments(document: Document, about: About) -> Wrongs:
    """Under 'Environments' name dev, stage and prod, and how each is promoted."""
    yield from ()


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "error-taxonomy": names_its_errors,
    "storage-justified": justifies_its_storage,
    "migration-plan": plans_its_migration,
    "security-model": says_who_may_see_what,
    "performance-plan": plans_for_load,
    "reliability-plan": plans_for_failure,
    "service-levels": sets_service_levels,
    "environments": names_its_environments,
}
"""By the name a consultant asks for it."""
