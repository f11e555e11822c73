"""Test specifications: what the checks ask of them, that nothing is said of sound ones, and what the offline author writes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from planning_kit.brief import Brief
from planning_kit.catalog import Catalog
from planning_kit.checks import check
from planning_kit.checks.about import About
from planning_kit.checks.service.tested import EVIDENCE
from planning_kit.document import Document
from planning_kit.offline.reading import read
from planning_kit.offline.writing import openapi
from planning_kit.offline.writing.basis import Basis
from planning_kit.offline.writing.plan import Plan
from planning_kit.offline.writing.service import tested

CONTRACT = "covers-its-operations"
KINDS = "tests-in-four-ways"
LOAD = "sets-load-thresholds"
EXAMPLES = "shows-tests-that-run"
OWN = {CONTRACT, KINDS, LOAD, EXAMPLES}
NAMED = ("contract-tests", "test-kinds", "load-thresholds", "pytest-examples")
ARCHITECTURE = Document(
    "design/agents/system-architect/orders-1/integration-architecture.md",
    """# Architecture

## OpenAPI

```yaml
openapi: 3.1.0
info: {title: Orders, version: "1"}
servers: [{url: "https://api.example.com/v1"}]
paths:
  /orders:
    get:
      operationId: listOrders
      responses: {"200": {description: the orders}, "400": {description: not valid}, default: {description: anything}}
    post:
      operationId: createOrder
      requestBody: {content: {application/json: {schema: {type: object, required: [item], properties: {item: {type: string}}}}}}
      responses: {"201": {description: created}, "400": {description: not valid}, "409": {description: there already}}
  /orders/{order_id}:
    parameters: [{name: order_id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: getOrder
      responses: {"200": {description: the order}, "404": {description: none}, 5XX: {description: failed}}
```

## Storage

| Store | Holds | Chosen because | Rejected alternative |
|---|---|---|---|
| MongoDB | orders | it is there | PostgreSQL |
| Redis | a cache of orders | reads are many | no cache |

## Reliability

| Concern | Approach | Limit | Source |
|---|---|---|---|
| Retries | three tries | 3 | [P1] |
| Outbox | a collection beside the orders | 1 s | [P1] |
| Inbox | not needed: nothing is received | - | [P1] |

## Service levels

| Indicator | Objective | Window | Source |
|---|---|---|---|
| Latency of `GET /orders` | 95 % within 250 ms | 30 days | [P1] |
| Availability | 99.95 % | 30 days | [P1] |
""",
)
GOOD = """# Test Specifications

## Contract tests

| Operation | Success | Errors | Checks |
|---|---|---|---|
| `GET /orders` | 200 | 400 | schema |
| `POST /v1/orders` (createOrder) | 201 | 400, 409 | schema, `Location` |
| `GET /orders/{id}` | 200 | 404, 500/503 | schema |

## Integration tests

| Test | With | Given | When | Then |
|---|---|---|---|---|
| Kept | MongoDB | nothing | `POST /orders` | it is there |

## Load tests

| Scenario | Operation | Load | Baseline | Threshold |
|---|---|---|---|---|
| Rush hour | `GET /orders` | 50 rps for 10 min | p95 120 ms | p95 ≤ 250 ms, errors < 0.1 % |
| Buying | createOrder | 200 concurrent users | none yet | 99 % under 1 s |

## Security tests

| Test | Operation | Attack | Expected |
|---|---|---|---|
| No sign-in | `POST /orders` | no token | 401 |

## Examples

```python
import pytest

BASE = "/v1"


def expect_problem(response, status):
    assert response.status_code == status


def test_orders_are_listed(client):
    response = client.get("/orders", params={"limit": 1})
    assert response.status_code == 200


@pytest.mark.parametrize("order_id", ["a", "b"])
async def test_an_order_is_read(async_client, order_id):
    response = await async_client.get(f"{BASE}/orders/{order_id}")
    expect_problem(response, 404)


class TestCreate:
    def test_a_bad_body_is_refused(self, client):
        with pytest.raises(ValueError):
            client.post(url="https://api.example.com/v1/orders?dry=1", json={})

    def test_the_bank_is_asked(self, client, bank_mock):
        bank_mock.post("/charges").respond(503)
        assert client.request("POST", "/orders", json={}).status_code == 503

    def test_what_is_not_there_is_not_found(self, client):
        assert client.get("/orderz/9/9").status_code == 404
```
"""


def found(text: str, *beside: Document) -> list[tuple[str, str, int, str]]:
    """Severity, rule, line and message of what the rules of this file say."""
    about = About(plan=False, checks=NAMED, beside=beside or (ARCHITECTURE,))
    said = check(Document("design/agents/api-backend-tester/orders-1/test-specifications.md", text), about)
    return [(each.severity, each.rule, each.line, each.message) for each in said if each.rule in OWN]


def line(text: str, part: str) -> int:
    """The line ``part`` begins on."""
    return text[: text.index(part)].count("\n") + 1


AT_A_PATH = """import os

import requests

BASE = os.environ["BASE_URL"]
ORDERS = BASE + "/orders"


def the_order(api):
    return api.post(ORDERS, json={"item": "x"}).json()


def test_an_order_is_read(api):
    order = the_order(api)
    url = "{}/{}".format(ORDERS, order["id"])
    assert api.get(url).status_code == 200
    assert api.get(f"{ORDERS}/{order['id']}").status_code == 200
    assert api.get(place_of(order) + "/orders").status_code == 200
"""


def shown(code: str, contract: str = "") -> list[tuple[str, str]]:
    """Severity and message of what is said of these examples."""
    text = GOOD[: GOOD.index("```python")] + f"```python\n{code}```\n"
    beside = Document(ARCHITECTURE.name, ARCHITECTURE.text.replace("https://api.example.com/v1", "/").replace("  /orders", f"  {contract}/orders"))  # fmt: skip
    return [(severity, said) for severity, rule, _, said in found(text, beside) if rule == EXAMPLES]


def test_paths_that_are_put_together_from_names_are_read() -> None:
    assert shown(AT_A_PATH) == []
    assert shown(AT_A_PATH.replace('f"{ORDERS}/', 'f"{ORDERS}/lines/')) == [
        ("error", "GET /orders/lines/{} is not an operation of the OpenAPI document")
    ]


def test_what_a_helper_calls_has_to_be_there_too() -> None:
    assert shown(AT_A_PATH.replace("api.post(ORDERS,", 'api.post(ORDERS + "/new/now",')) == [
        ("error", "POST /orders/new/now is not an operation of the OpenAPI document")
    ]


def test_a_base_address_may_hold_the_version() -> None:
    based = AT_A_PATH.replace('os.environ["BASE_URL"]', '"http://localhost:8000/v1"')
    assert shown(based, "/v1") == []
    bare = 'def test_orders(client):\n    assert client.get("/orders").status_code == 200\n'
    assert shown(bare) == []
    missing = "GET /orders is not an operation of the OpenAPI document"
    assert ("warning", missing) in shown(bare, "/v1")
    told = 'client = Client(base_url="http://localhost/v1")\n\n\n'
    assert shown(told + bare, "/v1") == []


def test_an_amount_in_a_row_is_no_status() -> None:
    text = GOOD.replace("| `GET /orders` | 200 | 400 | schema |", "| `GET /orders` | 200 within 250 ms, 256 kB | 400 | schema |")  # fmt: skip
    assert text != GOOD
    assert found(text) == []


def test_a_load_test_with_figures_and_a_dash_for_its_operation_names_none() -> None:
    said = found(GOOD.replace("| Rush hour | `GET /orders` |", "| Rush hour | – |"))
    assert [(each[0], each[3]) for each in said] == [("error", "the load test 'Rush hour' names no operation")]


def test_names_that_grow_and_trees_that_are_deep_are_read_in_a_moment() -> None:
    began = time.process_time()
    for code in (
        "x0 = '/a'\n" + "".join(f"x{n + 1} = x{n} + x{n}\n" for n in range(2_000)) + "def test_a(client):\n    client.get(x1999)\n    assert 1\n",
        "x1 = '/abc'\nu = f'" + "{x1}" * 20_000 + "'\ndef test_a(client):\n    client.get(u)\n    assert 1\n",
        "u = 'a'" + "+'b'" * 20_000 + "\ndef test_a(client):\n    client.get(u)\n    assert 1\n",
    ):  # fmt: skip
        shown(code)
    assert time.process_time() - began < 5


def test_a_sound_document_raises_no_alarm() -> None:
    assert found(GOOD) == []


def test_nothing_is_said_of_agreement_with_nothing_beside() -> None:
    other = GOOD.replace("/orders", "/things")
    assert found(other, Document("notes.md", "# Notes\n")) == []


def test_an_operation_may_have_a_row_for_each_answer() -> None:
    rows = (
        "| `POST /orders` | 201 | | schema |\n| `POST /orders` | | 400 | no item |\n| createOrder | | 4XX | twice |\n"
    )
    text = GOOD.replace("| `POST /v1/orders` (createOrder) | 201 | 400, 409 | schema, `Location` |\n", rows)
    assert found(text) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "severity", "rule", "message"),
    [
        ("| `GET /orders` | 200 | 400 | schema |\n", "", "## Contract", "error", CONTRACT, "GET /orders has no contract test"),
        ("400, 409 |", "400 |", "| `POST /v1", "error", CONTRACT, "the contract tests of POST /orders leave out 409"),
        ("| 404, 500/503 |", "| 404 |", "| `GET /orders/{id}`", "error", CONTRACT, "the contract tests of GET /orders/{order_id} leave out 5XX"),
        ("| `GET /orders` | 200 |", "| `GET /orders` | 200, 202 |", "| `GET /orders` | 200", "", "", ""),
        ("| 201 | 400, 409 |", "| 201, 204 | 400, 409 |", "| `POST /v1", "error", CONTRACT, "204 is tested here, which the OpenAPI document does not declare for this operation"),
        ("| 201 | 400, 409 |", "| 201 | 400, 409, 410, 429 |", "| `POST /v1", "warning", CONTRACT, "410 is tested here, which the OpenAPI document does not declare for this operation"),
        ("| Kept | MongoDB | nothing | `POST /orders` | it is there |\n", "", "## Integration", "error", KINDS, "no integration test is specified under 'Integration tests'"),
        ("| Kept | MongoDB |", "| none | - |", "## Integration", "error", KINDS, "no integration test is specified under 'Integration tests'"),
        ("| No sign-in | `POST /orders` | no token | 401 |\n", "", "## Security", "error", KINDS, "no security test is specified under 'Security tests'"),
        ("50 rps for 10 min", "heavy traffic", "| Rush hour", "error", LOAD, "the load of the load test 'Rush hour' is no number with a unit"),
        ("p95 ≤ 250 ms, errors < 0.1 %", "p95 as in the brief", "| Rush hour", "error", LOAD, "the threshold of the load test 'Rush hour' is no number with a unit"),
        ("99 % under 1 s", "200", "| Buying", "error", LOAD, "the threshold of the load test 'Buying' is no number with a unit"),
        ("| createOrder | 200 con", "| everything | 200 con", "| Buying", "error", LOAD, "the load test 'Buying' names no operation"),
        ("| createOrder | 200 con", "| `POST /order` | 200 con", "| Buying", "error", LOAD, "POST /order is not an operation of the OpenAPI document"),
        ('client.get("/orders", p', 'client.get("/orders/open/all", p', '    response = client.get("/orders', "error", EXAMPLES, "GET /orders/open/all is not an operation of the OpenAPI document"),
        ('client.get("/orders", p', 'client.put("/orders", p', '    response = client.get("/orders', "error", EXAMPLES, "PUT /orders is not an operation of the OpenAPI document"),
        ('client.get("/orders", p', 'client.post("/oauth/token", p', '    response = client.get("/orders', "warning", EXAMPLES, "POST /oauth/token is not an operation of the OpenAPI document"),
        ("    assert response.status_code == 200\n", "", "def test_orders_are_listed", "error", EXAMPLES, "test_orders_are_listed asserts nothing"),
        ("    expect_problem(response, 404)\n", "    ponder(response)\n", "async def test_an_order", "warning", EXAMPLES, "test_an_order_is_read asserts nothing"),
    ],
)  # fmt: skip
def test_what_breaks_one_rule_is_told_there_and_nothing_else(old: str, new: str, at: str, severity: str, rule: str, message: str) -> None:  # fmt: skip
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    assert found(text) == ([(severity, rule, line(GOOD, at), message)] if message else [])


@pytest.mark.parametrize("kind", ["Contract", "Integration", "Load", "Security"])
def test_a_kind_of_test_that_is_missing_is_told(kind: str) -> None:
    text = GOOD.replace(f"## {kind} tests", f"## {kind} ideas")
    assert ("error", KINDS, 0, f"there are no {kind.lower()} tests") in found(text)


def test_examples_without_a_test_function_are_told() -> None:
    text = GOOD[: GOOD.index("```python")] + "```python\nclient.get('/orders')\n```\n"
    first = ("error", EXAMPLES, line(text, "## Examples"), "the examples hold no pytest function that can be read")
    assert found(text) == [first]


def test_a_contract_without_operations_asks_for_no_tests_of_any() -> None:
    bare = Document("x/integration-architecture.md", "# A\n\n```yaml\nopenapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n```\n")  # fmt: skip
    text = "# T\n\n" + "\n\n".join(f"## {kind} tests\n\nNone yet." for kind in ("Contract", "Integration", "Load", "Security"))  # fmt: skip
    assert found(text, bare) == []


def test_the_architecture_has_the_last_word_over_an_earlier_runs_contract() -> None:
    earlier = Document("earlier/api-spec.md", ARCHITECTURE.text.replace("/orders", "/carts").replace("Orders", "Carts"))
    assert found(GOOD, earlier, ARCHITECTURE) == []


def test_the_evidence_names_each_kind_with_its_line() -> None:
    assert list(EVIDENCE["test-kinds"](Document("t.md", GOOD))) == [
        ("contract: 3 operations", line(GOOD, "| `GET /orders` | 200")),
        ("integration: 1 test", line(GOOD, "| Kept")),
        ("load: 2 scenarios", line(GOOD, "| Rush hour")),
        ("security: 1 test", line(GOOD, "| No sign-in")),
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "| `GET /orders` | " + "2" * 50_000 + " | 400 | x |\n",
        "| `" + "GET /" * 20_000 + "` | 200 | 400 | x |\n",
        "| `GET /orders` | " + "200, " * 20_000 + " | 400 | x |\n",
    ],
)
def test_hostile_cells_take_no_time(hostile: str) -> None:
    text = GOOD.replace("| `GET /orders` | 200 | 400 | schema |\n", hostile)
    begun = time.process_time()
    found(text)
    assert time.process_time() - begun < 5


def test_hostile_examples_end_as_examples_that_cannot_be_read() -> None:
    text = GOOD[: GOOD.index("```python")] + "```python\n" + "def test_x():\n    return " + "(" * 5_000 + ")" * 5_000 + "\n```\n"  # fmt: skip
    assert [each[3] for each in found(text) if each[1] == EXAMPLES] == ["the examples hold no pytest function that can be read"]  # fmt: skip


def basis(text: str, *documents: Document, **options: str) -> Basis:
    """What a writer is given for a brief."""
    plan = Plan(text.splitlines()[0].strip("# "), read(Brief(text)), "2026-11-22")
    made = Document("d/integration-architecture.md", f"# A\n\n## OpenAPI\n\n```yaml\n{openapi.dump(openapi.write(plan)[1])}```\n")  # fmt: skip
    return Basis(plan, "api-backend-tester", documents or (made,), {"ci": "azure", **options})


SAMPLE = Path(__file__).parent.parent / "planning_kit" / "samples" / "clinic-appointments.md"
BRIEFS = [SAMPLE.read_text(encoding="utf-8"), "A URL shortener with click statistics", "Something nobody has thought about"]  # fmt: skip


@pytest.mark.parametrize("text", BRIEFS, ids=["clinic", "one line", "nothing"])
def test_what_the_offline_author_writes_passes_every_check(text: str) -> None:
    ground = basis(text)
    consultant = Catalog.read().consultants["api-backend-tester"]
    written = tested.write(ground).text()
    about = About(plan=False, checks=consultant.checks, sections=consultant.sections, beside=ground.documents)
    said = check(Document("d/test-specifications.md", written), about)
    assert [str(each) for each in said] == []


def test_the_author_tests_what_the_architecture_has_and_nothing_else() -> None:
    written = tested.write(basis("# Orders\n\nCustomers order things.", ARCHITECTURE)).text()
    assert "| Written and sent together | outbox |" in written
    assert "Received twice" not in written
    assert "MongoDB of the version in prod" in written
    assert '`{"$gt": ""}` instead of text' in written
    assert "| Not older than allowed | cache |" in written


def test_thresholds_are_the_objectives_of_the_architecture() -> None:
    written = Document("t.md", tested.write(basis("# Orders\n\nCustomers order things.", ARCHITECTURE)).text())
    table = next(each for each in written.tables if each.section == "Load tests")
    expected = dict(zip(table.header, table.rows[0], strict=True))
    assert expected["Operation"] == "`GET /orders`"
    assert expected["Threshold"] == "p95 ≤ 250 ms, errors ≤ 0.05 %"
    assert expected["Source"] == "[P1]"
    writing = next(row for row in table.rows if row[0] == "Writing")
    assert writing[4] == "p95 ≤ 500 ms (assumed), errors ≤ 0.05 %"


def test_an_edit_of_the_contract_reaches_the_tests() -> None:
    edited = Document(ARCHITECTURE.name, ARCHITECTURE.text.replace('"409": {description: there already}', '"423": {description: locked}'))  # fmt: skip
    written = tested.write(basis("# Orders\n\nCustomers order things.", edited)).text()
    assert "| `POST /orders` | 201 | 400, 423 |" in written


@pytest.mark.parametrize(("ci", "takes"), [("azure", "PublishTestResults@2"), ("github", "actions/upload-artifact"), ("gitlab", "reports: junit")])  # fmt: skip
def test_the_stages_speak_of_the_platform_that_was_chosen(ci: str, takes: str) -> None:
    assert takes in tested.write(basis("# Orders\n\nCustomers order things.", ARCHITECTURE, ci=ci)).text()


def test_the_load_of_a_brief_is_put_on_the_operation_its_passage_is_about() -> None:
    brief = "# Ledger\n\n- Clerks can read the entries of an account.\n- Clerks can create a payment with an amount.\n- Clerks can create a payment at 500 requests per second.\n"
    written = Document("t.md", tested.write(basis(brief)).text())
    table = next(each for each in written.tables if each.section == "Load tests")
    assert dict(zip(table.header, table.rows[0], strict=True))["Operation"] == "`POST /payments`"


def test_a_queue_has_no_migrations_to_be_tested_with() -> None:
    row = next(each for each in ARCHITECTURE.lines if each.startswith("| MongoDB"))
    queue = "| Kafka | messages until they are taken over | the brief names it | none |"
    queued = Document(ARCHITECTURE.name, ARCHITECTURE.text.replace(row, f"{row}\n{queue}"))
    shown = tested.write(basis("# Orders\n\nCustomers order things.", queued)).text()
    assert "Kafka of the version in prod, in a container; emptied" in shown
    assert "MongoDB of the version in prod, in a container, with every migration applied" in shown


def test_an_open_concern_of_the_architecture_is_not_tested_yet() -> None:
    opened = Document(ARCHITECTURE.name, ARCHITECTURE.text.replace("| Outbox |", "| Outbox | open: ", 1))
    assert opened.text != ARCHITECTURE.text
    assert "Written and sent together" not in tested.write(basis("# Orders\n\nCustomers order things.", opened)).text()


def test_the_evidence_says_of_which_kind_there_is_no_test_yet() -> None:
    bare = GOOD.replace(GOOD[GOOD.index("| Rush hour") : GOOD.index("## Security tests")], "")
    assert ("load: none yet", line(bare, "## Load tests")) in list(EVIDENCE["test-kinds"](Document("t.md", bare)))
