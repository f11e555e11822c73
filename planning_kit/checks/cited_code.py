"""What can be cited of a codebase: by the digest its authors were given, or by a folder on the disk."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from .. import files

_ENTRY = re.compile(r"- .*\((.+):(\d+)\)")
_FOLDER = re.compile(r"- (.+)/ (\d+) files?: (.+)")
_EXCERPT = re.compile(r"--- (.+):(\d+)-\d+")
_CUT = "…"
_LARGEST = 2_000_000
"""The largest file that is read, in bytes."""
_MOST_FILES = 50_000
"""How many files are listed to find the one that may be meant."""
_ASIDE = frozenset({".git", "node_modules", ".venv", "venv", "__pycache__", "dist", "build", "target", "bin", "obj"})


@dataclass(frozen=True)
class Digest:
    """A codebase as its digest ``text`` (``codebase.md``) shows it; what the digest left out counts as there."""

    text: str

    def line(self, path: str, number: int) -> str | None:
        """The text of a line: blank if it is, empty if the digest does not show it, nothing if the file is not there."""
        shown = self._shown.get(path, {}).get(number)
        if shown is not None:
            return shown or " "
        return "" if self._may_be(path) and number > 0 else None

    def near(self, path: str) -> str:
        """The one path the digest names that ends like ``path``; empty if there is none, or several."""
        return _ending(path, sorted(self._named))

    def has(self, path: str) -> bool | None:
        """Whether a file is there; nothing when the digest left anything out and does not name it."""
        if path in self._named:
            return True
        return False if self._whole and "Left out" not in self._sections and not self._may_be(path) else None

    def _may_be(self, path: str) -> bool:
        """Whether the file is named, or stands where the digest does not name every one."""
        if path in self._named:
            return True
        folder = PurePosixPath(path).parent.as_posix()
        if folder in self._folders:
            return not self._folders[folder]
        return not self._whole

    @cached_property
    def _sections(self) -> dict[str, list[str]]:
        """The lines of the digest by heading: a heading is what is neither an entry nor indented nor the head of an excerpt."""
        found: dict[str, list[str]] = {}
        held: list[str] = []
        for line in self.text.split("\n"):
            if line and not line.startswith((" ", "- ", "--- ")):
                held = found.setdefault(line, [])
            else:
                held.append(line)
        return found

    @cached_property
    def _folders(self) -> dict[str, bool]:
        """Folder → whether every file in it is named."""
        told = (_FOLDER.fullmatch(line) for line in self._sections.get("Tree", []))
        return {each.group(1): not each.group(3).endswith(_CUT) for each in told if each}

    @cached_property
    def _whole(self) -> bool:
        """Whether every folder is named: nothing of the tree, and no file, was left out."""
        left_out = self._sections.get("Left out", [])
        return bool(self._folders) and not any(re.search(r"\bmore files\b|^- (?!\d+ more )", line) for line in left_out)

    @cached_property
    def _named(self) -> frozenset[str]:
        told = [_FOLDER.fullmatch(line) for line in self._sections.get("Tree", [])]
        listed = {
            name if each.group(1) == "." else f"{each.group(1)}/{name}"
            for each in told
            if each
            for name in each.group(3).split(", ")
            if name != _CUT
        }
        entries = (
            _ENTRY.fullmatch(line)
            for heading, lines in self._sections.items()
            if heading != "Excerpts"
            for line in lines
        )
        return frozenset(listed | {each.group(1) for each in entries if each} | set(self._shown))

    @cached_property
    def _shown(self) -> dict[str, dict[int, str]]:
        """Path → the lines its excerpt shows; of a line that was cut nothing is known."""
        found: dict[str, dict[int, str]] = {}
        held: dict[int, str] | None = None
        number = 0
        for line in self._sections.get("Excerpts", []):
            if head := _EXCERPT.fullmatch(line):
                held, number = found.setdefault(head.group(1), {}), int(head.group(2))
            elif held is not None:
                if not line.endswith(_CUT):
                    held[number] = line[2:]
                number += 1
        return found


@dataclass(frozen=True, eq=False)
class Folder:
    """A codebase in the folder ``root``: each file is read when it is first cited; compares equal only to itself."""

    root: Path
    _read: dict[str, tuple[str, ...] | None] = field(default_factory=dict, repr=False)

    def line(self, path: str, number: int) -> str | None:
        """The text of a line: blank if it is, empty if its file is too large or no text, nothing if it is not there."""
        if path not in self._read:
            self._read[path] = self._lines(path)
        lines = self._read[path]
        if lines is None or number < 1:
            return None
        if not lines:
            return ""
        return (lines[number - 1] or " ") if number <= len(lines) else None

    def near(self, path: str) -> str:
        """The one path inside that ends like ``path``; empty if there is none, or several."""
        return _ending(path, self._listed)

    def has(self, path: str) -> bool | None:
        """Whether a file is there; nothing of a path that leads elsewhere."""
        if self.line(path, 1) is not None:
            return True
        outside = PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\x00" in path
        return None if outside or os.path.lexists(self.root / path) else False

    def _lines(self, path: str) -> tuple[str, ...] | None:
        """The lines of a file, none of what cannot be shown, nothing if it is not there; a link must not lead out of the root."""
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\x00" in path:
            return None
        try:
            place = (self.root / path).resolve(strict=True)
            if not place.is_relative_to(self.root.resolve()) or not place.is_file():
                return None
            data = files.read_regular(place, _LARGEST + 1, follow=False)
        except (OSError, ValueError, RuntimeError):
            return None
        if len(data) > _LARGEST or b"\x00" in data[:8192]:
            return ()
        text = data.decode("utf-8", "replace").removesuffix("\n")
        return tuple(line.rstrip("\r") for line in text.split("\n"))

    @cached_property
    def _listed(self) -> list[str]:
        found: list[str] = []
        for above, folders, names in os.walk(self.root):
            folders[:] = sorted(each for each in folders if each not in _ASIDE)
            found += [Path(above, name).relative_to(self.root).as_posix() for name in names]
            if len(found) > _MOST_FILES:
                break
        return found


def _ending(path: str, known: list[str]) -> str:
    found = [each for each in known if each.endswith(f"/{path.lstrip('./')}")]
    if not found:
        name = f"/{PurePosixPath(path).name}"
        found = [each for each in known if f"/{each}".endswith(name) and each != path]
    return found[0] if len(found) == 1 else ""
