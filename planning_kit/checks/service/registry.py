"""The manifest that registers every document, sums them up as they stand, and repeats none of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from ...document import Document, Table
from .. import openapi
from ..about import About
from ..pipelines.flow import environment
from ..specified.known import listed
from ..wrong import Wrong, Wrongs
from . import figures, parts
from .offered import ARCHITECTURE
from .parts import Row

_LINK = re.compile(r"\]\(\s{0,9}<?([^()<>\s]{1,600})>?(?:\s[^()\n]{0,200})?\)")
_ITEM = re.compile(r"\s{0,9}(?:[-*+]|\d{1,3}[.)])\s+(\S.*)")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,4}(?![\w.,]*\w)")
_COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNT = re.compile(rf"(?i)\W*({'|'.join(_COUNTS)})\b")
_SUM = re.compile(r"(?i)\W*(?:total|sum|all|together|overall)\b")
_BLANK = re.compile(r"[-–—.?/\s]*|(?i:n/?a|tbd)")
_LEAST = 4
"""The fewest lines of a block that count as copied."""


def registers_its_documents(document: Document, about: About) -> Wrongs:
    """Under 'Documents' link every document of the plan by its exact file, once; give the number of operations, stores, environments and service levels as the documents have them; summarise and link, and repeat no plan."""
    own = [each for each in about.beside if _of_this_plan(document.name, each.name)]
    yield from _linked(document, about, own)
    for row in parts.listed(document, "Risks", "Risk", "Consequence", "Countered by"):
        for name in ("Consequence", "Countered by"):
            if _BLANK.fullmatch(row[name]):
                yield Wrong(row.line, f"{name!r} of {row.first[:60]!r} is empty", f"fill in {name!r}")
    architecture = next((each for each in own if each.name.rpartition("/")[2] == ARCHITECTURE), None)
    if architecture:
        yield from _surface(document, architecture)
        yield from _levels(document, architecture)
        yield from _environments(document, architecture)
        yield from _stores(document, architecture)
    yield from _asked(document, own)
    yield from _repeated(document, own)


def _of_this_plan(manifest: str, name: str) -> bool:
    """Whether ``name`` is a document of the plan that ``manifest`` registers: its folder is called after the same project and time."""
    here = manifest.split("/")
    if len(here) < 4 or here[-4] != "projects":
        return name.split("/")[0] == here[0]
    return name.split("/")[:-4] == here[:-4] and name.split("/")[-2:-1] == [f"{here[-3]}-{here[-2]}"]


def _links(document: Document, title: str) -> Iterator[tuple[int, str]]:
    """The links of a section within the plan: the line, and the name of the document it leads to."""
    folder = posixpath.dirname(document.name)
    for line, text in parts.lines(document, title):
        for found in _LINK.finditer(text):
            target = found[1].partition("#")[0]
            if target and not re.match(r"[a-zA-Z][\w+.-]{0,20}:|//", target):
                yield line, posixpath.normpath(posixpath.join(folder, target))


def _linked(document: Document, about: About, own: list[Document]) -> Wrongs:
    """Every document once, each where it really is."""
    place = parts.place(document, "Documents")
    if not place or not own:
        return
    there = {each.name for each in about.beside} | about.files
    first: dict[str, int] = {}
    for line, name in _links(document, "Documents"):
        if name not in there and name != document.name:
            near = get_close_matches(name, sorted(there), n=1, cutoff=0.5)
            hint = f"link {_from(document, near[0])}" if near else "take the row out"
            yield Wrong(line, f"{name} is no document of this plan", hint)
        elif name in first:
            yield Wrong(line, f"{name.rpartition('/')[2]} is registered twice, at line {first[name]} too", "register it once")  # fmt: skip
        else:
            first[name] = line
    for each in own:
        if each.name not in first:
            said = f"{each.name.rpartition('/')[2]} is not registered under 'Documents'"
            yield Wrong(place, said, f"add a row with a link to {_from(document, each.name)}", 1)


def _from(document: Document, name: str) -> str:
    """The link from ``document`` to the document called ``name``."""
    return posixpath.relpath(name, posixpath.dirname(document.name) or ".")


def _surface(document: Document, architecture: Document) -> Wrongs:
    """As many operations as the OpenAPI document has."""
    place = parts.place(document, "API surface")
    rows = [row for row in parts.listed(document, "API surface", "Resource", "Operations") if not _SUM.match(row.first)]
    counted = [_counted(row["Operations"]) for row in rows]
    for row, found in zip(rows, counted, strict=True):
        if len(found) != 1:
            said = f"'Operations' of {row.first[:60]!r} is not one number"
            yield Wrong(row.line, said, "give how many operations there are; the document linked lists them")
    there = len(openapi.operations(architecture))
    if place and all(len(found) == 1 for found in counted):
        here = sum(int(found[0]) for found in counted)
        if here != there:
            said = f"'API surface' counts {here} operations, the OpenAPI document has {there}"
            yield Wrong(place, said, "count each operation under one resource, as they stand there", 1)


def _levels(document: Document, architecture: Document) -> Wrongs:
    """The service levels of the architecture, each with the same objective."""
    place = parts.place(document, "Service levels")
    theirs = parts.listed(architecture, "Service levels", "Indicator", "Objective")
    known = {_plain(row["Indicator"]): row for row in theirs}
    left = dict(known)
    for row in parts.listed(document, "Service levels", "Indicator", "Objective"):
        meant = figures.meant(row["Indicator"], known)
        if not meant:
            alike = next((name for name, each in left.items() if figures.agree(row["Objective"], each["Objective"]) == "same"), None)  # fmt: skip
            if alike is None:
                near = get_close_matches(_plain(row["Indicator"]), list(known), n=1, cutoff=0.5)
                hint = f"use {known[near[0]]['Indicator'][:80]!r} as it stands there" if near else "take it out, or have it added there"  # fmt: skip
                yield Wrong(row.line, f"the architecture has no service level {row['Indicator'][:60]!r}", hint)
            else:
                left.pop(alike)
            continue
        left.pop(meant, None)
        yield from _as_there(row, known[meant])
    for each in left.values() if place else ():
        said = f"the service level {each['Indicator'][:60]!r} of the architecture is missing"
        yield Wrong(place, said, "add a row for it, as it stands there", 1)


def _as_there(row: Row, same: Row) -> Wrongs:
    """That a service level has the objective and window it has in the architecture; what says only a part of it is doubtful."""
    for name in ("Objective", "Window"):
        if name.casefold() in row.cells and name.casefold() in same.cells:
            agreed = figures.agree(row[name], same[name])
            if agreed != "same":
                said = f"{name.lower()} {row[name][:60]!r} of {row['Indicator'][:60]!r} is {same[name][:60]!r} in the architecture"  # fmt: skip
                severity = "warning" if agreed == "part" else "error"
                yield Wrong(row.line, said, "give it as it stands there, or have it changed there", severity=severity)


def _counted(cell: str) -> list[str]:
    """The numbers in a cell, those of links left out; the number it begins with where it is a word."""
    plain = re.sub(r"\]\([^()\s]{0,600}\)", "]", cell)
    said = _COUNT.match(plain)
    return _NUMBER.findall(plain) or ([str(_COUNTS.index(said[1].lower()))] if said else [])


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _environments(document: Document, architecture: Document) -> Wrongs:
    yield from _same(document, architecture, "Environments", "Environments", "Environment", "environment")


def _stores(document: Document, architecture: Document) -> Wrongs:
    yield from _same(document, architecture, "Data stores", "Storage", "Store", "store")


def _same(document: Document, architecture: Document, here: str, there: str, column: str, what: str) -> Wrongs:
    """That both list the same things in the first column of a section's table."""
    place = parts.place(document, here)
    mine = {_name(row[column], what): row for row in parts.listed(document, here, column)}
    theirs = {_name(row[column], what): row for row in parts.listed(architecture, there, column)}
    if not place or not theirs:
        return
    for name, row in theirs.items():
        if not any(_means(name, each) for each in mine):
            said = f"the {what} {row[column][:60]!r} of the architecture is missing"
            yield Wrong(place, said, "add a row for it, as it stands there", 1)
    for name, row in mine.items():
        if not any(_means(name, each) for each in theirs):
            said = f"the architecture has no {what} {row[column][:60]!r}"
            yield Wrong(row.line, said, f"name those it has: {listed(each[column] for each in theirs.values())}")


def _name(cell: str, what: str) -> str:
    return (environment(cell) if what == "environment" else "") or _plain(cell)


def _means(one: str, other: str) -> bool:
    """Whether two names mean one thing: one says no word that the other does not."""
    mine, theirs = set(one.split()), set(other.split())
    return mine <= theirs or theirs <= mine


def _asked(document: Document, own: list[Document]) -> Wrongs:
    """Each open question once, with a link to where it is asked."""
    if not own:
        return
    seen: dict[str, int] = {}
    for line, text in parts.lines(document, "Open questions"):
        said = _ITEM.match(text)
        if not said or re.match(r"(?i)none\b", said[1]):
            continue
        plain = _plain(_LINK.sub("]", said[1]))
        before = seen.setdefault(plain, line)
        if before != line:
            yield Wrong(line, f"this question stands at line {before} too", "list it once", severity="warning")
        if not _LINK.search(text):
            hint = "end it with a link to the document it stands in"
            yield Wrong(line, "the question does not say where it is asked", hint, severity="warning")


def _repeated(document: Document, own: list[Document]) -> Wrongs:
    """Blocks and tables that another document holds word for word."""
    blocks = {each.name: [_bare(fence.text) for fence in each.fences] for each in own}
    for fence in document.fences:
        mine = _bare(fence.text)
        if len(mine) < _LEAST:
            continue
        there = next((name for name, all_of_it in blocks.items() if any(_within(mine, each) for each in all_of_it)), "")
        if there:
            yield _copied(document, fence.line - 1, "this block", there)
    tables = {_cells(table): each.name for each in own for table in each.tables}
    for table in document.tables:
        if len(table.rows) > 1 and (there := tables.get(_cells(table), "")):
            yield _copied(document, table.line, "this table", there)


def _copied(document: Document, line: int, what: str, name: str) -> Wrong:
    said = f"{what} repeats {name.rpartition('/')[2]}"
    return Wrong(line, said, f"leave it out and link to it: {_from(document, name)}")


def _bare(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def _within(some: list[str], lines: list[str]) -> bool:
    """Whether ``some`` lines stand in ``lines`` in a row."""
    return f"\n{chr(10).join(some)}\n" in f"\n{chr(10).join(lines)}\n"


def _cells(table: Table) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_plain(cell) for cell in row) for row in (table.header, *table.rows))


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "registry": registers_its_documents,
}
"""By the name a consultant asks for it."""
