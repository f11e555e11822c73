"""Routes of Python frameworks: decorators, calls that add a route, routers and where they are included.

FastAPI, Starlette, Flask (Blueprint, MethodView, Flask-RESTful), Litestar, Sanic, aiohttp and Django Ninja, as their
documentation spells them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..modules import Function, Module, Modules, dotted, given, last
from ..source import Source
from . import django
from .routing import Route, Routing

METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "trace")
_ROUTERS = {
    "APIRouter", "FastAPI", "Blueprint", "Flask", "Quart", "Starlette", "NinjaAPI", "Router", "Namespace", "Sanic", "Api", "Litestar",
    "RouteTableDef", "Application", "APIBlueprint", "OpenAPI", "Bottle",
}  # fmt: skip
_HINTS = (
    "APIRouter", "FastAPI", "Blueprint", "Flask", "Quart", "Starlette", "Ninja", "ninja", "urlpatterns", "Router(", "Namespace(", "Sanic",
    "Mount(", "Resource", "MethodView", "litestar", "aiohttp", "bottle", "include_router", "register_blueprint", "add_url_rule", "add_api_route",
    ".route(", ".get(\"/", ".post(\"/",
)  # fmt: skip
_ADDS = {"add_api_route": 1, "add_url_rule": 2, "add_route": 1, "add_api_websocket_route": 1, "add_websocket_route": 1}


def matter(source: Source) -> bool:
    """Whether a Python file may hold routes or routers."""
    return any(hint in source.text for hint in _HINTS)


def read(source: Source, modules: Modules, routing: Routing) -> None:
    """Put the routes, routers and mounts of a Python file into ``routing``."""
    module = modules[source.path]
    for node in module.statements:
        if isinstance(node, Function):
            _decorated(node, module, modules, routing)
        elif isinstance(node, ast.ClassDef):
            _class(node, module, modules, routing)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            _assigned(node, module, modules, routing)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            _called(node.value, module, modules, routing)


def _path(module: Module, modules: Modules, node: ast.expr | None) -> str | None:
    path = modules.text(module, node)
    if path is None or path and not path.startswith("/") and not (path.startswith("{") and "}/" in path + "/"):
        return None
    return path


def _methods(node: ast.expr | None, default: str = "GET") -> str:
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        found = [
            each.value.upper() for each in node.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ]
        found += [each.attr.upper() for each in node.elts if isinstance(each, ast.Attribute)]
        return ",".join(found) or default
    return default


def of_class(node: ast.ClassDef | None) -> str:
    """The methods a class-based view answers, by the names of its functions."""
    names = [each.name for each in node.body if isinstance(each, Function)] if node else []
    return ",".join(name.upper() for name in METHODS if name in names)


def _decorations(node: Function | ast.ClassDef, module: Module, modules: Modules) -> Iterator[tuple[str, str, str]]:
    """The methods, path and router of each decorator that makes a route."""
    for each in node.decorator_list:
        if not isinstance(each, ast.Call):
            continue
        name = dotted(each.func)
        router, _, verb = name.rpartition(".")
        path = _path(module, modules, given(each, "path", "rule", "uri", at=0))
        if path is None and not router and verb in METHODS and "litestar" in module.source.text:
            path = _path(module, modules, given(each, "path", at=0)) or ""
        if path is None or not router and (verb not in module.imports or not path.startswith("/")):
            continue
        if verb in METHODS:
            yield verb.upper(), path, router
        elif verb in ("route", "api_route", "api_operation"):
            methods = given(each, "methods", "http_method") or (each.args[0] if verb == "api_operation" else None)
            yield _methods(methods, of_class(node) if isinstance(node, ast.ClassDef) else "GET") or "ANY", path, router
        elif verb in ("websocket", "websocket_route"):
            yield "WS", path, router


def _handler(module: Module, name: str) -> str:
    return f"{module.source.stem}.{name}" if name else ""


def _decorated(node: Function, module: Module, modules: Modules, routing: Routing) -> None:
    for methods, path, router in _decorations(node, module, modules):
        routing.routes.append(
            Route(methods, path, _handler(module, node.name), module.source.path, node.lineno, router)
        )


def _class(node: ast.ClassDef, module: Module, modules: Modules, routing: Routing) -> None:
    """A class with a route on it, or a Litestar controller: its own path stands before those of its functions."""
    for methods, path, router in _decorations(node, module, modules):
        routing.routes.append(
            Route(methods, path, _handler(module, node.name), module.source.path, node.lineno, router)
        )
    if not any(last(base) == "Controller" for base in node.bases):
        return
    assigned = [each.value for each in node.body if isinstance(each, ast.Assign) and last(each.targets[0]) == "path"]
    own = _path(module, modules, assigned[0]) if assigned else ""
    for each in (one for one in node.body if isinstance(one, Function)):
        for decoration in each.decorator_list:
            verb = last(decoration)
            if verb in METHODS:
                below = (
                    _path(module, modules, given(decoration, "path", at=0)) if isinstance(decoration, ast.Call) else ""
                )
                whole = f"{own or ''}/{(below or '').lstrip('/')}".rstrip("/")
                routing.routes.append(
                    Route(
                        verb.upper(),
                        whole,
                        f"{node.name}.{each.name}",
                        module.source.path,
                        each.lineno,
                        f"class {node.name}",
                    )
                )


def _assigned(
    node: ast.Assign | ast.AnnAssign | ast.AugAssign, module: Module, modules: Modules, routing: Routing
) -> None:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    name, value = dotted(target), node.value
    if isinstance(value, ast.List | ast.Tuple) or isinstance(value, ast.BinOp | ast.Call) and name == "urlpatterns":
        django.patterns(value, module, modules, routing, (module.source.path, name))
    if not isinstance(value, ast.Call) or last(value) not in _ROUTERS or not name:
        return
    prefix = _path(
        module,
        modules,
        given(value, "prefix", "url_prefix", "path") or (given(value, at=1) if last(value) == "Namespace" else None),
    )
    routing.prefixes[(module.source.path, name)] = prefix or ""
    if last(value) == "Namespace" and prefix is None and (first := modules.text(module, given(value, at=0))):
        routing.prefixes[(module.source.path, name)] = f"/{first}"
    routes = given(value, "routes", at=1 if last(value) == "Starlette" else None)
    if isinstance(routes, ast.List):
        django.patterns(routes, module, modules, routing, (module.source.path, name))
    elif routes is not None and (inner := dotted(routes)):
        routing.mount((module.source.path, name), modules.whose(module, inner), "")


def _called(call: ast.Call, module: Module, modules: Modules, routing: Routing) -> None:
    """A call on a router: it takes another router in, or a route."""
    parent, _, verb = dotted(call.func).rpartition(".")
    router = (module.source.path, parent)
    if not parent:
        return
    if verb in ("include_router", "register_blueprint", "blueprint", "add_namespace") and call.args:
        prefix = _path(module, modules, given(call, "prefix", "url_prefix", "path")) or ""
        child = modules.whose(module, dotted(call.args[0]))
        routing.mount(router, child, prefix, instead=bool(prefix) and verb in ("register_blueprint", "add_namespace"))
    elif verb in ("add_router", "mount") and call.args:
        target = given(call, "router", "app", at=1)
        child = modules.whose(module, dotted(target))
        if isinstance(target, ast.Constant) and isinstance(target.value, str):
            package, _, name = target.value.rpartition(".")
            child = (modules.find(package, module.source.path), name)
        routing.mount(router, child, _path(module, modules, call.args[0]) or "")
    elif verb == "add_routes" and call.args:
        django.patterns(call.args[0], module, modules, routing, router)
    elif verb == "register" and len(call.args) >= 2:
        django.registered(call, module, modules, routing, router)
    else:
        _added(call, parent, verb, module, modules, routing)


def _added(call: ast.Call, parent: str, verb: str, module: Module, modules: Modules, routing: Routing) -> None:
    """A route that a call adds."""
    where = (module.source.path, call.lineno, parent)
    path = _path(module, modules, given(call, "path", "rule", at=0)) if verb.startswith("add_") else None
    if verb == "add_resource" and call.args:
        view = call.args[0]
        methods = _view(view, module, modules) or "ANY"
        for below in filter(None, (_path(module, modules, each) for each in call.args[1:])):
            routing.routes.append(Route(methods, below, _plain(view), *where))
    elif verb in _ADDS and path is not None:
        handler = given(call, "endpoint" if verb == "add_api_route" else "view_func", at=_ADDS[verb])
        methods = _methods(given(call, "methods"), "") or _view(handler, module, modules) or "GET"
        name = _handler(module, _plain(handler))
        routing.routes.append(Route("WS" if "websocket" in verb else methods, path, name, *where))
    elif verb.removeprefix("add_") in METHODS and path:
        routing.routes.append(Route(verb[4:].upper(), path, _plain(given(call, "handler", at=1)), *where))


def _plain(view: ast.expr | None) -> str:
    return dotted(view).removesuffix(".as_view")


def _view(view: ast.expr | None, module: Module, modules: Modules) -> str:
    path, name = modules.whose(module, _plain(view))
    return of_class(modules[path].classes.get(name)) if path else ""
