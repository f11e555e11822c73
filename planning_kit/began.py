"""What a run began with: its order, its brief, its codebase, its recipe; written once and read off its folder."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import digest
from .brief import Brief
from .catalog import Catalog
from .errors import CatalogRefused, Damaged
from .given import Given
from .journal import START
from .model import OFFLINE
from .recipe import Consultant, Recipe, terms
from .reviewers import NAME as REVIEWERS
from .reviewers import Reviewers
from .roles import Role, kept_roles, seats
from .store import Store

if TYPE_CHECKING:
    from .codebase import Codebase

FORMAT = 4
"""The format of ``run.json``: since 4 it has an id, names the files the run began with, and the journal is chained to it;
since 3 it says for every seat how it is asked; in 2 all were asked by one model."""

_READABLE = (2, 3, FORMAT)


class Began:
    """The beginning of the run in ``store``; nothing of it ever changes."""

    def __init__(self, store: Store) -> None:
        self.store = store

    @cached_property
    def ordered(self) -> Mapping[str, Any]:
        """What ``run.json`` says: written once, when the run began.

        Raises:
            Damaged: it cannot be read.
        """
        try:
            ordered: dict[str, Any] = json.loads(self.store.read("run.json") or "")
            assert ordered["format"] in _READABLE
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
    def id(self) -> str:
        """What makes it this run, wherever its folder is; runs from before format 4 go by what was ordered and when."""
        return str(self.ordered.get("id") or digest.of_text(self.store.read("run.json") or "")[:32])

    @property
    def start(self) -> str:
        """What the first record of its journal is chained to."""
        return digest.of_text(self.store.read("run.json") or "") if self.ordered["format"] >= 4 else START

    @cached_property
    def reviewers(self) -> Reviewers:
        """Who has to approve what.

        Raises:
            Damaged: it cannot be read.
        """
        try:
            return Reviewers(self.store.read(REVIEWERS) or "")
        except CatalogRefused as error:
            raise Damaged(f"{self.folder / REVIEWERS}: {error}; restore it from a copy of the run") from error

    @property
    def forked(self) -> Mapping[str, Any]:
        """Which run it is a fork of: its ``run`` (id), ``label``, ``head`` and ``seq`` of its journal then, the ``phase`` it goes another way from; empty when of none."""
        return dict(self.ordered.get("forked", {}))

    @property
    def paid(self) -> frozenset[str]:
        """The digests of the questions whose answers it began with, because the run it is a fork of had paid for them."""
        first = self.ordered.get("first", {}) if self.forked else {}
        return frozenset(Path(name).stem for name in first if name.startswith("calls/"))

    @property
    def slug(self) -> str:
        """The title as a folder's name."""
        return str(self.ordered["slug"])

    @property
    def ground(self) -> str:
        """Where its documents go, below ``documents/``."""
        return self.recipe.folder(self.slug, self.options)

    @cached_property
    def time(self) -> str:
        """When it began (``20261122-093000``), in its documents' names: a fork keeps the time of the run it comes from."""
        return str(self.ordered.get("time") or f"{datetime.fromisoformat(str(self.ordered['began'])):%Y%m%d-%H%M%S}")

    @cached_property
    def _writers(self) -> Mapping[str, str]:
        """Each file that is written, as its consultant names it, with who writes it: those who have a seat."""
        seats = [seat for phase in self.recipe.phases for seat in phase.sitting(self.options)]
        return {self.catalog.consultants[seat].writes: seat for seat in seats}

    def by_domain(self, file: str) -> bool:
        """Whether each domain has a document of its own that is called ``file``."""
        return file in self._by_domain

    @cached_property
    def _by_domain(self) -> frozenset[str]:
        """The files of which each domain has one of its own, as consultants name them."""
        each = (seat for phase in self.recipe.phases if phase.each == "domain" for seat in phase.seats)
        return frozenset(self.catalog.consultants[seat].writes for seat in each)

    @cached_property
    def _rendered(self) -> Mapping[str, str]:
        """Each file that is filled in from a template, with its place in the recipe's folder."""
        return {file.rpartition("/")[2]: file for phase in self.recipe.phases for file in phase.renders}

    def writes(self, file: str) -> bool:
        """Whether somebody here writes what a consultant reads as ``file``."""
        return file in self._writers or file in self._rendered

    def place(self, file: str, part: str = "") -> str:
        """The name below ``documents/`` of ``file``, as a consultant or a recipe names it.

        Args:
            file: ``test-specifications.md``, or with a folder.
            part: the domain in whose folder it is, if any.
        """
        seat = self._writers.get(file, "")
        folder = self.recipe.places.get(seat, "").replace("{seat}", seat)
        if "{domain}" in folder:
            folder, part = folder.replace("{domain}", part), ""
        return self.placed("/".join(filter(None, (part, folder, file if seat else self._rendered.get(file, file)))))

    def placed(self, path: str) -> str:
        """The name below ``documents/`` of ``path`` in the recipe's folder; ``{slug}`` and ``{time}`` stand for the run's."""
        whole = "/".join(filter(None, (self.ground, path)))
        return whole.replace("{slug}", self.slug).replace("{time}", self.time)

    @property
    def model(self) -> str:
        """Who is asked, in words: ``offline``, the model id that all seats share, or all of them (``a and b``)."""
        return str(self.ordered["model"])

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """How every seat is asked, by its name.

        Raises:
            Damaged: ``run.json`` does not say so.
        """
        if self.ordered["format"] == 2:
            return {seat: Role(self.model) for seat in seats(self.recipe)}
        return kept_roles(self.ordered.get("roles"), f"{self.store.folder / 'run.json'}")

    def role(self, seat: str) -> Role:
        """How ``seat`` is asked; one the recipe did not have when the run began is asked by the model of the first."""
        return self.roles.get(seat) or next((Role(role.model) for role in self.roles.values()), Role(OFFLINE))

    @property
    def fallback(self) -> str:
        """The model to ask when one refuses; empty for none."""
        return str(self.ordered.get("fallback", ""))

    @property
    def lookup(self) -> bool:
        """Whether package indexes may be asked."""
        return bool(self.ordered.get("lookup", False))

    @property
    def today(self) -> str:
        """The date the run began, ISO 8601: the research date of its documents."""
        return str(self.ordered["today"])

    @property
    def options(self) -> Mapping[str, str]:
        """What was set with ``--set`` of the recipe's own options."""
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
    def given(self) -> Given:
        """What earlier runs gave it: documents that were approved there.

        Raises:
            Damaged: it cannot be read.
        """
        return Given.of(self.store)

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
        """The recipe it follows, with the phases that its options leave in it."""
        return self.catalog.recipe(self.ordered["recipe"]).fitted(self.options)

    def seat(self, name: str) -> Consultant:
        """The consultant called ``name``, who reads here what its own file and the recipe say."""
        own = self.catalog.consultants[name]
        more = tuple(each for each in self.recipe.reads.get(name, ()) if each not in own.reads)
        return own.model_copy(update={"reads": (*own.reads, *more)}) if more else own

    @property
    def left_out(self) -> Mapping[str, tuple[str, ...]]:
        """What the recipe has and its options leave out: the option as it is (``depth=brief``) → the files nobody writes because of it, each once."""
        why: dict[str, list[str]] = {}
        for phase in self.catalog.recipe(self.ordered["recipe"]).phases:
            for seat in phase.seats:
                file = self.catalog.consultants[seat].writes
                unmet = (key for key, values in terms(phase.condition(seat)) if self.options.get(key) not in values)
                missed = [f"{key}={self.options.get(key)}" for key in dict.fromkeys(unmet)]
                if missed and not self.writes(file) and len(missed) < len(why.get(file, (*missed, ""))):
                    why[file] = missed
        reasons = dict.fromkeys(", ".join(missed) for missed in why.values())
        return {each: tuple(file for file, missed in why.items() if ", ".join(missed) == each) for each in reasons}
