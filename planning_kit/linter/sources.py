"""Which files are meant by the paths that were named, and what is in them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .. import files
from ..checks import LONGEST
from ..checks.artefact import artefacts
from ..document import Document
from ..errors import OptionRefused

LARGEST = 5_000_000
"""The longest document that is checked, in bytes."""
LARGEST_JSON = 50_000_000
"""The longest JSON file that is checked where it is named: a plan of some thousand tasks is larger than what anybody writes by hand."""
STANDARD_INPUT = "<stdin>"
"""What a document from standard input is called; ``<stdin>.json`` when it begins as a JSON object does."""

_TAKEN = {"md", "markdown", "mmd", "sql", "feature", "proto", "graphql", "graphqls", "gql", "promql"}
"""The endings taken from a folder; YAML and JSON only when what they hold is known."""
_PERHAPS = {"yaml", "yml", "json"}
_DATA = {"yaml", "json", "other", "text"}
"""The kinds of artefact that say nothing about what a file is for."""
_PASSED = {"node_modules", "venv", "site-packages", "__pycache__"}
_PIPELINES = {".github", ".gitlab-ci.yml", ".azure-pipelines", ".azure-pipelines.yml"}
"""Hidden folders and files that hold pipelines."""
_END = re.compile(r"(\r\n|\r|\n)")
_OBJECT = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"')


@dataclass(frozen=True)
class Source:
    """One document as it was read.

    Attributes:
        name: what messages call it: the path as it was named, with ``/``.
        path: where it is; nothing for standard input.
        data: its bytes.
    """

    name: str
    path: Path | None
    data: bytes

    @cached_property
    def document(self) -> Document:
        """What is checked: its text without a byte order mark, every line ended by ``\\n``."""
        return Document(self.name, _END.sub("\n", self.data.decode("utf-8-sig")))


@dataclass(frozen=True)
class Gathered:
    """The documents that could be read, and for each file that could not one line that says why."""

    sources: tuple[Source, ...]
    refused: tuple[str, ...]


def gather(paths: Sequence[str]) -> Gathered:
    """Read what ``paths`` name: files, folders (walked), ``-`` for standard input; each file once.

    Raises:
        OptionRefused: nothing is at a path.
    """
    found: dict[Path | None, Source] = {}
    refused: list[str] = []
    for said in paths:
        for name, path, named in _meant(said):
            real = path and path.resolve()
            if real in found:
                continue
            try:
                data = _data(path)
                source = Source(name if path or not _OBJECT.match(data) else f"{name}.json", path, data)
                if named or _known(source):
                    found[real] = source
            except _Unreadable as why:
                if named:
                    refused.append(f"{name}: {why}")
    return Gathered(tuple(found.values()), tuple(refused))


class _Unreadable(Exception):
    """A file cannot be read as text; says why."""


def _meant(said: str) -> Iterator[tuple[str, Path | None, bool]]:
    """Name, place, and whether it is taken whatever it holds, of each file a path means."""
    if said == "-":
        yield STANDARD_INPUT, None, True
        return
    path = Path(said)
    try:
        there = path.exists()
    except (OSError, ValueError):
        there = False
    if not there or not said:
        short = said if len(said) <= 80 else f"{said[:79]}…"
        raise OptionRefused(
            f"no such file or folder: {short!r}; a brief, or a line of text, is read by 'planning-kit check --brief BRIEF'"
        )
    if not path.is_dir():
        yield path.as_posix(), path, True
        return
    for each in _walked(path):
        ending = each.suffix.lower().lstrip(".")
        yield each.as_posix(), each, ending in _TAKEN or each.name.lower().startswith(("openapi", "swagger"))


def _walked(folder: Path) -> Iterator[Path]:
    """The files below ``folder`` that may be planning documents, by name; no link is followed, nothing hidden is opened but pipelines."""
    for here, folders, names in os.walk(folder):
        if "run.json" in names and "documents" in folders:  # a run's folder: what is beside its documents is its memory
            folders[:], names = ["documents"], []
        folders[:] = sorted(
            name
            for name in folders
            if (not name.startswith(".") or name in _PIPELINES)
            and name not in _PASSED
            and not (Path(here) / name / "pyvenv.cfg").exists()
        )
        for name in sorted(names):
            path = Path(here) / name
            ending = path.suffix.lower().lstrip(".")
            hidden = name.startswith(".") and name not in _PIPELINES
            if hidden or ending not in _TAKEN | _PERHAPS or path.is_symlink() or not path.is_file():
                continue
            if ending in _TAKEN or path.stat().st_size <= LARGEST:
                yield path


def _data(path: Path | None) -> bytes:
    """The bytes of a file (or of standard input) that is text.

    Raises:
        _Unreadable: it is not, or is too large.
    """
    is_json = path is not None and path.suffix.lower() == ".json"
    most = LARGEST_JSON if is_json else LARGEST
    try:
        data = files.read_regular(path, most + 1) if path else sys.stdin.buffer.read(most + 1)
    except OSError as error:
        raise _Unreadable(f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    if len(data) > most:
        raise _Unreadable(f"it is larger than {most / 1e6:g} MB; check its parts")
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Unreadable(f"it is not UTF-8 text (line {line}); save it as UTF-8") from error
    if not is_json and data.count(b"\n") > LONGEST:
        raise _Unreadable(f"it has more than {LONGEST:,} lines; check its parts")
    if b"\0" in data:
        raise _Unreadable("it holds a zero byte, so it is not text; save it as UTF-8")
    return data


def _known(source: Source) -> bool:
    """Whether a YAML or JSON file is one whose use can be told from what it holds."""
    return artefacts(source.document)[0].kind not in _DATA
