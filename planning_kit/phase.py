"""A phase whose seats write documents: what they are asked, what they wrote, what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import changes, checks, digest, packages, view
from .catalog import Consultant
from .changes import Change, Dealt
from .checks.about import About, dialect
from .checks.cited_code import Digest
from .checks.structure import REMARKS
from .consult import MOST_TOLD, Attempt, Draft, Frame
from .document import Document
from .errors import AwaitingApproval, OptionRefused, PlanningError, nearest
from .facts import SECTIONS, write
from .factsheet import NAME as FACTS
from .findings import Findings
from .gate import Decision
from .model import OFFLINE, Material, Request
from .receipt import Receipt
from .redact import redact
from .research import Sources
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
    def findings(self) -> Findings:
        """What the checks say about the documents as they are now, and what looked at their artefacts."""
        documents, beside = self.documents, self._beside
        seats = dict(zip(self.names, self.seats, strict=True))
        examined = [self._examined(seats[document.name], document, beside) for document in documents]
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
        for document in self.documents:
            stop, decisions = self.run.shelf.stop(document.name), document.key_decisions or "none given"
            trouble = "" if stop == "end_turn" else f"the answer ended with '{stop}'"
            found.append(Receipt(f"documents/{document.name}", view.visible(decisions), view.visible(trouble), errors[document.name]))  # fmt: skip
        return tuple(found)

    def question(self, seat: Consultant) -> Request:
        """What ``seat`` is asked right now; all seats of a phase read the same materials, but one that may search reads little."""
        said = self.remarks(self.document_name(seat.writes))
        seen = said[-1].version if said else ""
        rules = "\n".join(f"- {sentence}" for sentence in checks.promised(self._about(seat)))
        role = self.run.role(seat.name)
        searches = self._searches(seat)
        return Request(
            model=OFFLINE if seat.web and not searches else role.model,
            effort=role.effort,
            thinking=role.thinking,
            web=role.web if searches else None,
            seat=seat.name,
            feature=self.run.title,
            role=seat.role,
            materials=(*(self._topical if seat.web else self._whole), *self._sources),
            task=f"{seat.task(**self.known)}\n\nThe document's title is '# {seat.heading}: {self.run.title}'. It will be checked for this:\n{rules}",
            outline=_outline(seat, bool(said)),
            remarks=tuple(remark.text for remark in said),
            draft=(self.run.store.version(seen) or "") if seen else "",
            today=self.run.today,
            lasting=sum(bool(step.asks) for step in self.run.phases[self.at + 1 :]) > 1,
        )

    def _searches(self, seat: Consultant) -> bool:
        """Whether ``seat`` can search the web: it may, and the server has a search. If not, the author who pretends nothing writes.

        What was found when it was first asked holds for the run: a server that is out of reach later makes no new question.
        """
        role = self.run.role(seat.name)
        if known := self.run.journal.of("looked-up", phase=self.name):
            return role.web is not None and bool(known[0].body["searches"])
        abilities = self.run.abilities if role.web else None
        return abilities is not None and abilities.of(role.model).web_search

    @property
    def _whole(self) -> tuple[Material, ...]:
        """Everything: the brief, the codebase, the facts, and what was written before."""
        facts = Material("facts", FACTS, write(self.run.sheet.now))
        read = [
            Material("document", name, there.text) for name in self.reads if (there := self.run.shelf.document(name))
        ]
        return (*self.shared, facts, *read)

    @property
    def _topical(self) -> tuple[Material, ...]:
        """What a search needs: the stack, the topics, and the passages these come from."""
        now = self.run.sheet.now
        wanted = {each for topic in now.topics for each in topic.passages}
        passages = [Material("passage", p.id, p.text) for p in self.run.brief.passages if p.id in wanted]
        return (*passages, Material("facts", FACTS, write(now, ("stack", "topics"))))

    @property
    def _sources(self) -> tuple[Material, ...]:
        """The newest versions of packages, as far as they were looked up."""
        return tuple(Material("source", source.id, source.described) for source in self.sources.versions)

    @property
    def sources(self) -> Sources:
        """What was looked up for the run."""
        return Sources(self.run.store)

    def _look_up(self) -> None:
        """Settle, once in a run, whether the web can be searched, and ask the package indexes for the newest versions of
        the well-known packages that brief and stack name."""
        seats = [seat for seat in self.seats if seat.web]
        if not seats or self.run.journal.of("looked-up", phase=self.name):
            return
        searches = any(self._searches(seat) for seat in seats)
        now = self.run.sheet.now
        stack = [said for package in now.stack.values() for said in package.values()]
        text = "\n".join([self.run.brief.text, *stack, *(topic.why for topic in now.topics)])
        named = packages.named(text) if self.run.lookup else ()
        found = self.sources.looked_up(named, self.run.today)
        names = [package.name for package in named]
        self.run.journal.add("looked-up", phase=self.name, searches=searches, packages=names, found=len(found))

    def _sit(self) -> None:
        shelf = self.run.shelf
        self._look_up()
        chairs = []
        for seat, name in zip(self.seats, self.names, strict=True):
            shelf.settle(name)
            shelf.note_edit(name)
            chair = self.chair(seat, name)
            returned = {decision.subject.get(name, "") for decision in self.returned}
            if not self.gate.approvals(name) and shelf.owes(name, chair.asked, returned):
                chairs.append(chair)
        if any(chair.request.model != OFFLINE for chair in chairs):
            checks.get_ready(seat.prompt for seat in self.seats)
        stopped: list[PlanningError] = []
        for chair, handed in sit(chairs, self.author, self._watch) if chairs else ():
            if isinstance(handed, PlanningError):
                stopped.append(handed)
            else:
                shelf.place(
                    handed.document, chair.asked, phase=self.name, seat=chair.request.seat, version=shelf.versions(chair.frame.name) + 1,
                    model=handed.reply.model, stop=handed.reply.stop, findings=len(handed.findings),
                    seconds=round(handed.reply.seconds, 2), attempts=[self._kept(attempt) for attempt in handed.attempts],
                )  # fmt: skip
                self.cite(handed)
        self.run.store.forget("live.json")
        if stopped:
            raise stopped[0]

    def _kept(self, attempt: Attempt) -> dict[str, Any]:
        """What the record says of an attempt, whose text is kept."""
        errors, warnings = attempt.faults
        return {
            "digest": self.run.store.keep_version(attempt.document.text), "errors": errors, "warnings": warnings,
            "kept": attempt.kept, "found": [finding.message[:200] for finding in attempt.findings[:MOST_TOLD]],
        }  # fmt: skip

    def cite(self, draft: Draft) -> None:
        """Keep what a document cites from the web, and no longer what it has stopped citing."""
        name, text = draft.document.name, draft.document.text
        found = (*self.sources.of(name), *draft.reply.sources)
        self.sources.cited(name, [source for source in found if f"[{source.id}]" in text])

    def chair(self, seat: Consultant, name: str) -> Chair:
        """The work of ``seat`` on the document called ``name``, as things are now."""
        version, questions = self.run.shelf.versions(name) + 1, self.run.sheet.now.questions
        title, known = f"{seat.heading}: {self.run.title}", self.sources.all
        frame = Frame(name, title, self.run.recipe.name, version, questions, known)
        question = self.question(seat)
        return Chair(question, frame, self._about(seat), 0 if question.model == OFFLINE else seat.repairs)

    def _examined(self, seat: Consultant, document: Document, beside: Sequence[Document]) -> checks.Examined:
        shelf = self.run.shelf
        stop, others = shelf.stop(document.name), tuple(each for each in beside if each.name != document.name)
        edited = shelf.edited(
            document.name
        )  # a person answers a remark by editing, and a remark came after what it is about
        owed = [r.name for r in self.remarks(document.name) if r.version != document.digest and not edited]
        about = replace(self._about(seat), complete=stop == "end_turn", stop=stop, beside=others, ignores=edited)
        return checks.examine(document, replace(about, remarks=tuple(owed), sections=_outline(seat, bool(owed))))

    @property
    def _beside(self) -> tuple[Document, ...]:
        """The documents that have to agree: those of the run up to this phase."""
        return tuple(document for step in self.run.phases[: self.at + 1] for document in step.documents)

    def _about(self, seat: Consultant) -> About:
        passages = [passage.id for passage in self.run.brief.passages]
        own = tuple(remark.name for remark in self.remarks(self.document_name(seat.writes)))
        remarks = [
            remark.name
            for step in self.run.phases[: self.at + 1]
            for each in step.names
            for remark in step.remarks(each)
        ]
        now = self.run.sheet.now
        settled = [question.name for question in now.questions]
        names = frozenset(passages + remarks + settled)
        sources = frozenset(source.id for source in self.sources.all)
        stack = [said for package in now.stack.values() for topic, said in package.items() if topic == "Database"]
        read = tuple(there for name in self.reads if (there := self.run.shelf.document(name)))
        return About(
            _outline(seat, bool(own)), seat.checks, names, tuple(question.name for question in now.questions), self.run.tables, sources,
            dialect=dialect(self.run.options.get("db", ""), *stack, self.run.brief.text), beside=read, code=Digest(self.run.codebase) if self.run.codebase else None,
            remarks=own,
        )  # fmt: skip

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        rows = [[seat.title, seat.writes, ", ".join(seat.reads) or "the brief"] for seat in self.seats]
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

    def _keep(self) -> None:
        for document in self.documents:
            self.run.store.keep_version(document.text)


def _outline(seat: Consultant, remarked: bool) -> tuple[str, ...]:
    """The headings a document must have: when it was sent back, one more before its decisions."""
    return (*seat.sections[:-1], REMARKS, *seat.sections[-1:]) if remarked else seat.sections
