"""Planning a brief, carrying a run on, answering what the intake asks."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from .. import terminal
from ..errors import BriefRefused, OptionRefused, PlanningError, Waiting
from .words import Commands, Parser, found, with_run

if TYPE_CHECKING:
    from ..run import Run


def add(commands: Commands, place: Parser) -> None:
    """``run``, ``resume``, ``answer``."""
    going = _going()
    run = commands.add_parser("run", parents=[place, going], help="plan a brief, or carry its unfinished run on")
    _ordering(run)
    run.set_defaults(do=_run)
    resume = commands.add_parser("resume", parents=[place, going], help="carry a run on where it stopped")
    with_run(resume)
    resume.set_defaults(do=_resume)
    answer = commands.add_parser("answer", parents=[place], help="answer a question of the intake")
    with_run(answer)
    answer.add_argument("question", metavar="QUESTION", help="its name, as in status: Q1 to Q5")
    answer.add_argument("answer", metavar="ANSWER", help="an option's letter, or the answer in your own words")
    answer.add_argument(
        "--by", metavar="NAME", default="", help="who answers (default: your name as git or the system has it)"
    )
    answer.set_defaults(do=_answer)


def _going() -> Parser:
    """How a run goes on."""
    going = Parser(add_help=False)
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
        "brief",
        metavar="BRIEF",
        nargs="?",
        help="a text or Markdown file, '-' for standard input, or the text itself; with --from that run's, unless said",
    )
    run.add_argument("--prd", metavar="FILE", help="another way to say BRIEF")
    run.add_argument(
        "--from",
        metavar="RUN",
        dest="based_on",
        help="rest on the approved documents of an earlier run (its folder, <slug>/<time> or <slug>); nobody is asked for them again",
    )
    run.add_argument("--recipe", default="backend-plan", help="which plan to write (default: backend-plan)")
    run.add_argument(
        "--repo", metavar="DIR", default="", help="the codebase the plan lands in; it is read, never executed"
    )
    run.add_argument(
        "--model",
        default="auto",
        metavar="auto|offline|TIER|MODEL_ID",
        help="who writes: a tier (strong, standard, quick), a model id, 'offline' for the rule-based author, 'auto' for the API when there is a key",
    )
    run.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help="model.SEAT, effort, thinking, fallback, web.searches, web.domains, lookup, consultants=DIR, or an option of the recipe",
    )
    run.add_argument(
        "--dry-run",
        action="store_true",
        help="print the plan of execution and stop: no model is asked, nothing is spent or kept",
    )
    run.add_argument("--new", action="store_true", help="begin another run even if there is one")


def _run(said: argparse.Namespace) -> int:
    from ..order import Order

    order = Order(
        _brief(said),
        said.recipe,
        said.model,
        said.outputs,
        said.repo,
        tuple(said.settings),
        said.budget,
        said.new,
        said.reviewer == "clean",
        said.based_on or "",
    )
    if said.dry_run:
        from .. import forecast

        with order.rehearsed() as run:
            terminal.tell(sys.stdout, *forecast.plan(run).lines)
        return 0
    run, before = order.run()
    if before:
        moved = "; the codebase has changed since it was read" if order.moved(run) else ""
        state = "Finished already" if run.finished else "Carrying on"
        terminal.tell(sys.stderr, f"{state}: {run.folder} (--new begins another{moved})")
    return _carry(run, said)


def _brief(said: argparse.Namespace) -> str:
    """What is to be planned, however it was said; empty for the brief of the run it rests on.

    Raises:
        OptionRefused: it was said twice or not at all, or no run is named to rest on.
        BriefRefused: it is blank.
    """
    if said.brief is not None and said.prd is not None:
        raise OptionRefused("BRIEF and --prd say the same thing: give one of them")
    if said.based_on is not None and not said.based_on.strip():
        raise OptionRefused("--from: say which run to rest on: its folder, <slug>/<time> or <slug>")
    brief = said.prd if said.brief is None else said.brief
    if brief is None and said.based_on is None:
        raise OptionRefused("the following arguments are required: BRIEF; see 'planning-kit run --help'")
    if brief is not None:
        refuse_nothing(brief)
    return brief or ""


def refuse_nothing(brief: str) -> None:
    """Refuse a brief that is blank.

    Raises:
        BriefRefused: it is.
    """
    if not brief.strip():
        raise BriefRefused("the brief is empty; write down what is to be built, one sentence is enough")


def _resume(said: argparse.Namespace) -> int:
    run = found(said)
    if said.budget is not None:
        run.allow(said.budget)
    return _carry(run, said)


def _carry(run: Run, said: argparse.Namespace) -> int:
    from .. import progress, status
    from ..pipeline import carry

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
        terminal.tell(sys.stdout, *progress.ways_on(run, said.reviewer))
    if stopped:
        raise stopped
    return 0


def _answer(said: argparse.Namespace) -> int:
    from ..person import who

    run = found(said)
    with run.store.write():
        question = run.sheet.answer(said.question, said.answer, said.by.strip() or who())
    held = f"{question.name}: {question.settled}" + ("" if question.answered else " (open again: assumed)")
    terminal.tell(sys.stdout, held, f"next: planning-kit resume {run.address}")
    return 0
