"""How a command line is taken: one line for what is wrong, and what several commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
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
    if not said and len(names) == 1:
        return names[0]
    meant = documents_meant(names, said) if said else names
    if not meant:
        raise OptionRefused(f"no such document at '{phase.name}': {said!r}{nearest(said, shortened(names))}")
    if len(meant) > 1:
        listed = ", ".join(short for short, name in zip(shortened(names), names, strict=True) if name in meant)
        raise OptionRefused(f"say which document of '{phase.name}': --document NAME; there is {listed}")
    return meant[0]


def documents_meant(names: Sequence[str], said: str) -> list[str]:
    """Those of ``names`` that ``said`` means: the whole name, else the end of its path, else a folder it lies in; ``.md`` may be left out."""
    ways: tuple[Callable[[str], bool], ...] = (
        lambda name: said == name or said.endswith(f"/{name}"),
        lambda name: any(each.endswith(f"/{said}") for each in (path(name), path(name).rpartition(".")[0])),
        lambda name: f"/{said.strip('/')}/" in path(name),
    )

    def path(name: str) -> str:
        return f"/{name.replace(': ', '/')}"

    return next((meant for way in ways if (meant := [name for name in names if way(name)])), [])


def shortened(names: Sequence[str]) -> list[str]:
    """Each of ``names`` as short as it still means nothing else: its file's name, with the folders that tell it from the others."""
    short = []
    for name in names:
        parts = name.rpartition(": ")[2].split("/")
        ends = ("/".join(parts[at:]) for at in range(len(parts) - 1, -1, -1))
        short.append(next((end for end in ends if documents_meant(names, end) == [name]), name))
    return short


def listed(text: str) -> tuple[str, ...]:
    """The names in a list with commas."""
    return tuple(name for name in text.split(",") if name)
