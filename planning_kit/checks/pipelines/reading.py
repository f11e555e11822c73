"""A pipeline is read once, in the process aside, and looked through by everything that knows its kind."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..places import Tree, Unreadable, read
from . import azure, compose, github, gitlab, production, schema, secrets
from .fault import NOT_THERE, Fault, Faults

_LOOKS: dict[str, tuple[Callable[[Tree], Faults], ...]] = {
    "github-actions": (github.names, github.pins, github.foreign),
    "azure-pipelines": (azure.names,),
    "gitlab-ci": (gitlab.names,),
    "compose": (compose.names,),
}
_DEPLOYMENTS: dict[str, Callable[[Tree], list[production.Deployment]]] = {
    "github-actions": github.deployments,
    "azure-pipelines": azure.deployments,
    "gitlab-ci": gitlab.deployments,
}
_LEFT_OUT = re.compile(
    r"(?im)#[^\n]*(?:\.\.\.|…|\betc\b|omitted|left out|elided|as above|see above|other (?:jobs|stages|services)|rest of|excerpt)"
)
_WHOLE = {
    "azure-pipelines": {"trigger", "pr", "pool", "resources", "schedules", "variables", "name"},
    "gitlab-ci": {"stages", "image", "default", "workflow"},
}
"""What a file has at its top, and an excerpt has not, where an excerpt is valid by itself."""
_MOST = 100
"""The most faults that are told of one file."""


def faults(text: str, lang: str, kind: str) -> list[Fault]:
    """What is wrong with a pipeline: first whether it is one; only if it is, what else.

    Args:
        text: YAML or JSON.
        lang: ``yaml`` or ``json``.
        kind: a name of :data:`planning_kit.checks.pipelines.SCHEMAS`.
    """
    try:
        tree = read(text, lang)
    except Unreadable as error:
        return [Fault("schema", error.line, error.column, f"{lang.upper()}: {error.message}", error.hint)]
    if not isinstance(tree.value, dict):
        return [Fault("schema", 1, 0, "this is no mapping of keys to values", "write the whole file")]
    found = list(schema.faults(tree, kind))
    if any(each.severity == "error" for each in found):
        return found[:_MOST]
    whole = not _LEFT_OUT.search(text) and (kind not in _WHOLE or bool(_WHOLE[kind] & set(tree.value)))
    for look in _LOOKS[kind]:
        found += (each for each in look(tree) if whole or not each.message.startswith(NOT_THERE))
    if kind == "gitlab-ci" and whole:
        found += gitlab.references(tree, text)
    if kind in _DEPLOYMENTS:
        found += production.faults(tree, text, _DEPLOYMENTS[kind](tree), kind)
    found += secrets.faults(tree)
    return found[:_MOST]
