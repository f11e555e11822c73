"""What a manifest declares: dependencies, languages and members, each with the line that says so."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

_TOKEN = re.compile(r"@?[A-Za-z0-9][A-Za-z0-9_.:/@-]*")
_VERSION = re.compile(r"[0-9A-Za-z.*+\-<>=~^!,| \[\]()]{1,40}")
_EXACT = re.compile(r"(?:v|={1,3})? ?([0-9][0-9A-Za-z.+-]*?)(?:\.\*)?(?:\+incompatible)?")
_FOR_WORK = re.compile(
    r"(?:^|[^a-z0-9])(?:dev|develop|development|tests?|testing|lint|linting|docs?|documentation|typing|types|ci|local|checks?|build"
    r"|style|quality|bench|benchmark|debug|tooling|tools|integration|e2e|format|pre|mypy|coverage)(?:$|[^a-z0-9])"
)

_LONGEST_TOML_LINE = 5_000
LONGEST_LINE = 500
"""The longest line of a program or list that is looked at, in characters: people write no longer ones."""

DEV = "dev"
"""Scope of what only those who work on the code install."""
OPTIONAL = "optional"
"""Scope of what a user of the package may choose to add."""
RUN = "run"
"""Scope of what the program runs with."""


@dataclass(frozen=True)
class Dependency:
    """One dependency: ``name`` as :func:`key` writes it, ``version`` in readable form or empty, its ``scope``, and where it stands."""

    name: str
    version: str
    path: str
    line: int
    scope: str = RUN


@dataclass(frozen=True)
class Spoken:
    """A language that is declared: ``name``, its ``version`` or empty, and where it stands."""

    name: str
    version: str
    path: str
    line: int


@dataclass(frozen=True)
class Manifest:
    """One manifest, read.

    Attributes:
        path: where it is.
        ecosystem: whose format it is: python, npm, go, cargo, jvm, nuget, ruby, php or dart.
        dependencies: what it declares, in its own order.
        languages: versions of languages or runtimes it asks for.
        members: folders of the parts it ties together, as patterns relative to its own folder.
        names: whether it describes a part itself, not only ties others together.
        managed: versions it sets for the manifests below it, by dependency.
    """

    path: str
    ecosystem: str
    dependencies: tuple[Dependency, ...] = ()
    languages: tuple[Spoken, ...] = ()
    members: tuple[str, ...] = ()
    names: bool = True
    managed: tuple[tuple[str, str], ...] = ()

    @property
    def folder(self) -> str:
        """Its folder, ``.`` for the root."""
        return self.path.rpartition("/")[0] or "."


class Lines:
    """A text whose words can be found by line."""

    def __init__(self, text: str) -> None:
        """The lines of ``text``; they are indexed when the first word is looked for."""
        self.lines = text.split("\n")

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines, 1):
            for token in _TOKEN.findall(line):
                for name in {key(token), key(token.split(".")[0]), key(token.split("@")[0] or token)}:
                    index.setdefault(name, []).append(number)
        return index

    def word(self, name: str, after: int = 0) -> int:
        """The first line at or after line ``after`` that holds the word ``name``; the first of all, or 1, when none does."""
        found = self._index.get(key(name), [])
        return next((line for line in found if line >= after), found[0] if found else 1)

    def start(self, *beginnings: str) -> int:
        """The first line that begins with one of ``beginnings`` (spaces aside), or 0."""
        for number, line in enumerate(self.lines, 1):
            if line.lstrip().startswith(beginnings):
                return number
        return 0


def key(name: str) -> str:
    """``name`` as it is compared: lower case, ``_`` as ``-`` (PEP 503 does so, and no other registry tells them apart by it)."""
    return name.lower().replace("_", "-").strip(".-:/")


def toml(text: str) -> dict[str, Any]:
    """``text`` read as TOML.

    Raises:
        ValueError: it is broken, or has a line so long that the library, which takes the square of a key's length, would hang.
    """
    if any(len(line) > _LONGEST_TOML_LINE for line in text.split("\n")):
        raise ValueError("a line too long to be a person's")
    return tomllib.loads(text)


def readable(version: object) -> str:
    """A declared version for people: ``==1.2`` and ``v1.2`` as ``1.2``, ranges as declared, anything else empty."""
    text = re.sub(r"\.(?:RELEASE|Final|GA)$", "", " ".join(str(version or "")[:80].split()))
    if exact := _EXACT.fullmatch(text):
        return exact.group(1)
    text = re.sub(r"(?<=[<>=~^!]) | (?=,)|(?<=,) ", "", text)
    return text if _VERSION.fullmatch(text) and re.match(r"[0-9<>=~^!\[(]", text) else ""


def is_exact(version: str) -> bool:
    """Whether ``version`` (readable) names one version, with at least major and minor."""
    return bool(re.fullmatch(r"[0-9]+\.[0-9][0-9A-Za-z.+-]*", version))


def for_work(name: str) -> bool:
    """Whether a group of dependencies called ``name`` is for those who work on the code."""
    return bool(_FOR_WORK.search(name.lower()))
