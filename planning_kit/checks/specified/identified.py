"""Ids: well formed, of their domain, defined once, named only where defined, and the same thing in every version."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from ... import ids
from ...document import Document
from ...ids import ID, Thing
from ..about import About
from ..wrong import Wrong, Wrongs
from . import known, versions

_KINDS = "|".join(ids.KINDS)
_TOKEN = re.compile(rf"(?:{_KINDS})[-_](?=[A-Z0-9_.-]{{0,40}}\d)[\w.-]{{1,40}}")
_CELL = re.compile(rf"(?:{_KINDS})[-_ ]?(?:[A-Za-z][A-Za-z0-9]{{0,20}}[-_ ])?\d{{1,6}}[\w.-]{{0,20}}")
_GROUPS = {"FR": "FR", "NFR": "FR", "CON": "FR", "US": "US", "UC": "UC", "TS": "UC"}
"""Kinds that one document defines together."""
_HOMES = {"passages-reached": "FR", "requirements-told": "US", "stories-used": "UC"}
"""Which group the document has to define that is checked so."""
_NOTHING = re.compile(r"[\W_]*(?:n/?a|none)?[\W_]*", re.IGNORECASE)


def keeps_its_ids(document: Document, about: About) -> Wrongs:
    """Give each requirement, story, use case and test scenario one id with the domain's code, define it once, name only ids that are defined, and in a revision keep every id with its statement or list it under 'Withdrawn' with a reason."""
    own = ids.things(document)
    wrong = dict(_malformed(document))
    for line, said in wrong.items():
        hint = f"write it like FR-{about.prefix or 'EVE'}-01: the kind, the domain's code, two digits"
        yield Wrong(line, f"{said!r} is no id", hint)
    for each in own:
        if about.prefix and each.code != about.prefix:
            yield Wrong(each.line, f"{each.id} is defined here with the code of another domain", f"number it {each.kind}-{about.prefix}-…")  # fmt: skip
    yield from _once(document, [each for each in own if each.line not in wrong], about)
    yield from _dropped(document, own)
    yield from _named(document, own, about)
    yield from versions.keeps(document, own, about)


def _malformed(document: Document) -> Iterator[tuple[int, str]]:
    """What stands where an id is defined, looks like one and is none, with its line."""
    for heading in document.headings:
        said = _TOKEN.match(heading.text)
        if said and not ID.fullmatch(said.group().rstrip(".-")):
            yield heading.line, said.group()
    for table in document.tables:
        if table.header[0].strip().casefold() not in ("id", ids.WITHDRAWN.casefold()):
            continue
        for line, row in enumerate(table.rows, start=table.line + 2):
            cell = row[0].strip(" `*")[:80] if row else ""
            if _CELL.fullmatch(cell) and not ID.fullmatch(cell):
                yield line, cell


def _once(document: Document, own: Sequence[Thing], about: About) -> Wrongs:
    """Whether each id is defined once, here and in the documents beside; where it is at home nothing is said of the others."""
    first: dict[tuple[str, str, int], Thing] = {}
    for each in own:
        if each.withdrawn:
            continue
        before = first.setdefault((each.kind, each.code, each.number), each)
        if before is each:
            continue
        again = " ".join(before.text.casefold().split()) == " ".join(each.text.casefold().split())
        said = f"{each.id} is defined on line {before.line} already" + (f" as {before.id}" if before.id != each.id else "")  # fmt: skip
        hint = "call the first column of a table that only lists them something else than ID" if again else "give it a number of its own"  # fmt: skip
        yield Wrong(each.line, said, hint, severity="warning" if again and before.id == each.id else "error")
    homes = Counter(each.kind for each in own if not each.withdrawn)
    for there in about.beside:
        others = [each for each in ids.things(there) if not each.withdrawn]
        counted = Counter(each.kind for each in others)
        for other in others:
            mine = first.get((other.kind, other.code, other.number))
            at_home = (homes[other.kind], there.name) > (counted[other.kind], document.name)
            if mine and not at_home:
                first.pop((other.kind, other.code, other.number))
                hint = "name it in a column that is not called ID, or give this a number of its own"
                yield Wrong(mine.line, f"{mine.id} is defined in {_short(there)}:{other.line}", hint)


def _dropped(document: Document, own: Sequence[Thing]) -> Wrongs:
    """Whether what was withdrawn has a reason and is not there all the same."""
    dropped = {each.id for each in own if each.withdrawn}
    for each in own:
        if not each.withdrawn and each.id in dropped:
            hint = "give what is asked for now a new number, or take it out of 'Withdrawn'"
            yield Wrong(each.line, f"{each.id} is withdrawn, and defined as well", hint)
        elif each.withdrawn and _NOTHING.fullmatch(each.text[:200]):
            yield Wrong(each.line, f"no reason is given for withdrawing {each.id}", "write it beside it")


def _named(document: Document, own: Sequence[Thing], about: About) -> Wrongs:
    """Whether every id that is named is defined, as far as the documents that define its kind are there."""
    others = [(there, each) for there in about.beside for each in ids.things(there)]
    every = [*own, *(each for _, each in others)]
    defined = {each.id for each in every if not each.withdrawn}
    dropped = {each.id for each in own if each.withdrawn}
    elsewhere = {each.id: there for there, each in others if each.withdrawn}
    groups = {(_GROUPS[each.kind], each.code) for each in every}
    groups |= {(_HOMES[name], about.prefix) for name in about.checks if name in _HOMES}
    seen: set[str] = set()
    for number, line in enumerate(document.lines, start=1):
        for found in ID.finditer(line) if "-" in line else ():
            name = found.group()
            if name in seen or name in defined or name in dropped:
                continue
            seen.add(name)
            if name in elsewhere:
                said = f"{name} is withdrawn in {_short(elsewhere[name])}"
                yield Wrong(number, said, "take out what rests on it", found.start() + 1, severity="warning")
            elif (_GROUPS[found[1]], found[2]) in groups:
                hint = f"name one that is defined{known.near(name, sorted(defined))}, or define it"
                yield Wrong(number, f"{name} is named, and nothing defines it", hint, found.start() + 1)
    yield from _awaited(own, about, defined | dropped | set(elsewhere))


def _awaited(own: Sequence[Thing], about: About, there: set[str]) -> Wrongs:
    """What documents beside have named of the kinds that are defined here, before they were."""
    mine = {(_GROUPS[each.kind], each.code) for each in own}
    seen = set(there)
    for document in about.beside:
        for found in ID.finditer(document.text):
            if found.group() not in seen and (_GROUPS[found[1]], found[2]) in mine:
                seen.add(found.group())
                said = f"{_short(document)} names {found.group()}, which is not defined here"
                yield Wrong(0, said, "define it, or have it corrected there", severity="warning")


def _short(document: Document) -> str:
    return document.name.rpartition("/")[2]
