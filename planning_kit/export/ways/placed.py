"""Files put into somebody's folder: what they edited stays, what an export wrote before is replaced, and a small file remembers which is which."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ... import digest, files
from ...errors import OptionRefused
from ..markdown import put

NAME = ".planning-kit-export.json"
"""Beside what was written: SHA-256 of each file, as it was written, by format."""
LARGEST = 4_000_000
"""The longest such file that is read, in bytes."""
_FORMAT = 1
_SHA = re.compile(r"[0-9a-f]{64}")
Ledger = dict[str, dict[str, list[str]]]
"""Format → path → SHA-256 of what was written there; two of them while an export is under way, or when it was killed."""


@dataclass(frozen=True)
class Placed:
    """What became of each file: ``written``, ``unchanged``, ``kept`` because somebody edited it; ``left`` are those of an earlier export that are part of this one no more."""

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    kept: tuple[Path, ...]
    left: tuple[Path, ...]


def place(to: Path, way: str, texts: Mapping[str, str]) -> Placed:
    """Put ``texts`` below ``to``.

    A file is replaced only if it is as an export to this folder wrote it. One that is not known stays as it is, whoever wrote it: a ledger
    that is lost or damaged costs a move by hand, never somebody's work.

    Args:
        to: the folder.
        way: the format, under which the ledger remembers them.
        texts: path below ``to`` → text.

    Raises:
        OptionRefused: a file cannot be read or written, or a folder on the way to it is a link to somewhere else.
    """
    ledger = read(to)
    before = ledger.get(way, {})
    known = {sha for paths in ledger.values() for shas in paths.values() for sha in shas}
    wanted = {name: (_inside(to, name), text.encode()) for name, text in texts.items()}
    there = {name: _there(path) for name, (path, _) in wanted.items()}
    unchanged = [name for name, (_, data) in wanted.items() if there[name] == data]
    kept = [
        name
        for name, now in there.items()
        if name not in unchanged and now is not None and digest.of_bytes(now) not in known
    ]
    written = [name for name in wanted if name not in {*unchanged, *kept}]
    shas = {name: digest.of_bytes(data) for name, (_, data) in wanted.items() if name not in kept}
    gone = {name: shas for name, shas in before.items() if name not in texts and _safe(name) and _is_there(to / name)}
    if written:  # first what will be ours, so that a file is not taken for somebody's edit when this is killed
        put(
            to / NAME,
            _text({**ledger, way: before | {name: [*before.get(name, ())[-1:], sha] for name, sha in shas.items()}}),
        )
    for name in written:
        put(*wanted[name])
    ledger[way] = (
        gone | {name: before[name] for name in kept if name in before} | {name: [sha] for name, sha in shas.items()}
    )
    put(to / NAME, _text(ledger))
    paths = ([to / name for name in names] for names in (written, unchanged, kept, sorted(gone)))
    return Placed(*map(tuple, paths))


def read(to: Path) -> Ledger:
    """What the exports to this folder wrote; nothing of what is damaged."""
    try:
        data = files.read_regular(to / NAME, LARGEST, follow=False)
        said = json.loads(data)
        assert said["format"] == _FORMAT
        return {way: dict(_entries(paths)) for way, paths in said["ways"].items() if isinstance(paths, dict)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, AssertionError, RecursionError):
        return {}


def _entries(paths: Mapping[str, object]) -> Iterator[tuple[str, list[str]]]:
    for name, said in paths.items():
        shas = (
            [each for each in said if isinstance(each, str) and _SHA.fullmatch(each)] if isinstance(said, list) else []
        )
        if shas:
            yield name, shas[:2]


def _text(ledger: Ledger) -> bytes:
    whole = {
        "about": "Written by planning-kit export: how each file was when it was written. A file that was changed since is kept.",
        "format": _FORMAT, "ways": ledger,
    }  # fmt: skip
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode("utf-8", "backslashreplace")


def _inside(to: Path, name: str) -> Path:
    """Where ``name`` is below ``to``; no folder on the way is a link."""
    path = to / name
    for folder in path.parents:
        if folder == to:
            return path
        if folder.is_symlink():
            raise OptionRefused(
                f"{folder} is a link to somewhere else; take it away, or pick another folder with --to DIR"
            )
    raise OptionRefused(f"{name} lies outside of {to}")


def _safe(name: str) -> bool:
    """Whether what a ledger names may be one of ours."""
    parts = name.split("/")
    return (
        len(name) < 300 and "" not in parts and not {".", ".."} & set(parts) and "\\" not in name and "\0" not in name
    )


def _is_there(path: Path) -> bool:
    try:
        return path.is_file() and not path.is_symlink()
    except OSError:
        return False


def _there(path: Path) -> bytes | None:
    try:
        return files.read(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OptionRefused(
            f"{path} cannot be read: {error.strerror or error}; pick another folder with --to DIR"
        ) from error
