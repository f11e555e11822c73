"""The code skeleton, in line with the OpenAPI document."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ...document import Document, Fence
from .. import openapi
from ..about import About
from ..agreement import words
from ..specified import known
from ..specified.interface import Key
from ..wrong import Wrong, Wrongs
from . import offered

_VERBS = "get|post|put|patch|delete|head|options"
_PYTHON = re.compile(rf"(?m)^[ \t]*@(\w{{1,60}}(?:\.\w{{1,60}}){{0,4}})\.({_VERBS})\(\s{{0,80}}(?:path\s{{0,9}}=\s{{0,9}})?([rf]?)[\"']([^\"'\n]{{0,300}})[\"']")  # fmt: skip
_FLASK = re.compile(r"(?m)^[ \t]*@\w{1,60}(?:\.\w{1,60}){0,4}\.(?:api_)?route\(\s{0,80}([rf]?)[\"']([^\"'\n]{0,300})[\"']([^\n)]{0,300})")  # fmt: skip
_MINIMAL = re.compile(
    r"(?m)^(?![ \t]*//).{0,300}?\bMap(Get|Post|Put|Patch|Delete)\s*\(\s{0,80}([$@]?)\"([^\"\n]{0,300})\""
)
_ATTRIBUTE = re.compile(r"(?m)^[ \t]*\[Http(Get|Post|Put|Patch|Delete)(?:\(\s*([$@]?)\"([^\"\n]{0,300})\"[^\n]{0,200})?\]?")  # fmt: skip
_TRIGGER = re.compile(r"HttpTrigger\(\s*AuthorizationLevel\.\w{1,20}\s*,([^)\n]{0,200}?)Route\s*=\s*([$@]?)\"([^\"\n]{0,300})\"")  # fmt: skip
_PREFIX = re.compile(r"(?:prefix|url_prefix)\s{0,9}=\s{0,9}([rf]?)[\"']([^\"'\n]{1,200})[\"']|\bMapGroup\(\s{0,9}([$@]?)\"([^\"\n]{1,200})\"|(?m:^)[ \t]*\[Route\(\s*([$@]?)\"([^\"\n]{1,200})\"")  # fmt: skip
_BUILT = re.compile(r"(?:prefix|url_prefix)\s{0,9}=\s{0,9}(?![rf]?[\"'])[\w(]|\bMapGroup\(\s{0,9}(?![$@]?\")\w")
_QUOTED = re.compile(r"[\"']([^\"'\s]{1,200})[\"']")
_CODE = ("python", "py", "python3", "csharp", "cs", "c#")
OWED: Mapping[str, re.Pattern[str]] = {
    "health": re.compile(r"(?i)[\"'/](?:health(?:z|-?check)?|livez?|liveness|alive|ping)\b"),
    "readiness": re.compile(r"(?i)(?<!: )[\"'/](?:readyz?|readiness)\b(?![\"']\s{0,9}[:,])"),
    "version": re.compile(r"(?i)(?<!: )[\"'/](?:versionz?|info)\b(?![\"']\s{0,9}:)"),
}
"""What a service answers beside its API, and how a path of it begins."""
_MADE = "[made]"
"""What stands for a beginning that is put together when it runs."""
_TOKENS = ("[controller]", "[action]", "[area]")
_NAMES = {"201": "created", "202": "accepted", "204": "no_?content", "400": "bad_?request|validation", "401": "unauth", "403": "forbid", "404": "not_?found", "409": "conflict", "410": "gone", "422": "unprocessable", "429": "too_?many"}  # fmt: skip


class Route(NamedTuple):
    """A route in code: the document's ``line``, its ``method``, its ``path`` as written, whether a part of it is put in when it runs (``built``)."""

    line: int
    method: str
    path: str
    built: bool


def lines_up_with_its_contract(document: Document, about: About) -> Wrongs:
    """Show health, readiness and version, and at least one operation of the OpenAPI document by its method and path; no route that it does not have beside these."""
    code = [each for each in document.fences if each.lang in _CODE]
    place = known.place(document, "Endpoints") or known.place(document, "Api")
    text = "\n".join(each.text for each in code)
    for name, looks in OWED.items():
        if not looks.search(text):
            path = {"readiness": "/ready"}.get(name, f"/{name}")
            yield Wrong(known.place(document, "Application"), f"the skeleton shows no {name}", f"add a route at {path}")
    served = offered.everywhere(document, about)
    if not served:
        return
    found = list(routes(document))
    before = _prefixes(text)
    shown: list[openapi.Operation] = []
    for each in found:
        operation = _operation(each, before, bool(_BUILT.search(text)), served)
        if operation:
            shown.append(operation)
        elif not _beside(each, before):
            near = known.near(f"{each.method} {each.path}", (" ".join(key) for key in served))
            said = f"{each.method} {each.path or 'without a path'} is not an operation of the OpenAPI document"
            yield Wrong(each.line, said, f"take it out, or name one it has{near}", severity="warning" if each.built else "error")  # fmt: skip
    if not shown:
        first = next(iter(offered.operations(document, about)))
        hint = f"show one by its method and path, such as {first.method} {first.path}"
        severity = "warning" if _written(document, served) else "error"
        yield Wrong(place, "the skeleton shows no operation of the OpenAPI document", hint, severity=severity)
    yield from _answers(place, shown, text)


def _written(document: Document, served: Mapping[Key, openapi.Operation]) -> bool:
    """Whether code outside the tests writes out the end of an operation's path, in a way of its framework that is not known here."""
    first, last = known.under(document, "Tests")
    ends = {
        "/".join(path.casefold().split("/")[at:]) for _, path in served for at in (-1, -2, -3) if path.count("/") >= -at
    }
    for fence in document.fences:
        if fence.lang in _CODE and not first <= fence.line <= last:
            for said in _QUOTED.findall(_PREFIX.sub(" ", fence.text)):
                end = re.sub(r"<(?:\w{1,20}:)?\w{1,80}>|:\w{1,80}", "{}", said)
                end = words.path(re.sub(r"\{[^{}]{0,80}\}", "{}", end)).casefold().strip("/")
                if "/" in said and end in ends and re.search(r"[a-z]", end):
                    return True
    return False


def routes(document: Document) -> Iterator[Route]:
    """The routes in the Python and C# of ``document``."""
    for fence in document.fences:
        if fence.lang in _CODE[:3]:
            yield from _of_python(fence)
        elif fence.lang in _CODE:
            yield from _of_csharp(fence)


def _of_python(fence: Fence) -> Iterator[Route]:
    for hit in _PYTHON.finditer(fence.text):
        if not re.search(r"(?i)mock|respx|responses|stub", hit[1]):
            yield Route(_line(fence, hit), hit[2].upper(), hit[4], hit[3] == "f")
    for hit in _FLASK.finditer(fence.text):
        methods = re.findall(rf"(?i)[\"']({_VERBS})[\"']", hit[3]) or ["GET"]
        yield from (Route(_line(fence, hit), method.upper(), hit[2], hit[1] == "f") for method in methods)


def _of_csharp(fence: Fence) -> Iterator[Route]:
    for looks in (_MINIMAL, _ATTRIBUTE):
        for hit in looks.finditer(fence.text):
            path = re.sub(r"\{(\w{1,80})[:?=][^{}]{0,80}\}", r"{\1}", hit[3] or "")
            yield Route(_line(fence, hit), hit[1].upper(), path, "$" in (hit[2] or ""))
    for hit in _TRIGGER.finditer(fence.text):
        for method in re.findall(rf"(?i)\"({_VERBS})\"", hit[1]):
            yield Route(_line(fence, hit), method.upper(), hit[3], "$" in hit[2])


def _line(fence: Fence, hit: re.Match[str]) -> int:
    return fence.line + fence.text.count("\n", 0, hit.start())


def _prefix(hit: re.Match[str]) -> str:
    """A prefix; of one that is put together when it runs what is known to stand at its end."""
    said = next(filter(None, hit.group(2, 4, 6)), "")
    made = {"f", "$"} & set(hit.group(1, 3, 5))
    return re.sub(r".*\}", _MADE, said) if made else said


def _prefixes(text: str) -> tuple[str, ...]:
    """What may stand before a route's path: the prefixes of routers, groups and controllers, alone and one behind the other."""
    said = list(dict.fromkeys(map(_prefix, _PREFIX.finditer(text))))[:12]
    several = (
        "/".join(each) for many in (2, 3) for each in itertools.permutations(said[: 12 if many == 2 else 6], many)
    )
    return ("", *said, *several)


def _candidates(route: Route, before: tuple[str, ...]) -> Iterator[str]:
    for prefix in before if not route.path.startswith("~/") else ("",):
        whole = f"/{prefix}/{route.path.removeprefix('~')}"
        yield re.sub(r"/{2,}", "/", re.sub(r"\{(\w{1,80})[:?=][^{}]{0,80}\}", r"{\1}", whole)).rstrip("/") or "/"


def _operation(route: Route, before: tuple[str, ...], built: bool, served: Mapping[Key, openapi.Operation]) -> openapi.Operation | None:  # fmt: skip
    """The operation that a route is: by its path behind any prefix; by the end of its path where a prefix is made when it runs."""
    whole = {words.path(each).casefold() for each in _candidates(route, before)}
    loose = [each for each in whole if any(token in each for token in (*_TOKENS, _MADE, "v{}"))]
    for (method, path), operation in served.items():
        if method != route.method:
            continue
        ends = "/".join(path.split("/")[-route.path.strip("/").count("/") - 1 :]) if built or route.built else ""
        if path.casefold() in whole or any(_same(each, path) for each in loose) or (ends and _same(f"/{route.path.strip('/')}", f"/{ends}")):  # fmt: skip
            return operation
    return None


def _same(path: str, template: str) -> bool:
    """Whether a route's path is that of an operation, whatever its parameters are called; ``[controller]`` stands for anything."""
    mine, theirs = words.path(path).casefold().split("/"), template.casefold().split("/")
    if _MADE in mine:
        mine = mine[len(mine) - mine[::-1].index(_MADE) :]
        theirs = theirs[len(theirs) - len(mine) :]
    return len(mine) == len(theirs) and all(
        one in (other, *_TOKENS) or (one == "v{}" and re.fullmatch(r"v\d{1,3}", other))
        for one, other in zip(mine, theirs, strict=True)
    )


def _beside(route: Route, before: tuple[str, ...]) -> bool:
    """Whether a route is one a server answers beside its API: health, readiness, version, documentation."""
    return any(offered.OPERATIONAL.fullmatch(each[:300]) for each in _candidates(route, before))


def _answers(place: int, shown: list[openapi.Operation], text: str) -> Wrongs:
    """Statuses an operation that is shown declares and the code does not mention, neither by number nor by name."""
    for each in {(one.method, one.path): one for one in shown}.values():
        missing = [
            status for status in each.statuses
            if status[:1] in "24" and status != "200" and status.isdecimal()
            and not re.search(rf"(?<!\d){status}(?!\d)|(?i:{_NAMES.get(status, status)})", text)
        ]  # fmt: skip
        if missing:
            said = f"the skeleton of {each.method} {each.path} never answers {known.listed(missing)}"
            yield Wrong(place, said, "answer every status its OpenAPI declares", severity="warning")


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "skeleton": lines_up_with_its_contract,
}
"""By the name a consultant asks for it."""
