"""OpenAPI, checked by openapi-spec-validator and by rules for what it misses."""

from __future__ import annotations

from typing import Any

from ..aside import Undone, call
from ..document import Document
from .about import About
from .artefact import Artefact, of_kind
from .kind import Kind
from .places import Unreadable, read
from .wrong import Wrong, Wrongs, tool


def validates_its_openapi(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write OpenAPI as one complete, valid document in a fenced yaml or json block, every $ref resolved."""
    for line, message in call("planning_kit.checks.openapi:faults", artefact.text, artefact.lang):
        yield Wrong(line, message, tool=tool("openapi-spec-validator"))


def documents_in(document: Document) -> list[dict[str, Any]]:
    """Every OpenAPI document in ``document`` that parses."""
    found = []
    for artefact in of_kind(document, "openapi"):
        try:
            found.append(call("planning_kit.checks.openapi:parsed", artefact.text, artefact.lang))
        except Undone:
            continue
    return [each for each in found if isinstance(each, dict)]


def parsed(text: str, lang: str) -> Any:
    """``text`` as values; nothing if it does not parse."""
    try:
        return read(text, lang).value
    except Unreadable:
        return None


def faults(text: str, lang: str) -> list[tuple[int, str]]:
    """What is wrong with an OpenAPI document, by line."""
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

    try:
        tree = read(text, lang)
    except Unreadable as error:
        return [(error.line, error.message)]
    validator = (
        OpenAPIV30SpecValidator if str(tree.value.get("openapi", "")).startswith("3.0") else OpenAPIV31SpecValidator
    )
    found = []
    for each in list(validator(tree.value).iter_errors())[:20]:
        path = tuple(each.absolute_path)
        found.append(
            (tree.at(path)[0], f"OpenAPI at {'/'.join(map(str, path)) or 'the top'}: {str(each.message)[:200]}")
        )
    return found


def _tool(artefact: Artefact, about: About) -> str:
    return tool("openapi-spec-validator")


KIND = Kind(_tool, (validates_its_openapi,))
