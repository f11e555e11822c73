"""Routes of Go servers: Gin, Echo, Fiber, Chi, gorilla/mux and net/http (patterns with a method since Go 1.22)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..source import Source, matches
from .nested import Nested
from .routing import Key, Route, Routing, joined

_HINTS = (
    "gin-gonic/gin",
    "labstack/echo",
    "gofiber/fiber",
    "go-chi/chi",
    "gorilla/mux",
    "net/http",
    "httprouter",
    '.Group("',
    '.PathPrefix("',
    '.Mount("',
)
# word(?<=^word) is ^word: written so, re looks for the word itself first, which is many times faster
_FUNCTION = re.compile(r"(?m)func (?<=^func )(?:\([^)\n]*\) )?(\w+)\s*(?:\[[^\]\n]*\])?(?=\()")
_ROUTER = re.compile(
    r"\b(\w+)\s+\*?(?:gin\.(?:Engine|RouterGroup|IRouter|IRoutes)|echo\.(?:Echo|Group)|fiber\.(?:App|Router)|chi\.(?:Router|Mux)|"
    r"http\.ServeMux|(?:\w+\.)?(?:Router|RouterGroup))\b"
)
_MADE = re.compile(
    r"\b(\w+)\s*:?=\s*(?:gin\.(?:New|Default)|echo\.New|fiber\.New|chi\.New(?:Router|Mux)|mux\.NewRouter|http\.NewServeMux|httprouter\.New)\("
)
_GROUP = re.compile(
    r"\b(\w++(?:\.\w++){0,2})\s*:?=\s*(\w++(?:\.\w++){0,3})\.(?:Group|PathPrefix|Route|Party)\(\s*\"([^\"\n]*)\""
)
_SPAN = re.compile(r"\b(\w++(?:\.\w++){0,3})\.Route(\()\s*\"([^\"\n]*)\"\s*,\s*func\b")
_ROUTE = re.compile(
    r"\b(\w++(?:\.\w++){0,3})\.(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|Any|Get|Post|Put|Patch|Delete|Head|Options|All|HandleFunc|Handle|HandlerFunc|MethodFunc|Method|Add)(\()\s*(?:(?:http\.Method|\")(\w+)\"?\s*,\s*)?\"([^\"\n]*)\""
)
_METHODS = re.compile(r"\s*\.Methods\(([^()\n]*)\)")
_INLINE = re.compile(r"\b(\w+(?:\.\w+){0,3})\.(?:Group|PathPrefix)\(\s*\"([^\"\n]*)\"\s*\)(?:\.(?:Subrouter)\(\))?")
_CALL = re.compile(r"(?<!func )\b((?:\w++(?:\([^()\n]{0,60}\))?(?:\{[^{}\n]{0,80}\})?\.){0,3})([A-Za-z]\w*+)(\()")
_MOUNT = re.compile(r"\b(\w++(?:\.\w++){0,3})\.Mount(\()\s*\"([^\"\n]*)\"\s*,")
_TITLED = ("Get", "Post", "Put", "Patch", "Delete", "Head", "Options", "All")
_NO_CALLS = ("Group", "Mount", "Use", "Run", "func")
_ROUTERS = re.compile(r"(?i)(?:router|engine|mux|app|group|echo|api|routes)$")
_CLIENT = re.compile(r"(?i)^(?:http|client|.*client|resty|cache|req|redis|rdb|os|viper|cfg|config)$")


def matter(source: Source) -> bool:
    """Whether a Go file may hold routes."""
    return any(hint in source.text for hint in _HINTS)


@dataclass
class _File:
    """The blocks of a Go file, the routers that are known in it, and where its groups are made."""

    nested: Nested
    known: set[str] = field(default_factory=set)
    groups: dict[str, list[int]] = field(default_factory=dict)

    def key(self, at: int, name: str) -> Key:
        """The router called ``name`` at a position: the group last made under this name in this function, if any."""
        whole = f"{self.nested.function(at)}:{name}"
        before = [start for start in self.groups.get(whole, ()) if start < at]
        return (self.nested.source.path, f"{whole}@{before[-1]}" if before else whole)


def read(source: Source, routing: Routing) -> None:
    """Put the routes of a Go file into ``routing``."""
    nested = Nested(source)
    file = _File(nested)
    for head in nested.enter(_FUNCTION):
        opening = head.end()
        for parameter in _ROUTER.finditer(source.bare, opening, source.end(opening)):
            _knows(file, routing, head.group(1), parameter.group(1))
    for found in matches(_MADE, source.bare, ".New", ".Default"):
        _knows(file, routing, nested.function(found.start()), found.group(1))
    nested.prefixes = [
        (found.start(2), source.end(found.start(2)), found.group(3)) for found in matches(_SPAN, source.code, ".Route(")
    ]
    for found in matches(_GROUP, source.code, ".Group(", ".PathPrefix(", ".Route(", ".Party("):
        name = f"{nested.function(found.start())}:{found.group(1)}"
        parent = file.key(found.start(), found.group(2))
        file.known.add(name)
        file.groups.setdefault(name, []).append(found.start())
        prefix = joined(nested.prefix(found.start()), found.group(3))
        routing.mount(parent, file.key(found.end(), found.group(1)), prefix)
    frames = "net/http" not in source.text or any(hint in source.text for hint in _HINTS if hint != "net/http")
    for found in _ROUTE.finditer(source.code):
        _route(found, file, routing, frames)
    _mounts(file, routing)
    _calls(file, routing)


def _knows(file: _File, routing: Routing, function: str, name: str) -> None:
    routing.functions.setdefault(function, []).append((file.nested.source.path, f"{function}:{name}"))
    file.known.add(f"{function}:{name}")


def _route(found: re.Match[str], file: _File, routing: Routing, frames: bool) -> None:
    router, verb, method, path = found.group(1), found.group(2), found.group(4), found.group(5)
    source, at = file.nested.source, found.start()
    client = _CLIENT.match(router.rpartition(".")[2])
    if verb in _TITLED and (not frames or client) or not path.startswith("/") and path and " /" not in path:
        return
    arguments = source.arguments(found.start(3))
    if len(arguments) < 2:
        return
    if " /" in path:
        method, _, path = path.partition(" ")
        path = "/" + path.partition("/")[2]
    methods = (method or ("ANY" if verb in ("HandleFunc", "Handle", "HandlerFunc", "All", "Any") else verb)).upper()
    if after := _METHODS.match(source.code, source.end(found.start(3)) + 1):
        listed = re.findall(r"(?:Method)?([A-Za-z]+)\"?\s*(?:,|$)", after.group(1).replace("http.", ""))
        methods = ",".join(listed).upper() or methods
    whole = joined(file.nested.prefix(at), "" if path == "/" else path)
    second = "HandleFunc" in verb and (len(arguments) < 3 or method is None)
    handler = file.nested.handler(arguments[1 if second else -1][1])
    routing.routes.append(Route(methods, whole, handler, source.path, source.line(at), file.key(at, router)[1]))


def _mounts(file: _File, routing: Routing) -> None:
    """Chi's ``Mount``: of a function that makes a router, or of a router."""
    source = file.nested.source
    for found in matches(_MOUNT, source.code, ".Mount("):
        code = source.arguments(found.start(2))[-1][1]
        names = re.findall(r"(\w{1,80})\(", code[:400]) or re.findall(r"(\w{1,80})$", code[:400])
        prefix = joined(file.nested.prefix(found.start()), found.group(3))
        parent = file.key(found.start(), found.group(1))
        if names and "(" in code:
            routing.calls.append((parent, names[-1], prefix, code[:400]))
        elif names:
            routing.mount(parent, file.key(found.start(), names[-1]), prefix)


def _calls(file: _File, routing: Routing) -> None:
    """Calls of functions that are given a router."""
    source, nested = file.nested.source, file.nested
    for found in _CALL.finditer(source.code):
        opening = found.start(3)
        if source.bare[found.start()] == " " or found.group(2) in _NO_CALLS or source.end(opening) - opening > 300:
            continue
        inside = nested.function(found.start())
        given = [_given(code) for _, code in source.arguments(opening)[:4]] if inside else []
        routers = [each for each in given if f"{inside}:{each[0]}" in file.known]
        for name, below in routers or [each for each in given if _ROUTERS.search(each[0])]:
            parent, prefix = file.key(found.start(), name), joined(nested.prefix(found.start()), below)
            routing.calls.append((parent, found.group(2), prefix, found.group(1) + found.group(2)))


def _given(code: str) -> tuple[str, str]:
    """An argument that may be a router: its name, and the prefix of a group made on the way (``v1.Group("/x")``)."""
    inline = _INLINE.match(code)
    name = inline.group(1) if inline else code
    return (name, inline.group(2) if inline else "") if re.fullmatch(r"\w+(?:\.\w+)?", name) else ("", "")
