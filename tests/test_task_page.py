"""A task plan as people read it: a page of markdown that holds nothing but what it says, and pictures of any size."""

from __future__ import annotations

import json
import time
import xml.etree.ElementTree as ElementTree

import pytest

from planning_kit import checks, view
from planning_kit.checks.about import About
from planning_kit.document import Document
from planning_kit.tasks import drawn, page
from planning_kit.tasks.built import build
from planning_kit.tasks.model import TaskPlan
from planning_kit.tasks.pairs import Pairs, took
from planning_kit.tasks.sketch import Sketch
from planning_kit.tasks.waves import longest, starts, waves

from .some_tasks import SEED, architecture, clinic, large, maker

HOSTILE = [
    "<script>alert(1)</script>",
    "| a | b |\n|---|---|",
    "``` \n# heading\n```",
    "[click](javascript:alert(1))",
    "- item",
    "1. first",
    "=====",
    "end\nclick t1 href",
    "a --> b;%%{init: {}}%%",
    "# not a heading",
    "&lt;b&gt; ~~gone~~ ![x](http://e.example/x.png)",
    "`tick` ``two``",
    "bad \x00\x1b[31m \u202e name",
]


def hostile() -> TaskPlan:
    """A plan whose every word is meant to be something else."""
    makers = [
        maker(f"m{at}", said, (f"m{at - 1}",) if at else (), description=said, requirements=said, patterns_to_follow=said, skill_id=said,
              files_to_create=[said], test_types=[said], look_for=[said], complexity={"score": 3, "reason": said},
              validation_criteria={"critical": [said], "expected": [said], "nice_to_have": [said]},
              delivers={"operations": [said], "tables": [said], "requirements": [said], "mitigations": [said], "service_levels": [said]})
        for at, said in enumerate(HOSTILE)
    ]  # fmt: skip
    said = {"summary": "\n\n".join(HOSTILE), "services": [], "external_integrations": [], "makers": makers}
    return build(Sketch.model_validate(said), architecture(("events",)).model_copy(update={"summary": "\n\n".join(HOSTILE)}), "x")  # fmt: skip


def test_the_page_says_how_long_what_waits_who_delivers_and_what_each_critic_looks_for() -> None:
    text = page.text(clinic())
    for line in (
        "- 5 makers, 5 critiques, 4 waves of makers",
        "- All time limits together: 8 h 15 min",
        "- Critical path by time limits, critiques included: 6 h 45 min, makers 1 → 5 → 7 → 9",
        "- Critical path by complexity: 18 of 22 points, makers 1 → 5 → 7 → 9",
        "| 2 | 3 Build events, 5 Build bookings | 3 h |",
        "  t3 --> t7",
        "  class t1,t5,t7,t9 critical",
        "  5 Build bookings :crit, t5, 2001-01-01 00:45, 180m",
        "| 7 | Build reports | backend-development | 3, 5 | FR-REP-01, POST /reports, GET /reports, reports | 4 | 1 h |",
        "### 5 Build bookings",
        "- `app/bookings.py` to create",
        "- operations: `POST /bookings`, `GET /bookings`",
        "- critical: 401 without a token at /bookings",
        "**Checked by task 6** (backend-critique, at most 1 h), against the same criteria and for:",
        "- queries of /bookings without a limit",
        "| POST /bookings | operation | 5 |",
    ):
        assert line in text.split("\n"), line


def test_what_the_architecture_holds_and_no_task_delivers_stands_first_in_the_coverage() -> None:
    plan = clinic()
    less = plan.model_copy(update={"tasks": [task for task in plan.tasks if task.task_order not in (5, 6)]})
    coverage = page.text(less).split("## Coverage")[1].splitlines()
    assert coverage[4:7] == [
        "| POST /bookings | operation | **no task** |",
        "| GET /bookings | operation | **no task** |",
        "| bookings | table | **no task** |",
    ]


def test_a_plan_from_elsewhere_without_what_was_added_has_a_page() -> None:
    text = page.text(TaskPlan.read(SEED))
    assert "- 1 maker, 1 critique, 1 wave of makers" in text
    assert "The plan does not say which task delivers what." in text
    assert "Critical path by complexity" not in text and "```" not in text


def test_no_word_of_a_plan_becomes_markup_and_the_page_passes_the_checks() -> None:
    text = f"# Task plan\n\n{page.text(hostile())}"
    document = Document("task-plan.md", text)
    found = checks.examine(document, About(plan=False))
    assert [str(each) for each in found.findings if each.severity == "error"] == []
    shown = view.html(text, draw=False)
    assert not any(each in shown for each in ("<script", "href=", "src=", "<del>", "<img", "markup and is not drawn"))
    assert shown.count("is not drawn yet") == 2, "nothing in a diagram keeps it from being drawn"
    assert "\u202e" not in text and "\x1b" not in text, "nothing turns the direction of what follows"
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert len(headings) == 7 + len(HOSTILE), "the page's own headings and one for each maker"


def test_paths_in_what_is_to_be_followed_stay_what_they_are() -> None:
    plan = build(Sketch.read(json.dumps({"summary": "s", "services": [], "external_integrations": [], "makers": [maker("a", "Build a", patterns_to_follow="*As* in app/my_router.py:12-14, and __init__.py.")]})), architecture(("a",)), "p")  # fmt: skip
    assert "\\*As\\* in `app/my_router.py:12-14`, and `__init__.py`." in page.text(plan)


def test_the_page_of_a_broken_plan_says_so_and_does_not_fail() -> None:
    data = clinic().model_dump(mode="json", exclude_unset=True)
    for at, order in ((2, 1), (4, 3), (5, 5)):
        data["tasks"][at]["task_order"] = order
    data["tasks"][6]["dependencies"] = [7, 99, 8]
    plan = TaskPlan.model_validate(data)
    assert "Two tasks have one number" in page.text(plan)
    for picture in (drawn.graph(plan), drawn.gantt(plan)):
        ElementTree.fromstring(picture)


@pytest.mark.parametrize("makers", [1, 40, 120, 121, 2500])
def test_a_plan_of_any_size_is_drawn_at_once_and_says_what_is_left_out(makers: int) -> None:
    plan = large(makers)
    begun = time.process_time()
    graph, gantt = drawn.graph(plan), drawn.gantt(plan)
    assert time.process_time() - begun < 1
    for picture in (graph, gantt):
        ElementTree.fromstring(picture)
        assert "<script" not in picture and len(picture) < 200_000
        view.picture(picture, "tasks")
    assert ("More than 120 makers" in graph) == ("are left out" in gantt) == (makers > 120)
    assert drawn.MARK in graph and drawn.MARK in gantt, "the critical path is not marked by colour alone"


def test_a_picture_holds_the_words_of_a_plan_as_words() -> None:
    for picture in (drawn.graph(hostile()), drawn.gantt(hostile())):
        assert ElementTree.fromstring(picture).tag.endswith("svg")
        assert not any(each in picture for each in ("<script", "\x1b", "\u202e"))


def test_waves_starts_and_the_longest_way_follow_from_what_waits_for_what() -> None:
    needs = {1: (), 2: (1,), 3: (1,), 4: (2, 3), 5: ()}
    weights = {1: 10, 2: 5, 3: 7, 4: 1, 5: 30}
    assert waves(needs) == ((1, 5), (2, 3), (4,))
    assert starts(needs, weights) == {1: 0, 2: 10, 3: 10, 4: 17, 5: 0}
    assert longest(needs, weights) == ((5,), 30)
    assert longest(needs, {**weights, 5: 1}) == ((1, 3, 4), 18)
    assert waves({}) == () and longest({}, {}) == ((), 0)
    assert Pairs(clinic()).waves == ((1,), (3, 5), (7,), (9,))
    assert [took(each) for each in (59, 600, 3600, 5400, 36_000_000)] == ["1 min", "10 min", "1 h", "1 h 30 min", "10,000 h"]  # fmt: skip
