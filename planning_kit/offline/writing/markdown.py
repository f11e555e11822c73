"""How a document is written down: tables, cells, code, fences and citations that quoted text cannot break."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

ASSUMED = "(assumed)"
_CITATION = re.compile(r"\[([PRQAS]\d+)\]")


def quote(text: str) -> str:
    """Words of the brief as one line of prose in which no Markdown or HTML mark is live."""
    line = re.sub(r"[\x00-\x1f\x7f\s]+", " ", text).strip()
    line = re.sub(r"([\\`*\[\]~$!])", r"\\\1", line).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    line = re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\_", line)
    line = re.sub(r"^(#|[-+=](?=[\s-]|$))", r"\\\1", line)
    line = re.sub(r"^(\d+)([.)])(?=\s|$)", r"\1\\\2", line)
    return line.replace("|", r"\|")


def code(name: str) -> str:
    """A name or value as a code span, in which nothing reads as a citation."""
    line = (
        re.sub(r"[\x00-\x1f\x7f\s]+", " ", _CITATION.sub(r"(\1)", name)).strip().replace("`", "'").replace("|", r"\|")
    )
    return f"`{line}`" if line else ""


def codes(names: Iterable[str]) -> str:
    """Names or values as code spans, separated by commas."""
    return ", ".join(code(name) for name in names)


def shorten(text: str, most: int = 160) -> str:
    """``text`` cut at a word to at most ``most`` characters, with an ellipsis when something is left out."""
    line = re.sub(r"\s+", " ", text).strip()
    if len(line) <= most:
        return line
    return (line[:most].rsplit(" ", 1)[0] or line[:most]).rstrip(".,;:") + " …"


def cite(sources: Iterable[str], most: int = 4) -> str:
    """The passages as ``[P17]``, remarks and answers first, then in the order of the brief; ``(assumed)`` when there are none."""
    known = sorted(
        dict.fromkeys(sources), key=lambda name: (name[:1] == "P", name[:1] != "R", int(re.sub(r"\D", "", name) or 0))
    )
    if not known:
        return ASSUMED
    shown = " ".join(f"[{name}]" if re.fullmatch(r"[A-Z]\d+", name) else code(name) for name in known[:most])
    return f"{shown} and {len(known) - most} more" if len(known) > most else shown


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already; pipes that are not escaped yet are."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def fence(language: str, text: str) -> str:
    """``text`` in a fenced block whose fence is longer than any run of backticks in it, and in which nothing reads as a citation."""
    text = _CITATION.sub(r"(\1)", text)
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    marks = "`" * (longest + 1)
    return f"{marks}{language}\n{text.rstrip()}\n{marks}"


def bullets(items: Iterable[str]) -> str:
    """A list of lines that are Markdown already."""
    return "\n".join(f"- {item}" for item in items)


def section(title: str, *parts: str) -> str:
    """A second-level heading and what stands under it; empty parts are left out."""
    return "\n\n".join([f"## {title}", *(part.strip("\n") for part in parts if part.strip())])


def listing(names: Sequence[str], most: int = 6) -> str:
    """Names in a sentence: ``a, b and c``; what is beyond ``most`` is counted."""
    shown = [*names[:most], f"{len(names) - most} more"] if len(names) > most else list(names)
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", re.sub(r"\s*\n\s*", " ", text)).strip()
