"""A run as it is told on a terminal: what is about to be spent, who is writing, what came out, what to do next."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from . import checklist, costs, terminal
from .model import OFFLINE
from .run import Run
from .tally import compared

if TYPE_CHECKING:
    from .pipeline import Event
    from .sitting import SeatProgress, Snapshot
    from .step import Step

MOST_NAMED = 6
"""The most seats at work that are told one by one; a line has an end."""
EVERY = 10.0
"""Seconds between two lines about the same state where the output is not a terminal."""


class Progress:
    """Told what goes on, says it on ``stream``: one line that changes on a terminal, plain lines elsewhere."""

    def __init__(self, run: Run, stream: TextIO) -> None:
        self._run = run
        self._stream = stream
        self._live = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._began = time.monotonic()
        self._last = ("", 0.0)

    def __call__(self, event: Event) -> None:
        """Say what happened."""
        if event.kind == "started":
            self._say(f"{event.notebook}: started")
        elif event.kind == "progress" and event.snapshot:
            self._update(*told(event.snapshot, event.notebook, self._clock()))
        elif event.kind == "finished":
            self._say(f"{event.notebook}: ended after {event.seconds:.1f} s")
            for phase in self._run.phases:
                if phase.notebook == event.notebook:
                    for receipt in phase.receipts:
                        self._say(*receipt.within(os.path.relpath(self._run.folder)).split("\n"))

    def _clock(self) -> str:
        seconds = int(time.monotonic() - self._began)
        return f"{seconds // 60:02d}:{seconds % 60:02d}"

    def _say(self, *lines: str) -> None:
        if self._live:
            terminal.clear(self._stream)
        terminal.tell(self._stream, *lines)

    def _update(self, state: str, line: str) -> None:
        if self._live:
            terminal.clear(self._stream)
            terminal.tell(self._stream, line[: shutil.get_terminal_size().columns - 1], end="")
        elif state != self._last[0] or time.monotonic() - self._last[1] > EVERY:
            self._last = (state, time.monotonic())
            self._say(line)


def told(now: Snapshot, notebook: str, clock: str) -> tuple[str, str]:
    """What changes seldom about a sitting, and the line that says everything; a note stands first, for a terminal may be narrow."""
    ended = ("done", "kept")
    busy = [seat for seat in now.seats if seat.state not in ended]
    state = ", ".join(_named(busy)) or "all done"
    if now.note:
        return f"{now.note.partition(';')[0]}: {state}", f"{notebook}: {now.note} · {clock}"
    words, tokens = sum(seat.words for seat in now.seats), sum(seat.read + seat.written for seat in now.seats)
    about = "~" if any(seat.about for seat in now.seats) else ""
    counted = f" · {about}{tokens:,} tokens" if tokens else ""
    dollars = f"{'~' if now.under_way else ''}${now.spent + now.under_way:.2f}"
    return state, f"{notebook}: {state} · {words:,} words{counted} · {dollars} · {clock}"


def _named(busy: Sequence[SeatProgress]) -> list[str]:
    """Each seat with what it does; of more than :data:`MOST_NAMED` how many do what."""
    if len(busy) <= MOST_NAMED:
        return [f"{seat.seat.removesuffix('-consultant')} {seat.state}" for seat in busy]
    return [f"{count} {state}" for state, count in Counter(seat.state for seat in busy).items()]


def program() -> str:
    """How the program is called from here: its name if the shell finds it, else its path."""
    if shutil.which("planning-kit"):
        return "planning-kit"
    return os.path.relpath(Path(sys.executable).parent / "planning-kit")


def greeting(run: Run) -> Iterator[str]:
    """What is about to happen, and what it will cost, before anything is spent."""
    yield f"Planning '{run.title}' with the recipe {run.recipe.name} in {os.path.relpath(run.folder)}"
    if run.given:
        yield f"rests on {run.given.words}"
    yield from _summary(run)
    if run.model == OFFLINE:
        yield "author: offline (rules, no model, no cost); a Claude model writes a better one: --model MODEL_ID with ANTHROPIC_API_KEY set"
        if (language := run.options.get("language", "en")) != "en":
            yield f"language: the offline author writes English, into the folder of '{language}'; a model writes '{language}'"
        return
    from . import claude, forecast

    plan = forecast.plan(run)
    silent = "" if run.abilities else " (which does not answer now)"
    yield f"author: {run.model} at {claude.server()}{silent}: {len(run.call_plan)} documents, {plan.price}, ${run.spent:.2f} spent, {plan.cap}"


def _summary(run: Run) -> Iterator[str]:
    """Phase by phase who is asked, side by side or alone; how many calls that are, and how long they are expected to take."""
    yield "Execution plan summary:"
    shown: set[str] = set()
    for number, step in enumerate(run.phases, start=1):
        if step.name in shown:
            continue
        steps = step.company
        shown |= {each.name for each in steps}
        last = number + len(steps) - 1
        phases = f"{number}" if last == number else f"{number}-{last}"
        yield f"  Phase {phases}: {', '.join(each.title for each in steps)}: {_asked(steps)}"
    for why, files in run.left_out.items():
        yield f"  left out with {why}: {', '.join(files)}"
    from . import forecast

    plan = forecast.plan(run)
    chosen = ", ".join(f"{key}={value}" for key, value in run.options.items())
    yield f"  {len(plan.calls)} calls; estimated completion: {plan.estimated}" + (f"; with {chosen}" if chosen else "")


def _asked(steps: Sequence[Step]) -> str:
    """Who is asked in ``steps``, which are written together."""
    seats = Counter(duty.seat.name for step in steps for duty in step.duties)
    if not seats:
        written = any(step.names for step in steps)
        return "filled in from a template, nobody is asked" if written else "read by rule, nobody is asked"
    named = " + ".join(f"{seat} × {count}" if count > 1 else seat for seat, count in seats.items())
    return named + (" (side by side)" if seats.total() > 1 else "")


def ways_on(run: Run, reviewer: str) -> Iterator[str]:
    """The commands, and the notebook, that decide the gate a run waits at; ``reviewer`` decides at the gates after it."""
    phase = run.waiting
    if phase is None:
        return
    where = run.address
    if phase.ready:
        yield f"  look       {program()} status {where}   (notebook: {phase.notebook}, documents: {os.path.relpath(run.folder / 'documents')})"
        yield f"  approve    {program()} approve {where} {phase.name} --by NAME"
        if phase.settles:
            yield f"  correct    {os.path.relpath(run.sheet.path)}   (any editor; the gates that rest on it follow)"
        unanswered = [question for question in run.sheet.now.questions if not question.answered]
        if "questions" in phase.settles and unanswered:
            yield f"  answer     {program()} answer {where} {unanswered[0].id} {unanswered[0].recommended}"
        if phase.can_be_sent_back:
            yield f"  send back  {program()} send-back {where} {phase.name} --by NAME --comment TEXT"
    policy = "" if reviewer == "person" else f" --reviewer {reviewer}"
    yield f"  then       {program()} resume {where}{policy}"


def farewell(run: Run) -> Iterator[str]:
    """Where everything is, and the next step."""
    last = run.phases[-1].documents
    yield f"The plan is finished: {run.title}"
    yield f"  plan       {os.path.relpath(run.shelf.path(last[0].name).parent if last else run.folder)}"
    if last:
        yield f"  read first {os.path.relpath(run.shelf.path(last[0].name))}"
    yield f"  notebooks  {os.path.relpath(run.folder / 'notebooks')}"
    for line in checklist.of(run).lines:
        yield f"  {line}"
    account, off = run.ledger.account, compared(costs.of(run).total.off)
    yield f"  cost       ${account.dollars:.2f} ({account.calls} answer{'' if account.calls == 1 else 's'} by {run.model}){off and f', {off}'}"
    yield f"  next       {program()} export {run.address} --to DIR   hand it over as plain markdown"
