"""A run from its order to its last gate: what is asked, kept, decided, and carried on."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from planning_kit.checks.about import About
from planning_kit.consult import Frame
from planning_kit.errors import AwaitingApproval, BudgetSpent, Damaged, ModelStopped, OptionRefused, RunHeld
from planning_kit.facts import SECTIONS
from planning_kit.model import Request, Usage
from planning_kit.order import Order
from planning_kit.run import Run
from planning_kit.sitting import Chair
from planning_kit.store import Store

from .authors import Careless, Hopeless, Writer, agreed

BRIEF = "# Notes\n\nReaders must be able to read notes over HTTP.\n"
SEATS = 5


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A run that asks a model, not begun by anybody yet; its folder."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
    run, before = Order(BRIEF, model="claude-sonnet-5-5", outputs=tmp_path / "outputs").run()
    assert not before
    yield run.folder


def opened(folder: Path, writer: Writer) -> Run:
    return Run.open(folder, author=lambda: writer)


def finished(folder: Path, writer: Writer | None = None) -> Run:
    run = opened(folder, writer or Writer())
    for phase in run.phases:
        phase.consult().approve("ann")
    assert run.finished
    return run


def test_five_seats_write_side_by_side(begun: Path) -> None:
    writer = Writer(wait_for=SEATS)
    run = opened(begun, writer)
    agreed(run)
    run.phase("consultants").consult()
    assert writer.most_at_once == SEATS
    assert len({request.materials for request in writer.asked}) == 1


def test_nothing_is_asked_before_the_intake_is_approved(begun: Path) -> None:
    writer = Writer()
    with pytest.raises(AwaitingApproval, match="gate 'intake' is closed: nobody has decided yet"):
        opened(begun, writer).phase("consultants").consult()
    assert writer.asked == []


def test_every_step_may_be_done_twice_and_nothing_is_asked_twice(begun: Path) -> None:
    writer = Writer()
    for _ in range(3):
        run = opened(begun, writer)
        for phase in run.phases:
            phase.consult().approve("ann")
    assert len(writer.asked) == SEATS + 3
    assert len(run.journal.of("decided")) == 5


def test_a_finished_run_answers_from_its_folder_alone(begun: Path) -> None:
    finished(begun)
    refusing = Writer(failing="backend-summary")
    run = opened(begun, refusing)
    assert [str(receipt).splitlines()[0] for receipt in run.phase("synthesis").consult().receipts] == [
        "✓ Design complete. Saved to documents/planning-docs/notes/00-backend-summary.md"
    ]
    assert refusing.asked == []


def test_the_summary_reads_the_five_documents(begun: Path) -> None:
    writer = Writer()
    finished(begun, writer)
    read = [material.name for material in writer.asked[-1].materials if material.kind == "document"]
    assert read == [f"planning-docs/notes/{name}" for name in (
        "04-api-design.md", "05-data-model.md", "06-tech-recommendations.md", "07-security-requirements.md", "08-compliance-requirements.md",
    )]  # fmt: skip


def test_an_approval_names_the_digests_of_documents_and_of_what_they_rest_on(begun: Path) -> None:
    run = finished(begun)
    decision = run.phase("synthesis").gate.decision
    assert decision is not None
    assert dict(decision.subject) == {
        "planning-docs/notes/00-backend-summary.md": run.shelf.digest("planning-docs/notes/00-backend-summary.md")
    }
    given = {"brief.md", *(f"facts.yaml: {section}" for section in SECTIONS)}
    assert set(decision.rests_on) == given | set(run.phase("consultants").names)
    assert (decision.by, decision.how) == ("ann", "person")


def test_a_change_upstream_closes_the_gates_downstream_and_says_why(begun: Path) -> None:
    run = finished(begun)
    api = run.phase("consultants").path("planning-docs/notes/04-api-design.md")
    api.write_text(api.read_text() + "\nOne more sentence.\n")
    assert run.phase("intake").gate.open
    assert [why.split(" after ")[0] for why in run.phase("consultants").gate.why] == [
        "planning-docs/notes/04-api-design.md changed"
    ]
    assert [why.split(" after ")[0] for why in run.phase("synthesis").gate.why] == [
        "the gate 'consultants' before it is closed",
        "it rests on planning-docs/notes/04-api-design.md, which changed",
    ]


def test_changing_it_back_opens_the_gates_again(begun: Path) -> None:
    run = finished(begun)
    api = run.phase("consultants").path("planning-docs/notes/04-api-design.md")
    text = api.read_text()
    api.write_text(text + "x")
    assert not run.finished
    api.write_text(text)
    assert run.finished


def test_a_persons_edit_survives_and_the_summary_is_written_again_from_it(begun: Path) -> None:
    writer = Writer()
    run = finished(begun, writer)
    phase = run.phase("consultants")
    name = "planning-docs/notes/04-api-design.md"
    phase.path(name).write_text(phase.path(name).read_text().replace("list them", "list them all"))
    phase.consult()
    assert "list them all" in phase.path(name).read_text()
    assert len(run.journal.of("edited", document=name)) == 1
    phase.approve("ann")
    run.phase("synthesis").consult()
    assert "list them all" in writer.asked[-1].materials[-5].text
    assert len(writer.asked) == SEATS + 4


def test_an_edited_document_is_kept_when_what_it_rests_on_changes(begun: Path) -> None:
    writer = Writer()
    run = finished(begun, writer)
    summary = run.phase("synthesis").path("planning-docs/notes/00-backend-summary.md")
    summary.write_text(summary.read_text().replace("Notes are read", "All notes are read"))
    api = run.phase("consultants").path("planning-docs/notes/04-api-design.md")
    api.write_text(api.read_text() + "\nMore.\n")
    run.phase("consultants").approve("ann")
    run.phase("synthesis").consult()
    assert "All notes are read" in summary.read_text()
    assert len(writer.asked) == SEATS + 3


def test_sending_back_carries_the_comment_to_the_author_who_writes_a_new_version(begun: Path) -> None:
    writer = Writer()
    run = opened(begun, writer)
    agreed(run)
    phase = run.phase("consultants").consult()
    phase.send_back("bob", "say how long notes are kept")
    assert phase.gate.why == (str(phase.gate.decision),)
    assert not phase.findings  # what was sent back owes no answer to what was said about it
    phase.consult()
    assert len(writer.asked) == 2 * SEATS
    again = writer.asked[-1]
    assert again.remarks == ("say how long notes are kept",)
    assert again.draft.startswith("# ")
    assert all("Taken up: say how long notes are kept" in document.text for document in phase.documents[2:3])
    assert all("| 2 |" in document.text for document in phase.documents)
    assert not phase.gate.open
    phase.approve("bob")
    assert phase.gate.open


def test_sending_back_needs_a_comment_and_deciding_needs_a_name(begun: Path) -> None:
    run = opened(begun, Writer())
    with pytest.raises(OptionRefused, match="say who decides"):
        run.phase("intake").approve("  ")
    agreed(run)
    run.phase("consultants").consult()
    with pytest.raises(OptionRefused, match="needs a comment"):
        run.phase("consultants").send_back("ann", " ")


def test_what_is_not_written_yet_cannot_be_approved(begun: Path) -> None:
    run = opened(begun, Writer())
    agreed(run)
    with pytest.raises(OptionRefused, match="04-api-design.md is not written yet"):
        run.phase("consultants").approve("ann")


def test_only_what_was_shown_can_be_approved(begun: Path) -> None:
    run = opened(begun, Writer())
    agreed(run)
    phase = run.phase("consultants").consult()
    shown = phase.subject
    api = phase.path(phase.names[0])
    api.write_text(api.read_text() + "\nchanged while it was read\n")
    with pytest.raises(AwaitingApproval, match="changed since they were shown"):
        phase.approve("ann", subject=shown)
    assert not phase.gate.open


def test_the_clean_policy_approves_what_has_no_findings_and_never_as_a_person(begun: Path) -> None:
    run = opened(begun, Writer())
    run.phase("intake").review("clean")
    run.phase("scope").consult().review("clean")
    agreed(run)
    phase = run.phase("consultants").consult()
    phase.review("clean")
    decision = phase.gate.decision
    assert decision is not None and phase.gate.open
    assert (decision.by, decision.how) == ("clean", "policy")


def test_the_clean_policy_stops_at_findings(begun: Path) -> None:
    run = opened(begun, Hopeless())
    run.phase("intake").review("clean")
    run.phase("scope").consult().review("clean")
    agreed(run)
    phase = run.phase("consultants").consult()
    phase.review("clean")
    assert not phase.gate.open
    assert len(phase.findings) == 2 * SEATS


def test_the_clean_policy_does_not_overrule_a_person_who_sent_it_back(begun: Path) -> None:
    run = opened(begun, Writer())
    run.phase("intake").review("clean")
    run.phase("scope").consult().review("clean")
    agreed(run)
    phase = run.phase("consultants").consult()
    phase.send_back("bob", "no")
    phase.review("clean")
    assert not phase.gate.open


def test_an_author_mends_what_the_checks_found(begun: Path) -> None:
    writer = Careless()
    run = opened(begun, writer)
    agreed(run)
    phase = run.phase("consultants").consult()
    assert phase.findings == ()
    assert len(writer.asked) == 2 * SEATS
    mending = [request for request in writer.asked if request.findings]
    assert all(
        any("the section 'Key decisions' is missing; add '## Key decisions'" in told for told in request.findings)
        for request in mending
    )


def test_what_cannot_be_mended_is_handed_in_with_its_findings_and_not_asked_for_ever(begun: Path) -> None:
    writer = Hopeless()
    run = opened(begun, writer)
    agreed(run)
    for _ in range(3):
        run.phase("consultants").consult()
    assert SEATS * 2 <= len(writer.asked) <= SEATS * 3
    assert len(run.phase("consultants").documents) == SEATS


def test_one_seat_that_fails_does_not_cost_the_others_their_answers(begun: Path) -> None:
    run = opened(begun, Writer(failing="security-consultant"))
    agreed(run)
    with pytest.raises(ModelStopped, match="security-consultant: nobody answered"):
        run.phase("consultants").consult()
    assert len(run.phase("consultants").documents) == SEATS - 1
    writer = Writer()
    opened(begun, writer).phase("consultants").consult()
    assert [request.seat for request in writer.asked] == ["security-consultant"]


def test_an_incomplete_answer_is_marked_and_never_clean(begun: Path) -> None:
    run = opened(begun, Writer(stop="max_tokens"))
    agreed(run)
    phase = run.phase("consultants").consult()
    phase.review("clean")
    assert not phase.gate.open
    assert all("the answer is incomplete (it ended with 'max_tokens')" in finding.message for finding in phase.findings)
    assert str(phase.receipts[0]).startswith("✗ Design incomplete: the answer ended with 'max_tokens'.")


def test_the_budget_is_a_hard_cap_and_raising_it_carries_on(begun: Path) -> None:
    run = opened(begun, Writer(usage=Usage(input=10_000, output=5_000)))
    agreed(run)
    run.allow(0.0)
    with pytest.raises(BudgetSpent, match=r"\$0.00 of the budget of \$0.00 is spent"):
        run.phase("consultants").consult()
    run = opened(begun, Writer(usage=Usage(input=10_000, output=5_000)))
    run.allow(50.0)
    run.phase("consultants").consult()
    assert run.spent == pytest.approx(SEATS * (10_000 * 2 + 5_000 * 10) / 1e6)


def test_a_damaged_answer_is_set_aside_and_never_paid_again_silently(begun: Path) -> None:
    finished(begun)
    writer = Writer()
    run = opened(begun, writer)
    phase = run.phase("consultants")
    question = phase.question(phase.duties[0])
    call = next((begun / "calls").glob(f"*/{question.digest}.json"))
    whole = call.read_text()
    call.write_text(whole.replace("As the brief says", "As nobody says", 1))
    assert run.ledger.damaged == (str(call.relative_to(begun)),)
    for _ in range(2):
        with pytest.raises(
            Damaged, match=r"it is set aside as .*\.damaged: restore it as .*\.json, or delete it to ask"
        ):
            run.ledger.send(question, print)
    assert writer.asked == [] and not call.exists()
    call.write_text(whole)
    assert opened(begun, writer).ledger.send(question, print).text and writer.asked == []


def test_a_document_that_was_deleted_comes_back_without_asking(begun: Path) -> None:
    run = finished(begun)
    path = run.phase("consultants").path("planning-docs/notes/05-data-model.md")
    text = path.read_text()
    path.unlink()
    writer = Writer()
    run = opened(begun, writer)
    run.phase("consultants").consult()
    assert path.read_text() == text
    assert run.finished and writer.asked == []


def test_a_kill_between_record_and_file_is_mended_at_the_next_start(begun: Path) -> None:
    run = opened(begun, Writer())
    agreed(run)
    phase = run.phase("consultants").consult()
    name = phase.names[0]
    phase.send_back("bob", "again")
    before = phase.path(name).read_text()
    phase.consult()
    after = phase.path(name).read_text()
    last = sorted((begun / "journal").iterdir())
    for record in reversed(last):  # as if killed after the last draft was recorded and before its file was replaced
        if (
            json.loads(record.read_text())["kind"] == "drafted"
            and json.loads(record.read_text())["body"]["document"] == name
        ):
            break
        record.unlink()
    phase.path(name).write_text(before)
    run = opened(begun, Writer())
    run.phase("consultants").consult()
    assert run.phase("consultants").path(name).read_text() == after
    assert run.journal.of("edited", document=name) == []


def test_a_changed_journal_is_noticed(begun: Path) -> None:
    finished(begun)
    record = begun / "journal" / "000001.json"
    record.write_text(record.read_text().replace("ann", "eve"))
    with pytest.raises(Damaged, match="000002.json does not follow from the record before it"):
        opened(begun, Writer()).phase("intake").gate.open  # noqa: B018


def test_a_missing_record_is_noticed(begun: Path) -> None:
    finished(begun)
    (begun / "journal" / "000002.json").unlink()
    with pytest.raises(Damaged, match="000002.json is missing although 000003.json is there"):
        opened(begun, Writer()).phase("intake").gate.open  # noqa: B018


def test_two_on_one_run_the_second_is_told_who_holds_it(begun: Path) -> None:
    with Store(begun).drive():
        with pytest.raises(RunHeld, match=r"is held by process \d+ on \S+ since"):
            opened(begun, Writer()).phase("intake").approve("ann")
        with pytest.raises(RunHeld), Store(begun).drive():
            pass
    opened(begun, Writer()).phase("intake").approve("ann")


def test_a_link_out_of_the_folder_is_not_written_through(begun: Path, tmp_path: Path) -> None:
    run = opened(begun, Writer())
    agreed(run)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.rmtree(begun / "documents")
    (begun / "documents").symlink_to(elsewhere)
    with pytest.raises(OptionRefused, match="is a symbolic link"):
        run.phase("consultants").consult()
    assert list(elsewhere.iterdir()) == []


def test_keys_are_nowhere_in_the_folder(begun: Path) -> None:
    finished(begun)
    assert not [path for path in begun.rglob("*") if path.is_file() and b"test-key" in path.read_bytes()]


def test_an_approved_edit_whose_file_was_deleted_comes_back_as_it_was_approved(begun: Path) -> None:
    run = finished(begun)
    phase = run.phase("consultants")
    path = phase.path(phase.names[0])
    path.write_text(path.read_text() + "\nEdited by hand.\n")
    phase.approve("ann")
    path.unlink()
    run = opened(begun, Writer())
    run.phase("consultants").consult()
    assert path.read_text().endswith("Edited by hand.\n")
    assert run.phase("consultants").gate.open


def test_a_key_that_a_gateway_echoes_is_not_kept(begun: Path) -> None:
    class Echo(Writer):
        def write(self, request: Request) -> str:
            return super().write(request).replace("Notes are read", "sk-ant-api03-" + "e" * 40 + " notes are read")

    finished(begun, Echo())
    assert not [path for path in begun.rglob("*") if path.is_file() and b"eeeeeeee" in path.read_bytes()]


def test_words_are_counted_as_they_come_however_they_are_cut() -> None:
    chair = Chair(Request("offline", "x", "", "", (), "", ()), Frame("x.md", "X", "r", 1), About(), 0)
    for piece in ("Two wo", "rds", ", and ", "three more", " here.\n"):
        chair.hear(piece)
    assert chair.words == len(["Two", "words,", "and", "three", "more", "here."])


def test_many_missing_documents_are_one_reason(begun: Path) -> None:
    run = opened(begun, Writer())
    assert (
        run.phase("consultants").gate.why[-1] == "planning-docs/notes/04-api-design.md and 4 more are not written yet"
    )
