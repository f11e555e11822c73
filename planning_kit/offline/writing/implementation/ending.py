"""The last phases: the whole is measured and attacked, then released with a way back."""

from __future__ import annotations

from ..markdown import ASSUMED, code, quote
from .cut import LAST, Cut, cited
from .phases import Change, Phase
from .practice import kind

SMALL = 8
"""Up to so many operations, hardening and release are one phase."""


def ending(cut: Cut, number: int, needs: dict[int, str]) -> tuple[Phase, ...]:
    """What follows the domains: one phase for a small plan, else two."""
    small = len(cut.plan.operations) <= SMALL
    hard = Phase(number, "Hardening and release" if small else "Hardening", needs=needs)
    _measured(cut, hard)
    _attacked(cut, hard)
    _designed(cut, hard)
    last = hard if small else Phase(number + 1, "Release", needs={number: ""})
    _released(cut, last)
    return (hard,) if small else (hard, last)


def _measured(cut: Cut, phase: Phase) -> None:
    asked = cut.measured
    if not asked:
        phase.objectives.append(
            f"Refusals and failures are tried on the whole; the brief names no load or answer time {ASSUMED}."
        )
        return
    many = len(asked)
    phase.objectives.append(
        f"What the brief says in figures is shown by measurements {cited(each.source for each in asked)}."
    )
    phase.build(
        "Load and failure tests",
        f"a report for {f'each of {many} sentences with figures' if many > 1 else 'the sentence with figures'} {cited(each.source for each in asked)}",
    )
    for each in asked[:8]:
        phase.criteria.append(f"{each.listed}: {each.shown}; {each.quoted}.")
    phase.count("measurement", min(many, 8), 1)


def _attacked(cut: Cut, phase: Phase) -> None:
    guarded = sum(cut.plan.protected(o) for o in cut.plan.operations)
    tried = (
        f"each of {guarded} protected operations called as nobody and as the wrong role"
        if guarded > 1
        else "input that is too long, malformed or hostile"
    )
    phase.build("Security tests", f"{tried} {ASSUMED}")
    phase.criteria.append("0 findings of severity high or critical in the scan of dependencies and secrets.")
    phase.count("security tests", 1, 2)
    if cut.plan.tables:
        phase.criteria.append(
            f"A backup of {cut.plan.database[0]} is restored into an empty environment, and every table has the rows it had."
        )
        phase.count("rehearsed restore", 1, 1)


def _designed(cut: Cut, phase: Phase) -> None:
    """What research designed for load, availability and import."""
    last = cut.topics(LAST)
    for each in cut.of("new-components"):
        if each.topic in last and each.pieces and not (cut.measured and "load" in each.pieces[0][0].casefold()):
            phase.build(
                each.pieces[0][0], f"{each.pieces[0][1] if len(each.pieces[0]) > 1 else ''}; {each.link}".lstrip("; ")
            )
            phase.count(f"component of {each.topic}", 1, kind(each.topic).work)
    for each in cut.of("testing"):
        measure = next((row[3] for row in each.tests if len(row) > 3 and row[0] == "Integration"), "")
        if each.topic in last and measure and "load" not in each.topic:
            said = measure.replace(f" {ASSUMED}", "").rstrip(".")
            phase.criteria.append(f"{said[:1].upper()}{said[1:]}; see {each.link}.")


def _released(cut: Cut, phase: Phase) -> None:
    what = cut.plan.what
    phase.objectives.append(f"The {what} is used by those it is for, and there is a way back {ASSUMED}.")
    if use := cut.used("CI"):
        place = code(use.evidence.split(", ")[0])
        phase.changes.append(
            Change(f"{quote(use.value)}: production", "modify", place, "deployment with approval, and the way back")
        )
    else:
        phase.build(
            "Production stage of the pipeline" if cut.served else "Release stage of the pipeline",
            f"release with approval, and the way back {ASSUMED}",
        )
    if cut.served:
        phase.build(
            "Dashboards and alerts", f"rate, errors and duration of every operation (RED, Tom Wilkie) {ASSUMED}"
        )
        phase.criteria.append(f"The version before is back in production within 15 minutes in a rehearsal {ASSUMED}.")
        phase.also.append("The production environment, and who approves a release there")
    else:
        phase.criteria.append(
            f"The released package is installed on an empty machine, and every command runs there {ASSUMED}."
        )
        phase.also.append("The place it is released to, and who approves a release")
    if many := len(cut.binding):
        which = f"Each of the {many} passages that bind" if many > 1 else "The passage that binds"
        phase.criteria.append(f"{which} the whole has a test that names it and passes {cited(cut.binding, 6)}.")
    phase.criteria.append("All tests of the earlier phases pass on exactly the build that is released.")
    phase.count("release and rehearsal", 1, 4)
