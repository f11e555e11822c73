"""Where somebody decides: a gate is open while enough people have approved what is there now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .journal import Journal, Record
from .person import Person
from .reviewers import Approval, Needs, Policy

APPROVED, SENT_BACK = "approved", "sent back"


@dataclass(frozen=True)
class Decision:
    """What was decided at a gate.

    Attributes:
        phase: the gate's phase.
        verdict: ``approved`` or ``sent back``.
        by: who, as they named themselves; a policy's name for a policy.
        how: ``person`` or ``policy``.
        comment: what they said about the whole; when sent back it may be blank if there are ``comments``.
        at: when, UTC.
        subject: documents (and the brief, the plan) by name → SHA-256: the exact bytes decided on.
        rests_on: what those were written from, by name → SHA-256.
        seq: its place in the journal.
        comments: places in the journal of the comments it carries to the authors.
        signed: the fingerprint of the SSH key it was signed with; empty when it was not.
    """

    phase: str
    verdict: str
    by: str
    how: str
    comment: str
    at: str
    subject: Mapping[str, str]
    rests_on: Mapping[str, str]
    seq: int
    comments: tuple[int, ...] = ()
    signed: str = ""

    @classmethod
    def of(cls, record: Record) -> Decision:
        """The decision a journal record holds."""
        body = record.body
        return cls(
            body["phase"], body["verdict"], body["by"], body["how"], body["comment"],
            record.at, body["subject"], body["rests_on"], record.seq, tuple(body.get("comments", ())), body.get("signed", ""),
        )  # fmt: skip

    @property
    def who(self) -> str:
        """Who decided, in words: a decision by rule reads as one."""
        return f"policy '{self.by}'" if self.how == "policy" else self.by

    def __str__(self) -> str:
        several = f" with {len(self.comments)} comment{'' if len(self.comments) == 1 else 's'}" if self.comments else ""
        return f"{self.verdict} by {self.who} at {self.at}{several}" + (f": {self.comment}" if self.comment else "")


def decisions(journal: Journal, phase: str) -> tuple[Decision, ...]:
    """What was decided at the gate of ``phase``, oldest first."""
    return tuple(Decision.of(record) for record in journal.of("decided", phase=phase))


@dataclass(frozen=True)
class Gate:
    """The gate of one phase, as it stands now.

    Attributes:
        phase: its name.
        subject: what an approval would name: name → SHA-256, empty digest for what is not written yet.
        rests_on: what that was written from: name → SHA-256.
        decisions: what was decided at it, oldest first.
        policy: what it needs.
        editors: who edited what is there now: name → people, in any spelling.
        before: why the gates before it are closed, if they are.
        grounds: which of ``rests_on`` a document was written from: name → names; one that is not there was from all of it.
        decides: whether there is anything to decide; a text that is filled in by rule only has to be there.
    """

    phase: str
    subject: Mapping[str, str]
    rests_on: Mapping[str, str]
    decisions: tuple[Decision, ...] = ()
    policy: Policy = field(default_factory=Policy)
    editors: Mapping[str, frozenset[str]] = field(default_factory=dict)
    before: tuple[str, ...] = ()
    grounds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    decides: bool = True

    @property
    def open(self) -> bool:
        """Whether the run may go past it."""
        return not self.why

    @property
    def decision(self) -> Decision | None:
        """The last decision, if there is one."""
        return self.decisions[-1] if self.decisions else None

    def about(self, name: str) -> tuple[Decision, ...]:
        """What was decided about ``name`` since it was last sent back, oldest first; that too."""
        named = [each for each in self.decisions if name in each.subject]
        back = [at for at, each in enumerate(named) if each.verdict == SENT_BACK]
        return tuple(named[back[-1] :] if back else named)

    def approvals(self, name: str) -> tuple[Decision, ...]:
        """The approvals that name what ``name`` is now and what it rests on now."""
        return tuple(
            each
            for each in self.about(name)
            if each.verdict == APPROVED
            and each.subject[name] == self.subject.get(name)
            and not _moved(self, each, name)
        )

    def approved(self, name: str) -> bool:
        """Whether enough people have approved ``name`` as it is now."""
        return bool(self.subject.get(name)) and not self._lacks(name)

    def _lacks(self, name: str) -> str:
        given = [Approval(each.by, each.how) for each in self.approvals(name)]
        return self.policy.lacks(given, self.editors.get(name, frozenset()))

    def approved_by(self, by: str, how: str, names: Mapping[str, str]) -> Decision | None:
        """The approval by which ``by`` has approved all of ``names`` as they are now, if there is one.

        One under a name that says less, so that fewer roles go with it, is not enough: ``Bob``, then ``Bob <bob@example.org>``.
        """
        person, roles = Person.of(by), set(self.policy.roles(by))
        given = [
            [
                each
                for each in self.approvals(name)
                if each.how == how
                and (person.same(Person.of(each.by)) or each.by == by)
                and roles <= set(self.policy.roles(each.by))
            ]
            for name in names
        ]
        return given[-1][-1] if given and all(given) else None

    @property
    def why(self) -> tuple[str, ...]:
        """Why it is closed, one sentence each; empty when it is open."""
        unwritten = [name for name, digest in self.subject.items() if not digest]
        if unwritten:
            more = f" and {len(unwritten) - 1} more are" if len(unwritten) > 1 else " is"
            return (*self.before, f"{unwritten[0]}{more} not written yet")
        return (*self.before, *(dict.fromkeys(self._closed()) if self.decides else ()))

    def _closed(self) -> Iterator[str]:
        latest = {name: decided[-1] for name in self.subject if (decided := self.about(name))}
        undecided = [name for name in self.subject if name not in latest]
        same: dict[str, list[str]] = {}
        for name, last in latest.items():
            if last.verdict == SENT_BACK:
                again = "" if last.subject[name] == self.subject[name] else " (written again since; nobody has decided about that yet)"  # fmt: skip
                same.setdefault(f"{last}{again}", []).append(name)
            elif not self.approvals(name):
                yield from self._overtaken(name, last)
            elif lacks := self._lacks(name):
                same.setdefault(lacks, []).append(name)
        for said, names in same.items():
            yield said if len(names) == len(self.subject) else f"{_which(names)}: {said}"
        if undecided:
            needs = f": {self.policy.lacks([], ())}" if self.policy.needs != Needs() else ""
            about = "" if len(undecided) == len(self.subject) else f" about {_which(undecided)}"
            yield f"nobody has decided{about} yet{needs}"

    def _overtaken(self, name: str, last: Decision) -> Iterator[str]:
        """Why an approval does not count any more."""
        said = f"approved by {last.who} at {last.at}"
        if last.subject[name] != self.subject[name]:
            yield f"{name} changed after it was {said}"
        yield from (f"it rests on {each}, which changed after it was {said}" for each in _moved(self, last, name))


def _which(names: Sequence[str]) -> str:
    """``names`` in few words: the first, and how many more."""
    return f"{names[0]} and {len(names) - 1} more" if len(names) > 1 else names[0]


def _moved(now: Gate, then: Decision, name: str) -> list[str]:
    """What ``name`` rested on by the decision ``then`` and is not the same any more."""
    names = now.grounds.get(name) or {**then.rests_on, **now.rests_on}
    return [name for name in names if now.rests_on.get(name) != then.rests_on.get(name)]


def policy_refuses(gate: Gate, findings: int) -> str:
    """Why the policy ``clean`` does not approve, or nothing: it lets through only what no check objects to.

    Args:
        gate: as it stands.
        findings: how many errors its documents have.
    """
    if not gate.policy.needs.rule:
        return f"only people may approve '{gate.phase}', as the reviewers' file says"
    if gate.before:
        return gate.before[0]
    if findings:
        return f"the policy 'clean' approves only what has no findings, and there {'is 1' if findings == 1 else f'are {findings}'}"
    unchanged = [
        last
        for name, digest in gate.subject.items()
        for last in gate.about(name)[-1:]
        if last.verdict == SENT_BACK and last.subject[name] == digest
    ]
    return f"{unchanged[0]}, and nothing has changed since" if unchanged else ""
