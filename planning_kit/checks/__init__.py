"""What a document must hold, found by the real tools of each field; a check's docstring is what its author is told.

A check takes a :class:`Document` and what is known :class:`About` it, and yields ``(line, what is wrong)``.
To add one, write such a function and put it into :data:`ALWAYS` or :data:`NAMED`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from .. import diagram
from ..document import Document, Finding
from ..errors import CatalogRefused, nearest
from . import artefacts, given, promises, sourced, structure
from .about import About

Check = Callable[[Document, About], Iterator[tuple[int, str]]]

ALWAYS: tuple[Check, ...] = (
    structure.begins_with_its_meta_block,
    structure.has_its_sections,
    structure.ends_with_key_decisions,
    structure.cites_passages_that_exist,
    sourced.cites_sources_that_exist,
    structure.carries_what_was_settled,
    structure.is_complete,
    artefacts.draws_its_diagrams,
    artefacts.validates_its_openapi,
    artefacts.parses_its_sql,
    artefacts.parses_its_data,
)
"""Run on every markdown document."""

GIVEN: tuple[Check, ...] = (given.can_be_read, given.names_passages_that_exist, given.shows_its_stack)
"""Run on the facts of a run."""

NAMED: dict[str, Check] = {
    "openapi": promises.holds_an_openapi_document,
    "endpoint-table": promises.lists_its_endpoints,
    "er-diagram": promises.draws_its_entities,
    "ddl": promises.holds_its_ddl,
    "stride-table": promises.names_threats_by_stride,
    "role-matrix": promises.says_who_may_do_what,
    "sources": promises.names_its_sources,
    "recommendations-sourced": sourced.gives_each_recommendation_a_source,
    "says-what-was-not-looked-up": sourced.says_what_was_not_looked_up,
    "personal-data-table": promises.lists_personal_data,
    "not-legal-advice": promises.is_not_legal_advice,
    "implementation-order": promises.orders_the_implementation,
}
"""Run where a consultant's ``checks`` names them."""

TOOLS = {
    "draws_its_diagrams": diagram.TOOL,
    "validates_its_openapi": artefacts.OPENAPI,
    "parses_its_sql": artefacts.SQL,
    "parses_its_data": artefacts.DATA,
}


@lru_cache(maxsize=128)
def check(document: Document, about: About) -> tuple[Finding, ...]:
    """Everything wrong with ``document``, in the order of its lines; the same text is checked once in a process."""
    findings = []
    for run in _wanted(about):
        for line, message in run(document, about):
            tool = TOOLS.get(run.__name__, "planning_kit")
            findings.append(Finding(document.name, line, run.__name__.replace("_", "-"), tool, "error", message))
    return tuple(sorted(findings, key=lambda finding: (finding.line, finding.rule)))


def refuse_unknown(where: str, names: tuple[str, ...]) -> None:
    """Nothing, when every check a consultant names (at ``where``, file and line) exists.

    Raises:
        CatalogRefused: one does not; names the nearest.
    """
    for name in names:
        if name not in NAMED:
            raise CatalogRefused(f"{where}: checks: no such check: {name!r}{nearest(name, NAMED)}")


def promised(about: About) -> tuple[str, ...]:
    """What an author is told beforehand: one sentence per check that will be run."""
    return tuple((run.__doc__ or "").strip().splitlines()[0] for run in _wanted(about))


def _wanted(about: About) -> tuple[Check, ...]:
    return GIVEN if about.kind == "facts" else (*ALWAYS, *(NAMED[name] for name in about.checks))
