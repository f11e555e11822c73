"""What a trace is made of: things of several kinds, in the order in which one rests on another, and the links between them."""

from __future__ import annotations

from dataclasses import dataclass

from .. import ids

PASSAGE, REQUIREMENT, STORY, USE_CASE, OPERATION = "passage", "requirement", "story", "use case", "operation"
TABLE, MESSAGE, TEST, TASK, SECTION = "table", "message", "test", "task", "section"

PLURALS = {
    PASSAGE: "passages", REQUIREMENT: "requirements", STORY: "stories", USE_CASE: "use cases", OPERATION: "operations",
    TABLE: "tables", MESSAGE: "messages", TEST: "tests", TASK: "tasks", SECTION: "sections",
}  # fmt: skip
"""Every kind, each resting on those before it, with what several of it are called."""
KINDS = tuple(PLURALS)
RANK = {kind: at for at, kind in enumerate(KINDS)}

OF_ID = {**dict.fromkeys(ids.REQUIREMENTS, REQUIREMENT), "US": STORY, "UC": USE_CASE, "TS": TEST, "TASK": TASK}
"""The kind of what an id of :data:`ids.KINDS` names."""

Key = tuple[str, str]
"""What makes two mentions one thing: its kind and its id."""


@dataclass(frozen=True)
class Node:
    """One thing in the trace.

    Attributes:
        kind: one of :data:`KINDS`.
        id: ``P12``, ``FR-EVE-01``, ``POST /slots``, a table's name, ``T3``; of a scenario its story and number (``US-EVE-01/2``), of a
            message and a section where it stands.
        text: what it says, on one line.
        document: the document that defines it; ``brief.md`` for a passage.
        line: where, from 1.
        domain: the domain it belongs to; empty for none.
        withdrawn: whether it is asked for no more.
    """

    kind: str
    id: str
    text: str = ""
    document: str = ""
    line: int = 0
    domain: str = ""
    withdrawn: bool = False

    @property
    def key(self) -> Key:
        """Kind and id."""
        return self.kind, self.id


@dataclass(frozen=True)
class Link:
    """``target`` rests on ``source``: as ``document`` says on ``line``.

    A link that only ``holds`` says where a test stands, while the test itself says which requirements it tests.
    """

    source: Key
    target: Key
    document: str
    line: int
    holds: bool = False


def kind_of(id: str) -> str:
    """The kind of what ``id`` names: ``FR-EVE-01`` a requirement, ``P12`` a passage, ``T3`` a task; empty for what is none."""
    if id[1:].isdecimal() and id[:1] in "PT":
        return PASSAGE if id[0] == "P" else TASK
    return OF_ID.get(id.partition("-")[0], "")
