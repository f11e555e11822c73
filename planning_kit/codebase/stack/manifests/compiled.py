"""What a Go module or a Rust crate declares: go.mod, go.work, Cargo.toml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .declared import DEV, LONGEST_LINE, OPTIONAL, RUN, Dependency, Lines, Manifest, Spoken, key, readable, toml
from .python import Text, strings, table

_REQUIRED = re.compile(r"(?:require\s+)?([\w.~-]+(?:/[\w.~-]+)+)\s+(v[0-9]\S*)\s*(// indirect)?")


def go_mod(path: str, text: Text) -> Manifest:
    """A go.mod (the Go modules reference); what is marked indirect is nobody's choice and left out."""
    found, spoken, block = [], [], ""
    for number, line in enumerate(text(path).split("\n"), 1):
        line = line.strip()[:LONGEST_LINE]
        word = line.split(maxsplit=1)[0] if line else ""
        if word == "go" and len(line.split()) == 2:
            spoken.append(Spoken("Go", readable(line.split()[1]), path, number))
        if block != "" and line.startswith(")"):
            block = ""
        elif line.endswith("(") and word.rstrip("("):
            block = word.rstrip("(")
        elif (block or word) == "require" and (asked := _REQUIRED.match(line)) and not asked.group(3):
            found.append(Dependency(key(asked.group(1)), readable(asked.group(2)), path, number))
    return Manifest(path, "go", tuple(found), tuple(spoken))


def go_work(path: str, text: Text) -> Manifest:
    """A go.work: the modules of one workspace."""
    members, inside = [], False
    for line in text(path).split("\n"):
        words = line.split("//")[0].split()
        if words[:2] == ["use", "("] or words[:1] == ["use("]:
            inside = True
        elif inside and words[:1] == [")"]:
            inside = False
        elif words and (inside or words[0] == "use"):
            members.append(words[-1])
    return Manifest(path, "go", members=tuple(members), names=False)


def cargo(path: str, text: Text) -> Manifest:
    """A Cargo.toml (the Cargo book): package, workspace, and the dependencies of every target."""
    data, lines = toml(text(path)), Lines(text(path))
    package, workspace = table(data, "package"), table(data, "workspace")
    found = _crates(data, path, lines)
    for target in table(data, "target").values():
        found += _crates(target, path, lines)
    shared_package = table(workspace, "package")
    said = {name: package.get(name, shared_package.get(name)) for name in ("rust-version", "edition")}
    version, edition = (shared_package.get(name) if isinstance(value, dict) else value for name, value in said.items())
    spoken = []
    if isinstance(version, str):
        spoken.append(Spoken("Rust", readable(version), path, lines.start("rust-version")))
    elif isinstance(edition, str):
        spoken.append(Spoken("Rust", f"edition {edition[:4]}", path, lines.start("edition")))
    shared = table(workspace, "dependencies").items()
    managed = tuple((key(_real(name, asked)), _asked(asked)) for name, asked in shared)
    members = strings(table(workspace, "members", list))
    return Manifest(path, "cargo", tuple(found), tuple(spoken), members, bool(package), managed)


def _crates(data: Mapping[str, Any], path: str, lines: Lines) -> list[Dependency]:
    found = []
    for header, scope in (("dependencies", RUN), ("dev-dependencies", DEV), ("build-dependencies", DEV)):
        after = lines.start(f"[{header}")
        for name, asked in table(data, header).items():
            optional = isinstance(asked, dict) and asked.get("optional") is True
            kind = OPTIONAL if optional and scope == RUN else scope
            real = key(_real(name, asked))
            found.append(Dependency(real, _asked(asked), path, lines.word(name, after), kind))
    return found


def _real(name: str, asked: object) -> str:
    renamed = asked.get("package") if isinstance(asked, dict) else None
    return renamed if isinstance(renamed, str) else name


def _asked(asked: object) -> str:
    """A crate's version as Cargo reads it: a bare number is a caret range, shown as it is written."""
    return readable(asked.get("version") if isinstance(asked, dict) else asked)
