"""The trace from a brief's passages to requirements, stories, use cases, operations, tables, messages, tests and tasks, computed from the documents themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from ..brief import Passage
from ..checks.about import dialect as spoken
from ..document import Document
from ..gate import APPROVED, SENT_BACK
from . import linked, mentions, tasked
from .given import Given, place
from .kinds import KINDS, Link, Node
from .traced import AWAITED, COVERED, DEFERRED, LOST, Row, Trace

if TYPE_CHECKING:
    from ..run import Run

__all__ = ["AWAITED", "COVERED", "DEFERRED", "KINDS", "LOST", "Link", "Node", "Row", "Trace", "of", "trace"]


def trace(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    asking: Collection[str] = (),
    domains: Mapping[str, Sequence[str]] | None = None,
    earlier: Mapping[str, str] | None = None,
    dialect: str = "postgres",
    before: Collection[str] = (),
) -> Trace:
    """What rests on what in ``documents``; which passages they defer, they say themselves, and of several task plans the last one counts.

    Args:
        documents: those of a plan as they are now, in order.
        passages: the brief's passages.
        asking: the ids of those that ask for something.
        domains: each domain's passages by its name, in order; a domain's documents lie in a folder of that name.
        earlier: texts of the versions that were decided about last, by document.
        dialect: the SQL of blocks that do not say theirs.
        before: the names of those that earlier runs gave: what they define may be defined again.
    """
    held = {name: tuple(each) for name, each in (domains or {}).items()}
    known = {passage.id for passage in passages}
    plan = next((each for each in reversed(documents) if tasked.is_plan(each)), None)
    said = tuple(
        tasked.tasks(document) if document is plan else mentions.read(document, place(document.name, held), dialect)
        for document in documents
    )
    if plan:
        tasked.drawn(said, [each for each in documents if each is not plan])
    asked = tuple(sorted(known.intersection(asking), key=lambda each: int(each[1:])))
    return linked.trace(Given(said, tuple(passages), asked, held, dict(earlier or {}), dialect, frozenset(before)))


def of(run: Run) -> Trace:
    """The trace of ``run`` as its documents are now, beginning with those that earlier runs gave for the same brief.

    Raises:
        FactsRefused: its facts cannot be read.
    """
    now = run.sheet.now
    own = [document for step in run.phases for document in step.documents]
    documents = (*run.agreed, *own)
    asking = {each for ids in now.asking.values() for each in ids}
    domains = {domain.name: domain.passages for domain in now.domains}
    stack = [said for package in now.stack.values() for topic, said in package.items() if topic == "Database"]
    language = spoken(run.options.get("db", ""), *stack, run.brief.text)
    return trace(
        documents, run.brief.passages, asking, domains, _decided(run, own), language, {each.name for each in run.agreed}
    )


def _decided(run: Run, documents: Sequence[Document]) -> dict[str, str]:
    """The version of each document that was approved last, or sent back where none was, if it is not what is there now."""
    last: dict[str, dict[str, str]] = {SENT_BACK: {}, APPROVED: {}}
    for record in run.journal.of("decided"):
        last.setdefault(record.body["verdict"], {}).update(record.body["subject"])
    seen = {**last[SENT_BACK], **last[APPROVED]}
    changed = {each.name: seen[each.name] for each in documents if seen.get(each.name, each.digest) != each.digest}
    return {name: run.store.version(digest) or "" for name, digest in changed.items()}
