"""What PostgreSQL and its parser say so briefly that it has to be explained: where it is, and what mends it."""

from __future__ import annotations

import re

_RESERVED = re.compile(
    r"(?i)(?:all|analy[sz]e|and|any|array|as|asc|asymmetric|both|case|cast|check|collate|column|constraint|create|default|deferrable|desc|distinct|do|else|end|"
    r"except|false|fetch|for|foreign|from|grant|group|having|in|initially|intersect|into|lateral|leading|limit|not|null|offset|on|only|or|order|placing|primary|"
    r"references|returning|select|some|symmetric|table|then|to|trailing|true|union|unique|user|using|variadic|when|where|window|with)\b"
)
"""The reserved words (PostgreSQL 17 manual, appendix C)."""
_EXTENSIONS = {
    "citext": "citext", "vector": "vector", "halfvec": "vector", "hstore": "hstore", "ltree": "ltree", "geometry": "postgis", "geography": "postgis",
    "uuid_generate_v4": '"uuid-ossp"', "uuid_generate_v1": '"uuid-ossp"', "crypt": "pgcrypto", "gen_salt": "pgcrypto", "digest": "pgcrypto", "hmac": "pgcrypto",
    "similarity": "pg_trgm", "unaccent": "unaccent", "create_hypertable": "timescaledb", "gin_trgm_ops": "pg_trgm", "gist_trgm_ops": "pg_trgm",
}  # fmt: skip
_HINTS = {
    "unexpected trailing comma": "remove the comma before the closing parenthesis",
    "missing comma": "put a comma between the two",
    "missing closing quote": "close the string; write a quote within it twice ('it''s')",
}
"""squawk's sentence → what mends it."""
_CLASHES = (
    (r"unique constraint on partitioned table", r"\b(?:PRIMARY\s+KEY|UNIQUE)\b", "add the column the table is partitioned by to the key"),
    (r"generation expression is not immutable", r"\bGENERATED\s+ALWAYS\s+AS\s*\(", "use functions that give the same for the same at any time: to_tsvector with a configuration, no conversion of a time to text"),
    (r"no language specified", r"\bCREATE\b", "write LANGUAGE plpgsql after the body"),
)  # fmt: skip
"""What a message says, where in the statement it is if there is one such place, and what mends it."""


def hint(message: str) -> str:
    """What mends the fault PostgreSQL tells by ``message``; empty where it says so itself, or nothing is known."""
    for said, _, mends in _CLASHES:
        if re.search(said, message):
            return mends
    if found := re.match(r'(type|function|operator class) "?([\w.]+)["(].*does not exist', message):
        name = found[2].rpartition(".")[2]
        if extension := _EXTENSIONS.get(name):
            return f"write CREATE EXTENSION IF NOT EXISTS {extension} before"
        make = {"type": "CREATE TYPE", "function": "CREATE FUNCTION"}.get(found[1], "")
        return f"create {name!r} before with {make}, or correct the name" if make else ""
    if "multiple primary keys" in message:
        return "keep one PRIMARY KEY; make the other UNIQUE"
    return ""


def at(message: str, code: str) -> int | None:
    """The character of a statement ``message`` is about where only its sense tells; nothing where there are several such places."""
    for said, looks, _ in _CLASHES:
        places = list(re.finditer(looks, code, re.I)) if re.search(said, message) else []
        if len(places) == 1:
            return places[0].start()
    return None


def syntax(message: str, rest: str) -> tuple[str, str]:
    """squawk's sentence and a hint, with what stands at its place (``rest``)."""
    word = _RESERVED.match(rest)
    if message == "expected path name" and word:
        return f"{word[0]!r} is a reserved word of PostgreSQL", f'choose another name, such as {word[0]}s, or quote it everywhere: "{word[0]}"'  # fmt: skip
    if message == "expected a comma":
        return message, "end what comes before with a comma, or close the bracket that is open"
    return message, _HINTS.get(message, "")
