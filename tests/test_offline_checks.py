"""The offline author's documents pass every check, whatever the brief; the checks look at every artefact in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning_kit.findings import Findings
from planning_kit.linter import command
from planning_kit.order import Order

BRIEFS = sorted(path for path in (Path(__file__).parent / "briefs").glob("*.md") if path.name != "SOURCES.md")
LINES = (
    "A clinic books appointments. Patients cancel them up to 24 hours before. The service uses MySQL 8.",
    "An online shop sells books. Customers order books and pay by card; a clerk ships each order. We use SQL Server and Azure.",
    "A command-line tool that renames photos.",
)


def found(brief: str, folder: Path) -> list[Findings]:
    run, _ = Order(brief, outputs=folder, model="offline", new=True, settings=("lookup=off",)).run()
    findings = []
    for step in run.phases:
        step.consult()
        findings.append(step.findings)
        step.approve("ann")
    return findings


@pytest.mark.parametrize("brief", [pytest.param(str(path), id=path.stem) for path in BRIEFS] + list(LINES))
def test_no_check_objects_to_a_document_of_the_offline_author(brief: str, tmp_path: Path) -> None:
    each = found(brief, tmp_path)
    assert [str(finding) for findings in each for finding in findings if finding.document != "facts.yaml"] == []
    looked = [one for findings in each for one in findings.looked]
    assert {one.kind for one in looked} >= {"mermaid", "openapi", "sql"}
    assert [str(one) for one in looked if not one.tool] == []


def test_the_linter_says_the_same_of_the_finished_plan(tmp_path: Path) -> None:
    found(str(BRIEFS[0]), tmp_path)
    documents = next(tmp_path.glob("*/*/documents"))
    assert command.check(command.Asked((str(documents),))).exit_status == 0
