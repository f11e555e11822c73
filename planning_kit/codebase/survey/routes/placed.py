"""Routes that a file answers by its place: Next.js, SvelteKit and Nuxt, as their documentation of routing says."""

from __future__ import annotations

import re

from ..source import Source
from .routing import Route, Routing

_EXPORTED = re.compile(
    r"\bexport\s+(?:async\s+)?(?:function|const|let)\s+(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b|\bexport\s*\{[^}]{0,200}?\bas\s+(GET|POST|PUT|PATCH|DELETE)\b[^}]{0,200}\}"
)
_NUXT = re.compile(r"(?:^|/)server/((?:api|routes)/.+?)(?:\.(get|post|put|patch|delete))?\.(?:ts|js|mjs)$")


def by_file(path: str) -> str:
    """The path a file answers by its place: Next.js ``app/**/route.ts`` and ``pages/api``, SvelteKit, Nuxt; empty otherwise."""
    folders, _, name = path.rpartition("/")
    stem, _, ending = name.partition(".")
    parts = folders.split("/") if folders else []
    if ending not in (
        "ts",
        "js",
        "tsx",
        "jsx",
        "mjs",
        "get.ts",
        "post.ts",
        "put.ts",
        "patch.ts",
        "delete.ts",
        "get.js",
        "post.js",
    ):
        return ""
    if stem == "route" and "app" in parts:
        return _folders(parts[parts.index("app") + 1 :])
    if stem == "+server" and "routes" in parts:
        return _folders(parts[parts.index("routes") + 1 :])
    if "pages" in parts and parts[parts.index("pages") + 1 : parts.index("pages") + 2] == ["api"]:
        return _folders([*parts[parts.index("pages") + 1 :], *([] if stem == "index" else [stem])])
    if (nuxt := _NUXT.search(path)) and "server" in parts:
        inner = nuxt.group(1).removeprefix("routes/").split("/")
        return _folders(inner[:-1] if inner[-1] == "index" else inner)
    return ""


def _folders(parts: list[str]) -> str:
    kept = [part for part in parts if not (part.startswith(("(", "@")) and not part.startswith("(."))]
    return "/" + "/".join(re.sub(r"^\[+(?:\.\.\.)?([^\]]+)\]+$", r"{\1}", part) for part in kept)


def read(source: Source, path: str, routing: Routing) -> None:
    """Put what the file at ``path`` of the site answers into ``routing``."""
    nuxt = _NUXT.search(source.path)
    if "/server/" in f"/{source.path}" and nuxt and not source.path.endswith(("route.ts", "route.js")):
        routing.routes.append(Route((nuxt.group(2) or "any").upper(), path, "", source.path, 1))
        return
    methods = [(found.group(1) or found.group(2), found.start()) for found in _EXPORTED.finditer(source.code)]
    for method, at in methods:
        routing.routes.append(Route(method, path, "", source.path, source.line(at)))
    exported = re.search(r"\bexport default\b|\bmodule\.exports\b", source.code)
    if not methods and exported and "pages/" in source.path:
        routing.routes.append(Route("ANY", path, "", source.path, source.line(exported.start())))
