"""JSON, YAML and TOML, each by its standard parser; alerting rules in YAML also by what reads PromQL."""

from __future__ import annotations

import re
import tomllib

from ..aside import call
from ..document import Document
from . import promql
from .about import About
from .artefact import Artefact
from .kind import Kind
from .places import Unreadable, read
from .schemas import agrees_with_the_schema_beside_it
from .wrong import NotChecked, Wrong, Wrongs, tool

_TEMPLATE = re.compile(r"\{\{[^\n]{0,300}\}\}|\{%[^\n]{0,300}%\}")
_EXCERPT = (
    (re.compile(r"(?m)^[ \t]*(?:- )?(?:runs-on|uses):"), "an excerpt of a workflow"),
    (re.compile(r"(?m)^[ \t]*(?:- )?(?:deployment|task|vmImage):"), "an excerpt of a pipeline"),
    (re.compile(r"(?m)^[ \t]*(?:- )?(?:before_script|script|stage):"), "an excerpt of a pipeline"),
)
_TOML_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_TOML_HINTS = (
    (r"Invalid value", "quote the text, or write true, false or a number"),
    (r"Expected '=' after a key", "write key = value"),
    (r"Expected newline or end of document", "begin a new line after the value; quote a text with spaces"),
    (r"Cannot (?:overwrite|declare|define|mutate)", "keep one of the two"),
    (r"Unclosed array|Unclosed inline table", "close the bracket"),
    (r"Illegal character|Unterminated string|Expected", "close the quotation mark or bracket, on the same line"),
    (r"Unescaped|Invalid.*escape|Found invalid character", "double the backslash, or use single quotes"),
)


def parses_its_data(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write fenced json, yaml and toml blocks that parse: no comments in json, no "..." for what is left out."""
    lang = "yaml" if artefact.kind not in ("json", "toml") else artefact.kind
    if said := _fault(artefact, lang):
        line, column, message, hint = said
        by = {"json": "json", "yaml": "", "toml": "tomllib"}[lang] or tool("PyYAML")
        yield Wrong(line, f"{lang.upper()}: {message}", hint, column, by)


def writes_rules_that_prometheus_reads(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write alerting and recording rules whose expressions are PromQL."""
    if promql.is_rules(artefact.text):
        yield from promql.wrongs(artefact.text, "rules")


def fault(text: str, lang: str) -> tuple[int, int, str, str] | None:
    """Why ``text`` does not parse: line, column, message, hint; nothing when it does."""
    try:
        if lang == "toml":
            tomllib.loads(text)
        else:
            read(text, lang)
    except Unreadable as error:
        return error.line, error.column, error.message, error.hint
    except tomllib.TOMLDecodeError as error:
        return _toml_fault(text, str(error))
    return None


def _toml_fault(text: str, said: str) -> tuple[int, int, str, str]:
    place = _TOML_PLACE.search(said)
    line, column = (int(place[1]), int(place[2])) if place and place[1] else (max(1, text.rstrip().count("\n") + 1), 0)
    message = said[: place.start()] if place else said
    hint = next((hint for looks, hint in _TOML_HINTS if re.search(looks, message)), "")
    before = text.split("\n")[line - 1][: max(column - 1, 0)]
    if message == "Invalid value" and re.match(r"(?:True|False|None|null)\b", text.split("\n")[line - 1][column - 1 :]):
        hint = "write true or false; TOML has no null: leave the key out"
    elif message.startswith("Cannot") and not before.strip() and line > 1:
        line, column = line - 1, 0  # it is seen once the line has ended
    return line, column, message, hint


def _fault(artefact: Artefact, lang: str) -> tuple[int, int, str, str] | None:
    said = call("planning_kit.checks.data:fault", artefact.text, lang, seconds=5)
    return tuple(said) if said else None


def _json_tool(artefact: Artefact, about: About) -> str:
    _not_a_template(artefact, "json")
    return "json (Python)"


def _yaml_tool(artefact: Artefact, about: About) -> str:
    _not_a_template(artefact, "yaml")
    excerpt = next((what for looks, what in _EXCERPT if looks.search(artefact.text)), "")
    return tool("PyYAML") + (f", as plain YAML: {excerpt}" if excerpt else "")


def _toml_tool(artefact: Artefact, about: About) -> str:
    _not_a_template(artefact, "toml")
    return "tomllib (Python)"


def _not_a_template(artefact: Artefact, lang: str) -> None:
    """Nothing, unless the text is one that becomes ``lang`` only when it is filled in."""
    if _TEMPLATE.search(artefact.text) and _fault(artefact, lang):
        raise NotChecked("a template: it is no " + lang + " until it is filled in")


JSON = Kind(_json_tool, (parses_its_data, agrees_with_the_schema_beside_it))
YAML = Kind(_yaml_tool, (parses_its_data, writes_rules_that_prometheus_reads))
TOML = Kind(_toml_tool, (parses_its_data,))
