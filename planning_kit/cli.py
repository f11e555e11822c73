"""planning-kit: the command line; it parses, calls and prints, and decides nothing."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from . import terminal
from .commands import (
    checking,
    comparing,
    deciding,
    describing,
    looking,
    planning,
    recording,
    tasking,
    tracing,
    trying,
    verifying,
)
from .commands.words import Parser
from .errors import OptionRefused, PlanningError

EPILOG = """exit status: 0 finished, 2 bad input or usage, 3 waiting for a person,
4 stopped by the model or the machine and resumable, 1 faults found by check, trace, verify or replay, or a bug

RUN is a run's folder, <slug>/<time> or <slug> below the outputs folder."""


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; gives the exit status (see the epilog)."""
    terminal.ready()
    try:
        for place, argument in enumerate(arguments, start=1):
            _refuse_bytes(argument, place)
        said, more = _parsed(arguments)
        said.more = more
        return int(said.do(said))
    except PlanningError as error:
        terminal.tell(sys.stderr, f"planning-kit: {' '.join(str(error).split())}")
        return error.exit_status
    except KeyboardInterrupt:
        terminal.tell(sys.stderr, "planning-kit: interrupted; finished answers are kept, the same command carries on")
        return 4


def parser() -> argparse.ArgumentParser:
    """What the command line takes."""
    top = Parser(
        prog="planning-kit",
        description="A brief becomes a reviewed backend plan.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    place = Parser(add_help=False)
    place.add_argument(
        "--outputs", metavar="DIR", type=Path, default=Path("outputs"), help="where runs are kept (default: outputs)"
    )
    for group in (
        planning,
        comparing,
        looking,
        deciding,
        recording,
        checking,
        describing,
        tasking,
        tracing,
        trying,
        verifying,
    ):
        group.add(commands, place)
    return top


def _parsed(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """What was said, and for ``lab`` what JupyterLab is told."""
    top = parser()
    said, more = top.parse_known_args(arguments)
    if more and said.command != "lab":
        top.error(f"unrecognized arguments: {' '.join(more)}")
    return said, more


def _refuse_bytes(argument: str, place: int) -> None:
    try:
        argument.encode("utf-8")
    except UnicodeEncodeError as error:
        raise OptionRefused(
            f"argument {place}: character {error.start + 1} is not UTF-8; rename the file or correct the text"
        ) from error
