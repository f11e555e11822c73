"""The phase that everything else stands on: skeleton, pipeline, schema, sign-in, and what research could not settle."""

from __future__ import annotations

from .. import technology
from ..grounds import PROPOSED
from ..markdown import ASSUMED, code, listing, quote
from .cut import Cut, cited
from .phases import Change, Phase


def foundation(cut: Cut) -> Phase:
    """The first phase."""
    phase = Phase(1, "Foundation")
    what, goes = cut.plan.what, "deploys" if cut.served else "packages"
    there = cut.used("Framework") is not None and cut.used("Tests", "CI") is not None
    phase.objectives.append(
        f"The {what} that is there is built, tested and {'deployed' if cut.served else 'packaged'} by one pipeline before anything is added to it {ASSUMED}."
        if there
        else f"A {what} that starts, is tested and is {'deployed' if cut.served else 'packaged'} by one pipeline before it does anything else {ASSUMED}."
    )
    where = " to a test environment" if cut.served else ""
    phase.criteria.append(
        f"One run of the pipeline builds, tests and {goes} the {what} as it is{where} without a manual step; every test of today passes."
        if there
        else f"One run of the pipeline builds, tests and {goes} the empty {what}{where} without a manual step."
    )
    if use := cut.used("Framework", "Language"):
        phase.changes.append(Change(quote(use.value), "reuse", first(use.evidence), f"what the {what} is built on"))
    else:
        phase.build(
            f"{what.capitalize()} skeleton", f"start, settings, log{', health check' if cut.served else ''} {ASSUMED}"
        )
    if use := cut.used("CI"):
        phase.changes.append(
            Change(quote(use.value), "modify", first(use.evidence), f"builds, tests and {goes} what is added")
        )
    else:
        phase.build("Pipeline", f"builds, tests and {goes} every change {ASSUMED}")
    phase.count(*(("pipeline for what is there", 1, 2) if there else (f"{what} and pipeline", 1, 5)))
    _stored(cut, phase)
    _signed(cut, phase)
    if cut.served and cut.plan.operations:
        phase.build("Error format", f"problem details (RFC 9457) for every refusal {ASSUMED}")
        phase.criteria.append("A request to an unknown path is answered 404 as `application/problem+json`.")
    _confirmed(cut, phase)
    _decided(cut, phase)
    return phase


def first(evidence: str) -> str:
    """The first place of an evidence, as code."""
    return code(evidence.split(", ")[0].strip())


def _stored(cut: Cut, phase: Phase) -> None:
    if not cut.plan.tables:
        return
    kept = cut.plan.database[0]
    there = cut.used("Database") is not None and cut.used("Migrations") is not None
    phase.objectives.append(
        f"{cut.plan.shown_database} {'is there' if there else 'is set up'}, and its schema changes only by migrations."
    )
    if use := cut.used("Migrations"):
        phase.changes.append(Change(quote(use.value), "reuse", first(use.evidence), f"the schema of {kept} in steps"))
    else:
        phase.build("Schema migrations", f"the schema of {kept} in steps that are run once, in order {ASSUMED}")
    phase.criteria.append(
        f"The migrations of today are applied to an empty {kept}, and the first new one is applied and taken back, all without an error."
        if there
        else f"The first migration is applied to an empty {kept} and taken back, both without an error."
    )
    phase.count("migrations", 1, 1 if there else 2)


def _signed(cut: Cut, phase: Phase) -> None:
    guarded = sum(cut.plan.protected(o) for o in cut.plan.operations)
    asked, ways = cut.topics("sign-"), cut.plan.reading.signin
    if not (cut.served and (guarded or asked)):
        return
    passages = [p for each in cut.basis.topics if each.name in asked for p in each.passages]
    means = f" by {listing([quote(way.name) for way in ways], 3)}" if ways else ""
    sources = cited([*(s for way in ways for s in way.sources), *passages])
    phase.objectives.append(f"Who calls is known before anything is answered{means} {sources}.")
    delivers = f"the caller's identity and roles{f' for {guarded} protected operations' if guarded > 1 else ''}"
    if use := cut.used("Auth"):
        places = use.evidence.split(", ")
        phase.changes.append(Change(quote(use.value), "modify", code(places[-1]), delivers))
    else:
        phase.build("Caller check", f"{delivers} {sources}")
        identity = [s for s in cut.plan.reading.integrations if s.kind == "identity"]
        if outside := [*(w for w in ways if w.kind in ("openIdConnect", "saml", "sso")), *identity]:
            names = listing([quote(each.name) for each in outside], 3)
            phase.also.append(
                f"A test environment of what issues tokens: {names} {cited(s for e in outside for s in e.sources)}"
            )
    phase.criteria.append(
        "A protected path answers 401 without a token and 403 with a token of the wrong role; both are tests in the pipeline."
    )
    phase.count("sign-in", 1, 3)


def _confirmed(cut: Cut, phase: Phase) -> None:
    """What is proposed beside the research is confirmed by those who will run it."""
    chosen = [c.technology.replace(f" {PROPOSED}", "") for c in technology.choices(cut.plan) if not c.given]
    if chosen:
        are = "are" if len(chosen) > 1 else "is"
        phase.criteria.append(
            f"{listing(chosen, 8)}, proposed without research, {are} confirmed or replaced in writing by those who will run the {cut.plan.what}."
        )


def _decided(cut: Cut, phase: Phase) -> None:
    """What technology research could not settle is tried out before anything rests on it."""
    unsure = [each for each in cut.of("technology") if each.confidence != "high"]
    if not unsure:
        return
    many = len(unsure)
    named = listing([each.link for each in unsure], 10)
    phase.objectives.append(f"What technology research could not settle is tried out and decided: {named}.")
    phase.build(
        "Technology trials",
        f"a decision for {f'{many} research documents' if many > 1 else 'one research document'} below high confidence",
        "apart from the service, thrown away",
    )
    which = (
        f"Each of the {many} research documents on technology below high confidence"
        if many > 1
        else f"The research document {unsure[0].link}"
    )
    phase.criteria.append(f"{which} has its decision recorded: who made it, when, and what was tried.")
    phase.count("trial", min(many, 6), 1)
