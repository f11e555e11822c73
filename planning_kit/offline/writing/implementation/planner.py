"""The implementation plan: read off the research as it stands, cut into phases by what rests on what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..basis import Basis
from ..draft import Draft
from ..markdown import ASSUMED, bullets, quote, table
from ..service.architecture_given import agreed
from ..service.contract import ARCHITECTURE
from . import charts, executive, quality, resources
from .cut import Cut
from .ending import ending
from .foundation import foundation
from .parts import part
from .phases import Phase
from .sessions import AREAS


def write(basis: Basis) -> Draft:
    """The draft of ``implementation-plan.md``; where an architecture is there, its contract says what the operations are."""
    cut = Cut(replace(basis, plan=agreed(basis)) if basis.document(ARCHITECTURE) else basis)
    phases = phased(cut)
    draft = Draft(f"Backend Implementation Plan: {quote(basis.plan.feature)}")
    draft.add("Executive Summary", *executive.summary(cut, phases))
    draft.add("Research Foundation", *_foundation(cut))
    drawn = "An arrow leads from what has to be finished to what needs it."
    draft.add("Implementation Phases", drawn, charts.flowchart(phases), *(_phase(each, phases) for each in phases))
    draft.add("Resource Requirements", *resources.required(cut))
    draft.add("Quality Assurance Strategy", *quality.assured(cut))
    draft.add("Timeline and Milestones", *quality.timeline(cut, phases))
    _ask(cut, draft, phases)
    draft.decisions = _decisions(cut, phases)
    return draft


def phased(cut: Cut) -> tuple[Phase, ...]:
    """The phases of the plan, in their order."""
    found = [foundation(cut)]
    numbers: dict[str, int] = {}
    for number, group in enumerate(cut.ordered, start=2):
        numbers |= {share.domain.name: number for share in group}
        found.append(part(cut, number, group, numbers))
    waited = {each for phase in found for each in phase.needs}
    ends = {phase.number: "" for phase in found if phase.number not in waited}
    return (*found, *ending(cut, len(found) + 1, ends))


def _foundation(cut: Cut) -> Iterator[str]:
    for area, title in AREAS.items():
        rows = [(each.link, each.option, each.because, each.confidence or "not said") for each in cut.of(area)]
        said = (
            table(("Session", "Recommends", "Because", "Confidence"), rows)
            if rows
            else "No session was held in this run."
        )
        yield f"### {title}\n\n{said}"


def _phase(phase: Phase, phases: tuple[Phase, ...]) -> str:
    rows = [(each.name, each.change, each.where, each.delivers) for each in phase.changes]
    names = {each.number: each.name for each in phases}
    waits = [f"Phase {n} ({names[n]}){f': {why}' if why else ''}" for n, why in phase.needs.items()]
    parts = (
        f"### {phase.titled}",
        f"#### Objectives\n\n{bullets(phase.objectives)}",
        f"#### Components\n\n{table(('Component', 'Change', 'Where', 'Delivers'), rows)}",
        f"#### Dependencies\n\n{bullets([*(waits or ['None: it comes first']), *phase.also])}",
        f"#### Success Criteria\n\n{bullets(phase.criteria)}",
    )
    return "\n\n".join(parts)


def _ask(cut: Cut, draft: Draft, phases: tuple[Phase, ...]) -> None:
    total, (longest, _) = sum(each.days for each in phases), charts.chain(phases)
    draft.assumptions.append(
        f"The {total} working days are counted, a day for an operation, table or measurement, two for a job, three for an outside system, and not known from this team."
    )
    if longest < total:
        draft.assumptions.append(
            f"Phases that do not wait for each other are built side by side; one developer alone takes {total} working days, not {longest}."
        )
    if not cut.basis.codebase:
        draft.assumptions.append("There is nothing to reuse or modify: no codebase was given.")
    begin = f"it begins on {charts.begins(cut.plan.today)}" + (
        ", and phases that can go side by side do" if longest < total else ""
    )
    draft.ask("How many people build it, from which day, and beside what other work?", begin)
    if not cut.measured and cut.plan.operations and cut.served:
        draft.ask("Which load, answer time and availability does it have to show?", "none is measured against a target")
    draft.questions += [q for q in cut.plan.reading.questions if q.area in ("api", "data")][:4]


def _decisions(cut: Cut, phases: tuple[Phase, ...]) -> str:
    longest, numbers = charts.chain(phases)
    order = " → ".join(each.name for each in phases if each.number in numbers)
    unsure = sum(each.confidence == "low" for each in cut.of("technology"))
    tried = (
        f"; {unsure} technology decision{'s' if unsure > 1 else ''} of low confidence {'are' if unsure > 1 else 'is'} tried out in Phase 1"
        if unsure
        else ""
    )
    return f"{len(phases)} phases, of which the longest chain ({order}) takes {longest} working days {ASSUMED}{tried}."
