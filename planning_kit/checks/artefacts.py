"""Artefacts inside a document, each given to the tool of its field."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from ..diagram import fault as mermaid_fault
from ..document import Document, Fence
from .about import About

OPENAPI = f"openapi-spec-validator {version('openapi-spec-validator')}"
SQL = f"squawk {version('squawk-cli')}"
LARGEST = 2_000_000
"""The longest OpenAPI document that is checked, in characters."""

DATA = f"PyYAML {version('PyYAML')}, json"


def draws_its_diagrams(document: Document, about: About) -> Iterator[tuple[int, str]]:
    """Write diagrams as fenced mermaid blocks that the real Mermaid can read."""
    for fence in document.fences:
        if fence.lang == "mermaid" and (wrong := mermaid_fault(fence.text)):
            yield fence.line + wrong.line - 1, f"Mermaid cannot read this diagram: {wrong.message}"


def validates_its_openapi(document: Document, about: About) -> Iterator[tuple[int, str]]:
    """Write OpenAPI as one complete, valid document in a fenced yaml or json block, every $ref resolved."""
    from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

    for fence in document.fences:
        if (api := openapi_in(fence)) is None:
            continue
        said = str(api.get("openapi", ""))
        validator = OpenAPIV30SpecValidator if said.startswith("3.0") else OpenAPIV31SpecValidator
        try:
            for error in list(validator(api).iter_errors())[:20]:
                path = "/".join(str(part) for part in error.absolute_path)
                yield (
                    _line_of(fence, error.absolute_path),
                    f"OpenAPI at {path or 'the top'}: {str(error.message)[:200]}",
                )
        except Exception as error:  # the validator itself stumbles over some faults, e.g. status codes that are numbers
            yield (
                fence.line,
                f"OpenAPI cannot be validated: {type(error).__name__}: {str(error)[:200]}; quote the status codes and close every $ref",
            )
        for name in _unresolved(api):
            yield (
                fence.line + _offset(fence.text, name),
                f"OpenAPI: $ref {name!r} leads nowhere; define it under components",
            )


def parses_its_sql(document: Document, about: About) -> Iterator[tuple[int, str]]:
    """Write DDL in fenced sql blocks that parse (PostgreSQL, unless the block says another dialect)."""
    squawk = Path(sys.executable).with_name("squawk")
    for fence in document.fences:
        if fence.lang != "sql" or re.match(r"\s*--\s*dialect:\s*(?!postgres)", fence.text, re.I):
            continue
        command = [str(squawk) if squawk.exists() else "squawk", "--reporter", "json", "--stdin-filepath", "schema.sql"]
        ran = subprocess.run(command, input=fence.text, capture_output=True, text=True, timeout=60, check=False)
        for fault in json.loads(ran.stdout or "[]"):
            if fault["rule_name"] == "syntax-error":
                yield fence.line + fault["line"], f"SQL: {fault['message']}"


def parses_its_data(document: Document, about: About) -> Iterator[tuple[int, str]]:
    """Write fenced yaml and json blocks that parse."""
    for fence in document.fences:
        try:
            if fence.lang in ("yaml", "yml"):
                if at := _alias(fence.text):
                    yield fence.line + at - 1, "YAML: aliases are not checked; write the value out"
            elif fence.lang == "json":
                json.loads(fence.text)
        except yaml.MarkedYAMLError as error:
            yield fence.line + (error.problem_mark.line if error.problem_mark else 0), f"YAML: {error.problem}"
        except yaml.YAMLError as error:
            yield fence.line, f"YAML: {str(error)[:200]}"
        except ValueError as error:
            yield fence.line + getattr(error, "lineno", 1) - 1, f"JSON: {error}"
        except RecursionError:
            yield fence.line, "nested too deep"


def openapi_in(fence: Fence) -> dict[str, Any] | None:
    """The OpenAPI document in ``fence``, if that is what it holds and it parses."""
    if (
        fence.lang not in ("yaml", "yml", "json")
        or len(fence.text) > LARGEST
        or not re.search(r"(?m)^\s*[\"']?openapi[\"']?\s*:", fence.text)
    ):
        return None
    try:
        api = None if _alias(fence.text) else yaml.load(fence.text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return api if isinstance(api, dict) else None


def _alias(text: str) -> int:
    """The line (from 1) of the first YAML alias, 0 for none: a few lines of them can stand for gigabytes.

    Raises:
        yaml.YAMLError: it is not YAML.
    """
    events = yaml.parse(text, Loader=yaml.CSafeLoader)
    marks = (event.start_mark for event in events if isinstance(event, yaml.AliasEvent))
    return next((mark.line + 1 for mark in marks if mark), 0)


def _unresolved(api: dict[str, Any]) -> Iterator[str]:
    seen: set[str] = set()
    stack: list[Any] = [api]
    while stack and len(seen) < 10_000:
        node = stack.pop()
        if isinstance(node, dict):
            name = node.get("$ref")
            if isinstance(name, str) and name not in seen:
                seen.add(name)
                if not _resolves(api, name):
                    yield name
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


def _resolves(api: dict[str, Any], name: str) -> bool:
    node: Any = api
    for part in name.removeprefix("#/").split("/"):
        part = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(node, dict) or part not in node:
            return False
        node = node[part]
    return name.startswith("#/")


def _offset(text: str, needle: str) -> int:
    at = text.find(needle)
    return text.count("\n", 0, at) if at >= 0 else 0


def _line_of(fence: Fence, path: Any) -> int:
    """The line of the innermost key of ``path`` that can be found in order."""
    at = 0
    for part in path:
        found = re.compile(rf"(?m)^\s*[\"']?{re.escape(str(part))}[\"']?\s*:").search(fence.text, at)
        if found:
            at = found.end()
    return fence.line + fence.text.count("\n", 0, at)
