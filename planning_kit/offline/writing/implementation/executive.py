"""The executive summary: approach, technologies with the research they rest on, reuse, risks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import technology
from ..grounds import PROPOSED, Choice
from ..markdown import ASSUMED, cite, listing, quote, shorten, table
from . import charts
from .cut import Cut
from .phases import Phase, kept
from .practice import BASE, kind
from .scope import WHOLE
from .session import lower
from .sessions import Researched

_NEAR = (
    ("database", r"concurren|audit|search|migration|tenant|time-series|paging|job|duties"), ("migration", r"migration"),
    ("auth", r"sign-"), ("hashing", r"sign-"), ("job", r"job"), ("messaging", r"job|webhook"), ("queue", r"job|webhook"), ("cache", r"load"),
    ("framework", r"framework"), ("language", r"framework"), ("hosting", r"availab|residen|load"), ("orm", r"migrations"), ("ci", r"(?!)"),
)  # fmt: skip
"""What a component is called, and the kinds of topics whose session looked at it."""
Row = tuple[str, str, str, str]


def summary(cut: Cut, phases: tuple[Phase, ...]) -> Iterator[str]:
    """Its four parts."""
    yield f"### Implementation Approach\n\n{_approach(cut, phases)}"
    yield f"### Key Technologies\n\n{table(('Technology', 'For', 'Because', 'Research'), _technologies(cut))}"
    yield f"### Reuse Strategy\n\n{_reuse(cut, phases)}"
    yield f"### Risk Assessment\n\n{table(('Risk', 'Likelihood', 'Impact', 'Mitigation'), _risks(cut, phases))}"


def _approach(cut: Cut, phases: tuple[Phase, ...]) -> str:
    plan = cut.plan
    counted = (
        (len(plan.operations), "operation" if cut.served else "command", ""), (len(plan.tables), "table", ""),
        (len(plan.reading.jobs), "job", ""), (len(cut.systems), "system", " of others"),
    )  # fmt: skip
    counts = [f"{many} {word}{'s' if many > 1 else ''}{rest}" for many, word, rest in counted if many]
    size = (
        f"The brief comes down to {listing(counts)}"
        if counts
        else "The brief names no operation and no record that could be counted"
    )
    parts = [each for each in phases if each.domain]
    order = listing([f"{each.name} (Phase {each.number})" for each in parts], 10)
    longest, numbers = charts.chain(phases)
    side = [each.name for each in parts if each.number not in numbers]
    built = "is deployed" if cut.served else "is packaged"
    if len(parts) > 1:
        rest = f"the parts are built one by one, each until it can be shown: {order}. A part comes after those whose records it refers to."
    else:
        rest = f"everything the brief asks for is built as one part: {order}."
    beside = f" {listing(side, 8)} can be built beside that chain." if side else ""
    return f"{size}. After a foundation that {built} from its first day (Phase 1), {rest} The longest chain takes {longest} working days {ASSUMED}.{beside}"


def _technologies(cut: Cut) -> Iterator[Row]:
    chosen = [each for each in technology.choices(cut.plan) if each.technology.strip()]
    for each in cut.of("technology"):
        if each.topic != WHOLE or not chosen:
            sure = f" ({each.confidence} confidence)" if each.confidence else ""
            yield each.option, re.sub(r"[-_]+", " ", each.topic), f"{each.because}{sure}", each.link
    for choice in chosen:
        named = (
            f"{choice.rationale} {choice.source}"
            if choice.given
            else f"{choice.rationale} {choice.source}; not verified"
        )
        yield choice.technology.replace(PROPOSED, ASSUMED), choice.component, named, _looked(cut, choice)


def _looked(cut: Cut, choice: Choice) -> str:
    """The session that looked at a technology: one that names it, one of its kind; else that none did, and where it is decided."""
    name = re.sub(r"\s+(?:\(.*|v?(?:&gt;|&lt;)?[>=~^]*\d.*)$", "", choice.technology).strip("` ").casefold()
    near = next((mark for word, mark in _NEAR if word in choice.component.casefold()), r"(?!)")
    sessions = cut.of("technology")
    by_name = [s for s in sessions if name and name in f"{s.option} {s.because}".casefold()]
    by_kind = [
        s for s in sessions if s.topic == WHOLE or any(re.match(one, kind(s.topic).mark) for one in near.split("|"))
    ]
    there = [s for s in cut.of("existing-system") if choice.given and name and name in s.named]
    if found := [*by_kind[:1], *by_name, *there, *(s for s in sessions if name and _names(s, name))]:
        return found[0].link
    nearest = [s for s in sessions if kind(s.topic) is BASE] or [*sessions, *cut.research]
    if not nearest:
        return "no session was held"
    return f"no session of its own, {'given' if choice.given else 'tried in Phase 1'}; nearest {nearest[0].link}"


def _names(session: Researched, name: str) -> bool:
    """Whether one of its first findings names a technology (``name``, in lower case)."""
    return any(name in said.casefold() for said, _ in session.shown)


def _reuse(cut: Cut, phases: tuple[Phase, ...]) -> str:
    places = list(kept(phases))
    held = listing([each.link for each in cut.of("existing-system")], 4)
    sessions = f" ({held})" if held else ""
    if not cut.basis.codebase:
        return f"Nothing is reused: no codebase was given, so every component is built{sessions}."
    if not places:
        return f"The codebase has nothing that a component of this plan is already; its stack and its patterns are followed{sessions}."
    rows = [(each.name, each.change, each.where, each.delivers) for each in places]
    return (
        f"{len(places)} places of the codebase are taken over or changed; the rest is built in its style{sessions}.\n\n"
        + table(("What", "Change", "Where", "For"), rows)
    )


def _risks(cut: Cut, phases: tuple[Phase, ...]) -> Iterator[Row]:
    low = [each for each in cut.of("technology") if each.confidence == "low"]
    if low:
        said = (
            f"{len(low)} recommendations that nobody verified do not fit"
            if len(low) > 1
            else f"“{lower(low[0].option)}”, which nobody verified, does not fit"
        )
        yield (
            f"{said}: {listing([each.link for each in low], 8)}",
            "medium (assumed)",
            "what rests on it is built again",
            "tried in Phase 1, before anything rests on it; the alternatives are in its document",
        )
    for each in cut.systems[:5]:
        name = quote(each.name)
        at = next((p.titled for p in phases if any(c.name == f"{name} client" for c in p.changes)), "what calls it")
        yield (
            f"{name} is late, down or not as described {cite(each.sources)}",
            "medium (assumed)",
            f"{at} cannot be shown",
            "one client module, recorded answers in the tests, access asked for while Phase 1 is built",
        )
    yield from _unsure(cut)
    yield from _standing(cut, phases)


def _unsure(cut: Cut) -> Iterator[Row]:
    """What nobody answered, and figures that may not be reached."""
    for question in [each for each in cut.plan.questions if not each.answered][:4]:
        yield (
            f"It is not so: {quote(shorten(question.settled, 160))} [{question.name}]",
            "medium (assumed)",
            quote(shorten(question.changes, 140)),
            f"asked again when its phase begins: {quote(shorten(question.asks, 160))}",
        )
    for figure in [f for f in cut.measured if f.kind in ("load", "answer time", "availability")][:3]:
        yield (
            f"Not reached: {figure.quoted}",
            "low (assumed)",
            "indexes, caching or another cut of the service, late",
            "measured as soon as the first part that bears it can be called, not only at the end",
        )


def _standing(cut: Cut, phases: tuple[Phase, ...]) -> Iterator[Row]:
    """What is there and what the brief says of people and of itself."""
    if list(kept(phases)):
        yield (
            "A change breaks what the codebase does today",
            "medium (assumed)",
            "those who use it today are stopped",
            "its tests run on each change; where there is none, one is written first",
        )
    special = [p for p in cut.plan.reading.personal if p.sensitivity == "special"]
    if special:
        yield (
            f"{quote(special[0].element)[:1].upper()}{quote(special[0].element)[1:]} is seen by somebody who must not {cite(special[0].sources)}",
            "low (assumed)",
            "high: a special category of personal data (GDPR Art. 9)",
            "the caller check comes first, and every refusal has a test",
        )
    if len(cut.plan.reading.statements) < 4:
        yield (
            "The brief says little: what is meant is more than what is planned",
            "high (assumed)",
            "phases are cut anew",
            "each phase ends with something that is shown to those who asked, and the next one is planned in detail only then",
        )
