"""What has to hold at the end of a recipe, line by line, read off the journal and the documents; nobody ticks anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import checks, view
from .checks import service
from .checks.artefact import of_kind
from .checks.openapi import documents_in, operations
from .checks.service.parts import NONE
from .document import Document, Finding
from .errors import CatalogRefused, nearest
from .journal import Record
from .rendering import Rendering
from .run import Run
from .step import Step
from .unrolled import Duty


@dataclass(frozen=True)
class Line:
    """One line of a checklist.

    Attributes:
        says: what has to hold.
        evidence: what shows that it does, each with its place.
        lacking: what shows that it does not, each with what to do; empty when it holds.
    """

    says: str
    evidence: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it does."""
        return not self.lacking

    def __str__(self) -> str:
        return f"{'✓' if self.holds else '✗'} {self.says}: {'; '.join(self.lacking or self.evidence)}"


@dataclass(frozen=True)
class Checklist:
    """The checklist of a run; one without lines for a recipe that has none."""

    lines: tuple[Line, ...]

    @property
    def holds(self) -> bool:
        """Whether every line does."""
        return all(line.holds for line in self.lines)

    @property
    def facts(self) -> list[dict[str, Any]]:
        """As plain values."""
        return [
            {"says": each.says, "holds": each.holds, "evidence": list(each.evidence), "lacking": list(each.lacking)}
            for each in self.lines
        ]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        if not self.lines:
            return view.box("note", ["This recipe has no checklist."])._repr_mimebundle_()
        failed = sum(not line.holds for line in self.lines)
        head = f"{len(self.lines) - failed} of {len(self.lines)} lines hold" if failed else "Every line holds."
        rows = [("✓" if e.holds else "✗", e.says, "; ".join(e.lacking or e.evidence)) for e in self.lines]
        shown = view.box("stop" if failed else "done", ["Execution validation checklist", head])
        return (shown + view.table(("", "what has to hold", "what shows it"), rows))._repr_mimebundle_()


def of(run: Run) -> Checklist:
    """The checklist of ``run`` as it stands now, without the lines about documents that its options leave out.

    Raises:
        FactsRefused: its facts cannot be read.
    """
    asked = {check for step in run.phases for seat in step.seats for check in seat.checks}
    there = (name for name in run.recipe.checklist if SHOWN_BY.get(name) in (None, *asked))
    return Checklist(tuple(LINES[name](run) for name in there))


def refuse_unknown(where: str, names: Iterable[str]) -> None:
    """Nothing, when every line that the recipe at ``where`` asks for exists.

    Raises:
        CatalogRefused: one does not; names the nearest.
    """
    for name in names:
        if name not in LINES:
            raise CatalogRefused(f"{where}: checklist: no such line: {name!r}{nearest(name, LINES)}")


def _called_one_by_one(run: Run) -> Line:
    """Each document has a question of its own that was answered."""
    lacking: list[str] = []
    asked: dict[str, Duty] = {}
    for duty in _duties(run):
        records = [r for r in run.journal.of("drafted", document=duty.document) if r.body["seat"]]
        if not records:
            lacking.append(f"{duty.who} was never called for {_file(duty.document)}; have it written")
        elif run.store.read(_answer(records[-1])) is None:
            lacking.append(f"the answer behind {_file(duty.document)} (record {records[-1].seq}) is not in calls/; restore it, or send the document back")  # fmt: skip
        elif (other := asked.setdefault(records[-1].body["asked"], duty)) is not duty:
            lacking.append(f"{duty.who} and {other.who} share one call; each has to be asked for itself: send {_file(duty.document)} back")  # fmt: skip
    count = len(run.ledger.calls)
    said = f"{count} {'call' if count == 1 else 'calls'} for {len(asked)} documents, one or more each"
    return Line("Every consultant was called separately", (said,), tuple(lacking))


def _answer(record: Record) -> str:
    """Where the answer to a draft's question is kept."""
    asked = str(record.body["asked"])
    return f"calls/{asked[:2]}/{asked}.json"


def _orchestrator_frames(run: Run) -> Line:
    """Who writes a document that a template began writes no other."""
    begun = {name: step for step in run.phases if isinstance(step, Rendering) for name in step.names}
    framing = [duty for duty in _duties(run) if duty.document in begun]
    lacking, evidence = [], []
    for duty in framing:
        others = [r for r in run.journal.of("drafted") if r.body["seat"] == duty.seat.name and r.body["document"] != duty.document]  # fmt: skip
        lacking += [f"{duty.seat.name} also wrote {_file(r.body['document'])} (record {r.seq}): only setup and synthesis are its; send that document back to its own consultant" for r in others]  # fmt: skip
        first = next(iter(run.journal.of("drafted", document=duty.document)), None)
        if first is None or first.body["seat"]:
            lacking.append(f"{_file(duty.document)} was not begun from its template; run the step '{begun[duty.document].name}' first")  # fmt: skip
        else:
            evidence.append(f"{_file(duty.document)} was begun by template in record {first.seq}, nobody asked; {duty.seat.name} wrote nothing else")  # fmt: skip
    return Line("Setup and synthesis only frame the others' work", tuple(evidence), tuple(lacking))


def _written_side_by_side(run: Run) -> Line:
    """The calls of the seats that sit together were under way at one time."""
    lacking, evidence, seen = [], [], set()
    for step in run.phases:
        steps = step.company
        duties = [duty for each in steps for duty in each.duties]
        if len(duties) < 2 or steps[0].name in seen:
            continue
        seen.add(steps[0].name)
        firsts = {duty.who: next(iter(_drafts(run, duty)), None) for duty in duties}
        if silent := [who for who, record in firsts.items() if record is None or "span" not in record.body]:
            lacking.append(f"{step.title}: of {', '.join(silent)} no call is recorded with its time; have it written")
            continue
        spans = {who: record.body["span"] for who, record in firsts.items() if record}
        last, first = max(begun for begun, _ in spans.values()), min(ended for _, ended in spans.values())
        if last <= first:
            evidence.append(f"{step.title}: all {len(spans)} calls were under way from {_clock(last)} to {_clock(first)}")  # fmt: skip
        else:
            late = max(spans, key=lambda who: spans[who][0])
            early = min(spans, key=lambda who: spans[who][1])
            lacking.append(f"{step.title}: {late} was called at {_clock(last)}, when {early} had ended at {_clock(first)}; have them written in one sitting (a run that was interrupted here shows so)")  # fmt: skip
    return Line("Specialists were called side by side", tuple(evidence), tuple(lacking))


def _drafts(run: Run, duty: Duty) -> list[Record]:
    return [r for r in run.journal.of("drafted", document=duty.document) if r.body["seat"] == duty.seat.name]


def _clock(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).strftime("%H:%M:%S.%f")[:-3]


def _openapi(run: Run) -> Line:
    def found(document: Document) -> Iterator[tuple[str, int]]:
        versions = (str(each["openapi"]) for each in documents_in(document))
        for version, artefact in zip(versions, of_kind(document, "openapi"), strict=False):
            yield f"OpenAPI {version}: {len(operations(document))} operations", artefact.line

    rules = {_rule(look.__name__) for look in checks.KINDS["openapi"].checks}
    return _written(run, "An OpenAPI document is there, and valid", ("openapi",), found, rules)


def _test_kinds(run: Run) -> Line:
    return _covered(run, "Tests cover contract, integration, load and security", "test-kinds")


def _delivery(run: Run) -> Line:
    return _covered(run, "Delivery covers environments, approvals and rollback", "approvals-and-rollback")


def _signals(run: Run) -> Line:
    return _covered(run, "Observability covers logs, metrics, traces, dashboards and alerts", "signals")


def _covered(run: Run, says: str, name: str) -> Line:
    return _written(run, says, (name,), service.EVIDENCE[name])


def _written(
    run: Run,
    says: str,
    names: tuple[str, ...],
    found: Callable[[Document], Iterable[tuple[str, int]]],
    rules: Iterable[str] = (),
) -> Line:
    """A line that a document shows whose consultant asked for the checks ``names``; an error by one of these, or of ``rules``, denies it."""
    wanted = {*rules, *(_rule(checks.NAMED[name].__name__) for name in names)}
    evidence, lacking, owed = [], [], 0
    for step, duty in _by_step(run):
        if not set(names) & set(duty.seat.checks):
            continue
        owed += 1
        document, file = run.shelf.document(duty.document), _file(duty.document)
        if document is None:
            lacking.append(f"{file} is not written yet; have it written")
            continue
        wrong = [f for f in _findings(step) if f.document == document.name and f.rule in wanted and f.severity == "error"]  # fmt: skip
        lacking += [f"{file}:{each.line}: {each.message}{f'; {each.hint}' if each.hint else ''}" for each in wrong[:3]]
        for what, line in found(document):
            if what.endswith(NONE):
                lacking.append(f"{what} ({file}:{line}); say in the brief what the service offers, or write it here")
            else:
                evidence.append(f"{what} ({file}:{line})")
    if not owed:
        lacking.append(f"no consultant of this recipe owes it; add a seat whose checks name '{names[0]}'")
    return Line(says, tuple(evidence), tuple(lacking))


def _findings(step: Step) -> Iterable[Finding]:
    return step.findings


def _by_step(run: Run) -> Iterator[tuple[Step, Duty]]:
    yield from ((step, duty) for step in run.phases if not step.settles for duty in step.duties)


def _duties(run: Run) -> list[Duty]:
    return [duty for _, duty in _by_step(run)]


def _file(name: str) -> str:
    return view.visible(name.rpartition("/")[2])


def _rule(name: str) -> str:
    return name.replace("_", "-")


SHOWN_BY = {"orchestrator-frames": "registry", "openapi": "openapi", "test-kinds": "test-kinds", "delivery": "approvals-and-rollback", "signals": "signals"}  # fmt: skip
"""The lines that a document shows, with the check its consultant asks for: where nobody is to write it, there is no such line."""
LINES: Mapping[str, Callable[[Run], Line]] = {
    "called-one-by-one": _called_one_by_one,
    "orchestrator-frames": _orchestrator_frames,
    "written-side-by-side": _written_side_by_side,
    "openapi": _openapi,
    "test-kinds": _test_kinds,
    "delivery": _delivery,
    "signals": _signals,
}
"""By the name a recipe asks for it."""
