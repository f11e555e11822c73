"""The parts of the system an architect would plan apart: what is kept with what hangs on it, and what cuts across when the brief asks for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..brief import Brief, Passage
from ..facts import Domain
from ..offline.facts import Entity
from ..offline.reading import words
from ..offline.reading.lexicon import TAKEN
from .domains_across import CONCERNS, Concern
from .domains_kept import groups
from .domains_names import distinct, short, spelling
from .domains_things import things
from .proposal_basis import Basis, clipped, listed, named, several

MOST = 7
"""Most domains that are proposed."""
_FEATURE = re.compile(
    r"(?i)\b(?:feature|functional|capabilit|function|requirement|module|component|management|use case)"
)
_LEAD = re.compile(
    r"(?i)^(?:[A-Z]{1,5}(?:-[A-Z][A-Z0-9]{1,5})?-?\d{1,4}\s*[|:.]?\s*)?(?:as an? [^,]{2,60}, (?:i|we) (?:want|need|can|would like)(?: to)?\s+|"
    r"(?:the )?(?:[\w-]+ ){1,4}?(?:must|shall|should|can|may|will)(?: also)? (?:be able to |(?:allow|enable|let|permit)s? (?:\w+ ){1,4}?to )?|"
    r"(?:it must be possible to|allows? (?:\w+ ){1,3}to|enables? (?:\w+ ){1,3}to)\s+)"
)


@dataclass
class _Part:
    """A domain while it is put together."""

    name: str
    entities: tuple[Entity, ...] = ()
    concern: Concern | None = None
    passages: list[Passage] = field(default_factory=list)


def propose(basis: Basis) -> tuple[Domain, ...]:
    """The domains, two to seven for a brief of some size and one for a small one; a passage that asks for something is in at most one."""
    taken: set[str] = set()
    kept = groups(basis)
    if basis.tiny or (basis.small and sum(1 for group in kept if group[0] in basis.reading.entities) < 3):
        return (_whole(basis, taken),)
    parts = [_Part(_title(group), group) for group in kept]
    parts = _crossed(basis, parts)
    if sum(1 for part in parts if part.entities) < 2 and (sections := _sections(basis)):
        parts = sections
    _fill(basis, parts)
    while len(parts) > MOST:
        parts = _fewer(basis, parts)
    parts = [part for part in parts if part.passages and _stands(basis, part)]
    if len(parts) < 2:
        return (_whole(basis, taken),)
    return tuple(
        Domain(name=distinct(spelling(part.name, basis.codebase), taken), about=_about(basis, part),
               passages=tuple(passage.id for passage in part.passages))
        for part in parts
    )  # fmt: skip


def _title(group: Sequence[Entity]) -> str:
    """The name of a group: its root's, or the word its entities begin with."""
    first = {words.parts(entity.name)[0] for entity in group}
    if len(group) > 1 and len(first) == 1:
        return words.plural(first.pop())
    return "-".join(words.many(words.one(group[0].name)))


def _crossed(basis: Basis, parts: list[_Part]) -> list[_Part]:
    """``parts`` with a part for each concern the brief asks for; one that already keeps such things takes it over."""
    for concern in CONCERNS:
        if not any(concern.asks(basis, passage) for passage in basis.asking):
            continue
        kept = next((part for part in parts if part.concern is None and re.fullmatch(concern.things, part.name)), None)
        if kept:
            kept.concern = concern
            kept.name = concern.name if concern.renames else kept.name
        else:
            parts = [*parts, _Part(concern.name, concern=concern)]
    return parts


def _fill(basis: Basis, parts: list[_Part]) -> None:
    """Put each passage that asks for something into the part it is most about."""
    for part in parts:
        part.passages.clear()
    last: tuple[tuple[str, ...], _Part] | None = None
    for passage in basis.asking:
        scored = [(_score(basis, part, passage), part) for part in parts]
        best, chosen = max(scored, key=lambda one: one[0], default=(0.0, None))
        if chosen is None:
            return
        if best <= 0 and last and last[0] == passage.section and len(passage.section) > 1 and last[1].concern is None:
            best, chosen = 1.0, last[1]
        if best > 0:
            chosen.passages.append(passage)
            last = (passage.section, chosen)


def _score(basis: Basis, part: _Part, passage: Passage) -> float:
    """How much ``passage`` is about ``part``: what is done there, what it names first, what its heading names."""
    score = 0.0
    if part.concern:
        score += part.concern.weight(basis, passage)
    own = {entity.name for entity in part.entities}
    done = [o for o in basis.reading.operations if passage.id in o.sources and _touched(basis, o.id, o.entity) in own]
    score += 3.0 * bool(done) + 0.2 * len(done)
    heading = passage.section[-1] if passage.section else ""
    for entity in part.entities:
        if found := named(entity.name).search(passage.plain):
            score += 1.0 + 0.8 * (1 - found.start() / max(1, len(passage.plain)))
        score += 2.5 * bool(named(entity.name).search(heading))
    if not part.entities and not part.concern:
        score += 2.0 * (part.name in (short(name) for name in passage.section))
    return score


def _touched(basis: Basis, operation: str, entity: str) -> str:
    """The entity an operation is about: what comes into being when something is taken, else what it works on."""
    verb = re.match(r"[a-z]+", operation)
    made = words.pascal((TAKEN.get(verb.group(), ""),)) if verb else ""
    return made if made and basis.reading.entity(made) else entity


def _fewer(basis: Basis, parts: list[_Part]) -> list[_Part]:
    """``parts`` with the one that has fewest passages given to the others."""
    least = min(parts, key=lambda part: (len(part.passages), not part.concern))
    rest = [part for part in parts if part is not least]
    near = {e for r in basis.reading.relationships for own in least.entities
            for e in (r.parent, r.child) if own.name in (r.parent, r.child)}  # fmt: skip
    kin = next((part for part in rest if any(entity.name in near for entity in part.entities)), None)
    if kin and least.entities:
        kin.entities = (*kin.entities, *least.entities)
    _fill(basis, rest)
    return rest


def _sections(basis: Basis) -> list[_Part]:
    """A part for each section about a feature, for a brief that keeps nothing the rules can name."""
    found: dict[str, list[Passage]] = {}
    for passage in basis.asking:
        deep = next((n for n, name in enumerate(passage.section) if _FEATURE.search(name)), -1)
        if 0 <= deep < len(passage.section) - 1 and (name := short(passage.section[deep + 1])):
            found.setdefault(name, []).append(passage)
    names = [name for name, passages in found.items() if len(passages) > 1]
    return [_Part(name) for name in names] if 2 <= len(names) <= MOST and len(basis.asking) >= 10 else []


def _whole(basis: Basis, taken: set[str]) -> Domain:
    """Everything in one domain, named after its title, else after what it keeps."""
    title = Brief(basis.brief.text).title
    kept = [entity.name for entity in basis.reading.entities if basis.operations(entity)]
    own = [name for name in kept if not re.fullmatch(r"User|Account|Member|Customer", name)]
    spoken = sorted(things(basis), key=lambda thing: int(thing.sources[0][1:]))
    if any(passage.kind == "heading" and title in passage.plain for passage in basis.brief.passages[:2]):
        name = short(title)
    else:
        known = (own or [thing.name for thing in spoken] or (_repeated(basis) if basis.tiny else []))[:1]
        name = "-".join(words.many(words.one(known[0]))) if known else short(title)
    passages = tuple(passage.id for passage in basis.asking)
    first = next(iter(basis.asking or basis.told), None)
    about = clipped(first.plain, 200) if first else basis.brief.title
    return Domain(
        name=distinct(spelling(name, basis.codebase), taken), about=about or basis.brief.title, passages=passages
    )


def _repeated(basis: Basis) -> list[str]:
    """Nouns after an article or a possessive that are named again, for a few sentences without a heading."""
    text = basis.text
    nouns = re.findall(
        r"(?i)\b(?:an?|the|my|our|their|each|other|every) (?:small |new |simple |next |little )?([a-z]{4,24})\b", text
    )
    said = [words.singular(word) for word in re.findall(r"[a-z]{4,24}", text.lower())]
    counted = {noun.lower(): said.count(words.singular(noun.lower())) for noun in nouns}
    return [noun for noun in sorted(counted, key=lambda noun: -counted[noun]) if counted[noun] > 1]


def _stands(basis: Basis, part: _Part) -> bool:
    """Whether every word of a part's name stands in the brief, in one of its forms, or the name is one of what cuts across."""
    if part.concern and part.name == part.concern.name:
        return True
    said = {
        form
        for word in re.findall(r"[a-z0-9]+", basis.brief.text.lower())
        for form in (word, words.singular(word), words.stem(words.singular(word)))
    }
    said |= {made for verb, made in TAKEN.items() if verb in said}
    return all(
        {part_word, words.singular(part_word), words.stem(words.singular(part_word))} & said
        for part_word in words.parts(part.name)
    )


def _about(basis: Basis, part: _Part) -> str:
    """The part in the brief's words: what is kept there, and what is asked for most."""
    kept = [several(entity.name) for entity in part.entities]
    among = part.passages or [p for p in basis.asking if part.concern and part.concern.asks(basis, p)]
    best = sorted(
        among, key=lambda p: (basis.classes.get(p.id) != "functional", -_score(basis, part, p), int(p.id[1:]))
    )
    said = [clipped(_phrase(passage), 90).rstrip(".") for passage in sorted(best[:2], key=lambda p: int(p.id[1:]))]
    return f"{listed(kept)}: {'; '.join(said)}" if len(kept) > 1 else "; ".join(said)


def _phrase(passage: Passage) -> str:
    """What a passage asks for, without who must be able to; the longest cell of a row."""
    said = max(passage.plain.split("|"), key=len).strip() if passage.kind == "row" else passage.plain
    return _LEAD.sub("", words.sentences(said)[0] if said else passage.plain)
