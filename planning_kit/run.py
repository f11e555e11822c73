"""One brief on its way through one recipe: everything is read off its folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import authors, claude, view
from .began import Began
from .document import Document
from .errors import OptionRefused, nearest
from .face import Face, Plain
from .facts import Facts
from .factsheet import Factsheet
from .journal import Journal
from .ledger import Ledger
from .model import OFFLINE, Transport
from .phase import PhaseRun
from .recipe import TOPIC
from .rendering import Rendering
from .settling import Settling
from .shelf import Shelf
from .spool import Spool
from .step import Step
from .steps import Steps
from .store import Store, found
from .unrolled import Act, Part, parts, topics, unroll

if TYPE_CHECKING:
    from .claude import Abilities
    from .intake.report import Report


def _step(act: Act) -> type[PhaseRun | Rendering | Settling]:
    """What kind of step it becomes."""
    return Settling if act.phase.settles else Rendering if act.phase.renders else PhaseRun


def checked_budget(dollars: float) -> float:
    """``dollars``, if they can be a run's cap.

    Raises:
        OptionRefused: they are not between 0 and a million US dollars.
    """
    if not 0 <= dollars <= 1e6:
        raise OptionRefused(f"--budget {dollars}: give US dollars between 0 and 1,000,000")
    return dollars


class Run(Began):
    """A run, opened at its folder; nothing is remembered that is not in it.

    Args:
        store: the run's folder.
        face: how it shows itself.
        author: gives whom to ask, instead of the authors its models name.
    """

    def __init__(self, store: Store, face: Face | None = None, author: Callable[[], Transport] | None = None) -> None:
        super().__init__(store)
        self._given = author is not None
        self.face: Face = face or Plain()
        self._author = author or self._named
        self.spool = Spool(store)
        self._seen: Facts | None = None
        self._unrolled: tuple[tuple[Any, ...], tuple[Step, ...]] = ((), ())
        self._topics: tuple[Facts | None, Mapping[str, Part]] = (None, {})
        self._parts: tuple[Facts | None, Mapping[str, Part]] = (None, {})

    @classmethod
    def open(cls, folder: Path, face: Face | None = None, author: Callable[[], Transport] | None = None) -> Run:
        """The run at ``folder``, or at the nearest folder above it that is one.

        Raises:
            OptionRefused: there is none.
        """
        return cls(found(folder), face, author)

    @cached_property
    def journal(self) -> Journal:
        """What happened, in order."""
        return Journal(self.store, self.start)

    @cached_property
    def shelf(self) -> Shelf:
        """Its documents."""
        return Shelf(self.store, self.journal)

    @cached_property
    def abilities(self) -> Abilities | None:
        """What the server can do, as it said when it was asked; nothing when it could not be, or no server is asked.

        Raises:
            BadInput: address or credential cannot be used.
            Damaged: what was kept of it cannot be read.
        """
        modelled = any(role.model != OFFLINE for role in self.roles.values())
        return authors.abilities(self.store) if modelled and not self._given else None

    @property
    def reading(self) -> Report:
        """How good a basis the brief is: its classes, what is wrong with it, what it covers."""
        from .intake import report

        return report.of(self.brief, self.sheet.now.classes)

    @cached_property
    def sheet(self) -> Factsheet:
        """What later phases take as given."""
        return Factsheet(self.store, self.journal, str(self.ordered["proposed"]))

    @property
    def parts(self) -> Mapping[str, Part]:
        """Its domains by name, as the facts have them now."""
        now = self.sheet.now
        if self._parts[0] is not now:
            self._parts = now, parts(now)
        return self._parts[1]

    @property
    def topics(self) -> Mapping[str, Part]:
        """Its topics by name, as the facts have them now."""
        now = self.sheet.now
        if self._topics[0] is not now:
            self._topics = now, topics(now)
        return self._topics[1]

    @property
    def acts(self) -> tuple[Act, ...]:
        """Its recipe, unrolled for the domains there are now."""
        each = {phase.each for phase in self.recipe.phases}
        listed = {
            "domain": tuple(self.parts) if "domain" in each else (),
            "topic": tuple(self.topics) if "topic" in each else (),
        }
        return unroll(self.recipe, listed, self.options.get("domains", ""))

    @property
    def phases(self) -> tuple[Step, ...]:
        """Its phases, in order; others when the domains or topics are others."""
        now = self.sheet.now if any(phase.each for phase in self.recipe.phases) else None
        if self._seen is not now or not self._unrolled[1]:
            told = (self.acts, (tuple(self.parts.values()), tuple(self.topics.values())) if now else ())
            if self._unrolled[0] != told:
                self._unrolled = told, tuple(_step(act)(self, at) for at, act in enumerate(told[0]))
            self._seen = now
        return self._unrolled[1]

    def phase(self, name: str) -> Step:
        """The phase called ``name``.

        Raises:
            OptionRefused: there is none; names the nearest.
        """
        for phase in self.phases:
            if phase.name == name:
                return phase
        known = [phase.name for phase in self.phases]
        raise OptionRefused(f"no such phase in {self.recipe.name}: {name!r}{nearest(name, known)}")

    def steps(self, notebook: str) -> Steps:
        """The phases that the notebook called ``notebook`` shows, to be gone through in order.

        Raises:
            OptionRefused: it shows none; names the nearest.
        """
        known = list(self.recipe.notebooks)
        if notebook not in known:
            raise OptionRefused(f"no notebook of {self.recipe.name}: {notebook!r}{nearest(notebook, known)}")
        return Steps(self, notebook)

    @property
    def budget(self) -> float:
        """The hard cap, US dollars."""
        raised = self.journal.of("budget")
        return float(raised[-1].body["dollars"] if raised else self.ordered["budget"])

    def allow(self, dollars: float) -> None:
        """Make ``dollars`` the cap from now on.

        Raises:
            OptionRefused: it is not between 0 and a million.
        """
        if checked_budget(dollars) != self.budget:
            with self.store.write():
                self.journal.add("budget", dollars=dollars)
            self.__dict__.pop("ledger", None)

    @cached_property
    def ledger(self) -> Ledger:
        """What was asked and answered, and what it cost."""
        return Ledger(self.store, self._author, self.budget, self.spool, self.paid)

    def _named(self) -> Transport:
        return authors.Authors(lambda: claude.Claude(self.spool, self.abilities, self.ledger.afford))

    @property
    def spent(self) -> float:
        """US dollars so far."""
        return self.ledger.account.dollars

    @property
    def finished(self) -> bool:
        """Whether every gate is open."""
        return all(phase.own_gate.open for phase in self.phases)

    @property
    def waiting(self) -> Step | None:
        """The first phase whose gate is closed."""
        return next((phase for phase in self.phases if not phase.own_gate.open), None)

    @property
    def call_plan(self) -> list[dict[str, str]]:
        """Who will be asked for what, with which model."""
        return [
            {"phase": phase.name, "consultant": duty.seat.name, "document": duty.document, "model": self.role(duty.seat.name).model}
            for phase in self.phases
            for duty in phase.duties
        ]  # fmt: skip

    @property
    def fixed(self) -> list[dict[str, str]]:
        """The part of it that is fixed before anything is spent: a step for each domain stands in it once, whatever domains there will be."""
        once = {phase.name: phase for phase in self.recipe.phases if phase.each}
        ahead = [each for each in self.call_plan if each["phase"].rpartition("/")[2] not in once]
        later = [
            {"phase": phase.name, "consultant": seat, "document": self.once(phase.each, seat), "model": self.role(seat).model}
            for phase in once.values()
            for seat in phase.sitting(self.options)
        ]  # fmt: skip
        return [*ahead, *later]

    def once(self, each: str, seat: str) -> str:
        """What ``seat`` writes for each domain or topic, by a name that stands for all of them."""
        file = self.catalog.consultants[seat].writes
        return self.place(file.replace(TOPIC, "<topic>")) if each == "topic" else self.place(file, "<domain>")

    @property
    def tree(self) -> tuple[str, ...]:
        """The documents it will have, as paths below ``documents/``."""
        return tuple(dict.fromkeys(name for phase in self.phases for name in phase.names))

    @property
    def inherited(self) -> tuple[Document, ...]:
        """The documents earlier runs gave it, but for those that are written anew here."""
        if not self.given:
            return ()
        own = frozenset(self.tree)
        return tuple(each for each in self.given.documents if each.name not in own)

    @property
    def agreed(self) -> tuple[Document, ...]:
        """Those of them that were written for this very brief, with which its own documents have to agree."""
        same = self.given.about(self.brief.digest)
        return tuple(each for each in self.inherited if each.name in same)

    @property
    def related(self) -> tuple[str, ...]:
        """Where to go from here: the recipe's related recipes, and which of them this version does not have."""
        return tuple(
            line if line.split(",")[0] in self.catalog.recipes else f"{line} (not in this version)"
            for line in self.recipe.related
        )

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        account = self.ledger.account
        head = [
            f"{self.recipe.title}: {self.title}",
            f"run {self.label} · author {self.model} · {account.calls} answers · ${account.dollars:.2f} of ${self.budget:.2f}",
            *([f"rests on {self.given.words}"] if self.given else []),
        ]
        rows = [
            [
                phase.title,
                phase.notebook,
                f"{len(phase.documents)} of {len(phase.names)}",
                "open" if phase.gate.open else "; ".join(phase.gate.why),
            ]
            for phase in self.phases
        ]
        return (
            view.box("note", head) + view.table(["Phase", "Notebook", "Documents", "Gate"], rows)
        )._repr_mimebundle_()
