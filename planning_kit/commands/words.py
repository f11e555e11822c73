"""How a command line is taken: one line for what is wrong, and what several commands share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import OptionRefused, nearest

if TYPE_CHECKING:
    from ..desk import Desk
    from ..run import Run

Commands = Any
"""Where commands are added (argparse does not name its type)."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line and leaves with status 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong."""
        raise OptionRefused(f"{message}; see '{self.prog} --help'")


def with_run(command: argparse.ArgumentParser) -> None:
    """Have ``command`` take a run."""
    command.add_argument("run", metavar="RUN", help="a run's folder, <slug>/<time> or <slug>")


def found(said: argparse.Namespace) -> Run:
    """The run that was said."""
    from ..runs import find_run

    return find_run(said.run, said.outputs)


def number(count: int, what: str) -> str:
    """``1 finding``, ``2 findings``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def document_named(phase: Desk, said: str) -> str:
    """The name of what is decided at ``phase`` that ``said`` means: a file's name is enough; nothing where there is only one.

    Raises:
        OptionRefused: there is none, or several; names the nearest.
    """
    names = list(phase.subject)
    short = {name: name.rpartition("/")[2].rpartition(": ")[2] for name in names}
    if not said and len(names) == 1:
        return names[0]
    meant = [name for name in names if said == name or said.endswith(f"/{name}")]
    meant = meant or [name for name in names if said and said in (short[name], short[name].rpartition(".")[0])]
    if len(meant) != 1:
        what = (
            f"no such document at '{phase.name}': {said!r}"
            if said
            else f"say which document of '{phase.name}': --document NAME"
        )
        raise OptionRefused(f"{what}{nearest(said, short.values())}")
    return meant[0]


def listed(text: str) -> tuple[str, ...]:
    """The names in a list with commas."""
    return tuple(name for name in text.split(",") if name)
