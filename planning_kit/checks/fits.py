"""Whether a value fits a JSON Schema, said in sentences: what jsonschema-rs finds, with the branch of a choice that was meant.

Runs in the process aside: jsonschema-rs is loaded here when it is first needed, and never fetches anything.
"""

from __future__ import annotations

import difflib
import json
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .places import Path

MOST = 40
"""The most faults looked at for one value."""
_SHOWN = 60
_COMPARED = 300
"""How many names one is compared with."""


@dataclass(frozen=True)
class Misfit:
    """What does not fit.

    Attributes:
        path: where in the value.
        keyword: the keyword of the schema it does not fit.
        message: what is wrong, without a subject: ``is 'a', not a number``.
        hint: what mends it, or empty.
        schema: the path of the keyword within the schema.
        keys: the keys that should not be there, for a keyword about unknown keys.
    """

    path: Path
    keyword: str
    message: str
    hint: str = ""
    schema: Path = ()
    keys: tuple[str, ...] = ()


def shown(value: Any) -> str:
    """``value`` as short JSON."""
    said = json.dumps(value, ensure_ascii=False, default=str)
    return said if len(said) <= _SHOWN else said[: _SHOWN - 1] + "…"


def close(wrong: str, right: Iterable[str]) -> str:
    """The one of ``right`` that ``wrong`` may have been meant to be; empty if none is near."""
    names = sorted(right)
    if len(names) > _COMPARED:
        return ""
    found = difflib.get_close_matches(wrong[:100], names, n=1)
    return found[0] if found else ""


def misfits(validator: Any, value: Any) -> Iterator[Misfit]:
    """What of ``value`` does not fit the compiled schema ``validator`` of jsonschema-rs; of a choice only the nearest branch."""
    for number, error in enumerate(validator.iter_errors(value)):
        if number == MOST:
            return
        for each in _meant(error):
            path = _keys(each.instance_path, value)
            message, hint, keys = _said(each, path)
            yield Misfit(path, each.kind.name, message, hint, tuple(each.schema_path), keys)


def _keys(path: list[str | int], value: Any) -> Path:
    """``path`` with the keys as they are in ``value``: jsonschema-rs gives ``200`` for the key ``"200"``."""
    made: list[str | int] = []
    for part in path:
        made.append(str(part) if isinstance(value, dict) else part)
        try:
            value = value[made[-1]]
        except (KeyError, IndexError, TypeError):
            value = None
    return tuple(made)


def _meant(error: Any, deep: int = 0) -> list[Any]:
    """The faults behind ``error``: of ``anyOf`` and ``oneOf`` those of the branch that fits best, if there is one."""
    branches = getattr(error.kind, "context", None)
    if error.kind.name not in ("anyOf", "oneOf") or not branches or deep > 20:
        return [error]
    here = len(error.instance_path)
    if "$ref" in error.instance if isinstance(error.instance, dict) else False:
        branches = [each for each in branches if not _wants_reference(each)] or branches
        return [error] if len(branches) != 1 else [each for part in branches[0] for each in _meant(part, deep + 1)]
    branches = [each for each in branches if not _wants_reference(each)] or branches
    scored = sorted(((_distance(each, here), number) for number, each in enumerate(branches) if each))
    if not scored or (len(scored) > 1 and scored[0][0] == scored[1][0]):
        return [error]
    best = branches[scored[0][1]]
    return [each for part in best for each in _meant(part, deep + 1)]


def _wants_reference(branch: list[Any]) -> bool:
    return any(each.kind.name == "required" and each.kind.property == "$ref" for each in branch)


def _distance(branch: list[Any], here: int) -> tuple[int, int]:
    """How far a branch is from being meant: another type is furthest; faults deeper in the value are near."""
    far = 0
    for each in branch:
        deeper = len(each.instance_path) - here
        if each.kind.name in ("type", "falseSchema", "not") and deeper <= 0:
            far = 2
        elif (
            each.kind.name in ("const", "enum") and deeper <= 1
        ):  # one deeper stands the value that tells branches apart
            far = max(far, 1)
    return far, len(branch)


def _said(error: Any, path: Path) -> tuple[str, str, tuple[str, ...]]:
    """A sentence without its subject, a hint, and the keys it is about."""
    kind, value = error.kind, error.instance
    name = kind.name
    if name == "required":
        return f"lacks {kind.property!r}", f"add {kind.property!r}", ()
    if name in ("additionalProperties", "unevaluatedProperties"):
        keys = tuple(str(each) for each in kind.unexpected)
        said = ", ".join(map(repr, keys[:5]))
        return f"has {said}, which {'is' if len(keys) == 1 else 'are'} not defined", f"leave {said} out", keys
    if name == "type":
        wanted = " or ".join(kind.types)
        hint = (
            f'quote it: "{shown(value)}"' if kind.types == ["string"] and isinstance(value, (int, float, bool)) else ""
        )
        if isinstance(value, str) and kind.types in (["integer"], ["number"]) and re.fullmatch(r"-?\d+(\.\d+)?", value):
            hint = f"leave out the quotation marks: {value}"
        return f"is {shown(value)}, not {_article(wanted)}", hint, ()
    if name == "enum":
        options = ", ".join(shown(each) for each in kind.options[:12])
        near = close(value, (each for each in kind.options if isinstance(each, str))) if isinstance(value, str) else ""
        return f"is {shown(value)}, not one of {options}", f"write {near}" if near else "", ()
    if name in ("anyOf", "oneOf"):
        many = type(kind).__name__ == "OneOfMultipleValid"
        said = f"fits more than one choice of its {name}" if many else f"fits none of the choices of its {name}"
        return f"({shown(value)}) {said}", "make the choices exclude each other, or use anyOf" if many else "", ()
    return _limits(kind, name, value), "", ()


def _limits(kind: Any, name: str, value: Any) -> str:
    limit = shown(getattr(kind, "limit", None))
    said = {
        "minimum": f"is {shown(value)}, less than {limit}",
        "maximum": f"is {shown(value)}, more than {limit}",
        "exclusiveMinimum": f"is {shown(value)}, not more than {limit}",
        "exclusiveMaximum": f"is {shown(value)}, not less than {limit}",
        "minLength": f"is {shown(value)}, shorter than {limit} characters",
        "maxLength": f"is {shown(value)}, longer than {limit} characters",
        "minItems": f"has fewer than {limit} items",
        "maxItems": f"has more than {limit} items",
        "minProperties": f"has fewer than {limit} keys",
        "maxProperties": f"has more than {limit} keys",
        "pattern": f"is {shown(value)}, which does not match the pattern {getattr(kind, 'pattern', '')}",
        "format": f"is {shown(value)}, which is not a {getattr(kind, 'format', '')}",
        "const": f"is {shown(value)}, not {shown(getattr(kind, 'expected_value', None))}",
        "multipleOf": f"is {shown(value)}, not a multiple of {getattr(kind, 'multiple_of', '')}",
        "uniqueItems": "has an item twice",
        "not": f"is {shown(value)}, which its schema rules out",
        "falseSchema": "must not be there",
    }.get(name)
    return said or f"({shown(value)}) does not fit the keyword {name!r}"


def _article(name: str) -> str:
    return name if name == "null" else f"{'an' if name[0] in 'aio' else 'a'} {name}"


@lru_cache(maxsize=4096)
def no_pattern(said: str) -> str:
    """Why ``said`` is not a regular expression by ECMA 262, which JSON Schema uses (2020-12, section 6.4); empty if it is.

    It is refused when neither Rust's engine nor, where that lacks what ECMA has, Python's takes it.
    """
    foreign = re.search(r"(?<!\\)(?:\\\\){0,20}(\\[AZz])|(\(\?P[<=])|^(\(\?[a-z]{1,6}\))", said)
    if foreign:
        return f"{foreign[1] or foreign[2] or foreign[3]} means nothing in ECMA 262, whose expressions JSON Schema uses"
    if compiles(said):
        return ""
    translated = re.sub(r"\(\?<(?=\w)", "(?P<", said.replace("[^]", r"[\s\S]"))
    translated = re.sub(r"\\k<(\w+)>", r"(?P=\1)", re.sub(r"\\[pP]\{[^}]*\}", r"\\w", translated))
    translated = re.sub(r"(\\[wdsWDS])-", r"\1\\-", translated)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(translated)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
    return ""


@lru_cache(maxsize=4096)
def compiles(pattern: str) -> bool:
    """Whether jsonschema-rs can use ``pattern``."""
    import jsonschema_rs

    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, offline=True)
    except ValueError:
        return False
    return True


def _anything(value: str) -> bool:
    return True


def _is_uuid(value: str) -> bool:
    return bool(_UUID.fullmatch(value))


def _is_uri(value: str) -> bool:
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]{0,60}:\S", value)) and " " not in value


def _is_email(value: str) -> bool:
    name, at, host = value.rpartition("@")
    return bool(name and at and host) and " " not in host


_PLAIN = ("uri-reference", "iri", "iri-reference", "time", "duration", "hostname", "idn-hostname", "regex", "idn-email")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
FORMATS = {**dict.fromkeys(_PLAIN, _anything), "uuid": _is_uuid, "uri": _is_uri, "email": _is_email}
"""What jsonschema-rs is to take for a format where it is stricter than people who write examples, or does not know it."""
