"""Whether a JSON example is one of a JSON Schema, and what of it the schema does not allow. Runs in the process aside."""

from __future__ import annotations

from typing import Any

from .fits import Misfit, misfits
from .places import Path, Tree, Unreadable, read
from .schemas import Fault, draft_of, registry_of, validator_of


def disagreements(schema: str, lang: str, example: str) -> list[Fault]:
    """What of a JSON ``example`` a schema does not allow, if it is an example of it: half of its keys are properties there."""
    said, tree = _both(schema, lang, example)
    if not tree:
        return []
    shared = len(said["properties"].keys() & tree.value.keys())
    if shared * 2 < len(tree.value) or shared * 2 < len(said["properties"]):
        return []
    severity = "error" if shared * 5 >= len(tree.value) * 4 else "warning"
    return [
        ("values", *tree.at(path), message, hint, "warning" if keyword == "format" else severity)
        for each in _misfits(said, tree)
        for path, message, hint, keyword in _parts(each)
    ]


def fits(schema: str, lang: str, example: str) -> bool:
    """Whether a schema defines every key of an ``example``, and allows it."""
    said, tree = _both(schema, lang, example)
    return bool(tree and tree.value.keys() <= said["properties"].keys() and not _misfits(said, tree))


def _both(schema: str, lang: str, example: str) -> tuple[dict[str, Any], Tree | None]:
    """A schema with properties and an object, if they are that."""
    try:
        said, tree = read(schema, lang).value, read(example, "json")
    except Unreadable:
        return {}, None
    plain = isinstance(said, dict) and isinstance(said.get("properties"), dict)
    if not plain or not isinstance(tree.value, dict) or not tree.value or "$schema" in tree.value:
        return {}, None
    return said, tree


def _misfits(schema: dict[str, Any], tree: Tree) -> list[Misfit]:
    draft = draft_of(schema)
    try:
        return list(misfits(validator_of(registry_of(schema, draft), draft, ()), tree.value)) if draft else []
    except ValueError:
        return []


def _parts(each: Misfit) -> list[tuple[Path, str, str, str]]:
    """A misfit by what it is about: place, message, hint, keyword; of keys that are not defined each one."""
    name = ".".join(str(part) for part in each.path) or "the example"
    if not each.keys:
        return [(each.path, f"{name} {each.message}", each.hint, each.keyword)]
    return [
        ((*each.path, key), f"{name} has {key!r}, which is not defined", f"leave {key!r} out", each.keyword)
        for key in each.keys
    ]
