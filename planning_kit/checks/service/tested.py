"""The test specifications."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ...document import Document
from ..about import About
from ..wrong import Wrongs


def covers_its_operations(document: Document, about: About) -> Wrongs:
    """Under 'Contract tests' give every operation of the OpenAPI document a row with its success status and each error status it declares."""
    yield from ()


def tests_in_four_ways(document: Document, about: About) -> Wrongs:
    """Specify contract, integration, load and security tests, at least one of each."""
    yield from ()


def sets_load_thresholds(document: Document, about: About) -> Wrongs:
    """Under 'Load tests' give each scenario an operation, a load and a threshold that are numbers with units."""
    yield from ()


def shows_tests_that_run(document: Document, about: About) -> Wrongs:
    """Under 'Examples' show pytest functions that call operations the OpenAPI document has."""
    yield from ()


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "contract-tests": covers_its_operations,
    "test-kinds": tests_in_four_ways,
    "load-thresholds": sets_load_thresholds,
    "pytest-examples": shows_tests_that_run,
}
"""By the name a consultant asks for it."""
