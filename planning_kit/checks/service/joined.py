"""One contract: what the API documents of the domains offer is what the architecture offers, and what the API design is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ...document import Document
from ...ids import METHODS
from .. import openapi
from ..about import About
from ..agreement import words
from ..specified.interface import Key, keys
from ..specified.known import listed, near, under
from ..wrong import Wrong, Wrongs
from . import offered, parts

DOMAINS = "api-spec.md"
"""The file a domain's API document is."""
_ROW = re.compile(rf"(?<!\w)((?i:{METHODS}))(?!\w)[^\w/]{{0,12}}(/[^\s`|\])*]*)")
"""An operation in a row of a table, in one cell or in two."""
_OTHER = frozenset({""})
"""A body that is no JSON object that can be read: it is not compared."""
_DEEPEST = 20
"""So many references and parts of a schema are followed."""


class Offer(NamedTuple):
    """An operation as one document has it: the document's ``name``, the ``operation``, the required fields of its ``body``; nothing where it takes none."""

    name: str
    operation: openapi.Operation
    body: frozenset[str] | None


def joins_the_domains_contracts(document: Document, about: About) -> Wrongs:
    """Take over every operation of the domains' API documents into the one OpenAPI document, as they have it (method, path, success statuses, required fields of the body, who may call), and add none that none of them has."""
    domains = [each for each in about.beside if each.name.rpartition("/")[2] == DOMAINS]
    if not domains or not openapi.documents_in(document):
        return
    here = _offers(document)
    theirs: dict[Key, list[Offer]] = {}
    for one in domains:
        for key, each in _offers(one).items():
            theirs.setdefault(key, []).append(each)
    yield from _missing(document, here, theirs)
    if all(openapi.documents_in(each) for each in domains):
        yield from _invented(here, theirs)
    for key, each in _own(here).items():
        same = [one for name in _names(each.operation, key) for one in theirs.get(name, ())]
        faults = [list(_differs(each, one)) for one in same]
        if faults and all(faults):  # where domains differ, either of them will do
            yield from faults[0]


def designs_every_operation(document: Document, about: About) -> Wrongs:
    """Have a row under 'Operations' for every operation of the contract, and none for another."""
    place = parts.place(document, "Operations")
    if not place:
        return
    found: dict[Key, int] = {}
    for row in parts.listed(document, "Operations", "Method", "Path"):
        path = words.path(row["Path"])
        for method in re.findall(rf"\b(?:{METHODS})\b", row["Method"].upper()):
            before = found.setdefault((method, path), row.line)
            if before != row.line:
                yield Wrong(row.line, f"{method} {row['Path'][:80]} has a row at line {before} too", "design it once")
    there = {*found, *_rowed(document)}
    for each in offered.operations(document, about):
        if not keys(each) & there:
            hint = "add its row: service, transaction, whether it may be sent twice, side effects"
            yield Wrong(place, f"{each.method} {each.path} has no row under 'Operations'", hint, 1)


def _rowed(document: Document) -> Iterator[Key]:
    """What the rows under 'Operations' name, whatever their columns are called."""
    for _, line in parts.lines(document, "Operations"):
        if line.lstrip().startswith("|"):
            yield from ((method.upper(), words.path(path)) for method, path in _ROW.findall(line))


def _offers(document: Document) -> dict[Key, Offer]:
    """What a document offers, each operation by method and path, and by those behind its base path."""
    bodies = dict(_bodies(document))
    found: dict[Key, Offer] = {}
    for each in openapi.operations(document):
        if each.path.startswith("/"):
            offer = Offer(document.name, each, bodies.get((each.method, words.path(each.path))))
            found |= {key: offer for key in keys(each) if key not in found}
    return found


def _own(offers: Mapping[Key, Offer]) -> dict[Key, Offer]:
    """Each operation once."""
    return {(each.operation.method, words.path(each.operation.path)): each for each in offers.values()}


def _names(operation: openapi.Operation, key: Key) -> list[Key]:
    return [key, *sorted(keys(operation) - {key})]


def _missing(document: Document, here: Mapping[Key, Offer], theirs: Mapping[Key, Sequence[Offer]]) -> Wrongs:
    place = under(document, "OpenAPI")[0]
    said: set[Key] = set()
    for offers in theirs.values():
        each = offers[0].operation
        key = each.method, words.path(each.path)
        if key in said or keys(each) & set(here):
            continue
        said.add(key)
        hint = f"take it over as it stands there{near(f'{each.method} {each.path}', (f'{one[0]} {one[1]}' for one in here))}"  # fmt: skip
        yield Wrong(place, f"{each.method} {each.path} of {_short(offers[0].name)} is not in the OpenAPI document", hint, 1)  # fmt: skip


def _invented(here: Mapping[Key, Offer], theirs: Mapping[Key, Sequence[Offer]]) -> Wrongs:
    for each in _own(here).values():
        one = each.operation
        if not keys(one) & set(theirs) and not offered.OPERATIONAL.fullmatch(one.path):
            hint = "take it out, or send it back to the domain it belongs to, so that somebody asks for it"
            yield Wrong(one.line, f"{one.method} {one.path} is in no domain's API document", hint)


def _differs(here: Offer, there: Offer) -> Iterator[Wrong]:
    """How an operation is another one here than in its domain."""
    mine, other = here.operation, there.operation
    called, where = f"{mine.method} {mine.path}", _short(there.name)
    hint = "take it over as it stands there, or have it changed there first"
    if any(map(_success, mine.statuses)):
        less = [each for each in other.statuses if _success(each) and not _answers(mine, each)]
        more = [each for each in mine.statuses if _success(each) and not _answers(other, each)]
        if told := _both(f"does not answer {listed(less)}" * bool(less), f"answers {listed(more)}" * bool(more)):
            yield Wrong(mine.line, f"{called} {told}, unlike {where}", hint)
    if _OTHER in (here.body, there.body):
        pass
    elif here.body is not None and there.body is not None and here.body != there.body:
        less, more = sorted(there.body - here.body), sorted(here.body - there.body)
        told = _both(f"does not require {listed(less)}" * bool(less), f"requires {listed(more)}" * bool(more))
        yield Wrong(mine.line, f"{called} {told}, unlike {where}", hint)
    elif (here.body is None) != (there.body is None) and (here.body or there.body):
        yield Wrong(mine.line, f"{called} takes {'no' if here.body is None else 'a'} body here, unlike {where}", hint)
    yield from _callers(mine, other, called, where, hint)


def _callers(mine: openapi.Operation, other: openapi.Operation, called: str, where: str, hint: str) -> Wrongs:
    """Who may call: everybody or not, and in which roles where both name some."""
    if mine.security is not None and other.security is not None:
        is_open, was_open = () in mine.security, () in other.security
        if is_open != was_open:
            now, then = ("open to everybody", "protected") if is_open else ("protected", "open to everybody")
            yield Wrong(mine.line, f"{called} is {now} here and {then} in {where}", hint)
            return
    roles, were = ({words.snake(each) for each in one.scopes} for one in (mine, other))
    scoped = {any(re.search(r"[:./]", each) for each in one.scopes) for one in (mine, other)}
    if (
        roles and were and roles != were and len(scoped) == 1
    ):  # roles on one side and scopes on the other name different things
        said = f"{called} is for {listed(mine.scopes)} here and for {listed(other.scopes)} in {where}"
        yield Wrong(mine.line, said, hint)


def _both(*said: str) -> str:
    return " and ".join(filter(None, said))


def _success(status: str) -> bool:
    return status[:1] in "23"


def _answers(operation: openapi.Operation, status: str) -> bool:
    """Whether it answers ``status``, or a range it is of."""
    known = {each.upper() for each in operation.statuses}
    return (
        status.upper() in known
        or f"{status[0]}XX" in known
        or "DEFAULT" in known
        or status.upper().endswith("XX")
        and any(each[0] == status[0] for each in known)
    )


def _bodies(document: Document) -> Iterator[tuple[Key, frozenset[str]]]:
    """The required fields of each operation that takes a JSON object; :data:`_OTHER` where a body is something else."""
    for spec in openapi.documents_in(document):
        paths = spec.get("paths")
        for path, item in paths.items() if isinstance(paths, dict) else ():
            for method, told in item.items() if isinstance(item, dict) else ():
                held = _followed(spec, told.get("requestBody")) if isinstance(told, dict) else {}
                content = held.get("content")
                content = content if isinstance(content, dict) else {}
                schema = next((each.get("schema") for media, each in content.items() if "json" in str(media) and isinstance(each, dict)), None)  # fmt: skip
                if schema is not None:
                    yield (str(method).upper(), words.path(str(path))), frozenset(_required(spec, schema, _DEEPEST))
                elif isinstance(told, dict) and told.get("requestBody"):
                    yield (str(method).upper(), words.path(str(path))), _OTHER


def _required(spec: Mapping[str, Any], schema: Any, left: int) -> Iterator[str]:
    held = _followed(spec, schema)
    named = held.get("required")
    yield from (each for each in named if isinstance(each, str)) if isinstance(named, list) else ()
    composed = held.get("allOf")
    for each in composed[:_DEEPEST] if isinstance(composed, list) and left else ():
        yield from _required(spec, each, left - 1)


def _followed(spec: Mapping[str, Any], value: Any) -> Mapping[str, Any]:
    """What ``value`` stands for after its ``$ref`` within ``spec``; an empty mapping if that is not there."""
    for _ in range(_DEEPEST):
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            break
        ref, value = value["$ref"], spec
        for part in ref[2:].split("/") if ref.startswith("#/") else ("",):
            value = value.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _short(name: str) -> str:
    """The end of a document's name that tells domains apart: ``payment/requirements/api-spec.md``."""
    return "/".join(name.split("/")[-3:])


CHECKS = {"one-contract": joins_the_domains_contracts, "operations-designed": designs_every_operation}
"""By the name a consultant asks for it."""
