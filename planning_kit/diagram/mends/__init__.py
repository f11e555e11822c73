"""What mends a diagram: each remedy is tried on its source, and only one after which Mermaid reads further is told to anybody."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from itertools import islice

from ..said import Fault
from . import blocks, flowchart, others, sequence, tables
from .remedy import Remedies, Remedy, per_line

MOST_TRIED = 24
"""How many remedies are tried for one fault: each costs a parse."""
SECONDS = 1.5
"""How long remedies are tried for one fault, in seconds of computing: a busy machine must not change what is said."""

_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})\s*(?:mermaid)?\s*")
_ANY = (others.leaves_out_fences, others.quotes_its_front_matter, others.comments_by_percent)
_KINDS: dict[str, tuple[Callable[[str, str], Remedies], ...]] = {
    "flowchart": flowchart.REMEDIES,
    "graph": flowchart.REMEDIES,
    "sequenceDiagram": sequence.REMEDIES,
    "erDiagram": tables.ER,
    "classDiagram": tables.CLASS,
    "stateDiagram": others.STATE,
    "stateDiagram-v2": others.STATE,
    "gantt": others.GANTT,
    "pie": others.PIE,
    "journey": others.JOURNEY,
    "gitGraph": others.GIT,
    "mindmap": others.MINDMAP,
    "quadrantChart": others.QUADRANT,
    "requirementDiagram": others.REQUIREMENT,
    "architecture-beta": others.ARCHITECTURE,
    "block-beta": others.BLOCK,
    "xychart-beta": others.QUOTES,
    "timeline": others.QUOTES,
    "kanban": others.MINDMAP,
    "packet-beta": others.PACKET,
    "packet": others.PACKET,
}


def mended(source: str, fault: Fault, look: Callable[[str], Fault | None]) -> Fault:
    """``fault`` with the hint that mends it, if one is known that does.

    Args:
        source: the diagram.
        fault: what is wrong with it.
        look: what is wrong with a diagram, or nothing.
    """
    lines = source.replace("\r\n", "\n").split("\n")
    ends = time.process_time() + SECONDS
    for remedy in islice(_remedies(lines, fault), MOST_TRIED):
        if time.process_time() > ends:
            break
        left = look("\n".join(remedy.lines))
        if left is None or (not remedy.whole and _further(left, fault)):
            return fault._replace(
                hint=remedy.hint,
                line=remedy.line or fault.line,
                column=remedy.column if remedy.line else fault.column,
                message=remedy.message or fault.message,
                mended="\n".join(remedy.lines) if _says_the_same(lines, remedy.lines) else "",
            )
    return fault


def _says_the_same(before: list[str], after: list[str]) -> bool:
    """Whether only quotes, spaces, capitals and the marks of fences changed, and no name became one that was there."""
    old, new = _bare(before), _bare(after)
    known = set(re.findall(r"\w+", " ".join(before)))
    return old == new or (old.casefold() == new.casefold() and bool(set(re.findall(r"\w+", " ".join(after))) - known))


def _bare(lines: list[str]) -> str:
    text = "".join(line for line in lines if not _FENCE.fullmatch(line)).replace("#59;", ";")
    return re.sub(r"#quot;|[\s\"]", "", text)


def _further(left: Fault, fault: Fault) -> bool:
    """Whether Mermaid reads on to a later line, or further in the same one than quotes alone move a fault."""
    return left.line > fault.line or (left.line == fault.line and left.column > fault.column + 4 > 4)


def _remedies(lines: list[str], fault: Fault) -> Iterator[Remedy]:
    if fault.hint:  # what it is, is not known, or there is too much of it
        bare = [line for line in lines if not _FENCE.fullmatch(line)]
        if "no kind" in fault.message and len(bare) < len(lines):
            yield Remedy(bare, "leave the lines of backticks out")
        yield from others.begins_with_its_kind(lines, fault) if "no kind" in fault.message else ()
        return
    kind = _kind(lines)
    tries = (*_ANY, *_KINDS.get(kind, others.C4 if kind.startswith("C4") else ()))
    if "ends too early" in fault.message:
        yield from blocks.remedies(lines, kind, fault)
    yield from per_line(lines, fault.line, fault.message, tries)
    if kind in ("flowchart", "graph"):
        yield from flowchart.names_no_node_by_a_reserved_word(lines, fault)
    if kind == "gitGraph":
        yield from others.merges_a_branch_that_is_there(lines, fault)
    yield from blocks.remedies(lines, kind, fault)


def _kind(lines: list[str]) -> str:
    for line in lines:
        if found := re.match(r"\s*([A-Za-z][\w-]*)(?=[\s;:]|$)", line):
            if found[1] in _KINDS or found[1].startswith("C4"):
                return found[1]
            if found[1] not in ("title", "config", "theme", "displayMode"):
                break
    return ""
