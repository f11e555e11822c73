"""Citations of a codebase: the file and its line are there, and the line holds what is said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..document import Document
from .about import About, Code
from .markdown.read import prose
from .wrong import Wrong, Wrongs

_ENDINGS = (
    "py|pyi|ipynb|js|mjs|cjs|jsx|ts|mts|tsx|vue|svelte|java|kt|kts|groovy|gradle|scala|cs|fs|vb|csproj|fsproj|sln|props|targets|cshtml|razor|go|mod|"
    "sum|rs|rb|erb|php|swift|ex|exs|erl|c|h|cc|cpp|hpp|m|lua|sh|bash|ps1|sql|yaml|yml|json|jsonc|toml|xml|proto|graphql|gql|graphqls|prisma|tf|tfvars|"
    "hcl|bicep|md|rst|txt|ini|cfg|conf|config|env|properties|lock|html|css|scss|dart|dockerfile"
)
_NAMES = "Dockerfile|Makefile|Procfile|Gemfile|Rakefile|Jenkinsfile|Vagrantfile|Pipfile"
_PART = r"(?:[\w.@+-]{1,120}|\(\w{1,60}\)|\[{1,2}[\w.-]{1,60}\]{1,2})"
_CITED = re.compile(
    rf"(?<![\w/.:@$%~+-])((?:[\w.@+-]{{1,120}}/(?:{_PART}/){{0,30}})?(?:{_PART}?\.(?:{_ENDINGS})|{_NAMES})):(\d{{1,7}})(?:[-–]L?(\d{{1,7}}))?(?![\w:/]|\.\d)"
)
_BEFORE = re.compile(r"`([A-Za-z_][\w.:]{1,120})(?:\(\))?`\s*(?:\(|\(?(?:in|at|from|see|of)\s|,|–|—|->|→)?\s*[(\[`*]*$")
_AFTER = re.compile(r"`?\s*[(,:–—-]\s*(?:in\s+|holds\s+|defines\s+)?`([A-Za-z_][\w.:]{1,120})(?:\(\))?`")
_PORTS = frozenset({"80", "443", "3000", "5000", "8000", "8080", "8443"})
_NEAR = 3
"""How many lines beside the one that is cited may hold the name."""


class Cited(NamedTuple):
    """A citation: the document's ``line`` and ``column`` (from 1), the ``path``, its ``first`` and ``last`` line, the ``names`` said to be there."""

    line: int
    column: int
    path: str
    first: int
    last: int
    names: tuple[str, ...]


def cites_lines_that_exist(document: Document, about: About) -> Wrongs:
    """Cite the codebase as path:line, like `app/orders.py:12`, and only lines that exist and hold what you say."""
    code = about.code
    if code is None:
        return
    for cited in cited_in(document):
        if code.line(cited.path, 1) is None:
            if "/" not in cited.path and str(cited.first) in _PORTS:
                continue  # a host with its port
            near = code.near(cited.path)
            hint = (
                f"cite {near}:{cited.first} if that is meant" if near else "cite a file that is there, or take this out"
            )
            yield Wrong(cited.line, f"{cited.path} is not in the codebase", hint, cited.column)
        elif (gone := _gone(cited, code)) is not None:
            hint = "cite the line that shows it"
            yield Wrong(cited.line, f"{cited.path} has no line {gone}", hint, cited.column)
        elif cited.last < cited.first:
            hint = f"write {cited.path}:{cited.last}-{cited.first}"
            yield Wrong(
                cited.line, f"{cited.path}:{cited.first}-{cited.last} ends before it begins", hint, cited.column
            )
        else:
            yield from _holds(cited, code)


def _gone(cited: Cited, code: Code) -> int | None:
    return next((each for each in (cited.first, cited.last) if code.line(cited.path, each) is None), None)


def cited_in(document: Document) -> Iterator[Cited]:
    """Every ``path:line`` outside of fenced blocks, with the names that stand right beside it as code."""
    for number, line in enumerate(prose(document, True), start=1):
        for found in _CITED.finditer(line) if ":" in line else ():
            if "://" in line[max(0, found.start() - 80) : found.start()].rpartition(" ")[2]:
                continue
            first = int(found.group(2))
            before = _BEFORE.search(line[max(0, found.start() - 200) : found.start()])
            after = None if before else _AFTER.match(line[found.end() : found.end() + 200])
            names = tuple(each.group(1) for each in (before, after) if each)
            yield Cited(number, found.start() + 1, found.group(1), first, int(found.group(3) or first), names)


def cited_in_text(text: str) -> Iterator[tuple[str, int, int]]:
    """Every ``path:line`` of a plain text: the path, its first and its last line."""
    for found in _CITED.finditer(text):
        if "://" not in text[max(0, found.start() - 80) : found.start()].rpartition(" ")[2]:
            first = int(found.group(2))
            yield found.group(1), first, int(found.group(3) or first)


def _holds(cited: Cited, code: Code) -> Wrongs:
    """Whether the lines hold the names said to be there; where not every line beside is known, that is not said."""
    window = [
        code.line(cited.path, at)
        for at in range(max(1, cited.first - _NEAR), min(cited.last, cited.first + 400) + _NEAR + 1)
    ]
    shown = [each for each in window if each is not None]
    if "" in shown or not shown:
        return
    for name in cited.names:
        last = re.split(r"[.:]+", name.rstrip(".:"))[-1]
        if not any(_is_in(last.lower(), each.lower()) for each in shown):
            stands = " ".join((code.line(cited.path, cited.first) or "").split())[:80]
            there = f"there stands {stands!r}" if stands else "that line is blank"
            yield Wrong(
                cited.line, f"{cited.path}:{cited.first} does not hold {name}: {there}", f"cite the line that holds {name}", cited.column
            )  # fmt: skip


def _is_in(name: str, line: str) -> bool:
    """Whether a line holds a name, or a word that is it but for an ending (``postgres`` for ``postgresql``)."""
    if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line):
        return True
    return any(len(name) - len(word) <= 2 and name.startswith(word) for word in re.findall(r"[a-z_]{4,}", line))
