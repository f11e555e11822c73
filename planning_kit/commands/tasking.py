"""The tasks of a run: their table, waves and critical path, and what an architect changes in them."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from .. import terminal
from ..errors import OptionRefused
from .words import Commands, Parser, found, number, with_run

if TYPE_CHECKING:
    from ..bench import Bench, Outcome


def add(commands: Commands, place: Parser) -> None:
    """``tasks``."""
    tasks = commands.add_parser(
        "tasks",
        parents=[place],
        help="a run's tasks, waves and critical path; split, merge, move or drop a task",
        description="Show a run's task plan, or change it: critiques, numbers, dependencies, waves and paths are built anew, the plan "
        "is checked again, and its gate is closed until the new version is approved. Exit status: 0 done, 1 the checks find errors, 2 bad input.",
    )
    with_run(tasks)
    tasks.add_argument("--json", action="store_true", help="as JSON")
    change = tasks.add_mutually_exclusive_group()
    change.add_argument("--drop", metavar="N", type=int, help="take a task and its critique out")
    change.add_argument("--merge", metavar=("A", "B"), type=int, nargs=2, help="take the task B into the task A")
    change.add_argument(
        "--move", metavar="N", type=int, help="put a task elsewhere; say --before M, or it goes to the end"
    )
    change.add_argument("--split", metavar="N", type=int, help="cut a task; say each new one with --part")
    change.add_argument("--undo", action="store_true", help="take the last change back")
    tasks.add_argument("--before", metavar="M", type=int, default=0, help="with --move: in front of this task")
    tasks.add_argument("--name", metavar="NAME", default="", help="with --merge: what the task is called")
    tasks.add_argument(
        "--part", metavar="WORD", nargs="+", action="append", default=[],
        help="with --split: the new task's name, then the files, deliveries and criteria that go into it; may be said again",
    )  # fmt: skip
    tasks.add_argument(
        "--side-by-side", action="store_true", help="with --split: the parts can be done at the same time"
    )
    tasks.add_argument(
        "--by", metavar="NAME", default="", help="who changes it (default: name and e-mail of git's settings)"
    )
    tasks.set_defaults(do=_tasks)


def _tasks(said: argparse.Namespace) -> int:
    from ..bench import Bench

    _fit(said)
    bench = Bench(found(said))
    outcome = _changed(bench, said)
    if said.json:
        terminal.tell(sys.stdout, json.dumps(_facts(bench, outcome), ensure_ascii=False, indent=2))
    elif outcome is not None:
        step = bench.step
        steps = () if step.own_gate.open else (f"next: planning-kit approve {bench.run.address} {step.name}",)
        terminal.tell(sys.stdout, *outcome.lines, *steps)
    else:
        from ..bench import COLUMNS
        from ..view import table

        terminal.tell(
            sys.stdout, table(COLUMNS, [[_cell(each) for each in row] for row in bench.rows]).text, "", *bench.figures
        )
    findings = bench.findings if outcome is None else outcome.findings
    if outcome is None and not said.json and findings:
        terminal.tell(
            sys.stdout,
            f"the checks find {number(len(findings), 'thing')}, {number(findings.errors, 'error')}",
            *map(str, findings[:20]),
        )
    return 1 if findings.errors else 0


def _fit(said: argparse.Namespace) -> None:
    """Refuse what is said beside a change it does not belong to."""
    if said.before and said.move is None:
        raise OptionRefused("--before belongs to --move N")
    if said.name and said.merge is None:
        raise OptionRefused("--name belongs to --merge A B")
    if (said.part or said.side_by_side) and said.split is None:
        raise OptionRefused(f"--{'part' if said.part else 'side-by-side'} belongs to --split N")


def _changed(bench: Bench, said: argparse.Namespace) -> Outcome | None:
    if said.drop is not None:
        return bench.drop(said.drop, said.by)
    if said.merge is not None:
        first, second = said.merge
        return bench.merge(first, second, said.name, said.by)
    if said.move is not None:
        return bench.move(said.move, said.before, said.by)
    if said.split is not None:
        names = [name for name, *_ in said.part]
        if len(set(names)) < len(names):
            raise OptionRefused("two parts have one name; give each a name of its own")
        return bench.split(said.split, {name: takes for name, *takes in said.part}, said.side_by_side, said.by)
    return bench.undo(said.by) if said.undo else None


def _facts(bench: Bench, outcome: Outcome | None) -> dict[str, Any]:
    from ..tasks.pairs import Pairs

    pairs = Pairs(bench.plan)
    paths = {"by_timeout": pairs.by_time, "by_complexity": pairs.by_complexity}
    findings = bench.findings if outcome is None else outcome.findings
    tasks = [
        {
            "task": task.task_order,
            "name": task.task_name,
            "checks": task.inputs.preceding_task.task_order if task.inputs.preceding_task else None,
            "skill": task.skill_id,
            "after": task.dependencies,
            "complexity": task.complexity.score if task.complexity else None,
            "seconds": task.timeout_seconds,
            "delivers": task.delivers.model_dump(mode="json") if task.delivers else {},
            "files": list(task.inputs.files),
        }
        for task in bench.plan.tasks
    ]
    return {
        "run": bench.run.label,
        "document": bench.name,
        "changed": outcome.said if outcome else "",
        "gate": {"name": bench.step.name, "open": bench.step.own_gate.open},
        "waves": [list(wave) for wave in pairs.waves],
        "critical_path": {name: {"makers": list(way), "total": total} for name, (way, total) in paths.items()},
        "tasks": tasks,
        "findings": [str(each) for each in findings],
    }


def _cell(value: object) -> str:
    """A value of a table in a terminal: not longer than can be read in a line."""
    text = "" if value is None else str(value)
    return text if len(text) <= 48 else f"{text[:47]}…"
