"""The pytest functions of an excerpt: what each calls and whether it asserts anything. Python reads it, in the process aside; nothing of it is run."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
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


@dataclass(frozen=True)
class Call:
    """A request a test sends: on a ``line`` of the excerpt, from 1, by ``method``, to a ``path`` in which ``{}`` stands for what is put in."""

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


def outline(text: str) -> list[dict[str, Any]]:
    """The test functions of ``text`` as values. Runs aside."""
    if len(text) > _MOST:
        return []
    try:
        tree = ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError):
        return []
    helpers = {each.name for each in _functions(tree) if any(isinstance(node, ast.Assert) for node in ast.walk(each))}
    return [_outlined(each, helpers) for each in _functions(tree) if each.name.startswith("test")]


_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(tree: ast.AST) -> Iterator[_Function]:
    return (each for each in ast.walk(tree) if isinstance(each, _Function))


def _outlined(function: _Function, helpers: set[str]) -> dict[str, Any]:
    inside = list(ast.walk(function))
    called = [(each, *_name(each.func)) for each in inside if isinstance(each, ast.Call)]
    asserts = any(isinstance(each, ast.Assert) for each in inside)
    asserts = asserts or any(name in helpers or _ASSERTING.search(name[:200]) for _, _, name in called)
    sent = [request for each, on, name in called if (request := _request(each, on, name))]
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


def _request(each: ast.Call, on: str, name: str) -> tuple[int, str, str] | None:
    """A request to the service: its line, method and path; the path is empty where it is not written out."""
    last = on.rpartition(".")[2]
    if not _CALLERS.search(last) or _MOCKS.search(on) or (name not in _VERBS and name != "request"):
        return None
    given = list(each.args) + [one.value for one in each.keywords if one.arg in ("url", "path")]
    method = name.upper()
    if name == "request":
        said = next((one.value for one in each.keywords if one.arg == "method"), given.pop(0) if given else None)
        method = str(said.value).upper() if isinstance(said, ast.Constant) else ""
    path = _path(given[0]) if given and method else ""
    return each.lineno, method, path


def _path(value: ast.expr) -> str:
    """A path that is written out, with ``{}`` for what is put in; empty if it is not."""
    said = _text(value)
    said = re.sub(r"^https?://[^/]{1,200}", "", said[:1_000])
    said = said[2:] if said.startswith("{}/") else said
    said = re.split(r"[?#]", said, maxsplit=1)[0]
    return re.sub(r"(?:\{\}){2,}", "{}", said) if said.startswith("/") else ""


def _text(value: ast.expr) -> str:
    if isinstance(value, ast.Constant):
        return value.value if isinstance(value.value, str) else "{}"
    if isinstance(value, ast.JoinedStr):
        return "".join(_text(each) if isinstance(each, ast.Constant) else "{}" for each in value.values)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        return _text(value.left) + _text(value.right)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod):
        return re.sub(r"%[a-z]", "{}", _text(value.left))
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "format":
        return re.sub(r"\{[^{}]{0,80}\}", "{}", _text(value.func.value))
    return "{}"
