"""A gate is open while enough people have approved what is there now; a decision by rule reads as one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning_kit import cli
from planning_kit.errors import AwaitingApproval
from planning_kit.gate import APPROVED, SENT_BACK, Decision, Gate, policy_refuses
from planning_kit.progress import ways_on
from planning_kit.remarks import Anchor
from planning_kit.reviewers import Needs, Policy
from planning_kit.run import Run

from .small_runs import ANN, BOB, READING, WRITING, begin, opened

TWO = """people:
  bob@example.org: [security]
every: {rule: no}
phases:
  writing: {people: 2, roles: {security: 1}, own_edits: no, rule: no}
"""


def decided(seq: int, subject: dict[str, str], verdict: str = APPROVED, by: str = "ann", how: str = "person", rests: dict[str, str] | None = None) -> Decision:  # fmt: skip
    return Decision("writing", verdict, by, how, "", f"2026-11-21T10:00:0{seq}Z", subject, rests or {}, seq)


def gate(*decisions: Decision, subject: dict[str, str] | None = None, rests: dict[str, str] | None = None, needs: Needs | None = None) -> Gate:  # fmt: skip
    return Gate("writing", subject or {"a.md": "1", "b.md": "2"}, rests or {}, decisions, Policy(needs or Needs()))


BOTH = {"a.md": "1", "b.md": "2"}


def test_it_is_closed_until_somebody_approves_all_of_it() -> None:
    assert gate().why == ("nobody has decided yet",)
    assert gate(decided(1, {"a.md": "1"})).why == ("nobody has decided about b.md yet",)
    assert gate(decided(1, {"a.md": "1"}), decided(2, {"b.md": "2"})).open
    assert gate(decided(1, BOTH)).open


def test_what_is_not_written_cannot_be_open() -> None:
    assert gate(decided(1, {"a.md": "1"}), subject={"a.md": "1", "b.md": ""}).why == ("b.md is not written yet",)


def test_an_approval_is_of_the_bytes_it_names_and_no_others() -> None:
    stale = gate(decided(1, BOTH), subject={"a.md": "9", "b.md": "2"})
    assert stale.why == ("a.md changed after it was approved by ann at 2026-11-21T10:00:01Z",)
    assert not stale.approved("a.md") and stale.approved("b.md")


def test_an_approval_stands_on_what_it_rested_on() -> None:
    now = gate(decided(1, BOTH, rests={"brief.md": "1"}), rests={"brief.md": "2"})
    assert now.why == ("it rests on brief.md, which changed after it was approved by ann at 2026-11-21T10:00:01Z",)


def test_a_stale_approval_that_is_right_again_counts_again() -> None:
    assert gate(decided(1, {"a.md": "1", "b.md": "2"}), decided(2, {"a.md": "9"}, by="bob")).open


def test_sending_back_one_document_leaves_the_approval_of_the_other() -> None:
    now = gate(decided(1, BOTH), decided(2, {"a.md": "1"}, SENT_BACK, "bob"))
    assert now.approved("b.md") and not now.approved("a.md")
    assert now.why == ("a.md: sent back by bob at 2026-11-21T10:00:02Z",)


def test_an_approval_from_before_a_send_back_does_not_come_back_with_the_bytes() -> None:
    assert not gate(decided(1, BOTH), decided(2, BOTH, SENT_BACK), subject=BOTH).open
    assert gate(decided(1, BOTH), decided(2, BOTH, SENT_BACK), decided(3, BOTH)).open


def test_two_people_are_needed_where_two_are_asked_for() -> None:
    two = Needs(people=2)
    assert gate(decided(1, BOTH, by=ANN), needs=two).why == ("approval of 1 more person is needed",)
    assert gate(decided(1, BOTH, by=ANN), decided(2, BOTH, by="ann@example.org"), needs=two).why == ("approval of 1 more person is needed",)  # fmt: skip
    assert gate(decided(1, BOTH, by=ANN), decided(2, BOTH, by=BOB), needs=two).open


def test_one_of_two_approvals_goes_stale_alone() -> None:
    two = gate(decided(1, {"a.md": "0", "b.md": "2"}, by=ANN), decided(2, BOTH, by=BOB), needs=Needs(people=2))
    assert two.why == ("a.md: approval of 1 more person is needed",)


def test_the_same_person_does_not_approve_twice() -> None:
    now = gate(decided(1, BOTH, by=ANN))
    for spelling in (ANN, "ann@example.org", "ANN ARCHITECT", "Ann <ANN@example.org>"):
        assert now.approved_by(spelling, "person", BOTH) == now.decisions[0], spelling
    assert now.approved_by(BOB, "person", BOTH) is None
    assert now.approved_by(ANN, "policy", BOTH) is None


def test_who_approved_under_a_name_without_the_role_may_approve_again_under_one_that_has_it() -> None:
    policy = Policy(Needs(roles={"security": 1}), {"bob@example.org": ("security",)})
    full = "Bob <bob@example.org>"
    short = Gate("writing", BOTH, {}, (decided(1, BOTH, by="Bob"),), policy)
    assert short.why == ("approval of 1 more with the role 'security' is needed",)
    assert short.approved_by(full, "person", BOTH) is None
    assert short.approved_by("Bob", "person", BOTH) == short.decisions[0]
    both = Gate("writing", BOTH, {}, (*short.decisions, decided(2, BOTH, by=full)), policy)
    assert both.open
    assert both.approved_by("Bob", "person", BOTH) == both.approved_by(full, "person", BOTH) == both.decisions[1]


def test_a_decision_by_rule_reads_as_one() -> None:
    by_rule = decided(1, BOTH, by="clean", how="policy")
    assert by_rule.who == "policy 'clean'"
    assert str(by_rule) == "approved by policy 'clean' at 2026-11-21T10:00:01Z"
    stale = gate(by_rule, subject={"a.md": "9", "b.md": "2"})
    assert stale.why == ("a.md changed after it was approved by policy 'clean' at 2026-11-21T10:00:01Z",)


def test_the_rule_passes_only_what_no_check_objects_to_and_only_where_it_may() -> None:
    assert policy_refuses(gate(), 0) == ""
    assert policy_refuses(gate(), 2) == "the policy 'clean' approves only what has no findings, and there are 2"
    assert (
        policy_refuses(gate(needs=Needs(rule=False)), 0)
        == "only people may approve 'writing', as the reviewers' file says"
    )
    sent = decided(1, BOTH, SENT_BACK)
    assert policy_refuses(gate(sent), 0) == f"{sent}, and nothing has changed since"


def test_a_rule_does_not_open_a_gate_that_only_people_may() -> None:
    needs = Needs(rule=False)
    assert gate(decided(1, BOTH, by="clean", how="policy"), needs=needs).why == ("approval of 1 more person is needed",)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run whose documents are written and whose gate 'writing' needs two people."""
    folder = tmp_path_factory.mktemp("gate")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        run = opened(begin(folder, TWO))
        for name in ("intake", "scope"):
            run.phase(name).consult().approve(ANN)
        run.phase("writing").consult()
        yield run.folder


@pytest.fixture
def run(written: Path, tmp_path: Path) -> Run:
    import shutil

    shutil.copytree(written, tmp_path / "run")
    return opened(tmp_path / "run")


def test_two_people_one_of_them_with_a_role_and_not_who_edited(run: Run) -> None:
    writing = run.phase("writing")
    assert writing.gate.why == (
        "nobody has decided yet: approval of 1 more with the role 'security' and 1 more person is needed",
    )
    writing.approve(ANN)
    assert writing.gate.why == ("approval of 1 more with the role 'security' is needed",)
    text = writing.documents[1].text + "\nOne more sentence.\n"
    writing.edit(WRITING, text, "Bob Builder", run.shelf.digest(WRITING))  # type: ignore[attr-defined]
    writing.approve(ANN)
    writing.approve(BOB)
    assert writing.gate.approved(READING)
    assert writing.gate.why == (
        f"{WRITING}: approval of 1 more with the role 'security' is needed (who edited it cannot approve it: {BOB})",
    )
    assert not writing.gate.open


def test_one_document_at_a_time(run: Run) -> None:
    writing = run.phase("writing")
    for by in (ANN, BOB):
        writing.approve(by, names=[READING])
    assert writing.gate.approved(READING) and not writing.gate.approved(WRITING)
    writing.approve(BOB, names=[WRITING])
    writing.approve("Dan", names=[WRITING])
    assert writing.gate.open


def test_sending_one_document_back_has_only_its_author_write_again(run: Run) -> None:
    writing = run.phase("writing")
    for by in (ANN, BOB):
        writing.approve(by)
    assert writing.gate.open
    writing.comment(Anchor(WRITING, "Plan"), "Say more.", ANN)
    decision = writing.send_back(ANN)
    assert list(decision.subject) == [WRITING]
    assert writing.gate.approved(READING)
    writing.consult()
    assert [run.shelf.versions(name) for name in (READING, WRITING)] == [1, 2]
    assert re.fullmatch(rf"{WRITING}: sent back by .* with 1 comment \(written again since; nobody has decided about that yet\)", writing.gate.why[0])  # fmt: skip


def test_a_rule_waits_at_a_gate_that_only_people_may_pass(run: Run) -> None:
    writing = run.phase("writing")
    writing.review("clean")
    assert run.journal.of("decided", phase="writing") == []
    with pytest.raises(
        AwaitingApproval,
        match="nobody has decided yet: approval of 1 more with the role 'security' and 1 more person is needed",
    ):
        writing.require()


def test_the_way_on_names_the_rule_that_decides_the_rest(run: Run) -> None:
    assert list(ways_on(run, "clean"))[-1].endswith(f"resume {run.address} --reviewer clean")
    assert list(ways_on(run, "person"))[-1].endswith(f"resume {run.address}")


def test_an_approval_that_is_not_enough_says_what_is_still_needed(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["approve", str(run.folder), "writing", "--by", ANN]) == 0
    assert "approval of 1 more with the role 'security' is needed" in capsys.readouterr().out


def test_a_policys_decision_reads_as_one_wherever_decisions_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = opened(begin(tmp_path))
    run.phase("intake").review("clean")
    assert run.phase("intake").gate.decision is not None
    cli.main(["status", str(run.folder)])
    assert "policy 'clean'" in capsys.readouterr().out
    cli.main(["status", str(run.folder), "--json"])
    facts = json.loads(capsys.readouterr().out)
    (decision,) = [
        each["decisions"][-1] if "decisions" in each else each["decision"]
        for each in facts["phases"]
        if each["name"] == "intake"
    ]
    assert decision["how"] == "policy"
