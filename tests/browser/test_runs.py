"""The notebook of all runs in JupyterLab: what waits for me, the way to the notebook of a run, and two runs side by side."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning_kit import pipeline
from planning_kit.fork import Fork
from planning_kit.order import Order

from ..authors import agreed
from .lab import Lab, session

pytestmark = pytest.mark.browser


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with session(tmp_path / "work", tmp_path, Path(os.environ.get("BROWSER_SHOTS") or tmp_path / "shots")) as lab:
        shutil.copytree(pipeline.notebooks_folder(), lab.root / "notebooks")
        yield lab


def test_runs_are_listed_opened_and_compared(lab: Lab) -> None:
    lab.open("notebooks/0_runs.ipynb")
    lab.run_all()
    lab.wait_text("There are not two runs in")
    lab.shot("runs-none")
    one, _ = Order(model="offline", outputs=lab.root / "outputs").run()
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
        "() => window.jupyterapp.shell.currentWidget?.context?.path === 'notebooks/5_consultants.ipynb'"
    )
    lab.page.wait_for_function("() => window.jupyterapp.shell.currentWidget.content.widgets.length > 5")
    lab.shot("runs-opened")
    assert lab.blocked == []
