"""Which files a codebase has: every folder looked into once, broadest first, no link followed, no file opened but .gitignore."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from ..redact import redact
from . import ignored, withheld
from .door import Door, Entry

SHORTEST = 15
"""A shorter name holds no secret that is known by its shape, in characters."""
LINKS = "links are not followed"
OTHERS = "neither file nor folder: a pipe, socket or device"
UNREADABLE = "the system did not let it be read"
RUNS = "where runs are kept"
LARGEST_RULES = 100_000
"""The longest .gitignore that is heeded, in bytes."""


@dataclass(frozen=True)
class Limits:
    """How much is read.

    Attributes:
        file: bytes of one file; a longer one is listed and not read.
        files: how many files are listed.
        total: bytes of all files together.
        seconds: how long listing and reading may take.
        depth: how many levels of folders are entered.
        path: characters of a path from the root.
        entries: how many entries of folders are looked at.
    """

    file: int = 256_000
    files: int = 20_000
    total: int = 12_000_000
    seconds: float = 10.0
    depth: int = 64
    path: int = 1_000
    entries: int = 200_000


@dataclass(frozen=True)
class File:
    """A regular file: its ``path`` from the root with ``/``, ``size`` in bytes, when its content (``mtime``) and when anything of it (``ctime``) changed, in nanoseconds."""

    path: str
    size: int
    mtime: int
    ctime: int = 0


@dataclass(frozen=True)
class Omission:
    """What was left out: ``what`` (the path of an example, fit to be shown), ``why`` in a few words, how many (``count``)."""

    what: str
    why: str
    count: int = 1


@dataclass
class Notes:
    """What was left out so far, each reason once with its first example and a count."""

    _limits: dict[str, Omission] = field(default_factory=dict)
    _others: dict[str, Omission] = field(default_factory=dict)

    def copy(self) -> Notes:
        """These notes, to be carried on apart from them."""
        return Notes(dict(self._limits), dict(self._others))

    def left(self, path: str, why: str, count: int = 1) -> None:
        """Note that ``path`` was left out."""
        self._add(self._others, path, why, count)

    def hit(self, path: str, limit: str, count: int = 1) -> None:
        """Note that ``path`` and what follows was left out because a limit was hit."""
        self._add(self._limits, path, limit, count)

    def _add(self, notes: dict[str, Omission], path: str, why: str, count: int) -> None:
        known = notes.get(why) or Omission(redact(withheld.shown(path)), why, 0)
        notes[why] = Omission(known.what, why, known.count + count)

    @property
    def omissions(self) -> tuple[Omission, ...]:
        """What was left out; the limits that were hit stand first."""
        return (*self._limits.values(), *self._others.values())


@dataclass
class Listing:
    """What was found: ``files`` that may be read and files that are not (``unread``), what was left out, whether time ran out."""

    files: list[File] = field(default_factory=list)
    unread: list[File] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    cut: bool = False


@dataclass(frozen=True)
class _Folder:
    path: str
    depth: int
    rules: ignored.Rules
    beside: Collection[str]


@dataclass
class _Walk:
    """One way through the folders of ``door``."""

    door: Door
    without: str
    limits: Limits
    late: Callable[[], bool]
    listing: Listing = field(default_factory=Listing)
    waiting: deque[_Folder] = field(default_factory=deque)
    seen: int = 0

    def through(self) -> Listing:
        self.waiting.append(_Folder("", 0, ignored.Rules(), ()))
        while self.waiting:
            if self.late():
                self.listing.cut = True
                self.listing.notes.hit(
                    self.waiting[0].path or "./", f"more than {self.limits.seconds:g} seconds: not looked into", len(self.waiting)
                )  # fmt: skip
                break
            self._enter(self.waiting.popleft())
        for found in (self.listing.files, self.listing.unread):
            found.sort(key=lambda file: file.path)
        return self.listing

    def _enter(self, folder: _Folder) -> None:
        notes, left = self.listing.notes, self.limits.entries - self.seen
        try:
            entries, whole = self.door.entries(folder.path.rstrip("/"), left)
        except OSError:
            return notes.left(folder.path or "./", UNREADABLE)
        self.seen += len(entries)
        if not whole:
            notes.hit(
                folder.path or "./", f"more than {self.limits.entries:,} entries of folders: the rest is not listed"
            )
        names = frozenset(entry.name for entry in entries)
        rules = self._rules(folder, entries)
        if folder.depth:
            name, ruled = folder.path.rstrip("/").rpartition("/")[2], bool(rules.levels and rules.levels[0][0] == "")
            if why := ignored.why_left(name, names, folder.beside, folder.depth == 1, ruled):
                return notes.left(folder.path, why)
        for entry in entries:
            if self.late():
                self.waiting.append(folder)
                return None
            self._take(entry, _Folder(folder.path + entry.name, folder.depth + 1, rules, names))
        return None

    def _rules(self, folder: _Folder, entries: Collection[Entry]) -> ignored.Rules:
        for entry in entries:
            if entry.name == ".gitignore" and entry.kind == "file" and entry.size <= LARGEST_RULES:
                try:
                    held = self.door.read(f"{folder.path}.gitignore", LARGEST_RULES)
                except OSError:
                    return folder.rules
                return folder.rules.below(folder.path, held.decode("utf-8", errors="replace"))
        return folder.rules

    def _take(self, entry: Entry, below: _Folder) -> None:
        notes, path = self.listing.notes, below.path
        if not withheld.showable(entry.name):
            notes.left(path, withheld.NAMELESS)
        elif len(entry.name) >= SHORTEST and redact(entry.name) != entry.name:
            notes.left(path, "a name that holds a secret")
        elif len(path) > self.limits.path:
            notes.hit(path, f"a path of more than {self.limits.path:,} characters")
        elif entry.kind == "folder":
            self._line_up(entry.name, below)
        elif entry.kind == "file":
            self._list(entry, path, below.rules)
        else:
            notes.left(path, LINKS if entry.kind == "link" else OTHERS)

    def _line_up(self, name: str, below: _Folder) -> None:
        path = f"{below.path}/"
        why = withheld.why_unentered(name) or ignored.why_closed(name) or (RUNS if path == self.without else "")
        if why or below.rules.ignore(path):
            self.listing.notes.left(path, why or ignored.GIT)
        elif below.depth > self.limits.depth:
            self.listing.notes.hit(path, f"more than {self.limits.depth} folders deep")
        else:
            self.waiting.append(_Folder(path, below.depth, below.rules, below.beside))

    def _list(self, entry: Entry, path: str, rules: ignored.Rules) -> None:
        file = File(path, entry.size, entry.mtime, entry.ctime)
        if why := withheld.why_unread(entry.name):
            self.listing.unread.append(file)
            self.listing.notes.left(path, why)
        elif rules.ignore(path):
            self.listing.notes.left(path, ignored.GIT)
        elif len(self.listing.files) >= self.limits.files:
            self.listing.notes.hit(path, f"more than {self.limits.files:,} files: the rest is not listed")
        else:
            self.listing.files.append(file)


def look(door: Door, without: Path | None, limits: Limits, late: Callable[[], bool]) -> Listing:
    """The files below ``door``.

    Args:
        door: the codebase.
        without: a folder inside it to leave out.
        limits: how much is listed.
        late: whether time has run out.
    """
    apart = ""
    if without is not None and without.resolve().is_relative_to(door.root):
        apart = f"{without.resolve().relative_to(door.root).as_posix()}/"
    return _Walk(door, apart, limits, late).through()
