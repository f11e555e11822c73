"""OpenAPI 2.0 to 3.2: the shape by the schemas of openapi-spec-validator, values by jsonschema-rs, and rules for what neither sees."""

from __future__ import annotations

from ...aside import call
from ...document import Document
from ..about import About
from ..artefact import Artefact
from ..kind import Kind
from ..wrong import Wrong, Wrongs, tool
from .outline import Operation, Property, Schema, documents_in, operations, schemas

__all__ = ["KIND", "Operation", "Property", "Schema", "documents_in", "operations", "schemas"]


def parses_its_openapi(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write OpenAPI in a fenced yaml or json block that parses, each key once."""
    return _of(artefact, "parse", "json" if _lang(artefact) == "json" else tool("PyYAML"))


def validates_its_openapi(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write OpenAPI 3.1 with the fields it knows and no others; a type that may be null is [string, 'null']."""
    return _of(artefact, "shape", tool("openapi-spec-validator"))


def resolves_its_references(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Have every $ref of the OpenAPI document lead to something of the right kind within it."""
    return _of(artefact, "references")


def fits_its_examples(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Give examples, defaults and enums that fit their own schema."""
    return _of(artefact, "values", tool("jsonschema-rs"))


def defines_its_security(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Define every security scheme and OAuth scope that an operation requires."""
    return _of(artefact, "security")


def declares_its_path_parameters(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Declare each {parameter} of a path once, with in: path and required: true, and no others."""
    return _of(artefact, "parameters")


def names_its_operations(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Give every operation an operationId of its own."""
    return _of(artefact, "names")


def tells_its_paths_apart(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write each path once: /a/{x} and /a/{y} are the same."""
    return _of(artefact, "apart")


def answers_its_requests(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Give every operation a response for success, status codes in quotation marks, no body for 204."""
    return _of(artefact, "answers")


def sends_bodies_that_count(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Send no request body with GET or DELETE."""
    return _of(artefact, "bodies")


def spells_its_keywords(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Spell the keywords of schemas as JSON Schema does, and require only properties that are defined."""
    return _of(artefact, "words")


def _of(artefact: Artefact, rule: str, found_by: str = "") -> Wrongs:
    for name, line, column, message, hint, severity in call(
        "planning_kit.checks.openapi.found:faults", artefact.text, _lang(artefact)
    ):
        if name == rule:
            yield Wrong(line, message, hint, column, found_by, severity)


def _lang(artefact: Artefact) -> str:
    return "json" if artefact.lang == "json" else "yaml"


def _tool(artefact: Artefact, about: About) -> str:
    return f"{tool('openapi-spec-validator')}, {tool('jsonschema-rs')}"


KIND = Kind(
    _tool,
    (
        parses_its_openapi,
        validates_its_openapi,
        resolves_its_references,
        fits_its_examples,
        defines_its_security,
        declares_its_path_parameters,
        names_its_operations,
        tells_its_paths_apart,
        answers_its_requests,
        sends_bodies_that_count,
        spells_its_keywords,
    ),
)
