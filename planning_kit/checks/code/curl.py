"""What examples with curl call, against the operations an OpenAPI document has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote, urlsplit

from ..openapi import Operation
from .shell import commands
from .trees import parsed

_TAKES = frozenset("AbcCdDeEFHKmoPQrtTuUwxXyYz")
"""The short options of curl that take a word (curl's own manual)."""
_LONG = {
    "data", "data-raw", "data-binary", "data-urlencode", "data-ascii", "json", "form", "form-string", "header", "request", "user", "user-agent",
    "cookie", "cookie-jar", "referer", "output", "proxy", "cacert", "cert", "key", "write-out", "max-time", "connect-timeout", "retry",
    "retry-delay", "resolve", "connect-to", "upload-file", "oauth2-bearer", "range", "config", "url", "dump-header", "limit-rate", "aws-sigv4",
    "unix-socket", "interface", "variable", "expand-data", "expand-url", "retry-max-time", "max-redirs", "cert-type", "ciphers", "netrc-file",
}  # fmt: skip
_SENDS = {
    "data",
    "data-raw",
    "data-binary",
    "data-urlencode",
    "data-ascii",
    "json",
    "form",
    "form-string",
    "d",
    "F",
    "expand-data",
}
_BESIDE = re.compile(
    r"/(?:health\w*|live\w*|ready\w*|readyz|status|metrics|ping|docs|redoc|swagger[\w.-]*|openapi[\w.-]*|actuator|\.well-known|oauth2?|token|"
    r"connect|auth|login|realms|graphql|debug|admin|favicon\.ico|robots\.txt)(?:/|$)",
    re.IGNORECASE,
)
"""What a server often answers beside its API."""
_LOCAL = re.compile(
    r"localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|host\.docker\.internal|(?:[\w-]+\.)*example(?:\.\w+)?|[\w-]+"
)
_SAYS_JSON = re.compile(r"(?i)content-type:\s*application/(?:[\w.-]+\+)?json")
_BODIES = ("-d", "--data", "--data-raw", "--data-binary", "--json")
_FILLED = re.compile(r"\$[\w({]|'\"|\"'|\\|\.\.\.|…|_{3,}|<\w|\{\{")
"""What a shell fills in or puts together, or somebody left out: such a body is not read."""
_VARIABLE = re.compile(r"\$\{?\w+(?::[^{}]*)?\}?|\{\{\s*\w+\s*\}\}|_{3,}|\{\w+\}")


@dataclass(frozen=True)
class Call:
    """One call: its ``line`` and ``column``, the ``method``, the ``host`` (empty: a variable stands for it) and the ``path``."""

    line: int
    column: int
    method: str
    host: str
    path: str


@dataclass(frozen=True)
class Api:
    """The ``operations`` of an API, method and path, and the hosts and base paths it is served at."""

    operations: tuple[tuple[str, str], ...]
    servers: tuple[tuple[str, str], ...]


def calls(text: str) -> list[list[Any]]:
    """Each command with curl in ``text``: line, column and words, quotes taken off. Runs in the process aside."""
    said = commands(text)
    found: list[list[Any]] = []
    waiting = [parsed(said, "bash")]
    while waiting:
        node = waiting.pop()
        children = node.children()
        if node.kind() == "command" and children and children[0].text() == "curl":
            place = node.range().start
            found.append(
                [
                    place.line + 1,
                    place.column + 1,
                    [
                        [_bare(each.text()), each.range().start.line + 1, each.range().start.column + 1]
                        for each in children[1:]
                    ],
                ]
            )
        waiting.extend(reversed(children))
    return found


def _bare(word: str) -> str:
    if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"":
        return word[1:-1]
    return re.sub(r"[\"'\\]", "", word)


def called(found: Iterable[list[Any]], text: str) -> Iterator[Call]:
    """The calls of commands as :func:`calls` gave them; variables that ``text`` sets are filled in."""
    values = dict(re.findall(r"(?m)^\s*(?:export\s+)?(\w+)=[\"']?(https?://[^\s\"']+)", text))
    for _, _, words in found:
        method, sends, asked, get = "", False, [], False
        at = 0
        while at < len(words):
            word, line, column = words[at]
            option, value, used = _option(word, words[at + 1][0] if at + 1 < len(words) else "")
            at += 1 + used
            if option in ("X", "request"):
                method = value.upper()
            sends = sends or option in _SENDS
            get = get or option in ("G", "get")
            if option in ("I", "head"):
                method = method or "HEAD"
            if option in ("T", "upload-file"):
                method = method or "PUT"
            if option == "url" or not option:
                asked.append((value if option else word, line, column))
        default = "POST" if sends and not get else "GET"
        for address, line, column in asked:
            if split := _split(address, values):
                yield Call(line, column, method or default, *split)


def bodies(found: Iterable[list[Any]]) -> Iterator[tuple[int, int, str]]:
    """The bodies of commands as :func:`calls` gave them that say they are JSON and are none: line, column and why."""
    for _, _, words in found:
        said = [each for each, _, _ in words]
        if "--json" not in said and not any(_SAYS_JSON.search(each) for each in said):
            continue
        for at, (word, line, column) in enumerate(words[1:]):
            if words[at][0] not in _BODIES or not word.lstrip().startswith(("{", "[")) or _FILLED.search(word):
                continue
            try:
                json.loads(word)
            except RecursionError:
                continue
            except ValueError as error:
                place = error if isinstance(error, json.JSONDecodeError) else None
                down, right = (place.lineno - 1, place.colno) if place else (0, 0)
                yield line + down, (right if down else column + right), place.msg if place else str(error)


def _option(word: str, after: str) -> tuple[str, str, int]:
    """A word as an option of curl: its name (empty: none), its value, and whether that is the next word."""
    if word.startswith("--"):
        name, equals, value = word[2:].partition("=")
        if equals:
            return name, value, 0
        return (name, after, 1) if name in _LONG else (name or "-", "", 0)
    if word.startswith("-") and len(word) > 1:
        for at, letter in enumerate(word[1:], start=1):
            if letter == "G":
                return "G", "", 0
            if letter in _TAKES:
                return (letter, word[at + 1 :], 0) if word[at + 1 :] else (letter, after, 1)
        return ("I" if "I" in word else "-"), "", 0
    return "", "", 0


def _split(address: str, values: Mapping[str, str]) -> tuple[str, str] | None:
    """Host (empty: not known) and path of an address; nothing when it is none."""
    address = re.sub(r"\$\{?(\w+)\}?", lambda found: values.get(found.group(1), found.group()), address)
    if begins := _VARIABLE.match(address):
        rest = address[begins.end() :]
        return ("", rest.partition("?")[0].partition("#")[0]) if rest.startswith("/") else None
    if not re.match(r"https?://", address):
        return None
    try:
        split = urlsplit(address)
    except ValueError:
        return None
    host = split.netloc.rpartition("@")[2]
    return ("" if _VARIABLE.fullmatch(host) else host.lower()), unquote(split.path) or "/"


def api(operations: Iterable[Operation], documents: Iterable[Mapping[str, Any]]) -> Api:
    """What is offered, and where: by the operations of all OpenAPI documents, and by the servers of those that are whole."""
    servers = []
    for document in documents:
        listed = document.get("servers")
        for server in listed if isinstance(listed, list) else ():
            with suppress(ValueError):
                split = urlsplit(str(server.get("url", "")) if isinstance(server, dict) else "")
                servers.append((split.netloc.lower(), split.path.rstrip("/")))
    found = tuple(operations)
    servers += [("", each.base) for each in found if not servers]
    return Api(tuple(dict.fromkeys((each.method, each.path) for each in found)), tuple(dict.fromkeys(servers)))


def mismatch(call: Call, known: Api) -> tuple[str, str] | None:
    """What is wrong with a call and what mends it; nothing when the API has it, or it goes elsewhere."""
    known_host = [base for host, base in known.servers if host and _is_host(host, call.host)]
    ours = bool(known_host)
    if call.host and not ours and not _LOCAL.fullmatch(call.host.partition(":")[0]):
        return None
    bases = known_host if ours else [base for _, base in known.servers]
    paths = {call.path[len(base) :] or "/" for base in bases if _below(call.path, base)}
    loose = {call.path} if not ours else set()
    if any(_has(known, call.method, path) for path in paths | loose):
        return None
    if _BESIDE.search(call.path) or not call.path.strip("/") or "*" in call.path:
        return None
    first = {_first(path) for _, path in known.operations}
    if not any(_first(path) in first for path in paths | loose) and not (ours and paths):
        return _without_base(call, known, bases) if ours and not paths else None
    if ours and not paths:
        return _without_base(call, known, bases)
    return _nearest(call, known, sorted(paths or loose, key=len)[0])


def _without_base(call: Call, known: Api, bases: list[str]) -> tuple[str, str] | None:
    if bases and any(_has(known, call.method, call.path) for _ in bases):
        return (
            f"{call.method} {call.path} is called without {bases[0]}, where the API is served",
            f"call {bases[0]}{call.path}",
        )
    return None


def _nearest(call: Call, known: Api, path: str) -> tuple[str, str]:
    methods = sorted({method for method, template in known.operations if _matches(template, path)})
    said = f"the example calls {call.method} {path}, which the OpenAPI document does not have"
    if methods:
        return said, f"call it with {' or '.join(methods)}, or add the operation"
    same = [template for method, template in known.operations if method == call.method]
    near = get_close_matches(path, same, 1, 0.4) or get_close_matches(
        path, [each for _, each in known.operations], 1, 0.4
    )
    return (
        said,
        f"call {call.method} {near[0]}, or add the operation"
        if near
        else "add the operation, or call one that is there",
    )


def _has(known: Api, method: str, path: str) -> bool:
    return any(
        (method == has or method in ("HEAD", "OPTIONS")) and _matches(template, path)
        for has, template in known.operations
    )


def _matches(template: str, path: str) -> bool:
    looks = "".join(
        "[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^{}]*\})", template.rstrip("/"))
    )
    return re.fullmatch(f"{looks}/?", path) is not None


def _is_host(server: str, host: str) -> bool:
    looks = "".join("[^.]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^{}]*\})", server))
    return re.fullmatch(looks, host) is not None


def _below(path: str, base: str) -> bool:
    return not base or path == base or path.startswith(f"{base}/")


def _first(path: str) -> str:
    return path.strip("/").partition("/")[0]
