"""The pytest functions of an excerpt: what each calls and whether it asserts anything. Python reads it, in the process aside; nothing of it is run."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...aside import Undone, call

_VERBS = ("get", "post", "put", "patch", "delete", "head", "options")
_CALLERS = re.compile(r"(?i)client|api|http|session|\bapp\b|requests|browser|service")
"""What an operation is called on; mocks and other services have other names."""
_MOCKS = re.compile(r"(?i)mock|stub|fake|respx|responses|wiremock|external|provider|gateway")
_ASSERTING = re.compile(r"(?i)(?:^|_)(?:assert\w*|raises|warns|fails?|check\w*|verif\w*|expect\w*|validate\w*|ensure\w*|must\w*|raise_for_status|case)(?:_|$)")  # fmt: skip
_PLAIN = frozenset({*_VERBS, "request", "json", "print", "range", "len", "str", "int", "dict", "list", "uuid4", "format", "append", "sleep", "items", "now", "isoformat", "fixture"})  # fmt: skip
"""Calls that assert nothing."""
_REFUSED = frozenset({404, 405, 501})
_MOST = 300_000
_NAMED = 300
"""So many characters of a text that has a name are read."""


@dataclass(frozen=True)
class Call:
    """A request a test sends: on a ``line`` of the excerpt, from 1, by ``method``, to a ``path`` in which ``{}`` stands for what is put in, at its beginning for all that comes before."""

    line: int
    method: str
    path: str


@dataclass(frozen=True)
class Test:
    """A test function: its ``name`` and ``line``, what it ``calls``, whether it ``asserts``, whether every call in it is one that cannot (``bare``), whether it
    expects that there is no such operation (``refused``), and whether it calls something that is not written out (``indirect``)."""

    __test__ = False

    name: str
    line: int
    calls: tuple[Call, ...]
    asserts: bool
    bare: bool
    refused: bool
    indirect: bool


def tests_in(text: str) -> tuple[Test, ...]:
    """The test functions of ``text``; none of one that cannot be read."""
    try:
        found = call("planning_kit.checks.service.tested_python:outline", text)
    except Undone:
        return ()
    return tuple(Test(**{**each, "calls": tuple(Call(*one) for one in each["calls"])}) for each in found)


def helping(text: str) -> tuple[Call, ...]:
    """What the fixtures and helpers of ``text`` call that no test calls itself; nothing of one that cannot be read."""
    try:
        return tuple(Call(*one) for one in call("planning_kit.checks.service.tested_python:outline_helpers", text))
    except Undone:
        return ()


def outline_helpers(text: str) -> list[tuple[int, str, str]]:
    """The requests that stand in no test of ``text``, as values. Runs aside."""
    if (tree := _parsed(text)) is None:
        return []
    named = _constants(tree)
    tests = [each for each in _functions(tree) if each.name.startswith("test")]
    inside = {id(node) for each in tests for node in ast.walk(each)}
    called = (each for each in ast.walk(tree) if isinstance(each, ast.Call) and id(each) not in inside)
    sent = (_request(each, *_name(each.func), named) for each in called)
    return [one for one in sent if one and one[2]]


def _parsed(text: str) -> ast.Module | None:
    """``text`` as Python; nothing if it is none, or too long."""
    try:
        return ast.parse(textwrap.dedent(text)) if len(text) <= _MOST else None
    except (SyntaxError, ValueError):
        return None


def outline(text: str) -> list[dict[str, Any]]:
    """The test functions of ``text`` as values. Runs aside."""
    if (tree := _parsed(text)) is None:
        return []
    helpers = {each.name for each in _functions(tree) if any(isinstance(node, ast.Assert) for node in ast.walk(each))}
    named = _constants(tree)
    return [_outlined(each, helpers, named) for each in _functions(tree) if each.name.startswith("test")]


_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(tree: ast.AST) -> Iterator[_Function]:
    return (each for each in ast.walk(tree) if isinstance(each, _Function))


def _constants(tree: ast.AST) -> dict[str, str]:
    """Names that are given one text and no other, in the order they are written, with ``{}`` in it for what is put in."""
    found: dict[str, str] = {}
    for each in sorted((one for one in ast.walk(tree) if isinstance(one, ast.Assign)), key=lambda one: one.lineno):
        for name in (one.id if isinstance(one, ast.Name) else one.attr for one in each.targets if isinstance(one, (ast.Name, ast.Attribute))):  # fmt: skip
            said = _text(each.value, found)[:_NAMED]
            found[name] = said if found.get(name, said) == said else "{}"
    return found


def _outlined(function: _Function, helpers: set[str], named: Mapping[str, str]) -> dict[str, Any]:
    inside = list(ast.walk(function))
    called = [(each, *_name(each.func)) for each in inside if isinstance(each, ast.Call)]
    asserts = any(isinstance(each, ast.Assert) for each in inside)
    asserts = asserts or any(name in helpers or _ASSERTING.search(name[:200]) for _, _, name in called)
    sent = [request for each, on, name in called if (request := _request(each, on, name, named))]
    return {
        "name": function.name[:120], "line": function.lineno, "calls": [one for one in sent if one[2]], "asserts": asserts,
        "bare": all(name in _PLAIN for _, _, name in called),
        "refused": any(isinstance(each, ast.Constant) and each.value in _REFUSED and type(each.value) is int for each in inside),
        "indirect": any(not one[2] for one in sent) or any(name not in _PLAIN for _, _, name in called),
    }  # fmt: skip


def _name(func: ast.expr) -> tuple[str, str]:
    """What a function is called on, and its name."""
    if isinstance(func, ast.Attribute):
        return ast.unparse(func.value)[:200], func.attr
    return "", func.id if isinstance(func, ast.Name) else ""


def _request(each: ast.Call, on: str, name: str, named: Mapping[str, str]) -> tuple[int, str, str] | None:
    """A request to the service: its line, method and path; the path is empty where it is not written out."""
    last = on.rpartition(".")[2]
    if not _CALLERS.search(last) or _MOCKS.search(on) or (name not in _VERBS and name != "request"):
        return None
    given = list(each.args) + [one.value for one in each.keywords if one.arg in ("url", "path")]
    method = name.upper()
    if name == "request":
        said = next((one.value for one in each.keywords if one.arg == "method"), given.pop(0) if given else None)
        method = str(said.value).upper() if isinstance(said, ast.Constant) else ""
    path = _path(given[0], named) if given and method else ""
    return each.lineno, method, path


def _path(value: ast.expr, named: Mapping[str, str]) -> str:
    """A path that is written out, with ``{}`` for what is put in and before what it begins with unless that is a slash; empty if it is not."""
    said = re.sub(r"^https?://[^/]{1,200}", "", _text(value, named)[:1_000])
    said = re.split(r"[?#]", said, maxsplit=1)[0]
    said = re.sub(r"(?:\{\}){2,}", "{}", said)
    return said if said.startswith(("/", "{}/")) else ""


def _text(value: ast.expr, named: Mapping[str, str]) -> str:
    if isinstance(value, ast.Constant):
        return value.value if isinstance(value.value, str) else "{}"
    if isinstance(value, ast.Name):
        return named.get(value.id, "{}")
    if isinstance(value, ast.Attribute):
        return named.get(value.attr, "{}")
    if isinstance(value, ast.FormattedValue):
        return _text(value.value, named) if isinstance(value.value, (ast.Name, ast.Attribute)) else "{}"
    if isinstance(value, ast.JoinedStr):
        return "".join(_text(each, named)[:1_000] for each in value.values[:100])
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        return (_text(value.left, named) + _text(value.right, named))[:2_000]
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod):
        return re.sub(r"%[a-z]", "{}", _text(value.left, named))
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "format":
        return re.sub(r"\{[^{}]{0,80}\}", "{}", _text(value.func.value, named))
    return "{}"
