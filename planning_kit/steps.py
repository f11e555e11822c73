"""The steps one notebook shows, gone through in order as far as their gates let them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from . import view
from .findings import Findings
from .receipt import Receipt
from .recipe import TOPIC
from .step import Step
from .unrolled import Duty

if TYPE_CHECKING:
    from .run import Run


class Steps:
    """The phases of ``run`` that ``notebook`` shows; everything is read off the run's folder at each question."""

    def __init__(self, run: Run, notebook: str) -> None:
        self.run = run
        self.notebook = notebook

    def __iter__(self) -> Iterator[Step]:
        return iter([step for step in self.run.phases if step.notebook == self.notebook])

    @property
    def waiting(self) -> Step | None:
        """The first step whose gate is closed."""
        return next((step for step in self if not step.own_gate.open), None)

    def consult(self, reviewer: str = "person") -> Steps:
        """Have written what is owed, step by step, until one waits for somebody's decision; asks nothing twice.

        Args:
            reviewer: ``clean`` lets the policy approve what no check objects to, and goes on.

        Raises:
            OptionRefused: no such reviewer.
            AwaitingApproval: a gate before these steps is closed.
            ModelStopped, BudgetSpent: a seat got no answer; the others' answers are kept.
            RunHeld: another process works on this run.
        """
        while (step := self.waiting) is not None:
            step.consult()
            for each in step.company:
                each.judge(reviewer)
            if not step.own_gate.open:
                break
        return self

    @property
    def findings(self) -> Findings:
        """What the checks say about all documents there are."""
        each = [step.findings for step in self]
        documents = [document for step in self for document in step.documents]
        return Findings(
            (f for found in each for f in found), documents, (looked for found in each for looked in found.looked)
        )

    def review(self, reviewer: str = "person") -> Any:
        """Show what is to be decided at the step that waits; when none does, what was decided at each.

        Raises:
            OptionRefused: no such reviewer.
        """
        step = self._only or self.waiting
        return self if step is None else step.review(reviewer)

    @property
    def _only(self) -> Step | None:
        """The one step of the notebook at which something is decided; nothing where there are several."""
        decided = [step for step in self if step.own_gate.decides]
        return decided[0] if len(decided) == 1 else None

    def require(self) -> Any:
        """Pass, or stop here.

        Raises:
            AwaitingApproval: a gate is closed; says why and what decides it.
        """
        if only := self._only:
            return only.require()
        for step in self:
            step.require()
        decided = [f"Gate '{each.name}' is open: {_state(each)}." for each in self if each.own_gate.decides]
        return view.box("done", [f"Every gate of {self.notebook} is open.", *decided])

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """One per document, and nothing longer."""
        return tuple(receipt for step in self for receipt in step.receipts)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        step = self.waiting
        head = f"Next: {step.title} ('{step.name}')" if step else "Every gate is open."
        rows = [[each.title, f"{len(each.documents)} of {len(each.names)}", _state(each)] for each in self]
        shown = view.box("wait" if step else "done", [head]) + view.table(["Step", "Documents", "Gate"], rows)
        seats = self._seats
        return (shown + view.table(["Consultant", "Writes", "Reads"], seats) if seats else shown)._repr_mimebundle_()

    @property
    def _seats(self) -> list[list[str]]:
        """Each consultant who sits in these steps, with what they write and what they read."""
        found: dict[str, list[tuple[Step, Duty]]] = {}
        for step in self:
            for duty in step.duties:
                found.setdefault(duty.seat.name, []).append((step, duty))
        return [[those[0][1].seat.title, _writes(those), self._reads(those)] for those in found.values()]

    def _reads(self, those: Sequence[tuple[Step, Duty]]) -> str:
        seat = those[0][1].seat
        read = [file.replace(TOPIC, "<topic>") for file in seat.reads if self.run.writes(file)]
        return ", ".join(read) or "the brief"


def _writes(those: Sequence[tuple[Step, Duty]]) -> str:
    """What a consultant writes, in few words: one document, or one for each domain or topic."""
    duty = those[0][1]
    file = duty.seat.writes.replace(TOPIC, "<topic>")
    if not duty.part.name:
        return file
    kind = "topic" if duty.part.topic else "domain"
    return f"{file}, for {len(those)} {kind}{'' if len(those) == 1 else 's'}"


def _state(step: Step) -> str:
    gate = step.own_gate
    if not gate.decides and gate.open:
        return "nothing to decide"
    if gate.open:
        return str(gate.decision) if gate.decision else "open"
    return f"closed: {'; '.join(gate.why) if all(gate.subject.values()) else 'not written yet'}"
