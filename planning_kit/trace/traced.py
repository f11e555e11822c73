"""A trace: everything that was defined, what rests on what, and how far each requirement got."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .. import view
from ..errors import OptionRefused, nearest
from ..findings import Findings
from .given import Given, place
from .kinds import (
    KINDS,
    MESSAGE,
    OPERATION,
    PASSAGE,
    RANK,
    REQUIREMENT,
    SECTION,
    STORY,
    TABLE,
    TEST,
    USE_CASE,
    Key,
    Link,
    Node,
)  # fmt: skip
from .mentions import Deferral

if TYPE_CHECKING:
    import pandas

    from .tree import Tree

MOST_REACHED = 500
"""The most things of one kind that a requirement is said to have reached."""
COVERED, DEFERRED, AWAITED, LOST = "covered", "deferred", "not yet", "lost"
"""What became of a passage that asks for something; not yet: its domain has no document so far, as others do."""


@dataclass(frozen=True)
class Row:
    """What rests on one ``subject``: by kind the nearest things of it; ``lacks`` are the kinds where there is none and has to be."""

    subject: Node
    cells: Mapping[str, tuple[Node, ...]]
    lacks: frozenset[str]


class Trace:
    """What rests on what, read off documents; it shows itself as a summary, a picture and findings.

    Args:
        given: what it is made from.
        nodes: everything there is, by kind and id.
        links: what rests on what.
    """

    def __init__(self, given: Given, nodes: Mapping[Key, Node], links: Iterable[Link]) -> None:
        self.given, self.nodes, self.links = given, nodes, tuple(links)

    @cached_property
    def out(self) -> dict[Key, list[Link]]:
        """What rests on each thing."""
        return self._by(lambda link: link.source)

    @cached_property
    def back(self) -> dict[Key, list[Link]]:
        """What each thing rests on."""
        return self._by(lambda link: link.target)

    def _by(self, end: Any) -> dict[Key, list[Link]]:
        found: dict[Key, list[Link]] = {}
        for link in self.links:
            found.setdefault(end(link), []).append(link)
        for links in found.values():
            links.sort(key=lambda link: (RANK[link.source[0]], RANK[link.target[0]]))
        return found

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds some document defines, in order; sections count only where nothing else is asked for by id."""
        there = {node.kind for node in self.nodes.values()}
        return tuple(kind for kind in KINDS if kind in there and (kind != SECTION or REQUIREMENT not in there))

    @property
    def subjects(self) -> str:
        """What the matrix has rows for: requirements, or passages where no document defines any."""
        return REQUIREMENT if REQUIREMENT in self.kinds else PASSAGE

    def of_kind(self, kind: str) -> tuple[Node, ...]:
        """Everything of ``kind`` that is not withdrawn, in the order of the documents."""
        return tuple(node for node in self.nodes.values() if node.kind == kind and not node.withdrawn)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """One for each requirement, domain by domain; where there are none, for each passage that asks for something."""
        order = {name: at for at, name in enumerate(self.given.domains)}
        there = self.of_kind(REQUIREMENT) if self.subjects == REQUIREMENT else [self.nodes[PASSAGE, each] for each in self.given.asking]  # fmt: skip
        found = sorted(there, key=lambda node: order.get(node.domain, len(order)))
        return tuple(self._row(node, self._owed(node) if node.kind == REQUIREMENT else ()) for node in found)

    def _row(self, subject: Node, owed: Sequence[str]) -> Row:
        cells = self.reached(subject)
        cells[PASSAGE] = self._near(subject, PASSAGE) if subject.kind != PASSAGE else (subject,)
        return Row(subject, cells, frozenset(kind for kind in owed if not cells.get(kind)))

    def _near(self, node: Node, kind: str) -> tuple[Node, ...]:
        return tuple(self.nodes[link.source] for link in self.back.get(node.key, ()) if link.source[0] == kind)

    def reached(self, root: Node) -> dict[str, tuple[Node, ...]]:
        """What rests on ``root``, by kind: what says so itself; where nothing does, what rests on the nearest kind before it.

        A test counts for the requirements it names, not for all that its use case serves; all of a requirement's tests count.
        """
        cells: dict[str, tuple[Node, ...]] = {root.kind: (root,)}
        for kind in KINDS[RANK[root.kind] + 1 :]:
            found: dict[Key, None] = {}
            for before in _nearest(root.kind, kind):
                for node in cells.get(before, ()):
                    found |= dict.fromkeys(self._on(node, kind) if len(found) < MOST_REACHED else ())
                if found and kind != TEST:
                    break
            cells[kind] = tuple(node for key in list(found)[:MOST_REACHED] if not (node := self.nodes[key]).withdrawn)
        return cells

    def _on(self, node: Node, kind: str) -> list[Key]:
        """What of ``kind`` rests on ``node``."""
        return self._sorted.get((node.key, kind), [])

    @cached_property
    def _sorted(self) -> dict[tuple[Key, str], list[Key]]:
        """What rests on each thing, kind by kind."""
        found: dict[tuple[Key, str], list[Key]] = {}
        for link in self.links:
            if not link.holds:
                found.setdefault((link.source, link.target[0]), []).append(link.target)
        return found

    def _owed(self, node: Node) -> tuple[str, ...]:
        """The kinds a requirement has to reach: a story and a test, once its domain's are written; a constraint neither."""
        if node.id.startswith("CON-"):
            return ()
        written = self.written.get(node.domain, frozenset())
        return tuple(kind for kind, when in ((STORY, STORY), (TEST, USE_CASE)) if when in written)

    @cached_property
    def written(self) -> dict[str, frozenset[str]]:
        """The kinds whose documents are there, by domain: by what is defined in it, or by a document of the usual name."""
        usual = {"user-stories.md": STORY, "use-cases.md": USE_CASE}
        found: dict[str, set[str]] = {}
        for node in self.nodes.values():
            if node.kind != PASSAGE:
                found.setdefault(node.domain, set()).add(node.kind)
        for document in self.given.documents:
            if kind := usual.get(document.name.rpartition("/")[2]):
                found.setdefault(place(document.name, self.given.domains), set()).add(kind)
        return {domain: frozenset(kinds) for domain, kinds in found.items()}

    @cached_property
    def deferred(self) -> dict[str, Deferral]:
        """The passages that are deferred by name."""
        return {each.passage: each for said in reversed(self.given.said) for each in said.deferrals}

    @cached_property
    def standing(self) -> dict[str, str]:
        """What became of each passage that asks for something: :data:`COVERED`, :data:`DEFERRED`, :data:`AWAITED` or :data:`LOST`."""
        wanted = REQUIREMENT if self.subjects == REQUIREMENT else ""
        found = {}
        for each in self.given.asking:
            links = self.out.get((PASSAGE, each), ())
            reached = any((not wanted or link.target[0] == wanted) and not self.nodes[link.target].withdrawn for link in links)  # fmt: skip
            waits = self.nodes[PASSAGE, each].domain in self._awaited
            found[each] = COVERED if reached else DEFERRED if each in self.deferred else AWAITED if waits else LOST
        return found

    @cached_property
    def _awaited(self) -> frozenset[str]:
        """The domains without a document, where each domain has documents of its own and others have requirements already."""
        places = {place(document.name, self.given.domains) for document in self.given.documents}
        by_domain = {domain for domain, kinds in self.written.items() if REQUIREMENT in kinds}
        return frozenset(self.given.domains) - places if by_domain and "" not in by_domain else frozenset()

    @cached_property
    def invented(self) -> tuple[Node, ...]:
        """The operations that no requirement, story or passage asks for; where passages are traced, an answer or an assumption may ask too."""
        wanted = (REQUIREMENT, STORY) if self.subjects == REQUIREMENT else (PASSAGE,)
        found = (node for node in self.of_kind(OPERATION) if not self.rests_on(node, wanted))
        return tuple(node for node in found if wanted != (PASSAGE,) or not self._answered(node))

    def _answered(self, node: Node) -> bool:
        """Whether some document says of an operation that it rests on what was answered, assumed or remarked."""
        called = {
            (node.id.partition(" ")[0], path) for said in self.given.said for path in said.aliases.get(node.key, ())
        }
        return any(called & said.answered for said in self.given.said)

    def rests_on(self, node: Node, kinds: Sequence[str]) -> bool:
        """Whether ``node`` rests on anything of ``kinds`` that is not withdrawn."""
        return any(
            link.source[0] in kinds and not self.nodes[link.source].withdrawn for link in self.back.get(node.key, ())
        )

    @cached_property
    def findings(self) -> Findings:
        """What is wrong: what was lost, invented, never told or tested, defined twice, renumbered, or said differently twice."""
        from . import faults

        found = tuple(faults.found(self))
        named = {each.document for each in found}
        return Findings(found, (document for document in self.given.documents if document.name in named))

    @property
    def summary(self) -> str:
        """How far everything got, in one line."""
        from . import table

        return table.summary(self)

    @cached_property
    def matrix(self) -> pandas.DataFrame:
        """Every requirement (or passage) with the ids of what it reached, kind by kind; an empty cell is the defect."""
        from . import table

        return view.frame(table.rows(self), table.columns(self))

    @property
    def picture(self) -> view.Shown:
        """The matrix as a person reads it at a glance: a row each, a column for each kind, what is missing in red."""
        return self.pictured()

    def pictured(self, domain: str = "") -> view.Shown:
        """The picture of one domain; of all of them when none is named: of very many requirements only those with a defect, each.

        Raises:
            OptionRefused: there is no such domain; names the nearest.
        """
        from . import grid

        if domain and domain not in self.given.domains:
            raise OptionRefused(f"no such domain: {domain!r}{nearest(domain, self.given.domains)}")
        return grid.picture(self, domain)

    @property
    def facts(self) -> dict[str, Any]:
        """Everything, as plain values."""
        from . import table

        return table.facts(self)

    def node(self, id: str) -> Node:
        """What is called ``id``.

        Raises:
            OptionRefused: nothing is; names the nearest.
        """
        for kind in KINDS:
            if node := self.nodes.get((kind, id.strip())):
                return node
        raise OptionRefused(f"nothing in the trace is called {id[:80]!r}{nearest(id[:80], _few(self.nodes, id))}")

    def forward(self, id: str) -> Tree:
        """Everything that rests on ``id``, as a tree.

        Raises:
            OptionRefused: nothing is called so.
        """
        from .tree import Tree

        return Tree(self, self.node(id), forward=True)

    def backward(self, id: str) -> Tree:
        """Everything ``id`` rests on, as a tree.

        Raises:
            OptionRefused: nothing is called so.
        """
        from .tree import Tree

        return Tree(self, self.node(id), forward=False)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from . import table

        return table.shown(self)._repr_mimebundle_()


def _nearest(root: str, kind: str) -> list[str]:
    """The kinds through which ``root`` may reach ``kind``, the best one first: tables and messages go by their operation."""
    between = list(KINDS[RANK[root] + 1 : RANK[kind]])
    first = [OPERATION] if kind in (TABLE, MESSAGE) and OPERATION in between else []
    return list(dict.fromkeys([root, *first, *between]))


def _few(nodes: Mapping[Key, Node], id: str) -> list[str]:
    """Names that begin like ``id``, of which the nearest can be found in no time."""
    alike = [name for _, name in nodes if name[:3].casefold() == id.strip()[:3].casefold()]
    return alike[:500]
