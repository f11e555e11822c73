"""How a run stands, and what changed in it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .. import terminal
from ..errors import OptionRefused, nearest
from .words import Commands, Parser, documents_meant, found, shortened, with_run

if TYPE_CHECKING:
    from ..run import Run
    from ..step import Step


def add(commands: Commands, place: Parser) -> None:
    """``status``, ``diff``."""
    status = commands.add_parser("status", parents=[place], help="phases, documents, findings, decisions, cost")
    with_run(status)
    status.add_argument("--json", action="store_true", help="as JSON")
    status.set_defaults(do=_status)
    diff = commands.add_parser(
        "diff", parents=[place], help="what changed since the last version, and what was done about remarks"
    )
    with_run(diff)
    diff.add_argument(
        "document",
        metavar="DOCUMENT",
        nargs="?",
        default="",
        help="its file's name, the end of its path, or a folder (default: all)",
    )
    diff.add_argument(
        "--since-decision", action="store_true", help="since the last decision instead of the last version"
    )
    diff.set_defaults(do=_diff)


def _status(said: argparse.Namespace) -> int:
    from .. import status

    facts = status.facts(found(said))
    lines = [json.dumps(facts, ensure_ascii=False, indent=2)] if said.json else status.lines(facts)
    terminal.tell(sys.stdout, *lines)
    return 0


def _diff(said: argparse.Namespace) -> int:
    run = found(said)
    lines = [line for phase, name in _asked(run, said.document) for line in _changed(phase, name, said)]
    since = "decision" if said.since_decision else "version"
    terminal.tell(sys.stdout, *(lines or [f"nothing changed since the last {since}"]))
    return 0


def _asked(run: Run, document: str) -> Iterator[tuple[Step, str]]:
    """The documents that are meant, with their phases."""
    if not document:
        yield from ((phase, name) for phase in run.phases for name in phase.subject)
        return
    places = {name: phase for phase in run.phases for name in phase.subject}
    meant = documents_meant(list(places), document)
    if not meant:
        raise OptionRefused(f"no such document: {document!r}{nearest(document, shortened(list(places)))}")
    yield from ((places[name], name) for name in meant)


def _changed(phase: Step, name: str, said: argparse.Namespace) -> Iterator[str]:
    """What changed in one document, in lines; nothing where nothing did, unless it was asked for by name."""
    from ..changes import shown

    about = phase.gate.about(name)
    if said.since_decision and not about:
        if said.document:
            yield f"{name}: nobody has decided about it yet"
        return
    found_out = phase.changed(name, about[-1] if said.since_decision else None)
    dealt = phase.dealt(name)
    if not found_out and not said.document:
        return
    yield name + (f", since it was {about[-1]}" if said.since_decision else "")
    yield from (f"  {line}" for line in shown(found_out).text.split("\n"))
    for each in dealt:
        yield f"  [{each.remark.name}] {each.remark.by}: {' '.join(each.remark.text.split())}"
        yield f"       {each.words}"
