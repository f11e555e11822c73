"""A document as it reads, under a line one can unfold; how many findings it has."""

from __future__ import annotations

from collections.abc import Sequence

from ..document import Document, Finding
from .letters import escape, plain
from .page import html
from .shown import Shown


def document(shown: Document, head: str = "", notes: Sequence[str] = (), folded: bool = True) -> Shown:
    """A document as it reads, under a line one can unfold.

    Args:
        shown: the document.
        head: what stands beside its title.
        notes: what is said before its text, one sentence each; plain text.
        folded: whether it starts folded.
    """
    summary = f"{shown.title}: {head}" if head else shown.title
    listed = "".join(f"<li>{escape(note)}</li>" for note in notes)
    body = (f"<ul>{listed}</ul>" if listed else "") + html(shown.text)
    state = "" if folded else " open"
    fold = f"<details{state}><summary><strong>{escape(summary)}</strong> <code>{escape(shown.name.rpartition('/')[2])}</code></summary>{body}</details>"
    lines = [summary, *(f"  {note}" for note in notes), "", shown.text]
    return Shown(fold, plain("\n".join(lines)))


def count(found: Sequence[Finding]) -> str:
    """How many findings, and how many of them are errors, in words."""
    errors = sum(each.severity == "error" for each in found)
    in_all = f"{len(found)} finding{'' if len(found) == 1 else 's'}" if found else "no findings"
    return f"{in_all} ({errors} error{'' if errors == 1 else 's'})" if errors else in_all
