"""What a trace is made from: what each document says, the brief's passages, the domains, and what was decided about before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from .. import ids
from ..brief import Passage
from ..document import Document
from .mentions import Said


@dataclass(frozen=True)
class Given:
    """What a trace is made from.

    Attributes:
        said: what each document says, in order.
        passages: the brief's passages.
        asking: the ids of those that ask for something.
        domains: each domain's passages, by its name, in order.
        earlier: texts of the versions that were decided about last, by document, where they differ from what is there now.
        dialect: the SQL of blocks that do not say theirs.
        before: the names of the documents that earlier runs gave.
    """

    said: tuple[Said, ...]
    passages: tuple[Passage, ...]
    asking: tuple[str, ...]
    domains: Mapping[str, tuple[str, ...]]
    earlier: Mapping[str, str]
    dialect: str = "postgres"
    before: frozenset[str] = frozenset()

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        """The documents."""
        return tuple(each.document for each in self.said)

    @cached_property
    def codes(self) -> dict[str, str]:
        """Each domain's code in ids, and the domain it is of."""
        return {code: name for name, code in ids.codes(self.domains).items()}

    def domain(self, passage: str) -> str:
        """The domain that has to answer ``passage``: the one it was given to, else the first."""
        return self._held.get(passage) or next(iter(self.domains), "")

    @cached_property
    def _held(self) -> dict[str, str]:
        return {each: name for name, held in reversed(list(self.domains.items())) for each in held}


def place(name: str, domains: Iterable[str]) -> str:
    """The domain in whose folder the document called ``name`` lies; empty for none."""
    folders = name.split("/")[:-1]
    return next((domain for domain in domains if domain in folders), "")
