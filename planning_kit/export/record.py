"""The record in plain markdown: what was handed over, what was decided about it, and how the journal ended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from .. import checklist, digest, view
from ..gate import Decision, decisions
from ..run import Run
from ..step import Step

NAME = "RECORD.md"
"""What the record is called among the documents."""
_ROW = re.compile(r"(?m)^\| `([^`\n]+)` \| `([0-9a-f]{64})` \|")
_END = "SHA-256 of everything above this line: "


def record(run: Run, handed: Mapping[str, str]) -> str:
    """The record of ``run``; the last line is the digest of those above.

    Args:
        run: the run.
        handed: what is handed over beside it: path → SHA-256.
    """
    text = "\n".join(_lines(run, handed)) + "\n\n"
    return f"{text}{_END}`{digest.of_text(text)}`\n"


def handed(text: str) -> dict[str, str]:
    """What an earlier record says was handed over; nothing when somebody has changed that record."""
    return {name: value for name, value in _ROW.findall(text)} if whole(text) else {}


def whole(text: str) -> bool:
    """Whether a record is as it was written."""
    above, mark, last = text.rpartition(_END)
    return bool(mark) and last == f"`{digest.of_text(above)}`\n"


def _lines(run: Run, handed: Mapping[str, str]) -> Iterator[str]:
    yield f"# Record: {quiet(run.title)}"
    yield ""
    models = ", ".join(sorted({role.model for role in run.roles.values()})) or run.model
    yield f"Run `{run.label}`, id `{run.id}`, recipe {quiet(run.recipe.name)}, model {quiet(models)}, begun {run.today}."
    records = list(run.journal)
    yield f"The journal ends with record {len(records)}; its head is `{run.journal.head}`."
    yield from _given(run)
    yield ""
    yield "| what is handed over | SHA-256 | state |"
    yield "|---|---|---|"
    states = {name: state for phase in run.phases for name, state in _states(phase)}
    for name, value in handed.items():
        yield f"| `{name}` | `{value}` | {states.get(name, '')} |"
    yield from _checklist(run)
    yield ""
    yield "## Gates and decisions"
    for phase in run.phases:
        gate = phase.gate
        if not gate.decides:
            continue
        why = "; ".join(gate.why)
        yield ""
        yield f"### {quiet(phase.title)}: {'open' if gate.open else f'closed: {quiet(why)}'}"
        yield ""
        yield from (line for each in decisions(run.journal, phase.name) for line in _decision(each))


def _checklist(run: Run) -> Iterator[str]:
    """What has to hold at the recipe's end, and what shows it."""
    if lines := checklist.of(run).lines:
        yield from ("", "## Execution validation checklist", "")
        yield from (
            f"- [{'x' if each.holds else ' '}] {quiet(each.says)}: {quiet('; '.join(each.lacking or each.evidence))}"
            for each in lines
        )


def _given(run: Run) -> Iterator[str]:
    """On which documents of earlier runs it rests."""
    if run.given:
        yield ""
        yield f"It rests on {quiet(run.given.words)}. They are not handed over here:"
        yield ""
        for taken, earlier, said in run.given.lines:
            yield f"- `{taken.digest}` {quiet(taken.name)} of {quiet(earlier.label)}, id `{earlier.run}`: {quiet(said)}"


def _states(phase: Step) -> Iterator[tuple[str, str]]:
    gate = phase.own_gate
    for name in phase.names:
        given = "; ".join(quiet(f"{each.who}, {each.at}") for each in gate.approvals(name))
        yield name, f"approved by {given}" if gate.approved(name) else "not approved"


def _decision(decision: Decision) -> Iterator[str]:
    signed = f"signed with {decision.signed}" if decision.signed else "not signed"
    how = "by rule" if decision.how == "policy" else "as a person"
    said = f": “{quiet(decision.comment)}”" if decision.comment else ""
    yield f"- Record {decision.seq}, {decision.at}: {decision.verdict} by {quiet(decision.who)} ({how}, {signed}){said}"
    yield from (f"  - `{value}` {quiet(name)}" for name, value in decision.subject.items())


def quiet(text: str) -> str:
    """``text`` as words of one line of markdown in which nothing is live."""
    return re.sub(r"([\\`*_\[\]<>|#~$&])", r"\\\1", view.visible(" ".join(text.split())))
