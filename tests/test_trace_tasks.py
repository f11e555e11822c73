"""The trace goes on to the tasks: from what was asked for to the maker that delivers it, and back."""

from __future__ import annotations

import json

from planning_kit.brief import Brief
from planning_kit.document import Document
from planning_kit.tasks.built import build
from planning_kit.tasks.model import Architecture
from planning_kit.tasks.sketch import Sketch
from planning_kit.trace import Trace, table, trace

from .some_tasks import maker
from .test_task_design import ARCHITECTURE, DDL, EVERY, REQUIREMENTS, plan

PASSAGES = Brief("Staff must be able to place orders.\n\nStaff must be able to list orders.\n").passages


def traced(*documents: Document) -> Trace:
    return trace(documents, PASSAGES, asking=["P1", "P2"], domains={"orders": ["P1", "P2"]})


def planned(name: str = "task-plan.json", **delivers: list[str]) -> Document:
    return Document(name, json.dumps(plan(**delivers), indent=2))


def test_a_task_rests_on_the_requirements_operations_and_tables_it_delivers() -> None:
    made = traced(*EVERY, planned())
    task = made.node("T1")
    assert (task.kind, task.text, task.document) == ("task", "Build orders", "task-plan.json")
    assert made.given.documents[-1].line(task.line).strip() == "{"
    rests = {link.source for link in made.back[task.key]}
    assert {("requirement", "FR-ORD-01"), ("operation", "POST /orders"), ("table", "customers")} <= rests
    assert "T1" in str(made.forward("P1")) and "P1" in str(made.backward("T1"))


def test_a_critique_is_no_thing_of_its_own() -> None:
    assert [node.id for node in traced(*EVERY, planned()).of_kind("task")] == ["T1"]


def test_the_matrix_has_a_column_for_tasks_only_where_there_is_a_plan() -> None:
    with_plan, without = traced(*EVERY, planned()), traced(*EVERY)
    assert "tasks" in table.columns(with_plan) and "tasks" not in table.columns(without)
    assert [cells[table.columns(with_plan).index("tasks")] for cells in table.rows(with_plan)] == ["T1", "T1"]
    assert [node for node in without.nodes.values() if node.kind == "table"] == [
        node for node in with_plan.nodes.values() if node.kind == "table"
    ]


def test_tables_that_only_an_architecture_draws_are_traced_with_a_plan() -> None:
    made = traced(ARCHITECTURE, REQUIREMENTS, planned())
    assert made.node("customers").document == ARCHITECTURE.name
    assert ("table", "orders") in {link.source for link in made.back["task", "T1"]}


def test_of_two_plans_the_last_one_counts() -> None:
    sketch = Sketch.read(json.dumps({"summary": "Old", "services": [], "external_integrations": [], "makers": [maker("old", "Build what was")]}))  # fmt: skip
    bare = Architecture(summary="Old", endpoints=[], data_models=[], services=[], external_integrations=[])
    old = Document("task-plan.json", build(sketch, bare, "Old").text)
    assert traced(old, *EVERY, planned("new/task-plan.json")).node("T1").text == "Build orders"


def test_what_no_task_delivers_is_left_to_the_check_of_the_plan() -> None:
    complete, lacking = traced(*EVERY, planned()), traced(*EVERY, planned(operations=["POST /orders"], tables=["orders"], requirements=["FR-ORD-99"]))  # fmt: skip
    assert [str(each) for each in lacking.findings] == [str(each) for each in complete.findings]


def test_json_is_not_read_as_markdown() -> None:
    text = json.dumps({"tasks": [], "architecture": "# FR-ORD-77\n## FR-ORD-78: a heading\n"}, indent=1)
    odd = Document("notes.json", f'{text}\n\n## FR-ORD-79: a heading\n\n| ID | Requirement |\n|---|---|\n| FR-ORD-80 | x |\n')  # fmt: skip
    assert [str(each) for each in traced(*EVERY, odd).findings] == [str(each) for each in traced(*EVERY).findings]
    assert set(traced(*EVERY, odd).nodes) == set(traced(*EVERY).nodes)


def test_an_operation_that_the_architecture_merges_from_a_domain_is_not_defined_twice() -> None:
    other = Document("specifications/orders/api-spec.md", f"# API\n\n{ARCHITECTURE.text}")
    assert not [each for each in traced(other, ARCHITECTURE, DDL).findings if "defined already" in each.message]
