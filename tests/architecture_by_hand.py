"""An architecture and its manifest as a person might word them: no check has anything to say against them."""

from __future__ import annotations

from planning_kit.document import Document

AT = "20260115-090000"
ARCHITECTURE_NAME = f"design/agents/system-architect/courts-{AT}/integration-architecture.md"
TESTS_NAME = f"design/agents/api-backend-tester/courts-{AT}/test-specifications.md"
MANIFEST_NAME = f"design/projects/courts/{AT}/MANIFEST.md"
META = """
| Version | Last updated | Status | Recipe | Author |
|---|---|---|---|---|
| 1 | 2026-01-15 | draft for review | service-design | a hand |
"""
CLOSING = """
## Assumptions

Times are in UTC.

## Open questions

- Who may see the bookings of others? Until answered: nobody.

## Key decisions

One service books courts. Its contract is below.
"""
ARCHITECTURE = f"""# Integration Architecture: courts
{META}
## Overview

A modular monolith: two teams would only wait for each other.

```mermaid
C4Container
    Person(member, "Member")
    Container(api, "API", "Go")
    ContainerDb(db, "Database", "PostgreSQL")
    Rel(member, api, "HTTPS")
    Rel(api, db, "SQL")
```

## Service boundaries

| Service | Responsibility | Owns | Talks to | Source |
|---|---|---|---|---|
| bookings | takes and cancels bookings | bookings | none | [P1] |

## Data flow

```mermaid
sequenceDiagram
    Member->>API: POST /bookings
    API->>DB: insert
    alt slot is taken
        API-->>Member: 409
    else
        API-->>Member: 201
    end
```

## Endpoints

| Method | Path | Purpose | Auth | Source |
|---|---|---|---|---|
| POST | /bookings | book a slot | bearer | [P1] |
| GET | /bookings | own bookings | bearer | [P1] |

## OpenAPI

```yaml
openapi: 3.1.0
info: {{title: Courts, version: 1.0.0}}
paths:
  /bookings:
    post:
      operationId: book
      summary: Book a slot
      security: [{{bearer: []}}]
      requestBody:
        required: true
        content:
          application/json:
            schema: {{$ref: '#/components/schemas/Booking'}}
            example: {{slot: '2026-01-15T09:00:00Z', contact_email: a@example.com}}
      responses:
        '201': {{description: booked}}
        '401': {{description: not signed in}}
        '409': {{description: taken}}
        '503': {{description: later}}
    get:
      operationId: ownBookings
      summary: Own bookings
      security: [{{bearer: []}}]
      responses:
        '200': {{description: all of them}}
        '401': {{description: not signed in}}
        default: {{description: anything else}}
components:
  schemas:
    Booking:
      type: object
      required: [slot]
      properties:
        slot: {{type: string, format: date-time}}
        contact_email: {{type: string, format: email}}
  securitySchemes:
    bearer: {{type: http, scheme: bearer}}
```

## Error taxonomy

| Status | Code | When | Retry |
|---|---|---|---|
| 401 | signed-out | no token, or an old one | after signing in |
| 409 | slot-taken | somebody was faster | no |
| 429 | slow-down | more than 60 a minute | yes, see Retry-After |
| 5xx | down | the service or what it needs is down | yes, with back-off |

## Data model

```mermaid
erDiagram
    bookings {{
        uuid id PK
        string slot
    }}
```

## Storage

| Store | Holds | Chosen because | Rejected alternative |
|---|---|---|---|
| PostgreSQL 17 | bookings | one unique index keeps a slot from being sold twice | DynamoDB: the reports would be scans |

## Migration and versioning

The API is versioned in the media type; a breaking change is announced with a Sunset header.

| Step | What is done | Way back |
|---|---|---|
| 1 | add nullable columns | drop them |
| 2 | fill them in the background | stop the job |
| 3 | read them behind a flag | turn the flag off |
| 4 | drop the old ones | restore the snapshot |

## Authentication and authorization

The club's OIDC provider issues JWTs; the API checks signature, issuer and audience.

| Role | Resource | Actions | Source |
|---|---|---|---|
| member | bookings | create, read own | [P1] |
| auditor | bookings | none | [P1] |

## Secrets and keys

| Secret | Kept in | Read by | Rotated |
|---|---|---|---|
| database password | Vault, path `courts/db`; never in the repository | API | every 30 days |

## Tenancy

A single club per installation; two clubs are two installations.

## Personal data

| Data | Class | Protection | Kept for |
|---|---|---|---|
| e-mail address | ordinary | TLS and disk encryption | unknown, see the open questions |

## Performance and scalability

### Under load

| Concern | Approach | Limit | Source |
|---|---|---|---|
| Caching | none: a booking that is shown must be true | – | [P1] |
| Sharding | not needed below 10 million bookings | 10 million rows | [P1] |
| Simultaneous bookings | the unique index lets one of them through | 1 winner | [P1] |

## Reliability

Messages to the door controller carry an id, so that the inbox of the controller drops a second copy.

| Concern | Approach | Limit | Source |
|---|---|---|---|
| Retries and idempotency | idempotent PUT to the controller, exponential back-off with jitter | 5 retries | [P1] |
| Transactional outbox | door codes leave through it | 30 s | [P1] |
| DLQ | a code that was refused five times pages somebody | 0 messages | [P1] |

## Service levels

| Indicator | Objective | Window | Source |
|---|---|---|---|
| Availability | ≥ 99.9% of requests succeed | rolling 28 days | [P1] |
| Latency of booking | p95 < 250 ms | a calendar week | [P1] |
| Lost bookings | zero bookings | quarter | [P1] |

## Deployment

```mermaid
flowchart TD
    lb --> api
    api --> db
```

### Environments

| Environment | Purpose | Differs in | Promoted by |
|---|---|---|---|
| Development | daily work | one replica | merge to main |
| Staging (UAT) | rehearsal | masked data | green pipeline |
| Production | members | real data | release manager |
{CLOSING}"""
TESTS = f"""# Test Specifications: courts
{META}
## Overview

Contract tests first.

```mermaid
flowchart LR
    unit --> contract
    contract --> load
    load --> security
```

| Operation | Success |
|---|---|
| POST /bookings | 201 |
| GET /bookings | 200 |
{CLOSING}"""
UP = "../../../agents"
MANIFEST = f"""# Manifest: courts
{META}
## Brief

Members of a club book courts.

## Assumptions

- One club.

## Non-goals

- Payment.

## Documents

| Agent | Document | Holds |
|---|---|---|
| system-architect | [the architecture]({UP}/system-architect/courts-{AT}/integration-architecture.md) | contract and decisions |
| api-backend-tester | [the tests]({UP}/api-backend-tester/courts-{AT}/test-specifications.md) | two contract tests |

## API surface

| Resource | Operations | Sign-in |
|---|---|---|
| bookings | 2 (create, list) | OIDC |
| **Total** | 2 | |

## Data stores

| Store | Holds |
|---|---|
| PostgreSQL | bookings |

## Environments

| Environment | Approved by |
|---|---|
| dev | nobody |
| stage | pipeline |
| prod | release manager |

## Service levels

| Indicator | Objective | Window |
|---|---|---|
| Availability | 99.9 % | 28 days |
| Booking latency | 250 ms at p95 | week |
| Lost bookings | zero bookings | quarter |

## Open questions

- Who may see the bookings of others? [asked here]({UP}/system-architect/courts-{AT}/integration-architecture.md#open-questions)

## Risks

| Risk | Consequence | Countered by |
|---|---|---|
| the door controller is off | members wait outside | codes are sent an hour before |

## Key decisions

The architecture has the last word.
"""


def architecture(text: str = "") -> Document:
    """The architecture, or ``text`` in its place."""
    return Document(ARCHITECTURE_NAME, text or ARCHITECTURE)


def specified() -> Document:
    """The test specifications beside it."""
    return Document(TESTS_NAME, TESTS)


def manifest(text: str = "") -> Document:
    """The manifest, or ``text`` in its place."""
    return Document(MANIFEST_NAME, text or MANIFEST)
