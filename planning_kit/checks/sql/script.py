"""The SQL blocks of a document as one script: the dialect of each block, and its statements with their places.

Runs here and in the process aside; everything in it takes a time that grows with the text and not faster.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

POSTGRES, TSQL, MYSQL, SQLITE, ORACLE = "postgres", "tsql", "mysql", "sqlite", "oracle"
_NAMES = {
    POSTGRES: ("postgres", "postgresql", "psql", "pgsql", "plpgsql", "pg", "timescaledb", "supabase"),
    TSQL: ("tsql", "t-sql", "mssql", "sqlserver", "sql server", "azure sql", "transact-sql"),
    MYSQL: ("mysql", "mariadb"),
    SQLITE: ("sqlite", "sqlite3"),
    ORACLE: ("plsql", "pl/sql", "oracle"),
}
_BY_NAME = {name: dialect for dialect, names in _NAMES.items() for name in names}
_SAYS = re.compile(r"\s{0,200}(?:--|#|/\*)\s{0,20}(?:sql\s)?dialect\s{0,5}[:=]?\s{0,5}([\w/ -]{2,30})", re.I)
_NEXT = re.compile(
    r"--|/\*|#|'|\"|`|\[|\$(?:[A-Za-z_]\w{0,62})?\$|;|[()]|\b(?:BEGIN\s+ATOMIC|BEGIN|CASE|END|DELIMITER|GO|CREATE|ALTER)\b",
    re.I,
)
_OPAQUE = re.compile(r"(?:CREATE\s+(?:OR\s+(?:ALTER|REPLACE)\s+)?|ALTER\s+)(?:DEFINER\s*=\s*\S+\s+)?(?:PROC|PROCEDURE|FUNCTION|TRIGGER|EVENT)\b", re.I)  # fmt: skip
_INNER = re.compile(r"\s*(?:IF|LOOP|WHILE|REPEAT)\b", re.I)
_DELIMITER = re.compile(r"(?mi)^[ \t]*DELIMITER\b")
_CLIENT = re.compile(r"(?m)^[ \t]*\\[a-zA-Z][^\n]*")
_BRACKETS = re.compile(r"[(),]")
_COMMENT = re.compile(r"/\*|\*/")
_ESCAPED, _PLAIN = re.compile(r"\\.|''|'", re.S), re.compile(r"''|'")
PARAMETER = re.compile(r"(?<![:\w]):([A-Za-z_]\w{0,62})\b(?!:)")
MARK = re.compile(
    r"(?:[=<>(,%+*/]|\|\||-|\b(?:LIMIT|OFFSET|LIKE|ILIKE|AND|OR|BETWEEN|SET|THEN|ELSE|WHEN|SELECT|VALUES|IN|RETURN|INTERVAL|TOP))\s{0,40}(\?)(?![|&?])",
    re.I,
)


@dataclass(frozen=True)
class Statement:
    """One statement of a block.

    Attributes:
        text: as it is written, without its semicolon.
        code: the same, as long, with comments and the insides of strings blanked.
        start: where it begins in its block, in characters.
        body: whether it holds a program (a procedure, a trigger) that is not read further.
    """

    text: str
    code: str
    start: int
    body: bool = False

    @property
    def first(self) -> str:
        """Its first word, in upper case."""
        word = re.search(r"[A-Za-z]+", self.code)
        return word[0].upper() if word else ""

    @property
    def offset(self) -> int:
        """Where its first word is, in characters of the block."""
        word = re.search(r"\S", self.code)
        return self.start + (word.start() if word else 0)


def dialect(lang: str, text: str, otherwise: str) -> str:
    """The dialect of a block: as its fence says (``lang``), else its first comment, else ``otherwise``."""
    said = _SAYS.match(text)
    if said:
        name = " ".join(said[1].lower().split())
        for words in (name, name.split(" ")[0]):
            if words in _BY_NAME:
                return _BY_NAME[words]
    return _BY_NAME.get(lang) or _BY_NAME.get(otherwise.lower(), otherwise.lower())


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of the character ``at``."""
    at = min(max(at, 0), len(text))
    ends = _line_ends(text)
    line = bisect_left(ends, at)
    return line + 1, at - (ends[line - 1] + 1 if line else 0) + 1


def offset(text: str, line: int, column: int) -> int:
    """The character at a line and column, from 1."""
    ends = _line_ends(text)
    start = ends[min(line - 2, len(ends) - 1)] + 1 if line > 1 and ends else 0
    return min(start + max(column - 1, 0), len(text))


@lru_cache(maxsize=32)
def _line_ends(text: str) -> tuple[int, ...]:
    return tuple(each.start() for each in re.finditer("\n", text))


def blanked(text: str, dialect: str) -> str:
    """``text`` with comments and the insides of strings as blanks; quoted names stay."""
    return _Splitter(text, dialect).code()


def statements(text: str, dialect: str) -> tuple[Statement, ...]:
    """The statements of a block, in order; what is not closed goes to the end."""
    return tuple(_Splitter(text, dialect).statements())


def unclosed(text: str, dialect: str) -> int | None:
    """Where a string begins that is never closed: on the first line with a quote too many, if there is one."""
    split = _Splitter(text, dialect)
    if split.open is None:
        return None
    at = 0
    for line in text.split("\n")[: line_and_column(text, split.open)[0]]:
        bare = line.partition("--")[0]
        if bare.count("'") % 2:
            return at + bare.rfind("'")
        at += len(line) + 1
    return split.open


def without_parameters(text: str, code: str, dialect: str) -> str:
    """``text``, as long as before, with ``:name`` and ``?`` as a value the dialect's parsers know, and psql's own commands blank."""
    if dialect in (SQLITE, ORACLE):
        return text
    made = list(without_client_commands(text, code) if dialect == POSTGRES else text)
    for found in PARAMETER.finditer(code):
        inserted = "$1".ljust(len(found[0])) if dialect == POSTGRES else "@" + found[1]
        made[found.start() : found.end()] = inserted
    for found in MARK.finditer(code):
        made[found.start(1)] = "0"
    return "".join(made)


def without_client_commands(text: str, code: str) -> str:
    """``text``, as long as before, with the commands of psql (``\\d``, ``\\c``) blank."""
    made = list(text)
    for found in _CLIENT.finditer(code):
        made[found.start() : found.end()] = " " * len(found[0])
    return "".join(made)


def entries_of(code: str, opened: int) -> Iterator[tuple[int, int]]:
    """What stands between the commas of the parenthesis that opens there; where it is not closed, the rest is one."""
    deep, start = 0, opened + 1
    for found in _BRACKETS.finditer(code, opened):
        deep += {"(": 1, ")": -1}.get(found[0], 0)
        if (found[0] == "," and deep == 1) or not deep:
            yield start, found.start()
            start = found.end()
        if not deep:
            return
    yield start, len(code)


def parameters(statement: Statement) -> bool:
    """Whether a statement waits for values: ``$1``, ``:name`` or ``?``."""
    return bool(
        re.search(r"(?<![\w$])\$\d", statement.code) or PARAMETER.search(statement.code) or MARK.search(statement.code)
    )


class _Splitter:
    """One way through a text, from one character that matters to the next."""

    def __init__(self, text: str, dialect: str) -> None:
        self._text, self._dialect = text, dialect
        self._blanks: list[tuple[int, int]] = []
        self._ends: list[tuple[int, int, bool]] = []
        self._start = self._deep = self._inside = 0
        self._program: bool | None = None
        self.open: int | None = None
        self._walk()

    def code(self) -> str:
        """The text with comments and the insides of strings blanked."""
        made, last = [], 0
        for start, end in self._blanks:
            made += [self._text[last:start], re.sub(r"[^\n]", " ", self._text[start:end])]
            last = end
        return "".join([*made, self._text[last:]])

    def statements(self) -> Iterator[Statement]:
        """The statements, in order."""
        code = self.code()
        start = 0
        for end, after, body in [*self._ends, (len(self._text), len(self._text), bool(self._program))]:
            if code[start:end].strip():
                yield Statement(self._text[start:end], code[start:end], start, body)
            start = after

    def _walk(self) -> None:
        at = 0
        while found := _NEXT.search(self._text, at):
            at = self._passed(found[0], found.start(), found.end())
            if at == found.end():
                at = self._met(" ".join(found[0].upper().split()), found.start(), at)

    def _met(self, token: str, here: int, at: int) -> int:
        """What a word or mark does, and where to go on."""
        if token in "()":
            self._deep = max(0, self._deep + (1 if token == "(" else -1))
        elif token == "DELIMITER" and self._dialect == MYSQL and self._begins_its_line(here):
            return self._delimited(here)
        elif self._ends_here(token, here):
            self._end(here, at)
        elif token in ("CREATE", "ALTER"):
            if self._dialect == TSQL and not self._deep and not self._program and self._begins_its_line(here):
                self._end(here, here)
            if self._program is None:
                self._program = self._dialect != POSTGRES and bool(_OPAQUE.match(self._text, here))
        else:
            self._nested(token, at)
        return at

    def _ends_here(self, token: str, here: int) -> bool:
        """Whether a word or mark ends the statement: a semicolon, and GO on a line of its own in SQL Server."""
        if token == ";":
            return not self._inside and not (self._program and self._dialect == TSQL)
        return token == "GO" and self._dialect == TSQL and self._begins_its_line(here)

    def _nested(self, token: str, at: int) -> None:
        """BEGIN … END of a program: its semicolons end nothing."""
        program = token == "BEGIN ATOMIC" if self._dialect == POSTGRES else token == "BEGIN" and bool(self._program)
        if program or (self._inside and token in ("BEGIN", "CASE")):
            self._inside += 1
        elif token == "END" and self._inside and not _INNER.match(self._text, at):
            self._inside -= 1

    def _end(self, end: int, after: int) -> None:
        self._ends.append((end, after, bool(self._program)))
        self._deep = self._inside = 0
        self._program = None

    def _begins_its_line(self, at: int) -> bool:
        before = self._text[max(0, at - 100) : at]
        return not before[before.rfind("\n") + 1 :].strip()

    def _delimited(self, at: int) -> int:
        """Past what stands between two DELIMITER lines of MySQL's client: programs."""
        line_end = self._text.find("\n", at)
        line_end = len(self._text) if line_end < 0 else line_end
        other = self._text[at:line_end].split()[1:2] != [";"]
        following = _DELIMITER.search(self._text, line_end) if other else None
        end = following.start() if following else len(self._text) if other else line_end
        self._program = True
        self._blank(at, line_end)
        self._end(end, end)
        return end

    def _passed(self, word: str, start: int, end: int) -> int:
        """Where a comment, string or quoted name that begins with ``word`` ends; ``end`` when none begins."""
        mine = self._dialect
        if word == "--" or (word == "#" and mine == MYSQL):
            return self._blank(start, self._find("\n", end))
        if word == "/*":
            return self._blank(start, self._comment(end))
        if word == "'":
            stop = self._string(start, end)
            self.open = start if stop > len(self._text) else self.open
            self._blank(end, stop - 1)
            return stop
        if word.startswith("$") and mine == POSTGRES:
            return self._blank(end, self._find(word, end)) + len(word)
        if word == '"' or (word == "`" and mine in (MYSQL, SQLITE)):
            return self._find(word, end) + 1
        if word == "[" and mine in (TSQL, SQLITE):
            return self._find("]", end) + 1
        return end

    def _comment(self, at: int) -> int:
        if self._dialect != POSTGRES:
            return self._find("*/", at) + 2
        deep = 1  # PostgreSQL nests comments (manual, 4.1.5)
        for found in _COMMENT.finditer(self._text, at):
            deep += 1 if found[0] == "/*" else -1
            if not deep:
                return found.end()
        return len(self._text)

    def _string(self, start: int, at: int) -> int:
        escapes = self._dialect == MYSQL or (
            self._dialect == POSTGRES and self._text[max(0, start - 1) : start] in "Ee"
        )
        for found in (_ESCAPED if escapes and start else _PLAIN).finditer(self._text, at):
            if found[0] == "'":
                return found.end()
        return len(self._text) + 1

    def _find(self, word: str, at: int) -> int:
        found = self._text.find(word, at)
        return found if found >= 0 else len(self._text)

    def _blank(self, start: int, end: int) -> int:
        if end > start:
            self._blanks.append((start, min(end, len(self._text))))
        return end
