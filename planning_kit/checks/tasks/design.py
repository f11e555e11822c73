"""What finished documents decide that tasks have to deliver: operations, tables, threat mitigations, service levels, requirements."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, cast, get_args

from ... import ids
from ...document import Document, Table
from ...tasks.model import DataModel, Endpoint
from .. import openapi, sql
from ..about import About
from ..about import dialect as spoken
from ..agreement import words
from ..agreement.named import column, rows
from ..service import offered
from ..service.parts import is_empty
from .kept import Kept, drawn, made

ARCHITECTURE, DATA, SECURITY, SIGNALS = (
    "integration-architecture.md",
    "05-data-model.md",
    "07-security-requirements.md",
    "observability-plan.md",
)
LONGEST = 90
"""The most characters of a name that is taken from somebody's sentence."""
MOST_FIELDS = 8
"""The most key fields of a data model."""
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"]
_ACCEPTED = re.compile(r"(?i)(?:risk |we )?(?:is )?accept(?:ed|s)?\b")
"""How a mitigation begins that says there is none to build."""
_ASIDE = re.compile(
    r"(?i)(?:[\d.]{1,8} )?(?:(?:alternatives?|rejected)(?: .{0,80})?|.{0,80} (?:rejected|not chosen|discarded))"
)
"""Headings, but for the name of a table, under which a table stands that nobody builds."""
_TEMPORARY = re.compile(r"(?i)\bcreate\s+(?:(?:global|local)\s+)?temp(?:orary)?\b")
_TAKES_AFTER = ("get", "post", "put", "patch", "delete", "head", "options", "trace")


@dataclass(frozen=True)
class Owed:
    """One thing to be delivered: its ``name``, as a task's ``delivers`` has it, and where it is decided."""

    name: str
    document: str
    line: int


@dataclass(frozen=True)
class Design:
    """What the documents before a task plan decide.

    Attributes:
        endpoints: the operations, as the OpenAPI document that counts has them.
        data_models: what is kept, with its tables.
        operations: those operations by name (``POST /orders``).
        tables: the tables by name.
        mitigations: what is done against each threat, by the threat's id or its words.
        service_levels: each indicator with its objective.
        requirements: ids of requirements that have to be met.
    """

    endpoints: tuple[Endpoint, ...] = ()
    data_models: tuple[DataModel, ...] = ()
    operations: tuple[Owed, ...] = ()
    tables: tuple[Owed, ...] = ()
    mitigations: tuple[Owed, ...] = ()
    service_levels: tuple[Owed, ...] = ()
    requirements: tuple[Owed, ...] = ()


def design(documents: Iterable[Document]) -> Design:
    """What ``documents`` decide. Of two documents of one file name the last one counts: an earlier run's stand first."""
    return _design(tuple(documents))


@lru_cache(maxsize=32)
def _design(documents: tuple[Document, ...]) -> Design:
    last = {_file(each): each.name for each in documents if _file(each) in (ARCHITECTURE, DATA, SECURITY, SIGNALS)}
    counted = tuple(each for each in documents if last.get(_file(each), each.name) == each.name)
    by_name = {each.name: each for each in counted}  # of one name the last one, in its first one's place
    those = tuple(by_name.values())
    operations = list(_operations(those))
    tables = list(_tables(those))
    return Design(
        endpoints=tuple(endpoint for endpoint, _ in operations),
        data_models=tuple(model for model, _ in tables),
        operations=tuple(owed for _, owed in operations),
        tables=tuple(owed for _, owed in tables),
        mitigations=tuple(_mitigations(those)),
        service_levels=tuple(_levels(those)),
        requirements=tuple(_requirements(those)),
    )


def _file(document: Document) -> str:
    return document.name.rpartition("/")[2]


def _named(documents: Sequence[Document], file: str) -> Document | None:
    return next((each for each in reversed(documents) if _file(each) == file), None)


def _operations(documents: Sequence[Document]) -> Iterator[tuple[Endpoint, Owed]]:
    """Each operation once: by its method and its path without the names of parameters."""
    if not documents:
        return
    seen = set()
    for document in offered.contracts(documents[0], About(beside=tuple(documents[1:]))):
        purposes = _purposes(document)
        for each in openapi.operations(document):
            key = each.method, words.path(each.path)
            if not each.path.startswith("/") or each.method not in get_args(Method) or key in seen:
                continue
            seen.add(key)
            purpose = purposes.get((each.method, each.path)) or " ".join(each.id.split())
            guarded = bool(each.scopes) or bool(each.security) and () not in (each.security or ())
            endpoint = Endpoint(
                method=cast(Method, each.method), path=each.path, purpose=purpose or f"{each.method} {each.path}", auth="required" if guarded else "public"
            )  # fmt: skip
            yield endpoint, Owed(endpoint.name, document.name, each.line)


def _purposes(document: Document) -> dict[tuple[str, str], str]:
    """The summary of each operation by method and path; the first sentence of its description where it has none."""
    found: dict[tuple[str, str], str] = {}
    for spec in openapi.documents_in(document):
        for path, item in _map(spec.get("paths")).items():
            for method, told in _map(item).items():
                held = _map(told)
                if method in _TAKES_AFTER and held:
                    summary = held.get("summary")
                    said = summary if isinstance(summary, str) else held.get("description")
                    line = " ".join(said.split()) if isinstance(said, str) else ""
                    found.setdefault((method.upper(), path), short(line if isinstance(summary, str) else re.split(r"(?<=\.) ", line)[0], 200))  # fmt: skip
    return found


def _map(value: Any) -> dict[str, Any]:
    return {str(key): each for key, each in value.items()} if isinstance(value, dict) else {}


def _tables(documents: Sequence[Document]) -> Iterator[tuple[DataModel, Owed]]:
    """Each table once, of the first of these that has any: the data model's DDL, the architecture's ER diagram, any DDL, any ER diagram."""
    data, architecture = _named(documents, DATA), _named(documents, ARCHITECTURE)
    for held in (
        _ddl([data] if data else []),
        _drawn([each for each in (architecture, data) if each][:1]),
        _ddl(_designs(documents)),
        _drawn(_designs(documents)),
    ):
        seen: set[str] = set()
        for document, each in held:
            key = words.entity(each.name)
            if key and key not in seen:
                seen.add(key)
                fields = list(each.fields[:MOST_FIELDS])
                model = DataModel(name=_pascal(key), purpose=_purpose(document, each.name), table=each.name, key_fields=fields)  # fmt: skip
                yield model, Owed(each.name, document.name, each.line)
        if seen:
            return


def _designs(documents: Sequence[Document]) -> list[Document]:
    """Those that decide something: what research shows is an example."""
    return [each for each in documents if "research" not in each.name.split("/")[:-1]]


def _aside(document: Document, each: Kept) -> bool:
    """Whether a table is not built: it stands under what was rejected, or is gone with the session."""
    under = next((heading.text.strip() for heading in reversed(document.headings) if heading.line <= each.line), "")
    rejected = _ASIDE.fullmatch(under) and words.entity(under) != words.entity(each.name)
    return bool(rejected or _TEMPORARY.search(document.line(each.line)))


def _ddl(documents: Sequence[Document]) -> Iterator[tuple[Document, Kept]]:
    for document in documents:
        if "create" in document.text.casefold():
            kept = (made(document, each) for each in sql.tables(document, spoken(document.text)))
            yield from ((document, each) for each in kept if not _aside(document, each))


def _drawn(documents: Sequence[Document]) -> Iterator[tuple[Document, Kept]]:
    for document in documents:
        yield from ((document, each) for each in drawn(document) if not _aside(document, each))


def _pascal(snake: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in snake.split("_")) or snake


def _purpose(document: Document, table: str) -> str:
    """What is said of ``table``: the first words under a heading of its name, else that it is kept."""
    said = document.section(table).partition("\n")[0]
    line = words.word(said) if not said.lstrip().startswith(("|", "#", "`", "-", "<", "!")) else ""
    line = re.sub(r"\s+and \d+ more$", "", line).rstrip(".")
    return short(line, 160) or f"Keeps {table.rpartition('.')[2].replace('_', ' ').strip() or table}"


def _mitigations(documents: Sequence[Document]) -> Iterator[Owed]:
    """One for each row of the STRIDE table: called by its id where it has one, else by the threat's own words."""
    document = _named(documents, SECURITY)
    taken: set[str] = set()
    for table in document.tables if document else ():
        threat, kind, mitigation = column(table, "Threat"), column(table, "STRIDE"), column(table, "Mitigation")
        if document is None or threat is None or kind is None or mitigation is None:
            continue
        number = column(table, "ID", "No", "No.", "#")
        for line, row in rows(table):
            if is_empty(row[threat]) or is_empty(row[mitigation]) or _ACCEPTED.match(words.word(row[mitigation])):
                continue
            id = words.word(row[number]) if number is not None else ""
            name = f"{id}: {words.word(row[threat])}" if id and id.isdecimal() else id or words.word(row[threat])
            if name:
                yield Owed(_distinct(short(name, LONGEST), taken), document.name, line)


def _levels(documents: Sequence[Document]) -> Iterator[Owed]:
    """Each indicator once, with its objective: the architecture's, then what the observability plan adds."""
    seen: set[str] = set()
    taken: set[str] = set()
    for document in filter(None, (_named(documents, ARCHITECTURE), _named(documents, SIGNALS))):
        for table in (each for each in document.tables if each.section.casefold() == "service levels"):
            yield from _level(document, table, seen, taken)


def _level(document: Document, table: Table, seen: set[str], taken: set[str]) -> Iterator[Owed]:
    indicator, objective = column(table, "Indicator", "SLI"), column(table, "Objective", "SLO", "Target")
    if indicator is None or objective is None:
        return
    known = frozenset(seen)
    for line, row in rows(table):
        name, value = short(words.word(row[indicator]), 70), short(words.word(row[objective]), 50)
        key = alike(name)
        if not is_empty(name) and not is_empty(value) and key not in known:
            seen.add(key)
            yield Owed(_distinct(f"{name}: {value}", taken), document.name, line)


def _requirements(documents: Sequence[Document]) -> Iterator[Owed]:
    """What is asked for by id and holds."""
    seen: set[str] = set()
    for document in documents:
        for each in ids.things(document):
            if each.kind in ids.REQUIREMENTS and not each.withdrawn and each.id not in seen:
                seen.add(each.id)
                yield Owed(each.id, document.name, each.line)


def short(text: str, most: int) -> str:
    """``text`` on one line, cut at a word to at most ``most`` characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return (line[:most].rsplit(" ", 1)[0] or line[:most]).rstrip(".,;: ") + "…"


def alike(name: str) -> str:
    """``name`` as it is compared: without marks, case, spaces at its ends and a last stop."""
    return " ".join(name.replace("`", "").replace("*", "").casefold().split()).rstrip(".… ")


def _distinct(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while alike(name) in taken:
        number += 1
        name = f"{wanted} ({number})"
    taken.add(alike(name))
    return name
