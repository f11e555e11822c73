"""What can go wrong with a service design: what was assumed, what it depends on, what it keeps; each with where it is countered."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..basis import Basis
from ..markdown import ASSUMED, cite, listing, quote, shorten
from .architecture_design import Design
from .levels import levels

Link = Callable[[str], str]
"""A section of the architecture → a link to it."""


def risks(basis: Basis, to: Link) -> list[tuple[str, str, str]]:
    """The risks as rows: what, what it leads to, what counters it."""
    found = [*_assumed(basis), *_unsaid(basis, to), *_outside(basis, to), *_ruled(basis, to), *_kept(basis, to), *_levels(basis, to)]  # fmt: skip
    none = ("none that the rules can read from the documents", "–", "the review of each document")
    return found or [none]


def _assumed(basis: Basis) -> Iterator[tuple[str, str, str]]:
    for each in basis.plan.questions:
        if not each.answered:
            yield (
                f"the assumption [{each.name}] turns out wrong: nobody answered",
                f"this changes: {quote(shorten(each.changes, 140)).rstrip('.')}",
                f"an answer before building begins {ASSUMED}",
            )


def _unsaid(basis: Basis, to: Link) -> Iterator[tuple[str, str, str]]:
    if not basis.plan.operations:
        yield (
            "The brief names no operation that can be read from it",
            "contract, tests and skeleton have nothing to rest on",
            f"answers to the open questions, then a new version of {to('Endpoints')}",
        )


def _outside(basis: Basis, to: Link) -> Iterator[tuple[str, str, str]]:
    systems = Design(basis).systems
    if systems:
        names = listing([quote(n.name) for n in systems], 4)
        does = "does not answer or changes its" if len(systems) == 1 else "do not answer or change their"
        yield (
            f"{names} {does} interface {cite((s for n in systems for s in n.sources), 3)}",
            "what depends on it comes late or not at all",
            f"retries, outbox and dead letters under {to('Reliability')}",
        )


def _ruled(basis: Basis, to: Link) -> Iterator[tuple[str, str, str]]:
    for operation in basis.plan.operations:
        for response in operation.responses:
            if response.status == 409 and response.sources:
                yield (
                    f"Two callers meet at {quote(operation.method)} {quote(operation.path)} {cite(response.sources)}",
                    f"broken: “{quote(shorten(response.meaning, 110))}”",
                    f"what is written under {to('Performance and scalability')}, and a test of it",
                )
                return


def _kept(basis: Basis, to: Link) -> Iterator[tuple[str, str, str]]:
    grave = [p for p in basis.plan.reading.personal if p.sensitivity != "ordinary" or p.category == "credential"]
    if grave:
        yield (
            f"{listing([quote(p.element) for p in grave], 4)} can be read by somebody it is not meant for {cite((s for p in grave for s in p.sources), 3)}",
            "harm to those it is about, and a breach that may have to be reported",
            f"{to('Personal data')}, {to('Secrets and keys')}",
        )


def _levels(basis: Basis, to: Link) -> Iterator[tuple[str, str, str]]:
    every = levels(basis)
    guessed = [each for each in every if ASSUMED in each.objective or ASSUMED in each.source]
    if guessed:
        yield (
            f"{len(guessed)} of {len(every)} service levels are assumed",
            "capacity and alerts follow numbers that nobody promised",
            f"numbers from the people behind the brief, in {to('Service levels')}, before the first load test",
        )
