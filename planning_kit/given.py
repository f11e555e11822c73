"""What a run was given by earlier ones: documents that were approved there, with their digests, and what was settled there."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

from . import digest
from .document import Document
from .errors import Damaged
from .store import Store

NAME = "given.json"
"""The file in a run's folder that says what it was given; ``run.json`` names its digest."""
FOLDER = "given"
"""Where the texts are, each by its name in the run that wrote it."""
FORMAT = 1


@dataclass(frozen=True)
class Earlier:
    """A run that documents come from: its id, its ``label``, its ``recipe``, the ``head`` of its journal then, the SHA-256 of its ``brief``."""

    run: str
    label: str
    recipe: str
    head: str
    brief: str


@dataclass(frozen=True)
class Approval:
    """Who approved a document: ``by`` (a policy's name for a policy) and ``how``, when (UTC), and the ``record`` of the journal that says so."""

    by: str
    how: str
    at: str
    record: int

    def __str__(self) -> str:
        who = f"policy '{self.by}'" if self.how == "policy" else self.by
        return f"{who}, {self.at}, record {self.record}"


@dataclass(frozen=True)
class Taken:
    """A document that was given: its ``name`` and SHA-256, the id of the ``run`` that wrote it, who ``approved`` it there; nobody decides about an index."""

    name: str
    digest: str
    run: str
    approved: tuple[Approval, ...] = ()


@dataclass(frozen=True)
class Given:
    """What a run was given.

    Attributes:
        runs: the run it rests on, then those that one rests on; empty for a run that began with a brief alone.
        taken: the documents, those of the earliest run first.
        settled: the parts of the facts that were approved there and hold here; empty where the brief is another one.
        texts: the documents as they lie in the run's folder now, by name.
    """

    runs: tuple[Earlier, ...] = ()
    taken: tuple[Taken, ...] = ()
    settled: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> Given:
        """What the run in ``store`` was given; nothing if it began with a brief alone.

        Raises:
            Damaged: what is kept of it cannot be read, or a document is gone.
        """
        text = store.read(NAME)
        if text is None:
            return cls()
        try:
            said = json.loads(text)
            assert said["format"] == FORMAT
            runs = tuple(Earlier(**{key: str(value) for key, value in each.items()}) for each in said["runs"])
            taken = tuple(_taken(each) for each in said["documents"])
            settled = tuple(map(str, said["settled"]))
            assert runs
        except (ValueError, KeyError, TypeError, AssertionError, RecursionError) as error:
            raise Damaged(f"{store.folder / NAME} cannot be read; restore it from a copy of the run") from error
        texts = {each.name: store.read(f"{FOLDER}/{each.name}") for each in taken}
        if gone := next((name for name, there in texts.items() if there is None), ""):
            raise Damaged(f"{store.folder / FOLDER / gone} is missing; restore it from a copy of the run")
        return cls(runs, taken, settled, {name: there or "" for name, there in texts.items()})

    def __bool__(self) -> bool:
        return bool(self.runs)

    @property
    def files(self) -> dict[str, str]:
        """The files a run that was given this begins with, by name."""
        said = {
            "format": FORMAT, "runs": [asdict(each) for each in self.runs], "settled": list(self.settled),
            "documents": [asdict(each) for each in self.taken],
        }  # fmt: skip
        whole = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
        return {**{f"{FOLDER}/{name}": text for name, text in self.texts.items()}, NAME: whole}

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The documents as they lie there, those of the earliest run first."""
        return tuple(Document(each.name, self.texts[each.name]) for each in self.taken)

    def about(self, brief: str) -> frozenset[str]:
        """The names of those that were written for the brief with the SHA-256 ``brief``: what they cite as ``[P12]`` is P12 here too."""
        same = {each.run for each in self.runs if each.brief == brief}
        return frozenset(each.name for each in self.taken if each.run in same)

    @property
    def size(self) -> int:
        """Characters, all documents together."""
        return sum(map(len, self.texts.values()))

    @property
    def words(self) -> str:
        """On what it rests, in a line: ``notes/20261122-093000 (specification): 10 documents, 84,000 characters``."""
        several = "document" if len(self.taken) == 1 else "documents"
        names = ", and on ".join(f"{each.label} ({each.recipe})" for each in self.runs)
        return f"{names}: {len(self.taken)} {several}, {self.size:,} characters" if self else ""

    @property
    def lines(self) -> Iterator[tuple[Taken, Earlier, str]]:
        """Each document with the run it comes from and how it was decided there, in words."""
        known = {each.run: each for each in self.runs}
        for each in self.taken:
            said = "; ".join(map(str, each.approved))
            yield each, known[each.run], f"approved by {said}" if said else "nobody decides about it"

    @property
    def facts(self) -> dict[str, Any]:
        """As plain values; empty when there is nothing."""
        if not self:
            return {}
        documents = [{**asdict(each), "now": digest.of_text(self.texts[each.name])} for each in self.taken]
        return {"runs": [asdict(each) for each in self.runs], "settled": list(self.settled), "documents": documents}


def _taken(said: Mapping[str, Any]) -> Taken:
    approved = tuple(Approval(**each) for each in said["approved"])
    return Taken(str(said["name"]), str(said["digest"]), str(said["run"]), approved)
