"""Code in documents: Python read by Python, other languages by tree-sitter's grammars, and what examples with curl call."""

from __future__ import annotations

import platform
from collections.abc import Iterator

from ...aside import call
from ...document import Document
from ..about import About
from ..artefact import Artefact
from ..kind import Kind
from ..openapi import documents_in, operations
from ..wrong import NotChecked, Wrong, Wrongs, tool
from . import curl
from .languages import LANGUAGES, PYTHON, SHELL, UNREAD

_PARSER = "tree-sitter of ast-grep-py"


def parses_its_code(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write code that parses in the language its fence names, complete, or as whole functions and classes."""
    by = _tool(artefact, about)
    whole = "yes" if artefact.name else ""
    if artefact.lang in SHELL:
        for line, column, message, hint, doubtful in call(
            "planning_kit.checks.code.shell:faults", artefact.text, whole
        ):
            severity = "error" if whole and not doubtful else "warning"
            yield Wrong(line, f"shell: {message}", hint, column, by, severity)
        return
    if artefact.lang in PYTHON:
        name, found = "Python", call("planning_kit.checks.code.python:fault", artefact.text, whole)
    else:
        name = LANGUAGES[artefact.lang].name
        found = call("planning_kit.checks.code.trees:fault", artefact.text, artefact.lang, whole)
    if found:
        line, column, message, hint = found
        if whole:
            yield Wrong(line, f"{name}: {message}", hint, column, by)
        else:
            complete = f"{hint}, or write the excerpt so that it is complete" if hint else "write it complete"
            yield Wrong(line, f"this cannot be read as {name}: {message}", complete, column, by, "warning")


def calls_what_the_api_has(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Call in examples with curl only operations that the OpenAPI document has, with their method and base path."""
    if artefact.lang not in SHELL or "curl" not in artefact.text:
        return
    sources = (document, *about.beside)
    offered = [each for one in sources for each in operations(one)]
    known = curl.api(offered, [each for one in sources for each in documents_in(one)] if offered else ())
    if not known.operations:
        return
    for each in _calls(artefact):
        if wrong := curl.mismatch(each, known):
            yield Wrong(each.line, *wrong, each.column)


def sends_what_it_says(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Send with curl complete JSON where the header says application/json."""
    if artefact.lang in SHELL and "curl" in artefact.text and "json" in artefact.text:
        for line, column, why in curl.bodies(call("planning_kit.checks.code.curl:calls", artefact.text)):
            yield Wrong(
                line,
                f"the body of this call is no JSON: {why}",
                "write it as complete JSON",
                column,
                severity="warning",
            )


def _calls(artefact: Artefact) -> Iterator[curl.Call]:
    return curl.called(call("planning_kit.checks.code.curl:calls", artefact.text), artefact.text)


def _tool(artefact: Artefact, about: About) -> str:
    if artefact.lang in PYTHON:
        return f"Python {platform.python_version()}"
    if artefact.lang in LANGUAGES or artefact.lang in SHELL:
        return tool("ast-grep-py", _PARSER)
    raise NotChecked(UNREAD.get(artefact.lang, f"no parser for {artefact.lang} is installed"))


KIND = Kind(_tool, (parses_its_code, calls_what_the_api_has, sends_what_it_says))
