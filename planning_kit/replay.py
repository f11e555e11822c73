"""A run made again from its kept answers, with no model and no network: do its documents come out byte for byte the same?"""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from . import authors, digest, facts, files
from .consult import Draft, consult
from .errors import BudgetSpent, Damaged, OptionRefused, PlanningError
from .factsheet import NAME as FACTS
from .journal import Record, record_name
from .ledger import Ledger
from .model import Hear, Reply, Request
from .phase import PhaseRun
from .rendering import Rendering
from .replayed import DIFFERS, NOT, SAME, Made, Played, first_difference
from .research import NAME as SOURCES
from .research import Sources
from .run import Run
from .settling import Settling
from .store import Store
from .unrolled import Duty

GIVEN = (
    "run.json",
    "brief.md",
    "codebase.md",
    "codebase.json",
    "reviewers.yaml",
    "given.json",
    "given",
    "server.json",
    "catalog",
    "calls",
    "versions",
)
"""What a replay is given of a run's folder beside its records: files and folders."""


def replay(run: Run) -> Played:
    """Make everything that an author wrote for ``run`` again, each from what was there when it was asked; the folder of ``run`` is only read.

    What a step rests on is taken from the record, so one step that differs makes no other differ.

    Raises:
        Damaged: the journal or the beginning of the run cannot be read: ``planning-kit verify`` says what is wrong.
    """
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        return _Replay(run, Path(folder).resolve()).all()


class _Nobody:
    """Who is asked when no answer is kept."""

    def send(self, request: Request, hear: Hear) -> Reply:
        """Nothing may be spent in a replay.

        Raises:
            BudgetSpent: always.
        """
        again = "to mend its draft" if request.findings else "to go on" if request.turns else "what it is asked"
        raise BudgetSpent(f"no answer of {request.seat} is kept to {again}")


class _Replay:
    def __init__(self, original: Run, folder: Path) -> None:
        self._original = original
        self._records = tuple(original.journal)
        _copied(original.store, folder)
        self._store = Store(folder)
        self._run = Run(self._store, author=lambda: authors.Authors(_Nobody))
        self._run.ledger = Ledger(self._store, lambda: authors.Authors(_Nobody), math.inf)
        self._rows = Sources(original.store).all
        self._drafts: dict[int, Draft] = {}
        self._taken: dict[str, int] = {}
        self._store.replace(FACTS, original.proposal)

    def all(self) -> Played:
        """Every record in order."""
        made: dict[int, Made] = {}
        for at, record in enumerate(self._records):
            if _is_made(record):
                if record.seq not in made:
                    together = tuple(_together(self._records[at:]))
                    with ThreadPoolExecutor(len(together)) as pool:
                        made |= dict(zip((each.seq for each in together), pool.map(self._made, together), strict=True))
                if made[record.seq].how != SAME:  # it may have been asked later than those it was placed with
                    made[record.seq] = self._made(record)
            elif record.kind != "placed":
                self._taken[record.kind] = self._taken.get(record.kind, 0) + 1
            self._follow(record)
        return Played(self._original.label, (*made.values(), *self._lying()), self._taken, tuple(self._notes()))

    def _follow(self, record: Record) -> None:
        """Have the folder as it was after ``record``."""
        body = record.body
        self._store.keep(record_name(record.seq), record.bytes().decode("utf-8"))
        if record.kind in ("drafted", "edited", "placed"):
            self._put(f"documents/{body['document']}", body["digest"])
        elif record.kind == "settled":
            self._put(FACTS, body["digest"])
        elif record.kind == "decided":
            for name in self._run.tree:
                if name in body["subject"]:
                    self._put(f"documents/{name}", body["subject"][name])
        if record.kind in ("drafted", "looked-up"):
            self._sourced(record)

    def _put(self, name: str, sha: str) -> None:
        text = self._store.version(sha)
        if text is not None:
            self._store.replace(name, text)

    def _sourced(self, record: Record) -> None:
        """Have the sources as they were after ``record``, as far as the run still has them."""
        name = str(record.body.get("document", ""))
        there = [source for source in Sources(self._store).all if source.document != name]
        fresh = [source for source in self._rows if source.document == name]
        if record.kind == "looked-up":
            fresh = fresh[: int(record.body["found"])]
        elif draft := self._drafts.get(record.seq):
            self._phase(record).cite(draft)
            return
        if fresh:
            rows = [asdict(source) for source in (*there, *fresh)]
            self._store.replace(SOURCES, json.dumps(rows, indent=1, ensure_ascii=False) + "\n")

    def _phase(self, record: Record) -> PhaseRun:
        phase = self._run.phase(record.body["phase"])
        assert isinstance(phase, PhaseRun)
        return phase

    def _made(self, record: Record) -> Made:
        """What ``record`` says was made, made again as things are now."""
        what = _what(record)
        try:
            phase = self._run.phase(record.body["phase"])
            if isinstance(phase, Rendering):
                return self._rendered(phase, record)
            return (
                self._settled(phase, record)
                if isinstance(phase, Settling)
                else self._drafted(self._phase(record), record)
            )
        except Damaged:
            asked = str(record.body["asked"])
            return Made(
                record.seq,
                what,
                NOT,
                f"its kept answer calls/{asked[:2]}/{asked}.json, or one that followed it, was changed or cannot be read",
            )
        except (PlanningError, AssertionError, KeyError) as error:
            return Made(record.seq, what, NOT, " ".join(str(error).split())[:300])

    def _drafted(self, phase: PhaseRun, record: Record) -> Made:
        name = record.body["document"]
        duties = {duty.document: duty for duty in phase.duties}
        if name not in duties:
            return Made(record.seq, _what(record), NOT, f"nobody writes it at '{phase.name}' in this version")
        draft, other = self._written(phase, duties[name], record.body["asked"])
        if draft is None:
            return Made(record.seq, _what(record), DIFFERS, other)
        draft = phase.told_apart(draft)
        then = [each["digest"] for each in record.body.get("attempts", ())]
        now = [attempt.document.digest for attempt in draft.attempts]
        if draft.document.digest == record.body["digest"] and (not then or then == now):
            self._drafts[record.seq] = draft
            return Made(record.seq, _what(record), SAME)
        return self._different(
            record, draft.document.text, f"; {len(then)} attempts then, {len(now)} now" if len(then) != len(now) else ""
        )

    def _rendered(self, phase: Rendering, record: Record) -> Made:
        text = phase.rendered(record.body["document"])
        same = digest.of_text(text) == record.body["digest"]
        return Made(record.seq, _what(record), SAME) if same else self._different(record, text, "")

    def _settled(self, phase: Settling, record: Record) -> Made:
        duties = phase.duties
        draft, other = (
            self._written(phase, duties[0], record.body["asked"])
            if duties
            else (None, "no analyst is asked in this version")
        )
        if draft is None:
            return Made(record.seq, _what(record), DIFFERS, other)
        new, refused = phase.refined(draft)
        text = facts.write(new) if new != self._run.sheet.now else self._run.sheet.text
        if digest.of_text(text) == record.body["digest"] and refused == record.body["refused"]:
            return Made(record.seq, _what(record), SAME)
        return self._different(record, text, "")

    def _written(self, phase: PhaseRun | Settling, duty: Duty, asked: str) -> tuple[Draft | None, str]:
        """What is handed in for ``duty``, or why it is another question than was ``asked``."""
        chair = phase.chair(duty)
        if chair.asked != asked:
            return (
                None,
                f"{duty.who} is asked something else than then ({digest.short(chair.asked)}, then {digest.short(asked)}): its rules, its prompt or what it reads",
            )
        return consult(chair.request, chair.frame, chair.about, phase.author, _ignore, _ignore, chair.repairs), ""

    def _different(self, record: Record, now: str, more: str) -> Made:
        then = self._store.version(record.body["digest"])
        if then is None:
            return Made(record.seq, _what(record), NOT, "the text it is compared with is missing from versions/")
        return Made(record.seq, _what(record), DIFFERS, f"{first_difference(then, now)}{more}")

    def _lying(self) -> Iterator[Made]:
        """The documents as they lie there, against what they are by the record."""
        for name in self._run.tree:
            then, now = self._store.read(f"documents/{name}"), _read(self._original.store, f"documents/{name}")
            if then is not None and now != then:
                said = "it is missing" if now is None else first_difference(then, now)
                yield Made(0, f"documents/{name} as it lies there", DIFFERS, said)

    def _notes(self) -> Iterator[str]:
        now, then = version("planning-kit"), self._original.ordered.get("planning_kit", "")
        if now != then:
            yield f"the run was begun with planning-kit {then or 'of an unknown version'}, this is {now}: what differs may come from that"
        if any("taken" in record.body for record in self._records):
            yield "what was taken over from another run is not made again here; replay that run"


def _is_made(record: Record) -> bool:
    """Whether an author made what the record is about, for this run."""
    model = record.kind == "settled" and record.body.get("how") == "model"
    return (model or record.kind == "drafted") and "taken" not in record.body and "asked" in record.body


def _together(records: Sequence[Record]) -> Iterator[Record]:
    """Of ``records`` those that were made, from the first one on, as long as nothing else happened in between."""
    for record in records:
        if _is_made(record) and record.body.get("phase") == records[0].body.get("phase"):
            yield record
        elif record.kind != "placed":
            return


def _what(record: Record) -> str:
    if record.kind == "settled":
        return f"{FACTS} as refined at '{record.body.get('phase', '')}'"
    return f"{record.body['document']}, draft {record.body.get('version', '')}"


def _copied(store: Store, to: Path) -> None:
    """Put what a replay is given into the folder ``to``; links are left out, and so is what is half-written."""
    for given in GIVEN:
        start = store.folder / given
        for path in sorted(start.rglob("*")) if start.is_dir() and not start.is_symlink() else [start]:
            name = path.relative_to(store.folder).as_posix()
            try:
                data = files.read(store.path(name))
            except (OSError, OptionRefused):
                continue
            place = to / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)


def _read(store: Store, name: str) -> str | None:
    try:
        return store.read(name)
    except Damaged:
        return None


def _ignore(said: str) -> None:
    """Nobody watches."""
