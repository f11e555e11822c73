"""How fast a large task plan is read, checked, layered and drawn: `make benchmark` prints the seconds of each part.

The plan has 5,000 tasks (2,500 makers with their critiques), each maker after one to three earlier ones, with two files, and 500 endpoints and
200 tables in all. Nothing here passes or fails; the limit is 2 s for reading, checking, layering and drawing together.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from planning_kit.checks import examine
from planning_kit.checks.about import About
from planning_kit.checks.tasks.read import read
from planning_kit.document import Document
from planning_kit.tasks import changed, drawn, page
from planning_kit.tasks.built import build
from planning_kit.tasks.model import Architecture, Complexity, Criteria, DataModel, Delivers, Endpoint, TaskPlan
from planning_kit.tasks.sketch import Maker, Sketch
from planning_kit.tasks.waves import longest, waves

PAIRS, ENDPOINTS, TABLES = 2_500, 500, 200
PROMPT = "A service for a chain of clinics: patients book, move and cancel appointments, and are reminded of them. " * 4


def large(pairs: int = PAIRS) -> TaskPlan:
    """A plan of ``pairs`` makers and their critiques."""
    rng = random.Random(9)
    endpoints = [
        Endpoint(method="GET", path=f"/things{n}/{{id}}", purpose="read one", auth="required") for n in range(ENDPOINTS)
    ]
    models = [
        DataModel(name=f"Thing{n}", purpose="one of them", table=f"things_{n}", key_fields=["id"])
        for n in range(TABLES)
    ]
    makers = [
        Maker(
            key=f"m{n}", task_name=f"Build part {n}", description=f"The handlers, the service and the migration of part {n}",
            skill_id="backend-development", after=[f"m{each}" for each in sorted({rng.randrange(max(0, n - 40), n) for _ in range(3)})] if n else [],
            requirements=f"Callers read and change part {n}; who is not signed in is refused", files_to_create=[f"src/parts/p{n}.py", f"tests/test_p{n}.py"],
            files_to_modify=[], files_to_test=[f"src/parts/p{n}.py"], test_types=["unit", "integration"], patterns_to_follow="",
            validation_criteria=Criteria(critical=["pytest passes", "without sign-in each operation answers 401"], expected=["90 % of lines are covered"], nice_to_have=[]),
            timeout_seconds=rng.randint(600, 28_800),
            delivers=Delivers(
                requirements=[f"FR-{n}"], operations=[each.name for each in endpoints[n::pairs]], tables=[each.table for each in models[n::pairs]]
            ),
            complexity=Complexity(score=rng.randint(1, 10), reason="one resource"), look_for=["an operation that forgets to check the owner"],
        )
        for n in range(pairs)
    ]  # fmt: skip
    architecture = Architecture(
        summary="Clinics", endpoints=endpoints, data_models=models, services=[], external_integrations=[]
    )
    return build(Sketch(summary="Clinics", services=[], external_integrations=[], makers=makers), architecture, PROMPT)


def timed(what: str, done: Callable[[], Any], times: int = 3) -> float:
    """Print and give the seconds that ``done`` takes: the least of ``times``."""
    taken = []
    for _ in range(times):
        read.cache_clear()
        begun = time.perf_counter()
        done()
        taken.append(time.perf_counter() - begun)
    print(f"{what:28} {min(taken):6.2f} s")
    return min(taken)


def main() -> None:
    """Print the figures."""
    plan = large()
    text = plan.text
    print(f"{len(plan.tasks):,} tasks, {len(text) / 1e6:.1f} MB, {text.count(chr(10)):,} lines")
    about = About(plan=False, checks=("task-plan", "plan-files"))
    needs = {task.task_order: task.dependencies for task in plan.tasks}
    weights = {task.task_order: task.timeout_seconds for task in plan.tasks}
    timed("built", large, 1)
    timed("written", lambda: plan.text)
    timed("read (models only)", lambda: TaskPlan.read(text))
    every = timed("read and checked", lambda: examine.__wrapped__(Document("task-plan.json", text), about))
    every += timed("layered", lambda: (waves(needs), longest(needs, weights)))
    every += timed("drawn", lambda: (drawn.graph(plan), drawn.gantt(plan)))
    timed("as a page", lambda: page.text(plan))
    timed("one task dropped", lambda: changed.drop(plan, PAIRS + 1))
    wrong = text.replace('"critical": [\n            "pytest passes"', '"critical": [\n            "pytest fails"', 50)
    timed("50 faults read and checked", lambda: examine.__wrapped__(Document("task-plan.json", wrong), about))
    print(f"{'checked, layered and drawn':28} {every:6.2f} s")


if __name__ == "__main__":
    main()
