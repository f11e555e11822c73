"""A recipe unrolled: its phases as the flat list of steps they become once the facts are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from .facts import Facts
from .ids import codes
from .recipe import Consultant, Phase, Recipe

AUTO, IN_TURN, SIDE_BY_SIDE = "auto", "in-turn", "side-by-side"
"""How what a phase is done for each of is gone through: one whole after the other, or each step for all at once."""


@dataclass(frozen=True)
class Act:
    """One step of an unrolled recipe.

    Attributes:
        phase: what the recipe says of it.
        name: its gate's name: ``requirements``, or ``payment/requirements`` where domains are gone through in turn.
        title: for people.
        among: the domains it is done for; empty for a step that is done once.
    """

    phase: Phase
    name: str
    title: str
    among: tuple[str, ...] = ()

    @property
    def alone(self) -> str:
        """The one domain it is about; empty if there is none, or several."""
        return self.among[0] if "/" in self.name else ""


@dataclass(frozen=True)
class Part:
    """A domain as its authors are told: ``name``, what it is ``about``, the ``code`` in its ids, the passages it has to answer (``asking``: ``P3, P7``)."""

    name: str = ""
    about: str = ""
    code: str = ""
    asking: str = ""

    @property
    def passages(self) -> tuple[str, ...]:
        """The passages it has to answer."""
        return tuple(self.asking.split(", ")) if self.asking else ()


NOBODY = Part()
"""What is told of a domain where there is none."""


@dataclass(frozen=True)
class Duty:
    """What one consultant owes: ``seat``, the ``document`` by its name below ``documents/``, the domain it is about, if any."""

    seat: Consultant
    document: str
    part: Part = NOBODY

    @property
    def who(self) -> str:
        """Whose it is, in words: ``story-writer``, ``story-writer (payment)``."""
        return f"{self.seat.name} ({self.part.name})" if self.part.name else self.seat.name


def unroll(recipe: Recipe, names: Sequence[str], order: str) -> tuple[Act, ...]:
    """The steps of ``recipe`` for the domains called ``names``.

    Args:
        recipe: its phases.
        names: the domains, in order.
        order: :data:`IN_TURN` or :data:`SIDE_BY_SIDE`.
    """
    return tuple(_acts(recipe, names, order))


def _acts(recipe: Recipe, names: Sequence[str], order: str) -> Iterator[Act]:
    for each, group in groupby(recipe.phases, key=lambda phase: phase.each):
        phases = list(group)
        if each and order == IN_TURN:
            yield from (
                Act(phase, f"{name}/{phase.name}", f"{name}: {phase.title}", (name,))
                for name in names
                for phase in phases
            )
        else:
            yield from (Act(phase, phase.name, phase.title, tuple(names) if each else ()) for phase in phases)


def parts(facts: Facts) -> Mapping[str, Part]:
    """Each domain with what its authors are told of it."""
    code = codes(domain.name for domain in facts.domains)
    return {
        each.name: Part(each.name, each.about, code[each.name], ", ".join(facts.asking[each.name]))
        for each in facts.domains
    }
