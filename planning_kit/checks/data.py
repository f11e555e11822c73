"""JSON, YAML and TOML, each by its standard parser."""

from __future__ import annotations

from ..aside import call
from ..document import Document
from .about import About
from .artefact import Artefact
from .kind import Kind, nothing_checks
from .places import Unreadable, read
from .wrong import Wrong, Wrongs, tool


def parses_its_data(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write fenced yaml, json and toml blocks that parse."""
    lang = "json" if artefact.kind == "json" else "yaml"
    if said := call("planning_kit.checks.data:fault", artefact.text, lang):
        line, column, message, hint = said
        yield Wrong(line, f"{lang.upper()}: {message}", hint, column, tool("PyYAML") if lang == "yaml" else "json")


def fault(text: str, lang: str) -> tuple[int, int, str, str] | None:
    """Why ``text`` does not parse: line, column, message, hint; nothing when it does."""
    try:
        read(text, lang)
    except Unreadable as error:
        return error.line, error.column, error.message, error.hint
    return None


def _tool(artefact: Artefact, about: About) -> str:
    return tool("PyYAML")


JSON = Kind(_tool, (parses_its_data,))
YAML = Kind(_tool, (parses_its_data,))
TOML = nothing_checks("no tool for {lang} yet")
