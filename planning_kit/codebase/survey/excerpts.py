"""How a feature is written here: the lines around the route and the model that fit the brief best."""

from __future__ import annotations

from collections.abc import Sequence

from .digest import Line, named
from .ranking import Entry
from .source import Source, visible

LONGEST = 60
"""Lines of one excerpt."""
_BEFORE = 4
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
    """The first and last line of an excerpt: a few lines before the entry, back to where its block begins."""
    first = max(1, entry.line - _BEFORE)
    while first < entry.line and not source.lines[first - 1].strip():
        first += 1
    used, last = len(source.path) + 20, first - 1
    for text in source.lines[first - 1 : first - 1 + LONGEST]:
        used += len(_line(text)) + 1
        if used > most:
            break
        last += 1
    while last > entry.line and not source.lines[last - 1].strip():
        last -= 1
    return first, max(last, min(entry.line, len(source.lines)))
