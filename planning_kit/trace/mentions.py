"""What one document says for the trace: what it defines, what it names beside it, what it defers; read once, never from its prose about itself."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from .. import ids
from ..checks import sql
from ..checks.agreement import named, words
from ..checks.agreement.named import Named
from ..checks.artefact import of_kind
from ..checks.openapi import Operation
from ..document import Document
from ..ids import Thing
from . import calls, drawn
from .actors import Actor, actors
from .kinds import MESSAGE, OF_ID, OPERATION, PASSAGE, SECTION, STORY, TABLE, TEST, USE_CASE, Key, Node, kind_of
from .scenarios import scenarios

DEFERRED = "deferred and out of scope"
"""The section whose table of passages says what is not delivered."""
LONGEST = 100_000
"""The most lines of a document that is read."""
_ANSWER = re.compile(r"[AQR][1-9]\d{0,3}")
_PASSAGE = re.compile(r"\bP[1-9]\d{0,5}\b")
_ENDPOINT = re.compile(rf"`?({named.METHODS})`?\s+`?(/[^\s`|]*)`?")
_A_TABLE = re.compile(r"[\w.]{1,120}")


@dataclass(frozen=True)
class Mention:
    """Something that names others: ``anchor`` (a kind and what it is called), the ``names`` and ``operations`` beside it, the ``line``."""

    anchor: Key
    names: tuple[str, ...]
    operations: tuple[tuple[str, str], ...]
    line: int


@dataclass(frozen=True)
class Deferral:
    """A ``passage`` that is not delivered, as a document says on a ``line``: what was decided and why."""

    passage: str
    document: str
    line: int
    decision: str
    reason: str


@dataclass
class Said:
    """What a document says.

    Attributes:
        document: the document.
        nodes: what it defines.
        things: those of them that have an id, as they are defined.
        aliases: for an operation, the paths it goes by: with and without the server's own.
        mentions: what names what.
        deferrals: which passages it defers.
        used: every id it names, with the first line it does so.
        limits: what its tables limit, with how much.
        actors: who takes part.
    """

    document: Document
    nodes: list[Node] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    aliases: dict[Key, tuple[str, ...]] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)
    deferrals: list[Deferral] = field(default_factory=list)
    used: dict[str, int] = field(default_factory=dict)
    limits: tuple[tuple[Named, tuple[float, str]], ...] = ()
    actors: tuple[Actor, ...] = ()
    answered: set[tuple[str, str]] = field(default_factory=set)
    """Method and path of each operation that rests on what was answered, assumed or remarked."""
    spans: list[tuple[int, int, str]] = field(default_factory=list)
    """First line, line after the last, and id of every story and use case that is a section."""

    def within(self, line: int) -> str:
        """The id of the story or use case whose section ``line`` stands in; empty for none."""
        at = bisect_right(self.spans, (line, 0, "")) - 1
        return self.spans[at][2] if at >= 0 and line < self.spans[at][1] else ""

    def heading(self, line: int) -> int:
        """The number of the heading above ``line``; -1 if there is none."""
        return bisect_right(self.document.headings, line, key=lambda each: each.line) - 1


def read(document: Document, domain: str = "", dialect: str = "postgres") -> Said:
    """What ``document`` says; of one that is too long, or that is JSON without operations, nothing.

    Args:
        document: the document.
        domain: the domain whose folder it lies in.
        dialect: the SQL of blocks that do not say theirs.
    """
    said = Said(document)
    if len(document.lines) > LONGEST or document.name.endswith(".json") and not of_kind(document, "openapi"):
        return said
    for number, line in enumerate(document.lines, start=1):
        for found in ids.ID.finditer(line):
            said.used.setdefault(found.group(), number)
    _things(said, domain)
    _scenarios(said, domain)
    _operations(said, domain)
    _tables(said, domain, dialect)
    _messages(said, domain)
    said.deferrals += _deferrals(document)
    said.limits, said.actors = named.limits(document), tuple(actors(document))
    _sections(said, domain)
    return said


def _things(said: Said, domain: str) -> None:
    """What has an id. A heading and a row of one document about the same id are one thing: the row gives an overview of it."""
    things, lines = ids.things(said.document), {heading.line: at for at, heading in enumerate(said.document.headings)}
    headed = {thing.id for thing in things if thing.line in lines}
    for thing, text in stated(said.document, things):
        if thing.line in lines and OF_ID.get(thing.kind) in (STORY, USE_CASE):
            at = lines[thing.line]
            ends = _end(said.document, at) or len(said.document.lines) + 1
            said.spans.append((thing.line, ends, thing.id))
        if kind := OF_ID.get(thing.kind):
            said.mentions.append(Mention((kind, thing.id), thing.cites, thing.operations, thing.line))
            if thing.id not in headed or thing.line in lines:
                said.things.append(thing)
                said.nodes.append(Node(kind, thing.id, text, said.document.name, thing.line, domain, thing.withdrawn))


def stated(document: Document, things: Iterable[Thing]) -> Iterator[tuple[Thing, str]]:
    """``things`` with what each says, on one line: what its row says under *Requirement* or *Constraint*, or under *Given*,
    *When* and *Then*; else as it is defined."""
    cells: dict[int, str] = {}
    for table in document.tables:
        if words.word(table.header[0]).casefold() == "id":
            at = [each for each in (named.column(table, name) for name in ("Given", "When", "Then")) if each]
            at = at or [each for each in (named.column(table, "Requirement", "Constraint", "Statement"),) if each]
            cells |= {
                line: "; ".join(filter(None, (row[each].strip() for each in at))) for line, row in named.rows(table)
            }
    for thing in things:
        yield thing, " ".join(((not thing.withdrawn and cells.get(thing.line, "")) or thing.text).split())


def _scenarios(said: Said, domain: str) -> None:
    """Each Gherkin scenario: a test of the story it stands in, and of the requirements it names itself."""
    counted: dict[str, int] = {}
    file = _file(said.document.name, domain)
    for artefact in of_kind(said.document, "gherkin"):
        within = said.within(artefact.line)
        for name, line, names in scenarios(artefact.text):
            at = artefact.line + line - 1
            owner = within or file
            counted[owner] = counted.get(owner, 0) + 1
            node = Node(TEST, f"{owner}/{counted[owner]}", name, said.document.name, at, domain)
            said.nodes.append(node)
            said.mentions.append(Mention(node.key, (*((within,) if within else ()), *names), (), at))


def _operations(said: Said, domain: str) -> None:
    """What its OpenAPI defines, and what the rows and sections about an operation name beside it."""
    for each, names in calls.defined(said.document):
        node = Node(OPERATION, f"{each.method} {each.path}", _called(each), said.document.name, each.line, domain)
        said.nodes.append(node)
        said.aliases[node.key] = tuple(dict.fromkeys((words.path(each.path), words.path(each.base + each.path))))
        said.mentions.append(Mention(node.key, names, (), each.line))
    for table in said.document.tables:
        method, path = named.column(table, "Method", "Verb", "HTTP method"), named.column(table, "Path", "Endpoint", "Route", "URL")  # fmt: skip
        if method is None or path is None or method == path:
            continue
        for line, row in named.rows(table):
            where, names = words.word(row[path]), ids.cited(" | ".join(row))
            verbs = re.findall(rf"\b(?:{named.METHODS})\b", row[method].upper()) if where.startswith("/") else []
            said.mentions += [Mention((OPERATION, f"{verb} {where}"), names, (), line) for verb in verbs]
            if any(map(_ANSWER.fullmatch, names)):
                said.answered |= {(verb, words.path(where)) for verb in verbs}
    for at, heading in enumerate(said.document.headings):
        if found := _ENDPOINT.match(heading.text):
            names = ids.cited(_body(said.document, at))
            said.mentions.append(Mention((OPERATION, f"{found[1]} {found[2]}"), names, (), heading.line))


def _called(each: Operation) -> str:
    return " ".join(each.id.split())


def _tables(said: Said, domain: str, dialect: str) -> None:
    """What its DDL creates, and what rows and cards about a table name beside it."""
    made = sql.tables(said.document, dialect)
    said.nodes += [Node(TABLE, each.name, "", said.document.name, each.line, domain) for each in made]
    for table in said.document.tables:
        if (at := named.column(table, "Table")) is not None:
            for line, row in named.rows(table):
                if _A_TABLE.fullmatch(name := words.word(row[at])):
                    said.mentions.append(Mention((TABLE, name), ids.cited(" | ".join(row)), (), line))
    for at, heading in enumerate(said.document.headings if made else ()):
        if _A_TABLE.fullmatch(heading.text) and (names := ids.cited(_body(said.document, at))):
            said.mentions.append(Mention((TABLE, heading.text), names, (), heading.line))


def _messages(said: Said, domain: str) -> None:
    """Each call in a sequence diagram, with the use cases of the section it is drawn in."""
    file = _file(said.document.name, domain)
    told: dict[int, tuple[str, ...]] = {}
    for each in drawn.messages(said.document):
        method, path = each.operation
        text = f"{each.sender} → {each.receiver}: {method} {path}"
        node = Node(MESSAGE, f"{file}:{each.line}", text, said.document.name, each.line, domain)
        said.nodes.append(node)
        at = said.heading(each.line)
        if at not in told:
            within = said.within(each.line)
            around = (within,) if within else ids.cited(_around(said.document, at)) if at >= 0 else ()
            told[at] = tuple(name for name in around if kind_of(name) == USE_CASE)
        said.mentions.append(Mention(node.key, told[at], (each.operation,), each.line))


def _deferrals(document: Document) -> Iterator[Deferral]:
    for table in document.tables:
        header = [words.word(cell).casefold() for cell in table.header]
        if not header or header[0] != PASSAGE or not (table.section.casefold() == DEFERRED or "reason" in header):
            continue
        decision, reason = (header.index(name) if name in header else 0 for name in ("decision", "reason"))
        for line, row in named.rows(table):
            said, why = (words.word(row[at]) if at else "" for at in (decision, reason))
            yield from (Deferral(each, document.name, line, said, why) for each in _PASSAGE.findall(row[0][:2_000]))


def _sections(said: Said, domain: str) -> None:
    """Where it cites passages, section by section."""
    document, file = said.document, _file(said.document.name, domain)
    tops = [heading for heading in document.headings if heading.level == 2]
    for heading, after in zip_longest(tops, tops[1:]):
        lines = document.lines[heading.line : after.line - 1 if after else len(document.lines)]
        names = tuple(name for name in ids.cited("\n".join(lines)) if kind_of(name) == PASSAGE)
        if names and heading.text.casefold() not in (DEFERRED, "traceability", "traceability matrix"):
            node = Node(SECTION, f"{file} › {heading.text}", "", document.name, heading.line, domain)
            said.nodes.append(node)
            said.mentions.append(Mention(node.key, names, (), heading.line))


def _body(document: Document, at: int) -> str:
    """The text beneath heading number ``at`` and those below it."""
    ends = _end(document, at)
    return "\n".join(document.lines[document.headings[at].line : ends - 1 if ends else len(document.lines)])


def _around(document: Document, at: int) -> str:
    """Heading number ``at`` and the text beneath it."""
    return f"{document.headings[at].text}\n{_body(document, at)}"


def _end(document: Document, at: int) -> int:
    """The line of the first heading after number ``at`` that is no deeper; 0 if there is none."""
    level = document.headings[at].level
    after = (document.headings[later] for later in range(at + 1, len(document.headings)))
    return next((each.line for each in after if each.level <= level), 0)


def _file(name: str, domain: str) -> str:
    """How a place in the document called ``name`` begins: its file, and the domain it lies in."""
    file = name.rpartition("/")[2]
    return f"{domain}/{file}" if domain else file
