"""The sequence diagrams of one domain: its layers, every use case through them, what can fail, and where it can be slow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from .... import ids
from ...facts import Quantity
from .. import figures, rules
from ..draft import Draft
from ..markdown import ASSUMED, cite, codes, fence, listing, quote, shorten
from . import api_spec_links as links
from . import sequences_errors as errors
from .api_spec_offered import Offered, offered
from .api_spec_shape import passages
from .ground import Ground
from .outline import assembled, tabled
from .sequences_drawn import Flow
from .sequences_flows import flows, main_things, section
from .sequences_layers import Layers

POINTS = ("Point", "Measure", "What is done", "Requirement")
_FAST = re.compile(
    r"(?i)\bperformance|latenc|\brespons?e times?|\b(?:respond|answer)\w* within|throughput|\bcapacity|\bscal(?:e|ab)|concurren|\bload\b|per second|\bavailab\w+ of|uptime"
)


def write(ground: Ground) -> Draft:
    """The draft of ``workflows/sequence-diagram.md``."""
    api = offered(ground)
    layers = Layers(ground)
    drawn = flows(ground, api)
    draft = Draft(f"Sequence Diagrams: {quote(ground.title)}")
    written: Mapping[str, Callable[[], Iterable[str]]] = {
        "overview": partial(_overview, ground, layers, drawn),
        "architecture layers": partial(_layers, ground, layers, drawn),
        "normal flows": partial(_normal, ground, layers, drawn),
        "error flows": partial(errors.sections, ground, layers, api, drawn),
        "performance": partial(_performance, ground, api, draft),
    }
    assembled(draft, ground, written)
    _assume(ground, layers, drawn, draft)
    draft.decisions = _decisions(ground, layers, drawn)
    return draft


def _overview(ground: Ground, layers: Layers, drawn: Sequence[Flow]) -> Iterator[str]:
    cases = list({flow.case.id: flow.case for flow in drawn if flow.case}.values())
    alone = [flow for flow in drawn if flow.case is None]
    if cases:
        page = f"[use cases]({links.file(links.SEQUENCES, links.USE_CASES)})"
        spec = f"[API specification]({links.file(links.SEQUENCES, links.SPEC)})"
        count = (
            "The one use case"
            if len(cases) == 1
            else "Both use cases"
            if len(cases) == 2
            else f"All {len(cases)} use cases"
        )
        yield f"{count} of the {page} {'is' if len(cases) == 1 else 'are'} drawn, each with the operations of the {spec} it calls: {links.shown(ground, links.SEQUENCES, cases, 30)}."  # fmt: skip
    elif not drawn:
        yield "This domain has no use case and no operation, so there is no normal flow to draw; what is drawn is what happens when a system it needs does not answer."
    else:
        yield "There is no use case yet; the operations are drawn as they are."
    if alone:
        yield f"{codes(call.called for flow in alone for call in flow.calls)}: called by no use case, drawn on {'its' if len(alone) == 1 else 'their'} own."  # fmt: skip
    if drawn:
        yield "Not drawn are the alternative flows that end with the same answer as one under Error flows; they stand with their use cases."  # fmt: skip


def _layers(ground: Ground, layers: Layers, drawn: Sequence[Flow]) -> Iterator[str]:
    yield from layers.said()
    callers = list(dict.fromkeys(_plain(flow.actor).lower() for flow in drawn if flow.calls and flow.actor != "caller"))
    guarded = any(call.protected for flow in drawn for call in flow.calls)
    own = {passage.id for passage in passages(ground)}
    outside = [named.name for named in ground.plan.reading.integrations if own.intersection(named.sources)]
    yield fence(
        "text",
        layers.drawn(
            main_things(ground, layers),
            callers if any(flow.calls for flow in drawn) else None,
            [_plain(name) for name in outside],
            guarded,
        ),
    )
    yield "A layer calls the one below it and no other: the API layer never reads a table, the repository layer never decides."


def _plain(name: str) -> str:
    return shorten(re.sub(r"[^\w .,/-]", " ", name), 60)


def _normal(ground: Ground, layers: Layers, drawn: Sequence[Flow]) -> Iterator[str]:
    if not drawn:
        yield "None: this domain has neither a use case nor an operation."
    ruled = rules.rulings(ground.plan) if drawn else []
    for flow in drawn:
        yield section(ground, layers, flow, ruled)


def _performance(ground: Ground, api: Sequence[Offered], draft: Draft) -> Iterator[str]:
    asked = [each for each in ground.things("NFR") if _FAST.search(each.text)]
    rows = list(_points(ground, api))
    if not rows:
        yield "No flow of this domain has a point that could become slow: nothing is listed, nothing is waited for."
    yield tabled(ground, "Performance", POINTS, rows)
    told = {name for row in rows for name in ids.cited(row[3])}
    left = [each for each in asked if each.id not in told]
    if left:
        yield f"Bear on every flow: {links.shown(ground, links.SEQUENCES, left)}."
    if api and not asked and not any(row[3] != "none stated" for row in rows):
        draft.ask("How fast does an operation have to answer, and how many calls at once does it have to bear?", "each answer within a second, and the load of one team")  # fmt: skip


def _points(ground: Ground, api: Sequence[Offered]) -> Iterator[tuple[str, str, str, str]]:
    """What can be slow: lists, what waits for a lock, what waits for somebody else, and every figure of the brief."""
    own = {passage.id for passage in passages(ground)}
    lists = [o for o in api if o.plan and any(r.many for r in o.plan.responses)]
    if lists:
        capped = all(any(p.name == "limit" and not p.sources for p in o.plan.parameters) for o in lists if o.plan)
        done = f"one page at a time{', at most 100 rows' if capped else ''}; an index on what is filtered and sorted by"
        yield _named(lists), "answer time over the number of rows", f"{done} {ASSUMED}", _bounded(ground, "list")
    clash = [o for o in api if o.when(409)]
    if clash:
        done = "one statement decides, by a constraint with its index; no lock is held while somebody else is asked"
        yield _named(clash), "callers who want the same at once", f"{done} {ASSUMED}", _bounded(ground, "clash")
    for named in ground.plan.reading.integrations:
        if own.intersection(named.sources):
            done = "a time limit a call, outside of the transaction; repeated later from what was kept"
            yield f"call of {quote(shorten(named.name, 60))} {cite(named.sources, 2)}", "time until it answers", f"{done} {ASSUMED}", _bounded(ground, "call")  # fmt: skip
    for figure in ground.plan.reading.quantities:
        counted = "illion" in figure.text
        if (
            figure.source in own
            and not counted
            and figures.kind(figure) in ("load", "answer time", "availability", "volume")
        ):
            yield f"{quote(shorten(figure.about, 120))} [{figure.source}]", quote(figure.text), f"{figures.design(figure)} {ASSUMED}", _by_passage(ground, figure)  # fmt: skip


_BOUNDS = {
    "list": re.compile(r"(?i)\b(?:search\w*|filter\w*|index\w*)\b.{0,120}\bperform|\blatenc|\bresponse times?\b|\b(?:respond|answer)\w* within\b|\bthroughput\b"),
    "clash": re.compile(r"(?i)\bconcurren|\bsimultaneous|\bparallel\b|\bat the same (?:time|date)|\boverlap|\bduplicat|\btwice\b"),
    "call": re.compile(r"(?i)\bretr(?:y|ies)\b|\bback-?off\b|\bcommunication failure|\berrors and failures\b|\btime-?outs?\b|\bqueue\b"),
}  # fmt: skip
"""What a requirement speaks of that bounds a point."""


def _named(api: Sequence[Offered]) -> str:
    return codes(o.called for o in api[:4]) + (f" and {len(api) - 4} more" if len(api) > 4 else "")


def _bounded(ground: Ground, point: str) -> str:
    """The requirements that bound a point; that none is stated without one."""
    asked = (each for kind in ("NFR", "CON", "FR") for each in ground.things(kind))
    found = [each for each in asked if _BOUNDS[point].search(each.text)]
    return links.shown(ground, links.SEQUENCES, found[:3]) or "none stated"


def _by_passage(ground: Ground, figure: Quantity) -> str:
    found = [each for kind in ids.REQUIREMENTS for each in ground.things(kind) if figure.source in each.cites]
    return links.shown(ground, links.SEQUENCES, found[:2]) or "none stated"


def _assume(ground: Ground, layers: Layers, drawn: Sequence[Flow], draft: Draft) -> None:
    if layers.assumed:
        draft.assumptions.append(f"No framework is named; {quote(layers.framework[0])} is taken, and the files it usually has.")  # fmt: skip
    elif not ground.plan.existing.routes:
        draft.assumptions.append(f"The files are those {quote(layers.framework[0])} usually has; the codebase shows none of this domain's.")  # fmt: skip
    if any(not flow.calls and flow.begins == "itself" for flow in drawn):
        draft.assumptions.append("A use case that calls no operation and that nobody asks for begins in the service itself, by a job.")  # fmt: skip
    open_ways = [flow.case.id for flow in drawn if flow.case and not flow.calls and flow.begins == "somebody"]
    if open_ways:
        draft.ask(f"By which way is asked for {listing(open_ways, 12)}? The API offers no operation.", "they are drawn as far as the service")  # fmt: skip
    if any(call.protected for flow in drawn for call in flow.calls):
        draft.assumptions.append("Who calls is checked before the service is called, once a request.")
    if layers.assumed:
        draft.ask("Which framework serves the API, and how are its files laid out?", f"{layers.framework[0]}, by layer")


def _decisions(ground: Ground, layers: Layers, drawn: Sequence[Flow]) -> str:
    if not drawn:
        return f"{quote(ground.title)} draws no normal flow: it has neither a use case nor an operation, only what holds when a system it needs does not answer."
    guess = f" {ASSUMED}" if layers.assumed else ""
    tables = bool(ground.plan.tables)
    parts = "API, service and repository layer" if tables else "API and service layer"
    kept = f" on {quote(ground.plan.database[0])}, each in one transaction" if tables else ""
    cases = len({flow.case.id for flow in drawn if flow.case})
    shown = listing([part for part in (f"{cases} use case{'s' if cases != 1 else ''}" if cases else "", f"{sum(flow.case is None for flow in drawn)} further operations" if any(flow.case is None for flow in drawn) else "") if part])  # fmt: skip
    return f"{shown} {'runs' if shown == '1 use case' else 'run'} through {parts} of {quote(layers.framework[0])}{guess}{kept}. What fails is answered with the statuses of the API specification and leaves nothing half done."  # fmt: skip
