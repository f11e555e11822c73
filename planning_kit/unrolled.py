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
        among: the domains or topics it is done for; empty for a step that is done once.
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
    """A domain, or a topic, as its authors are told: ``name``, what it is ``about``, the ``code`` in its ids, the passages it has to answer (``asking``: ``P3, P7``)."""

    name: str = ""
    about: str = ""
    code: str = ""
    asking: str = ""
    topic: bool = False

    @property
    def passages(self) -> tuple[str, ...]:
        """The passages it has to answer."""
        return tuple(self.asking.split(", ")) if self.asking else ()


NOBODY = Part()
"""What is told of a domain where there is none."""
WHOLE = Part("whole", "what the plan as a whole hangs on; the facts name no topic", topic=True)
"""The one topic of a plan whose facts name none."""


@dataclass(frozen=True)
class Duty:
    """What one consultant owes: ``seat``, the ``document`` by its name below ``documents/``, the domain or topic it is about, if any."""

    seat: Consultant
    document: str
    part: Part = NOBODY

    @property
    def titled(self) -> str:
        """What kind of document it is, in words: ``Test Specifications``, ``Testing Strategy (caching)``."""
        return f"{self.seat.heading} ({self.part.name})" if self.part.name else self.seat.heading

    @property
    def who(self) -> str:
        """Whose it is, in words: ``story-writer``, ``story-writer (payment)``."""
        return f"{self.seat.name} ({self.part.name})" if self.part.name else self.seat.name


def unroll(recipe: Recipe, listed: Mapping[str, Sequence[str]], order: str) -> tuple[Act, ...]:
    """The steps of ``recipe`` for the domains and topics there are.

    Args:
        recipe: its phases.
        listed: the names of the ``domain``s and of the ``topic``s, in order.
        order: :data:`IN_TURN` or :data:`SIDE_BY_SIDE`, for domains; topics are always side by side.
    """
    return tuple(_acts(recipe, listed, order))


def _acts(recipe: Recipe, listed: Mapping[str, Sequence[str]], order: str) -> Iterator[Act]:
    for each, group in groupby(recipe.phases, key=lambda phase: phase.each):
        phases, names = list(group), listed.get(each, ())
        if each == "domain" and order == IN_TURN:
            yield from (
                Act(phase, f"{name}/{phase.name}", f"{name}: {phase.title}", (name,))
                for name in names
                for phase in phases
            )
        else:
            yield from (Act(phase, phase.name, phase.title, tuple(names) if each else ()) for phase in phases)


def topics(facts: Facts) -> Mapping[str, Part]:
    """Each topic with what its authors are told of it; where there is none, the whole is one."""
    found = {each.name: Part(each.name, each.why, "", ", ".join(each.passages), True) for each in facts.topics}
    return found or {WHOLE.name: WHOLE}


def parts(facts: Facts) -> Mapping[str, Part]:
    """Each domain with what its authors are told of it."""
    code = codes(domain.name for domain in facts.domains)
    return {
        each.name: Part(each.name, each.about, code[each.name], ", ".join(facts.asking[each.name]))
        for each in facts.domains
    }
