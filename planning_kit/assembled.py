"""What the program makes of an answer that is not the document itself: of a planner's makers a whole task plan."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .brief import Brief
from .checks.tasks.design import Design, design
from .document import Document
from .model import Reply
from .tasks.built import build
from .tasks.model import Architecture, TaskPlan
from .tasks.sketch import SCHEMA, Sketch
from .tasks.sketched import asked, sketched

TASKS = "task-plan"
"""What a planner's answer becomes."""
SCHEMAS = {TASKS: SCHEMA}
"""What is built → the JSON Schema that its author's answer fits."""
_FENCED = re.compile(r"(?ms)^[ ]{0,3}(`{3,9}|~{3,9})(?:json)?[ \t]*\n(.*?)^[ ]{0,3}\1")
LONGEST = 2_000
"""The most characters of a brief that every critique is given; of a longer one it gets the beginning and where the rest is."""


@dataclass(frozen=True)
class Assembled:
    """What goes around a planner's answer.

    Attributes:
        name: the document's name.
        brief: what the user asked for.
        documents: what is designed, whose operations, tables and services the plan takes over.
    """

    name: str
    brief: Brief
    documents: tuple[Document, ...] = ()

    def around(self, reply: Reply) -> Document:
        """The task plan; the answer as it stands when no plan can be built of it."""
        fenced = [each[2] for each in _FENCED.finditer(reply.text.replace("\r\n", "\n"))]
        text = next((each for each in fenced if '"makers"' in each), fenced[0] if fenced else reply.text)
        try:
            sketch = Sketch.read(text)
            plan = build(sketch, architecture(sketch, design(self.documents)), prompt(self.brief))
        except ValueError:
            return Document(self.name, text)
        return Document(self.name, plan.text)

    def told(self, findings: tuple[str, ...], reply: Reply) -> tuple[str, ...]:
        """The findings in the words of the sketch: ``$.makers[1]`` for ``$.tasks[2]``."""
        return asked(findings, reply.text)


def architecture(sketch: Sketch, decided: Design) -> Architecture:
    """The architecture of a plan: its words from ``sketch``, its endpoints and data models from what is ``decided``."""
    return Architecture(
        summary=sketch.summary,
        endpoints=list(decided.endpoints),
        data_models=list(decided.data_models),
        services=sketch.services,
        external_integrations=sketch.external_integrations,
    )


def prompt(brief: Brief) -> str:
    """What the user asked for, as a critique is told: the whole of a short brief, the beginning of a long one."""
    text = brief.text.strip()
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST].rsplit(None, 1)[0]} … (the whole brief: brief.md, SHA-256 {brief.digest})"


def revised(text: str) -> str:
    """A document as its author answered it, who is asked to revise it; what is no task plan stays as it is."""
    try:
        return sketched(TaskPlan.read(text)).text
    except ValueError:
        return text


def owed(documents: Sequence[Document]) -> str:
    """What has to be delivered, in the names that ``delivers`` uses, as an author is told."""
    decided = design(documents)
    listed = {
        "operations": decided.operations,
        "tables": decided.tables,
        "mitigations": decided.mitigations,
        "service_levels": decided.service_levels,
    }
    told = [f"{kind}:\n" + "\n".join(f"- {each.name}" for each in those) for kind, those in listed.items() if those]
    return "\n\nWhat has to be delivered, by the names that `delivers` uses:\n" + "\n".join(told) if told else ""
