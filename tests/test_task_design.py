"""What a task plan owes its design is read off the documents as they stand, and nothing of it may be dropped or made up."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from planning_kit.checks import examine
from planning_kit.checks.about import About
from planning_kit.checks.tasks.design import LONGEST, design
from planning_kit.document import Document, Finding
from planning_kit.tasks.built import build
from planning_kit.tasks.model import Architecture
from planning_kit.tasks.sketch import Sketch

from .some_tasks import maker

OPENAPI = """```yaml
openapi: 3.1.0
info: {title: Orders, version: 1.0.0}
security: [{token: []}]
paths:
  /orders:
    post:
      operationId: createOrder
      summary: Place an order
      responses: {'201': {description: Created}}
    get:
      operationId: listOrders
      description: All orders. Newest first.
      security: []
      responses: {'200': {description: The orders}}
  /orders/{order_id}:
    get:
      operationId: readOrder
      parameters: [{name: order_id, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: The order}}
components: {securitySchemes: {token: {type: http, scheme: bearer}}}
```
"""
ER = """```mermaid
erDiagram
    "orders" {
        uuid id PK
        string status
        string code UK
        uuid customer_id FK
    }
    "customers" {
        uuid id PK
    }
```
"""
LEVELS = """## Service levels

| Indicator | Objective | Window |
|---|---|---|
| Answer time of `listOrders` | 95 % within 300 ms (assumed) | 30 days |
"""
ARCHITECTURE = Document(
    "integration-architecture.md", f"# Orders\n\n## OpenAPI\n\n{OPENAPI}\n## Data model\n\n{ER}\n{LEVELS}"
)
DDL = Document(
    "05-data-model.md",
    "# Data model\n\n## Tables\n\n### orders\n\nKeeps what was bought. [P2]\n\n## DDL\n\n```sql\nCREATE TABLE customers (id uuid PRIMARY KEY, email text NOT NULL UNIQUE);\n"
    "CREATE TABLE orders (\n    placed timestamptz NOT NULL,\n    note text,\n    status text NOT NULL,\n    id uuid PRIMARY KEY,\n"
    "    customer_id uuid NOT NULL REFERENCES customers (id)\n);\n```\n",
)
SECURITY = Document(
    "07-security-requirements.md",
    "# Security\n\n## Threat model\n\n| Threat | STRIDE | Element | Risk | Mitigation |\n|---|---|---|---|---|\n"
    "| Somebody places `orders` for another customer | Spoofing | `POST /orders` | high | check the owner |\n"
    f"| {'A very long threat that goes on ' * 6}to its end | Tampering | all | low | sign it |\n",
)
REQUIREMENTS = Document(
    "requirements.md",
    "# Requirements\n\n## Functional requirements\n\n| ID | Requirement | Source |\n|---|---|---|\n| FR-ORD-01 | The system shall take orders. | [P1] |\n| FR-ORD-02 | The system shall list orders. | [P2] |\n",
)
EVERY = (ARCHITECTURE, DDL, SECURITY, REQUIREMENTS)
NAMES = {
    "operations": ["POST /orders", "GET /orders", "GET /orders/{order_id}"],
    "tables": ["customers", "orders"],
    "service_levels": ["Answer time of listOrders: 95 % within 300 ms"],
    "requirements": ["FR-ORD-01", "FR-ORD-02"],
}


def plan(**delivers: list[str]) -> dict[str, Any]:
    """The plan of one maker that delivers everything, or what is said."""
    decided = design(EVERY)
    names = {**NAMES, "mitigations": [each.name for each in decided.mitigations], **delivers}
    sketch = {"summary": "Orders", "services": [], "external_integrations": [], "makers": [maker("orders", "Build orders", delivers=names)]}  # fmt: skip
    architecture = Architecture(
        summary="Orders", endpoints=list(decided.endpoints), data_models=list(decided.data_models), services=[], external_integrations=[],
    )  # fmt: skip
    made: dict[str, Any] = json.loads(build(Sketch.read(json.dumps(sketch)), architecture, "Orders").text)
    return made


def found(value: dict[str, Any], *documents: Document, **about: Any) -> list[Finding]:
    """What the check says of a plan beside ``documents``."""
    document = Document("task-plan.json", json.dumps(value, indent=2))
    examined = examine(document, About(checks=("plan-delivered",), beside=documents or EVERY, **about))
    return [each for each in examined.findings if each.rule == "delivers-the-design"]


def test_operations_are_those_of_the_contract_with_purpose_and_who_may_call() -> None:
    said = [(each.name, each.purpose, each.auth) for each in design(EVERY).endpoints]
    assert said == [
        ("POST /orders", "Place an order", "required"),
        ("GET /orders", "All orders.", "public"),
        ("GET /orders/{order_id}", "readOrder", "required"),
    ]
    assert design(EVERY).operations[0].line == ARCHITECTURE.text[: ARCHITECTURE.text.index("    post:")].count("\n") + 1


def test_the_architecture_has_the_last_word_on_operations_and_an_earlier_runs_one_does_not_count() -> None:
    other = Document("requirements/api-spec.md", ARCHITECTURE.text.replace("/orders", "/elsewhere"))
    earlier = Document("earlier/integration-architecture.md", ARCHITECTURE.text.replace("/orders", "/before"))
    assert [each.name for each in design((earlier, other, *EVERY)).operations] == NAMES["operations"]


def test_tables_are_those_of_the_ddl_each_once_and_those_drawn_without_one() -> None:
    orders = next(each for each in design(EVERY).data_models if each.table == "orders")
    assert (orders.name, orders.purpose) == ("Order", "Keeps what was bought")
    assert orders.key_fields == ["id", "customer_id", "status", "placed", "note"]
    drawn = design((ARCHITECTURE,))
    assert [each.name for each in drawn.tables] == ["orders", "customers"]
    assert drawn.data_models[0].key_fields == ["id", "customer_id", "code", "status"]
    assert ARCHITECTURE.line(drawn.tables[0].line).strip().startswith('"orders"')


def test_threats_and_levels_have_short_names_of_their_own_and_an_edit_counts() -> None:
    decided = design(EVERY)
    assert decided.mitigations[0].name == "Somebody places orders for another customer"
    assert len(decided.mitigations[1].name) <= LONGEST + 1 and decided.mitigations[1].name.endswith("…")
    assert [each.name for each in decided.service_levels] == NAMES["service_levels"]
    edited = Document(ARCHITECTURE.name, ARCHITECTURE.text.replace("300 ms", "200 ms"))
    assert design((edited,)).service_levels[0].name.endswith("within 200 ms")
    numbered = Document(SECURITY.name, "| ID | Threat | STRIDE | Mitigation |\n|---|---|---|---|\n| T-07 | Theft | Spoofing | lock it |\n")  # fmt: skip
    assert [each.name for each in design((numbered,)).mitigations] == ["T-07"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "```yaml\nopenapi: [\n```",
        "```yaml\nopenapi: 3.1.0\npaths: {/a: {get: 7}, b: [], /c: {post: {summary: [1]}}}\n```",
        "```mermaid\nerDiagram\n  ???\n```",
        "```sql\nCREATE TABLE (\n```",
        "## Service levels\n\n| Indicator | Objective |\n|---|---|\n| | |\n",
        "| Threat | STRIDE | Mitigation |\n|---|---|---|\n",
        '{"tasks": [], "architecture": 7}',
        "\0\ud800",
    ],
)
@pytest.mark.parametrize("name", ["integration-architecture.md", "05-data-model.md", "07-security-requirements.md"])
def test_no_document_of_a_stranger_makes_it_fail(name: str, text: str) -> None:
    decided = design((Document(name, text),))
    assert len(decided.endpoints) == len(decided.operations) <= 1


def test_what_was_read_once_is_not_read_again() -> None:
    design(EVERY)
    began = time.perf_counter()
    for _ in range(200):
        design(EVERY)
    assert time.perf_counter() - began < 0.2


def test_a_plan_that_delivers_everything_is_silent_and_so_is_one_with_nothing_beside_it() -> None:
    assert found(plan()) == []
    assert found(plan(operations=[]), Document("notes.md", "# Notes\n")) == []


def test_names_may_be_written_with_marks_spaces_and_other_letters() -> None:
    told = plan(
        operations=["`POST` `/orders`", "get  /orders/", "GET /orders/{id}"],
        tables=["Order", "CUSTOMERS"],
        mitigations=["`Somebody places orders for another customer` ", "A very long threat that goes on " * 6 + "to its end"],
        service_levels=["answer time of `listOrders`"],
    )  # fmt: skip
    assert found(told) == []


def lacking() -> Iterator[tuple[dict[str, list[str]], str]]:
    yield (
        {"operations": ["POST /orders", "GET /orders"]},
        "the operation 'GET /orders/{order_id}' (integration-architecture.md:",
    )
    yield {"tables": ["orders"]}, "the table 'customers' (05-data-model.md:"
    yield {"mitigations": []}, "the threat 'Somebody places orders for another customer' (07-security-requirements.md:7"
    yield {"service_levels": []}, "the service level 'Answer time of listOrders"


@pytest.mark.parametrize(("delivers", "said"), list(lacking()))
def test_what_is_decided_and_delivered_by_no_task_is_an_error_that_names_where_it_is_decided(delivers: dict[str, list[str]], said: str) -> None:  # fmt: skip
    errors = [each for each in found(plan(**delivers)) if each.severity == "error"]
    assert errors and said in errors[0].message and errors[0].line


def test_what_is_delivered_and_decided_nowhere_is_an_error_with_its_json_path_and_the_nearest_name() -> None:
    told = found(plan(operations=[*NAMES["operations"], "POST /order"], requirements=["FR-ORD-01", "FR-ORD-02", "FR-ORD-09", "P4"]), passages=frozenset({"P1"}))  # fmt: skip
    assert [each.severity for each in told] == ["error"] * 3
    requirement, passage, operation = sorted(told, key=lambda each: "$.tasks[0].delivers.operations[3]" in each.message)
    assert (
        operation.hint == "write 'POST /orders'"
        and "no document decides the operation 'POST /order'" in operation.message
    )
    assert "there is no requirement FR-ORD-09" in requirement.message
    assert "there is no passage of the brief P4" in passage.message


def test_a_functional_requirement_that_no_maker_names_is_a_warning() -> None:
    (warning,) = found(plan(requirements=["FR-ORD-01"]))
    assert warning.severity == "warning" and "FR-ORD-02 (requirements.md:" in warning.message


def test_the_plans_own_architecture_holds_what_the_documents_decide_and_nothing_else() -> None:
    edited = plan()
    edited["architecture"]["endpoints"][0]["auth"] = "public"
    edited["architecture"]["endpoints"][1]["path"] = "/invented"
    edited["architecture"]["data_models"].pop()
    said = [each.message for each in found(edited)]
    assert any("POST /orders is 'public' here and 'required' in integration-architecture.md" in each for each in said)
    assert any("no document has the operation 'GET /invented'" in each for each in said)
    assert any("$.architecture.endpoints: lacks the operation GET /orders" in each for each in said)
    assert any("$.architecture.data_models: lacks the table" in each for each in said)


def test_a_plan_in_the_bare_shape_is_told_once_that_it_says_nothing_of_the_documents() -> None:
    bare = plan()
    for task in bare["tasks"]:
        task.pop("delivers", None)
    assert [each.message for each in found(bare)] == ["$.tasks: no task says what it delivers of the documents"]


ASIDE = Document(
    "05-data-model.md",
    "# Data\n\n## DDL\n\n```sql\nCREATE TABLE orders (id uuid PRIMARY KEY);\nCREATE TEMP TABLE moved (id uuid);\n```\n\n### alternatives\n\n"
    "```sql\nCREATE TABLE alternatives (id uuid PRIMARY KEY);\n```\n\n## Alternatives rejected\n\n```sql\nCREATE TABLE orders_as_json (id uuid PRIMARY KEY);\n```\n",
)
NOTHING = Document(
    "07-security-requirements.md",
    "# Security\n\n| Threat | STRIDE | Mitigation |\n|---|---|---|\n| none | - | - |\n| — | — | — |\n| somebody floods us | D | accepted: nobody pays for it |\n"
    "| somebody guesses | S | — |\n| somebody listens | I | TLS |\n",
)


def test_what_is_rejected_temporary_accepted_or_not_there_is_owed_by_nobody() -> None:
    empty = Document("integration-architecture.md", "# A\n\n## Service levels\n\n| SLI | SLO |\n|---|---|\n| none | n/a |\n| — | — |\n")  # fmt: skip
    decided = design((ASIDE, NOTHING, empty))
    assert [each.name for each in decided.tables] == ["orders", "alternatives"]
    assert [each.name for each in decided.mitigations] == ["somebody listens"]
    assert decided.service_levels == ()
    shown = Document("shop/research/technology/x.md", "# X\n\n```sql\nCREATE TABLE shown (id uuid PRIMARY KEY);\n```\n")  # fmt: skip
    assert design((shown,)).tables == ()
