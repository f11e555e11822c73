"""SQL: read by the parser of its dialect, as one script per document, and run on PostgreSQL where the extra ``[postgres]`` is installed.

A block's dialect is what its fence says (``tsql``), else its first comment (``-- dialect: mysql``), else what is known of
the document. PostgreSQL is read by squawk, SQL Server, MySQL and Oracle by sqlfluff, SQLite by itself. The blocks of
one dialect are one script, in order: what it creates is compared with what it refers to (:mod:`.agree`, :mod:`.queries`).
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_right
from functools import lru_cache

from ...aside import Undone, call
from ...document import Document
from ..about import About
from ..artefact import Artefact
from ..kind import Kind
from ..wrong import NotChecked, Wrong, Wrongs, tool
from . import explained, foreign, script
from .postgres import programs_of_the_extra
from .tables import MODELLED, SECONDS, Column, ForeignKey, Table, blocks_of, dialect_of, read, tables, texts

__all__ = ["KIND", "Column", "ForeignKey", "Table", "dialect_of", "tables"]

SWITCH = "PLANNING_KIT_POSTGRES"
"""The variable that, set to ``off``, keeps the server from being used."""
WARNED = {
    "adding-required-field": "give the column a default, or fill it before it is made NOT NULL",
    "ban-truncate-cascade": "delete what is meant, table by table",
    "ban-uncommitted-transaction": "end the block with COMMIT",
    "ban-concurrent-index-creation-in-transaction": "take CREATE INDEX CONCURRENTLY out of BEGIN … COMMIT",
    "identifier-too-long": "shorten the name to 63 bytes",
}
"""The rules of squawk that say something of a plan, with what mends it. Not taken: those about taste or locks on tables
that are in use (``prefer-*``, ``require-*``, ``adding-not-nullable-field``, ``adding-foreign-key-constraint``, ``constraint-missing-not-valid``,
``disallowed-unique-constraint``, ``renaming-*``, ``changing-column-type``), for the tables of a plan are new; ``ban-drop-*``, for a plan shows the way back too; ``ban-char-field``, for codes of a fixed length are chars."""
_SYNTAX = "42601|42P13"
"""The SQLSTATEs of faults that a function has whatever tables there are: its syntax, and that it says no language."""
_SQLFLUFF = {script.TSQL: "tsql", script.MYSQL: "mysql", script.ORACLE: "oracle"}


def parses_its_sql(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write SQL in fenced sql blocks that parse (PostgreSQL, unless the fence or a first comment '-- dialect: mysql' says another)."""
    left_out = _left_out(artefact, about)
    for line, column in left_out:
        yield Wrong(line, "an ellipsis stands where SQL is left out", "write out what it stands for", column)
    dialect = dialect_of(artefact, about.dialect)
    others: dict[int, list[Wrong]] = {}
    for at, message, hint in _foreign(artefact, about):
        line, column = script.line_and_column(artefact.text, at)
        others.setdefault(_statement(artefact, line, dialect), []).append(Wrong(line, message, hint, column))
    for wrong in _unparsed(artefact, document, about):
        if any(abs(line - wrong.line) <= 1 for line, _ in left_out):
            continue
        for each in others.get(_statement(artefact, wrong.line, dialect)) or [wrong]:
            yield each._replace(tool=wrong.tool, severity=wrong.severity)


def _left_out(artefact: Artefact, about: About) -> list[tuple[int, int]]:
    """Where an ellipsis is, outside comments and strings."""
    code = script.blanked(artefact.text, dialect_of(artefact, about.dialect))
    return [script.line_and_column(artefact.text, each.start()) for each in re.finditer(r"\.\.\.|…", code)][:20]


def _unparsed(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """What the parser of the block's dialect does not understand."""
    dialect = dialect_of(artefact, about.dialect)
    if dialect == script.SQLITE:
        blocks = blocks_of(document, dialect, about.dialect)
        for number, line, column, message in call("planning_kit.checks.sql.parsers:lite", texts(blocks)):
            if blocks[number] == artefact:
                yield Wrong(line, f"SQLite: {message}", "", column, _tool(artefact, about))
    elif dialect in _SQLFLUFF:
        for line, column, severity, message, hint in call("planning_kit.checks.sql.parsers:fluff", artefact.text, _SQLFLUFF[dialect], seconds=SECONDS):  # fmt: skip
            yield Wrong(line, f"SQL: {message}", hint, column, tool("sqlfluff"), severity)
    else:
        for line, column, rule, message in call("planning_kit.checks.sql.parsers:squawk", artefact.text):
            if rule == "syntax-error":
                said, hint = explained.syntax(message, artefact.text[script.offset(artefact.text, line, column) :][:80])
                yield Wrong(line, f"SQL: {said}", hint, column, tool("squawk-cli", "squawk"))


def writes_the_sql_of_its_database(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write SQL with the types and words of its own database, not of another (SERIAL, AUTO_INCREMENT, NVARCHAR, LIMIT)."""
    for at, message, hint in _foreign(artefact, about):
        line, column = script.line_and_column(artefact.text, at)
        yield Wrong(line, message, hint, column)


def _foreign(artefact: Artefact, about: About) -> tuple[tuple[int, str, str], ...]:
    return foreign.words(artefact.text, dialect_of(artefact, about.dialect))


def creates_what_its_sql_refers_to(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Let foreign keys and indexes name only tables and columns that the SQL has created before them."""
    yield from _of_rule("creates_what_its_sql_refers_to", artefact, document, about)


def creates_each_table_once(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Create each table once, and each of its columns once."""
    yield from _of_rule("creates_each_table_once", artefact, document, about)


def types_its_keys_alike(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Give a foreign key the type of the column it refers to, and let that be a primary key or unique."""
    yield from _of_rule("types_its_keys_alike", artefact, document, about)


def queries_what_its_sql_creates(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Let example queries name only tables and columns that the SQL creates."""
    yield from _of_rule("queries_what_its_sql_creates", artefact, document, about)


def changes_its_tables_safely(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write migrations that work on tables with rows: no NOT NULL column added without a default, no open transaction."""
    if dialect_of(artefact, about.dialect) != script.POSTGRES:
        return
    made = read(blocks_of(document, script.POSTGRES, about.dialect), script.POSTGRES, _known(document, about))["tables"]
    new = {each["name"] for each in made}
    for line, column, rule, message in call("planning_kit.checks.sql.parsers:squawk", artefact.text):
        if rule in WARNED and not (rule == "adding-required-field" and _changed(artefact, line) in new):
            yield Wrong(line, message, WARNED[rule], column, tool("squawk-cli", "squawk"), "warning")


def _changed(artefact: Artefact, line: int) -> str:
    """The table that the ALTER TABLE around ``line`` changes."""
    before = "\n".join(artefact.lines[max(0, line - 60) : line])
    found = re.findall(r"\bALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?(?:\"?\w+\"?\.)?\"?(\w+)", before, re.I)
    return found[-1].lower() if found else ""


def runs_on_postgresql(artefact: Artefact, document: Document, about: About) -> Wrongs:
    """Write PostgreSQL that runs on an empty database, statement by statement, in the order of the document."""
    server = _server() if dialect_of(artefact, about.dialect) == script.POSTGRES else ""
    blocks = blocks_of(document, script.POSTGRES, about.dialect)
    only = "" if any(_creates(each.text) for each in blocks) else _SYNTAX
    if not server or server.startswith("!") or (only and not any(_programs(each.text) for each in blocks)):
        return
    outside = read(blocks, script.POSTGRES, _known(document, about))["outside"]
    known = json.dumps(sorted({*_known(document, about), *outside}))
    said = _told(document, about, blocks)
    for number, line, column, severity, message, hint in call("planning_kit.checks.sql.postgres:run", texts(blocks), known, only, seconds=SECONDS):  # fmt: skip
        if blocks[number] == artefact and (number, _statement(artefact, line)) not in said:
            yield Wrong(line, message, hint, column, f"PostgreSQL {server}", severity)


def _told(document: Document, about: About, blocks: tuple[Artefact, ...]) -> set[tuple[int, int]]:
    """The statements, by block and number in it, of which other checks have told a fault already."""
    found = read(blocks, script.POSTGRES, _known(document, about))["faults"]
    told = {(number, _statement(blocks[number], line)) for _, number, line, *_ in found}
    for number, block in enumerate(blocks):
        places = (script.line_and_column(block.text, at)[0] for at, _, _ in _foreign(block, about))
        told |= {(number, _statement(block, line)) for line in places}
    return told


def _statement(block: Artefact, line: int, dialect: str = script.POSTGRES) -> int:
    """The number of the statement that ``line`` of a block is in."""
    return bisect_right(_lines(block.text, dialect), line)


@lru_cache(maxsize=256)
def _lines(text: str, dialect: str) -> tuple[int, ...]:
    """The lines the statements of a block begin on."""
    return tuple(script.line_and_column(text, each.offset)[0] for each in script.statements(text, dialect))


def _of_rule(rule: str, artefact: Artefact, document: Document, about: About) -> Wrongs:
    """The faults of one rule that are in this block."""
    dialect = dialect_of(artefact, about.dialect)
    if dialect not in MODELLED:
        return
    blocks = blocks_of(document, dialect, about.dialect)
    for each, number, line, column, message, hint in read(blocks, dialect, _known(document, about))["faults"]:
        if each == rule and blocks[number] == artefact:
            yield Wrong(line, message, hint, column)


def _creates(text: str) -> bool:
    return re.search(r"\bcreate\b[\w\s]{0,60}\btable\b", text, re.I) is not None


def _programs(text: str) -> bool:
    return re.search(r"\bcreate\b[\w\s]{0,20}\b(?:function|procedure)\b", text, re.I) is not None


@lru_cache(maxsize=256)
def _known(document: Document, about: About) -> frozenset[str]:
    """The tables, in lower case, that are in the codebase or created in a document beside this one."""
    known = {name.lower() for name in about.tables}
    for beside in about.beside:
        if beside != document:
            known |= {each.name.lower() for each in tables(beside, about.dialect)}
    return frozenset(known)


def _server() -> str:
    """The version of the PostgreSQL server; why there is none after ``!``; empty when nobody wants it."""
    if os.environ.get(SWITCH, "").lower() == "off" or programs_of_the_extra() is None:
        return ""
    try:
        return str(call("planning_kit.checks.sql.postgres:version", seconds=SECONDS))
    except Undone as why:
        return f"!{why}"


def _tool(artefact: Artefact, about: About) -> str:
    dialect = dialect_of(artefact, about.dialect)
    if dialect == script.SQLITE:
        import sqlite3

        return f"SQLite {sqlite3.sqlite_version}"
    if dialect in _SQLFLUFF:
        return tool("sqlfluff")
    if dialect != script.POSTGRES:
        raise NotChecked(f"no tool for the SQL of {dialect}")
    server = _server()
    parser = tool("squawk-cli", "squawk")
    return parser if not server else f"{parser} ({server[1:]})" if server[0] == "!" else f"{parser}, PostgreSQL {server}"  # fmt: skip


KIND = Kind(
    _tool,
    (
        parses_its_sql,
        writes_the_sql_of_its_database,
        creates_what_its_sql_refers_to,
        creates_each_table_once,
        types_its_keys_alike,
        queries_what_its_sql_creates,
        changes_its_tables_safely,
        runs_on_postgresql,
    ),
)
