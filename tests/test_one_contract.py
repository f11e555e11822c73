"""One contract: the architecture's OpenAPI is the domains' joined, and the API design covers it."""

from __future__ import annotations

import pytest

from planning_kit.checks.about import About
from planning_kit.checks.service.joined import designs_every_operation, joins_the_domains_contracts
from planning_kit.document import Document

ORDERS = """
  /orders:
    post:
      operationId: createOrder
      security: [{bearer: []}]
      x-roles: [buyer]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses: {'201': {description: created}, '400': {description: refused}}
    get:
      operationId: listOrders
      security: []
      responses: {'200': {description: all}}
"""
REFUNDS = """
  /refunds/{refund_id}:
    delete:
      operationId: deleteRefund
      parameters: [{name: refund_id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: gone}}
"""
SCHEMAS = """
components:
  securitySchemes: {bearer: {type: http, scheme: bearer}}
  schemas:
    Order: {type: object, required: [item, amount], properties: {item: {type: string}, amount: {type: integer}}}
"""


def written(name: str, *paths: str, title: str = "OpenAPI") -> Document:
    text = f"openapi: 3.1.0\ninfo: {{title: Shop, version: '1'}}\npaths:{''.join(paths) or ' {}'}{SCHEMAS}"
    return Document(name, f"# A\n\n## {title}\n\n```yaml\n{text}```\n")


def api(domain: str, *paths: str) -> Document:
    return written(f"plan/specifications/{domain}/requirements/api-spec.md", *paths)


def said(architecture: Document, *domains: Document) -> list[str]:
    return [wrong.message for wrong in joins_the_domains_contracts(architecture, About(beside=domains))]


def joined(*paths: str) -> Document:
    return written("plan/integration-architecture.md", *paths)


def test_the_domains_joined_are_one_contract_whatever_their_parameters_are_called() -> None:
    renamed = REFUNDS.replace("refund_id", "id")
    assert said(joined(ORDERS, renamed), api("orders", ORDERS), api("refunds", REFUNDS)) == []


def test_an_operation_that_is_not_taken_over_is_named_with_its_domain() -> None:
    assert said(joined(ORDERS), api("orders", ORDERS), api("refunds", REFUNDS)) == [
        "DELETE /refunds/{refund_id} of refunds/requirements/api-spec.md is not in the OpenAPI document"
    ]


def test_an_operation_that_no_domain_has_was_invented() -> None:
    assert said(joined(ORDERS, REFUNDS), api("orders", ORDERS)) == [
        "DELETE /refunds/{refund_id} is in no domain's API document"
    ]


def test_what_a_server_answers_beside_its_interface_is_no_invention() -> None:
    health = "\n  /health:\n    get: {responses: {'200': {description: up}}}\n"
    assert said(joined(ORDERS, health), api("orders", ORDERS)) == []


def test_nobody_is_called_an_inventor_while_a_domains_document_cannot_be_read() -> None:
    broken = Document("plan/specifications/refunds/requirements/api-spec.md", "# A\n\n```yaml\nopenapi: [\n```\n")
    assert said(joined(ORDERS, REFUNDS), api("orders", ORDERS), broken) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("'201'", "'202'", "POST /orders does not answer 201 and answers 202, unlike orders/requirements/api-spec.md"),
        ("'201': ", "'200': {description: there}, '201': ", "POST /orders answers 200, unlike orders/requirements/api-spec.md"),
        ("#/components/schemas/Order'", "#/components/schemas/None'", "POST /orders does not require amount, item, unlike orders/requirements/api-spec.md"),
        ("security: [{bearer: []}]", "security: []", "POST /orders is open to everybody here and protected in orders/requirements/api-spec.md"),
        ("[buyer]", "[clerk]", "POST /orders is for clerk here and for buyer in orders/requirements/api-spec.md"),
    ],
)  # fmt: skip
def test_an_operation_is_taken_over_as_its_domain_has_it(before: str, after: str, fault: str) -> None:
    assert ORDERS.count(before) == 1
    assert said(joined(ORDERS.replace(before, after)), api("orders", ORDERS)) == [fault]


def test_added_errors_and_another_order_of_roles_change_no_contract() -> None:
    more = ORDERS.replace("'400': ", "'429': {description: too many}, '400': ").replace("[buyer]", "[Buyer]")
    assert said(joined(more), api("orders", ORDERS)) == []


def test_where_two_domains_differ_either_of_them_will_do() -> None:
    other = ORDERS.replace("'201'", "'202'")
    assert said(joined(other), api("orders", ORDERS), api("refunds", other)) == []


def test_without_documents_of_domains_there_is_nothing_to_join() -> None:
    assert said(joined(ORDERS)) == []
    assert said(joined(ORDERS), joined(REFUNDS)) == []


def design(*rows: str) -> Document:
    table = "\n".join(["| Method | Path | Service |", "|---|---|---|", *rows])
    return Document("plan/04-api-design.md", f"# A\n\n## Operations\n\n{table}\n")


def test_the_design_has_a_row_for_every_operation_of_the_contract() -> None:
    about = About(beside=(joined(ORDERS, REFUNDS),))
    whole = design("| `POST` | `/orders` | A |", "| GET | /orders | A |", "| DELETE | /refunds/{id} | B |")
    assert list(designs_every_operation(whole, about)) == []
    less = design("| POST | /orders | A |", "| POST | /orders | A |", "| DELETE | /refunds/{id} | B |")
    assert [(wrong.line, wrong.message) for wrong in designs_every_operation(less, about)] == [
        (8, "POST /orders has a row at line 7 too"),
        (3, "GET /orders has no row under 'Operations'"),
    ]


def test_a_body_that_is_no_json_is_still_a_body_and_a_scope_is_no_role() -> None:
    upload = ORDERS.replace("application/json", "multipart/form-data")
    assert said(joined(upload), api("orders", ORDERS)) == []
    scoped = ORDERS.replace("bearer: []", "bearer: ['orders:write']").replace("      x-roles: [buyer]\n", "")
    assert said(joined(scoped), api("orders", ORDERS)) == []


@pytest.mark.parametrize(
    "row", ["| `POST /orders` | x |\n| `GET /orders` | x |", "| POST | [/orders](#a) |\n| **GET** | `/orders` |"]
)
def test_an_operation_is_designed_also_in_columns_of_other_names(row: str) -> None:
    design = Document("plan/04-api-design.md", f"# A\n\n## Operations\n\n| Operation | Service |\n|---|---|\n{row}\n")
    assert list(designs_every_operation(design, About(beside=(joined(ORDERS),)))) == []
