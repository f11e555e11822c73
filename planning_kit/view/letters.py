"""Text with nothing hidden in it and no secret: what is invisible, bidirectional or steers a terminal is spelled out."""

from __future__ import annotations

import html as markup
import os
import re
import unicodedata
from functools import lru_cache

from .. import redact

MOST_CHARACTERS = 400_000
"""The longest text that is shown, in characters; what comes after is counted, not shown."""
MOST_LINES = 20_000
"""The most lines that are shown."""

_A_WORD = re.compile(r"[A-Za-z]{1,15}|[0-9]{1,15}")
"""A value that is a word or a number stands in many texts for something else."""
_QUIET = {0x115F, 0x1160, 0x2800, 0x3164, 0xFFA0, 0x034F, 0x17B4, 0x17B5}
_FEW = 200
"""How many different hidden characters are looked for by one pattern; of more, each character is looked at."""


def visible(text: str) -> str:
    """``text`` without secrets, with every invisible, bidirectional or control character spelled out, as in ``␣U+200B``.

    Newlines and tabs stay, and so does a joiner between two visible characters of one script or emoji.
    """
    return spelled(clean(text))


def clean(text: str) -> str:
    """``text`` with what looks like a secret, and every secret this process was given, named instead of shown; lines stay where they are."""
    if len(text) < redact.SHORTEST:
        return text
    text, _ = redact.counted(text)
    in_use = secrets_in_use()
    return redact.redact(text, also=in_use) if any(value in text for value in in_use) else text


def secrets_in_use() -> tuple[str, ...]:
    """The secrets this process was given, as they are now."""
    return _in_use(tuple(os.environ.items()))


@lru_cache(maxsize=8)
def _in_use(environment: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """The variables that are secrets by their name or shape; not those that would garble ordinary words."""
    named = (value.strip() for name, value in environment if redact.looks_secret(name, value))
    return tuple(value for value in named if len(value) >= redact.SHORTEST and not _A_WORD.fullmatch(value))


def spelled(text: str) -> str:
    """``text`` with every invisible, bidirectional or control character spelled out."""
    if text.isascii() and text.isprintable():
        return text
    hidden = sorted(character for character in set(text) if _hidden(character))
    if not hidden:
        return text
    if len(hidden) > _FEW:
        return "".join(_spelled(text, at) if _hidden(character) else character for at, character in enumerate(text))
    return re.sub(f"[{re.escape(''.join(hidden))}]", lambda found: _spelled(text, found.start()), text)


def escape(text: str) -> str:
    """``text`` for use between tags or in a quoted attribute, with what is invisible spelled out."""
    return markup.escape(visible(text), quote=True)


def plain(text: str) -> str:
    """``text`` for a terminal: at most what is displayed of any text, nothing that moves a cursor or hides."""
    shown, left = cut(text)
    return visible(shown) + (f"\n[{left}]" if left else "")


def cut(text: str) -> tuple[str, str]:
    """What is shown of ``text``, its lines ending as Unix ends them, and a sentence about what is not shown; empty when all is."""
    text = text.replace("\r\n", "\n")
    lines = text.splitlines(keepends=True)
    shown = "".join(lines[:MOST_LINES])[:MOST_CHARACTERS]
    if len(shown) == len(text):
        return text, ""
    return shown, (
        f"Cut here: {shown.count(chr(10)) or 1:,} of {len(lines):,} lines and {len(shown):,} of {len(text):,} characters are shown; "
        "open the file to read the rest"
    )


def _hidden(character: str) -> bool:
    if character in "\n\t":
        return False
    code = ord(character)
    if code < 0x7F:
        return code < 0x20
    return (
        unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
        or code in _QUIET
        or 0xFE00 <= code <= 0xFE0E
        or 0x180B <= code <= 0x180F
        or 0xE0100 <= code <= 0xE01EF
    )


def _spelled(text: str, at: int) -> str:
    if text[at] in "\u200c\u200d" and 0 < at < len(text) - 1:
        before, after = text[at - 1], text[at + 1]
        if not (before.isascii() or after.isascii() or _hidden(before) or _hidden(after)):
            return text[at]
    return f"␣U+{ord(text[at]):04X}"
