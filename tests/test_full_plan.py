"""The full plan: every gate opens offline, on one contract, and nothing is linked that was not written."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest

from planning_kit.checks import openapi
from planning_kit.checks.planned.decided import WORDS
from planning_kit.document import Document
from planning_kit.order import Order
from planning_kit.run import Run

BRIEF = """# Notes

Members read and write notes over HTTP.

- A member must be able to create a note with a title of up to 80 characters.
- A member must be able to list notes by tag.
- A moderator must be able to delete a note.
- Every deletion must be recorded with who made it and when.

## Out of scope

- Attachments.
"""
_LINK = re.compile(r"(?<!!)\[[^\[\]\n]*\]\(([^()\s#]+)(?:#[^()\s]*)?\)")


def planned(folder: Path, depth: str) -> tuple[Run, dict[str, Document]]:
    """A full plan by the offline author, every gate decided by the checks, and its documents by their place in the plan."""
    run, _ = Order(BRIEF, "full-plan", "offline", folder, settings=(f"depth={depth}",), headless=True).run()
    for notebook in run.recipe.notebooks:
        run.steps(notebook).consult("clean")
    closed = {step.name: [str(each) for each in step.findings] for step in run.phases if not step.own_gate.open}
    assert closed == {}
    root = run.folder / "documents" / run.place("")
    files = [path for path in root.rglob("*") if path.is_file()]
    return run, {path.relative_to(root).as_posix(): Document(path.relative_to(root).as_posix(), path.read_text("utf-8")) for path in files}  # fmt: skip


@pytest.fixture(scope="module")
def brief(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, dict[str, Document]]:
    """The essential documents."""
    return planned(tmp_path_factory.mktemp("brief"), "brief")


@pytest.fixture(scope="module")
def thorough(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, dict[str, Document]]:
    """All documents."""
    return planned(tmp_path_factory.mktemp("thorough"), "thorough")


def dead(documents: dict[str, Document]) -> list[str]:
    """The links that lead to no document of the plan."""
    return [
        f"{name}: {target}"
        for name, document in documents.items()
        for target in _LINK.findall(document.text)
        if ":" not in target and posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) not in documents
    ]


def operations(document: Document) -> set[tuple[str, str]]:
    return {(each.method, each.path) for each in openapi.operations(document)}


def test_a_brief_plan_holds_the_essential_documents_and_links_no_other(brief: tuple[Run, dict[str, Document]]) -> None:
    _, documents = brief
    top = {name for name in documents if "/" not in name}
    assert top == {
        "requirements-summary.md", "integration-architecture.md", "05-data-model.md", "07-security-requirements.md", "implementation-plan.md",
        "task-plan.json", "task-plan.md", "decision-brief.md",
    }  # fmt: skip
    assert not any("workflows" in name or "research/testing" in name for name in documents)
    assert dead(documents) == []
    assert "No session was held in this run." in documents["implementation-plan.md"].text


def test_a_thorough_plan_rests_on_one_contract(thorough: tuple[Run, dict[str, Document]]) -> None:
    _, documents = thorough
    specified = [operations(each) for name, each in documents.items() if name.endswith("/api-spec.md")]
    contract = operations(documents["integration-architecture.md"])
    assert contract == set().union(*specified)
    assert len(contract) == sum(map(len, specified)) >= 3
    assert operations(documents["04-api-design.md"]) == set()
    table = next(each for each in documents["04-api-design.md"].tables if each.section == "Operations")
    assert {(row[0].strip("`"), row[1].strip("`")) for row in table.rows} == contract


def test_a_thorough_plan_is_registered_whole_and_links_only_what_is_there(thorough: tuple[Run, dict[str, Document]]) -> None:  # fmt: skip
    _, documents = thorough
    assert dead(documents) == []
    registered = set(_LINK.findall(documents["MANIFEST.md"].section("Documents")))
    after = {"MANIFEST.md", "task-plan.json", "task-plan.md", "decision-brief.md"}
    assert {name for name in documents if not name.endswith("README.md")} - registered == after


def test_the_data_model_keeps_what_the_architecture_keeps(thorough: tuple[Run, dict[str, Document]]) -> None:
    _, documents = thorough
    entity = re.compile(r'(?m)^ {4}"(\w+)" \{')
    drawn = {name: set(entity.findall(documents[name].text)) for name in ("integration-architecture.md", "05-data-model.md")}  # fmt: skip
    assert "audit_records" in drawn["05-data-model.md"]
    assert drawn["integration-architecture.md"] == drawn["05-data-model.md"]


def test_the_technology_recommendations_rest_on_the_research_sessions(thorough: tuple[Run, dict[str, Document]]) -> None:  # fmt: skip
    _, documents = thorough
    sessions = {name for name in documents if name.startswith("research/technology/")}
    assert sessions == set(_LINK.findall(documents["06-tech-recommendations.md"].text))


def test_the_decision_brief_is_a_page_of_decisions_with_links(thorough: tuple[Run, dict[str, Document]]) -> None:
    _, documents = thorough
    page = documents["decision-brief.md"]
    assert len(page.text.split()) < WORDS + 60
    table = next(each for each in page.tables if each.section == "Decisions")
    assert 2 <= len(table.rows) <= 5
    assert all(row[1] and _LINK.search(row[3]) for row in table.rows)
    assert "Left out: attachments." in page.text
    assert re.search(r"\d+ working days of one developer", page.text)
    assert re.search(r"\d+ tasks, each with its critique", page.text)


def test_the_tasks_take_the_language_that_the_technology_recommendations_propose(thorough: tuple[Run, dict[str, Document]]) -> None:  # fmt: skip
    _, documents = thorough
    assert "| language | Python" in documents["06-tech-recommendations.md"].text
    assert "app/main.py" in documents["task-plan.json"].text
    assert "No document names a language" not in documents["task-plan.json"].text


def test_nothing_is_found_wrong_with_a_plan_but_in_its_tasks(
    brief: tuple[Run, dict[str, Document]], thorough: tuple[Run, dict[str, Document]]
) -> None:
    said = [str(each) for run, _ in (brief, thorough) for step in run.phases for each in step.findings]
    assert [each for each in said if "task-plan.json" not in each] == []
