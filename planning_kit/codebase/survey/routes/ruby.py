"""Routes of Ruby: Rails' ``config/routes.rb`` as in "Rails Routing from the Outside In", and Sinatra."""

from __future__ import annotations

import re

from ..source import Source
from .routing import Route, Routing, joined

_OPENS = re.compile(r"\bdo\b\s*(?:\|[^|\n]*\|)?\s*$")
_WORD = re.compile(r"^\s*(\w+)!?[\s(]\s*(.*)$")
_SYMBOLS = re.compile(r":(\w+)(?!\s*=>)|['\"]([\w/:.*()#~@-]+)['\"]")
_OPTION = re.compile(
    r"\b(only|except|path|to|as|controller|action|module|via|on|param|at)(?::|\s*=>)\s*(\[[^\]\n]*\]|%[iw][\[(][^\])\n]*[\])]|:\w+|['\"][^'\"\n]*['\"])"
)
_ROCKET = re.compile(r"['\"]([^'\"\n]+)['\"]\s*=>\s*['\"]([^'\"\n]+)['\"]")
_VERBS = ("get", "post", "put", "patch", "delete", "match")
_MANY = (("", ("index", "create")), ("/:id", ("show", "update", "destroy")))
_ONE = (("", ("show", "create", "update", "destroy")),)
_ACTIONS = {"index": "GET", "create": "POST", "show": "GET", "update": "PATCH", "destroy": "DELETE"}
Block = tuple[str, str, str, str]
"""A block of the routes: its kind, path, module or resource, and what its resource is found by."""
_DEEPEST = 12
"""Blocks inside each other that are followed."""
_SINATRA = re.compile(r"(?m)^[ \t]*(get|post|put|patch|delete)\s+['\"](/[^'\"\n]*)['\"][^\n]*\bdo\b")


def read(source: Source, routing: Routing) -> None:
    """Put the routes of a Ruby file into ``routing``."""
    if re.search(r"(?:^|/)config/routes(?:/[\w-]+)?\.rb$", source.path):
        _rails(source, routing)
    elif "inatra" in source.text or "Roda" in source.text:
        for found in _SINATRA.finditer(source.code):
            routing.routes.append(
                Route(found.group(1).upper(), found.group(2), "", source.path, source.line(found.start(1)))
            )


def _rails(source: Source, routing: Routing) -> None:
    stack: list[Block] = []
    for number, line in enumerate(source.code.split("\n"), 1):
        if re.match(r"\s*end\b", line):
            if stack:
                stack.pop()
            continue
        found = _WORD.match(line)
        word, rest = (found.group(1), found.group(2)) if found else ("", "")
        opens = bool(_OPENS.search(line)) or bool(re.match(r"\s*(?:if|unless|begin|def|case)\b", line))
        options = {each.group(1): each.group(2) for each in _OPTION.finditer(rest)}
        names = [
            one or two for one, two in _SYMBOLS.findall(re.split(r",?\s*\b\w+:\s|,\s*:\w+\s*=>", rest, maxsplit=1)[0])
        ]
        below: Block = ("block", "", "", "")
        if word in ("resources", "resource") and names:
            below = _resources(word, names, options, stack, (source.path, number), routing)
        elif word in ("namespace", "scope"):
            below = _scope(word, names, options)
        elif word in ("member", "collection"):
            below = (word, "", "", "")
        elif word in _VERBS and rest:
            _single(word, rest, names, options, stack, (source.path, number), routing)
        elif word == "devise_for" and names:
            routing.routes.append(
                Route(
                    "ANY",
                    joined(_prefix(stack), "/" + (options.get("path", "").strip("'\"") or names[0])),
                    f"devise#{names[0]}",
                    source.path,
                    number,
                )
            )
        elif word == "root" and (to := options.get("to") or next(iter(names), "")):
            routing.routes.append(Route("GET", _prefix(stack) or "/", to.strip("'\""), source.path, number))
        if opens and len(stack) < _DEEPEST:
            stack.append(below)


def _scope(word: str, names: list[str], options: dict[str, str]) -> Block:
    name = names[0] if names else ""
    path = options["path"].strip("'\":") if "path" in options else name
    module = options.get("module", "").strip("'\":") or (name if word == "namespace" else "")
    return ("scope", path, module, "")


def _prefix(stack: list[Block], on: str = "") -> str:
    """The path of the blocks around a line; a resource's own routes and members have its id in between."""
    whole = ""
    for at, (kind, path, _, key) in enumerate(stack):
        whole = joined(whole, "/" + path.strip("/")) if path else whole
        if kind == "resources":
            after = [each for each, _, _, _ in stack[at + 1 :]]
            if on == "member" or "member" in after:
                whole += f"/:{key}" if not any(each == "resources" for each in after) else f"/:{_singular(path)}_{key}"
            elif "collection" not in after and on != "collection":
                whole += f"/:{_singular(path)}_{key}"
    return whole


def _singular(path: str) -> str:
    word = path.rpartition("/")[2].replace("-", "_")
    return re.sub(r"ies$", "y", word) if word.endswith("ies") else re.sub(r"(?<=ss|ch|sh|.x)es$|(?<!s)s$", "", word)


def _module(stack: list[Block]) -> str:
    return "".join(f"{module}/" for kind, _, module, _ in stack if kind == "scope" and module)


def _resources(
    word: str, names: list[str], options: dict[str, str], stack: list[Block], where: tuple[str, int], routing: Routing
) -> Block:
    only = re.findall(r"\w+", re.sub(r"^%[iw]", "", options["only"])) if "only" in options else list(_ACTIONS)
    without = re.findall(r"\w+", re.sub(r"^%[iw]", "", options.get("except", "")))
    segment = ""
    for name in names:
        segment = options["path"].strip("'\":") if "path" in options else name
        controller = options.get("controller", "").strip("'\":") or (
            name if word == "resources" else name if name.endswith("s") else f"{name}s"
        )
        identity = f"/:{options['param'].strip(':')}" if "param" in options else "/:id"
        for tail, actions in _MANY if word == "resources" else _ONE:
            kept = [each for each in actions if each in only and each not in without]
            if kept:
                path = joined(_prefix(stack), "/" + segment) + (identity if tail else "")
                verbs = ",".join(_ACTIONS[each] for each in kept)
                routing.routes.append(Route(verbs, path, f"{_module(stack)}{controller}#{','.join(kept)}", *where))
    return (word, segment, names[-1], options.get("param", "id").strip(":'\""))


def _single(
    word: str,
    rest: str,
    names: list[str],
    options: dict[str, str],
    stack: list[Block],
    where: tuple[str, int],
    routing: Routing,
) -> None:
    rocket = _ROCKET.search(rest)
    path = rocket.group(1) if rocket else names[0] if names else ""
    to = rocket.group(2) if rocket else options.get("to", "").strip("'\":")
    if "redirect" in rest:
        names, to = names[:1], " "
    owner = next((name for kind, _, name, _ in reversed(stack) if kind in ("resources", "resource")), "")
    if not path:
        return
    verbs = ",".join(re.findall(r"\w+", options.get("via", ""))).upper() if word == "match" else word.upper()
    handler = (
        to.strip()
        if to
        else (options.get("controller", "").strip("'\":") or owner)
        + "#"
        + (options.get("action", "").strip("'\":") or path.rpartition("/")[2])
    )
    if handler and "#" not in handler:
        handler = f"{owner}#{handler}" if owner else handler
    for each in names if not rocket and not to else [path]:
        target = handler if each == path else f"{owner}#{each}"
        whole = joined(_prefix(stack, options.get("on", "").strip(":")), "/" + each.strip("/"))
        routing.routes.append(Route(verbs or "ANY", whole, target and _module(stack) + target, *where))
