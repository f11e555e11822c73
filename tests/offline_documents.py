"""Readings written by hand, and what every set of the offline author's documents has to be."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from planning_kit import diagram
from planning_kit.brief import Brief, Passage
from planning_kit.document import Document
from planning_kit.offline.facts import (
    Actor,
    Entity,
    Field,
    Named,
    Operation,
    Parameter,
    Personal,
    Question,
    Reading,
    Relationship,
    Response,
    Statement,
)
from planning_kit.offline.writing import api, compliance, data, security, summary, technology
from planning_kit.offline.writing.draft import Draft
from planning_kit.offline.writing.plan import Plan

WRITERS: dict[str, Callable[[Plan], Draft]] = {
    "04-api-design.md": api.write,
    "05-data-model.md": data.write,
    "06-tech-recommendations.md": technology.write,
    "07-security-requirements.md": security.write,
    "08-compliance-requirements.md": compliance.write,
}
CLOSING = ["Assumptions", "Open questions", "Key decisions"]
HEADINGS = {
    "04-api-design.md": [
        "Overview",
        "Endpoints",
        "Schemas",
        "OpenAPI",
        "Validation rules",
        "Errors",
        "Service layer",
        "Events and jobs",
    ],
    "05-data-model.md": [
        "Overview",
        "ER diagram",
        "Tables",
        "DDL",
        "Relationships",
        "Indexes",
        "Migration order",
        "Seed data",
    ],
    "06-tech-recommendations.md": [
        "Recommendations",
        "Alternatives considered",
        "Integration notes",
        "Research",
        "Sources",
    ],
    "07-security-requirements.md": [
        "Threat model",
        "Authentication",
        "Authorization",
        "Data classification",
        "Input validation",
        "Audit events",
        "Secrets",
    ],
    "08-compliance-requirements.md": [
        "Personal data",
        "Retention",
        "User rights",
        "Third-party sharing",
        "Regulations",
    ],
    "00-backend-summary.md": [
        "API Overview",
        "Data Model",
        "Technology Decisions",
        "Security Controls",
        "Compliance Requirements",
        "Implementation Order",
    ],
}
TITLES = {
    "04-api-design.md": "API Design",
    "05-data-model.md": "Data Model",
    "06-tech-recommendations.md": "Technology Recommendations",
    "07-security-requirements.md": "Security Requirements",
    "08-compliance-requirements.md": "Compliance Requirements",
    "00-backend-summary.md": "Backend Summary",
}
HOSTILE = 'a|b `x` ```\n```\n# Fake\n<script>alert(1)</script> \'); DROP TABLE users; -- [P999] {{x}} "q" }'


def reading(text: str = "Build something nice.", **facts: Any) -> Reading:
    empty: dict[str, Any] = {
        name: ()
        for name in [
            "actors",
            "entities",
            "relationships",
            "operations",
            "statements",
            "quantities",
            "integrations",
            "technologies",
            "regulations",
            "jobs",
            "events",
            "personal",
            "questions",
        ]
    }
    brief = Brief(text)
    return Reading(**{"title": brief.title, "passages": brief.passages, "interface": "http", **empty, **facts})


LIBRARY = reading(
    "# Library\n\nMembers lend books.\n\nA member has a name and an e-mail address, which must be unique.\n\nIf a member is deleted, remove the loans.\n",
    actors=(Actor("librarian", "keeps the books", ("P2",)),),
    entities=(
        Entity("Loan", "loans", "a book lent to a member", (Field("status", values=("open", "returned"), sources=("P2",)), Field("order", "integer", False, sources=("P2",))), ("P2",)),
        Entity("Member", "members", "somebody who borrows", (Field("name", sources=("P3",), personal="identity"), Field("email", "email", sources=("P3",), personal="contact"),
               Field("password", sources=("P3",), personal="credential")), ("P3",)),
        Entity("User", "user", "an account", (Field("id", "integer", sources=("P2",)),), ("P2",)),
    ),
    relationships=(Relationship("Member", "Loan", "one-to-many", "has", ("P2",)), Relationship("User", "Member", "many-to-many", "keeps", ("P2",))),
    operations=(
        Operation("createLoan", "POST", "/loans", "lend a book", "Loan", sources=("P2",), roles=("librarian",)),
        Operation("listLoans", "GET", "/loans", "list loans", "Loan", (Parameter("status", "query", "string", False, "", ("P2",), ("open", "returned")),), responses=(Response(200, "the loans", schema="Loan", many=True),), sources=("P2",)),
        Operation("updateLoan", "PATCH", "/loans/{id}", "change a loan", "Loan", sources=("P2",), auth="bearer"),
        Operation("addMember", "POST", "/members", "add a member", "Member", sources=("P3",)),
        Operation("getMember", "GET", "/members/{member_id}", "see a member", "Member", responses=(Response(200, "the member", schema="Member"),), sources=("P3",)),
    ),
    statements=(Statement("If a member is deleted, remove the loans.", "must", "functional", "P4"), Statement("The e-mail address must be unique.", "must", "constraint", "P3")),
    integrations=(Named("Mail service", "integration", "sends reminders", ("P2",)),),
    jobs=(Named("remind of loans", "job", "every morning", ("P2",)),),
    personal=(Personal("name", "identity", "ordinary", "members.name", ("P3",)),),
    questions=(Question("data", "How long is a loan kept?", "for ever", ("P2",)),),
)  # fmt: skip


def drafted(facts: Reading, **more: Any) -> dict[str, Document]:
    plan = Plan(more.pop("feature", facts.title), facts, today="2026-11-21", **more)
    documents = {name: Document(f"planning-docs/x/{name}", writer(plan).text()) for name, writer in WRITERS.items()}
    name = "00-backend-summary.md"
    documents[name] = Document(f"planning-docs/x/{name}", summary.write(plan.feature, list(documents.values())))
    return documents


def fenced(document: Document, language: str) -> str:
    (found,) = [block.text for block in document.fences if block.lang == language]
    return found


def openapi_of(document: Document) -> dict[str, Any]:
    spec = yaml.safe_load(fenced(document, "yaml"))
    assert list(OpenAPIV31SpecValidator(spec).iter_errors()) == []
    return dict(spec)


def syntax_errors(sql: str) -> list[dict[str, Any]]:
    squawk = Path(sys.executable).with_name("squawk")
    done = subprocess.run([squawk, "--reporter", "json"], input=sql, capture_output=True, text=True, check=False)
    return [found for found in json.loads(done.stdout or "[]") if found["rule_name"] == "syntax-error"]


def examples(node: Any, spec: dict[str, Any]) -> int:
    """Validates every example beside a schema, and says how many there were."""
    seen = 0
    if isinstance(node, dict):
        if "schema" in node and "example" in node:
            Draft202012Validator({**node["schema"], "components": spec["components"]}).validate(node["example"])
            seen += 1
        for one in node.get("examples", []) if isinstance(node.get("examples"), list) and "type" in node else []:
            Draft202012Validator({k: v for k, v in node.items() if k != "examples"}).validate(one)
            seen += 1
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return seen + sum(examples(child, spec) for child in children)


def assert_sound(
    documents: dict[str, Document], passages: Iterable[Passage], remarks: int = 0, settled: Iterable[str] = ()
) -> None:
    """What every set of documents has to be, whatever the brief."""
    known = {passage.id for passage in passages} | {f"R{number}" for number in range(1, remarks + 1)} | set(settled)
    closing = [*CLOSING[:2], "Review remarks", CLOSING[2]] if remarks else CLOSING
    for name, document in documents.items():
        assert [h.text for h in document.headings if h.level == 2] == HEADINGS[name] + closing, name
        assert [h.text for h in document.headings if h.level == 1][0].startswith(f"{TITLES[name]}: ")
        assert set(re.findall(r"\[([PRQA]\d+)\]", document.text)) <= known, name
        assert document.key_decisions
        for found in document.tables:
            assert all(len(row) == len(found.header) for row in found.rows)
    spec = openapi_of(documents["04-api-design.md"])
    examples(spec, spec)
    identifiers = [o["operationId"] for methods in spec["paths"].values() for o in methods.values()]
    assert len(identifiers) == len(set(identifiers))
    sql = fenced(documents["05-data-model.md"], "sql")
    if "PRAGMA" in sql:
        sqlite3.connect(":memory:").executescript(sql)
    else:
        assert syntax_errors(sql) == []
    assert diagram.fault(fenced(documents["05-data-model.md"], "mermaid")) is None
