"""Technology research of an author who can look nothing up: what is given, the ways that are commonly taken, what has to be verified."""

from __future__ import annotations

import re

from .. import research, stack
from ..basis import Basis
from ..draft import Draft
from ..markdown import cite, code, listing, quote
from ..research import NOT_DONE, NOT_VERIFIED, Found
from .held import tool
from .kinds import Way
from .scope import Scope
from .session import Session, assumed, lower

_TOPICS = {"Language", "Framework", "Database", "ORM", "Migrations", "Auth"}


def write(basis: Basis) -> Draft:
    """The draft of ``research/technology/<topic>.md``."""
    scope = Scope.of(basis, reads=False)
    used = [use for use in stack.uses(basis.plan.stack) if use.topic in _TOPICS]
    found = [each for each in research.versions(basis.sources) if _about(each, scope, used)]
    ways = sorted(scope.kind.ways, key=lambda way: not _asks(scope, way))
    held = tool(scope.kind, basis.plan)
    names = [scope.titled(way.name) for way in ways]
    listed = listing([lower(name) for name in names])
    session = Session("Technology Research", _question(scope), (NOT_DONE,))
    for each in found:
        said = f"The newest stable version of {code(each.name)} on {each.index} is {each.version}"
        session.findings.append((said + (f", released {each.released}" if each.released else ""), f"[{each.source}]"))
    for use in used:
        places = "".join(f"{code(place)}, " for place in use.evidence.split(", ") if place)
        said = f"In use already ({use.topic.lower()}): {quote(use.value)}; whether it is still maintained was not looked up"
        session.findings.append((said, f"{places}{NOT_VERIFIED}"))
    session.findings.append((f"Versions, licences and known faults of what these ways rest on: {listed}", NOT_VERIFIED))
    for way, name in zip(ways, names, strict=True):
        session.options.append((name, assumed(scope.filled(way.speaks)), assumed(scope.filled(way.against))))
    session.recommended = names[0]
    session.because = _because(scope, used, ways[0])
    session.confidence = "Low"
    session.why = (
        "nothing was looked up, so this is common practice and no finding. A session with web search that reads what is documented about "
        f"these ways would make it surer{', and so would a trial with the versions in use' if used else ''}."
    )
    if held:
        _kept(session, scope, held)
    draft = session.draft(basis, scope)
    draft.assumptions.append("The ways named are those commonly taken; that there is no better one was not verified.")
    draft.ask(
        f"Has the team decided this already, or had bad experience with one of these: {listed}?",
        "the recommendation is planned, in a place of its own so that it can be replaced",
        *list(scope.passages)[:2],
    )
    return draft


def _question(scope: Scope) -> str:
    if scope.whole:
        return "On which language, framework and database is it built? The facts name no narrower question."
    return re.sub(r"(?<=[.!?…])”\.?$", "”", quote(scope.topic.why))


def _asks(scope: Scope, way: Way) -> bool:
    """Whether the passages ask for this way."""
    return bool(way.asked and re.search(way.asked, " ".join(scope.passages.values()).casefold()))


def _kept(session: Session, scope: Scope, held: stack.Use) -> None:
    """What is in use for it as its trade comes first: nothing speaks for a second one beside it before it was tried."""
    name, place = quote(held.value), code(held.evidence.split(", ")[0])
    own = f"{name}, which is in use already"
    shown = f"In use already ({held.topic.lower()}): {name}; whether it is still maintained was not looked up"
    session.findings.insert(0, (shown, f"{place}, {NOT_VERIFIED}"))
    session.options.insert(
        0,
        (
            own,
            f"it runs here today {place}, and nothing is added",
            assumed("what it cannot do shows only when it is tried"),
        ),
    )
    session.recommended = own
    session.because = f"it runs here today {place}{f'; it answers {cite(scope.passages)}' if scope.passages else ''}."
    session.confidence = "Medium"
    session.why = f"that it is in use is seen; that it does what is asked here was not tried, and {session.why}"


def _because(scope: Scope, used: list[stack.Use], way: Way) -> str:
    asked = f"; it answers {cite(scope.passages)}" if scope.passages else ""
    there = next((use for use in used if use.topic == "Database" and use.evidence), None)
    place = there.evidence.split(", ")[0] if there else ""
    stands = f"; {quote(there.value)} is there already ({code(place)})" if there and "{kept}" in way.name else ""
    return f"{assumed(scope.filled(way.speaks))}{asked}{stands}."


def _about(found: Found, scope: Scope, used: list[stack.Use]) -> bool:
    """Whether a version is of something the topic names or of what is in use for it."""
    low = " ".join((scope.topic.name, scope.topic.why, *scope.passages.values())).casefold()
    named = re.search(rf"(?<![\w-]){re.escape(found.name.casefold())}(?![\w-])", low)
    return bool(named) or any(found.name in research.packages_of(use.value) for use in used)
