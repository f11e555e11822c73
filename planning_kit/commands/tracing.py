"""What became of each passage of the brief, and where every requirement went."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .. import terminal
from ..errors import OptionRefused
from .words import Commands, Parser, found, number, with_run


def add(commands: Commands, place: Parser) -> None:
    """``trace``."""
    trace = commands.add_parser(
        "trace",
        parents=[place],
        help="from the brief's passages to requirements, stories, use cases, operations, tables, messages and tests",
        description="Trace a run, computed from its documents: what each requirement rests on and reached, and what was lost, "
        "invented or renumbered. Exit status: 0 no errors, 1 errors, 2 bad input.",
    )
    with_run(trace)
    trace.add_argument("--csv", metavar="FILE", type=Path, help="write the whole matrix into FILE")
    trace.add_argument("--json", action="store_true", help="as JSON, with every link and where it is said")
    trace.set_defaults(do=_trace)


def _trace(said: argparse.Namespace) -> int:
    from ..trace import of, table

    if said.csv is not None and said.csv.is_dir():
        raise OptionRefused(f"--csv {said.csv}: this is a folder; name a file in it")
    traced = of(found(said))
    written = table.write(traced, said.csv) if said.csv is not None else 0
    if said.json:
        terminal.tell(sys.stdout, json.dumps(table.facts(traced), ensure_ascii=False, indent=2))
    else:
        terminal.tell(sys.stdout, *traced.summary.split("; "), "", *table.lines(traced), "", *map(str, traced.findings))
        errors = traced.findings.errors
        terminal.tell(sys.stdout, f"{number(errors, 'error')}, {number(len(traced.findings) - errors, 'warning')}")
        if said.csv is not None:
            terminal.tell(sys.stdout, f"wrote {said.csv}: {number(written, 'row')}")
    return 1 if traced.findings.errors else 0
