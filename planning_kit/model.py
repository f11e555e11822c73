"""What is asked of an author and what comes back: Request, Reply, Transport, and the tool-free seam between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Protocol

from . import digest

OFFLINE = "offline"
"""The model name of the author who needs no model."""

Hear = Callable[[str], None]
"""Told each piece of text as it is written."""


@dataclass(frozen=True)
class Material:
    """Something an author reads: ``kind`` (passage, document, codebase or remark), its ``name``, its ``text``."""

    kind: str
    name: str
    text: str


@dataclass(frozen=True)
class Request:
    """Exactly what is asked, with no path, time or user in it: its digest is the name of the answer.

    Attributes:
        model: model id, or ``offline``.
        seat: the consultant's name.
        feature: the title of what is planned.
        role: who is asked (the system prompt).
        materials: what is read, in order: the brief's passages, the codebase, earlier documents.
        task: what this consultant is asked to write.
        outline: the headings the document must have, in order.
        remarks: what reviewers sent the document back with, oldest first.
        draft: for a revision, the text to revise.
        findings: for a revision, what the checks said about the draft.
        today: the date of the question, ISO 8601 (``2026-11-21``), fixed for the whole run.
        max_tokens: most tokens the answer may have.
    """

    model: str
    seat: str
    feature: str
    role: str
    materials: tuple[Material, ...]
    task: str
    outline: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    draft: str = ""
    findings: tuple[str, ...] = ()
    today: str = ""
    max_tokens: int = 32_000

    @property
    def digest(self) -> str:
        """SHA-256 over every field: two requests are the same question only if all of them agree."""
        return digest.of_fact(asdict(self))

    def revised(self, draft: str, findings: tuple[str, ...]) -> Request:
        """The same question, asking for ``draft`` to be mended of ``findings``."""
        return replace(self, draft=draft, findings=findings)


@dataclass(frozen=True)
class Usage:
    """Tokens of one answer, as the server counted them."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0


@dataclass(frozen=True)
class Reply:
    """What came back.

    Attributes:
        text: the markdown written.
        model: who wrote it, as the server names itself.
        stop: ``end_turn`` when complete; anything else is handed in as incomplete.
        usage: tokens.
        at: when it was finished, UTC, ISO 8601 to the second.
        seconds: how long it took.
        attempts: how many times it was asked, failed ones included.
    """

    text: str
    model: str
    stop: str = "end_turn"
    usage: Usage = field(default_factory=Usage)
    at: str = ""
    seconds: float = 0.0
    attempts: int = 1

    @property
    def complete(self) -> bool:
        """Whether the author came to the end by itself."""
        return self.stop == "end_turn"


class Transport(Protocol):
    """The one seam everything that costs money sits behind."""

    def send(self, request: Request, hear: Hear) -> Reply:
        """Ask, telling ``hear`` the text as it comes.

        Raises:
            ModelStopped: no complete answer came.
        """
        ...
