"""What a Python project declares: requirements files, pyproject.toml, setup.cfg, setup.py (never run), Pipfile."""

from __future__ import annotations

import ast
import configparser
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from .declared import (
    DEV,
    LONGEST_LINE,
    OPTIONAL,
    RUN,
    Dependency,
    Lines,
    Manifest,
    Spoken,
    for_work,
    key,
    readable,
    toml,
)

Text = Callable[[str], str]

_INCLUDE = re.compile(r"(?:-r|--requirement)[ =]?\s*(\S+)")
_ORDER = ("===", "==", "~=", ">=", ">", "!=", "<=", "<")
_MOST_INCLUDES = 20


def requirements(path: str, text: Text) -> Manifest:
    """A requirements file with the files it includes (pip's requirements file format)."""
    scope = DEV if for_work(path.rpartition("/")[2].removesuffix(".txt").removesuffix(".in")) else RUN
    found = list(_required(path, text, scope, set()))
    return Manifest(path, "python", tuple(found))


def _required(path: str, text: Text, scope: str, seen: set[str]) -> Iterator[Dependency]:
    if path in seen or len(seen) >= _MOST_INCLUDES:
        return
    seen.add(path)
    for number, line in enumerate(text(path).split("\n"), 1):
        line = line.strip()[:LONGEST_LINE]
        if include := _INCLUDE.match(line):
            inside = posixpath.normpath(posixpath.join(posixpath.dirname(path), include.group(1)))
            if not inside.startswith(("../", "/")):
                yield from _required(inside, text, scope, seen)
        elif line and not line.startswith(("-", "#")) and (each := _one(line, path, number, scope)):
            yield each


def _one(line: str, path: str, number: int, scope: str) -> Dependency | None:
    """One requirement (PEP 508), or nothing when it is not one."""
    try:
        asked = Requirement(re.split(r"\s#|\s--|\\$|\s;\s*$", line)[0].strip())
    except InvalidRequirement:
        return None
    return Dependency(key(asked.name), _specified(asked.specifier), path, number, scope)


def _specified(specifier: SpecifierSet) -> str:
    parts = sorted(specifier, key=lambda each: _ORDER.index(each.operator))
    return readable(",".join(f"{each.operator}{each.version}" for each in parts))


def _many(entries: object, path: str, lines: Lines, after: int, scope: str) -> Iterator[Dependency]:
    """Requirements of a list, each at the line of its name."""
    for entry in entries if isinstance(entries, list | tuple) else ():
        if isinstance(entry, str) and (each := _one(entry, path, 0, scope)):
            yield Dependency(each.name, each.version, path, lines.word(each.name, after), scope)


def pyproject(path: str, text: Text) -> Manifest | None:
    """A pyproject.toml: PEP 621, PEP 735, poetry, uv and pdm."""
    data, lines = toml(text(path)), Lines(text(path))
    project, tool = table(data, "project"), table(data, "tool")
    found = list(_many(project.get("dependencies"), path, lines, lines.start("dependencies"), RUN))
    after = lines.start("[project.optional-dependencies")
    for name, entries in table(project, "optional-dependencies").items():
        found += _many(entries, path, lines, after, DEV if for_work(name) else OPTIONAL)
    groups, after = table(data, "dependency-groups"), lines.start("[dependency-groups")
    for name, entries in groups.items():
        found += _many(entries, path, lines, after, DEV if for_work(name) else RUN)
    for name in ("uv", "pdm"):
        old = table(tool, name).get("dev-dependencies")
        for entries in old.values() if isinstance(old, dict) else [old]:
            found += _many(entries, path, lines, lines.start("dev-dependencies", f"[tool.{name}.dev"), DEV)
    found += _poetry(table(tool, "poetry"), path, lines)
    version = project.get("requires-python") or table(table(tool, "poetry"), "dependencies").get("python")
    line = lines.word("requires-python" if "requires-python" in project else "python", lines.start("[tool.poetry.dep"))
    spoken = (Spoken("Python", readable(version), path, line),) if isinstance(version, str) else ()
    members = strings(table(table(table(tool, "uv"), "workspace"), "members", list))
    named = bool(project or table(tool, "poetry") or found or table(tool, "flit"))
    return Manifest(path, "python", tuple(found), spoken, members, named)


def _poetry(poetry: Mapping[str, Any], path: str, lines: Lines) -> Iterator[Dependency]:
    tables = [("[tool.poetry.dependencies", table(poetry, "dependencies"), RUN)]
    tables.append(("[tool.poetry.dev-dependencies", table(poetry, "dev-dependencies"), DEV))
    for name, group in table(poetry, "group").items():
        inner = table(group, "dependencies") if isinstance(group, dict) else {}
        tables.append((f"[tool.poetry.group.{name}.", inner, DEV if for_work(name) else RUN))
    for header, dependencies, scope in tables:
        after = lines.start(header)
        for name, asked in dependencies.items():
            if key(name) != "python":
                optional = isinstance(asked, dict) and asked.get("optional") is True
                version = readable(asked.get("version") if isinstance(asked, dict) else asked)
                yield Dependency(key(name), version, path, lines.word(name, after), OPTIONAL if optional else scope)


def pipfile(path: str, text: Text) -> Manifest:
    """A Pipfile."""
    data, lines = toml(text(path)), Lines(text(path))
    found = []
    for header, scope in (("packages", RUN), ("dev-packages", DEV)):
        for name, asked in table(data, header).items():
            version = readable(asked.get("version") if isinstance(asked, dict) else asked)
            found.append(Dependency(key(name), version, path, lines.word(name, lines.start(f"[{header}]")), scope))
    version = table(data, "requires").get("python_version") or table(data, "requires").get("python_full_version")
    line = lines.start("python_version", "python_full_version")
    return Manifest(path, "python", tuple(found), (Spoken("Python", readable(version), path, line),) if version else ())


def setup_cfg(path: str, text: Text) -> Manifest | None:
    """A setup.cfg of setuptools."""
    if any(
        len(line) > LONGEST_LINE for line in text(path).split("\n")
    ):  # its reader takes the square of a line's length
        return None
    config = configparser.ConfigParser(interpolation=None, strict=False)
    config.read_string(text(path))
    lines = Lines(text(path))
    if not (config.has_section("metadata") or config.has_section("options")):
        return None
    wanted = config.get("options", "install_requires", fallback="").split("\n")
    found = list(_many(wanted, path, lines, lines.start("install_requires"), RUN))
    if config.has_section("options.extras_require"):
        for name, entries in config.items("options.extras_require"):
            after = lines.start("[options.extras_require]")
            found += _many(entries.split("\n"), path, lines, after, DEV if for_work(name) else OPTIONAL)
    version = config.get("options", "python_requires", fallback="")
    line = lines.start("python_requires")
    return Manifest(path, "python", tuple(found), (Spoken("Python", readable(version), path, line),) if version else ())


def setup_py(path: str, text: Text) -> Manifest | None:
    """A setup.py, read as a syntax tree: what is written out as a literal, or as a name for one."""
    tree, lines = ast.parse(text(path)), Lines(text(path))
    named = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    setup = next((call for call in calls if _called(call) == "setup"), None)
    if setup is None:
        return None
    given = {word.arg: _literal(word.value, named) for word in setup.keywords if word.arg}
    found = list(_many(given.get("install_requires"), path, lines, 0, RUN))
    extras = given.get("extras_require")
    for name, entries in extras.items() if isinstance(extras, dict) else ():
        found += _many(entries, path, lines, 0, DEV if for_work(str(name)) else OPTIONAL)
    version = given.get("python_requires")
    line = lines.word("python_requires")
    return Manifest(path, "python", tuple(found), (Spoken("Python", readable(version), path, line),) if version else ())


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _literal(node: ast.expr, named: Mapping[str, ast.expr]) -> Any:
    try:
        return ast.literal_eval(named.get(node.id, node) if isinstance(node, ast.Name) else node)
    except (ValueError, TypeError):
        return None


def table(data: Mapping[str, Any], name: str, kind: type = dict) -> Any:
    """The table (or, by ``kind``, list) called ``name``; empty when there is none or it is something else."""
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, kind) else kind()


def strings(values: Sequence[object]) -> tuple[str, ...]:
    """The texts among ``values``."""
    return tuple(value for value in values if isinstance(value, str))
