"""Routes of JavaScript and TypeScript servers: Express, Koa, Fastify, Hono; and hapi."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection

from ..source import Source, matches
from . import placed
from .routing import Key, Route, Routing

_VERB = "get|post|put|patch|delete|del|all|head|options"
_MADE = re.compile(
    r"\b(?:const|let|var)\s+(\w+)\s*(?::[^=\n]{1,60})?=\s*(?:await\s+)?(?:new\s+)?"
    r"((?:\w+\.)?(?:express|Router|Hono|OpenAPIHono|Elysia|Koa|KoaRouter|[Ff]astify|PromiseRouter|Hapi\.server|Application|require\(['\"][@\w/-]*(?:router|fastify|koa|express|hono)['\"]\)))\s*(?:<[^>\n]{0,80}>)?\("
)
_MAKERS = (
    "express", "Router", "Hono", "Elysia", "Koa", "astify", "Hapi.server", "Application", "require(",
)  # fmt: skip
_DEFAULT = re.compile(
    r"\bexport\s+(default)\s+(?:new\s+)?(?:\w+\.)?(?:Router|Hono)\(|\bmodule\.(exports)\s*=\s*(?:new\s+)?(?:\w+\.)?(?:Router|Hono)\("
)
_PARAMETER = re.compile(
    r"\(\s*(?:this:[^,()]{1,40},\s*)?(app|router|fastify|server|instance|api|routes|f)\s*(?::\s*[\w.<>\[\], ]{1,60})?\s*(?:,[^()]{0,120})?\)\s*(?::[^={]{1,60})?(?:=>|\{)"
)
_TAKEN = re.compile(
    r"\bimport\s*\{[^}]{0,200}\b(app|router|fastify|server)\b[^}]{0,200}\}|\bimport\s+(app|router|Route)\s+from|\b(?:const|let|var)\s+(?:\{\s*)?(app|router|Route|server)\b[^=\n]{0,40}=\s*require\(|\buse\((['\"])@ioc:Adonis"
)
_CALL = re.compile(
    rf"(?:\b(?<![.\w])(\w+)|(\)))\s*\.\s*({_VERB})\s*(?:<[^()\n]{{0,80}}>)?\s*(\()\s*(['\"`])(/[^'\"`\n]{{0,200}}|\*)\5"
)
_EMPTY = re.compile(rf"(?<![.\w])(\w+)\s*\.\s*({_VERB})\s*(\()\s*(['\"])\4")
_CHAIN = re.compile(r"\b(\w+)\s*\.\s*route\s*(\()\s*(['\"`])(/[^'\"`\n]{0,200})\3\s*\)")
_NEXT = re.compile(rf"\s*\.\s*({_VERB})\s*(\()")
_OBJECT = re.compile(r"\b(\w+)\s*\.\s*(?:route|openapi)\s*(\()\s*(?:\[\s*)?\{")
_OBJECT_METHOD = re.compile(r"\bmethod\s*:\s*(\[[^\]]{1,80}\]|['\"`]\w+['\"`])")
_OBJECT_PATH = re.compile(r"\b(?:url|path)\s*:\s*['\"`]([^'\"`\n]{1,200})['\"`]")
_OBJECT_HANDLER = re.compile(r"\bhandler\s*:\s*(?!async\b|function\b)([\w.]+)")
_USE = re.compile(r"(?:\b(\w+)|\))\s*\.\s*(use|register|route|mount)\s*(\()")
_BASE = re.compile(r"\s*\.\s*(?:basePath|prefix)\(\s*['\"`](/[^'\"`\n]{0,100})['\"`]")
_LISTED = re.compile(
    r"\{\s*path\s*:\s*['\"`](/[^'\"`\n]{0,100})['\"`]\s*,\s*\w+\s*:\s*([A-Za-z_$][\w$]*(?:\.\w+)?)\s*,?\s*\}"
)
_PREFIX = re.compile(r"\bprefix\s*:\s*['\"`](/[^'\"`\n]{0,100})['\"`]")
_IMPORT = re.compile(
    r"\bimport\s+(?:type\s+)?([\w*$]+(?:\s+as\s+\w+)?)?\s*,?\s*(?:\{([^}]{0,2000})\})?\s*from\s*['\"]([^'\"\n]{1,200})['\"]"
    r"|\b(?:const|let|var)\s+(?:(\w+)|\{([^}]{0,500})\})\s*=\s*(?:await\s+)?(?:require|import)\(\s*['\"]([^'\"\n]{1,200})['\"]\s*\)"
)
_LOADED = re.compile(r"(?:require|import)\(\s*['\"]([^'\"\n]{1,200})['\"]\s*\)")
_NAME = re.compile(r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*")
_ENDINGS = ("", ".ts", ".js", ".mjs", ".cjs", ".tsx", ".jsx", "/index.ts", "/index.js", "/index.mjs")
_FRONTEND = re.compile(r"\baxios\b|from ['\"]react['\"]|@angular/core")


def matter(source: Source) -> bool:
    """Whether a JavaScript or TypeScript file may hold routes or routers."""
    text = source.text
    return any(
        f"{dot}{verb}" in text for dot in (".", "\n.") for verb in ("get(", "post(", "put(", "patch(", "delete(", "route(", "use(", "register(", "get<", "post<")
    ) or bool(placed.by_file(source.path))  # fmt: skip


def read(source: Source, paths: Collection[str], routing: Routing) -> None:
    """Put the routes, routers and mounts of a file into ``routing``; ``paths`` are all files, to find what is imported."""
    if path := placed.by_file(source.path):
        placed.read(source, path, routing)
        return
    made = {
        found.group(1) or found.group(2): found
        for pattern, words in ((_MADE, _MAKERS), (_DEFAULT, ("Router(", "Hono(")))
        for found in matches(pattern, source.code, *words)
    }
    names = {*made, *(found.group(1) for found in _PARAMETER.finditer(source.code))}
    names |= {name for found in _TAKEN.finditer(source.code) for name in found.groups()[:3] if name}
    if (
        not names
        or _FRONTEND.search(source.code)
        and not made
        and "express" not in source.code
        and "fastify" not in source.code.lower()
    ):
        return
    routing.named |= {(source.path, name) for name in made if len(made) > 1}
    for name, found in made.items():
        opening = source.code.index("(", found.end() - 1)
        if prefix := _PREFIX.search(source.inside(opening)[:500]) or _BASE.match(source.code, source.end(opening) + 1):
            routing.prefixes[(source.path, _key(name, made))] = prefix.group(1)
    _calls(source, names, made, routing)
    _objects(source, names, made, routing)
    _mounts(source, names, made, paths, routing)


def _key(name: str, made: Collection[str]) -> str:
    """One router in a file is the file's; of several each has its name."""
    return name if len(made) > 1 else ""


def _handler(source: Source, opening: int) -> str:
    arguments = source.arguments(opening)
    if len(arguments) < 2:
        return ""
    code = re.sub(
        r"^(?:asyncHandler|catchAsync|wrap|asyncWrapper|expressAsyncHandler|ctrlWrapper|wrapAsync|handler)\(\s*",
        "",
        arguments[-1][1],
    )
    if code.startswith("["):
        return ".".join(re.findall(r"\w+", code)[:2])
    found = _NAME.match(code)
    if (
        not found
        or found.group() in ("async", "function", "req", "c", "ctx", "_", "_req", "request")
        or "=>" in code[:200]
    ):
        return ""
    return found.group().removesuffix(".bind")


def _calls(source: Source, names: set[str], made: Collection[str], routing: Routing) -> None:
    current = next(iter(made), "")
    position = _positions(source, made)
    for found in sorted([*_CALL.finditer(source.code), *_EMPTY.finditer(source.code)], key=lambda match: match.start()):
        empty = found.re is _EMPTY
        name, verb, opening = found.group(1), found.group(2 if empty else 3), found.start(3 if empty else 4)
        if source.bare[found.start()] == " " or name and name not in names:
            continue
        if name is None:
            current = _before(position, found.start()) or current
            if not made or len(source.arguments(opening)) < 2:
                continue
        else:
            current = name
        if len(source.arguments(opening)) < (1 if empty else 2):
            continue
        path = "" if empty else found.group(6)
        routing.routes.append(
            Route(_verb(verb), "" if path == "/" else path, _handler(source, opening), source.path, source.line(found.start(3)), _key(current, made) if current in made else "")
        )  # fmt: skip
    for chain in _CHAIN.finditer(source.code):
        if chain.group(1) not in names:
            continue
        at = chain.end()
        path = "" if chain.group(4) == "/" else chain.group(4)
        while step := _NEXT.match(source.code, at):
            where = (
                source.path,
                source.line(step.start(1)),
                _key(chain.group(1), made) if chain.group(1) in made else "",
            )
            arguments = source.arguments(step.start(2))
            found_name = _NAME.fullmatch(arguments[-1][1]) if arguments else None
            routing.routes.append(Route(_verb(step.group(1)), path, found_name.group() if found_name else "", *where))
            at = source.end(step.start(2)) + 1


def _verb(verb: str) -> str:
    return {"ALL": "ANY", "DEL": "DELETE"}.get(verb.upper(), verb.upper())


def _objects(source: Source, names: set[str], made: Collection[str], routing: Routing) -> None:
    """Routes given as objects: ``fastify.route({ method, url })``, ``server.route([{ method, path }])``."""
    for found in _OBJECT.finditer(source.code):
        if found.group(1) not in names:
            continue
        opening = found.start(2)
        body, start = source.inside(opening), opening + 1
        for method in _OBJECT_METHOD.finditer(body):
            around = source.code[max(start, start + method.start() - 200) : start + method.start() + 400]
            paths = sorted(_OBJECT_PATH.finditer(around), key=lambda each: abs(each.start() - min(200, method.start())))
            handler = _OBJECT_HANDLER.search(body, method.start())
            if paths:
                methods = ",".join(re.findall(r"\w+", method.group(1))).upper().replace("*", "ANY")
                line = source.line(start + method.start())
                key = _key(found.group(1), made) if found.group(1) in made else ""
                routing.routes.append(Route(methods, paths[0].group(1), handler.group(1) if handler and handler.start() - method.start() < 400 else "", source.path, line, key))  # fmt: skip


def _imports(source: Source, paths: Collection[str]) -> dict[str, Key]:
    """Name → the file it is imported from, and what it is called there (empty: the file's own)."""
    found: dict[str, Key] = {}
    for each in _IMPORT.finditer(source.code):
        one, several, origin, required, parts, where = each.groups()
        target = resolve(origin or where or "", source.path, paths)
        if not target:
            continue
        for name in (one, required):
            if name:
                found[name.rpartition(" ")[2].strip()] = (target, "")
        for part in re.split(r",", several or parts or ""):
            if part.strip():
                names = re.split(r"\s+as\s+|\s*:\s*", part.strip())
                found[names[-1]] = (target, names[0])
    return found


def resolve(name: str, asking: str, paths: Collection[str]) -> str:
    """The file an import names: relative, or from the root or ``src`` for an alias; empty when it is a package's."""
    if name.startswith("."):
        bases = [posixpath.normpath(posixpath.join(posixpath.dirname(asking), name))]
    else:
        inner = re.sub(r"^[@~#]/|^src/", "", name)
        if inner == name and not name.startswith("@"):
            return ""
        parts = asking.split("/")[:-1]
        bases = [
            posixpath.join(*parts[:cut], *folder, inner)
            for cut in range(len(parts), -1, -1)
            for folder in (("src",), ())
        ]
    for base in bases:
        stem = re.sub(r"\.(?:js|mjs|cjs)$", "", base)
        for each in (base, stem):
            for ending in _ENDINGS:
                if each + ending in paths:
                    return each + ending
    return ""


def _mounts(source: Source, names: set[str], made: Collection[str], paths: Collection[str], routing: Routing) -> None:
    imports = _imports(source, paths)
    position = _positions(source, made)
    mounted: set[str] = set()
    for found in _USE.finditer(source.code):
        name, opening = found.group(1) or _before(position, found.start()), found.start(3)
        if name not in names:
            continue
        arguments = [code for _, code in source.arguments(opening)]
        if not arguments or len(arguments) == 1 and found.group(2) == "route":
            continue
        literal = re.fullmatch(r"['\"`](/[^'\"`\n]{0,200})['\"`]", arguments[0])
        option = _PREFIX.search(arguments[-1]) if found.group(2) == "register" else None
        prefix = literal.group(1) if literal else option.group(1) if option else ""
        parent = (source.path, _key(name, made) if name in made else "")
        for code in arguments[1 if literal else 0 :]:
            loaded = _LOADED.match(code)
            first = _NAME.match(code.removeprefix("await "))
            parts = first.group().split(".") if first else [""]
            target = (resolve(loaded.group(1), source.path, paths), "") if loaded else imports.get(parts[0], ("", ""))
            if target[0]:
                routing.mount(parent, (target[0], target[1] or (parts[1] if len(parts) > 1 else "")), prefix)
            elif parts[0] in made and parts[0] != name:
                mounted.add(parts[0])
                routing.mount(parent, (source.path, _key(parts[0], made)), prefix)
    if re.search(r"\.\s*use\s*\(\s*\w+\.path\b", source.code):
        parent = (source.path, _key(next(iter(made)), made) if made else "")
        for found in _LISTED.finditer(source.code):
            if listed := imports.get(found.group(2).split(".")[0]):
                routing.mount(parent, listed, found.group(1))
    for name in made if len(made) > 1 else ():
        if name not in mounted:
            routing.mount((source.path, ""), (source.path, name), "")


def _positions(source: Source, made: Collection[str]) -> dict[str, int]:
    """Where each router is made."""
    return {name: max(source.code.find(f" {name}"), source.code.find(f".{name}")) for name in made}


def _before(position: dict[str, int], at: int) -> str:
    """The last router made before a position."""
    return max(
        (name for name, where in position.items() if 0 <= where <= at), key=lambda name: position[name], default=""
    )
