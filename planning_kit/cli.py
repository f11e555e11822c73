"""planning-kit: the command line; it parses, calls and prints, and decides nothing."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from . import terminal
from .errors import BriefRefused, OptionRefused, PlanningError, Waiting

if TYPE_CHECKING:
    from .run import Run

EPILOG = """exit status: 0 finished, 2 bad input or usage, 3 waiting for a person,
4 stopped by the model or the machine and resumable, 1 a bug

RUN is a run's folder, <slug>/<time> or <slug> below the outputs folder."""


def parser() -> argparse.ArgumentParser:
    """What the command line takes."""
    top = _Parser(
        prog="planning-kit",
        description="A brief becomes a reviewed backend plan.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    place = _Parser(add_help=False)
    place.add_argument(
        "--outputs", metavar="DIR", type=Path, default=Path("outputs"), help="where runs are kept (default: outputs)"
    )
    going = _going()
    _ordering(commands.add_parser("run", parents=[place, going], help="plan a brief, or carry its unfinished run on"))
    resume = commands.add_parser("resume", parents=[place, going], help="carry a run on where it stopped")
    status = commands.add_parser("status", parents=[place], help="phases, documents, findings, decisions, cost")
    status.add_argument("--json", action="store_true", help="as JSON")
    approve = commands.add_parser("approve", parents=[place], help="open a gate, as a person")
    back = commands.add_parser("send-back", parents=[place], help="have a phase's documents written again")
    export = commands.add_parser("export", parents=[place], help="the documents as plain markdown")
    export.add_argument("--to", metavar="DIR", type=Path, required=True, help="the folder they go to")
    for command in (resume, status, approve, back, export):
        command.add_argument("run", metavar="RUN", help="a run's folder, <slug>/<time> or <slug>")
    for command, needed in ((approve, False), (back, True)):
        command.add_argument("phase", metavar="PHASE", help="the name of its phase, as in status")
        command.add_argument("--by", metavar="NAME", required=True, help="who decides")
        command.add_argument(
            "--comment", metavar="TEXT", default="", required=needed, help="what the authors will read"
        )
    commands.add_parser("recipes", help="what can be planned, one line each")
    commands.add_parser("consultants", help="who can be asked, one line each")
    commands.add_parser("lab", help="JupyterLab on the notebooks; what follows is handed to it, e.g. --no-browser")
    return top


def _going() -> _Parser:
    """How a run goes on."""
    going = _Parser(add_help=False)
    going.add_argument(
        "--reviewer",
        default="person",
        choices=("person", "clean"),
        help="who decides at the gates: a person (default), or a policy that approves what no check objects to",
    )
    going.add_argument("--budget", metavar="USD", type=float, help="hard cap in US dollars (default: 20)")
    going.add_argument("--json", action="store_true", help="print the run's status as JSON")
    return going


def _ordering(run: argparse.ArgumentParser) -> None:
    """What is to be planned, how and where."""
    run.add_argument(
        "brief", metavar="BRIEF", help="a text or Markdown file, '-' for standard input, or the text itself"
    )
    run.add_argument("--recipe", default="backend-plan", help="which plan to write (default: backend-plan)")
    run.add_argument(
        "--repo", metavar="DIR", default="", help="the codebase the plan lands in; it is read, never executed"
    )
    run.add_argument(
        "--model",
        default="auto",
        metavar="auto|offline|MODEL_ID",
        help="who writes: a Claude model, 'offline' for the rule-based author, 'auto' for the API when there is a key",
    )
    run.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help="an option of the recipe, or consultants=DIR",
    )
    run.add_argument("--new", action="store_true", help="begin another run even if there is one")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line and leave with status 2."""
        raise OptionRefused(f"{message}; see '{self.prog} --help'")


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; gives the exit status (see the epilog)."""
    terminal.ready()
    try:
        for place, argument in enumerate(arguments, start=1):
            _refuse_bytes(argument, place)
        said, more = _parsed(arguments)
        said.more = more
        return {
            "run": _run, "resume": _resume, "status": _status, "approve": _approve, "send-back": _send_back,
            "export": _export, "recipes": _recipes, "consultants": _consultants, "lab": _lab,
        }[said.command](said)  # fmt: skip
    except PlanningError as error:
        terminal.tell(sys.stderr, f"planning-kit: {' '.join(str(error).split())}")
        return error.exit_status
    except KeyboardInterrupt:
        terminal.tell(sys.stderr, "planning-kit: interrupted; finished answers are kept, the same command carries on")
        return 4


def _parsed(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """What was said, and for ``lab`` what JupyterLab is told."""
    top = parser()
    said, more = top.parse_known_args(arguments)
    if more and said.command != "lab":
        top.error(f"unrecognized arguments: {' '.join(more)}")
    return said, more


def _refuse_bytes(argument: str, place: int) -> None:
    try:
        argument.encode("utf-8")
    except UnicodeEncodeError as error:
        raise OptionRefused(
            f"argument {place}: character {error.start + 1} is not UTF-8; rename the file or correct the text"
        ) from error


def _run(said: argparse.Namespace) -> int:
    from .order import Order

    if not said.brief.strip():
        raise BriefRefused("the brief is empty; write down what is to be built, one sentence is enough")

    order = Order(
        said.brief, said.recipe, said.model, said.outputs, said.repo, tuple(said.settings), said.budget, said.new
    )
    run, before = order.run()
    if before:
        terminal.tell(
            sys.stderr, f"{'Finished already' if run.finished else 'Carrying on'}: {run.folder} (--new begins another)"
        )
    return _carry(run, said)


def _resume(said: argparse.Namespace) -> int:
    run = _found(said)
    if said.budget is not None:
        run.allow(said.budget)
    return _carry(run, said)


def _carry(run: Run, said: argparse.Namespace) -> int:
    from . import progress, status
    from .pipeline import carry

    stopped = None
    if not run.finished:
        terminal.tell(sys.stderr, *progress.greeting(run))
    try:
        carry(run, said.reviewer, progress.Progress(run, sys.stderr))
    except PlanningError as error:
        stopped = error
    if said.json:
        terminal.tell(sys.stdout, json.dumps(status.facts(run), ensure_ascii=False, indent=2))
    elif stopped is None:
        terminal.tell(sys.stdout, *progress.farewell(run))
    elif isinstance(stopped, Waiting):
        terminal.tell(sys.stdout, *progress.ways_on(run))
    if stopped:
        raise stopped
    return 0


def _found(said: argparse.Namespace) -> Run:
    from .order import find_run

    return find_run(said.run, said.outputs)


def _status(said: argparse.Namespace) -> int:
    from . import status

    facts = status.facts(_found(said))
    lines = [json.dumps(facts, ensure_ascii=False, indent=2)] if said.json else status.lines(facts)
    terminal.tell(sys.stdout, *lines)
    return 0


def _approve(said: argparse.Namespace) -> int:
    run = _found(said)
    phase = run.phase(said.phase)
    decision = phase.approve(said.by, said.comment)
    over = [f"with {len(phase.findings)} findings standing; they are in the record"] if phase.findings else []
    terminal.tell(sys.stdout, f"{said.phase} {decision}", *over, f"next: planning-kit resume {run.address}")
    return 0


def _send_back(said: argparse.Namespace) -> int:
    run = _found(said)
    decision = run.phase(said.phase).send_back(said.by, said.comment)
    terminal.tell(sys.stdout, f"{said.phase} {decision}", f"next: planning-kit resume {run.address}")
    return 0


def _export(said: argparse.Namespace) -> int:
    from .export import export

    done = export(_found(said), said.to)
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


def _recipes(said: argparse.Namespace) -> int:
    from .catalog import Catalog

    for recipe in Catalog.read().recipes.values():
        terminal.tell(sys.stdout, f"{recipe.name:<22} {recipe.summary}")
    return 0


def _consultants(said: argparse.Namespace) -> int:
    from .catalog import Catalog

    for consultant in Catalog.read().consultants.values():
        terminal.tell(sys.stdout, f"{consultant.name:<22} {consultant.title}: writes {consultant.writes}")
    return 0


def _lab(said: argparse.Namespace) -> int:
    from .pipeline import notebooks_here

    folder = notebooks_here(Path("notebooks"))
    os.execv(
        sys.executable,
        [sys.executable, "-m", "jupyterlab", "--ServerApp.root_dir", str(folder.parent), *said.more, str(folder)],
    )
