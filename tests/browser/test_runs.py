"""The notebook of all runs in JupyterLab: what waits for me, the way to the notebook of a run, and two runs side by side."""

from __future__ import annotations

import pytest

from planning_kit.fork import Fork
from planning_kit.order import Order

from ..authors import agreed
from .lab import Lab

pytestmark = pytest.mark.browser


def test_runs_are_listed_opened_and_compared(lab: Lab) -> None:
    lab.open("notebooks/0_runs.ipynb")
    lab.run_all()
    lab.wait_text("There are not two runs in")
    lab.shot("runs-none")
    one, _ = Order(model="offline", outputs=lab.root / lab.folder / "outputs").run()
    agreed(one)
    consulted = one.phase("consultants").consult()
    other = Fork(one, "consultants", ("lookup=on",)).begin().run
    other.phase("consultants").consult().approve("Bob")  # type: ignore[attr-defined]
    lab.run_all()
    lab.wait_run("both = ")
    assert one.label in lab.text("open_runs(outputs)") and other.label in lab.text("open_runs(outputs)")
    assert f"fork of {one.label} from phase 'consultants'" in lab.text("both = ")
    assert f'5_consultants.ipynb: run = "{one.label}"' in lab.text("every.awaiting")
    assert other.label not in lab.text("every.awaiting")
    assert not consulted.gate.open
    lab.shot("runs-table", "open_runs(outputs)")
    lab.shot("runs-awaiting", "every.awaiting")
    lab.shot("runs-pandas", "every.table")
    lab.shot("runs-compared", "both = ")
    lab.shot("runs-page")
    lab.page.get_by_role("link", name="5_consultants.ipynb").first.click()
    lab.page.wait_for_function(
        "path => window.jupyterapp.shell.currentWidget?.context?.path === path",
        arg=f"{lab.folder}/notebooks/5_consultants.ipynb",
    )
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.widgets.length > 5")
    lab.shot("runs-opened")
    assert lab.blocked == []
