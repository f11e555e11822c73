"""How a topic is tested: at which level, with which data, to which measure, and what is hard about it."""

from __future__ import annotations

from collections.abc import Iterator

from .. import figures
from ..basis import Basis
from ..draft import Draft
from ..markdown import ASSUMED, cite, code, listing, quote, shorten, table
from .scope import Scope
from .session import Session, assumed


def write(basis: Basis) -> Draft:
    """The draft of ``research/testing/<topic>.md``."""
    scope = Scope.of(basis)
    kind = scope.kind
    session = Session("Testing Strategy", f"How is it shown that {quote(scope.said)} does what the brief asks?")
    session.findings = list(_findings(scope))
    session.after = (f"### Tests\n\n{table(('Level', 'What is tested', 'Data', 'Measure'), _tests(scope))}",)
    ground, hard = scope.filled(kind.ground), scope.filled(kind.hard)
    real, stand = f"Integration tests on {ground}", "Unit tests with stand-ins for everything around"
    session.options = [
        (real, f"shows {quote(_first(scope)) or scope.filled(kind.whole)}", assumed("slower, and has to be there in every pipeline")),
        (stand, assumed("runs in milliseconds, everywhere"), assumed(f"cannot show {scope.filled(kind.whole)}")),
    ]  # fmt: skip
    session.recommended = real
    session.because = f"what has to be seen is only there: {scope.filled(kind.whole)} {ASSUMED}. Left to unit tests: {scope.filled(kind.unit)}."
    session.confidence = "Medium" if scope.passages else "Low"
    session.why = f"hard to test: {hard} {ASSUMED}. A first test that fails for the right reason would make it surer."
    draft = session.draft(basis, scope)
    draft.assumptions.append("No test uses data of real people; it is generated.")
    if not scope.figures and scope.kind.mark.startswith("load"):
        draft.ask("Which load and answer time does it have to show?", "nothing is measured against a target")
    return draft


def _first(scope: Scope) -> str:
    name = next(iter(scope.passages), "")
    return f"“{shorten(scope.passages[name], 120)}”" if name else ""


def _findings(scope: Scope) -> Iterator[tuple[str, str]]:
    for name, text in list(scope.passages.items())[:6]:
        yield f"Has to be shown: “{quote(shorten(text, 160))}”", f"[{name}]"
    asked = scope.operations if scope.passages or scope.whole else ()
    if asked:
        stated = sorted({r.status for o in asked for r in o.responses if r.status >= 400})
        refuse = f", with the refusals {listing([str(s) for s in stated], 8)}" if stated else ""
        yield (
            f"{len(asked)} operation{'s' if len(asked) > 1 else ''} to call: {listing([code(o.id) for o in asked], 6)}{refuse}",
            cite((s for o in asked for s in o.sources), 6)
            if any(o.sources for o in asked)
            else "not verified (assumed)",
        )
    for figure in scope.figures[:6]:
        yield f"To be measured ({figures.kind(figure)}): {quote(figure.text)}", f"[{figure.source}]"
    there = [said for topics in scope.basis.plan.stack.values() for topic, said in topics.items() if topic == "Tests"]
    for use in there[:2]:
        yield (
            f"The codebase tests with {quote(use.rpartition(' (')[0] or use)}",
            ", ".join(map(code, use.rpartition("(")[2].rstrip(")").split(", "))) if "(" in use else "not verified",
        )
    if not scope.passages and not asked:
        yield "The brief names nothing for this topic that could be tested by itself", "not verified (assumed)"


def _tests(scope: Scope) -> Iterator[tuple[str, str, str, str]]:
    kind = scope.kind
    yield (
        "Unit",
        assumed(scope.filled(kind.unit)),
        "values in the test",
        "every rule has one test that passes and one that is refused",
    )
    yield (
        "Integration",
        assumed(scope.filled(kind.whole)),
        assumed(scope.filled(kind.ground)),
        assumed(scope.filled(kind.measure)),
    )
    people = listing([quote(actor.name) for actor in scope.actors[:3]])
    path = f"one path as {people}" if people else "one path from the first call to the last"
    shown = f": “{quote(shorten(next(iter(scope.passages.values())), 100))}”" if scope.passages else ""
    yield (
        "End to end",
        f"{path}{shown} {scope.cited}",
        "an account for each role in a test environment",
        "passes before each release",
    )
    for figure in scope.figures[:4]:
        yield (
            "Load" if figures.kind(figure) in ("load", "answer time", "availability") else "Acceptance",
            quote(shorten(figure.about, 120)),
            "generated",
            f"{quote(figure.text)} [{figure.source}]",
        )
