"""The planner who needs no model: what he writes passes every check, leaves nothing of the design out, and invents nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from planning_kit.checks import openapi
from planning_kit.checks.tasks.design import design
from planning_kit.document import Document
from planning_kit.offline.writing.tasks import owed
from planning_kit.offline.writing.tasks.held import Held
from planning_kit.offline.writing.tasks.remarked import heard
from planning_kit.offline.writing.tasks.settled import required
from planning_kit.offline.writing.tasks.work import Work
from planning_kit.order import Order
from planning_kit.run import Run
from planning_kit.tasks.model import Task, TaskPlan

BRIEFS = Path(__file__).parent / "briefs"
EACH = sorted(path.name for path in BRIEFS.glob("*-*.md"))
SAMPLE = Path(__file__).parent.parent / "planning_kit" / "samples" / "clinic-appointments.md"
PROGRAM = (
    "# Notes\n\nA command-line program in C++ keeps notes.\n\nUsage: `notes add TITLE` adds a note with a title of up to 80 characters.\n\n"
    "Users must be able to list notes and delete a note.\n"
)
VAGUE = "A URL shortener with click statistics"
SHOP = "# Returns\n\nCustomers must be able to create a return for an order with a reason of up to 300 characters. Staff should be able to list returns. Customers must be able to list their orders.\n"  # fmt: skip


def planned(brief: str, folder: Path, *settings: str, codebase: str = "") -> Run:
    """A run of ``task-plan`` on ``brief`` up to its tasks."""
    run, _ = Order(brief, "task-plan", "offline", folder, codebase, settings=settings, headless=True).run()
    for notebook in run.recipe.notebooks:
        run.steps(notebook).consult("clean")
    return run


@pytest.fixture(scope="module")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return planned(str(SAMPLE), tmp_path_factory.mktemp("clinic"), "stack=python")


def plan_of(run: Run) -> TaskPlan:
    """The task plan of ``run``."""
    return _plan(next(each.text for step in run.phases for each in step.documents if each.name.endswith("task-plan.json")))  # fmt: skip


_plan = cache(TaskPlan.read)


def found(run: Run) -> list[str]:
    """What the checks say of its tasks."""
    return [str(each) for step in run.phases if step.name == "tasks" for each in step.findings]


def criteria(task: Task) -> str:
    return "\n".join((*task.validation_criteria.critical, *task.validation_criteria.expected))


def named(plan: TaskPlan, name: str) -> Task:
    return next(each for each in plan.makers if each.task_name == name)


def test_the_samples_plan_passes_every_check_and_covers_every_operation_and_table(clinic: Run) -> None:
    plan = plan_of(clinic)
    decided = design([each for step in clinic.phases for each in step.documents if each.name.endswith(".md")])
    assert found(clinic) == []
    assert {n for each in plan.makers for n in each.delivers.operations} == {each.name for each in decided.operations}  # type: ignore[union-attr]
    assert {n for each in plan.makers for n in each.delivers.tables} == {each.name for each in decided.tables}  # type: ignore[union-attr]
    assert len(decided.operations) == 8 and len(decided.tables) == 9


@pytest.mark.parametrize("brief", EACH)
def test_every_shared_brief_gives_a_plan_that_passes_all_checks_and_covers_its_architecture(brief: str, tmp_path: Path) -> None:  # fmt: skip
    run = planned(str(BRIEFS / brief), tmp_path)
    assert run.finished and found(run) == []
    plan, (document,) = plan_of(run), run.phase("architecture").documents
    offered = {f"{each.method} {each.path}" for each in openapi.operations(document)}
    drawn = {each.name for each in design([document]).tables}
    assert {each.name for each in plan.architecture.endpoints} == offered and offered
    assert {each.table for each in plan.architecture.data_models} == drawn
    assert {n for each in plan.makers for n in each.delivers.operations} == offered  # type: ignore[union-attr]
    assert {n for each in plan.makers for n in each.delivers.tables} == drawn  # type: ignore[union-attr]


def test_criteria_are_those_of_the_brief_with_their_passages(clinic: Run) -> None:
    plan = plan_of(clinic)
    built, tests = named(plan, "Build appointments"), named(plan, "Test appointments")
    assert "POST /appointments answers 409 (conflict) and writes nothing when: The same doctor must not be booked twice for the same time [P12]" in criteria(built)  # fmt: skip
    assert "only patient and receptionist may" in criteria(built) and "answers 401" not in criteria(tests)
    assert "note is tried with 500 and with 501 characters [P17]" in criteria(tests)
    assert tests.inputs.files_to_test == built.inputs.files_to_create and tests.skill_id == "backend-testing"
    keeps = next(each for each in plan.makers if "appointments" in (each.delivers.tables if each.delivers else ()))
    assert "appointments.note takes 500 characters and refuses 501 [P17]" in criteria(keeps)
    critic = plan.tasks[built.task_order]
    assert any("at the same moment" in each for each in critic.inputs.look_for or ())


def test_resources_are_built_side_by_side_and_no_task_is_longer_than_a_day(clinic: Run) -> None:
    plan = plan_of(clinic)
    builds = [each for each in plan.makers if each.task_name.startswith("Build ") and each.delivers and each.delivers.operations]  # fmt: skip
    waves = [next(at for at, wave in enumerate(plan.waves or ()) if each.task_order in wave) for each in builds]
    assert len(builds) == 5 and len(set(waves)) <= 2
    assert max(each.timeout_seconds for each in plan.tasks) <= 8 * 3600
    assert all(each.complexity and each.complexity.reason for each in plan.makers)


def test_nothing_the_brief_asks_for_is_left_to_nobody(clinic: Run) -> None:
    named = {name for each in plan_of(clinic).makers if each.delivers for name in each.delivers.requirements}
    asked = {each for ids in clinic.sheet.now.asking.values() for each in ids}
    assert asked <= named


def test_a_brief_that_names_nothing_to_build_gets_its_questions_as_tasks_that_write_decisions(tmp_path: Path) -> None:
    run = planned(VAGUE, tmp_path)
    plan = plan_of(run)
    assert found(run) == []
    assert plan.makers[0].task_name == "Settle what is built"
    assert "Which operations must the API offer?" in criteria(plan.makers[0])
    assert all(file.startswith("docs/") for file in plan.makers[0].inputs.files) and len(plan.makers) <= 6


def test_a_program_has_commands_and_no_handlers(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(PROGRAM)
    run = planned(str(tmp_path / "notes.md"), tmp_path / "out")
    plan = plan_of(run)
    files = [file for each in plan.makers for file in each.inputs.files]
    assert found(run) == []
    assert not any("health" in file or "routes" in file or "handlers" in file for file in files)
    assert not any(" 401" in criteria(each) or "answers 2" in criteria(each) for each in plan.makers)


def shop(folder: Path) -> Path:
    """A small service with two resources, each in a file of its own."""
    for name, text in {
        "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\ndependencies = ["fastapi==0.115.0", "sqlalchemy==2.0.30"]\n',
        "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
        "app/api/orders.py": 'from fastapi import APIRouter\n\nrouter = APIRouter(prefix="/orders")\n\n\n@router.get("/")\ndef list_orders():\n    return []\n',
        "app/api/customers.py": 'from fastapi import APIRouter\n\nrouter = APIRouter(prefix="/customers")\n\n\n@router.get("/")\ndef list_customers():\n    return []\n',
        "tests/test_orders.py": "def test_orders(): ...\n",
    }.items():  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_in_a_codebase_its_own_files_are_changed_and_new_ones_lie_beside_them(tmp_path: Path) -> None:
    (tmp_path / "returns.md").write_text(SHOP)
    run = planned(str(tmp_path / "returns.md"), tmp_path / "out", codebase=str(shop(tmp_path / "shop")))
    plan = plan_of(run)
    orders, returns = named(plan, "Build orders"), named(plan, "Build returns")
    assert found(run) == []
    assert orders.inputs.files_to_modify == ["app/api/orders.py"] and not orders.inputs.files_to_create
    assert str(orders.inputs.patterns_to_follow).startswith("app/api/orders.py:")
    assert returns.inputs.files_to_create == ["app/api/returns.py"]
    assert named(plan, "Test orders").inputs.files_to_modify == ["tests/test_orders.py"]
    assert named(plan, "Register the routes").inputs.files_to_modify == ["app/main.py"]
    assert not any(each.task_name.startswith("Set up") for each in plan.makers)


PERMITS = """# Permits

Residents sign up with a name and an e-mail address.

1. A resident can create a permit with a plate of up to 10 characters. A permit belongs to a zone.
2. A clerk can approve or reject a permit.
3. The resident pays the yearly price through Stripe. A permit becomes active when Stripe confirms the payment by webhook.
4. 30 days before a permit expires the resident gets a reminder by email.
5. A zone has a code, a name and a price. An administrator can create and change zones.
6. A resident can swap the plate of an active permit at most 3 times a year.
"""


@pytest.fixture(scope="module")
def permits(tmp_path_factory: pytest.TempPathFactory) -> TaskPlan:
    folder = tmp_path_factory.mktemp("permits")
    files = {
        "pyproject.toml": '[project]\nname = "permits"\nversion = "1"\ndependencies = ["fastapi==0.115.0", "sqlalchemy==2.0.30"]\n',
        "app/models.py": 'from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\nclass Base(DeclarativeBase): ...\n\n\nclass Zone(Base):\n    __tablename__ = "zones"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    code: Mapped[str]\n',
        "migrations/versions/0001_zones.py": 'revision = "0001"\n',
    }  # fmt: skip
    for name, text in files.items():
        (folder / "code" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "code" / name).write_text(text)
    run = planned(PERMITS, folder / "out", codebase=str(folder / "code"))
    assert found(run) == []
    return plan_of(run)


def test_a_table_the_codebase_keeps_is_changed_and_keeps_its_rows(permits: TaskPlan) -> None:
    first = next(each for each in permits.makers if each.skill_id == "database-migration")
    assert first.task_name.endswith(" and change zones") and "zones" not in first.task_name.partition(" and change ")[0]
    assert "There already: zones (app/models.py:" in str(first.inputs.requirements)
    assert "Every row of zones from before" in criteria(first)


def test_who_works_on_what_belongs_to_others_is_not_told_to_answer_404_for_it(permits: TaskPlan) -> None:
    said = [line for each in permits.makers for line in criteria(each).splitlines() if "is answered with 404" in line]
    staffs = [line for line in said if "/approve" in line or "/zones/" in line]
    assert staffs and not any("somebody else" in line for line in staffs)


def test_what_calls_back_is_believed_only_with_its_signature(permits: TaskPlan) -> None:
    assert "only once its signature and age are checked" in criteria(named(permits, "Connect Stripe"))


def test_what_sends_mail_waits_for_the_one_place_that_does_and_its_figures_are_whole(permits: TaskPlan) -> None:
    mail = next(each for each in permits.makers if each.task_name.startswith("Connect email"))
    work = named(permits, "Build the background work")
    assert mail.task_order + 1 in work.dependencies
    assert "“30 days before a permit expires" in str(work.inputs.requirements)


def test_a_passage_that_only_a_table_or_a_client_cites_is_still_to_be_settled(permits: TaskPlan) -> None:
    settle = named(permits, "Settle what the design leaves open")
    assert "swap the plate" in str(settle.inputs.requirements) and "Stripe confirms" in str(settle.inputs.requirements)


def test_a_requirement_is_not_met_by_a_task_that_only_shares_its_passage() -> None:
    rows = (
        "| FR-SEE-01 | A volunteer enters an accession | [P1] |\n| FR-SEE-02 | Somebody germinates a sample | [P1] |\n"
    )
    document = Document("requirements/requirements.md", f"# A\n\n## Requirements\n\n| ID | Requirement | Source |\n|---|---|---|\n{rows}")  # fmt: skip
    work = Work("accessions", "Build accessions", "Create an accession.")
    work.give("requirements", ["P1"])
    held = cast(Held, SimpleNamespace(basis=SimpleNamespace(documents=(document,))))
    assert required(held, [work]) == {"FR-SEE-02": ("P1",)}
    assert work.delivers["requirements"] == ["P1", "FR-SEE-01"]


def test_the_last_part_of_the_tables_promises_no_later_ones(clinic: Run) -> None:
    makers = [each for each in plan_of(clinic).makers if each.skill_id == "database-migration"]
    assert len(makers) > 1 and "later tables" in str(makers[0].inputs.requirements)
    assert "later tables" not in str(makers[-1].inputs.requirements)


def test_what_is_owed_is_read_off_the_task_as_it_is_told() -> None:
    told = "Do it.\n\nWhat has to be delivered, by the names that `delivers` uses:\noperations:\n- GET /a\n- POST /b\ntables:\n- a-b c\n\nThe title is 'x'.\n- not this\n"  # fmt: skip
    assert owed(told) == {"operations": ("GET /a", "POST /b"), "tables": ("a-b c",)}
    assert owed("Do it.") == {}


def works() -> list[Work]:
    made = [Work("orders", "Build orders", "Orders."), Work("people", "Build people", "People."), Work("tests-orders", "Test orders", "x", after=["orders"])]  # fmt: skip
    made[0].give("operations", ["POST /orders", "GET /orders"])
    made[0].creates, made[0].critical = ["app/orders.py"], ["POST /orders answers 201", "GET /orders answers 200"]
    made[1].give("operations", ["GET /people"])
    return made


def remarks() -> Iterator[tuple[str, str, Any]]:
    yield "Split 'Build orders', it is too large", "was split in two", lambda m: [e.key for e in m] == ["orders", "orders-more", "people", "tests-orders"] and m[3].after == ["orders", "orders-more"]  # fmt: skip
    yield "Build people must wait for build orders", "'Build people' waits for 'Build orders'", lambda m: m[1].after == ["orders"]  # fmt: skip
    yield "Task 3 must mask names in its logs", "taken as a critical criterion of 'Build people'", lambda m: m[1].critical == ["Task 3 must mask names in its logs [R1]"]  # fmt: skip
    yield "Task 3 must wait for task 1.", "'Build people' waits for 'Build orders'", lambda m: m[1].after == ["orders"]  # fmt: skip
    yield "Split 'Build orders'. It is too large. Task 3 must mask names.", "first, then GET /orders; taken as a critical criterion of 'Build people'", lambda m: m[2].critical == ["Task 3 must mask names. [R1]"]  # fmt: skip
    yield "I do not like this", "no rule can do this; a person has to", lambda m: len(m) == 3


@pytest.mark.parametrize(("remark", "said", "holds"), list(remarks()))
def test_a_remark_is_done_where_a_rule_can_and_said_where_it_cannot(remark: str, said: str, holds: Any) -> None:
    made, told = heard(works(), (remark,))
    assert told[0].startswith("[R1] ") and said in told[0]
    assert holds(made)


def test_every_maker_is_json_that_names_each_thing_once() -> None:
    work = Work("orders", "Build orders", "Orders.", creates=["a.py", "a.py"], modifies=["a.py", "b.py"])
    work.give("requirements", ["P2", "P2", "A1", "FR-ORD-01"])
    values = json.loads(json.dumps(work.values()))
    assert (values["files_to_create"], values["files_to_modify"]) == (["a.py"], ["b.py"])
    assert values["delivers"]["requirements"] == ["P2", "FR-ORD-01"]
