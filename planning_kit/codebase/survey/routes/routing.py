"""How routers are put together: routes, the routers they are on, and where those are mounted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

Key = tuple[str, str]
"""A router: the file it is in, and what it is called there."""
SCRIPTS = ("js", "ts", "mjs", "cjs", "tsx", "jsx", "mts")
_DEEPEST = 6
_MOST = 3
"""Routers are mounted in each other at most this deep, and one router is shown at most at this many places."""


@dataclass(frozen=True)
class Route:
    """One way in: ``methods`` (``GET``, ``GET,POST``, ``ANY``, ``WS``, ``QUERY``, ``RPC``), its ``path`` on its ``router``, who answers."""

    methods: str
    path: str
    handler: str
    file: str
    line: int
    router: str = ""

    def __str__(self) -> str:
        return f"{self.methods} {self.path}" + (f" -> {self.handler}" if self.handler else "")


@dataclass(frozen=True)
class Mount:
    """``child`` answers below ``prefix`` of ``parent``; ``instead`` of the child's own prefix if so."""

    parent: Key
    child: Key
    prefix: str
    instead: bool = False


@dataclass
class Routing:
    """Every route that was found, the routers' own prefixes and how they are mounted."""

    routes: list[Route] = field(default_factory=list)
    mounts: list[Mount] = field(default_factory=list)
    prefixes: dict[Key, str] = field(default_factory=dict)
    functions: dict[str, list[Key]] = field(default_factory=dict)
    """Functions that put routes on a router they are given, or make one: name → where."""
    named: set[Key] = field(default_factory=set)
    """Routers that have a name of their own beside others in their file; a script's only router goes by the empty name."""
    calls: list[tuple[Key, str, str, str]] = field(default_factory=list)
    """Where such a function is called: the router, the function's name, the prefix, and the code that names it."""

    def mount(self, parent: Key, child: Key, prefix: str, instead: bool = False) -> None:
        """Say that ``child`` answers below ``prefix`` of ``parent``."""
        if parent != child:
            self.mounts.append(Mount(parent, child, prefix, instead))

    def link(self) -> None:
        """Mount what the called functions make; of several with one name, those whose file the call mentions."""
        for parent, name, prefix, code in self.calls:
            there = [key for key in self.functions.get(name, ()) if key != parent]
            said = code.lower().replace("_", "")
            meant = [key for key in there if any(part in said for part in _telling(key[0]))]
            for key in meant if len(there) > 1 and meant else there[:_MOST]:
                self.mount(parent, key, prefix)
        self.calls.clear()

    def complete(self) -> list[Route]:
        """Every route with its whole path, each once, in the order they were found."""
        self.link()
        above: dict[Key, list[Mount]] = defaultdict(list)
        for mount in self.mounts:
            file, name = mount.child
            script = file.rpartition(".")[2] in SCRIPTS
            above[(file, "") if script and mount.child not in self.named else (file, name)].append(mount)
        known: dict[Key, tuple[str, ...]] = {}
        done: dict[tuple[str, str, bool], Route] = {}
        for route in self.routes:
            key = (route.file, route.router)
            for prefix in known.setdefault(key, tuple(self._prefixes(key, above, _DEEPEST))):
                whole = tidy(prefix + ("/" if prefix and route.path[:1] not in ("", "/") else "") + route.path)
                full = Route(route.methods, whole, route.handler, route.file, route.line, route.router)
                done.setdefault((full.methods, full.path, full.router == "openapi"), full)
        return list(done.values())

    def _prefixes(self, key: Key, above: dict[Key, list[Mount]], deep: int) -> Iterable[str]:
        own = self.prefixes.get(key, "")
        mounts = above.get(key, []) if deep else []
        if not mounts:
            return [own]
        found: dict[str, None] = {}
        for mount in mounts[:20]:
            below = joined(mount.prefix, "" if mount.instead else own)
            for prefix in self._prefixes(mount.parent, above, deep - 1):
                found[joined(prefix, below)] = None
        return list(found)[:_MOST]


def _telling(path: str) -> list[str]:
    """The parts of a path that tell one file of routes from another, singular, in lower case."""
    parts = re.split(r"[/._-]", path.lower())[:-1]
    return [part.removesuffix("s") for part in parts[-3:] if len(part) > 3 and part.removesuffix("s") not in _TOLD]


_TOLD = {"route", "router", "handler", "controller", "internal", "service", "http", "server", "main", "endpoint"}


def joined(prefix: str, path: str) -> str:
    """``path`` below ``prefix``; a lone ``/`` below a prefix is the prefix itself."""
    if path in ("", "/"):
        return prefix or path
    return prefix.rstrip("/") + "/" + path.lstrip("/") if prefix else path


def tidy(path: str) -> str:
    """``path`` from one leading slash, without doubled ones."""
    return re.sub(r"/{2,}", "/", "/" + path.strip())
