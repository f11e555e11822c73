"""A phase under review: what there is to see, as plain values, and everything a reviewer may do; no widgets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from . import form, reviewed, view
from .document import Document
from .errors import BadInput, OptionRefused, PlanningError, nearest
from .findings import Findings
from .gate import SENT_BACK, Decision
from .journal import Signer
from .person import Person, who
from .remarks import Anchor
from .settling import Settling
from .step import Step


@dataclass(frozen=True)
class Answer:
    """What came of an action.

    Attributes:
        done: whether it is recorded.
        said: what happened, or why it did not, in one sentence.
        changed: what is not any more what was shown; look at it again before deciding.
        decided: ``approved`` or ``sent back`` when it was a decision, even one that had been recorded before.
    """

    done: bool
    said: str
    changed: tuple[str, ...] = ()
    decided: str = ""


class Review:
    """One phase under review; every action binds to the digests its reviewer was shown, and may come from any thread.

    What a reviewer may not do, or not any more, is an :class:`Answer` that says so, never an exception; what is done twice is
    recorded once.

    Args:
        step: the phase.
    """

    def __init__(self, step: Step) -> None:
        self.step = step
        self._lock = threading.RLock()
        self._known: tuple[Any, Findings] = (None, Findings())

    @property
    def findings(self) -> Findings:
        """What the checks say; they are run again only when something they look at has changed."""
        step = self.step
        beside = [document.digest for each in step.run.phases[: step.at + 1] for document in each.documents]
        seen = (step.subject, step.rests_on, beside, len(step.returned))
        with self._lock:
            if self._known[0] != seen:
                self._known = (seen, step.findings)
            return self._known[1]

    def state(self, whole: Collection[str] | None = None) -> dict[str, Any]:
        """Everything there is to see, as values that JSON has; every ``html`` in it is safe as it stands.

        Args:
            whole: the documents whose text is wanted too (``page``); by default all.

        Raises:
            FactsRefused: the facts cannot be read.
        """
        with self._lock:
            step, found = self.step, self.findings
            documents = []
            lines = reviewed.costs_of(step)
            for document in step.documents:
                entry = reviewed.listed(step, document, found, lines)
                if whole is None or document.name in whole:
                    entry["page"] = reviewed.page(step, document, found)
                documents.append(entry)
            return {
                "phase": step.name,
                "title": view.visible(step.title),
                "feature": view.visible(step.run.title),
                "run": view.visible(step.run.label),
                "address": view.visible(step.run.address),
                "by": view.visible(who()),
                "gate": reviewed.gate_of(step),
                "shown": dict(step.subject),
                "documents": documents,
                "unwritten": [view.visible(name) for name, written in step.subject.items() if not written],
                "findings": [view.visible(str(each)) for each in found if not each.line or not step.documents],
                "comments": reviewed.comments(step),
                "can_be_sent_back": step.can_be_sent_back,
                "rests_on": reviewed.rests_on(step),
                "facts": self._facts(),
            }

    def page(self, name: str, draw: bool = True) -> dict[str, Any]:
        """What is called ``name``, as it reads: a document of this phase with all that is known of it, or what the phase rests on.

        Args:
            name: what is wanted.
            draw: whether diagrams are drawn that have not been before, which takes seconds.

        Raises:
            OptionRefused: there is no such thing here.
        """
        with self._lock:
            for document in self.step.documents:
                if document.name == name:
                    return reviewed.page(self.step, document, self.findings, draw)
            html, digest = reviewed.readable(self.step, name)
            if not digest:
                raise OptionRefused(f"there is nothing called {name!r} at '{self.step.name}'")
            return {"name": name, "digest": digest, "html": html, "read_only": True}

    def text(self, name: str) -> tuple[str, str]:
        """A document's exact text, to be edited, and its SHA-256.

        Raises:
            OptionRefused: there is no such document here, or it holds what looks like a secret, which is shown nowhere.
        """
        document = self._document(name)
        if view.clean(document.text) != document.text:
            raise OptionRefused(f"{name} holds what looks like a secret and is not shown to be edited; take it out of {self.step.path(name)}")  # fmt: skip
        return document.text, document.digest

    def _facts(self) -> dict[str, Any] | None:
        step = self.step
        if not isinstance(step, Settling):
            return None
        return {"parts": reviewed.parts(step, asked=not step.gate.open), "form": form.asked(step)}

    def _document(self, name: str) -> Document:
        known = {document.name: document for document in self.step.documents}
        if name not in known:
            raise OptionRefused(f"no such document at '{self.step.name}': {name!r}{nearest(name, list(known))}")
        return known[name]

    def comment(
        self, document: str, section: str = "", line: int = 0, quote: str = "", text: str = "", by: str = ""
    ) -> Answer:
        """Write down a comment; a ``line`` (from 1) finds its section by itself. The same one twice is one."""

        def write() -> Answer:
            anchor = Anchor(document, section or self._section(document, line), line, " ".join(quote.split()))
            for each in self.step.pending:
                if (each.anchor, each.text, Person.of(each.by).key) == (anchor, text.strip(), Person.of(by).key):
                    return Answer(True, "This comment is written down already.")
            made = self.step.comment(anchor, text, by)
            return Answer(True, f"Comment {made.seq} is written down; 'Send back' carries it to the author.")

        return self._done(write)

    def _section(self, document: str, line: int) -> str:
        """The heading above a line of a document, its title left out."""
        known = {each.name: each for each in self.step.documents}
        if not line or document not in known:
            return ""
        above = [each.text for each in known[document].headings[1:] if each.line <= line]
        return above[-1] if above else ""

    def withdraw(self, seq: int, by: str) -> Answer:
        """Take back the comment at place ``seq`` of the journal."""

        def take_back() -> Answer:
            if not self.step.run.journal.of("withdrawn", phase=self.step.name, comment=seq):
                self.step.withdraw(seq, by)
            return Answer(True, "The comment is taken back.")

        return self._done(take_back)

    def approve(
        self, by: str, comment: str = "", names: Collection[str] | None = None, shown: Mapping[str, str] | None = None,
        corrected: Mapping[str, Any] | None = None, signer: Signer | None = None,
    ) -> Answer:  # fmt: skip
        """Approve ``names`` (by default all that ``by`` has not approved yet) exactly as ``shown``; with ``corrected``, what :meth:`correct` makes of the facts."""

        def decide() -> Answer:
            seen = shown
            if corrected is not None and isinstance(self.step, Settling):
                seen = self._correct(self.step, corrected, by, shown)
            which = names if names is not None else self._left(by)
            return self._decided(self.step.approve(by, comment, seen, which, signer))

        return self._done(decide, shown)

    def _left(self, by: str) -> tuple[str, ...] | None:
        """The documents that ``by`` has not approved as they are; nothing when that is all of them, or none."""
        now = self.step.gate
        left = tuple(
            name for name, written in now.subject.items() if not now.approved_by(by, "person", {name: written})
        )
        return left if self.step.documents and 0 < len(left) < len(now.subject) else None

    def approve_all_without_findings(
        self, by: str, comment: str = "", shown: Mapping[str, str] | None = None, signer: Signer | None = None
    ) -> Answer:
        """Approve every document that no check says anything about."""

        def decide() -> Answer:
            clean = self.clean
            if not clean and any(self.step.gate.approved(name) for name in self._faultless):
                return Answer(True, "Every document without findings is approved already; nothing was recorded.")
            if not clean:
                raise OptionRefused("every document has findings; approve them one by one")
            return self._decided(self.step.approve(by, comment, shown, clean, signer))

        return self._done(decide, shown)

    @property
    def clean(self) -> tuple[str, ...]:
        """The documents that are not approved yet and that no check says anything about."""
        now = self.step.gate
        return tuple(name for name in self._faultless if not now.approved(name))

    @property
    def _faultless(self) -> tuple[str, ...]:
        found = {finding.document for finding in self.findings}
        return tuple(document.name for document in self.step.documents if document.name not in found)

    def send_back(
        self, by: str, comment: str = "", shown: Mapping[str, str] | None = None, signer: Signer | None = None
    ) -> Answer:
        """Send it back to its authors with ``comment`` and all comments that wait."""

        def decide() -> Answer:
            last = self.step.gate.decision
            if last and not self.step.pending and self._same(last, by, comment):
                return self._decided(last)
            return self._decided(self.step.send_back(by, comment, shown, signer))

        return self._done(decide, shown)

    def _same(self, last: Decision, by: str, comment: str) -> bool:
        """Whether ``last`` is the decision to send back, with this comment, what has not changed since."""
        now = self.step.subject
        same = all(now.get(name) == written for name, written in last.subject.items())
        who_sent = Person.of(last.by).key == Person.of(by).key
        return last.verdict == SENT_BACK and same and who_sent and last.comment == comment.strip()

    def edit(self, document: str, text: str, by: str, seen: str) -> Answer:
        """Make ``text`` the document, as ``by`` wrote it, if it is still the version with the digest ``seen``."""

        def write() -> Answer:
            now = self._document(document)
            if now.text == text:
                return Answer(True, "The text is as it was; nothing is recorded.")
            self.step.edit(document, text, by, seen)  # type: ignore[attr-defined]
            return Answer(True, f"Saved as a new version of {now.title}, written by {by.strip()}.")

        return self._done(write, {document: seen})

    def correct(self, values: Mapping[str, Any], by: str, shown: Mapping[str, str] | None = None) -> Answer:
        """Make the facts what :func:`form.read` makes of ``values``, without deciding about them."""

        def write() -> Answer:
            if not isinstance(self.step, Settling):
                raise OptionRefused(f"'{self.step.name}' settles no facts; edit its documents instead")
            before = self.step.run.sheet.now
            self._correct(self.step, values, by, shown)
            same = before == self.step.run.sheet.now
            return Answer(True, "The facts are as they were." if same else "The corrected facts are saved.")

        return self._done(write, shown)

    @staticmethod
    def _correct(
        step: Settling, values: Mapping[str, Any], by: str, shown: Mapping[str, str] | None
    ) -> Mapping[str, str]:
        return step.correct(form.read(step.run.sheet.now, values), by, step.subject if shown is None else shown)

    def _decided(self, decision: Decision) -> Answer:
        head = self.step.run.journal.head
        said = f"{decision}. It is record {decision.seq} of the journal, whose head is now {head[:12]}."
        return Answer(True, said, decided=decision.verdict)

    def _done(self, action: Callable[[], Answer], shown: Mapping[str, str] | None = None) -> Answer:
        """Do it, alone; what is refused becomes an answer that names what has changed meanwhile."""
        with self._lock:
            try:
                return action()
            except PlanningError as error:
                return Answer(False, str(error), self._moved(shown or {}))

    def _moved(self, shown: Mapping[str, str]) -> tuple[str, ...]:
        """What is not any more what was shown."""
        try:
            now = self.step.subject
        except BadInput:  # what lies on the disk cannot be read; the reason says so
            return ()
        return tuple(name for name, written in shown.items() if now.get(name) != written)
