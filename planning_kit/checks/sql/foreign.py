"""Words of one database that mean nothing, or something else, in another: what parsers take for the name of a type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .mysql import refused
from .script import MYSQL, POSTGRES, TSQL, blanked

_COLUMN = r"(?:(?<=[(,])|(?<=\n))[ \t\r\n]*(?:ADD\s+(?:COLUMN\s+)?)?[\"`\[]?\w+[\"`\]]?[ \t]+"
"""What stands before a type where a column is made."""
_TYPES: dict[str, dict[str, str]] = {
    TSQL: {
        "serial": "INT IDENTITY(1,1)", "bigserial": "BIGINT IDENTITY(1,1)", "jsonb": "NVARCHAR(MAX) with CHECK (ISJSON(column) = 1)",
        "uuid": "UNIQUEIDENTIFIER", "timestamptz": "DATETIMEOFFSET", "boolean": "BIT", "bool": "BIT", "bytea": "VARBINARY(MAX)",
        "double": "FLOAT", "longtext": "NVARCHAR(MAX)", "mediumtext": "NVARCHAR(MAX)", "tsvector": "a full-text index",
        "interval": "a number of seconds", "enum": "NVARCHAR with CHECK (column IN (…))", "inet": "VARCHAR(45)", "citext": "NVARCHAR with a collation that ignores case",
        "int4": "INT", "int8": "BIGINT", "mediumint": "INT", "clob": "NVARCHAR(MAX)", "varchar2": "NVARCHAR", "number": "DECIMAL",
    },
    MYSQL: {
        "bigserial": "BIGINT UNSIGNED AUTO_INCREMENT", "jsonb": "JSON", "uuid": "CHAR(36) or BINARY(16)", "timestamptz": "TIMESTAMP",
        "bytea": "BLOB", "uniqueidentifier": "CHAR(36)", "datetime2": "DATETIME(6)", "datetimeoffset": "DATETIME(6)", "money": "DECIMAL(19,4)",
        "citext": "VARCHAR with a collation that ignores case", "inet": "VARBINARY(16)", "tsvector": "a FULLTEXT index", "interval": "a number of seconds",
        "varchar2": "VARCHAR", "ntext": "TEXT", "clob": "LONGTEXT", "int4range": "two columns", "tstzrange": "two columns",
    },
    POSTGRES: {
        "datetime": "timestamptz", "datetime2": "timestamptz", "datetimeoffset": "timestamptz", "nvarchar": "varchar", "nchar2": "char", "ntext": "text",
        "uniqueidentifier": "uuid", "tinyint": "smallint", "mediumint": "integer", "double": "double precision", "longtext": "text", "mediumtext": "text",
        "tinytext": "text", "blob": "bytea", "longblob": "bytea", "varbinary": "bytea", "binary": "bytea", "varchar2": "varchar", "clob": "text", "number": "numeric",
        "string": "text", "enum": "a type made by CREATE TYPE … AS ENUM", "smalldatetime": "timestamptz", "rowversion": "bigint", "image": "bytea", "year": "smallint",
    },
}  # fmt: skip
_WORDS: dict[str, tuple[tuple[str, str, str], ...]] = {
    TSQL: (
        (r"\bLIMIT\s+(?:\d+|@\w+)", "LIMIT", "SELECT TOP (n), or OFFSET … ROWS FETCH NEXT … ROWS ONLY after ORDER BY"),
        (r"\bAUTO_INCREMENT\b", "AUTO_INCREMENT", "IDENTITY(1,1)"),
        (r"\b(?:NOW|gen_random_uuid|uuid_generate_v4)\s*\(\s*\)", "a function of another database", "SYSUTCDATETIME() or NEWID()"),
        (r"\bCREATE\s+TABLE\s+IF\s+NOT\s+EXISTS\b", "CREATE TABLE IF NOT EXISTS", "IF OBJECT_ID(N'dbo.x') IS NULL CREATE TABLE dbo.x (…)"),
        (r"\bON\s+DELETE\s+RESTRICT\b", "ON DELETE RESTRICT", "ON DELETE NO ACTION"),
        (r"\bON\s+CONFLICT\b|\bON\s+DUPLICATE\s+KEY\b", "an upsert of another database", "MERGE, or UPDATE and then INSERT"),
        (r"`\w", "a name in backticks", "square brackets: [name]"),
        (r"\bCREATE\s+OR\s+REPLACE\b", "CREATE OR REPLACE", "CREATE OR ALTER"),
        (r"(?<=[\w)'\]])::\s*(?:text|varchar|n?char|int|integer|bigint|smallint|date|time|timestamp|timestamptz|jsonb?|uuid|numeric|decimal|boolean)\b", "the cast ::", "CAST(… AS …)"),
        (r"\bCOMMENT\s+ON\s+(?:TABLE|COLUMN)\b", "COMMENT ON", "sp_addextendedproperty, or a comment --"),
        (r"\b(?:ILIKE|RETURNING)\b", "ILIKE or RETURNING", "LIKE with a collation, or an OUTPUT clause"),
    ),
    MYSQL: (
        (r"\bIDENTITY\s*\(\s*\d", "IDENTITY", "AUTO_INCREMENT"),
        (r"\b(?:gen_random_uuid|uuid_generate_v4|NEWID|SYSUTCDATETIME|GETDATE|GETUTCDATE)\s*\(\s*\)", "a function of another database", "(UUID()) or CURRENT_TIMESTAMP"),
        (r"\bON\s+CONFLICT\b", "ON CONFLICT", "ON DUPLICATE KEY UPDATE"),
        (r"\bSELECT\s+TOP\b", "TOP", "LIMIT"),
        (r"\b(?:ILIKE|RETURNING)\b", "ILIKE or RETURNING", "LIKE, or LAST_INSERT_ID()"),
        (r"\[(?:dbo|\w+)\]", "a name in square brackets", "backticks: `name`"),
        (r"(?<=\w)::\s*\w+", "the cast ::", "CAST(… AS …)"),
        (r"\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+IF\s+NOT\s+EXISTS\b", "CREATE INDEX IF NOT EXISTS", "CREATE INDEX"),
        (r"\bCREATE\s+(?:UNIQUE\s+)?INDEX\b[^;]{0,300}?\)\s*WHERE\b", "an index with WHERE", "a generated column with an index on it"),
        (r"\bCREATE\s+TYPE\b", "CREATE TYPE", "ENUM('a', 'b') in the column"),
        (r"\bCOMMENT\s+ON\s+(?:TABLE|COLUMN)\b", "COMMENT ON", "COMMENT 'text' behind the column or the table"),
    ),
    POSTGRES: (
        (r"\bAUTO_INCREMENT\b", "AUTO_INCREMENT", "GENERATED ALWAYS AS IDENTITY"),
        (r"\bENGINE\s*=\s*\w+", "ENGINE", "nothing: leave it out"),
        (r"\bON\s+UPDATE\s+CURRENT_TIMESTAMP\b", "ON UPDATE CURRENT_TIMESTAMP", "a trigger BEFORE UPDATE"),
        (r"(?:(?<=\n)|(?<=;))\s{0,20}GO[ \t\r]*(?=\n|$)", "GO", "a semicolon after each statement"),
        (r"`\w", "a name in backticks", 'a name without quotes, or in double ones: "name"'),
        (r"\bON\s+DUPLICATE\s+KEY\b", "ON DUPLICATE KEY UPDATE", "ON CONFLICT (column) DO UPDATE SET column = EXCLUDED.column"),
        (r"\bSELECT\s+TOP\s*\(?\s*\d", "TOP", "LIMIT"),
        (r"\b(?:GETDATE|GETUTCDATE|SYSUTCDATETIME|SYSDATETIME|NEWID|NEWSEQUENTIALID)\s*\(\s*\)", "a function of SQL Server", "now() or gen_random_uuid()"),
    ),
}  # fmt: skip
_NAMES = {TSQL: "SQL Server", MYSQL: "MySQL", POSTGRES: "PostgreSQL"}
_RULES = {
    dialect: [(re.compile(rule, re.I), name, instead) for rule, name, instead in rules]
    for dialect, rules in _WORDS.items()
}
_KINDS = {
    name: re.compile(_COLUMN + rf"({'|'.join(sorted(kinds, key=len, reverse=True))})\b(?!\s*\.|\s+precision\b)", re.I)
    for name, kinds in _TYPES.items()
}
_OWN_TYPE = re.compile(r"\bCREATE\s+(?:TYPE|DOMAIN)\s+(?:\w+\.)?[\"\[]?(\w+)", re.I)
_ARRAY = re.compile(_COLUMN + r"(?:text|varchar|uuid|int|integer|bigint|smallint)(?:\(\d+\))?\s*(\[\s*\])", re.I)


@lru_cache(maxsize=512)
def words(text: str, dialect: str) -> tuple[tuple[int, str, str], ...]:
    """What in ``text`` belongs to another database: the character, the sentence, the hint."""
    return tuple(_words(text, dialect))


def _words(text: str, dialect: str) -> Iterator[tuple[int, str, str]]:
    if dialect not in _NAMES:
        return
    code = blanked(text, dialect)
    own = {name.lower() for name in _OWN_TYPE.findall(code)}
    for found in _KINDS[dialect].finditer(code):
        kind = found[1].lower()
        if kind not in own and _in_a_table(code, found.start(1)):
            yield found.start(1), f"{found[1]} is not a type of {_NAMES[dialect]}", f"use {_TYPES[dialect][kind]}"
    for found in _ARRAY.finditer(code) if dialect != POSTGRES else ():
        if _in_a_table(code, found.start(1)):
            yield found.start(1), f"{_NAMES[dialect]} has no array types", "use a table of its own, or JSON"
    yield from refused(code) if dialect == MYSQL else _inline_indexes(code) if dialect == POSTGRES else ()
    for rule, name, instead in _RULES[dialect]:
        for found in rule.finditer(code):
            yield found.start() + len(found[0]) - len(found[0].lstrip()), f"{name} is not SQL of {_NAMES[dialect]}", f"use {instead}"  # fmt: skip


_INDEX = re.compile(r"(?<=,)\s*((?:UNIQUE\s+)?(?:INDEX|KEY)\s+\w+\s*\()", re.I)


def _inline_indexes(code: str) -> Iterator[tuple[int, str, str]]:
    for found in _INDEX.finditer(code):
        if _in_a_table(code, found.start(1)):
            yield found.start(1), "an index within CREATE TABLE is not SQL of PostgreSQL", "use CREATE INDEX after the table"  # fmt: skip


def _in_a_table(code: str, at: int) -> bool:
    """Whether the character is within CREATE TABLE or ALTER TABLE, and not in a query."""
    start = max(code.rfind(";", 0, at), 0)
    head = code[start : start + 5000].lstrip("; \r\n\t")
    return re.search(r"\b(?:CREATE|ALTER)\s+(?:\w+\s+){0,3}TABLE\b", head[: at - start] or "", re.I) is not None
