"""What a document in a template's shape is written from, beside the plan: the documents before it, the options, its topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ...document import Document
from ...facts import Domain, Facts, Topic
from ...model import Material, Request
from .plan import CHOICES, Plan


@dataclass(frozen=True)
class Basis:
    """What one document is written from.

    Attributes:
        plan: what is settled for all documents of the run: reading, tables, operations, stack.
        seat: who writes.
        documents: what was written before, as it stands now, edits by a person included; in the order it is read.
        options: the recipe's choices (``db``, ``ci``, ``stack``, ``observability``).
        classes: passage id → its class, of :data:`planning_kit.facts.CLASSES`.
        domains: the parts of the system.
        topics: what is worth research.
        topic: the name of the topic the document is about; empty for the whole.
        outline: the headings it must have, in order.
        passages: id → text of the passages that were given: all of them, but to one who may search only those of the topics
            (whose ``plan`` is read off these alone and is not to be used).
        codebase: the digest of the codebase, empty without one.
        sources: what was looked up and given.
        remarks: what reviewers sent it back with, oldest first.
    """

    plan: Plan
    seat: str
    documents: tuple[Document, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    domains: tuple[Domain, ...] = ()
    topics: tuple[Topic, ...] = ()
    topic: str = ""
    outline: tuple[str, ...] = ()
    passages: Mapping[str, str] = field(default_factory=dict)
    codebase: str = ""
    sources: tuple[Material, ...] = ()
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, request: Request, plan: Plan, known: Facts) -> Basis:
        """What ``request`` gives."""
        of_kind: dict[str, list[Material]] = {}
        for material in request.materials:
            of_kind.setdefault(material.kind, []).append(material)
        chosen = CHOICES.get(dict(request.options).get("db", ""), "")
        return cls(
            replace(plan, chosen=chosen), request.seat, tuple(Document(m.name, m.text) for m in of_kind.get("document", ())), dict(request.options),
            known.classes, known.domains, known.topics, request.domain, request.outline, {m.name: m.text for m in of_kind.get("passage", ())},
            "\n".join(m.text for m in of_kind.get("codebase", ())), tuple(of_kind.get("source", ())), request.remarks,
        )  # fmt: skip

    def document(self, file: str) -> Document | None:
        """The document whose file is called ``file``, if it was written; this run's own rather than an earlier run's, which stand first."""
        return next((each for each in reversed(self.documents) if each.name.rpartition("/")[2] == file), None)
