"""PromQL, checked by the parser of Prometheus (promql-parser): expressions, and the rules files that hold them.

The parser does not say where in an expression it stopped, so a finding names the line the expression starts on.
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
from .places import Path, Tree, Unreadable, every
from .wrong import Wrong, Wrongs, tool

Expression = tuple[int, str]
"""The line, from 1, an expression starts on, and its text."""

_RULES = re.compile(r"(?m)^[ \t]*(?:- )?[ \t]*(?:alert|record|expr):")
_LONGEST = 10_000
"""How long an expression may be, in characters."""
_VARIABLE = re.compile(r"\$\{?\w{1,80}(?::\w{1,20})?\}?")
_MOST_LINES = 300
"""Up to how many lines of a paragraph are tried one by one."""
_WITHIN = re.compile(r"\[([^\]\n]{0,80})\]")
_HINTS = (
    (r"expected type matrix", "give it a range: rate(http_requests_total[5m])"),
    (r"expected type vector.*got matrix|got matrix|range vector", "take the range away, or put it into rate(…[5m])"),
    (r"unclosed left parenthesis", "close the parenthesis"),
    (r"unexpected right parenthesis", "take the last parenthesis away, or open one"),
    (r"inside braces|unexpected character: '['\"]", 'write label matchers as {job="api", status=~"5.."}'),
    (r"unknown function", "use a function that Prometheus has"),
    (r"duration|inside brackets", "write the range as a number and a unit: [5m]"),
    (r"illegal regex", 'write a regular expression: =~".*value"'),
    (
        r"argument",
        "give the function the arguments it takes: histogram_quantile(0.95, sum by (le) (rate(…_bucket[5m])))",
    ),
)


def writes_its_promql(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write PromQL that Prometheus reads, one expression after the other with a blank line between them."""
    yield from wrongs(artefact.text, "rules" if is_rules(artefact.text) else "expressions")


def is_rules(text: str) -> bool:
    """Whether ``text`` is a file of alerting or recording rules, or a part of one."""
    return bool(_RULES.search(text)) and "expr:" in text


def wrongs(text: str, form: str) -> Iterator[Wrong]:
    """What is wrong with the expressions in ``text``, of one ``form``: ``rules`` (YAML) or ``expressions``."""
    for line, message, hint in call("planning_kit.checks.promql:faults", text, form):
        yield Wrong(line, f"PromQL: {message}", hint, tool=tool("promql-parser"))


def faults(text: str, form: str) -> list[tuple[int, str, str]]:
    """Line, message and hint for each expression of ``text`` that does not parse."""
    if form == "rules":
        try:
            expressions = [each for tree in every(text) for each in _of_rules(tree)]
        except Unreadable as error:
            return [(error.line, error.message, error.hint)]
        return [(line, *said) for line, each in expressions if (said := _fault(each))]
    return [fault for paragraph in _paragraphs(text) for fault in _of_paragraph(*paragraph)]


def _of_rules(tree: Tree) -> Iterator[Expression]:
    waiting: list[tuple[Path, Any]] = [((), tree.value)]
    while waiting:
        path, value = waiting.pop()
        for key, each in (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        ):
            if key == "expr" and ("alert" in value or "record" in value) and isinstance(each, str):
                line, _ = tree.values[(*path, key)]
                yield line, each
            elif isinstance(each, (dict, list)):
                waiting.append(((*path, key), each))


def _paragraphs(text: str) -> Iterator[Expression]:
    """The expressions that blank lines part; lines of a comment alone belong to the one after them."""
    held: list[str] = []
    start = 1
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.strip():
            start = start if held else number
            held.append(line)
        elif held:
            yield start, "\n".join(held)
            held = []


def _of_paragraph(start: int, text: str) -> list[tuple[int, str, str]]:
    """The faults of one paragraph: an expression over several lines, or one in each line."""
    lines = [(start + at, line) for at, line in enumerate(text.split("\n"))]
    lines = [(at, line) for at, line in lines if line.strip() and not line.lstrip().startswith("#")]
    whole = _fault("\n".join(line for _, line in lines)) if lines else None
    if not whole:
        return []
    if len(lines) > _MOST_LINES:
        return [(lines[0][0], *whole)]
    each = [(at, _fault(line)) for at, line in lines]
    wrong = [(at, *said) for at, said in each if said]
    apart = 2 * len(wrong) < len(lines) and not any(_goes_on(line) for _, line in lines)
    return wrong if apart and len(lines) > 1 else [(lines[0][0], *whole)]


def _goes_on(line: str) -> bool:
    """Whether an expression does not begin or end with this line."""
    return bool(re.match(r"\s|[)\]}/*+<>=-]|(?:and|or|unless|by|without|on)\b", line)) or line.rstrip().endswith(
        ("(", ",", "{")
    )


def _fault(expression: str) -> tuple[str, str] | None:
    """Why an expression does not parse, and what mends it; the variables of a dashboard stand for what they may be."""
    import promql_parser

    if len(expression) > _LONGEST:
        return f"the expression is longer than {_LONGEST} characters", "split it into recording rules"
    plain = _plain(expression)
    if not plain.strip() or "{{" in plain:
        return None
    try:
        promql_parser.parse(plain)
    except ValueError as error:
        said = " ".join(str(error).split())[:160]
        if said == "invalid promql query":
            return _unsaid(plain)
        return said, next((hint for looks, hint in _HINTS if re.search(looks, said)), "")
    return None


def _plain(expression: str) -> str:
    """An expression in which the variables of a dashboard have become what they may be."""
    plain = _WITHIN.sub(lambda range: "[" + _VARIABLE.sub("5m", range[1]) + "]", expression)
    return re.sub(r"(?<![\"'\w])\$\{?\w{1,80}\}?(?![\"'])", "1", plain) if "$" in plain else plain


def parsed(text: str, form: str) -> list[tuple[int, Any]]:
    """Each expression of ``text`` as promql-parser's tree, with the line it starts on; those that do not parse are left out. Runs aside."""
    if form == "rules":
        try:
            expressions = [each for tree in every(text) for each in _of_rules(tree)]
        except Unreadable:
            return []
    else:
        expressions = [each for paragraph in _paragraphs(text) for each in _apart(*paragraph)]
    return [(line, tree) for line, each in expressions if (tree := _tree(each)) is not None]


def _apart(start: int, text: str) -> list[Expression]:
    """A paragraph as the expressions it is: one over several lines, or one in each line."""
    lines = [(start + at, line) for at, line in enumerate(text.split("\n")[:_MOST_LINES])]
    lines = [(at, line) for at, line in lines if line.strip() and not line.lstrip().startswith("#")]
    whole = "\n".join(line for _, line in lines)
    return [(lines[0][0], whole)] if lines and _tree(whole) is not None else lines


def _tree(expression: str) -> Any:
    import promql_parser

    try:
        return promql_parser.parse(_plain(expression)) if 0 < len(expression.strip()) <= _LONGEST else None
    except ValueError:
        return None


def _unsaid(expression: str) -> tuple[str, str]:
    """What is wrong where the parser only says that something is."""
    if re.search(r"\)\s*(?:>|<|==)?\s*(?:by|without)\s+\w", expression):
        return "the labels after 'by' need parentheses", "write sum by (job) (…)"
    if re.search(r"(?i)\b(?:select|where|from)\b", expression):
        return "this is no PromQL expression", 'write a metric name with labels: http_requests_total{job="api"}'
    if expression.rstrip().endswith(tuple("+-*/><=%^")):
        return "the expression ends with an operator", "write what comes after it"
    return "this is no PromQL expression", "write one expression, and a blank line before the next"


def _tool(artefact: Artefact, about: About) -> str:
    return tool("promql-parser")


KIND = Kind(_tool, (writes_its_promql,))
