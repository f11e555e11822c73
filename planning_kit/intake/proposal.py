"""What is proposed before anybody designs: stack, passage classes, domains, topics and questions, by rule."""

from __future__ import annotations

from collections.abc import Mapping

from ..brief import Brief
from ..codebase import Codebase
from ..codebase.evidence import TOPICS
from ..facts import CLASSES, Facts
from . import domains, questions, topics
from .proposal_basis import Basis

_LONGEST = 2000


def propose(brief: Brief, classes: Mapping[str, str], codebase: Codebase | None) -> Facts:
    """The facts as the rules find them; the same brief, classes and codebase always give the same.

    Args:
        brief: what was asked.
        classes: passage id → class, of :data:`planning_kit.facts.CLASSES`; a passage that is missing is ``other``.
        codebase: what is already there, if anything is.
    """
    basis = Basis.of(brief, classes, codebase)
    return Facts(
        stack=_stack(codebase), passages=_passages(brief, classes), domains=domains.propose(basis), topics=topics.propose(basis),
        questions=questions.propose(basis),
    )  # fmt: skip


def _stack(codebase: Codebase | None) -> dict[str, dict[str, str]]:
    """Package path → topic → its values with their evidence, joined by '; '."""
    stack: dict[str, dict[str, str]] = {}
    for package in codebase.packages if codebase else ():
        told = {topic: [str(s) for s in package.statements if s.topic == topic] for topic in TOPICS}
        stack[package.path] = {topic: _joined(said) for topic, said in told.items() if said}
    return stack


def _joined(said: list[str]) -> str:
    """As many of ``said`` as a fact can hold."""
    while len("; ".join(said)) > _LONGEST:
        said = said[:-1] if len(said) > 1 else [said[0][:_LONGEST]]
    return "; ".join(said)


def _passages(brief: Brief, classes: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Every class with its passages, in the order of the brief."""
    said = {passage.id: classes.get(passage.id, "other") for passage in brief.passages}
    return {name: tuple(each for each, own in said.items() if own == name) for name in CLASSES}
