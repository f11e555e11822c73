"""The five documents of one small domain, written by hand as the templates ask for them: no check has anything to say against them."""

from __future__ import annotations

from pathlib import Path

import planning_kit
from planning_kit.checks.about import About
from planning_kit.document import Document
from planning_kit.template import sections

FOLDER = Path(planning_kit.__file__).parent / "templates"
BASE = "docs/en/specifications/bookings"
NAMES = {
    "requirements": f"{BASE}/requirements/requirements.md",
    "user-stories": f"{BASE}/requirements/user-stories.md",
    "api-spec": f"{BASE}/requirements/api-spec.md",
    "use-cases": f"{BASE}/workflows/use-cases.md",
    "sequence-diagram": f"{BASE}/workflows/sequence-diagram.md",
}
CHECKS = {
    "requirements": ("ids", "passages-reached"),
    "user-stories": ("ids", "requirements-told"),
    "api-spec": ("ids", "openapi", "operations-asked-for"),
    "use-cases": ("ids", "stories-used"),
    "sequence-diagram": ("ids", "use-cases-drawn"),
}
META = """
| Version | Last updated | Status | Recipe | Author |
|---|---|---|---|---|
| 1 | 2026-11-21 | draft for review | specification | a hand |
"""
CLOSING = """
## Assumptions

Times are in UTC.

## Open questions

None.

## Key decisions

A slot is booked once.
"""

REQUIREMENTS = f"""# Requirements: bookings
{META}
## Overview

Members book slots of courts.

## Stakeholders

| Stakeholder | Interest | Source |
|---|---|---|
| Member | books a slot | [P2] |
| Clerk | sees all bookings | [P4] |

## System context

```mermaid
C4Context
  Person(member, "Member")
  System(bookings, "Bookings")
  Rel(member, bookings, "books")
```

## Functional requirements

### Booking

| ID | Requirement | Priority | Source |
|---|---|---|---|
| FR-BOO-01 | The system shall let a member book a free slot of a court. | must | [P2] |
| FR-BOO-02 | The system shall refuse to book a slot that somebody else holds. | must | [P3] |
| FR-BOO-03 | The system shall list all bookings of a day for a clerk. | should | [P4] |

## Non-functional requirements

| ID | Quality | Requirement | Measure | Source |
|---|---|---|---|---|
| NFR-BOO-01 | performance efficiency | A booking is confirmed at once. | 300 ms at the 95th percentile (assumed) | [P5] |

## Constraints

### Technical

| ID | Constraint | Source |
|---|---|---|
| CON-BOO-01 | The interface is HTTP. | [P6] |

### Architecture

None stated.

### Operational

None stated.

## Deferred and out of scope

| Passage | Decision | Reason |
|---|---|---|
| [P7] | deferred | payment is another release |

| Withdrawn | Reason |
|---|---|
| FR-BOO-04 | reminders were dropped by the customer |

## Traceability matrix

| Passage | Requirements |
|---|---|
| [P2] | FR-BOO-01 |
| [P3] | FR-BOO-02 |
| [P4] | FR-BOO-03 |
{CLOSING}"""

STORIES = f"""# User Stories: bookings
{META}
## Overview

Every requirement becomes a story.

## User stories

### US-BOO-01: Book a slot

**As a** signed-in member, **I want to** book a free slot, **so that** I can play.

It comes from FR-BOO-01 and FR-BOO-02, and needs `POST /bookings`.

#### Acceptance criteria

```gherkin
Feature: Book a slot
  Scenario: The slot is free
    Given a free slot
    When a member books it
    Then the booking is confirmed
  Scenario: The slot is taken
    Given a slot that somebody holds
    When a member books it
    Then the booking is refused
```

#### Quality needs

Confirmed as fast as NFR-BOO-01 says.

### US-BOO-02: See a day

**As a** clerk, **I want to** see all bookings of a day, **so that** I know who comes.

It comes from FR-BOO-03, and needs `GET /bookings`.

#### Acceptance criteria

```gherkin
Feature: See a day
  Scenario: A day with bookings
    Given two bookings on a day
    When a clerk asks for that day
    Then both are listed
  Scenario: Somebody else asks
    Given a member who is no clerk
    When the member asks for a day
    Then nothing is listed
```

#### Quality needs

None stated.

## Traceability

| Requirement | Stories |
|---|---|
| FR-BOO-01 | US-BOO-01 |
| FR-BOO-02 | US-BOO-01 |
| FR-BOO-03 | US-BOO-02 |
{CLOSING}"""

OPENAPI = """```yaml
openapi: 3.1.0
info: {title: Bookings, version: "1.0.0"}
servers: [{url: https://courts.example.org/api}]
security: [{bearerAuth: []}]
paths:
  /bookings:
    get:
      operationId: listBookings
      responses:
        "200":
          description: the bookings
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Booking'}}}}
        "403": {description: no clerk}
    post:
      operationId: createBooking
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Booking'}}}}
      responses:
        "201": {description: booked}
        "409": {description: taken}
components:
  securitySchemes:
    bearerAuth: {type: http, scheme: bearer}
  schemas:
    Booking:
      type: object
      required: [slot]
      properties:
        slot: {type: string, format: date-time}
        note: {type: [string, 'null'], maxLength: 200}
```
"""

API = f"""# API Specification: bookings
{META}
## Overview

JSON over HTTP under `/api`.

## Endpoint catalogue

| Operation | Method | Path | Auth | Requirements | Stories |
|---|---|---|---|---|---|
| createBooking | POST | `/bookings` | bearer | FR-BOO-01, FR-BOO-02 | US-BOO-01 |
| listBookings | GET | `/bookings` | bearer: clerk | FR-BOO-03 | US-BOO-02 |

## Authentication

```mermaid
sequenceDiagram
  Member->>Bookings: POST /bookings
  Bookings-->>Member: 201
```

## Headers

| Header | In | Required | Meaning |
|---|---|---|---|
| Authorization | request | yes | who calls |

## OpenAPI

{OPENAPI}
## Endpoints

### POST /bookings

It serves FR-BOO-01 and US-BOO-01.

#### Request

A booking.

#### Responses

| Status | When |
|---|---|
| 201 | the slot was free |
| 409 | somebody holds it |

#### Examples

```bash
curl -X POST https://courts.example.org/api/bookings -H 'Authorization: Bearer abc' -H 'Content-Type: application/json' -d '{{"slot": "2026-11-21T10:00:00Z"}}'
```

```javascript
const answer = await fetch('https://courts.example.org/api/bookings', {{method: 'POST'}});
```

### GET /bookings

It serves FR-BOO-03 and US-BOO-02.

#### Request

No body.

#### Responses

| Status | When |
|---|---|
| 200 | always, for a clerk |
| 403 | the caller is no clerk |

#### Examples

```bash
curl https://courts.example.org/api/bookings -H 'Authorization: Bearer abc'
```

```javascript
const answer = await fetch('https://courts.example.org/api/bookings');
```

## Data models

### Booking

| Field | Type | Required |
|---|---|---|
| slot | date-time | yes |
| note | string | no |

```json
{{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["slot"],
  "properties": {{
    "slot": {{"type": "string", "format": "date-time"}},
    "note": {{"type": ["string", "null"], "maxLength": 200}}
  }}
}}
```

## Errors

| Status | Code | When | Operations |
|---|---|---|---|
| 403 | not_allowed | the caller is no clerk | `listBookings` |
| 409 | taken | somebody holds the slot | `createBooking` |
{CLOSING}"""

CASES = f"""# Use Cases: bookings
{META}
## Overview

Members book, clerks look.

## Actors

| Actor | Kind | Does |
|---|---|---|
| Member | person | books |
| Clerk | person | looks |

```mermaid
graph LR
  Member --> UC1["UC-BOO-01"]
```

## Use case diagram

```mermaid
graph TD
  Member --> UC1["UC-BOO-01"]
  Clerk --> UC2["UC-BOO-02"]
```

## Relationships

There are none: the two use cases are apart.

## Use cases

### UC-BOO-01: Book a slot

| Item | Value |
|---|---|
| Actors | Member |
| Stories | US-BOO-01 |
| Requirements | FR-BOO-01, FR-BOO-02, NFR-BOO-01 |
| Operations | `POST /bookings` |

#### Preconditions

The member is signed in.

#### Postconditions

After success the slot is held; after failure nothing has changed.

#### Main flow

```mermaid
sequenceDiagram
  Member->>Bookings: POST /bookings
  Bookings-->>Member: 201 Created
```

1. The member chooses a slot.
2. The system books it.

#### Alternative flows

| Flow | Branches at | Condition | What happens |
|---|---|---|---|
| A1 | step 2 | the slot is taken | 409 |

#### Test scenarios

| ID | Given | When | Then | Requirements |
|---|---|---|---|---|
| TS-BOO-01 | a free slot | a member books it | the answer is 201 within 300 ms | FR-BOO-01, NFR-BOO-01 |
| TS-BOO-02 | a slot that is held | a member books it | the answer is 409 | FR-BOO-02 |

### UC-BOO-02: See a day

| Item | Value |
|---|---|
| Actors | Clerk |
| Stories | US-BOO-02 |
| Requirements | FR-BOO-03 |
| Operations | `GET /bookings` |

#### Preconditions

The clerk is signed in.

#### Postconditions

Nothing has changed.

#### Main flow

```mermaid
sequenceDiagram
  Clerk->>Bookings: GET /bookings
  Bookings-->>Clerk: 200 OK
```

1. The clerk names a day.
2. The system lists its bookings.

#### Alternative flows

| Flow | Branches at | Condition | What happens |
|---|---|---|---|
| A1 | 2 | the caller is no clerk | 403 |

#### Test scenarios

| ID | Given | When | Then | Requirements |
|---|---|---|---|---|
| TS-BOO-03 | two bookings | a clerk asks | 200 with both | FR-BOO-03 |
| TS-BOO-04 | two bookings | a member asks | 403 | FR-BOO-03 |
{CLOSING}"""

SEQUENCES = f"""# Sequence Diagrams: bookings
{META}
## Overview

Both use cases are drawn.

## Architecture layers

```text
+---------+     +----------+
|   API   | --> |  Domain  |
+---------+     +----------+
```

## Normal flows

### Booking a slot

It draws [UC-BOO-01](use-cases.md#uc-boo-01-book-a-slot).

```mermaid
sequenceDiagram
  actor M as Member
  participant R as bookings_router.py<br/>(API)
  participant S as bookings.py<br/>(Domain)
  M->>R: POST /bookings
  R->>S: book
  S-->>R: booked
  R-->>M: 201 Created
```

#### Key steps

The slot is locked and written at once.

#### Code references

| File | Layer | Responsibility |
|---|---|---|
| bookings_router.py | API | reads the request |

### Seeing a day

It draws UC-BOO-02.

```mermaid
sequenceDiagram
  actor C as Clerk
  participant R as bookings_router.py<br/>(API)
  C->>R: GET /api/bookings
  R-->>C: 200 OK
```

#### Key steps

One query.

#### Code references

| File | Layer | Responsibility |
|---|---|---|
| bookings_router.py | API | reads the request |

## Error flows

### The slot is taken

```mermaid
sequenceDiagram
  actor M as Member
  participant R as bookings_router.py<br/>(API)
  M->>R: POST /bookings
  R-->>M: 409 Conflict
```

#### Key steps

Nothing is written.

## Performance

| Point | Measure | What is done | Requirement |
|---|---|---|---|
| writing a booking | 300 ms | an index on the slot | NFR-BOO-01 |
{CLOSING}"""

TEXTS = {
    "requirements": REQUIREMENTS,
    "user-stories": STORIES,
    "api-spec": API,
    "use-cases": CASES,
    "sequence-diagram": SEQUENCES,
}
PASSAGES = tuple(f"P{number}" for number in range(2, 8))


def document(kind: str, text: str = "") -> Document:
    """One of the five, with another text if one is given."""
    return Document(NAMES[kind], text or TEXTS[kind])


def known(kind: str, earlier: str = "", later: bool = False, **others: str) -> About:
    """What is known of one of the five: the documents before it, all of them if ``later``; ``others`` have another text."""
    kinds = list(TEXTS)
    there = kinds if later else kinds[: kinds.index(kind)]
    template = (FOLDER / f"{kind}.md").read_text(encoding="utf-8")
    texts = {name.replace("_", "-"): text for name, text in others.items()}
    return About(
        sections=sections(template),
        checks=CHECKS[kind],
        passages=frozenset(("P1", *PASSAGES)),
        beside=tuple(document(each, texts.get(each, "")) for each in there if each != kind),
        template=template,
        domain="bookings",
        prefix="BOO",
        asking=PASSAGES,
        earlier=earlier,
    )
