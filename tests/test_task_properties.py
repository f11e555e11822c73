"""Random task plans: what is right passes and comes back byte for byte, what is broken is refused with its path, nothing crashes."""

from __future__ import annotations

import json
import random

import jsonschema_rs
import pytest

from planning_kit.checks import examine
from planning_kit.checks.about import About
from planning_kit.document import Document, Finding
from planning_kit.tasks.model import TaskPlan
from planning_kit.tasks.schema import published

from . import random_plans
from .random_plans import BREAKS, TEXT_BREAKS

ABOUT = About(plan=False, checks=("task-plan", "plan-files"))
SHARDS = range(5)
PLANS = 120
"""How many good plans each shard makes."""
BROKEN = 10
"""How many plans are broken in each way there is."""
SCHEMA = jsonschema_rs.Draft202012Validator(published("task-plan"))


def found(text: str) -> tuple[Finding, ...]:
    return examine.__wrapped__(Document("task-plan.json", text), ABOUT).findings


def errors(text: str) -> list[Finding]:
    return [each for each in found(text) if each.severity == "error"]


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def told(findings: list[Finding]) -> bool:
    """Whether each finding names a path and says something in a sentence of its own."""
    return all(each.message.startswith("$") and ": " in each.message and each.line > 0 for each in findings)


@pytest.mark.parametrize("shard", SHARDS)
def test_a_good_plan_passes_and_comes_back_byte_for_byte(shard: int) -> None:
    for seed in range(shard * PLANS, (shard + 1) * PLANS):
        text = random_plans.plan(random.Random(seed)).text
        assert found(text) == (), f"seed {seed}"
        assert TaskPlan.read(text).text == text, f"seed {seed}"
        assert SCHEMA.is_valid(json.loads(text)), f"seed {seed}"


@pytest.mark.parametrize("shard", SHARDS)
def test_a_broken_plan_is_refused_with_its_path_by_the_rule_it_breaks(shard: int) -> None:
    for name in list(BREAKS)[shard :: len(SHARDS)]:
        rule = BREAKS[name][0]
        for seed in range(BROKEN):
            wrong = random_plans.broken(random.Random(f"{name} {seed}"), name)
            refused = errors(dumped(wrong))
            assert rule in {each.rule for each in refused}, f"seed {seed}, {name}: {[str(each) for each in refused]}"
            assert told(refused), f"seed {seed}, {name}: {[str(each) for each in refused]}"
            assert SCHEMA.is_valid(wrong) == (rule != random_plans.SHAPE), f"seed {seed}, {name}"


def test_at_least_two_thousand_plans_are_thrown_at_the_checks() -> None:
    assert len(BREAKS) >= 40
    assert len(SHARDS) * PLANS + len(BREAKS) * BROKEN >= 2_000


@pytest.mark.parametrize("name", TEXT_BREAKS)
def test_a_text_that_is_no_json_is_refused_in_one_finding(name: str) -> None:
    for seed in range(40):
        rng = random.Random(seed)
        text = TEXT_BREAKS[name](rng, random_plans.plan(rng, 4).text)
        refused = errors(text)
        assert [each.rule for each in refused] == ["is-json-and-nothing-else"], (
            f"seed {seed}: {[str(each) for each in refused]}"
        )
        assert told(refused), f"seed {seed}: {refused[0]}"


def test_whatever_is_in_a_plan_nothing_crashes_and_what_passes_comes_back() -> None:
    for seed in range(400):
        rng = random.Random(seed)
        value = random_plans.disturbed(rng, json.loads(random_plans.plan(rng, 4).text))
        refused = errors(dumped(value))
        assert told(refused), f"seed {seed}: {[str(each) for each in refused]}"
        if not refused:
            assert TaskPlan.read(dumped(value)).text == TaskPlan.read(TaskPlan.read(dumped(value)).text).text, (
                f"seed {seed}"
            )


def test_whatever_bytes_are_changed_nothing_crashes() -> None:
    for seed in range(200):
        rng = random.Random(seed)
        data = bytearray(random_plans.plan(rng, 3).text.encode())
        for _ in range(rng.randint(1, 3)):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        assert told(errors(data.decode("utf-8", "replace").replace("\r", "\n"))), f"seed {seed}"


@pytest.mark.parametrize("text", ["", " ", "null", "[]", "{}", "1", '"x"', "{", "nul", '{"tasks": []}', '{"makers": []}', '{"makers": [1]}', "[" * 100_000])  # fmt: skip
def test_what_is_no_plan_at_all_is_refused(text: str) -> None:
    assert told(errors(text)) and errors(text)
