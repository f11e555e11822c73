"""What belongs to one topic: its passages, and of the plan what follows from them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from ....facts import Topic
from ...facts import Actor, Named, Operation, Quantity
from ...reading import words
from .. import proposals, stack
from ..basis import Basis
from ..markdown import ASSUMED, bullets, cite, quote, shorten
from ..plan import Plan, database_of
from ..schema import Table
from .kinds import Kind
from .practice import BASE, OTHER, kind

ASKING = ("functional", "quality", "constraint")
"""The classes of passages that ask for something."""
WHOLE = "whole"
"""The topic of a plan whose facts name none."""


@dataclass(frozen=True)
class Scope:
    """A topic with what it is about.

    Attributes:
        basis: what the document is written from.
        topic: the topic; of a plan without topics the whole is one.
        reads: whether the plan may be used: not by who may search the web, whose plan is read off these passages alone.
    """

    basis: Basis
    topic: Topic
    reads: bool = True

    @classmethod
    def of(cls, basis: Basis, reads: bool = True) -> Scope:
        """The topic ``basis`` is about."""
        known = {each.name: each for each in basis.topics}
        every = Topic(name=WHOLE, why="what the plan as a whole hangs on; the facts name no topic")
        return cls(basis, known.get(basis.topic, every), reads)

    @property
    def whole(self) -> bool:
        """Whether it is about everything."""
        return self.topic.name == WHOLE and not self.topic.passages

    @cached_property
    def kind(self) -> Kind:
        """The kind of question it is: of the whole, what it is built on for who looks at technology."""
        if self.whole:
            return OTHER if self.reads else BASE
        return kind(self.topic.name, self.topic.why)

    @cached_property
    def said(self) -> str:
        """The topic in words, names as its passages write them: ``background jobs``, ``DHL API``."""
        if self.whole:
            return "the whole"
        text = " ".join((*self.passages.values(), self.topic.why))[:4_000]
        return " ".join(_spelled(word, text) for word in re.split(r"[-_]+", self.topic.name))

    @cached_property
    def passages(self) -> dict[str, str]:
        """Its passages that were given: id → text on one line; of the whole the first ones that ask for something."""
        known = {name: _plain(text) for name, text in self.basis.passages.items() if _plain(text)}
        if self.topic.passages:
            return {name: known[name] for name in self.topic.passages if name in known}
        asking = [n for n in known if self.basis.classes.get(n) in ASKING]
        return {name: known[name] for name in (asking or list(known))[:6]} if self.whole else {}

    @cached_property
    def kept(self) -> str:
        """The database in words."""
        plan = self.basis.plan
        if plan.kept or self.reads:
            return plan.database[0]
        named = database_of(self.topic.why)
        return named or (plan.database[0] if plan.database[1] else "the database")

    def filled(self, text: str) -> str:
        """``text`` of a kind with the names of this topic in it."""
        used = [use.value for use in stack.uses(self.basis.plan.stack) if use.topic in ("Language", "Framework")]
        domains = [re.sub(r"[-_]+", " ", each.name) for each in self.basis.domains]
        whole = domains[0] if len(domains) == 1 and domains[0] != WHOLE else "domain"
        name = whole if self.whole else re.sub(r" (?:API|client)$", "", self.said)
        shown = {"kept": self.kept, "name": name, "stack": " and ".join(used[:2]) or "the stack that is chosen"}
        shown["framework"] = used[-1] if used else f"{proposals.framework('')} on Python"
        return quote(re.sub(r"\{(\w+)\}", lambda hit: shown[hit[1]], text))

    def titled(self, text: str) -> str:
        """As :meth:`filled`, with a large first letter: the name of an option or component."""
        said = self.filled(text)
        named = said.split(" ", 1)[0][1:]
        return said if named.lower() != named else said[:1].upper() + said[1:]

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The operations that follow from its passages, else those that write what its name speaks of; all of them for the whole."""
        every = self.basis.plan.operations
        if self.whole:
            return every
        own = tuple(o for o in every if set(self.passages) & set(o.sources))
        named = [o for o in every if o.entity and spaced(o.entity).lower() in self.said.lower()]
        return own or tuple(o for o in named if o.method != "GET") or tuple(named)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables its operations work on, and those its name or its passages speak of; all of them for the whole."""
        every = self.basis.plan.tables
        if self.whole:
            return every
        entities = {o.entity for o in self.operations if o.entity}
        low = f"{self.said} {' '.join(self.passages.values())}".casefold()
        return tuple(t for t in every if t.entity in entities or (t.entity and spaced(t.entity).lower() in low))

    @cached_property
    def jobs(self) -> tuple[Named, ...]:
        """What runs by itself."""
        return tuple(each for each in self.basis.plan.reading.jobs if self.holds(each.sources))

    @cached_property
    def systems(self) -> tuple[Named, ...]:
        """The systems of others it is about."""
        return tuple(each for each in others(self.basis.plan) if self.holds(each.sources))

    @cached_property
    def signin(self) -> tuple[Named, ...]:
        """The means of sign-in its passages name as something that is there."""
        ways = self.basis.plan.reading.signin
        return tuple(
            each for each in ways if each.kind in ("openIdConnect", "saml", "sso") and self.holds(each.sources)
        )

    @cached_property
    def figures(self) -> tuple[Quantity, ...]:
        """The figures its passages name."""
        return tuple(each for each in self.basis.plan.reading.quantities if self.holds((each.source,)))

    @cached_property
    def actors(self) -> tuple[Actor, ...]:
        """Who its passages name."""
        low = " ".join(self.passages.values()).casefold()
        return tuple(each for each in self.basis.plan.reading.actors if each.name.casefold() in low)

    def holds(self, sources: tuple[str, ...]) -> bool:
        """Whether something with these ``sources`` belongs to it."""
        return self.whole or bool(set(sources) & set(self.topic.passages))

    @property
    def cited(self) -> str:
        """Its passages, or that it comes from none."""
        return cite(self.passages) if self.passages else ASSUMED

    def question(self, asks: str) -> tuple[str, ...]:
        """What stands under 'Question': what is ``asked``, why it matters, and the passages."""
        shown = bullets(f"“{quote(shorten(text, 260))}” [{name}]" for name, text in list(self.passages.items())[:6])
        return (asks, shown)


def _plain(text: str) -> str:
    line = re.sub(r"\s+", " ", re.sub(r"^\s*(?:#{1,6}|[-*+]|\d+[.)])\s+|[*`|]", "", text)).strip()
    return line if re.search(r"\w", line) else ""


def _spelled(word: str, text: str) -> str:
    """``word`` of a topic's name as ``text`` writes it in mid-sentence: ``dhl`` is ``DHL``, ``stripe`` is ``Stripe``."""
    if word in ("api", "http", "pdf", "csv", "sql"):
        return word.upper()
    found = re.search(rf"(?<=[a-z,;] )(?i:{re.escape(word)})(?![\w-])", text)
    return found.group() if found else word


def others(plan: Plan) -> tuple[Named, ...]:
    """The systems of others the brief names; not the system itself, nor what only issues tokens."""
    own = {*words.parts(plan.feature), "building", "block", "system", "service", "platform"}
    return tuple(s for s in plan.reading.integrations if s.kind != "identity" and not set(words.parts(s.name)) <= own)


def spaced(entity: str) -> str:
    """``OrderLine`` in words: ``Order Line``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entity)
