"""A fork: another option from a phase on, and only what differs is asked and decided again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planning_kit.errors import Damaged, OptionRefused
from planning_kit.fork import Fork, Forked
from planning_kit.model import Usage
from planning_kit.remarks import Anchor
from planning_kit.run import Run

from .two_options import MODEL, Writer, finished, opened, ordered, settle


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return settle(tmp_path, monkeypatch)


def forked(parent: Run, *settings: str, phase: str = "architecture", **said: object) -> Forked:
    return Fork(parent, phase, settings, **said).begin()  # type: ignore[arg-type]


def folders(place: Path) -> set[str]:
    return {path.name for path in (place / "outputs" / "notes").iterdir() if path.is_dir()}


def test_only_the_seats_whose_question_changed_are_asked(place: Path) -> None:
    first = Writer()
    parent = finished(ordered(place), first)
    assert [request.seat for request in first.asked if request.seat != "shaper"] == ["keeper", "closer"]
    said = forked(parent, "db=mongodb")
    assert said.expected.kept == {"plan/notes/01-shape.md": "shaper"}
    assert [call.name for call in said.expected.calls] == ["keeper", "closer"]
    second = Writer()
    run = finished(said.run, second)
    assert [request.seat for request in second.asked] == ["keeper", "closer"]
    assert "in mongodb" in second.asked[0].task
    same, other = (f"plan/notes/{name}" for name in ("01-shape.md", "02-keeping.md"))
    assert run.shelf.digest(same) == parent.shelf.digest(same)
    assert run.options == {"db": "mongodb", "region": "eu"}
    assert run.store.version(parent.shelf.digest(other))
    assert len(run.ledger.calls) == 2


def test_a_fork_of_nothing_different_asks_nobody(place: Path) -> None:
    parent = finished(ordered(place))
    said = forked(parent)
    silent = Writer()
    run = finished(said.run, silent)
    assert (silent.asked, said.expected.calls, said.differs) == ([], (), {})
    assert [run.shelf.digest(name) for name in run.tree] == [parent.shelf.digest(name) for name in parent.tree]
    assert run.spent == 0.0


def test_approvals_of_the_same_bytes_are_taken_over_and_read_so(place: Path) -> None:
    parent = finished(ordered(place))
    said = forked(parent, "db=mongodb")
    run = said.run
    assert run.phase("intake").gate.open and run.phase("scope").gate.open
    assert run.waiting is not None and run.waiting.name == "architecture"
    decided = run.phase("intake").gate.decision
    assert decided is not None
    assert (decided.how, decided.by, decided.who) == ("policy", "carried over", "policy 'carried over'")
    was = parent.phase("intake").gate.decision
    assert was is not None
    assert f"{parent.label}, run {parent.id}, whose journal ended with {parent.journal.head}" in decided.comment
    assert f"approved by Ann <ann@example.org> at {was.at} (record {was.seq})" in decided.comment
    assert (decided.subject, decided.rests_on) == (was.subject, was.rests_on)
    kept = run.journal.of("decided")[0].body["kept"]
    assert len([name for name in kept if name.startswith("calls/")]) == said.answers == 3
    assert all(run.journal.of("decided", by=name) == [] for name in ("Ann <ann@example.org>", "ann"))


def test_documents_before_the_phase_are_taken_over_with_edits_remarks_and_versions(place: Path) -> None:
    run = opened(ordered(place), Writer())
    for phase in run.phases[:2]:
        phase.approve("ann")
    step = run.phase("architecture").consult()
    shape, keeping = step.names
    step.comment(Anchor(shape, "Thoughts"), "Say more.", "bob")
    step.send_back("bob")
    step.consult()
    text = run.shelf.document(shape).text + "\nA person wrote this.\n"  # type: ignore[union-attr]
    step.edit(shape, text, "Cid <cid@example.org>", run.shelf.digest(shape))  # type: ignore[attr-defined]
    step.path(keeping).write_text(step.path(keeping).read_text() + "\nAnd somebody this.\n")  # type: ignore[attr-defined]
    parent = finished(run)
    fork = opened(forked(parent, "db=mongodb", phase="synthesis").run, Writer(failing="keeper"))
    there = fork.phase("architecture")
    assert there.gate.open
    assert [fork.shelf.digest(name) for name in there.names] == [parent.shelf.digest(name) for name in there.names]
    assert fork.shelf.editors(shape) == run.shelf.editors(shape) != frozenset()
    assert [remark.text for remark in there.remarks(shape)] == ["Say more.\n\n(About section 'Thoughts')"]
    assert [remark.by for remark in there.remarks(shape)] == ["bob"]
    assert fork.shelf.versions(shape) == parent.shelf.versions(shape) == 2
    assert there.returned[0].who == "policy 'carried over'"
    assert not there.findings.errors
    there.consult()
    assert fork.waiting is not None and fork.waiting.name == "synthesis"


QUESTION = """questions:
- id: Q1
  asks: Who may read notes?
  passages: [P2]
  options: {a: Everybody., b: Who has signed in.}
  recommended: a
  because: nothing else is said
  changes: the endpoints
"""


def test_answers_and_corrections_are_taken_over(place: Path) -> None:
    parent = ordered(place)
    text = parent.sheet.text.replace("functional: [P2]", "functional: []").replace("quality: []", "quality: [P2]")
    parent.sheet.path.write_text(text.replace("questions: []\n", QUESTION))
    finished(parent)
    parent.sheet.answer("Q1", "b", "Ann")
    run = forked(Run.open(parent.folder), "db=mongodb").run
    assert run.sheet.text == parent.sheet.text
    assert (run.sheet.now.classes["P2"], run.sheet.now.questions[0].answer) == ("quality", "b")
    assert run.proposal == parent.proposal
    assert run.phase("intake").gate.open
    assert run.phase("scope").gate.why == ("nobody has decided about facts.yaml: questions yet",)
    assert [r.body["by"] for r in run.journal.of("settled")] == ["", "Ann"]
    assert run.journal.of("settled", by="Ann")[0].body["taken"]["run"] == parent.id


def test_where_another_model_is_asked_the_plan_of_execution_is_decided_again_and_it_says_why(place: Path) -> None:
    parent = finished(ordered(place))
    said = forked(parent, model="claude-opus-5-5", phase="synthesis")
    assert said.carried.again["intake"] == ("plan of execution is another one here",)
    assert said.run.phase("intake").gate.why == ("nobody has decided about plan of execution yet",)
    assert said.differs["model.closer"] == (MODEL, "claude-opus-5-5")
    assert "decide again: plan of execution is another one here" in "\n".join(said.lines)
    assert said.run.phase("architecture").own_gate.open
    silent = Writer()
    run = opened(said.run, silent)
    run.phase("intake").approve("ann")
    assert run.waiting is not None and run.waiting.name == "synthesis"
    run.phase("synthesis").consult()
    assert [request.model for request in silent.asked] == ["claude-opus-5-5"]


def test_what_was_not_approved_is_not_approved_in_the_fork(place: Path) -> None:
    run = opened(ordered(place), Writer())
    for phase in run.phases[:2]:
        phase.approve("ann")
    shape, keeping = run.phase("architecture").consult().names
    run.phase("architecture").approve("ann", names=[shape])
    said = forked(run, phase="synthesis")
    there = said.run.phase("architecture").own_gate
    assert there.approved(shape) and not there.approved(keeping)
    assert said.carried.again["architecture"] == (f"{keeping} was not approved",)
    silent = Writer()
    opened(said.run, silent).phase("architecture").consult()
    assert silent.asked == []


def test_approvals_that_did_not_reach_are_not_made_enough_by_a_fork(place: Path) -> None:
    rules = place / "reviewers.yaml"
    rules.write_text("phases: {intake: {people: 2}}\n")
    parent = ordered(place, f"reviewers={rules}")
    parent.phase("intake").approve("ann")
    assert not parent.phase("intake").gate.open
    run = forked(parent).run
    assert run.journal.of("decided") == []
    parent.phase("intake").approve("bob")
    assert forked(parent).run.phase("intake").gate.open


def test_where_only_people_may_approve_nothing_is_taken_over(place: Path) -> None:
    rules = place / "reviewers.yaml"
    rules.write_text("every: {rule: false}\n")
    parent = finished(ordered(place, f"reviewers={rules}"))
    said = forked(parent)
    assert said.run.journal.of("decided") == []
    assert said.carried.again["scope"] == ("only people may approve it, as the reviewers' file says",)


def test_the_fork_says_where_it_comes_from_and_is_not_found_by_the_order(place: Path) -> None:
    parent = finished(ordered(place))
    head = parent.journal.head
    run = forked(parent, "db=mongodb").run
    assert run.forked == {"run": parent.id, "label": parent.label, "seq": len(list(parent.journal)), "head": head, "phase": "architecture"}  # fmt: skip
    assert run.id != parent.id and run.today == parent.today
    assert parent.journal.head == head
    again = ordered(place, "db=mongodb")
    assert again.folder not in (run.folder, parent.folder)
    assert ordered(place).folder == parent.folder


def test_the_same_fork_is_found_again_until_its_parent_moves_on(place: Path) -> None:
    parent = finished(ordered(place))
    one = forked(parent, "db=mongodb", budget=3.0)
    two = forked(parent, "db=mongodb", budget=4.0)
    assert (two.before, two.run.folder, two.run.budget) == (True, one.run.folder, 4.0)
    assert forked(parent, "db=mongodb", new=True).run.folder != one.run.folder
    assert forked(parent, "db=mysql").run.folder != one.run.folder
    parent.phase("synthesis").send_back("ann", "Shorter.")
    assert not forked(parent, "db=mongodb").before


@pytest.mark.parametrize(
    ("settings", "phase", "message"),
    [
        (["regoin=us"], "architecture", "no such option: 'regoin'; did you mean 'region'"),
        (["cloud=mars"], "architecture", "no such option: 'cloud'; there is .*db.*region"),
        (["db=mongodb"], "architektur", "no such phase.*did you mean 'architecture'"),
        (["model.keper=strong"], "architecture", "no such seat: 'model.keper'; did you mean 'keeper'"),
        (["consultants=there"], "architecture", "a fork keeps the consultants of its run"),
    ],
)
def test_what_cannot_be_forked_is_said_and_nothing_is_left(
    place: Path, settings: list[str], phase: str, message: str
) -> None:
    parent = ordered(place)
    before = folders(place)
    with pytest.raises(OptionRefused, match=message):
        forked(parent, *settings, phase=phase)
    assert folders(place) == before


def test_a_run_whose_beginning_was_changed_is_not_forked(place: Path) -> None:
    parent = finished(ordered(place))
    before = folders(place)
    (parent.folder / "brief.md").write_text("# Other\n\nSomething else.\n")
    with pytest.raises(Damaged, match="brief.md is not what the run began with"):
        forked(Run.open(parent.folder))
    assert folders(place) == before


def test_a_damaged_parent_leaves_no_half_of_a_fork(place: Path) -> None:
    parent = finished(ordered(place))
    before = folders(place)
    (parent.folder / "sources.json").write_text("[")
    with pytest.raises(Damaged, match="sources.json"):
        forked(Run.open(parent.folder))
    assert folders(place) == before


def test_a_damaged_answer_is_not_taken_over(place: Path) -> None:
    parent = finished(ordered(place))
    call = sorted((parent.folder / "calls").glob("*/*.json"))[0]
    call.write_text(call.read_text().replace("As the brief", "As no brief"))
    said = forked(Run.open(parent.folder))
    assert said.answers == 2
    assert not (said.run.folder / "calls" / call.parent.name / call.name).exists()


def test_a_fork_can_be_forked(place: Path) -> None:
    parent = finished(ordered(place))
    child = finished(forked(parent, "db=mongodb").run)
    grandchild = forked(child, "db=postgres")
    silent = Writer()
    finished(grandchild.run, silent)
    assert silent.asked == []
    assert grandchild.run.forked["run"] == child.id
    assert len(json.loads((grandchild.run.folder / "run.json").read_text())["first"]) > 5


def test_what_the_parent_paid_is_neither_cost_nor_budget_of_the_fork(place: Path) -> None:
    paid = Usage(input=100_000, output=10_000)
    parent = finished(ordered(place), Writer(usage=paid))
    assert parent.spent > 0
    said = forked(parent, "db=mongodb", budget=5.0)
    assert (said.run.spent, said.run.budget) == (0.0, 5.0)
    run = finished(said.run, Writer(usage=paid))
    assert run.spent == pytest.approx(parent.spent * 2 / 3)
