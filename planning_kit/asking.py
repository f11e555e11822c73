"""What the seats of a step are asked, what they may read, and what the checks of their documents have to know."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property

from . import assembled, checks, digest, gate
from .checks.about import About, dialect
from .checks.cited_code import Digest
from .checks.structure import REMARKS
from .document import Document
from .factsheet import NAME as FACTS
from .gate import APPROVED
from .given import FOLDER as GIVEN
from .model import OFFLINE, Material, Request
from .recipe import TOPIC, Consultant
from .searching import Searching
from .unrolled import NOBODY, Duty, Part


class Asking(Searching):
    """The asking half of a phase of documents."""

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """Who is asked for which document: every seat, for each domain if it is a step for each."""
        kinds = {"": {"": NOBODY}, "domain": self.run.parts, "topic": self.run.topics}
        known = kinds[self.act.phase.each]
        among = [known[name] for name in self.act.among] if self.act.phase.each else [NOBODY]
        return tuple(Duty(seat, self.place(seat.writes, part), part) for part in among for seat in self.seats)

    def place(self, file: str, part: Part = NOBODY) -> str:
        """The name under ``documents/`` of what a consultant writes as ``file``, for a domain in the domain's folder."""
        if part.topic:
            return self.run.place(file.replace(TOPIC, part.name))
        return self.run.place(file, part.name)

    @property
    def names(self) -> tuple[str, ...]:
        """The documents this phase writes, in the order of its seats."""
        return tuple(duty.document for duty in self.duties)

    def read_for(self, duty: Duty) -> tuple[str, ...]:
        """The documents that are read for ``duty`` and that what it says rests on."""
        written = (file for file in duty.seat.reads if self.run.writes(file))
        return tuple(self.place(file, part) for file in written for part in self._parts_of(file, duty.part))

    def _parts_of(self, file: str, part: Part) -> tuple[Part, ...]:
        """Which of the documents called ``file`` are read for ``part``: its own domain's; all of them by one who writes for no domain."""
        if TOPIC in file:
            return tuple(self.run.topics.values())
        if self.run.by_domain(file) and (part.topic or not part.name):
            return tuple(self.run.parts.values())
        return (_within(part),)

    @property
    def reads(self) -> tuple[str, ...]:
        """The documents its seats read, each once."""
        return tuple(dict.fromkeys(name for duty in self.duties for name in self.read_for(duty)))

    @property
    def rests_on(self) -> dict[str, str]:
        """What its documents were written from: name → SHA-256."""
        if not self.seats:
            return {}
        return {**self._base, **{name: self.run.shelf.digest(name) for name in self.reads}}

    @property
    def _base(self) -> dict[str, str]:
        """What every seat of the run reads."""
        base = {"brief.md": self.run.brief.digest}
        if self.run.codebase:
            base["codebase.md"] = digest.of_text(self.run.codebase)
        base |= {f"{GIVEN}: {each.name}": each.digest for each in self.run.inherited}
        return base | {f"{FACTS}: {section}": sha for section, sha in self.run.sheet.digests.items()}

    @property
    def grounds(self) -> dict[str, frozenset[str]]:
        """Which parts of :attr:`rests_on` each document was written from: its own domain's documents, and what all rest on."""
        base = frozenset(self._base)
        return {duty.document: base.union(self.read_for(duty)) for duty in self.duties if duty.part is not NOBODY}

    def question(self, duty: Duty) -> Request:
        """What is asked for ``duty`` right now; all seats of a phase read the same materials, but one that may search reads little."""
        return self._asked(duty, self._about(duty))

    def _asked(self, duty: Duty, about: About) -> Request:
        """What is asked for ``duty``, of whose document the checks will know ``about``."""
        seat, said = duty.seat, self.remarks(duty.document)
        seen = said[-1].version if said else ""
        rules = "\n".join(f"- {sentence}" for sentence in checks.promised(about))
        role = self.run.role(seat.name)
        searches = self.searches(seat)
        language = self.run.options.get("language", "en")
        spoken = "" if language == "en" else f"\n\nWrite the prose in the language with the code '{language}'; headings, table headers, ids, names and code stay as the template has them."  # fmt: skip
        return Request(
            model=OFFLINE if seat.web and not searches else role.model,
            effort=role.effort,
            thinking=role.thinking,
            web=role.web if searches else None,
            seat=seat.name,
            feature=self.run.title,
            role=seat.role,
            materials=(*(self.topical if seat.web else self._whole(duty)), *self.looked_up),
            task=f"{self.task(duty)}{spoken}{self._marks}{self._ways(duty)}{self._unwritten(duty)}{self._owed(duty)}\n\nThe document's title is '# {self.titled(duty)}'. It will be checked for this:\n{rules}",
            outline=outline(seat, bool(said)),
            schema=assembled.SCHEMAS[seat.builds] if seat.builds else "",
            remarks=tuple(remark.text for remark in said),
            draft=assembled.revised(self._text(seen)) if seat.builds else self._text(seen),
            today=self.run.today,
            domain=duty.part.name,
            template=seat.shape,
            earlier="" if seen or not seat.shape else self._text(self._approved(duty.document)),
            options=self._chosen(seat),
            lasting=sum(bool(step.duties) for step in self.run.phases[self.at + 1 :]) > 1,
        )

    @property
    def _marks(self) -> str:
        """What the marks in documents of earlier runs mean; empty when there are none."""
        if not self.run.inherited:
            return ""
        other = "" if len(self.run.agreed) == len(self.run.inherited) else ", and where they were written for another brief [P1], [Q1] and [A1] too"  # fmt: skip
        return f"\n\nThe documents before the facts were approved in an earlier run. Marks like [R1] and [S1] in them{other} are that run's: do not repeat them."

    def _chosen(self, seat: Consultant) -> tuple[tuple[str, str], ...]:
        """The recipe's options that the prompt of ``seat`` names: no other changes what is asked."""
        named = set(re.findall(r"\boptions\.(\w+)", seat.prompt))
        return tuple(sorted((key, value) for key, value in self.run.options.items() if key in named))

    def _ways(self, duty: Duty) -> str:
        """The paths by which the document links to those it is written from, where these lie in other folders."""
        if not self.run.recipe.places:
            return ""
        here = posixpath.dirname(duty.document)
        ways = [f"- {posixpath.relpath(name, here)}" for name in self.read_for(duty)]
        return "\n\nFrom your document these are linked by:\n" + "\n".join(ways) if ways else ""

    def _unwritten(self, duty: Duty) -> str:
        """The documents of a domain or topic that the recipe has and this run does not write: nobody links them."""
        whole = self.run.catalog.recipes.get(self.run.recipe.name)
        if whole is None or not self.act.phase.each:
            return ""
        phases = [each for each in whole.phases if each.only and each.each == self.act.phase.each]
        files = (self.run.catalog.consultants[name].writes for phase in phases for name in phase.seats)
        left = [f"do not link {posixpath.basename(file)}" for file in files if TOPIC not in file and not self.run.writes(file)]  # fmt: skip
        return f"\n\nNot written in this run, whatever is said above: {', '.join(left)}." if left else ""

    def _owed(self, duty: Duty) -> str:
        """What has to be delivered by what the program makes of the answer; empty where the answer is the document."""
        return assembled.owed(self.designed(duty)) if duty.seat.builds else ""

    def designed(self, duty: Duty) -> tuple[Document, ...]:
        """The documents that ``duty`` rests on, those of earlier runs for the same brief first."""
        read = (self.run.shelf.document(name) for name in self.read_for(duty))
        return (*self.run.agreed, *(each for each in read if each))

    def begun(self, name: str) -> str:
        """The digest of the text another step began the document called ``name`` with, a person's edit of it included; empty if none did."""
        history = self.run.shelf.history(name)
        own = next((at for at, each in enumerate(history) if each.body.get("phase") == self.name), len(history))
        before = history[:own]
        return str(before[-1].body["digest"]) if any(each.body.get("phase") for each in before) else ""

    def titled(self, duty: Duty) -> str:
        """The title of the document."""
        about = f"{duty.part.name}, {self.run.title}" if duty.part.name else self.run.title
        return f"{duty.seat.heading}: {about}"

    def _text(self, version: str) -> str:
        return (self.run.store.version(version) or "") if version else ""

    def _approved(self, name: str) -> str:
        """The digest of the version that was approved last; empty if none was."""
        decisions = gate.decisions(self.run.journal, self.name)
        decided = [each for each in decisions if each.verdict == APPROVED and name in each.subject]
        return decided[-1].subject[name] if decided else ""

    def _whole(self, duty: Duty) -> tuple[Material, ...]:
        """Everything: the brief, the codebase, the facts, what was written for the domains before, and what was for this one."""
        facts = Material("facts", FACTS, self.run.sheet.written)
        names = dict.fromkeys((*self._finished, *self.read_for(duty)))
        read = [Material("document", name, there.text) for name in names if (there := self.run.shelf.document(name))]
        begun = self.begun(duty.document)
        read += [Material("document", duty.document, self._text(begun))] if begun else []
        return (*self.shared, facts, *read)

    @property
    def _finished(self) -> Iterator[str]:
        """The documents of the domains that were gone through before this one's turn."""
        for step in self.run.phases[: self.at]:
            if self.act.alone and step.act.alone not in ("", self.act.alone):
                yield from step.names

    def _beside(self, duty: Duty) -> tuple[Document, ...]:
        """The documents that have to agree with it: those of the run up to this phase, without those of other domains, what it reads of filled-in templates, and what earlier runs gave."""
        own = ("", duty.part.name)
        written = (
            each.document
            for step in self.run.phases[: self.at + 1]
            for each in step.duties
            if not duty.part.name or each.part.name in own
        )
        names = dict.fromkeys((*written, *self.read_for(duty)))
        return (*self.run.agreed, *(there for name in names if (there := self.run.shelf.document(name))))

    def _about(self, duty: Duty) -> About:
        seat, part, run = duty.seat, duty.part, self.run
        before = run.phases[: self.at + 1]
        remarks = {
            remark.name for step in before if step.returned for each in step.names for remark in step.remarks(each)
        }
        own = tuple(remark.name for remark in self.remarks(duty.document))
        now = run.sheet.now
        settled = tuple(question.name for question in now.questions)
        stack = [said for package in now.stack.values() for topic, said in package.items() if topic == "Database"]
        seen = own and self.remarks(duty.document)[-1].version
        return About(
            outline(seat, bool(own)), seat.checks, frozenset({*(p.id for p in run.brief.passages), *remarks, *settled}), settled, run.tables,
            frozenset(source.id for source in self.cited_by(duty)), dialect=dialect(run.options.get("db", ""), *stack, run.brief.text),
            beside=(*run.agreed, *(there for name in self.read_for(duty) if (there := run.shelf.document(name)))),
            code=Digest(run.codebase) if run.codebase else None, remarks=own, template=seat.shape, domain=part.name, prefix=part.code,
            asking=part.passages, earlier=self._text(seen or self._approved(duty.document)) if seat.shape else "", plan=not seat.builds,
        )  # fmt: skip

    def around(self, duty: Duty) -> str:
        """The links to the documents before and after it, in Markdown; empty where documents are not read in a row."""
        if not duty.part.name or duty.part.topic:
            return ""
        row, here = self._row, posixpath.dirname(duty.document)
        at = row.index(duty.seat)
        before, after = row[at - 1] if at else None, row[at + 1] if at + 1 < len(row) else None
        return " · ".join(
            self._link(word, seat, duty.part, here) for word, seat in (("Previous", before), ("Next", after))
        )

    def called(self, duty: Duty) -> str:
        """What is handed in, in words: ``Requirements of payment (step 1 of 5)``; a design where there are no domains."""
        if duty.part.topic:
            return f"{duty.seat.heading} of {duty.part.name}"
        row = self._row if duty.part.name else []
        return (
            f"{duty.seat.heading} of {duty.part.name} (step {row.index(duty.seat) + 1} of {len(row)})"
            if row
            else "Design"
        )

    @property
    def _row(self) -> list[Consultant]:
        """Those who write for each domain, in order."""
        phases = [phase for phase in self.run.recipe.phases if phase.each == "domain"]
        return [self.run.catalog.consultants[name] for phase in phases for name in phase.seats]

    def _link(self, word: str, seat: Consultant | None, part: Part, here: str) -> str:
        return (
            f"{word}: [{seat.heading}]({posixpath.relpath(self.place(seat.writes, part), here)})"
            if seat
            else f"{word}: none"
        )


def _within(part: Part) -> Part:
    """Whose folder a document is in that is read for ``part``: its own domain's; what a topic's author reads is in no folder of its own."""
    return NOBODY if part.topic else part


def outline(seat: Consultant, remarked: bool) -> tuple[str, ...]:
    """The headings a document must have: when it was sent back, one more before its decisions."""
    return (*seat.sections[:-1], REMARKS, *seat.sections[-1:]) if remarked else seat.sections
