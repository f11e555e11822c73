"""A brief becomes a reviewed plan: consultants write, real tools check, a person approves the exact bytes.

A notebook starts from :func:`open_run`; nothing heavy is imported before it is called.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .face import Face
    from .run import Run
    from .runs import Overview

__version__ = "0.1.0"
__all__ = ["__version__", "open_run", "open_runs"]


def open_run(
    run: str = "",
    *,
    brief: str | None = None,
    recipe: str = "backend-plan",
    model: str = "auto",
    outputs: str = "../outputs",
    repo: str = "",
    options: str = "",
    reviewer: str = "person",
    based_on: str = "",
) -> Run:
    """The run a notebook works on, showing itself as fits where it is opened.

    Args:
        run: a run's folder (or one inside it), ``<slug>/<time>`` or ``<slug>`` below ``outputs``.
            Empty: the run of ``brief`` or ``based_on`` if one is given, else the latest run.
        brief: a path or the text itself; empty for that of ``based_on``, else for the sample that ships. Carries on the run the order already has.
        recipe: the recipe's name.
        model: ``auto``, ``offline`` or a model id.
        outputs: where runs are kept.
        repo: the codebase's folder, or empty.
        options: further ``KEY=VALUE`` settings, separated by spaces.
        reviewer: who decides, ``person`` or ``clean``: with a person domains are gone through one after the other.
        based_on: an earlier run whose approved documents it rests on, named like ``run``; empty for none.

    Raises:
        BadInput: the run, the brief or an option cannot be used.
    """
    from .order import Order
    from .runs import find_run

    face = _face()
    if run or (brief is None and not based_on):
        opened = find_run(run, Path(outputs))
    else:
        order = Order(
            str(brief or ""),
            recipe,
            model,
            Path(outputs),
            str(repo),
            tuple(options.split()),
            headless=reviewer == "clean",
            based_on=str(based_on),
        )
        opened, _ = order.run()
    if face is not None:
        opened.face = face
    return opened


def open_runs(outputs: str = "../outputs", me: str | None = None) -> Overview:
    """All runs there are, in a table that shows itself, with what waits for whom.

    Args:
        outputs: where runs are kept.
        me: who asks; by default your name as git or the system has it.

    Raises:
        BadInput: the outputs folder cannot be read.
    """
    from .runs import overview

    _face()
    return overview(outputs, me)


def _face() -> Face | None:
    """The notebook's face when there is a kernel around us, installed before anything can go wrong."""
    import sys

    if "ipykernel" not in sys.modules:
        return None
    from .cell import install
    from .inline import NotebookFace

    install()
    return NotebookFace()
