"""What the passages of a domain ask for, passage by passage: requirements, and what is deferred."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ....brief import Passage
from ...facts import Operation, Reading
from ...reading import sentences, words
from ...reading.phrases import VERBS
from ..markdown import shorten
from .clauses import parted
from .ground import Ground
from .introduced import concrete
from .lines import MUST, placed, priority, row, split
from .phrasing import MORE
from .wording import Wording, introduces, is_note, pieces

GENERAL = "General"
"""The group of what is about no thing in particular."""
_SERVES = re.compile(
    r"(?i)\b(?:allow|enable|let|permit|endpoint|request|require|return|respond|response|parameter|register|sign up)\w*\b"
)
_TELLING = re.compile(
    r"(?i)\b(?:all|each|every|no|not|never|only|at (?:least|most)|up to|maintains|keeps|contains|ensures?|within|follows?|(?:hours?|days?|minutes?|weeks?) (?:before|after))\b"
)
_GENERIC = re.compile(
    r"(?i)\b(?:scope|requirements?|features?|functional\w*|use cases?|introduction|overview|description|constraints?|criteria|"
    r"dependenc\w+|depencencies|summary|background|context|goals?|stories|backlog|general|users?)\b|must\b|feature \d"
)
_QUALITY = re.compile(
    r"(?i)\bkept confidential\b|\bstored in the (?:EU|European|country)|\bencrypted\b|\bhashed\b|\bshall (?:\w+ )?work on (?:an? )?(?:phone|mobile|tablet|smartphone)"
)
"""Statements that are about a quality whatever stands around them."""
_BUILT = re.compile(
    r"(?i)^(?:authentication (?:is |shall be )?(?:by|with|via|through)\b.{3,80}|(?:[\w.+#-]+ (?:with|and) )?(?:node(?:\.js)?|python|java|go|typescript|postgres\w*|mysql|redis|react|django|fastapi|spring)\b[^:]{0,160})\.$"
)
"""Fragments that name nothing but what something is built with."""
_PRODUCT = re.compile(
    r"\b(?:The|the) ([A-Z][\w-]{1,30})(?: Building Block)? (?:must|shall|should|will|MUST|SHALL|enables?|allows?|operates|provides|supports)\b"
)


@dataclass(frozen=True)
class Stated:
    """One requirement before it has an id.

    Attributes:
        kind: ``FR``, ``NFR`` or ``CON``.
        text: what has to be so, in the brief's words.
        priority: Must, Should or Could.
        sources: the passages it comes from; empty when it is assumed.
        group: what it belongs together with.
    """

    kind: str
    text: str
    priority: str
    sources: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True)
class Deferred:
    """A passage that is the source of no requirement: what was decided about it, and why."""

    passage: str
    decision: str
    reason: str


@dataclass(frozen=True)
class Found:
    """What a domain's passages give: requirements, passages that give none, and what is left to the implementation (words, passage)."""

    stated: tuple[Stated, ...]
    deferred: tuple[Deferred, ...]
    left: tuple[tuple[str, str], ...]


def found(ground: Ground) -> Found:
    """Everything the passages of the domain ask for; each of them is the source of a requirement or is deferred."""
    reading = ground.plan.reading
    wording, leads = worded(reading), _leads(reading.passages)
    serving = {source for operation in ground.operations for source in operation.sources}
    stated: list[Stated] = []
    left: list[tuple[str, str]] = []
    silent: list[Passage] = []
    for passage in ground.asking:
        known, notes = _of(passage, wording, leads.get(passage.id, ("", ""))[0], ground, passage.id in serving)
        left += [(note, passage.id) for note in notes]
        stated += known
        silent += [] if known else [passage]
    for operation in ground.operations:
        if not set(operation.sources) & {s for each in stated for s in each.sources if each.kind == "FR"}:
            stated.append(_named(operation, reading))
    stated, taken = concrete(stated)
    stated = [replace(e, sources=tuple(dict.fromkeys((*e.sources, *taken.get(at, ()))))) for at, e in enumerate(stated)]
    deferred = []
    for passage in silent:
        stated, decided = _joined(passage, stated, ground, leads)
        deferred += decided
    if not any(each.kind == "FR" for each in stated):
        stated.append(_whole(ground))
    return Found(_regrouped(_merged(stated)), (*deferred, *_excluded(ground)), tuple(left))


@lru_cache(maxsize=8)
def worded(reading: Reading) -> Wording:
    """How the brief of ``reading`` names its system and those who act."""
    actors = [actor.name for actor in reading.actors]
    roles = {words.singular(actor.split()[-1]) for actor in actors}
    known = {name for p in reading.passages for name in _PRODUCT.findall(p.text[:4000])}
    kept = {entity.name.lower() for entity in reading.entities}
    return Wording((name for name in known if words.singular(name.lower()) not in roles | kept), actors)


@lru_cache(maxsize=8)
def _leads(passages: tuple[Passage, ...]) -> dict[str, tuple[str, str]]:
    """Passage → the line that leads it in, and the passage that line stands in."""
    found: dict[str, tuple[str, str]] = {}
    said = {each.source: each for each in reversed(sentences.cut(passages))}
    above = ""
    for passage in passages:
        lead = said[passage.id].lead if passage.id in said else ""
        if lead:
            found[passage.id] = (lead, above)
        elif introduces(passage.plain):
            above = passage.id
    return found


def _of(passage: Passage, wording: Wording, lead: str, ground: Ground, serves: bool) -> tuple[list[Stated], list[str]]:
    """The requirements of one passage, and its sentences that leave something to the implementation."""
    text, ranked = row(passage)
    if passage.kind == "heading":
        return [], []
    notes: list[str] = []
    stated: list[Stated] = []
    for number, piece in enumerate(part for each in split(text) for part in parted(each, wording.acts)):
        piece = placed(piece, passage, ground)
        if is_note(piece):
            notes += (
                [piece] if re.search(r"(?i)implementation|real-world|not (?:specified|defined) here", piece) else []
            )
            continue
        said = wording.requirements(piece, lead if number == 0 else "")
        said = said or (
            (wording.whole(piece),) if _TELLING.search(piece) or _BUILT.search(wording.whole(piece)) else ()
        )
        stated += [_ranked(each, piece, passage, ranked, ground, serves) for each in said]
    if not stated and not notes and not introduces(text) and re.search(r"\w", text):
        stated = [_ranked(wording.whole(text), text, passage, ranked, ground, serves)]
    return stated, notes


def _ranked(text: str, piece: str, passage: Passage, ranked: str, ground: Ground, serves: bool) -> Stated:
    kind = kind_of(text, passage, ground.classes.get(passage.id, ""))
    if serves and kind != "FR" and _SERVES.search(text):
        kind = "FR"
    return Stated(kind, text, ranked or priority(piece, passage), (passage.id,), _group(text, passage, ground))


def kind_of(text: str, passage: Passage, named: str) -> str:
    """``FR``, ``NFR`` or ``CON``: by the label the brief gives the passage, else by the statement's own words, else by the passage's class ``named``."""
    labelled = re.match(r"\W*(?P<label>N?FR|REQ-?N?F|CON)[-_ .]?\d", passage.text)
    if labelled:
        return {"NFR": "NFR", "CON": "CON"}.get(labelled["label"], "FR")
    usual = {"quality": "NFR", "constraint": "CON"}.get(named, "FR")
    if usual == "FR" and _QUALITY.search(text) and "system shall " not in text.lower():
        return "NFR"
    if usual == "FR" and _BUILT.search(text):
        return "CON"
    return usual


def _group(text: str, passage: Passage, ground: Ground) -> str:
    """What a requirement belongs together with: the brief's own section, else the thing it is about."""
    section = next(iter(reversed(passage.section)), "") if len(passage.section) > 1 else ""
    section = section or (passage.section[0] if passage.section and not _titles(ground, passage.section[0]) else "")
    section = re.sub(r"^[\d.\s]+|\s*\((?:REQUIRED|RECOMMENDED|OPTIONAL)\)|<[^>]*>|\*\*", "", section).strip(" .:")
    if section and not _GENERIC.search(section) and len(section) <= 60:
        return section[:1].upper() + section[1:].lower() if section.istitle() else section
    things = dict.fromkeys(o.entity for o in ground.operations if o.entity and passage.id in o.sources)
    if len(things) != 1:
        things = dict.fromkeys(o.entity for o in ground.operations if o.entity)
    elif len(ground.operations) > 1 and any(o.stated for o in ground.operations):
        return words.plural(" ".join(words.parts(next(iter(things))))).capitalize()
    low = text.lower()
    named = [(low.find(name), name) for thing in things if (name := " ".join(words.parts(thing))) in low]
    if named:
        return words.plural(min(named)[1]).capitalize()
    return GENERAL


def _titles(ground: Ground, section: str) -> bool:
    """Whether ``section`` is the title of the whole brief."""
    first = next((p for p in ground.plan.reading.passages if p.kind == "heading"), None)
    return (
        first is not None
        and first.line <= 3
        and first.plain.strip() == section.strip()
        and len({p.section[:1] for p in ground.plan.reading.passages if p.section}) == 1
    )


def _named(operation: Operation, reading: Reading) -> Stated:
    """What an operation is there for, where no sentence asks for it: the brief names it outright."""
    said = operation.purpose.strip().rstrip(".") or f"offer {operation.method} {operation.path}"
    if words.parts(said)[:1] and words.base(words.parts(said)[0], VERBS | MORE) != words.parts(said)[0]:
        whole = worded(reading).requirements(said.partition("; ")[0])
        said = (whole[0].rstrip(".") if len(whole) == 1 else "") or f"offer {operation.method} {operation.path}"
    thing = words.plural(" ".join(words.parts(operation.entity))).capitalize() if operation.entity else GENERAL
    about = (
        "" if operation.entity and words.singular(thing.split()[-1]).lower() in said.lower() else f" ({thing.lower()})"
    )
    sources = tuple(source for source in operation.sources if re.fullmatch(r"[PRQA]\d+", source))
    return Stated(
        "FR",
        said + "."
        if " shall " in said
        else f"The system shall {said[:1].lower()}{said[1:]}{'' if thing == GENERAL else about}.",
        MUST,
        sources,
        thing,
    )


def _joined(
    passage: Passage, stated: list[Stated], ground: Ground, leads: dict[str, tuple[str, str]]
) -> tuple[list[Stated], list[Deferred]]:
    """``stated`` with a heading or a leading line as a further source of what stands below it; else what was decided about it."""
    by_id = ground.plan.reading.by_id
    led = {each for each, (_, above) in leads.items() if above == passage.id}
    if passage.kind == "heading":
        led |= {
            p.id
            for p in ground.plan.reading.passages
            if p.section and p.section[-1] == passage.plain and p.line > passage.line
        }
    for at, each in enumerate(stated):
        if set(each.sources) & led:
            return [*stated[:at], replace(each, sources=(*each.sources, passage.id)), *stated[at + 1 :]], []
    below = next((by_id[name] for name in sorted(led, key=lambda name: by_id[name].line) if by_id[name].plain), None)
    asks = worded(ground.plan.reading)
    if passage.kind == "heading" and not introduces(passage.plain) and below is not None:
        first = next((said for piece in pieces(below.plain) for said in asks.requirements(piece)), "")
        title = pieces(passage.plain)[0].rstrip(".") if pieces(passage.plain) else passage.plain
        text = f"{re.sub(r'^[0-9.]+ ', '', title)}: {first[:1].lower()}{first[1:]}" if first else passage.plain
        own = _ranked(text, passage.plain, passage, "", ground, False)
        return [*stated, replace(own, sources=(passage.id, below.id))], []
    if led and introduces(passage.plain):
        owners = dict.fromkeys(d.name for d in ground.all if set(d.passages) & led) or {"other domains": None}
        return stated, [
            Deferred(
                passage.id,
                "Introduces other lines",
                f"It asks for nothing of its own; the lines below it are answered by {', '.join(owners)}",
            )
        ]
    return stated, [Deferred(passage.id, "Left to the implementation", shorten(passage.plain, 200))]


def _excluded(ground: Ground) -> Iterator[Deferred]:
    """What the brief itself leaves out, as far as it is this domain's; the first domain lists what belongs to none."""
    taken = {each for domain in ground.all for each in domain.passages}
    first = ground.domain.name == ground.all[0].name
    for passage in ground.plan.reading.passages:
        own = passage.id in ground.domain.passages or (first and passage.id not in taken)
        if own and ground.classes.get(passage.id) == "out of scope":
            yield Deferred(passage.id, "Out of scope", shorten(passage.plain, 240))


def _whole(ground: Ground) -> Stated:
    """What a domain is about, where no passage of it asks for anything by itself."""
    named = ground.domain.passages[:6]
    about = re.sub(rf"(?i)^{re.escape(ground.title)}:\s*", "", ground.domain.about)
    return Stated(
        "FR",
        f"The system shall provide for {ground.title.lower()}: {shorten(about, 240).rstrip('.')}.",
        MUST,
        named,
        GENERAL,
    )


def _regrouped(stated: Sequence[Stated]) -> tuple[Stated, ...]:
    """``stated`` with those about a thing in the group of the brief's section that is named after it."""
    groups = dict.fromkeys(each.group for each in stated)
    homes = {}
    for group in groups:
        one = words.singular(group.lower())
        homes[group] = next(
            (other for other in groups if other != group and other.lower().startswith(f"{one} ")), group
        )
    return tuple(replace(each, group=homes[each.group]) for each in stated)


def _merged(stated: Sequence[Stated]) -> tuple[Stated, ...]:
    """``stated`` with each statement once; one that is made twice has the sources of both."""
    known: dict[tuple[str, str], Stated] = {}
    for each in stated:
        key = (each.kind, re.sub(r"\W+", " ", each.text).casefold())
        same = known.get(key)
        known[key] = replace(same, sources=tuple(dict.fromkeys((*same.sources, *each.sources)))) if same else each
    return tuple(known.values())
