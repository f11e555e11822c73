"""How a feature is written here: the lines around the route and the model that fit the brief best."""

from __future__ import annotations

from collections.abc import Sequence

from .digest import Line, named
from .ranking import Entry
from .source import Source, visible

LONGEST = 60
"""Lines of one excerpt."""
_BEFORE = 4
_FURTHEST = 12
"""How many lines above an entry the head of what it stands in may be."""
_CLOSING = (")", "]", "}", "end")
_MARKS = ("@", "#[", "[", "///", "//", "/*", "*", "#", "--")
_WIDEST = 200
_NO_CODE = ("yaml", "yml", "json", "proto", "graphql", "gql", "graphqls")


def excerpts(kinds: Sequence[tuple[Sequence[Entry], int]], sources: dict[str, Source]) -> list[Line]:
    """An excerpt for each kind of entries (ordered, best first), each at most so many characters.

    Every line of code is indented by two spaces, so none can be taken for a heading or an entry.
    """
    lines: list[Line] = []
    shown_already: list[tuple[str, int, int]] = []
    for entries, most in kinds:
        chosen = next((each for each in entries if sources[each.path].suffix not in _NO_CODE), None)
        if chosen is None:
            continue
        first, last = _window(sources[chosen.path], chosen, most)
        if any(path == chosen.path and start <= chosen.line <= end for path, start, end in shown_already):
            continue
        shown_already.append((chosen.path, first, last))
        lines.append(Line(f"--- {named(chosen.path)}:{first}-{last}", "", 0))
        lines += [Line(_line(text), chosen.path, 0) for text in sources[chosen.path].lines[first - 1 : last]]
    return lines


def _line(text: str) -> str:
    seen = visible(text[:_WIDEST]).rstrip()
    return f"  {seen}…" if len(text) > _WIDEST else f"  {seen}" if seen else ""


def _window(source: Source, entry: Entry, most: int) -> tuple[int, int]:
    """The first and last line of an excerpt: from where the definition of the entry, or what it stands in, begins."""
    first = _start(source.lines, entry.line)
    used, last = len(source.path) + 20, first - 1
    for text in source.lines[first - 1 : first - 1 + LONGEST]:
        used += len(_line(text)) + 1
        if used > most:
            break
        last += 1
    while last > entry.line and not source.lines[last - 1].strip():
        last -= 1
    return first, max(last, min(entry.line, len(source.lines)))


def _start(lines: Sequence[str], line: int) -> int:
    """Where an excerpt that shows ``line`` begins: never in the middle of another definition.

    That is the line itself, the heads of the blocks around it that are near enough, the marks and comments on it, and at the
    top level the few lines before it that stand alone.
    """
    first = min(line, len(lines))
    for at in range(first - 1, max(0, first - 1 - _FURTHEST), -1):
        if not _indent(lines[first - 1]):
            break
        above = lines[at - 1]
        if above.strip() and _indent(above) < _indent(lines[first - 1]) and not above.lstrip().startswith(_CLOSING):
            first = at
    while first > 1 and line - first < _FURTHEST and lines[first - 2].lstrip().startswith(_MARKS):
        first -= 1
    top = first
    while top > 1 and line - top < _BEFORE and not _indent(lines[top - 2]) and not lines[top - 2].startswith(_CLOSING):
        top -= 1
    while top < first and not lines[top - 1].strip():
        top += 1
    return top


def _indent(text: str) -> int:
    """How far a line is indented."""
    return len(text) - len(text.lstrip()) if text.strip() else 0
