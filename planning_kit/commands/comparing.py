"""All runs, two of them side by side, and another option tried."""

from __future__ import annotations

import argparse
import json
import sys

from .. import terminal
from .words import Commands, Parser, with_run


def add(commands: Commands, place: Parser) -> None:
    """``runs``, ``compare``, ``fork``."""
    every = commands.add_parser(
        "runs", parents=[place], help="all runs: where each is, for whom it waits, what it cost"
    )
    every.add_argument("--mine", action="store_true", help="only those that wait for a decision of yours")
    every.add_argument("--by", metavar="NAME", help="who asks (default: your name as git or the system has it)")
    every.add_argument("--json", action="store_true", help="as JSON")
    every.set_defaults(do=_runs)
    compare = commands.add_parser(
        "compare", parents=[place], help="two runs side by side: options, operations, tables, decisions, findings, cost"
    )
    with_run(compare)
    compare.add_argument("other", metavar="RUN", help="another run")
    compare.add_argument("--json", action="store_true", help="as JSON")
    compare.set_defaults(do=_compare)
    _forking(commands.add_parser("fork", parents=[place], help="try another option without paying again for what is the same"))  # fmt: skip


def _forking(fork: argparse.ArgumentParser) -> None:
    """What is to be different, and from where on."""
    with_run(fork)
    fork.add_argument("--from-phase", metavar="PHASE", required=True, dest="phase", help="the first phase that is not taken over, as in status")  # fmt: skip
    fork.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="settings", help="what is to be different: an option of the recipe, model.SEAT, effort, thinking …")  # fmt: skip
    fork.add_argument("--model", default="", metavar="auto|offline|TIER|MODEL_ID", help="who writes (default: as in the run)")  # fmt: skip
    fork.add_argument("--budget", metavar="USD", type=float, help="hard cap in US dollars for the fork (default: as in the run)")  # fmt: skip
    fork.add_argument("--new", action="store_true", help="begin another fork even if there is the same one")
    fork.add_argument("--json", action="store_true", help="as JSON")
    fork.set_defaults(do=_fork)


def _runs(said: argparse.Namespace) -> int:
    from ..runs import overview

    every = overview(said.outputs, said.by)
    shown = every.awaiting if said.mine else every
    terminal.tell(sys.stdout, *([json.dumps(shown.facts, ensure_ascii=False, indent=2)] if said.json else shown.lines))
    return 0


def _compare(said: argparse.Namespace) -> int:
    from ..compared import compare
    from ..runs import find_run

    both = compare(find_run(said.run, said.outputs), find_run(said.other, said.outputs))
    terminal.tell(sys.stdout, *([json.dumps(both.facts, ensure_ascii=False, indent=2)] if said.json else both.lines))
    return 0


def _fork(said: argparse.Namespace) -> int:
    from ..fork import Fork
    from ..runs import find_run

    parent = find_run(said.run, said.outputs)
    forked = Fork(
        parent, said.phase, tuple(said.settings), said.model, said.budget, said.outputs, said.new
    ).begin()  # fmt: skip
    if said.json:
        terminal.tell(sys.stdout, json.dumps(forked.facts, ensure_ascii=False, indent=2))
    else:
        terminal.tell(sys.stdout, *forked.lines, f"next: planning-kit resume {forked.run.address}")
    return 0
