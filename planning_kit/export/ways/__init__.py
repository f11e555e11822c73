"""The ways out of a run into the tools where work happens: issue trackers, task runners, Spec Kit, and its artefacts as files."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from ...run import Run
from .. import guard
from . import placed
from .handed import Handed
from .placed import Placed

WAYS = {
    "github-issues": "github", "jira-csv": "jira", "azure-boards-csv": "azure", "taskmaster": "taskmaster",
    "spec-kit": "speckit", "artefacts": "artefacts",
}  # fmt: skip
"""Format → the module that writes it."""


def handed(run: Run, way: str) -> Handed:
    """What ``way`` hands over of ``run``, each text without anything that looks like a secret.

    Args:
        run: the run.
        way: a name of :data:`WAYS`.

    Raises:
        OptionRefused: nothing is written yet, or the run has not what this way needs.
        BadInput: something holds what looks like a secret, or the task plan cannot be read.
    """
    guard.refuse(run)
    made: Handed = import_module(f"{__name__}.{WAYS[way]}").handed(run)
    for name, text in made.texts.items():
        guard.checked(
            text,
            f"{name} would hold what looks like a secret; look for it in {run.folder} and take it out, then export",
        )
    return made


def hand_over(run: Run, way: str, to: Path) -> tuple[Placed, tuple[str, ...]]:
    """Write what ``way`` hands over below ``to``: what became of each file, and what to do with them.

    Raises:
        OptionRefused: nothing is written yet, the run has not what this way needs, or the folder cannot be written.
        BadInput: something holds what looks like a secret, or the task plan cannot be read.
    """
    made = handed(run, way)
    return placed.place(to, way, made.texts), made.notes


__all__ = ["WAYS", "Handed", "Placed", "hand_over", "handed"]
