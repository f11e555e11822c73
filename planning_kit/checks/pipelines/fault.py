"""What a look at a pipeline finds, and what all looks share."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..places import Path, Tree

NOT_THERE = "there is no"
"""How the fault of naming what is not there begins."""


class Fault(NamedTuple):
    """A fault of a pipeline.

    Attributes:
        topic: ``schema``, ``names``, ``approval``, ``rollback``, ``secrets``, ``pins`` or ``foreign``.
        line: from 1, in the artefact.
        column: from 1; 0 when it is about the line.
        message: one sentence.
        hint: what mends it.
        severity: ``error`` or ``warning``.
    """

    topic: str
    line: int
    column: int
    message: str
    hint: str = ""
    severity: str = "error"


Faults = Iterator[Fault]


def at(tree: Tree, path: Path, topic: str, message: str, hint: str = "", severity: str = "error") -> Fault:
    """A fault at ``path`` of ``tree``."""
    return Fault(topic, *tree.at(path), message, hint, severity)


def mapping(value: Any) -> dict[str, Any]:
    """``value`` if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    """``value`` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def words(value: Any, path: Path) -> Iterator[tuple[str, Path]]:
    """The names that ``value`` (one, or a list of them) gives, each with its path."""
    if isinstance(value, str):
        yield value, path
    for number, each in enumerate(listed(value)):
        if isinstance(each, str):
            yield each, (*path, number)


def strings(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text in ``value``, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from strings(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from strings(each, (*path, number))


def near(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """An order to write the one of ``names`` that ``name`` looks like; else ``otherwise``."""
    known = sorted(set(names))
    if close := difflib.get_close_matches(name, known[:2000], 1, 0.6):
        return f"write '{close[0]}'"
    return otherwise


def missing(tree: Tree, path: Path, name: str, what: str, known: Iterable[str]) -> Fault:
    """The fault of naming a ``what`` (``job``) called ``name`` that is not among ``known``."""
    known = sorted(set(known))
    there = f"; there are: {', '.join(known[:8])}" if known else ""
    return at(tree, path, "names", f"{NOT_THERE} {what} '{name}'{there}", near(name, known, f"define the {what} '{name}', or name one that is there"))  # fmt: skip


def circle(edges: dict[str, list[str]]) -> list[str]:
    """The first circle in ``edges`` (name → those it waits for), its first name once more at its end; empty if none."""
    from graphlib import CycleError, TopologicalSorter

    try:
        TopologicalSorter({name: [each for each in after if each in edges] for name, after in edges.items()}).prepare()
    except CycleError as error:
        return [str(each) for each in error.args[1]]
    return []


def circular(tree: Tree, edges: dict[str, list[str]], places: dict[str, Path], what: str) -> Faults:
    """The fault of jobs (or what else) that wait for each other."""
    if round_trip := circle(edges):
        said = " → ".join(reversed(round_trip))
        yield at(tree, places[round_trip[0]], "names", f"these {what} wait for each other: {said}", "take one of them out of the circle")  # fmt: skip
