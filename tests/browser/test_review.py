"""An architect in JupyterLab: run all, read, approve, go on; nothing left behind but what was decided."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning_kit import pipeline
from planning_kit.run import Run
from planning_kit.runs import find_run

from ..authors import agreed
from .lab import Lab, session

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    with session(folder / "work", folder, Path(os.environ.get("BROWSER_SHOTS") or folder / "shots")) as lab:
        yield lab


@pytest.fixture
def lab(server: Lab, request: pytest.FixtureRequest) -> Lab:
    """The open JupyterLab, in a folder of this test's own."""
    server.folder = request.function.__name__
    shutil.copytree(pipeline.notebooks_folder(), server.root / server.folder / "notebooks")
    return server


def latest(lab: Lab) -> Run:
    return find_run("", lab.root / lab.folder / "outputs")


def pause(lab: Lab, phase: str) -> None:
    """See it pause at the gate."""
    required = f"{phase}.require()"
    lab.wait_run(required)
    assert lab.text(required).startswith("Waiting for a decision")
    assert not any(output["output_type"] == "error" for output in lab.outputs(required))
    lab.shot(f"{phase}-waiting", f"{phase}.review(reviewer)")
    lab.shot(f"{phase}-paused", required)
    lab.shot(f"{phase}-page")


def approve(lab: Lab, phase: str, name: str) -> None:
    """See it pause at the gate, approve as ``name``, have the cells below run."""
    pause(lab, phase)
    field = lab.page.get_by_role("textbox", name="Decided by")
    field.fill(name)
    lab.click("Approve", clicks=2)
    lab.wait_text(f"{phase.capitalize()}: approved by")
    assert lab.page.get_by_role("button", name="Approve", exact=True).count() == 0
    lab.shot(f"{phase}-approved", f"{phase}.review(reviewer)")
    lab.click("Run the cells below")
    required = lab.find(f"{phase}.require()")
    lab.page.wait_for_function(
        "at => !window.jupyterapp.shell.currentWidget.content.widgets[at].node.innerText.includes('Waiting for')",
        arg=required,
    )
    lab.wait_run(f"{phase}.require()")
    lab.shot(f"{phase}-passed")


def test_an_architect_plans_the_sample_brief_in_four_notebooks(lab: Lab) -> None:
    for notebook, *gates in (
        ("1_intake", "intake", "scope"),
        ("2_research", "research"),
        ("5_consultants", "consultants"),
        ("6_synthesis", "synthesis"),
    ):
        lab.open(f"notebooks/{notebook}.ipynb")
        lab.run_all()
        for phase in gates:
            approve(lab, phase, "Ann Architect")
            decided = latest(lab).journal.of("decided", phase=phase)
            assert [(d.body["verdict"], d.body["by"], d.body["how"]) for d in decided] == [
                ("approved", "Ann Architect", "person")
            ]
        saved = json.dumps(lab.save())
        assert "widget-view" not in saved
        assert "data-commandlinker" not in saved
        assert "approved by Ann Architect" in saved
    assert latest(lab).finished
    assert "Design complete" in lab.text("receipts")
    assert lab.blocked == []


def test_the_intake_is_corrected_in_place_and_what_was_corrected_is_approved(lab: Lab) -> None:
    lab.open("notebooks/1_intake.ipynb")
    lab.run_all()
    lab.wait_run("intake.require()")
    lab.page.get_by_role("textbox", name="Passages").fill("P2 konstraint")
    lab.click("Approve")
    lab.wait_text("no such class: 'konstraint'")
    lab.shot("intake-refused", "intake.review(reviewer)")
    lab.page.get_by_role("textbox", name="Passages").fill("P2 constraint")
    lab.click("Approve")
    lab.wait_text("approved by")
    assert latest(lab).sheet.now.classes["P2"] == "constraint"
    lab.click("Run the cells below")
    lab.page.get_by_role("textbox", name="Correct").wait_for()
    lab.wait_run("scope.require()")
    domains = lab.page.get_by_role("textbox", name="Correct")
    name = latest(lab).sheet.now.domains[0].name
    domains.fill(domains.input_value().replace(f"- name: {name}\n", "- name: my-own\n"))
    lab.shot("scope-corrected", "scope.review(reviewer)")
    lab.click("Approve")
    lab.wait_text("Scope: approved by")
    run = latest(lab)
    assert run.sheet.now.domains[0].name == "my-own"
    assert run.phase("scope").gate.open
    assert "widget-view" not in json.dumps(lab.save())


def test_what_changed_since_it_was_shown_is_shown_again_before_it_can_be_approved(lab: Lab) -> None:
    lab.open("notebooks/1_intake.ipynb")
    lab.run_all()
    agreed(latest(lab), "Ann")
    lab.open("notebooks/5_consultants.ipynb")
    lab.run_all()
    lab.wait_run("require()")
    consultants = latest(lab).phase("consultants")
    edited = consultants.path(consultants.names[0])
    edited.write_text(edited.read_text("utf-8") + "\nEdited by hand while it was on the screen.\n", "utf-8")
    lab.click("Approve")
    lab.wait_text("changed since they were shown")
    assert consultants.gate.decision is None
    assert "Edited by hand while it was on the screen." in lab.text("review(reviewer)")
    lab.shot("changed", "review(reviewer)")
    lab.click("Approve")
    lab.wait_text("approved by")
    assert consultants.gate.open


def test_sending_back_needs_a_remark_and_the_next_draft_gets_it(lab: Lab) -> None:
    lab.open("notebooks/1_intake.ipynb")
    lab.run_all()
    agreed(latest(lab), "Ann")
    lab.open("notebooks/5_consultants.ipynb")
    lab.run_all()
    lab.wait_run("require()")
    lab.click("Send back")
    lab.wait_text("needs a comment")
    lab.page.get_by_role("textbox", name="Comment").fill("Appointments must carry a cancellation reason.")
    lab.click("Send back")
    lab.wait_text("sent back by")
    lab.shot("sent-back", "review(reviewer)")
    consultants = latest(lab).phase("consultants")
    before = dict(consultants.subject)
    lab.run_all()
    lab.wait_run("require()")
    assert consultants.subject != before
    assert consultants.returned[-1].comment == "Appointments must carry a cancellation reason."
