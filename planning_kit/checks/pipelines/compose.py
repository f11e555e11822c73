"""Compose files: what their schema cannot say. Rules by the Compose Specification (compose-spec/compose-spec)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..places import Path, Tree
from .fault import Faults, circular, listed, mapping, missing

_NAMED_VOLUME = re.compile(r"[A-Za-z0-9][\w.-]+\Z")


def names(tree: Tree) -> Faults:
    """Services, volumes, networks, secrets and configs that are used but not defined."""
    top = tree.value
    services = mapping(top.get("services"))
    if "include" in top:
        return
    edges: dict[str, list[str]] = {}
    for name, service in services.items():
        service, here = mapping(service), ("services", name)
        used = list(_named(service.get("depends_on"), (*here, "depends_on")))
        edges[name] = [each for each, _ in used]
        used += _borrowed(service, here)
        for each, path in used:
            if each not in services:
                yield missing(tree, path, each, "service", services)
        for what, key in (("network", "networks"), ("secret", "secrets"), ("config", "configs")):
            known = {*mapping(top.get(key)), *(("default",) if key == "networks" else ())}
            for each, path in _named(service.get(key), (*here, key)):
                if each not in known:
                    yield missing(tree, path, each, what, known)
        for each, path in _volumes(service, here):
            if each not in mapping(top.get("volumes")):
                yield missing(tree, path, each, "volume", mapping(top.get("volumes")))
    yield from circular(tree, edges, {name: ("services", name) for name in services}, "services")


def _named(value: Any, path: Path) -> Iterable[tuple[str, Path]]:
    """What a list of names, a list of mappings with a ``source``, or a mapping by name, names."""
    if isinstance(value, dict):
        yield from ((each, (*path, each)) for each in value if "$" not in each)
    for number, each in enumerate(listed(value)):
        each = each.get("source") if isinstance(each, dict) else each
        if isinstance(each, str) and "$" not in each:
            yield each, (*path, number)


def _borrowed(service: dict[str, Any], here: Path) -> Iterable[tuple[str, Path]]:
    mode = service.get("network_mode")
    if isinstance(mode, str) and mode.startswith("service:"):
        yield mode.removeprefix("service:"), (*here, "network_mode")
    for number, link in enumerate(listed(service.get("links"))):
        if isinstance(link, str):
            yield link.partition(":")[0], (*here, "links", number)
    extends = service.get("extends")
    if isinstance(extends, str):
        yield extends, (*here, "extends")
    elif isinstance(extends, dict) and "file" not in extends and isinstance(extends.get("service"), str):
        yield extends["service"], (*here, "extends", "service")


def _volumes(service: dict[str, Any], here: Path) -> Iterable[tuple[str, Path]]:
    for number, each in enumerate(listed(service.get("volumes"))):
        path = (*here, "volumes", number)
        if isinstance(each, dict) and each.get("type") == "volume" and isinstance(each.get("source"), str):
            yield each["source"], path
        elif isinstance(each, str) and ":/" in each:
            source = each.partition(":")[0]
            if _NAMED_VOLUME.match(source):
                yield source, path
