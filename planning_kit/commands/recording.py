"""What a run leaves behind: its documents and its record, handed over."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from .. import terminal
from ..errors import OptionRefused, nearest
from .words import Commands, Parser, found, with_run

if TYPE_CHECKING:
    from ..run import Run
    from ..verify import Verified

PAGES = ("markdown", "html", "pdf", "notebooks")
"""What hands over documents and record."""
WAYS = ("github-issues", "jira-csv", "azure-boards-csv", "taskmaster", "spec-kit", "artefacts")
"""What hands over to the tools where work happens (the names of ``export.ways.WAYS``)."""
FORMATS = (*PAGES, *WAYS)
MANY = 10
"""So many diagrams take so long to draw that it is said."""


def add(commands: Commands, place: Parser) -> None:
    """``export``."""
    export = commands.add_parser(
        "export",
        parents=[place],
        help="hand it over: as markdown, as one page, as issues, tasks or files of their own",
        description="The run is verified first; one that differs from its record is not exported (status 1) unless --even-so is said.",
    )
    with_run(export)
    export.add_argument(
        "--format", default="markdown", metavar="FORMAT",
        help="markdown (the documents, the facts and RECORD.md), html (one file that loads nothing), pdf (the same, printed by Chromium), "
        "notebooks (the executed ones as HTML); the tasks as github-issues (with a gh script), jira-csv, azure-boards-csv or taskmaster (tasks.json); "
        "spec-kit (a feature folder); artefacts (openapi.yaml, schema.sql, pipeline.yml, diagrams, code)",
    )  # fmt: skip
    export.add_argument("--to", metavar="PLACE", type=Path, required=True, help="the folder it goes to; with html and pdf also a file")  # fmt: skip
    export.add_argument(
        "--under", metavar="FOLDER",
        help="with markdown: put the tree into this folder of PLACE, as in --under .claude/outputs",
    )  # fmt: skip
    export.add_argument("--paper", default="a4", metavar="SIZE", help="with pdf: a4 or letter (default: a4)")
    export.add_argument("--even-so", action="store_true", help="export although the run differs from its record; the page says so at its top")  # fmt: skip
    export.add_argument(
        "--allowed-signers", metavar="FILE", type=Path, help="who may sign with which key, as in ssh-keygen(1)"
    )
    export.set_defaults(do=_export)


def _export(said: argparse.Namespace) -> int:
    from ..export import below
    from ..verify import verify

    if said.format not in FORMATS:
        raise OptionRefused(f"no such format: {said.format!r}{nearest(said.format, FORMATS)}")
    if said.under is not None and said.format != "markdown":
        raise OptionRefused(f"--under goes with --format markdown; with {said.format} say the whole place: --to PLACE")
    to = said.to if said.under is None else below(said.to, said.under)
    run = found(said)
    checked = verify(run, said.allowed_signers)
    terminal.tell(sys.stderr, *(f"planning-kit: {fault}" for fault in checked.faults))
    if checked.faults and not said.even_so:
        terminal.tell(sys.stderr, "planning-kit: nothing is exported: the run differs from its record; restore it from a copy, approve again what was changed on purpose, or export it as it is with --even-so")  # fmt: skip
        return 1
    if said.format in WAYS:
        return _way(run, said.format, to)
    if said.format == "markdown":
        return _markdown(run, to)
    drawn = sum(
        fence.lang == "mermaid" for phase in run.phases for document in phase.documents for fence in document.fences
    )
    if said.format in ("html", "pdf") and drawn > MANY:
        terminal.tell(sys.stderr, f"{drawn} diagrams are drawn, which takes about a second each")
    written = _notebooks(run, said.to) if said.format == "notebooks" else _page(run, checked, said)
    for place in written:
        terminal.tell(sys.stdout, f"wrote {place}")
    _tell_closed(tuple(phase.name for phase in run.phases if not phase.gate.open))
    return 0


def _markdown(run: Run, to: Path) -> int:
    from ..export import export

    done = export(run, to)
    _tell_placed(done.written, done.unchanged, done.kept)
    _tell_closed(done.closed)
    return 0


def _way(run: Run, way: str, to: Path) -> int:
    from ..export.ways import hand_over

    done, notes = hand_over(run, way, to)
    _tell_placed(done.written, done.unchanged, done.kept)
    for place in done.left:
        terminal.tell(
            sys.stderr, f"planning-kit: left {place}: it is of an earlier export and no longer part of this one"
        )
    for note in notes:
        terminal.tell(sys.stdout, f"next: {note.replace('PLACE', shlex.quote(str(to)))}")
    _tell_closed(tuple(phase.name for phase in run.phases if not phase.gate.open))
    return 0


def _tell_placed(written: Iterable[Path], unchanged: Iterable[Path], kept: Iterable[Path]) -> None:
    for place in written:
        terminal.tell(sys.stdout, f"wrote {place}")
    for place in unchanged:
        terminal.tell(sys.stdout, f"unchanged {place}")
    for place in kept:
        terminal.tell(
            sys.stderr, f"planning-kit: kept {place}: it was edited there; move it away to have it written again"
        )


def _page(run: Run, checked: Verified, said: argparse.Namespace) -> list[Path]:
    from .. import export

    ending = f".{said.format}"
    to: Path = said.to
    place = to if to.suffix.lower() == ending and not to.is_dir() else to / f"{run.slug}-{run.folder.name}{ending}"
    page = export.page(run, checked)
    export.put(place, export.pdf(page, said.paper) if said.format == "pdf" else page.encode("utf-8"))
    return [place]


def _notebooks(run: Run, to: Path) -> list[Path]:
    from .. import export
    from ..export.notebooks import notebooks

    pages = list(notebooks(run))
    for name, page in pages:
        export.put(to / f"{name}.html", page.encode("utf-8"))
    return [to / f"{name}.html" for name, _ in pages]


def _tell_closed(closed: tuple[str, ...]) -> None:
    if closed:
        terminal.tell(sys.stderr, f"planning-kit: not everything is approved: {', '.join(closed)}")
