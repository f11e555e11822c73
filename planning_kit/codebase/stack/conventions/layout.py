"""Where things lie: code by feature or by layer, under src/ or not, and the tests."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from ...evidence import Statement
from ...tree import Tree
from .majority import CLEAR, FEWEST, majority, name, shown

_FRAMES = (
    "app",
    "src",
    "config",
    "lib",
    "server",
    "internal",
    "pkg",
    "cmd",
    "bootstrap",
    "database",
    "core",
    "common",
    "shared",
    "main",
    "plugins",
)
"""Folders that hold a whole application or what is shared, not one feature."""
_TEST_FOLDERS = ("tests", "test", "spec", "__tests__", "src/test", "e2e")
_LAYER = re.compile(
    r"(?i)^(controllers?|services?|models?|repositor(?:y|ies)|routes?|routers?|handlers?|schemas?|serializers?|views?|middlewares?|entit(?:y|ies)|dtos?|"
    r"crud|daos?|stores?|use_?cases?|domain|infrastructure|application|adapters?|ports?|endpoints?|resources?|api|urls|module|resolvers?)$"
)
_ROLE = re.compile(
    r"(?i)(?:^|[._-])(controllers?|services?|models?|repositor(?:y|ies)|routes?|router|handlers?|schemas?|serializers?|views?|entity|dto|crud|store|usecase|module|"
    r"resolvers?|urls|api|admin|validation)$|[a-z](Controller|Service|Model|Repository|Handler|Entity|Dto)$"
)
_LAYERS = (
    "controller", "service", "model", "repositor", "route", "handler", "schema", "entit", "serializer", "view", "crud", "dto", "dao", "store",
)  # fmt: skip


def layout(tree: Tree, prefix: str, code: Sequence[str], tests: Sequence[str]) -> Iterable[Statement]:
    """Where code and tests lie in the package below ``prefix``."""
    yield from _places(tree, prefix, tests, code)
    below = [each for each in code if each.startswith(f"{prefix}src/")]
    if len(below) >= FEWEST and len(below) >= CLEAR * len(code) and (evidence := shown(tree, below)):
        yield Statement("Layout", f"code lies under src/ ({len(below)} of {len(code)} files)", evidence)
    layered: dict[str, dict[str, list[str]]] = defaultdict(dict)
    featured: dict[str, dict[str, list[str]]] = defaultdict(dict)
    folders: dict[str, list[str]] = defaultdict(list)
    for path in code:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folders["/".join(parts[:depth])].append(path)
    for folder, inside in folders.items():
        parent, _, last = folder.rpartition("/")
        roles = {each: role for each in inside if (role := _role(each, folder))}
        if _LAYER.match(last):
            layered[parent][folder] = inside
        elif len(set(roles.values())) >= 2 and last.lower() not in _FRAMES:
            featured[parent][folder] = list(roles)
    yield from _shape(tree, layered, featured)


def _role(path: str, folder: str) -> str:
    """The layer a file directly in a feature's folder, or in a layer's folder below it, belongs to."""
    first, _, rest = path[len(folder) + 1 :].partition("/")
    return _layer(first if rest else first.rpartition(".")[0])


@lru_cache(maxsize=20_000)
def _layer(word: str) -> str:
    found = _ROLE.search(word)
    return next(
        (layer for layer in _LAYERS if found and (found.group(1) or found.group(2)).lower().startswith(layer)), ""
    )


def _shape(
    tree: Tree, layered: dict[str, dict[str, list[str]]], featured: dict[str, dict[str, list[str]]]
) -> Iterable[Statement]:
    """By feature when at least two folders beside each other hold their own layers; by layer when three layers are folders of several files."""
    features = max(sorted(featured.items()), key=lambda item: len(item[1]), default=("", {}))
    layers = max(
        sorted(layered.items()), key=lambda item: sum(len(each) > 1 for each in item[1].values()), default=("", {})
    )
    wide = {folder: inside for folder, inside in layers[1].items() if len(inside) > 1}
    in_features = sum(map(len, features[1].values()))
    in_layers = sum(map(len, wide.values()))
    if len(features[1]) >= 2 and in_features > in_layers:
        names = ", ".join(name(folder) for folder in sorted(features[1])[:4])
        if evidence := shown(tree, [each for folder in sorted(features[1]) for each in features[1][folder][:1]]):
            yield Statement("Layout", f"code is grouped by feature: {names} ({len(features[1])} folders)", evidence)
    elif len(wide) >= 3:
        names = ", ".join(name(folder) for folder in sorted(wide)[:5])
        if evidence := shown(tree, [each for folder in sorted(wide) for each in wide[folder][:1]]):
            yield Statement("Layout", f"code is grouped by layer: {names}", evidence)


def _places(tree: Tree, prefix: str, tests: Sequence[str], code: Sequence[str]) -> Iterable[Statement]:
    """Where tests lie: in a folder of their own, or beside the code."""
    beside = {path.rpartition("/")[0] for path in code}
    kinds = []
    for path in tests:
        inner = path.removeprefix(prefix)
        folder = next((each for each in _TEST_FOLDERS if inner.startswith(f"{each}/")), "")
        if not folder and path.rpartition("/")[0] in beside:
            folder = "beside"
        kinds.append((folder or "elsewhere", path))
    if (most := majority(kinds)) and most[0] != "elsewhere" and (evidence := shown(tree, most[2])):
        where = "lie beside the code" if most[0] == "beside" else f"lie in {most[0]}/"
        yield Statement("Layout", f"tests {where} ({most[1]} of {len(kinds)})", evidence)
