"""A kind of artefact: the tool that checks it, and the checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..document import Document
from .about import About
from .artefact import Artefact
from .wrong import NotChecked, Wrongs

Look = Callable[[Artefact, Document, About], Wrongs]
"""A check of one artefact: gives lines and columns *in the artefact*; its docstring is what the author is told."""


@dataclass(frozen=True)
class Kind:
    """How artefacts of one kind are checked.

    Attributes:
        tool: what checks this artefact, with its version; raises :class:`NotChecked` when nothing does, and says why.
        checks: the checks, the one that parses first: when it finds an error the others are not run.
    """

    tool: Callable[[Artefact, About], str]
    checks: tuple[Look, ...]


def nothing_checks(why: str) -> Kind:
    """A kind that no tool checks, and why."""

    def tool(artefact: Artefact, about: About) -> str:
        raise NotChecked(why.format(lang=artefact.lang or "this"))

    return Kind(tool, ())
