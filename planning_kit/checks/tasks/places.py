"""Where a value stands in a JSON text: found for the paths that are asked for, however large the text is."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from functools import cached_property
from json.decoder import scanstring  # type: ignore[attr-defined]

from ..tree import Path

_SPACE = re.compile(r"[ \t\r\n]*")
_Held = dict[str | int, tuple[int, int]]
"""What an object or a list holds: by key or number, where its key (of an item: itself) and where its value begins."""


class Places:
    """The lines and columns of the values of ``text``, which has parsed as JSON.

    What does not lead to a value that is asked for is skipped by the standard parser, which is quick; so a finding in a plan of
    thousands of tasks has its line too.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
        self._held: dict[int, _Held] = {}

    def at(self, path: Path) -> tuple[int, int]:
        """Line and column, from 1, of the key (or item) at ``path``, or of the nearest above it that is there."""
        place = value = self._skip(0)
        for part in path:
            found = self._inside(value).get(part)
            if found is None:
                break
            place, value = found
        line = bisect_right(self._starts, place)
        return line, place - self._starts[line - 1] + 1

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(each.end() for each in re.finditer("\n", self._text))]

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _inside(self, at: int) -> _Held:
        if at not in self._held:
            first = self._text[at : at + 1]
            self._held[at] = self._object(at) if first == "{" else self._list(at) if first == "[" else {}
        return self._held[at]

    def _object(self, at: int) -> _Held:
        held: _Held = {}
        at = self._skip(at + 1)
        while self._text[at] != "}":
            key, after = scanstring(self._text, at + 1, True)
            value = self._skip(self._skip(after) + 1)
            held[key] = (at, value)
            at = self._next(value)
        return held

    def _list(self, at: int) -> _Held:
        held: _Held = {}
        at = self._skip(at + 1)
        while self._text[at] != "]":
            held[len(held)] = (at, at)
            at = self._next(at)
        return held

    def _next(self, at: int) -> int:
        """Where the next key or item begins, or the bracket that closes."""
        end = self._skip(self._scan(self._text, at)[1])
        return self._skip(end + 1) if self._text[end] == "," else end
