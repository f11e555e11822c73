"""The parsers of each dialect: squawk (PostgreSQL), sqlfluff (SQL Server, MySQL, Oracle), SQLite itself. Run in the process aside."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import subprocess
import sys
from bisect import bisect_right
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

from .script import Statement, blanked, entries_of, line_and_column, offset, statements, unclosed, without_parameters

SECONDS = 8
"""How long squawk may take, in seconds."""
MOST = 20
"""The most faults of one block."""
_DEEPEST = 60
"""How deep parentheses may be nested for sqlfluff, which takes them one in the other."""
_BIGGEST = 100_000
"""The largest block sqlfluff is given, in characters: it takes a second for some 20,000."""
_DDL = ("CREATE", "ALTER", "DROP")
_TABLE = re.compile(r"\s*CREATE\s+(?:TEMPORARY\s+)?TABLE\b", re.I)
_ENTRIES = 60
"""The most entries of a CREATE TABLE that are read one by one to find the one that is wrong."""
_STUMBLES = 500
"""The most faults of squawk that are looked at."""
_TOKENS = {
    "COMMA": "a comma", "L_PAREN": "'('", "R_PAREN": "')'", "SEMICOLON": "';'", "IDENT": "a name", "EQ": "'='", "DOT": "'.'", "COLON": "':'",
    "STRING": "a string", "INT_NUMBER": "a number", "FLOAT_NUMBER": "a number", "BACKTICK": "a backtick", "STAR": "'*'", "L_BRACK": "'['", "R_BRACK": "']'",
    "POSITIONAL_PARAM": "a parameter", "EOF": "the end",
}  # fmt: skip
Found = list[tuple[int, int, str, str]]
"""Faults: line and column from 1, rule, message."""


def squawk(text: str) -> Found:
    """What squawk says of ``text``: faults of syntax, and of its rules those of :data:`~planning_kit.checks.sql.WARNED`.

    Raises:
        RuntimeError: it came to no end by itself.
    """
    beside = Path(sys.executable).with_name("squawk")
    ready = without_parameters(text, blanked(text, "postgres"), "postgres")
    command = [str(beside) if beside.exists() else "squawk", "--reporter", "json", "--stdin-filepath", "schema.sql"]
    ran = subprocess.run(
        command, input=ready.encode(errors="replace"), capture_output=True, timeout=SECONDS, check=False, cwd=Path(__file__).parent
    )  # fmt: skip
    if ran.returncode not in (0, 1):
        raise RuntimeError("squawk ended early; the SQL may be nested too deep")
    found = [
        (each["line"] + 1, each["column"] + 1, each["rule_name"], _said(each["message"]))
        for each in json.loads(ran.stdout or b"[]")
    ]
    return _first_of_each(text, found)


def _first_of_each(text: str, found: Found) -> Found:
    """The first fault of syntax of each statement, and what is no fault of syntax: a parser stumbles on after the first."""
    starts = [each.offset for each in statements(text, "postgres")]
    kept: dict[object, tuple[int, int, str, str]] = {}
    for each in found[:_STUMBLES]:
        where = bisect_right(starts, offset(text, *each[:2])) if each[2] == "syntax-error" else each
        kept.setdefault(where, each)
    return list(kept.values())


def _said(message: str) -> str:
    """squawk's sentence, with the tokens of its grammar as they are written."""
    message = re.sub(r"\b([A-Z]+)_KW\b", lambda found: found[1], message)
    return re.sub(rf"\b({'|'.join(_TOKENS)})\b", lambda found: _TOKENS[found[1]], message)


@cache
def _linter(dialect: str) -> Any:
    from sqlfluff.core import FluffConfig, Linter

    overrides: dict[str, Any] = {"dialect": dialect, "templater": "raw", "large_file_skip_byte_limit": 0}
    return Linter(config=FluffConfig(overrides=overrides))


def fluff(text: str, dialect: str) -> list[tuple[int, int, str, str, str]]:
    """Where sqlfluff cannot read ``text`` in ``dialect``: the first place of each statement, as line, column, severity, message and hint.

    It knows the DDL of a dialect better than its queries and programs (measured with 4.5): what it cannot read of a query
    is told when sqlglot cannot read it either, what it cannot read of a program is a warning.

    Raises:
        ValueError: it is too large.
    """
    if len(text) > _BIGGEST:
        raise ValueError(f"it has more than {_BIGGEST:,} characters")
    code = blanked(text, dialect)
    if _depth(code) > _DEEPEST:
        raise ValueError(f"it is nested more than {_DEEPEST} deep")
    if (open_ := unclosed(text, dialect)) is not None:
        hint = "close the string; write a quote within it twice ('it''s')"
        return [(*line_and_column(text, open_), "error", "a string is never closed", hint)]
    ready = without_parameters(text, code, dialect)
    parts = statements(ready, dialect)
    starts = [each.offset for each in parts]
    found: dict[int, tuple[int, int, str, str, str]] = {}
    for at, raw in _unread(ready, dialect):
        number = max(bisect_right(starts, at) - 1, 0)
        statement = parts[number] if parts else Statement(ready, ready, 0)
        if number in found or (not statement.body and statement.first not in _DDL and _reads(statement, dialect)):
            continue
        if _lacking(statement, at, dialect):
            continue
        narrowed = _narrowed(statement, dialect) if _TABLE.match(statement.code) and at <= statement.offset else None
        at, raw, hint = narrowed or (at, raw, "")
        severity = "warning" if statement.body else "error"
        found[number] = (*line_and_column(text, at), severity, f"{_start(raw)!r} cannot be read here", hint)
    return list(found.values())[:MOST]


def _depth(code: str) -> int:
    """How deep its parentheses are nested."""
    return max(accumulate({"(": 1, ")": -1}[each] for each in re.findall(r"[()]", code)), default=0)


def _unread(text: str, dialect: str) -> list[tuple[int, str]]:
    """The characters where sqlfluff stops understanding, and what stands there."""
    parsed = _linter(dialect).parse_string(text)
    found = []
    for part in parsed.tree.recursive_crawl("unparsable") if parsed.tree else ():
        first = next((leaf for leaf in part.raw_segments if leaf.is_code), part)
        found.append((offset(text, first.pos_marker.line_no, first.pos_marker.line_pos), part.raw))
    for each in parsed.violations if not found else ():
        found.append((offset(text, each.line_no, each.line_pos), text.split("\n")[max(each.line_no - 1, 0)].strip()))
    return sorted(found)


def _reads(statement: Statement, dialect: str) -> bool:
    """Whether sqlglot reads a statement."""
    from sqlglot import exp, parse_one
    from sqlglot.errors import ErrorLevel, SqlglotError

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    try:
        return not isinstance(parse_one(statement.text, read=dialect, error_level=ErrorLevel.IMMEDIATE), exp.Command)
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError):
        return False


_EVENT = re.compile(r"\s*CREATE\s+(?:DEFINER\s*=\s*\S+\s+)?EVENT\s+(?:IF\s+NOT\s+EXISTS\s+)?\S+\s+ON\s+SCHEDULE\s+(?:AT|EVERY)\b.*\bDO\b", re.I | re.S)  # fmt: skip
_ADD = "ALTER TABLE t ADD "
_ADDS = re.compile(r"\s*ALTER\s+TABLE\s+\S+\s+(?:WITH\s+(?:NO)?CHECK\s+)?ADD\b", re.I)


def _lacking(statement: Statement, at: int, dialect: str) -> bool:
    """Whether sqlfluff itself lacks what it stumbles over (4.5): events of MySQL, columns and constraints that one ALTER TABLE adds."""
    if dialect == "mysql":
        return bool(_EVENT.match(statement.code, max(at - statement.start, 0)))
    if not (adds := _ADDS.match(statement.code)):
        return False
    since, here = adds.end(), at - statement.start
    for _ in range(20):
        if statement.code[here : here + 1] != "," or _unread(f"{_ADD}{statement.text[since:here]}", dialect):
            return False
        since = here + 1
        following = _unread(f"{_ADD}{statement.text[since:]}", dialect)
        if not following:
            return True
        here = since + following[0][0] - len(_ADD)
    return False


def _narrowed(statement: Statement, dialect: str) -> tuple[int, str, str] | None:
    """The first entry of a CREATE TABLE that cannot be read by itself: where, what, and what may mend it."""
    opened = statement.code.find("(")
    entries = list(entries_of(statement.code, opened))[:_ENTRIES] if opened >= 0 else []
    for start, end in entries:
        raw = statement.text[start:end]
        blank = len(raw) - len(raw.lstrip())
        if not raw.strip():
            comma = statement.code.rfind(",", 0, end)
            return statement.start + max(comma, 0), ",", "remove the comma before the closing parenthesis"
        if end == len(statement.code):
            return statement.start + start + blank, raw, "close the bracket: one more is opened than closed"
        if _unread(f"CREATE TABLE t ({raw}\n)", dialect):
            hint = "end each column with a comma" if "\n" in raw.strip() else ""
            return statement.start + start + blank, raw, hint
    return None


def _start(raw: str) -> str:
    words = " ".join(raw.split())
    return words if len(words) <= 40 else words[:40].rsplit(" ", 1)[0] + " …"


def lite(blocks: str) -> list[tuple[int, int, int, str]]:
    """What SQLite itself says of the ``blocks`` (a JSON list), run in order in an empty database in memory: block (from 0), line, column, message."""
    found: list[tuple[int, int, int, str]] = []
    base = sqlite3.connect(":memory:", isolation_level=None)
    base.set_authorizer(_allowed)
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 10_000_000)
    base.execute("PRAGMA max_page_count = 20000")
    for number, text in enumerate(json.loads(blocks)):
        for statement in statements(text, "sqlite"):
            left = [200]
            base.set_progress_handler(lambda left=left: _tick(left), 100_000)  # type: ignore[misc]
            try:
                base.execute(statement.text)
            except sqlite3.ProgrammingError:
                continue  # it waits for values: it was read without a fault
            except (sqlite3.Error, sqlite3.Warning) as error:
                if len(found) < MOST and not re.search(r"interrupted|not authorized|prohibited|constraint failed|database or disk is full|too big", str(error)):  # fmt: skip
                    at = _near(str(error), statement.code)
                    found.append((number, *line_and_column(text, statement.start + at if at is not None else statement.offset), str(error)))  # fmt: skip
    base.close()
    return found


def _tick(left: list[int]) -> int:
    left[0] -= 1
    return int(left[0] <= 0)


def _allowed(action: int, one: str | None, two: str | None, base: str | None, trigger: str | None) -> int:
    """Everything but other files and what could be loaded."""
    if action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH) or (action == sqlite3.SQLITE_FUNCTION and (two or "").lower() in ("load_extension", "writefile", "readfile", "edit")):  # fmt: skip
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _near(message: str, code: str) -> int | None:
    """Where in a statement SQLite's message is about, as far as it says: ``near "x"``, ``no such column: x``."""
    named = re.search(
        r'near "([^"]+)"|(?:no such (?:table|column)|duplicate column name|unknown column "): ?(?:main\.)?"?([^":]+)',
        message,
    )
    if not named:
        return None
    at = [each.start() for each in re.finditer(r"(?<!\w)" + re.escape(named[1] or named[2]) + r"(?!\w)", code)]
    return at[-1] if at else None
