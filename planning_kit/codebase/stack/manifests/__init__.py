"""What the manifests of a codebase declare; a broken one declares nothing, and none is ever run."""

from __future__ import annotations

import configparser
import re
from collections.abc import Callable

from . import compiled, dotnet, gradle, javascript, maven, python, scripted
from .declared import DEV, OPTIONAL, RUN, Dependency, Lines, Manifest, Spoken, for_work, is_exact, key, readable
from .dotnet import is_test

__all__ = [
    "DEV", "OPTIONAL", "RUN", "Dependency", "Lines", "Manifest", "Spoken",
    "for_work", "is_exact", "is_manifest", "is_test", "key", "read", "readable",
]  # fmt: skip

_READERS: tuple[tuple[re.Pattern[str], Callable[[str, python.Text], Manifest | None]], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (r"pyproject\.toml", python.pyproject),
        (r"requirements[\w.-]*\.(?:txt|in)|[\w-]+[-_.]requirements\.(?:txt|in)", python.requirements),
        (r"setup\.py", python.setup_py),
        (r"setup\.cfg", python.setup_cfg),
        (r"Pipfile", python.pipfile),
        (r"package\.json", javascript.package),
        (r"pnpm-workspace\.ya?ml", javascript.pnpm),
        (r"go\.mod", compiled.go_mod),
        (r"go\.work", compiled.go_work),
        (r"Cargo\.toml", compiled.cargo),
        (r"pom\.xml", maven.pom),
        (r"build\.gradle(?:\.kts)?", gradle.build),
        (r"settings\.gradle(?:\.kts)?", gradle.settings),
        (r"[^/]+\.(?:cs|fs|vb)proj", dotnet.project),
        (r"packages\.config", dotnet.packages_config),
        (r"Gemfile", scripted.gemfile),
        (r"[\w.-]+\.gemspec", scripted.gemspec),
        (r"composer\.json", scripted.composer),
        (r"pubspec\.ya?ml", scripted.pubspec),
    )
)
_REQUIREMENTS_FOLDERS = ("requirements", "reqs")


def _reader(path: str) -> Callable[[str, python.Text], Manifest | None] | None:
    folder, _, name = path.rpartition("/")
    if folder.rpartition("/")[2] in _REQUIREMENTS_FOLDERS and name.endswith((".txt", ".in")):
        return python.requirements
    return next((reader for pattern, reader in _READERS if pattern.fullmatch(name)), None)


def is_manifest(path: str) -> bool:
    """Whether the file at ``path`` is a manifest, by its name."""
    return _reader(path) is not None


def read(path: str, text: python.Text) -> Manifest | None:
    """What the manifest at ``path`` declares; nothing when it is none, or broken.

    Args:
        path: where it is.
        text: gives the text of a file of the codebase by its path, empty for what is not there: a manifest may name others.
    """
    reader = _reader(path)
    if reader is None or not text(path).strip():
        return None
    try:
        return reader(path, text)
    except (ValueError, SyntaxError, configparser.Error, RecursionError, MemoryError):
        return None
