"""What was decided, by whom, on which bytes, what the reviewers' file asked for, what was said; and how far that can be relied on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .. import checklist, remarks
from ..gate import SENT_BACK, Decision, decisions
from ..reviewers import NAME, Needs
from ..run import Run
from ..step import Step
from ..verify import Verified
from .markup import Safe, banner, code, fold, joined, link, listed, said, table, tag


def gates(run: Run, places: Mapping[str, str]) -> Safe:
    """Every gate: how it stands, what it needs, each decision, each comment.

    Args:
        run: the run.
        places: where on the page what a decision names is: name → id.
    """
    return joined(joined(_gate(run, phase, places)) for phase in run.phases)


def table_of_gates(run: Run) -> Safe:
    """Each gate in one row: how it stands, and who decided last."""
    rows = []
    for phase in run.phases:
        gate = phase.gate
        last = gate.decision
        said_last = f"{last.verdict} by {last.who}, {last.at}" if last else "nobody has decided"
        rows.append((link(f"gate-{phase.name}", phase.title), "open" if gate.open else "closed", said_last))
    return table("The gates", ("gate", "state", "last decision"), rows)


def held(run: Run) -> Safe:
    """The recipe's checklist: what has to hold at its end, and what shows that it does."""
    rows = [("✓" if e.holds else "✗", e.says, "; ".join(e.lacking or e.evidence)) for e in checklist.of(run).lines]
    return table("Execution validation checklist", ("", "what has to hold", "what shows it"), rows)


def _gate(run: Run, phase: Step, places: Mapping[str, str]) -> Iterator[Safe]:
    gate = phase.gate
    yield tag("h3", f"Gate: {phase.title}", id_=f"gate-{phase.name}")
    yield banner("done" if gate.open else "wait", "The gate is open" if gate.open else "The gate is closed", gate.why)
    yield tag("p", f"It needs {needed(gate.policy.needs)}.")
    found = decisions(run.journal, phase.name)
    yield from (_decision(run, each, gate.subject, places, gate.policy.roles(each.by)) for each in found)
    if not found:
        yield tag("p", "Nobody has decided here.")
    yield from _comments(run, phase, found)


def needed(needs: Needs) -> str:
    """What a gate needs to open, in words."""
    parts = [f"the approval of {needs.people} {'person' if needs.people == 1 else 'people'}"]
    if needs.roles:
        parts.append(
            "among them " + ", ".join(f"{count} with the role '{role}'" for role, count in needs.roles.items())
        )
    parts.append("or of the policy 'clean', by rule" if needs.rule else "given by people, not by rule")
    if not needs.own_edits:
        parts.append("who edited a document cannot approve it")
    return ", ".join(parts)


def _decision(
    run: Run, decision: Decision, now: Mapping[str, str], places: Mapping[str, str], roles: Iterable[str]
) -> Safe:
    record = next(each for each in run.journal if each.seq == decision.seq)
    how = (
        "by a rule, not by a person" if decision.how == "policy" else "as a person; not signed, so the name is a claim"
    )
    how = f"as a person; signed with the key {decision.signed}" if decision.signed else how
    role = f" (role: {', '.join(roles)})" if roles else ""
    head = joined(
        [tag("strong", f"{decision.verdict.capitalize()} by {decision.who}"), f"{role}, {decision.at}: {how}. Record ", link(f"r{decision.seq}", str(decision.seq)), "."]
    )  # fmt: skip
    versions = record.body.get("versions", {})
    rows = [
        (link(places[name], name) if places.get(name) else said(name), versions.get(name, ""), code(digest), _still(now, name, digest))
        for name, digest in decision.subject.items()
    ]  # fmt: skip
    parts = [
        tag("p", head),
        tag("blockquote", decision.comment, class_="words") if decision.comment else "",
        table(f"What record {decision.seq} decides on", ("name", "draft", "SHA-256", "now"), rows, "digests"),
        _rests(decision, places),
    ]
    kind = "stop" if decision.verdict == SENT_BACK else "policy" if decision.how == "policy" else "person"
    return tag("section", *parts, class_=f"decision {kind}", aria_label=f"Decision, record {decision.seq}")


def _still(now: Mapping[str, str], name: str, digest: str) -> str:
    return "the same" if now.get(name) == digest else "another text since" if now.get(name) else "not there any more"


def _rests(decision: Decision, places: Mapping[str, str]) -> Safe:
    rows = [
        (link(places[name], name) if places.get(name) else said(name), code(digest))
        for name, digest in decision.rests_on.items()
    ]
    if not rows:
        return Safe("")
    shown = table(f"What record {decision.seq} rests on", ("name", "SHA-256"), rows, "digests")
    return fold(f"What that rests on ({len(rows)})", shown)


def _comments(run: Run, phase: Step, found: Iterable[Decision]) -> Iterator[Safe]:
    carried = {seq: decision.seq for decision in found for seq in decision.comments}
    rows = []
    for comment in remarks.comments(run.journal, phase.name):
        about = f"{comment.anchor.document.rpartition('/')[2]}: " if comment.anchor.document else ""
        went = joined(["sent back with record ", link(f"r{carried[comment.seq]}", str(carried[comment.seq]))]) if comment.seq in carried else "not sent to its author"  # fmt: skip
        words = tag("span", comment.text, class_="words")
        rows.append((link(f"r{comment.seq}", str(comment.seq)), f"{about}{comment.anchor.words}", words, f"{comment.by}, {comment.at}", went))  # fmt: skip
    yield table(
        f"Comments at {phase.title}",
        ("record", "about", "what was said", "who, when", "what became of it"),
        rows,
        "said",
    )


def asked(run: Run) -> Safe:
    """What the reviewers' file of the run asks for, in words."""
    facts = run.reviewers.facts
    people = facts.get("people", {})
    if not run.store.read(NAME):
        return tag("p", f"The run has no {NAME}: at every gate one person is enough, or the policy 'clean'.")
    rows = [(name, ", ".join(roles) or "none") for name, roles in people.items()]
    return joined(
        [
            tag("p", f"The run began with a {NAME}; what it asks for stands at each gate."),
            table(f"People in {NAME}", ("who", "roles"), rows),
        ]
    )


def verified(run: Run, checked: Verified) -> Safe:
    """What was found when the record was verified, and what that cannot show."""
    looked = ", ".join(f"{many} {kind}" for kind, many in checked.counted.items())
    parts = [
        banner("stop", "The run's folder differs from its record", checked.faults)
        if checked.faults
        else banner("done", "Nothing in the run's folder differs from its record"),
        tag("p", f"Looked at: {looked}."),
        tag("p", "The head of the journal, SHA-256 of its last record: ", code(run.journal.head), f", {sum(1 for _ in run.journal)} records. Whoever keeps it can tell when the end is cut off."),
        tag("p", "What this cannot show:"),
        listed(checked.notes),
    ]  # fmt: skip
    return joined(parts)
