"""Consultants, phases and recipes: read from markdown, checked as a whole before anything is spent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from . import digest, files, frontmatter
from .errors import CatalogRefused, OptionRefused, nearest
from .frontmatter import Page

SHIPPED = Path(__file__).parent
FOLDERS = ("consultants", "recipes")
KNOWN = ("feature", "today", "recipe", "options")
"""What a prompt's ``{{ … }}`` may name."""

_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const, nodes.If,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr,
)  # fmt: skip
"""What a prompt may be made of: text, names and conditions; loops, calls and arithmetic could run for ever."""

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Tier = Literal["strong", "standard", "quick"]
"""How able a model a seat wants; ``models.json`` says which one that is."""

Effort = Literal["", "low", "medium", "high", "xhigh", "max"]
"""How hard a model tries, in the words of the Messages API (``output_config.effort``); empty for the model's own default."""

Thinking = Literal["", "adaptive", "between_tools", "disabled"]
"""How a model thinks, in the words of the Messages API (``thinking.type``); empty for the model's own default."""

_FILE = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}\.(md|json|yaml)")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}")


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Consultant(_Data):
    """Who can be asked: writes one document, reads some, promises its headings.

    ``role`` is who it is (its system prompt), ``prompt`` the task (a Jinja template over :data:`KNOWN`). ``tier``,
    ``effort`` and ``thinking`` say what kind of model is asked and how (nothing: the recipe's tier, the model's own
    defaults), ``web`` whether it may search the web, ``repairs`` how often it is asked to mend a draft that has errors.
    """

    name: str
    title: Said
    role: Said
    writes: Said
    heading: Said
    reads: tuple[Said, ...] = ()
    sections: tuple[Said, ...] = ()
    checks: tuple[str, ...] = ()
    tier: Tier | None = None
    effort: Effort = ""
    thinking: Thinking = ""
    web: bool = False
    repairs: Annotated[int, Field(ge=0, le=5)] = 2
    prompt: str = ""

    def task(self, **known: Any) -> str:
        """The prompt with ``known`` filled in.

        Raises:
            CatalogRefused: the prompt names something that is not there.
        """
        try:
            return _environment().from_string(self.prompt).render(**known).strip()
        except Exception as error:  # a template may raise anything its expressions do
            raise CatalogRefused(f"consultants/{self.name}.md: the prompt cannot be filled in: {error}") from error


class Phase(_Data):
    """One step with one gate: who sits in it, which notebook shows it, and which parts of the facts it settles, if any."""

    name: Said
    title: Said
    notebook: Said
    seats: tuple[Said, ...] = ()
    settles: tuple[Literal["stack", "passages", "domains", "topics", "questions"], ...] = ()


class Recipe(_Data):
    """In which order consultants are asked, by which tier of model unless they say so themselves, and where their documents go (``{slug}`` is the run's)."""

    name: str
    title: Said
    summary: Said
    documents: Said
    phases: tuple[Phase, ...]
    tier: Tier = "standard"
    options: Mapping[str, str] = {}
    related: tuple[str, ...] = ()
    about: str = ""

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The notebooks in the order they are run, each once."""
        return tuple(dict.fromkeys(phase.notebook for phase in self.phases))

    def phase(self, name: str) -> Phase:
        """The phase called ``name``.

        Raises:
            OptionRefused: there is none.
        """
        for phase in self.phases:
            if phase.name == name:
                return phase
        raise OptionRefused(f"no such phase in {self.name}: {name!r}{nearest(name, [p.name for p in self.phases])}")


@dataclass(frozen=True)
class Catalog:
    """Every consultant and recipe there is: those shipped, and those a user added or overrode."""

    pages: Mapping[str, str]
    """File name (``consultants/x.md``) → its text."""
    origins: Mapping[str, str]
    """File name → how a message names it: the path of a user's own file."""

    @classmethod
    def read(cls, *folders: Path) -> Catalog:
        """The shipped files, overridden by those in ``folders`` (later ones win).

        A folder may hold ``consultants/`` and ``recipes/``, or consultants directly.

        Raises:
            CatalogRefused: a file cannot be read, or the whole does not fit together.
        """
        pages: dict[str, str] = {}
        origins: dict[str, str] = {}
        for folder in (SHIPPED, *folders):
            for name, path in _files(folder):
                try:
                    pages[name] = files.read_regular(path, frontmatter.LARGEST + 1).decode("utf-8-sig")
                except (OSError, UnicodeDecodeError) as error:
                    raise CatalogRefused(f"{path}: cannot be read as UTF-8 text: {error}") from error
                origins[name] = name if folder == SHIPPED else str(path)
        return cls(pages, origins).checked()

    @cached_property
    def consultants(self) -> dict[str, Consultant]:
        """By name."""
        return {name: _consultant(page, name) for name, page in self._pages("consultants").items()}

    @cached_property
    def recipes(self) -> dict[str, Recipe]:
        """By name."""
        return {name: _recipe(page, name) for name, page in self._pages("recipes").items()}

    def recipe(self, name: str) -> Recipe:
        """The recipe called ``name``.

        Raises:
            OptionRefused: there is none; names the nearest.
        """
        if name not in self.recipes:
            raise OptionRefused(f"no such recipe: {name!r}{nearest(name, self.recipes)}")
        return self.recipes[name]

    @property
    def own(self) -> dict[str, str]:
        """The files that differ from those shipped."""
        shipped = {name: path.read_text(encoding="utf-8") for name, path in _files(SHIPPED)}
        return {name: text for name, text in self.pages.items() if shipped.get(name) != text}

    @property
    def digest(self) -> str:
        """SHA-256 over the files a user added or changed; the same for everybody who changed none."""
        return digest.of_fact(self.own)

    def checked(self) -> Catalog:
        """Itself, when every seat exists, every document has one writer, and whatever is read was written before.

        Raises:
            CatalogRefused: with file, line, field and the nearest right name.
        """
        options = {name: value for recipe in self.recipes.values() for name, value in recipe.options.items()}
        for consultant in self.consultants.values():
            consultant.task(feature="", today="", recipe="", options=options)
        there = {path.stem for path in notebooks_folder().glob("*.ipynb")}
        for recipe in self.recipes.values():
            page = self._pages("recipes")[recipe.name]
            written: dict[str, str] = {}
            for at, phase in enumerate(recipe.phases):
                if phase.notebook not in there:
                    line = page.line(("phases", at, "notebook"))
                    raise CatalogRefused(
                        f"{page.where}:{line}: notebook: no such notebook: {phase.notebook!r}{nearest(phase.notebook, there)}"
                    )
                for number, seat in enumerate(phase.seats):
                    line = page.line(("phases", at, "seats", number))
                    if seat not in self.consultants:
                        raise CatalogRefused(
                            f"{page.where}:{line}: seats: no such consultant: {seat!r}{nearest(seat, self.consultants)}"
                        )
                    self._check_reads(seat, written)
                for seat in phase.seats:
                    name = self.consultants[seat].writes
                    if name in written:
                        raise CatalogRefused(
                            f"{page.where}:{page.line(('phases', at, 'seats'))}: seats: {seat!r} and {written[name]!r} both write {name}"
                        )
                    written[name] = seat
        return self

    def place(self, name: str, field: tuple[str | int, ...]) -> str:
        """File and line of a field, for a message about it."""
        return f"{self.origins[name]}:{self._parsed[name].line(field)}"

    def _check_reads(self, seat: str, written: Iterable[str]) -> None:
        page = self._pages("consultants")[seat]
        for at, name in enumerate(self.consultants[seat].reads):
            if name not in written:
                raise CatalogRefused(
                    f"{page.where}:{page.line(('reads', at))}: reads: nobody before writes {name!r}{nearest(name, written)}"
                )

    @cached_property
    def _parsed(self) -> dict[str, Page]:
        """Every file, split once into fields and body."""
        return {name: frontmatter.parse(text, self.origins[name]) for name, text in sorted(self.pages.items())}

    def _pages(self, folder: str) -> dict[str, Page]:
        """The files of one folder by the name of what they describe."""
        return {Path(name).stem: page for name, page in self._parsed.items() if name.startswith(f"{folder}/")}


def notebooks_folder() -> Path:
    """Where the notebooks are: inside an installed package, else beside it in the checkout."""
    return next(folder for folder in (SHIPPED / "notebooks", SHIPPED.parent / "notebooks") if folder.is_dir())


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    if not folder.is_dir():
        raise CatalogRefused(f"{folder}: no such folder of consultants")
    split = any((folder / kind).is_dir() for kind in FOLDERS)
    for kind in FOLDERS if split else FOLDERS[:1]:
        for path in sorted((folder / kind if split else folder).glob("*.md")):
            if not _NAME.fullmatch(path.stem):
                raise CatalogRefused(
                    f"{path}: a {kind[:-1]}'s file name is lower-case letters, digits and '-', then .md"
                )
            yield f"{kind}/{path.name}", path


def _consultant(page: Page, name: str) -> Consultant:
    consultant = frontmatter.fitted(Consultant, page, {**page.fields, "name": name, "prompt": page.body})
    for field in ("writes", "reads"):
        value = getattr(consultant, field)
        for document in (value,) if isinstance(value, str) else value:
            if not _FILE.fullmatch(document):
                raise CatalogRefused(
                    f"{page.where}:{page.line((field,))}: {field}: {document!r} is not a plain file name like '04-api-design.md'"
                )
    if not consultant.sections and consultant.writes.endswith(".md"):
        raise CatalogRefused(
            f"{page.where}:{page.line(('sections',))}: sections: name at least one heading the document must have"
        )
    try:
        for node in _environment().parse(page.body).find_all(nodes.Node):
            if not isinstance(node, _PLAIN):
                what = type(node).__name__.lower()
                raise CatalogRefused(
                    f"{page.where}: the prompt's line {node.lineno}: {what!r} is not allowed; use text, names and conditions"
                )
    except TemplateSyntaxError as error:
        raise CatalogRefused(f"{page.where}: the prompt's line {error.lineno}: {error.message}") from error
    return consultant


def _recipe(page: Page, name: str) -> Recipe:
    recipe = frontmatter.fitted(Recipe, page, {**page.fields, "name": name, "about": page.body})
    folder = recipe.documents.replace("{slug}", "x")
    if not re.fullmatch(r"[\w.-]+(/[\w.-]+)*", folder) or ".." in folder.split("/"):
        raise CatalogRefused(
            f"{page.where}:{page.line(('documents',))}: documents: {recipe.documents!r} is not a folder like 'planning-docs/{{slug}}'"
        )
    names = [phase.name for phase in recipe.phases]
    for at, phase in enumerate(recipe.phases):
        if not _NAME.fullmatch(phase.name) or names.index(phase.name) != at:
            raise CatalogRefused(
                f"{page.where}:{page.line(('phases', at))}: phases: {phase.name!r} is not a name of its own"
            )
        if not re.fullmatch(r"[0-9]_[a-z_]+", phase.notebook):
            raise CatalogRefused(
                f"{page.where}:{page.line(('phases', at, 'notebook'))}: notebook: {phase.notebook!r} is not a notebook like '1_intake'"
            )
    if not names:
        raise CatalogRefused(f"{page.where}:{page.line(('phases',))}: phases: a recipe needs at least one")
    return recipe


def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
