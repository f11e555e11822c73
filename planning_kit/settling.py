"""A step that settles facts: what the brief and the codebase say, which domains are planned, which questions stay open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import briefing, checks, digest, facts, frontmatter, refined, view
from .changes import Change, Dealt
from .checks.about import About
from .consult import Draft
from .document import Document, Finding
from .errors import AwaitingApproval, CatalogRefused, FactsRefused, OptionRefused, PlanningError
from .factsheet import NAME, Factsheet
from .findings import Findings
from .gate import Decision
from .given import FOLDER as GIVEN
from .model import OFFLINE, Material, Reply, Request
from .sitting import Chair, sit
from .step import Step
from .unrolled import Duty
from .versions import plain


@dataclass(frozen=True)
class Merging:
    """What goes around an analyst's answer: the facts it does not write, and the parts a person has changed."""

    sheet: Factsheet
    name: str = NAME
    version: int = 1

    def around(self, reply: Reply) -> Document:
        """The facts with what the answer refines; the answer as it stands when it is not what was asked for."""
        fenced = re.search(r"(?ms)^```(?:json|ya?ml)?[ \t]*\n(.*?)^```", reply.text)
        text = fenced.group(1) if fenced else reply.text
        try:
            page = frontmatter.data(text, self.name, facts.LARGEST)
            now = self.sheet.now.model_dump(mode="json")
            whole = frontmatter.fitted(facts.Facts, page, {**now, **refined.parts(page.fields)})
        except (CatalogRefused, FactsRefused):
            return Document(self.name, text)
        unanswered = tuple(question.model_copy(update={"answer": ""}) for question in whole.questions)
        return Document(self.name, facts.write(self.sheet.merged(whole.model_copy(update={"questions": unanswered}))))

    def told(self, findings: tuple[str, ...], reply: Reply) -> tuple[str, ...]:
        """The findings as they are: parts of the facts are called the same in the answer."""
        return findings


class Settling(Step):
    """The gate over some of the facts; with a model, an analyst refines the rule-based proposal first."""

    @property
    def duties(self) -> tuple[Duty, ...]:
        """The analyst's, when there is a model: by rule the proposal is there already; nobody's where an earlier run has settled it."""
        if set(self.settles) <= set(self.run.given.settled):
            return ()
        return tuple(Duty(seat, NAME) for seat in self.seats if self.run.role(seat.name).model != OFFLINE)

    @property
    def first(self) -> bool:
        """Whether it is the gate before anything is spent."""
        return self.at == 0

    @property
    def subject(self) -> dict[str, str]:
        """What an approval would name right now: the facts settled here, by part; at the first gate brief, codebase and plan too."""
        now = self.run.sheet.now
        base = {}
        if self.first:
            base = {"brief.md": self.run.brief.digest, "plan of execution": digest.of_fact(self.run.fixed)}
            if self.run.codebase:
                base["codebase.md"] = digest.of_text(self.run.codebase)
        return {**base, **{f"{NAME}: {section}": now.digest(section) for section in self.settles}}

    @property
    def rests_on(self) -> dict[str, str]:
        """What that was made from: the brief, and what earlier steps settled; at the first gate what earlier runs gave."""
        if self.first:
            return {f"{GIVEN}: {each.name}": each.digest for each in self.run.inherited}
        now = self.run.sheet.now
        before = [section for step in self.run.phases[: self.at] for section in step.settles]
        return {"brief.md": self.run.brief.digest, **{f"{NAME}: {section}": now.digest(section) for section in before}}

    @property
    def findings(self) -> Findings:
        """What is wrong with the facts, and whether an analyst's answer could not be used."""
        sheet = Document(NAME, self.run.sheet.text)
        return Findings((*checks.check(sheet, self._about), *self._unused, *self._dropped), (sheet,))

    @property
    def _dropped(self) -> tuple[Finding, ...]:
        """What the proposal made by rule had in a domain, and no domain has any more."""
        if "domains" not in self.settles:
            return ()
        before, now = facts.parse(self.run.proposal), self.run.sheet.now
        kept = {each for domain in now.domains for each in domain.passages}
        lost = [each for domain in before.domains for each in domain.passages if each not in kept]
        if not lost:
            return ()
        said = (
            f"no domain holds {', '.join(lost[:12])}{' …' if len(lost) > 12 else ''} any more; the rules' proposal had"
        )
        return (Finding(NAME, 0, "drops-no-passage", "planning_kit", "warning", said),)

    @property
    def _unused(self) -> tuple[Finding, ...]:
        refused = [record.body.get("refused") for record in self.run.journal.of("settled", phase=self.name)]
        if not refused or not refused[-1]:
            return ()
        said = f"the analyst's answer could not be used ({refused[-1]}); the proposal made by rule stands"
        return (Finding(NAME, 0, "refined-by-the-analyst", "planning_kit", "warning", said),)

    @property
    def _about(self) -> About:
        ids = frozenset(passage.id for passage in self.run.brief.passages)
        landing = self.run.landing
        seen = (
            (e for package in landing.packages for said in package.statements for e in said.evidence) if landing else ()
        )
        return About(passages=ids, kind="facts", evidence=frozenset(map(str, seen)))

    @property
    def _instead_of_sending_back(self) -> str:
        where = view.visible(str(self.run.sheet.path))
        return f"edit {where} or answer with: planning-kit answer {self.run.address} Q1 a"

    def path(self, name: str) -> Path:
        """Where the facts are."""
        return self.run.sheet.path

    def question(self, duty: Duty) -> Request:
        """What the analyst is asked: the materials, the proposal made by rule, and what reviewers said."""
        rules = "\n".join(f"- {sentence}" for sentence in checks.promised(self._about))
        seat = duty.seat
        role = self.run.role(seat.name)
        return Request(
            model=role.model,
            effort=role.effort,
            thinking=role.thinking,
            seat=seat.name,
            feature=self.run.title,
            role=seat.role,
            materials=(*self.shared, Material("facts", NAME, self.run.proposal)),
            task=f"{self.task(duty)}\n\nIt will be checked for this:\n{rules}",
            outline=(),
            remarks=tuple(remark.text for remark in self.remarks()),
            draft=self._sent_back,
            today=self.run.today,
            schema=refined.SCHEMA,
        )

    @property
    def _sent_back(self) -> str:
        """What the analyst may write of the facts that were last sent back, in the form of an answer; empty if none were."""
        if not self.returned:
            return ""
        text = self.run.sheet.as_of(self.returned[-1].seq)
        return refined.written(facts.parse(text)) if text else ""

    def _sit(self) -> None:
        sheet = self.run.sheet
        sheet.keep()
        asked = [self.chair(duty) for duty in self.duties]
        chairs = [chair for chair in asked if sheet.refined(chair.asked) is None]
        stopped: list[PlanningError] = []
        for chair, handed in sit(chairs, self.author, self._watch) if chairs else ():
            if isinstance(handed, PlanningError):
                stopped.append(handed)
                continue
            new, refused = self.refined(handed)
            sheet.write(
                new, "model", handed.reply.model, "refined", phase=self.name, asked=chair.asked, refused=refused
            )
        self.run.store.forget("live.json")
        if stopped:
            raise stopped[0]

    def chair(self, duty: Duty) -> Chair:
        """The work for ``duty``, as things are now."""
        return Chair(self.question(duty), Merging(self.run.sheet), self._about, duty.seat.repairs)

    def refined(self, handed: Draft) -> tuple[facts.Facts, str]:
        """The facts with what the analyst handed in, and why they are as they were when that cannot be used; else empty."""
        refused = next((str(finding.message) for finding in handed.findings), "")
        if not handed.reply.complete:
            refused = f"it ended with '{handed.reply.stop}'"
        return (self.run.sheet.now if refused else facts.parse(handed.document.text)), refused[:300]

    def correct(self, new: facts.Facts, by: str, shown: Mapping[str, str]) -> dict[str, str]:
        """Make ``new`` the facts, as ``by`` corrected what was ``shown``; gives what an approval would name now.

        Raises:
            OptionRefused: nobody is named.
            AwaitingApproval: the facts changed since they were shown.
        """
        if not by.strip():
            raise OptionRefused(f"say who decides about '{self.name}': --by NAME")
        with self.run.store.write():
            if dict(shown) != self.subject:
                raise AwaitingApproval("the facts changed since they were shown; look at them again, then decide")
            if new != self.run.sheet.now:
                self.run.sheet.write(new, "person", by.strip(), "corrected at the gate")
        return self.subject

    def dealt(self, name: str) -> tuple[Dealt, ...]:
        """What was done about each remark that ``name`` (a part of the facts) was sent back with, oldest first."""
        part, found = name.removeprefix(f"{NAME}: "), []
        for remark in self.remarks():
            if part in self.settles and remark.anchor.document in ("", name):
                after = [r.body["how"] for r in self.run.journal.of("settled") if r.seq > remark.sent]
                who = "the analyst was asked again" if "model" in after else "corrected by hand"
                changed = self._since(part, remark.sent)
                found.append(Dealt(remark, "", changed, again=bool(after), instead=who, about=f"'{part}'"))
        return tuple(found)

    def changed(self, name: str, since: Decision | None = None) -> tuple[Change, ...]:
        """What changed in ``name`` (a part of the facts) since the decision ``since``; by default since it last changed."""
        part = name.removeprefix(f"{NAME}: ")
        if part not in self.settles:
            return ()
        if since:
            return self._since(part, since.seq)
        records = self.run.journal.of("settled")
        return next((found for each in reversed(records) if (found := self._since(part, each.seq))), ())

    def _since(self, part: str, seq: int) -> tuple[Change, ...]:
        """What changed in a part of the facts since record ``seq`` of the journal was written."""
        before = self.run.sheet.as_of(seq)
        then = facts.write(facts.parse(before), (part,)) if before else ""
        return plain(part, then, facts.write(self.run.sheet.now, (part,)))

    def show(self, parts: Sequence[str]) -> view.Shown:
        """Some of what is to be confirmed here, as a person reads it."""
        return briefing.shown(self.run.sheet.now, parts, self.run.tree)

    @property
    def ready(self) -> bool:
        """Whether the analyst, if there is one, has been heard."""
        return all(self.run.sheet.refined(self.question(duty).digest) for duty in self.duties)

    @property
    def to_confirm(self) -> tuple[str, ...]:
        """What is to be confirmed here, line by line."""
        return tuple(self.show(self.settles).text.split("\n"))

    def _keep(self) -> None:
        self.run.sheet.keep()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        state = "open" if self.gate.open else f"closed: {'; '.join(self.gate.why)}"
        shown = view.box("done" if self.gate.open else "wait", [f"{self.title}. Gate '{self.name}': {state}."])
        return (shown + self.show(self.settles))._repr_mimebundle_()
