"""Routes of Django: URL patterns, what they include, and the routers of Django REST Framework; Starlette's and aiohttp's lists likewise.

As in Django's "URL dispatcher" and REST Framework's "Routers", "Generic views" and "ViewSets".
"""

from __future__ import annotations

import ast
import re

from ..modules import Function, Module, Modules, dotted, given, last
from .routing import Key, Route, Routing

_VERBS = ("get", "post", "put", "patch", "delete")
_GENERIC = {
    "ListAPIView": "GET", "RetrieveAPIView": "GET", "CreateAPIView": "POST", "DestroyAPIView": "DELETE", "UpdateAPIView": "PUT,PATCH",
    "ListCreateAPIView": "GET,POST", "RetrieveUpdateAPIView": "GET,PUT,PATCH", "RetrieveDestroyAPIView": "GET,DELETE",
    "RetrieveUpdateDestroyAPIView": "GET,PUT,PATCH,DELETE", "ListView": "GET", "DetailView": "GET", "TemplateView": "GET",
    "CreateView": "GET,POST", "UpdateView": "GET,POST", "DeleteView": "GET,POST", "FormView": "GET,POST", "RedirectView": "GET",
}  # fmt: skip
_ACTIONS = (
    ("list", "GET", "", ("ListModelMixin", "ModelViewSet", "ReadOnlyModelViewSet")),
    ("create", "POST", "", ("CreateModelMixin", "ModelViewSet")),
    ("retrieve", "GET", "{pk}/", ("RetrieveModelMixin", "ModelViewSet", "ReadOnlyModelViewSet")),
    ("update", "PUT", "{pk}/", ("UpdateModelMixin", "ModelViewSet")),
    ("partial_update", "PATCH", "{pk}/", ("UpdateModelMixin", "ModelViewSet")),
    ("destroy", "DELETE", "{pk}/", ("DestroyModelMixin", "ModelViewSet")),
)
_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*(?:\([^()]*\)[^()]*)*\)")


def patterns(node: ast.expr, module: Module, modules: Modules, routing: Routing, router: Key, deep: int = 6) -> None:
    """Put the routes of a list of patterns (``urlpatterns``, ``routes``) into ``routing``."""
    if isinstance(node, ast.BinOp):
        sides: list[ast.expr] = []
        while isinstance(node, ast.BinOp) and len(sides) < 50:
            sides.append(node.right)
            node = node.left
        for side in (node, *reversed(sides)):
            patterns(side, module, modules, routing, router, deep)
    elif isinstance(node, ast.List | ast.Tuple) and deep:
        for each in node.elts:
            if isinstance(each, ast.Call):
                _pattern(each, module, modules, routing, router, deep)
    elif isinstance(node, ast.Call) and last(node).endswith("patterns"):
        for part in node.args:
            if isinstance(part, ast.Call):
                _pattern(part, module, modules, routing, router, deep)
            else:
                patterns(part, module, modules, routing, router, deep)
    elif name := dotted(node):
        _included(name, module, modules, routing, router, "")


def _pattern(call: ast.Call, module: Module, modules: Modules, routing: Routing, router: Key, deep: int) -> None:
    kind = last(call)
    path = modules.text(module, given(call, "route", "path", "regex", "prefix", at=0))
    if kind not in ("path", "re_path", "url", "Route", "WebSocketRoute", "Mount", *_VERBS) or path is None:
        return
    if kind in ("re_path", "url"):
        path = _GROUP.sub(r"{\1}", path[:500]).strip("^").removesuffix("$").replace("\\", "").replace("/?", "/")
    path = "/" + path.lstrip("/")
    view = given(call, "view", "endpoint", "handler", "app", at=1)
    if kind == "Mount" or isinstance(view, ast.Call) and last(view) == "include":
        inner = (
            given(call, "routes", "app", at=1)
            if kind == "Mount"
            else given(view, "arg", at=0)
            if isinstance(view, ast.Call)
            else None
        )
        _include(inner, module, modules, routing, router, path, deep)
        return
    if dotted(view).endswith("site.urls"):
        routing.routes.append(Route("ANY", path, "admin.site", module.source.path, call.lineno, router[1]))
        return
    name = dotted(view).removesuffix(".as_view")
    given_methods = given(call, "methods")
    methods = kind.upper() if kind in _VERBS else "WS" if kind == "WebSocketRoute" else ""
    if isinstance(given_methods, ast.List | ast.Tuple):
        methods = ",".join(str(each.value) for each in given_methods.elts if isinstance(each, ast.Constant))
    default = "GET" if kind == "Route" else "ANY"
    methods = methods or _methods(view, name, module, modules) or default
    routing.routes.append(Route(methods, path, name, module.source.path, call.lineno, router[1]))


def _include(
    inner: ast.expr | None, module: Module, modules: Modules, routing: Routing, router: Key, path: str, deep: int
) -> None:
    if isinstance(inner, ast.Tuple) and inner.elts:
        inner = inner.elts[0]
    if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
        if found := modules.find(inner.value, module.source.path):
            routing.mount(router, (found, "urlpatterns"), path)
    elif isinstance(inner, ast.List):
        key = (module.source.path, f"{router[1]}:{inner.lineno}:{inner.col_offset}")
        routing.mount(router, key, path)
        patterns(inner, module, modules, routing, key, deep - 1)
    elif name := dotted(inner):
        _included(name, module, modules, routing, router, path)


def _included(name: str, module: Module, modules: Modules, routing: Routing, router: Key, path: str) -> None:
    found, inner = modules.whose(module, name.removesuffix(".urls"))
    if found:
        routing.mount(router, (found, inner or "urlpatterns"), path)


def _methods(view: ast.expr | None, name: str, module: Module, modules: Modules) -> str:
    """What a view answers: said by ``as_view({...})``, by its decorator, its class's functions or its generic base."""
    if isinstance(view, ast.Call) and view.args and isinstance(view.args[0], ast.Dict):
        return ",".join(str(key.value).upper() for key in view.args[0].keys if isinstance(key, ast.Constant))
    path, inner = modules.whose(module, name)
    if not path:
        return ""
    if function := modules[path].functions.get(inner):
        for each in function.decorator_list:
            if isinstance(each, ast.Call) and last(each) in ("api_view", "require_http_methods") and each.args:
                listed = each.args[0]
                if isinstance(listed, ast.List | ast.Tuple):
                    return ",".join(str(one.value).upper() for one in listed.elts if isinstance(one, ast.Constant))
            if last(each).startswith("require_"):
                return {"require_GET": "GET", "require_safe": "GET", "require_POST": "POST"}.get(last(each), "")
        return ""
    if (node := modules[path].classes.get(inner)) is None:
        return ""
    names = {each.name for each in node.body if isinstance(each, Function)}
    inherited = {verb for base in node.bases for verb in _GENERIC.get(last(base), "").lower().split(",")}
    return ",".join(verb.upper() for verb in _VERBS if verb in names | inherited)


def registered(call: ast.Call, module: Module, modules: Modules, routing: Routing, router: Key) -> None:
    """The routes of a viewset registered with a router of REST Framework."""
    prefix = modules.text(module, call.args[0])
    name = dotted(call.args[1])
    if prefix is None or not name or not re.search(r"View|Set$", name):
        return
    path, inner = modules.whose(module, name)
    node = modules[path].classes.get(inner) if path else None
    base = "/" + prefix.strip("^/") + "/" if prefix.strip("^/") else "/"
    here = (module.source.path, call.lineno, router[1])
    if node is None:
        routing.routes.append(Route("ANY", base, name, *here))
        return
    bases = {last(each) for each in node.bases}
    lookup = next(
        (
            each.value
            for each in node.body
            if isinstance(each, ast.Assign) and last(each.targets[0]) in ("lookup_url_kwarg", "lookup_field")
        ),
        None,
    )
    identity = f"{{{(modules.text(modules[path], lookup) if lookup else '') or 'pk'}}}/"
    defined = {each.name: each for each in node.body if isinstance(each, Function)}
    for below in ("", "{pk}/"):
        verbs = [
            verb for action, verb, at, kinds in _ACTIONS if at == below and (action in defined or bases & {*kinds})
        ]
        if verbs:
            routing.routes.append(Route(",".join(verbs), base + (identity if below else ""), name, *here))
    for each in defined.values():
        for decoration in each.decorator_list:
            if isinstance(decoration, ast.Call) and last(decoration) == "action":
                _action(each, decoration, module, modules, routing, (base, identity), name, (path, router))


def _action(
    function: Function,
    decoration: ast.Call,
    module: Module,
    modules: Modules,
    routing: Routing,
    base: tuple[str, str],
    name: str,
    where: tuple[str, Key],
) -> None:
    detail = given(decoration, "detail")
    listed = given(decoration, "methods")
    methods = (
        [str(each.value).upper() for each in listed.elts if isinstance(each, ast.Constant)]
        if isinstance(listed, ast.List | ast.Tuple)
        else []
    )
    tail = modules.text(module, given(decoration, "url_path")) or function.name
    below = base[1] if isinstance(detail, ast.Constant) and detail.value else ""
    file, router = where
    key = f"{router[1]}@{router[0]}"
    routing.mount(router, (file, key), "")
    routing.routes.append(
        Route(
            ",".join(methods) or "GET",
            f"{base[0]}{below}{tail}/",
            f"{name}.{function.name}",
            file,
            function.lineno,
            key,
        )
    )
