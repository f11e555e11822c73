"""An order to plan something: what was said on the command line or in a notebook becomes a run, begun or carried on."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from . import checks, claude, digest, prices
from .brief import Brief, decode
from .catalog import SHIPPED, Catalog
from .codebase import read_codebase
from .errors import BriefRefused, OptionRefused, nearest
from .model import OFFLINE
from .run import Run
from .store import begun

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
        brief, source, beside = read_brief(self.brief)
        options = _options(self.settings)
        folders = [Path(options["consultants"])] if "consultants" in options else []
        catalog = Catalog.read(*([beside] if beside else []), *folders)
        recipe = catalog.recipe(self.recipe)
        _check_options(options, recipe.options)
        for consultant in catalog.consultants.values():
            checks.refuse_unknown(consultant.name, consultant.checks)
        model = resolve_model(self.model)
        budget = BUDGET if self.budget is None else self.budget
        if not 0 <= budget < 1e6:
            raise OptionRefused(f"--budget {budget}: give US dollars between 0 and 1,000,000")
        codebase = read_codebase(Path(self.repo)) if self.repo else ""
        told = {name: value for name, value in options.items() if name != "consultants"}
        same = identity(brief, recipe.name, model, told, catalog, codebase)
        if not self.new and (earlier := _latest(self.outputs / brief.slug, same)):
            if self.budget is not None:
                earlier.allow(self.budget)
            return earlier, True
        now = datetime.now().astimezone()
        facts = {
            "format": 1, "title": brief.title, "slug": brief.slug, "brief_name": brief.name, "source": digest.of_bytes(source),
            "recipe": recipe.name, "model": model, "options": told, "budget": budget, "identity": same,
            "today": now.date().isoformat(), "began": now.isoformat(timespec="seconds"), "planning_kit": version("planning-kit"),
        }  # fmt: skip
        first = {f"catalog/{name}": text for name, text in catalog.own.items()}
        first |= {
            "brief.md": brief.text,
            "run.json": json.dumps(facts, ensure_ascii=False, indent=2) + "\n",
            ".gitattributes": "* -text\n",
        }
        if codebase:
            first["codebase.md"] = codebase
        return Run(begun(self.outputs, brief.slug, first, now)), False


def read_brief(said: str) -> tuple[Brief, bytes, Path | None]:
    """The brief, its bytes as they were brought, and the ``planning_kit/`` folder beside it if there is one.

    Raises:
        BriefRefused: no such file, or it cannot be read as text.
    """
    if said == "-":
        data = sys.stdin.buffer.read()
        return Brief(decode(data, "standard input")), data, None
    path = SAMPLE if not said else Path(said)
    if not _is_path(said) and said:
        return (
            Brief(decode(said.encode("utf-8", "surrogateescape"), "the brief")),
            said.encode("utf-8", "surrogateescape"),
            None,
        )
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise BriefRefused(
            f"no such file: {said}; give a path, '-' for standard input, or the brief itself in quotes (more than one word)"
        ) from error
    except OSError as error:
        raise BriefRefused(f"{said}: {(error.strerror or str(error)).lower()}; give a text or Markdown file") from error
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
        return claude.MODEL
    if claude.is_anthropic() and prices.price(name) is None:
        raise OptionRefused(f"no such model: {name!r}{nearest(name, ('auto', OFFLINE, *prices.known_models()))}")
    if not claude.credentials():
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


def identity(brief: Brief, recipe: str, model: str, options: Mapping[str, str], catalog: Catalog, codebase: str) -> str:
    """What makes two orders the same run: brief, recipe, model, options, consultants, codebase."""
    return digest.of_fact(
        {
            "brief": brief.digest,
            "recipe": recipe,
            "model": model,
            "options": dict(options),
            "catalog": catalog.digest,
            "codebase": digest.of_text(codebase),
        }
    )


def runs(outputs: Path) -> Iterator[Run]:
    """Every run below ``outputs``, oldest first."""
    for path in sorted(outputs.glob("*/*/run.json"), key=lambda path: (path.parent.name, path.parent.parent.name)):
        yield Run.open(path.parent)


def _latest(folder: Path, same: str) -> Run | None:
    for path in sorted(folder.glob("*/run.json"), reverse=True):
        run = Run.open(path.parent)
        if run.facts.get("identity") == same:
            return run
    return None


def find_run(said: str, outputs: Path) -> Run:
    """The run a person means: its folder, ``<slug>/<time>`` or ``<slug>`` (its latest) below ``outputs``, or empty for the latest of all.

    Raises:
        OptionRefused: there is none.
    """
    if said and (Path(said) / "run.json").is_file() or said in (".", ".."):
        return Run.open(Path(said))
    every = list(runs(outputs))
    mine = [run for run in every if not said or said in (run.label, run.slug)]
    if mine:
        return mine[-1]
    there = nearest(said, [run.label for run in every]) if every else f"; there is none in {outputs}"
    raise OptionRefused(f"no such run: {said or 'latest'!r}{there}; 'planning-kit run BRIEF' begins one")
