"""What a document of one kind must hold beside its sections."""

from __future__ import annotations

import re

from ..document import Document, Table
from .about import About
from .artefact import of_kind
from .openapi import documents_in
from .wrong import Wrong, Wrongs

STRIDE = (
    "spoofing",
    "tampering",
    "repudiation",
    "information disclosure",
    "denial of service",
    "elevation of privilege",
)
"""The six threat kinds of STRIDE (Kohnfelder and Garg, 1999)."""


def _table(document: Document, *columns: str) -> Table | None:
    wanted = {column.casefold() for column in columns}
    for table in document.tables:
        if wanted <= {cell.casefold() for cell in table.header}:
            return table
    return None


def holds_an_openapi_document(document: Document, about: About) -> Wrongs:
    """Hold one OpenAPI 3.1 document in a fenced yaml block, with every endpoint of the plan."""
    if not documents_in(document):
        yield Wrong(
            0,
            "there is no OpenAPI document that parses; add one in a fenced yaml block that begins with 'openapi: 3.1.0'",
        )


def lists_its_endpoints(document: Document, about: About) -> Wrongs:
    """Hold an endpoint table with the columns Method, Path, Purpose and Auth."""
    if _table(document, "Method", "Path", "Purpose", "Auth") is None:
        yield Wrong(0, "the endpoint table (Method, Path, Purpose, Auth) is missing")


def draws_its_entities(document: Document, about: About) -> Wrongs:
    """Hold a mermaid erDiagram."""
    if not any(f.lang == "mermaid" and re.search(r"(?m)^\s*erDiagram\b", f.text) for f in document.fences):
        yield Wrong(0, "there is no mermaid erDiagram; draw the entities and their relationships")


def holds_its_ddl(document: Document, about: About) -> Wrongs:
    """Hold the DDL in fenced sql blocks, with a table for each table card."""
    blocks = of_kind(document, "sql")
    if not blocks:
        yield Wrong(0, "there is no DDL", "add it in a fenced sql block")
    elif re.match(r"none\b", document.section("Tables").casefold()):
        return  # the document says that it keeps nothing
    elif not any(re.search(r"\bcreate\b[\w\s]{0,60}\btable\b|\balter\s+table\b", each.text, re.I) for each in blocks):
        yield Wrong(blocks[0].line, "the sql blocks create no table and change none", "add the DDL in a fenced sql block")  # fmt: skip


def names_threats_by_stride(document: Document, about: About) -> Wrongs:
    """Hold a STRIDE table with the columns Threat, STRIDE, Element, Risk and Mitigation."""
    table = _table(document, "Threat", "STRIDE", "Element", "Risk", "Mitigation")
    if table is None:
        yield Wrong(0, "the STRIDE table (Threat, STRIDE, Element, Risk, Mitigation) is missing")
        return
    column = table.header.index("STRIDE")
    for number, row in enumerate(table.rows):
        if not any(kind in row[column].casefold() for kind in STRIDE):
            yield Wrong(table.line + 2 + number, f"{row[column]!r} is not one of the six kinds of STRIDE")


def says_who_may_do_what(document: Document, about: About) -> Wrongs:
    """Hold a role × resource × action matrix under 'Authorization'."""
    if not any(table.section.casefold() == "authorization" for table in document.tables):
        yield Wrong(0, "the role × resource × action matrix under 'Authorization' is missing")


def names_its_sources(document: Document, about: About) -> Wrongs:
    """Name sources, each with the date it was accessed (YYYY-MM-DD)."""
    if not re.search(r"\b20\d\d-\d\d-\d\d\b", document.section("Sources")):
        yield Wrong(0, "'Sources' names no access date (YYYY-MM-DD)")


def lists_personal_data(document: Document, about: About) -> Wrongs:
    """Hold the personal data table, or say that there is no personal data and what was looked for."""
    section = document.section("Personal data")
    if (
        not any(table.section.casefold() == "personal data" for table in document.tables)
        and "no personal data" not in section.casefold()
    ):
        yield Wrong(
            0, "the personal data table is missing, and the document does not say that there is no personal data"
        )


def is_not_legal_advice(document: Document, about: About) -> Wrongs:
    """Say that it is not legal advice."""
    if "not legal advice" not in document.text.casefold():
        yield Wrong(0, "the sentence 'This is not legal advice.' is missing")


def orders_the_implementation(document: Document, about: About) -> Wrongs:
    """Have the five ordered steps under 'Implementation Order': migrations, models, services, endpoints, validation and auth."""
    section = document.section("Implementation Order").casefold()
    last = -1
    for step in ("migration", "model", "service", "endpoint", "validation"):
        at = section.find(step, last + 1)
        if at < 0:
            yield Wrong(0, f"'Implementation Order' lacks the step about {step}s, or has it out of order")
            return
        last = at
