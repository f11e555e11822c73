"""Who has to approve what, as data: how many people in which roles, whether one's own edit, whether a rule may do it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any

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
    roles: Mapping[str, Annotated[int, Field(ge=1, le=20)]] = Field(default_factory=dict)
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
        people: a person, as :attr:`person.Person.key` → roles.
    """

    needs: Needs = field(default_factory=Needs)
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def roles(self, by: str) -> tuple[str, ...]:
        """The roles of who goes by the name ``by``; by e-mail if there is one, else by name."""
        person = Person.of(by)
        by_email = self.people.get(Person("", person.email).key) if person.email else None
        return by_email or self.people.get(Person(person.name).key) or ()

    def lacks(self, approvals: Sequence[Approval], editors: Collection[str]) -> str:
        """What is missing for ``approvals`` to be enough, in words; empty when they are.

        Args:
            approvals: those that name what is there now.
            editors: who edited it, in any spelling.
        """
        if self.needs.rule and any(each.how == "policy" for each in approvals):
            return ""
        people = _people([each.by for each in approvals if each.how == "person"])
        barred = [] if self.needs.own_edits else [names for names in people if _edited(names, editors)]
        counted = [names for names in people if names not in barred]
        roles = [{role for name in names for role in self.roles(name)} for names in counted]
        missing = {role: wanted - sum(role in each for each in roles) for role, wanted in self.needs.roles.items()}
        lacks = [f"{many} more with the role '{role}'" for role, many in missing.items() if many > 0]
        left = self.needs.people - len(counted) - sum(max(0, many) for many in missing.values())
        if left > 0:
            lacks.append(f"{left} more {'person' if left == 1 else 'people'}")
        if not lacks:
            return ""
        own = ", ".join(names[0] for names in barred)
        refused = f" (who edited it cannot approve it: {own})" if own else ""
        return f"approval of {' and '.join(lacks)} is needed{refused}"


def _people(names: Sequence[str]) -> list[list[str]]:
    """``names`` by person: one who went by several is one person, by e-mail, or by name where there is no e-mail."""
    found: list[list[str]] = []
    for name in sorted(names, key=lambda name: not Person.of(name).email):
        person = Person.of(name)
        same = [each for each in found if person.same(Person.of(each[0]))]
        if same:
            same[0].append(name)
        else:
            found.append([name])
    return found


def _edited(names: Sequence[str], editors: Collection[str]) -> bool:
    """Whether somebody who goes by ``names`` is among ``editors``."""
    return any(Person.of(name).same(Person.of(editor)) for name in names for editor in editors)


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
        self._page = frontmatter.Page(name, {}, {}, "")
        self._said = _File()
        if text.strip():
            self._page = frontmatter.data(text, name, LARGEST)
            self._said = frontmatter.fitted(_File, self._page, self._page.fields)
        known = {role for roles in self._said.people.values() for role in roles}
        needed: dict[tuple[str, ...], Needs] = {("phases", phase): needs for phase, needs in self._said.phases.items()}
        needed["every",] = self._said.every
        for path, needs in needed.items():
            for role, wanted in needs.roles.items():
                have = sum(role in roles for roles in self._said.people.values())
                if have < wanted:
                    near = nearest(role, sorted(known)) if not have else ""
                    where = f"{name}:{self._page.line((*path, 'roles', role))}: {'.'.join((*path, 'roles'))}"
                    raise CatalogRefused(
                        f"{where}: {wanted} with the role '{role}' {'is' if wanted == 1 else 'are'} needed and it names {have or 'nobody'}{near}"
                    )

    def check(self, phases: Collection[str]) -> None:
        """Refuse needs of a phase that is not among ``phases``.

        Raises:
            CatalogRefused: there is one; names the nearest right one.
        """
        for phase in self._said.phases:
            if phase not in phases:
                where = f"{self._page.where}:{self._page.line(('phases', phase))}"
                raise CatalogRefused(f"{where}: phases: no such phase: {phase!r}{nearest(phase, sorted(phases))}")

    @cached_property
    def _roles(self) -> dict[str, tuple[str, ...]]:
        return {Person.of(name).key: roles for name, roles in self._said.people.items()}

    def policy(self, phase: str) -> Policy:
        """What the gate of ``phase`` needs."""
        return Policy(self._said.phases.get(phase, self._said.every), self._roles)

    @property
    def facts(self) -> dict[str, Any]:
        """As plain values, for a record."""
        return self._said.model_dump(mode="json")
