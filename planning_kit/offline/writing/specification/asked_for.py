"""The requirements of a domain with their ids: what the brief says now, what a version before said, what reviewers ordered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .... import ids
from ..markdown import ASSUMED, cite, quote
from .goals import plain
from .ground import Ground
from .lines import MUST
from .numbered import ALIKE, Numbers, Wanted, alike
from .quality import characteristic, constraint, counted, measure
from .statements import GENERAL, Deferred, Found, Stated, found, worded
from .wishes import Wishes, wishes
from .wording import is_note, pieces

_OURS = re.compile(r"for nothing of this domain any more|^it is [A-Z]+-[A-Z0-9]+-\d+ now")
"""Reasons the rules withdraw something for; it is asked for again when its passage comes back."""


@dataclass(frozen=True)
class Asked:
    """A requirement as it stands in the document: its ``id``, its ``group``, its cells by the column's name in lower case (Markdown)."""

    id: str
    group: str
    cells: Mapping[str, str]

    @property
    def kind(self) -> str:
        """``FR``, ``NFR`` or ``CON``."""
        return self.id.partition("-")[0]

    @property
    def text(self) -> str:
        """What it says, as plain words."""
        return plain(self.cells.get("requirement") or self.cells.get("constraint") or "")

    @property
    def sources(self) -> tuple[str, ...]:
        """The passages, remarks and answers it follows from."""
        return tuple(name for name in ids.cited(self.cells.get("source", "")) if re.fullmatch(r"[PRQA]\d+", name))


@dataclass(frozen=True)
class Register:
    """All of a domain's requirements: ``asked``, ``withdrawn`` (id, what it said, why; Markdown), ``deferred``, what is ``left`` to the implementation."""

    asked: tuple[Asked, ...]
    withdrawn: tuple[tuple[str, str, str], ...]
    deferred: tuple[Deferred, ...]
    left: tuple[tuple[str, str], ...]

    def of(self, kind: str) -> tuple[Asked, ...]:
        """Those of ``kind``."""
        return tuple(each for each in self.asked if each.kind == kind)


def register(ground: Ground) -> Register:
    """The requirements of the domain; a statement that stays keeps its id, its words and what a person wrote beside it."""
    orders = wishes(ground.remarks)
    known = _with_deferred(found(ground), orders)
    stated = _ordered([*known.stated, *_remarked(ground), *_settled(ground)])
    if not any(each.kind == "NFR" for each in stated):
        stated = [*stated, *_proposed(ground)]
    numbers = Numbers(ground.code, ground.before)
    stated = _wanted_still(ground, numbers, stated)
    asked: list[Asked] = []
    withdrawn = [_before(numbers, each.id) for each in numbers.withdrawn]
    kept: list[ids.Thing] = []
    for kind in ids.REQUIREMENTS:
        some = [each for each in stated if each.kind == kind]
        given = numbers.give(kind, [Wanted(quote(each.text), frozenset(each.sources)) for each in some])
        asked += [_kept(ground, numbers, name, each) for name, each in zip(given, some, strict=True)]
        kept += numbers.dropped(kind, given)
    new = tuple(asked)
    for dropped in kept:
        if why := _why(ground, dropped, new):
            withdrawn.append((dropped.id, dropped.text, why))
        else:
            asked.append(Asked(dropped.id, _home(ground, dropped), numbers.cells[dropped.id]))
    withdrawn += [
        (e.id, e.cells.get("requirement") or e.cells.get("constraint", ""), orders.withdrawn[e.id])
        for e in asked
        if e.id in orders.withdrawn
    ]
    asked = [_prioritised(each, orders) for each in asked if each.id not in orders.withdrawn]
    deferred = (*known.deferred, *_unreached(ground, asked, known.deferred))
    return Register(tuple(asked), tuple(withdrawn), deferred, known.left)


def _wanted_still(ground: Ground, numbers: Numbers, stated: Sequence[Stated]) -> list[Stated]:
    """``stated`` without what somebody has withdrawn: it is not asked for again by itself.

    Who withdraws by id alone means what the id was given to first; ids are given in the order of the statements.
    """
    refused: set[int] = set()
    for gone in numbers.withdrawn:
        row = numbers.cells.get(gone.id, {})
        if _OURS.search(row.get("reason", "")):
            continue
        same = [at for at, each in enumerate(stated) if alike(each.text, row.get("said", "")) >= ALIKE]
        kind = [at for at, each in enumerate(stated) if each.kind == gone.kind]
        first = kind[gone.number - 1 : gone.number] if not same and gone.code == ground.code else []
        held = {numbers.text(each) for each in numbers.before}
        refused |= {at for at in (*same, *first) if not any(alike(stated[at].text, text) >= ALIKE for text in held)}
    return [each for at, each in enumerate(stated) if at not in refused]


def _unreached(ground: Ground, asked: Sequence[Asked], deferred: Sequence[Deferred]) -> Iterable[Deferred]:
    """The passages whose requirements are all withdrawn."""
    reached = {source for each in asked for source in each.sources} | {each.passage for each in deferred}
    for passage in ground.asking:
        if passage.id not in reached:
            yield Deferred(passage.id, "Withdrawn", "What it asked for is withdrawn, see below")


def _with_deferred(known: Found, orders: Wishes) -> Found:
    """``known`` without what rests on passages a reviewer deferred alone; those stand under what is deferred."""
    named = set(orders.deferred)
    stated = tuple(each for each in known.stated if not (each.sources and set(each.sources) <= named))
    more = tuple(
        Deferred(name, "Deferred", why)
        for name, why in orders.deferred.items()
        if any(name in e.sources for e in known.stated)
    )
    return replace(known, stated=stated, deferred=(*known.deferred, *more))


def _remarked(ground: Ground) -> Iterable[Stated]:
    """What reviewers ask for in sentences that say what has to be so."""
    wording = worded(ground.plan.reading)
    for number, remark in enumerate(ground.remarks, start=1):
        for piece in pieces(remark):
            if (
                is_note(piece)
                or re.search(r"\bP\d+\b", piece)
                or ids.ID.search(piece)
                or not re.search(r"(?i)\b(?:must|shall|should|can|may|need(?:s)? to|has to|have to)\b", piece)
            ):
                continue
            for text in wording.requirements(piece):
                yield Stated("FR", text, MUST, (f"R{number}",), GENERAL)


def _settled(ground: Ground) -> Iterable[Stated]:
    """What was answered at the intake about this domain's passages; the first domain has what is about none."""
    first = ground.domain.name == ground.all[0].name
    for each in ground.plan.questions:
        if each.answered and (set(each.passages) & set(ground.domain.passages) or (first and not each.passages)):
            yield Stated("CON", f"{each.settled.strip().rstrip('.')}.", MUST, (each.name,), GENERAL)


def _proposed(ground: Ground) -> Iterable[Stated]:
    """The qualities that are proposed for a domain of which the brief states none."""
    said = {characteristic(p.plain) for p in ground.plan.reading.passages if ground.classes.get(p.id) == "quality"}
    if any(ground.plan.protected(each) for each in ground.operations) and "Security" not in said:
        ways = tuple(s for way in ground.plan.reading.signin for s in way.sources if re.fullmatch(r"[PRQA]\d+", s))
        yield Stated(
            "NFR",
            "The system shall refuse every operation that is not public to a caller who is not signed in.",
            MUST,
            ways,
            GENERAL,
        )
    if ground.operations and "Performance efficiency" not in said:
        yield Stated(
            "NFR",
            f"The system shall answer requests about {ground.title.lower()} with a short response time.",
            MUST,
            (),
            GENERAL,
        )


def _ordered(stated: Sequence[Stated]) -> list[Stated]:
    """``stated`` group by group, in the order in which the brief begins them; what is about nothing in particular last."""
    groups = list(dict.fromkeys(each.group for each in sorted(stated, key=lambda each: each.kind != "FR")))
    groups.sort(key=lambda group: group == GENERAL)
    return [each for group in groups for each in stated if each.group == group]


def _kept(ground: Ground, numbers: Numbers, name: str, each: Stated) -> Asked:
    """A requirement with the cells the version before has for it, unless the brief's numbers are others now."""
    cells = _cells(ground, each)
    old = numbers.cells.get(name)
    before = next((thing for thing in numbers.before if thing.id == name), None)
    if old is None or before is None:
        return Asked(name, each.group, {**cells, "id": name})
    said = "constraint" if each.kind == "CON" else "requirement"
    if set(re.findall(r"\d+", old.get(said, ""))) >= set(re.findall(r"\d+", each.text)):
        cells = {**cells, **{key: cell for key, cell in old.items() if key != "source" and cell.strip()}}
    sources = [*each.sources, *(s for s in ids.cited(old.get("source", "")) if s in ground.plan.reading.by_id)]
    return Asked(name, _home(ground, before) or each.group, {**cells, "id": name, "source": cite(sources, 99)})


def _cells(ground: Ground, each: Stated) -> dict[str, str]:
    source = cite(each.sources, 99)
    if each.kind == "FR":
        return {"requirement": quote(each.text), "priority": each.priority, "source": source}
    if each.kind == "CON":
        return {"constraint": quote(each.text), "source": source}
    kind = characteristic(each.text)
    found = [
        q
        for q in ground.plan.reading.quantities
        if q.source in each.sources and re.sub(r"\s", "", q.text) in re.sub(r"\s", "", each.text)
    ]
    stated = ", ".join(dict.fromkeys(quote(q.text) for q in found))
    return {
        "quality": kind,
        "requirement": quote(each.text),
        "measure": stated or counted(each.text) or f"{measure(kind, each.text)} {ASSUMED}",
        "source": source,
    }


def _prioritised(each: Asked, orders: Wishes) -> Asked:
    if each.id not in orders.priorities or "priority" not in each.cells:
        return each
    remark = next((f" [{name}]" for name in sorted(orders.heard)), "")
    source = each.cells.get("source", "")
    return replace(
        each,
        cells={
            **each.cells,
            "priority": orders.priorities[each.id],
            "source": source if remark.strip() in source else f"{source}{remark}",
        },
    )


def _why(ground: Ground, thing: ids.Thing, now: Iterable[Asked]) -> str:
    """Why the version before is the last that asked for ``thing``; empty when it stays, because somebody else wrote it."""
    sources = [name for name in thing.cites if name.startswith("P")]
    if heir := next(
        (each.id for each in now if alike(each.text, plain(thing.text)) >= ALIKE and set(each.sources) & set(sources)),
        "",
    ):
        return f"it is {heir} now"
    asking = {passage.id for passage in ground.asking} | {s for o in ground.operations for s in o.sources}
    if not sources or set(sources) & asking:
        return ""
    others = {name for domain in ground.all if domain.name != ground.domain.name for name in domain.passages}
    if all(s in others or ground.classes.get(s) == "out of scope" for s in sources) or _derived(ground, thing, sources):
        return f"{', '.join(sources)} {'asks' if len(sources) == 1 else 'ask'} for nothing of this domain any more"
    return ""


def _derived(ground: Ground, thing: ids.Thing, sources: Iterable[str]) -> bool:
    """Whether ``thing`` says what the rules make of its passages, so that nobody else wrote it."""
    wording, known = worded(ground.plan.reading), ground.plan.reading.by_id
    said = (
        text
        for name in sources
        if name in known
        for piece in pieces(known[name].plain)
        for text in wording.requirements(piece)
    )
    return any(alike(text, plain(thing.text)) >= ALIKE for text in said)


def _home(ground: Ground, thing: ids.Thing) -> str:
    """The heading a requirement stood under in the version before; empty when that is the section's own."""
    above = [heading for heading in ground.before.headings if heading.line < thing.line]
    return above[-1].text if above and above[-1].level > 2 else ""


def _before(numbers: Numbers, name: str) -> tuple[str, str, str]:
    """A withdrawn requirement as the version before lists it."""
    cells = list(numbers.cells.get(name, {}).values())
    return name, cells[1] if len(cells) > 2 else "", cells[-1] if len(cells) > 1 else ""


def quality_of(each: Asked) -> str:
    """The quality a non-functional requirement is about, or the kind of constraint a constraint is."""
    return constraint(each.text) if each.kind == "CON" else each.cells.get("quality") or characteristic(each.text)
