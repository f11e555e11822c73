"""The command ``planning-kit check PATH``: what was asked becomes lines to print and an exit status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import files
from ..checks.about import Code
from ..checks.cited_code import Folder
from ..errors import OptionRefused
from . import sarif, told
from .lint import Linted, lint
from .sources import gather

STANDARD_OUTPUT = "-"
_REPORTS = (".sarif", ".json")


@dataclass(frozen=True)
class Asked:
    """What the command line says.

    Attributes:
        paths: files, folders, ``-``.
        db: the database SQL is written for where it does not say so, or empty.
        repo: the folder of a codebase, or empty.
        quiet: errors only.
        json: print JSON.
        sarif: the file a SARIF log goes to, ``-`` for standard output, or empty.
        fix: mend first.
    """

    paths: tuple[str, ...]
    db: str = ""
    repo: str = ""
    quiet: bool = False
    json: bool = False
    sarif: str = ""
    fix: bool = False


@dataclass(frozen=True)
class Answer:
    """What is printed, which files ``refused`` to be read and why, and the exit status."""

    lines: tuple[str, ...]
    refused: tuple[str, ...]
    exit_status: int


def check(asked: Asked) -> Answer:
    """Check what was named, mend it if that was asked, write the report.

    Raises:
        OptionRefused: nothing is named, nothing is at a path, or two options do not go together.
        DiskRefused: a file could not be written.
    """
    _refuse(asked)
    gathered = gather(asked.paths)
    if not gathered.sources and not gathered.refused:
        raise OptionRefused(
            f"there are no planning documents below {', '.join(asked.paths)[:200]}; name a file to have it checked"
        )
    if asked.sarif not in ("", STANDARD_OUTPUT):
        report = Path(asked.sarif).resolve()
        if any(source.path and source.path.resolve() == report for source in gathered.sources):
            raise OptionRefused(f"--sarif {asked.sarif} is one of the documents; give the report another name")
    linted = lint(gathered.sources, gathered.refused, asked.db, _code(asked.repo))
    mended: tuple[str, ...] = ()
    if asked.fix:
        from .mending import mend

        linted, done = mend(linted)
        mended = tuple(str(each) for each in done)
    lines = (*_lines(asked, linted, mended),)
    if asked.sarif not in ("", STANDARD_OUTPUT):
        files.replace(Path(asked.sarif), (_json(sarif.log(linted)) + "\n").encode())
    return Answer(lines, linted.refused, linted.exit_status)


def _lines(asked: Asked, linted: Linted, mended: tuple[str, ...]) -> Iterator[str]:
    if asked.sarif == STANDARD_OUTPUT:
        yield _json(sarif.log(linted))
    elif asked.json:
        yield _json({**linted.facts, "mended": list(mended)} if asked.fix else linted.facts)
    else:
        yield from mended
        yield from told.lines(linted, asked.quiet)


def _json(facts: object) -> str:
    """JSON that is the same text wherever it is printed: what is not ASCII is escaped."""
    return json.dumps(facts, indent=2)


def _refuse(asked: Asked) -> None:
    """Nothing, when what was asked goes together.

    Raises:
        OptionRefused: it does not.
    """
    if not asked.paths:
        raise OptionRefused("name at least one PATH to check, or a brief with --brief; see 'planning-kit check --help'")
    if asked.json and asked.sarif == STANDARD_OUTPUT:
        raise OptionRefused("--json and --sarif both want standard output; give --sarif a FILE")
    if asked.fix and "-" in asked.paths:
        raise OptionRefused("--fix mends files; standard input cannot be written")
    if asked.sarif not in ("", STANDARD_OUTPUT) and not asked.sarif.lower().endswith(_REPORTS):
        raise OptionRefused(
            f"--sarif {asked.sarif}: a report is called .sarif or .json; name the documents before --sarif, or write '--sarif -'"
        )
    if asked.repo and not Path(asked.repo).is_dir():
        raise OptionRefused(f"--repo {asked.repo}: no such folder")


def _code(repo: str) -> Code | None:
    """What ``path:line`` refers to, or nothing."""
    return Folder(Path(repo)) if repo else None
