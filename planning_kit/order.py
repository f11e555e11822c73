"""An order to plan something: what was said on the command line or in a notebook becomes a run, begun or carried on."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import checks, claude, digest, facts, files, prices
from .brief import LARGEST, Brief, decode
from .catalog import SHIPPED, Catalog
from .errors import BriefRefused, Damaged, OptionRefused, nearest
from .model import OFFLINE
from .run import Run, checked_budget
from .store import beginning, begun

if TYPE_CHECKING:
    from .codebase import Codebase

SAMPLE = SHIPPED / "samples" / "clinic-appointments.md"
BUDGET = 20.0
"""US dollars a run may cost unless ``--budget`` says otherwise."""

_SUFFIXES = {".md", ".txt", ".markdown", ".rst", ".text", ".pdf", ".docx", ".html", ".json", ".yaml"}


@dataclass(frozen=True)
class Order:
    """What is to be planned, how and where.

    Attributes:
        brief: a path, ``-`` for standard input, or the text itself; empty for the sample that ships.
        recipe: the recipe's name.
        model: ``auto``, ``offline`` or a model id.
        outputs: where runs are kept.
        repo: the codebase's folder, or empty.
        settings: ``KEY=VALUE`` texts.
        budget: US dollars.
        new: begin another run even if there is one.
    """

    brief: str = ""
    recipe: str = "backend-plan"
    model: str = "auto"
    outputs: Path = field(default_factory=lambda: Path("outputs"))
    repo: str = ""
    settings: Sequence[str] = ()
    budget: float | None = None
    new: bool = False

    def run(self) -> tuple[Run, bool]:
        """The run, and whether it had begun before. Nothing is written if anything is wrong with the order.

        Raises:
            BadInput: the brief, an option, a consultant file or the outputs folder cannot be used.
        """
        brief, ordered, first = self._prepared()
        with beginning(self.outputs, brief.slug):
            if not self.new and (earlier := _latest(self.outputs / brief.slug, str(ordered["identity"]))):
                if self.budget is not None:
                    earlier.allow(self.budget)
                return earlier, True
            return Run(begun(self.outputs, brief.slug, first, datetime.fromisoformat(ordered["began"]))), False

    @contextlib.contextmanager
    def rehearsed(self) -> Iterator[Run]:
        """The run as it would begin, in a folder that goes away: nothing is spent and nothing stays.

        Raises:
            BadInput: as :meth:`run`.
        """
        brief, ordered, first = self._prepared()
        with tempfile.TemporaryDirectory(prefix="plan-") as folder:
            yield Run(begun(Path(folder), brief.slug, first, datetime.fromisoformat(ordered["began"])))

    def _prepared(self) -> tuple[Brief, dict[str, Any], dict[str, str]]:
        """The brief, what ``run.json`` will say, and the files the run begins with, by name."""
        from .intake.classes import classify
        from .intake.proposal import propose

        brief, source, beside = read_brief(self.brief)
        options = _options(self.settings)
        catalog = Catalog.read(
            *([beside] if beside else []), *([Path(options.pop("consultants"))] if "consultants" in options else [])
        )
        recipe = catalog.recipe(self.recipe)
        _check_options(options, recipe.options)
        for consultant in catalog.consultants.values():
            checks.refuse_unknown(catalog.place(f"consultants/{consultant.name}.md", ("checks",)), consultant.checks)
        model, budget = resolve_model(self.model), checked_budget(BUDGET if self.budget is None else self.budget)
        codebase = self._codebase(brief)
        proposal = facts.write(propose(brief, classify(brief), codebase))
        now = datetime.now().astimezone()
        ordered = {
            "format": 2, "title": brief.title, "slug": brief.slug, "brief_name": brief.name, "source": digest.of_bytes(source),
            "recipe": recipe.name, "model": model, "options": {**recipe.options, **options}, "budget": budget,
            "today": now.date().isoformat(), "began": now.isoformat(timespec="seconds"), "planning_kit": version("planning-kit"),
            "proposed": digest.of_text(proposal), "fingerprint": codebase.fingerprint if codebase else "",
        }  # fmt: skip
        ordered["identity"] = identity(brief, ordered, catalog, self.repo)
        return brief, ordered, _first(ordered, brief, catalog, codebase, proposal)

    def _codebase(self, brief: Brief) -> Codebase | None:
        """What is in the codebase, if there is one."""
        from .codebase import read_codebase
        from .intake.topical import topical

        return read_codebase(Path(self.repo), self.outputs.resolve(), topical(brief)) if self.repo else None

    def moved(self, run: Run) -> bool:
        """Whether the codebase is another one by now than ``run`` read."""
        now = self._codebase(run.brief)
        return now is not None and now.fingerprint != run.ordered["fingerprint"]


def _first(
    ordered: Mapping[str, Any], brief: Brief, catalog: Catalog, codebase: Codebase | None, proposal: str
) -> dict[str, str]:
    """The files a run begins with."""
    first = {f"catalog/{name}": text for name, text in catalog.own.items()}
    if codebase:
        first |= {"codebase.md": codebase.digest, "codebase.json": codebase.dumped()}
    kept = str(ordered["proposed"])
    first |= {"facts.yaml": proposal, f"versions/{kept[:2]}/{kept}.md": proposal}
    run = json.dumps(dict(ordered), ensure_ascii=False, indent=2) + "\n"
    return {**first, "brief.md": brief.text, "run.json": run, ".gitattributes": "* -text\n"}


def identity(brief: Brief, ordered: Mapping[str, Any], catalog: Catalog, repo: str) -> str:
    """What makes two orders the same run: brief, recipe, model, options, own consultants, and which codebase.

    What is in the codebase is not part of it: a run keeps what was read when it began.
    """
    return digest.of_fact(
        {
            "brief": brief.digest,
            "recipe": ordered["recipe"],
            "model": ordered["model"],
            "options": ordered["options"],
            "catalog": catalog.digest,
            "codebase": digest.of_text(str(Path(repo).resolve())) if repo else "",
        }
    )


def read_brief(said: str) -> tuple[Brief, bytes, Path | None]:
    """The brief, its bytes as they were brought, and the ``planning_kit/`` folder beside it if there is one.

    Raises:
        BriefRefused: no such file, or it cannot be read as text.
    """
    if said == "-":
        data = sys.stdin.buffer.read(LARGEST + 1) if sys.stdin else b""
        return Brief(decode(data, "standard input")), data, None
    path = SAMPLE if not said else Path(said)
    if not _is_path(said) and said:
        return (
            Brief(decode(said.encode("utf-8", "surrogateescape"), "the brief")),
            said.encode("utf-8", "surrogateescape"),
            None,
        )
    try:
        data = files.read_regular(path, LARGEST + 1)
    except FileNotFoundError as error:
        raise BriefRefused(
            f"no such file: {said}; give a path, '-' for standard input, or the brief itself in quotes (more than one word)"
        ) from error
    except OSError as error:
        raise BriefRefused(
            f"{said}: {(error.strerror or str(error)).lower()}; give a text or Markdown file, or '-' for standard input"
        ) from error
    beside = path.resolve().parent / "planning_kit"
    own = beside if said and any((beside / kind).is_dir() for kind in ("consultants", "recipes")) else None
    return Brief(decode(data, said or path.name), path.name), data, own


def _is_path(said: str) -> bool:
    if "\n" in said or len(said) > 1000:
        return False
    try:
        if Path(said).exists():
            return True
    except (OSError, ValueError):
        return False
    return said.strip() != "" and (not any(c.isspace() for c in said.strip()) or Path(said).suffix.lower() in _SUFFIXES)


def resolve_model(name: str) -> str:
    """The model id to ask, or ``offline``.

    Raises:
        OptionRefused: no such model, or its key is missing.
    """
    if name == OFFLINE or (name == "auto" and not claude.credentials()):
        return OFFLINE
    claude.check_server()
    if name == "auto":
        claude.credential()
        return claude.MODEL
    if claude.is_anthropic() and prices.price(name) is None:
        raise OptionRefused(f"no such model: {name!r}{nearest(name, ('auto', OFFLINE, *prices.known_models()))}")
    if claude.credentials():
        claude.credential()
    else:
        raise OptionRefused(
            f"--model {name} needs a key: set ANTHROPIC_API_KEY (any value for a local server), or use --model offline"
        )
    return name


def _options(settings: Sequence[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key:
            raise OptionRefused(f"--set {setting!r}: write KEY=VALUE")
        options[key] = value
    return options


def _check_options(options: Mapping[str, str], known: Mapping[str, str]) -> None:
    for key in options:
        if key not in known and key != "consultants":
            raise OptionRefused(f"no such option: {key!r}{nearest(key, ['consultants', *known])}")


def runs(outputs: Path) -> Iterator[Run]:
    """Every run below ``outputs`` whose ``run.json`` can be read, oldest first."""
    yield from _readable(outputs, "*/*/run.json")


def _latest(folder: Path, same: str) -> Run | None:
    return next(
        (run for run in reversed(list(_readable(folder, "*/run.json"))) if run.ordered.get("identity") == same), None
    )


def _readable(folder: Path, pattern: str) -> Iterator[Run]:
    try:
        paths = sorted(folder.glob(pattern), key=lambda path: (path.parent.name, path.parent.parent.name))
    except OSError as error:
        raise OptionRefused(
            f"cannot read the outputs folder {folder}: {error.strerror}; pick another with --outputs DIR"
        ) from error
    for path in paths:
        run = Run.open(path.parent)
        with contextlib.suppress(Damaged):  # it is reported when somebody asks for it
            _ = run.ordered
            yield run


def find_run(said: str, outputs: Path) -> Run:
    """The run a person means: its folder, ``<slug>/<time>`` or ``<slug>`` (its latest) below ``outputs``, or empty for the latest of all.

    Raises:
        OptionRefused: there is none.
        Damaged: its ``run.json`` cannot be read.
    """
    with contextlib.suppress(OSError):
        if (said and (Path(said) / "run.json").is_file()) or said in (".", ".."):
            return Run.open(Path(said))
        if said and (outputs / said / "run.json").is_file():
            return Run.open(outputs / said)
    every = list(runs(outputs))
    mine = [run for run in every if not said or said == run.slug]
    if mine:
        return mine[-1]
    there = nearest(said, [run.label for run in every]) if every else f"; there is none in {outputs}"
    raise OptionRefused(f"no such run: {said or 'latest'!r}{there}; 'planning-kit run BRIEF' begins one")
