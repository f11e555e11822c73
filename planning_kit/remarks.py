"""What reviewers said about a document, where they said it, and what was done about each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .document import Document
from .errors import OptionRefused, nearest
from .gate import SENT_BACK, Decision, decisions
from .journal import Journal, Record
from .told import said, told

__all__ = ["Anchor", "Comment", "Remark", "anchored", "comments", "pending", "remarks", "said"]

LONGEST_QUOTE = 300
"""The most characters of a passage that a comment quotes."""
LONGEST = 10_000
"""The most characters a comment may have."""


@dataclass(frozen=True)
class Anchor:
    """Where in a document something was said.

    Attributes:
        document: its name; empty for the phase as a whole.
        section: the heading of the section, as it was then; empty for the document as a whole.
        line: the passage's first line then, from 1; 0 for the section as a whole.
        quote: the passage's words then; empty for the section as a whole.
    """

    document: str = ""
    section: str = ""
    line: int = 0
    quote: str = ""

    @property
    def words(self) -> str:
        """As a person says it: ``section 'Endpoints', at “GET /notes”``."""
        section = f"section '{self.section}'" if self.section else "the whole document" if self.document else "all documents"  # fmt: skip
        return f"{section}, at “{self.quote}”" if self.quote else section


@dataclass(frozen=True)
class Comment:
    """A reviewer's comment: its place ``seq`` in the journal, its ``anchor``, the ``digest`` of the document it was about, what, who, when."""

    seq: int
    phase: str
    anchor: Anchor
    digest: str
    text: str
    by: str
    at: str

    @classmethod
    def of(cls, record: Record) -> Comment:
        """The comment a journal record holds."""
        body = record.body
        anchor = Anchor(body["document"], body["section"], body["line"], body["quote"])
        return cls(record.seq, body["phase"], anchor, body["digest"], body["text"], body["by"], record.at)

    @property
    def where(self) -> str:
        """What of its document it is about, in words; empty for the whole of it."""
        return self.anchor.words if self.anchor.section or self.anchor.quote else ""

    @property
    def told(self) -> str:
        """As its author reads it: what was said, then where."""
        return told(self.text, self.where)


@dataclass(frozen=True)
class Remark:
    """Something a document was sent back with.

    Attributes:
        name: how the document cites it: ``R1`` and so on, by document.
        text: what its author is told.
        anchor: where it was said.
        seen: SHA-256 of the version it was about.
        by: who said it.
        at: when, UTC.
        seq: its place in the journal.
        sent: the place of the decision that carried it.
        version: SHA-256 of the version that was sent back; another one than ``seen`` when it changed in between.
    """

    name: str
    text: str
    anchor: Anchor
    seen: str
    by: str
    at: str
    seq: int
    sent: int = 0
    version: str = ""

    @property
    def said(self) -> str:
        """What was said, without where."""
        return said(self.text)


def comments(journal: Journal, phase: str) -> tuple[Comment, ...]:
    """Every comment made on a phase and not withdrawn, oldest first; those sent back are among them."""
    withdrawn = {record.body["comment"] for record in journal.of("withdrawn", phase=phase)}
    return tuple(Comment.of(r) for r in journal.of("commented", phase=phase) if r.seq not in withdrawn)


def pending(journal: Journal, phase: str) -> tuple[Comment, ...]:
    """The comments that no decision has carried to the authors yet."""
    carried = {seq for decision in decisions(journal, phase) for seq in decision.comments}
    return tuple(comment for comment in comments(journal, phase) if comment.seq not in carried)


def remarks(journal: Journal, phase: str, document: str) -> tuple[Remark, ...]:
    """What ``document`` was sent back with, oldest first: its own comments, and what was said about all of them.

    With no document, what the phase was sent back with as a whole: each remark then says which document it is about.
    """
    known = {comment.seq: comment for comment in comments(journal, phase)}
    found: list[Remark] = []
    for decision in decisions(journal, phase):
        if decision.verdict == SENT_BACK and (not document or document in decision.subject):
            carried = [known[seq] for seq in decision.comments if seq in known]
            found += _carried(decision, carried, document, len(found))
    return tuple(found)


def _carried(decision: Decision, carried: list[Comment], document: str, before: int) -> list[Remark]:
    """The remarks of one decision about ``document``, numbered on from those ``before``."""
    sent = decision.subject.get(document, "")
    found: list[Remark] = []
    for each in carried:
        if document and each.anchor.document not in ("", document):
            continue
        about = each.anchor.document if not document else ""
        text = told(each.text, ", ".join(part for part in (about, each.where) if part))
        name = f"R{before + len(found) + 1}"
        seen = each.digest or sent
        found.append(Remark(name, text, each.anchor, seen, each.by, each.at, each.seq, decision.seq, sent or seen))
    if decision.comment:
        name = f"R{before + len(found) + 1}"
        found.append(
            Remark(name, decision.comment, Anchor(), sent, decision.by, decision.at, decision.seq, decision.seq, sent)
        )
    return found


def anchored(document: Document, section: str = "", line: int = 0) -> Anchor:
    """The anchor of a comment on a section, or on the passage at a line, whose section is found by itself.

    Args:
        document: as it was shown.
        section: a heading in it, in any case; empty for the document as a whole.
        line: from 1; 0 for the section as a whole.

    Raises:
        OptionRefused: there is no such section, or nothing stands on that line or below it; names the nearest.
    """
    heads = document.headings
    if line:
        below = (
            words
            for words in document.lines[max(line - 1, 0) :]
            if re.search(r"\w", words) and words[:3] not in ("```", "~~~")
        )
        text = " ".join(next(below, "").split())
        if not text or line < 1:
            raise OptionRefused(f"{document.name}: there is nothing at line {line}; it has {len(document.lines)} lines")
        above = [head for head in heads if head.line <= line]
        if above and above[-1].line == line:
            return Anchor(document.name, above[-1].text, line)
        return Anchor(document.name, above[-1].text if above else "", line, text[:LONGEST_QUOTE])
    if not section:
        return Anchor(document.name)
    named = [head.text for head in heads if head.text.casefold() == section.strip().lstrip("#").strip().casefold()]
    if not named:
        raise OptionRefused(f"{document.name}: no such section: {section!r}{nearest(section, [head.text for head in heads])}")  # fmt: skip
    return Anchor(document.name, named[0])
