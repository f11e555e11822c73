"""All pairs of sentences of a brief that cannot both hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .opposed import Opposed, sentences
from .opposed_denial import denials
from .opposed_places import languages, regions
from .opposed_rhythm import downtime, rhythms
from .remark import Remark
from .wording import Wording

KINDS = (denials, downtime, regions, rhythms, languages)
"""The kinds of disagreement, the most harmful first."""


def opposed(wordings: Sequence[Wording]) -> tuple[Opposed, ...]:
    """The pairs, each pair of passages once for a kind, in the order of :data:`KINDS`."""
    said = sentences(wordings)
    found: dict[tuple[str, frozenset[str]], Opposed] = {}
    for kind in KINDS:
        for pair in kind(said):
            found.setdefault((kind.__name__, frozenset((pair.first.passage, pair.second.passage))), pair)
    return tuple(found.values())


def remarks(wordings: Sequence[Wording]) -> Iterator[Remark]:
    """A remark for each pair, at its later sentence."""
    for pair in opposed(wordings):
        first, second = sorted((pair.first, pair.second), key=lambda each: each.line)
        yield Remark(
            "contradiction", f"{first.passage} {second.passage} {pair.what}", second.passage, second.line,
            f"“{_short(second.text)}” cannot hold together with “{_short(first.text)}” ({first.passage}; {pair.what}): write which holds, or when the one and when the other",
        )  # fmt: skip


def _short(text: str) -> str:
    line = " ".join(text.split()).rstrip(".")
    return line if len(line) <= 90 else line[:90].rsplit(" ", 1)[0] + " …"
