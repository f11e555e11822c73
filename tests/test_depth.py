"""How deep a plan goes, what a recipe adds to reading, where a domain's documents lie, and documents the program builds of an answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planning_kit import forecast
from planning_kit.assembled import Assembled
from planning_kit.brief import Brief
from planning_kit.catalog import Catalog
from planning_kit.errors import AwaitingApproval, CatalogRefused, OptionRefused
from planning_kit.fork import Fork
from planning_kit.model import Reply, Request
from planning_kit.order import Order
from planning_kit.progress import greeting
from planning_kit.recipe import holds
from planning_kit.remarks import Anchor
from planning_kit.replay import replay
from planning_kit.replayed import SAME
from planning_kit.review import Review
from planning_kit.reviewed import PLAN as PLANNED
from planning_kit.reviewed import readable
from planning_kit.run import Run
from planning_kit.tasks.built import build
from planning_kit.tasks.model import TaskPlan
from planning_kit.tasks.sketch import Sketch
from planning_kit.tasks.sketched import sketched
from planning_kit.verify import verify

from . import authors
from .small_domains import ANN, BRIEF, MODEL, opened, parted, plant, seats, templates, through

RECIPE = """---
title: Deep
summary: More or less of it.
documents: deep
options: {depth: all, ci: azure, domains: side-by-side}
choices: {depth: [few, most, all], ci: [azure, github], domains: [in-turn, side-by-side]}
places: {wisher: 'parts/{domain}', planner: 'parts/{domain}'}
reads: {joiner: [wishes.md, plans.md]}
phases:
  - {name: intake, title: Intake, notebook: 1_intake, settles: [stack, passages]}
  - {name: scope, title: Scope, notebook: 1_intake, settles: [domains, topics, questions]}
  - {name: wishes, title: Wishes, notebook: 3_specification, each: domain, seats: [wisher]}
  - {name: plans, title: Plans, notebook: 3_specification, each: domain, only: depth=most|all, seats: [planner]}
  - name: joining
    title: Joining
    notebook: 5_consultants
    seats: [joiner, piper, other-piper]
    when: {piper: ci=azure depth=all, other-piper: ci=github depth=all}
  - {name: tasks, title: Tasks, notebook: 7_tasks, seats: [tasker]}
  - name: page
    title: Page
    notebook: 7_tasks
    renders: {task-plan.md: tasked}
---
For what may be shorter.
"""
SEATS = {
    "wisher": "title: Wisher\nrole: You wish.\nwrites: wishes.md\nheading: Wishes\nsections: [Thoughts, Key decisions]",
    "planner": "title: Planner\nrole: You plan.\nwrites: plans.md\nheading: Plans\nreads: [wishes.md]\nsections: [Thoughts, Key decisions]",
    "joiner": "title: Joiner\nrole: You join.\nwrites: joined.md\nheading: Joined\nreads: [03-research.md]\nsections: [Thoughts, Key decisions]",
    "piper": "title: Piper\nrole: You pipe.\nwrites: pipe.md\nheading: Pipe\nsections: [Thoughts, Key decisions]",
    "other-piper": "title: Other piper\nrole: You pipe.\nwrites: pipe.md\nheading: Pipe\nsections: [Thoughts, Key decisions]",
    "tasker": "title: Tasker\nrole: You cut.\nwrites: task-plan.json\nheading: Tasks\nreads: [joined.md]\nbuilds: task-plan\nchecks: [task-plan]",
}
PAGES = {
    "recipes/deep": RECIPE,
    **seats(SEATS, "Write about it."),
    **templates({"tasked": "# Tasks of {{ feature }}\n\n{{ tasks }}\n"}),
}
PLAN = "deep/task-plan.json"


def sketch(*names: str) -> str:
    """A planner's answer: a maker for each of ``names``, each after the one before."""
    criteria = {"critical": ["The tests pass"], "expected": [], "nice_to_have": []}
    makers = [
        {
            "key": name, "task_name": f"Build {name}", "description": f"Make {name} work", "skill_id": "backend-development",
            "after": [names[at - 1]] if at else [], "requirements": f"Everything about {name}", "files_to_create": [f"app/{name}.py"], "files_to_modify": [],
            "files_to_test": [], "test_types": [], "patterns_to_follow": "", "validation_criteria": criteria, "timeout_seconds": 3600,
            "delivers": {"requirements": [], "operations": [], "tables": [], "mitigations": [], "service_levels": []},
            "complexity": {"score": 3, "reason": "one place"}, "look_for": [f"{name} that is half done"],
        }
        for at, name in enumerate(names)
    ]  # fmt: skip
    return json.dumps({"summary": "Notes over HTTP", "services": [], "external_integrations": [], "makers": makers})


class Writer(authors.Writer):
    """Answers makers where makers are asked for, one more for each remark; before that ``first``, if any is said."""

    def __init__(self, first: str = "") -> None:
        super().__init__()
        self.first = first

    def write(self, request: Request) -> str:
        if request.seat != "tasker":
            return super().write(request)
        if self.first and not request.findings:
            return self.first
        return sketch("reading", "writing", *(f"more-{at}" for at, _ in enumerate(request.remarks)))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return plant(tmp_path, monkeypatch, PAGES)


def ordered(place: Path, *settings: str) -> Run:
    """A run of the recipe with two domains, whose brief and domains are approved."""
    given = (f"consultants={place / 'own'}", *settings)
    run = opened(Order(BRIEF, "deep", MODEL, place / "outputs", settings=given).run()[0])
    run.phase("intake").approve(ANN)
    parted(run, "reading", "writing")
    run.phase("scope").approve(ANN)
    return run


@pytest.fixture
def planned(place: Path) -> Run:
    """A run whose task plan is written and waits for a decision."""
    run = opened(through(ordered(place), "joining"), Writer())
    run.phase("tasks").consult()
    return run


def plan(run: Run) -> TaskPlan:
    """The task plan as it stands."""
    document = run.shelf.document(PLAN)
    assert document
    return TaskPlan.read(document.text)


@pytest.mark.parametrize(
    ("condition", "holding"),
    [("", True), ("ci=azure", True), ("ci=github", False), ("ci=azure depth=few|most", True), ("ci=azure depth=all", False)],
)  # fmt: skip
def test_a_condition_holds_when_each_option_has_one_of_its_values(condition: str, holding: bool) -> None:
    assert holds(condition, {"ci": "azure", "depth": "few"}) is holding


def test_a_short_plan_has_fewer_steps_and_says_before_anything_is_spent_what_it_leaves_out(place: Path) -> None:
    run = ordered(place, "depth=few")
    assert [step.name for step in run.phases] == ["intake", "scope", "wishes", "joining", "tasks", "page"]
    assert run.phase("joining").names == ("deep/joined.md",)
    assert "  left out with depth=few: plans.md, pipe.md" in list(greeting(run))
    assert "  left out with depth=few: plans.md, pipe.md" in list(forecast.plan(run).lines)
    assert "Left out with depth=few: plans.md, pipe.md" in readable(run.phase("intake"), PLANNED)[0]


def test_a_file_that_several_seats_may_write_is_left_out_once_for_what_is_enough(place: Path) -> None:
    assert dict(ordered(place, "depth=few").left_out) == {"depth=few": ("plans.md", "pipe.md")}


def test_a_short_plan_can_be_forked_with_a_seat_told_otherwise_and_into_a_longer_one(place: Path) -> None:
    short = ordered(place, "depth=few")
    same = Fork(short, "wishes", ("effort.joiner=high",)).begin().run
    assert same.roles["joiner"].effort == "high" and same.roles.keys() == short.roles.keys()
    longer = Fork(short, "wishes", ("depth=all", "effort.planner=high")).begin().run
    assert "plans" in [step.name for step in longer.phases] and longer.roles["planner"].effort == "high"
    assert Fork(short, "joining", ("depth=all",)).begin().carried.approved.keys() == {"intake", "scope", "wishes"}
    back = Fork(longer, "joining", ("depth=few",)).begin()
    assert back.carried.approved.keys() == {"intake", "scope", "wishes"}


def test_a_plan_that_leaves_nothing_out_says_nothing_of_it(place: Path) -> None:
    run = ordered(place)
    assert run.phase("joining").names == ("deep/joined.md", "deep/pipe.md")
    assert not run.left_out


def test_the_documents_of_a_domain_lie_where_the_recipe_places_them(place: Path) -> None:
    assert ordered(place).phase("wishes").names == ("deep/parts/reading/wishes.md", "deep/parts/writing/wishes.md")


def test_whoever_writes_for_the_whole_reads_what_every_domain_has(place: Path) -> None:
    duty = ordered(place).phase("joining").duties[0]
    read = opened(ordered(place)).phase("joining").read_for(duty)  # type: ignore[attr-defined]
    assert read == tuple(f"deep/parts/{name}/{file}.md" for file in ("wishes", "plans") for name in ("reading", "writing"))  # fmt: skip


def test_what_is_left_out_is_not_read_and_what_another_recipe_has_is_not_missed(place: Path) -> None:
    run = ordered(place, "depth=few")
    joining = run.phase("joining")
    assert joining.read_for(joining.duties[0]) == ("deep/parts/reading/wishes.md", "deep/parts/writing/wishes.md")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("only: depth=most|all", "only: dept=most"), "only: write OPTION=VALUE; no such option: 'dept'; did you mean 'depth'"),
        (("only: depth=most|all", "only: depth=most|al"), "only: no such value of depth: 'al'; did you mean 'all'"),
        (("piper: ci=azure depth=all,", "piper: ci=azure deep,"), "when: write OPTION=VALUE"),
        (("ci=azure depth=all", "depth=all"), "both write pipe.md"),
        (("reads: {joiner: [wishes.md", "reads: {joiner: [whishes.md"), "reads: nobody before writes 'whishes.md'; did you mean 'wishes.md'"),
        (("reads: {joiner: ", "reads: {jointer: "), "no such seat: 'jointer'; did you mean 'joiner'"),
        (("reads: {joiner: [wishes.md", "reads: {joiner: [task-plan.json"), "reads: nobody before writes 'task-plan.json'"),
    ],
)  # fmt: skip
def test_a_recipe_that_does_not_fit_together_is_refused_with_the_nearest_right_name(place: Path, change: tuple[str, str], says: str) -> None:  # fmt: skip
    (place / "own/recipes/deep.md").write_text(RECIPE.replace(*change))
    with pytest.raises(CatalogRefused) as refused:
        Catalog.read(place / "own")
    assert says in str(refused.value)


def test_a_depth_that_does_not_exist_is_refused(place: Path) -> None:
    with pytest.raises(OptionRefused, match="depth"):
        ordered(place, "depth=deepest")


def test_of_the_makers_a_model_answers_the_program_builds_the_whole_plan(planned: Run) -> None:
    built = plan(planned)
    assert [task.task_name for task in built.tasks] == [
        "Build reading", "QA: Validate Build reading", "Build writing", "QA: Validate Build writing",
    ]  # fmt: skip
    assert [task.dependencies for task in built.tasks] == [[], [1], [2], [3]]
    assert built.tasks[1].inputs.original_prompt == BRIEF.strip()


def test_a_plan_taken_apart_for_its_author_is_built_to_the_same_bytes(planned: Run) -> None:
    built = plan(planned)
    assert build(sketched(built), built.architecture, BRIEF.strip()).text == built.text


def test_the_planner_is_asked_for_json_that_fits_the_schema(place: Path) -> None:
    writer = Writer()
    opened(through(ordered(place), "joining"), writer).phase("tasks").consult()
    (asked,) = [each for each in writer.asked if each.seat == "tasker"]
    assert "makers" in json.loads(asked.schema)["properties"] and not asked.outline


def test_an_answer_no_plan_can_be_built_of_goes_back_with_what_is_wrong(place: Path) -> None:
    writer = Writer(first="Here you are: no makers today.")
    run = opened(through(ordered(place), "joining"), writer)
    run.phase("tasks").consult()
    assert len([each for each in writer.asked if each.seat == "tasker"]) == 2
    assert not run.phase("tasks").findings.errors and len(plan(run).tasks) == 4


def test_an_answer_goes_back_in_its_own_words_also_where_the_plan_built_of_it_is_wrong(place: Path) -> None:
    both = sketch("reading", "writing").replace("app/writing.py", "app/reading.py").replace('"after": ["reading"]', '"after": []')  # fmt: skip
    writer = Writer(first=f"I looked around:\n\n```sh\nls\n```\n\n~~~json\n{both}\n~~~\n")
    run = opened(through(ordered(place), "joining"), writer)
    run.phase("tasks").consult()
    told = [each.findings for each in writer.asked if each.seat == "tasker"][1]
    assert any("$.makers[1].files_to_create[0]" in each and "under 'after' of the other" in each for each in told)
    assert not any("$.tasks[" in each or "dependencies" in each for each in told)
    assert not run.phase("tasks").findings.errors


def test_an_answer_nested_too_deep_to_be_read_is_a_poor_answer_and_no_crash() -> None:
    built = Assembled(PLAN, Brief(BRIEF)).around(Reply('{"makers": ' + "[" * 100_000, MODEL))
    assert built.text.startswith('{"makers"')
    with pytest.raises(ValueError, match="nested too deep"):
        TaskPlan.read("[" * 100_000)


def test_the_page_of_the_plan_follows_when_the_plan_is_approved_and_when_it_is_changed(planned: Run) -> None:
    tasks, page = planned.phase("tasks"), planned.phase("page")
    tasks.approve(ANN)
    page.consult()
    there = planned.shelf.document("deep/task-plan.md")
    assert there and there.text.startswith("# Tasks of Library") and "Build writing" in there.text
    changed = plan(planned).text.replace("Build writing", "Build authoring")
    tasks.edit(PLAN, changed, ANN, planned.shelf.digest(PLAN))  # type: ignore[attr-defined]
    assert not tasks.gate.open and not page.own_gate.open
    tasks.approve(ANN)
    page.consult()
    after = planned.shelf.document("deep/task-plan.md")
    assert after and "Build authoring" in after.text


def test_the_page_waits_until_the_plan_is_approved(planned: Run) -> None:
    with pytest.raises(AwaitingApproval, match="gate 'tasks' is closed"):
        planned.phase("page").consult()


def test_a_reviewer_sees_the_plan_as_a_page_and_not_as_json(planned: Run) -> None:
    shown = Review(planned.phase("tasks")).page(PLAN)
    assert "Build reading" in shown["html"] and "&quot;task_order&quot;" not in shown["html"]
    assert all(heading["line"] <= shown["html"].count("\n") + 1000 for heading in shown["outline"]) and shown["outline"]


def test_a_plan_that_was_sent_back_is_built_again_and_says_what_changed(planned: Run) -> None:
    tasks = planned.phase("tasks")
    tasks.comment(Anchor(PLAN), "There is no task for the tests.", ANN)
    tasks.send_back(ANN, "")
    writer = Writer()
    opened(planned, writer).phase("tasks").consult()
    asked = Sketch.read(writer.asked[-1].draft)
    assert [(maker.task_name, maker.after) for maker in asked.makers] == [("Build reading", []), ("Build writing", ["task-1"])]  # fmt: skip
    assert [task.task_name for task in plan(planned).makers] == ["Build reading", "Build writing", "Build more-0"]
    (dealt,) = tasks.dealt(PLAN)
    assert dealt.words.startswith("built again; the document changed")


def test_a_remark_about_a_plan_is_not_told_that_a_task_with_another_number_was_renamed(planned: Run) -> None:
    tasks = planned.phase("tasks")
    tasks.comment(Anchor(PLAN), "Reading comes last.", ANN)
    tasks.send_back(ANN, "")
    opened(planned, Writer(first=sketch("writing", "reading"))).phase("tasks").consult()
    (dealt,) = planned.phase("tasks").dealt(PLAN)
    assert "renamed" not in dealt.words and dealt.words.startswith("built again; the document changed (")


def test_a_run_with_a_task_plan_is_verified_and_replayed(planned: Run) -> None:
    planned.phase("tasks").approve(ANN)
    planned.phase("page").consult()
    assert not verify(planned).faults
    played = replay(planned)
    assert played.made and {made.how for made in played.made} == {SAME}, list(played.lines)
