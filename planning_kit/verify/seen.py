"""What is there to be verified: a run's folder, read without trusting it, and what was found wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from .. import digest, files
from ..errors import OptionRefused
from ..given import FOLDER as GIVEN
from ..journal import START, Record
from ..store import Store

SHA = re.compile(r"[0-9a-f]{64}")
NO_DOCUMENT = ("brief.md", "codebase.md", "plan of execution")
"""What decisions name beside documents, the parts of the facts and what earlier runs gave."""


@dataclass(frozen=True)
class Fault:
    """Something that is not as a record says.

    Attributes:
        file: its path below the run's folder.
        record: the record that says otherwise, or is at fault; 0 for none, then ``run.json`` does.
        said: what is wrong, in words.
    """

    file: str
    record: int
    said: str

    def __str__(self) -> str:
        return f"{self.file}{f', record {self.record}' if self.record else ''}: {self.said}"


@dataclass(frozen=True)
class Verified:
    """What was found.

    Attributes:
        label: the run.
        counted: what was looked at: kind of thing → how many.
        head: the digest of the last record, or what the first one would be chained to.
        faults: what is wrong.
        notes: what cannot be shown, and what is not as it was without anybody having said otherwise.
    """

    label: str
    counted: Mapping[str, int]
    head: str
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """For a person: what is wrong, then what cannot be shown."""
        looked = ", ".join(f"{many} {kind}" for kind, many in self.counted.items())
        many = len(self.faults)
        said = f"{many} thing{'' if many == 1 else 's'} wrong" if many else "nothing wrong"
        faults = (f"wrong: {fault}" for fault in self.faults)
        return (
            f"{self.label}: {said} ({looked})",
            *faults,
            *(f"note: {note}" for note in self.notes),
            f"head {self.head}",
        )

    @property
    def facts(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "run": self.label, "sound": not self.faults, "counted": dict(self.counted), "head": self.head,
            "faults": [asdict(fault) for fault in self.faults], "notes": list(self.notes),
        }  # fmt: skip


@dataclass
class Seen:
    """A run's folder as it lies there.

    Attributes:
        store: the folder.
        begun: what ``run.json`` says; empty when it cannot be read.
        start: what its first record has to be chained to; empty when that is not known.
        texts: place in the journal → the bytes lying there.
        records: place → the record, for those that can be read and are in their own place.
        distrusted: places of records that are at fault: nothing is measured by them.
        notes: what is to be said that is no fault.
        counted: what was looked at.
        tree: the documents the run will have; nothing when its recipe cannot be read.
    """

    store: Store
    begun: Mapping[str, Any]
    start: str
    texts: Mapping[int, bytes]
    records: Mapping[int, Record]
    distrusted: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    tree: frozenset[str] | None = None

    @classmethod
    def of(cls, store: Store) -> Seen:
        """The folder of ``store``."""
        texts = {}
        for path in _listed(store, "journal"):
            if re.fullmatch(r"journal/\d{6}\.json", path):
                data = bytes_of(store, path)
                texts[int(path[8:14])] = b"" if data is None else data
        records = {}
        for seq, data in sorted(texts.items()):
            try:
                record = Record.of(data.decode("utf-8"))
            except ValueError:
                continue
            if record.seq == seq:
                records[seq] = record
        begun = bytes_of(store, "run.json") or b""
        try:
            said = json.loads(begun)
        except (ValueError, RecursionError):
            said = {}
        said = said if isinstance(said, dict) else {}
        form = said.get("format")
        start = START if form in (2, 3) else digest.of_bytes(begun) if isinstance(form, int) else ""
        return cls(store, said, start, texts, records, counted={"records": len(texts)})

    @property
    def id(self) -> str:
        """What makes it this run, as its ``run.json`` says."""
        said = self.begun.get("id")
        return said if isinstance(said, str) else digest.of_bytes(bytes_of(self.store, "run.json") or b"")[:32]

    @property
    def last(self) -> int:
        """The place of the last record."""
        return max(self.texts, default=0)

    @property
    def head(self) -> str:
        """The digest of the last record, or what the first will be chained to."""
        return digest.of_bytes(self.texts[self.last]) if self.texts else self.start

    @property
    def trusted(self) -> Iterator[Record]:
        """The records nothing is wrong with, oldest first."""
        return (record for seq, record in sorted(self.records.items()) if seq not in self.distrusted)

    def having(self, *kinds: str) -> Iterator[Record]:
        """Those of some kinds."""
        return (record for record in self.trusted if record.kind in kinds)

    def distrust(self, seqs: Iterable[int]) -> None:
        """Measure nothing by the records at these places any more."""
        self.distrusted.update(seqs)

    def note(self, said: str) -> None:
        """Have something said that is no fault."""
        self.notes.append(said)

    def listed(self, folder: str) -> tuple[str, ...]:
        """Every file below ``folder``, as paths below the run's, in order."""
        return tuple(_listed(self.store, folder))

    def bytes_of(self, name: str) -> bytes | None:
        """What lies there; nothing when nothing does, or no file of the run's own."""
        return bytes_of(self.store, name)

    def sha(self, name: str) -> str:
        """The SHA-256 of what lies there; empty when nothing does."""
        data = self.bytes_of(name)
        return "" if data is None else digest.of_bytes(data)

    @cached_property
    def first(self) -> dict[str, str]:
        """The files the run began with: name → SHA-256; empty for a run from before format 4."""
        return mapping(self.begun, "first")


def bytes_of(store: Store, name: str) -> bytes | None:
    """The bytes of the run's own file ``name``, or nothing."""
    try:
        return files.read(store.path(name))
    except (OSError, ValueError, OptionRefused):
        return None


def text(body: Mapping[str, Any], field: str) -> str:
    """A field of a record that has to be a text; empty when it is none."""
    said = body.get(field)
    return said if isinstance(said, str) else ""


def mapping(body: Mapping[str, Any], field: str) -> dict[str, str]:
    """A field of a record that has to be names with digests; what is otherwise is left away."""
    said = body.get(field)
    if not isinstance(said, Mapping):
        return {}
    return {name: sha for name, sha in said.items() if isinstance(name, str) and isinstance(sha, str)}


def is_document(name: str) -> bool:
    """Whether what a decision names is a document."""
    return name not in NO_DOCUMENT and not name.startswith(("facts.yaml", f"{GIVEN}: "))


def _listed(store: Store, folder: str) -> Iterator[str]:
    try:
        paths = sorted((store.folder / folder).rglob("*"))
    except OSError:
        return
    for path in paths:
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(store.folder).as_posix()
