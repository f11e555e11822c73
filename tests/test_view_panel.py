"""The panel decides about the bytes it showed, once, and leaves a card behind instead of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook, reads, writes

from planning_kit import kernel, live, panel, person, view
from planning_kit.document import Finding
from planning_kit.findings import Findings
from planning_kit.order import Order
from planning_kit.run import Run
from planning_kit.sitting import SeatProgress, Snapshot

from .authors import agreed

OPEN = "from planning_kit import open_run\nphase = open_run(run).phase({phase!r})\npanel = phase.review()\npanel"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Order("# Loans\n\nMembers must be able to borrow books.\n", model="offline", outputs=tmp_path).run()[0]


def cells(run: Run, phase: str, *sources: str, **environment: str) -> list[Any]:
    """The outputs of a notebook that shows the panel of ``phase`` and then runs ``sources``, cell by cell."""
    book = new_notebook(
        cells=[new_code_cell('run = "."'), new_code_cell(OPEN.format(phase=phase)), *map(new_code_cell, sources)]
    )
    book.cells[0].metadata["tags"] = ["parameters"]
    source, copy = run.folder.parent / "source.ipynb", run.folder.parent / "executed.ipynb"
    source.write_text(writes(book), "utf-8")
    failure = kernel.execute(source, copy, {}, run.folder, environment)
    assert failure is None
    return [cell.outputs for cell in reads(copy.read_text("utf-8")).cells[1:]]


def draft(run: Run) -> list[Path]:
    """Have the consultants' documents lie in the run as somebody wrote them by hand."""
    phase = run.phase("consultants")
    for name in phase.names:
        phase.path(name).parent.mkdir(parents=True, exist_ok=True)
        phase.path(name).write_text(f"# {name}\n\nwritten by hand\n", "utf-8")
    return [phase.path(name) for name in phase.names]


def test_approving_twice_records_once_and_leaves_only_a_card(run: Run) -> None:
    shown, _ = cells(run, "intake", "panel.by.value = 'Ann'\npanel.decide(approve=True)\npanel.decide(approve=True)")
    (decided,) = run.journal.of("decided")
    assert (decided.body["by"], decided.body["how"]) == ("Ann", "person")
    assert [sorted(output.data) for output in shown] == [["text/html", "text/plain"]] * 2
    assert "Detected tech stack: none" in shown[0].data["text/plain"]
    assert "Intake: approved by Ann" in shown[1].data["text/plain"]


def test_nothing_is_recorded_before_somebody_decides(run: Run) -> None:
    (shown,) = cells(run, "intake")
    assert "application/vnd.jupyter.widget-view+json" in shown[1].data
    assert run.journal.of("decided") == []


def test_without_anybody_there_a_card_says_how_to_decide(run: Run) -> None:
    (shown,) = cells(run, "intake", PLANNING_KIT_HEADLESS="1")
    assert [sorted(output.data) for output in shown] == [["text/html", "text/plain"]] * 2
    assert f"planning-kit approve {run.label} intake --by NAME" in shown[1].data["text/plain"]


def test_a_decided_gate_shows_its_decision_and_no_form(run: Run) -> None:
    run.phase("intake").approve("Ann", "go on")
    (shown,) = cells(run, "intake")
    assert [sorted(output.data) for output in shown] == [["text/html", "text/plain"]] * 2
    assert "approved by Ann" in shown[1].data["text/plain"]
    assert "“go on”" in shown[1].data["text/plain"]


def test_a_file_that_changed_after_it_was_shown_is_shown_again_before_it_can_be_approved(run: Run) -> None:
    agreed(run, "Ann")
    edited = draft(run)[0]
    change = f"from pathlib import Path\nPath({str(edited)!r}).write_text('# New\\n\\nchanged behind the back\\n')\npanel.decide(approve=True)"
    shown, _, said, _ = cells(
        run, "consultants", change, "print(panel.said.value, panel.decided)", "panel.decide(approve=True)"
    )
    assert "changed since they were shown" in said[0].text
    assert said[0].text.endswith("False\n")
    assert "changed behind the back" in shown[0].data["text/plain"]
    (decided,) = run.journal.of("decided", phase="consultants")
    assert decided.body["subject"] == run.phase("consultants").subject


def test_documents_with_findings_come_first(run: Run) -> None:
    draft(run)
    phase = run.phase("consultants")
    finding = Finding(phase.names[3], 3, "rule", "tool 1", "error", "is <b>missing</b>")
    shown = panel.documents(phase, Findings((finding,), phase.documents))
    assert shown.text.splitlines()[0] == f"{phase.names[3]}: 1 finding (1 error)"
    assert shown.html.count("<details>") == 5
    assert "is &lt;b&gt;missing&lt;/b&gt;" in shown.html


def test_sending_back_needs_a_remark(run: Run) -> None:
    agreed(run, "Ann")
    draft(run)
    sources = (
        "panel.decide(approve=False)\nprint(panel.said.value)",
        "panel.comment.value = 'add loans'\npanel.decide(approve=False)",
    )
    shown, said, _ = cells(run, "consultants", *sources)
    assert "needs a comment" in said[0].text
    (decided,) = run.journal.of("decided", phase="consultants")
    assert (decided.body["verdict"], decided.body["comment"]) == ("sent back", "add loans")
    assert "sent back by" in shown[1].data["text/plain"]


@pytest.mark.parametrize(
    ("settings", "environment", "name"),
    [
        ('[core]\n\teditor = vi\n[user]\n\temail = a@b\n\tname = "Ann Architect" # me\n', {}, "Ann Architect <a@b>"),
        ("[user]\n\tname = Ann\n", {"GIT_AUTHOR_NAME": "Bob"}, "Bob"),
    ],
)
def test_the_proposed_name_is_gits_without_running_git(
    tmp_path: Path, settings: str, environment: dict[str, str], name: str
) -> None:
    (tmp_path / ".gitconfig").write_text(settings)
    assert person.who({"HOME": str(tmp_path), **environment}) == name


def test_without_git_the_account_is_proposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "architect")
    assert person.who({"HOME": str(tmp_path)}) == "architect"


def test_progress_is_a_line_and_a_table() -> None:
    seats = (SeatProgress("api", "04.md", "done", 1200), SeatProgress("data", "05.md", "writing", 34))
    shown = live.pace(Snapshot("consultants", seats, 0.125, 61.4))
    assert isinstance(shown, view.Shown)
    assert shown.text.splitlines() == [
        "consultants: 1 of 2 written, 1,234 words, $0.12, 61 s",
        "consultant  document  state    words",
        "api         04.md     done     1,200",
        "data        05.md     writing  34",
    ]


def test_facts_that_changed_after_they_were_shown_are_shown_again_and_the_edit_is_kept(run: Run) -> None:
    change = (
        "sheet = phase.run.sheet.path\ntext = sheet.read_text()\nname = phase.run.sheet.now.domains[0].name\n"
        "sheet.write_text(text.replace(f'- name: {name}', '- name: edited-elsewhere'))\npanel.decide(approve=True)"
    )
    run.phase("intake").approve("Ann")
    cells(run, "scope", "panel.by.value = 'Ann'", change, "panel.decide(approve=True)")
    assert run.sheet.now.domains[0].name == "edited-elsewhere"
    assert run.phase("scope").gate.open


def test_a_question_is_answered_in_the_form(tmp_path: Path) -> None:
    run, _ = Order("", model="offline", outputs=tmp_path).run()
    run.phase("intake").approve("Ann")
    assert run.sheet.now.questions
    cells(run, "scope", "panel.by.value = 'Ann'\npanel.form.answers['Q1'][0].value = 'b'\npanel.decide(approve=True)")
    assert run.sheet.now.questions[0].answer == "b"
    assert run.phase("scope").gate.open
    assert run.journal.of("settled", by="Ann")


def test_own_words_are_never_lost_and_never_missing(tmp_path: Path) -> None:
    run, _ = Order("", model="offline", outputs=tmp_path).run()
    run.phase("intake").approve("Ann")
    own = "panel.form.answers['Q1'][1].value = 'Only the clinic may.'"
    chosen = (
        "panel.form.answers['Q2'][0].value = 'own'\npanel.decide(approve=True)\nprint(panel.decided, panel.said.value)"
    )
    *_, said, _, decided = cells(
        run, "scope", "panel.by.value = 'Ann'", own, chosen, "panel.form.answers['Q2'][0].value = ''",
        "panel.decide(approve=True)\nprint(panel.decided)",
    )  # fmt: skip
    assert said[0].text.startswith("False") and "Q2: &#x27;in my own words&#x27; is chosen" in said[0].text
    assert decided[0].text == "True\n"
    assert [question.answer for question in run.sheet.now.questions][:2] == ["Only the clinic may.", ""]


def test_after_a_correction_the_card_shows_what_was_approved(run: Run) -> None:
    (shown, *_) = cells(
        run, "intake", "panel.by.value = 'Ann'", "panel.form.moves.value = 'P2 constraint'\npanel.decide(approve=True)"
    )
    assert "constraint: 1 (P2)" in shown[0].data["text/plain"]
