"""How a run stands, and what a person decides at its gates."""

from __future__ import annotations

import argparse
import json
import sys

from .. import digest, terminal
from .words import Commands, Parser, found, with_run


def add(commands: Commands, place: Parser) -> None:
    """``status``, ``approve``, ``send-back``."""
    status = commands.add_parser("status", parents=[place], help="phases, documents, findings, decisions, cost")
    with_run(status)
    status.add_argument("--json", action="store_true", help="as JSON")
    status.set_defaults(do=_status)
    approve = commands.add_parser("approve", parents=[place], help="open a gate, as a person")
    back = commands.add_parser("send-back", parents=[place], help="have a phase's documents written again")
    for command, needed, do in ((approve, False, _approve), (back, True, _send_back)):
        with_run(command)
        command.add_argument("phase", metavar="PHASE", help="the name of its phase, as in status")
        command.add_argument("--by", metavar="NAME", required=True, help="who decides")
        command.add_argument(
            "--comment", metavar="TEXT", default="", required=needed, help="what the authors will read"
        )
        command.set_defaults(do=do)


def _status(said: argparse.Namespace) -> int:
    from .. import status

    facts = status.facts(found(said))
    lines = [json.dumps(facts, ensure_ascii=False, indent=2)] if said.json else status.lines(facts)
    terminal.tell(sys.stdout, *lines)
    return 0


def _approve(said: argparse.Namespace) -> int:
    run = found(said)
    phase = run.phase(said.phase)
    decision = phase.approve(said.by, said.comment)
    over = [f"with {len(phase.findings)} findings standing; they are in the record"] if phase.findings else []
    named = [f"  {digest.short(sha)}  {name}" for name, sha in decision.subject.items()]
    terminal.tell(sys.stdout, f"{said.phase} {decision}", *named, *over, f"next: planning-kit resume {run.address}")
    return 0


def _send_back(said: argparse.Namespace) -> int:
    run = found(said)
    decision = run.phase(said.phase).send_back(said.by, said.comment)
    terminal.tell(sys.stdout, f"{said.phase} {decision}", f"next: planning-kit resume {run.address}")
    return 0
