"""What parts of a codebase send each other: the events and messages that a file for them declares."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from ..source import Source
from .table import Field, Model, distinct

_PLACE = re.compile(
    r"(?i)(?:^|/)(?:[\w.-]*(?:events?|messages?|topics?|payloads?)|contracts|integration-?events)(?:/|\.\w+$|\.[\w-]+\.\w+$)"
)
"""Files and folders that are for messages."""
_ZOD = re.compile(r"\bexport\s+const\s+(\w+)\s*(?::[^=\n]{1,80})?=\s*z\s*\.\s*(?:object|strictObject)\(\s*(\{)")
_TYPE = re.compile(
    r"\bexport\s+(?:interface|class|type)\s+(\w+)\s*(?:<[^>\n]{0,60}>)?(?:\s*extends[^{\n]{0,120}|\s*implements[^{\n]{0,120})?\s*=?\s*(\{)"
)
_PROPERTY = re.compile(
    r"^(?:@\w+\([^)]*\)\s*)*(?:(?:public|private|readonly|declare)\s+)*[\"']?([A-Za-z_$][\w$]*)[\"']?\s*[?!]?\s*:"
)
_CLASS = re.compile(
    r"(?m)^((?:@[\w.]+[^\n]*\n){0,3})class[ \t]+(\w+)(?:\(([^)\n]{0,200})\))?:[^\n]*\n((?:[ \t]+[^\n]*\n?|[ \t]*\n){1,60})"
)
_ANNOTATED = re.compile(r"(?m)^[ \t]{1,8}([a-z_]\w*)[ \t]*:[ \t]*[A-Za-z]")
_RECORD = re.compile(r"\b(?:record|data\s+class)\s+(\w+)\s*(?:<[^>\n]{0,60}>)?\s*(\()")
_JAVA = re.compile(r"(\w+)\s*(?:=[^=]*)?$")
_MOST = 100
"""Most messages of one file."""
_SCRIPTS = ("ts", "mts", "js", "mjs")


def read(source: Source) -> Iterator[Model]:
    """The events and messages of a file that is for them; any other file has none."""
    if not _PLACE.search(source.path):
        return
    for name, fields, at in _found(source):
        kept = distinct(Field(each) for each in fields)
        if kept:
            yield Model(name, "", kept, source.path, source.line(at), message=True)


def _found(source: Source) -> Iterator[tuple[str, list[str], int]]:
    if source.suffix in _SCRIPTS:
        for pattern in (_ZOD, _TYPE):
            for found in _closed(source, pattern):
                yield found.group(1), _properties(source, found.start(2), pattern is _TYPE), found.start()
    elif source.suffix == "py":
        for found in _CLASS.finditer(source.text):
            marks, bases = found.group(1), found.group(3) or ""
            if "dataclass" in marks or re.search(r"BaseModel|TypedDict|NamedTuple|Event|Message", bases):
                yield found.group(2), _ANNOTATED.findall(found.group(4)), found.start(2)
    elif source.suffix in ("java", "kt", "cs"):
        for found in _closed(source, _RECORD):
            pieces = [piece for _, piece in source.arguments(found.start(2))]
            if source.suffix == "kt":
                pieces = [piece.split(":")[0] for piece in pieces]
            names = [last.group(1) for piece in pieces if (last := _JAVA.search(piece.strip()))]
            yield found.group(1), names, found.start()


def _closed(source: Source, pattern: re.Pattern[str]) -> list[re.Match[str]]:
    """Where ``pattern`` matches and the bracket it ends with is closed, the first :data:`_MOST`."""
    found = (each for each in pattern.finditer(source.code) if source.close(each.start(2)) is not None)
    return list(itertools.islice(found, _MOST))


def _properties(source: Source, opening: int, typed: bool) -> list[str]:
    """The names of an object's properties; a type parts its own by lines or semicolons."""
    if not typed:
        return [found.group(1) for _, piece in source.arguments(opening) if (found := _PROPERTY.match(piece))]
    pieces = re.split(r"[;\n]|,(?=\s*\w+\??\s*:)", source.inside(opening))
    return [found.group(1) for piece in pieces[:200] if (found := _PROPERTY.match(piece.strip()[:200]))]
