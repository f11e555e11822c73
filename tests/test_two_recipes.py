"""Service design and implementation plan from a brief to their end, by the offline author, through the package API."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning_kit import checklist
from planning_kit.brought import SAMPLE
from planning_kit.checks.openapi import operations
from planning_kit.errors import AwaitingApproval
from planning_kit.export import export
from planning_kit.linter.lint import lint
from planning_kit.linter.sources import gather
from planning_kit.order import Order
from planning_kit.run import Run

BRIEFS = Path(__file__).parent / "briefs"
EACH = sorted(path.name for path in BRIEFS.glob("*-*.md"))
ANN = "Ann <ann@example.org>"
PLATFORMS = dict(
    zip(EACH, (("stack=python",), ("stack=csharp", "ci=github", "observability=opentelemetry", "db=mongodb"), ("ci=gitlab", "db=sqlserver"), ("ci=github", "stack=python", "db=mysql"), ("observability=opentelemetry",)), strict=False)
)  # fmt: skip
"""The platforms take turns, so that each is seen with some brief."""


def finished(brief: str, recipe: str, outputs: Path, **said: object) -> Run:
    """A run of ``recipe`` with nobody at the gates; says what is in the way when it does not come to its end."""
    run, _ = Order(brief, recipe, "offline", outputs, headless=True, **said).run()  # type: ignore[arg-type]
    for notebook in run.recipe.notebooks:
        run.steps(notebook).consult("clean")
        if waits := next((step for step in run.steps(notebook) if not step.own_gate.open), None):
            raise AssertionError("\n".join(map(str, waits.findings.errors)))
    return run


@pytest.mark.parametrize("brief", EACH)
def test_every_brief_becomes_a_service_design_whose_checklist_holds(brief: str, tmp_path: Path) -> None:
    run = finished(str(BRIEFS / brief), "service-design", tmp_path, settings=PLATFORMS[brief])
    assert run.finished
    assert checklist.of(run).holds, [str(line) for line in checklist.of(run).lines]
    stem = f"{run.slug}-{run.folder.name}"
    seats = [duty.seat.name for step in run.phases for duty in step.duties]
    written = {path.relative_to(run.folder / "documents").as_posix() for path in (run.folder / "documents").rglob("*.md")}  # fmt: skip
    assert f"design/projects/{run.slug}/{run.folder.name}/MANIFEST.md" in written
    assert {name.split("/")[2] for name in written if name.startswith("design/agents/")} == {*seats} - {"orchestrator", "intake-analyst"}  # fmt: skip
    assert all(f"/{stem}/" in name for name in written if name.startswith("design/agents/"))


@pytest.mark.parametrize("brief", EACH)
def test_every_brief_becomes_an_implementation_plan_that_rests_on_its_research(brief: str, tmp_path: Path) -> None:
    run = finished(str(BRIEFS / brief), "implementation-plan", tmp_path)
    assert run.finished
    areas = ("technology", "existing-system", "new-components", "testing")
    sessions = {f"research/{area}/{topic}.md" for area in areas for topic in run.topics}
    assert sessions <= set(run.tree)
    plan = run.shelf.document("implementation-plan.md")
    assert plan and all(f"]({name})" in plan.text for name in sessions)
    assert set(run.phase("plan").rests_on) >= {*sessions, "requirements-summary.md"}


def test_no_plan_is_asked_for_before_its_research_is_approved(tmp_path: Path) -> None:
    run, _ = Order(str(SAMPLE), "implementation-plan", "offline", tmp_path).run()
    for name in ("intake", "scope"):
        run.phase(name).approve(ANN)
    run.steps("2_research").consult()
    for name in ("technology", "existing-system", "new-components"):
        run.phase(name).approve(ANN)
    with pytest.raises(AwaitingApproval, match="gate 'testing' is closed"):
        run.phase("plan").consult()
    run.phase("testing").approve(ANN)
    run.phase("plan").consult()
    assert run.phase("plan").ready
    path = run.shelf.path(run.phase("technology").names[0])
    path.write_text(path.read_text(encoding="utf-8") + "\nOne more thing.\n", encoding="utf-8")
    assert not Run.open(run.folder).phase("technology").own_gate.open


def test_the_operations_of_every_specialist_are_those_of_the_architecture_and_an_export_has_the_tree_where_the_command_of_the_seed_puts_it_and_it_is_checked_there_too(
    tmp_path: Path,
) -> None:
    run = finished(str(SAMPLE), "service-design", tmp_path / "outputs", settings=("stack=csharp",))
    architecture = run.phase("architecture").documents[0]
    tests = next(each for each in run.phase("specialists").documents if each.name.endswith("test-specifications.md"))
    for each in operations(architecture):
        assert f"{each.method.upper()} {each.path}" in tests.text
    done = export(run, tmp_path / "shop" / ".claude" / "outputs")
    agents = tmp_path / "shop" / ".claude" / "outputs" / "design" / "agents"
    assert (agents / "csharp-expert" / f"{run.slug}-{run.time}" / "csharp-implementation.md").is_file()
    assert not done.closed
    found = lint(gather([str(agents.parent)]).sources)
    assert found.count("error") == 0 and len(found.checked) > len(run.tree)
    assert (agents.parent / "projects" / run.slug / run.time / "RECORD.md").is_file()
