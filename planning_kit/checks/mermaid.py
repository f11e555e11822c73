"""Mermaid, checked by the real Mermaid."""

from __future__ import annotations

from .. import diagram
from ..document import Document
from .about import About
from .artefact import Artefact
from .kind import Kind
from .wrong import Wrong, Wrongs


def draws_its_diagrams(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write diagrams as fenced mermaid blocks that the real Mermaid can read."""
    if wrong := diagram.fault(artefact.text):
        yield Wrong(wrong.line, f"Mermaid cannot read this diagram: {wrong.message}", tool=diagram.TOOL)


def _tool(artefact: Artefact, about: About) -> str:
    return diagram.TOOL


KIND = Kind(_tool, (draws_its_diagrams,))
