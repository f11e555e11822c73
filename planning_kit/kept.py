"""The files of a run that are written once: what they are, and which of them no record names yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from . import digest, files
from .journal import Journal
from .store import Store

ONCE = ("server.json", "estimate.json")
"""Files that are written once and not part of what a run begins with."""


def names(store: Store) -> Iterator[str]:
    """The files that are written once and are neither part of the beginning nor named by their own digest, in order."""
    yield from (name for name in ONCE if store.path(name).is_file())
    calls = store.folder / "calls"
    yield from sorted(path.relative_to(store.folder).as_posix() for path in calls.glob("*/*.json") if path.is_file())


def named(journal: Journal) -> dict[str, str]:
    """What the records say of these files: name → SHA-256."""
    found: dict[str, str] = {}
    for record in journal:
        said = record.body.get("kept", {})
        if isinstance(said, Mapping):
            found |= said
    return found


def fresh(store: Store, journal: Journal) -> dict[str, str]:
    """The files that no record names yet: name → SHA-256."""
    known = named(journal)
    return {name: digest.of_bytes(files.read(store.path(name))) for name in names(store) if name not in known}
