"""Routes of Rust servers: Axum, Actix Web, Rocket."""

from __future__ import annotations

import re

from ..source import Source, matches
from .nested import Nested
from .routing import Route, Routing, joined

_HINTS = ("axum", "actix_web", "rocket", "Router", "ServiceConfig", "#[get", "#[post")
# word(?<!\wword) is \bword: written so, re looks for the word itself first, which is many times faster
_FUNCTION = re.compile(r"fn(?<!\wfn)\s+(\w+)\s*(?:<[^>\n]{0,80}>)?\s*(?=\()")
_ATTRIBUTE = re.compile(r"#\[\s*(?:\w+::)?(get|post|put|patch|delete|head|options)(\()\s*\"([^\"\n]*)\"")
_HANDLER = re.compile(r"(?:\s*#\[[^\]\n]{0,300}\])*\s*(?:pub(?:\([^)]{0,20}\))?\s+)?(?:async\s+)?fn\s+(\w+)")
_ROUTE = re.compile(r"\.\s*(?:route|typed_route|api_route)\s*(\()\s*\"([^\"\n]*)\"\s*,")
_VERB = re.compile(
    r"\b(?:(?:web|routing|axum::routing)::)?(get|post|put|patch|delete|head|options|any)(?:_with)?\s*\(\s*(?:\)\s*\.\s*to\s*\(\s*)?([A-Za-z_][\w:]*)?"
)
_SCOPE = re.compile(r"\b(?:web::)?(scope|resource)\s*\(\s*\"([^\"\n]*)\"\s*\)")
_RESOURCE = re.compile(r"\.\s*route\s*(\()\s*web::")
_NEST = re.compile(r"\.\s*(?:nest|nest_service|nest_api_service)\s*(\()\s*\"([^\"\n]*)\"\s*,")
_MERGE = re.compile(r"\.\s*(?:merge|configure|service)\s*(\()")
_MOUNT = re.compile(r"\.\s*mount\s*(\()\s*\"([^\"\n]*)\"\s*,\s*(?:\w+::)?routes!\s*\[([^\]]{0,2000})\]")
_PATH = re.compile(r"[A-Za-z_]\w*(?:::[A-Za-z_]\w*)*")


def matter(source: Source) -> bool:
    """Whether a Rust file may hold routes."""
    return any(hint in source.text for hint in _HINTS)


def read(source: Source, routing: Routing) -> None:
    """Put the routes of a Rust file into ``routing``."""
    nested = Nested(source)
    for head in nested.enter(_FUNCTION):
        routing.functions.setdefault(head.group(1), []).append((source.path, head.group(1)))
    for found in matches(_SCOPE, source.code, "scope", "resource"):
        end = _statement(source, found.end())
        nested.prefixes.append((found.start(), end, found.group(2)))
    nests = [(found, source.end(found.start(1))) for found in _NEST.finditer(source.code)]
    nested.prefixes += [(found.start(1), end, found.group(2)) for found, end in nests]
    nested.prefixes.sort()
    _attributes(source, routing)
    for found in (*_ROUTE.finditer(source.code), *_RESOURCE.finditer(source.code)):
        whole = nested.prefix(found.start())
        if found.re is _ROUTE:
            whole = joined(whole, found.group(2) if found.group(2) != "/" else "")
        arguments = source.arguments(found.start(1))
        where = (source.path, source.line(found.start()), nested.function(found.start()))
        for verb in _VERB.finditer(arguments[-1][1]) if arguments else ():
            handler = "::".join((verb.group(2) or "").split("::")[-3:])
            routing.routes.append(Route(verb.group(1).upper(), whole, handler, *where))
    _calls(nested, [found for found, _ in nests], routing)


def _attributes(source: Source, routing: Routing) -> None:
    """Functions with a route attribute; where they are mounted, their names say."""
    for found in _ATTRIBUTE.finditer(source.code):
        if handler := _HANDLER.match(source.code, source.end(found.start(2)) + 2):
            name = handler.group(1)
            where = (source.path, source.line(found.start()), f"handler {name}")
            routing.functions.setdefault(name, []).append((source.path, f"handler {name}"))
            routing.routes.append(Route(found.group(1).upper(), found.group(3), name, *where))


def _statement(source: Source, at: int) -> int:
    """Where the chain of calls that begins before ``at`` ends: at a semicolon or comma beside it, or the bracket around it."""
    for found in re.compile(r"[(\[{)\]},;]").finditer(source.bare, at):
        if found.start() < at:
            continue
        if found.group() in "([{":
            at = source.end(found.start()) + 1
        else:
            return found.start()
    return len(source.bare)


def _calls(nested: Nested, nests: list[re.Match[str]], routing: Routing) -> None:
    source = nested.source
    for found in (*nests, *_MERGE.finditer(source.code)):
        arguments = source.arguments(found.start(1))
        name = _PATH.match(arguments[-1][1]) if arguments else None
        if name and name.group() not in ("Router::new", "web::scope", "web::resource", "OpenApiRouter::new"):
            prefix = nested.prefix(found.start(1) + 1)
            parent = (source.path, nested.function(found.start()))
            routing.calls.append((parent, name.group().rpartition("::")[2], prefix, name.group()))
    for found in _MOUNT.finditer(source.code):
        for name in _PATH.finditer(found.group(3)):
            parent = (source.path, nested.function(found.start()))
            routing.calls.append((parent, name.group().rpartition("::")[2], found.group(2), name.group()))
