"""The technology recommendations: what brief and codebase fix, what the rules propose meanwhile, and what was consulted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ..facts import Named
from . import figures, grounds, proposals, roles, stack
from .draft import Draft
from .grounds import PROPOSED, UNKNOWN, Choice
from .markdown import ASSUMED, cite, code, listing, quote, shorten, table
from .plan import Plan
from .research import NOT_VERIFIED, packages_of


@dataclass(frozen=True)
class Session:
    """A research session of the run: its ``topic``, the ``option`` it recommends, ``because`` of what, its ``confidence``, its ``link``."""

    topic: str
    option: str
    because: str
    confidence: str
    link: str


def write(plan: Plan, sessions: Sequence[Session] = ()) -> Draft:
    """The draft of ``06-tech-recommendations.md``.

    Args:
        sessions: what the research sessions of the run found, if it held any.
    """
    draft = Draft(f"Technology Recommendations: {quote(plan.feature)}")
    draft.take(plan.reading.questions, "technology", _answered(plan))
    chosen = [_researched(choice, sessions) for choice in choices(plan)]
    rows = [(c.component, c.technology, grounds.version(plan, c), c.rationale, grounds.source(plan, c)) for c in chosen]
    rows += [_decided(each) for each in sessions if not any(each.link in c.source for c in chosen)]
    known = table(("Component", "Technology", "Version", "Rationale", "Source"), rows)
    draft.add("Recommendations", known if rows else "None: the brief names nothing to be run.", _figures(plan))
    other = [(c.component, c.technology, name, why) for c in chosen for name, why in c.alternatives]
    given = listing([c.technology for c in chosen if c.given], 12)
    weighed = f"{given}: given, so nothing was weighed against it." if given else ""
    draft.add(
        "Alternatives considered",
        table(("Component", "Proposed", "Alternative", "Why not"), other) if other else "",
        weighed or ("None." if not other else ""),
    )
    draft.add("Integration notes", _integrations(plan, draft))
    draft.add("Research", *grounds.research(plan, listing([each.link for each in sessions], 20)))
    draft.add("Sources", grounds.sources(plan, [each.link for each in sessions]))
    _assume(plan, draft, chosen)
    draft.decisions = _decisions(chosen)
    return draft


def _researched(choice: Choice, sessions: Sequence[Session]) -> Choice:
    """``choice`` with the session that looked at it: one that names it, or is about what it is for."""
    name = re.sub(r"\s*\(.*", "", choice.technology).casefold()
    for each in sessions:
        topic = re.sub(r"[-_]+", " ", each.topic).casefold()
        if topic in (name, choice.component.casefold()) or topic in choice.component.casefold():
            held = f"{choice.rationale.rstrip('.')}; {each.link} recommends: {each.option[:1].lower()}{each.option[1:]}"
            told = choice.technology.replace(PROPOSED, ASSUMED)
            return replace(choice, technology=told, rationale=held, source=f"{choice.source} {each.link}".strip())
    return choice


def _decided(session: Session) -> tuple[str, str, str, str, str]:
    """What a session decided that is no product: a row of its own."""
    passages = " ".join(dict.fromkeys(re.findall(r"\[[PRQA]\d+\]", session.because)))
    said = re.sub(r"; it answers (?:\[\w+\],?\s*(?:and\s*(?:\d+ more)?\s*)?)+", "", session.because).rstrip(" .;")
    about = re.sub(r"[-_]+", " ", session.topic)
    sure = f" ({session.confidence} confidence)" if session.confidence else ""
    return about, session.option, "not a product", f"{said}{sure}", f"{passages or NOT_VERIFIED} {session.link}"


def choices(plan: Plan) -> Iterator[Choice]:
    """What is given first, in the brief's order, then a proposal for each component that follows from the brief and has none yet."""
    given = list(_given(plan))
    runs = _runner(given) if plan.reading.jobs else None
    yield from (_running(plan, choice) if choice is runs else choice for choice in given)
    yield from (
        choice for choice in proposals.proposed(plan, language(plan)) if runs is None or choice.component != roles.JOBS
    )


def _given(plan: Plan) -> Iterator[Choice]:
    there = list(stack.uses(plan.stack))
    for use in there:
        where = f" of {code(use.package)}" if len(plan.stack) > 1 else ""
        yield Choice(quote(use.topic.lower()) + where, quote(use.value), quote(use.version) or UNKNOWN, "in the codebase already",
                     code(use.evidence or "codebase"), given=True)  # fmt: skip
    for named in plan.reading.technologies:
        if not any(_same(named, use) for use in there):
            version = re.search(rf"(?i){re.escape(named.name)}\s+v?(\d+(?:\.\d+)*)", " ".join(_text(plan, named)))
            yield Choice(roles.component(named), quote(named.name), quote(version.group(1)) if version else UNKNOWN,
                         quote(shorten(named.meaning, 140)) or "the brief names it", cite(named.sources), given=True)  # fmt: skip


def _runner(given: list[Choice]) -> Choice | None:
    """What of ``given`` runs the jobs."""
    places: dict[str, str] = {}
    for at, choice in enumerate(given):
        places.setdefault(choice.technology, str(at))
    name, place = stack.runner(places)
    return given[int(place)] if name else None


def _running(plan: Plan, choice: Choice) -> Choice:
    """``choice`` as what runs the jobs too: one row, each source once."""
    known = {roles.JOBS, roles.OTHER, "infrastructure", "queue", "jobs", "messaging"}
    name, of, where = choice.component.partition(" of ")
    name = roles.JOBS if name in known else name if roles.JOBS in name else f"{name} and {roles.JOBS}"
    sources = dict.fromkeys(s for job in plan.reading.jobs for s in job.sources if f"[{s}]" not in choice.source)
    cited = f"{choice.source} {cite(sources, 2)}" if sources else choice.source
    return replace(
        choice,
        component=name + of + where,
        rationale=f"{choice.rationale.rstrip('.')}; {proposals.running(plan)}",
        source=cited,
    )


def _answered(plan: Plan) -> str:
    """A pattern of the questions that what is given answers; empty without any."""
    known = (
        ("Where does it run", _hosted(plan)),
        ("Which programming language", bool(language(plan))),
        ("Is a database given", "database" in roles.filled(plan)),
    )
    names = [name for name, answered in known if answered]
    return f"(?i)^(?:{'|'.join(names)})" if names else ""


def _hosted(plan: Plan) -> bool:
    """Whether the stack, the brief or an answer names the place to run in."""
    named = [use.value for use in stack.uses(plan.stack)] + [n.name for n in plan.reading.technologies]
    return any(stack.HOSTS.search(name) for name in named) or any(n.kind == "cloud" for n in plan.reading.technologies)


def language(plan: Plan) -> str:
    """The programming language that a remark or answer, the confirmed stack or the brief names, in that order, or a framework implies, in lower case; empty when nothing does."""
    names = [n.name.lower() for n in plan.reading.technologies if any(source[:1] in "RQ" for source in n.sources)]
    names += [use.value.lower() for use in stack.uses(plan.stack) if use.topic == "Language"]
    names += [n.name.lower() for n in plan.reading.technologies]
    for name in names:
        for known in sorted(proposals.LANGUAGES, key=len, reverse=True):
            if re.search(rf"(?<![\w+#]){re.escape(known)}(?![\w+#])", name):
                return known
    return roles.implied([*(use.value for use in stack.uses(plan.stack)), *(n.name for n in plan.reading.technologies)])


def _same(named: Named, use: stack.Use) -> bool:
    spelt = re.match(rf"{re.escape(named.name.lower())}(?![\w+#])", use.value.lower())
    return bool(spelt or set(packages_of(named.name)) & set(packages_of(use.value)))


def _text(plan: Plan, named: Named) -> Iterator[str]:
    return (plan.reading.by_id[source].plain for source in named.sources if source in plan.reading.by_id)


def _figures(plan: Plan) -> str:
    rows = [
        (
            quote(q.text),
            figures.kind(q),
            quote(shorten(q.about, 140)),
            f"{figures.design(q)} {ASSUMED}",
            f"[{q.source}]",
        )
        for q in plan.reading.quantities
    ]
    header = ("Figure", "Decides", "About", "What follows", "Source")
    return "Figures the choice has to meet:\n\n" + table(header, rows) if rows else ""


def _integrations(plan: Plan, draft: Draft) -> str:
    rows = []
    for named in plan.reading.integrations:
        rows.append(
            (
                quote(named.name),
                quote(shorten(named.meaning, 200)),
                "endpoint, credentials, limits and behaviour when it is down: open",
                cite(named.sources),
            )
        )
    if not rows:
        return "The brief names no other system."
    names = listing([n.name for n in plan.reading.integrations], 8)
    draft.ask(f"Which interface and version does each of these offer, and who runs it: {names}?", "each is reached through one client module of its own, so that it can be replaced",
              *dict.fromkeys(s for n in plan.reading.integrations for s in n.sources[:1]))  # fmt: skip
    return table(("System", "What the brief says", "To be settled", "Source"), rows)


def _assume(plan: Plan, draft: Draft, chosen: list[Choice]) -> None:
    proposed = [c for c in chosen if not c.given and PROPOSED in c.technology]
    if proposed:
        draft.assumptions.append(
            f"Proposed without research, as mainstream defaults: {listing([c.technology.replace(f' {PROPOSED}', '') for c in proposed], 10)}."
        )
        draft.ask(
            f"Is anything fixed by the team or its platform for {listing([c.component for c in proposed], 10)}?",
            "the proposals above",
            unless="language does the team",
        )
    if not plan.stack:
        draft.assumptions.append("There is no codebase to fit into.")
    if plan.operations and not plan.reading.quantities:
        draft.ask(
            "How many users, rows and requests per second does it have to carry, and how fast?",
            "one server and one database are enough",
            unless="requests a second",
        )


def _decisions(chosen: list[Choice]) -> str:
    given = [f"{c.technology} {re.sub(r'(?<=[]]) .*', '', c.source)}" for c in chosen if c.given]
    proposed = [c.technology.replace(f" {PROPOSED}", "").replace(f" {ASSUMED}", "") for c in chosen if not c.given]
    first = (
        f"{listing(given, 12)} {'is' if len(given) == 1 else 'are'} given."
        if given
        else "Neither brief nor codebase fixes a technology."
    )
    second = f" Proposed for the rest, to be verified by research: {listing(proposed, 8)}." if proposed else ""
    return first + second
