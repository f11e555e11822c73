"""Azure Pipelines: how its schema has to be read, and what it cannot say.

The schema is the one of microsoft/azure-pipelines-vscode. The service takes every scalar for a text, lets a path begin
with ``/`` and works out ``${{ if }}`` before it looks, which the schema does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ..places import Path, Tree
from .fault import Fault, Faults, at, circular, listed, mapping, missing, strings, words
from .production import Deployment, deploys, is_production, runs_deployment

_STAGE_OUTPUT = re.compile(r"(?<![\w.])stageDependencies\.([A-Za-z_]\w*)")
Block = tuple[Path, dict[str, Any]]
"""A stage, job or step with its path."""


def corrected(text: str) -> dict[str, Any]:
    """The schema in ``text``: every scalar a text, and no pattern for the paths of triggers, which forbids a leading ``/``."""
    made: dict[str, Any] = json.loads(re.sub(r'"type":\s*"(?:boolean|integer|number)"', '"type": "string"', text))
    made["definitions"]["branchFilter"].pop("pattern", None)
    return made


def tasks(schema: dict[str, Any]) -> dict[str, str]:
    """The tasks the schema knows, by their names in lower case: their case does not matter."""
    alternatives = schema["definitions"]["task"]["properties"]["task"]["anyOf"]
    return {name.lower(): name for each in alternatives for name in each.get("enum", ())}


def described(schema: dict[str, Any]) -> dict[str, str]:
    """The :func:`tasks` of which the schema says what they take: of ``PublishCodeCoverageResults@2`` it knows the name only."""
    forms = (each.get("properties", {}).get("task", {}) for each in schema["definitions"]["task"]["anyOf"])
    shaped = {form.get("pattern", "").strip("^$") for form in forms}
    return {lower: name for lower, name in tasks(schema).items() if name in shaped}


def plain(value: Any, known: dict[str, str]) -> tuple[Any, dict[Path, Path]]:
    """``value`` with its expressions worked out and every scalar a text, and where each part of it came from.

    Args:
        value: the pipeline.
        known: tasks it is known of what they take, by their names in lower case.
    """
    origin: dict[Path, Path] = {}
    return _plain(value, (), (), origin, known), origin


def _plain(value: Any, old: Path, new: Path, origin: dict[Path, Path], known: dict[str, str]) -> Any:
    origin[new] = old
    if isinstance(value, dict):
        pairs = list(_pairs(value, old))
        if any(key == "task" and str(each).lower() not in known for key, each, _ in pairs):
            # what another task takes is not known, as of those of the marketplace: it is checked like a script
            pairs = [("script" if key == "task" else key, each, where) for key, each, where in pairs if key != "inputs"]
        return {key: _plain(each, where, (*new, key), origin, known) for key, each, where in pairs}
    if isinstance(value, list):
        return [_plain(each, where, (*new, at), origin, known) for at, (each, where) in enumerate(_items(value, old))]
    if isinstance(value, bool):
        return "true" if value else "false"
    said = "" if value is None else str(value)
    return known.get(said.lower(), said) if new and new[-1] == "task" else said


def _pairs(value: dict[str, Any], path: Path) -> Iterator[tuple[str, Any, Path]]:
    for key, each in value.items():
        if not _is_expression(key):
            yield key, each, (*path, key)
        elif isinstance(each, dict):
            yield from _pairs(each, (*path, key))


def _items(value: list[Any], path: Path) -> Iterator[tuple[Any, Path]]:
    for number, each in enumerate(value):
        where = (*path, number)
        if isinstance(each, dict) and len(each) == 1 and _is_expression(key := next(iter(each))):
            inner = each[key]
            if isinstance(inner, list):
                yield from _items(inner, (*where, key))
            elif isinstance(inner, dict):
                yield inner, (*where, key)
        elif not (isinstance(each, str) and _is_expression(each)):
            yield each, where


def _is_expression(key: str) -> bool:
    return key.startswith("${{") and key.endswith("}}")


def strange_tasks(tree: Tree, known: dict[str, str]) -> Faults:
    """Tasks that look like one there is, but are none: another version, another spelling."""
    import difflib

    for path, text in strings(tree.value):
        if path[-1] != "task" or text.lower() in known or "$" in text:
            continue
        name, _, version = text.lower().partition("@")
        versions = [each for each in known.values() if each.lower().startswith(f"{name}@")]
        if versions:
            said = (
                f"the task '{text.partition('@')[0]}' has no version '{version}'"
                if version
                else f"the task '{text}' has no version"
            )
            yield at(
                tree,
                path,
                "schema",
                said,
                f"write '{max(versions, key=lambda each: int(each.rpartition('@')[2] or 0))}'",
                "warning" if version else "error",
            )
        elif close := difflib.get_close_matches(text.lower(), list(known), 1, 0.88):
            yield at(tree, path, "schema", f"there is no task '{text}'", f"write '{known[close[0]]}'", "warning")


def is_worked_out_later(value: Any, path: Path) -> bool:
    """Whether what stands at ``path`` of a plain ``value`` is an expression, which may become anything."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return False
    return isinstance(value, str) and ("${{" in value or value.startswith(("$[", "$(")))


def blocks_of(value: Any, path: Path) -> Iterator[Block]:
    """The mappings of a list, expressions worked out."""
    yield from ((where, each) for each, where in _items(listed(value), path) if isinstance(each, dict))


def stages_of(tree: Tree) -> list[Block]:
    """The stages of a pipeline."""
    return list(blocks_of(tree.value.get("stages"), ("stages",)))


def names(tree: Tree) -> Faults:
    """``dependsOn`` that names no stage or job, or goes in a circle; names that are there twice."""
    stages = stages_of(tree)
    yield from _siblings(tree, stages, "stage")
    groups = [(where, stage.get("jobs")) for where, stage in stages] or [((), tree.value.get("jobs"))]
    for where, jobs in groups:
        yield from _siblings(tree, list(blocks_of(jobs, (*where, "jobs"))), "job")
    known = {str(stage.get("stage")) for _, stage in stages}
    if stages and not _open(stages, "stage"):
        for path, text in strings(tree.value):
            for name in _STAGE_OUTPUT.findall(text) if "stageDependencies" in text else ():
                if name not in known:
                    yield missing(tree, path, name, "stage", known)


def _siblings(tree: Tree, blocks: list[Block], what: str) -> Faults:
    """What stages, or the jobs of one stage, wait for; a template among them may hold what they name."""
    places: dict[str, Path] = {}
    for where, block in blocks:
        name = name_of(block, what)
        if name in places:
            yield at(tree, (*where, _key(block, what)), "names", f"the {what} '{name}' is there twice", "give one of them another name")  # fmt: skip
        if name and "$" not in name:
            places.setdefault(name, where)
    edges: dict[str, list[str]] = {}
    for where, block in blocks:
        after = list(words(block.get("dependsOn"), (*where, "dependsOn")))
        edges[name_of(block, what)] = [each for each, _ in after]
        for each, path in after:
            if each and each not in places and "$" not in each and not _open(blocks, what):
                yield _nowhere(tree, path, each, what, places)
    edges = {name: after for name, after in edges.items() if name in places}
    yield from circular(tree, edges, places, f"{what}s")


def _nowhere(tree: Tree, path: Path, name: str, what: str, places: dict[str, Path]) -> Fault:
    said = missing(tree, path, name, what, places)
    return said._replace(message=f"{said.message} in this stage") if what == "job" and "stages" in path else said


def _key(block: dict[str, Any], what: str) -> str:
    return "stage" if what == "stage" else next((each for each in ("job", "deployment") if each in block), "job")


def name_of(block: dict[str, Any], what: str) -> str:
    """What a stage or job is called."""
    return str(block.get(_key(block, what)) or "")


def _open(blocks: list[Block], what: str) -> bool:
    """Whether some of ``blocks`` come from elsewhere."""
    return any("template" in block or "$" in name_of(block, what) for _, block in blocks)


def deployments(tree: Tree) -> list[Deployment]:
    """The jobs that deploy to production."""
    asked = any(text.startswith("ManualValidation@") for _, text in strings(tree.value))
    stages = stages_of(tree)
    found = []
    for where, stage in stages or [((), tree.value)]:
        titles = [stage.get("stage"), stage.get("displayName")]
        manual = asked or stage.get("trigger") == "manual"
        for path, job in blocks_of(stage.get("jobs"), (*where, "jobs")):
            name = name_of(job, "job")
            place = mapping(job.get("environment")).get("name", job.get("environment"))
            texts = [text for _, text in strings({key: job.get(key) for key in ("steps", "strategy")})]
            titled = is_production(*titles, name, job.get("displayName")) and (
                deploys(*titles, name) or runs_deployment(texts, False)
            )
            if titled or is_production(place) or runs_deployment(texts):
                found.append(Deployment(path, name or "a job", manual or bool(place)))
    return found
