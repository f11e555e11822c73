"""planning-kit: the command line; it parses, calls and prints, and decides nothing."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import digest, terminal
from .errors import BriefRefused, OptionRefused, PlanningError, Waiting
from .usage import parser

if TYPE_CHECKING:
    from .run import Run


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
            "export": _export, "check": _check, "answer": _answer, "recipes": _recipes, "consultants": _consultants, "lab": _lab,
            "fake-server": _fake_server,
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

    _refuse_nothing(said.brief)
    order = Order(
        said.brief, said.recipe, said.model, said.outputs, said.repo, tuple(said.settings), said.budget, said.new
    )
    if said.dry_run:
        from . import forecast

        with order.rehearsed() as run:
            terminal.tell(sys.stdout, *forecast.plan(run).lines)
        return 0
    run, before = order.run()
    if before:
        moved = "; the codebase has changed since it was read" if order.moved(run) else ""
        state = "Finished already" if run.finished else "Carrying on"
        terminal.tell(sys.stderr, f"{state}: {run.folder} (--new begins another{moved})")
    return _carry(run, said)


def _refuse_nothing(brief: str) -> None:
    if not brief.strip():
        raise BriefRefused("the brief is empty; write down what is to be built, one sentence is enough")


def _check(said: argparse.Namespace) -> int:
    if said.brief is not None:
        return _check_brief(said)
    from .linter import command

    checked = command.check(
        command.Asked(
            tuple(said.paths), db=said.db, repo=said.repo, quiet=said.quiet, json=said.json, sarif=said.sarif, fix=said.fix
        )
    )  # fmt: skip
    terminal.tell(sys.stderr, *(f"planning-kit: {line}" for line in checked.refused))
    terminal.tell(sys.stdout, *checked.lines)
    return checked.exit_status


def _check_brief(said: argparse.Namespace) -> int:
    from .intake import report
    from .order import read_brief

    if said.paths or said.fix or said.quiet or said.db or said.repo or said.sarif:
        raise OptionRefused("--brief reads one brief and goes with --json only; leave the rest away")
    _refuse_nothing(said.brief)
    found = report.of(read_brief(said.brief)[0])
    terminal.tell(sys.stdout, *([json.dumps(found.facts, ensure_ascii=False, indent=2)] if said.json else found.lines))
    return 0


def _answer(said: argparse.Namespace) -> int:
    from .person import who

    run = _found(said)
    with run.store.write():
        question = run.sheet.answer(said.question, said.answer, said.by.strip() or who())
    held = f"{question.name}: {question.settled}" + ("" if question.answered else " (open again: assumed)")
    terminal.tell(sys.stdout, held, f"next: planning-kit resume {run.address}")
    return 0


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
    named = [f"  {digest.short(sha)}  {name}" for name, sha in decision.subject.items()]
    terminal.tell(sys.stdout, f"{said.phase} {decision}", *named, *over, f"next: planning-kit resume {run.address}")
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


def _fake_server(said: argparse.Namespace) -> int:
    from . import loopback, prices

    try:
        text = said.reply.read_text(encoding="utf-8") if said.reply else ""
    except (OSError, UnicodeDecodeError) as error:
        raise OptionRefused(f"--reply {said.reply} cannot be read as UTF-8 text: {error}") from error
    try:
        server = loopback.Loopback(
            (lambda body: text) if said.reply else None, said.script, said.delay, seconds=said.seconds, most=said.requests,
            port=said.port, first=said.first, pace=said.pace, models=said.models, plain=said.plain,
            strict_models=said.models is not None,
        )  # fmt: skip
    except ValueError as error:
        raise OptionRefused(f"--script: {error}; there is {', '.join(loopback.SCENARIOS)}") from error
    except (OSError, OverflowError) as error:
        raise OptionRefused(f"--port {said.port} cannot be had: {error}; leave it away to take a free one") from error
    with server, contextlib.suppress(KeyboardInterrupt):
        exports = (f"export ANTHROPIC_BASE_URL={server.url}", f"export ANTHROPIC_API_KEY={loopback.KEY}")
        terminal.tell(sys.stdout, *exports)
        server.wait()
    terminal.tell(sys.stdout, *loopback.lines(server.billed, prices.cost, prices.as_of()))
    return 0
