"""The facts of one run: proposed by rule, refined by a model, corrected and answered by people; no person's edit is overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from . import digest, facts
from .errors import Damaged, FactsRefused, OptionRefused, nearest
from .facts import Facts, Question
from .journal import Journal, Record
from .redact import redact
from .store import Store

NAME = "facts.yaml"

_parsed = lru_cache(maxsize=64)(facts.parse)


class Factsheet:
    """Reads and writes ``facts.yaml``; its history is in the journal, its texts in ``versions/``.

    Args:
        store: the run's folder.
        journal: its records.
        proposed: SHA-256 of the facts the run began with.
    """

    def __init__(self, store: Store, journal: Journal, proposed: str) -> None:
        self._store = store
        self._journal = journal
        self._proposed = proposed
        self._last: tuple[Facts, str, Mapping[str, str]] | None = None

    @cached_property
    def path(self) -> Path:
        """Where the file is."""
        return self._store.path(NAME)

    @property
    def text(self) -> str:
        """The file as it is now; as it was last recorded when it is gone.

        Raises:
            FactsRefused: something else is in its place.
            Damaged: it is gone, and so is every version of it.
        """
        try:
            text = self._store.current(NAME)
        except Damaged as error:
            raise FactsRefused(
                f"{self.path} is not a text file any more; restore it, or remove it to have its last version back"
            ) from error
        if text is None:
            last = self._journal.of("settled")
            text = self._store.version(last[-1].body["digest"] if last else self._proposed)
        if text is None:
            raise Damaged(f"{self.path} is missing; restore it from a copy of the run")
        return text

    @property
    def now(self) -> Facts:
        """What holds now.

        Raises:
            FactsRefused: a person's edit cannot be read; names line and field.
        """
        return self._read(self.text)

    @property
    def written(self) -> str:
        """What holds now, as authors read it: the same facts always give the same text."""
        return self._derived[1]

    @property
    def digests(self) -> Mapping[str, str]:
        """The digest of each of :data:`facts.SECTIONS`."""
        return self._derived[2]

    @property
    def _derived(self) -> tuple[Facts, str, Mapping[str, str]]:
        now = self.now
        if self._last is None or self._last[0] is not now:
            self._last = now, facts.write(now), {section: now.digest(section) for section in facts.SECTIONS}
        return self._last

    def _read(self, text: str) -> Facts:
        return _parsed(text, str(self.path))

    def keep(self) -> None:
        """Keep the text as it is, and record a person's edit once.

        Raises:
            FactsRefused: it holds what looks like a secret.
        """
        text = self.text
        if redact(text) != text:
            raise FactsRefused(f"{self.path} holds what looks like a secret; take it out: it would be kept with the run and told to the model")  # fmt: skip
        known = {self._proposed, *(record.body["digest"] for record in self._journal.of("settled"))}
        self._store.keep_version(text)
        if digest.of_text(text) not in known:
            self._journal.add("settled", digest=digest.of_text(text), how="person", by="", why="edited")

    def write(self, new: Facts, how: str, by: str, why: str, **more: Any) -> Record:
        """Make ``new`` the facts, and record who said so (``how``: ``person`` or ``model``) and ``why``.

        Raises:
            OptionRefused: a person says what looks like a secret.
        """
        self.keep()
        text = facts.write(new) if new != self.now else self.text
        if how == "person" and redact(text + why) != text + why:
            raise OptionRefused("what is said holds what looks like a secret; take it out: it would be kept with the run and told to the model")  # fmt: skip
        self._store.keep_version(text)
        self._store.replace(NAME, text)
        return self._journal.add("settled", digest=digest.of_text(text), how=how, by=by, why=why, **more)

    def refined(self, asked: str) -> Record | None:
        """The record of the answer to the question with the digest ``asked``, if a model has given one."""
        records = self._journal.of("settled", asked=asked)
        return records[-1] if records else None

    def as_of(self, seq: int) -> str | None:
        """The text as it was when record ``seq`` of the journal was written; nothing if that version is not there any more."""
        earlier = [record.body["digest"] for record in self._journal.of("settled") if record.seq < seq]
        return self._store.version(earlier[-1] if earlier else self._proposed)

    def merged(self, fresh: Facts) -> Facts:
        """``fresh`` with every part that a person has changed left as it is.

        Raises:
            FactsRefused: what is there now cannot be read.
        """
        last = [record.body["digest"] for record in self._journal.of("settled", how="model")]
        before = self._store.version(last[-1] if last else self._proposed)
        then, now = self._read(before) if before else self.now, self.now
        own = {name: getattr(now, name) for name in facts.SECTIONS if now.digest(name) != then.digest(name)}
        return fresh.model_copy(update=own)

    def answer(self, question: str, said: str, by: str) -> Question:
        """Answer ``question`` (``Q2``) with an option's letter or in own words; empty takes the answer back.

        Raises:
            OptionRefused: no such question or option.
            FactsRefused: the facts cannot be read.
        """
        now = self.now
        named = {each.id: each for each in now.questions}
        if question.upper() not in named:
            raise OptionRefused(f"no such question: {question!r}{nearest(question.upper(), named)}")
        asked = named[question.upper()]
        said = said.strip().lower() if len(said.strip()) == 1 else said.strip()
        if len(said) == 1 and said not in asked.options:
            raise OptionRefused(f"no such option of {asked.id}: {said!r}; there is {', '.join(asked.options)}")
        if len(said) > facts.LONGEST:
            raise OptionRefused(
                f"the answer to {asked.id} has {len(said):,} characters and at most {facts.LONGEST:,} are kept"
            )
        answered = asked.model_copy(update={"answer": said})
        new = now.model_copy(update={"questions": tuple(answered if q is asked else q for q in now.questions)})
        if new != now:
            self.write(new, "person", by, f"{asked.id} answered")
        return answered
