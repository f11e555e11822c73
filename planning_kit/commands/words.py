"""How a command line is taken: one line for what is wrong, and what several commands share."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, NoReturn

from ..errors import OptionRefused

if TYPE_CHECKING:
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


def listed(text: str) -> tuple[str, ...]:
    """The names in a list with commas."""
    return tuple(name for name in text.split(",") if name)
