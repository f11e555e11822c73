"""A task plan is split, merged, reordered and cut: what comes out is a plan of pairs again, and what is impossible is one clear line."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from planning_kit.errors import OptionRefused
from planning_kit.tasks import changed
from planning_kit.tasks.changed import Part
from planning_kit.tasks.model import Task, TaskPlan
from planning_kit.tasks.pairs import Pairs
from planning_kit.tasks.parted import items
from planning_kit.tasks.waves import longest, waves

from .some_tasks import SEED, clinic, large

EVENTS, BOOKINGS, REPORTS, CHECKS = 3, 5, 7, 9
READ = Part("Read events", ("GET /events", "422 names the field"))


def names(plan: TaskPlan) -> list[str]:
    return [task.task_name for task in plan.makers]


def task(plan: TaskPlan, name: str) -> Task:
    return next(each for each in plan.tasks if each.task_name == name)


def after(plan: TaskPlan, name: str) -> list[str]:
    """The names of the makers that the maker called ``name`` needs."""
    pairs = Pairs(plan)
    return [pairs.by_order[each].maker.task_name for each in pairs.needs[task(plan, name).task_order]]


def assert_sound(plan: TaskPlan) -> None:
    """The seed's rules, and that waves and paths are those of the tasks; it reads back as the same text."""
    assert [each.task_order for each in plan.tasks] == list(range(1, len(plan.tasks) + 1))
    for maker, critic in zip(plan.tasks[::2], plan.tasks[1::2], strict=True):
        about = critic.inputs.preceding_task
        assert not maker.critique and about is not None
        said = (about.task_order, about.task_name, about.skill_id, about.description)
        assert said == (maker.task_order, maker.task_name, maker.skill_id, maker.description)
        assert critic.inputs.validation_criteria == maker.validation_criteria
        assert maker.task_order in critic.dependencies
    needs = {each.task_order: each.dependencies for each in plan.tasks}
    assert all(order < each for each, those in needs.items() for order in those)
    assert plan.waves == [list(wave) for wave in waves(needs)]
    way, total = longest(needs, {each.task_order: each.timeout_seconds for each in plan.tasks})
    assert plan.critical_path is not None
    assert (plan.critical_path.by_timeout.tasks, plan.critical_path.by_timeout.total) == (list(way), total)
    assert TaskPlan.read(plan.text).text == plan.text


def test_what_is_taken_out_of_a_task_becomes_one_behind_it_and_who_needed_it_needs_the_last_part() -> None:
    plan = changed.split(clinic(), EVENTS, [READ])
    assert_sound(plan)
    assert names(plan) == ["Build skeleton", "Build events", "Read events", "Build bookings", "Build reports", "Test all of it"]  # fmt: skip
    stays, goes = task(plan, "Build events"), task(plan, "Read events")
    assert stays.delivers and goes.delivers
    assert (stays.delivers.operations, goes.delivers.operations) == (["POST /events"], ["GET /events"])
    assert (stays.delivers.tables, goes.delivers.tables) == (["events"], [])
    assert after(plan, "Read events") == ["Build events"]
    assert after(plan, "Build reports") == ["Read events", "Build bookings"]
    assert (stays.validation_criteria.expected, goes.validation_criteria.expected) == ([], ["422 names the field"])
    assert goes.validation_criteria.critical == stays.validation_criteria.critical, "one that nobody takes holds for both"  # fmt: skip
    assert goes.inputs.files_to_modify == ["app/events.py", "tests/test_events.py", "app/main.py"], "it works on what the first makes"  # fmt: skip
    assert goes.inputs.requirements and goes.inputs.requirements.endswith("Of this, here only: GET /events, 422 names the field.")  # fmt: skip
    assert stays.timeout_seconds + goes.timeout_seconds == 3600
    assert plan.tasks[5].inputs.look_for == ["queries of /events without a limit"]
    assert plan.tasks[3].inputs.original_prompt == plan.tasks[5].inputs.original_prompt == "Plan a clinic"


def test_parts_that_stand_side_by_side_need_what_the_whole_needed_and_all_of_them_are_needed() -> None:
    part = Part("Test events", ("tests/test_events.py", "GET /events"))
    plan = changed.split(clinic(), EVENTS, [part], side_by_side=True)
    assert_sound(plan)
    assert after(plan, "Test events") == after(plan, "Build events") == ["Build skeleton"]
    assert after(plan, "Build reports") == ["Build events", "Test events", "Build bookings"]
    with pytest.raises(OptionRefused, match="two parts would write app/events.py at the same time"):
        changed.split(clinic(), EVENTS, [READ], side_by_side=True)


def test_nothing_is_lost_however_a_task_is_split_and_merging_the_parts_brings_it_together_again() -> None:
    whole = clinic()
    plan = changed.split(whole, BOOKINGS, [Part("One", ("GET /bookings",)), Part("Two", ("bookings", "FR-BOO-01"))])
    assert changed.lost(whole, plan) == {} == changed.lost(plan, whole)
    assert after(plan, "Two") == ["One"]
    again = changed.merge(changed.merge(plan, 5, 7), 5, 7, "Build bookings")
    assert_sound(again)
    first, second = (dict.fromkeys(items(task(each, "Build bookings"))) for each in (whole, again))
    assert first.keys() == second.keys()
    assert task(again, "Build bookings").timeout_seconds == 7200


def test_two_merged_tasks_hold_what_both_held_and_the_place_of_the_first() -> None:
    plan = changed.merge(clinic(), EVENTS, BOOKINGS)
    assert_sound(plan)
    assert names(plan) == ["Build skeleton", "Build events; Build bookings", "Build reports", "Test all of it"]
    both = plan.tasks[2]
    assert both.delivers and both.complexity
    assert both.delivers.tables == ["events", "bookings"]
    assert both.inputs.files_to_create == ["app/events.py", "tests/test_events.py", "app/bookings.py", "tests/test_bookings.py"]  # fmt: skip
    assert (both.timeout_seconds, both.complexity.score) == (10800, 10)
    assert plan.tasks[3].inputs.look_for == ["queries of /events without a limit", "queries of /bookings without a limit"]  # fmt: skip
    assert after(plan, "Build reports") == ["Build events; Build bookings"]


def test_a_file_that_one_creates_and_the_other_modifies_is_created_by_both_together() -> None:
    plan = changed.merge(clinic(), 1, EVENTS, "Begin")
    begin = task(plan, "Begin")
    assert "app/main.py" in (begin.inputs.files_to_create or ()) and begin.inputs.files_to_modify == []
    assert after(plan, "Build bookings") == ["Begin"]


def test_a_task_merged_with_one_far_behind_stands_behind_what_both_need() -> None:
    apart = changed.split(clinic(), CHECKS, [Part("Measure", ("p95 below 300 ms",))])
    plan = changed.merge(changed.move(apart, BOOKINGS, EVENTS), 5, 7, "Events and reports")
    assert_sound(plan)
    assert names(plan) == ["Build skeleton", "Build bookings", "Events and reports", "Test all of it", "Measure"]


def test_a_task_moved_and_moved_back_is_the_same_plan_to_the_byte() -> None:
    before = clinic()
    plan = changed.move(before, BOOKINGS, EVENTS)
    assert_sound(plan)
    assert names(plan)[1:3] == ["Build bookings", "Build events"]
    assert plan.text != before.text
    assert changed.move(plan, 5, 3).text == before.text
    assert changed.move(before, EVENTS, BOOKINGS) is before, "it stands there already"
    assert changed.move(before, CHECKS, 0) is before


def test_who_needed_a_dropped_task_needs_what_it_needed_and_what_nobody_delivers_is_said() -> None:
    before = clinic()
    plan = changed.drop(before, BOOKINGS)
    assert_sound(plan)
    assert after(plan, "Build reports") == ["Build skeleton", "Build events"]
    assert changed.lost(before, plan) == {
        "requirements": ("FR-BOO-01",),
        "operations": ("POST /bookings", "GET /bookings"),
        "tables": ("bookings",),
    }


IMPOSSIBLE: dict[str, tuple[Callable[[TaskPlan], Any], str]] = {
    "before what it needs": (lambda plan: changed.move(plan, EVENTS, 1), "task 3 'Build events' needs 1 'Build skeleton'; it cannot stand before it"),
    "behind what needs it": (lambda plan: changed.move(plan, 1, 0), "task 3 'Build events' needs 1 'Build skeleton'; it cannot stand before it"),
    "a circle": (lambda plan: changed.merge(plan, 1, REPORTS), "task 3 'Build events' stands between 1 and 7: it needs one of them and the other needs it; merge it too, or drop it"),
    "with itself": (lambda plan: changed.merge(plan, 3, 3), "merge two different tasks, not 3 with itself"),
    "a critique": (lambda plan: changed.drop(plan, 4), "task 4 is a critique and follows from its maker; change task 3"),
    "before a critique": (lambda plan: changed.move(plan, BOOKINGS, 4), "task 4 is a critique and follows from its maker; change task 3"),
    "nothing there": (lambda plan: changed.drop(plan, 77), "there is no task 77; the makers are 1, 3, 5, 7, 9"),
    "no parts": (lambda plan: changed.split(plan, 3, []), "say what becomes a task of its own: a name, and what of task 3 'Build events' goes into it"),
    "no name": (lambda plan: changed.split(plan, 3, [Part(" ", ("events",))]), "each part of task 3 'Build events' needs a name"),
    "the same name": (lambda plan: changed.split(plan, 3, [Part("Build events", ("events",))]), "'Build events' is called like another part of task 3 'Build events'; give it a name of its own"),
    "nothing taken": (lambda plan: changed.split(plan, 3, [Part("x", ())]), "say which files, deliveries or criteria of task 3 'Build events' go into 'x'"),
    "not in it": (lambda plan: changed.split(plan, 3, [Part("x", ("GET /event",))]), "task 3 'Build events' has no 'GET /event'; did you mean 'GET /events'?"),
    "taken twice": (lambda plan: changed.split(plan, 3, [Part("x", ("events",)), Part("y", ("events",))]), "'events' can go into one part only"),
    "all of it": (lambda plan: changed.split(plan, 3, [Part("x", tuple(name for field, name in items(plan.tasks[2]) if field not in ("critical", "expected", "nice_to_have")))]), "leave something in task 3 'Build events': a file or a delivery; or rename it instead of splitting it"),
    "no file left": (lambda plan: changed.split(plan, 3, [Part("x", ("app/events.py", "tests/test_events.py", "app/main.py"))]), "leave task 3 'Build events' a file to work on"),
    "no criterion left": (lambda plan: changed.split(plan, 3, [Part("x", ("pytest tests/test_events.py passes", "401 without a token at /events"))]), "leave 'Build events' a critical criterion; one that no part takes holds for all of them"),
}  # fmt: skip


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_what_cannot_be_done_is_one_line_and_changes_nothing(what: str) -> None:
    plan = clinic()
    before = plan.text
    do, said = IMPOSSIBLE[what]
    with pytest.raises(OptionRefused) as refused:
        do(plan)
    assert str(refused.value) == said
    assert plan.text == before


def test_the_only_task_cannot_be_dropped() -> None:
    plan = clinic()
    for _ in range(4):
        plan = changed.drop(plan, 1)
    with pytest.raises(OptionRefused, match="is the only one; a plan without a task is no plan"):
        changed.drop(plan, 1)


def test_the_critiques_of_a_plan_from_elsewhere_keep_their_words() -> None:
    plan = TaskPlan.read(SEED)
    parted = changed.split(plan, 1, [Part("Handle requests", ("internal/handlers/subscription_handlers.go",))])
    assert_sound(parted)
    critic, made = parted.tasks[1], parted.tasks[3]
    assert (critic.task_name, critic.validation_criteria.critical) == ("QA: Validate subscription API", ["Security issues identified"])  # fmt: skip
    assert {"verdict_schema", "critiques_tasks"}.isdisjoint(critic.model_fields_set), "the shape stays its author's"
    assert critic.inputs.validation_criteria == parted.tasks[0].validation_criteria
    assert made.inputs.original_prompt == "Build subscription API with Stripe"
    assert made.verdict_schema and made.critiques_tasks == [3]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"task_order": 1}, "two tasks have the number 1; mend the plan first"),
        ({"inputs": {"preceding_task": {"task_order": 8, "skill_id": "x", "task_name": "x", "description": "x"}}}, "checks 8, which is no maker; mend the plan first"),
    ],
)  # fmt: skip
def test_a_plan_that_is_no_plan_of_pairs_is_mended_before_it_is_changed(broken: dict[str, Any], said: str) -> None:
    data = TaskPlan.read(SEED).model_dump(mode="json", exclude_unset=True)
    data["tasks"][1] |= broken
    with pytest.raises(OptionRefused, match=said):
        changed.drop(TaskPlan.model_validate(data), 1)


def test_any_row_of_changes_leaves_a_plan_of_pairs_in_which_nobody_waits_for_what_comes_later() -> None:
    luck = random.Random(11)
    done: dict[str, int] = {}
    for seed in range(25):
        plan = large(luck.randrange(2, 9), seed, wide=4)
        for _ in range(8):
            orders = [each.task_order for each in plan.makers]
            kind = luck.choice(("split", "merge", "move", "drop"))
            order, other = luck.choice(orders), luck.choice([0, *orders])
            try:
                if kind == "split":
                    takes = luck.sample([name for _, name in items(plan.tasks[order - 1])], 2)
                    plan = changed.split(plan, order, [Part(f"Part {luck.random()}", takes)], luck.random() < 0.3)
                else:
                    plan = {"merge": lambda p: changed.merge(p, order, other), "move": lambda p: changed.move(p, order, other), "drop": lambda p: changed.drop(p, order)}[kind](plan)  # noqa: B023  # fmt: skip
            except OptionRefused:
                continue
            done[kind] = done.get(kind, 0) + 1
            assert_sound(plan)
    assert min(done[kind] for kind in ("split", "merge", "move", "drop")) > 5, done


def test_a_summary_that_counts_the_tasks_counts_them_anew() -> None:
    plan = clinic()
    told = plan.model_copy(update={"architecture": plan.architecture.model_copy(update={"summary": f"A service in {len(plan.makers)} tasks for 15 tasks a day."})})  # fmt: skip
    assert changed.drop(told, CHECKS).architecture.summary == f"A service in {len(plan.makers) - 1} tasks for 15 tasks a day."  # fmt: skip
    assert changed.drop(plan, CHECKS).architecture == plan.architecture
