"""The files of a codebase as they may be seen: read within limits, redacted before anybody sees a byte, and what was left out."""

from __future__ import annotations

import codecs
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from .. import digest, redact
from ..errors import OptionRefused
from . import assignments, withheld
from .door import Door
from .listing import UNREADABLE, File, Limits, Listing, Notes, Omission, look

__all__ = ["LOCKS", "File", "Limits", "Omission", "Tree"]

LOCKS = frozenset(
    [
        "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "deno.lock", "poetry.lock", "uv.lock",
        "pdm.lock", "Pipfile.lock", "Cargo.lock", "Gemfile.lock", "composer.lock", "go.sum", "go.work.sum", "mix.lock", "pubspec.lock",
        "Podfile.lock", "packages.lock.json", "gradle.lockfile", "flake.lock"
    ]
)  # fmt: skip
"""What package managers write; these are read last."""
_SNIFFED = 8_000
"""Among how many first bytes a NUL means that a file is no text (as git judges)."""
_WIDE = 1_000
"""From how many characters a line on the average a script or style sheet is a minified one."""
TICK = 0.05
"""Within how many seconds two changes of a file may carry the same time; file systems tick every few milliseconds."""
COARSE_TICK = 2.0
"""The same where times are whole seconds."""
_SCRIPTS = (".js", ".mjs", ".cjs", ".css")


@dataclass
class Tree:
    """A codebase as it may be read.

    Only regular files inside the root count. Nothing is executed, no link is followed (see
    :class:`~planning_kit.codebase.door.Door`), and names that promise secrets are not opened. All that is read is
    read once, the shallow files first, when somebody asks for the first text.

    Attributes:
        root: the top folder, resolved.
        files: what is listed, sorted by path; the files that are never opened are not among them.
    """

    root: Path
    files: tuple[File, ...]
    _listing: Listing = field(repr=False)
    _limits: Limits = field(repr=False)
    _clock: Callable[[], float] = field(repr=False)
    _seconds: float = field(repr=False)

    @classmethod
    def read(
        cls, root: Path, without: Path | None = None, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> Tree:  # fmt: skip
        """The files below ``root``; opens none of them but .gitignore.

        Args:
            root: the codebase's top folder; it may be a link.
            without: a folder inside it to leave out (where runs are kept).
            limits: how much is listed and read.
            clock: what time it is, in seconds.

        Raises:
            OptionRefused: there is no such folder.
        """
        limits, began = limits or Limits(), clock()
        try:
            resolved = root.resolve(strict=True)
            if not resolved.is_dir():
                raise NotADirectoryError
        except (OSError, RuntimeError, ValueError) as error:
            raise OptionRefused(
                f"--repo {withheld.shown(str(root))}: no such folder; give the codebase's top folder"
            ) from error
        listing = look(Door(resolved), without, limits, _deadline(clock, limits.seconds))
        return cls(resolved, tuple(listing.files), listing, limits, clock, limits.seconds - (clock() - began))

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path, sorted."""
        return tuple(file.path for file in self.files)

    @property
    def left_out(self) -> tuple[Omission, ...]:
        """What was not read, each reason once with an example and a count; the limits that were hit stand first."""
        return self._read.notes.omissions

    @property
    def redacted(self) -> Mapping[str, Counter[str]]:
        """Path → how many secrets of which kind were replaced in what :meth:`text` gives."""
        return self._read.redacted

    @property
    def complete(self) -> bool:
        """Whether listing and reading came to their end before time ran out."""
        return not self._read.cut

    @property
    def settled(self) -> bool:
        """Whether every file was changed long enough before it was read that the next change gives it another time."""
        now = self._read.began
        return all(
            now - file.ctime / 1e9 > (TICK if file.ctime % 1_000_000_000 else COARSE_TICK) for file in self.files
        )

    @property
    def listing(self) -> str:
        """SHA-256 over path, size and times of every file that was seen, before any is read."""
        every = (*self.files, *self._listing.unread)
        return digest.of_fact(
            {
                "seen": [[each.path, each.size, each.mtime, each.ctime] for each in every],
                "left": [[each.what, each.why, each.count] for each in self._listing.notes.omissions],
            }
        )

    def was_read(self, path: str) -> bool:
        """Whether the file at ``path`` is listed and its text was read; an empty file was."""
        return path in self._read.texts

    def text(self, path: str) -> str:
        """The text of the file at ``path``, secrets replaced by ``[REDACTED:kind]``; empty when it may not or cannot be read.

        Lines end in ``\\n`` and stand where they stand in the file.
        """
        return self._read.texts.get(path, "")

    @property
    def fingerprint(self) -> str:
        """SHA-256 that is the same exactly while the codebase is: over every path and what was read at it, else its size."""
        seen = [[file.path, self._read.digests.get(file.path, file.size)] for file in self.files]
        return digest.of_fact({"seen": seen, "unread": [[file.path, file.size] for file in self._listing.unread]})

    def kinds(self) -> Mapping[str, int]:
        """How many secrets of which kind were replaced, over all files that were read."""
        return sum(self.redacted.values(), Counter())

    @cached_property
    def _read(self) -> _Reading:
        reading = _Reading(Door(self.root), self._limits, self._listing.notes.copy(), cut=self._listing.cut)
        reading.go(sorted(self.files, key=_turn), _deadline(self._clock, self._seconds))
        return reading


def _deadline(clock: Callable[[], float], seconds: float) -> Callable[[], bool]:
    """Says whether ``seconds`` from now have passed."""
    until = clock() + seconds
    return lambda: clock() > until


def _turn(file: File) -> tuple[bool, int, str]:
    """Whose turn it is: what package managers write comes last, what stands deep after what stands above."""
    return file.path.rpartition("/")[2] in LOCKS, file.path.count("/"), file.path


@dataclass
class _Reading:
    """Every file read once, in one order, within the limits; so it does not matter who asks for what first."""

    door: Door
    limits: Limits
    notes: Notes
    cut: bool
    spent: int = 0
    began: float = field(default_factory=time.time)
    texts: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    redacted: dict[str, Counter[str]] = field(default_factory=dict)

    def go(self, files: list[File], late: Callable[[], bool]) -> None:
        """Read ``files`` until all are read or a limit is hit."""
        limits = self.limits
        for place, file in enumerate(files):
            rest = len(files) - place
            if late():
                self.cut = True
                return self.notes.hit(file.path, f"more than {limits.seconds:g} seconds: not read", rest)
            if file.size > limits.file:
                self.notes.left(file.path, f"longer than {limits.file // 1000:,} kB")
            elif self.spent + file.size > limits.total:
                return self.notes.hit(file.path, f"more than {limits.total // 1_000_000:,} MB together: not read", rest)
            elif why := self._open(file.path):
                self.notes.left(file.path, why)
        return None

    def _open(self, path: str) -> str:
        """Why the file at ``path`` holds nothing that can be read; empty when it was read."""
        try:
            held = self.door.read(path, self.limits.file + 1)
        except OSError:
            return UNREADABLE
        self.spent += len(held)
        if len(held) > self.limits.file:
            return f"longer than {self.limits.file // 1000:,} kB"
        text = _decoded(held)
        if text is None:
            return withheld.BINARIES
        if path.endswith(_SCRIPTS) and len(text) > _WIDE * (text.count("\n") + 5):
            return withheld.MINIFIED
        text, kinds = redact.counted(text)
        text, more = assignments.counted(text, assignments.is_settings(path))
        if kinds or more:
            self.redacted[path] = kinds + more
        self.digests[path] = digest.of_text(text)
        self.texts[path] = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        return ""


def _decoded(held: bytes) -> str | None:
    """The text of ``held``: UTF-8, or UTF-16 with its mark; a broken byte is written as ``\\xff``. Nothing when it is no text."""
    if held.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not held.startswith(codecs.BOM_UTF32_LE):
        return held.decode("utf-16", errors="backslashreplace").replace("\x00", "")
    if b"\x00" in held[:_SNIFFED]:
        return None
    return held.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="backslashreplace")
