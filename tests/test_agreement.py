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


ACCESS, ANSWERS = "agrees_on_who_may_call", "answers_as_its_api_documents"
NEEDED, PEOPLE = "agrees_on_what_is_required", "names_roles_others_name"
SERVED = """# API

```yaml
openapi: 3.1.0
info: {title: Bookings, version: "1"}
servers: [{url: https://example.org/api/v1}]
security: [{bearerAuth: []}]
paths:
  /bookings:
    get: {operationId: listBookings, security: [], responses: {"200": {description: them}, "4XX": {description: wrong}}}
    post: {operationId: createBooking, responses: {"201": {description: made}, "409": {description: taken}}}
  /slots:
    get: {operationId: listSlots, security: [{}, {bearerAuth: []}], responses: {default: {description: them}}}
components:
  securitySchemes:
    bearerAuth: {type: http, scheme: bearer}
  schemas:
    Booking:
      type: object
      required: [id, status]
      properties:
        id: {type: string}
        status: {type: string}
        note: {type: [string, 'null']}
        court: {$ref: '#/components/schemas/Court'}
    Court: {type: object, properties: {name: {type: string}}}
```
"""
STORED = """# Data

```sql
CREATE TABLE bookings (id uuid PRIMARY KEY, status text NOT NULL, note text);
```
"""


@pytest.mark.parametrize(
    "row",
    [
        "| GET | /bookings | none |",
        "| GET | /bookings | public (assumed) [P3] |",
        "| GET | /bookings | – |",
        "| GET | /slots | none |",
        "| GET | /slots | bearer |",
        "| POST | /api/v1/bookings | bearer (assumed): member |",
        "| POST | /bookings | API key or none |",
        "| POST | /bookings | member |",
        "| POST | /bookings | open |",
        "| GET | /elsewhere | none |",
    ],
)
def test_who_may_call_is_the_same_or_not_said(row: str) -> None:
    found = told(f"# T\n\n| Method | Path | Auth |\n|---|---|---|\n{row}\n", SERVED)
    assert [each for each in found if each[1] == ACCESS] == []


def test_an_operation_open_here_and_protected_there_is_an_error() -> None:
    table = "# T\n\n| Method | Path | Auth |\n|---|---|---|\n| {} |\n"
    assert told(table.format("POST | /bookings | none"), SERVED) == [(5, ACCESS, "error")]
    assert told(table.format("GET | /api/v1/bookings | Bearer token"), SERVED) == [(5, ACCESS, "error")]
    one, other = table.format("GET | /x/{id} | public"), table.format("GET | /x/{key} | session")
    assert told(one, other) == [(5, ACCESS, "error")]
    assert told(one, other, name="0.md") == []
    own = "| GET | /x | none |\n| GET | /y | none |\n| GET | /x | JWT |"
    assert told(f"# T\n\n| Method | Path | Auth |\n|---|---|---|\n{own}\n") == [(7, ACCESS, "error")]


@pytest.mark.parametrize(
    "text",
    [
        "## POST /bookings\n\n| Status | When |\n|---|---|\n| 201 Created | free |\n| `409` | taken |\n",
        "## GET /bookings\n\n### 404 Not Found\n\nNo such day.\n",
        "## GET /slots\n\n| Status | When |\n|---|---|\n| 418 | ever |\n",
        "## POST /bookings\n\n| Status | Meaning |\n|---|---|\n| requested | at first |\n\n## 404 things\n",
        "| Status | Operations |\n|---|---|\n| 409 | `createBooking`, `POST /bookings` |\n| 400 | all but `createBooking` |\n| 429 | any |\n",
        "```mermaid\nsequenceDiagram\n  A->>B: POST /bookings\n  B->>C: 404 rows\n  C-->>B: 404\n  B-->>A: 201 Created\n```\n",
        "```mermaid\nsequenceDiagram\n  A->>B: POST /bookings\n  B->>C: POST /charges\n  C-->>B: 402\n  B-->>A: 300 ms later: done\n```\n",
    ],
)
def test_answers_that_are_documented_or_somebody_elses_raise_no_alarm(text: str) -> None:
    found = told(f"# T\n\n{text}", SERVED)
    assert [each for each in found if each[1] == ANSWERS] == []


@pytest.mark.parametrize(
    ("text", "line", "severity"),
    [
        ("## POST /bookings\n\n### Responses\n\n| Status | When |\n|---|---|\n| 201 | free |\n| 422 | odd |\n", 10, "error"),
        ("## 3.1 POST /api/v1/bookings\n\n### 404 Not Found\n\nGone.\n", 5, "error"),
        ("| Method | Path | Responses |\n|---|---|---|\n| POST | /bookings | 201, 409 |\n| POST | `/bookings` | 200, 409 |\n", 6, "error"),
        ("| Status | Code | Operations |\n|---|---|---|\n| 403 | no | `listBookings`, `createBooking` |\n", 5, "error"),
        ("| Status | Operations |\n|---|---|\n| 404 | createBooking |\n", 5, "error"),
        ("| Status | Endpoints |\n|---|---|\n| 503 | `POST /bookings` |\n", 5, "warning"),
        ("```mermaid\nsequenceDiagram\n  A->>B: POST /bookings\n  B-->>A: HTTP 422 Unprocessable\n```\n", 6, "error"),
    ],
)  # fmt: skip
def test_an_answer_that_the_openapi_does_not_document_is_told(text: str, line: int, severity: str) -> None:
    found = told(f"# T\n\n{text}", SERVED)
    assert [each for each in found if each[1] == ANSWERS] == [(line, ANSWERS, severity)]


def model(required: str, note: str) -> str:
    return f'# M\n\n### Booking\n\n```json\n{{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",\n "required": {required},\n "properties": {{"id": {{"type": "string"}}, "status": {{"type": "string"}},\n  "note": {{"type": {note}}}, "court": {{"$ref": "#/$defs/Court"}}}}}}\n```\n'


def test_what_is_required_is_the_same_or_not_said() -> None:
    assert told(model('["id", "status"]', '["string", "null"]'), SERVED) == []
    fields = "# T\n\n## Booking\n\n| Field | Required | Nullable |\n|---|---|---|\n| `status` | yes | no |\n| note | no | yes |\n| court | when known | – |\n| other | yes | no |\n"
    assert told(fields, SERVED) == []
    card = "# T\n\n### bookings\n\n| Column | Type | Constraint |\n|---|---|---|\n| `id` | uuid | PRIMARY KEY |\n| status | text | `NOT NULL` |\n| note | text | on delete set null |\n"
    assert told(card, STORED) == []
    drawn = '# T\n\n```mermaid\nerDiagram\n  BOOKING {\n    uuid id PK\n    string status "not null"\n    string note "null until it is written"\n  }\n```\n'
    assert told(drawn, STORED) == []


@pytest.mark.parametrize(
    ("text", "beside", "line"),
    [
        (model('["id", "status", "note"]', '["string", "null"]'), SERVED, 9),
        (model('["id"]', '["string", "null"]'), SERVED, 8),
        (model('["id", "status"]', '"string"'), SERVED, 9),
        ("# T\n\n## Booking\n\n| Property | Required |\n|---|---|\n| note | required |\n", SERVED, 7),
        ("# T\n\n## Booking\n\n| Field | Nullable |\n|---|---|\n| note | no |\n", SERVED, 7),
        ("# T\n\n### bookings\n\n| Column | Null |\n|---|---|\n| status | yes |\n", STORED, 7),
        ("# T\n\n### bookings\n\n| Column | Required |\n|---|---|\n| note | yes |\n", STORED, 7),
        ("# T\n\n### bookings\n\n| Column | Constraints |\n|---|---|\n| note | NOT NULL |\n", STORED, 7),
        ('# T\n\n```mermaid\nerDiagram\n  BOOKING {\n    string status "nullable"\n  }\n```\n', STORED, 6),
    ],
)  # fmt: skip
def test_what_is_required_here_and_optional_there_is_an_error(text: str, beside: str, line: int) -> None:
    assert told(text, beside) == [(line, NEEDED, "error")]


def test_a_property_that_is_always_there_of_a_column_that_may_be_null_is_a_warning() -> None:
    api = SERVED.replace("note: {type: [string, 'null']}", "note: {type: string}")
    assert told(api, STORED) == []
    api = api.replace("required: [id, status]", "required: [id, status, note]")
    assert told(api, STORED) == [(24, NEEDED, "warning")]
    assert told(STORED, api) == [(4, NEEDED, "warning")]
    assert told(SERVED.replace("status: {type: string}", "status: {type: [string, 'null']}"), STORED) == [(23, NEEDED, "warning")]  # fmt: skip


def test_a_role_that_only_one_document_names_is_a_warning_where_others_name_roles() -> None:
    held = "# R\n\n| Stakeholder | Interest |\n|---|---|\n| Member | plays |\n| Clerk | looks |\n| Auditor | reads |\n"
    cases = "# U\n\n| Actor | Kind | Does |\n|---|---|---|\n| signed-in member | person | books |\n| clerks | person | look |\n| Mail | service | sends |\n| Payment provider | other | bills |\n| Trainer | person | trains |\n"
    assert told(cases, held) == [(9, PEOPLE, "warning")]
    rows = "| anybody | reads |\n| any caller with a token | reads |\n| Anyhow | reads |\n"
    assert told(f"# U\n\n| Actor | Does |\n|---|---|\n{rows}", held) == [(7, PEOPLE, "warning")]
    assert told(held, cases) == []
    assert told(cases) == []
    assert told(cases.replace("| Trainer | person | trains |\n", ""), held) == []


def test_limits_of_two_documents_that_stand_in_tables_are_compared() -> None:
    one = "# A\n\n| ID | Limit | Value |\n|---|---|---|\n| CON-EVE-01 | upload | 5 MB |\n"
    other = one.replace("5 MB", "9 MB")
    assert told(one, other) == [(5, LIMITS, "error")]


def test_a_domain_may_name_the_operations_of_another_domain() -> None:
    text = "# T\n\n| Method | Path |\n|---|---|\n| POST | /payments |\n| POST | /bookings/{id}/pay |\n"
    about = About(beside=(Document("1.md", API),), domain="bookings")
    found = [
        (each.line, each.severity) for each in agreement.names_operations_its_api_has(Document("2.md", text), about)
    ]
    assert found == [(5, "warning"), (6, "error")]
