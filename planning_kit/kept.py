"""The files of a run that no record names by what happens: each decision names them, as they are then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from . import digest, files
from .journal import Journal
from .store import Store

ONCE = ("estimate.json",)
"""Files that are written once and not part of what a run begins with."""
REPLACED = ("server.json", "sources.json")
"""Files that are replaced, when another server is asked or more was looked up: each decision names them."""


def names(store: Store) -> Iterator[str]:
    """The files that no other record names by their digest, in order."""
    yield from (name for name in (*ONCE, *REPLACED) if store.path(name).is_file())
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
    """What a decision names of these files, name → SHA-256: those that no record names yet, and those that are replaced, as they are."""
    known = named(journal)
    return {
        name: digest.of_bytes(files.read(store.path(name)))
        for name in names(store)
        if name in REPLACED or name not in known
    }
