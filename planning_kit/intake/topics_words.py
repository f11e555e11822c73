"""The words a topic is put in: the stack, the database, the sentence of the brief."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..offline.reading import words
from .proposal_basis import Basis, clipped, listed


def own(sources: Sequence[str]) -> tuple[str, ...]:
    """The passages of the brief among ``sources``."""
    return tuple(source for source in sources if source.startswith("P"))


def on(basis: Basis) -> str:
    """The stack in a few words: what the codebase uses, else what the brief names."""
    used = [basis.used(topic) for topic in ("Framework", "Language", "Database")]
    named = {t.kind: t.name for t in reversed(basis.reading.technologies)}
    shown = [word for word in used if word] or [
        named[kind] for kind in ("framework", "language", "database") if kind in named
    ]
    return listed(shown[:2], "with") or "the chosen framework"


def kept(basis: Basis) -> str:
    """The database that the codebase or the brief names."""
    return basis.used("Database") or next(
        (t.name for t in basis.reading.technologies if t.kind == "database"), "the database"
    )


def quote(basis: Basis, sources: Sequence[str], pattern: str = "") -> str:
    """The first sentence of ``sources`` that matches ``pattern``, in quotation marks."""
    known = {passage.id: passage for passage in basis.brief.passages}
    said = [one for source in sources if source in known for one in words.sentences(known[source].plain)]
    best = next((one for one in said if re.search(pattern, one, re.IGNORECASE)), "".join(said[:1]))
    return f"“{clipped(best.strip(' |'), 120)}”" if best else "the brief asks for it"
