"""Whether ids are what they were in the version somebody decided about last: one names the same thing for ever."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from .. import ids
from ..document import Document, Finding
from ..ids import Thing
from .mentions import stated
from .traced import Trace

_Things = Mapping[str, tuple[Thing, tuple[str, ...]]]
"""By id, with the words of its statement."""

_SHARED = 0.34
"""The least part of their words that two statements of one requirement share."""


def found(trace: Trace) -> Iterator[Finding]:
    """What was renumbered, what is gone without a word, and what names something else now."""
    for said in trace.given.said:
        if before := trace.given.earlier.get(said.document.name):
            then = Document(said.document.name, before)
            old = {thing.id: (thing, _words(text)) for thing, text in stated(then, ids.things(then))}
            new = {thing.id: (thing, _words(text)) for thing, text in stated(said.document, said.things)}
            yield from _compared(said.document, old, new)


def _compared(document: Document, old: _Things, new: _Things) -> Iterator[Finding]:
    counted = Counter((*(words for _, words in old.values()), *(words for _, words in new.values())))
    told = {words: thing for thing, words in new.values() if words and counted[words] <= 2 and thing.kind != "TS"}
    for was, words in old.values():
        here, said = new.get(was.id, (None, ()))
        moved = told.get(words) if not was.withdrawn else None
        severity = "error" if was.kind in ids.REQUIREMENTS else "warning"
        if moved and moved.id != was.id and said != words:
            yield _at(document, moved.line, "error", f"what was {was.id} is called {moved.id} now", f"give it back the id {was.id}")  # fmt: skip
        elif here is None and not was.withdrawn:
            yield _at(document, 0, severity, f"{was.id} is gone since somebody decided about it", "list it in the table 'Withdrawn' with the reason")  # fmt: skip
        elif here and was.withdrawn and not here.withdrawn:
            yield _at(document, here.line, "error", f"{was.id} was withdrawn and is used again", "give it a new number")
        elif here and not here.withdrawn and was.kind != "TS" and not _alike(words, said):
            yield _at(document, here.line, "warning", f"{was.id} says something else than when somebody decided about it", f"withdraw {was.id}, and give what is new a new number")  # fmt: skip


def _words(text: str) -> tuple[str, ...]:
    bare = re.sub(r"\[[^\]\n]{0,200}\]|\(assumed\)", " ", text[:2_000].casefold())
    return tuple(re.findall(r"\w+", bare))


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two statements may be one that was worded anew."""
    if not one or not other:
        return True
    shared = len(set(one) & set(other))
    return shared >= _SHARED * min(len(set(one)), len(set(other)))


def _at(document: Document, line: int, severity: str, message: str, hint: str) -> Finding:
    return Finding(document.name, line, "keeps-its-id", "planning_kit", severity, message, hint=hint)
