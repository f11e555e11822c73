"""A phase whose seats write documents: what they are asked, what they wrote, what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from . import checks, digest, view
from .catalog import Consultant
from .checks.about import About
from .consult import REPAIRS, Frame
from .document import Document, Finding
from .errors import PlanningError
from .facts import SECTIONS, write
from .factsheet import NAME as FACTS
from .model import OFFLINE, Material, Request
from .receipt import Receipt
from .sitting import Chair, sit
from .step import Step


class PhaseRun(Step):
    """A phase of documents; one without seats is a gate over the brief and the plan of execution."""

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
        now = self.run.sheet.now
        base |= {f"{FACTS}: {section}": now.digest(section) for section in SECTIONS}
        return {**base, **{name: self.run.shelf.digest(name) for name in self.reads}}

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

    def question(self, seat: Consultant) -> Request:
        """What ``seat`` is asked right now; all seats of a phase read the same materials."""
        facts = Material("facts", FACTS, write(self.run.sheet.now))
        read = [
            Material("document", name, there.text) for name in self.reads if (there := self.run.shelf.document(name))
        ]
        returned = self.returned
        seen = returned[-1].subject.get(self.document_name(seat.writes), "") if returned else ""
        rules = "\n".join(f"- {sentence}" for sentence in checks.promised(self._about(seat)))
        return Request(
            model=self.run.model,
            seat=seat.name,
            feature=self.run.title,
            role=seat.role,
            materials=(*self.shared, facts, *read),
            task=f"{seat.task(**self.known)}\n\nThe document's title is '# {seat.heading}: {self.run.title}'. It will be checked for this:\n{rules}",
            outline=seat.sections,
            remarks=tuple(decision.comment for decision in returned),
            draft=(self.run.store.version(seen) or "") if seen else "",
            today=self.run.today,
        )

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
                    handed.document, chair.asked, phase=self.name, seat=chair.request.seat, version=shelf.versions(chair.frame.name) + 1,
                    model=handed.reply.model, stop=handed.reply.stop, mended=handed.mended,
                    findings=len(handed.findings), seconds=round(handed.reply.seconds, 2),
                )  # fmt: skip
        self.run.store.forget("live.json")
        if stopped:
            raise stopped[0]

    def _chair(self, seat: Consultant, name: str) -> Chair:
        version, questions = self.run.shelf.versions(name) + 1, self.run.sheet.now.questions
        frame = Frame(name, f"{seat.heading}: {self.run.title}", self.run.recipe.name, version, questions)
        return Chair(self.question(seat), frame, self._about(seat), 0 if self.run.model == OFFLINE else REPAIRS)

    def _findings(self, seat: Consultant, name: str) -> tuple[Finding, ...]:
        document = self.run.shelf.document(name)
        if document is None:
            return ()
        stop = self.run.shelf.stop(name)
        return checks.check(document, replace(self._about(seat), complete=stop == "end_turn", stop=stop))

    def _about(self, seat: Consultant) -> About:
        passages = [passage.id for passage in self.run.brief.passages]
        remarks = [f"R{n}" for phase in self.run.phases[: self.at + 1] for n, _ in enumerate(phase.returned, start=1)]
        now = self.run.sheet.now
        settled = [question.name for question in now.questions]
        names = frozenset(passages + remarks + settled)
        return About(seat.sections, seat.checks, names, tuple(q.name for q in now.questions), self.run.tables)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [[seat.title, seat.writes, ", ".join(seat.reads) or "the brief"] for seat in self.seats]
        state = "open" if self.gate.open else f"closed: {'; '.join(self.gate.why)}"
        head = f"{self.title}. Gate '{self.name}': {state}."
        shown = view.box("done" if self.gate.open else "wait", [head])
        return (shown + view.table(["Consultant", "Writes", "Reads"], rows) if rows else shown)._repr_mimebundle_()

    def _keep(self) -> None:
        for document in self.documents:
            self.run.store.keep_version(document.text)
