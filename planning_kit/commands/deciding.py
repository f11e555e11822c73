"""What a person decides at a run's gates, and what they say about its documents."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .. import digest, terminal
from ..errors import AwaitingApproval, OptionRefused
from .words import Commands, Parser, document_named, found, number, with_run

if TYPE_CHECKING:
    from ..desk import Desk
    from ..gate import Decision
    from ..journal import Signer
    from ..step import Step


def add(commands: Commands, place: Parser) -> None:
    """``approve``, ``send-back``, ``comment``."""
    approve = commands.add_parser("approve", parents=[place], help="open a gate, as a person")
    back = commands.add_parser(
        "send-back", parents=[place], help="have documents written again, with all comments that wait"
    )
    comment = commands.add_parser(
        "comment", parents=[place], help="say something about a document; send-back carries it to its author"
    )
    for command in (approve, back, comment):
        with_run(command)
        command.add_argument("phase", metavar="PHASE", help="the name of its phase, as in status")
        command.add_argument("--by", metavar="NAME", help="who says so (default: name and e-mail of git's settings)")
    for command, do in ((approve, _approve), (back, _send_back)):
        command.add_argument("--comment", metavar="TEXT", default="", help="what is said about all of it")
        command.add_argument(
            "--sign",
            metavar="KEY",
            nargs="?",
            const="",
            help="sign the record with an SSH key (default: git's user.signingkey); say it last",
        )
        command.add_argument("--shown", metavar="TOKEN", default="", help="only if all is still as status showed it")
        command.set_defaults(do=do)
    approve.add_argument("--document", metavar="NAME", action="append", help="only this one; may be said again")
    comment.add_argument("text", metavar="TEXT", nargs="?", default="", help="what is said")
    comment.add_argument("--document", metavar="NAME", default="", help="the document it is about (default: all)")
    comment.add_argument("--section", metavar="HEADING", default="", help="the section it is about")
    comment.add_argument(
        "--at", metavar="LINE", type=int, default=0, help="the line it is about; gives the section too"
    )
    comment.add_argument("--withdraw", metavar="NUMBER", type=int, help="take back the comment with this number")
    comment.set_defaults(do=_comment)


def _approve(said: argparse.Namespace) -> int:
    run = found(said)
    phase = run.phase(said.phase)
    _as_shown(phase, said.shown)
    names = [document_named(phase, name) for name in said.document] if said.document else None
    known = len(run.journal.of("decided"))
    decision = phase.approve(_who(said), said.comment, phase.subject if said.shown else None, names, _signer(said))
    if len(run.journal.of("decided")) == known:
        terminal.tell(sys.stdout, f"{phase.name} already {decision}; nothing was recorded", *_next(phase))
        return 0
    named = [f"  {digest.short(sha)}  {name}" for name, sha in decision.subject.items()]
    standing = phase.findings
    over = [f"with {number(len(standing), 'finding')} standing; in the record"] if standing else []
    waiting = phase.pending
    if waiting:
        over.append(f"{number(len(waiting), 'comment')} not sent: planning-kit send-back {run.address} {phase.name}")
    terminal.tell(sys.stdout, f"{phase.name} {decision}", *named, *over, _recorded(phase, decision), *_next(phase))
    return 0


def _send_back(said: argparse.Namespace) -> int:
    run = found(said)
    phase = run.phase(said.phase)
    _as_shown(phase, said.shown)
    carried, known = phase.pending, len(run.journal.of("decided"))
    decision = phase.send_back(_who(said), said.comment, phase.subject if said.shown else None, _signer(said))
    if len(run.journal.of("decided")) == known:
        terminal.tell(sys.stdout, f"{phase.name} already {decision}; nothing was recorded", *_next(phase))
        return 0
    named = [f"  {digest.short(sha)}  {name}" for name, sha in decision.subject.items()]
    told = [f"  {each.seq}  {each.anchor.words}: {' '.join(each.text.split())}" for each in carried]
    terminal.tell(sys.stdout, f"{phase.name} {decision}", *named, *told, _recorded(phase, decision), *_next(phase))
    return 0


def _comment(said: argparse.Namespace) -> int:
    from .. import remarks

    run = found(said)
    phase = run.phase(said.phase)
    if said.withdraw is not None:
        phase.withdraw(said.withdraw, _who(said))
        terminal.tell(sys.stdout, f"comment {said.withdraw} is taken back")
        return 0
    anchor = remarks.Anchor()
    if said.document or said.section or said.at:
        name = document_named(phase, said.document)
        document = run.shelf.document(name) if name in phase.names else None
        if document is None and (said.section or said.at):
            raise OptionRefused(f"{name} has no sections and lines to comment on; leave --section and --at away")
        anchor = remarks.anchored(document, said.section, said.at) if document else remarks.Anchor(name)
    comment = phase.comment(anchor, said.text, _who(said))
    about = f" of {comment.anchor.document}" if comment.anchor.document else ""
    waiting = len(phase.pending)
    terminal.tell(
        sys.stdout,
        f"comment {comment.seq} by {comment.by}: {comment.anchor.words}{about}",
        f"{number(waiting, 'comment')} {'waits' if waiting == 1 else 'wait'} for: planning-kit send-back {run.address} {phase.name}",
    )
    return 0


def _who(said: argparse.Namespace) -> str:
    """Who decides: as was said, else as git's settings say."""
    from ..person import who

    return str(who() if said.by is None else said.by)


def _signer(said: argparse.Namespace) -> Signer | None:
    if said.sign is None:
        return None
    from ..signing import signer

    return signer(said.sign)


def _as_shown(phase: Desk, token: str) -> None:
    """Refuse what is not any more as it was shown under ``token``."""
    if token and token != phase.token:
        raise AwaitingApproval(
            f"'{phase.name}' is not any more what was shown as {token}; look at it again: planning-kit status {phase.run.address}"
        )


def _recorded(phase: Desk, decision: Decision) -> str:
    from ..heads import Head

    return Head(decision.seq, phase.run.journal.head, decision.at).line


def _next(phase: Step) -> Iterator[str]:
    """What is still missing at the gate, and what to do now."""
    yield from (f"closed because {why}" for why in phase.gate.why)
    yield f"next: planning-kit resume {phase.run.address}"
