"""Authors that write what the checks ask for, and ones that misbehave."""

from __future__ import annotations

import threading

from planning_kit.errors import ModelStopped
from planning_kit.model import OFFLINE, Hear, Reply, Request, Usage
from planning_kit.remarks import said
from planning_kit.run import Run

OPENAPI = """```yaml
openapi: 3.1.0
info: {title: Notes, version: "1"}
paths:
  /notes:
    get:
      operationId: listNotes
      responses: {"200": {description: the notes}}
```"""
PARTS = {
    "Endpoints": "| Method | Path | Purpose | Auth |\n|---|---|---|---|\n| GET | /notes | list them | none |",
    "OpenAPI": OPENAPI,
    "Recommendations": "| Component | Technology | Version | Rationale | Source |\n|---|---|---|---|---|\n| database | PostgreSQL | open | notes are kept | [P1] |",
    "Findings": "Research was not done.",
    "ER diagram": "```mermaid\nerDiagram\n  NOTE {\n    uuid id PK\n  }\n```",
    "DDL": "```sql\nCREATE TABLE notes (id uuid PRIMARY KEY);\n```",
    "Sources": "- the brief [P1], accessed 2026-11-21",
    "Threat model": "| Threat | STRIDE | Element | Risk | Mitigation |\n|---|---|---|---|---|\n| guessed ids | Information disclosure | GET /notes | low | random ids |",
    "Authorization": "| Role | notes | action |\n|---|---|---|\n| reader | notes | read |",
    "Personal data": "There is no personal data here. This is not legal advice.",
    "Implementation Order": "1. Database migrations\n2. Models and relationships\n3. Service layer\n4. API endpoints\n5. Validation and auth",
    "Key decisions": "Notes are read over HTTP.",
}


FACTS = """Here it is:

```json
{"domains": [{"name": "reading", "about": "Readers and what they read.", "passages": ["P1"]}],
 "topics": [{"name": "full-text-search", "why": "notes are looked up", "passages": []}],
 "questions": [{"id": "Q1", "asks": "May notes be changed?", "passages": ["P1"],
   "options": ["Notes never change.", "A note's author may change it."],
   "recommended": "a", "because": "nothing else is asked for", "changes": "the endpoints"}]}
```
"""


def good(request: Request, say: str = "As the brief says [P1].") -> str:
    """A document that passes every check, with ``say`` where nothing particular is asked; facts where no headings are."""
    if not request.outline:
        return FACTS
    parts = {**PARTS, "Review remarks": remarked(request)}
    return "\n\n".join(f"## {section}\n\n{parts.get(section, say)}" for section in request.outline)


def remarked(request: Request) -> str:
    """What was done about each remark, as a table."""
    rows = [f"| [R{number}] | Taken up: {said(text)}. |" for number, text in enumerate(request.remarks, start=1)]
    return "\n".join(["| Remark | What was done about it |", "|---|---|", *rows])


def agreed(run: Run, by: str = "ann") -> Run:
    """``run`` with the facts it began with approved, and its research written (by an author of its own) and approved: its consultants may be asked."""
    for phase in ("intake", "scope"):
        run.phase(phase).approve(by)
    Run(run.store, author=None if run.model == OFFLINE else Writer).phase("research").consult()
    run.phase("research").approve(by)
    return run


class Writer:
    """Writes ``good`` documents, remembers what it was asked, and can misbehave for one seat.

    Attributes:
        asked: every request, in order.
        most_at_once: how many were being answered at the same time.
    """

    def __init__(
        self, wait_for: int = 0, failing: str = "", stop: str = "end_turn", usage: Usage | None = None
    ) -> None:
        self.asked: list[Request] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()
        self._meeting = threading.Barrier(wait_for) if wait_for else None
        self._failing, self._stop, self._usage = failing, stop, usage or Usage()

    def send(self, request: Request, hear: Hear) -> Reply:
        """Answer, or fail as told."""
        with self._lock:
            self.asked.append(request)
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            if self._meeting:
                self._meeting.wait(timeout=20)
            if request.seat == self._failing:
                raise ModelStopped(f"{request.seat}: nobody answered")
            text = self.write(request)
            hear(text)
            return Reply(text, request.model, self._stop, self._usage, at=f"{request.today}T00:00:00Z")
        finally:
            with self._lock:
                self._now -= 1

    def write(self, request: Request) -> str:
        """What is answered."""
        said = " ".join(["As the brief says [P1].", *(f"Taken up: {remark}." for remark in request.remarks)])
        read = [material.text for material in request.materials if material.kind == "document"]
        return good(request, f"{said} It rests on {sum(map(len, read))} characters.")


class Careless(Writer):
    """Forgets the last section until its findings are shown to it."""

    def write(self, request: Request) -> str:
        whole = super().write(request)
        return whole if request.findings else whole.split("## Key decisions")[0]


class Hopeless(Writer):
    """Never writes the last section."""

    def write(self, request: Request) -> str:
        return super().write(request).split("## Key decisions")[0]
