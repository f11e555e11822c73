"""Which database SQL was written for, when nobody says: by the words only one of them has."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...document import Document
from ..artefact import of_kind
from . import script

_MARKS = {
    script.MYSQL: (r"\bENGINE\s*=", r"\bAUTO_INCREMENT\b", r"`\w+`", r"\b(?:CHARSET|CHARACTER SET)\b", r"\bTINYINT\s*\(1\)", r"\bON UPDATE CURRENT_TIMESTAMP\b", r"\bUNSIGNED\b", r"\bENUM\s*\('"),
    script.TSQL: (r"(?m)^\s*GO\s*$", r"\bNVARCHAR\b", r"\bIDENTITY\s*\(\d", r"\[dbo\]|\bdbo\.", r"\bDATETIME2\b", r"\bUNIQUEIDENTIFIER\b", r"\bSYS(?:UTC)?DATETIME", r"\bBIT\s+NOT\s+NULL\b"),
    script.POSTGRES: (r"\b(?:BIG)?SERIAL\b", r"\bJSONB\b", r"\bTIMESTAMPTZ\b", r"\w::\w", r"\$\$", r"\bgen_random_uuid\b", r"\bBYTEA\b", r"\bUSING\s+(?:GIN|GIST)\b"),
}  # fmt: skip
_ENOUGH = 2
"""How many marks of another database than PostgreSQL are needed."""
_LONGEST = 200_000


def guessed(documents: Iterable[Document]) -> str:
    """``mysql`` or ``tsql`` when the blocks that do not say their dialect have more of its words than of the others'; else ``postgres``."""
    blocks = (
        block.text
        for each in documents
        for block in of_kind(each, "sql")
        if not script.dialect(block.lang, block.text, "")
    )
    text = "\n".join(blocks)[:_LONGEST]
    found = {name: sum(bool(re.search(mark, text, re.IGNORECASE)) for mark in marks) for name, marks in _MARKS.items()}
    best = max(found, key=lambda name: found[name])
    others = max(count for name, count in found.items() if name != best)
    return best if found[best] >= _ENOUGH and found[best] > others else script.POSTGRES
