"""Gherkin, checked by the parser of Cucumber (gherkin-official), and whether its scenarios can be tested.

Rules by cucumber.io/docs/gherkin/reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..aside import call
from ..document import Document
from .about import About
from .artefact import Artefact
from .kind import Kind
from .wrong import Wrong, Wrongs, tool

_LANGUAGE = re.compile(r"\s*#\s*language\s*:\s*([\w-]+)")
_PLACEHOLDER = re.compile(r"<([^<>\n]{1,60})>")
_EXPECTED = re.compile(r"^\(\d+:\d+\): ")
_MOST = 20

Fault = tuple[str, int, int, str, str, str]
"""Topic, line, column, message, hint, severity."""


def parses_its_gherkin(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write acceptance tests as Gherkin that Cucumber reads: Feature, Scenario, then Given, When, Then."""
    yield from _said(artefact, "parse")


def fills_its_outlines(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write each Scenario Outline with Examples that have a column for every <placeholder>."""
    yield from _said(artefact, "outline")


def tests_something_in_each_scenario(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write each scenario with a name of its own, Given (or a Background), When and Then, in that order."""
    yield from _said(artefact, "steps")


def _said(artefact: Artefact, topic: str) -> Iterator[Wrong]:
    for about, line, column, message, hint, severity in call("planning_kit.checks.gherkin:faults", artefact.text):
        if about == topic:
            by = tool("gherkin-official", "Gherkin") if topic == "parse" else ""
            yield Wrong(line, message, hint, column, by, severity)


def faults(text: str) -> list[Fault]:
    """What is wrong with ``text``, scenarios or steps without a feature included."""
    from gherkin.errors import CompositeParserException, ParserError
    from gherkin.parser import Parser
    from gherkin.token_scanner import TokenScanner

    said = _LANGUAGE.match(text)
    language = said[1] if said else "en"
    if not (words := _words(language)):
        return [("parse", 1, 0, f"Gherkin has no language '{language}'", "name one it has: # language: de", "error")]
    whole, shift = _made_whole(text, words)
    try:
        read: dict[str, Any] = Parser().parse(TokenScanner(whole))  # type: ignore[assignment]
    except CompositeParserException as error:
        return [_unread(each, shift, text, language) for each in error.errors[:_MOST]]
    except ParserError as error:
        return [_unread(error, shift, text, language)]
    found = list(_of_feature(read.get("feature") or {}, words))
    return [each[:1] + (max(1, each[1] - shift),) + each[2:] for each in found]


def _words(language: str) -> dict[str, list[str]]:
    """The keywords of a language; none if there is no such language."""
    from gherkin.dialect import Dialect

    dialect = Dialect.for_name(language)
    if not dialect:
        return {}
    return {
        "feature": list(dialect.feature_keywords),
        "scenario": [
            *dialect.scenario_keywords,
            *dialect.scenario_outline_keywords,
            *dialect.background_keywords,
            *dialect.rule_keywords,
        ],  # fmt: skip
        "outline": list(dialect.scenario_outline_keywords),
        "step": [
            each.strip()
            for each in (
                *dialect.given_keywords,
                *dialect.when_keywords,
                *dialect.then_keywords,
                *dialect.and_keywords,
                *dialect.but_keywords,
            )
        ],  # fmt: skip
    }


def _made_whole(text: str, words: dict[str, list[str]]) -> tuple[str, int]:
    """``text`` as a feature, and by how many lines it moved down."""
    lines = [line.strip() for line in text.split("\n")]
    first = next((line for line in lines if line and not line.startswith(("#", "@"))), "")
    head: list[str] = []
    if _begins(first, words["scenario"], ":"):
        head = [f"{words['feature'][0]}: x"]
    elif _begins(first, words["step"], " "):
        head = [f"{words['feature'][0]}: x", f"{words['scenario'][0]}: x"]
    said = _LANGUAGE.match(text)
    if said and head:
        head.insert(0, f"# language: {said[1]}")
    return "\n".join([*head, text]), len(head)


def _begins(line: str, words: list[str], end: str) -> bool:
    return any(line.startswith(word + end) for word in words if word != "*" or end == " ")


def _unread(error: Any, shift: int, text: str, language: str) -> Fault:
    place = getattr(error, "location", None) or {}
    line = max(1, int(place.get("line", 1)) - shift)
    message = _EXPECTED.sub("", str(error))
    shown = text.split("\n")[line - 1].strip() if line <= text.count("\n") + 1 else ""
    if "unexpected end of file" in message and "#DocStringSeparator" in message:
        line = _opened(text, line)
        return ("parse", line, 0, "this text is never closed", f"close it with {text.split(chr(10))[line - 1].strip()[:3]}", "error")  # fmt: skip
    if "got '" in message:
        message = f"Gherkin does not expect '{shown[:80]}' here"
    return ("parse", line, int(place.get("column", 0)), message, _hint(shown, message, language), "error")


def _opened(text: str, line: int) -> int:
    """The line the last text between quotation marks begins on; ``line`` if there is none."""
    marks = [at for at, each in enumerate(text.split("\n"), 1) if each.strip().startswith(('"""', "```"))]
    return marks[-1] if marks else line


def _hint(shown: str, message: str, language: str) -> str:
    import difflib

    from gherkin.dialect import DIALECTS

    if "cell count" in message:
        return "give every row of the table as many cells as its first"
    word = re.split(r"[\s:]", shown, maxsplit=1)[0]
    keywords = {each for values in _words(language).values() for each in values if each != "*"}
    if shown.startswith(tuple(f"{each}:" for each in _words(language)["feature"])):
        return "write one feature in a block"
    if shown.startswith("|"):
        return "put the table under a step or under Examples"
    foreign = next((name for name in ("de", "fr", "es", "it", "nl", "pt", "pl", "en") if name != language and name in DIALECTS and any(shown.startswith(f"{each}:") for each in (*_words(name)["feature"], *_words(name)["scenario"]))), "")  # fmt: skip
    if foreign:
        return f"write '# language: {foreign}' first"
    if close := difflib.get_close_matches(word, sorted({each.split()[0] for each in keywords}), 1, 0.7):
        return f"write '{close[0]}'" + (":" if shown.startswith(word) and close[0] == word else "")
    return "begin a step with Given, When, Then, And or But, and a free text right after the heading it explains"


def _of_feature(feature: dict[str, Any], words: dict[str, list[str]]) -> Iterator[Fault]:
    import difflib

    if feature and not any("scenario" in each or "rule" in each for each in feature["children"]):
        line, column = feature["location"]["line"], feature["location"].get("column", 0)
        for at, each in enumerate((feature.get("description") or "").split("\n"), 1):
            word = each.strip().partition(":")[0]
            if ":" in each and (close := difflib.get_close_matches(word[:40], words["scenario"], 1, 0.75)):
                yield "steps", line + at, 0, f"Gherkin does not know '{word[:40]}:'", f"write {close[0]}:", "warning"
                return
        yield "steps", line, column, "the feature has no scenarios", "write Scenario: before its steps", "warning"
    yield from _of_children(feature.get("children", ()), False, {}, words)


def _of_children(children: Any, given: bool, seen: dict[str, int], words: dict[str, list[str]]) -> Iterator[Fault]:
    for child in children:
        if background := child.get("background"):
            given = given or bool(background["steps"])
        elif rule := child.get("rule"):
            yield from _of_children(rule["children"], given, {}, words)
        elif scenario := child.get("scenario"):
            yield from _of_steps(scenario, given)
            yield from _of_outline(scenario, words)
            place = scenario["location"]
            if scenario["name"] and scenario["name"] in seen:
                said = f"two scenarios are called '{scenario['name'][:80]}'"
                yield (
                    "steps",
                    place["line"],
                    place.get("column", 0),
                    said,
                    "give each a name that says what differs",
                    "warning",
                )
            seen.setdefault(scenario["name"], place["line"])


def _of_steps(scenario: dict[str, Any], given: bool) -> Iterator[Fault]:
    place = scenario["location"]
    kinds = [step.get("keywordType", "Unknown") for step in scenario["steps"]]
    name = f"the scenario '{scenario['name'][:80]}'"
    here = ("steps", place["line"], place.get("column", 0))
    if kinds[:1] == ["Conjunction"]:
        first = scenario["steps"][0]
        yield "steps", first["location"]["line"], first["location"].get("column", 0), "the first step goes on from nothing", "begin with Given or When", "warning"  # fmt: skip
    if "Unknown" in kinds:
        return
    if not kinds:
        yield *here, f"{name} has no steps", "write Given, When and Then", "warning"
        return
    wanted = (("Context", "Given", "says nothing of how it begins"), ("Action", "When", "does nothing"), ("Outcome", "Then", "expects nothing"))  # fmt: skip
    for kind, word, lacks in wanted:
        if kind not in kinds and not (kind == "Context" and (given or kinds[0] == "Conjunction")):
            yield *here, f"{name} {lacks}", f"add a step with {word}", "warning"


def _of_outline(scenario: dict[str, Any], words: dict[str, list[str]]) -> Iterator[Fault]:
    place = scenario["location"]
    here = ("outline", place["line"], place.get("column", 0))
    tables = [each for each in scenario["examples"] if each.get("tableHeader")]
    if not any(each["tableBody"] for each in tables):
        if scenario["keyword"].strip() in words["outline"] or scenario["examples"]:
            yield (
                *here,
                f"the outline '{scenario['name'][:80]}' has no examples",
                "add Examples: with a header and a row",
                "error",
            )
        return
    for table in tables:
        columns = [cell["value"] for cell in table["tableHeader"]["cells"]]
        used: set[str] = set()
        for step in scenario["steps"]:
            for name in _placeholders(step):
                used.add(name)
                if name not in columns and not _is_markup(step["text"]):
                    at = step["location"]
                    yield "outline", at["line"], at.get("column", 0), f"the examples have no column '{name}'", f"add a column '{name}', or write one of: {', '.join(columns)}", "error"  # fmt: skip
        used |= set(_PLACEHOLDER.findall(scenario["name"]))
        for column in columns:
            if column not in used and not re.search(r"(?i)comment|note|case|description|reason|why|id", column):
                at = table["tableHeader"]["location"]
                yield "outline", at["line"], at.get("column", 0), f"no step uses the column '{column}'", f"use <{column}> in a step, or leave the column out", "warning"  # fmt: skip


def _placeholders(step: dict[str, Any]) -> list[str]:
    """The placeholders of a step, in its table and text too."""
    rows = step.get("dataTable", {}).get("rows", ())
    cells = [cell["value"] for row in rows for cell in row["cells"]]
    own = _PLACEHOLDER.findall(step["text"])
    more = [
        name for text in (*cells, step.get("docString", {}).get("content", "")) for name in _PLACEHOLDER.findall(text)
    ]
    return own + [name for name in more if re.fullmatch(r"[a-z][\w ]*", name) and name in own]


def _is_markup(text: str) -> bool:
    return bool(re.search(r"</\w+>|<script|<\w+/>", text))


def _tool(artefact: Artefact, about: About) -> str:
    return tool("gherkin-official", "Gherkin")


KIND = Kind(_tool, (parses_its_gherkin, fills_its_outlines, tests_something_in_each_scenario))
