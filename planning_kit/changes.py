"""What changed between two versions of a document, section by section, and what was done about a reviewer's remark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from . import view
from .alike import script
from .checks import structure
from .document import Document
from .legible import as_read
from .remarks import Remark
from .shelf import Shelf
from .store import Store
from .versions import Change, Section, compared, counted

__all__ = ["Change", "Dealt", "all_dealt", "changes", "counted", "dealt", "shown"]

MOST_LINES = 2_000
"""The most lines of changes that are shown; those after are counted."""
LONGEST = 1_000
"""The most characters that are shown of one line."""
BUILT = "built again"
"""What is said of data, which answers no remark in words and whose headings hold numbers that change."""
_WORDS = 400
_GROUND = {"+": ("#e6f6e8", "#a5dfae"), "-": ("#fdeceb", "#f4b6b1"), " ": ("#f6f6f6", "#f6f6f6")}
_LINE = (
    "margin:0;padding:0 6px;white-space:pre-wrap;overflow-wrap:anywhere;font-family:monospace;color:#1b1b1b;background:"
)


@dataclass(frozen=True)
class Dealt:
    """What was done about a ``remark``: what the document says (``answer``), and the ``changes`` of what it was about.

    Attributes:
        gone: whether the section it was about is not there any more.
        again: whether there is a newer version than the one that was sent back.
        instead: what is said where there is no answer: who edited it instead of its author.
        about: what it was about, where that is no section.
        elsewhere: the other sections that changed, when its own did not.
    """

    remark: Remark
    answer: str
    changes: tuple[Change, ...]
    gone: bool = False
    again: bool = True
    instead: str = ""
    about: str = "the document"
    elsewhere: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """In one sentence: ``answered: added POST /notes; section 'Endpoints' changed (+3 −1 lines)``."""
        if not self.again:
            return "not written again yet"
        answer = " ".join(self.answer.split()).rstrip(".; ")
        said = f"answered: {answer}" if answer else self.instead or "not answered"
        section = self.remark.anchor.section
        what = f"section '{section}'" if section else self.about
        return f"{said}; {what} {self._how}"

    @property
    def _how(self) -> str:
        if self.gone:
            return "is gone"
        if not self.changes:
            more = f" and {len(self.elsewhere) - 3} more" if len(self.elsewhere) > 3 else ""
            others = ", ".join(f"'{name}'" for name in self.elsewhere[:3])
            return f"did not change, but {others}{more} did" if others else "did not change"
        notes = list(
            dict.fromkeys(self._note(change) for change in self.changes if change.note and self.instead != BUILT)
        )
        if not any(change.lines for change in self.changes):
            return "; it ".join(notes) or "changed"
        return "; it ".join([f"changed ({counted(self.changes)})", *notes[:1]])

    def _note(self, change: Change) -> str:
        """What else is to be said of a change, as seen from the section the remark was about."""
        renamed = change.note.startswith(f"was renamed from '{self.remark.anchor.section}'")
        return f"was renamed to '{change.section.rpartition(' › ')[2]}'" if renamed else change.note


def changes(before: str, after: str) -> tuple[Change, ...]:
    """What changed from ``before`` to ``after``, in the order of ``after``; what was removed stands where it was.

    Version and date of the meta block, white space at the end of lines and empty lines are no change. The time it takes
    grows with the length of the texts, whatever is in them. Of data what changed on its page is told.
    """
    return tuple(change for _, _, change in compared(as_read(before), as_read(after)).found)


def dealt(remark: Remark, before: str, after: str) -> Dealt:
    """What was done about ``remark``.

    Args:
        remark: what was said.
        before: the version it was about.
        after: the version there is now.
    """
    both = compared(as_read(before), as_read(after))
    answer = _answers(after).get(remark.name, "")
    instead = "" if as_read(after) == after else BUILT
    section = remark.anchor.section
    found = [each for each in both.found if each[2].section.casefold() != structure.REMARKS.casefold()]
    if not section or section == _title(as_read(before)):
        return Dealt(remark, answer, tuple(change for _, _, change in found), again=before != after, instead=instead)
    old = _below(both.old, section, remark.anchor.line)
    places = [at for at, was in both.pairs.items() if old and was == old[0]]
    new = _below(both.new, section, 0) if not old else _beneath(both.new, places[0]) if places else []
    about = tuple(change for at, was, change in found if at in new or was in old)
    others = tuple(change.section for _, _, change in found if change not in about and change.section)
    return Dealt(remark, answer, about, not new, before != after, instead, elsewhere=others)


def _below(parts: Sequence[Section], heading: str, line: int) -> Sequence[int]:
    """The places of the section called ``heading`` and of those under it: the one that holds ``line``, else the first."""
    named = [at for at, part in enumerate(parts) if part.path and part.path[-1].casefold() == heading.casefold()]
    holding = [at for at in named if parts[at].line <= line]
    return _beneath(parts, holding[-1] if holding else named[0]) if named else []


def _beneath(parts: Sequence[Section], at: int) -> Sequence[int]:
    after = (place for place in range(at + 1, len(parts)) if parts[place].level <= parts[at].level)
    return range(at, next(after, len(parts)))


@lru_cache(maxsize=32)
def _answers(text: str) -> Mapping[str, str]:
    return structure.answers(Document("", text))


@lru_cache(maxsize=32)
def _title(text: str) -> str:
    return Document("", text).title


def all_dealt(remarks: Sequence[Remark], name: str, shelf: Shelf, store: Store) -> tuple[Dealt, ...]:
    """What was done about each of ``remarks`` in the document called ``name``; nothing when it is not written."""
    now = shelf.document(name)
    history = shelf.history(name)
    found = []
    for remark in remarks if now else ():
        after = [record for record in history if record.seq > remark.sent]
        again = bool(after) or shelf.digest(name) != remark.version
        persons = [str(record.body.get("by") or "somebody") for record in after] or ["somebody"]
        instead = f"edited by {persons[-1]}" if again and all(record.kind == "edited" for record in after) else ""
        what = dealt(remark, store.version(remark.seen) or "", now.text if now else "")
        found.append(replace(what, again=again, instead=instead or what.instead))
    return tuple(found)


def shown(changed: Sequence[Change]) -> view.Shown:
    """What changed, section by section: what was added and removed with a sign and a colour, words within a line marked too."""
    left = MOST_LINES
    pages: list[str] = []
    texts: list[str] = []
    for change in changed:
        lines = [(sign, _short(text)) for sign, text in change.lines[:left]]
        left -= len(lines) + 1
        said = _sentence(change.words)
        pages.append(f"<p><strong>{view.escape(said)}</strong></p><div>{''.join(_marked(lines))}</div>")
        texts += [view.visible(said), *(f"  {sign} {view.visible(text)}" for sign, text in lines)]
        if left <= 0:
            rest = sum(len(each.lines) + 1 for each in changed) - MOST_LINES
            cut = f"Cut here: {max(rest, 0):,} more lines are not shown; compare the two versions in an editor"
            return view.Shown("".join(pages), "\n".join(texts)) + view.box("wait", [cut])
    return (
        view.Shown("".join(pages), "\n".join(texts))
        if pages
        else view.Shown("<p>Nothing changed.</p>", "Nothing changed.")
    )


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}:" if words.endswith(")") else f"{words[:1].upper()}{words[1:]}."


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} … ({len(line) - LONGEST:,} more characters)"


def _marked(lines: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Each line as HTML; lines that replace others have the words marked by which they differ."""
    at = 0
    while at < len(lines):
        gone = _run(lines, at, "-")
        new = _run(lines, gone, "+")
        if gone > at and new > gone:
            both = list(zip(lines[at:gone], lines[gone:new], strict=False))
            worded = [_worded(before, after) for (_, before), (_, after) in both]
            yield from (
                _line("-", worded[n][0] if n < len(worded) else view.escape(text))
                for n, (_, text) in enumerate(lines[at:gone])
            )
            yield from (
                _line("+", worded[n][1] if n < len(worded) else view.escape(text))
                for n, (_, text) in enumerate(lines[gone:new])
            )
            at = new
        else:
            yield _line(lines[at][0], view.escape(lines[at][1]))
            at += 1


def _run(lines: Sequence[tuple[str, str]], at: int, sign: str) -> int:
    """Where the lines with ``sign`` that begin at ``at`` end."""
    return next((place for place in range(at, len(lines)) if lines[place][0] != sign), len(lines))


def _line(sign: str, safe: str) -> str:
    tag = {"+": "ins", "-": "del"}.get(sign)
    words = f'<{tag} style="text-decoration:none">{safe}</{tag}>' if tag else safe
    return f'<div style="{_LINE}{_GROUND[sign][0]}">{"−" if sign == "-" else sign} {words}</div>'


def _worded(before: str, after: str) -> tuple[str, str]:
    """Two lines, the words marked by which they differ; as they are when they have little in common."""
    one, other = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (before, after))
    steps, _ = script(one, other) if len(one) + len(other) <= _WORDS else ([], False)
    kept = sum(len(one[a].strip()) for sign, a, _ in steps if sign == " ")
    if 3 * kept < len(before) + len(after) - 2 * kept:
        return view.escape(before), view.escape(after)
    gone = _spelled((sign, one[a]) for sign, a, _ in steps if sign != "+")
    return gone, _spelled((sign, other[b]) for sign, _, b in steps if sign != "-")


def _spelled(words: Iterable[tuple[str, str]]) -> str:
    """The words of one line, those marked that the other one does not have."""
    found = []
    for sign, group in groupby(words, key=itemgetter(0)):
        safe = view.escape("".join(word for _, word in group))
        found.append(safe if sign == " " else f'<strong style="background:{_GROUND[sign][1]}">{safe}</strong>')
    return "".join(found)
