"""Whether a run is what its records say, and whether its documents come out of its answers again."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .. import terminal
from .words import Commands, Parser, found, with_run


def add(commands: Commands, place: Parser) -> None:
    """``verify``, ``replay``."""
    verify = commands.add_parser(
        "verify", parents=[place], help="name whatever in a run's folder is not as its records say"
    )
    with_run(verify)
    verify.add_argument(
        "--allowed-signers", metavar="FILE", type=Path, help="who may sign with which SSH key, as in ssh-keygen(1)"
    )
    verify.add_argument(
        "--head", metavar="DIGEST", default="", help="a head that was printed at a decision: shows a cut tail"
    )
    verify.add_argument("--json", action="store_true", help="as JSON")
    verify.set_defaults(do=_verify)
    replay = commands.add_parser(
        "replay", parents=[place], help="make a run's documents again from its kept answers; nobody is asked"
    )
    with_run(replay)
    replay.add_argument("--json", action="store_true", help="as JSON")
    replay.set_defaults(do=_replay)


def _verify(said: argparse.Namespace) -> int:
    from ..verify import verify

    found_out = verify(found(said), said.allowed_signers, said.head)
    shown = [json.dumps(found_out.facts, ensure_ascii=False, indent=2)] if said.json else found_out.lines
    terminal.tell(sys.stdout, *shown)
    return 1 if found_out.faults else 0


def _replay(said: argparse.Namespace) -> int:
    from ..replay import replay

    played = replay(found(said))
    shown = [json.dumps(played.facts, ensure_ascii=False, indent=2)] if said.json else played.lines
    terminal.tell(sys.stdout, *shown)
    return 0 if played.same else 1
