"""The specification recipe from a brief to its trace, by the offline author, through the package API."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planning_kit import changes, ids, trace
from planning_kit.document import Document
from planning_kit.linter.lint import Source, lint
from planning_kit.order import Order
from planning_kit.run import Run
from planning_kit.trace import COVERED

BRIEFS = Path(__file__).parent / "briefs"
ANN = "Ann <ann@example.org>"
REQUIREMENTS, STORIES = "requirements/requirements.md", "requirements/user-stories.md"


def ordered(brief: str, outputs: Path, **said: object) -> Run:
    """A specification by the offline author, whose facts are approved."""
    run, _ = Order(brief, "specification", "offline", outputs, **said).run()  # type: ignore[arg-type]
    for name in ("intake", "scope"):
        run.phase(name).approve(ANN)
    return run


@pytest.mark.parametrize("brief", sorted(path.name for path in BRIEFS.glob("*.md")))
def test_every_brief_is_specified_to_its_end_and_nothing_it_asks_for_is_lost(brief: str, tmp_path: Path) -> None:
    run = ordered(str(BRIEFS / brief), tmp_path, headless=True)
    run.steps("3_specification").consult("clean")
    assert run.finished
    found = trace.of(run)
    assert not [str(each) for each in found.findings if each.severity == "error"]
    if "scheduler" in brief:
        _holds_the_required_lines(run, found)


def _holds_the_required_lines(run: Run, found: trace.Trace) -> None:
    """At least three domains, and each of the brief's 72 REQUIRED lines is the source of a requirement."""
    assert len(run.parts) >= 3
    required = [passage.id for passage in run.brief.passages if "REQUIRED" in passage.text]
    assert len(required) == 72
    assert {found.standing[each] for each in required} == {COVERED}
    rows = [
        thing
        for step in run.phases
        for document in step.documents
        if document.name.endswith(REQUIREMENTS)
        for thing in ids.things(document)
        if thing.kind in ids.REQUIREMENTS and not thing.withdrawn
    ]
    assert set(required) <= {cited for row in rows for cited in row.cites}


CLUBS = """# Clubs

- A member must be able to join a club with POST /clubs/{clubId}/members.
- An organiser must be able to remove a member from a club with DELETE /clubs/{clubId}/members/{memberId}.
- A club must have at most 50 members.
"""


def test_a_revision_says_section_by_section_what_changed_and_keeps_its_ids(tmp_path: Path) -> None:
    run = ordered(CLUBS, tmp_path)
    step = run.phases[2].consult()
    (before,) = step.documents
    step.send_back(ANN, "The system must keep the date on which a member joined.")
    (after,) = step.consult().documents
    assert {change.section for change in step.changed(after.name)} >= {"Review remarks"}
    assert changes.changes(before.text, after.text)
    kept = {each.id: each.text for each in ids.things(after)}
    assert all(kept[each.id] == each.text for each in ids.things(before))
    assert not step.findings.errors


def test_a_requirement_added_by_hand_reaches_the_stories_with_its_own_id(tmp_path: Path) -> None:
    run = ordered(CLUBS, tmp_path)
    step = run.phases[2].consult()
    (document,) = step.documents
    rows = [each for each in ids.things(document) if each.kind == "FR"]
    line = document.line(rows[-1].line)
    added = re.sub(
        r"^\|[^|]*\|[^|]*\|",
        f"| FR-{rows[0].code}-40 | The system shall tell the organiser when a club is full. |",
        line,
    )
    step.edit(document.name, document.text.replace(line, f"{line}\n{added}"), ANN, document.digest)
    step.approve(ANN)
    stories = run.phases[3].consult()
    assert f"FR-{rows[0].code}-40" in {cited for each in ids.things(stories.documents[0]) for cited in each.cites}
    assert not stories.findings.errors


def test_documents_of_two_domains_are_checked_together_and_owe_each_other_nothing(tmp_path: Path) -> None:
    run = ordered(CLUBS, tmp_path, headless=True)
    run.steps("3_specification").consult("clean")
    own = [document for step in run.phases for document in step.documents if step.name != "index"]
    code = run.parts["clubs"].code
    renamed = (each.text.replace(f"-{code}-", "-TEA-").replace(f"-{code.lower()}-", "-tea-") for each in own)
    other = [Document(each.name.replace("/clubs/", "/teams/"), text) for each, text in zip(own, renamed, strict=True)]
    checked = lint([Source(each.name, None, each.text.encode()) for each in (*own, *other)])
    assert not [str(each) for one in checked.checked for each in one.findings if each.severity == "error"]
    whole = other[0].text
    cut = Document(other[0].name, whole.replace("FR-TEA-01", "FR-TEA-99", 1))
    found = [
        each
        for one in lint([Source(each.name, None, each.text.encode()) for each in (*own, cut, *other[1:])]).checked
        for each in one.findings
    ]
    assert found and {each.document.split("/")[3] for each in found} == {"teams"}


def test_ids_that_the_brief_has_of_its_own_are_not_taken_for_ours(tmp_path: Path) -> None:
    text = "# Orders\n\n- FR-ORD-01: A clerk must be able to create an order with a note.\n- FR-ORD-07: A clerk must be able to cancel an order (see FR-ORD-01 and US-ORD-03).\n"
    step = ordered(text, tmp_path, headless=True).phase("requirements").consult()
    rows = {each.id: each.text for each in ids.things(step.documents[0]) if each.kind == "FR"}
    assert rows["FR-ORD-02"] == "The system shall allow a clerk to cancel an order (see FR-ORD 01 and US-ORD 03)."
    assert not step.findings.errors
