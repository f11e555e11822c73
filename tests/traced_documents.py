"""Documents of a specification, as small as they can be and as many as are wanted, for tests of the trace."""

from __future__ import annotations

from planning_kit.brief import Brief, Passage
from planning_kit.document import Document
from planning_kit.ids import codes

FOLDER = "docs/en/specifications"
FILES = {
    "requirements": "requirements/requirements.md",
    "stories": "requirements/user-stories.md",
    "api": "requirements/api-spec.md",
    "use-cases": "workflows/use-cases.md",
    "sequences": "workflows/sequence-diagram.md",
}


def name(domain: str, what: str) -> str:
    """What a document of ``domain`` is called."""
    return f"{FOLDER}/{domain}/{FILES[what]}"


def brief(count: int) -> tuple[Passage, ...]:
    """So many passages that each ask for something."""
    return Brief(
        "".join(f"The office must be able to keep files of kind {n}.\n\n" for n in range(1, count + 1))
    ).passages


def requirements(domain: str, code: str, count: int, first: int = 1) -> Document:
    """``FR-<code>-01`` … from passage ``first`` on, one passage each."""
    rows = "\n".join(
        f"| FR-{code}-{n:02} | The system shall keep files of kind {n} of {domain}. | must | [P{first + n - 1}] |"
        for n in range(1, count + 1)
    )
    return Document(
        name(domain, "requirements"),
        f"# Requirements: {domain}\n\n## Functional requirements\n\n### Files\n\n| ID | Requirement | Priority | Source |\n"
        f"|---|---|---|---|\n{rows}\n\n## Deferred and out of scope\n\n| Passage | Decision | Reason |\n|---|---|---|\n",
    )


def stories(domain: str, code: str, count: int) -> Document:
    """A story for each requirement, with a scenario that succeeds and one that does not."""
    told = "\n".join(
        f"""### US-{code}-{n:02}: Keep files of kind {n}

**As a** clerk, **I want to** keep a file, **so that** nothing is lost. From FR-{code}-{n:02}; needs `POST /{domain}-{n}`.

#### Acceptance criteria

```gherkin
Feature: Keep files
  Scenario: A file is kept
    Given a clerk
    When they keep a file
    Then it is there

  Scenario: A file without a name
    Given a clerk
    When they keep a file without a name
    Then it is refused
```
"""
        for n in range(1, count + 1)
    )
    return Document(name(domain, "stories"), f"# User stories: {domain}\n\n## User stories\n\n{told}")


def api(domain: str, code: str, count: int) -> Document:
    """An operation for each story, in the catalogue and in OpenAPI."""
    rows = "\n".join(
        f"| keep{n} | POST | `/{domain}-{n}` | bearer | FR-{code}-{n:02} | US-{code}-{n:02} |"
        for n in range(1, count + 1)
    )
    paths = "\n".join(
        f"  /{domain}-{n}:\n    post:\n      operationId: keep{n}\n      responses:\n        '201': {{description: kept}}"
        for n in range(1, count + 1)
    )
    return Document(
        name(domain, "api"),
        f"# API: {domain}\n\n## Endpoint catalogue\n\n| Operation | Method | Path | Auth | Requirements | Stories |\n|---|---|---|---|---|---|\n"
        f"{rows}\n\n## OpenAPI\n\n```yaml\nopenapi: 3.1.0\ninfo: {{title: {domain}, version: '1'}}\npaths:\n{paths}\n```\n",
    )


def use_cases(domain: str, code: str, count: int) -> Document:
    """A use case for each story, with its main flow and a test scenario."""
    told = "\n".join(
        f"""### UC-{code}-{n:02}: Keep a file of kind {n}

| Item | Value |
|---|---|
| Stories | US-{code}-{n:02} |
| Operation | `POST /{domain}-{n}` |

#### Main flow

```mermaid
sequenceDiagram
    actor C as Clerk
    participant S as Service
    C->>S: POST /{domain}-{n}
    S-->>C: 201
```

#### Test scenarios

| ID | Given | When | Then | Requirements |
|---|---|---|---|---|
| TS-{code}-{n:02} | a clerk | they keep a file | it is there | FR-{code}-{n:02} |
"""
        for n in range(1, count + 1)
    )
    return Document(name(domain, "use-cases"), f"# Use cases: {domain}\n\n## Use cases\n\n{told}")


def sequences(domain: str, code: str, count: int) -> Document:
    """A flow for each use case."""
    told = "\n".join(
        f"""### Keep a file of kind {n}

Draws [UC-{code}-{n:02}](use-cases.md#uc-{code.lower()}-{n:02}).

```mermaid
sequenceDiagram
    participant C as client.py<br/>(Client)
    participant R as {domain}_router.py<br/>(API)
    C->>+R: POST /{domain}-{n}
    R-->>-C: 201 Created
```
"""
        for n in range(1, count + 1)
    )
    return Document(name(domain, "sequences"), f"# Sequence diagrams: {domain}\n\n## Normal flows\n\n{told}")


def specification(domains: dict[str, int]) -> list[Document]:
    """Five documents for each domain, which has so many requirements; their passages go from ``P1`` on, domain by domain."""
    found: list[Document] = []
    first = 1
    for domain, code in codes(domains).items():
        count = domains[domain]
        found.append(requirements(domain, code, count, first))
        found += [make(domain, code, count) for make in (stories, api, use_cases, sequences)]
        first += count
    return found


def passages_of(domains: dict[str, int]) -> dict[str, tuple[str, ...]]:
    """Each domain's passages in a :func:`specification`."""
    held, first = {}, 1
    for domain, count in domains.items():
        held[domain] = tuple(f"P{n}" for n in range(first, first + count))
        first += count
    return held
