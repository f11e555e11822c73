"""Secrets in code and configuration that no shape gives away: the name they are assigned to does, or the place they stand in."""

from __future__ import annotations

from collections import Counter

from . import names, places

__all__ = ["SETTINGS", "counted", "is_settings"]

SETTINGS = frozenset(
    [
        "yaml", "yml", "properties", "ini", "cfg", "conf", "cnf", "config", "env", "envrc", "sh", "bash", "zsh", "ksh", "fish", "ps1",
        "bat", "cmd", "dockerfile", "containerfile", "makefile", "mk", "justfile", "procfile", "example", "sample", "template", "dist",
        "tmpl", "tpl", "j2", "jinja", "jinja2", "service", "list", "http", "rest", "md", "markdown", "rst", "adoc", "txt", "readme", "acl"
    ]
)  # fmt: skip
"""How the names of files end in which a value stands without quotes; documents quote such files."""
_BEGINNINGS = ("dockerfile.", "containerfile.", "makefile.", ".env.", "env.")


def is_settings(path: str) -> bool:
    """Whether a value may stand without quotes in the file at ``path``, judged by its name."""
    name = path.lower().rpartition("/")[2]
    return name.rpartition(".")[2] in SETTINGS or name.startswith(_BEGINNINGS)


def counted(text: str, settings: bool = False) -> tuple[str, Counter[str]]:
    """``text`` with what is assigned to a secret's name or stands in its place replaced by ``[REDACTED:kind]``, and how many of which kind.

    Names of variables, calls, types, references (``${TOKEN}``), paths and placeholders (``changeme``) stay, and so does
    the number of lines.

    Args:
        text: code or configuration.
        settings: whether a value may stand without quotes, as in YAML, ``.env`` and shell.
    """
    folded = text.lower()
    if len(folded) != len(text):  # one capital letter becomes two characters: places would not fit
        folded = text.replace("\u0130", "I").lower()
    spans = sorted({*names.spans(text, folded, settings), *places.spans(text, folded, settings)})
    pieces: list[str] = []
    kinds: Counter[str] = Counter()
    done = 0
    for start, end, kind in spans:
        if start >= done:
            pieces += [text[done:start], f"[REDACTED:{kind}]"]
            kinds[kind] += 1
            done = end
    return ("".join(pieces) + text[done:], kinds) if pieces else (text, kinds)
