"""Checking any documents, or how good a brief is."""

from __future__ import annotations

import argparse
import json
import sys

from .. import terminal
from ..errors import OptionRefused
from .planning import refuse_nothing
from .words import Commands, Parser


def add(commands: Commands, place: Parser) -> None:
    """``check``."""
    check = commands.add_parser(
        "check",
        help="any planning documents by the real tools of their fields; with --brief how good a brief is",
        description="Check documents: every diagram, API, schema, DDL, pipeline and code block by the real tool of its field, "
        "and the documents against each other. Exit status: 0 no errors, 1 errors, 2 bad usage or a file that cannot be read.",
    )
    _checking(check)
    check.set_defaults(do=_check)


def _checking(check: argparse.ArgumentParser) -> None:
    """What is checked, what is said about it, and what is mended."""
    check.add_argument(
        "paths", metavar="PATH", nargs="*", help="a document, a folder of them, or '-' for standard input"
    )
    check.add_argument(
        "--brief",
        metavar="BRIEF",
        help="say how good a brief is instead: what is vague, silent, contradictory or hidden in it; "
        "a text or Markdown file, '-' for standard input, or the text itself",
    )
    check.add_argument(
        "--db",
        choices=("postgres", "sqlserver", "mysql"),
        default="",
        help="what SQL is written in where it does not say so (default: postgres)",
    )
    check.add_argument("--repo", metavar="DIR", default="", help="the codebase that documents cite by path:line")
    check.add_argument(
        "--fix", action="store_true", help="mend in place what can be mended safely, then say what is left"
    )
    check.add_argument("--quiet", action="store_true", help="errors only")
    check.add_argument("--json", action="store_true", help="as JSON")
    check.add_argument(
        "--sarif",
        metavar="FILE",
        nargs="?",
        const="-",
        default="",
        help="as SARIF 2.1.0 for code hosts, into FILE (.sarif or .json), or on standard output",
    )


def _check(said: argparse.Namespace) -> int:
    if said.brief is not None:
        return _check_brief(said)
    from ..linter import command

    checked = command.check(
        command.Asked(
            tuple(said.paths), db=said.db, repo=said.repo, quiet=said.quiet, json=said.json, sarif=said.sarif, fix=said.fix
        )
    )  # fmt: skip
    terminal.tell(sys.stderr, *(f"planning-kit: {line}" for line in checked.refused))
    terminal.tell(sys.stdout, *checked.lines)
    return checked.exit_status


def _check_brief(said: argparse.Namespace) -> int:
    from ..brought import read_brief
    from ..intake import report

    if said.paths or said.fix or said.quiet or said.db or said.repo or said.sarif:
        raise OptionRefused("--brief reads one brief and goes with --json only; leave the rest away")
    refuse_nothing(said.brief)
    found = report.of(read_brief(said.brief)[0])
    terminal.tell(sys.stdout, *([json.dumps(found.facts, ensure_ascii=False, indent=2)] if said.json else found.lines))
    return 0
