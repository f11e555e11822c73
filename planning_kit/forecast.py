"""The plan of execution: who will be asked for what, in which order, at what cost, and what of a codebase would be sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from . import claude, prices, view
from .model import OFFLINE, Material
from .run import Run
from .stages import PACE, Call, Stage
from .step import Step

if TYPE_CHECKING:
    from .codebase import Codebase

DOCUMENT_LENGTH = 18_000
"""Characters a document that is not written yet is taken to have."""
NAME = "estimate.json"
"""The file in a run's folder that holds what was expected before anything was spent."""
MOST_FILES = 40
"""Most quoted files that are listed one by one."""


@dataclass(frozen=True)
class Plan:
    """What is going to happen, fixed by recipe and code before a model reads the brief.

    The seats of a step that share a prefix (model, materials, leave to search) are taken to find it in the server's
    cache, all but the first; from one step to the next nothing is taken to be left in it, since a person may think
    for more than an hour. No draft is taken to need mending, and no answer to be continued.
    """

    title: str
    recipe: str
    model: str
    budget: float
    stages: tuple[Stage, ...]
    codebase: Codebase | None
    looks_up: bool = False
    rests_on: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every question, in order."""
        return tuple(call for stage in self.stages for call in stage.calls)

    @property
    def dollars(self) -> float:
        """US dollars it is expected to cost; seats whose model has no known price are left out."""
        return float(sum(call.dollars for call in self.calls))

    @property
    def estimate(self) -> list[dict[str, Any]]:
        """What each seat is expected to take, as plain data; the offline author takes nothing and is left out.

        ``phase``, ``seat`` and ``document`` by name, the ``model``, tokens ``read`` and ``written``, US ``dollars``
        (``None`` where no price is known).
        """
        return [
            {
                "phase": stage.gate,
                "seat": call.name,
                "document": call.document,
                "model": call.model,
                "read": call.read,
                "written": call.written,
                "dollars": round(call.dollars, 6) if call.priced else None,
            }
            for stage in self.stages
            for call in stage.calls
            if call.model != OFFLINE
        ]

    @property
    def lines(self) -> Iterator[str]:
        """The plan as a person reads it on a terminal."""
        yield f"Plan of execution: {self.title}"
        yield f"  recipe   {self.recipe}"
        yield f"  author   {self._author}"
        if self.rests_on:
            yield f"  rests on {self.rests_on}"
        for number, stage in enumerate(self.stages, start=1):
            beside = "side by side: " if len(stage.calls) > 1 else ""
            then = f"; then gate '{stage.gate}'" if stage.decides else ", nothing is decided"
            yield f"  {number}. {stage.title} ({stage.notebook}): {beside}{stage.who or 'nobody is asked'}{then}"
        yield from (f"  left out {what}" for what in self.left_out)
        yield from (f"  {name:<8} {what}" for name, what in self.figures)
        yield from self.sent

    @property
    def _author(self) -> str:
        if self.model == OFFLINE:
            return "offline (rules, no model)"
        models = dict.fromkeys(call.model for call in self.calls) or [self.model]
        asked = [model for model in models if model != OFFLINE] or [self.model]
        rules = [call.seat for call in self.calls if call.model == OFFLINE]
        return f"{', '.join(asked)} at {claude.server()}" + (f"; by rule: {', '.join(rules)}" if rules else "")

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """Calls, tokens, cost and time, each with how it was reckoned."""
        calls = self.calls
        if self.model == OFFLINE:
            return (
                ("calls", f"{len(calls)} documents by rule"),
                (
                    "cost",
                    "$0.00, no tokens"
                    + (
                        "; well-known package names go to PyPI and npm"
                        if self.looks_up
                        else ", nothing leaves this machine"
                    ),
                ),
            )
        read, written = sum(call.read for call in calls), sum(call.written for call in calls)
        cached = sum(call.usage.cache_read for call in calls)
        return (
            (
                "calls",
                f"{len(calls)}; at most {sum(1 + call.repairs for call in calls)} when every draft has to be mended as often as its author may",
            ),
            (
                "tokens",
                f"about {read:,} read ({cached:,} of them from the cache) and {written:,} written "
                f"({prices.USUAL_BYTES:g} bytes taken for a token)",
            ),
            ("cost", f"{self.price}, {self.cap}"),
            ("time", self.estimated),
        )

    @property
    def estimated(self) -> str:
        """How long it is expected to take, in words."""
        if self.model == OFFLINE:
            return "less than a minute, the gates not counted"
        stages = {stage.together or stage.gate: 0.0 for stage in self.stages}
        for stage in self.stages:
            stages[stage.together or stage.gate] = max(stages[stage.together or stage.gate], stage.seconds)
        minutes = max(1, round(sum(stages.values()) / 60))
        return f"about {minutes} minutes at an assumed {PACE} tokens a second, the gates not counted"

    @property
    def price(self) -> str:
        """What it is expected to cost, in words, with what is not in it."""
        unknown = sorted({call.model for call in self.calls if not call.priced and call.model != OFFLINE})
        if unknown and not any(call.priced for call in self.calls):
            return f"no price is known for {', '.join(unknown)}"
        without = f", without {', '.join(unknown)}, whose price is not known" if unknown else ""
        return f"about ${self.dollars:.2f} when no draft needs mending (prices as of {prices.as_of()}{without})"

    @property
    def cap(self) -> str:
        """What the budget can stop, and whether it is enough for the dearest call."""
        if not any(call.priced for call in self.calls):
            return "so that no budget can stop it"
        dearest = max(self.calls, key=lambda call: call.most)
        short = (
            f", too little for {dearest.seat}, which may cost up to ${dearest.most:.2f}"
            if dearest.most > self.budget
            else ""
        )
        return f"hard cap ${self.budget:.2f}{short}"

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
            (stage.title, call.seat, call.document, call.model, f"{call.read:,}", f"{call.usage.cache_read:,}", f"{call.written:,}",
             f"${call.dollars:.2f}" if call.priced or call.model == OFFLINE else "no price known")
            for stage in self.stages
            for call in stage.calls
        ]  # fmt: skip
        columns = ("phase", "asked", "writes", "model", "tokens read", "of them cached", "written", "expected")
        rests = [f"rests on {self.rests_on}"] if self.rests_on else []
        left = (f"left out {what}" for what in self.left_out)
        head = view.box(
            "note",
            ["Plan of execution", *rests, *left, *(f"{name}: {what}" for name, what in self.figures), *self.sent],
        )
        return (head + view.table(columns, rows))._repr_mimebundle_()


def plan(run: Run) -> Plan:
    """What is going to happen in ``run``, read off its recipe and what it began with."""
    stages = tuple(
        Stage(step.title, step.name, step.notebook, _calls(run, step), step.own_gate.decides, step.act.phase.together)
        for step in run.phases
    )
    left = tuple(f"with {why}: {', '.join(files)}" for why, files in run.left_out.items())
    return Plan(
        run.title, run.recipe.name, run.model, run.budget, stages, run.landing, run.lookup, run.given.words, left
    )


def keep(run: Run) -> bool:
    """Keep the estimate with ``run``, once and for good, as :data:`NAME`; says whether it was not there before.

    A run that was asked something already gets none any more: an estimate is made before anything is spent.

    Raises:
        DiskRefused: the disk said no.
    """
    expected = plan(run).estimate
    if not expected or run.ledger.calls:
        return False
    return run.store.keep(NAME, json.dumps(expected, ensure_ascii=False, indent=1) + "\n")


def _calls(run: Run, step: Step) -> tuple[Call, ...]:
    calls = []
    warm: set[str] = set()
    for duty in step.duties:
        seat, name, question = duty.seat, duty.document, step.question(duty)
        missing = [read for read in step.reads if run.shelf.document(read) is None]
        unwritten = tuple(Material("document", read, "x" * DOCUMENT_LENGTH) for read in missing)
        whole = replace(question, materials=question.materials + unwritten)
        shared = prices.prefix(whole)
        usage, most = prices.usual(whole, shared in warm), prices.most(whole)
        calls.append(Call(seat.title, seat.name, name, whole.model, usage, most, seat.repairs))
        warm.add(shared)
    return tuple(calls)
