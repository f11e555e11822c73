"""How it is tested, reviewed, accepted and measured, and when what is done."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..markdown import ASSUMED, bullets, cite, listing, quote, shorten, table
from . import charts
from .cut import Cut
from .phases import Phase
from .session import lower


def assured(cut: Cut) -> Iterator[str]:
    """The four parts of the quality assurance strategy."""
    rows = [(each.link, *(_of(each.tests, level) for level in ("Unit", "Integration"))) for each in cut.of("testing")]
    none = ("no session on testing was held", f"the rules of each component {ASSUMED}", f"each operation of the contract, on what it stores {ASSUMED}")  # fmt: skip
    rows = rows or [none]
    yield f"### Testing Approach\n\n{table(('Planned in', 'Unit', 'Integration'), rows)}\n\n{_amount(cut)}"
    yield f"### Code Review Process\n\n{bullets(_review(cut))}"
    yield f"### Validation Strategy\n\n{_validation(cut)}"
    yield f"### Performance Considerations\n\n{_performance(cut)}"


def _of(tests: tuple[tuple[str, ...], ...], level: str) -> str:
    return next((row[1] for row in tests if len(row) > 1 and row[0] == level), "none planned")


def _amount(cut: Cut) -> str:
    operations, people = cut.plan.operations, [quote(each.name) for each in cut.plan.reading.actors[:4]]
    paths = (
        f"End to end: one path for {'each of ' if len(people) > 1 else ''}{listing(people)}, before each release {ASSUMED}."
        if people
        else f"End to end: one path from the first call to the last, before each release {ASSUMED}."
    )
    if not operations:
        return f"{paths} How many tests the contract makes is not known: the brief names no operation."
    refused = sum(r.status >= 400 for o in operations for r in o.responses)
    fine = sum(r.status < 400 for o in operations for r in o.responses)
    return f"{paths} From the contract follow {fine} tests of successes and {refused} of refusals, for {len(operations)} {'operation' if cut.served else 'command'}{'s' if len(operations) > 1 else ''}."


def _review(cut: Cut) -> Iterator[str]:
    yield f"Every change is read by one person who did not write it, and goes in only when the pipeline passes {ASSUMED}."
    if cut.plan.tables:
        yield f"A migration is read by somebody who runs the database {ASSUMED}."
    guarded = sum(cut.plan.protected(o) for o in cut.plan.operations)
    if guarded > 1:
        yield f"A change to the caller check, or to who may call one of the {guarded} protected operations, is read by two {ASSUMED}."
    yield f"What is built otherwise than research recommends changes the research document in the same step {ASSUMED}."


def _validation(cut: Cut) -> str:
    asking = cut.asking(cut.basis.classes)
    shown = f"Each phase ends with a demonstration to those who asked, who say in writing what is accepted {ASSUMED}."
    if not asking:
        return shown
    which = (
        f"{len(asking)} passages of the brief ask for something"
        if len(asking) > 1
        else "One passage of the brief asks for something"
    )
    return f"{which} ({cite(asking, 6)}). {'Each is' if len(asking) > 1 else 'It is'} named by at least one test; the pipeline lists passages with their tests, and a release needs the list to be whole {ASSUMED}. {shown}"


def _performance(cut: Cut) -> str:
    rows = [(each.listed, each.kind, each.shown, each.quoted) for each in cut.measured]
    if not rows:
        return "The brief names no load and no answer time: durations are recorded from the first deployment on, so that a target can be set from what is seen (assumed)."
    return table(("Figures", "Kind", "Measured", "Said in the brief"), rows)


def timeline(cut: Cut, phases: tuple[Phase, ...]) -> Iterator[str]:
    """The four parts of timeline and milestones."""
    rows = [
        (each.titled, str(each.days), each.reckoned, listing([f"Phase {n}" for n in each.needs], 9) or "none")
        for each in phases
    ]
    longest, numbers = charts.chain(phases)
    total = sum(each.days for each in phases)
    said = f"{total} working days of one developer, counted by rule {ASSUMED}"
    said += (
        f"; {longest} along the longest chain (Phases {listing([str(n) for n in numbers], 12)})."
        if longest < total
        else ": each phase waits for the one before."
    )
    drawn = charts.gantt(phases, cut.plan.feature, cut.plan.today)
    header = ("Phase", "Working days", "Counted from (days)", "After")
    yield f"### Development Timeline\n\n{said}\n\n{drawn}\n\n{table(header, rows)}"
    yield f"### Key Milestones\n\n{table(('Milestone', 'After', 'Shows'), _milestones(phases))}"
    yield f"### Risk Mitigation\n\n{bullets(_mitigation(cut, phases))}"
    yield f"### Success Metrics\n\n{table(('Metric', 'Target', 'Measured by'), _metrics(cut))}"


def _milestones(phases: tuple[Phase, ...]) -> Iterator[tuple[str, str, str]]:
    for each in phases:
        ends = "stands" if each.number == 1 else "can be shown" if each.domain else "is done"
        yield f"M{each.number}: {each.name} {ends}", f"Phase {each.number}", _telling(each)


def _telling(phase: Phase) -> str:
    """The criterion that says most of what a milestone shows: that all operations answer, else that all that was asked passes."""
    marks = ("answers? as the contract says|^`", "^(?:Each of the|The passage)", "")
    ends = ("exactly the build that is released", *marks) if not phase.domain and phase.number > 1 else marks
    telling = [said for said in phase.criteria if not said.startswith("The migration")] or phase.criteria
    return next(said for mark in (ends if phase.number > 1 else ("",)) for said in telling if re.search(mark, said))


def _mitigation(cut: Cut, phases: tuple[Phase, ...]) -> Iterator[str]:
    _, numbers = charts.chain(phases)
    aside = [f"{each.name} (Phase {each.number})" for each in phases if each.number not in numbers]
    if aside:
        yield f"A phase of the longest chain takes longer: people come from {listing(aside, 4)}, which {'is' if len(aside) == 1 else 'are'} not on it {ASSUMED}."
    else:
        yield f"A phase takes longer: as each waits for the one before, either it delivers less, beginning with what no other phase refers to, or the end moves {ASSUMED}."
    for each in [s for s in cut.of("technology") if s.confidence == "low" and len(s.options) > 1][:5]:
        other = next((name for name in each.options if name != each.option), each.options[0])
        yield f"“{each.option}” does not do for {each.link}: {lower(other)} is tried next, within Phase 1."
    for system in cut.systems[:3]:
        yield f"{quote(system.name)} is not there in time: its phase ends against recorded answers, and the real one becomes a criterion of the release {cite(system.sources)}."


def _metrics(cut: Cut) -> Iterator[tuple[str, str, str]]:
    asking, many = cut.asking(cut.basis.classes), len(cut.plan.operations)
    if asking:
        yield (
            "Passages of the brief with a passing test",
            f"{len(asking)} of {len(asking)}",
            "the list that the pipeline makes",
        )
    if many:
        yield (
            f"{'Operations' if cut.served else 'Commands'} that keep to their contract",
            f"{many} of {many}",
            f"contract tests against the {cut.plan.what} that is released",
        )
    for each in cut.measured[:8]:
        yield quote(shorten(each.about, 120)), f"{each.listed} [{each.source}]", each.shown
    if cut.of("technology"):
        yield "Technology decisions still open after Phase 1", "0", "the research documents"
    yield "Phases that ended with every criterion met", "all", "the record of each demonstration"
