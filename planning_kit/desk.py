"""Where a step is decided: its gate, the comments on it, what is approved and what goes back to its authors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import digest, gate, heads, remarks, view
from .changes import Change, Dealt
from .errors import AwaitingApproval, OptionRefused, nearest
from .findings import Findings
from .gate import APPROVED, SENT_BACK, Decision, Gate
from .journal import Signer
from .kept import fresh
from .recipe import Consultant
from .redact import redact
from .remarks import Anchor, Comment, Remark
from .unrolled import Duty

if TYPE_CHECKING:
    from .run import Run
    from .step import Step


class Desk(ABC):
    """What is decided at place ``at`` of ``run``'s recipe; everything is read off the run's folder at each question."""

    def __init__(self, run: Run, at: int) -> None:
        self.run = run
        self.at = at
        self.act = run.acts[at]
        self.name = self.act.name
        self.title = self.act.title
        self.notebook = self.act.phase.notebook
        self.settles = self.act.phase.settles

    @cached_property
    def seats(self) -> tuple[Consultant, ...]:
        """Who is asked, in order; side by side."""
        return tuple(self.run.seat(name) for name in self.act.phase.sitting(self.run.options))

    @property
    def names(self) -> tuple[str, ...]:
        """The documents it writes, in the order of its seats."""
        return ()

    @property
    def duties(self) -> tuple[Duty, ...]:
        """Who is asked for which document."""
        return ()

    @property
    @abstractmethod
    def subject(self) -> dict[str, str]:
        """What an approval would name right now: name → SHA-256, empty for what is not written yet."""

    @property
    @abstractmethod
    def rests_on(self) -> dict[str, str]:
        """What that was written from: name → SHA-256."""

    @property
    def findings(self) -> Findings:
        """What the checks say about what is decided here, as it is now."""
        return Findings()

    @property
    def ready(self) -> bool:
        """Whether everything that is asked for here is written, so that only a decision is missing."""
        return all(self.subject.values())

    @property
    def can_be_sent_back(self) -> bool:
        """Whether there is an author who would read a remark."""
        return bool(self.duties)

    @property
    def gate(self) -> Gate:
        """Its gate, as it stands now."""
        closed = next((step.name for step in self.before if not step.own_gate.open), "")
        return replace(self.own_gate, before=(f"the gate '{closed}' before it is closed",) if closed else ())

    @property
    def before(self) -> tuple[Step, ...]:
        """The steps whose gates have to be open for this one's to be: all before it, but for those of other domains and those written together with it."""
        alone = self.act.alone
        own = (step for step in self.run.phases[: self.at] if not alone or step.act.alone in ("", alone))
        return tuple(step for step in own if step not in self.company)

    @property
    def company(self) -> tuple[Step, ...]:
        """The steps that are written together, side by side: itself, and those of its group if it has one."""
        phases, group = self.run.phases, self.act.phase.together
        return tuple(step for step in phases if step.act.phase.together == group) if group else (phases[self.at],)

    @property
    def own_gate(self) -> Gate:
        """Its gate, leaving those before it aside."""
        decided = gate.decisions(self.run.journal, self.name)
        policy = self.run.reviewers.policy(self.act.phase.name)
        return Gate(self.name, self.subject, self.rests_on, decided, policy, self.editors, grounds=self.grounds)

    @property
    def grounds(self) -> dict[str, frozenset[str]]:
        """Which parts of :attr:`rests_on` each document was written from; one that is not named was from all of them."""
        return {}

    @property
    def editors(self) -> dict[str, frozenset[str]]:
        """Who edited what is there now, by document."""
        return {}

    @property
    def returned(self) -> tuple[Decision, ...]:
        """The decisions that sent it back, oldest first."""
        return tuple(d for d in gate.decisions(self.run.journal, self.name) if d.verdict == SENT_BACK)

    def remarks(self, name: str = "") -> tuple[Remark, ...]:
        """What ``name`` was sent back with, oldest first; without a name, what the step was sent back with."""
        return remarks.remarks(self.run.journal, self.name, name)

    def dealt(self, name: str) -> tuple[Dealt, ...]:
        """What was done about each remark that ``name`` was sent back with, oldest first."""
        return ()

    def changed(self, name: str, since: Decision | None = None) -> tuple[Change, ...]:
        """What changed in ``name`` since the decision ``since``; by default since the version before."""
        return ()

    @property
    def token(self) -> str:
        """A short name for what an approval would name right now and what that rests on: who has seen it says it when deciding."""
        return digest.short(digest.of_fact({"subject": self.subject, "rests_on": self.rests_on}))

    @property
    def pending(self) -> tuple[Comment, ...]:
        """The comments that wait for the next 'send back'."""
        return remarks.pending(self.run.journal, self.name)

    def comment(self, anchor: Anchor, text: str, by: str) -> Comment:
        """Write down a comment; the next 'send back' carries it to the author.

        Raises:
            OptionRefused: nobody is named, nothing is said, too much is said, there is no such document here, nobody would
                read it, or what is said or quoted holds what looks like a secret.
        """
        if not by.strip():
            raise OptionRefused(f"say who comments on '{self.name}': --by NAME")
        if not self.can_be_sent_back:
            raise OptionRefused(
                f"'{self.name}' has no author who would read a comment; {self._instead_of_sending_back}"
            )
        if not text.strip() or len(text) > remarks.LONGEST:
            raise OptionRefused(f"a comment needs words, and at most {remarks.LONGEST:,} characters of them")
        if anchor.document and not self.subject.get(anchor.document):
            raise OptionRefused(f"no such document at '{self.name}': {anchor.document!r}{nearest(anchor.document, [name for name, written in self.subject.items() if written])}")  # fmt: skip
        _refuse_secrets(text, anchor.section, anchor.quote, by)
        with self.run.store.write():
            self._keep()
            record = self.run.journal.add(
                "commented", phase=self.name, document=anchor.document, section=anchor.section, line=anchor.line,
                quote=" ".join(anchor.quote.split())[: remarks.LONGEST_QUOTE],
                digest=self.subject.get(anchor.document, ""), text=text.strip(), by=by.strip(),
            )  # fmt: skip
        return Comment.of(record)

    def withdraw(self, seq: int, by: str) -> None:
        """Take back the comment at place ``seq`` of the journal.

        Raises:
            OptionRefused: no such comment waits.
        """
        with self.run.store.write():
            if seq not in [comment.seq for comment in self.pending]:
                raise OptionRefused(f"no comment {seq} waits at '{self.name}'")
            self.run.journal.add("withdrawn", phase=self.name, comment=seq, by=by.strip())

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
        if not self.ready:
            return f"Run the notebook {self.notebook} to have it written."
        return f"Decide in the notebook {self.notebook}, or with: planning-kit approve {self.run.address} {self.name} --by NAME"

    def approve(
        self, by: str, comment: str = "", subject: Mapping[str, str] | None = None,
        names: Collection[str] | None = None, signer: Signer | None = None,
    ) -> Decision:  # fmt: skip
        """Approve exactly ``subject`` (what was shown; by default what is there now), as a person.

        Args:
            by: who, as git writes people or in any other way.
            comment: what they say.
            subject: what was shown: name → SHA-256.
            names: only these of it; by default all.
            signer: signs the record.

        Raises:
            OptionRefused: nobody is named, or something is not written yet.
            AwaitingApproval: a gate before is closed, or a file changed since it was shown.
        """
        return self._decide(APPROVED, by, "person", comment, subject, names, signer=signer)

    def send_back(
        self, by: str, comment: str = "", subject: Mapping[str, str] | None = None, signer: Signer | None = None
    ) -> Decision:
        """Send it back to its authors with ``comment`` and all comments that wait; they will read them.

        Without a ``comment`` only the documents go back that the waiting comments are about.

        Raises:
            OptionRefused: nobody is named, nothing is said, or there is nobody to send it back to.
            AwaitingApproval: a file changed since it was shown.
        """
        waiting = self.pending
        if not comment.strip() and not waiting:
            raise OptionRefused(
                f"sending '{self.name}' back needs a comment: its authors read it before they write again"
            )
        if not self.can_be_sent_back:
            raise OptionRefused(f"'{self.name}' has no author to send it back to; {self._instead_of_sending_back}")
        about = {each.anchor.document for each in waiting}
        names = None if comment.strip() or about - self.subject.keys() else about
        return self._decide(SENT_BACK, by, "person", comment, subject, names, [each.seq for each in waiting], signer)

    @property
    def _instead_of_sending_back(self) -> str:
        return "change the brief or the options and run again"

    def _decide(
        self, verdict: str, by: str, how: str, comment: str, shown: Mapping[str, str] | None,
        names: Collection[str] | None = None, comments: Sequence[int] = (), signer: Signer | None = None,
        found: int | None = None,
    ) -> Decision:  # fmt: skip
        if not by.strip():
            raise OptionRefused(f"say who decides about '{self.name}': --by NAME")
        _refuse_secrets(comment, by)
        with self.run.store.write():
            now = self.gate
            named = self._named(now.subject, names, shown)
            if now.before and verdict == APPROVED:
                raise AwaitingApproval(f"'{self.name}' cannot be approved: {now.before[0]}")
            if verdict == APPROVED and (earlier := now.approved_by(by, how, named)):
                return earlier
            last = now.decision  # a second click on 'send back' is no second remark
            if verdict == SENT_BACK and not comments and last and _same(last, verdict, by, comment, named):
                return last
            self._keep()
            journal = self.run.journal
            body: dict[str, Any] = {"comments": list(comments)} if comments else {}
            if kept := fresh(self.run.store, journal):
                body["kept"] = kept
            record = journal.add(
                "decided", signer, phase=self.name, verdict=verdict, by=by.strip(), how=how, comment=comment.strip(),
                subject=named, rests_on=dict(now.rests_on), findings=len(self.findings) if found is None else found, versions=self._versions(named), **body,
            )  # fmt: skip
            heads.keep(self.run.id, heads.Head(record.seq, journal.head, record.at, str(self.run.folder)))
        return Decision.of(record)

    def _named(
        self, now: Mapping[str, str], names: Collection[str] | None, shown: Mapping[str, str] | None
    ) -> dict[str, str]:
        """What a decision about ``names`` (all, if nothing is said) names: name → SHA-256."""
        if unknown := [name for name in names or () if name not in now]:
            raise OptionRefused(
                f"nothing called {unknown[0]!r} is decided at '{self.name}'{nearest(unknown[0], list(now))}"
            )
        named = {name: written for name, written in now.items() if names is None or name in names}
        if missing := [name for name, written in named.items() if not written]:
            raise OptionRefused(f"{missing[0]} is not written yet; {self.how_to_decide}")
        whole = shown is not None and names is None and dict(shown) != dict(now)
        if whole or (shown is not None and any(shown.get(name) != written for name, written in named.items())):
            raise AwaitingApproval("the documents changed since they were shown; look at them again, then decide")
        return named

    def _versions(self, names: Collection[str]) -> dict[str, int]:
        """Which draft each document is: how many there have been."""
        return {name: self.run.shelf.versions(name) for name in names if name in self.names}

    @abstractmethod
    def _keep(self) -> None:
        """Keep the texts a decision is about to name."""


def _refuse_secrets(*said: str) -> None:
    if any(redact(text) != text for text in said):
        raise OptionRefused(
            "what is said holds what looks like a secret; take it out: it would be in the record for ever"
        )


def _same(last: Decision, verdict: str, by: str, comment: str, subject: Mapping[str, str]) -> bool:
    """Whether ``last`` says just that."""
    said = (verdict, by.strip(), comment.strip(), dict(subject))
    return (last.verdict, last.by, last.comment, dict(last.subject)) == said
