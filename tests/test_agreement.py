"""The same operation, table, role, status or limit named in two documents agrees."""

from __future__ import annotations

import pytest

from planning_kit.checks import agreement
from planning_kit.checks.about import About
from planning_kit.checks.agreement import words
from planning_kit.document import Document

API = """# API

```yaml
openapi: 3.1.0
info: {title: Bookings, version: "1"}
servers: [{url: https://example.org/api/v1}]
paths:
  /bookings:
    get: {operationId: listBookings, responses: {"200": {description: them}}}
    post: {operationId: createBooking, responses: {"201": {description: made}}}
  /bookings/{booking_id}:
    parameters: [{name: booking_id, in: path, required: true, schema: {type: string}}]
    get: {operationId: getBooking, responses: {"200": {description: it}}}
components:
  schemas:
    Booking:
      type: object
      properties:
        status: {type: string, enum: [requested, confirmed, cancelled]}
        note: {type: string, maxLength: 500}
    BookingInput:
      type: object
      properties:
        status: {type: string, enum: [requested]}
```
"""
DATA = """# Data

```sql
CREATE TABLE patients (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TABLE bookings (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES patients (id),
  status text NOT NULL CHECK (status IN ('requested', 'confirmed', 'cancelled')),
  note varchar(500)
);
```
"""
SECURITY = """# Security

## Authorization

| Role | Resource | Read |
|---|---|---|
| receptionist | bookings | allowed |
| practice manager | bookings | allowed |
"""


def told(text: str, *beside: str, name: str = "9.md") -> list[tuple[int, str, str]]:
    others = tuple(Document(f"{number}.md", each) for number, each in enumerate(beside, start=1))
    about, document = About(plan=False, beside=others), Document(name, text)
    return [
        (wrong.line, check.__name__, wrong.severity) for check in agreement.CHECKS for wrong in check(document, about)
    ]


def test_documents_that_agree_raise_no_alarm() -> None:
    whole = """# Whole

## Endpoints

| Method | Path | Purpose |
|---|---|---|
| `GET` | `/bookings` | list |
| POST | /bookings | book |
| GET | `/bookings/{id}` | one |
| GET | /api/v1/bookings/:id?full=true | with its base path |

```mermaid
sequenceDiagram
  Reception->>API: POST /bookings
  API->>Reception: 201
```

```mermaid
erDiagram
  PATIENT ||--o{ BOOKING : has
  BOOKING {
    uuid id PK
    uuid patientId FK
    string status
  }
```

```mermaid
stateDiagram-v2
  [*] --> requested
  requested --> confirmed
  requested --> cancelled
  confirmed --> cancelled
```

| Role | May |
|---|---|
| Receptionist | book |
| `practice_manager` (assumed) | read |

| Limit | Value |
|---|---|
| Page size | 50 items |
| Timeout | 30 s |
"""
    limits = "# Limits\n\n| Limit | Value | Why |\n|---|---|---|\n| page size | 50 items | [P3] |\n| Timeout | 30,000 ms | |\n| Rate | 60 requests per minute | |\n"
    assert told(whole, API, DATA, SECURITY, limits) == []


OPERATION = "names_operations_its_api_has"
TABLE, COLUMN = "names_tables_its_ddl_has", "names_columns_its_ddl_has"
VALUES, LENGTHS, LIMITS = "agrees_on_values", "agrees_on_lengths", "agrees_on_limits"


@pytest.mark.parametrize(
    ("text", "line", "rule", "severity"),
    [
        ("# T\n\n| Method | Path |\n|---|---|\n| DELETE | /bookings |\n", 5, OPERATION, "error"),
        ("# T\n\n| Method | Path |\n|---|---|\n| GET | /bookings |\n| GET | /booking/{id} |\n", 6, OPERATION, "error"),
        ("# T\n\n| Step | Call |\n|---|---|\n| book | `PUT /bookings` |\n", 5, OPERATION, "error"),
        ("# T\n\n```mermaid\nsequenceDiagram\n  A->>B: GET /patients\n```\n", 5, OPERATION, "warning"),
        ("# T\n\n```mermaid\nerDiagram\n  BOOKING ||--o{ INVOICE : has\n```\n", 5, TABLE, "warning"),
        ("# T\n\n| Table | Why |\n|---|---|\n| `invoices` | money |\n", 5, TABLE, "warning"),
        ("# T\n\n## Tables\n\n### invoices\n\n| Column | Type |\n|---|---|\n| id | uuid |\n", 5, TABLE, "warning"),
        ("# T\n\n## Tables\n\n### bookings\n\n| Column | Type |\n|---|---|\n| room | uuid |\n", 9, COLUMN, "warning"),
        ("# T\n\n```mermaid\nerDiagram\n  BOOKING {\n    uuid id\n    int room\n  }\n```\n", 7, COLUMN, "warning"),
        ("# T\n\n| Table | Column | Kept |\n|---|---|---|\n| bookings | room | 30 days |\n", 5, COLUMN, "warning"),
        ("# T\n\n| Role | May |\n|---|---|\n| physician | book |\n", 5, "names_roles_of_its_matrix", "warning"),
        ("# T\n\n```mermaid\nstateDiagram-v2\n  requested --> confirmed\n  confirmed --> no_show\n```\n", 4, VALUES, "warning"),
        ("# T\n\n| Limit | Value |\n|---|---|\n| Page size | 50 items |\n| page size | 100 items |\n", 6, LIMITS, "error"),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_told_where_it_is_named(text: str, line: int, rule: str, severity: str) -> None:
    assert told(text, API, DATA, SECURITY) == [(line, rule, severity)]


def test_a_table_that_only_the_same_documents_diagram_has_is_an_error() -> None:
    assert told(DATA + "\n```mermaid\nerDiagram\n  BOOKING ||--o{ INVOICE : has\n```\n") == [(15, TABLE, "error")]


def test_the_later_document_is_told_that_values_and_lengths_differ() -> None:
    api = API.replace("confirmed, cancelled", "confirmed, rejected").replace("maxLength: 500", "maxLength: 900")
    assert told(api, DATA) == [(19, VALUES, "error"), (20, LENGTHS, "error")]
    assert told(DATA, api) == [(8, VALUES, "error"), (9, LENGTHS, "error")]
    assert told(api, DATA, name="0.md") == []
    assert told(API.replace("maxLength: 500", "maxLength: 100"), DATA) == [(20, LENGTHS, "warning")]


def test_nothing_is_said_where_nothing_has_the_last_word() -> None:
    text = "# T\n\n| Method | Path |\n|---|---|\n| GET | /x |\n\n| Table |\n|---|\n| x |\n\n| Role | May |\n|---|---|\n| y | z |\n"
    assert told(text) == []


def test_a_limit_in_another_document_is_named_with_its_place() -> None:
    table = "# T\n\n| Limit | Maximum |\n|---|---|\n| Upload size | {} |\n"
    others = (Document("plan/1.md", table.format("5 MB")),)
    wrongs = list(agreement.agrees_on_limits(Document("plan/2.md", table.format("10 MB")), About(beside=others)))
    assert [wrong.message for wrong in wrongs] == ["'Upload size' has another value at 1.md:5"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("bookings", "Booking"), ("categories", "Category"), ("public.addresses", "ADDRESS"), ("work_orders", "WorkOrder"), ("boxes", "Box"), ("status", "Status"), ("matches", "Match")],
)  # fmt: skip
def test_an_entity_and_its_table_are_one(one: str, other: str) -> None:
    assert words.entity(one) == words.entity(other)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5 minutes", (300.0, "seconds")),
        ("≤ 200 ms", (0.2, "seconds")),
        ("100 requests/minute", (100.0, "request/minute")),
        ("60 requests per min", (60.0, "request/min")),
        ("1,000 items [P3]", (1000.0, "item")),
        ("99.9 %", (99.9, "%")),
        ("between 5 and 10 s", None),
        ("none", None),
        ("10 MB (assumed)", (1e7, "bytes")),
    ],
)
def test_a_quantity_is_read_in_its_base_unit_and_only_when_it_is_the_only_one(
    text: str, said: tuple[float, str] | None
) -> None:
    assert words.quantity(text) == said


def test_names_that_a_database_folds_are_the_same_columns() -> None:
    folded = "# D\n\n```sql\nCREATE TABLE Orders (OrderId int PRIMARY KEY, CustomerName varchar(100));\n```\n"
    drawn = "# T\n\n```mermaid\nerDiagram\n  ORDERS {\n    int OrderId PK\n    string customer_name\n  }\n```\n"
    assert told(drawn, folded) == []


def test_limits_of_another_kind_or_another_place_are_no_contradiction() -> None:
    table = "# {}\n\n| {} | {} |\n|---|---|\n| {} | {} |\n"
    slo = table.format("Targets", "SLO", "Target", "p95 latency", "200 ms")
    assert told(table.format("Alerts", "Alert", "Threshold", "p95 latency", "300 ms"), slo) == []
    database = table.format("Database", "Environment", "Timeout", "prod", "30 s")
    assert told(table.format("HTTP", "Environment", "Timeout", "prod", "5 s"), database) == []
    assert told(table.format("Database", "Environment", "Timeout", "prod", "5 s"), database) == [(5, LIMITS, "error")]
    pages = table.format("A", "Setting", "Value", "Max page size", "100")
    assert told(table.format("B", "Parameter", "Limit", "max page size", "200"), pages) == [(5, LIMITS, "error")]


def test_what_others_serve_is_no_operation_of_this_api() -> None:
    calls = "  A->>Api: POST /bookings\n  Api->>Stripe: POST /v1/refunds\n"
    assert told(f"{API}\n```mermaid\nsequenceDiagram\n{calls}```\n") == []
    health = "# T\n\n| Method | Path |\n|---|---|\n| GET | /healthz |\n| GET | /metrics |\n"
    assert told(health, API) == []


def test_who_does_what_work_is_no_role_of_the_matrix() -> None:
    assert told("# T\n\n## Team\n\n| Role | Person |\n|---|---|\n| Architect | Kim |\n", SECURITY) == []
