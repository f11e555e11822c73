"""A run, left behind as plain markdown in the recipe's tree, with what it rests on and its record."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from .. import digest, files
from ..errors import DiskRefused, OptionRefused
from ..factsheet import NAME as FACTS
from ..research import NAME as SOURCES
from ..run import Run
from . import guard, record
from .merged import BESIDE, merged


@dataclass(frozen=True)
class Exported:
    """What an export did: files ``written``, ``unchanged``, ``kept`` because somebody edited them; gates still ``closed``."""

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    kept: tuple[Path, ...]
    closed: tuple[str, ...]


def below(to: Path, under: str) -> Path:
    """The folder ``under`` in ``to``, as ``--under .claude/outputs`` names it.

    Raises:
        OptionRefused: it is empty, does not begin in ``to``, or leaves it.
    """
    parts = under.replace("\\", "/").split("/")
    if not under.strip() or under[0] in "/~\\" or ".." in parts or ":" in parts[0] or "\0" in under:
        raise OptionRefused(
            f"--under {under}: give a folder inside of --to, like '.claude/outputs', without '..' and not from the top"
        )
    return to / under


def export(run: Run, to: Path) -> Exported:
    """Write documents, facts, sources and the record below ``to``; a file that somebody edited there is kept.

    An index that follows from the other documents is put between two marks into the file that is there.
    Facts, sources and record stand beside the documents; where the recipe has a document of that name, the document does.

    Raises:
        OptionRefused: nothing is written yet, or the folder cannot be written.
        BadInput: something that goes out holds what looks like a secret; names the file.
    """
    guard.refuse(run)
    texts = dict(_texts(run))
    indexes = {name for step in run.phases if step.act.phase.renders for name in step.names if name in texts}
    texts |= {name: _merged(texts[name], to / name) for name in indexes}
    name = _beside(run, record.NAME)
    before = _there(to / name) or ""
    ours = set(record.handed(before).values())
    if name not in texts:
        texts[name] = record.record(run, {each: digest.of_text(text) for each, text in texts.items()})
        ours |= {digest.of_text(before)} if record.whole(before) else set()
    written, unchanged, kept = [], [], []
    for name, text in texts.items():
        place = to / name
        there = _there(place)
        if there == text:
            unchanged.append(place)
        elif there is not None and name not in indexes and not _known(run, there, ours):
            kept.append(place)
        else:
            put(place, text.encode())
            written.append(place)
    closed = tuple(phase.name for phase in run.phases if not phase.gate.open)
    return Exported(tuple(written), tuple(unchanged), tuple(kept), closed)


def put(place: Path, data: bytes) -> None:
    """``data`` at ``place``, whole or not at all.

    Raises:
        OptionRefused: it cannot be written there.
    """
    try:
        files.replace(place, data)
    except DiskRefused as error:
        raise OptionRefused(
            f"cannot write to {place.parent}: {error.__cause__}; pick another folder with --to DIR"
        ) from error


def _merged(text: str, place: Path) -> str:
    """An index as it stands at ``place``, with what is there already."""
    return merged(text, _there(place), [name for name in BESIDE if (place.parent / name).is_file()])


def _texts(run: Run) -> Iterator[tuple[str, str]]:
    """What is handed over beside the record: its path and its text."""
    documents = [document for phase in run.phases for document in phase.documents]
    yield from ((document.name, document.text) for document in documents)
    names = {document.name for document in documents}
    for name, text in ((FACTS, run.sheet.text), (SOURCES, run.store.read(SOURCES))):
        if text is not None and _beside(run, name) not in names:
            yield _beside(run, name), text


def _beside(run: Run, name: str) -> str:
    """The path of ``name`` beside the recipe's documents; where these lie in many folders, beside the last of them."""
    return posixpath.join(posixpath.dirname(run.phases[-1].names[-1]), name) if run.recipe.places else run.placed(name)


def _known(run: Run, there: str, ours: Collection[str]) -> bool:
    """Whether a text was put there by an export: the run has a version of it, or the record beside it names it."""
    name = digest.of_text(there)
    return name in ours or run.store.version(name) is not None


def _there(place: Path) -> str | None:
    try:
        return files.read(place).decode("utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OptionRefused(
            f"{place} cannot be read: {error.strerror or error}; pick another folder with --to DIR"
        ) from error
