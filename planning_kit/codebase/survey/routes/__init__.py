"""Where requests come in: the routes of a codebase, each with its whole path and the line that says so."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from ..modules import Modules
from ..source import Source
from . import attributed, blocks, contracts, go, javascript, python, ruby, rust
from .routing import SCRIPTS, Route, Routing, joined

__all__ = ["Route", "routes"]

_CONTRACT = "openapi"


def routes(sources: Mapping[str, Source], modules: Modules) -> list[Route]:
    """Every route, those of programs first; what a contract says again is left out."""
    routing = Routing()
    before = {
        prefix: source.path
        for source in sources.values()
        if source.suffix in SCRIPTS and (prefix := attributed.global_prefix(source))
    }
    for path, source in sources.items():
        _read(path, source, sources, modules, routing)
    told = (source for source in sources.values() if source.suffix in SCRIPTS and attributed.versioned(source))
    versions = next((attributed.versions(source) for source in told), None)
    found = [_prefixed(route, before, versions, sources) for route in routing.complete()]
    code = [route for route in found if route.router != _CONTRACT]
    shapes = {
        (method, end) for route in code for method in route.methods.split(",") for end in _ends(_shape(route.path))
    }
    return [route for route in found if route.router != _CONTRACT or (route.methods, _shape(route.path)) not in shapes]


def _read(path: str, source: Source, sources: Mapping[str, Source], modules: Modules, routing: Routing) -> None:
    suffix = source.suffix
    if suffix == "py":
        if python.matter(source):
            python.read(source, modules, routing)
    elif suffix in SCRIPTS:
        if attributed.matter(source):
            attributed.read(source, routing)
        if javascript.matter(source):
            javascript.read(source, sources, routing)
        contracts.graphql(source, routing)
    elif suffix in ("java", "kt", "cs", "php"):
        if attributed.matter(source):
            attributed.read(source, routing)
        {"kt": blocks.kotlin, "java": blocks.kotlin, "php": blocks.php, "cs": blocks.net}[suffix](source, routing)
    elif suffix == "go":
        if go.matter(source):
            go.read(source, routing)
    elif suffix == "rs":
        if rust.matter(source):
            rust.read(source, routing)
    elif suffix == "rb":
        ruby.read(source, routing)
    elif suffix in ("graphql", "gql", "graphqls"):
        contracts.graphql(source, routing)
    elif suffix == "proto":
        contracts.proto(source, routing)
    elif suffix in ("yaml", "yml", "json"):
        contracts.openapi(source, routing)


def _shape(path: str) -> str:
    """A path whose parameters are all called the same, whatever the framework's spelling."""
    return re.sub(r"\{[^}]*\}|<[^>]*>|(?<=/):\w+|\[\w+\]", "{}", path.removesuffix("?")).rstrip("/").lower()


def _ends(shape: str) -> list[str]:
    """A path, and what is left of it without the first one or two segments: a contract may not know the prefix."""
    parts = shape.split("/")
    return ["/".join(["", *parts[at:]]).rstrip("/") for at in range(1, min(len(parts), 4))]


def _prefixed(
    route: Route, before: Mapping[str, str], versions: tuple[str, str] | None, sources: Mapping[str, Source]
) -> Route:
    """A NestJS route with the prefix its application sets, the nearest application's if there are several."""
    path = route.path
    if route.methods in ("QUERY", "MUTATION", "SUBSCRIPTION", "RPC"):
        path = path.lstrip("/")
    if versions and route.router.startswith("class ") and sources[route.file].suffix in SCRIPTS:
        own = re.fullmatch(r"class \w+(?: v(\w+))?", route.router)
        if own and (version := own.group(1) or versions[1]):
            path = joined(f"/{versions[0]}{version}", path)
    if before and route.router.startswith("class ") and sources[route.file].suffix in SCRIPTS:
        shared = {
            prefix: len(posixpath.commonpath([posixpath.dirname(there) or ".", posixpath.dirname(route.file) or "."]))
            for prefix, there in before.items()
        }
        path = joined(max(sorted(shared), key=lambda prefix: shared[prefix]), path)
    return Route(route.methods, path, route.handler, route.file, route.line, route.router)
