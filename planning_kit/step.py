"""One step of a run with one gate: who is asked for what, and what they read."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from . import gate, view
from .desk import Desk
from .document import Document
from .errors import OptionRefused, nearest
from .gate import APPROVED
from .model import Material, Request, Transport
from .receipt import Receipt
from .sitting import SeatProgress, Watching
from .turns import Whole
from .unrolled import Duty

REVIEWERS = ("person", "clean")


class Step(Desk):
    """The step at place ``at`` of ``run``'s recipe; everything is read off the run's folder at each question."""

    @property
    def reads(self) -> tuple[str, ...]:
        """The documents its seats read, each once."""
        return ()

    @property
    def documents(self) -> tuple[Document, ...]:
        """What is written, as it is now."""
        return tuple(document for name in self.names if (document := self.run.shelf.document(name)))

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """One per document, and nothing longer."""
        return ()

    def path(self, name: str) -> Path:
        """Where what is called ``name`` is."""
        return self.run.shelf.path(name)

    def _keep(self) -> None:
        for document in self.documents:
            self.run.store.keep_version(document.text)

    def attempts(self, name: str) -> Sequence[Mapping[str, Any]]:
        """How the document called ``name`` came to be: every attempt of its author, the first one first."""
        return ()

    @property
    def to_confirm(self) -> tuple[str, ...]:
        """What is to be confirmed here beside documents, line by line."""
        return ()

    @abstractmethod
    def question(self, duty: Duty) -> Request:
        """What is asked for ``duty`` right now; all seats of a step read the same materials."""

    def review(self, reviewer: str = "person") -> Any:
        """Show what is to be decided; ``clean`` lets the policy approve what no check objects to.

        Raises:
            OptionRefused: no such reviewer.
        """
        self.judge(reviewer)
        return self.run.face.review(self)

    def judge(self, reviewer: str) -> None:
        """Have the policy approve what no check objects to, if ``reviewer`` is ``clean``.

        Raises:
            OptionRefused: no such reviewer.
        """
        if reviewer not in REVIEWERS:
            raise OptionRefused(f"no such reviewer: {reviewer!r}{nearest(reviewer, REVIEWERS)}")
        if reviewer == "clean" and not self.gate.open and self.ready:
            shown, found = self.subject, self.findings
            if not gate.policy_refuses(self.gate, found.errors):
                said = f"no check found an error; {view.count(found)}" if found else "no check found anything"
                self._decide(APPROVED, "clean", "policy", said, shown, found=len(found))

    def consult(self) -> Step:
        """Have every seat that owes something write it; asks nothing twice. An open gate consults nobody.

        Raises:
            AwaitingApproval: a gate before this one is closed.
            ModelStopped, BudgetSpent: a seat got no answer; the others' answers are kept.
            RunHeld: another process works on this run.
        """
        ahead = (step for step in self.run.phases[: self.at] if step not in self.company)
        if closed := next((step for step in ahead if not step.own_gate.open), None):
            closed.require()
        if self.duties and not self.gate.open:
            with self.run.store.write():
                self._sit()
        return self

    @abstractmethod
    def _sit(self) -> None:
        """Have whoever owes something write it."""

    @property
    def shared(self) -> tuple[Material, ...]:
        """What every seat of the run reads: the numbered passages, the codebase, and what earlier runs gave."""
        passages = [Material("passage", passage.id, passage.text) for passage in self.run.brief.passages]
        code = [Material("codebase", "codebase", self.run.codebase)] if self.run.codebase else []
        given = (Material("document", each.name, each.text) for each in self.run.inherited)
        return (*passages, *code, *given)

    @property
    def author(self) -> Transport:
        """Whom the seats ask: whole answers, each turn of which is asked once, within the budget."""
        return Whole(self.run.ledger, self.run.fallback)

    def task(self, duty: Duty) -> str:
        """What the seat is to do: its prompt, filled in, see :data:`recipe.KNOWN`."""
        run = self.run
        known = {"feature": run.title, "today": run.today, "recipe": run.recipe.name, "options": run.options}
        return duty.seat.task(**known, domain=duty.part, topic=duty.part)

    @property
    def _watch(self) -> Watching:
        """What tells folder and face where the seats are; a new one for each sitting."""
        run = self.run
        return Watching(
            self.act.phase.together or self.name, self._at_rest, lambda: run.spent, run.store, run.face.progress
        )

    def _at_rest(self, busy: Collection[str]) -> tuple[SeatProgress, ...]:
        """Its seats as they are without anything to do; of those that are ``busy`` nothing is read."""
        steps = self.company
        duties = [duty for step in steps for duty in step.duties]
        there = [document for step in steps for document in step.documents] if len(busy) < len(duties) else []
        words = {each.name: len(each.text.split()) for each in there}
        return tuple(SeatProgress(d.who, d.document, "kept", words.get(d.document, 0)) for d in duties)
