"""The phase of a domain: its records, its operations, what it calls and what runs by itself, as research designed it."""

from __future__ import annotations

import re

from ...facts import Operation
from ..markdown import ASSUMED, code, codes, listing, quote, shorten
from .cut import FIRST, LAST, Cut, Share, cited
from .held import client, spoken, tool
from .measures import grouped
from .phases import Change, Phase
from .practice import API, kind
from .scope import spaced
from .sessions import Researched


def part(cut: Cut, number: int, group: tuple[Share, ...], numbers: dict[str, int]) -> Phase:
    """The phase in which the domains of ``group`` are built; ``numbers`` are those of the domains so far."""
    phase = Phase(number, " and ".join(each.name for each in group), group[0].domain)
    for share in group:
        for name, why in cut.needs[share.domain.name].items():
            if numbers.get(name, number) != number:
                phase.needs.setdefault(numbers[name], why)
    phase.needs = dict(sorted(phase.needs.items())) or {1: ""}
    for share in group:
        about = quote(shorten(share.domain.about, 220)).rstrip(".")
        phase.objectives.append(
            f"{about[:1].upper()}{about[1:]} {cited(cut.asking(share.domain.passages) or share.domain.passages)}."
        )
        _tables(cut, phase, share)
        _spoken(cut, phase, share)
        _operations(cut, phase, share)
        _systems(cut, phase, share)
        _jobs(cut, phase, share)
        _researched(cut, phase, share)
        _shown(cut, phase, share)
    if not phase.changes:
        phase.build(phase.name, quote(shorten(group[0].domain.about, 160)))
        phase.count("first guess, as no operation or record is named", 1, 5)
    if not phase.criteria:
        phase.criteria.append(
            f"A person who asked for it has used {quote(phase.name.lower())} in the test environment and accepted it in writing."
        )
    return phase


def _tables(cut: Cut, phase: Phase, share: Share) -> None:
    plan, new = cut.plan, []
    for one in share.tables:
        held = plan.model(one)
        if held is None or ":" not in held.evidence:
            new.append(one)
            continue
        lacking = plan.lacking(one)
        delivers = f"columns {codes(c.name for c in lacking)}" if lacking else f"table {code(held.table)} as it is"
        phase.changes.append(
            Change(f"Model {quote(held.name)}", "modify" if lacking else "reuse", code(held.evidence), delivers)
        )
        phase.count("model that changes", bool(lacking), 1)
    if new:
        many, names = len(new) > 1, codes(one.name for one in new)
        phase.build(
            f"Table{'s' if many else ''} {names}",
            f"with {'their migrations' if many else 'its migration'} {cited(s for one in new for s in one.sources)}",
        )
        phase.criteria.append(
            f"The migration{'s' if many else ''} of {names} {'are' if many else 'is'} applied and taken back on the schema before, without an error."
        )
        phase.count("table", len(new), 1)


def _spoken(cut: Cut, phase: Phase, share: Share) -> None:
    """The models of the codebase that what is asked here speaks of, and that no table of the plan replaces."""
    asking = cut.asking(share.domain.passages)
    text = " ".join(cut.basis.passages.get(name, "") for name in asking)
    held = {change.where for change in phase.changes}
    for name, place in list(spoken(cut.basis.codebase, text))[:6]:
        if code(place) not in held:
            sources = [n for n in asking if (name, place) in spoken(cut.basis.codebase, cut.basis.passages.get(n, ""))]
            delivers = f"is read and written as it is; a column it turns out to lack makes it a change {ASSUMED} {cited(sources)}"
            phase.changes.append(Change(f"Model {quote(name)}", "reuse", code(place), delivers))


def _operations(cut: Cut, phase: Phase, share: Share) -> None:
    plan = cut.plan
    by_entity: dict[str, list[Operation]] = {}
    for each in share.operations:
        held = plan.route(each)
        if held and ":" in held.evidence:
            phase.changes.append(
                Change(
                    code(held.name),
                    "modify",
                    code(held.evidence),
                    f"becomes {code(each.id)} as its contract has it {cited(each.sources)}",
                )
            )
            phase.count("route that changes", 1, 1)
        else:
            by_entity.setdefault(each.entity, []).append(each)
    for entity, own in by_entity.items():
        one = plan.table(entity)
        kind_of = "API" if cut.served else "Commands"
        name = code(one.name) if one else quote(spaced(entity).lower() or share.name.lower())
        title = f"{kind_of} of {name}"
        if not entity and any(share.name.lower() == other.name for other in share.tables):
            title = f"{kind_of}: {listing([code(o.id) for o in own], 3)}"
        phase.build(
            title,
            f"{listing([code(o.id) for o in own], 8)} {cited(s for o in own for s in o.sources)}",
        )
        phase.count("operation", len(own), 1)
    _answered(cut, phase, share)


def _answered(cut: Cut, phase: Phase, share: Share) -> None:
    """The criterion that all operations keep to their contract."""
    plan = cut.plan
    if share.operations:
        many, guarded = len(share.operations), sum(plan.protected(o) for o in share.operations)
        which = (
            f"All {many} {'operations' if cut.served else 'commands'} answer"
            if many > 1
            else f"{code(share.operations[0].id)} answers"
        )
        behind = (
            ""
            if not guarded
            else " Each answers 401 without a token."
            if guarded == many > 1
            else " Without a token it answers 401."
            if many == 1
            else f" {guarded} of them answer 401 without a token."
        )
        phase.criteria.append(
            f"{which} as the contract says: one passing test for each success and each refusal.{behind}"
        )


def _systems(cut: Cut, phase: Phase, share: Share) -> None:
    for system in share.systems:
        name, sources = quote(system.name), cited(system.sources)
        designed = _about(cut.of("new-components"), system.name)
        tested = _about(cut.of("testing"), system.name)
        delivers = f"the only place that knows {name} {sources}{f'; {designed.link}' if designed else ''}"
        held = client(system.name, cut.basis.codebase)
        if held:
            says = f"{code(shorten(held.what, 100))} becomes {delivers}"
            phase.changes.append(Change(f"{name} client", "modify", code(held.place), says))
        else:
            phase.build(f"{name} client", delivers)
        phase.also.append(f"Credentials and a test environment of {name} {sources}")
        phase.criteria.append(
            f"Every recorded error of {name} becomes a refusal of ours, and none an answer 500{f'; see {tested.link}' if tested else ''}."
        )
        phase.count(*(("outside system that is called already", 1, 2) if held else ("outside system", 1, 3)))


def _about(sessions: tuple[Researched, ...], name: str) -> Researched | None:
    """The session on the interface of the system called ``name``."""
    first = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-").split("-")[0]
    return next(
        (each for each in sessions if each.topic.endswith("-api") and first and each.topic.startswith(first)), None
    )


def _jobs(cut: Cut, phase: Phase, share: Share) -> None:
    for job in share.jobs:
        phase.build(f"Job: {quote(shorten(job.name, 80))}", f"{quote(job.kind)} {cited(job.sources)}")
    phase.count("job", len(share.jobs), 2)
    many = len(share.jobs)
    planned = any(kind(each.topic).mark.startswith("job") and each.topic in share.topics for each in cut.of("testing"))
    if many and not planned:
        which = f"Each of the {many} jobs" if many > 1 else "The job"
        phase.criteria.append(
            f"{which} is stopped half way in a test, is run again and has its effect exactly once {ASSUMED}."
        )


def _researched(cut: Cut, phase: Phase, share: Share) -> None:
    """What research designed and planned tests for, as far as it is this domain's."""
    elsewhere = {*cut.topics(FIRST), *cut.topics(LAST)}
    own = [name for name in share.topics if name not in elsewhere and not (share.systems and kind(name) is API)]
    built = " ".join(change.name for change in phase.changes).casefold()
    for each in cut.of("new-components"):
        if each.topic in own and each.pieces and each.pieces[0][0].casefold() not in built:
            row, held = each.pieces[0], tool(kind(each.topic), cut.plan)
            if held:
                place = code(held.evidence.split(", ")[0])
                says = f"{row[1]}; {each.link}" if len(row) > 1 else each.link
                phase.changes.append(Change(f"{row[0]}: {quote(held.value)}", "modify", place, says))
                phase.count(f"{quote(held.value)}, which is there", 1, 1)
                continue
            phase.build(row[0], f"{row[1]}; {each.link}" if len(row) > 1 else each.link)
            phase.count(f"component of {each.topic}", 1, kind(each.topic).work)
    for each in cut.of("testing"):
        measure = next((row[3] for row in each.tests if len(row) > 3 and row[0] == "Integration"), "")
        if each.topic in own and measure:
            said = measure.replace(f" {ASSUMED}", "").rstrip(".")
            phase.criteria.append(f"{said[:1].upper()}{said[1:]}; see {each.link}.")


def _shown(cut: Cut, phase: Phase, share: Share) -> None:
    asked = [name for name in share.domain.passages if cut.basis.classes.get(name) == "functional"]
    if asked:
        which = f"Each of the {len(asked)} passages that ask" if len(asked) > 1 else "The passage that asks"
        phase.criteria.append(f"{which} for something here has a test that names it and passes {cited(asked, 6)}.")
    for figure in grouped(cut.plan.reading, share.domain.passages, False)[:4]:
        phase.criteria.append(f"{figure.listed}: tests on both sides of the limit pass, for {figure.quoted}.")
