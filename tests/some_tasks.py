"""Task plans to try things on: the one of the seed's example as it was written, and built ones of any size."""

from __future__ import annotations

import json
import random
from pathlib import Path

from planning_kit.tasks.built import build
from planning_kit.tasks.model import Architecture, DataModel, Endpoint, TaskPlan
from planning_kit.tasks.sketch import Sketch

THINGS = ("events", "bookings", "rooms", "patients", "doctors", "invoices", "reminders", "reports")


RECIPE = """---
title: Small tasks
summary: Tasks, and nothing before them.
documents: .
tier: standard
phases:
  - {name: intake, title: Intake, notebook: 1_intake, settles: [stack, passages]}
  - {name: scope, title: Scope, notebook: 1_intake, seats: [intake-analyst], settles: [domains, topics, questions]}
  - {name: tasks, title: Tasks, notebook: 7_tasks, seats: [task-planner]}
  - {name: task-page, title: Page, notebook: 7_tasks, renders: {task-plan.md: task-plan}}
options: {stack: none}
choices: {stack: [none]}
---
For tests.
"""
"""A recipe that makes a task plan of a brief alone: quick to begin."""


def with_recipe(folder: Path) -> None:
    """Have runs that begin in ``folder`` know the recipe ``small-tasks``."""
    (folder / "planning_kit" / "recipes").mkdir(parents=True)
    (folder / "planning_kit" / "recipes" / "small-tasks.md").write_text(RECIPE)


def maker(key: str, name: str, after: tuple[str, ...] = (), **said: object) -> dict[str, object]:
    """One maker of a sketch; ``said`` replaces what it has by default."""
    given: dict[str, object] = {
        "key": key,
        "task_name": name,
        "description": f"{name}, from migration to handler",
        "skill_id": "backend-development",
        "after": list(after),
        "requirements": f"{name} as the contract says. Only staff may write.",
        "files_to_create": [f"app/{key}.py", f"tests/test_{key}.py"],
        "files_to_modify": [],
        "files_to_test": [],
        "test_types": [],
        "patterns_to_follow": "",
        "validation_criteria": {"critical": [f"pytest tests/test_{key}.py passes", f"401 without a token at /{key}"], "expected": ["422 names the field"], "nice_to_have": []},
        "timeout_seconds": 3600,
        "delivers": {"requirements": [f"FR-{key[:3].upper()}-01"], "operations": [f"POST /{key}", f"GET /{key}"], "tables": [key], "mitigations": [], "service_levels": []},
        "complexity": {"score": 4, "reason": "one table and two operations"},
        "look_for": [f"queries of /{key} without a limit"],
    }  # fmt: skip
    return given | said


def architecture(names: tuple[str, ...]) -> Architecture:
    """What makers called ``names`` build."""
    ends = [Endpoint(method=method, path=f"/{each}", purpose=f"{method} {each}", auth="required") for each in names for method in ("POST", "GET")]  # type: ignore[arg-type]  # fmt: skip
    kept = [DataModel(name=each.title(), purpose=f"Keeps {each}", table=each, key_fields=["id"]) for each in names]
    return Architecture(summary="A clinic's service.", endpoints=ends, data_models=kept, services=["Booking - keeps slots apart"], external_integrations=[])  # fmt: skip


def sketch() -> Sketch:
    """Five makers: a skeleton (1), events (3) and bookings (5) side by side, reports (7) of both, and tests (9) of all."""
    makers = [
        maker("skeleton", "Build skeleton", files_to_create=["app/main.py"], delivers={}, timeout_seconds=1800, complexity={"score": 2, "reason": "nothing hard"}),
        maker("events", "Build events", ("skeleton",), files_to_modify=["app/main.py"]),
        maker("bookings", "Build bookings", ("skeleton",), timeout_seconds=7200, complexity={"score": 8, "reason": "two at once"}),
        maker("reports", "Build reports", ("events", "bookings")),
        maker("checks", "Test all of it", ("reports",), skill_id="backend-testing", files_to_create=[], files_to_test=["app/events.py", "app/bookings.py"], test_types=["integration"], delivers={"service_levels": ["p95 below 300 ms"]}),
    ]  # fmt: skip
    said = {"summary": "A clinic's service.", "services": [], "external_integrations": [], "makers": makers}
    return Sketch.model_validate(said)


def clinic() -> TaskPlan:
    """The plan of :func:`sketch`."""
    return build(sketch(), architecture(("events", "bookings", "reports")), "Plan a clinic")


def large(makers: int, seed: int = 7, wide: int = 12) -> TaskPlan:
    """A plan of that many makers, each after up to two of the ``wide`` before it."""
    luck = random.Random(seed)
    said = []
    for at in range(makers):
        before = range(max(0, at - wide), max(0, at - 1))
        after = tuple(f"m{each}" for each in sorted(luck.sample(before, min(len(before), luck.randrange(3)))))
        said.append(maker(f"m{at}", f"Build part {at} of {THINGS[at % len(THINGS)]}", after, timeout_seconds=60 * luck.randrange(20, 300)))  # fmt: skip
    whole = {"summary": "-", "services": [], "external_integrations": [], "makers": said}
    return build(Sketch.model_validate(whole), architecture(THINGS), "Plan it")


SEED = json.dumps(
    {
        "status": "planned",
        "category": "backend",
        "architecture": {
            "summary": "Subscription API with Stripe integration and webhook handling",
            "endpoints": [{"method": "POST", "path": "/api/v1/subscriptions", "purpose": "Create subscription", "auth": "required"}],
            "data_models": [{"name": "Subscription", "purpose": "Track subscription state", "table": "subscriptions", "key_fields": ["id"]}],
            "services": ["SubscriptionService - lifecycle management"],
            "external_integrations": ["Stripe API"],
        },
        "tasks": [
            {
                "task_name": "Build subscription service",
                "description": "Create migrations, models, services, and handlers",
                "skill_id": "backend-development",
                "task_order": 1,
                "dependencies": [],
                "inputs": {
                    "requirements": "Subscription API with Stripe integration",
                    "files_to_create": ["migrations/00X_create_subscriptions.sql", "internal/handlers/subscription_handlers.go"],
                    "files_to_modify": ["internal/routes/routes.go"],
                },
                "validation_criteria": {"critical": ["Migration runs", "Endpoints work"], "expected": ["Auth enforced"], "nice_to_have": []},
                "timeout_seconds": 3600,
            },
            {
                "task_name": "QA: Validate subscription API",
                "description": "Review subscription implementation for correctness and security",
                "skill_id": "backend-critique",
                "task_order": 2,
                "dependencies": [1],
                "inputs": {
                    "original_prompt": "Build subscription API with Stripe",
                    "preceding_task": {
                        "task_order": 1,
                        "skill_id": "backend-development",
                        "task_name": "Build subscription service",
                        "description": "Create migrations, models, services, and handlers",
                    },
                    "validation_criteria": {"critical": ["Migration runs", "Endpoints work"], "expected": ["Auth enforced"], "nice_to_have": []},
                },
                "validation_criteria": {"critical": ["Security issues identified"], "expected": [], "nice_to_have": []},
                "timeout_seconds": 1800,
            },
        ],
    },
    indent=2,
)  # fmt: skip
"""A plan from elsewhere: the pair of the format's own example, without anything that was added to the format."""
