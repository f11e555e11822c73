"""What is said about a codebase, and by which file and line it is shown."""

from __future__ import annotations

from dataclasses import dataclass

TOPICS = (
    "Language", "Framework", "Database", "ORM", "Migrations", "API style", "Auth", "Architecture", "Infrastructure", "CI", "Observability",
    "Tests", "Naming", "Layout", "Errors",
)  # fmt: skip
"""What a stack is described by, in the order it is shown; the last three are its conventions."""


@dataclass(frozen=True)
class Evidence:
    """A line of a file inside the codebase: ``path`` from its root, ``line`` from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Statement:
    """One thing that is so: a ``topic`` of :data:`TOPICS`, its ``value`` (``FastAPI 0.115``), and at least one line that shows it."""

    topic: str
    value: str
    evidence: tuple[Evidence, ...]

    def __str__(self) -> str:
        return f"{self.value} ({', '.join(map(str, self.evidence[:2]))})"


@dataclass(frozen=True)
class Package:
    """One part of a codebase with a stack of its own: its folder ``path`` from the root (``.`` for the root itself) and its statements."""

    path: str
    statements: tuple[Statement, ...]

    def values(self, topic: str) -> tuple[str, ...]:
        """What is said about ``topic``, in the order it was found."""
        return tuple(statement.value for statement in self.statements if statement.topic == topic)
