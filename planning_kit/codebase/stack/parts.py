"""The parts of a codebase: each folder that declares or deploys something of its own, with the files that are its."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Collection, Iterator

from ..tree import Tree
from .locks import FROZEN, Locks
from .manifests import DEV, Manifest, is_manifest, is_test, read
from .part import MOST_IMPORTING, MOST_IN_ALL, Part
from .sources import ECOSYSTEMS, is_asset, language, may_hold_a_part, role

_BARE = ("requirements", "reqs", "deploy", "docker", "config")
"""Folders whose manifests belong to the folder around them."""
_WRITTEN = ("requirements.txt", "requirements.in", "pyproject.toml", "setup.py", "setup.cfg")
"""What people write the frozen requirements are made from."""


def find_parts(tree: Tree) -> list[Part]:
    """The parts of ``tree``: the root, and every folder with a manifest that stands for itself."""
    known = {file.path: file.size for file in tree.files}

    def text(path: str) -> str:
        return tree.text(path) if path in known else ""

    named = [path for path in known if is_manifest(path) and not _is_made(path, known)]
    manifests = [found for path in named if (found := read(path, text))]
    folders = _folders(manifests, [path for path in known if language(path) and not is_asset(path)])
    owned: dict[str, dict[str, int]] = {folder: {} for folder in folders}
    for path, size in known.items():
        if role(path) != "aside" or path.startswith("."):
            owned[_owner(path, folders)][path] = size
    locks = Locks(text)
    order = sorted(folders, key=lambda each: (each != ".", each))
    parts = [Part(folder, text, locks, owned[folder], [], [], []) for folder in order]
    by_path = {part.path: part for part in parts}
    for manifest in manifests:
        part = by_path[_owner(manifest.path, folders)]
        if is_test(manifest) or role(manifest.path) == "test":
            part.tests.append(manifest)
        elif manifest.folder in (part.path, *_requirement_folders(part.path)):
            part.manifests.append(manifest)
    for part in parts:
        part.above = [each for other in parts if _inside(part.path, other.path) for each in other.manifests]
        part.ties = _ties(part, parts)
        part.most = MOST_IN_ALL // len(parts)
        part.importing = max(5, MOST_IMPORTING * 3 // (len(parts) + 2))
    return parts


def _is_made(path: str, known: Collection[str]) -> bool:
    """Whether a requirements file was written by a tool from another one beside it, so that it lists what nobody chose."""
    folder, _, name = path.rpartition("/")
    if name not in FROZEN:
        return f"{path.removesuffix('.txt')}.in" in known
    return any((f"{folder}/{other}" if folder else other) in known for other in _WRITTEN)


def _requirement_folders(path: str) -> tuple[str, ...]:
    prefix = "" if path == "." else f"{path}/"
    return tuple(f"{prefix}{name}" for name in _BARE)


def _folders(manifests: list[Manifest], sources: list[str]) -> set[str]:
    """The folders of the parts, the root always among them."""
    members = {pattern for manifest in manifests for pattern in _members(manifest)}
    names = {name for source in sources for name in _above(source)}
    found = {"."}
    for manifest in manifests:
        folder = manifest.folder
        if not manifest.names or is_test(manifest) or not may_hold_a_part(folder):
            continue
        declared = any(fnmatch.fnmatchcase(folder, pattern) for pattern in members)
        bare = folder.rpartition("/")[2] in ("requirements", "reqs", "docker", "config", "deploy")
        works_only = manifest.ecosystem == "npm" and not any(each.scope != DEV for each in manifest.dependencies)
        if declared or not bare and (folder in names or not works_only):
            found.add(folder)
    return found


def _members(manifest: Manifest) -> Iterator[str]:
    for member in manifest.members:
        if not member.startswith("!"):
            inside = posixpath.normpath(posixpath.join(manifest.folder, member.removesuffix("/pom.xml")))
            yield re.sub(r"/\*\*(?:/\*)?$", "/*", inside)


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _owner(path: str, folders: set[str]) -> str:
    return next((folder for folder in _above(path) if folder in folders), ".")


def _inside(path: str, other: str) -> bool:
    return path != other and (other == "." or path.startswith(f"{other}/"))


def _ties(part: Part, parts: list[Part]) -> frozenset[str]:
    """The ecosystems of ``part`` whose manifest holds no source here but has parts of the same ecosystem, or any, below it."""
    if not any(_inside(other.path, part.path) for other in parts):
        return frozenset()
    held = {ECOSYSTEMS.get(name, "") for name in part.languages}
    return frozenset(each.ecosystem for each in part.manifests) - held
