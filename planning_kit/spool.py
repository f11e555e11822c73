"""What a server sends, on the disk as it comes: a whole answer survives a kill, a broken one is counted."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from . import files
from .errors import Damaged
from .model import Request, Usage
from .store import Store

_TRY = re.compile(r"(\d{2,9})\.(sse|lost)", re.ASCII)
"""What the files of a try are called."""


@dataclass(frozen=True)
class Lost:
    """A try that came to nothing although it may have been billed.

    Attributes:
        asked: SHA-256 of the question.
        seat: who was asked.
        model: the model that was asked.
        usage: tokens, as far as the server had told them.
        why: what happened.
        at: when, UTC, ISO 8601 to the second.
    """

    asked: str
    seat: str
    model: str
    usage: Usage
    why: str
    at: str


class Spool:
    """Tries that have not become a kept answer, in ``spool/<digest of the question>/``.

    ``03.sse`` holds the third try, one event a line, as far as it came; ``03.lost`` says that nothing came of it.

    Args:
        store: the run's folder.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def tries(self, asked: str) -> list[tuple[int, list[str]]]:
        """The earlier tries nothing is known to have come of: number and events, in order."""
        found = []
        for number, path in self._numbered(asked):
            if path.suffix == ".sse" and not path.with_suffix(".lost").exists():
                text = files.read(path).decode("utf-8", "replace")
                found.append((number, text.split("\n")[:-1]))
        return found

    @contextlib.contextmanager
    def keeping(self, asked: str) -> Iterator[tuple[int, Callable[[str], None]]]:
        """Keep a new try: gives its number, and the function to be told each event.

        Raises:
            DiskRefused: the disk said no.
        """
        number = 1 + max((number for number, _ in self._numbered(asked)), default=0)
        with files.growing(self._folder(asked) / f"{number:02}.sse") as grow:
            yield number, lambda event: grow(f"{event}\n".encode("utf-8", "replace"))

    def lose(self, request: Request, number: int, usage: Usage, why: str, at: str) -> Lost:
        """Note that nothing came of try ``number``."""
        lost = Lost(request.digest, request.seat, request.model, usage, why, at)
        name = f"spool/{lost.asked}/{number:02}.lost"
        self._store.keep(name, json.dumps(asdict(lost), ensure_ascii=False) + "\n")
        files.remove(self._store.path(f"spool/{lost.asked}/{number:02}.sse"))
        return lost

    def under_way(self) -> list[str]:
        """The questions of tries that are being made, or were when the process was killed: once for each try."""
        everywhere = _entries(self._store.folder / "spool")
        notes = [path for folder in everywhere for path in _entries(folder) if path.suffix == ".sse"]
        return [path.parent.name for path in notes if not path.with_suffix(".lost").exists()]

    def forget(self, asked: str, number: int) -> None:
        """Take away a try that was turned away before it was worked on: it cost nothing."""
        files.remove(self._store.path(f"spool/{asked}/{number:02}.sse"))

    def lost(self, asked: str = "*") -> list[Lost]:
        """What nothing came of, for one question or for all.

        Raises:
            Damaged: a note cannot be read.
        """
        everywhere = self._store.folder / "spool"
        folders = [everywhere / asked] if asked != "*" else _entries(everywhere)
        notes = [
            path
            for folder in folders
            for path in _entries(folder)
            if _TRY.fullmatch(path.name) and path.suffix == ".lost"
        ]
        return [lost for path in notes if (lost := self._opened(path))]

    def done(self, asked: str) -> None:
        """Forget the tries of a question whose answer is kept, and carries what was lost on the way."""
        files.clear(self._folder(asked))

    def _numbered(self, asked: str) -> list[tuple[int, Path]]:
        """The files of a question's tries with their numbers, in order; what is named otherwise is none of them."""
        named = ((_TRY.fullmatch(path.name), path) for path in _entries(self._folder(asked)))
        return sorted((int(name.group(1)), path) for name, path in named if name)

    def _folder(self, asked: str) -> Path:
        return self._store.path(f"spool/{asked}")

    def _opened(self, path: Path) -> Lost | None:
        """The note at ``path``; none when it has just been forgotten."""
        try:
            said = json.loads(files.read(path))
            return Lost(**{**said, "usage": Usage(**said["usage"])})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise Damaged(
                f"{path}: the note about a broken try cannot be read ({error}); restore it, or delete it to have it forgotten"
            ) from error


def _entries(folder: Path) -> list[Path]:
    """What is in ``folder``, in order; nothing when it has just been taken away."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
