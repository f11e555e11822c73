"""Consultants, phases and recipes: who can be asked for what, in which order, and where the documents go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

from jinja2 import StrictUndefined, Template, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from .errors import CatalogRefused

KNOWN = ("feature", "today", "recipe", "options", "domain", "topic")
"""What a prompt's ``{{ … }}`` may name."""

PLAIN = (
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

TOPIC = "{topic}"
"""What stands in a document's name for the topic it is about."""
FILE = re.compile(r"(?:[a-z0-9][a-z0-9-]{0,40}/){0,2}(?:[A-Za-z0-9][A-Za-z0-9._-]{0,80}|\{topic\})\.(md|json|yaml)")
"""A document's place in its recipe's folder: ``04-api-design.md``, or ``requirements/api-spec.md`` below a domain's."""
NAME = re.compile(r"[a-z][a-z0-9-]{0,60}")
"""What a consultant, a recipe, a template, a phase and an option are called."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Consultant(_Data):
    """Who can be asked: writes one document, reads some, promises its headings.

    ``role`` is who it is (its system prompt), ``prompt`` the task (a Jinja template over :data:`KNOWN`). ``tier``,
    ``effort`` and ``thinking`` say what kind of model is asked and how (nothing: the recipe's tier, the model's own
    defaults), ``web`` whether it may search the web, ``repairs`` how often it is asked to mend a draft that has errors.
    ``template`` names the template its document follows, whose ``shape`` (its text) gives the ``sections`` then. ``builds`` says what
    the program makes of its answer, where that is not the document itself, see :mod:`planning_kit.assembled`.
    """

    name: str
    title: Said
    role: Said
    writes: Said
    heading: Said
    reads: tuple[Said, ...] = ()
    sections: tuple[Said, ...] = ()
    template: str = ""
    shape: str = ""
    builds: Literal["", "task-plan"] = ""
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
            return compiled(self.prompt).render(**known).strip()
        except Exception as error:  # a template may raise anything its expressions do
            raise CatalogRefused(f"consultants/{self.name}.md: the prompt cannot be filled in: {error}") from error


class Phase(_Data):
    """One step with one gate: who sits in it, which notebook shows it, and which parts of the facts it settles, if any.

    With ``each`` it is done for each of what the facts list, see :mod:`planning_kit.unrolled`. Phases that follow each other and name
    the same ``together`` are written side by side, each with a gate of its own. ``when`` says on which condition somebody has a
    seat (``ci=github``, ``ci=github depth=standard|thorough``, see :func:`holds`), ``only`` on which the phase is there at all. One that ``renders`` fills templates in, file by file (``{domain}/README.md`` is one for
    each domain, from two on): nobody is asked, and there is nothing to decide.
    """

    name: Said
    title: Said
    notebook: Said
    seats: tuple[Said, ...] = ()
    settles: tuple[Literal["stack", "passages", "domains", "topics", "questions"], ...] = ()
    each: Literal["", "domain", "topic"] = ""
    together: str = ""
    when: Mapping[str, str] = {}
    only: str = ""
    renders: Mapping[str, str] = {}

    def sitting(self, options: Mapping[str, str]) -> tuple[str, ...]:
        """Who has a seat where ``options`` hold, in order."""
        return tuple(seat for seat in self.seats if holds(self.condition(seat), options))

    def condition(self, seat: str) -> str:
        """On which condition ``seat`` sits here; empty for always."""
        return f"{self.only} {self.when.get(seat, '')}".strip()

    def there(self, options: Mapping[str, str]) -> bool:
        """Whether it is gone through where ``options`` hold: one whose seats are all empty is not."""
        return holds(self.only, options) and (not self.seats or bool(self.sitting(options)))


def terms(condition: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The parts of a condition like ``ci=github depth=standard|thorough``: each option with the values it may have."""
    parted = (each.partition("=") for each in condition.split())
    return tuple((key, tuple(values.split("|"))) for key, _, values in parted)


def holds(condition: str, options: Mapping[str, str]) -> bool:
    """Whether each part of ``condition`` holds: the option has one of the values; an empty one always does."""
    return all(options.get(key) in values for key, values in terms(condition))


class Recipe(_Data):
    """In which order consultants are asked, by which tier of model unless they say so themselves, and where their documents go.

    ``documents`` may name ``{slug}`` (the run's) and options (``{language}``), and is ``.`` where they go to the top; ``places`` puts a
    seat's document into a folder below it, which may name ``{seat}``, ``{slug}``, ``{time}`` (when the run began) and ``{domain}``.
    ``reads`` are documents that a seat reads here beside those it always does. ``options`` are
    those it takes with what holds when nothing is said, ``choices`` what may be said of some. ``checklist`` names what is shown to hold
    at its end, see :mod:`planning_kit.checklist`.
    """

    name: str
    title: Said
    summary: Said
    documents: Said
    phases: tuple[Phase, ...]
    tier: Tier = "standard"
    options: Mapping[str, str] = {}
    choices: Mapping[str, tuple[str, ...]] = {}
    places: Mapping[str, str] = {}
    reads: Mapping[str, tuple[str, ...]] = {}
    checklist: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    about: str = ""

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The notebooks in the order they are run, each once."""
        return tuple(dict.fromkeys(phase.notebook for phase in self.phases))

    def fitted(self, options: Mapping[str, str]) -> Recipe:
        """The recipe with the phases that are there where ``options`` hold."""
        return self.model_copy(update={"phases": tuple(each for each in self.phases if each.there(options))})

    def folder(self, slug: str, options: Mapping[str, str]) -> str:
        """Where its documents go, below ``documents/``; empty for the top."""
        folder = re.sub(r"\{(\w+)\}", lambda named: {**options, "slug": slug}[named[1]], self.documents)
        return "" if folder == "." else folder


@lru_cache(maxsize=256)
def compiled(text: str) -> Template:
    """``text`` as a template to be filled in; the same text is compiled once in a process.

    Raises:
        TemplateSyntaxError: it is none.
    """
    return environment().from_string(text)


def environment() -> ImmutableSandboxedEnvironment:
    """What fills in a prompt: nothing of Python can be reached from it, and a name that is not there is an error."""
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
