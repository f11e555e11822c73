"""Python modules read as syntax trees, never imported, and how they name each other."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from .source import Source

LARGEST = 200_000
"""A longer file is not parsed, in characters."""
MOST = 6_000_000
"""Characters that are parsed in all: about a second on one core."""
_KEPT = (
    "_router(", "register", "add_", "Router(", "Blueprint(", "FastAPI(", "Flask(", "Starlette(", "route(", ".mount(", "urlpatterns", ".get(", ".post(",
    ".put(", ".patch(", ".delete(", "create_table(", "Namespace(", "Api(",
)  # fmt: skip
"""What makes the inside of a function worth keeping: it may put an application together, or migrate."""
_SETTING = re.compile(
    r"(?m)^[ \t]*(\w+)[ \t]*(?::[ \t]*[\w.\[\]]+[ \t]*)?=[ \t]*(?:Field\((?:default=)?)?[\"']([^\"'\n]*)[\"']"
)
Function = ast.FunctionDef | ast.AsyncFunctionDef


def parse(text: str) -> ast.Module:
    """The syntax tree of ``text``; an empty one when it is too long, too deep or no Python."""
    if len(text) > LARGEST:
        return ast.Module([], [])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


def pruned(tree: ast.Module, lines: list[str]) -> ast.Module:
    """``tree`` without the insides of functions that put nothing together: most of the memory a syntax tree takes."""
    for node in statements(tree.body):
        if isinstance(node, Function):
            inside = "\n".join(lines[node.lineno : node.end_lineno])
            if not any(hint in inside for hint in _KEPT):
                node.body = []
    return tree


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement below ``body``, those inside functions and classes too, in the order of the text."""
    stack = list(reversed(body))
    while stack:
        node = stack.pop()
        yield node
        below: list[ast.stmt] = []
        for name in ("body", "orelse", "finalbody"):
            below += getattr(node, name, [])
        for part in (*getattr(node, "handlers", []), *getattr(node, "cases", [])):
            below += part.body
        stack += reversed(below)


def dotted(node: ast.AST | None) -> str:
    """``a.b.c`` for a name or an attribute of one, the function's name for a call; empty for anything else."""
    parts: list[str] = []
    for _ in range(20):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            break
    if isinstance(node, ast.Name):
        return ".".join([node.id, *reversed(parts)])
    return ""


def last(node: ast.AST | None) -> str:
    """The last part of a dotted name."""
    return dotted(node).rpartition(".")[2]


def given(call: ast.Call, *names: str, at: int | None = None) -> ast.expr | None:
    """A call's argument: by one of its ``names``, or at a position."""
    for keyword in call.keywords:
        if keyword.arg in names:
            return keyword.value
    return call.args[at] if at is not None and at < len(call.args) else None


@dataclass(frozen=True)
class Module:
    """One Python file: its source and its syntax tree."""

    source: Source
    tree: ast.Module

    @cached_property
    def statements(self) -> tuple[ast.stmt, ...]:
        """Every statement of the module."""
        return tuple(statements(self.tree.body))

    @cached_property
    def imports(self) -> dict[str, tuple[str, str]]:
        """Name in this module → the module it comes from (dots first when relative) and its name there (empty: the module itself)."""
        found: dict[str, tuple[str, str]] = {}
        for node in self.statements:
            if isinstance(node, ast.Import):
                for name in node.names:
                    found[name.asname or name.name.split(".")[0]] = (
                        name.name if name.asname else name.name.split(".")[0],
                        "",
                    )
            elif isinstance(node, ast.ImportFrom):
                for name in node.names:
                    found[name.asname or name.name] = ("." * node.level + (node.module or ""), name.name)
        return found

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """The classes of the module by name, nested ones too."""
        return {node.name: node for node in reversed(self.statements) if isinstance(node, ast.ClassDef)}

    @cached_property
    def functions(self) -> dict[str, Function]:
        """The functions at the top of the module."""
        return {node.name: node for node in self.tree.body if isinstance(node, Function)}

    @cached_property
    def constants(self) -> dict[str, ast.expr]:
        """Names that are given a value, also inside classes (settings)."""
        found: dict[str, ast.expr] = {}
        for node in self.statements:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                found.setdefault(node.targets[0].id, node.value)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
                found.setdefault(node.target.id, node.value)
        return found


class Modules:
    """The Python files of a codebase, each parsed when it is first asked for; ``unparsed`` are those that were too many."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._parsed: dict[str, Module] = {}
        self._left = MOST
        self.unparsed: list[str] = []

    def __getitem__(self, path: str) -> Module:
        if path not in self._parsed:
            source = self._sources[path]
            self._left -= len(source.text)
            if self._left < 0:
                self.unparsed.append(path)
            tree = pruned(parse(source.text), source.lines) if self._left >= 0 else ast.Module([], [])
            self._parsed[path] = Module(source, tree)
        return self._parsed[path]

    def find(self, name: str, asking: str) -> str:
        """The file of the module ``name`` as the file ``asking`` would import it; empty when it is not here."""
        folder = asking.rpartition("/")[0]
        level = len(name) - len(name.lstrip("."))
        parts = "/".join(part for part in name.split(".") if part)
        if level:
            for _ in range(level - 1):
                folder = folder.rpartition("/")[0]
            return self._file(folder, parts)
        while True:
            if found := self._file(folder, parts) or self._file(f"{folder}/src".lstrip("/"), parts):
                return found
            if not folder:
                return ""
            folder = folder.rpartition("/")[0]

    def _file(self, folder: str, parts: str) -> str:
        path = "/".join(part for part in (folder, parts) if part)
        wanted = (f"{path}.py", f"{path}/__init__.py") if parts else (f"{path}/__init__.py".lstrip("/"),)
        return next((each for each in wanted if each in self._sources), "")

    def whose(self, module: Module, name: str) -> tuple[str, str]:
        """Where the dotted ``name`` used in ``module`` is defined: its file and what it is called there.

        Imports and re-exports are followed five deep; a name that is not imported is the module's own.
        """
        path = module.source.path
        for _ in range(5):
            first, _, rest = name.partition(".")
            if first not in self[path].imports:
                return path, name
            origin, original = self[path].imports[first]
            if original:
                submodule = self.find(f"{origin}{'' if origin.endswith('.') else '.'}{original}", path)
                if submodule and (
                    rest or not self.find(origin, path) or original not in self[self.find(origin, path)].imports
                ):
                    path, name = submodule, rest
                    if not rest:
                        return path, ""
                    continue
                target, name = self.find(origin, path), f"{original}.{rest}".rstrip(".")
            else:
                parts = [origin, *rest.split(".")] if rest else [origin]
                cut = next((at for at in range(len(parts), 0, -1) if self.find(".".join(parts[:at]), path)), 0)
                target, name = self.find(".".join(parts[:cut]), path), ".".join(parts[cut:])
            if not target or target == path:
                return "", name
            path = target
            if not name:
                return path, ""
        return path, name

    def text(self, module: Module, node: ast.expr | None, deep: int = 4) -> str | None:
        """The string an expression stands for, constants followed; what is not known stays as ``{name}``; None when it is no string."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.FormattedValue) else part for part in node.values]
            return "".join(self.text(module, part, deep - 1) or "" for part in parts) if deep else None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and deep:
            return (self.text(module, node.left, deep - 1) or "") + (self.text(module, node.right, deep - 1) or "")
        if isinstance(node, ast.Name | ast.Attribute) and deep and (name := dotted(node)):
            path, inner = self.whose(module, name)
            if path:
                value = self[path].constants.get(inner.rpartition(".")[2])
                if value is not None and (found := self.text(self[path], value, deep - 1)) is not None:
                    return found
            owner, _, attribute = name.rpartition(".")
            return self._settings.get(attribute, f"{{{name}}}") if owner else f"{{{name}}}"
        return None

    @cached_property
    def _settings(self) -> dict[str, str]:
        """Name → text of what exactly one value is given to in all files of settings."""
        values: dict[str, set[str]] = {}
        for path, source in self._sources.items():
            if path.endswith(".py") and re.search(r"(?:^|/)\w*(?:settings|config)\w*(?:/|\.py$)", path):
                for name, text in _SETTING.findall(source.text):
                    values.setdefault(name, set()).add(text)
        return {name: next(iter(texts)) for name, texts in values.items() if len(texts) == 1}
