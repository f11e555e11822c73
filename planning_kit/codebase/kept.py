"""What a finished scan found, kept for the next one: found again only while nothing at all was changed, and no worse off without."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
from collections.abc import Collection
from functools import cache
from pathlib import Path

from .. import digest, files
from ..errors import DiskRefused
from .tree import Tree

MOST = 50
"""How many scans are kept; the oldest go first."""
LARGEST = 5_000_000
"""The longest scan that is kept, in bytes."""


class Kept:
    """The place of one scan: of this root, without this folder, for these words.

    A file of JSON under ``$XDG_CACHE_HOME/planning_kit`` (``~/.cache`` without it) that only its owner may read. It names
    no path: what it belongs to is a digest over root, ``without`` and words, and over every file's path, size and times
    and the sources of this package.
    """

    def __init__(self, tree: Tree, without: Path | None, words: Collection[str]) -> None:
        """The place for what is found in ``tree``; opens nothing."""
        place = digest.of_fact([str(tree.root), str(without or ""), sorted(words)])
        self._tree = tree
        self._folder = _folder()
        self._path = self._folder / f"scan-{place[:40]}.json" if self._folder else None
        self._of = digest.of_fact([place, tree.listing, _sources()])

    def recall(self) -> str | None:
        """What was kept, if it was kept for exactly these files by exactly this package; nothing when in any doubt."""
        if self._path is None or not is_ours(self._path):
            return None
        try:
            held = json.loads(files.read_regular(self._path, LARGEST, follow=False))
            if held["of"] == self._of and digest.of_text(held["found"]) == held["sum"]:
                return str(held["found"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            pass
        return None

    def keep(self, found: str) -> None:
        """Keep ``found``, unless the scan was cut short, a file changed just before it was read, or the folder cannot be written."""
        if self._path is None or not self._tree.complete or not self._tree.settled:
            return
        data = digest.canonical({"of": self._of, "sum": digest.of_text(found), "found": found})
        if len(data) > LARGEST:
            return
        with contextlib.suppress(OSError, DiskRefused):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not is_ours(self._path.parent):
                return
            os.chmod(self._path.parent, 0o700)
            files.glance(self._path, data)
            os.chmod(self._path, 0o600)
            _forget(self._path.parent)


def _folder() -> Path | None:
    """Where scans are kept (XDG Base Directory Specification: a relative ``$XDG_CACHE_HOME`` does not count); nothing without a home."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(named):
        return Path(named, "planning_kit")
    try:
        return Path.home() / ".cache" / "planning_kit"
    except RuntimeError:
        return None


def is_ours(path: Path) -> bool:
    """Whether ``path`` is a file or folder, no link, that belongs to us and that nobody else may write."""
    try:
        known = os.lstat(path)
    except (OSError, ValueError):
        return False
    regular = stat.S_ISREG(known.st_mode) or stat.S_ISDIR(known.st_mode)
    return regular and known.st_uid == os.geteuid() and not known.st_mode & 0o022


def _forget(folder: Path) -> None:
    """Remove the oldest scans beyond :data:`MOST`."""
    known = [(os.lstat(path).st_mtime_ns, path) for path in folder.glob("scan-*.json")]
    for _, path in sorted(known, reverse=True)[MOST:]:
        files.remove(path)


@cache
def _sources() -> str:
    """SHA-256 over the sources of this package: another version may find something else."""
    package = Path(__file__).parent.parent
    held = [
        [path.relative_to(package).as_posix(), digest.of_bytes(path.read_bytes())]
        for path in sorted(package.rglob("*.py"))
    ]
    return digest.of_fact([sys.version, held])
