"""An order to plan something: what was said on the command line or in a notebook becomes a run, begun or carried on."""

from __future__ import annotations

import contextlib
import json
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import authors, checklist, checks, digest, facts, files, forecast, roles
from .began import FORMAT
from .brief import LARGEST, Brief
from .brought import read_brief, refuse_secrets
from .catalog import Catalog
from .errors import OptionRefused
from .fitting import fitting
from .inherited import Inherited, inherit
from .model import OFFLINE
from .recipe import Recipe
from .reviewers import NAME as REVIEWERS
from .reviewers import Reviewers
from .run import Run, checked_budget
from .runs import earlier_run, latest
from .settings import check_options, settings_of
from .store import beginning, begun
from .unrolled import AUTO, IN_TURN, SIDE_BY_SIDE

if TYPE_CHECKING:
    from .claude import Abilities
    from .codebase import Codebase

BUDGET = 20.0
"""US dollars a run may cost unless ``--budget`` says otherwise."""


@dataclass(frozen=True)
class _Said:
    """An order, understood: the ``brief``, who is asked as what, who has to approve (the file's text), what ``run.json`` will say as far as no codebase is read, ``now``, and what is ``taken`` over from an earlier run."""

    brief: Brief
    catalog: Catalog
    roles: Mapping[str, roles.Role]
    fallback: str
    reviewers: str
    ordered: Mapping[str, Any]
    now: datetime
    taken: Inherited | None = None


@dataclass(frozen=True)
class Order:
    """What is to be planned, how and where.

    Attributes:
        brief: a path, ``-`` for standard input, or the text itself; empty for that of ``based_on``, else for the sample that ships.
        recipe: the recipe's name.
        model: ``auto`` (by tier), ``offline``, a tier or a model id.
        outputs: where runs are kept.
        repo: the codebase's folder, or empty.
        settings: ``KEY=VALUE`` texts.
        budget: US dollars.
        new: begin another run even if there is one.
        headless: whether a policy decides, so that nobody has to read one domain after the other.
        based_on: the earlier run whose approved documents it rests on, as :func:`runs.earlier_run` takes it; empty for none.
    """

    brief: str = ""
    recipe: str = "backend-plan"
    model: str = "auto"
    outputs: Path = field(default_factory=lambda: Path("outputs"))
    repo: str = ""
    settings: Sequence[str] = ()
    budget: float | None = None
    new: bool = False
    headless: bool = False
    based_on: str = ""

    def run(self) -> tuple[Run, bool]:
        """The run, and whether it had begun before. Nothing is written if anything is wrong with the order.

        A run that is there already is found by brief, options and consultants alone: neither is the codebase read nor
        the server asked for it.

        Raises:
            BadInput: the brief, an option, a consultant file or the outputs folder cannot be used.
        """
        said = self._read()
        if earlier := self._earlier(said):
            return earlier, True
        abilities = authors.checked((*roles.models(said.roles), said.fallback))
        first = self._first(said, abilities)
        with beginning(self.outputs, said.brief.slug):
            if earlier := self._earlier(said):
                return earlier, True
            run = Run(begun(self.outputs, said.brief.slug, first, said.now))
            run.abilities = abilities
            forecast.keep(run)
            return run, False

    @contextlib.contextmanager
    def rehearsed(self) -> Iterator[Run]:
        """The run as it would begin, in a folder that goes away: no model is asked, nothing is spent and nothing stays.

        Raises:
            BadInput: as :meth:`run`.
        """
        said = self._read()
        abilities = authors.checked((*roles.models(said.roles), said.fallback))
        with tempfile.TemporaryDirectory(prefix="plan-") as folder:
            run = Run(begun(Path(folder), said.brief.slug, self._first(said, abilities), said.now))
            run.abilities = abilities
            yield run

    def _read(self) -> _Said:
        """The order, read and understood as far as the codebase is not needed for it."""
        earlier = earlier_run(self.based_on, self.outputs, self.recipe) if self.based_on else None
        brief, source, beside = read_brief(self.brief) if self.brief or not earlier else handed_on(earlier)
        taken = inherit(earlier, brief) if earlier else None
        settings = settings_of(self.settings)
        refuse_secrets(brief, {"model": self.model, "recipe": self.recipe, **settings})
        named = settings.pop("reviewers", "")
        own = [Path(settings.pop("consultants"))] if "consultants" in settings else []
        catalog = Catalog.read(*([beside] if beside else []), *own)
        recipe = catalog.recipe(self.recipe)
        by_file = earlier.folder if earlier and not self.brief else beside
        reviewers = _reviewers(Path(named) if named else by_file / REVIEWERS if by_file else None, bool(named), recipe)
        general = roles.checked(recipe, settings)
        options = {key: value for key, value in settings.items() if key not in general}
        check_options(options, recipe)
        checklist.refuse_unknown(catalog.place(f"recipes/{recipe.name}.md", ("checklist",)), recipe.checklist)
        for consultant in catalog.consultants.values():
            checks.refuse_unknown(catalog.place(f"consultants/{consultant.name}.md", ("checks",)), consultant.checks)
        cast = roles.cast(recipe, catalog, authors.resolve_model(self.model), general)
        budget = checked_budget(BUDGET if self.budget is None else self.budget)
        fallback = roles.fallback(general) if any(role.model != OFFLINE for role in cast.values()) else ""
        now = datetime.now().astimezone()
        ordered = {
            "format": FORMAT, "title": brief.title, "slug": brief.slug, "brief_name": brief.name, "source": source,
            "recipe": recipe.name, "model": roles.phrase(roles.models(cast)), "roles": {seat: role.facts for seat, role in cast.items()},
            "fallback": fallback, "lookup": roles.lookup(cast, general), "options": {**recipe.options, **options}, "budget": budget,
            "today": now.date().isoformat(), "began": now.isoformat(timespec="seconds"), "planning_kit": version("planning-kit"),
        }  # fmt: skip
        ordered["identity"] = identity(brief, ordered, catalog, self.repo, reviewers, taken.identity if taken else {})
        ordered["options"] = self._settled({**recipe.options, **options})
        return _Said(brief, catalog, cast, fallback, reviewers, ordered, now, taken)

    def _settled(self, options: Mapping[str, str]) -> dict[str, str]:
        """``options`` with what is left to be found out: with a person domains are gone through in turn."""
        way = SIDE_BY_SIDE if self.headless else IN_TURN
        return {key: way if (key, value) == ("domains", AUTO) else value for key, value in options.items()}

    def _earlier(self, said: _Said) -> Run | None:
        """The latest run of the same order, if there is one and no other is wanted."""
        earlier = None if self.new else latest(self.outputs / said.brief.slug, str(said.ordered["identity"]))
        if earlier and self.budget is not None:
            earlier.allow(self.budget)
        return earlier

    def _first(self, said: _Said, abilities: Abilities | None) -> dict[str, str]:
        """The files the run begins with, by name."""
        from .intake.classes import classify
        from .intake.proposal import propose

        taken = said.taken
        if taken and abilities:
            taken.refuse_unreadable({model: abilities.of(model).most_input for model in roles.models(said.roles)})
        codebase = self._codebase(said.brief) or (taken.landing if taken and not self.repo else None)
        proposed = propose(said.brief, classify(said.brief), codebase)
        proposal = facts.write(taken.settled(proposed, bool(self.repo)) if taken else proposed)
        kept = digest.of_text(proposal)
        options = fitting(said.ordered["options"], facts.parse(proposal).stack, said.brief.text)
        first = {f"catalog/{name}": text for name, text in said.catalog.own.items()}
        if codebase:
            first |= {"codebase.md": codebase.digest, "codebase.json": codebase.dumped()}
        if taken:
            first |= {**taken.given.files, **({} if self.repo else taken.code)}
        if abilities:
            first[authors.SERVER] = abilities.dumped()
        if said.reviewers:
            first[REVIEWERS] = said.reviewers
        first["brief.md"] = said.brief.text
        ordered = {
            **said.ordered, "options": options, "id": secrets.token_hex(16), "proposed": kept, "fingerprint": codebase.fingerprint if codebase else "",
            "first": {name: digest.of_text(text) for name, text in first.items()},
        }  # fmt: skip
        run = json.dumps(ordered, ensure_ascii=False, indent=2) + "\n"
        first |= {"facts.yaml": proposal, f"versions/{kept[:2]}/{kept}.md": proposal, ".gitattributes": "* -text\n"}
        return {**first, "run.json": run}

    def _codebase(self, brief: Brief) -> Codebase | None:
        """What is in the codebase, if there is one."""
        from .codebase import read_codebase
        from .intake.topical import topical

        return read_codebase(Path(self.repo), self.outputs.resolve(), topical(brief)) if self.repo else None

    def moved(self, run: Run) -> bool:
        """Whether the codebase is another one by now than ``run`` read."""
        now = self._codebase(run.brief)
        return now is not None and now.fingerprint != run.ordered["fingerprint"]


def identity(
    brief: Brief,
    ordered: Mapping[str, Any],
    catalog: Catalog,
    repo: str,
    reviewers: str = "",
    taken: Mapping[str, Any] | None = None,
) -> str:
    """What makes two orders the same run: brief, recipe, who is asked as what, who has to approve, options, own consultants, which codebase, and what is ``taken`` over from an earlier run.

    What is in the codebase is not part of it, nor what the server said: a run keeps what was read when it began.
    """
    return digest.of_fact(
        {
            "brief": brief.digest,
            "recipe": ordered["recipe"],
            "roles": ordered["roles"],
            "fallback": ordered["fallback"],
            "lookup": ordered["lookup"],
            "options": ordered["options"],
            "catalog": catalog.digest,
            "codebase": digest.of_text(str(Path(repo).resolve())) if repo else "",
            **({"reviewers": digest.of_text(reviewers)} if reviewers else {}),
            **({"taken": taken} if taken else {}),
        }
    )


def _reviewers(place: Path | None, needed: bool, recipe: Recipe) -> str:
    """The text of the reviewers' file at ``place``, empty when there is none.

    Raises:
        OptionRefused: it was named and cannot be read.
        CatalogRefused: it cannot be used.
    """
    if place is None or not (needed or place.is_file()):
        return ""
    try:
        text = files.read_regular(place, LARGEST + 1).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise OptionRefused(f"--set reviewers={place}: cannot be read as UTF-8 text: {error}") from error
    Reviewers(text, str(place)).check([phase.name for phase in recipe.phases])
    return text


def handed_on(run: Run) -> tuple[Brief, str, Path | None]:
    """What :func:`read_brief` gives, of the brief ``run`` began with, with the consultants of its own it began with."""
    own = run.folder / "catalog"
    return run.brief, str(run.ordered["source"]), own if own.is_dir() else None
