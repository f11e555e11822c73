"""How a run stands, as facts for a program and as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import digest
from .document import Finding
from .run import Run
from .step import Step


def facts(run: Run) -> dict[str, Any]:
    """Everything ``status --json`` says: plain values only."""
    account = run.ledger.account
    waiting = run.waiting
    return {
        "run": str(run.folder),
        "title": run.title,
        "recipe": run.recipe.name,
        "model": run.model,
        "state": "finished" if waiting is None else "waiting" if waiting.ready else "unfinished",
        "phases": [_phase(phase, phase is waiting) for phase in run.phases],
        "facts": {"path": str(run.sheet.path), **run.sheet.now.model_dump(mode="json")},
        "cost": {
            "answers": account.calls,
            "input_tokens": account.input,
            "output_tokens": account.output,
            "dollars": round(account.dollars, 6),
            "budget": run.budget,
        },
    }


def _phase(phase: Step, next_one: bool) -> dict[str, Any]:
    gate = phase.gate
    decision = gate.decision
    return {
        "name": phase.name,
        "notebook": phase.notebook,
        "open": gate.open,
        "why": list(gate.why),
        "decision": None if decision is None else {
            "verdict": decision.verdict, "by": decision.by, "how": decision.how, "comment": decision.comment,
            "at": decision.at, "subject": dict(decision.subject), "rests_on": dict(decision.rests_on),
        },
        "documents": [
            {"name": d.name, "sha256": d.digest, "title": d.title, "edited": phase.run.shelf.edited(d.name)} for d in phase.documents
        ],
        "to_confirm": list(phase.to_confirm) if next_one else [],
        "settled": [f"[{q.name}] {q.settled}" for q in phase.run.sheet.now.questions] if "questions" in phase.settles and gate.open else [],
        "findings": [] if gate.open and not phase.settles else [_finding(finding) for finding in phase.findings],
    }  # fmt: skip


def _finding(finding: Finding) -> dict[str, Any]:
    return {"document": finding.document, "line": finding.line, "rule": finding.rule, "tool": finding.tool,
            "severity": finding.severity, "message": finding.message}  # fmt: skip


def lines(said: dict[str, Any]) -> Iterator[str]:
    """The facts of :func:`facts` as a person reads them."""
    yield f"{said['title']}: {said['state']}"
    yield f"  run      {said['run']}"
    yield f"  recipe   {said['recipe']}, author {said['model']}"
    cost = said["cost"]
    yield f"  cost     ${cost['dollars']:.2f} of ${cost['budget']:.2f}, {cost['answers']} answers, {cost['input_tokens']:,} tokens read, {cost['output_tokens']:,} written"
    for phase in said["phases"]:
        yield f"  {'open  ' if phase['open'] else 'closed'}   {phase['name']} ({phase['notebook']})"
        for why in phase["why"]:
            yield f"             because {why}"
        decision = phase["decision"]
        if decision and phase["open"]:
            who = f"policy '{decision['by']}'" if decision["how"] == "policy" else decision["by"]
            yield f"             {decision['verdict']} by {who} at {decision['at']}"
        for line in phase["to_confirm"]:
            yield f"             {line}"
        for line in phase["settled"]:
            yield f"             {line}"
        for document in phase["documents"]:
            edited = ", edited by hand" if document["edited"] else ""
            yield f"             {document['name']} {digest.short(document['sha256'])}{edited}"
        for finding in phase["findings"]:
            place = f"{finding['document']}:{finding['line']}" if finding["line"] else finding["document"]
            yield f"             {finding['severity']}: {place}: {finding['message']} [{finding['tool']}]"
