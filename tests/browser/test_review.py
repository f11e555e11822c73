"""An architect in JupyterLab: watch, read, comment, send back, edit, approve, come back; nothing left behind but what was decided."""

from __future__ import annotations

import contextlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import TimeoutError

from planning_kit import kernel, pipeline
from planning_kit.loopback import Loopback, asked
from planning_kit.loopback.answers import answered
from planning_kit.order import Order
from planning_kit.run import Run
from planning_kit.runs import find_run

from ..authors import FACTS, PARTS, agreed
from .lab import Lab

pytestmark = pytest.mark.browser

KEY = "sk-ant-api03-" + "k" * 40
TEXT = "Readers must be able to read notes over HTTP."
NOTE = "Say how many notes come back at once."
PASSED = "at => !window.jupyterapp.shell.currentWidget.content.widgets[at].node.innerText.includes('Waiting for')"


def latest(lab: Lab) -> Run:
    return find_run("", lab.root / lab.folder / "outputs")


def pause(lab: Lab, phase: str) -> None:
    """See it pause at the gate."""
    required = f"{phase}.require()"
    lab.wait_run(required)
    assert lab.text(required).startswith("Waiting for a decision")
    assert not any(output["output_type"] == "error" for output in lab.outputs(required))
    lab.panel().wait_for()


def decided(lab: Lab, phase: str) -> None:
    """See the cells below run by themselves, and the card in the panel's place."""
    lab.page.wait_for_function(PASSED, arg=lab.find(f"{phase}.require()"))
    lab.wait_run(f"{phase}.require()")
    assert f"{phase.capitalize()}: approved by Ann Architect" in lab.text(f"{phase}.review(reviewer)")
    assert f"Gate '{phase}' is open: approved by Ann Architect" in lab.text(f"{phase}.require()")


def approve(lab: Lab, phase: str) -> None:
    lab.field("Decided by").fill("Ann Architect")
    lab.click("Approve", clicks=2)
    decided(lab, phase)
    (record,) = latest(lab).journal.of("decided", phase=phase)
    assert (record.body["verdict"], record.body["by"], record.body["how"]) == ("approved", "Ann Architect", "person")


def static(lab: Lab) -> str:
    """The saved notebook, in which neither a widget nor a button is left."""
    saved = json.dumps(lab.save())
    assert "widget-view" not in saved and "data-commandlinker" not in saved
    return saved


def test_the_intake_is_corrected_in_place_and_what_was_corrected_is_approved(lab: Lab) -> None:
    lab.open("notebooks/1_intake.ipynb")
    lab.run_all()
    pause(lab, "intake")
    lab.field("Passages").fill("P2 konstraint")
    lab.click("Approve")
    lab.wait_text("no such class: 'konstraint'")
    lab.shot("intake-refused", "intake.review(reviewer)")
    lab.field("Passages").fill("P2 constraint")
    lab.panel().get_by_role("button", name="brief.md").click()
    lab.panel().get_by_text("read here only").wait_for()
    approve(lab, "intake")
    assert latest(lab).sheet.now.classes["P2"] == "constraint"
    pause(lab, "scope")
    name = latest(lab).sheet.now.domains[0].name
    domains = lab.field("Correct")
    domains.fill(domains.input_value().replace(f"- name: {name}\n", "- name: my-own\n"))
    lab.page.get_by_role("group", name="Q1.").get_by_role("radio").nth(1).check()
    lab.shot("scope-corrected", "scope.review(reviewer)")
    approve(lab, "scope")
    facts = latest(lab).sheet.now
    assert (facts.domains[0].name, facts.questions[0].answer) == ("my-own", "b")
    assert "approved by Ann Architect" in static(lab)
    assert lab.blocked == []


def written(body: dict[str, Any]) -> str:
    """An answer that passes every check and takes up every remark."""
    wanted = asked(body)
    outline = [heading.lstrip("# ") for heading in wanted.outline]
    parts = {**PARTS, "Review remarks": answered(wanted.remarks)}
    if wanted.remarks:
        parts["Overview"] = f"As the brief says [P1]. {NOTE}"
    return "\n\n".join(f"## {each}\n\n{parts.get(each, 'As the brief says [P1].')}" for each in outline) or FACTS


def begun(lab: Lab, environment: dict[str, str]) -> Run:
    """A run whose consultants are to be asked next, by a model, in the notebook that is open then."""
    folder = lab.root / lab.folder
    run = agreed(Order(TEXT, model="claude-sonnet-5-5", outputs=folder / "outputs").run()[0], "Ann")
    notebook = folder / "notebooks" / "5_consultants.ipynb"
    book = nbformat.read(notebook, as_version=4)
    (given,) = (cell for cell in book.cells if "parameters" in cell.metadata.get("tags", ()))
    given.source = f"import os\nos.environ |= {environment!r}\n{given.source}"
    nbformat.write(book, notebook)
    lab.open("notebooks/5_consultants.ipynb")
    return run


def watch(lab: Lab) -> None:
    """Run all, and see at least two seats write at once."""
    lab.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
    lab.page.wait_for_function("() => document.querySelectorAll('[data-state=writing]').length > 1")
    lab.shot("consultants-writing", "consultants.consult(")
    pause(lab, "consultants")
    lab.shot("consultants-waiting", "review(reviewer)")
    lab.shot("consultants-paused", "require()")


def comment(lab: Lab) -> None:
    """Comment on a section with the mouse, on a passage with the keyboard alone."""
    cells = len(lab.cells())
    lab.field("Decided by").fill("Ann Architect <ann@example.org>")
    lab.click("Comment on section Endpoints")
    lab.field("Comment on section 'Endpoints'").fill("Add the errors.")
    lab.click("Save comment")
    lab.panel().locator(".pk-waiting .pk-comment").wait_for()
    lab.panel().locator(".pk-doc p[data-line]").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "c"):  # the heading, the table's head, its first row
        lab.page.keyboard.press(key)
    lab.page.keyboard.type(f"{NOTE} b a dd")
    lab.shot("consultants-commenting", "review(reviewer)")
    lab.page.keyboard.press("Control+Enter")
    lab.panel().locator(".pk-waiting .pk-comment").nth(1).wait_for()
    assert latest(lab).journal.of("commented")[1].body["quote"] == "GET /notes list them none"
    assert len(lab.cells()) == cells, "JupyterLab took the letters for its own shortcuts"
    lab.shot("consultants-commented", "review(reviewer)")


def send_back(lab: Lab) -> None:
    """Send the comments to the author; see the next version with its differences and what was done about each."""
    lab.click("Send back", clicks=2)
    lab.panel().get_by_text("sent back by Ann Architect").first.wait_for()
    lab.shot("consultants-sent-back", "review(reviewer)")
    lab.click("Have it written again (runs all cells; nothing is asked or paid for twice)")
    remarks = lab.panel().locator(".pk-remarks")
    remarks.wait_for()
    assert (
        "R2" in remarks.inner_text()
        and "What was done: answered: The loopback server has read it" in remarks.inner_text()
    )
    added = lab.panel().locator(".pk-changes ins").all_inner_texts()
    assert any(NOTE in each for each in added)
    lab.shot("consultants-written-again", "review(reviewer)")


def edit(lab: Lab) -> None:
    """Change a word in place, and look at it in the dark."""
    lab.click("Edit")
    text = lab.field("The text of 04-api-design.md, in Markdown")
    text.press("Control+Home")
    text.press("ArrowRight")
    text.press("ArrowRight")
    lab.page.keyboard.type("Our ")
    lab.shot("consultants-editing", "review(reviewer)")
    lab.click("Save as a new version")
    lab.panel().get_by_text("edited by").first.wait_for()
    lab.command("apputils:change-theme", theme="JupyterLab Dark")
    lab.page.locator("body[data-jp-theme-light=false]").wait_for(state="attached")
    lab.shot("consultants-edited-dark", "review(reviewer)")
    lab.command("apputils:change-theme", theme="JupyterLab Light")


def changed_behind(lab: Lab, run: Run) -> None:
    """What changed since it was shown is shown again before it can be approved."""
    path = run.shelf.path(run.phase("consultants").names[0])
    path.write_text(path.read_text("utf-8") + "\nEdited by hand while it was on the screen.\n", "utf-8")
    lab.click("Approve all")
    lab.wait_text("changed since they were shown")
    lab.panel().locator(".pk-doc").get_by_text("Edited by hand while it was on the screen.").wait_for()
    lab.shot("consultants-changed", "review(reviewer)")
    assert len(run.journal.of("decided", phase="consultants")) == 1


def reload(lab: Lab) -> None:
    """Reload the page and see the panel again; on a busy machine JupyterLab may not find a living widget the first time."""
    for patience in (20_000, 30_000, 40_000):
        lab.page.reload()
        lab.ready()
        lab.reveal("review(reviewer)")
        lab.page.get_by_text("The panel above lives only as long as its kernel").wait_for()
        with contextlib.suppress(TimeoutError):
            return lab.panel().wait_for(timeout=patience)
    raise AssertionError("the panel did not come back")


def come_back(lab: Lab) -> None:
    """Reload the page: the panel works, with what was typed; restart the kernel: it says that it is inert."""
    lab.field("Comment").fill("after the second reading")
    lab.page.wait_for_timeout(600)
    lab.save()
    reload(lab)
    assert lab.field("Comment").input_value() == "after the second reading"
    lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    lab.panel().get_by_text("This panel is inert").wait_for()
    lab.shot("consultants-inert", "review(reviewer)")
    assert lab.panel().get_by_role("button", name="Approve all", exact=True).is_disabled()
    lab.ready()


def test_two_seats_write_one_document_is_sent_back_edited_and_approved_and_the_decision_stays(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback(written, pace=100.0) as model:
        environment = {"ANTHROPIC_BASE_URL": model.url, "ANTHROPIC_API_KEY": KEY, "NO_PROXY": "127.0.0.1"}
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        run = begun(lab, environment)
        watch(lab)
        model.pace = 0.0
        comment(lab)
        send_back(lab)
        edit(lab)
        changed_behind(lab, run)
        come_back(lab)
        questions = len(model.requests)
        lab.run_all()
        pause(lab, "consultants")
        lab.field("Decided by").fill("Ann Architect <ann@example.org>")  # the kernel is a new one
        lab.click("Approve all", clicks=2)
        decided(lab, "consultants")
        lab.shot("consultants-approved", "review(reviewer)")
        lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
        lab.page.reload()
        lab.ready()
        lab.run_all()
        decided(lab, "consultants")
        lab.shot("consultants-next-day")
        assert "approved by Ann Architect" in static(lab)
        assert [record.body["verdict"] for record in run.journal.of("decided", phase="consultants")] == [
            "sent back",
            "approved",
        ]
        assert len(run.journal.of("commented")) == 2
        assert len(model.requests) == questions, "coming back asked somebody again"
        assert lab.blocked == []
    under_papermill(run)


def under_papermill(run: Run) -> None:
    """The same notebook, where nobody can click: it passes the gate, and what it shows is static and complete."""
    copy = run.folder / "notebooks" / "5_consultants.ipynb"
    given = {"run": str(run.folder), "outputs": str(run.folder.parent.parent), "reviewer": "person"}
    source = pipeline.notebooks_folder() / "5_consultants.ipynb"
    with ThreadPoolExecutor(1) as aside:  # this thread's event loop is the browser's
        done = aside.submit(kernel.execute, source, copy, given, run.folder, {"PLANNING_KIT_HEADLESS": "1"})
    assert done.result() is None
    record = copy.read_text("utf-8")
    assert "approved by Ann Architect" in record and run.journal.head in record
    assert "widget-view" not in record and "Edited by hand while it was on the screen." in record


def test_the_screenshots_are_kept(server: Lab) -> None:
    assert {"consultants-written-again.png", "consultants-inert.png"} <= {
        path.name for path in Path(server.shots).iterdir()
    }
