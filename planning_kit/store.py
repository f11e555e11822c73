"""The run's folder: what is kept once, what is replaced, who works on it, and the only names in use."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from filelock import FileLock, Timeout

from . import digest, files
from .errors import Damaged, DiskRefused, OptionRefused, RunHeld

HOLDER = "PLANNING_KIT_HOLDER"
"""Environment variable by which a kernel shows that it works for the process that holds the run."""

ORPHAN_WAIT = 6.0
"""Seconds to wait for a kernel whose driver was killed; it notices within two."""

SETTLED = 50_000_000
"""Nanoseconds after which a file that is written again has another time; what is younger is read again."""


class Store:
    """A run's folder.

    ::

        brief.md run.json catalog/     written once
        calls/ab/<digest>.json         written once
        versions/ab/<digest>.md        written once: every text a record names
        journal/000007.json            written once
        documents/…  notebooks/…       replaced
        live.json                      what is going on right now; may be lost
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._driving = ""
        self._known: dict[str, tuple[tuple[int, ...], str]] = {}

    def path(self, name: str) -> Path:
        """Where ``name`` (with ``/`` between parts) is kept.

        Raises:
            OptionRefused: the name leaves the folder, or a part of the way is a symbolic link.
        """
        parts = PurePosixPath(name).parts
        if (
            not parts
            or name.startswith("/")
            or any(part in ("..", ".") or "\\" in part or "\0" in part for part in parts)
        ):
            raise OptionRefused(f"{name!r} is not a name inside a run's folder")
        place = self.folder
        for part in parts:
            place = place / part
            if place.is_symlink():
                raise OptionRefused(f"{place} is a symbolic link; a run's folder holds only its own files")
        return place

    def read(self, name: str) -> str | None:
        """The text kept as ``name``, or nothing.

        Raises:
            Damaged: it is there but is not UTF-8 text or cannot be read.
        """
        try:
            return files.read(self.path(name)).decode("utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise Damaged(
                f"{self.folder / name} cannot be read as UTF-8 text: {error}; restore it or take it away"
            ) from error

    def current(self, name: str) -> str | None:
        """The text kept as ``name``, or nothing; a file that has not changed since it was read is not read again.

        Raises:
            Damaged: as :meth:`read`.
        """
        try:
            at = os.lstat(f"{self.folder}/{name}")
        except OSError:
            return self.read(name)
        seen = (at.st_ino, at.st_size, at.st_mtime_ns, at.st_ctime_ns)
        known = self._known.get(name)
        if known and known[0] == seen:
            return known[1]
        text = self.read(name)
        if (
            text is not None and time.time_ns() - at.st_ctime_ns > SETTLED
        ):  # else it may change within one tick of the clock
            self._known[name] = seen, text
        return text

    def keep(self, name: str, text: str) -> bool:
        """Keep ``text`` as ``name`` for good; says whether it was not there before.

        Raises:
            DiskRefused: the disk said no.
        """
        return files.create(self.path(name), text.encode("utf-8"))

    def replace(self, name: str, text: str) -> None:
        """Make ``text`` the current content of ``name``, whole or not at all.

        Raises:
            DiskRefused: the disk said no.
        """
        files.replace(self.path(name), text.encode("utf-8"))

    def keep_version(self, text: str) -> str:
        """Keep ``text`` under its digest, so that what a record names can always be read; gives the digest."""
        name = digest.of_text(text)
        self.keep(f"versions/{name[:2]}/{name}.md", text)
        return name

    def version(self, name: str) -> str | None:
        """The text with this digest, if it was kept."""
        return self.read(f"versions/{name[:2]}/{name}.md")

    def glance(self, name: str, fact: Mapping[str, Any]) -> None:
        """Show ``fact`` as ``name`` to whoever watches; lost with the power, and that is fine."""
        with contextlib.suppress(DiskRefused):
            files.glance(self.path(name), json.dumps(fact).encode())

    def watch(self, name: str) -> dict[str, Any] | None:
        """What :meth:`glance` last showed."""
        try:
            shown = json.loads(files.read(self.path(name)))
        except (OSError, ValueError):
            return None
        return shown if isinstance(shown, dict) else None

    def forget(self, name: str) -> None:
        """Take ``name`` away."""
        files.remove(self.path(name))

    @contextlib.contextmanager
    def drive(self) -> Iterator[str]:
        """Hold the run for a whole chain of notebooks; gives the token its kernels show.

        Raises:
            RunHeld: somebody else holds it.
        """
        with self._lock("driver", 0.0) as token:
            with self._lock("writer", ORPHAN_WAIT):
                files.sweep(self.folder)
            self._driving = token
            try:
                yield token
            finally:
                self._driving = ""

    @contextlib.contextmanager
    def write(self) -> Iterator[None]:
        """Hold the run while something is written.

        Raises:
            RunHeld: somebody else holds it, and this process does not work for them.
        """
        holder = self.watch("driver.json") or {}
        with contextlib.ExitStack() as held:
            if holder.get("token", "") not in (os.environ.get(HOLDER), self._driving or None):
                held.enter_context(self._lock("driver", 0.0))
            held.enter_context(self._lock("writer", 0.0))
            yield

    @contextlib.contextmanager
    def _lock(self, name: str, patience: float) -> Iterator[str]:
        token = secrets.token_hex(8)
        lock = FileLock(self.folder / f"{name}.lock", thread_local=False, preserve_lock_file=True)
        try:
            lock.acquire(timeout=patience, poll_interval=0.1)
        except Timeout as error:
            raise RunHeld(self._held(name)) from error
        except OSError as error:
            raise DiskRefused(
                f"could not lock {self.folder}: {error.strerror or error}; is the folder writable?"
            ) from error
        mine = self.folder / f"{name}.json"
        try:
            who = {"pid": os.getpid(), "host": socket.gethostname(), "since": _now(), "token": token}
            files.glance(mine, json.dumps(who).encode())
            yield token
        finally:
            files.remove(mine)
            lock.release()

    def _held(self, name: str) -> str:
        who = self.watch(f"{name}.json") or self.watch("driver.json")
        by = f"process {who['pid']} on {who['host']} since {who['since']}" if who else "another process"
        return f"{self.folder} is held by {by}; wait for it or stop it, then run the same command again"


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def found(folder: Path) -> Store:
    """The store of the run at ``folder`` or the nearest folder above it that is a run.

    Raises:
        OptionRefused: there is none.
    """
    start = folder.resolve()
    for place in (start, *start.parents):
        if (place / "run.json").is_file():
            return Store(place)
    raise OptionRefused(f"no run at {folder}: there is no run.json in it; 'planning-kit run BRIEF' starts one")


def begun(
    outputs: Path,
    slug: str,
    first: Mapping[str, str],
    now: datetime,
    fill: Callable[[Store], None] = lambda store: None,
) -> Store:
    """A new run's folder ``<outputs>/<slug>/<YYYYMMDD-HHMMSS>`` holding the files in ``first``; whole or absent.

    Args:
        outputs: where runs are kept.
        slug: the run's slug.
        first: name → text; ``run.json`` is written last, its presence is the run's existence.
        now: local time for the folder's name; the second is moved on if the folder exists.
        fill: puts in what else it begins with, before the folder has its name.

    Raises:
        OptionRefused: the folder cannot be written.
    """
    making = outputs / slug / f"{files.TEMPORARY}{os.getpid()}-{secrets.token_hex(4)}"
    try:
        making.mkdir(parents=True)
        for name in sorted(first, key=lambda name: name == "run.json"):
            Store(making).keep(name, first[name])
        fill(Store(making))
        for ahead in range(120):
            stamp = datetime.fromtimestamp(now.timestamp() + ahead).strftime("%Y%m%d-%H%M%S")
            folder = outputs / slug / stamp
            if not folder.exists():
                making.rename(folder)
                return Store(folder.resolve())
        raise OptionRefused(f"{outputs / slug} holds a run for each of the next 120 seconds; wait a little")
    except (OSError, DiskRefused) as error:
        raise _unwritable(outputs, error) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)


@contextlib.contextmanager
def beginning(outputs: Path, slug: str) -> Iterator[None]:
    """Only one process at a time looks for a run of ``slug`` and begins one.

    Raises:
        OptionRefused: the folder cannot be written.
    """
    fresh = not os.path.exists(outputs)
    try:
        (outputs / slug).mkdir(parents=True, exist_ok=True)
        lock = FileLock(outputs / slug / ".lock", timeout=10, preserve_lock_file=True)
        lock.acquire()
    except (OSError, Timeout) as error:
        if fresh:
            shutil.rmtree(outputs, ignore_errors=True)
        raise _unwritable(outputs, error) from error
    try:
        yield
    finally:
        lock.release()


def _unwritable(outputs: Path, error: BaseException) -> OptionRefused:
    cause = error if isinstance(error, OSError) else error.__cause__ or error
    reason = getattr(cause, "strerror", None) or cause
    return OptionRefused(f"cannot write to the outputs folder {outputs}: {reason}; pick another with --outputs DIR")
