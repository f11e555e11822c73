"""An implementation plan rests on its research, its phases follow from each other and are drawn, and it implements nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

import pytest

from planning_kit.brief import Brief
from planning_kit.checks import NAMED
from planning_kit.checks.about import About
from planning_kit.checks.cited_code import Digest
from planning_kit.checks.planned.reading import named, phases, prerequisites
from planning_kit.document import Document
from planning_kit.facts import Domain, Topic
from planning_kit.offline.reading import read
from planning_kit.offline.writing.basis import Basis
from planning_kit.offline.writing.implementation import charts, existing, technology
from planning_kit.offline.writing.implementation.cut import Cut, _acyclic
from planning_kit.offline.writing.implementation.existing import _places
from planning_kit.offline.writing.implementation.held import There, client, spoken
from planning_kit.offline.writing.implementation.measures import grouped
from planning_kit.offline.writing.implementation.phases import Phase
from planning_kit.offline.writing.implementation.planner import phased
from planning_kit.offline.writing.implementation.practice import kind
from planning_kit.offline.writing.implementation.quality import _telling
from planning_kit.offline.writing.implementation.scope import Scope
from planning_kit.offline.writing.implementation.sessions import read_back
from planning_kit.offline.writing.plan import Plan
from planning_kit.order import Order
from planning_kit.run import Run

DIGEST = (
    "Stack\n- Framework: FastAPI >=0.115 (pyproject.toml:6)\nRoutes\n- GET /notes -> notes.list_notes (app/notes.py:7)\n"
    "Tree\n- app/ 1 file: notes.py\n- ./ 1 file: pyproject.toml\n"
)
RESEARCH = ("research/technology/caching.md", "research/testing/caching.md")
SOUND = """# Plan

## Executive Summary

### Key Technologies

| Technology | For | Because | Research |
|---|---|---|---|
| Redis | caching | it is shared | see [the session](research/technology/caching.md#options) |

## Research Foundation

### Technology Research

Caching was [looked into](research/technology/caching.md).

### Testing Strategy

- [How caching is tested](./research/testing/caching.md)

## Implementation Phases

```mermaid
graph TD
    A[Phase 1: Ground work] --> M{{Shown to the users}}
    M --> B[Phase 2: Notes]
    A --> C["Phase 3 (Search)"]
    B --> D[Going live]
    C --> D
```

### Phase 1: Ground work

#### Objectives

Something can be deployed.

#### Components

| Component | Change | Where | Delivers |
|---|---|---|---|
| FastAPI | **Reuse** | `pyproject.toml:6` | the frame |
| Pipeline | Build | - | a deployment |

#### Dependencies

None. Phase 2 builds on this, and so does Phase 3.

#### Success Criteria

1. The pipeline deploys to the test environment.

### Phase 2: Notes

#### Objectives

Notes can be written.

#### Components

| Component | Change | Where | Delivers |
|---|---|---|---|
| Route of notes | Modify | app/notes.py:7 | paging |

#### Dependencies

- Phase 1
- A mailbox for the tests

#### Success Criteria

- All 4 operations answer as the contract says.
- Readers like it.

### Phase 3 – Search

#### Objectives

Notes can be found.

#### Components

| Component | Change | Where | Delivers |
|---|---|---|---|
| Index | build (new) | | search |

#### Dependencies

Ground work has to be there before it can begin; it is independent of Phase 2.

#### Success Criteria

- A search answers within 300 ms.

### Phase 4: Going live

#### Objectives

It is used.

#### Components

| Component | Change | Where | Delivers |
|---|---|---|---|
| Dashboards | build | | sight |

#### Dependencies

- Phases 2 and 3

#### Success Criteria

- Rolled back once in a rehearsal.

## Timeline and Milestones

### Development Timeline

```mermaid
gantt
    dateFormat YYYY-MM-DD
    section Ground work
    Skeleton :a, 2026-01-05, 5d
    section Phases 2 and 3
    Phase 2 Notes :b, after a, 5d
    Phase 3 Search :c, after a, 5d
    section Going live
    Release :d, after b c, 3d
```
"""


def said(
    rule: str, text: str = SOUND, code: str = DIGEST, beside: tuple[str, ...] = RESEARCH
) -> list[tuple[str, str, str]]:
    document = Document("implementation-plan.md", text)
    others = tuple(Document(name, "# Research\n") for name in beside)
    about = About(checks=(rule,), code=Digest(code) if code else None, beside=others)
    return [(each.severity, document.line(each.line), each.message) for each in NAMED[rule](document, about)]


def replaced(old: str, new: str) -> str:
    assert old in SOUND, old
    return SOUND.replace(old, new, 1)


RULES = ("decisions-researched", "phases-ordered", "phases-drawn", "components-marked", "no-implementation")


@pytest.mark.parametrize("rule", RULES)
def test_a_plan_in_somebody_elses_words_raises_no_alarm(rule: str) -> None:
    assert said(rule) == []


@pytest.mark.parametrize(
    ("rule", "old", "new", "line", "message"),
    [
        ("decisions-researched", "see [the session](research/technology/caching.md#options)", "everybody does", "| Redis | caching | it is shared | everybody does |", "the choice of 'Redis' rests on no research document"),
        ("decisions-researched", "(research/technology/caching.md#options)", "(research/technology/queues.md)", "| Redis | caching | it is shared | see [the session](research/technology/queues.md) |", "the choice of 'Redis' rests on no research document: there is no research/technology/queues.md"),
        ("decisions-researched", "(./research/testing/caching.md)", "(#phase-1)", "## Research Foundation", "'Research Foundation' does not link research/testing/caching.md"),
        ("phases-ordered", "### Phase 3 – Search", "### Phase 5 – Search", "### Phase 5 – Search", "Phase 5 is the third phase"),
        ("phases-ordered", "- Phases 2 and 3", "- Phases 2 and 7", "- Phases 2 and 7", "Phase 4 needs Phase 7, which there is not"),
        ("phases-ordered", "- Phases 2 and 3", "- Phase 4", "- Phase 4", "Phase 4 needs itself"),
        ("phases-ordered", "None. Phase 2 builds on this, and so does Phase 3.", "- Phase 4", "- Phase 4", "these phases wait for each other: Phase 1 → Phase 4 → Phase 2"),
        ("phases-drawn", '    A --> C["Phase 3 (Search)"]\n', "", "graph TD", "the flowchart does not show Phase 3"),
        ("phases-drawn", "    B --> D[Going live]", "    D[Going live]", "graph TD", "no arrow leads from Phase 2 to Phase 4, which needs it"),
        ("phases-drawn", "    B --> D[Going live]", "    D[Going live] --> B", "graph TD", "no arrow leads from Phase 2 to Phase 4, which needs it (it is drawn the other way round)"),
        ("phases-drawn", "    C --> D", "    C --> D\n    D --> E[Phase 9: Party]", "graph TD", "the flowchart shows Phase 9, which the plan has not"),
        ("phases-drawn", "- Phase 1\n", "- None\n", "    A[Phase 1: Ground work] --> M{{Shown to the users}}", "an arrow leads from Phase 1 to Phase 2, which does not name it under 'Dependencies'"),
        ("phases-drawn", "    section Going live\n    Release :d", "    section End\n    Last :d", "gantt", "the Gantt chart does not show Phase 4"),
        ("phases-drawn", "gantt\n", "timeline\n", "### Development Timeline", "there is no Gantt chart of the phases"),
        ("components-marked", "| Pipeline | Build |", "| Pipeline | Create |", "| Pipeline | Create | - | a deployment |", "'Pipeline' is marked 'create'"),
        ("components-marked", "| Modify | app/notes.py:7 |", "| Modify | the route |", "| Route of notes | Modify | the route | paging |", "'Route of notes' is marked modify, and no line of the codebase shows it"),
        ("components-marked", "| Modify | app/notes.py:7 |", "| Modify | app/other.py:7 |", "| Route of notes | Modify | app/other.py:7 | paging |", "'Route of notes' is marked modify, and app/other.py:7 is not in the codebase"),
        ("components-marked", "| Index | build (new) | | search |\n", "", "#### Components", "Phase 3 has no component"),
        ("criteria-measurable", "- A search answers within 300 ms.", "- Searching feels good.", "#### Success Criteria", "no success criterion of Phase 3 can be measured"),
    ],
)  # fmt: skip
def test_what_a_plan_owes_is_asked_where_it_is_missing(rule: str, old: str, new: str, line: str, message: str) -> None:
    errors = [(there, why) for severity, there, why in said(rule, replaced(old, new)) if severity == "error"]
    assert (line, message) in [(there, why[: len(message)]) for there, why in errors]


def test_an_item_that_nobody_can_tell_is_a_warning_beside_others_that_can() -> None:
    [(severity, line, message)] = said("criteria-measurable")
    assert (severity, line) == ("warning", "- Readers like it.")
    assert message == "nobody can tell whether this is met: 'Readers like it.'"


def test_without_a_codebase_everything_is_built() -> None:
    messages = [why for _, _, why in said("components-marked", code="")]
    assert messages == [
        "there is no codebase in which 'FastAPI' could be: nothing can be marked reuse",
        "there is no codebase in which 'Route of notes' could be: nothing can be marked modify",
    ]


def test_with_no_document_beside_it_nothing_is_said_of_research_that_may_be_there() -> None:
    assert said("decisions-researched", beside=()) == []


def test_a_phase_that_waits_for_a_later_one_is_told_to_be_numbered_anew() -> None:
    text = replaced("- Phase 1\n- A mailbox", "- Phase 3\n- A mailbox")
    assert [(severity, why) for severity, _, why in said("phases-ordered", text)] == [
        ("warning", "Phase 2 needs Phase 3, which comes after it")
    ]


def test_a_diagram_that_cannot_be_read_is_no_missing_diagram() -> None:
    assert [why for _, _, why in said("phases-drawn", replaced("    B --> D[Going live]", "    B -->|> ]["))] == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Phase 2", (2,)), ("Phases 1, 2 and 4", (1, 2, 4)), ("phases 1 to 3", (1, 2, 3)), ("Phases 2–4", (2, 3, 4)), ("Phase 1 and 3 servers", (1,)),
        ("Ground work is done", (1,)), ("phase out the old one", ()), ("Phases 1-999", (1, 999)),
    ],
)  # fmt: skip
def test_phases_are_known_by_number_and_by_name(text: str, numbers: tuple[int, ...]) -> None:
    assert named(text, phases(Document("plan.md", SOUND))) == numbers


def test_a_clause_that_says_the_opposite_names_no_prerequisite() -> None:
    found = phases(Document("plan.md", SOUND))
    assert [tuple(prerequisites(each, found)) for each in found] == [(), (1,), (1,), (2, 3)]


def test_a_phase_that_is_spoken_of_again_under_the_timeline_is_no_second_one() -> None:
    text = replaced(
        "### Development Timeline\n", "### Development Timeline\n\n#### Phase 1: Ground work\n\nTwo weeks.\n"
    )
    for rule in RULES:
        assert said(rule, text) == []


def test_an_arrow_to_a_phase_that_is_named_by_its_name_of_one_word_is_no_error() -> None:
    text = replaced("- Phases 2 and 3", "- Phase 2\n- Search")
    assert [why for _, _, why in said("phases-drawn", text)] == []


FINE = {
    "python": "from typing import Protocol\n\n\nclass Notes(Protocol):\n    \"\"\"Keeps notes.\n\n    if nothing is there, return none.\n    \"\"\"\n\n    def find(self, text: str, limit: int = 20) -> list[str]: ...\n    async def add(self, text: str) -> int:\n        raise NotImplementedError\n",
    "typescript": "interface Notes {\n  find(text: string, limit?: number): Promise<Note[]>;\n  readonly size: number;\n}\ntype Id = string | number;\n",
    "csharp": "public interface INotes\n{\n    Task<Note> FindAsync(string text, int limit = 20);\n}\npublic record Note(Guid Id, string Text);\n",
    "go": "type Notes interface {\n\tFind(ctx context.Context, text string) ([]Note, error)\n}\n",
    "java": "public interface Notes {\n    List<Note> find(String text);\n}\n",
    "json": '{\n  "text": "Milk",\n  "at": "2026-01-05"\n}\n',
    "yaml": "note:\n  text: Milk\n",
    "text": "app/\n  notes.py   return of notes\n  if you like: tests/\n",
    "gherkin": "Feature: Notes\n  Scenario: Add\n    Given a reader\n    When they add a note\n    Then it is there\n",
}  # fmt: skip
DONE = {
    "python": "def find(text):\n    return [each for each in NOTES if text in each]\n",
    "py": "for note in notes:\n    note.save()\n",
    "typescript": "const find = (text: string) => notes.filter((each) => each.includes(text));\n",
    "js": "async function add(text) {\n  await store.put(text);\n}\n",
    "csharp": "public int Add(string text)\n{\n    if (text.Length == 0) throw new ArgumentException();\n}\n",
    "go": "func Add(text string) error {\n\tif text == \"\" {\n\t\treturn ErrEmpty\n\t}\n}\n",
    "java": "int size() {\n    return notes.size();\n}\n",
    "ruby": "notes.each do |note|\n  puts note\n  return if note.nil?\nend\n",
    "sql": "CREATE TABLE notes (id bigint PRIMARY KEY);\n",
    "bash": "# set up\npip install fastapi\n",
    "dockerfile": "FROM python:3.13\n",
    "hcl": 'resource "aws_db_instance" "notes" {\n  engine = "postgres"\n}\n',
    "console": "$ make deploy\n",
    "yaml": "\n".join(f"key{number}: {number}" for number in range(15)) + "\n",
}  # fmt: skip


@pytest.mark.parametrize("lang", FINE)
def test_signatures_contracts_and_trees_are_no_implementation(lang: str) -> None:
    assert said("no-implementation", f"# Plan\n\n```{lang}\n{FINE[lang]}```\n") == []


@pytest.mark.parametrize("lang", DONE)
def test_bodies_statements_and_scripts_are_an_implementation(lang: str) -> None:
    found = said("no-implementation", f"# Plan\n\n```{lang}\n{DONE[lang]}```\n")
    assert [severity for severity, _, _ in found] == ["error"], found


@pytest.mark.parametrize(
    "text",
    [
        "# P\n\n## Implementation Phases\n\n" + "".join(f"### Phase {n}: Step {n}\n\n#### Dependencies\n\n- Phases 1 to {n - 1}\n\n" for n in range(1, 150)),
        "# P\n\n## Implementation Phases\n\n" + "".join(f"### Phase {n}: Step number {n}\n\n#### Dependencies\n\n- Phase {n - 1}\n\n" for n in range(1, 1000)),
        "# P\n\n### Phase 1: A\n\n#### Dependencies\n\n" + "phases 1, " * 20_000 + "\n\n#### Success Criteria\n\n- " + "a " * 100_000 + "\n",
        "# P\n\n```python\n" + "return " * 5_000 + "\n" + "if " * 5_000 + "\n" + "x." * 20_000 + "\n" + "/*" * 20_000 + "\n```\n",
    ],
)  # fmt: skip
def test_plans_of_any_size_are_read_in_a_moment(text: str) -> None:
    began = time.process_time()
    for rule in (
        "phases-ordered",
        "criteria-measurable",
        "components-marked",
        "no-implementation",
        "decisions-researched",
    ):
        said(rule, text)
    assert time.process_time() - began < 3


# ---- the author without a model --------------------------------------------------------------------------------------

BRIEF = (
    "# Notes\n\nUsers must be able to register and log in with a password.\n\nA user must be able to create a notebook with a name.\n\n"
    "A user must be able to write a note with a title and a text into a notebook.\n\nA user must be able to list the notes of a notebook within 300 ms.\n\n"
    "PostgreSQL is the database; the team writes Python.\n"
)
CODE = {
    "pyproject.toml": '[project]\nname = "notes"\nversion = "1"\ndependencies = ["fastapi>=0.115", "sqlalchemy>=2", "psycopg>=3", "pyjwt>=2.8"]\n',
    "app/auth.py": "import jwt\n\n\ndef caller(token: str) -> dict:\n    return jwt.decode(token, 'x', algorithms=['RS256'])\n",
    "app/main.py": "from fastapi import FastAPI\n\nfrom app.notes import router\n\napp = FastAPI()\napp.include_router(router)\n",
    "app/notes.py": 'from fastapi import APIRouter\n\nrouter = APIRouter(prefix="/notes")\n\n\n@router.get("")\ndef list_notes():\n    return []\n',
    "app/models.py": "from sqlalchemy import Column, Integer, String\nfrom sqlalchemy.orm import declarative_base\n\nBase = declarative_base()\n\n\nclass Note(Base):\n"
    '    __tablename__ = "notes"\n    id = Column(Integer, primary_key=True)\n    title = Column(String(100))\n',
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A whole run over a small codebase, by the author without a model."""
    place = tmp_path_factory.mktemp("planned")
    for name, text in CODE.items():
        (place / "code" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "code" / name).write_text(text)
    made = Order(
        BRIEF, "implementation-plan", "offline", place / "outputs", repo=str(place / "code"), headless=True
    ).run()[0]
    for notebook in made.recipe.notebooks:
        made.steps(notebook).consult("clean")
    return made


def planned(run: Run) -> Document:
    document = run.shelf.document("implementation-plan.md")
    assert document is not None
    return document


def test_a_plan_by_rule_passes_every_check(run: Run) -> None:
    assert [str(each) for step in run.phases for each in step.findings] == []
    assert all(step.own_gate.open for step in run.phases)


def test_what_the_codebase_has_is_modified_or_reused_at_its_line(run: Run) -> None:
    rows = {
        row[0]: row
        for table in planned(run).tables
        for row in table.rows
        if table.header[:2] == ("Component", "Change")
    }
    assert rows["Model Note"][1:3] == ("modify", "`app/models.py:7`")
    assert next(row for name, row in rows.items() if name.startswith("JWT"))[1:3] == ("modify", "`app/auth.py:1`")
    assert rows["Pipeline"][1] == "build"


def test_the_existing_system_is_shown_by_lines_of_the_codebase(run: Run) -> None:
    found = run.shelf.document(f"research/existing-system/{next(iter(run.topics))}.md")
    assert found is not None
    assert "`pyproject.toml:4`" in found.text
    assert "No codebase was given" not in found.text


def test_every_passage_that_asks_for_something_functional_is_in_a_criterion(run: Run) -> None:
    text = planned(run).text
    phases_ = text[text.index("## Implementation Phases") : text.index("## Resource Requirements")]
    assert all(f"[{name}]" in phases_ for name in run.sheet.now.passages["functional"])


def test_the_research_is_read_back_as_a_person_left_it() -> None:
    text = (
        "# S\n\n## Findings\n\n| Finding | Evidence |\n|---|---|\n| a | [P1] |\n\n## Options\n\n| Option | For | Against |\n|---|---|---|\n| Redis | x | y |\n| Headers | x | y |\n\n"
        "## Recommendation\n\nTake **Headers** first. Then see.\n\n## Confidence\n\nHigh: it was measured.\n"
    )
    [found] = read_back(
        (Document("docs/research/technology/caching.md", text), Document("requirements-summary.md", "# R\n"))
    )
    assert (found.area, found.topic, found.path) == ("technology", "caching", "research/technology/caching.md")
    assert (found.option, found.confidence, found.options, found.findings) == (
        "Headers",
        "high",
        ("Redis", "Headers"),
        1,
    )


def test_what_rests_on_each_other_is_put_in_an_order_without_a_circle() -> None:
    needs: Mapping[str, dict[str, str]] = {"a": {"b": "x"}, "b": {"a": "y"}, "c": {"a": "z"}}
    found = _acyclic(dict(needs))
    assert found in ({"a": {}, "b": {"a": "y"}, "c": {"a": "z"}}, {"a": {"b": "x"}, "b": {}, "c": {"a": "z"}})


def test_the_longest_chain_is_that_of_the_days_that_wait_for_each_other() -> None:
    rows = [
        Phase(1, "A"),
        Phase(2, "B", needs={1: ""}),
        Phase(3, "C", needs={1: ""}),
        Phase(4, "D", needs={2: "", 3: ""}),
    ]
    for phase, days in zip(rows, (2, 9, 3, 1), strict=True):
        phase.count("thing", 1, days)
    assert charts.chain(rows) == (12, (1, 2, 4))
    assert charts.begins("2026-11-23") == "2026-11-30"


ARCHITECTURE = """# Service Design

## API

```yaml
openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /notes:
    get:
      operationId: listNotes
      responses: {"200": {description: The notes.}}
  /notes/{noteId}/pins:
    put:
      operationId: pinNote
      summary: Pin a note.
      security: [{token: []}]
      x-sources: [P4]
      responses: {"204": {description: Pinned.}, "404": {description: There is no such note.}}
components:
  securitySchemes: {token: {type: http, scheme: bearer}}
```
"""


def test_the_operations_of_an_architecture_that_was_given_are_those_that_are_planned() -> None:
    brief = Brief(BRIEF)
    domains = (Domain(name="notes", about="Notes of users", passages=("P3", "P4", "P5")),)
    given = (Document("projects/notes/integration-architecture.md", ARCHITECTURE),)
    cut = Cut(Basis(Plan("Notes", read(brief, ()), "2026-11-22"), "backend-planner", given, domains=domains))
    found = {o.id: (o.method, o.path, o.entity, o.auth, [r.status for r in o.responses]) for o in cut.plan.operations}
    assert found["pinNote"] == ("PUT", "/notes/{noteId}/pins", "Note", "bearer", [204, 401, 404])
    assert set(found) == {"listNotes", "pinNote"}
    assert [[o.id for o in share.operations] for share in cut.shares] == [["listNotes", "pinNote"]]


# ---- what the codebase holds already ---------------------------------------------------------------------------------

SHOP = (
    "Stack\n- Framework: Django 4.2.11 (requirements.txt:1)\n- Infrastructure: Celery 5.3.6 (requirements.txt:4)\n"
    "Entry points\n- task notifications.tasks.send_order_mail (notifications/tasks.py:6)\n"
    "Routes\n- GET,POST /payments/ -> PaymentViewSet (payments/urls.py:6)\n- GET,POST /baskets/ -> BasketViewSet (baskets/urls.py:6)\n"
    "Models and tables\n- Basket: table baskets_basket; customer -> User, created_at (baskets/models.py:5)\n"
    "- OrderItem: table orders_orderitem; order -> Order, quantity (orders/models.py:12)\n"
    "- Order: table orders_order; customer -> User, status (orders/models.py:5)\n"
    "Public interfaces\n- StripeGateway.charge(order, token) (payments/gateway.py:11)\n"
)
RETURNS = (
    "# Returns\n\nOur web shop has baskets, orders and payments.\n\n**Customers** ask for returns of their orders.\n\n"
    "A customer must be able to request a return for an order with a reason.\n\n"
    "The quantity returned of an order item must never be more than the quantity ordered.\n\n"
    "The system must refund the payment through Stripe exactly once.\n\n"
    "A customer must be able to download a return label from DHL.\n\nThe customer must get an e-mail at each change.\n"
)


def basis(
    topic: str, passages: tuple[str, ...], classes: Mapping[str, str], seat: str = "functionality-analyzer"
) -> Basis:
    """What a session on ``topic`` is written from, over a shop that is there."""
    brief = Brief(RETURNS)
    texts = {each.id: each.text for each in brief.passages}
    stack = {
        ".": {
            "Framework": "Django 4.2.11 (requirements.txt:1)",
            "Infrastructure": "Celery 5.3.6 (requirements.txt:4, notifications/tasks.py:1)",
        }
    }
    topics = (Topic(name=topic, why="what it hangs on", passages=passages), Topic(name="another", why="something else"))
    plan = Plan("Returns", read(brief, ()), "2026-11-22", stack=stack)
    domains = (
        Domain(name="returns", about="request a return", passages=("P4",)),
        Domain(name="customers", about="labels", passages=("P7",)),
    )
    return Basis(
        plan, seat, (), topics=topics, topic=topic, codebase=SHOP, passages=texts, classes=classes, domains=domains
    )


def test_an_actor_that_a_model_refers_to_is_no_evidence_for_a_topic() -> None:
    text = existing.write(basis("dhl-api", ("P7",), {"P7": "functional"})).text()
    assert "Build the DHL client beside what is there" in text
    assert "baskets/models.py" not in text


def test_a_passage_that_only_tells_the_context_is_no_evidence_for_a_topic() -> None:
    text = existing.write(basis("background-jobs", ("P2",), {"P2": "context"})).text()
    assert "/baskets/" not in text
    assert "`requirements.txt:4`, `notifications/tasks.py:1`" in text
    assert "task notifications.tasks.send_order_mail" in text


def test_a_technology_is_shown_by_its_own_lines_though_another_begins_at_the_same() -> None:
    given = basis("another", (), {})
    given.plan.stack["."]["Auth"] = "JWT (requirements.txt:4, shop/auth.py:9)"  # type: ignore[index]
    assert _places(given, There("Stack", "Auth: JWT", "requirements.txt:4")) == ["requirements.txt:4", "shop/auth.py:9"]


def test_what_runs_here_already_is_recommended_before_something_beside_it() -> None:
    text = technology.write(basis("background-jobs", ("P4",), {"P4": "functional"}, "tech-research-advisor")).text()
    assert "**Celery 5.3.6, which is in use already**: it runs here today `requirements.txt:4`" in text
    assert "Medium: that it is in use is seen" in text


def test_what_calls_a_system_already_is_found_by_its_name() -> None:
    assert client("Stripe", SHOP) == There(
        "Public interfaces", "StripeGateway.charge(order, token)", "payments/gateway.py:11"
    )
    assert client("email provider", SHOP) == There(
        "Entry points", "task notifications.tasks.send_order_mail", "notifications/tasks.py:6"
    )
    assert client("DHL", SHOP) is None


def test_the_models_a_sentence_speaks_of_are_those_it_names() -> None:
    assert list(spoken(SHOP, "In order to send it back, the quantity of an order item must not be more.")) == [
        ("OrderItem", "orders/models.py:12"), ("Order", "orders/models.py:5")
    ]  # fmt: skip
    assert list(spoken(SHOP, "In order to do so, orderly.")) == []


def test_what_asks_for_something_and_belongs_to_no_domain_is_planned_with_the_nearest() -> None:
    given = basis("another", (), dict.fromkeys(("P4", "P5", "P6", "P7"), "functional"), "backend-planner")
    [returns, customers] = Cut(given).shares
    assert "P5" in returns.domain.passages
    assert {*returns.domain.passages, *customers.domain.passages} >= {"P4", "P5", "P6", "P7"}


def test_what_binds_the_whole_is_a_criterion_of_the_release() -> None:
    given = basis("another", (), {"P4": "functional", "P5": "constraint", "P6": "quality"}, "backend-planner")
    assert any(
        "2 passages that bind the whole" in said and "[P5] [P6]" in said for said in phased(Cut(given))[-1].criteria
    )


def test_what_is_there_is_modified_or_reused_and_not_set_up_again() -> None:
    given = basis("another", (), dict.fromkeys(("P4", "P5", "P6", "P7", "P8"), "functional"), "backend-planner")
    given.plan.stack["."]["Tests"] = "pytest (requirements.txt:8)"  # type: ignore[index]
    found = phased(Cut(given))
    rows = {each.name: (each.change, each.where) for phase in found for each in phase.changes}
    assert rows["Model OrderItem"] == ("reuse", "`orders/models.py:12`")
    assert rows["Stripe client"] == ("modify", "`payments/gateway.py:11`")
    assert rows["DHL client"] == ("build", "new")
    assert "The service that is there is built" in found[0].objectives[0]
    assert "every test of today passes" in found[0].criteria[0]


def test_a_milestone_shows_what_was_asked_and_not_what_goes_wrong_elsewhere() -> None:
    phase = Phase(3, "Payments", Domain(name="payments", about="x"))
    phase.criteria = [
        "Every recorded error of Stripe becomes a refusal of ours.",
        "The passage that asks for something here has a test.",
    ]
    assert _telling(phase) == phase.criteria[1]
    last = Phase(4, "Release")
    last.criteria = ["100 seats: seen.", "All tests of the earlier phases pass on exactly the build that is released."]
    assert _telling(last) == last.criteria[1]


@pytest.mark.parametrize(
    ("said", "is_a", "shown"),
    [("Booking more than 100 seats must be approved.", "limit", "kept in a test at its edge"), ("There are up to 200 booking requests per second.", "load", "carried for 30 minutes in a load test"),
     ("It must answer within 1 second.", "answer time", "kept by every request of a load test"),
     ("It must answer within 300 ms for 95 % of requests.", "answer time", "seen at the named share of requests in a load test"),
     ("It holds more than 40,000 records.", "volume", "the size of the generated data that the tests of this phase run on")],
)  # fmt: skip
def test_a_figure_is_measured_as_what_it_is(said: str, is_a: str, shown: str) -> None:
    reading = read(Brief(f"# Rooms\n\n{said}\n"), ())
    [found] = grouped(reading, ("P2",), is_a != "limit")
    assert (found.kind, found.shown) == (is_a, shown)


@pytest.mark.parametrize(("topic", "spelled"), [("dhl-api", "DHL API"), ("another", "another")])
def test_names_in_a_topic_are_written_as_the_brief_writes_them(topic: str, spelled: str) -> None:
    assert Scope.of(basis(topic, ("P7",), {})).said == spelled


def test_full_text_is_answered_by_a_full_text_index_and_saml_by_what_reads_saml() -> None:
    given = basis("search-engine-or-database", ("P4",), {}, "tech-research-advisor")
    asked = replace(given, passages={"P4": "A clerk must be able to search the full text of documents."})
    assert "**The full-text index of" in technology.write(asked).text()
    assert "**Indexes of" in technology.write(given).text()
    assert kind("saml").mark.startswith("sign-") and "SAML" in kind("saml").ways[0].name
