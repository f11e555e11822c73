"""An architect goes through a specification in JupyterLab: one document after the other, and then the trace."""

from __future__ import annotations

import pytest

from planning_kit.order import Order
from planning_kit.run import Run

from .lab import Lab

pytestmark = pytest.mark.browser

TEXT = "# Clubs\n\n- A member must be able to join a club with POST /clubs/{clubId}/members.\n- An organiser must be able to list the members of a club.\n"


def begun(lab: Lab) -> Run:
    """A specification whose brief and domains are approved."""
    run, _ = Order(TEXT, recipe="specification", model="offline", outputs=lab.root / lab.folder / "outputs").run()
    for name in ("intake", "scope"):
        run.phase(name).approve("Ann")
    return run


def test_one_document_after_the_other_is_approved_and_the_trace_shows_where_each_passage_went(lab: Lab) -> None:
    run = begun(lab)
    first, second = (step.name for step in run.phases[2:4])
    lab.open("notebooks/3_specification.ipynb")
    lab.run_all()
    lab.wait_run("specification.require()")
    assert lab.text("specification.require()").startswith("Waiting for a decision")
    assert first in lab.text("specification.require()")
    lab.panel().wait_for()
    lab.shot("specification-requirements", "specification.review(reviewer)")
    lab.field("Decided by").fill("Ann Architect")
    lab.click("Approve", clicks=2)
    lab.page.wait_for_function(
        "([at, name]) => window.jupyterapp.shell.currentWidget.content.widgets[at].node.innerText.includes(name)",
        arg=[lab.find("specification.require()"), second],
    )
    assert Run.open(run.folder).phase(first).gate.open
    lab.shot("specification-next", "specification.review(reviewer)")
    lab.click("Have it written (runs all cells; nothing is asked or paid for twice)")
    lab.panel().wait_for()
    lab.wait_run("specification.require()")
    assert run.phase(second).documents and second in lab.text("specification.require()")
    run.steps("3_specification").consult("clean")
    lab.run_all()
    lab.wait_run("trace.of(planning)")
    assert "Every gate is open" in lab.text("specification.review(reviewer)")
    lab.reveal("trace.of(planning)")
    lab.shot("specification-trace", "trace.of(planning)")
    assert lab.blocked == []
