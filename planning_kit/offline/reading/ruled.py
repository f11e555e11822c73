"""The passages of a brief as people classed them: what is out of scope asks for nothing, what was taken in counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...brief import Passage
from ...facts import REQUIREMENTS
from .sentences import EXCLUDED

OUT = "out of scope"
_COUNTS = (*REQUIREMENTS, "actor", "data", "integration")
_AREAS = {**{name: name for name in REQUIREMENTS}, OUT: "exclusion"}


def placed(passages: Sequence[Passage], classes: Mapping[str, str]) -> tuple[Passage, ...]:
    """``passages``, each under the headings its class gives it: those classed out of scope under 'Out of scope', those that count not."""
    return tuple(_placed(passage, classes.get(passage.id, "")) for passage in passages)


def _placed(passage: Passage, said: str) -> Passage:
    if said == OUT:
        return replace(passage, section=(*passage.section, "Out of scope"))
    if said in _COUNTS and any(EXCLUDED.search(name) for name in passage.section):
        return replace(passage, section=tuple(name for name in passage.section if not EXCLUDED.search(name)))
    return passage


def designed(passages: Sequence[Passage], classes: Mapping[str, str]) -> tuple[Passage, ...]:
    """The passages whose tables and code say what is built: without those classed out of scope."""
    return tuple(p for p in passages if classes.get(p.id) != OUT or p.kind not in ("row", "code"))


def areas(classes: Mapping[str, str]) -> dict[str, str]:
    """Passage id → the area of its statements, where its class settles it."""
    return {each: _AREAS[name] for each, name in classes.items() if name in _AREAS}
