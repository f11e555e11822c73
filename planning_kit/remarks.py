"""What reviewers said about a document, where they said it, and what was done about each."""

from __future__ import annotations

from dataclasses import dataclass

from .gate import SENT_BACK, decisions
from .journal import Journal, Record

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
    def told(self) -> str:
        """As its author reads it: what was said, then where."""
        where = f"\n\n(About {self.anchor.words})" if self.anchor.section or self.anchor.quote else ""
        return f"{self.text}{where}"


def said(told: str) -> str:
    """A remark as it is told to an author, without where it was said."""
    return told.partition("\n\n(About ")[0]


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
    """

    name: str
    text: str
    anchor: Anchor
    seen: str
    by: str
    at: str
    seq: int


def comments(journal: Journal, phase: str) -> tuple[Comment, ...]:
    """Every comment made on a phase and not withdrawn, oldest first; those sent back are among them."""
    withdrawn = {record.body["comment"] for record in journal.of("withdrawn", phase=phase)}
    return tuple(Comment.of(r) for r in journal.of("commented", phase=phase) if r.seq not in withdrawn)


def pending(journal: Journal, phase: str) -> tuple[Comment, ...]:
    """The comments that no decision has carried to the authors yet."""
    carried = {seq for decision in decisions(journal, phase) for seq in decision.comments}
    return tuple(comment for comment in comments(journal, phase) if comment.seq not in carried)


def remarks(journal: Journal, phase: str, document: str) -> tuple[Remark, ...]:
    """What ``document`` was sent back with, oldest first: its own comments, and what was said about all of them."""
    known = {comment.seq: comment for comment in comments(journal, phase)}
    found: list[Remark] = []
    for decision in decisions(journal, phase):
        if decision.verdict != SENT_BACK or document not in decision.subject:
            continue
        seen = decision.subject[document]
        carried = [known[seq] for seq in decision.comments if seq in known]
        said = [
            (comment.told, comment.anchor, comment.digest or seen, comment.by, comment.at, comment.seq)
            for comment in carried
            if comment.anchor.document in ("", document)
        ]
        if decision.comment:
            said.append((decision.comment, Anchor(), seen, decision.by, decision.at, decision.seq))
        for text, anchor, about, by, at, seq in said:
            found.append(Remark(f"R{len(found) + 1}", text, anchor, about, by, at, seq))
    return tuple(found)
