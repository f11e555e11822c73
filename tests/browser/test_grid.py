"""A table in JupyterLab: sorted with mouse and keyboard, filtered, drawn a part at a time; and whole where nobody can click."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, reads, writes

from planning_kit import kernel

from .lab import Lab
from .test_live import KERNEL

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)> \u202eevil"
CELLS = (
    f"""
import pandas
from planning_kit import grid
sure = pandas.Categorical(["low", "high", "medium", "high"], ["low", "medium", "high"], ordered=True)
few = pandas.DataFrame({{"Topic": ["cache 10", "cache 9", "queue", {HOSTILE!r}], "Sure": sure, "Dollars": ["$1,200.00", "~$90.50", None, "$3"]}})
grid.of(few, called="Sessions")
""",
    """
grid.of([(f"T-{n}", f"task {n}", n % 7) for n in range(5000)], ("Id", "Title", "Hours"), called="Tasks")
""",
)


@pytest.fixture(scope="module")
def lab(server: Lab) -> Lab:
    """A notebook with two tables, each shown."""
    server.folder = "grid"
    server.page.set_default_timeout(60_000)
    (server.root / server.folder).mkdir()
    book = new_notebook(cells=[new_code_cell(cell.strip()) for cell in CELLS], metadata={"kernelspec": KERNEL})
    (server.root / server.folder / "tables.ipynb").write_text(writes(book), "utf-8")
    server.open("tables.ipynb")
    server.run_all()
    server.wait_run("range(5000)")
    return server


def grid(lab: Lab, called: str) -> str:
    return f"section.pkg[aria-label={called}]"


def column(lab: Lab, called: str, at: int) -> list[str]:
    """What the drawn rows hold in column ``at``."""
    cells = lab.page.locator(f"{grid(lab, called)} tbody td:nth-child({at + 1})")
    return [str(text) for text in cells.evaluate_all("cells => cells.map(cell => cell.textContent)")]


def head(lab: Lab, called: str, name: str) -> str:
    """How the column called ``name`` is sorted, as it is read aloud."""
    cell = lab.page.locator(f"{grid(lab, called)} th", has=lab.page.get_by_role("button", name=name, exact=True))
    return str(cell.get_attribute("aria-sort"))


def press(lab: Lab, called: str, name: str) -> None:
    lab.page.locator(grid(lab, called)).get_by_role("button", name=name, exact=True).click()


def test_a_click_on_a_header_sorts_by_what_is_meant_and_what_was_sorted_before_decides_between_equals(lab: Lab) -> None:
    lab.reveal("few")
    before = column(lab, "Sessions", 0)
    assert before[:3] == ["cache 10", "cache 9", "queue"] and before[3].endswith("␣U+202Eevil")
    press(lab, "Sessions", "Topic")
    assert head(lab, "Sessions", "Topic") == "ascending"
    assert column(lab, "Sessions", 0)[1:] == ["cache 9", "cache 10", "queue"]
    press(lab, "Sessions", "Sure")
    assert (head(lab, "Sessions", "Topic"), head(lab, "Sessions", "Sure")) == ("none", "ascending")
    assert column(lab, "Sessions", 1) == ["low", "medium", "high", "high"]
    press(lab, "Sessions", "Sure")
    assert column(lab, "Sessions", 1) == ["high", "high", "medium", "low"]
    assert column(lab, "Sessions", 0)[0] == before[3], "by topic among equals, as before"
    press(lab, "Sessions", "Dollars")
    assert column(lab, "Sessions", 2) == ["$3", "~$90.50", "$1,200.00", ""]
    lab.page.keyboard.press("Enter")
    assert column(lab, "Sessions", 2) == ["$1,200.00", "~$90.50", "$3", ""], "what says nothing stays last"
    lab.shot("grid-sorted", "few")
    lab.page.keyboard.press("Enter")
    lab.page.keyboard.press("Shift+Tab")
    lab.page.keyboard.press("Space")
    press(lab, "Sessions", "As it was")
    assert column(lab, "Sessions", 0) == before
    assert lab.page.locator(f"{grid(lab, 'Sessions')} img").count() == 0
    assert lab.blocked == []


def test_a_filter_goes_over_all_rows_and_says_how_many_are_left_and_only_some_are_drawn(lab: Lab) -> None:
    lab.reveal("range(5000)")
    cells = len(lab.cells())
    table = lab.page.locator(grid(lab, "Tasks"))
    count = table.get_by_role("status")
    assert count.inner_text() == "5,000 of 5,000 rows" and len(column(lab, "Tasks", 0)) == 200
    table.get_by_role("searchbox").press_sequentially("task 499 b d")
    assert count.inner_text() == "0 of 5,000 rows" and len(lab.cells()) == cells
    table.get_by_role("searchbox").fill("TASK 499")
    assert count.inner_text() == "15 of 5,000 rows"
    assert column(lab, "Tasks", 0)[:6] == ["T-499", "T-1499", "T-2499", "T-3499", "T-4499", "T-4990"]
    table.get_by_role("searchbox").fill("")
    press(lab, "Tasks", "Id")
    press(lab, "Tasks", "Id")
    assert column(lab, "Tasks", 0)[:2] == ["T-4999", "T-4998"]
    table.get_by_role("button", name="Show 200 more").click()
    assert len(column(lab, "Tasks", 0)) == 400
    table.get_by_role("searchbox").fill("task 12")
    lab.page.wait_for_timeout(300)
    lab.shot("grid-filtered", "range(5000)")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    lab.page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    lab.shot("grid-filtered-dark", "range(5000)")
    lab.page.evaluate("() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})")


def test_every_row_is_in_the_notebook_without_a_kernel_and_in_an_executed_copy(lab: Lab, tmp_path: Path) -> None:
    saved = json.dumps(lab.save(), ensure_ascii=False)
    assert "T-0" in saved and "T-4999" in saved and "cache 10" in saved
    copy = tmp_path / "copy.ipynb"
    with ThreadPoolExecutor(1) as aside:  # this thread's event loop is the browser's
        done = aside.submit(kernel.execute, lab.root / lab.name, copy, {}, tmp_path, {"PLANNING_KIT_HEADLESS": "1"})
    assert done.result() is None
    few, tasks = ([out.data for out in cell.outputs] for cell in reads(copy.read_text("utf-8")).cells if cell.outputs)
    assert [sorted(each) for each in (*few, *tasks)] == [["text/html", "text/plain"]] * 2
    assert tasks[0]["text/html"].count("<tr>") == 5001 and "&lt;img" in few[0]["text/html"]
