"""What a fork takes over from the run it comes from: facts, documents, remarks, and approvals of the very same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from . import digest, research
from .factsheet import NAME as FACTS
from .gate import APPROVED, SENT_BACK, Gate
from .journal import Record
from .kept import fresh
from .research import Sources
from .run import Run
from .step import Step
from .unrolled import Duty

BY = "carried over"
"""The rule by which a fork's gates are approved: a person has approved the same bytes in the run it comes from."""
_SAID = ("commented", "withdrawn")


@dataclass(frozen=True)
class Carried:
    """What was taken over.

    Attributes:
        documents: their names, in the order of the recipe.
        approved: phase → what is approved at its gate by the rule :data:`BY`.
        again: phase → why somebody has to decide there again, one sentence for each thing.
    """

    documents: tuple[str, ...] = ()
    approved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    again: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def carry(parent: Run, run: Run, at: int) -> Carried:
    """Put into ``run``, which has just begun, what it takes over from ``parent``: all of the phases before place ``at``.

    The facts are taken over as they are, whoever settled them. Nothing is written into the folder of ``parent``.

    Raises:
        Damaged: a record, a document or the sources of ``parent`` cannot be read.
    """
    return _Carrying(parent, run, at).all()


class _Carrying:
    def __init__(self, parent: Run, run: Run, at: int) -> None:
        self.parent, self.run, self.at = parent, run, at
        self.records = tuple(parent.journal)
        self.places: dict[int, int] = {}
        """Places of comments: in the parent's journal → in this one."""

    def all(self) -> Carried:
        self._versions()
        names = [name for step in self.parent.phases[: self.at] for name in step.names if self._text(name)]
        self._looked_up(names)
        self._facts()
        for step in self.before:
            if step.names:
                self._documents(step, [name for name in step.names if name in names])
        approved, again = {}, {}
        for step in self.before:
            approved[step.name], again[step.name] = self._gate(step)
        return Carried(tuple(names), approved, again)

    @property
    def before(self) -> list[Step]:
        """The steps of the fork that its run went through before the phase; options may have given either of them steps the other has not."""
        names = {step.name for step in self.parent.phases[: self.at]}
        return [step for step in self.run.phases if step.name in names]

    def _versions(self) -> None:
        for path in sorted((self.parent.folder / "versions").glob("*/*.md")):
            text = self.parent.store.version(path.stem)
            if text is not None and digest.of_text(text) == path.stem:
                self.run.store.keep_version(text)

    def _text(self, name: str) -> str | None:
        """A document of the parent as it is now; as it was last recorded when its file is gone."""
        there = self.parent.shelf.document(name)
        history = self.parent.shelf.history(name)
        return there.text if there else self.parent.store.version(history[-1].body["digest"]) if history else None

    def _looked_up(self, names: list[str]) -> None:
        """What was looked up, as far as a document that is taken over cites it or it would be looked up in the same way again."""
        parts: set[str] = set(names)
        taken = {step.name for step in self.before}
        for step in self.run.phases:
            for record in self.parent.journal.of("looked-up", phase=step.name):
                same = all(self.parent.role(seat.name) == self.run.role(seat.name) for seat in step.seats)
                if step.name in taken or (same and self.parent.lookup == self.run.lookup):
                    self._add(record)
                    parts.add("")
        kept = [asdict(source) for source in Sources(self.parent.store).all if source.document in parts]
        if kept:
            self.run.store.replace(research.NAME, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")

    def _facts(self) -> None:
        settling = {step.name: step for step in self.before if step.settles}
        for record in self.records:
            if record.kind == "settled":
                self._add(record)
            else:
                self._remark(record, settling)
        self.run.store.replace(FACTS, self.parent.sheet.text)
        self.run.sheet.keep()
        now = digest.of_text(self.run.sheet.text)
        for step in settling.values():
            then = self.parent.phase(step.name)
            if not then.own_gate.open and not then.ready:
                continue
            for duty in step.duties:
                if self.run.sheet.refined(asked := step.question(duty).digest) is None:
                    why = f"taken over from {self.parent.label}"
                    self.run.journal.add("settled", digest=now, how="rule", by=BY, why=why, phase=step.name, asked=asked, refused="")  # fmt: skip

    def _documents(self, step: Step, names: list[str]) -> None:
        """The documents of a step, with everything that was written and said about them."""
        last = {name: drafted.seq for name in names if (drafted := self.parent.shelf.drafted(name))}
        duties = {duty.document: duty for duty in step.duties}
        for record in self.records:
            name = record.body.get("document", "")
            if record.kind in ("drafted", "edited") and name in names:
                mine = record.seq == last.get(name) and name in duties and self._current(step, duties[name], record)
                self._add(record, **({"asked": step.question(duties[name]).digest} if mine else {}))
            else:
                self._remark(record, {step.name: step})
        for name in names:
            written = [r for r in self.run.shelf.history(name) if r.kind == "drafted" or r.body.get("by")]
            if written:
                self.run.journal.add("placed", document=name, digest=written[-1].body["digest"])
            self.run.store.replace(f"documents/{name}", self._text(name) or "")
            self.run.shelf.note_edit(name)

    def _current(self, step: Step, duty: Duty, record: Record) -> bool:
        """Whether the last draft answers what its author was asked last, or is approved all the same: then it is written."""
        then = self.parent.phase(step.name)
        return then.own_gate.approved(duty.document) or record.body["asked"] == then.question(duty).digest

    def _remark(self, record: Record, steps: Mapping[str, Step]) -> None:
        """What somebody said about one of ``steps``; a decision that sent it back becomes one by rule."""
        if record.body.get("phase") not in steps:
            return
        if record.kind in _SAID:
            at = record.body.get("comment", 0)
            added = self._add(record, **({"comment": self.places[at]} if record.kind == "withdrawn" else {}))
            self.places[record.seq] = added.seq
        elif record.kind == "decided" and record.body["verdict"] == SENT_BACK:
            comments = [self.places[each] for each in record.body.get("comments", ())]
            more: dict[str, Any] = {"comments": comments} if comments else {}
            self._add(record, by=BY, how="policy", **more)

    def _add(self, record: Record, **other: Any) -> Record:
        """Write down ``record`` here, with where it comes from, and ``other`` values for some of its fields."""
        body = {name: value for name, value in record.body.items() if name not in ("signed", "kept")}
        taken = {"run": self.parent.id, "seq": record.seq, "at": record.at}
        taken |= {"by": record.body["by"]} if record.body.get("by") else {}
        return self.run.journal.add(record.kind, **{**body, **other, "taken": taken})

    def _gate(self, step: Step) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Approve at a gate what was approved at the parent's, as far as it is the same; gives that, and why the rest is not."""
        then, now = self.parent.phase(step.name).own_gate, step.own_gate
        why = {name: _differs(then, now, name) for name in now.subject}
        names = [name for name, said in why.items() if not said]
        if names:
            approvals = {each.seq: each for name in names for each in then.approvals(name)}
            said = ", ".join(f"{each} (record {each.seq})" for each in approvals.values())
            journal, versions = self.run.journal, {name: self.run.shelf.versions(name) for name in names if name in step.names}  # fmt: skip
            comment = f"taken over from {self.parent.label}, run {self.parent.id}, whose journal ended with {self.parent.journal.head}: {said}"
            findings = self.records[max(approvals) - 1].body.get("findings", 0)
            unnamed = fresh(self.run.store, journal)
            more: dict[str, Any] = {"kept": unnamed} if unnamed else {}
            taken = {"run": self.parent.id, "label": self.parent.label, "head": self.parent.journal.head, "records": sorted(approvals)}  # fmt: skip
            journal.add(
                "decided", phase=step.name, verdict=APPROVED, by=BY, how="policy", comment=comment, subject={name: now.subject[name] for name in names},
                rests_on=dict(now.rests_on), findings=findings, versions=versions, taken=taken, **more,
            )  # fmt: skip
        return tuple(names), tuple(dict.fromkeys(said for said in why.values() if said))


def _differs(then: Gate, now: Gate, name: str) -> str:
    """Why the approval of ``name`` is not taken over; empty when it is."""
    if not now.policy.needs.rule:
        return "only people may approve it, as the reviewers' file says"
    if not now.subject[name]:
        return f"{name} was not written"
    if not then.approved(name):
        return f"{name} was not approved"
    if then.subject[name] != now.subject[name]:
        return f"{name} is another one here"
    moved = [each for each in {**then.rests_on, **now.rests_on} if then.rests_on.get(each) != now.rests_on.get(each)]
    return f"{name} rests on {moved[0]}, which is another one here" if moved else ""
