"""Strict JSON (RFC 8259) as values with their places, and what mends what is none."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from .tree import MOST_NODES, Path, Tree, Unreadable, counted

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
_HINTS = (
    (r"//|/\*|#", "leave out the comment: JSON has none"),
    (r"\.\.\.|…", "write it out: JSON has no '...'"),
    (r"'", 'use double quotes: "'),
    (r"True\b|False\b|None\b|undefined\b", "write true, false or null"),
    (r"NaN|-?Infinity", "write a number, a string or null"),
    (r"<[\w-]+>", 'write a value, or quote the placeholder: "<id>"'),
    (r"[A-Za-z_]\w*\s*:", "put the key into double quotes"),
)


class Json:
    """Strict JSON becomes values with their places."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._found = Tree()
        self._left = MOST_NODES
        self._starts = [0, *(each.end() for each in re.finditer("\n", text))]

    def tree(self) -> Tree:
        """The whole."""
        try:
            json.loads(self._text, parse_constant=self._constant)
        except json.JSONDecodeError as error:
            raise self._fault(error) from error
        except RecursionError:
            raise Unreadable("it is nested too deep", 1, hint="write it flatter") from None
        except ValueError as error:
            raise Unreadable(str(error)[:200], 1) from error
        self._found.value, _ = self._value(self._skip(0), ())
        return self._found

    def _constant(self, name: str) -> Any:
        raise json.JSONDecodeError(f"{name} is not JSON", self._text, self._text.find(name))

    def _fault(self, error: json.JSONDecodeError) -> Unreadable:
        at = error.pos
        rest = self._text[at : at + 80]
        if error.msg.startswith("Illegal trailing comma"):  # said of the comma since Python 3.13
            at = self._skip(at + 1)
        if self._text[at : at + 1] in ("}", "]") and self._text[:at].rstrip().endswith(","):
            return Unreadable("there is a comma before the closing bracket", *self._at(at), "leave out the comma")
        if error.msg == "Extra data":
            said, hint = "there is something after the end of the value", "write one value in a block"
        else:
            said, hint = error.msg, "add the comma before it" if "',' delimiter" in error.msg else ""
        hint = next((hint for looks, hint in _HINTS if re.match(looks, rest)), hint)
        return Unreadable(said, *self._at(at), hint)

    def _at(self, at: int) -> tuple[int, int]:
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _value(self, at: int, path: Path) -> tuple[Any, int]:
        self._left = counted(self._left, path, self._at(at))
        self._found.values[path] = self._at(at)
        first = self._text[at]
        if first == "{":
            return self._object(at, path)
        if first == "[":
            return self._array(at, path)
        if first == '"':
            said, end = scanstring(self._text, at + 1, True)
            return said, end
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self._text.startswith(word, at):
                return value, at + len(word)
        number = _NUMBER.match(self._text, at)
        assert number  # it has been parsed before
        return (float if number[1] or number[2] else int)(number[0]), number.end()

    def _object(self, at: int, path: Path) -> tuple[dict[str, Any], int]:
        made: dict[str, Any] = {}
        at = self._skip(at + 1)
        while self._text[at] != "}":
            place = self._at(at)
            name, at = scanstring(self._text, at + 1, True)
            if name in made:
                raise Unreadable(f"the key {name!r} is there twice", *place, "keep one of the two")
            self._found.keys[(*path, name)] = place
            made[name], at = self._value(self._skip(self._skip(at) + 1), (*path, name))
            at = self._comma(at)
        return made, at + 1

    def _array(self, at: int, path: Path) -> tuple[list[Any], int]:
        made: list[Any] = []
        at = self._skip(at + 1)
        while self._text[at] != "]":
            value, at = self._value(at, (*path, len(made)))
            made.append(value)
            at = self._comma(at)
        return made, at + 1

    def _comma(self, at: int) -> int:
        at = self._skip(at)
        return self._skip(at + 1) if self._text[at] == "," else at
