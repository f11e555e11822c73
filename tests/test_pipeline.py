"""The notebooks are run in order as far as the gates let them; what happened is read off the journal."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning_kit import pipeline
from planning_kit.errors import AwaitingApproval, KernelDied, OptionRefused
from planning_kit.order import Order
from planning_kit.pipeline import Event
from planning_kit.run import Run

from .authors import agreed

BRIEF = """# Library loans

Members borrow books. A member has a name and an e-mail address. A book has a title and an ISBN.

- A member must be able to borrow a book for 21 days.
- A librarian must be able to list overdue loans.
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Order(BRIEF, model="offline", outputs=tmp_path / "outputs").run()[0]


def executed(run: Run) -> list[str]:
    """The executed notebooks there are."""
    return sorted(path.name for path in (run.folder / "notebooks").glob("*"))


def children(process: str = "self") -> Iterator[int]:
    """The processes this one started."""
    for task in Path(f"/proc/{process}/task").iterdir():
        yield from map(int, (task / "children").read_text().split())


def test_a_person_is_waited_for_before_anything_is_asked_and_the_copy_names_the_run_as_its_own_folder(run: Run) -> None:
    with pytest.raises(
        AwaitingApproval, match=r"gate 'intake' is closed: nobody has decided yet.*planning-kit approve"
    ):
        pipeline.carry(run, "person")
    assert executed(run) == ["1_intake.ipynb"]
    assert not pipeline.complete(run.folder / "notebooks" / "1_intake.ipynb")
    assert not list((run.folder / "documents").glob("**/*.md"))
    book = json.loads((run.folder / "notebooks" / "1_intake.ipynb").read_text("utf-8"))
    assert book["metadata"]["papermill"]["parameters"] == {"run": ".", "reviewer": "person"}
    assert str(run.folder) not in json.dumps(book)


@pytest.mark.long
def test_a_finished_run_starts_no_kernel_and_loads_no_papermill(run: Run) -> None:
    while not run.finished:
        try:
            pipeline.carry(run, "clean")
        except AwaitingApproval:
            next(phase for phase in run.phases if not phase.gate.open).approve("Ann")
    pipeline.carry(run, "clean")
    again = (
        "import sys; from pathlib import Path; from planning_kit.run import Run; from planning_kit import pipeline;"
        f"events = []; pipeline.carry(Run.open(Path({str(run.folder)!r})), 'clean', events.append);"
        "print(*[e.kind + ' ' + e.notebook for e in events], 'papermill' in sys.modules, 'jupyter_client' in sys.modules, sep='\\n')"
    )
    said = subprocess.run([sys.executable, "-c", again], check=True, capture_output=True, text=True).stdout
    assert said.splitlines() == [
        "kept 1_intake",
        "kept 2_research",
        "kept 5_consultants",
        "kept 6_synthesis",
        "False",
        "False",
    ]


@pytest.mark.long
def test_a_killed_kernel_is_a_stopped_run_and_the_same_call_finishes_it(run: Run) -> None:
    agreed(run, "Ann")
    killed: list[int] = []
    there = set(children())  # what other tests of this process keep running

    def watch(event: Event) -> None:
        if event.kind == "progress" and not killed:
            killed.extend(set(children()) - there)
            for child in killed:
                os.kill(child, signal.SIGKILL)

    with pytest.raises(
        KernelDied, match=r"the kernel of 5_consultants ended in cell \d+ .*the same command carries on"
    ):
        pipeline.carry(run, "clean", watch)
    assert killed
    assert not run.phase("consultants").gate.open
    with contextlib.suppress(AwaitingApproval):
        pipeline.carry(run, "clean")
    assert all(run.phase("consultants").subject.values())


@pytest.mark.long
def test_who_watches_is_told_what_starts_what_is_written_and_what_ends(run: Run) -> None:
    agreed(run, "Ann")
    events: list[Event] = []
    with pytest.raises(AwaitingApproval):
        pipeline.carry(run, "person", events.append)
    told = [(event.kind, event.notebook) for event in events if event.kind != "progress"]
    assert told == [
        (kind, name) for name in ("1_intake", "2_research", "5_consultants") for kind in ("started", "finished")
    ]
    seats = {seat.seat for event in events if event.snapshot for seat in event.snapshot.seats}
    assert seats == {seat.name for seat in run.phase("consultants").seats}


@pytest.mark.parametrize(
    ("name", "value"), [("api_key", "x"), ("brief", "sk-ant-api03-" + "Abc123Xyz9" * 4), ("db_password", "hunter2")]
)
def test_a_secret_is_refused_as_a_parameter_before_anything_starts(run: Run, name: str, value: str) -> None:
    with pytest.raises(OptionRefused, match=f"the parameter '{name}' looks like a secret") as refused:
        pipeline.run_notebooks(run, reviewer="person", parameters={name: value})
    assert value not in str(refused.value)
    assert executed(run) == []


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"cells": [], "metadata": {"papermill": {"end_time": "x"}}}']
)
def test_what_is_no_executed_notebook_is_not_complete(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.ipynb").write_text(content)
    assert not pipeline.complete(tmp_path / "a.ipynb")
    assert not pipeline.complete(tmp_path / "b.ipynb")
