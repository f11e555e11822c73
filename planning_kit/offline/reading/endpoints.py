"""The endpoints a brief names outright, each with the sentences that are about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...brief import Passage
from .grids import Grid
from .sentences import Sentence

METHOD = re.compile(
    r"\b(GET|POST|PUT|PATCH|DELETE)\b|\b(get|post|put|patch|delete|Get|Post|Put|Patch|Delete)\b(?=\s+(?:request|method|call|endpoint|verb)s?\b)"
)
PATH = re.compile(
    r"(?<![\w./:<>~-])(?P<path>/(?:[A-Za-z0-9_~-]{1,60}|\{[\w-]{1,40}\}|:[A-Za-z]\w{0,40}|<[\w:]{1,40}>)"
    r"(?:/(?:[\w~-]{1,60}|\{[\w-]{1,40}\}|:[A-Za-z]\w{0,40}|<[\w:]{1,40}>)){0,12})/?(?:\?(?P<query>[\w=&{}.,\[\]|<>-]{1,300}))?(?![\w/]|\.\w)"
)
_FILE = re.compile(r"^/(?:usr|etc|var|tmp|home|opt|bin|dev|mnt|root|proc|lib|sbin|s|r|g|a|w|o)(?:/|$)")
_URL = re.compile(r"https?://[^\s/\"'`)>|]{1,200}(?=/)")
_BASE = re.compile(r"(?i)\bbase[ -]?(?:path|url|uri)\b|\bpath prefix\b|\bprefixed (?:with|by)\b|\bversion(?:ed|ing)\b")
_AFTER = re.compile(
    r"^[\"'`”’)]?\s*[|:–-]?\s*(?:endpoint|path|route)?\s*[(|:–-]?\s*(?:(?:with|via|using|accepts|is|supports|method|a|an|HTTP)\s*:?\s*){0,4}$"
)
_REMOVE = re.compile(r"\b(?:[Rr]emove|[Dd]rop|[Dd]elete|[Ww]ithout|[Gg]et rid of|no longer|not need)\b[^.]{0,60}$")


@dataclass
class Endpoint:
    """A method and path the brief names, the sentences about it, the cells of its row by column, and whether the method was named too."""

    method: str
    path: str
    query: str = ""
    named: bool = True
    sentences: list[Sentence] = field(default_factory=list)
    row: dict[str, str] = field(default_factory=dict)
    code: list[Passage] = field(default_factory=list)

    @property
    def sources(self) -> tuple[str, ...]:
        """The passages it is described in."""
        return tuple(
            dict.fromkeys([sentence.source for sentence in self.sentences] + [passage.id for passage in self.code])
        )


def normal(path: str) -> str:
    """``path`` with its parameters in braces."""
    path = re.sub(r":([A-Za-z]\w*)|<(?:\w+:)?(\w+)>", lambda hit: "{" + (hit.group(1) or hit.group(2)) + "}", path)
    return path.replace("-}", "}")


def template(method: str, path: str) -> tuple[str, str]:
    """What makes two operations the same: method and path with nameless parameters."""
    return method, re.sub(r"\{[^}]*\}", "{}", path).rstrip("/").lower()


def find(passages: Sequence[Passage], sentences: Sequence[Sentence], tables: Sequence[Grid]) -> list[Endpoint]:
    """Every endpoint named in prose, tables and code, in order of first mention; those a remark takes back are left out."""
    known: dict[tuple[str, str], Endpoint] = {}
    _attribute(sentences, known)
    for passage in passages:
        if passage.kind == "code":
            _of_code(passage, known)
    for table in tables:
        for source, cells in table.rows:
            for endpoint in known.values():
                if source in endpoint.sources and not endpoint.row:
                    endpoint.row = {name.lower(): cell for name, cell in zip(table.header, cells, strict=False)}
    return list(known.values())


def _attribute(sentences: Sequence[Sentence], known: dict[tuple[str, str], Endpoint]) -> None:
    current: list[Endpoint] = []
    place: tuple[str, ...] = ()
    started = ""
    for sentence in sentences:
        if sentence.excluded:
            continue
        section = (*sentence.section, sentence.text) if sentence.kind == "heading" else sentence.section
        mentioned = [] if _BASE.search(sentence.text) else _mentioned(sentence, known)
        removed = [
            endpoint
            for endpoint in mentioned
            if sentence.kind == "remark"
            and _REMOVE.search(sentence.text.split(endpoint.path)[0].replace(endpoint.method, ""))
        ]
        for endpoint in removed:
            known.pop(template(endpoint.method, endpoint.path), None)
        if mentioned:
            current, place, started = (
                [endpoint for endpoint in mentioned if endpoint not in removed],
                section,
                sentence.kind,
            )
        elif (
            section[: len(place)] != place
            or (sentence.kind == "heading")
            or sentence.kind in ("row", "remark")
            or (started in ("row", "item") and sentence.source not in _sources(current))
        ):
            current = []
        chosen = METHOD.findall(sentence.text)
        for endpoint in current:
            if mentioned or len(chosen) != 1 or not (one := "".join(chosen[0]).upper()) or endpoint.method == one:
                endpoint.sentences.append(sentence)


def _sources(endpoints: Sequence[Endpoint]) -> set[str]:
    return {source for endpoint in endpoints for source in endpoint.sources}


def _mentioned(sentence: Sentence, known: dict[tuple[str, str], Endpoint]) -> list[Endpoint]:
    """The endpoints a sentence names, new ones added to ``known``."""
    text = _URL.sub(" ", sentence.text[:4000])
    methods = [(hit.start(), hit.end(), hit.group().upper()) for hit in METHOD.finditer(text)]
    used: set[int] = set()
    found: list[Endpoint] = []
    last = 0
    for hit in PATH.finditer(text):
        path = normal(hit.group("path"))
        if _FILE.match(path):
            continue
        near = _near(text, hit.start(), hit.end(), last, methods, used)
        last = hit.end()
        if not near:
            again = [endpoint for endpoint in known.values() if endpoint.path == path]
            guessed = _guess(text, hit.start(), hit.end(), path) if not again else ""
            found += again
            near = [guessed] if guessed else []
            named = False
        else:
            named = True
        for method in near:
            endpoint = known.setdefault(template(method, path), Endpoint(method, path, hit.group("query") or "", named))
            endpoint.query = endpoint.query or hit.group("query") or ""
            found.append(endpoint)
    return list({id(endpoint): endpoint for endpoint in found}.values())


def _near(text: str, start: int, end: int, last: int, methods: list[tuple[int, int, str]], used: set[int]) -> list[str]:
    """The methods that stand with the path at ``start``–``end``: before it since the last path, or right after it."""
    before = [
        n
        for n, (begin, stop, _) in enumerate(methods)
        if last <= begin and stop <= start and n not in used and start - stop <= 60
    ]
    if before:
        group = [before[-1]]
        for n in reversed(before[:-1]):
            if not re.fullmatch(r"[\s,/|&]*(?:and|or)?\s*", text[methods[n][1] : methods[group[-1]][0]]):
                break
            group.append(n)
        used.update(group)
        return [methods[n][2] for n in reversed(group)]
    after = [
        n
        for n, (begin, _, _) in enumerate(methods)
        if 0 <= begin - end <= 45 and n not in used and _AFTER.match(text[end:begin])
    ]
    if not after:
        return []
    group = [after[0]]
    for n in range(after[0] + 1, len(methods)):
        if not re.fullmatch(r"[\s,/|&]*(?:and|or)?\s*", text[methods[group[-1]][1] : methods[n][0]]):
            break
        group.append(n)
    used.update(group)
    return [methods[n][2] for n in group]


def _guess(text: str, start: int, end: int, path: str) -> str:
    """The method of a path that is called an endpoint without one, by the words around it; empty when it is not called so."""
    around = text[max(0, start - 40) : end + 25]
    if not re.search(r"(?i)\b(?:endpoint|route|API|path|resource)s?\b", around) or len(path) < 3:
        return ""
    if re.search(r"(?i)\b(?:delet|remov)", text):
        return "DELETE"
    if re.search(r"(?i)\b(?:updat|modif|edit)", text):
        return "PATCH"
    return (
        "POST"
        if re.search(r"(?i)\b(?:creat|add|submit|post|send|regist|login|log in|upload|stor)", f"{text} {path}")
        else "GET"
    )


def _of_code(passage: Passage, known: dict[tuple[str, str], Endpoint]) -> None:
    """Endpoints in a code block: request lines, curl calls, and the ``paths`` of an OpenAPI document."""
    path = ""
    latest: Endpoint | None = None
    for line in passage.text.splitlines()[:2000]:
        line = line[:400]
        if opened := re.match(r"^\s*[\"']?(/[\w{}/-]*)[\"']?\s*:\s*$", line):
            path = normal(opened.group(1)).rstrip("/") or "/"
            continue
        method = re.match(r"^\s+[\"']?(get|post|put|patch|delete)[\"']?\s*:", line)
        request = re.match(r"^\s*(GET|POST|PUT|PATCH|DELETE)\s+(?:https?://[^\s/]+)?(/[^\s?]*)(?:\?(\S+))?", line)
        curl = re.search(r"\bcurl\b.*?(?:-X\s*(GET|POST|PUT|PATCH|DELETE))?.*?https?://[^\s/\"']+(/[^\s?\"']*)", line)
        told = re.match(r"^\s+[\"']?(?:summary|description)[\"']?\s*:\s*[\"']?([^\"'|>].{2,120}?)[\"']?\s*$", line)
        if told and latest:
            latest.row.setdefault("description", told.group(1))
        if method and path:
            latest = _add(known, method.group(1).upper(), path, "", passage)
        elif request:
            latest = _add(known, request.group(1), request.group(2), request.group(3) or "", passage)
        elif curl:
            stated = re.search(r"-X\s*(GET|POST|PUT|PATCH|DELETE)", line)
            _add(
                known,
                stated.group(1) if stated else ("POST" if re.search(r"\s(?:-d|--data)", line) else "GET"),
                curl.group(2),
                "",
                passage,
            )


def _add(
    known: dict[tuple[str, str], Endpoint], method: str, path: str, query: str, passage: Passage
) -> Endpoint | None:
    if PATH.fullmatch(path.rstrip("/")):
        path = normal(path.rstrip("/"))
        endpoint = known.setdefault(template(method, path), Endpoint(method, path, query))
        if passage not in endpoint.code:
            endpoint.code.append(passage)
        return endpoint
    return None


def near_code(endpoints: Sequence[Endpoint], passages: Sequence[Passage]) -> None:
    """Give every endpoint the JSON that follows its description directly."""
    place = {passage.id: at for at, passage in enumerate(passages)}
    for endpoint in endpoints:
        for source in endpoint.sources:
            for passage in passages[place[source] + 1 : place[source] + 4]:
                if passage.kind == "heading" or any(
                    passage.id in other.sources for other in endpoints if other is not endpoint
                ):
                    break
                if passage.kind == "code" and passage not in endpoint.code:
                    endpoint.code.append(passage)
