"""Topics, phases written together, seats on a condition, places of documents, and a document that a template begins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from planning_kit.catalog import Catalog
from planning_kit.errors import AwaitingApproval, CatalogRefused, OptionRefused
from planning_kit.fork import Fork
from planning_kit.model import Hear, Reply, Request, Source
from planning_kit.order import Order
from planning_kit.progress import greeting
from planning_kit.replay import replay
from planning_kit.replayed import SAME

from .small_domains import opened, through
from .small_topics import ANN, BRIEF, MODEL, Writer, about, ordered, settle


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return settle(tmp_path, monkeypatch)


def test_each_topic_has_a_session_in_each_area_and_all_are_written_side_by_side(place: Path) -> None:
    writer = Writer(wait_for=4)
    run = opened(ordered(place), writer)
    run.phase("setup").consult()
    run.phase("far").consult()
    assert writer.most_at_once == 4
    assert run.phase("far").names == ("looked/far/caching.md", "looked/far/search.md")
    assert [len(run.phase(name).documents) for name in ("far", "near")] == [2, 2]
    assert {each.who for each in writer.asked} == {f"{seat} ({t})" for seat in ("far-looker", "near-looker") for t in ("caching", "search")}  # fmt: skip


def test_areas_written_together_have_a_gate_each_and_wait_for_no_other(place: Path) -> None:
    run = through(ordered(place), "setup")
    run.phase("far").consult()
    near = run.phase("near").approve(ANN)
    assert near.verdict == "approved" and run.phase("near").gate.open and not run.phase("far").gate.open
    with pytest.raises(AwaitingApproval, match="gate 'far' is closed"):
        run.phase("keeping").consult()


def test_what_is_sent_back_in_one_area_asks_nobody_in_the_other(place: Path) -> None:
    run = through(ordered(place), "setup")
    run.phase("far").consult()
    run.phase("near").approve(ANN)
    run.phase("far").send_back(ANN, "Say more.")
    writer = Writer()
    again = opened(run, writer)
    again.phase("far").consult()
    assert {each.seat for each in writer.asked} == {"far-looker"}


def test_a_topic_taken_away_takes_its_sessions_with_it_and_closes_what_rested_on_them(place: Path) -> None:
    run = through(ordered(place))
    about(run, "caching")
    again = opened(run)
    assert again.phase("far").names == ("looked/far/caching.md",)
    assert not again.phase("keeping").own_gate.open


def test_facts_without_topics_have_one_session_about_the_whole(place: Path) -> None:
    run = ordered(place)
    about(run)
    assert opened(run).phase("far").names == ("looked/far/whole.md",)


def test_the_platform_is_the_one_asked_for_else_the_briefs_else_the_usual(place: Path) -> None:
    run = ordered(place)
    assert run.options["ci"] == "azure" and [seat.name for seat in run.phase("keeping").seats] == ["keeper"]
    other = ordered(place, "ci=github")
    assert [seat.name for seat in other.phase("keeping").seats] == ["other-keeper"]
    said = Order(BRIEF + "\nIt is built with GitHub Actions.\n", "looked-into", "offline", place / "outputs", settings=(f"consultants={place / 'own'}",))  # fmt: skip
    assert said.run()[0].options["ci"] == "github"


def test_the_platform_of_the_codebase_wins_over_the_briefs(place: Path) -> None:
    repo = place / "repo"
    repo.mkdir()
    (repo / ".gitlab-ci.yml").write_text("stages: [test]\ntest:\n  script: [pytest]\n")
    (repo / "main.py").write_text("print('hello')\n")
    order = Order(BRIEF + "\nIt is built with GitHub Actions.\n", "looked-into", "offline", place / "outputs", str(repo), settings=(f"consultants={place / 'own'}",))  # fmt: skip
    assert order.run()[0].options["ci"] == "gitlab"


def test_documents_lie_where_the_recipe_places_their_seats(place: Path) -> None:
    run = through(ordered(place))
    assert run.phase("keeping").names == (f"by/keeper/{run.slug}-{run.time}/kept.md",)
    assert run.phase("closing").names == (f"kept/{run.slug}/{run.time}/REGISTER.md",)
    assert run.time == run.folder.name and run.finished


def test_a_fork_keeps_the_time_in_its_documents_names(place: Path) -> None:
    run = through(ordered(place))
    forked = Fork(run, "closing", ("ci=github",), outputs=place / "outputs").begin()
    assert forked.run.time == run.time == run.folder.name
    assert forked.run.phase("closing").names == run.phase("closing").names
    again = Fork(run, "closing", outputs=place / "outputs").begin()
    assert set(again.expected.kept) >= set(run.phase("closing").names), "nothing it asks is new"


def test_a_template_begins_a_document_and_its_author_replaces_it(place: Path) -> None:
    run = through(ordered(place), "setup")
    name = run.phase("closing").names[0]
    begun = run.shelf.document(name)
    assert begun and begun.text.startswith("# Register of Library") and f"keeper: ../../../by/keeper/{run.slug}-{run.time}/kept.md" in begun.text  # fmt: skip
    writer = Writer()
    done = through(opened(run, writer))
    assert done.finished and done.shelf.document(name).text != begun.text  # type: ignore[union-attr]
    asked = next(each for each in writer.asked if each.seat == "closer")
    assert begun.text in [each.text for each in asked.materials], "its author reads what it was begun with"
    again = Writer()
    through(opened(done, again))
    assert not again.asked and opened(done).phase("setup").own_gate.open


def test_what_a_person_adds_to_a_begun_document_is_read_by_its_author(place: Path) -> None:
    run = through(ordered(place), "keeping")
    name = run.phase("closing").names[0]
    path = run.shelf.path(name)
    path.write_text(path.read_text() + "\nWe assume one library.\n")
    writer = Writer()
    done = through(opened(run, writer))
    assert any("We assume one library." in each.text for each in writer.asked[-1].materials)
    assert "We assume" not in done.shelf.document(name).text  # type: ignore[union-attr]
    assert any("We assume" in (done.store.version(r.body["digest"]) or "") for r in done.shelf.history(name)), "kept as a version"  # fmt: skip


def test_before_anything_is_asked_the_plan_of_execution_is_told_phase_by_phase(place: Path) -> None:
    said = list(greeting(ordered(place)))
    start = said.index("Execution plan summary:")
    assert said[start + 1 : start + 8] == [
        "  Phase 1: Intake: read by rule, nobody is asked",
        "  Phase 2: Scope: read by rule, nobody is asked",
        "  Phase 3: Setup: filled in from a template, nobody is asked",
        "  Phase 4-5: Far, Near: far-looker × 2 + near-looker × 2 (side by side)",
        "  Phase 6: Keeping: keeper",
        "  Phase 7: Closing: closer",
        "  6 calls; estimated completion: about 7 minutes at an assumed 60 tokens a second, the gates not counted; with db=auto, ci=azure",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("keeper: ci=azure", "keepr: ci=azure", "when: no such seat in 'keeping': 'keepr'; did you mean 'keeper'"),
        ("keeper: ci=azure", "keeper: cy=azure", "when: write OPTION=VALUE; no such option: 'cy'"),
        ("keeper: ci=azure", "keeper: ci=azur", "when: no such value of ci: 'azur'; did you mean 'azure'"),
        ("keeper: ci=azure", "keeper: ci=github", "seats: 'other-keeper' and 'keeper' both write kept.md"),
        ("  keeper: by", "  keepr: by", "places: no such seat: 'keepr'; did you mean 'keeper'"),
        ("by/{seat}", "by/{who}", r"places: 'by/{who}/{slug}-{time}' names {who}, and may name {seat}, {slug}, {time}"),
        ("by/{seat}", "../{seat}", "is not a folder"),
        ("each: topic, together: looking, seats: [near", "together: looking, seats: [near", r"is for a phase with 'each: topic'"),
        ("notebook: 6_synthesis, seats", "notebook: 6_synthesis, each: topic, seats", "what 'closer' writes (REGISTER.md) names no {topic}"),
        ("settles: [stack, passages]", "settles: [stack, passages], together: x", "together: it is for phases in which consultants write documents"),
    ],
)  # fmt: skip
def test_a_recipe_that_does_not_fit_together_is_refused_in_one_line(
    place: Path, before: str, after: str, said: str
) -> None:
    path = place / "own" / "recipes" / "looked-into.md"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    with pytest.raises(CatalogRefused) as refused:
        Catalog.read(place / "own")
    assert said in str(refused.value) and "looked-into.md:" in str(refused.value) and "\n" not in str(refused.value)


def test_phases_written_together_have_to_follow_each_other(place: Path) -> None:
    path = place / "own" / "recipes" / "looked-into.md"
    path.write_text(path.read_text().replace("seats: [closer]}", "together: looking, seats: [closer]}"))
    with pytest.raises(
        CatalogRefused, match=r"those that are written together \('looking'\) have to follow each other"
    ):
        Catalog.read(place / "own")


def test_a_checklist_line_there_is_none_of_is_refused(place: Path) -> None:
    path = place / "own" / "recipes" / "looked-into.md"
    path.write_text(path.read_text().replace("documents: .", "documents: .\nchecklist: [test-kind]"))
    with pytest.raises(CatalogRefused, match="checklist: no such line: 'test-kind'; did you mean 'test-kinds'"):
        ordered(place)


def test_a_value_that_is_no_choice_is_refused(place: Path) -> None:
    with pytest.raises(OptionRefused, match="ci=jenkins: no such value"):
        Order(BRIEF, "looked-into", MODEL, place / "outputs", settings=(f"consultants={place / 'own'}", "ci=jenkins")).run()  # fmt: skip


class Searching(Writer):
    """Cites a page of its own under the number every session begins with."""

    def send(self, request: Request, hear: Hear) -> Reply:
        """The document, with its source."""
        reply = super().send(request, hear)
        if "looker" not in request.seat:
            return reply
        source = Source("S1", f"https://example.org/{request.domain}/{request.seat}", f"About {request.domain}", "words", "2026-11-22")  # fmt: skip
        return replace(reply, text=reply.text.replace("As the brief says [P1].", "So it is [S1], [P1, S1]."), sources=(source,))  # fmt: skip


def test_sources_of_sessions_side_by_side_get_numbers_of_their_own_and_a_replay_gives_the_same(place: Path) -> None:
    run = opened(through(ordered(place), "setup"), Searching())
    run.phase("far").consult()
    kept = run.phase("far").sources.all
    assert len(kept) == 4 and len({each.id for each in kept}) == 4
    for step in (run.phase("far"), run.phase("near")):
        for document in step.documents:
            (own,) = [each for each in kept if each.document == document.name]
            assert f"So it is [{own.id}], [P1, {own.id}]." in document.text and own.url in document.text
            assert f"- [{own.id}] [About" in document.text
        assert not step.findings.errors
    played = replay(run)
    assert not [made for made in played.made if made.how != SAME], list(played.lines)


def test_a_document_that_a_template_has_only_begun_cannot_be_approved(place: Path) -> None:
    run = through(ordered(place), "keeping")
    closing = run.phase("closing")
    assert closing.documents == () and not closing.ready and not closing.findings
    with pytest.raises(OptionRefused, match=r"REGISTER\.md is not written yet"):
        closing.approve(ANN)


def test_the_register_of_a_begun_manifest_names_documents_and_no_analyst_of_facts(place: Path) -> None:
    run = Order(BRIEF, "service-design", MODEL, place / "outputs").run()[0]
    setup = run.phase("setup")
    assert any(duty.seat.name == "intake-analyst" for step in run.phases for duty in step.duties)
    text = setup.rendered(setup.names[0])  # type: ignore[attr-defined]
    assert "| system-architect |" in text and "intake-analyst" not in text
