"""What became of the ids of the version before: each still says what it said, or is withdrawn; none was given away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ... import ids
from ...document import Document
from ...ids import Thing
from ..about import About
from ..wrong import Wrong, Wrongs
from . import known

_SAME = 0.9
"""Two statements that share so much of their words are one."""
_OTHER = 0.2
"""Two statements that share less are about different things."""
_TELLING = 8
"""Statements of fewer words are one only when they are the same."""
_MOST = 400
"""Of a document with more ids than this it is not told where a statement went."""
Words = tuple[str, ...]
Stated = tuple[Thing, Words]
"""A thing with what it says."""


def keeps(document: Document, own: Sequence[Thing], about: About) -> Wrongs:
    """What of the ids of ``about.earlier`` is missing, moved or used for something else."""
    if not about.earlier.strip() or about.earlier == document.text:
        return
    before = Document(document.name, about.earlier)
    past = _stated(before, ids.things(before))
    now = _stated(document, own)
    dropped = {each.id for each in own if each.withdrawn}
    for name, said in past.items():
        moved = _moved(name, said, past, now) if now.get(name, (None, ()))[1] != said[1] else ""
        if name in now:
            yield from _differs(said, now[name], moved)
        elif name not in dropped:
            yield _gone(document, said[0], moved)
    yield from _given_again(document, [each for each in ids.things(before) if each.withdrawn], now, dropped)
    yield from _continued([*past, *(each.id for each in ids.things(before) if each.withdrawn)], now)


def _stated(document: Document, things: Sequence[Thing]) -> dict[str, Stated]:
    """Each thing that is asked for, with its words, by id; of one that is defined twice the first."""
    dropped = {each.id for each in things if each.withdrawn}
    found: dict[str, Stated] = {}
    for each in things:
        if each.id not in dropped:
            found.setdefault(each.id, (each, known.words(document, each)))
    return found


def _moved(name: str, said: Stated, past: Mapping[str, Stated], now: Mapping[str, Stated]) -> str:  # fmt: skip
    """The id that what ``name`` said stands under now; empty when it stands under none, or stayed.

    One that said the same before is none it moved to, and one that is hardly another than what ``name`` says now neither.
    """
    thing, words = said
    if not words or len(past) > _MOST or len(now) > 2 * _MOST:
        return ""
    kept = _alike(words, now[name][1]) if name in now else 0.0
    for other, (_, theirs) in _candidates(thing, now):
        if other == name or other in past and _alike(past[other][1], words) >= _SAME:
            continue
        alike = _alike(words, theirs)
        if alike == 1.0 and theirs == words or len(set(words)) >= _TELLING and alike >= _SAME and kept < _SAME / 2:
            return other
    return ""


def _candidates(thing: Thing, now: Mapping[str, Stated]) -> Iterator[tuple[str, Stated]]:
    return ((other, each) for other, each in now.items() if (each[0].kind, each[0].code) == (thing.kind, thing.code))


def _alike(one: Words, other: Words) -> float:
    """How much of their words two statements share, from 0 to 1 (Jaccard)."""
    left, right = set(one), set(other)
    return len(left & right) / len(left | right) if left | right else 1.0


def _differs(said: Stated, now: Stated, moved: str) -> Wrongs:
    before, here = said[0], now[0]
    if moved:
        text = f"{before.id} said {known.beginning(before.text)}, which is {moved} now: it was renumbered"
        yield Wrong(here.line, text, f"give the statement {before.id} again, and what stands here a new number")
    elif said[1] and now[1] and _alike(said[1], now[1]) < _OTHER:
        text = f"{before.id} said {known.beginning(before.text)} before, and is about something else now"
        hint = f"give what is new a new number, and list {before.id} under 'Withdrawn' with the reason"
        yield Wrong(here.line, text, hint, severity="warning")


def _gone(document: Document, before: Thing, moved: str) -> Wrong:
    if moved:
        said = f"{before.id} ({known.beginning(before.text)}) is {moved} now: it was renumbered"
        return Wrong(0, said, f"give it its number {before.id} again")
    said = f"{before.id} ({known.beginning(before.text)}) is gone"
    hint = f"put it back, or list it in a table | {ids.WITHDRAWN} | Reason | with the reason"
    return Wrong(known.place(document, "Deferred and out of scope"), said, hint)


def _given_again(document: Document, withdrawn: Sequence[Thing], now: Mapping[str, Stated], dropped: set[str]) -> Wrongs:  # fmt: skip
    """What was withdrawn before and is defined again, or is no longer listed."""
    for each in withdrawn:
        if each.id in now:
            said = f"{each.id} was withdrawn, and an id is not used again"
            yield Wrong(now[each.id][0].line, said, "give this the next number")
        elif each.id not in dropped:
            hint = f"keep its row in the table | {ids.WITHDRAWN} | Reason |"
            said = f"{each.id} was withdrawn, and is no longer listed as such"
            yield Wrong(known.place(document, "Deferred and out of scope"), said, hint)


def _continued(past: Sequence[str], now: Mapping[str, Stated]) -> Wrongs:
    """New ids that do not come after the last one of their kind."""
    last: dict[tuple[str, str], int] = {}
    known_before = set(past)
    for name in past:
        kind, code, number = name.split("-")
        last[kind, code] = max(last.get((kind, code), 0), int(number))
    for name, (thing, _) in now.items():
        highest = last.get((thing.kind, thing.code), 0)
        if name not in known_before and thing.number <= highest:
            hint = f"go on with {thing.kind}-{thing.code}-{highest + 1:02}"
            yield Wrong(thing.line, f"{name} is new, and not the next number", hint, severity="warning")
