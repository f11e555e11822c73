"""The door to a folder that is not ours: what is in it and what its files hold, and never a step outside."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ENTER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@dataclass(frozen=True)
class Entry:
    """What stands in a folder: its ``name``, its ``kind`` (file, folder, link, other), ``size`` in bytes, ``mtime`` and ``ctime`` in nanoseconds."""

    name: str
    kind: str
    size: int
    mtime: int
    ctime: int


@dataclass(frozen=True)
class Door:
    """The folder at ``root``, which may itself be a link the user named; below it no link is followed.

    Every folder on the way is opened relative to the descriptor of the one before it (``openat`` with
    ``O_NOFOLLOW``), so a folder that is swapped for a link after it was listed is refused, not followed.
    """

    root: Path

    def entries(self, folder: str, most: int) -> tuple[list[Entry], bool]:
        """What stands in ``folder`` (from the root, ``""`` for the root), by name, and whether that is all.

        Args:
            folder: its path from the root, with ``/``.
            most: after how many entries the rest is left unseen.

        Raises:
            OSError: it cannot be opened, or is no folder inside the root.
        """
        found: list[Entry] = []
        with self._inside(folder) as descriptor, os.scandir(descriptor) as listed:
            for each in listed:
                if len(found) >= most:
                    return sorted(found, key=_name), False
                try:
                    known = each.stat(follow_symlinks=False)
                except OSError:  # gone since
                    continue
                found.append(
                    Entry(each.name, _kind(known.st_mode), known.st_size, known.st_mtime_ns, known.st_ctime_ns)
                )
        return sorted(found, key=_name), True

    def read(self, path: str, most: int) -> bytes:
        """Up to ``most`` bytes of the regular file at ``path``; never waits for a pipe, never reads a device.

        Raises:
            OSError: it cannot be read, or is no regular file inside the root.
        """
        folder, _, name = path.rpartition("/")
        with self._inside(folder) as above:
            descriptor = os.open(name, _READ, dir_fd=above)
        try:
            known = os.fstat(descriptor)
            if not stat.S_ISREG(known.st_mode):
                raise OSError(errno.EINVAL, "not a regular file", path)
            pieces: list[bytes] = []
            while most > 0 and (piece := os.read(descriptor, min(most, max(known.st_size, 4096) + 1))):
                pieces.append(piece)
                most -= len(piece)
            return b"".join(pieces)
        finally:
            os.close(descriptor)

    @contextmanager
    def _inside(self, folder: str) -> Iterator[int]:
        """The descriptor of ``folder``, reached step by step."""
        descriptor = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for step in folder.split("/") if folder else ():
                if step in ("", ".", ".."):
                    raise OSError(errno.EINVAL, "not a path inside the folder", folder)
                below = os.open(step, _ENTER, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = below
            yield descriptor
        finally:
            os.close(descriptor)


def _name(entry: Entry) -> str:
    return entry.name


def _kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    return "link" if stat.S_ISLNK(mode) else "other"
