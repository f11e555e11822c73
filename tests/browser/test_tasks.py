"""An architect at the board of a task plan: looks through the tasks, changes them, takes a change back, and approves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from planning_kit.order import Order
from planning_kit.run import Run
from planning_kit.tasks.model import TaskPlan

from ..some_tasks import clinic, with_recipe
from .lab import Lab

pytestmark = pytest.mark.browser

NAME = "task-plan.json"
TEXT = "# Clubs\n\n- A member must be able to join a club with POST /clubs/{clubId}/members.\n"
SHOWN = "tasks_board = board.of(planning)"


def begun(lab: Lab) -> Run:
    """A task plan of five makers that waits for its approval."""
    folder = lab.root / lab.folder
    with_recipe(folder)
    (folder / "clubs.md").write_text(TEXT)
    run, _ = Order(str(folder / "clubs.md"), recipe="small-tasks", model="offline", outputs=folder / "outputs").run()
    for name in ("intake", "scope"):
        run.phase(name).consult().approve("Ann")
    run.phase("tasks").edit(NAME, clinic().text, "Planner", "")  # type: ignore[attr-defined]
    return run


def names(run: Run) -> list[str]:
    """The makers as they are on the disk."""
    document = Run.open(run.folder).shelf.document(NAME)
    assert document is not None
    return [task.task_name for task in TaskPlan.read(document.text).makers]


def drawn(table: Locator) -> list[str]:
    """The numbers of the rows that are drawn."""
    return [str(each) for each in table.locator("tbody td:first-child").all_inner_texts()]


def test_a_plan_is_sorted_filtered_split_merged_moved_and_cut_then_approved_as_it_stands(lab: Lab) -> None:
    run = begun(lab)
    lab.open("notebooks/7_tasks.ipynb")
    lab.run_all()
    lab.wait_run("tasks.require()")
    lab.reveal(SHOWN)
    table = lab.page.locator("section.pkg[aria-label=Tasks]")
    form = lab.page.get_by_role("region", name="Change the tasks")
    said = form.get_by_role("status")
    table.get_by_role("button", name="Minutes", exact=True).click(click_count=2, delay=50)
    assert drawn(table)[0] == "5", "the longest first"
    table.get_by_role("searchbox").fill("maker /reports")
    assert drawn(table) == ["7"]
    table.get_by_role("searchbox").fill("maker")

    form.get_by_label("Task", exact=True).select_option("3")
    form.get_by_label("Move in front of").select_option("1")
    form.get_by_role("button", name="Move").click()
    expect(said).to_contain_text("task 3 'Build events' needs 1 'Build skeleton'; it cannot stand before it")
    lab.shot("tasks-refused", SHOWN)

    form.get_by_label("Changed by").fill("Ann Architect")
    form.get_by_role("checkbox", name="GET /events").check()
    form.get_by_role("checkbox", name="422 names the field").check()
    form.get_by_label("Name of the new task").fill("Read the events")
    form.get_by_role("button", name="Split").dblclick()
    expect(said).to_contain_text("Task 3 'Build events' is split into 2. A new version by Ann Architect")
    assert names(run)[1:3] == ["Build events", "Read the events"] and len(names(run)) == 6, (
        "a double click is one split"
    )
    expect(table.locator("tbody")).to_contain_text("Read the events")
    assert table.get_by_role("searchbox").input_value() == "maker", "it is still filtered"

    form.get_by_label("Merge with it").select_option("7")
    form.get_by_role("button", name="Merge").click()
    expect(said).to_contain_text("Task 7 'Build bookings' is merged into 3 'Build events'")
    form.get_by_role("button", name="Undo the last change").click()
    expect(said).to_contain_text("The last change is taken back")
    form.get_by_label("Task", exact=True).select_option("7")
    form.get_by_label("Move in front of").select_option("3")
    form.get_by_role("button", name="Move").click()
    expect(said).to_contain_text("is moved in front of 3")
    assert names(run)[1] == "Build bookings"
    form.get_by_label("Task", exact=True).select_option("11")
    form.get_by_role("button", name="Drop the task").click()
    expect(said).to_contain_text("nobody delivers any more: p95 below 300 ms")
    assert names(run) == ["Build skeleton", "Build bookings", "Build events", "Read the events", "Build reports"]
    lab.shot("tasks-changed", SHOWN)

    lab.save()
    lab.page.reload()
    lab.ready()
    lab.reveal(SHOWN)
    expect(lab.page.locator("section.pkg[aria-label=Tasks] tbody")).to_contain_text("Read the events")
    lab.shot("tasks-reloaded", SHOWN)
    lab.reveal("tasks.review(reviewer)")
    lab.run_cell(lab.find("tasks.review(reviewer)"))
    lab.panel().wait_for()
    lab.field("Decided by").fill("Ann Architect")
    lab.click("Approve")
    lab.page.locator(".pk:not(.pk-settled)").wait_for(state="detached")
    decided = Run.open(run.folder).phase("tasks")
    assert decided.own_gate.open and decided.own_gate.decision and decided.own_gate.decision.by == "Ann Architect"
    lab.reveal(SHOWN)
    lab.shot("tasks-approved", SHOWN)
    assert lab.blocked == []
