"""Which prefixes and functions a place in a file with nested blocks stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..source import Source
from .routing import joined

_NAME = re.compile(r"&?(?:\w+::)*([A-Za-z_$][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)*)")
_NO_NAME = {"func", "function", "fn", "async", "move", "static", "new", "this"}


@dataclass
class Nested:
    """The blocks of a file: those with a prefix (start, end, prefix) and the functions (start, end, name)."""

    source: Source
    prefixes: list[tuple[int, int, str]] = field(default_factory=list)
    functions: list[tuple[int, int, str]] = field(default_factory=list)

    def prefix(self, at: int) -> str:
        """The prefixes of every block around a position, joined."""
        whole = ""
        for start, end, prefix in self.prefixes:
            if start < at < end:
                whole = joined(whole, "/" + prefix.strip("/"))
        return whole

    def function(self, at: int) -> str:
        """The name of the innermost function around a position; empty outside all."""
        return next((name for start, end, name in reversed(self.functions) if start < at < end), "")

    def enter(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Note every function whose head ``pattern`` matches (its first group is the name); the block is the next brace."""
        heads = [found for found in pattern.finditer(self.source.bare)]
        for found in heads:
            opening = self.source.bare.find("{", found.end(), found.end() + 600)
            if opening >= 0:
                self.functions.append((found.start(), self.source.end(opening), found.group(1)))
        return heads

    def handler(self, code: str) -> str:
        """The name of the function in an argument; empty for one written in place."""
        found = _NAME.match(re.sub(r"^(?:http\.HandlerFunc|asyncHandler|Delegate|::)\(?", "", code.strip()))
        if (
            not found
            or found.group(1).split(".")[0].split("(")[0] in _NO_NAME
            or "=>" in code
            or code.startswith(("|", "("))
        ):
            return ""
        return found.group(1)
