"""A notebook's cell: whether somebody may click in it, what it shows, and how a wait or a stop looks in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from . import view
from .errors import BadInput, Stopped, Waiting

HEADLESS = "PLANNING_KIT_HEADLESS"
"""The environment variable that says nobody is there to click."""


def attended() -> bool:
    """Whether somebody may be there to click: a kernel with a front end, not a batch run."""
    return not os.environ.get(HEADLESS) and getattr(shell(), "kernel", None) is not None


def install() -> None:
    """In a notebook, show a wait, a stop, an interrupt or bad input as one box, and any traceback without secrets."""
    if (here := shell()) is not None:
        here.set_custom_exc((Waiting, Stopped, BadInput, KeyboardInterrupt), _explain)
        if (tells := here._showtraceback).__name__ != _without_secrets.__name__:
            here._showtraceback = _without_secrets(tells)


def _without_secrets(tells: Callable[[type, object, list[str]], None]) -> Callable[[type, object, list[str]], None]:
    """``tells``, which shows a traceback in the cell, without any secret in it; the notebook is saved with what it shows."""

    def _without_secrets(kind: type, error: object, lines: list[str]) -> None:
        tells(kind, view.clean(str(error)), view.clean("\n".join(lines)).split("\n"))

    return _without_secrets


def _explain(here: object, kind: type, error: BaseException, trace: object, tb_offset: object = None) -> list[str]:
    titles = {
        Waiting: "Waiting for a decision",
        Stopped: "Stopped; what was done is kept",
        BadInput: "This cannot be used",
        KeyboardInterrupt: "Interrupted; finished answers are kept",
    }
    title = next(words for parent, words in titles.items() if issubclass(kind, parent))
    advice = ["Run this cell again to carry on; nothing is asked or paid for twice."]
    show(view.box("wait" if issubclass(kind, Waiting) else "stop", [title, *str(error).splitlines(), *advice]))
    return []


def shell() -> Any:
    """IPython, or nothing outside of a notebook."""
    from IPython import get_ipython

    return get_ipython()


def show(what: object) -> Any:
    """Show ``what`` in the running cell; gives a handle by which it can be replaced."""
    from IPython.display import display

    return display(what, display_id=True)  # type: ignore[no-untyped-call]
