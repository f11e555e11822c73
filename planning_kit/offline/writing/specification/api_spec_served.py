"""Which requirements and stories each operation serves: by the passages they share, by operations that stories name, by thing and verb."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from .... import ids
from ...facts import Operation
from ...reading import words
from .api_spec_touched import sources
from .ground import Ground

_VERBS = {
    "POST": "creat|add|regist|book|submit|set|stor|sav|send|upload|assign|enrol|log|record|encod|decod|generat|lend|plac|publish|post|initiat|invit|reserv|sign|open|affiliat",
    "GET": "list|view|see|search|find|get|fetch|read|quer|retriev|show|look|brows|export|extract|download|obtain",
    "PATCH": "updat|edit|chang|modif|adjust|renew|mark|correct|reschedul|replac|set|categori|brand|renam",
    "DELETE": "delet|remov|cancel|withdraw|clear|revok|unregist|unassign",
}  # fmt: skip
"""How a text says what a method does, as stems."""
_ALL = re.compile(r"(?i)manag(?:e|es|ing)$|maintain|administ(?:er|ers|ering)$|configur")
"""Verbs that mean every method."""
_ANY = re.compile(rf"(?i)\b(?:{'|'.join(_VERBS.values())}|manag|maintain|administer|configur)\w*")
_CHAIN = re.compile(r"\w+(?:(?:\s*/\s*|,\s*(?:and\s+|or\s+)?|\s+(?:and|or)\s+)\w+){0,8}")
"""Verbs in a row: ``search and list``, ``create/update/delete``."""
_WHEN = re.compile(r"(?i)^(?:if|when|once|after|before|while)\b[^,]{0,160}")
_PLAIN = {
    "POST": "creat|add|regist|book|submit|stor|sav|enrol",
    "GET": "list|view|see|search|find|retriev|read|extract",
    "PATCH": "updat|edit|chang|modif",
    "DELETE": "delet|remov|cancel",
}
"""Those of them that say it without any doubt."""
_THINGS = frozenset({"entry", "record", "item"})
"""Words for whatever is kept."""
_NEAR = 40
"""How far behind its verb, in characters, the thing that something is done to may stand."""


@dataclass(frozen=True)
class Served:
    """The ``requirements`` and ``stories`` of one operation, and whether nothing but a likeness of words says so (``guessed``)."""

    requirements: tuple[ids.Thing, ...]
    stories: tuple[ids.Thing, ...]
    guessed: bool = False


class Serving:
    """Which requirements and stories of a domain each of its ``operations`` serves."""

    def __init__(self, ground: Ground, operations: Sequence[Operation]) -> None:
        self._ground = ground
        self._operations = operations
        self.asked = tuple(thing for kind in ids.REQUIREMENTS for thing in ground.things(kind))
        self.told = ground.things("US")
        self.likened: list[str] = []

    @cached_property
    def of(self) -> dict[str, Served]:
        """Operation id → what it serves."""
        found = {operation.id: self._served(operation) for operation in self._operations}
        served = {each.id for one in found.values() for each in one.requirements}
        place = {each.id: at for at, each in enumerate(self.asked)}
        for operation in self._operations:
            more = [each for each in self.asked if each.kind == "FR" and each.id not in served and self._does(operation, each.text)]  # fmt: skip
            self.likened += [each.id for each in more if each.id not in self.likened]
            whole = (*found[operation.id].requirements, *more)
            found[operation.id] = replace(
                found[operation.id], requirements=tuple(sorted(whole, key=lambda each: place[each.id]))
            )
        return {name: self._with_stories(name, served) for name, served in found.items()}

    @property
    def left(self) -> list[ids.Thing]:
        """The functional requirements that no operation serves."""
        served = {thing.id for each in self.of.values() for thing in each.requirements}
        return [each for each in self.asked if each.kind == "FR" and each.id not in served]

    def _served(self, operation: Operation) -> Served:
        named = (operation.method, operation.path)
        stories = [each for each in self.told if named in each.operations]
        alone = {name for story in stories if len(story.operations) == 1 for name in story.cites}
        direct = {
            each.id: each for each in self.asked if named in each.operations or (each.kind == "FR" and each.id in alone)
        }
        direct.update(self._by_passage(operation))
        if not direct:
            wanted = {name for story in stories for name in story.cites}
            of_stories = [each for each in self.asked if each.id in wanted]
            direct = {each.id: each for each in self._best(operation, of_stories)}
        guessed = not direct
        if guessed:
            direct = {each.id: each for each in self._alike(operation)}
        return Served(tuple(each for each in self.asked if each.id in direct), tuple(stories), guessed)

    def _by_passage(self, operation: Operation) -> dict[str, ids.Thing]:
        """The requirements that rest on a passage of the operation: of each passage those whose words fit it best."""
        found: dict[str, ids.Thing] = {}
        for source in operation.sources:
            of_it = [each for each in self.asked if source in each.cites]
            found.update({each.id: each for each in self._best(operation, of_it)})
        parts = sources(operation) - set(operation.sources)
        of_parts = [each for each in self.asked if parts.intersection(each.cites) and _method(operation) in (_done(each.text).methods or {_method(operation)})]  # fmt: skip
        found.update({each.id: each for each in of_parts})
        return found

    def _best(self, operation: Operation, candidates: Sequence[ids.Thing]) -> list[ids.Thing]:
        told = {each.id: self._fit(operation, each.text) for each in candidates}
        most = max(told.values(), default=0)
        return [each for each in candidates if told[each.id] == most]

    def _alike(self, operation: Operation) -> list[ids.Thing]:
        """The requirements whose words fit the operation best, where nothing else connects them; none where no word does."""
        functional = [each for each in self.asked if each.kind == "FR"]
        found = [each for each in self._best(operation, functional) if self._fit(operation, each.text)]
        return found[:3]

    def _fit(self, operation: Operation, text: str) -> int:
        """How well ``text`` fits the operation: 2 for what it does, 1 for the thing it works on."""
        return 2 * (_method(operation) in _done(text).methods) + bool(self._things(operation) & _said(text))

    def _does(self, operation: Operation, text: str) -> bool:
        """Whether ``text`` speaks of doing to a thing just what the operation does, or of what follows from it."""
        named = [words.singular(each) for each in words.parts(operation.entity)]
        plain = _PLAIN[_method(operation)]
        if not named or " shall not " in text:
            return False
        when = _WHEN.match(text)
        if when and re.search(rf"(?i)\b{' '.join(named)}s?\b.{{0,30}}\b(?:{plain})\w*ed\b", when.group()):
            return True
        done = _done(text)
        return bool(re.search(rf"(?i)\b(?:{plain})", done.verbs)) and (
            set(named) <= _said(done.after) or bool(_THINGS & _said(done.after))
        )

    def _things(self, operation: Operation) -> set[str]:
        """The words for what the operation works on."""
        fixed = [part for part in operation.path.split("/") if part and "{" not in part]
        named = {*words.parts(operation.entity), *(word for part in fixed[-1:] for word in words.parts(part))}
        return {words.singular(each) for each in named}

    def _with_stories(self, name: str, served: Served) -> Served:
        if served.stories:
            return served
        operation = next(each for each in self._operations if each.id == name)
        asked = {each.id for each in served.requirements}
        stories = [each for each in self.told if asked.intersection(each.cites)]
        return Served(served.requirements, tuple(self._best(operation, stories)), served.guessed)


def _method(operation: Operation) -> str:
    return "PATCH" if operation.method == "PUT" else operation.method


@lru_cache(maxsize=4096)
def _said(text: str) -> frozenset[str]:
    """The words of ``text``, in the singular."""
    return frozenset(words.singular(each) for each in words.parts(text))


class _Done(NamedTuple):
    """What a text says is done: the first ``verbs`` behind 'shall', the ``methods`` they stand for, the words right ``after`` them."""

    verbs: str = ""
    methods: frozenset[str] = frozenset()
    after: str = ""


@lru_cache(maxsize=4096)
def _done(text: str) -> _Done:
    """What ``text`` says is done; nothing where no verb is known."""
    head, shall, rest = text.partition(" shall ")
    rest = rest if shall else head
    first = _ANY.search(rest[:240])
    chain = _CHAIN.match(rest, first.start()) if first else None
    if chain is None:
        return _Done()
    said = re.findall(r"\w+", chain.group())
    found = {method for verb in said for method, stems in _VERBS.items() if re.match(rf"(?i)(?:{stems})", verb)}
    if any(_ALL.match(verb) for verb in said):
        found.update(_VERBS)
    return _Done(chain.group(), frozenset(found), rest[chain.end() : chain.end() + _NEAR])
