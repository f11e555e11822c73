"""An architect goes through the research of an implementation plan in JupyterLab: all sessions at once, then four gates, one after the other."""

from __future__ import annotations

import re
from typing import Any

import nbformat
import pytest

from planning_kit.loopback import Loopback, asked
from planning_kit.order import Order
from planning_kit.run import Run

from .lab import Lab
from .test_review import KEY

pytestmark = pytest.mark.browser

TEXT = "Readers must be able to search notes over HTTP, and to be told of new ones by e-mail within a minute."
SETTINGS = ("lookup=off", "web.searches=0")
AREAS = ("technology", "existing-system", "new-components", "testing")
TOPICS = ("full-text-search", "mail-delivery", "queueing", "scheduling")
FACTS = """{{"domains": [{{"name": "reading", "about": "Readers and what they read.", "passages": ["P1"]}}],
 "topics": [{topics}], "questions": []}}""".format(topics=", ".join(f'{{"name": "{name}", "why": "what {name} hangs on", "passages": ["P1"]}}' for name in TOPICS))  # fmt: skip
PARTS = {
    "Findings": "| Finding | Evidence |\n|---|---|\n| Notes are searched by their words [P1]. | not verified |\n| There is no codebase. | not verified |",
    "Options": "| Option | For | Against |\n|---|---|---|\n| Database | nothing new to run | slow for many notes |\n| Engine | quick | a second store |",
    "Recommendation": "Database, e.g. PostgreSQL, because nothing new has to be run. An engine can come later.",
    "Key decisions": "The database does it.",
}


def written(body: dict[str, Any]) -> str:
    """A session of research; the seats are not equally sure."""
    wanted = asked(body)
    if not wanted.outline:
        return FACTS
    sure = (
        "Low, because nothing was measured here; a load test would make it surer."
        if "tester" in wanted.seat or "test" in wanted.seat
        else "High, because it was tried; a second look at prices would make it surer."
    )
    parts = {**PARTS, "Confidence": sure}
    return "\n\n".join(
        f"## {each}\n\n{parts.get(each, 'As the brief says [P1].')}"
        for each in (line.lstrip("# ") for line in wanted.outline)
    )


def begun(lab: Lab, environment: dict[str, str]) -> Run:
    """A run whose topics are confirmed, and the notebook of its research open."""
    folder = lab.root / lab.folder
    order = Order(
        TEXT, recipe="implementation-plan", model="claude-sonnet-5-5", outputs=folder / "outputs", settings=SETTINGS
    )
    run, _ = order.run()
    run.phase("intake").approve("Ann")
    run.phase("scope").consult().approve("Ann")
    notebook = folder / "notebooks" / "2_research.ipynb"
    book = nbformat.read(notebook, as_version=4)
    (given,) = (cell for cell in book.cells if "parameters" in cell.metadata.get("tags", ()))
    given.source = f"import os\nos.environ |= {environment!r}\n{given.source}"
    nbformat.write(book, notebook)
    lab.open("notebooks/2_research.ipynb")
    return run


def test_sixteen_sessions_write_at_once_and_four_gates_are_approved_in_the_same_place(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback(written, pace=25.0) as model:
        environment = {"ANTHROPIC_BASE_URL": model.url, "ANTHROPIC_API_KEY": KEY, "NO_PROXY": "127.0.0.1"}
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        run = begun(lab, environment)
        lab.page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
        lab.page.wait_for_function("() => document.querySelectorAll('[data-state=writing]').length > 8")
        lab.page.wait_for_timeout(1500)
        assert re.match(r"research: \d+ of 16 written", lab.page.locator(".pkl-head").inner_text())
        lab.shot("research-writing", "research.consult")
        model.pace = 0.0
        lab.wait_run("research.require()")
        lab.shot("research-steps", 'planning.steps("2_research")')
        lab.shot("research-written", "research.consult")
        lab.shot("research-sessions", "grid.of")
        questions = len(model.requests)
        for area, after in zip(AREAS, [*AREAS[1:], ""], strict=True):
            lab.panel().wait_for()
            assert f"'{area}'" in lab.text("research.require()")
            lab.field("Decided by").fill("Ann Architect")
            lab.shot(f"research-gate-{area}", "research.review(reviewer)")
            lab.click("Approve all", clicks=2)
            lab.page.wait_for_function(
                "([at, said]) => window.jupyterapp.shell.currentWidget.content.widgets[at].node.innerText.includes(said)",
                arg=[lab.find("research.require()"), f"'{after}'" if after else "Every gate of 2_research is open"],
            )
            assert Run.open(run.folder).phase(area).gate.open
        lab.shot("research-approved", "research.review(reviewer)")
        assert len(model.requests) == questions, "a gate asked somebody again"
        assert lab.blocked == []
