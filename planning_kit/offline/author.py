"""The author who needs no model: reads the brief by rule and writes what follows from it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache

from ..brief import Brief
from ..document import Document
from ..model import Hear, Reply, Request
from .facts import Reading
from .reading import read
from .writing import api, compliance, data, generic, security, summary, technology
from .writing.answers import Answer, answer
from .writing.draft import Draft
from .writing.plan import Plan

WRITERS: dict[str, Callable[[Plan], Draft]] = {
    "backend-consultant": api.write,
    "database-consultant": data.write,
    "stack-consultant": technology.write,
    "security-consultant": security.write,
    "compliance-consultant": compliance.write,
}
"""Who writes for which seat; the summary and any other seat are written by :class:`Offline` itself."""

SUMMARY = "backend-summary"
_READING = threading.Lock()


class Offline:
    """Writes by rule: the same request always gets the same text, no token is spent and nothing is asked of a network."""

    def send(self, request: Request, hear: Hear) -> Reply:
        """The document ``request`` asks for, told to ``hear`` section by section."""
        text = write(request)
        for number, part in enumerate(text.split("\n## ")):
            hear(part if number == 0 else f"\n## {part}")
        return Reply(text, "offline", at=f"{request.today}T00:00:00Z")


def write(request: Request) -> str:
    """The body of the document for ``request.seat``."""
    brief = "".join(material.text for material in request.materials if material.kind == "passage")
    if request.seat == SUMMARY:
        documents = [Document(m.name, m.text) for m in request.materials if m.kind == "document"]
        return summary.write(request.feature, documents, _unheard(request.remarks))
    writer = WRITERS.get(request.seat)
    if writer is None:
        return generic.write(request.feature, request.seat, request.outline, Brief(brief).passages).text(
            _unheard(request.remarks)
        )
    code = [line.strip() for m in request.materials if m.kind == "codebase" for line in m.text.splitlines()]
    plan = Plan(request.feature, _read(brief, request.remarks), tuple(line for line in code if line), request.today)
    return writer(plan).text(answer(request.remarks, lambda remarks: _read(brief, remarks)))


def _unheard(remarks: tuple[str, ...]) -> tuple[Answer, ...]:
    """The remarks on a document that is not written from a reading."""
    return tuple(Answer(f"R{number}", remark, ()) for number, remark in enumerate(remarks, start=1))


def _read(brief: str, remarks: tuple[str, ...]) -> Reading:
    """The reading of a brief, made once however many seats ask at the same time."""
    with _READING:
        return _reading(brief, remarks)


@lru_cache(maxsize=32)
def _reading(brief: str, remarks: tuple[str, ...]) -> Reading:
    return read(Brief(brief), remarks)
