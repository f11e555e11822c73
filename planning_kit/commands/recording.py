"""What a run leaves behind: its documents and its record, handed over."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .. import terminal
from .words import Commands, Parser, found, with_run


def add(commands: Commands, place: Parser) -> None:
    """``export``."""
    export = commands.add_parser("export", parents=[place], help="the documents as plain markdown")
    with_run(export)
    export.add_argument("--to", metavar="DIR", type=Path, required=True, help="the folder they go to")
    export.set_defaults(do=_export)


def _export(said: argparse.Namespace) -> int:
    from ..export import export

    done = export(found(said), said.to)
    for place in done.written:
        terminal.tell(sys.stdout, f"wrote {place}")
    for place in done.unchanged:
        terminal.tell(sys.stdout, f"unchanged {place}")
    for place in done.kept:
        terminal.tell(
            sys.stderr, f"planning-kit: kept {place}: it was edited there; move it away to have it written again"
        )
    if done.closed:
        terminal.tell(sys.stderr, f"planning-kit: not everything is approved: {', '.join(done.closed)}")
    return 0
