"""Lock files: the version that was chosen, read line by line, because they are long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..evidence import Evidence
from .manifests import key, readable

FROZEN = (
    "requirements.lock",
    "requirements-frozen.txt",
    "requirements.frozen.txt",
    "requirements-lock.txt",
    "requirements.lock.txt",
    "constraints.txt",
)
"""What is written by a tool from a project's requirements."""
_TOML = ("name = ", "version = ")
_FILES = {
    "python": ("poetry.lock", "uv.lock", "Pipfile.lock", "requirements.txt", *FROZEN), "cargo": ("Cargo.lock",), "npm": ("package-lock.json",),
    "ruby": ("Gemfile.lock",), "php": ("composer.lock",),
}  # fmt: skip
_GEM = re.compile(r" {4}([\w.-]+) \(([0-9][\w.]*)[)-]")
_PACKAGE = re.compile(r'"(?:node_modules/)?(@?[\w./-]+)": \{')
_PHP_NAME = re.compile(r'"name": "([\w./-]+)"')
_PINNED = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[[\w, -]*\])?==([0-9][\w.]*)")
_VERSION = re.compile(r'"version": "(?:==|v)?([0-9][\w.+-]*)"')

Chosen = dict[str, tuple[str, Evidence]]


class Locks:
    """The lock files of a codebase, each read when the first version is asked of it."""

    def __init__(self, text: Callable[[str], str]) -> None:
        """Lock files whose ``text`` is given by path, empty for what is not there."""
        self._text = text
        self._read: dict[str, Chosen] = {}

    def find(self, folder: str, ecosystem: str, name: str) -> tuple[str, Evidence] | None:
        """Which version of dependency ``name`` was chosen for ``folder``, and the line that says so; the nearest lock file tells."""
        while True:
            for file in _FILES.get(ecosystem, ()):
                path = file if folder in (".", "") else f"{folder}/{file}"
                if path not in self._read:
                    self._read[path] = dict(_chosen(path, self._text(path)))
                if name in self._read[path]:
                    return self._read[path][name]
            if folder in (".", ""):
                return None
            folder = folder.rpartition("/")[0]


def _chosen(path: str, text: str) -> Iterator[tuple[str, tuple[str, Evidence]]]:
    """Each name once: the first, outermost entry of a lock file is the one the program gets."""
    seen: set[str] = set()
    for name, version, line in _entries(path, text):
        if key(name) not in seen:
            seen.add(key(name))
            yield key(name), (readable(version), Evidence(path, line))


def _entries(path: str, text: str) -> Iterator[tuple[str, str, int]]:
    file, name = path.rpartition("/")[2], ""
    for number, line in enumerate(text.split("\n"), 1):
        if file == "Gemfile.lock":
            if gem := _GEM.match(line):
                yield gem.group(1), gem.group(2), number
        elif file in ("requirements.txt", *FROZEN):
            if pinned := _PINNED.match(line):
                yield pinned.group(1), pinned.group(2), number
        elif file.endswith(".lock") and file not in ("Pipfile.lock", "composer.lock"):
            if line.startswith(_TOML[0]):
                name = line[len(_TOML[0]) :].strip(' "')
            elif name and line.startswith(_TOML[1]):
                yield name, line[len(_TOML[1]) :].strip(' "'), number
                name = ""
        elif version := _VERSION.search(line):
            if name:
                yield name, version.group(1), number
            name = ""
        elif found := (_PHP_NAME if file == "composer.lock" else _PACKAGE).search(line):
            name = found.group(1)
