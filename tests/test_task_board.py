"""The board and the command: a change is a new version by a person, closes the gate, is checked, refused when it is late, and can be taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from planning_kit import board, cli
from planning_kit.bench import Bench
from planning_kit.board import Board
from planning_kit.errors import AwaitingApproval, OptionRefused
from planning_kit.model import Request
from planning_kit.order import Order
from planning_kit.run import Run
from planning_kit.tasks.model import TaskPlan

from .authors import Writer, good
from .small_runs import begin
from .some_tasks import sketch, with_recipe

ANN = "Ann Architect <ann@example.org>"
NAME = "task-plan.json"


class Planner(Writer):
    """Answers a sketch of five makers."""

    def write(self, request: Request) -> str:
        return sketch().text if request.seat == "task-planner" else good(request)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A task plan that is written and approved."""
    with_recipe(tmp_path)
    (tmp_path / "notes.md").write_text("# Notes\n\nReaders must be able to read notes over HTTP.\n")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Bob Builder")
    monkeypatch.chdir(tmp_path)
    made, _ = Order("notes.md", "small-tasks", "claude-sonnet-5-5", tmp_path / "outputs").run()
    made = opened(made)
    made.phase("intake").approve(ANN)
    made.phase("scope").consult().approve(ANN)
    made.phase("tasks").consult().approve(ANN)
    made.phase("task-page").consult()
    return made


def opened(run: Run) -> Run:
    return Run.open(run.folder, author=Planner)


def text(run: Run) -> str:
    document = run.shelf.document(NAME)
    assert document is not None
    return document.text


def names(run: Run) -> list[str]:
    return [task.task_name for task in TaskPlan.read(text(run)).makers]


class Heard:
    """What a form is sent."""

    def __init__(self, shown: Board) -> None:
        self.board, self.replies = shown.state, list[dict[str, Any]]()

    def send(self, reply: dict[str, Any]) -> None:
        self.replies.append(reply)


def test_a_change_is_a_new_version_that_closes_the_gate_until_it_is_taken_back_or_approved(run: Run) -> None:
    bench, before = Bench(run), text(run)
    assert run.phase("tasks").own_gate.open and not bench.can_undo
    done = bench.drop(9, ANN)
    assert done.said.startswith(f"Task 9 'Test all of it' and its critique are dropped; nobody delivers any more: p95 below 300 ms. A new version by {ANN}; ")  # fmt: skip
    assert done.said.endswith("; the gate 'tasks' is closed until this is approved.")
    assert not run.phase("tasks").own_gate.open and run.shelf.editors(NAME)
    bench.merge(3, 5, by=ANN)
    assert names(run) == ["Build skeleton", "Build events; Build bookings", "Build reports"]
    bench.undo()
    assert len(names(run)) == 4
    assert bench.undo(ANN).said.endswith("the gate 'tasks' is open, because this is what was approved.")
    assert text(run) == before and run.phase("tasks").own_gate.open
    with pytest.raises(OptionRefused, match="nothing was changed in task-plan.json since it was written"):
        bench.undo()
    bench.move(5, 3)
    run.phase("tasks").approve(ANN)
    run.phase("task-page").consult()
    page = run.shelf.document("task-plan.md")
    assert page is not None and page.text.index("### 3 Build bookings") < page.text.index("### 5 Build events")
    assert [str(each.body.get("by")) for each in run.shelf.history(NAME)][-1].startswith("Bob Builder")


def test_what_changes_nothing_is_not_recorded_and_what_was_changed_meanwhile_is_refused(run: Run) -> None:
    bench, records = Bench(run), len(tuple(run.journal))
    seen = run.shelf.digest(NAME)
    assert bench.move(3, 5).said == "The plan is as it was; nothing is recorded."
    assert len(tuple(run.journal)) == records and run.phase("tasks").own_gate.open
    Bench(opened(run)).drop(9, ANN)
    with pytest.raises(AwaitingApproval, match="task-plan.json changed since it was shown"):
        bench.drop(3, ANN, seen)
    assert len(names(run)) == 4


def test_a_text_that_is_no_plan_is_one_line_and_what_is_not_written_says_how_it_will_be(run: Run) -> None:
    bench = Bench(run)
    run.shelf.path(NAME).write_text('{"status": "planned"}')
    with pytest.raises(OptionRefused, match="task-plan.json is no task plan; mend it, or send it back"):
        bench.drop(3)
    assert "is no task plan" in board.of(run).shown.text
    run.shelf.path(NAME).unlink()
    with pytest.raises(AwaitingApproval, match="task-plan.json is not written yet"):
        bench.drop(3)
    assert "is not written yet" in board.of(run).shown.text


def test_a_recipe_without_tasks_has_no_board(tmp_path: Path) -> None:
    with pytest.raises(OptionRefused, match="the recipe 'small' makes no task plan; full-plan and task-plan do"):
        board.of(begin(tmp_path / "other"))


def test_the_form_does_what_it_is_asked_once_and_says_in_one_line_why_it_does_not(run: Run) -> None:
    shown = board.of(run)
    shown.widget = heard = Heard(shown)
    seen = shown.state["seen"]
    for id in (1, 2):
        shown.hear({"id": id, "do": "drop", "order": 9, "by": ANN, "seen": seen})
    assert [each["to"] for each in heard.replies] == [1, 2] and heard.replies[0]["said"] == heard.replies[1]["said"]
    assert len(names(run)) == 4, "a double click is one change"
    shown.hear({"id": 3, "do": "drop", "order": 3, "by": ANN, "seen": seen})
    assert heard.replies[-1] == {"to": 3, "done": False, "said": "task-plan.json changed since it was shown; look at it again"}  # fmt: skip
    now = shown.state["seen"]
    shown.hear({"id": 4, "do": "move", "order": 3, "other": 1, "by": ANN, "seen": now})
    assert heard.replies[-1]["said"] == "task 3 'Build events' needs 1 'Build skeleton'; it cannot stand before it"
    shown.hear({"id": 5, "do": "split", "order": 3, "name": "Read events", "takes": ["GET /events"], "by": ANN, "seen": now})  # fmt: skip
    assert heard.replies[-1]["done"] and names(run)[2] == "Read events"
    shown.hear({"id": 6, "do": "undo", "by": ANN, "seen": shown.state["seen"]})
    shown.hear({"id": 7, "do": "merge", "order": 3, "other": 5, "by": ANN, "seen": shown.state["seen"]})
    assert names(run)[1] == "Build events; Build bookings"
    shown.hear({"id": 8, "do": "drop", "order": 3, "by": " ", "seen": shown.state["seen"]})
    assert heard.replies[-1]["said"] == "say who changes the plan: fill in 'Changed by'"
    for wrong in ({"do": "format"}, {"do": "drop", "order": "many"}, {"do": "split"}, {}):
        shown.hear({"id": 8, "by": ANN, "seen": shown.state["seen"], **wrong})
        assert heard.replies[-1]["said"] and len(names(run)) == 3


def test_without_a_kernel_every_task_stands_in_a_table_and_both_pictures_below(run: Run) -> None:
    shown = board.of(run).shown
    assert shown.html.count("<tr>") == 11 and shown.html.count("data:image/svg+xml") == 2
    assert "QA: Validate Build events" in shown.text and "critical path by time limits, 6 h 45 min: 1, 5, 7, 9" in shown.text  # fmt: skip
    assert set(board.of(run)._repr_mimebundle_()) == {"text/html", "text/plain"}


def test_those_who_type_have_the_same_and_see_what_the_checks_find(run: Run) -> None:
    typed = board.of(run)
    typed.split(3, {"Read events": ["GET /events"]}, by=ANN)
    typed.merge(3, 5, "Events", ANN)
    typed.move(5, 3, ANN)
    typed.undo(ANN)
    said = typed.drop(9, ANN)._repr_mimebundle_()["text/plain"]
    assert said.startswith("Task 9 'Test all of it' and its critique are dropped; nobody delivers any more: p95")
    assert names(run) == ["Build skeleton", "Events", "Build bookings", "Build reports"]


def command(run: Run, *more: str) -> int:
    return cli.main(["tasks", str(run.folder), *more])


def test_the_command_shows_the_tasks_and_does_what_the_board_does(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    command(run)
    said = capsys.readouterr().out
    assert "wave 2: 3, 5" in said and "critical path by complexity, 18 points: 1, 5, 7, 9" in said
    command(run, "--split", "3", "--part", "Read events", "GET /events", "--by", ANN)
    assert "Task 3 'Build events' is split into 2. A new version by Ann Architect" in capsys.readouterr().out
    command(run, "--merge", "3", "5", "--name", "Events", "--by", ANN)
    command(run, "--move", "5", "--before", "3")
    command(run, "--drop", "9")
    assert "by Bob Builder" in capsys.readouterr().out
    assert names(run) == ["Build skeleton", "Build bookings", "Events", "Build reports"]
    command(run, "--undo")
    capsys.readouterr()
    command(run, "--json")
    facts = json.loads(capsys.readouterr().out)
    assert facts["waves"] == [[1], [3, 5], [7], [9]] and facts["gate"] == {"name": "tasks", "open": False}
    assert facts["tasks"][2]["delivers"]["tables"] == ["bookings"] and facts["tasks"][3]["checks"] == 3


def test_what_the_command_cannot_do_is_one_line_and_status_2(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    before = text(run)
    for more, said in (
        (("--drop", "4"), "task 4 is a critique and follows from its maker; change task 3"),
        (("--before", "3"), "--before belongs to --move N"),
        (("--name", "x"), "--name belongs to --merge A B"),
        (("--part", "x", "events"), "--part belongs to --split N"),
        (("--split", "3", "--part", "x", "events", "--part", "x", "GET /events"), "two parts have one name; give each a name of its own"),
        (("--split", "3"), "say what becomes a task of its own: a name, and what of task 3 'Build events' goes into it"),
        (("--drop", "3", "--move", "5"), "not allowed with argument"),
    ):  # fmt: skip
        assert command(run, *more) == 2
        out = capsys.readouterr()
        assert said in out.err and len(out.err.splitlines()) == 1 and not out.out
    assert text(run) == before
