"""Every run there is below a folder, and the one a person means."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from .errors import Damaged, OptionRefused, nearest
from .run import Run


def runs(outputs: Path) -> Iterator[Run]:
    """Every run below ``outputs`` whose ``run.json`` can be read, oldest first."""
    yield from _readable(outputs, "*/*/run.json")


def latest(folder: Path, same: str) -> Run | None:
    """The latest run in ``folder`` whose order has the identity ``same``."""
    return next(
        (run for run in reversed(list(_readable(folder, "*/run.json"))) if run.ordered.get("identity") == same), None
    )


def _readable(folder: Path, pattern: str) -> Iterator[Run]:
    try:
        paths = sorted(folder.glob(pattern), key=lambda path: (path.parent.name, path.parent.parent.name))
    except OSError as error:
        raise OptionRefused(
            f"cannot read the outputs folder {folder}: {error.strerror}; pick another with --outputs DIR"
        ) from error
    for path in paths:
        if path.parent.name.startswith("."):  # a run that is just being begun has another name in a moment
            continue
        run = Run.open(path.parent)
        with contextlib.suppress(Damaged):  # it is reported when somebody asks for it
            _ = run.ordered
            yield run


def find_run(said: str, outputs: Path) -> Run:
    """The run a person means: its folder, ``<slug>/<time>`` or ``<slug>`` (its latest) below ``outputs``, or empty for the latest of all.

    Raises:
        OptionRefused: there is none.
        Damaged: its ``run.json`` cannot be read.
    """
    with contextlib.suppress(OSError):
        if (said and (Path(said) / "run.json").is_file()) or said in (".", ".."):
            return Run.open(Path(said))
        if said and (outputs / said / "run.json").is_file():
            return Run.open(outputs / said)
    every = list(runs(outputs))
    mine = [run for run in every if not said or said == run.slug]
    if mine:
        return mine[-1]
    there = nearest(said, [run.label for run in every]) if every else f"; there is none in {outputs}"
    raise OptionRefused(f"no such run: {said or 'latest'!r}{there}; 'planning-kit run BRIEF' begins one")
