"""Watching consultants write in JupyterLab: all seats at once, the text as it appears, Stop, and what stays in the notebook."""

from __future__ import annotations

import json

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from planning_kit.loopback import Loopback
from planning_kit.order import Order
from planning_kit.run import Run

from ..authors import agreed
from ..test_model_run import KEY, TEXT, written
from .lab import Lab

pytestmark = pytest.mark.browser

OPENED = """
import os
os.environ |= {{"ANTHROPIC_BASE_URL": "{url}", "ANTHROPIC_API_KEY": "{key}", "NO_PROXY": "127.0.0.1"}}
from planning_kit import open_run
run = open_run("{run}")
"""
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
WATCHED = ".pkl-line"


@pytest.fixture
def lab(server: Lab, request: pytest.FixtureRequest) -> Lab:
    server.folder = request.function.__name__
    server.page.set_default_timeout(60_000)
    return server


def begun(lab: Lab, model: Loopback, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run whose consultants are to be asked next, and the notebook open that asks them."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", model.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    folder = lab.root / lab.folder
    run = agreed(Order(TEXT, model="claude-sonnet-5-5", outputs=folder / "outputs").run()[0], "Ann")
    cells = [
        OPENED.format(url=model.url, key=KEY, run=run.folder),
        'run.phase("consultants").consult();',
        "print(6 * 7)",
    ]
    book = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": KERNEL})
    (folder / "watch.ipynb").write_text(writes(book), "utf-8")
    lab.open("watch.ipynb")
    return run


def states(lab: Lab) -> list[str]:
    return [
        str(state) for state in lab.page.locator(WATCHED).evaluate_all("rows => rows.map(row => row.dataset.state)")
    ]


def test_all_seats_are_seen_writing_at_once_and_a_table_stays(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    with Loopback(written, script=["thinking"] * 5, pace=25.0) as model:
        run = begun(lab, model, monkeypatch)
        lab.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
        writing = "() => document.querySelectorAll('.pkl-line[data-state=writing]').length > 1"
        lab.page.wait_for_function(writing)
        lab.page.wait_for_function(
            "() => [...document.querySelectorAll('.pkl-tail')].filter(e => e.innerText).length > 1"
        )
        lab.shot("live-writing")
        assert len(states(lab)) == 5
        assert lab.page.get_by_role("status").first.inner_text().startswith("consultants: ")
        lab.page.evaluate(
            "() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})"
        )
        lab.page.wait_for_function(
            "() => document.body.dataset.jpThemeLight === 'false' && !document.querySelector('#jupyterlab-splash')"
        )
        lab.shot("live-writing-dark")
        lab.page.evaluate(
            "() => window.jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Light'})"
        )
        lab.wait_run("6 * 7")
    assert lab.page.locator(WATCHED).count() == 0
    lab.shot("live-ended")
    assert lab.text("consult()").startswith("consultants: 5 of 5 written")
    saved = json.dumps(lab.save())
    assert "widget-view" not in saved and "5 of 5 written" in saved
    assert len(run.phase("consultants").documents) == 5
    assert lab.blocked == []


def test_stop_lets_land_what_is_under_way_and_the_cell_goes_on_from_there(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback(written, pace=25.0) as model:
        run = begun(lab, model, monkeypatch)
        lab.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
        lab.page.wait_for_function("() => document.querySelectorAll('.pkl-line[data-state=writing]').length === 5")
        lab.command("notebook:interrupt-kernel")
        lab.page.locator(".pkl-note").get_by_text("Nothing new is asked").wait_for()
        lab.shot("live-interrupted")
        asked = len(model.requests)
        lab.wait_run("consult()")
        lab.wait_text("Interrupted; finished answers are kept")
        lab.shot("live-stopped")
        assert "seats have handed in" in lab.text("consult()")
        assert not any(output["output_type"] == "error" for output in lab.outputs("consult()"))
        assert len(model.requests) == asked == 5
        assert run.ledger.account.calls == 6
        assert lab.outputs("6 * 7") == []
        lab.run_all()
        lab.wait_run("6 * 7")
        assert len(model.requests) == asked and len(run.phase("consultants").documents) == 5
