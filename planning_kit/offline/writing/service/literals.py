"""Values and words as Python and C# write them: nothing a document holds can end the text it stands in."""

from __future__ import annotations

import json
import keyword
import re
from typing import Any

from ..naming import pascal, snake

WIDEST = 110
_TYPES = ("str", "int", "float", "bool", "list", "dict", "date", "datetime", "time", "UUID", "Any", "Literal", "None")
_TAKEN = frozenset(
    {
        *keyword.kwlist,
        *_TYPES,
        "copy",
        "json",
        "schema",
        "construct",
        "fields",
        "validate",
        "dict",
        "self",
        "cls",
        "caller",
        "request",
        "response",
        "store",
        "wanted",
        "router",
        "kept",
        "sorted",
        "len",
        "any",
    }
)
_KEYWORDS = """abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit
extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null object operator out
override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string struct switch this throw
true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while record var"""
"""Those of C#."""
_SHARP = frozenset(_KEYWORDS.split())


def python(value: Any, indent: int = 0, taken: int = 0) -> str:
    """``value`` as Python: on one line if that is short enough behind the ``taken`` characters before it, else a line for each part."""
    flat = _flat(value)
    if len(flat) + taken + indent <= WIDEST or not isinstance(value, (dict, list)) or not value:
        return flat
    pad, end = " " * (indent + 4), " " * indent
    if isinstance(value, dict):
        parts = [
            f"{pad}{_flat(name)}: {python(each, indent + 4, len(_flat(name)) + 3)}," for name, each in value.items()
        ]
        return "\n".join(["{", *parts, f"{end}}}"])
    return "\n".join(["[", *(f"{pad}{python(each, indent + 4, 1)}," for each in value), f"{end}]"])


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flat(name)}: {_flat(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flat(each) for each in value) + "]"
    if isinstance(value, str):
        said = repr(value)
        return f'"{said[1:-1]}"' if said[0] == "'" and '"' not in said else said
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    return _flat(str(value))


def sharp(text: str) -> str:
    """``text`` as a C# string."""
    return json.dumps(text, ensure_ascii=True)


def line(text: str, most: int = 110) -> str:
    """``text`` as one line of a comment or docstring that cannot end it."""
    said = re.sub(r"\s+", " ", re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", text)).replace("\\", "/").replace('"', "'").replace("*/", "* /").strip()  # fmt: skip
    said = said.replace("<", "(").replace(">", ")").replace("`", "'").replace("&", "and")
    return said if len(said) <= most else f"{said[:most].rsplit(' ', 1)[0]} …"


def name(text: str) -> str:
    """A name of Python for a property, parameter or function: itself where it can be one, else in snake case."""
    plain = bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,60}", text)) and not text.startswith("model_")
    wanted = text if plain else snake(text).strip("_") or "value"
    wanted = wanted if wanted[:1].isalpha() else f"of_{wanted}"
    return f"{wanted}_" if wanted in _TAKEN or wanted.startswith("model_") else wanted


def function(text: str) -> str:
    """A name of Python for what an operation does."""
    said = snake(text).strip("_") or "call"
    said = said if said[:1].isalpha() else f"call_{said}"
    return f"{said}_" if said in _TAKEN else said


def local(text: str) -> str:
    """A name of C# for a parameter."""
    said = pascal(text)
    said = said[:1].lower() + said[1:]
    return f"@{said}" if said in _SHARP else said
