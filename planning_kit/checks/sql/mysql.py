"""What MySQL refuses of the columns of a table, and its parsers read (MySQL 8.4 manual, 11.3, 13.6 and 15.1.20)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .script import entries_of

_TABLE = re.compile(r"\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?[`\w.]+\s*(\()", re.I)
_NO_LENGTH = re.compile(r"\s*`?\w+`?\s+(VARCHAR|VARBINARY|NVARCHAR)\b(?!\s*\()", re.I)
_LARGE = re.compile(r"\s*`?(\w+)`?\s+((?:TINY|MEDIUM|LONG)?(?:TEXT|BLOB)|JSON|GEOMETRY)\b", re.I)
_DEFAULT = re.compile(r"\bDEFAULT\s*(?!\s|\(|NULL\b)", re.I)
_KEY = re.compile(
    r"\s*(?:CONSTRAINT\s+`?\w+`?\s+)?(?:PRIMARY\s+KEY|UNIQUE|INDEX|KEY)\b[^(]*\(((?:[^()]|\([^()]*\))*)\)", re.I
)
_NUMBERED = re.compile(r"\s*`?(\w+)`?\s+\w+[^,]*?\b(AUTO_INCREMENT)\b", re.I)
_OWN_KEY = re.compile(r"\b(?:PRIMARY\s+KEY|UNIQUE|KEY)\b", re.I)
Found = tuple[int, str, str]


def refused(code: str) -> Iterator[Found]:
    """What of the tables in ``code`` (comments and strings blanked) MySQL does not take: the character, the sentence, the hint."""
    at = 0
    while table := _TABLE.search(code, at):
        entries = list(entries_of(code, table.start(1)))
        at = max(entries[-1][1], table.end())
        keys = [found for start, end in entries if (found := _KEY.match(code, start, end))]
        large = {}
        for start, end in entries:
            yield from _column(code, start, end)
            if found := _LARGE.match(code, start, end):
                large[found[1].lower()] = found[2].upper()
        yield from _keys(keys, large)
        yield from _unkeyed(code, entries, keys)


def _column(code: str, start: int, end: int) -> Iterator[Found]:
    if found := _NO_LENGTH.match(code, start, end):
        yield found.start(1), f"{found[1]} needs a length in MySQL", f"write {found[1]}(255)"
    if (found := _LARGE.match(code, start, end)) and (default := _DEFAULT.search(code, found.end(), end)):
        said = f"a {found[2]} column cannot have a literal default in MySQL"
        yield default.start(), said, "put the default in parentheses, DEFAULT ('…'), or leave it out"


def _keys(keys: list[re.Match[str]], large: dict[str, str]) -> Iterator[Found]:
    """Keys over columns of which MySQL takes only the first characters."""
    for key in keys:
        for part in re.finditer(r"(?:^|,)\s*`?(\w+)`?\s*(?=,|$|ASC\b|DESC\b)", key[1], re.I):
            kind = large.get(part[1].lower(), "")
            if kind.endswith(("TEXT", "BLOB")):
                said = f"a key over {part[1]!r}, which is {kind}, needs a length in MySQL"
                yield key.start(1) + part.start(1), said, f"write {part[1]}(100), or make the column a VARCHAR"
            elif kind == "JSON":
                said = f"a key over {part[1]!r} is refused: MySQL has no index on a JSON column"
                yield key.start(1) + part.start(1), said, "put the index on a generated column"


def _unkeyed(code: str, entries: list[tuple[int, int]], keys: list[re.Match[str]]) -> Iterator[Found]:
    first = {re.split(r"[\s,(]", key[1].strip().strip("`"))[0].strip("`").lower() for key in keys}
    for start, end in entries:
        found = _NUMBERED.match(code, start, end)
        if found and not _OWN_KEY.search(code, start, end) and found[1].lower() not in first:
            yield found.start(2), f"{found[1]!r} is AUTO_INCREMENT and no key begins with it, as MySQL wants", "make it the PRIMARY KEY, or give it a KEY"  # fmt: skip
