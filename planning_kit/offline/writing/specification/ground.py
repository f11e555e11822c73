"""What the documents of one domain are written from: its passages, its operations, and the documents before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .... import ids
from ....brief import Passage
from ....document import Document
from ....facts import Domain
from ...facts import Operation
from ...reading import words
from ..plan import Plan
from .numbered import rows


@dataclass(frozen=True)
class Whole:
    """What is the same for every domain of a run.

    Attributes:
        plan: the whole brief's plan.
        domains: every domain, in the order of the facts.
        classes: passage id → its class, of :data:`planning_kit.facts.CLASSES`.
        owed: domain → the ids of the passages it has to answer, see :attr:`planning_kit.facts.Facts.asking`.
    """

    plan: Plan
    domains: tuple[Domain, ...]
    classes: Mapping[str, str]
    owed: Mapping[str, tuple[str, ...]]

    @cached_property
    def codes(self) -> dict[str, str]:
        """Domain → its code in ids."""
        return ids.codes(domain.name for domain in self.domains)

    @cached_property
    def owners(self) -> dict[str, str]:
        """Operation id → the one domain it belongs to: by its passages, else by the entity it works on, else by its path."""
        return {operation.id: self._owner(operation) for operation in self.plan.operations}

    def asking(self, domain: Domain) -> tuple[Passage, ...]:
        """The passages that are this domain's to answer, in the order of the brief."""
        own = set(self.owed[domain.name])
        return tuple(passage for passage in self.plan.reading.passages if passage.id in own)

    def _owner(self, operation: Operation) -> str:
        names = [domain.name for domain in self.domains]
        votes = self._votes(operation.sources)
        most = max(votes.values(), default=0)
        tied = [name for name in names if votes[name] == most] if most else names
        if len(tied) == 1:
            return tied[0]
        table = self.plan.table(operation.entity)
        called = {*words.parts(operation.entity), *(words.parts(table.name) if table else ())}
        for known in (called, set(words.parts(operation.path.replace("/", " ")))):
            alike = [name for name in tied if _alike(name, known)]
            if alike:
                return alike[0]
        entity = self.plan.entity(operation.entity)
        more = self._votes(entity.sources if entity else ())
        return max(tied, key=lambda name: (more[name], -tied.index(name)))

    def _votes(self, sources: Iterable[str]) -> Counter[str]:
        """How many of ``sources`` each domain holds."""
        wanted = set(sources)
        return Counter({domain.name: len(wanted & set(domain.passages)) for domain in self.domains})


@dataclass(frozen=True)
class Ground:
    """What one document of one domain is written from.

    Attributes:
        domain: the domain it is about.
        code: the domain's code in ids (``EVE``).
        all: every domain, in the order of the facts.
        asking: the passages that ask for something and are this domain's to answer.
        plan: the whole brief's plan: reading, tables, operations, stack.
        operations: those of the plan's operations that are this domain's; every operation is exactly one domain's.
        owners: operation id → the name of the domain it belongs to.
        classes: passage id → its class.
        earlier: the text of the version before, whose ids stay what they are; empty without one.
        documents: the domain's own earlier documents, by file (``requirements/requirements.md``).
        elsewhere: documents of other domains that are finished.
        template: the text of the template.
        outline: the headings the document must have, in order.
        remarks: what reviewers said, oldest first.
        unlinked: files that are not written in this run, and so not linked.
    """

    domain: Domain
    code: str
    all: tuple[Domain, ...]
    asking: tuple[Passage, ...]
    plan: Plan
    operations: tuple[Operation, ...]
    owners: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, str] = field(default_factory=dict)
    earlier: str = ""
    documents: Mapping[str, Document] = field(default_factory=dict)
    elsewhere: tuple[Document, ...] = ()
    template: str = ""
    outline: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    unlinked: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, whole: Whole, name: str, documents: Iterable[Document], *,
        earlier: str = "", template: str = "", outline: tuple[str, ...] = (), remarks: tuple[str, ...] = (), unlinked: tuple[str, ...] = (),
    ) -> Ground:  # fmt: skip
        """The ground of the domain called ``name``; the first domain when there is none of that name.

        Args:
            documents: what was written before, of this domain and of others: the folder above a document's own is its domain.
        """
        domain = next((each for each in whole.domains if each.name == name), whole.domains[0])
        own, elsewhere = {}, []
        for document in documents:
            folders = document.name.split("/")
            if len(folders) < 3 or folders[-3] == domain.name:
                own["/".join(folders[-2:])] = document
            else:
                elsewhere.append(document)
        mine = tuple(each for each in whole.plan.operations if whole.owners[each.id] == domain.name)
        return cls(
            domain, whole.codes[domain.name], whole.domains, whole.asking(domain), whole.plan, mine, whole.owners,
            whole.classes, earlier, own, tuple(elsewhere), template, outline, remarks, unlinked,
        )  # fmt: skip

    @cached_property
    def before(self) -> Document:
        """The version before, as a document; an empty one without any."""
        return Document("earlier.md", self.earlier)

    @cached_property
    def title(self) -> str:
        """The domain's name in words, its first letter large."""
        said = re.sub(r"[-_]+", " ", self.domain.name).strip()
        return said[:1].upper() + said[1:]

    def things(self, kind: str) -> tuple[ids.Thing, ...]:
        """What the domain's earlier documents define of ``kind`` (``FR``, ``US`` …) and is not withdrawn, in their order."""
        gone = {each.id for each in self._defined if each.withdrawn}
        return tuple(each for each in self._defined if each.kind == kind and each.id not in gone)

    @cached_property
    def cells(self) -> dict[str, Mapping[str, str]]:
        """Id → the cells of its row in the domain's earlier documents, by the column's name in lower case."""
        return {
            name: row for document in reversed(list(self.documents.values())) for name, row in rows(document).items()
        }

    @cached_property
    def _defined(self) -> tuple[ids.Thing, ...]:
        seen: dict[str, ids.Thing] = {}
        for document in self.documents.values():
            for each in ids.things(document):
                known = seen.get(each.id)
                if known is None or each.withdrawn:
                    seen[each.id] = each
        return tuple(seen.values())


def _alike(name: str, known: set[str]) -> bool:
    """Whether a domain's ``name`` shares a word with ``known``, singular or plural."""
    ones = {words.singular(each) for each in known}
    return bool({words.singular(each) for each in words.parts(name.replace("-", " "))} & ones)
