"""A pipeline against the JSON Schema of its kind, and why it does not fit, in words.

The schemas are those the package check-jsonschema carries (its code is not loaded): Azure's comes from
microsoft/azure-pipelines-vscode, GitHub's and GitLab's from SchemaStore and GitLab, Compose's from compose-spec.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from .. import places
from ..places import Tree
from . import azure, explain
from .fault import Fault, Faults, at

_FILES = {
    "github-actions": "github-workflows",
    "azure-pipelines": "azure-pipelines",
    "gitlab-ci": "gitlab-ci",
    "compose": "compose-spec",
}
_ENOUGH = 20
"""How many parts of a list are looked at, if something is wrong with one of them."""


def faults(tree: Tree, kind: str) -> Faults:
    """Where ``tree`` does not fit the schema of ``kind``, and what would."""
    schema, validator = _validator(kind)
    value: Any = tree.value
    origin: dict[places.Path, places.Path] = {}
    if kind == "azure-pipelines":
        value, origin = azure.plain(tree.value, azure.described(schema))
        yield from azure.strange_tasks(tree, azure.tasks(schema))
    shorter = _shorter(value)
    value = value if validator.is_valid(shorter) else shorter
    for each in explain.explained(validator.iter_errors(value), schema, value):
        if kind == "azure-pipelines" and (azure.is_worked_out_later(value, each.path) or _case_only(each, value)):
            continue
        yield _fault(tree, each, origin)


def _case_only(said: explain.Explained, value: Any) -> bool:
    """Whether upper and lower case are all that is wrong, which Azure does not mind."""
    wanted = re.fullmatch(r"(?:write|add) '(.+)'", said.hint)
    if not wanted:
        return False
    there = explain.value_at(value, said.path)
    given = [*there] if isinstance(there, dict) else [there]
    last = said.path[-1] if said.path else ""
    return any(str(each).lower() == wanted[1].lower() for each in (*given, last))


def _shorter(value: Any) -> Any:
    """``value`` with the first of each list's parts: hundreds of wrong steps, each with hundreds of forms, take minutes."""
    if isinstance(value, dict):
        return {key: _shorter(each) for key, each in value.items()}
    return [_shorter(each) for each in value[:_ENOUGH]] if isinstance(value, list) else value


def _fault(tree: Tree, said: explain.Explained, origin: dict[places.Path, places.Path]) -> Fault:
    path = said.path
    while path and origin and path not in origin:
        path = path[:-1]
    return at(tree, origin.get(path, path), "schema", said.message, said.hint)


@cache
def _validator(kind: str) -> tuple[dict[str, Any], Any]:
    import jsonschema_rs

    name = f"check_jsonschema/builtin_schemas/vendor/{_FILES[kind]}.json"
    text = Path(str(distribution("check-jsonschema").locate_file(name))).read_text(encoding="utf-8")
    schema: dict[str, Any] = azure.corrected(text) if kind == "azure-pipelines" else json.loads(text)
    if kind == "github-actions":  # a strategy may say only fail-fast or max-parallel, with no matrix to apply it to
        for job in schema["definitions"].values():
            job.get("properties", {}).get("strategy", {}).pop("required", None)
    return schema, jsonschema_rs.validator_for(schema)
