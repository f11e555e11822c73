"""Who has to approve what, as data: how many people in which roles, whether one's own edit, whether a rule may do it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from . import frontmatter
from .errors import CatalogRefused, nearest
from .person import Person

NAME = "reviewers.yaml"
"""What the file is called, beside a brief in ``planning_kit/`` and in a run's folder."""
LARGEST = 100_000
"""The most characters of the file."""


class Needs(BaseModel):
    """What a gate needs to open.

    Attributes:
        people: how many different people have to approve.
        roles: role → how many of them have to have it; a person with two roles counts for both.
        own_edits: whether who edited a document may approve it.
        rule: whether the policy ``clean`` may approve instead of people.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: int = Field(default=1, ge=1, le=20)
    roles: Mapping[str, int] = Field(default_factory=dict)
    own_edits: bool = True
    rule: bool = True


@dataclass(frozen=True)
class Approval:
    """An approval that may count: who gave it and whether as a ``person`` or as a ``policy``."""

    by: str
    how: str


@dataclass(frozen=True)
class Policy:
    """What one gate needs, and which roles people have.

    Attributes:
        needs: what the gate needs.
        people: e-mail or name of a person, in small letters → roles.
    """

    needs: Needs = field(default_factory=Needs)
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def roles(self, by: str) -> tuple[str, ...]:
        """The roles of who goes by the name ``by``; by e-mail if there is one, else by name."""
        person = Person.of(by)
        return self.people.get(person.email.casefold()) or self.people.get(person.name.casefold()) or ()

    def lacks(self, approvals: Sequence[Approval], editors: Collection[str]) -> str:
        """What is missing for ``approvals`` to be enough, in words; empty when they are.

        Args:
            approvals: those that name what is there now.
            editors: who edited it, as :attr:`Person.key`.
        """
        if self.needs.rule and any(each.how == "policy" for each in approvals):
            return ""
        people = {Person.of(each.by).key: each.by for each in approvals if each.how == "person"}
        own = sorted(people.keys() & set(editors)) if not self.needs.own_edits else []
        counted = [by for key, by in people.items() if key not in own]
        lacks = []
        for role, wanted in self.needs.roles.items():
            has = sum(role in self.roles(by) for by in counted)
            if has < wanted:
                lacks.append(f"{wanted - has} more with the role '{role}'")
        left = self.needs.people - len(counted)
        if left > 0 and not lacks:
            lacks.append(f"{left} more {'person' if left == 1 else 'people'}")
        if not lacks:
            return ""
        refused = f" (who edited it cannot approve it: {', '.join(people[key] for key in own)})" if own else ""
        return f"approval of {' and '.join(lacks)} is needed{refused}"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    people: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    every: Needs = Needs()
    phases: Mapping[str, Needs] = Field(default_factory=dict)


class Reviewers:
    """The reviewers of a run.

    Args:
        text: of the file; empty when there is none: then one person, or the policy, is enough at every gate.

    Raises:
        CatalogRefused: the file cannot be used; names line and field.
    """

    def __init__(self, text: str = "", name: str = NAME) -> None:
        self._name = name
        self._said = _File()
        if text.strip():
            page = frontmatter.data(text, name, LARGEST)
            self._said = frontmatter.fitted(_File, page, page.fields)
        known = {role for roles in self._said.people.values() for role in roles}
        for phase, needs in {"every": self._said.every, **self._said.phases}.items():
            for role, wanted in needs.roles.items():
                have = sum(role in roles for roles in self._said.people.values())
                if have < wanted:
                    near = nearest(role, sorted(known)) if not have else ""
                    raise CatalogRefused(
                        f"{name}: {phase}: {wanted} with the role '{role}' are needed and it names {have}{near}"
                    )

    def check(self, phases: Collection[str]) -> None:
        """Refuse needs of a phase that is not among ``phases``.

        Raises:
            CatalogRefused: there is one; names the nearest right one.
        """
        for phase in self._said.phases:
            if phase not in phases:
                raise CatalogRefused(f"{self._name}: phases: no such phase: {phase!r}{nearest(phase, sorted(phases))}")

    @cached_property
    def _people(self) -> dict[str, tuple[str, ...]]:
        return {name.casefold(): roles for name, roles in self._said.people.items()}

    def policy(self, phase: str) -> Policy:
        """What the gate of ``phase`` needs."""
        return Policy(self._said.phases.get(phase, self._said.every), self._people)

    @property
    def facts(self) -> dict[str, Any]:
        """As plain values, for a record."""
        return self._said.model_dump(mode="json")
