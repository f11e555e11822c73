"""A phase of the plan, and the phases in a row: a foundation, the domains by what rests on what, what makes it ready to be used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ....facts import Domain


@dataclass(frozen=True)
class Change:
    """A component of a phase: what it is called, whether it is built, modified or reused, where it is, what it delivers."""

    name: str
    change: str
    where: str
    delivers: str


@dataclass
class Phase:
    """A phase of the plan.

    Attributes:
        number: from 1.
        name: in words.
        domain: the domain it is about; nothing for the first and the last.
        needs: the numbers of the phases before it that it waits for, each with why.
        objectives: what it accomplishes, one line of Markdown each.
        changes: its components.
        also: what else has to be there.
        criteria: how it is told that it is done.
        counted: what its working days are counted from: what → how many, and the days for all of them.
    """

    number: int
    name: str
    domain: Domain | None = None
    needs: dict[int, str] = field(default_factory=dict)
    objectives: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    also: list[str] = field(default_factory=list)
    criteria: list[str] = field(default_factory=list)
    counted: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def titled(self) -> str:
        """``Phase 2: Orders``."""
        return f"Phase {self.number}: {self.name}"

    @property
    def days(self) -> int:
        """Working days of one developer."""
        return sum(days for _, days in self.counted.values())

    @property
    def reckoned(self) -> str:
        """What its days are counted from: ``3 tables (3), sign-in (3)``."""
        return ", ".join(
            f"{f'{many} {what}s' if many > 1 else what} ({days})" for what, (many, days) in self.counted.items()
        )

    def build(self, name: str, delivers: str, where: str = "new") -> None:
        """Add a component that is new."""
        self.changes.append(Change(name, "build", where, delivers))

    def count(self, what: str, many: int, each: int) -> None:
        """Add the days for ``many`` of something, ``each`` so many."""
        before = self.counted.get(what, (0, 0))
        if many:
            self.counted[what] = (before[0] + many, before[1] + many * each)


def kept(phases: Iterable[Phase]) -> Iterator[Change]:
    """What of the codebase is reused or modified, each place once."""
    seen: set[str] = set()
    for phase in phases:
        for each in phase.changes:
            if each.change != "build" and each.where not in seen:
                seen.add(each.where)
                yield each
