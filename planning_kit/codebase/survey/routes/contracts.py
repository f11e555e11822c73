"""Operations that a contract names: GraphQL schemas, Protocol Buffers services, OpenAPI files.

GraphQL specification (October 2021) §3.6, Protocol Buffers language guide "Defining Services", OpenAPI 3.1 §4.8.8.
"""

from __future__ import annotations

import re

from ..source import Source
from .routing import Route, Routing

_ROOT = re.compile(r"\b(?:extend\s+)?type\s+(Query|Mutation|Subscription)\b[^{}\n]{0,200}(\{)")
_FIELD = re.compile(r"(?m)^[ \t]*(\w+)[ \t]*(?:(\()|:)")
_SERVICE = re.compile(r"(?m)^[ \t]*service\s+(\w+)\s*(\{)")
_RPC = re.compile(r"\brpc\s+(\w+)\s*\(\s*(?:stream\s+)?([\w.]+)\s*\)\s*returns\s*\(\s*(?:stream\s+)?([\w.]+)\s*\)")
_OPENAPI = re.compile(r"(?m)^[ \t]{0,4}[\"']?(?:openapi|swagger)[\"']?\s*:")
_PATHS = re.compile(r"^(\s*)[\"']?paths[\"']?\s*:")
_KEY = re.compile(r"^(\s*)[\"']?([^\s\"':][^\"':]*(?::[^\"'\s][^\"':]*)*|/)[\"']?\s*:\s*(?:\{.*)?$")
_VERBS = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
_ID = re.compile(r"^\s*[\"']?operationId[\"']?\s*:\s*[\"']?([\w.-]+)")
_LITERAL = re.compile(r"(?:gql|graphql|typeDefs|buildSchema|parse)\b[^`\n]{0,40}`|/\*\s*GraphQL\s*\*/\s*`")


def graphql(source: Source, routing: Routing) -> None:
    """The fields of Query, Mutation and Subscription, in a schema file or in a template string of a program."""
    if "type Query" not in source.text and "type Mutation" not in source.text:
        return
    schema = source
    if source.suffix not in ("graphql", "gql", "graphqls"):
        if not _LITERAL.search(source.text):
            return
        schema = Source("schema.graphql", source.text.replace("`", " "))
    for root in _ROOT.finditer(schema.bare):
        at, end = root.start(2) + 1, schema.end(root.start(2))
        while found := _FIELD.search(schema.bare, at, end):
            routing.routes.append(
                Route(root.group(1).upper(), found.group(1), "", source.path, schema.line(found.start(1)), "graphql")
            )
            at = schema.end(found.start(2)) + 1 if found.group(2) else found.end()
            rest = schema.bare.find("\n", at)
            at = rest if rest >= 0 else end


def proto(source: Source, routing: Routing) -> None:
    """The ``rpc`` lines of a ``.proto`` file."""
    for service in _SERVICE.finditer(source.bare):
        opening = service.start(2)
        for found in _RPC.finditer(source.bare, opening, source.end(opening)):
            name = f"{service.group(1)}.{found.group(1)}({found.group(2)})"
            routing.routes.append(Route("RPC", name, found.group(3), source.path, source.line(found.start()), "rpc"))


def openapi(source: Source, routing: Routing) -> None:
    """The paths of an OpenAPI file in YAML or JSON, by its lines."""
    if not _OPENAPI.search(source.text[:2000]) or "paths" not in source.text:
        return
    depth = -1
    path, verb_line = "", 0
    levels = [0, 0]
    for number, line in enumerate(source.lines, 1):
        if depth < 0:
            depth = len(_PATHS.match(line).group(1)) if _PATHS.match(line) else -1  # type: ignore[union-attr]
            continue
        found = _KEY.match(line)
        if identity := _ID.match(line):
            if verb_line and routing.routes and routing.routes[-1].line == verb_line:
                last = routing.routes.pop()
                routing.routes.append(
                    Route(last.methods, last.path, identity.group(1), last.file, last.line, last.router)
                )
            continue
        if not found or not line.strip():
            continue
        indent, key = len(found.group(1)), found.group(2)
        if indent <= depth:
            break
        if key.startswith("/") and (not path or indent == levels[0]):
            path, levels[0] = key, indent
        elif path and key.lower() in _VERBS and indent > levels[0] and (not levels[1] or indent == levels[1]):
            levels[1], verb_line = indent, number
            routing.routes.append(Route(key.upper(), path, "", source.path, number, "openapi"))
