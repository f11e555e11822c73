"""A run rests on an earlier one: what was approved there is read by every seat, named by every gate, and asked for no more."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from planning_kit import cli, forecast, open_run, reviewed, status, trace
from planning_kit.claude.prompt import render
from planning_kit.errors import BadInput, Damaged, OptionRefused
from planning_kit.export import below, export, page
from planning_kit.facts import Question
from planning_kit.fork import Fork
from planning_kit.inherited import inherit
from planning_kit.model import Material, lasting
from planning_kit.order import Order
from planning_kit.replay import replay
from planning_kit.run import Run
from planning_kit.runs import overview
from planning_kit.verify import verify

from .two_options import BRIEF, MODEL, Writer, finished, opened, ordered, settle

ANN, BOB = "Ann <ann@example.org>", "Bob <bob@example.org>"
SHAPE, KEEPING, CLOSE = (f"plan/notes/{name}.md" for name in ("01-shape", "02-keeping", "03-close"))
FOLLOWING = "after/following.md"
AFTER = """---
title: After
summary: Something that rests on a plan.
documents: after
tier: standard
phases:
  - {name: intake, title: Intake, notebook: 1_intake, settles: [stack, passages]}
  - {name: scope, title: Scope, notebook: 1_intake, seats: [intake-analyst], settles: [domains, topics, questions]}
  - {name: following, title: Following, notebook: 5_consultants, seats: [follower]}
---
One seat that reads what there is.
"""
LAST = AFTER.replace("documents: after", "documents: last").replace("title: After", "title: Last")
FOLLOWER = "---\ntitle: Following\nrole: You follow.\nwrites: following.md\nheading: Following\nsections: [Thoughts, OpenAPI, Key decisions]\n---\nFollow {{ feature }}.\n"
LETTERS = "# Letters\n\nReaders must be able to write letters.\n"
ADDED = "\nOther words.\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished run, and a finished one that rests on it."""
    place = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        own = settle(place, patch) / "own"
        (own / "recipes" / "after.md").write_text(AFTER)
        (own / "recipes" / "last.md").write_text(LAST)
        (own / "consultants" / "follower.md").write_text(FOLLOWER)
        (place / "notes.md").write_text(BRIEF)
        earlier = finished(ordered(place, brief=str(place / "notes.md")))
        finished(resting(place, earlier))
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:1")
    return Path(shutil.copytree(made, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def earlier(place: Path) -> Run:
    """The finished run."""
    return opened(Run.open(runs(place)[0]), Writer())


@pytest.fixture
def run(place: Path) -> Run:
    """The finished run that rests on it."""
    return opened(Run.open(runs(place)[1]), Writer())


def runs(place: Path) -> list[Path]:
    """The folders of the runs, oldest first."""
    return sorted(path.parent for path in (place / "outputs").glob("notes/*/run.json"))


def resting(place: Path, on: Run | str, *, brief: str = "", recipe: str = "after", **said: Any) -> Run:
    """A run of ``recipe`` that rests on another one, begun."""
    based_on = on if isinstance(on, str) else str(on.folder)
    return Order(brief, recipe, MODEL, place / "outputs", based_on=based_on, **said).run()[0]


def changed(run: Run, name: str) -> None:
    """Have somebody edit the document called ``name`` in its file."""
    there = run.shelf.path(name)
    there.write_text(there.read_text() + ADDED)


def sha(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def test_what_was_approved_is_kept_with_the_run_and_its_record_names_the_digests(earlier: Run, run: Run) -> None:
    said = json.loads((run.folder / "given.json").read_text())
    assert said["runs"] == [
        {"run": earlier.id, "label": earlier.label, "recipe": "two", "head": earlier.journal.head, "brief": earlier.brief.digest}
    ]  # fmt: skip
    assert [each["name"] for each in said["documents"]] == [SHAPE, KEEPING, CLOSE]
    decision = earlier.phase("architecture").gate.decision
    assert decision is not None
    assert said["documents"][0] == {
        "name": SHAPE, "digest": earlier.shelf.digest(SHAPE), "run": earlier.id,
        "approved": [{"by": ANN, "how": "person", "at": decision.at, "record": decision.seq}],
    }  # fmt: skip
    first = run.ordered["first"]
    for name in (SHAPE, KEEPING, CLOSE):
        there = run.folder / "given" / name
        assert there.read_bytes() == earlier.shelf.path(name).read_bytes()
        assert first[f"given/{name}"] == sha(there)
    assert first["given.json"] == sha(run.folder / "given.json")
    approved = run.phase("following").gate.decision
    assert approved is not None
    assert approved.rests_on[f"given: {SHAPE}"] == earlier.shelf.digest(SHAPE)
    assert verify(run).faults == ()


def test_the_brief_is_the_earlier_run_s_with_its_name_unless_another_is_said(
    place: Path, earlier: Run, run: Run
) -> None:
    assert (run.brief.text, run.brief.name, run.slug) == (BRIEF, "notes.md", earlier.slug)
    assert run.ordered["source"] == earlier.ordered["source"]
    other = resting(place, earlier, brief=LETTERS, settings=(f"consultants={place / 'own'}",))
    assert (other.title, other.slug) == ("Letters", "letters")


def test_only_what_is_approved_as_it_is_now_is_taken(place: Path, earlier: Run) -> None:
    changed(earlier, SHAPE)
    assert [each.name for each in resting(place, earlier).given.documents] == [KEEPING]
    changed(earlier, KEEPING)
    with pytest.raises(OptionRefused, match=f"{earlier.label} has no document that is approved as it is now, to rest on. Decide in the notebook 5_consultants, or with: planning-kit approve .* architecture --by NAME"):  # fmt: skip
        resting(place, earlier)
    earlier.phase("architecture").approve(ANN, names=[SHAPE])
    assert [each.name for each in resting(place, earlier).given.documents] == [SHAPE]


def test_the_same_command_carries_on_and_a_new_approval_begins_another(place: Path, earlier: Run, run: Run) -> None:
    assert resting(place, earlier).folder == run.folder
    changed(earlier, CLOSE)
    fewer = resting(place, earlier)
    assert fewer.folder != run.folder and len(fewer.given.documents) == 2
    earlier.phase("synthesis").approve(ANN)
    more = resting(place, earlier)
    assert more.folder not in (run.folder, fewer.folder) and len(more.given.documents) == 3
    alone = Order(BRIEF, "after", MODEL, place / "outputs", settings=(f"consultants={place / 'own'}",)).run()[0]
    assert (alone.given.runs, alone.inherited) == ((), ())


def test_a_slug_means_the_same_run_after_others_were_begun_on_it(place: Path, run: Run) -> None:
    assert resting(place, "notes").folder == run.folder
    last = resting(place, "notes", recipe="last")
    assert [each.recipe for each in last.given.runs] == ["after", "two"]
    assert resting(place, "notes").folder == run.folder
    assert resting(place, "notes", recipe="last").folder == last.folder


def test_a_chain_gives_what_the_run_itself_was_given_each_with_the_run_it_comes_from(
    place: Path, earlier: Run, run: Run
) -> None:
    last = resting(place, run, recipe="last")
    assert [(each.name, each.run) for each in last.given.taken] == [
        (SHAPE, earlier.id), (KEEPING, earlier.id), (CLOSE, earlier.id), (FOLLOWING, run.id),
    ]  # fmt: skip
    assert verify(finished(last)).faults == ()


def test_every_seat_reads_them_before_the_facts_in_the_part_that_is_the_same_for_the_run(
    earlier: Run, run: Run
) -> None:
    asked = run.phase("following").question(run.phase("following").duties[0])
    assert [(each.kind, each.name) for each in asked.materials if each.kind != "passage"] == [
        ("document", SHAPE), ("document", KEEPING), ("document", CLOSE), ("facts", "facts.yaml"),
    ]  # fmt: skip
    blocks = render(asked)["messages"][0]["content"]
    marked = [at for at, block in enumerate(blocks) if "cache_control" in block]
    assert "03-close.md" in blocks[marked[0]]["text"] and blocks[marked[1]]["text"].startswith("<facts")
    assert "Marks like [R1] and [S1] in them are that run's: do not repeat them." in asked.task
    assert forecast.plan(run).calls[0].read > forecast.plan(earlier).calls[0].read + sum(len(each.text) for each in run.inherited) / 5  # fmt: skip


def test_a_document_after_the_facts_is_of_the_step_only() -> None:
    passage, code, facts, before, after = (Material(kind, name, "x") for kind, name in (("passage", "P1"), ("codebase", "c"), ("facts", "f"), ("document", "a.md"), ("document", "b.md")))  # fmt: skip
    assert lasting((passage, code, before, facts, after)) == (True, True, True, False, False)
    assert lasting((passage, code, after)) == (True, True, False)


def test_with_the_same_brief_nobody_is_asked_for_domains_and_questions_again(place: Path, earlier: Run) -> None:
    asked = Question(id="Q1", asks="May notes be changed?", options={"a": "No.", "b": "Yes."}, recommended="a", because="so far", changes="all", answer="b")  # fmt: skip
    with earlier.store.write():
        earlier.sheet.write(earlier.sheet.now.model_copy(update={"questions": (asked,)}), "person", ANN, "agreed")
    for step in earlier.phases:
        step.consult().approve(ANN)
    writer = Writer()
    run = opened(resting(place, earlier), writer)
    assert run.sheet.now == earlier.sheet.now and run.sheet.now.questions[0].answer == "b"
    assert not run.phase("intake").gate.open
    run.phase("intake").approve(BOB)
    scope = run.phase("scope").consult()
    assert (writer.asked, scope.duties, scope.ready, scope.gate.open) == ([], (), True, False)
    assert [each["consultant"] for each in run.call_plan] == ["follower"]


def test_with_another_brief_the_analyst_is_asked_and_their_passages_are_told_from_ours(
    place: Path, earlier: Run
) -> None:
    writer = Writer()
    own = (f"consultants={place / 'own'}",)
    run = finished(resting(place, earlier, brief=LETTERS, settings=own), writer)
    assert [each.seat for each in writer.asked] == ["intake-analyst", "follower"]
    assert "for another brief [P1], [Q1] and [A1] too" in writer.asked[-1].task
    assert run.agreed == () and len(run.inherited) == 3
    assert run.given.settled == ()


def test_a_gate_closes_when_a_given_document_changes_and_verify_names_it(place: Path, run: Run) -> None:
    (run.folder / "given" / SHAPE).write_text("# Shape\n\nOther words.\n")
    again = Run.open(run.folder)
    assert any(f"it rests on given: {SHAPE}, which changed after it was approved" in why for why in again.phase("following").own_gate.why)  # fmt: skip
    assert [str(each) for each in verify(again).faults] == [
        f"given/{SHAPE}: was changed; run.json names another digest of it"
    ]
    with pytest.raises(Damaged, match="is not what the run began with"):
        resting(place, again, recipe="last")
    with pytest.raises(Damaged, match="is not what the run began with"):
        Fork(again, "following").begin()
    (run.folder / "given" / SHAPE).unlink()
    assert "is missing" in str(verify(Run.open(run.folder)).faults[0])
    with pytest.raises(Damaged, match="is missing; restore it"):
        _ = Run.open(run.folder).phase("following").own_gate


def test_a_file_put_into_given_later_is_a_fault(earlier: Run, run: Run) -> None:
    (run.folder / "given" / "more.md").write_text("# More\n")
    (earlier.folder / "given.json").write_text("{}")
    for each, name in ((run, "given/more.md"), (earlier, "given.json")):
        assert f"{name}: was not there when the run began; run.json names every file that was" in [str(fault) for fault in verify(each).faults]  # fmt: skip
    with pytest.raises(Damaged, match="given.json cannot be read"):
        _ = Run.open(earlier.folder).given


def test_a_fork_keeps_what_was_given_and_asks_nobody_again(run: Run) -> None:
    forked = Fork(run, "following").begin().run
    writer = Writer()
    assert finished(forked, writer).given == run.given
    assert writer.asked == [] and verify(forked).faults == ()


def test_a_run_that_rests_on_another_is_replayed_byte_for_byte(run: Run) -> None:
    played = replay(run)
    assert played.same and [each.what for each in played.made] == [f"{FOLLOWING}, draft 1"]


def test_a_run_of_the_same_recipe_is_not_rested_on(place: Path, earlier: Run) -> None:
    with pytest.raises(OptionRefused, match=f"{earlier.label} is a two itself; rest on a run of another recipe, or go another way from it with 'planning-kit fork "):  # fmt: skip
        resting(place, earlier, recipe="two")
    with pytest.raises(OptionRefused, match="no such run: 'letters'"):
        resting(place, "letters")


def test_a_document_with_what_looks_like_a_secret_is_not_taken(place: Path, earlier: Run) -> None:
    key = "AKIA" + "QWERTYUIOPASDFGH"
    there = earlier.shelf.path(SHAPE)
    there.write_text(there.read_text() + f"\naws_access_key_id = {key}\n")
    earlier.phase("architecture").approve(ANN)
    with pytest.raises(OptionRefused, match=f"{SHAPE} holds what looks like a secret") as refused:
        resting(place, earlier)
    assert key not in str(refused.value)


def test_more_than_anybody_reads_is_not_taken(place: Path, earlier: Run) -> None:
    earlier.shelf.path(CLOSE).write_text("# Close\n\n" + "x" * 2_000_000)
    earlier.phase("synthesis").approve(ANN)
    with pytest.raises(OptionRefused, match=r"3 documents, 2,000,\d{3} characters; at most 2,000,000 can be rested on"):
        resting(place, earlier)


def test_more_than_its_model_reads_is_refused_with_the_figures(earlier: Run) -> None:
    taken = inherit(earlier)
    tokens = round(sum(len(text.encode()) for text in taken.given.texts.values()) / 3.5)
    taken.refuse_unreadable({MODEL: tokens, "claude-small": 0})
    with pytest.raises(OptionRefused, match=f"3 documents, .* about {tokens:,} tokens, and {MODEL} reads at most {tokens - 1:,}; ask another with --model"):  # fmt: skip
        taken.refuse_unreadable({MODEL: tokens - 1})


def test_a_codebase_goes_on_unless_another_is_named(place: Path) -> None:
    code = place / "code"
    code.mkdir()
    (code / "requirements.txt").write_text("fastapi==0.110.0\n")
    earlier = finished(ordered(place, repo=str(code)))
    run = resting(place, earlier)
    assert run.codebase == earlier.codebase and run.ordered["fingerprint"] == earlier.ordered["fingerprint"]
    assert run.sheet.now.stack == earlier.sheet.now.stack != {}
    (other := place / "other").mkdir()
    (other / "package.json").write_text('{"name": "x", "dependencies": {"express": "4.18.2"}}\n')
    moved = resting(place, earlier, repo=str(other))
    assert "express" in moved.codebase.lower() and moved.sheet.now.stack != earlier.sheet.now.stack
    assert moved.sheet.now.domains == earlier.sheet.now.domains


def test_who_has_to_approve_goes_on_with_the_brief(place: Path) -> None:
    file = place / "reviewers.yaml"
    file.write_text("every: {people: 2}\n")
    earlier = ordered(place, f"reviewers={file}")
    going = opened(earlier, Writer())
    for step in going.phases:
        step.consult().approve(ANN)
        step.approve(BOB)
    run = resting(place, earlier)
    assert run.phase("following").own_gate.policy.needs.people == 2


def test_what_a_run_rests_on_is_told_wherever_it_is_shown(place: Path, earlier: Run, run: Run) -> None:
    words = f"{earlier.label} (two): 3 documents, {run.given.size:,} characters"
    assert f"rests on {words}" in run._repr_mimebundle_()["text/plain"]
    assert f"  rests on {words}" in list(forecast.plan(run).lines)
    facts = status.facts(run)
    assert f"  rests on {earlier.label} (two): 3 documents" in list(status.lines(facts))
    assert facts["given"]["documents"][0]["now"] == earlier.shelf.digest(SHAPE)
    assert status.facts(earlier)["given"] == {}
    shown = [line for line in overview(place / "outputs", "").lines if "rests on" in line]
    assert shown == [f"{run.label}  Notes  (rests on {earlier.label})"]
    step = run.phase("following")
    listed = {each["name"]: each["approved"] for each in reviewed.rests_on(step)}
    assert listed[f"given: {SHAPE}"] is True
    assert reviewed.readable(step, f"given: {SHAPE}")[1] == earlier.shelf.digest(SHAPE)
    done = export(run, place / "to")
    record = (place / "to" / "after" / "RECORD.md").read_text()
    assert f"- `{earlier.shelf.digest(SHAPE)}` plan/notes/01-shape.md of {earlier.label}, id `{earlier.id}`: approved by Ann " in record  # fmt: skip
    assert [each.name for each in done.written] == ["following.md", "facts.yaml", "RECORD.md"]
    assert export(run, place / "to").written == ()
    whole = page(run)
    assert 'id="given"' in whole and earlier.shelf.digest(CLOSE) in whole and earlier.journal.head in whole
    assert 'id="given"' not in page(earlier)


def test_the_trace_reads_them_and_an_operation_may_be_served_again(run: Run) -> None:
    traced = trace.of(run)
    assert [each.name for each in traced.given.documents] == [SHAPE, KEEPING, CLOSE, FOLLOWING]
    assert traced.node("GET /notes").document == SHAPE
    assert [each for each in traced.findings if each.rule == "is-defined-once"] == []


def test_a_notebook_rests_on_a_run_by_its_name(place: Path, earlier: Run) -> None:
    run = open_run(brief="", recipe="after", model=MODEL, outputs=str(place / "outputs"), based_on=earlier.label)
    assert run.given.runs[0].run == earlier.id
    assert open_run(recipe="after", model=MODEL, outputs=str(place / "outputs"), based_on=earlier.label).folder == run.folder  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["BRIEF.md", "--prd", "BRIEF.md"], "BRIEF and --prd say the same thing: give one of them"),
        ([], "the following arguments are required: BRIEF; see 'planning-kit run --help'"),
        (["--from", " "], "--from: say which run to rest on: its folder, <slug>/<time> or <slug>"),
        (["--from", "nothing"], "no such run: 'nothing'; there is none in outputs; 'planning-kit run BRIEF' begins one"),
        (["--prd", " "], "the brief is empty; write down what is to be built, one sentence is enough"),
        (["--prd", "none.md"], "no such file: none.md; give a path, '-' for standard input, or the brief itself in quotes (more than one word)"),
    ],
)  # fmt: skip
def test_what_is_to_be_planned_is_said_once(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["run", *arguments]) == 2
    assert capsys.readouterr().err == f"planning-kit: {said}\n"
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_tells_on_what_the_plan_would_rest(
    place: Path, earlier: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    both = ["run", "--recipe", "after", "--model", "offline", "--from", "notes", "--dry-run"]
    assert cli.main(both) == cli.main([*both, "--prd", "notes.md", "--set", "consultants=own"]) == 0
    assert capsys.readouterr().out.count(f"  rests on {earlier.label} (two): 3 documents, ") == 2


def test_a_tree_is_put_under_a_folder_and_again_without_a_change(
    place: Path, earlier: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    command = ["export", earlier.label, "--to", "there", "--under", ".claude/outputs"]
    assert cli.main(command) == 0
    assert (place / "there" / ".claude" / "outputs" / SHAPE).read_bytes() == earlier.shelf.path(SHAPE).read_bytes()
    assert "wrote there/.claude/outputs/plan/notes/RECORD.md" in capsys.readouterr().out
    assert cli.main(command) == 0
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} == {"unchanged"}
    assert {path.name for path in (place / "there").iterdir()} == {".claude"}
    assert cli.main([*command, "--format", "html"]) == 2
    assert "--under goes with --format markdown" in capsys.readouterr().err


@pytest.mark.parametrize("under", ["", " ", "/etc", "..", "a/../../b", "~/x", "C:/x", "a\\..\\b", "a\0b"])
def test_a_folder_that_leaves_the_place_is_refused(under: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="give a folder inside of --to, like '.claude/outputs'"):
        below(tmp_path, under)


def through(run: Run, last: str = "") -> Run:
    """``run``, decided by rule until the gate ``last`` is open, or to its end."""
    for notebook in run.recipe.notebooks:
        run.steps(notebook).consult("clean")
        if last and run.phase(last).gate.open:
            return run
    return run


def test_a_specification_serves_a_service_design_and_both_an_implementation_plan(tmp_path: Path) -> None:
    def begun(recipe: str, brief: str = "", on: str = "") -> Run:
        return Order(brief, recipe, "offline", tmp_path, headless=True, based_on=on).run()[0]

    specification = through(begun("specification", "A URL shortener with click statistics"))
    design = through(begun("service-design", on=specification.label), "architecture")
    (openapi,) = design.phase("architecture").names
    (manifest,) = design.phase("synthesis").names
    (index,) = [each for each in design.given.taken if each.name.endswith("README.md")]
    assert index.approved == () and all(each.approved for each in design.given.taken if each != index)
    assert "It rests on 6 documents of the run `" in design.shelf.path(manifest).read_text()
    unfinished = [each.name for each in inherit(design).given.taken if each.run == design.id]
    assert unfinished == [openapi]
    plan = through(begun("implementation-plan", on=through(design).label))
    assert plan.finished and verify(plan).faults == ()
    assert [each.recipe for each in plan.given.runs] == ["service-design", "specification"]
    rests_on = plan.phase("plan").rests_on
    for run in (specification, design):
        for name in (each for step in run.phases for each in step.names):
            assert rests_on[f"given: {name}"] == run.shelf.digest(name)
    assert plan.sheet.now == design.sheet.now == specification.sheet.now
