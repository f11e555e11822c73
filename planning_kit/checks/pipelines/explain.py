"""Why a value does not fit a schema, said of the alternative its author meant.

A schema says "one of these"; the validator then says "none of these". Which one was meant is told by the keys: the
alternative that needs the fewest corrections, where a missing key that makes it what it is counts most.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..places import Path
from .fault import near

_KINDS = {"object": "a mapping", "array": "a list", "string": "a text", "boolean": "true or false", "null": "nothing"}
_MOST_HOLDERS = 50
"""In how many parts of a schema the keys of one mapping are looked for."""
_ONE_OF = "add one of: "
_UNKNOWN = "unknown key "
_OUT = "leave it out"


class Explained(NamedTuple):
    """What is wrong at ``path``, in one sentence, and what mends it."""

    path: Path
    message: str
    hint: str


def explained(errors: Iterable[Any], schema: dict[str, Any], value: Any) -> Iterator[Explained]:
    """What ``errors`` of a validator mean, each place once.

    Args:
        errors: as jsonschema-rs gives them.
        schema: the schema they speak of.
        value: the value that does not fit.
    """
    found = list(dict.fromkeys(each for error in errors for each in _of(error, schema, value)))
    lacking = {each.path: each for each in found if each.hint.startswith(_ONE_OF)}
    strange = {each.path[:-1] for each in found if each.message.startswith(_UNKNOWN)}
    for each in found:
        if each.path in lacking and each.path in strange and each is lacking[each.path]:
            continue  # the unknown key stands for the one that is lacking
        if each.message.startswith(_UNKNOWN) and each.hint == _OUT and each.path[:-1] in lacking:
            each = each._replace(hint=lacking[each.path[:-1]].hint.replace(_ONE_OF, "write one of: "))
        yield each


def _of(error: Any, schema: dict[str, Any], value: Any) -> Iterator[Explained]:
    kind, path = error.kind, tuple(error.instance_path)
    if kind.name in ("anyOf", "oneOf") and getattr(kind, "context", None) and all(kind.context):
        yield from _chosen(kind.context, path, schema, value)
    elif kind.name in ("additionalProperties", "unevaluatedProperties"):
        known = _properties(schema, error.schema_path)
        for key in kind.unexpected:
            if key not in known:  # else what stands there is wrong, which is told of it
                yield _unknown(path, str(key), known)
    elif kind.name == "required":
        yield Explained(path, f"{_where(path)} has no '{kind.property}'", f"add '{kind.property}'")
    else:
        yield _single(error, path, schema, value)


def _single(error: Any, path: Path, schema: dict[str, Any], value: Any) -> Explained:
    name, given = error.kind.name, value_at(value, path)
    rule = _rule(schema, error.schema_path)
    where = _where(path)
    if name == "type":
        return _mistyped(path, [rule] if isinstance(rule, str) else [str(each) for each in rule or ()], given)
    if name in ("enum", "const"):
        allowed = [str(each) for each in (rule if isinstance(rule, list) else [rule])]
        listed = ", ".join(allowed[:8]) + (", …" if len(allowed) > 8 else "")
        return Explained(
            path, f"{where} cannot be {_shown(given)}", near(str(given), allowed, f"write one of: {listed}")
        )
    if name == "minProperties" or name == "minItems":
        return Explained(path, f"{where} is empty", "write what belongs there, or leave the key out")
    if name == "pattern":
        return Explained(path, f"{where} cannot be {_shown(given)}", f"write it so that it matches {str(rule)[:80]}")
    if name == "oneOf":
        return _mixed(path, rule, given)
    return Explained(path, f"{where}: {str(error.message)[:160]}", "")


def _mixed(path: Path, rule: Any, given: Any) -> Explained:
    """What fits more than one of the forms in ``rule``: the keys each of them needs exclude each other."""
    forms = [each.get("required") for each in rule if isinstance(each, dict)] if isinstance(rule, list) else []
    keys = [form[0] for form in forms if isinstance(given, dict) and form and form[0] in given]
    if len(keys) < 2:
        return Explained(path, f"{_where(path)} mixes two forms that exclude each other", "keep the keys of one form")
    said = f"{_where(path)} has {' and '.join(map(repr, keys))}, which exclude each other"
    return Explained((*path, keys[1]), said, "keep one of them, or make them two steps" if "steps" in path else "keep one of them")  # fmt: skip


def _mistyped(path: Path, wanted: list[str], given: Any) -> Explained:
    said = " or ".join(_KINDS.get(each, f"a{'n' if each[0] in 'aeiou' else ''} {each}") for each in wanted)
    return Explained(path, f"{_where(path)} must be {said}, not {_shown(given)}", f"write {said}" if said else "")


def _chosen(branches: list[list[Any]], path: Path, schema: dict[str, Any], value: Any) -> Iterator[Explained]:
    """What is wrong by the alternative that was meant; when several are as near, what they have in common."""
    given = value_at(value, path)
    if isinstance(given, dict) and (meant := _misspelt(branches, path, schema, given)):
        yield meant
        return
    priced = [(sum(_price(error, len(path)) for error in branch), branch) for branch in branches]
    least = min(price for price, _ in priced)
    nearest = [branch for price, branch in priced if price == least]
    if len(nearest) == 1:
        for error in nearest[0]:
            yield from _of(error, schema, value)
        return
    _, needed = _keys_of(nearest, schema, len(path))
    if isinstance(given, dict) and needed:
        some = ", ".join(needed[:8])
        yield Explained(path, f"{_where(path)} has none of the keys that say what it is: {some}", f"{_ONE_OF}{some}")
        return
    if {error.kind.name for branch in nearest for error in branch} <= {"enum", "const", "type", "pattern"}:
        yield _not_among(nearest, path, schema, value)
        return
    for error in nearest[0]:
        yield from _of(error, schema, value)


def _misspelt(branches: list[list[Any]], path: Path, schema: dict[str, Any], given: dict[str, Any]) -> Explained | None:
    """A key that no alternative knows but that looks like one which some alternative needs."""
    known, needed = _keys_of(branches, schema, len(path))
    if not all(any(len(each.instance_path) == len(path) for each in branch) for branch in branches):
        return None
    for key in given:
        if key not in known and (close := difflib.get_close_matches(str(key), needed, 1, 0.7)):
            return _unknown(path, str(key), {close[0]})
    return None


def _not_among(branches: list[list[Any]], path: Path, schema: dict[str, Any], value: Any) -> Explained:
    allowed: list[str] = []
    for error in (each for branch in branches for each in branch):
        rule = _rule(schema, error.schema_path)
        if error.kind.name == "pattern" and isinstance(rule, str):
            allowed.append(rule.strip("^$"))
        elif error.kind.name in ("enum", "const"):
            allowed += [str(each) for each in (rule if isinstance(rule, list) else [rule])]
    first = branches[0][0]
    deeper = tuple(first.instance_path)
    given = value_at(value, deeper)
    if not allowed:
        rules = [
            _rule(schema, error.schema_path) for branch in branches for error in branch if error.kind.name == "type"
        ]
        wanted = dict.fromkeys(each for rule in rules for each in ([rule] if isinstance(rule, str) else rule or ()))
        return _mistyped(deeper, list(wanted), given)
    some = ", ".join(dict.fromkeys(allowed[:10]))
    return Explained(
        deeper, f"{_where(deeper)} cannot be {_shown(given)}", near(str(given), allowed, f"write one of: {some}")
    )


def _price(error: Any, base: int) -> float:
    """How much would have to change for the alternative to fit, seen from a place ``base`` deep."""
    kind, depth = error.kind, len(error.instance_path) - base
    if kind.name in ("anyOf", "oneOf") and getattr(kind, "context", None):
        return min(sum(_price(each, base) for each in branch) for branch in kind.context)
    if depth == 0:
        if kind.name == "additionalProperties":
            return 5.0 * len(kind.unexpected)
        return {"type": 60.0, "required": 20.0, "enum": 20.0, "const": 20.0, "pattern": 15.0}.get(kind.name, 8.0)
    if depth == 1 and kind.name in ("enum", "const"):
        return 9.0
    return 2.0 / depth


def _keys_of(branches: list[list[Any]], schema: dict[str, Any], base: int) -> tuple[set[str], list[str]]:
    """The keys that ``branches`` know, and those they need and miss, at a place ``base`` deep."""
    known: set[str] = set()
    needed: dict[str, None] = {}
    for error in (each for branch in branches for each in branch):
        if len(error.instance_path) != base:
            continue
        if error.kind.name == "required":
            needed[error.kind.property] = None
        if error.kind.name in ("required", "additionalProperties", "unevaluatedProperties"):
            known |= _properties(schema, error.schema_path)
    return known, list(needed)


def _unknown(path: Path, key: str, known: set[str]) -> Explained:
    few = f"use one of: {', '.join(sorted(known))}" if 0 < len(known) <= 12 else _OUT
    where = f"{_UNKNOWN}'{key}'" + (f" in {_named(path)}" if path else "")
    return Explained((*path, key), where, near(key, known, few))


def _properties(schema: dict[str, Any], schema_path: list[Any]) -> set[str]:
    """The keys of the mapping that the rule at ``schema_path`` is about."""
    known: set[str] = set()
    holders = [_rule(schema, schema_path[:-1])]
    for _ in range(_MOST_HOLDERS):
        holder = holders.pop() if holders else None
        if not isinstance(holder, dict):
            break
        known |= set(holder.get("properties", ()))
        holders += [each for key in ("allOf", "anyOf", "oneOf") for each in holder.get(key, ())]
        if str(holder.get("$ref", "")).startswith("#/"):
            holders.append(_rule(schema, holder["$ref"][2:].split("/")))
    return known


def _rule(schema: Any, schema_path: list[Any]) -> Any:
    for step in schema_path:
        try:
            schema = schema[step]
        except (KeyError, IndexError, TypeError):
            return None
    return schema


def value_at(value: Any, path: Path) -> Any:
    """What stands at ``path`` of ``value``; nothing if there is no such place."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _where(path: Path) -> str:
    return _named(path) if path else "the file"


def _named(path: Path) -> str:
    """A path as people write it: ``jobs.build.steps[0]``."""
    said = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path).lstrip(".")
    return said if len(said) < 90 else f"…{said[-88:]}"


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    said = " ".join(str(value).split())
    return f"'{said[:60]}…'" if len(said) > 60 else f"'{said}'"
