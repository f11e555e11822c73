"""Another option tried from a phase on: a new run of the same brief that takes over what is the same and pays only for what differs."""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from . import authors, digest, forecast, heads, kept, roles, view
from .began import FORMAT
from .carried import Carried, carry
from .errors import Damaged, OptionRefused
from .factsheet import NAME as FACTS
from .model import OFFLINE
from .recipe import Recipe
from .run import Run, checked_budget
from .runs import latest
from .settings import check_options, settings_of
from .stages import Call
from .store import Store, beginning, begun

_KEPT = ("consultants", "reviewers")
"""Settings of an order that a fork has from its run."""


@dataclass(frozen=True)
class Expected:
    """What is going to be asked: the questions whose answer is ``kept`` (document → seat), and the ``calls`` to be made."""

    kept: Mapping[str, str] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()

    @property
    def dollars(self) -> float:
        """US dollars the calls are expected to cost; seats whose model has no known price are left out."""
        return float(sum(call.dollars for call in self.calls))


@dataclass(frozen=True)
class Forked:
    """A fork.

    Attributes:
        run: the new run.
        parent: the run it comes from.
        before: whether it was there already; then nothing was begun and the rest is empty.
        differs: setting → what it was and what it is.
        carried: what was taken over.
        expected: what is going to be asked.
        answers: how many kept answers it has from its parent.
    """

    run: Run
    parent: Run
    before: bool
    differs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    carried: Carried = field(default_factory=Carried)
    expected: Expected = field(default_factory=Expected)
    answers: int = 0

    @property
    def facts(self) -> dict[str, Any]:
        """As plain values."""
        calls = [{"seat": call.name, "document": call.document, "model": call.model, "dollars": round(call.dollars, 6) if call.priced else None} for call in self.expected.calls]  # fmt: skip
        return {
            "run": str(self.run.folder), "label": self.run.label, "before": self.before, "forked": dict(self.run.forked),
            "differs": {key: {"was": was, "is": now} for key, (was, now) in self.differs.items()},
            "documents": list(self.carried.documents), "answers": self.answers,
            "approved": {phase: list(names) for phase, names in self.carried.approved.items() if names},
            "decide_again": {phase: list(why) for phase, why in self.carried.again.items() if why},
            "kept": dict(self.expected.kept), "asked": calls, "dollars": round(self.expected.dollars, 6),
        }  # fmt: skip

    @property
    def lines(self) -> Iterator[str]:
        """As a person reads it on a terminal."""
        there = "there is this fork already" if self.before else "from phase"
        yield f"{self.parent.label} forked: {there} {'' if self.before else self.run.forked['phase'] + ' on'}".rstrip()
        yield f"  run         {self.run.folder}"
        if self.before:
            return
        for key, (was, now) in self.differs.items():
            yield f"  differs     {key}: {view.visible(was) or 'nothing'} → {view.visible(now) or 'nothing'}"
        yield f"  taken over  {_count(len(self.carried.documents), 'document')}, the facts, {_count(self.answers, 'kept answer')}"
        for phase, names in self.carried.approved.items():
            again = self.carried.again[phase]
            if names:
                yield f"  gate        {phase}: approved there, the same here: {'all of it' if not again else ', '.join(names)}"
            yield from (f"  gate        {phase}: decide again: {why}" for why in again)
        if self.expected.kept:
            yield f"  the same    {', '.join(name.rpartition('/')[2] for name in self.expected.kept)}: the answer is kept, nobody is asked"
        for call in self.expected.calls:
            price = "no tokens" if call.model == OFFLINE else f"about ${call.dollars:.2f}" if call.priced else "no price known"  # fmt: skip
            yield f"  asked anew  {call.seat} ({call.model}) → {call.document.rpartition('/')[2]}: {price}"
        yield f"  expected    about ${self.expected.dollars:.2f} when no draft needs mending, hard cap ${self.run.budget:.2f}"


@dataclass(frozen=True)
class Fork:
    """An order to go another way from a phase on.

    Attributes:
        parent: the run to go on from.
        phase: the first phase that is not taken over.
        settings: ``KEY=VALUE`` texts: what is to be different.
        model: ``auto``, ``offline``, a tier or a model id for every seat; empty: as in the parent.
        budget: US dollars; by default what the parent began with.
        outputs: where the fork is kept when the parent does not lie in a folder of its slug.
        new: begin another fork even if there is the same one.
    """

    parent: Run
    phase: str
    settings: Sequence[str] = ()
    model: str = ""
    budget: float | None = None
    outputs: Path = Path("outputs")
    new: bool = False

    def begin(self) -> Forked:
        """The fork. Nothing is written if anything is wrong with the order, and nothing ever into the parent's folder.

        Raises:
            BadInput: no such phase, option, seat or model.
            Damaged: the parent is not what it began with, or cannot be read.
        """
        parent, at = self.parent, self.parent.phase(self.phase).at
        now = datetime.now().astimezone()
        ordered, changed = self._ordered(now)
        outputs = parent.folder.parent.parent if parent.folder.parent.name == parent.slug else self.outputs
        first, answers = self._first(ordered, changed)
        done: list[tuple[Carried, Expected]] = []

        def fill(store: Store) -> None:
            run = Run(store)
            run.abilities = _known(run)
            carried = carry(parent, run, at)
            expected = _expected(parent, run, at)
            done.append((carried, expected))
            estimate = [each for each in forecast.plan(run).estimate if each["document"] in {call.document for call in expected.calls}]  # fmt: skip
            if estimate:
                store.keep(forecast.NAME, json.dumps(estimate, ensure_ascii=False, indent=1) + "\n")

        with beginning(outputs, parent.slug):
            if not self.new and (earlier := latest(outputs / parent.slug, str(ordered["identity"]))):
                if self.budget is not None:
                    earlier.allow(self.budget)
                return Forked(earlier, parent, True)
            run = Run(begun(outputs, parent.slug, first, now, fill))
        last = [record for record in run.journal if record.kind == "decided"]
        if last:
            heads.keep(run.id, heads.Head(len(list(run.journal)), run.journal.head, last[-1].at))
        return Forked(run, parent, False, _differs(parent, run), *done[0], answers)

    def _ordered(self, now: datetime) -> tuple[dict[str, Any], bool]:
        """What ``run.json`` will say, without what is made up when it begins; and whether other models are asked."""
        parent, recipe = self.parent, self._recipe
        settings = settings_of(self.settings)
        if own := [key for key in settings if key in _KEPT]:
            raise OptionRefused(f"--set {own[0]}: a fork keeps the {own[0]} of its run; begin another run with 'planning-kit run BRIEF'")  # fmt: skip
        general = roles.checked(recipe, settings)
        options = {key: value for key, value in settings.items() if key not in general}
        check_options(options, recipe)
        self._refuse_other_gates(options)
        cast = self._cast(general)
        modelled = any(role.model != OFFLINE for role in cast.values())
        fallback = (roles.fallback(general) if "fallback" in general else parent.fallback) if modelled else ""
        asked = self.model or any(key == "lookup" or key.startswith("model.") for key in general)
        head, last = parent.journal.head, len(list(parent.journal))
        ordered = {
            **{key: parent.ordered[key] for key in ("title", "slug", "brief_name", "source", "recipe", "today", "proposed")}, "format": FORMAT,
            "model": roles.phrase(roles.models(cast)), "roles": {seat: role.facts for seat, role in cast.items()}, "fallback": fallback,
            "lookup": roles.lookup(cast, general) if asked else parent.lookup, "options": {**parent.options, **options},
            "budget": checked_budget(float(parent.ordered["budget"]) if self.budget is None else self.budget),
            "began": now.isoformat(timespec="seconds"), "planning_kit": version("planning-kit"), "fingerprint": parent.ordered.get("fingerprint", ""), "time": parent.time,
            "forked": {"run": parent.id, "label": parent.label, "seq": last, "head": head, "phase": self.phase},
        }  # fmt: skip
        said = {key: ordered[key] for key in ("roles", "fallback", "lookup", "options")}
        ordered["identity"] = digest.of_fact({**said, "run": parent.id, "head": head, "phase": self.phase})
        models = set(roles.models(cast)) | {fallback}
        return ordered, not models <= {*roles.models(parent.roles), parent.fallback, OFFLINE, ""}

    @property
    def _recipe(self) -> Recipe:
        """The recipe with all of its seats, also those that the parent's options leave out: the fork's may not."""
        return self.parent.catalog.recipe(self.parent.ordered["recipe"])

    def _refuse_other_gates(self, options: Mapping[str, str]) -> None:
        """Refuse ``domains`` gone through in another way where gates for domains have to be taken over, or gone on from."""
        before, said = self.parent.options.get("domains", ""), options.get("domains", "")
        names = [phase.name for phase in self.parent.recipe.phases]
        first = next((at for at, phase in enumerate(self.parent.recipe.phases) if phase.each), len(names))
        if said and said != before and self.parent.phase(self.phase).at >= first:
            raise OptionRefused(f"--set domains={said}: from '{self.phase}' on the gates of this run are those of domains={before}; fork it from '{names[first - 1]}'")  # fmt: skip

    def _cast(self, general: Mapping[str, str]) -> Mapping[str, roles.Role]:
        """Who is asked as what: as in the parent, but for what is said."""
        parent = self.parent
        if not self.model and not general:
            return parent.roles
        before: dict[str, str] = {}
        for seat, role in parent.roles.items():
            before |= {} if self.model else {f"model.{seat}": role.model}
            ways = {"effort": role.effort, "thinking": role.thinking}
            before |= {f"{way}.{seat}": value for way, value in ways.items() if value and way not in general}
            if role.web:
                before |= {"web.searches": str(role.web.searches), "web.domains": ",".join(role.web.domains)}
            elif role.model != OFFLINE and parent.catalog.consultants[seat].web:
                before |= {"web.searches": "0"}
        said_model = authors.resolve_model(self.model) if self.model else OFFLINE
        return roles.cast(self._recipe, parent.catalog, said_model, {**before, **general})

    def _first(self, ordered: Mapping[str, Any], changed: bool) -> tuple[dict[str, str], int]:
        """The files the fork begins with, by name, and how many of them are kept answers."""
        parent = self.parent
        first = {name: text for name in _names(parent) if (text := parent.store.read(name)) is not None}
        for name, sha in parent.ordered.get("first", {}).items():
            if name != authors.SERVER and name in _names(parent) and digest.of_text(first.get(name, "")) != sha:
                raise Damaged(f"{parent.folder / name} is not what the run began with; restore it from a copy of the run, then fork it")  # fmt: skip
        models = [each["model"] for each in ordered["roles"].values()]
        if changed:
            abilities = authors.checked((*models, ordered["fallback"]))
            first.pop(authors.SERVER, None)
            first |= {authors.SERVER: abilities.dumped()} if abilities else {}
        damaged = set(parent.ledger.damaged)
        calls = [name for name in kept.names(parent.store) if name.startswith("calls/") and name not in damaged]
        first |= {name: parent.store.read(name) or "" for name in calls}
        named = {name: digest.of_text(text) for name, text in first.items()}
        run = {**ordered, "id": secrets.token_hex(16), "first": named}
        proposal = {"facts.yaml": parent.proposal, ".gitattributes": "* -text\n"}
        return {**first, **proposal, "run.json": json.dumps(run, ensure_ascii=False, indent=2) + "\n"}, len(calls)


def _names(parent: Run) -> tuple[str, ...]:
    """The files of ``parent`` that a fork begins with too, but for its answers."""
    if parent.ordered["format"] >= 4:
        named = tuple(name for name in parent.ordered["first"] if not name.startswith("calls/"))
        return tuple(dict.fromkeys((*named, authors.SERVER)))
    own = sorted((parent.folder / "catalog").rglob("*.md"))
    mine = tuple(path.relative_to(parent.folder).as_posix() for path in own)
    return ("brief.md", "codebase.md", "codebase.json", authors.SERVER, *mine)


def _differs(parent: Run, run: Run) -> dict[str, tuple[str, str]]:
    """What is another thing in the fork: setting → what it was, what it is."""
    was, now = (_settings(each) for each in (parent, run))
    return {key: (was.get(key, ""), now.get(key, "")) for key in {**was, **now} if was.get(key, "") != now.get(key, "")}


def _settings(run: Run) -> dict[str, str]:
    said = {**run.options, "fallback": run.fallback, "lookup": "on" if run.lookup else "off"}
    for seat, role in run.roles.items():
        said |= {f"model.{seat}": role.model, f"effort.{seat}": role.effort, f"thinking.{seat}": role.thinking}
        if role.web:
            said |= {"web.searches": str(role.web.searches), "web.domains": ",".join(role.web.domains)}
    return said


def _expected(parent: Run, run: Run, at: int) -> Expected:
    """What ``run`` is going to ask from place ``at`` on: found out on a copy of it, in which each document whose answer is kept is put in its place."""
    with tempfile.TemporaryDirectory(prefix="fork-") as folder:
        trial = Run(Store(Path(shutil.copytree(run.folder, Path(folder) / "run"))))
        trial.abilities = run.abilities
        same: dict[str, str] = {}
        anew: set[str] = set()
        for step in trial.phases[at:]:
            for duty in step.duties:
                name, asked = duty.document, step.question(duty).digest
                there = trial.store.path(f"calls/{asked[:2]}/{asked}.json").is_file()
                if not there or not anew.isdisjoint((*step.reads, FACTS)):
                    anew.add(name)
                    continue
                same[name] = duty.who
                drafts = parent.journal.of("drafted", document=name, asked=asked)
                if text := parent.store.version(drafts[-1].body["digest"]) if drafts else None:
                    trial.store.replace(f"documents/{name}", text)
        calls = [call for call in forecast.plan(trial).calls if call.document in anew]
        return Expected(same, tuple(calls))


def _known(run: Run) -> Any:
    from .claude import Abilities

    text = run.store.read(authors.SERVER)
    return Abilities.loaded(text, authors.SERVER) if text else None


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
