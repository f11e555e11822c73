"""A recipe that is gone through for each domain: its gates, what rests on what, its index."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning_kit.errors import AwaitingApproval, CatalogRefused, OptionRefused
from planning_kit.export.markdown import export
from planning_kit.export.merged import BEGIN, END
from planning_kit.forecast import plan
from planning_kit.replay import replay
from planning_kit.replayed import SAME
from planning_kit.run import Run
from planning_kit.verify import verify

from .small_domains import ANN, READING, WRITING, Writer, asked, opened, ordered, parted, settle, through

IN_TURN = ["intake", "scope", "reading/wishes", "reading/plans", "writing/wishes", "writing/plans", "index"]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return settle(tmp_path, monkeypatch)


def test_with_a_person_one_domain_follows_the_other_each_with_gates_of_its_own(place: Path) -> None:
    run = ordered(place)
    assert [step.name for step in run.phases] == IN_TURN
    assert run.tree == (
        f"{READING}/wishes/wishes.md", f"{READING}/plans.md", f"{WRITING}/wishes/wishes.md", f"{WRITING}/plans.md",
        "docs/en/parted/README.md", f"{READING}/README.md", f"{WRITING}/README.md",
    )  # fmt: skip


def test_a_batch_takes_each_step_for_all_domains_with_one_gate(place: Path) -> None:
    run = ordered(place, headless=True)
    assert [step.name for step in run.phases] == ["intake", "scope", "wishes", "plans", "index"]
    assert run.phase("wishes").names == (f"{READING}/wishes/wishes.md", f"{WRITING}/wishes/wishes.md")


def test_what_was_said_holds_whoever_decides_and_the_same_order_is_the_same_run(place: Path) -> None:
    assert ordered(place, "domains=in-turn", headless=True).phases[2].name == "reading/wishes"
    first = ordered(place)
    again = ordered(place, headless=True)
    assert again.folder == first.folder and again.phases[2].name == "reading/wishes"


def test_nothing_is_asked_of_a_domain_before_the_one_in_front_of_it_is_decided(place: Path) -> None:
    run = through(ordered(place), "reading/wishes")
    with pytest.raises(AwaitingApproval, match="gate 'reading/plans' is closed"):
        run.phase("writing/wishes").consult()
    assert not run.phase("writing/wishes").documents


def test_approving_a_step_of_one_domain_approves_nothing_of_another(place: Path) -> None:
    run = through(ordered(place), "reading/plans")
    run.phase("writing/wishes").consult()
    assert run.phase("reading/wishes").gate.open and not run.phase("writing/wishes").gate.open


def test_each_author_is_told_its_domain_its_code_and_its_passages(place: Path) -> None:
    writer = Writer()
    through(opened(ordered(place), writer))
    assert "Write about reading with the code REA: P2." in asked(writer, "reading", "wisher").task
    assert "Write about writing with the code WRI: P3." in asked(writer, "writing", "wisher").task
    assert "## Overview" in asked(writer, "writing", "wisher").template


def test_passages_that_are_in_no_domain_are_the_first_ones(place: Path) -> None:
    run = ordered(place)
    parted(run, "reading")
    assert run.parts["reading"].passages == ("P2", "P3")


def test_a_later_domain_reads_what_was_written_for_those_before_it_and_its_own_documents(place: Path) -> None:
    writer = Writer()
    through(opened(ordered(place), writer))
    read = [material.name for material in asked(writer, "writing", "planner").materials if material.kind == "document"]
    assert read == [f"{READING}/wishes/wishes.md", f"{READING}/plans.md", f"{WRITING}/wishes/wishes.md"]


def test_side_by_side_each_domain_reads_its_own_documents_only(place: Path) -> None:
    writer = Writer()
    through(opened(ordered(place, headless=True), writer))
    read = [material.name for material in asked(writer, "writing", "planner").materials if material.kind == "document"]
    assert read == [f"{WRITING}/wishes/wishes.md"]
    assert len(writer.asked) == 4


@pytest.mark.parametrize("headless", [False, True])
def test_a_changed_document_closes_exactly_what_rests_on_it_in_its_domain_and_says_why(
    place: Path, headless: bool
) -> None:
    run = through(ordered(place, headless=headless))
    assert run.finished
    step = run.phase("wishes" if headless else "reading/wishes")
    name = f"{READING}/wishes/wishes.md"
    step.edit(name, step.documents[0].text.replace("As the brief", "As everybody"), ANN, run.shelf.digest(name))
    step.approve(ANN)
    gates = {each.name: each.own_gate for each in run.phases}
    closed = "plans" if headless else "reading/plans"
    assert [name for name, gate in gates.items() if not gate.open] == [closed]
    assert gates[closed].why[0].startswith(f"it rests on {name}, which changed after it was approved")
    assert gates[closed].approved(f"{READING}/plans.md") is False
    if headless:
        assert gates[closed].approved(f"{WRITING}/plans.md")
    else:
        assert run.phase("writing/wishes").gate.open and run.phase("writing/plans").gate.open
    assert not run.phase("index").gate.open


def test_an_edit_alone_closes_the_gate_it_was_approved_at_and_those_after_it_in_its_domain(place: Path) -> None:
    run = through(ordered(place))
    run.shelf.path(f"{WRITING}/wishes/wishes.md").write_text("# Wishes\n\nOther ones.\n")
    assert [step.name for step in run.phases if not step.gate.open] == ["writing/wishes", "writing/plans", "index"]


def test_a_reviewer_may_approve_one_domain_of_a_step(place: Path) -> None:
    run = ordered(place, headless=True)
    step = run.phase("wishes").consult()
    step.approve(ANN, names=[f"{READING}/wishes/wishes.md"])
    assert step.gate.approved(f"{READING}/wishes/wishes.md") and not step.gate.open


def test_what_was_agreed_before_the_domains_were_still_holds_when_they_change(place: Path) -> None:
    run = ordered(place)
    parted(run, "reading", "writing", "paying")
    assert run.phase("intake").gate.open and not run.phase("scope").gate.open
    assert "paying/plans" in [step.name for step in run.phases]


def test_documents_with_a_template_have_links_and_a_table_of_contents_nobody_typed(place: Path) -> None:
    run = through(ordered(place), "reading/wishes")
    (document,) = run.phase("reading/wishes").documents
    assert document.title == "Wishes: reading, Library"
    assert "\nPrevious: none · Next: [Plans](../plans.md)\n" in document.text
    assert (
        "## Contents\n\n1. [Overview](#overview)\n2. [Wishes](#wishes)\n3. [Key decisions](#key-decisions)\n"
        in document.text
    )
    assert not run.phase("reading/wishes").findings.errors


def test_a_receipt_says_which_step_of_which_domain_is_written(place: Path) -> None:
    run = through(ordered(place), "reading/plans")
    said = [
        str(receipt).partition(" Saved to ")[0]
        for name in ("reading/wishes", "reading/plans")
        for receipt in run.phase(name).receipts
    ]
    assert said == ["✓ Wishes of reading (step 1 of 2) complete.", "✓ Plans of reading (step 2 of 2) complete."]


def test_a_table_of_contents_that_an_author_types_is_replaced(place: Path) -> None:
    class Lister(Writer):
        def write(self, request):  # type: ignore[no-untyped-def]
            return "## Table of contents\n\n- [Elsewhere](#elsewhere)\n\n" + super().write(request)

    run = through(opened(ordered(place), Lister()), "reading/wishes")
    assert run.phase("reading/wishes").documents[0].text.lower().count("contents") == 1


def test_the_index_follows_from_what_is_there_and_nobody_decides_about_it(place: Path) -> None:
    run = through(ordered(place))
    index = run.shelf.document("docs/en/parted/README.md")
    assert index and index.text == (
        "# All parts of Library\n\n- reading: All about reading.\n  - [Wishes](reading/wishes/wishes.md)\n  - [Plans](reading/plans.md)\n"
        "- writing: All about writing.\n  - [Wishes](writing/wishes/wishes.md)\n  - [Plans](writing/plans.md)\n"
    )
    assert run.shelf.path(f"{WRITING}/README.md").read_text() == "# writing\n\nIts code is WRI.\n"
    assert not [record for record in run.journal.of("decided") if record.body["phase"] == "index"]


def test_one_domain_has_no_index_of_its_own(place: Path) -> None:
    run = ordered(place)
    parted(run, "reading")
    run.phase("scope").approve(ANN)
    assert through(run).finished
    assert run.phase("index").names == ("docs/en/parted/README.md",)


def test_an_index_somebody_edited_is_kept(place: Path) -> None:
    run = through(ordered(place))
    run.shelf.path("docs/en/parted/README.md").write_text("# Ours\n")
    assert run.phase("index").consult().gate.open
    assert run.shelf.path("docs/en/parted/README.md").read_text() == "# Ours\n"


def test_a_finished_run_is_as_recorded_and_can_be_handed_over(place: Path, tmp_path: Path) -> None:
    run = through(ordered(place))
    assert not verify(run).faults
    export(run, tmp_path / "to")
    assert (tmp_path / "to" / f"{WRITING}/plans.md").is_file()


def test_it_comes_out_the_same_from_its_kept_answers(place: Path) -> None:
    run = through(ordered(place))
    assert {made.how for made in replay(run).made} == {SAME}


def test_the_index_is_merged_into_the_one_that_is_there(place: Path, tmp_path: Path) -> None:
    run = through(ordered(place))
    there = tmp_path / "to" / "docs/en/parted/README.md"
    there.parent.mkdir(parents=True)
    there.write_text("# Our handbook\n\nRead this first.\n")
    (there.parent / "architecture.md").write_text("# Ours\n")
    export(run, tmp_path / "to")
    assert there.read_text() == (
        f"# Our handbook\n\nRead this first.\n\n{BEGIN}\n\n## All parts of Library\n\n- reading: All about reading.\n  - [Wishes](reading/wishes/wishes.md)\n"
        "  - [Plans](reading/plans.md)\n- writing: All about writing.\n  - [Wishes](writing/wishes/wishes.md)\n  - [Plans](writing/plans.md)\n"
        f"\n### Also here\n\n- [architecture.md](architecture.md)\n\n{END}\n"
    )
    assert (there.parent / "architecture.md").read_text() == "# Ours\n"


def test_handing_over_again_changes_only_what_stands_between_the_marks(place: Path, tmp_path: Path) -> None:
    run = through(ordered(place))
    export(run, tmp_path / "to")
    there = tmp_path / "to" / "docs/en/parted/README.md"
    assert not export(run, tmp_path / "to").written
    there.write_text(f"# Ours\n\n{there.read_text()}\nOur last words.\n".replace("All about reading", "Nothing"))
    export(run, tmp_path / "to")
    text = there.read_text()
    assert text.startswith(f"# Ours\n\n{BEGIN}\n\n## All parts") and text.endswith(f"{END}\n\nOur last words.\n")
    assert "All about reading" in text and not export(run, tmp_path / "to").written


def test_the_folder_follows_the_language_and_the_author_is_told_it(place: Path) -> None:
    writer = Writer()
    run = through(opened(ordered(place, "language=pt-BR"), writer), "reading/wishes")
    assert run.phase("reading/wishes").names == ("docs/pt-BR/parted/reading/wishes/wishes.md",)
    assert "the language with the code 'pt-BR'" in asked(writer, "reading", "wisher").task


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("language=Korean", "--set language=Korean: write a language's code (BCP 47), like en, ko or pt-BR"),
        ("language=../..", "--set language=../..: write a language's code (BCP 47), like en, ko or pt-BR"),
        ("domains=in-turns", "--set domains=in-turns: no such value; did you mean 'in-turn'?"),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_one_line(place: Path, said: str, line: str) -> None:
    with pytest.raises(OptionRefused) as refused:
        ordered(place, said)
    assert str(refused.value) == line
    assert not (place / "outputs").exists()


@pytest.mark.parametrize(
    ("file", "was", "now", "line"),
    [
        ("consultants/wisher.md", "template: wishes", "template: wish", "6: template: no such template: 'wish'; did you mean 'wishes'?"),
        ("consultants/wisher.md", "template: wishes", "template: wishes\nsections: [A]", "6: template: give a template or sections, not both"),
        ("recipes/parted.md", "parted-domain", "parted-domains", "16: renders: no such template: 'parted-domains'; did you mean 'parted-domain'?"),
        ("recipes/parted.md", "docs/{language}", "docs/{languages}", "4: documents: no such option: 'languages'; did you mean 'language'?"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_fit_is_named_with_its_line(place: Path, file: str, was: str, now: str, line: str) -> None:
    page = place / "own" / file
    page.write_text(page.read_text().replace(was, now))
    with pytest.raises(CatalogRefused) as refused:
        ordered(place)
    assert str(refused.value) == f"{page}:{line}"


def test_a_template_of_ones_own_takes_the_place_of_a_shipped_one(place: Path) -> None:
    (place / "own" / "templates" / "wishes.md").write_text("## Hopes\n\n## Key decisions\n")
    writer = Writer()
    run = through(opened(ordered(place), writer), "reading/wishes")
    assert asked(writer, "reading", "wisher").outline == ("Hopes", "Key decisions")
    assert "## Hopes" in run.phase("reading/wishes").documents[0].text


def test_steps_are_gone_through_as_far_as_their_gates_let_them(place: Path) -> None:
    run = ordered(place)
    steps = run.steps("3_specification")
    assert steps.consult().waiting is run.phase("reading/wishes")
    with pytest.raises(AwaitingApproval, match="gate 'reading/wishes' is closed: nobody has decided yet"):
        steps.require()
    assert "Wishes" in steps._repr_mimebundle_()["text/plain"]


def test_a_policy_takes_the_steps_to_their_end(place: Path) -> None:
    run = Run.open(ordered(place, headless=True).folder, author=Writer)
    steps = run.steps("3_specification").consult("clean")
    assert steps.waiting is None and run.finished
    assert "Every gate of 3_specification is open." in steps.require()._repr_mimebundle_()["text/plain"]
    assert len(steps.receipts) == 4


def test_a_notebook_the_recipe_does_not_have_is_refused_with_the_nearest(place: Path) -> None:
    with pytest.raises(
        OptionRefused, match="no notebook of parted: '3_specifications'; did you mean '3_specification'?"
    ):
        ordered(place).steps("3_specifications")


def test_the_plan_of_execution_names_a_seat_once_for_all_its_domains(place: Path) -> None:
    lines = [line.strip() for line in plan(ordered(place, headless=True)).lines]
    assert lines[5:8] == [
        "3. Wishes (3_specification): side by side: Wisher → wishes.md for each of 2 domains; then gate 'wishes'",
        "4. Plans (3_specification): side by side: Planner → plans.md for each of 2 domains; then gate 'plans'",
        "5. Index (3_specification): nobody is asked, nothing is decided",
    ]
