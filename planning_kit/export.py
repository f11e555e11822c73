"""A run, left behind as plain markdown in the recipe's tree."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from . import digest, files
from .errors import BadInput, DiskRefused, OptionRefused
from .redact import redact
from .run import Run


@dataclass(frozen=True)
class Exported:
    """What an export did: files ``written``, ``unchanged``, ``kept`` because somebody edited them; gates still ``closed``."""

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    kept: tuple[Path, ...]
    closed: tuple[str, ...]


def export(run: Run, to: Path) -> Exported:
    """Write the documents below ``to``; a file that somebody edited there is kept.

    Raises:
        OptionRefused: nothing is written yet, or the folder cannot be written.
        BadInput: a document holds what looks like a secret.
    """
    documents = [document for phase in run.phases for document in phase.documents]
    if not documents:
        raise OptionRefused(f"{run.address} has no documents yet; 'planning-kit resume {run.address}' has them written")
    for document in documents:
        if redact(document.text) != document.text:
            raise BadInput(
                f"{run.shelf.path(document.name)} holds what looks like a secret; take it out, approve the document again, then export"
            )
    written, unchanged, kept = [], [], []
    for document in documents:
        place = to / document.name
        there = _text(place)
        if there == document.text:
            unchanged.append(place)
        elif there is not None and run.store.version(digest.of_text(there)) is None:
            kept.append(place)
        else:
            try:
                files.replace(place, document.text.encode())
            except DiskRefused as error:
                raise OptionRefused(
                    f"cannot write to {to}: {error.__cause__}; pick another folder with --to DIR"
                ) from error
            written.append(place)
    closed = tuple(phase.name for phase in run.phases if not phase.gate.open)
    return Exported(tuple(written), tuple(unchanged), tuple(kept), closed)


def _text(place: Path) -> str | None:
    try:
        return files.read(place).decode("utf-8", errors="replace")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OptionRefused(
            f"{place} cannot be read: {error.strerror or error}; pick another folder with --to DIR"
        ) from error
