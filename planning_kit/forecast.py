"""The plan of execution: who will be asked for what, in which order, at what cost, and what of a codebase would be sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from . import claude, prices, view
from .consult import REPAIRS
from .model import OFFLINE, Material
from .run import Run
from .step import Step

if TYPE_CHECKING:
    from .codebase import Codebase

DOCUMENT_LENGTH = 18_000
"""Characters a document that is not written yet is taken to have."""
PACE = 60
"""Tokens a model is assumed to write a second; nothing here has measured it."""
MOST_FILES = 40
"""Most quoted files that are listed one by one."""


@dataclass(frozen=True)
class Call:
    """One question: whose ``seat`` (its title), for which ``document``, tokens ``read`` and ``written``, US ``dollars``."""

    seat: str
    document: str
    read: int
    written: int
    dollars: float


@dataclass(frozen=True)
class Stage:
    """One step: its ``title``, its ``gate``, the ``notebook`` that shows it, and the ``calls`` that are made side by side."""

    title: str
    gate: str
    notebook: str
    calls: tuple[Call, ...]

    @property
    def seconds(self) -> float:
        """How long its slowest call is expected to take."""
        return max((call.written / PACE for call in self.calls), default=0.0)


@dataclass(frozen=True)
class Plan:
    """What is going to happen, fixed by recipe and code before a model reads the brief."""

    title: str
    recipe: str
    model: str
    budget: float
    stages: tuple[Stage, ...]
    codebase: Codebase | None

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every question, in order."""
        return tuple(call for stage in self.stages for call in stage.calls)

    @property
    def dollars(self) -> float:
        """US dollars it is expected to cost, when no draft needs mending."""
        return float(sum(call.dollars for call in self.calls))

    @property
    def lines(self) -> Iterator[str]:
        """The plan as a person reads it on a terminal."""
        yield f"Plan of execution: {self.title}"
        yield f"  recipe   {self.recipe}"
        yield f"  author   {self._author}"
        for number, stage in enumerate(self.stages, start=1):
            who = ", ".join(f"{call.seat} → {call.document.rpartition('/')[2]}" for call in stage.calls)
            beside = "side by side: " if len(stage.calls) > 1 else ""
            yield f"  {number}. {stage.title} ({stage.notebook}): {beside}{who or 'nobody is asked'}; then gate '{stage.gate}'"
        yield from (f"  {name:<8} {what}" for name, what in self.figures)
        yield from self.sent

    @property
    def _author(self) -> str:
        return "offline (rules, no model)" if self.model == OFFLINE else f"{self.model} at {claude.server()}"

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """Calls, tokens, cost and time, each with how it was reckoned."""
        calls = self.calls
        if self.model == OFFLINE:
            return (
                ("calls", f"{len(calls)} documents by rule"),
                ("cost", "$0.00, no tokens, nothing leaves this machine"),
            )
        read, written = sum(call.read for call in calls), sum(call.written for call in calls)
        known = prices.price(self.model) is not None
        cost = (
            f"about ${self.dollars:.2f} (prices as of {prices.as_of()})"
            if known
            else "no price is known for this model"
        )
        minutes = sum(stage.seconds for stage in self.stages) / 60
        return (
            (
                "calls",
                f"{len(calls)}; at most {len(calls) * (1 + REPAIRS)} when every draft has to be mended {REPAIRS} times",
            ),
            ("tokens", f"about {read:,} read and {written:,} written (four bytes taken for a token)"),
            ("cost", f"{cost}, hard cap ${self.budget:.2f}"),
            (
                "time",
                f"about {max(1, round(minutes))} minutes at an assumed {PACE} tokens a second, the gates not counted",
            ),
        )

    @property
    def sent(self) -> Iterator[str]:
        """Which files of the codebase are quoted to the authors, with what was redacted in them, and what was left out."""
        if self.codebase is None:
            return
        quoted = self.codebase.quoted
        size = sum(file.characters for file in quoted)
        yield f"  codebase {len(quoted)} of {self.codebase.files:,} files are quoted to the authors, {size:,} characters:"
        for file in quoted[:MOST_FILES]:
            redacted = ", ".join(f"{count} {kind}" for kind, count in sorted(file.redacted.items()))
            yield f"             {view.visible(file.path)} {file.characters:,}" + (
                f" (redacted: {redacted})" if redacted else ""
            )
        if len(quoted) > MOST_FILES:
            yield f"             and {len(quoted) - MOST_FILES} more, each named in codebase.md"
        for left in self.codebase.left_out:
            number = f" ({left.count:,})" if left.count > 1 else ""
            yield f"  left out {view.visible(left.what)}{number}: {left.why}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [
            (stage.title, call.seat, call.document, f"{call.read:,}", f"{call.written:,}", f"${call.dollars:.2f}")
            for stage in self.stages
            for call in stage.calls
        ]
        head = view.box("note", ["Plan of execution", *(f"{name}: {what}" for name, what in self.figures), *self.sent])
        return (
            head + view.table(("phase", "asked", "writes", "tokens read", "written", "expected"), rows)
        )._repr_mimebundle_()


def plan(run: Run) -> Plan:
    """What is going to happen in ``run``, read off its recipe and what it began with."""
    stages = tuple(Stage(step.title, step.name, step.notebook, _calls(run, step)) for step in run.phases)
    return Plan(run.title, run.recipe.name, run.model, run.budget, stages, run.landing)


def _calls(run: Run, step: Step) -> tuple[Call, ...]:
    calls = []
    for seat, name in step.asks:
        question = step.question(seat)
        missing = [read for read in step.reads if run.shelf.document(read) is None]
        unwritten = tuple(Material("document", read, "x" * DOCUMENT_LENGTH) for read in missing)
        whole = replace(question, materials=question.materials + unwritten)
        usual = prices.usual(whole)
        calls.append(Call(seat.title, name, usual.cache_write, usual.output, prices.expected(whole)))
    return tuple(calls)
