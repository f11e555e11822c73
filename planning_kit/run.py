"""One brief on its way through one recipe: everything is read off its folder."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import view
from .brief import Brief
from .catalog import Catalog, Recipe
from .errors import Damaged, OptionRefused
from .face import Face, Plain
from .factsheet import Factsheet
from .journal import Journal
from .ledger import Ledger
from .model import OFFLINE, Transport
from .phase import PhaseRun
from .settling import Settling
from .shelf import Shelf
from .step import Step
from .store import Store, found

if TYPE_CHECKING:
    from .codebase import Codebase
    from .intake.report import Report


def checked_budget(dollars: float) -> float:
    """``dollars``, if they can be a run's cap.

    Raises:
        OptionRefused: they are not between 0 and a million US dollars.
    """
    if not 0 <= dollars <= 1e6:
        raise OptionRefused(f"--budget {dollars}: give US dollars between 0 and 1,000,000")
    return dollars


class Run:
    """A run, opened at its folder; nothing is remembered that is not in it.

    Args:
        store: the run's folder.
        face: how it shows itself.
        author: gives whom to ask, instead of the author its model names.
    """

    def __init__(self, store: Store, face: Face | None = None, author: Callable[[], Transport] | None = None) -> None:
        self.store = store
        self.face: Face = face or Plain()
        self._author = author or self._named
        self.journal = Journal(store)
        self.shelf = Shelf(store, self.journal)

    @classmethod
    def open(cls, folder: Path, face: Face | None = None, author: Callable[[], Transport] | None = None) -> Run:
        """The run at ``folder``, or at the nearest folder above it that is one.

        Raises:
            OptionRefused: there is none.
        """
        return cls(found(folder), face, author)

    @cached_property
    def ordered(self) -> Mapping[str, Any]:
        """What ``run.json`` says: written once, when the run began.

        Raises:
            Damaged: it cannot be read.
        """
        try:
            ordered: dict[str, Any] = json.loads(self.store.read("run.json") or "")
            assert ordered["format"] == 2
        except (ValueError, KeyError, AssertionError, TypeError) as error:
            raise Damaged(
                f"{self.store.folder / 'run.json'} cannot be read; restore it from a copy of the run"
            ) from error
        return ordered

    @property
    def folder(self) -> Path:
        """Where the run is."""
        return self.store.folder

    @property
    def label(self) -> str:
        """``<slug>/<time>``: how a person names the run."""
        return f"{self.folder.parent.name}/{self.folder.name}"

    @property
    def address(self) -> str:
        """What to call the run in a command typed here: its label if that leads to it, else its path."""
        here = Path.cwd()
        usual = (here / "outputs" / self.label).resolve() == self.folder
        return shlex.quote(
            self.label
            if usual
            or here.is_relative_to(self.folder)
            or (here.parent / "outputs" / self.label).resolve() == self.folder
            else os.path.relpath(self.folder)
        )

    @property
    def title(self) -> str:
        """What is planned."""
        return str(self.ordered["title"])

    @property
    def slug(self) -> str:
        """The title as a folder's name."""
        return str(self.ordered["slug"])

    @property
    def model(self) -> str:
        """The model id every seat is asked with, or ``offline``."""
        return str(self.ordered["model"])

    @property
    def today(self) -> str:
        """The date the run began, ISO 8601: the research date of its documents."""
        return str(self.ordered["today"])

    @property
    def options(self) -> Mapping[str, str]:
        """What was set with ``--set``."""
        options: Mapping[str, str] = self.ordered["options"]
        return options

    @cached_property
    def brief(self) -> Brief:
        """The brief, as it was brought.

        Raises:
            Damaged: it is not there any more.
        """
        text = self.store.read("brief.md")
        if text is None:
            raise Damaged(f"{self.folder / 'brief.md'} is missing; restore it from a copy of the run")
        return Brief(text, self.ordered["brief_name"])

    @cached_property
    def codebase(self) -> str:
        """What was read of the codebase, or nothing."""
        return self.store.read("codebase.md") or ""

    @cached_property
    def tables(self) -> frozenset[str]:
        """The tables the codebase's digest names, in lower case."""
        return frozenset(name.lower() for name in re.findall(r"(?m)^- \S+: table ([\w.]+)", self.codebase))

    @cached_property
    def landing(self) -> Codebase | None:
        """What was read of the codebase the plan lands in, if there is one.

        Raises:
            Damaged: it cannot be read any more.
        """
        from .codebase import Codebase

        text = self.store.read("codebase.json")
        return Codebase.loaded(text, str(self.folder / "codebase.json")) if text else None

    @property
    def reading(self) -> Report:
        """How good a basis the brief is: its classes, what is wrong with it, what it covers."""
        from .intake import report

        return report.of(self.brief, self.sheet.now.classes)

    @cached_property
    def sheet(self) -> Factsheet:
        """What later phases take as given."""
        return Factsheet(self.store, self.journal, str(self.ordered["proposed"]))

    @cached_property
    def proposal(self) -> str:
        """The facts as they were proposed by rule when the run began.

        Raises:
            Damaged: that version is not there any more.
        """
        text = self.store.version(str(self.ordered["proposed"]))
        if text is None:
            raise Damaged(f"{self.folder}: the proposed facts are missing from versions/; restore them from a copy")
        return text

    @cached_property
    def catalog(self) -> Catalog:
        """The consultants and recipes: those shipped, and those the run began with."""
        own = self.folder / "catalog"
        return Catalog.read(own) if own.is_dir() else Catalog.read()

    @cached_property
    def recipe(self) -> Recipe:
        """The recipe it follows."""
        return self.catalog.recipe(self.ordered["recipe"])

    @cached_property
    def phases(self) -> tuple[Step, ...]:
        """Its phases, in order."""
        return tuple((Settling if phase.settles else PhaseRun)(self, at) for at, phase in enumerate(self.recipe.phases))

    def phase(self, name: str) -> Step:
        """The phase called ``name``.

        Raises:
            OptionRefused: there is none; names the nearest.
        """
        return self.phases[self.recipe.phases.index(self.recipe.phase(name))]

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
        return Ledger(self.store, self._author, self.budget)

    def _named(self) -> Transport:
        if self.model == OFFLINE:
            from .offline.author import Offline

            return Offline()
        from .claude import Claude

        return Claude()

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
        """Who will be asked for what, with which model; fixed before anything is spent."""
        return [
            {"phase": phase.name, "consultant": seat.name, "document": name, "model": self.model}
            for phase in self.phases
            for seat, name in phase.asks
        ]

    @property
    def tree(self) -> tuple[str, ...]:
        """The documents it will have, as paths below ``documents/``."""
        return tuple(name for phase in self.phases for name in phase.names)

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
