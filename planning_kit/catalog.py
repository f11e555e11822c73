"""Consultants, recipes and templates: read from markdown, checked as a whole before anything is spent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import TemplateSyntaxError, nodes

from . import digest, files, frontmatter, recipe_file
from .errors import CatalogRefused, OptionRefused, nearest
from .frontmatter import Page
from .recipe import FILE, NAME, PLAIN, TOPIC, Consultant, Phase, Recipe, environment
from .template import sections
from .unrolled import Part

SHIPPED = Path(__file__).parent
FOLDERS = ("consultants", "recipes", "templates")


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

        A folder may hold ``consultants/``, ``recipes/`` and ``templates/``, or consultants directly.

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
        return {name: _consultant(page, name, self.templates) for name, page in self._pages("consultants").items()}

    @cached_property
    def templates(self) -> dict[str, str]:
        """The text of each, by name."""
        return {Path(name).stem: text for name, text in self.pages.items() if name.startswith("templates/")}

    @cached_property
    def recipes(self) -> dict[str, Recipe]:
        """By name."""
        return {name: recipe_file.read(page, name) for name, page in self._pages("recipes").items()}

    def building(self, what: str) -> tuple[str, ...]:
        """The names of the recipes in which somebody's answer becomes ``what`` (``task-plan``), see :attr:`Consultant.builds`."""
        seats = {name for name, each in self.consultants.items() if each.builds == what}
        return tuple(
            sorted(
                name
                for name, recipe in self.recipes.items()
                if seats & {seat for phase in recipe.phases for seat in phase.seats}
            )
        )

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
            consultant.task(feature="", today="", recipe="", options=options, domain=Part(), topic=Part())
        for recipe in self.recipes.values():
            written: dict[str, str] = {}
            for at, phase in enumerate(recipe.phases):
                self._check_phase(recipe, at, phase, written)
        self._check_templates()
        return self

    def _check_templates(self) -> None:
        """Refuse a template that nobody uses: its name is misspelt."""
        used = {consultant.template for consultant in self.consultants.values()} - {""}
        used |= {name for recipe in self.recipes.values() for phase in recipe.phases for name in phase.renders.values()}
        for name in self.templates:
            if name not in used:
                raise CatalogRefused(f"{self.origins[f'templates/{name}.md']}: no consultant and no recipe uses a template of this name{nearest(name, used)}")  # fmt: skip

    def _check_phase(self, recipe: Recipe, at: int, phase: Phase, written: dict[str, str]) -> None:
        """Refuse what a phase names and is not there; add what it writes to ``written`` (document → seat)."""
        page = self._pages("recipes")[recipe.name]

        def named(field: str, name: str, known: Iterable[str], what: str, *place: str | int) -> None:
            if name not in known:
                line = page.line(("phases", at, *(place or (field,))))
                raise CatalogRefused(f"{page.where}:{line}: {field}: no such {what}: {name!r}{nearest(name, known)}")

        named("notebook", phase.notebook, [path.stem for path in notebooks_folder().glob("*.ipynb")], "notebook")
        for template in phase.renders.values():
            named("renders", template, self.templates, "template")
        for number, seat in enumerate(phase.seats):
            named("seats", seat, self.consultants, "consultant", "seats", number)
            self._check_reads(seat, recipe, written)
            for file in recipe.reads.get(seat, ()):
                if file not in written:
                    where = f"{page.where}:{page.line(('reads', seat))}"
                    raise CatalogRefused(f"{where}: reads: nobody before writes {file!r}{nearest(file, written)}")
        line = page.line(("phases", at, "seats"))
        for seat in phase.seats:
            name = self.consultants[seat].writes
            if (TOPIC in name) != (phase.each == "topic"):
                what = f"names no {TOPIC}" if phase.each == "topic" else "is for a phase with 'each: topic'"
                raise CatalogRefused(f"{page.where}:{line}: seats: what {seat!r} writes ({name}) {what}")
            if written.get(name) and not recipe_file.apart(phase, seat, written[name]):
                raise CatalogRefused(f"{page.where}:{line}: seats: {seat!r} and {written[name]!r} both write {name}")
            written[name] = seat
        written |= {file.rpartition("/")[2]: "" for file in phase.renders}

    def place(self, name: str, field: tuple[str | int, ...]) -> str:
        """File and line of a field, for a message about it."""
        return f"{self.origins[name]}:{self._parsed[name].line(field)}"

    def _check_reads(self, seat: str, recipe: Recipe, written: Iterable[str]) -> None:
        """Refuse what ``seat`` reads and nobody writes before; what only other recipes have is not read in this one."""
        page = self._pages("consultants")[seat]
        here = {self.consultants[each].writes for phase in recipe.phases for each in phase.seats if each in self.consultants}  # fmt: skip
        elsewhere = {each.writes for each in self.consultants.values()} - here
        for at, name in enumerate(self.consultants[seat].reads):
            if name not in written and name not in elsewhere:
                raise CatalogRefused(
                    f"{page.where}:{page.line(('reads', at))}: reads: nobody before writes {name!r}{nearest(name, written)}"
                )

    @cached_property
    def _parsed(self) -> dict[str, Page]:
        """Every file, split once into fields and body."""
        return {
            name: frontmatter.parse(text, self.origins[name])
            for name, text in sorted(self.pages.items())
            if not name.startswith("templates/")
        }

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
            if not NAME.fullmatch(path.stem):
                raise CatalogRefused(
                    f"{path}: a {kind[:-1]}'s file name is lower-case letters, digits and '-', then .md"
                )
            yield f"{kind}/{path.name}", path


def _consultant(page: Page, name: str, templates: Mapping[str, str]) -> Consultant:
    consultant = frontmatter.fitted(Consultant, page, {**page.fields, "name": name, "prompt": page.body})
    for field in ("writes", "reads"):
        value = getattr(consultant, field)
        for document in (value,) if isinstance(value, str) else value:
            if not FILE.fullmatch(document):
                raise CatalogRefused(
                    f"{page.where}:{page.line((field,))}: {field}: {document!r} is not a plain file name like '04-api-design.md'"
                )
    if consultant.template:
        consultant = _shaped(consultant, page, templates)
    if not consultant.sections and consultant.writes.endswith(".md"):
        raise CatalogRefused(
            f"{page.where}:{page.line(('sections',))}: sections: name at least one heading the document must have"
        )
    try:
        for node in environment().parse(page.body).find_all(nodes.Node):
            if not isinstance(node, PLAIN):
                what = type(node).__name__.lower()
                raise CatalogRefused(
                    f"{page.where}: the prompt's line {node.lineno}: {what!r} is not allowed; use text, names and conditions"
                )
    except TemplateSyntaxError as error:
        raise CatalogRefused(f"{page.where}: the prompt's line {error.lineno}: {error.message}") from error
    return consultant


def _shaped(consultant: Consultant, page: Page, templates: Mapping[str, str]) -> Consultant:
    """``consultant`` with the sections of the template that it names."""
    line = page.line(("template",))
    if consultant.sections:
        raise CatalogRefused(f"{page.where}:{line}: template: give a template or sections, not both")
    if consultant.template not in templates:
        near = nearest(consultant.template, templates)
        raise CatalogRefused(f"{page.where}:{line}: template: no such template: {consultant.template!r}{near}")
    shape = templates[consultant.template]
    if len(shape.encode()) > frontmatter.LARGEST:
        raise CatalogRefused(f"templates/{consultant.template}.md: longer than {frontmatter.LARGEST:,} bytes")
    named = sections(shape)
    if not named:
        raise CatalogRefused(f"templates/{consultant.template}.md: has no heading; give it one '## …' for each section of {consultant.writes}")  # fmt: skip
    return consultant.model_copy(update={"shape": shape, "sections": named})
