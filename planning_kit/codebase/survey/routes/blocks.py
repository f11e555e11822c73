"""Routes written in nested blocks: Ktor and Spring's functional routes, Laravel, Slim, and ASP.NET's minimal APIs."""

from __future__ import annotations

import re

from ..source import Source, matches
from .nested import Nested
from .routing import Route, Routing, joined

_KTOR_FUNCTION = re.compile(r"\bfun\s+(?:\w+\.)?(\w+)\s*(?=\()")
_KTOR_SPAN = re.compile(
    r"\b(?:route|nest|path)\s*\(\s*\"([^\"\n]*)\"\s*\)\s*(?:\.nest\s*)?(\{)|\(?\"(/[^\"\n]*)\"\)?\.nest\s*(\{)"
)
_KTOR = re.compile(
    r"(?<![.\w])(get|post|put|patch|delete|head|options|webSocket|GET|POST|PUT|PATCH|DELETE)\s*(?:<[^>\n]{0,60}>)?\s*(?:\(\s*\"([^\"\n]*)\"[^)\n]{0,120}\)\s*)?(?:\{|(?<=\)))"
)
_KTOR_REFERENCE = re.compile(r"[.(\s](GET|POST|PUT|PATCH|DELETE)\(\s*\"([^\"\n]*)\"\)?\s*,\s*([\w.]*::\w+)")
_KTOR_CALL = re.compile(r"(?<![.\w@])([a-z]\w*)[ \t]*\(")

_PHP_SPAN = re.compile(
    r"\bprefix\(\s*['\"]([^'\"\n]*)['\"]\s*\)|['\"]prefix['\"]\s*=>\s*['\"]([^'\"\n]*)['\"]|->group(\()\s*['\"]([^'\"\n]*)['\"]"
)
_PHP = re.compile(
    r"(?:\bRoute::|->)(get|post|put|patch|delete|options|any|match|resource|apiResource|apiResources|view|redirect)\s*(\()"
)
_PHP_CONTROLLER = re.compile(r"\bRoute::(?:[^;]{0,200}?->)?controller\(\s*(\w+)::class\s*\)")
_PHP_CHOSEN = re.compile(r"(?:->|['\"])(only|except)['\"]?(?:\(|\s*=>)\s*\[([^\]]{0,200})\]")

_NET_FUNCTION = re.compile(r"\b(?:static|void|async|private|public|internal)\s+[\w<>?]+\s+(\w+)\s*(?=\()")
_NET_THIS = re.compile(r"\(\s*(?:this\s+)?(?:IEndpointRouteBuilder|WebApplication|RouteGroupBuilder)\s+(\w+)")
_NET_GROUP = re.compile(
    r"\b(\w+)\s*=\s*(\w+)((?:\s*\.\s*(?:NewVersionedApi|HasApiVersion|WithTags|RequireAuthorization)\([^()]{0,80}\))*)\s*\.\s*MapGroup\(\s*\$?\"([^\"\n]*)\"\s*\)"
)
_NET = re.compile(r"(?:\b(\w+)|\))\s*\.\s*Map(Get|Post|Put|Patch|Delete)\s*(\()\s*\$?\"([^\"\n]*)\"")
_NET_CALL = re.compile(
    r"\b(\w+)(?:\s*\.\s*MapGroup\(\s*\$?\"([^\"\n]*)\"\s*\))?(?:\s*\.\s*(?:WithTags|RequireAuthorization|WithOpenApi)\([^()]{0,80}\))*\s*\.\s*(Map(?!Group\b|Get\b|Post\b|Put\b|Patch\b|Delete\b|Controllers\b)\w+)\s*\("
)

_CRUD = {
    "index": "GET",
    "store": "POST",
    "create": "GET",
    "show": "GET",
    "update": "PUT",
    "destroy": "DELETE",
    "edit": "GET",
}


def kotlin(source: Source, routing: Routing) -> None:
    """Routes of Ktor's routing blocks and of Spring's router functions."""
    if "io.ktor" not in source.text and "RouterFunction" not in source.text and "outer {" not in source.text:
        return
    nested = Nested(source)
    for head in nested.enter(_KTOR_FUNCTION):
        routing.functions.setdefault(head.group(1), []).append((source.path, head.group(1)))
    for found in _KTOR_SPAN.finditer(source.code):
        opening = found.start(2) if found.group(2) else found.start(4)
        nested.prefixes.append((opening, source.end(opening), found.group(1) or found.group(3)))
    for found in _KTOR.finditer(source.code):
        if (
            source.bare[found.start()] == " "
            or not nested.function(found.start())
            and not nested.prefix(found.start())
            and not found.group(2)
        ):
            continue
        verb = "WS" if found.group(1) == "webSocket" else found.group(1).upper()
        _add(nested, found.start(), verb, found.group(2) or "", "", routing)
    for found in _KTOR_REFERENCE.finditer(source.code):
        _add(nested, found.start(1), found.group(1), found.group(2), found.group(3).replace("::", "."), routing)
    for found in _KTOR_CALL.finditer(source.bare):
        if inside := nested.function(found.start(1)):
            routing.calls.append(((source.path, inside), found.group(1), nested.prefix(found.start(1)), found.group(1)))


def _add(nested: Nested, at: int, verb: str, path: str, handler: str, routing: Routing) -> None:
    source = nested.source
    whole = joined(nested.prefix(at), "/" + path.strip("/") if path else "")
    routing.routes.append(Route(verb, whole, handler, source.path, source.line(at), nested.function(at)))


def php(source: Source, routing: Routing) -> None:
    """Routes of Laravel's route files and of Slim and Lumen."""
    slim = any(hint in source.text for hint in ("Slim\\", "$router->", "RouteCollectorProxy"))
    if "Route::" not in source.text and not slim:
        return
    nested = Nested(source)
    if re.search(r"(?:^|/)routes/api\.php$", source.path):
        nested.prefixes.append((-1, len(source.text) + 1, "api"))
    for found in matches(_PHP_SPAN, source.code, "prefix", "->group("):
        opening = found.start(3) if found.group(3) else source.code.find("group(", found.end(), found.end() + 400) + 5
        if found.group(2):
            opening = max(source.code.rfind("group(", 0, found.start()), -6) + 5
        if opening > 4:
            nested.prefixes.append((opening, source.end(opening), found.group(1) or found.group(2) or found.group(4)))
    nested.prefixes.sort()
    spans = [
        (found.group(1), source.code.find("group(", found.end(), found.end() + 300) + 5)
        for found in matches(_PHP_CONTROLLER, source.code, "controller(")
    ]
    owners = [(opening, source.end(opening), name) for name, opening in spans if opening > 4]
    for found in _PHP.finditer(source.code):
        if (
            "::" in found.group()
            or slim
            or "Route::" in source.code[source.code.rfind(";", 0, found.start()) + 1 : found.start()]
        ):
            _php_route(found, nested, owners, routing)


def _php_route(found: re.Match[str], nested: Nested, owners: list[tuple[int, int, str]], routing: Routing) -> None:
    source, kind = nested.source, found.group(1)
    arguments = [code for _, code in source.arguments(found.start(2))]
    if kind == "match" and len(arguments) > 2:
        verbs = ",".join(re.findall(r"['\"](\w+)['\"]", arguments.pop(0))).upper()
    else:
        verbs = "ANY" if kind in ("any", "match") else "GET" if kind == "view" else kind.upper()
    path = re.fullmatch(r"['\"]([^'\"\n]*)['\"]", arguments[0]) if len(arguments) > 1 else None
    if path is None or kind in ("redirect", "apiResources"):
        return
    names = re.findall(r"\w+(?=::class)|['\"](\w+)['\"]|['\"]?(\w+@\w+)", arguments[1])
    handler = ".".join(re.findall(r"(\w+)::class", arguments[1]) + [one or two for one, two in names if one or two])
    if "function" in arguments[1] or "fn" in arguments[1][:3]:
        handler = ""
    owner = next((name for start, end, name in owners if start < found.start() < end), "")
    handler = f"{owner}.{handler}" if owner and handler and "." not in handler else handler
    if kind not in ("resource", "apiResource"):
        _add(nested, found.start(), verbs, path.group(1), handler.replace("@", "."), routing)
        return
    tail = source.code[source.end(found.start(2)) : source.end(found.start(2)) + 200].split(";")[0]
    chosen = _PHP_CHOSEN.search(arguments[2] if len(arguments) > 2 else tail)
    listed = re.findall(r"\w+", chosen.group(2)) if chosen else []
    actions = [each for each in _CRUD if kind == "resource" or each not in ("create", "edit")]
    if chosen:
        actions = [each for each in actions if (each in listed) == (chosen.group(1) == "only")]
    parts = path.group(1).strip("/").split(".")
    base = "".join(f"{part}/{{{_one(part)}}}/" for part in parts[:-1]) + parts[-1]
    one = f"{base}/{{{_one(parts[-1])}}}"
    for at, group in ((base, ("index", "store")), (one, ("show", "update", "destroy"))):
        if some := [each for each in group if each in actions]:
            _add(nested, found.start(), ",".join(_CRUD[each] for each in some), at, handler, routing)


def _one(path: str) -> str:
    """What a resource's parameter is called: ``album`` for ``albums``."""
    word = path.rpartition("/")[2].replace("-", "_")
    return re.sub(r"ies$", "y", word) if word.endswith("ies") else re.sub(r"(?<!s)s$", "", word)


def net(source: Source, routing: Routing) -> None:
    """Routes of ASP.NET's minimal APIs."""
    if "Map" not in source.text or not _NET.search(source.code) and not _NET_CALL.search(source.code):
        return
    nested = Nested(source)
    for head in nested.enter(_NET_FUNCTION):
        if given := _NET_THIS.match(source.bare, head.end()):
            routing.functions.setdefault(head.group(1), []).append((source.path, f"{head.group(1)}:{given.group(1)}"))
    for found in _NET_GROUP.finditer(source.code):
        inside = nested.function(found.start())
        routing.mount(
            (source.path, f"{inside}:{found.group(2)}"),
            (source.path, f"{inside}:{found.group(1)}"),
            "/" + found.group(4).strip("/"),
        )
    router = ""
    for found in _NET.finditer(source.code):
        router = found.group(1) or router
        arguments = source.arguments(found.start(3))
        handler = nested.handler(arguments[1][1]) if len(arguments) > 1 else ""
        path = "/" + found.group(4).strip("/") if found.group(4).strip("/") else ""
        key = f"{nested.function(found.start())}:{router}"
        routing.routes.append(
            Route(found.group(2).upper(), path, handler, source.path, source.line(found.start(2)), key)
        )
    for found in _NET_CALL.finditer(source.code):
        inside = nested.function(found.start())
        routing.calls.append(
            (
                (source.path, f"{inside}:{found.group(1)}"),
                found.group(3),
                "/" + (found.group(2) or "").strip("/"),
                found.group(3),
            )
        )
