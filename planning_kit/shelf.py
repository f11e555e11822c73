"""The documents of a run: their current text, every version a record names, and whose edit is never overwritten."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from .document import Document
from .journal import Journal, Record
from .person import Person
from .store import Store


class Shelf:
    """Reads and places documents; their history is in the journal, their texts in ``documents/`` and ``versions/``."""

    def __init__(self, store: Store, journal: Journal) -> None:
        self._store = store
        self._journal = journal
        self._known: dict[str, Document] = {}

    def path(self, name: str) -> Path:
        """Where the document called ``name`` is."""
        return self._store.path(f"documents/{name}")

    def document(self, name: str) -> Document | None:
        """The document called ``name`` as it is now, if it is written."""
        text = self._store.current(f"documents/{name}")
        if text is None:
            return None
        known = self._known.get(name)
        if known is None or known.text is not text:
            known = self._known[name] = Document(name, text)
        return known

    def digest(self, name: str) -> str:
        """The SHA-256 of its current text; empty if it is not written."""
        document = self.document(name)
        return document.digest if document else ""

    def drafted(self, name: str) -> Record | None:
        """The record of its last draft."""
        records = self._journal.of("drafted", document=name)
        return records[-1] if records else None

    def stop(self, name: str) -> str:
        """Why its author ended; ``end_turn`` for a complete answer and for a text a person edited."""
        last = self.drafted(name)
        return str(last.body["stop"]) if last and last.body["digest"] == self.digest(name) else "end_turn"

    def edited(self, name: str) -> bool:
        """Whether its current text is a person's, not the last draft."""
        last, now = self.drafted(name), self.digest(name)
        return bool(now) and (last is None or last.body["digest"] != now)

    def settle(self, name: str) -> None:
        """Put back a document whose file is gone, as it was last recorded, and finish placing a text where a kill came between."""
        written = [r for r in self.history(name) if r.kind == "drafted" or r.body.get("by")]
        placed = self._journal.of("placed", document=name)
        unfinished = bool(written) and (not placed or placed[-1].seq < written[-1].seq)
        before = {each.body["digest"] for each in written[:-1]}
        now = self.digest(name)
        wanted = written[-1].body["digest"] if unfinished else self._last(name)
        if wanted and (not now or (unfinished and now in before)):
            self._put(name, self._store.version(wanted) or "")
        if unfinished:
            self._journal.add("placed", document=name, digest=wanted)

    def _last(self, name: str) -> str:
        """The digest the newest record about the document names; empty if there is none."""
        own = [self._journal.of(kind, document=name) for kind in ("drafted", "edited", "placed", "commented")]
        decided = [record for record in self._journal.of("decided") if name in record.body["subject"]]
        last = max((records[-1] for records in (*own, decided) if records), key=lambda record: record.seq, default=None)
        if last is None:
            return ""
        return str(last.body["subject"][name] if last.kind == "decided" else last.body["digest"])

    def owes(self, name: str, asked: str, returned: Collection[str]) -> bool:
        """Whether its author has to write: the question is new and no person's edit would be lost.

        Args:
            name: the document.
            asked: digest of the question as it is now.
            returned: digests of the versions reviewers sent back: an edit among them has been seen and is kept.
        """
        last = self.drafted(name)
        if last is not None and last.body["asked"] == asked:
            return False
        return not self.edited(name) or self.digest(name) in returned

    def place(self, document: Document, asked: str, **facts: Any) -> Record:
        """Record a draft and put it in its place; a kill in between is mended by :meth:`settle`.

        Args:
            document: the draft.
            asked: digest of the question it answers.
            facts: what else the record says (seat, model, stop, findings, version …).
        """
        self._store.keep_version(document.text)
        record = self._journal.add("drafted", document=document.name, digest=document.digest, asked=asked, **facts)
        self._put(document.name, document.text)
        self._journal.add("placed", document=document.name, digest=document.digest)
        return record

    def note_edit(self, name: str) -> None:
        """Record a person's edit once, and keep its text."""
        document = self.document(name)
        if document and self.edited(name) and not self._journal.of("edited", document=name, digest=document.digest):
            self._store.keep_version(document.text)
            self._journal.add("edited", document=name, digest=document.digest)

    def edit(self, name: str, text: str, by: str) -> None:
        """Make ``text`` the document called ``name``, written by the person ``by``; a kill in between is mended by :meth:`settle`."""
        document = Document(name, text)
        self.note_edit(name)
        self._store.keep_version(text)
        self._journal.add("edited", document=name, digest=document.digest, by=by)
        self._put(name, text)
        self._journal.add("placed", document=name, digest=document.digest)

    def editors(self, name: str) -> frozenset[str]:
        """Who edited it since its last draft, as :attr:`Person.key` and as they named themselves; empty for a text no person touched, or where nobody is known."""
        if not self.edited(name):
            return frozenset()
        last = self.drafted(name)
        edits = [r for r in self._journal.of("edited", document=name) if last is None or r.seq > last.seq]
        names = [str(each.body["by"]) for each in edits if each.body.get("by")]
        return frozenset((*names, *(Person.of(name).key for name in names)))

    def history(self, name: str) -> tuple[Record, ...]:
        """Its versions, oldest first: the records ``drafted`` and ``edited`` that name each text."""
        found = [*self._journal.of("drafted", document=name), *self._journal.of("edited", document=name)]
        return tuple(sorted(found, key=lambda record: record.seq))

    def before(self, name: str) -> str:
        """The SHA-256 of the version before the one there is now; empty if there is none."""
        now = self.digest(name)
        earlier = [str(record.body["digest"]) for record in self.history(name) if record.body["digest"] != now]
        return earlier[-1] if earlier else ""

    def versions(self, name: str) -> int:
        """How many drafts there have been."""
        return len(self._journal.of("drafted", document=name))

    def _put(self, name: str, text: str) -> None:
        self._store.replace(f"documents/{name}", text)
