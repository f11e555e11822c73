"""What finished documents decide that tasks have to deliver: operations, tables, threat mitigations, service levels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...document import Document
from ...tasks.model import DataModel, Endpoint


@dataclass(frozen=True)
class Owed:
    """One thing to be delivered: its ``name``, as a task's ``delivers`` has it, and where it is decided."""

    name: str
    document: str
    line: int


@dataclass(frozen=True)
class Design:
    """What the documents before a task plan decide.

    Attributes:
        endpoints: the operations, as the OpenAPI document that counts has them.
        data_models: what is kept, with its tables.
        operations: those operations by name (``POST /orders``).
        tables: the tables by name.
        mitigations: what is done against each threat.
        service_levels: each indicator with its objective.
        requirements: ids of requirements that have to be met.
    """

    endpoints: tuple[Endpoint, ...] = ()
    data_models: tuple[DataModel, ...] = ()
    operations: tuple[Owed, ...] = ()
    tables: tuple[Owed, ...] = ()
    mitigations: tuple[Owed, ...] = ()
    service_levels: tuple[Owed, ...] = ()
    requirements: tuple[Owed, ...] = ()


def design(documents: Iterable[Document]) -> Design:
    """What ``documents`` decide; the later of two documents about the same thing is left out."""
    return Design()
