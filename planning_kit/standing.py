"""How one run stands, in a row: where it is, for whom it waits, what it found and cost; read off its folder, no check is run."""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from . import files, kept, prices
from .catalog import Catalog
from .errors import PlanningError
from .gate import SENT_BACK, Gate
from .model import OFFLINE, Usage
from .reviewers import Approval
from .run import Run
from .step import Step

NOBODY, PERSON, AUTHORS = "nobody", "a person", "its authors"
_MODEL = re.compile(rb'\n  "model": ("[^"\n]*")')
_PAID = {name: re.compile(rb'\n  "%s": (\{.*?\n  \})' % name, re.DOTALL) for name in (b"usage", b"lost")}


@dataclass(frozen=True)
class Standing:
    """How a run stands.

    Attributes:
        run: ``<slug>/<time>``.
        folder: where it is.
        title: what is planned.
        recipe: by name.
        model: who is asked, in words.
        options: of the recipe, as they were set.
        forked: the run it is a fork of, by label; empty when of none.
        state: ``finished``, ``waiting`` (somebody has to decide), ``unfinished`` (something is to be written) or ``broken``.
        phase: whose gate is closed; empty when none is.
        notebook: that shows it; the last one of a finished run.
        whom: who has to do something next: :data:`NOBODY`, :data:`PERSON` or :data:`AUTHORS`.
        why: what is missing, in words.
        mine: whether who asks can decide it.
        at_work: whether a process of this machine works on it.
        errors: that stood in its documents when they were written.
        warnings: likewise.
        edited: how many documents people have edited since.
        dollars: what it has cost, as its answers say.
        began: when, ISO 8601.
        last: when something was last written down, UTC, ISO 8601.
        rests_on: the earlier run whose documents it was given, by label; empty when none.
    """

    run: str
    folder: Path
    title: str = ""
    recipe: str = ""
    model: str = ""
    options: tuple[tuple[str, str], ...] = ()
    forked: str = ""
    state: str = "broken"
    phase: str = ""
    notebook: str = ""
    whom: str = NOBODY
    why: str = ""
    mine: bool = False
    at_work: bool = False
    errors: int = 0
    warnings: int = 0
    edited: int = 0
    dollars: float = 0.0
    began: str = ""
    last: str = ""
    rests_on: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """As plain values."""
        return {**asdict(self), "folder": str(self.folder), "options": dict(self.options), "dollars": round(self.dollars, 6)}  # fmt: skip

    @property
    def waits(self) -> str:
        """For whom it waits, in words."""
        if self.state in ("finished", "broken"):
            return NOBODY if self.state == "finished" else f"broken: {self.why}"
        whom = "you" if self.mine else f"{self.whom}, at work" if self.at_work else self.whom
        return f"{whom}: {self.why}" if self.why else whom

    @property
    def found(self) -> str:
        """What was found when its documents were written, in words."""
        edited = f", {self.edited} edited since" if self.edited else ""
        if not self.errors + self.warnings:
            return f"none{edited}" if self.phase or self.state == "finished" else ""
        return f"{_many(self.errors, 'error')}, {_many(self.warnings, 'warning')}{edited}"

    def age(self, now: datetime) -> str:
        """How long ago it began, in words."""
        try:
            seconds = (now - datetime.fromisoformat(self.began)).total_seconds()
        except (ValueError, TypeError):
            return ""
        for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
            if seconds >= size:
                return _many(int(seconds // size), unit)
        return "just now"


Catalogs = dict[tuple[tuple[str, bytes], ...], Catalog]
"""Catalogs by the names and bytes of a run's own files; runs of one team share them, and reading one takes longer than all the rest."""


def standing(run: Run, me: str = "", catalogs: Catalogs | None = None) -> Standing:
    """How ``run``, opened for this, stands for who goes by the name ``me``; of one that cannot be read, why.

    No check is run and no answer is verified: findings and cost are what the records and the answers say.

    Args:
        run: the run.
        me: who asks.
        catalogs: those that were read for runs before it, by what is in them; that of this run is put in.
    """
    try:
        if catalogs is not None:
            own = _own(run)
            run.catalog = catalogs[own] = catalogs.get(own) or run.catalog
        return _standing(run, me)
    except (PlanningError, OSError, ValueError, KeyError, TypeError, AttributeError, AssertionError) as error:
        return Standing(run.label, run.folder, why=" ".join(str(error).split())[:300] or type(error).__name__)


def _standing(run: Run, me: str) -> Standing:
    waiting, ordered = run.waiting, run.ordered
    records = list(run.journal)
    errors, warnings, edited = _found(run)
    options = tuple((str(key), str(value)) for key, value in run.options.items())
    last = records[-1].at if records else ""
    if waiting is None:
        state, whom, why, mine = "finished", NOBODY, "", False
    else:
        state, whom, why, mine = _next(waiting, me)
    shown = waiting or run.phases[-1]
    return Standing(
        run.label, run.folder, run.title, run.recipe.name, run.model, options, str(run.forked.get("label", "")), state,
        waiting.name if waiting else "", shown.notebook, whom, why, mine, _at_work(run), errors, warnings, edited,
        _dollars(run), str(ordered.get("began", "")), last, next((each.label for each in run.given.runs), ""),
    )  # fmt: skip


def _own(run: Run) -> tuple[tuple[str, bytes], ...]:
    """The consultants and recipes a run began with beside those shipped."""
    folder = run.folder / "catalog"
    return tuple((path.relative_to(folder).as_posix(), files.read(path)) for path in sorted(folder.glob("*/*")))


def _next(step: Step, me: str) -> tuple[str, str, str, bool]:
    """For whom the first closed gate waits: state, who, what is missing, and whether it is something for ``me``."""
    gate = step.own_gate
    back = [name for name in gate.subject if _returned(gate, name)]
    unwritten = [name for name, written in gate.subject.items() if not written]
    if back or unwritten or not step.ready:
        many = f"{len(unwritten)} of {len(gate.subject)} to be written" if unwritten else ""
        why = f"sent back by {gate.about(back[0])[-1].who}" if back else many or "the analyst has not been heard"
        return "unfinished", AUTHORS, why, False
    closed = [name for name in gate.subject if not gate.approved(name)]
    mine = bool(me) and any(_helps(gate, name, me) for name in closed)
    return "waiting", PERSON, _missing(gate, closed), mine


def _returned(gate: Gate, name: str) -> bool:
    """Whether ``name`` was sent back and is still what it was then."""
    last = gate.about(name)[-1:]
    return bool(last) and last[0].verdict == SENT_BACK and last[0].subject[name] == gate.subject[name]


def _missing(gate: Gate, closed: list[str]) -> str:
    """Which approvals the gate still needs, with the names of those who could give them."""
    given = gate.approvals(closed[0]) if closed else ()
    said = _lacking(gate, closed[0]) if closed else ""
    people = [f"{role}: {', '.join(who)}" for role in gate.policy.needs.roles if f"'{role}'" in said and (who := _having(gate, role))]  # fmt: skip
    moved = [why for why in gate.why if " changed after it was " in why]
    plain = said == "1 more person" and not given
    what = (moved[0] if moved else "nobody has decided yet") if plain else f"{said} {'have' if ' people' in said else 'has'} to approve"  # fmt: skip
    return f"{what} ({'; '.join(people)})" if people else what


def _having(gate: Gate, role: str) -> list[str]:
    return [name for name, roles in gate.policy.people.items() if role in roles]


def _lacking(gate: Gate, name: str, *more: Approval) -> str:
    """What is missing for ``name`` to be approved, if ``more`` were given: ``1 more person``."""
    given = [*(Approval(each.by, each.how) for each in gate.approvals(name)), *more]
    lacks = gate.policy.lacks(given, gate.editors.get(name, frozenset()))
    return lacks.removeprefix("approval of ").partition(" is needed")[0]


def _helps(gate: Gate, name: str, me: str) -> bool:
    """Whether the approval of ``me`` would bring the gate nearer to being open for ``name``."""
    return _lacking(gate, name) != _lacking(gate, name, Approval(me, "person"))


def _found(run: Run) -> tuple[int, int, int]:
    """Errors and warnings that stood when the documents were written, and how many were edited since."""
    errors = warnings = edited = 0
    for name in run.tree:
        last = run.shelf.drafted(name)
        if run.shelf.edited(name):
            edited += 1
        elif last:
            attempts = [each for each in last.body.get("attempts", ()) if each["kept"]]
            errors += attempts[-1]["errors"] if attempts else 0
            warnings += attempts[-1]["warnings"] if attempts else 0
    return errors, warnings, edited


def _at_work(run: Run) -> bool:
    """Whether a process of this machine holds the run; one that was killed holds it no more."""
    held = run.store.watch("driver.json") or run.store.watch("writer.json") or {}
    try:
        if held.get("host") != socket.gethostname():
            return False
        os.kill(int(held["pid"]), 0)
    except (OSError, KeyError, ValueError, TypeError, OverflowError):
        return False
    return True


def _dollars(run: Run) -> float:
    """What the run has cost, as its answers say."""
    if all(role.model == OFFLINE for role in run.roles.values()):
        return 0.0
    paid = (name for name in kept.names(run.store) if name.startswith("calls/") and Path(name).stem not in run.paid)
    return sum(dollars for name in paid for dollars in _costs(run, name)) + sum(
        prices.cost(lost.model, lost.usage) for lost in run.spool.lost() if not _answered(run, lost.asked)
    )


def _answered(run: Run, asked: str) -> bool:
    return run.store.path(f"calls/{asked[:2]}/{asked}.json").is_file()


def _costs(run: Run, name: str) -> Iterator[float]:
    """What the kept answer ``name`` cost: its figures are picked out of the file, whose lines are the ledger's."""
    data = files.read(run.store.path(name))
    model = _MODEL.search(data)
    for figures in _PAID.values():
        if model and (found := figures.search(data, data.rfind(b'\n "reply": {'))):
            yield prices.cost(str(json.loads(model.group(1))), Usage(**json.loads(found.group(1))))


def now() -> datetime:
    """The time to reckon ages from."""
    return datetime.now(UTC)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
