"""What the command line takes: its commands, their arguments, and what each is for."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from .errors import OptionRefused

EPILOG = """exit status: 0 finished, 2 bad input or usage, 3 waiting for a person,
4 stopped by the model or the machine and resumable, 1 errors found by check, or a bug

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
    _checking(
        commands.add_parser(
            "check",
            help="any planning documents by the real tools of their fields; with --brief how good a brief is",
            description="Check documents: every diagram, API, schema, DDL, pipeline and code block by the real tool of its field, "
            "and the documents against each other. Exit status: 0 no errors, 1 errors, 2 bad usage or a file that cannot be read.",
        )
    )
    answer = commands.add_parser("answer", parents=[place], help="answer a question of the intake")
    for command in (resume, status, approve, back, export, answer):
        command.add_argument("run", metavar="RUN", help="a run's folder, <slug>/<time> or <slug>")
    for command, needed in ((approve, False), (back, True)):
        command.add_argument("phase", metavar="PHASE", help="the name of its phase, as in status")
        command.add_argument("--by", metavar="NAME", required=True, help="who decides")
        command.add_argument(
            "--comment", metavar="TEXT", default="", required=needed, help="what the authors will read"
        )
    answer.add_argument("question", metavar="QUESTION", help="its name, as in status: Q1 to Q5")
    answer.add_argument("answer", metavar="ANSWER", help="an option's letter, or the answer in your own words")
    answer.add_argument(
        "--by", metavar="NAME", default="", help="who answers (default: your name as git or the system has it)"
    )
    commands.add_parser("recipes", help="what can be planned, one line each")
    commands.add_parser("consultants", help="who can be asked, one line each")
    commands.add_parser("lab", help="JupyterLab on the notebooks; what follows is handed to it, e.g. --no-browser")
    _faking(
        commands.add_parser("fake-server", help="a Claude API on this machine that only pretends, to try everything")
    )
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


def _faking(fake: argparse.ArgumentParser) -> None:
    """How the fake server answers, and when it ends."""
    fake.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    fake.add_argument("--seconds", type=float, default=600.0, help="end after so many seconds (default: 600)")
    fake.add_argument("--requests", type=int, default=1000, help="end after so many requests (default: 1000)")
    fake.add_argument("--reply", metavar="FILE", type=Path, help="answer every request with this file's text")
    fake.add_argument(
        "--script", metavar="LIST", type=_listed, default=(), help="how the first requests fare: ok,status:529,eof"
    )
    fake.add_argument(
        "--delay", metavar="SECONDS", type=float, default=0.0, help="before each piece of an answer (default: 0)"
    )
    fake.add_argument(
        "--first", metavar="SECONDS", type=float, default=0.0, help="before an answer begins (default: 0)"
    )
    fake.add_argument(
        "--pace", metavar="TOKENS", type=float, default=0.0, help="per second (default: as fast as it goes)"
    )
    fake.add_argument(
        "--models",
        metavar="LIST",
        type=_listed,
        help="the only models there are (default: any, lists those with a price)",
    )
    fake.add_argument(
        "--plain", action="store_true", help="like a local server: no cache, search, structured answers or capabilities"
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line and leave with status 2."""
        raise OptionRefused(f"{message}; see '{self.prog} --help'")
