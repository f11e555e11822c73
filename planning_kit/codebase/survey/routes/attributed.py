"""Routes written as attributes of a class and its methods: Spring, Micronaut, JAX-RS, NestJS, ASP.NET, Symfony.

As the frameworks document them; the path of the class stands before that of the method.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..source import Source
from .routing import Route, Routing, joined

_VERBS = "Get|Post|Put|Patch|Delete|Head|Options"
_HINTS = (
    "Mapping", "@Controller", "@JsonController", "@RestController", "@Path", "[Http", "[Route", "#[Route", "@Resolver", "RoutePrefix", "#[Get(", "#[Post(",
)  # fmt: skip
# word(?<!\wword) is \bword: written so, re looks for the word itself first, which is many times faster
_MARK = re.compile(
    rf"@(?P<java>RequestMapping|(?:{_VERBS})Mapping|MessageMapping)\b|@(?P<plain>{_VERBS}|All|Sse)(?=\s*\()|@(?P<jax>GET|POST|PUT|PATCH|DELETE|HEAD)\b"
    r"|@(?P<path>Path|ApplicationPath)(?=\s*\()|@(?P<controller>(?:Rest|Json|ApiV?\d*)?Controller)\b|@(?P<graph>Query|Mutation|Subscription)(?=\s*\()"
    rf"|\[(?:\w+\(?[^\[\]\n]{{0,80}}?,\s*)?(?P<net>Http(?:{_VERBS})|Route|RoutePrefix)\b|#\[(?P<php>Route|{_VERBS})(?=\()|@(?P<foreign>FeignClient|RegisterRestClient|HttpExchange)\b"
    r"|class(?<!\wclass)\s+(?P<class>\w+)|interface(?<!\winterface)\s+(?P<interface>\w+)"
)
_METHODS_SAID = {
    "java": re.compile(r"\b(GET|POST|PUT|PATCH|DELETE)\b"),
    "php": re.compile(r"['\"](GET|POST|PUT|PATCH|DELETE)['\"]"),
}
_VALUE = re.compile(r"\b(?:value|path|uri|name)\s*[=:]\s*(?=[\[{\"'(]|arrayOf)")
_OTHER = re.compile(
    r"(?:^|,)\s*(?!value\b|path\b|uri\b)\w+\s*[=:]\s*(?:\[[^\]]{0,300}\]|\{[^}]{0,300}\}|\"[^\"\n]*\"|'[^'\n]*'|[\w.]+)"
)
_METHOD = re.compile(r"(?:\bfun\s+(\w+)\s*[(<]|\bfunction\s+(\w+)\s*\(|(\w++)\s*(?:<[^()<>]{0,60}>)?\()")
_SKIP = {"if", "for", "while", "switch", "return", "super", "async"}
_PREFIX = re.compile(
    r"setGlobalPrefix\(\s*(?:['\"`]([^'\"`\n]{1,80})['\"`]|[^'\"`;]{0,120}?['\"`]([^'\"`\n]{1,80})['\"`])"
)
_VERSIONED = re.compile(r"enableVersioning\(\s*(?:\)|\{[^}]{0,200}VersioningType\.URI|\{(?![^}]{0,200}VersioningType))")
_VERSION = re.compile(r"\bversion\s*:\s*\[?\s*(?:['\"`](\w+)['\"`]|(VERSION_NEUTRAL)\b)")
_DEFAULT = re.compile(r"\bdefaultVersion\s*:\s*\[?\s*['\"`](\w+)['\"`]")
_MARKED = re.compile(r"\bprefix\s*:\s*(?:['\"`](\w*)['\"`]|(false)\b)")


def matter(source: Source) -> bool:
    """Whether a file may hold a class with routes."""
    return any(hint in source.text for hint in _HINTS)


def global_prefix(source: Source) -> str:
    """What NestJS puts before every route of the application, if this file says so."""
    found = _PREFIX.search(source.code) if "setGlobalPrefix" in source.text else None
    if not found:
        return ""
    return "/" + found.group(1).strip("/") if found.group(1) else f"/{{{found.group(2)}}}"


def versioned(source: Source) -> bool:
    """Whether NestJS puts a controller's version into the path."""
    return "enableVersioning" in source.text and bool(_VERSIONED.search(source.code))


def versions(source: Source) -> tuple[str, str]:
    """What NestJS puts before a version in the path (``v`` unless it is set), and the version a controller without one has, or empty."""
    found = _VERSIONED.search(source.code)
    said = source.inside(source.code.index("(", found.start())) if found else ""
    default, marked = _DEFAULT.search(said), _MARKED.search(said)
    return (marked.group(1) or "") if marked else "v", default.group(1) if default else ""


@dataclass(frozen=True)
class _Mark:
    """An attribute: its ``kind`` (a group of the pattern), how it is ``written`` (methods once known), its ``paths``, where it is."""

    kind: str
    written: str
    paths: list[str]
    at: int


@dataclass(frozen=True)
class _Owner:
    """The class the attributes stand in: its name, version and paths; ``served`` if it has attributes, ``foreign`` if it calls others."""

    name: str = ""
    version: str = ""
    prefixes: tuple[str, ...] = ("",)
    served: bool = False
    foreign: bool = False


def read(source: Source, routing: Routing) -> None:
    """Put the routes of the classes of a file into ``routing``."""
    pending: list[_Mark] = []
    owner = _Owner()
    at = 0
    for found in _MARK.finditer(source.code):
        if found.start() < at or source.bare[found.start()] == " ":
            continue
        if found.group("class") or found.group("interface"):
            before = source.bare[found.start() - 1 : found.start()]
            if before not in (".", "@") and source.bare[found.start(found.lastgroup or 0)] != " ":
                owner, pending = _owner(source, found, pending), []
            continue
        opening = _opening(source, found.end())
        at = source.end(opening) + 1 if opening >= 0 else found.end()
        pending.append(_mark(found, source.inside(opening) if opening >= 0 else ""))
        if following := _next(source, at):
            if owner.name and not owner.foreign:
                _method(source, pending, following, owner, routing)
            pending = []


def _owner(source: Source, found: re.Match[str], pending: list[_Mark]) -> _Owner:
    kinds = {mark.kind for mark in pending}
    paths = [
        path for mark in pending if mark.kind in ("java", "path", "controller", "net", "php") for path in mark.paths
    ]
    stated = _VERSION.search(source.code[pending[0].at : found.start()]) if "controller" in kinds else None
    name = found.group("class") or found.group("interface")
    stem = name.removesuffix("Controller")
    prefixes = tuple(re.sub(r"(?i)\[controller\]", stem, path) for path in paths) or ("",)
    return _Owner(name, _said(stated) if stated else "", prefixes, bool(kinds), "foreign" in kinds)


def _said(version: re.Match[str]) -> str:
    """A controller's version as its router's name carries it."""
    return f" v{version.group(1)}" if version.group(1) else " neutral"


def _mark(found: re.Match[str], inside: str) -> _Mark:
    kind = str(found.lastgroup)
    written = str(found.group(kind))
    pattern = _METHODS_SAID.get(kind)
    verbs = pattern.findall(inside) if pattern and written in ("RequestMapping", "Route") else []
    return _Mark(kind, ",".join(verbs) or written, _paths(inside), found.start())


def _opening(source: Source, end: int) -> int:
    found = re.compile(r"\s*\(").match(source.code, end)
    return found.end() - 1 if found else -1


def _next(source: Source, at: int) -> str:
    """The name of the method the annotations before ``at`` stand on; empty while more annotations, or a class, follow."""
    at = source.code.find("]", at) + 1 if source.code[at : at + 1] in "],|" and "]" in source.code[at : at + 80] else at
    for _ in range(12):
        step = re.compile(r"\s*(?:@[\w.]+|\[(?=\w)|#\[)").match(source.code, at)
        if not step:
            break
        if _MARK.match(source.code, step.start() + len(step.group()) - len(step.group().lstrip())):
            return ""
        if step.group().endswith("["):
            at = source.end(step.end() - 1) + 1
        else:
            opening = _opening(source, step.end())
            at = source.end(opening) + 1 if opening >= 0 else step.end()
    head = source.bare[at : at + 600]
    if re.match(r"\s*(?:\w+\s+){0,5}(?:class|interface|record|object)\b", head):
        return ""
    for found in _METHOD.finditer(head):
        name = found.group(1) or found.group(2) or found.group(3)
        if name not in _SKIP:
            return name
    return ""


def _paths(inside: str) -> list[str]:
    """The paths among an annotation's arguments."""
    named = _VALUE.search(inside)
    code = inside[named.end() :] if named else _OTHER.sub("", inside)
    code = code.lstrip()
    if code[:1] in ("[", "{", "("):
        code = code[: max(code.find({"[": "]", "{": "}", "(": ")"}[code[0]]), 1)]
    elif code.startswith("arrayOf"):
        code = code[: code.find(")")]
    else:
        code = re.split(r",\s*\w+\s*[=:]|,(?=\s*\{)", code)[0]
        code = code.split(",")[0]
    return [one or two or three for one, two, three in re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`\n]*)`", code)][:4]


def _method(source: Source, pending: list[_Mark], name: str, owner: _Owner, routing: Routing) -> None:
    """The routes of a method, by the attributes before it."""
    if graph := next((mark for mark in pending if mark.kind == "graph"), None):
        if owner.name.endswith(("Resolver", "Resolvers")) or "@Resolver" in source.text:
            field = graph.paths[0] if graph.paths and graph.paths[0] else name
            where = (source.path, source.line(graph.at), "graphql")
            routing.routes.append(Route(graph.written.upper(), field, f"{owner.name}.{name}", *where))
        return
    verbs, start = _verbs(pending)
    if verbs in ("", "SSE") or not owner.served and not any(mark.kind in ("net", "php") for mark in pending):
        return
    paths = next((mark.paths for mark in reversed(pending) if mark.paths), [""])
    if source.suffix == "cs" and not owner.served and paths == [""]:
        paths = [f"/{owner.name.removesuffix('Controller')}/{name}"]
    for prefix in owner.prefixes[:3]:
        for path in paths[:4]:
            path = re.sub(r"(?i)\[action\]", name, path)
            whole = joined(f"/{prefix.strip('/')}" if prefix else "", f"/{path.strip('/')}" if path else "")
            if path.startswith("~/"):
                whole = path[1:]
            where = (source.path, source.line(start), f"class {owner.name}{owner.version}")
            routing.routes.append(Route(verbs, whole, f"{owner.name}.{name}", *where))


def _verbs(pending: list[_Mark]) -> tuple[str, int]:
    """The methods the attributes name, and where the last of these stands."""
    verbs, start = "", pending[0].at
    for mark in pending:
        if mark.written in ("RequestMapping", "Route", "MessageMapping"):
            bare = mark.kind == "net" and len(pending) > 1
            verbs, start = verbs or ("" if bare else "ANY"), mark.at
        elif mark.kind in ("java", "plain", "jax", "net", "php") and mark.written != "RoutePrefix":
            verb = mark.written.removesuffix("Mapping").removeprefix("Http").upper().replace("ALL", "ANY")
            verbs, start = f"{verbs},{verb}".strip(","), mark.at
    return verbs.removeprefix("ANY,"), start
