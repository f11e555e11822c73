"""Which lines prove a statement best: those that show its version before those that show only its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from ..evidence import Evidence, Statement

MOST = 4
"""Most lines that are cited for one statement."""
_VERSION = re.compile(r"(?<![\w.])v?([0-9]+(?:\.[0-9A-Za-z+-]+)*)")


_STANDARD = re.compile(r"OAuth 2\.0")
_WORD = re.compile(r"[a-z]{3,}")
_MANAGERS = (
    "pom.xml", "build.gradle", "build.gradle.kts", "gradle/libs.versions.toml", "gradle.properties", "settings.gradle", "settings.gradle.kts",
    "Cargo.toml", "Directory.Packages.props", "Directory.Build.props", "global.json", "package.json",
)  # fmt: skip
"""Where a folder may set versions for itself and those below it."""
_AROUND = 3
"""How many lines above a version the name it belongs to may stand: ``<artifactId>`` and ``<version>`` have lines of their own."""


def versions(value: str) -> list[str]:
    """The versions that ``value`` names: ``3.11`` of ``Python >=3.11``; that of a standard is none, nor is a list in parentheses."""
    told = re.sub(r"\((?:[^()]*,[^()]*|[0-9]+ [^()]*)\)", "", _STANDARD.sub("", value))
    return _VERSION.findall(told)


def proved(statement: Statement, text: Callable[[str], str]) -> Statement:
    """``statement`` with the line that shows its version first, at most :data:`MOST` lines; ``text`` gives a file's text by path.

    A version that is managed elsewhere is looked for where the folders around what is cited may set it.
    """
    asked = versions(statement.value)
    lines = list(dict.fromkeys(statement.evidence))
    if asked:
        shown = {each: _line(each, text) for each in lines}
        lines.sort(key=lambda each: -sum(one in shown[each] for one in asked))
        if asked[-1] not in shown[lines[0]] and (managed := _managed(statement, asked[-1], text)):
            lines = [managed, *lines]
    return replace(statement, evidence=tuple(lines[:MOST]))


def _managed(statement: Statement, version: str, text: Callable[[str], str]) -> Evidence | None:
    """The line that sets ``version`` for what is said, in what is cited or the folders above it."""
    words = _WORD.findall(statement.value.lower())
    cited = statement.evidence[0].path
    pattern = re.compile(rf"(?<![0-9.]){re.escape(version)}(?![0-9])")
    for path in dict.fromkeys((cited, *_places(cited))):
        whole = text(path)
        if version in whole:
            lines = whole.split("\n")
            for at, line in enumerate(lines):
                around = " ".join(lines[max(0, at - _AROUND) : at + 1]).lower()
                if pattern.search(line) and any(word in around for word in words):
                    return Evidence(path, at + 1)
    return None


def _places(path: str) -> Iterator[str]:
    """The files in the folders around ``path`` that may set versions, the nearest first."""
    while path:
        path = path.rpartition("/")[0]
        yield from (f"{path}/{name}" if path else name for name in _MANAGERS)


def _line(evidence: Evidence, text: Callable[[str], str]) -> str:
    """The line that is cited."""
    whole, at = text(evidence.path), 0
    for _ in range(evidence.line - 1):
        at = whole.find("\n", at) + 1
        if not at:
            return ""
    end = whole.find("\n", at)
    return whole[at : end if end >= 0 else len(whole)]
