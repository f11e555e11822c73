"""What mends a block that is not closed, or closed twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..said import Fault
from .remedy import Remedy, shown

_OPENS = {
    "flowchart": re.compile(r"\s*(subgraph)\b"),
    "graph": re.compile(r"\s*(subgraph)\b"),
    "sequenceDiagram": re.compile(r"(?i)\s*(loop|alt|opt|par_over|par|critical|break|rect|box)\b"),
    "block-beta": re.compile(r"\s*(block)\b"),
}
_CLOSES = re.compile(r"\s*end\s*;?\s*(?:%%.*)?$")


def remedies(lines: list[str], kind: str, fault: Fault) -> Iterator[Remedy]:
    """Blocks are closed; an ``end`` or ``}`` that closes nothing is left out."""
    yield from _pipes(lines, kind)
    last = max((at for at, line in enumerate(lines) if line.strip()), default=0) + 1
    if opens := _OPENS.get(kind):
        yield from _words(lines, opens, last, fault)
    elif kind.startswith(("C4", "class", "er", "state", "requirement")):
        yield from _braces(lines, last, fault)
    at = fault.line - 1
    if 0 <= at < len(lines) and lines[at].strip() in ("end", "}", "end;"):
        said = lines[at].strip()
        yield Remedy([*lines[:at], "", *lines[at + 1 :]], f"leave this {said!r} out: it closes nothing")
    elif 0 <= at < len(lines) and (word := re.match(r"\s*(else|and|option)\b", lines[at])):
        opener = {"else": "alt", "and": "par", "option": "critical"}[word[1]]
        yield Remedy([*lines[:at], "", *lines[at + 1 :]], f"open {opener!r} before this {word[1]!r}, or leave it out")


def _pipes(lines: list[str], kind: str) -> Iterator[Remedy]:
    """A label of an arrow that is begun with ``|`` and not ended."""
    for number, line in enumerate(lines, 1) if kind in ("flowchart", "graph") else ():
        found = re.match(r"([^|\"]*[-=.]>?\|)([^|\"]*?)\s+(\w+)\s*;?\s*$", line)
        if found:
            new = f"{found[1]}{found[2]}| {found[3]}"
            mended = [*lines[: number - 1], new, *lines[number:]]
            yield Remedy(mended, f"close the label: {shown(new)}", False, number, found.end(1), "this '|' is never closed")  # fmt: skip
            return


def _words(lines: list[str], opens: re.Pattern[str], last: int, fault: Fault) -> Iterator[Remedy]:
    stack: list[tuple[int, int, str]] = []
    for number, line in enumerate(lines, 1):
        if found := opens.match(line):
            stack.append((number, found.start(1) + 1, found[1]))
        elif _CLOSES.match(line) and stack:
            stack.pop()
    if stack:
        number, column, word = stack[-1]
        mended = [*lines[:last], *["end"] * len(stack), *lines[last:]]
        yield Remedy(mended, "close it with a line 'end'", True, number, column, f"this '{word}' is never closed")


def _braces(lines: list[str], last: int, fault: Fault) -> Iterator[Remedy]:
    stack: list[int] = []
    for number, line in enumerate(lines, 1):
        bare = re.sub(r'"[^"]*"|%%.*', "", line)
        if re.search(r"\{\s*$", bare):
            stack.append(number)
        elif re.match(r"\s*\}", bare) and stack:
            stack.pop()
    if stack:
        mended = [*lines[:last], *["}"] * len(stack), *lines[last:]]
        text = lines[stack[-1] - 1]
        yield Remedy(
            mended, "close it with a line '}'", True, stack[-1], text.rfind("{") + 1, "this '{' is never closed"
        )
    elif 1 <= fault.line <= len(lines) and '"' not in (text := lines[fault.line - 1]):
        yield Remedy(
            [*lines[: fault.line - 1], text.rstrip() + " {", *lines[fault.line :]],
            "open it with '{' at the end of the line",
        )
