"""One operation of a contract, and what a schema says in a word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...facts import Operation

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter: its ``name``, its ``place`` (``path``, ``query``, ``header``, ``cookie``), whether it is ``required``, its ``schema``."""

    name: str
    place: str
    required: bool
    schema: Values


@dataclass(frozen=True)
class Answer:
    """One response: its ``status``, when it comes (``meaning``), its error ``code`` if an example names one, its ``media`` type, its ``schema`` and ``headers``."""

    status: int
    meaning: str
    code: str = ""
    media: str = ""
    schema: Values = field(default_factory=dict)
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Call:
    """One operation of the contract.

    Attributes:
        id: its ``operationId``, or method and path as one word.
        method: in upper case.
        path: as written.
        summary: what it does, in a few words.
        sources: the passages it follows from, if the document names them.
        parameters: all of them, those of the path's item included.
        body: the schema of its JSON body; empty without one.
        example: an example of the body; nothing when none is given.
        answers: by status, in order.
        protected: whether a caller has to show who they are.
        plan: the operation of the plan it is, if it is one.
    """

    id: str
    method: str
    path: str
    summary: str
    sources: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    body: Values
    example: Any
    answers: tuple[Answer, ...]
    protected: bool
    plan: Operation | None = None

    @property
    def called(self) -> str:
        """``POST /path``."""
        return f"{self.method} {self.path}"

    @property
    def success(self) -> Answer:
        """The first response that says it worked."""
        return next((each for each in self.answers if each.status < 400), Answer(200, "as asked for"))

    @property
    def errors(self) -> tuple[Answer, ...]:
        """The responses that say it did not."""
        return tuple(each for each in self.answers if each.status >= 400)

    def answer(self, *statuses: int) -> Answer | None:
        """The first of ``statuses`` it answers."""
        return next((each for status in statuses for each in self.answers if each.status == status), None)

    def at(self, place: str) -> tuple[Parameter, ...]:
        """Its parameters at one place."""
        return tuple(each for each in self.parameters if each.place == place)

    def header(self, name: str) -> bool:
        """Whether it takes the header called ``name``."""
        return any(each.name.casefold() == name.casefold() for each in self.at("header"))

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.method in ("GET", "HEAD")


def kind_of(schema: Values) -> str:
    """The one JSON type of a schema, leaving null aside; ``object`` where it has properties; empty when it is not one."""
    said = schema.get("type")
    kinds = (
        [said] if isinstance(said, str) else [each for each in said if each != "null"] if isinstance(said, list) else []
    )
    if len(kinds) == 1:
        return str(kinds[0])
    return "object" if not kinds and properties(schema) else ""


def nullable(schema: Values) -> bool:
    """Whether null is a value of the schema."""
    said = schema.get("type")
    return said == "null" or isinstance(said, list) and "null" in said


def properties(schema: Values) -> dict[str, Any]:
    """The properties of a schema by name."""
    held = schema.get("properties")
    return {str(name): each for name, each in held.items()} if isinstance(held, dict) else {}
