"""The things a specification names by id: requirements, stories, use cases, test scenarios; read off its tables and headings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .document import Document, Heading

KINDS = {
    "FR": "functional requirement", "NFR": "non-functional requirement", "CON": "constraint",
    "US": "user story", "UC": "use case", "TS": "test scenario",
}  # fmt: skip
"""What an id's first letters say it is."""
REQUIREMENTS = ("FR", "NFR", "CON")
"""The kinds that are asked for."""
ID = re.compile(rf"\b({'|'.join(KINDS)})-([A-Z][A-Z0-9]{{1,5}})-(\d{{2,4}})\b")
"""``FR-EVE-01``: the kind, the domain's code, the number within both."""
WITHDRAWN = "Withdrawn"
"""The first column of the table that lists what is asked for no more, with the reason."""

HOMES: Mapping[str, tuple[str, ...]] = {
    "requirements.md": REQUIREMENTS, "user-stories.md": ("US", "TS"), "api-spec.md": (),
    "use-cases.md": ("UC", "TS"), "sequence-diagram.md": (),
}  # fmt: skip
"""The kinds that a document of this file name defines; it may have headings and rows that begin with another's id, which only name it."""
_PASSAGES = re.compile(r"\[((?:[PRQA]\d+[,;\s]*)+)\]")
METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"
"""HTTP methods, as a pattern."""
_OPERATION = re.compile(rf"`?\b({METHODS})\b`?\s+`?(/[^\s`|)\"'<>,]*)")


@dataclass(frozen=True)
class Thing:
    """Something with an id.

    Attributes:
        id: ``FR-EVE-01``.
        text: what it says: the second cell of its row, or the rest of its heading.
        document: the name of the document that defines it.
        line: where, from 1.
        cites: the ids and passages (``P12``) its row or section names, in order, each once.
        operations: methods and paths its row or section names.
        within: the id of the section it is defined in, if it has one.
        withdrawn: whether it is listed as asked for no more.
    """

    id: str
    text: str
    document: str
    line: int
    cites: tuple[str, ...] = ()
    operations: tuple[tuple[str, str], ...] = ()
    within: str = ""
    withdrawn: bool = False

    @property
    def kind(self) -> str:
        """One of :data:`KINDS`."""
        return self.id.partition("-")[0]

    @property
    def code(self) -> str:
        """Its domain's code."""
        return self.id.split("-")[1]

    @property
    def number(self) -> int:
        """Its number among those of its kind and domain."""
        return int(self.id.rpartition("-")[2])


def codes(names: Iterable[str]) -> dict[str, str]:
    """A code of three capital letters for each domain, none twice: ``events`` → ``EVE``; the first ones keep theirs when more are added."""
    found: dict[str, str] = {}
    for name in names:
        letters = re.sub(r"[^A-Z]", "", name.upper()) or "DOM"
        letters = letters if len(letters) > 2 else (letters + "XX")[:3]
        wanted = [letters[:3], *(letters[:2] + each for each in letters[3:])]
        numbered = (f"{letters[:3]}{number}" for number in range(2, 1000))
        taken = set(found.values())
        found[name] = next(code for code in (*wanted, *numbered) if code not in taken)
    return found


def theirs(text: str) -> str:
    """``text`` with ids that look like ours written as somebody else's: ``FR-ORD-07`` as ``FR-ORD 07``."""
    return ID.sub(r"\1-\2 \3", text)


def cited(text: str) -> tuple[str, ...]:
    """The ids and passages ``text`` names, in order, each once."""
    places = [(found.start(), found.group()) for found in ID.finditer(text)]
    for marks in _PASSAGES.finditer(text):
        places += [(marks.start() + at.start(), at.group()) for at in re.finditer(r"[PRQA]\d+", marks.group(1))]
    return tuple(dict.fromkeys(name for _, name in sorted(places)))


def operations(text: str) -> tuple[tuple[str, str], ...]:
    """The methods and paths ``text`` names, in order, each once."""
    return tuple(dict.fromkeys((found[1], found[2].rstrip(".;:")) for found in _OPERATION.finditer(text)))


@lru_cache(maxsize=512)
def things(document: Document) -> tuple[Thing, ...]:
    """What ``document`` defines, in the order of its lines.

    A thing is defined by a heading that begins with its id, or by a row of a table whose first column is called *ID*; one that was
    dropped by a row of a table whose first column is called *Withdrawn*. Everywhere else, and in a document that :data:`HOMES`
    knows as another kind's, an id is only named.
    """
    sections = list(_sections(document))
    kinds = HOMES.get(document.name.rpartition("/")[2], KINDS)
    found = (each for each in (*sections, *_rows(document, sections)) if each.kind in kinds)
    return tuple(sorted(found, key=lambda each: each.line))


@lru_cache(maxsize=512)
def extents(document: Document) -> Mapping[int, int]:
    """The line of each heading with the last line of what stands under it, what is below it included; both from 1."""
    found: dict[int, int] = {}
    above: list[Heading] = []
    for heading in document.headings:
        while above and above[-1].level >= heading.level:
            found[above.pop().line] = heading.line - 1
        above.append(heading)
    return found | {each.line: len(document.lines) for each in above}


def _sections(document: Document) -> Iterator[Thing]:
    """What is defined by a heading, with everything its section names."""
    for heading in document.headings:
        said = ID.match(heading.text)
        if said is None:
            continue
        body = "\n".join(document.lines[heading.line : extents(document)[heading.line]])
        own = tuple(each for each in cited(body) if each != said.group())
        text = heading.text[said.end() :].strip(" :–—-")
        yield Thing(said.group(), text, document.name, heading.line, own, operations(body))


def _rows(document: Document, sections: list[Thing]) -> Iterator[Thing]:
    """What is defined by a row of a table."""
    for table in document.tables:
        first = table.header[0].strip().casefold() if table.header else ""
        if first not in ("id", WITHDRAWN.casefold()):
            continue
        for line, row in enumerate(table.rows, start=table.line + 2):
            said = ID.match(row[0].strip(" `*"))
            if said is None:
                continue
            rest = " | ".join(row[1:])
            within = _around(document, sections, line)
            yield Thing(
                said.group(), row[1].strip() if len(row) > 1 else "", document.name, line,
                tuple(each for each in cited(rest) if each != said.group()), operations(rest), within, first != "id",
            )  # fmt: skip


def _around(document: Document, sections: list[Thing], line: int) -> str:
    """The id of the section that ``line`` stands in, if that has one."""
    at = bisect_left(sections, line, key=lambda each: each.line)
    return sections[at - 1].id if at and extents(document)[sections[at - 1].line] >= line else ""
