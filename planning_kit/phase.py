"""One phase of a run: who sits in it, what they wrote, what is wrong with it, and its gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import checks, digest, gate, view
from .catalog import Consultant
from .checks.about import About
from .consult import REPAIRS, Frame
from .document import Document, Finding
from .errors import AwaitingApproval, OptionRefused, PlanningError, nearest
from .gate import APPROVED, SENT_BACK, Decision, Gate
from .model import OFFLINE, Material, Request
from .receipt import Receipt
from .sitting import Chair, Snapshot, sit

if TYPE_CHECKING:
    from .run import Run

REVIEWERS = ("person", "clean")


class PhaseRun:
    """A phase of ``run``; everything is read off the run's folder at each question."""

    def __init__(self, run: Run, at: int) -> None:
        self.run = run
        self.at = at
        self._phase = run.recipe.phases[at]
        self.name = self._phase.name
        self.title = self._phase.title
        self.notebook = self._phase.notebook

    @cached_property
    def seats(self) -> tuple[Consultant, ...]:
        """Who is asked, in order; side by side."""
        return tuple(self.run.catalog.consultants[name] for name in self._phase.seats)

    def document_name(self, file: str) -> str:
        """The name under ``documents/`` of a file in the recipe's folder."""
        return f"{self.run.recipe.documents.replace('{slug}', self.run.slug)}/{file}"

    @property
    def names(self) -> tuple[str, ...]:
        """The documents this phase writes, in the order of its seats."""
        return tuple(self.document_name(seat.writes) for seat in self.seats)

    @property
    def reads(self) -> tuple[str, ...]:
        """The documents its seats read, each once."""
        return tuple(dict.fromkeys(self.document_name(file) for seat in self.seats for file in seat.reads))

    def path(self, name: str) -> Path:
        """Where the document called ``name`` is."""
        return self.run.shelf.path(name)

    @property
    def documents(self) -> tuple[Document, ...]:
        """What is written, as it is now."""
        return tuple(document for name in self.names if (document := self.run.shelf.document(name)))

    @property
    def subject(self) -> dict[str, str]:
        """What an approval would name right now: name → SHA-256, empty for what is not written yet."""
        if not self.seats:
            return {"brief.md": self.run.brief.digest, "plan of execution": digest.of_fact(self.run.call_plan)}
        return {name: self.run.shelf.digest(name) for name in self.names}

    @property
    def rests_on(self) -> dict[str, str]:
        """What its documents were written from: name → SHA-256."""
        if not self.seats:
            return {}
        base = {"brief.md": self.run.brief.digest}
        if self.run.codebase:
            base["codebase.md"] = digest.of_text(self.run.codebase)
        return {**base, **{name: self.run.shelf.digest(name) for name in self.reads}}

    @property
    def gate(self) -> Gate:
        """Its gate, as it stands now."""
        closed = [phase.name for phase in self.run.phases[: self.at] if not phase.own_gate.open]
        return replace(self.own_gate, before=(f"the gate '{closed[0]}' before it is closed",) if closed else ())

    @property
    def own_gate(self) -> Gate:
        """Its gate, leaving those before it aside."""
        decided = gate.decisions(self.run.journal, self.name)
        return Gate(self.name, self.subject, self.rests_on, decided[-1] if decided else None)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks say about the documents as they are now."""
        return tuple(f for seat, name in zip(self.seats, self.names, strict=True) for f in self._findings(seat, name))

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """One per document, and nothing longer."""
        found = []
        for document in self.documents:
            stop = self.run.shelf.stop(document.name)
            trouble = "" if stop == "end_turn" else f"the answer ended with '{stop}'"
            found.append(Receipt(f"documents/{document.name}", document.key_decisions or "none given", trouble))
        return tuple(found)

    @property
    def returned(self) -> tuple[Decision, ...]:
        """The decisions that sent its documents back, oldest first."""
        return tuple(d for d in gate.decisions(self.run.journal, self.name) if d.verdict == SENT_BACK)

    def question(self, seat: Consultant) -> Request:
        """What ``seat`` is asked right now; all seats of a phase read the same materials."""
        known = {
            "feature": self.run.title,
            "today": self.run.today,
            "recipe": self.run.recipe.name,
            "options": self.run.options,
        }
        shared = [Material("passage", passage.id, passage.text) for passage in self.run.brief.passages]
        if self.run.codebase:
            shared.append(Material("codebase", "codebase", self.run.codebase))
        shared += [
            Material("document", read, document.text)
            for read in self.reads
            if (document := self.run.shelf.document(read))
        ]
        returned = self.returned
        seen = returned[-1].subject.get(self.document_name(seat.writes), "") if returned else ""
        rules = "\n".join(f"- {sentence}" for sentence in checks.promised(self._about(seat)))
        return Request(
            model=self.run.model,
            seat=seat.name,
            feature=self.run.title,
            role=seat.role,
            materials=tuple(shared),
            task=f"{seat.task(**known)}\n\nThe document's title is '# {seat.heading}: {self.run.title}'. It will be checked for this:\n{rules}",
            outline=seat.sections,
            remarks=tuple(decision.comment for decision in returned),
            draft=(self.run.store.version(seen) or "") if seen else "",
            today=self.run.today,
        )

    def consult(self) -> PhaseRun:
        """Have every seat that owes a document write it, side by side; asks nothing twice.

        An open gate consults nobody, and a person's edit is never overwritten.

        Raises:
            AwaitingApproval: a gate before this one is closed.
            ModelStopped, BudgetSpent: a seat got no answer; the others' documents are kept.
            RunHeld: another process works on this run.
        """
        if closed := [phase for phase in self.run.phases[: self.at] if not phase.gate.open]:
            closed[0].require()
        if self.seats and not self.gate.open:
            with self.run.store.write():
                self._sit()
        return self

    def _sit(self) -> None:
        shelf = self.run.shelf
        chairs = []
        for seat, name in zip(self.seats, self.names, strict=True):
            shelf.settle(name)
            shelf.note_edit(name)
            chair = self._chair(seat, name)
            if shelf.owes(name, chair.asked, {decision.subject.get(name, "") for decision in self.returned}):
                chairs.append(chair)
        stopped: list[PlanningError] = []
        for chair, handed in sit(chairs, self.run.ledger, self._watch) if chairs else ():
            if isinstance(handed, PlanningError):
                stopped.append(handed)
            else:
                shelf.place(
                    handed.document, chair.asked, phase=self.name, seat=chair.request.seat, version=chair.frame.version,
                    model=handed.reply.model, stop=handed.reply.stop, mended=handed.mended,
                    findings=len(handed.findings), seconds=round(handed.reply.seconds, 2),
                )  # fmt: skip
        self.run.store.forget("live.json")
        if stopped:
            raise stopped[0]

    def _chair(self, seat: Consultant, name: str) -> Chair:
        frame = Frame(
            name, f"{seat.heading}: {self.run.title}", self.run.recipe.name, self.run.shelf.versions(name) + 1
        )
        return Chair(self.question(seat), frame, self._about(seat), 0 if self.run.model == OFFLINE else REPAIRS)

    def _watch(self, chairs: Sequence[Chair], seconds: float) -> None:
        snapshot = Snapshot(self.name, tuple(chair.progress for chair in chairs), self.run.spent, seconds)
        self.run.store.glance("live.json", asdict(snapshot))
        self.run.face.progress(snapshot)

    def review(self, reviewer: str = "person") -> Any:
        """Show what is to be decided; ``clean`` lets the policy approve what has no findings.

        Raises:
            OptionRefused: no such reviewer.
        """
        if reviewer not in REVIEWERS:
            raise OptionRefused(f"no such reviewer: {reviewer!r}{nearest(reviewer, REVIEWERS)}")
        if reviewer == "clean" and not self.gate.open and all(self.subject.values()):
            findings = len(self.findings)
            if not gate.policy_refuses(self.gate, findings):
                self._decide(APPROVED, "clean", "policy", "no check found anything", None)
        return self.run.face.review(self)

    def require(self) -> Any:
        """Pass, or stop here.

        Raises:
            AwaitingApproval: the gate is closed; says why and what decides it.
        """
        if (now := self.gate).open:
            return view.box("done", [f"Gate '{self.name}' is open: {now.decision}."])
        found = [] if now.before else [str(finding) for finding in self.findings]
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        checks_say = f"; the checks found: {found[0]}{more}" if found else ""
        raise AwaitingApproval(f"gate '{self.name}' is closed: {'; '.join(now.why)}{checks_say}. {self.how_to_decide}")

    @property
    def how_to_decide(self) -> str:
        """What a person does next."""
        if not all(self.subject.values()):
            return f"Run the notebook {self.notebook} to have it written."
        return f"Decide in the notebook {self.notebook}, or with: planning-kit approve {self.run.address} {self.name} --by NAME"

    def approve(self, by: str, comment: str = "", subject: Mapping[str, str] | None = None) -> Decision:
        """Approve exactly ``subject`` (what was shown; by default what is there now), as a person.

        Raises:
            OptionRefused: nobody is named, or something is not written yet.
            AwaitingApproval: a gate before is closed, or a file changed since it was shown.
        """
        return self._decide(APPROVED, by, "person", comment, subject)

    def send_back(self, by: str, comment: str, subject: Mapping[str, str] | None = None) -> Decision:
        """Send the documents back to their authors with ``comment``, which they will read.

        Raises:
            OptionRefused: nobody is named, the comment is blank, or there is nothing to send back.
            AwaitingApproval: a file changed since it was shown.
        """
        if not comment.strip():
            raise OptionRefused(
                f"sending '{self.name}' back needs a comment: its authors read it before they write again"
            )
        if not self.seats:
            raise OptionRefused(
                f"'{self.name}' has no author to send it back to; change the brief or the options and run again"
            )
        return self._decide(SENT_BACK, by, "person", comment, subject)

    def _decide(self, verdict: str, by: str, how: str, comment: str, subject: Mapping[str, str] | None) -> Decision:
        if not by.strip():
            raise OptionRefused(f"say who decides about '{self.name}': --by NAME")
        with self.run.store.write():
            now = self.gate
            if missing := [name for name, written in now.subject.items() if not written]:
                raise OptionRefused(f"{missing[0]} is not written yet; {self.how_to_decide}")
            if subject is not None and dict(subject) != dict(now.subject):
                raise AwaitingApproval("the documents changed since they were shown; look at them again, then decide")
            if now.before and verdict == APPROVED:
                raise AwaitingApproval(f"'{self.name}' cannot be approved: {now.before[0]}")
            if now.decision and now.open and verdict == APPROVED:
                return now.decision
            for document in self.documents:
                self.run.store.keep_version(document.text)
            record = self.run.journal.add(
                "decided", phase=self.name, verdict=verdict, by=by.strip(), how=how, comment=comment.strip(),
                subject=dict(now.subject), rests_on=dict(now.rests_on), findings=len(self.findings),
            )  # fmt: skip
        return Decision.of(record)

    def _findings(self, seat: Consultant, name: str) -> tuple[Finding, ...]:
        document = self.run.shelf.document(name)
        if document is None:
            return ()
        stop = self.run.shelf.stop(name)
        return checks.check(document, replace(self._about(seat), complete=stop == "end_turn", stop=stop))

    def _about(self, seat: Consultant) -> About:
        passages = [passage.id for passage in self.run.brief.passages]
        remarks = [f"R{n}" for phase in self.run.phases[: self.at + 1] for n, _ in enumerate(phase.returned, start=1)]
        return About(seat.sections, seat.checks, frozenset(passages + remarks))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [[seat.title, seat.writes, ", ".join(seat.reads) or "the brief"] for seat in self.seats]
        state = "open" if self.gate.open else f"closed: {'; '.join(self.gate.why)}"
        head = f"{self.title}. Gate '{self.name}': {state}."
        shown = view.box("done" if self.gate.open else "wait", [head])
        return (shown + view.table(["Consultant", "Writes", "Reads"], rows) if rows else shown)._repr_mimebundle_()
