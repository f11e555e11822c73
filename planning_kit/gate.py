"""Where somebody decides: a gate is open while the last decision names what is there now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .journal import Journal, Record

APPROVED, SENT_BACK = "approved", "sent back"


@dataclass(frozen=True)
class Decision:
    """What was decided at a gate.

    Attributes:
        phase: the gate's phase.
        verdict: ``approved`` or ``sent back``.
        by: who, as they named themselves; a policy's name for a policy.
        how: ``person`` or ``policy``.
        comment: what they said; never blank when sent back.
        at: when, UTC.
        subject: documents (and the brief, the plan) by name → SHA-256: the exact bytes decided on.
        rests_on: what those were written from, by name → SHA-256.
        seq: its place in the journal.
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

    @classmethod
    def of(cls, record: Record) -> Decision:
        """The decision a journal record holds."""
        body = record.body
        return cls(
            body["phase"], body["verdict"], body["by"], body["how"], body["comment"],
            record.at, body["subject"], body["rests_on"], record.seq,
        )  # fmt: skip

    def __str__(self) -> str:
        who = f"policy '{self.by}'" if self.how == "policy" else self.by
        return f"{self.verdict} by {who} at {self.at}" + (f": {self.comment}" if self.comment else "")


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
        decision: the last decision, if there is one.
        before: why the gates before it are closed, if they are.
    """

    phase: str
    subject: Mapping[str, str]
    rests_on: Mapping[str, str]
    decision: Decision | None = None
    before: tuple[str, ...] = field(default=())

    @property
    def open(self) -> bool:
        """Whether the run may go past it."""
        return not self.why

    @property
    def why(self) -> tuple[str, ...]:
        """Why it is closed, one sentence each; empty when it is open."""
        unwritten = [name for name, digest in self.subject.items() if not digest]
        missing: tuple[str, ...] = ()
        if unwritten:
            more = f" and {len(unwritten) - 1} more are" if len(unwritten) > 1 else " is"
            missing = (f"{unwritten[0]}{more} not written yet",)
        if missing or self.decision is None:
            return self.before + (missing or ("nobody has decided yet",))
        if self.decision.verdict == SENT_BACK:
            again = (
                ""
                if self.subject == self.decision.subject
                else " (written again since; nobody has decided about that yet)"
            )
            return (*self.before, f"{self.decision}{again}")
        said = f"approved by {self.decision.by} at {self.decision.at}"
        changed = [f"{name} changed after it was {said}" for name in _differing(self.subject, self.decision.subject)]
        moved = [
            f"it rests on {name}, which changed after it was {said}"
            for name in _differing(self.rests_on, self.decision.rests_on)
        ]
        return (*self.before, *changed, *moved)


def _differing(now: Mapping[str, str], then: Mapping[str, str]) -> list[str]:
    return [name for name in {**then, **now} if now.get(name) != then.get(name)]


def policy_refuses(gate: Gate, findings: int) -> str:
    """Why the policy ``clean`` does not approve, or nothing: it lets through only what no check objects to.

    Args:
        gate: as it stands.
        findings: how many findings its documents have.
    """
    if gate.before:
        return gate.before[0]
    if findings:
        return f"the policy 'clean' approves only what has no findings, and there {'is 1' if findings == 1 else f'are {findings}'}"
    sent_back = (
        gate.decision is not None and gate.decision.verdict == SENT_BACK and gate.decision.subject == gate.subject
    )
    return f"{gate.decision}, and nothing has changed since" if sent_back else ""
