"""The messages of sequence diagrams that call an operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..checks.artefact import Artefact, of_kind
from ..document import Document

_MESSAGE = re.compile(
    r"[ \t]*([^\s:;#+<>-][^:;#<>]{0,200}?)[ \t]*(?:<<)?--?(?:>>|[>x)])[ \t]*[+-]?[ \t]*([^\s:;#+<>-][^:;#<>]{0,200}?)[ \t]*:"
    r"[ \t]*(?:\d{1,3}[.)][ \t]*)?`?(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)`?[ \t]+`?(/[^\s`|\"'<>,;)]{0,400})"
)
"""``A->>B: POST /slots``, with any arrow of Mermaid's sequence diagrams and a number before the method."""
_PARTICIPANT = re.compile(r"[ \t]*(?:create[ \t]+)?(?:participant|actor)[ \t]+(\S{1,200})[ \t]+as[ \t]+([^\n]{1,300})")
_LONGEST = 2_000
"""The longest line that is read, in characters."""
_HEAD = 60
"""So far down a diagram may say what it is."""


@dataclass(frozen=True)
class Message:
    """A call in a sequence diagram: who asks whom (as labelled), for which ``operation`` (method, path), on which ``line`` of the document."""

    sender: str
    receiver: str
    operation: tuple[str, str]
    line: int


def messages(document: Document) -> Iterator[Message]:
    """Every message of a sequence diagram in ``document`` that calls an operation, in order.

    Read line by line: Mermaid itself takes some 30 ms for a diagram, and whether each one is right the checks have said.
    """
    for artefact in of_kind(document, "mermaid"):
        if any(line.strip().startswith("sequenceDiagram") for line in artefact.lines[:_HEAD]):
            yield from _of(artefact)


def _of(artefact: Artefact) -> Iterator[Message]:
    labels: dict[str, str] = {}
    for number, line in enumerate(artefact.lines):
        if len(line) > _LONGEST:
            continue
        if named := _PARTICIPANT.match(line):
            labels[named[1]] = re.split(r"<br\s{0,3}/?>", named[2])[0].strip()
        elif said := _MESSAGE.match(line):
            sender, receiver, method, path = said.groups()
            at = artefact.line + number
            yield Message(labels.get(sender, sender), labels.get(receiver, receiver), (method, path.rstrip(".:")), at)
