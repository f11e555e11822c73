"""A phase whose seats write documents: who owes what, what they wrote, what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from . import changes, checks, digest, view
from .asking import Asking, outline
from .assembled import Assembled
from .changes import Change, Dealt
from .consult import MOST_TOLD, Around, Attempt, Draft, Frame
from .document import Document
from .errors import AwaitingApproval, OptionRefused, PlanningError, nearest
from .findings import Findings
from .gate import Decision
from .legible import is_legible, legible
from .model import OFFLINE
from .receipt import Receipt
from .redact import redact
from .sitting import Chair, sit
from .unrolled import Duty


class PhaseRun(Asking):
    """A phase of documents; one without seats is a gate over the brief and the plan of execution."""

    @property
    def subject(self) -> dict[str, str]:
        """What an approval would name right now: name → SHA-256, empty for what is not written yet."""
        if not self.seats:
            return {"brief.md": self.run.brief.digest, "plan of execution": digest.of_fact(self.run.fixed)}
        written = {document.name: document.digest for document in self.documents}
        return {name: written.get(name, "") for name in self.names}

    @property
    def documents(self) -> tuple[Document, ...]:
        """What is written, as it is now; what a template has only begun is not."""
        return tuple(document for document in super().documents if not self._only_begun(document.name))

    def _only_begun(self, name: str) -> bool:
        last = self.run.shelf.drafted(name)
        return last is not None and not last.body["seat"]

    @property
    def findings(self) -> Findings:
        """What the checks say about the documents as they are now, and what looked at their artefacts."""
        documents = self.documents
        duties = {duty.document: duty for duty in self.duties}
        examined = [self._examined(duties[document.name], document) for document in documents]
        found = (finding for each in examined for finding in each.findings)
        return Findings(found, documents, (looked for each in examined for looked in each.looked))

    def attempts(self, name: str) -> Sequence[Mapping[str, Any]]:
        """How the current text of the document called ``name`` came to be: every attempt of its author, the first one first."""
        last = self.run.shelf.drafted(name)
        return last.body.get("attempts", ()) if last and not self.run.shelf.edited(name) else ()

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """One per document, and nothing longer."""
        found = []
        errors = Counter(finding.document for finding in self.findings if finding.severity == "error")
        what = {duty.document: self.called(duty) for duty in self.duties}
        for document in self.documents:
            stop, decisions = self.run.shelf.stop(document.name), self._gist(document) or "none given"
            trouble = "" if stop == "end_turn" else f"the answer ended with '{stop}'"
            found.append(Receipt(f"documents/{document.name}", view.visible(decisions), view.visible(trouble), errors[document.name], what[document.name]))  # fmt: skip
        return tuple(found)

    def _gist(self, document: Document) -> str:
        """What a document decides, in a sentence or two: its key decisions; of data the first line of its page."""
        if is_legible(document.name):
            return document.key_decisions
        return next((line for line in legible(document).text.split("\n")[1:] if line.strip()), "")

    def _sit(self) -> None:
        sitting = self._sitting
        owed = {id(chair): (step, chair) for step in sitting for chair in step.owed()}
        chairs = [chair for _, chair in owed.values()]
        if any(chair.request.model != OFFLINE for chair in chairs):
            checks.get_ready(seat.prompt for step in sitting for seat in step.seats)
        stopped: list[PlanningError] = []
        for chair, handed in sit(chairs, self.author, self._watch) if chairs else ():
            if isinstance(handed, PlanningError):
                stopped.append(handed)
            else:
                owed[id(chair)][0].hand_in(chair, handed)
        self.run.store.forget("live.json")
        if stopped:
            raise stopped[0]

    @property
    def _sitting(self) -> tuple[PhaseRun, ...]:
        """The steps whose seats write now: itself, and those it is written together with whose gates are closed."""
        others = [step for step in self.company if isinstance(step, PhaseRun) and not step.own_gate.open]
        return tuple(others) or (self,)

    def owed(self) -> list[Chair]:
        """The work that is to be done here, as things are now."""
        shelf = self.run.shelf
        self.look_up()
        for name in self.names:
            shelf.settle(name)
            shelf.note_edit(name)
        gate, returned, found = self.own_gate, self.returned, []
        for duty in self.duties:
            if gate.approvals(name := duty.document):
                continue
            chair = self.chair(duty)
            seen = {self.begun(name), *(decision.subject.get(name, "") for decision in returned)}
            if shelf.owes(name, chair.asked, seen):
                found.append(chair)
        return found

    def hand_in(self, chair: Chair, handed: Draft) -> None:
        """Put what was written in its place."""
        shelf, handed = self.run.shelf, self.told_apart(handed)
        shelf.place(
            handed.document, chair.asked, phase=self.name, seat=chair.request.seat, version=shelf.versions(chair.frame.name) + 1,
            model=handed.reply.model, stop=handed.reply.stop, findings=len(handed.findings), seconds=round(handed.reply.seconds, 2),
            span=chair.span, attempts=[self._kept(attempt) for attempt in handed.attempts],
        )  # fmt: skip
        self.cite(handed)

    def _kept(self, attempt: Attempt) -> dict[str, Any]:
        """What the record says of an attempt, whose text is kept."""
        errors, warnings = attempt.faults
        return {
            "digest": self.run.store.keep_version(attempt.document.text), "errors": errors, "warnings": warnings,
            "kept": attempt.kept, "found": [finding.message[:200] for finding in attempt.findings[:MOST_TOLD]],
        }  # fmt: skip

    def told_apart(self, draft: Draft) -> Draft:
        """``draft`` as it is taken in: its sources under numbers that no other document's have."""
        return draft.handed(*self.sources.apart(draft.document, draft.reply.sources))

    def cite(self, draft: Draft) -> None:
        """Keep what a document cites from the web, and no longer what it has stopped citing."""
        name, text = draft.document.name, draft.document.text
        found = (*self.sources.of(name), *draft.reply.sources)
        self.sources.cited(name, [source for source in found if f"[{source.id}]" in text])

    def chair(self, duty: Duty) -> Chair:
        """The work for ``duty``, as things are now."""
        name, about = duty.document, self._about(duty)
        question = self._asked(duty, about)
        frame: Around = Assembled(name, self.run.brief, self.designed(duty)) if duty.seat.builds else Frame(
            name, self.titled(duty), self.run.recipe.name, self.run.shelf.versions(name) + 1, self.run.sheet.now.questions,
            self.cited_by(duty), self.around(duty), bool(duty.seat.shape), "one-page" in duty.seat.checks,
        )  # fmt: skip
        return Chair(question, frame, about, 0 if question.model == OFFLINE else duty.seat.repairs)

    def _examined(self, duty: Duty, document: Document) -> checks.Examined:
        shelf, name = self.run.shelf, document.name
        stop, others = shelf.stop(name), tuple(each for each in self._beside(duty) if each.name != name)
        edited = shelf.edited(name)  # a person answers a remark by editing, and a remark came after what it is about
        owed = [r.name for r in self.remarks(name) if r.version != document.digest and not edited]
        about = replace(self._about(duty), complete=stop == "end_turn", stop=stop, beside=others, ignores=edited)
        return checks.examine(document, replace(about, remarks=tuple(owed), sections=outline(duty.seat, bool(owed))))

    def _short(self, name: str) -> str:
        return name.removeprefix(f"{self.run.ground}/" if self.run.ground else "")

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [
            [d.seat.title, self._short(d.document), ", ".join(map(self._short, self.read_for(d))) or "the brief"]
            for d in self.duties
        ]
        state = "open" if self.gate.open else f"closed: {'; '.join(self.gate.why)}"
        head = f"{self.title}. Gate '{self.name}': {state}."
        shown = view.box("done" if self.gate.open else "wait", [head])
        return (shown + view.table(["Consultant", "Writes", "Reads"], rows) if rows else shown)._repr_mimebundle_()

    @property
    def editors(self) -> dict[str, frozenset[str]]:
        """Who edited what is there now, by document."""
        return {name: self.run.shelf.editors(name) for name in self.names}

    def edit(self, name: str, text: str, by: str, seen: str) -> None:
        """Make ``text`` the document called ``name``, as ``by`` wrote it: a new version with its author's name.

        Args:
            name: the document.
            text: the new text.
            by: who wrote it.
            seen: SHA-256 of the version that was edited.

        Raises:
            OptionRefused: nobody is named, the text is empty or holds what looks like a secret, or there is no such document.
            AwaitingApproval: it changed since it was shown.
        """
        if not by.strip():
            raise OptionRefused(f"say who edits '{name}': --by NAME")
        if name not in self.names:
            raise OptionRefused(f"no such document at '{self.name}': {name!r}{nearest(name, list(self.names))}")
        if not text.strip():
            raise OptionRefused(f"{name}: an empty text is no version; write it, or leave it as it is")
        if redact(text) != text:
            raise OptionRefused(f"{name}: the text holds what looks like a secret; take it out")
        with self.run.store.write():
            if self.run.shelf.digest(name) != seen:
                raise AwaitingApproval(f"{name} changed since it was shown; look at it again, then edit")
            self.run.shelf.edit(name, text, by.strip())

    def dealt(self, name: str) -> tuple[Dealt, ...]:
        """What was done about each remark that ``name`` was sent back with, oldest first."""
        return changes.all_dealt(self.remarks(name), name, self.run.shelf, self.run.store)

    def changed(self, name: str, since: Decision | None = None) -> tuple[Change, ...]:
        """What changed in ``name`` since the decision ``since``; by default since the version before."""
        now = self.run.shelf.document(name)
        earlier = since.subject.get(name, "") if since else self.run.shelf.before(name)
        return changes.changes(self.run.store.version(earlier) or "", now.text) if now and earlier else ()
