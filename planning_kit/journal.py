"""What happened, in order, each fact chained to the one before."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from . import digest
from .errors import Damaged, RunHeld
from .store import Store

START = "0" * 64
"""What the first record of a run from before format 4 is chained to."""


class Signer(Protocol):
    """Signs records: ``fingerprint`` names the key."""

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint, as in ``SHA256:…``."""
        ...

    def sign(self, data: bytes) -> str:
        """The signature of ``data``, armored."""
        ...


@dataclass(frozen=True)
class Record:
    """One fact: its place ``seq`` (from 1), when (``at``, UTC), its ``kind``, what it says, and the digest of the record before."""

    seq: int
    at: str
    kind: str
    body: Mapping[str, Any]
    before: str

    @classmethod
    def of(cls, text: str) -> Record:
        """The record kept as ``text``.

        Raises:
            ValueError: it is none.
        """
        try:
            fact = json.loads(text)
            kinds = {"seq": int, "at": str, "kind": str, "body": dict, "before": str}
            if wrong := [field for field, kind in kinds.items() if type(fact[field]) is not kind]:
                raise ValueError(f"{wrong[0]} is of another kind")
            record = cls(fact["seq"], fact["at"], fact["kind"], fact["body"], fact["before"])
            if record.bytes() != text.encode("utf-8"):
                raise ValueError("it is not written the way records are")
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ValueError(" ".join(str(error).split())[:120]) from error
        return record

    def bytes(self) -> bytes:
        """As it is kept, to the byte."""
        fact: dict[str, Any] = {
            "seq": self.seq,
            "at": self.at,
            "kind": self.kind,
            "body": dict(self.body),
            "before": self.before,
        }
        return digest.canonical(fact) + b"\n"


_SORTED = ("document", "asked", "phase")
"""What records are looked for by, the most telling first."""


class Journal:
    """The records of one run, read from ``journal/`` of its store.

    Args:
        store: the run's folder.
        start: what the first record is chained to: the digest of the run's ``run.json``, so that records cannot be
            taken to another run; runs from before format 4 begin with zeros.
    """

    def __init__(self, store: Store, start: str = START) -> None:
        self._store = store
        self._records: list[Record] = []
        self._by: dict[tuple[str, ...], list[Record]] = {}
        self._head = start
        self._folder = store.folder / "journal"
        self._listed = 0

    def __iter__(self) -> Iterator[Record]:
        self._catch_up()
        return iter(tuple(self._records))

    def of(self, kind: str, **fields: Any) -> list[Record]:
        """The records of ``kind`` whose body has all of ``fields``, oldest first."""
        self._catch_up()
        place = next(((kind, name, str(fields[name])) for name in _SORTED if name in fields), (kind,))
        found = self._by.get(place, ())
        return [r for r in found if all(r.body.get(name) == value for name, value in fields.items())]

    @property
    def head(self) -> str:
        """The digest of the last record, or what the first one will be chained to: who keeps it can tell a cut tail."""
        self._catch_up()
        return self._head

    def add(self, kind: str, signer: Signer | None = None, **body: Any) -> Record:
        """Write down one fact; it is on the disk when this returns.

        Args:
            kind: what kind of fact it is.
            signer: signs the record; the signature is kept beside it, see :func:`signature_name`.
            body: what it says.

        Raises:
            RunHeld: another process wrote the same place first.
            DiskRefused: the disk said no.
        """
        self._catch_up()
        body |= {"signed": signer.fingerprint} if signer else {}
        record = Record(
            len(self._records) + 1, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), kind, body, self._head
        )
        text = record.bytes().decode("utf-8")
        if signer:
            self._store.replace(signature_name(record.seq), signer.sign(record.bytes()))
        else:
            self._store.forget(signature_name(record.seq))  # of a record that a kill kept from being written
        if not self._store.keep(record_name(record.seq), text):
            raise RunHeld(
                f"{self._store.folder}: another process wrote journal record {record.seq} first; run the same command again"
            )
        self._catch_up()
        return record

    def _catch_up(self) -> None:
        """Read what was written since the last look; that a record is missing can only show when the folder has changed."""
        while os.path.lexists(f"{self._folder}/{len(self._records) + 1:06d}.json"):
            name = record_name(len(self._records) + 1)
            text = self._store.read(name) or ""
            self._take(self._checked(text, len(self._records) + 1))
            self._head = digest.of_text(text)
        try:
            changed = os.stat(self._folder).st_mtime_ns
        except FileNotFoundError:
            return
        if changed == self._listed:
            return
        later = [
            name
            for name in os.listdir(self._folder)
            if re.fullmatch(r"\d{6}\.json", name) and int(name[:6]) > len(self._records)
        ]
        if later:
            raise Damaged(
                f"{self._folder / record_name(len(self._records) + 1).split('/')[1]} is missing although {min(later)} is there; restore it from a copy of the run"
            )
        self._listed = changed

    def _take(self, record: Record) -> None:
        """Put ``record`` where :meth:`of` finds it."""
        self._records.append(record)
        self._by.setdefault((record.kind,), []).append(record)
        for name in _SORTED:
            if name in record.body:
                self._by.setdefault((record.kind, name, str(record.body[name])), []).append(record)

    def _checked(self, text: str, seq: int) -> Record:
        where = self._store.folder / record_name(seq)
        try:
            record = Record.of(text)
        except ValueError as error:
            raise Damaged(f"{where} is not a journal record ({error}); restore it from a copy of the run") from error
        if record.seq != seq or record.before != self._head:
            raise Damaged(
                f"{where} does not follow from the record before it: it or an earlier one was changed; restore it from a copy of the run"
            )
        return record


def record_name(seq: int) -> str:
    """Where record ``seq`` is kept."""
    return f"journal/{seq:06d}.json"


def signature_name(seq: int) -> str:
    """Where the signature of record ``seq`` is kept."""
    return f"journal/{seq:06d}.sig"
