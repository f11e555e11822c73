"""How a run stands, as facts for a program and as lines for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import checklist, costs, digest, prices
from .changes import Dealt
from .document import Finding
from .findings import Findings, checked
from .remarks import Anchor
from .run import Run
from .step import Step
from .tally import compared


def facts(run: Run) -> dict[str, Any]:
    """Everything ``status --json`` says: plain values only."""
    account = run.ledger.account
    waiting = run.waiting
    return {
        "run": str(run.folder),
        "title": run.title,
        "recipe": run.recipe.name,
        "model": run.model,
        "forked": dict(run.forked),
        "given": run.given.facts,
        "state": "finished" if waiting is None else "waiting" if waiting.ready else "unfinished",
        "phases": [_phase(phase, phase is waiting) for phase in run.phases],
        "checklist": checklist.of(run).facts if waiting is None else [],
        "facts": {"path": str(run.sheet.path), **run.sheet.now.model_dump(mode="json")},
        "cost": {
            **costs.of(run).facts,
            "under_way": run.ledger.under_way,
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
    found = Findings() if gate.open and not phase.settles else phase.findings
    return {
        "name": phase.name,
        "notebook": phase.notebook,
        "open": gate.open,
        "why": list(gate.why),
        "shown": phase.token,
        "waits": phase.ready and not gate.open and not gate.before,
        "decision": None if decision is None else {
            "verdict": decision.verdict, "by": decision.by, "how": decision.how, "comment": decision.comment,
            "at": decision.at, "subject": dict(decision.subject), "rests_on": dict(decision.rests_on),
        },
        "documents": [
            {"name": d.name, "sha256": d.digest, "title": d.title, "edited": phase.run.shelf.edited(d.name), "attempts": list(phase.attempts(d.name))} for d in phase.documents
        ],
        "pending": [{"comment": c.seq, "document": c.anchor.document, "section": c.anchor.section, "line": c.anchor.line,
                     "quote": c.anchor.quote, "text": c.text, "by": c.by, "at": c.at} for c in phase.pending],
        "remarks": [_dealt(name, each) for name in phase.subject for each in phase.dealt(name)],
        "to_confirm": list(phase.to_confirm) if next_one else [],
        "settled": [f"[{q.name}] {q.settled}" for q in phase.run.sheet.now.questions] if "questions" in phase.settles and gate.open else [],
        "findings": [_finding(finding) for finding in found],
        "artefacts": [{"document": each.document, "line": each.line, "kind": each.kind, "tool": each.tool, "not_checked": each.why} for each in found.looked],
        "checked": checked(found.looked),
    }  # fmt: skip


def _dealt(name: str, dealt: Dealt) -> dict[str, Any]:
    remark = dealt.remark
    return {"document": name, "remark": remark.name, "text": remark.said, "about": remark.anchor.words, "section": remark.anchor.section, "quote": remark.anchor.quote, "by": remark.by,
            "at": remark.at, "again": dealt.again, "answer": dealt.answer, "done": dealt.words}  # fmt: skip


def _finding(finding: Finding) -> dict[str, Any]:
    return {"document": finding.document, "line": finding.line, "column": finding.column, "rule": finding.rule, "tool": finding.tool,
            "severity": finding.severity, "message": finding.message, "hint": finding.hint}  # fmt: skip


def lines(said: dict[str, Any]) -> Iterator[str]:
    """The facts of :func:`facts` as a person reads them."""
    yield f"{said['title']}: {said['state']}"
    yield f"  run      {said['run']}"
    yield f"  recipe   {said['recipe']}, author {said['model']}"
    if came := said["forked"]:
        yield f"  fork     of {came['label']} from phase '{came['phase']}' on, at its record {came['seq']}"
    if given := said["given"]:
        names = ", and on ".join(f"{each['label']} ({each['recipe']})" for each in given["runs"])
        moved = [each["name"] for each in given["documents"] if each["now"] != each["digest"]]
        several = "document" if len(given["documents"]) == 1 else "documents"
        yield f"  rests on {names}: {len(given['documents'])} {several}{', changed since: ' + ', '.join(moved) if moved else ''}"
    cost = said["cost"]
    yield f"  cost     ${cost['dollars']:.2f} of ${cost['budget']:.2f}, {cost['answers']} answers, {cost['input_tokens']:,} tokens read, {cost['output_tokens']:,} written"
    yield from (f"             {line}" for line in _cost(cost))
    for phase in said["phases"]:
        yield f"  {'open  ' if phase['open'] else 'closed'}   {phase['name']} ({phase['notebook']})"
        for why in phase["why"]:
            yield f"             because {why}"
        yield from (f"             {line}" for line in _decided(phase))
        for line in phase["to_confirm"]:
            yield f"             {line}"
        for line in phase["settled"]:
            yield f"             {line}"
        for document in phase["documents"]:
            edited = ", edited by hand" if document["edited"] else ""
            edited += f", {len(document['attempts'])} attempts" if len(document["attempts"]) > 1 else ""
            yield f"             {document['name']} {digest.short(document['sha256'])}{edited}"
            own = [each for each in phase["remarks"] if each["document"] == document["name"] and not phase["open"]]
            yield from (f"               {line}" for line in _remarked(own))
        if phase["checked"]:
            yield f"             {phase['checked']}"
        for finding in phase["findings"]:
            place = ":".join(str(part) for part in (finding["document"], finding["line"], finding["column"]) if part)
            yield f"             {finding['severity']}: {place}: {finding['message']} [{finding['tool']}]"
            if finding["hint"]:
                yield f"               fix: {finding['hint']}"
    yield from _listed(said)


def _listed(said: dict[str, Any]) -> Iterator[str]:
    """The checklist of a finished run."""
    for each in said["checklist"]:
        yield f"  {'✓' if each['holds'] else '✗'} {each['says']}: {'; '.join(each['lacking'] or each['evidence'])}"


def _decided(phase: dict[str, Any]) -> Iterator[str]:
    """What was decided, how to decide about what is there now, and what was said and is not sent back yet."""
    decision = phase["decision"]
    if decision and phase["open"]:
        who = f"policy '{decision['by']}'" if decision["how"] == "policy" else decision["by"]
        yield f"{decision['verdict']} by {who} at {decision['at']}"
    if phase["waits"]:
        yield f"to decide about exactly this: --shown {phase['shown']}"
    for each in phase["pending"]:
        where = Anchor(each["document"], each["section"], each["line"], each["quote"]).words
        of = f" of {each['document']}" if each["document"] else ""
        yield f"comment {each['comment']} by {each['by']} waits to be sent back: {where}{of}: {' '.join(each['text'].split())}"


def _remarked(remarks: list[dict[str, Any]]) -> Iterator[str]:
    """What a document was sent back with, and what was done about it."""
    for each in remarks:
        about = f" ({each['about']})" if each["section"] or each["quote"] else ""
        yield f"[{each['remark']}] {each['by']}: {' '.join(each['text'].split())}{about}"
        yield f"     {each['done']}"


def _cost(cost: dict[str, Any]) -> Iterator[str]:
    """What is to be said about the cost beside the sum; nothing where no model was asked and nothing expected."""
    taken = [f"{cost['tokens'][kind]:,} {name}" for kind, name in prices.KINDS.items() if cost["tokens"][kind]]
    if taken:
        yield f"tokens: {', '.join(taken)}"
    for phase in cost["phases"]:
        if phase["answers"] and taken:
            yield f"{phase['phase'] or 'other seats'}: {_phase_cost(phase)}"
    broken = cost["broken"]
    if broken["tries"]:
        tries = "1 try" if broken["tries"] == 1 else f"{broken['tries']} tries"
        yield f"{tries} broken off, about ${broken['dollars']:.2f} ({broken['tokens']:,} tokens) that may have been billed"
    if cost["under_way"]:
        yield f"{cost['under_way']} more under way, or broken off by a kill: counted when the run goes on"
    if cost["without"]:
        yield f"in tokens only, no price is known: {', '.join(cost['without'])}"
    if cost["expected"] is not None:
        off = compared(cost["off"])
        yield f"expected before the start: ${cost['expected']:.2f} (prices as of {cost['prices_as_of']}){off and f'; so far {off}'}"
    for name in cost["damaged"]:
        yield f"damaged, not used: {name}; restore it, or delete it to have it asked (and paid) again"


def _phase_cost(phase: dict[str, Any]) -> str:
    tokens = sum(count for kind, count in phase["tokens"].items() if kind != "searches")
    said = f"{tokens:,} tokens" if phase["dollars"] is None else f"${phase['dollars']:.2f}"
    off = compared(phase["off"])
    return f"{said}, {off}" if off else said
