"""What is under review, as plain values: a document as it reads, what is wrong with it, what it rests on, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import briefing, changes, costs, digest, facts, gate, view
from .changes import Dealt
from .document import Document, Finding
from .factsheet import NAME as FACTS
from .findings import Findings, checked, story
from .given import FOLDER as GIVEN
from .journal import Record
from .legible import legible
from .person import Person
from .remarks import said
from .reviewers import Needs
from .step import Step
from .tally import Line

PLAN = "plan of execution"
"""What the first gate calls the list of who will be asked for what."""
MOST_BESIDE = 60
"""The most findings that stand beside the passage they are about; all of them stand at the top."""


def listed(step: Step, document: Document, found: Findings, lines: Mapping[str, Line]) -> dict[str, Any]:
    """A document in the list of those to be decided: its name, version, author, cost, verdict."""
    name, now = document.name, step.gate
    own = [finding for finding in found if finding.document == name]
    history = step.run.shelf.history(name)
    seat = {duty.document: duty.seat for duty in step.duties}.get(name)
    line = lines.get(seat.name) if seat else None
    drafted = [record for record in history if record.kind == "drafted"]
    return {
        "name": name,
        "title": view.visible(legible(document).title),
        "file": view.visible(name.rpartition("/")[2]),
        "digest": document.digest,
        "version": len(history) + _unrecorded(document, history),
        "author": view.visible(_author(document, history, seat.title if seat else "")),
        "model": view.visible(str(drafted[-1].body.get("model", ""))) if drafted else "",
        "tokens": line.tokens if line else 0,
        "dollars": line.dollars if line else None,
        "among": sum(duty.seat is seat for each in step.run.phases for duty in each.duties) if seat else 0,
        "words": len(document.text.split()),
        "findings": len(own),
        "errors": sum(finding.severity == "error" for finding in own),
        "approved": now.approved(name),
        "verdict": view.visible(verdict(now, name)),
        "pending": sum(comment.anchor.document == name for comment in step.pending),
    }


def page(step: Step, document: Document, found: Findings, draw: bool = True) -> dict[str, Any]:
    """A document as it reads, with what a reviewer wants to know of it; ``html`` is safe as it stands.

    Args:
        step: its step.
        document: the document.
        found: what the checks say.
        draw: whether diagrams are drawn that have not been before, which takes seconds.
    """
    name, read = document.name, legible(document)
    own = [finding for finding in found if finding.document == name]
    looked = checked([each for each in found.looked if each.document == name])
    return {
        "name": name,
        "digest": document.digest,
        "html": view.html(read.text, beside=_beside(own) if read is document else {}, lines=True, draw=draw),
        "outline": [
            {"level": each.level, "text": view.visible(each.text), "line": each.line} for each in read.headings
        ],
        "findings": [_finding(each, found.shown(each), read is document) for each in own],
        "notes": [view.visible(each) for each in (looked, *story(step.attempts(name))) if each],
        "rests_on": rests_on(step),
        "changes": _changed(step, document),
        "remarks": [_remark(each) for each in step.dealt(name)],
    }


def rests_on(step: Step) -> list[dict[str, Any]]:
    """What the step's documents were written from: name, digest, and whether that is approved as it is."""
    approved = {name: each.own_gate.approved(name) for each in step.run.phases[: step.at] for name in each.subject}
    approved |= {f"{GIVEN}: {each.name}": bool(each.approved) for each in step.run.given.taken}
    return [
        {"name": name, "digest": written, "approved": approved.get(name, False)}
        for name, written in step.rests_on.items()
    ]


def readable(step: Step, name: str) -> tuple[str, str]:
    """What is called ``name`` in a step's subject or in what it rests on, as it reads: safe HTML and its SHA-256; empty if there is nothing."""
    run = step.run
    known = {**step.rests_on, **step.subject}
    if name not in known:
        return "", ""
    if name == PLAN:
        rows = [(each["phase"], each["consultant"], each["document"], each["model"]) for each in run.call_plan]
        left = [f"Left out with {why}: {', '.join(files)}" for why, files in run.left_out.items()]
        shown = view.table(("Phase", "Consultant", "Document", "Model"), rows)
        return (shown + view.box("note", left) if left else shown).html, known[name]
    if name == "brief.md":
        return view.html(run.brief.text, lines=True), run.brief.digest
    if name == "codebase.md":
        return view.html(run.codebase, lines=True), digest.of_text(run.codebase)
    if name.startswith(f"{FACTS}: "):
        now, part = run.sheet.now, name.partition(": ")[2]
        return f"<pre>{view.escape(facts.write(now, (part,)))}</pre>", now.digest(part)
    given = {f"{GIVEN}: {each.name}": each for each in run.given.documents}
    document = given.get(name) or run.shelf.document(name)
    return (view.html(legible(document).text, lines=True), document.digest) if document else ("", "")


def parts(step: Step, asked: bool) -> list[dict[str, Any]]:
    """The facts a step settles, one entry a part; ``html`` is safe as it stands.

    Args:
        step: the step.
        asked: whether a form asks the questions, so that they are not shown too.
    """
    now, tree = step.run.sheet.now, step.run.tree
    return [
        {
            "part": part,
            "name": f"{FACTS}: {part}",
            "html": "" if part == "questions" and asked else briefing.shown(now, [part], tree).html,
        }
        for part in step.settles
    ]


def gate_of(step: Step) -> dict[str, Any]:
    """How the step's gate stands, and where its journal ends."""
    now, journal = step.gate, step.run.journal
    here = [each.name for each in step.run.phases if each.notebook == step.notebook and not each.act.phase.renders]
    return {
        "open": now.open,
        "place": f"gate {here.index(step.name) + 1} of {len(here)} in this notebook" if len(here) > 1 else "",
        "why": [view.visible(each) for each in now.why],
        "needs": _needs(now.policy.needs),
        "decisions": [view.visible(str(each)) for each in now.decisions],
        "records": sum(1 for _ in journal),
        "head": journal.head,
    }


def comments(step: Step) -> list[dict[str, Any]]:
    """The comments that wait for the next 'send back'."""
    return [
        {
            "seq": each.seq,
            "document": each.anchor.document,
            "section": view.visible(each.anchor.section),
            "line": each.anchor.line,
            "where": view.visible(each.anchor.words),
            "text": view.visible(each.text),
            "by": view.visible(each.by),
            "at": each.at,
            "same": not each.digest or each.digest == step.subject.get(each.anchor.document),
        }
        for each in step.pending
    ]


def _needs(needs: Needs) -> str:
    """What a gate needs, in words; empty when one person, or the policy, is enough."""
    if needs.people == 1 and not needs.roles and needs.own_edits:
        return ""
    roles = [f"{count} with the role '{role}'" for role, count in needs.roles.items()]
    said = f"{needs.people} {'person has' if needs.people == 1 else 'people have'} to approve"
    said += f", {' and '.join(roles)}" if roles else ""
    return view.visible(said + ("" if needs.own_edits else "; who edited a document cannot approve it"))


def verdict(now: gate.Gate, name: str) -> str:
    """What was decided about ``name``, in a few words."""
    given = [short(each) for each in now.approvals(name)]
    if given:
        said = f"approved by {', '.join(dict.fromkeys(given))}"
        return said if now.approved(name) else f"{said}; not enough yet"
    last = now.about(name)[-1] if now.about(name) else None
    if last is None:
        return "not decided"
    if last.verdict == gate.APPROVED:
        return (
            "changed since it was approved" if last.subject[name] != now.subject[name] else "what it rests on changed"
        )
    again = last.subject[name] != now.subject.get(name)
    return f"written again since {short(last)} sent it back" if again else f"sent back by {short(last)}"


def short(decision: gate.Decision) -> str:
    """Who decided, without an e-mail address where there is a name."""
    return decision.who if decision.how == "policy" else Person.of(decision.by).name or decision.by


def costs_of(step: Step) -> dict[str, Line]:
    """What each seat has taken, by its name."""
    return {line.seat: line for line in costs.lines(step.run)}


def earlier(step: Step, document: Document) -> tuple[str, str]:
    """The text of the version before the one that is there, and which one that is, in words; both empty when there is none."""
    history = step.run.shelf.history(document.name)
    known = [(at, each) for at, each in enumerate(history, start=1) if each.body["digest"] != document.digest]
    if not known:
        return "", ""
    at, last = known[-1]
    return step.run.store.version(last.body["digest"]) or "", f"version {at} ({_writer(last)}, {last.at})"


def _unrecorded(document: Document, history: tuple[Record, ...]) -> int:
    """One, if the text is nobody's recorded version yet."""
    return int(not history or history[-1].body["digest"] != document.digest)


def _author(document: Document, history: tuple[Record, ...], title: str) -> str:
    if _unrecorded(document, history):
        return "edited outside of the panel"
    last = history[-1]
    return title or str(last.body.get("seat", "")) if last.kind == "drafted" else f"edited by {_writer(last)}"


def _writer(record: Record) -> str:
    """Who wrote the version a record names."""
    if record.kind == "drafted":
        return str(record.body.get("seat", ""))
    by = str(record.body.get("by") or "")
    return Person.of(by).name or by or "somebody"


def _finding(finding: Finding, line: str, there: bool) -> dict[str, Any]:
    """A finding; one whose line is not ``there`` on the page says it in words."""
    said = finding.message if there or not finding.line else f"line {finding.line} of the file: {finding.message}"
    return {
        "severity": finding.severity,
        "line": finding.line if there else 0,
        "message": view.visible(said),
        "hint": view.visible(finding.hint),
        "rule": view.visible(f"{finding.rule}, {finding.tool}"),
        "shown": line,
    }


def _beside(found: list[Finding]) -> dict[int, str]:
    """What stands beside each passage: the findings about it."""
    notes: dict[int, list[str]] = {}
    wrong: set[int] = set()
    for finding in [each for each in found if each.line][:MOST_BESIDE]:
        mends = f" → {finding.hint}" if finding.hint else ""
        notes.setdefault(finding.line, []).append(f"{finding.severity}, line {finding.line}: {finding.message}{mends}")
        wrong |= {finding.line} if finding.severity == "error" else set()
    return {line: view.box("stop" if line in wrong else "wait", said).html for line, said in notes.items()}


def _changed(step: Step, document: Document) -> dict[str, Any]:
    """What changed since the version before, by section."""
    before, which = earlier(step, document)
    if not which:
        return {"since": "", "html": "", "sections": []}
    found = changes.changes(before, document.text)
    return {
        "since": view.visible(which),
        "html": changes.shown(found).html,
        "sections": [{"section": view.visible(each.section), "words": view.visible(each.words)} for each in found],
    }


def _remark(dealt: Dealt) -> dict[str, Any]:
    """A remark and what was done about it."""
    remark = dealt.remark
    return {
        "name": remark.name,
        "text": view.visible(said(remark.text)),
        "where": view.visible(remark.anchor.words),
        "section": view.visible(remark.anchor.section),
        "line": remark.anchor.line,
        "by": view.visible(remark.by),
        "at": remark.at,
        "again": dealt.again,
        "words": view.visible(dealt.words),
        "html": changes.shown(dealt.changes).html if dealt.changes else "",
    }
