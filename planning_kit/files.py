"""Every write is whole or absent: the only place that opens, fsyncs and renames."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from .errors import DiskRefused

TEMPORARY = ".partial-"


def read(path: Path) -> bytes:
    """The bytes of the regular file at ``path``.

    Raises:
        FileNotFoundError: nothing is there.
        OSError: it cannot be read, is not a regular file, or is a symbolic link (never followed inside a run).
    """
    return read_regular(path, -1, follow=False)


def read_regular(path: Path, most: int, follow: bool = True) -> bytes:
    """Up to ``most`` bytes of a file, all of it when ``most`` is negative; never waits for a pipe, never reads a device.

    Raises:
        OSError: nothing is there, it cannot be read, or it is not a regular file.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | (0 if follow else getattr(os, "O_NOFOLLOW", 0))
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as file:
        kind = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(kind):
            raise OSError(errno.EINVAL, "is a directory" if stat.S_ISDIR(kind) else "not a regular file", str(path))
        return file.read(most)


def replace(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``, whole or not at all, and have it on the disk before returning.

    Writing the bytes that are already there touches nothing.

    Raises:
        DiskRefused: the disk said no; what was there before is unharmed.
    """
    with contextlib.suppress(OSError):
        if read(path) == data:
            return
    with _temporary(path, data) as temporary:
        os.replace(temporary, path)


def create(path: Path, data: bytes) -> bool:
    """Put ``data`` at ``path`` unless something is there already; says whether it did.

    Raises:
        DiskRefused: the disk said no.
    """
    if os.path.lexists(path):
        return False
    with _temporary(path, data) as temporary:
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
    return True


def glance(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` whole but without waiting for the disk: for what may be lost.

    Raises:
        DiskRefused: the disk said no.
    """
    with _temporary(path, data, durable=False) as temporary:
        os.replace(temporary, path)


@contextlib.contextmanager
def growing(path: Path) -> Iterator[Callable[[bytes], None]]:
    """A new file at ``path`` that grows by what the given function is told: what came is there although the process dies.

    The one file that is not whole or absent: who reads it has to see by its content whether it is.

    Raises:
        DiskRefused: the disk said no, or something is there already.
    """
    with _refused(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)

    def grow(data: bytes) -> None:
        with _refused(path):
            while data:
                data = data[os.write(descriptor, data) :]

    try:
        yield grow
    finally:
        os.close(descriptor)


def move(path: Path, to: Path) -> None:
    """Give the file at ``path`` the name ``to``, in the same folder.

    Raises:
        DiskRefused: the disk said no.
    """
    with _refused(to):
        os.replace(path, to)
        _settle(to.parent)


def clear(folder: Path) -> None:
    """Take ``folder`` and the files in it away; nothing happens when it is not there."""
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


def remove(path: Path) -> None:
    """Take the file away; nothing happens when it is not there."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


@contextlib.contextmanager
def _temporary(path: Path, data: bytes, durable: bool = True) -> Iterator[Path]:
    """``data`` in a file beside ``path``; gone afterwards, whatever happened."""
    temporary = path.parent / f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(4)}"
    try:
        with _refused(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            yield temporary
            if durable:
                _settle(path.parent)
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


@contextlib.contextmanager
def _refused(path: Path) -> Iterator[None]:
    """An error of the disk, said in one line."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise DiskRefused(
            f"could not write {path}: {reason}; free some space or pick another folder, then run the same command again"
        ) from error


def _settle(folder: Path) -> None:
    """Have the folder's own entries on the disk (a rename lives in its folder)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove what a killed process left half-written below ``folder``."""
    for left in folder.rglob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError):
            left.unlink()
