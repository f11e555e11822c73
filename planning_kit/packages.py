"""Well-known packages: which ones a text names, and the newest version of each in its public index (PyPI, npm)."""

from __future__ import annotations

import base64
import json
import os
import re
import threading
import time
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from http.client import HTTPException
from importlib.resources import files
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion, Version

PATIENCE = 5.0
"""Seconds one look-up may take."""
ALL = 20.0
"""Seconds a row of look-ups may take."""
SIDE_BY_SIDE = 8
"""Look-ups under way at the same time."""
LARGEST = 10_000_000
"""Most bytes of an index's answer that are read; the page of a package with thousands of files has about four million."""

INDEXES = {"pypi": "PyPI", "npm": "npm"}
"""What the indexes are called."""
_HOMES = {"pypi": "https://pypi.org/simple", "npm": "https://registry.npmjs.org"}
_PAGES = {"pypi": "https://pypi.org/project/{}/", "npm": "https://www.npmjs.com/package/{}"}
_SIMPLE = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"


@dataclass(frozen=True)
class Package:
    """A well-known ``product`` (``NestJS``), the ``index`` it is in (``pypi`` or ``npm``), and its ``name`` there (``@nestjs/core``)."""

    product: str
    index: str
    name: str


@dataclass(frozen=True)
class Release:
    """A package's newest ``version``, the day it was ``released`` (ISO 8601, or empty where the index does not say), and where that stands (``url``)."""

    version: str
    released: str
    url: str


def named(text: str) -> tuple[Package, ...]:
    """The well-known packages ``text`` names, in the order they are first named, each once.

    A name that is also a word of plain English ("express", "celery") counts where it is written as a product: as code,
    with a version, or with its capital inside a sentence of a text that names its surroundings too (Node.js, Python).
    """
    found: dict[tuple[str, str], tuple[int, Package]] = {}
    for at, package in (*_plainly(text), *_as_words(text)):
        key = (package.index, package.name)
        if key not in found or at < found[key][0]:
            found[key] = (at, package)
    return tuple(package for _, package in sorted(found.values(), key=lambda one: one[0]))


def newest(package: Package, timeout: float = PATIENCE) -> Release | None:
    """The newest version of ``package`` in its index that is neither a pre-release nor withdrawn; nothing if it cannot be had in ``timeout`` seconds.

    The index is ``PIP_INDEX_URL`` or ``npm_config_registry`` where they are set; credentials in them are sent and never shown.

    Sources: the simple repository API of PyPI, https://packaging.python.org/en/latest/specifications/simple-repository-api/;
    ``GET /{package}/{version}`` of npm, https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md
    """
    base = _base(package.index)
    try:
        if package.index == "pypi":
            kind, answer = _fetched(base, f"{quote(package.name, safe='')}/", _SIMPLE, timeout)
            version, released = _last(_listed(kind, answer, package.name))
        else:
            _, answer = _fetched(base, f"{quote(package.name, safe='@')}/latest", "application/json", timeout)
            version, released = _latest(json.loads(answer)), ""
    except (OSError, HTTPException, ValueError, RecursionError):
        return None
    return Release(version, released, _shown(base, package)) if version else None


def newest_of(packages: Iterable[Package], within: float = ALL) -> dict[Package, Release]:
    """What :func:`newest` finds for each of ``packages``, several at a time, in ``within`` seconds; what fails is not there."""
    waiting: SimpleQueue[Package] = SimpleQueue()
    wanted = tuple(dict.fromkeys(packages))
    for package in wanted:
        waiting.put(package)
    found: dict[Package, Release] = {}
    lock, end = threading.Lock(), time.monotonic() + within

    def work() -> None:
        while (left := end - time.monotonic()) > 0:
            try:
                package = waiting.get_nowait()
            except Empty:
                return
            release = newest(package, min(PATIENCE, left))
            if release:
                with lock:
                    found[package] = release

    workers = [threading.Thread(target=work, daemon=True) for _ in range(min(SIDE_BY_SIDE, len(wanted)))]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(max(0.0, end - time.monotonic()))
    with lock:
        return {package: found[package] for package in wanted if package in found}


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(files(__package__).joinpath("packages.json").read_text(encoding="utf-8"))
    return table


@cache
def _products(kind: str) -> dict[str, Package]:
    """The products of one ``kind`` (``names`` or ``words``); names in lower case."""
    known = {}
    for index in INDEXES:
        for product, name in _table()[index][kind].items():
            known[product.lower() if kind == "names" else product] = Package(product, index, name)
    return known


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    said = "|".join(re.escape(product) for product in sorted(_products(kind), key=len, reverse=True))
    if kind == "names":
        return re.compile(rf"(?i)(?<![\w@/.-])(?:{said})(?![\w/@]|\.\w|-(?!based\b|powered\b))")
    return re.compile(rf"(?<![\w@/.-])(?i:{said})(?![\w/]|\.\w|-)")


def _plainly(text: str) -> Iterator[tuple[int, Package]]:
    for hit in _pattern("names").finditer(text):
        yield hit.start(), _products("names")[hit.group().lower()]


def _as_words(text: str) -> Iterator[tuple[int, Package]]:
    around = {
        index: bool(re.search(rf"(?<!\w)(?:{'|'.join(map(re.escape, _table()[index]['surroundings']))})(?!\w)", text))
        for index in INDEXES
    }
    spelled = {product.lower(): package for product, package in _products("words").items()}
    for hit in _pattern("words").finditer(text):
        package = spelled[hit.group().lower()]
        inside = around[package.index] and hit.group() == package.product != package.product.lower()
        if _marked(text, hit) or (inside and _in_a_sentence(text, hit)):
            yield hit.start(), package


def _marked(text: str, hit: re.Match[str]) -> bool:
    """Whether the word stands as code, or with a version."""
    before, after = text[max(0, hit.start() - 1) : hit.start()], text[hit.end() : hit.end() + 20]
    return (before == "`" and after[:1] == "`") or bool(
        re.match(r"(?:@|\s?(?:[~=><!]=|\^|~))\s?\d|\s(?:v\d|\d+\.\d)", after)
    )


def _in_a_sentence(text: str, hit: re.Match[str]) -> bool:
    """Whether the word is neither the first of its line or sentence nor a part of a longer name."""
    before = text[max(0, hit.start() - 200) : hit.start()].rsplit("\n", 1)[-1].rstrip(" \"'([*_")
    if not before.lstrip(" \t-*+>#|0123456789.)") or before[-1] in ".!?|":
        return False
    around = text[max(0, hit.start() - 20) : hit.end()]
    return not around.endswith(tuple(_table()["others"])) and not re.match(r"\s[A-Z][a-z]", text[hit.end() :])


def _base(index: str) -> str:
    names = ("PIP_INDEX_URL",) if index == "pypi" else ("npm_config_registry", "NPM_CONFIG_REGISTRY")
    return next((os.environ[name] for name in names if os.environ.get(name)), _HOMES[index]).strip().rstrip("/")


def _shown(base: str, package: Package) -> str:
    """The address a person is shown; of an index of one's own its host only: the rest of its address may hold a token."""
    if base == _HOMES[package.index]:
        return _PAGES[package.index].format(package.name)
    parts = urlsplit(base)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}/"


class _Home(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only inside the same index."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        there, here = urlsplit(urljoin(req.full_url, newurl)), urlsplit(req.full_url)
        if (there.scheme, there.netloc) != (here.scheme, here.netloc):
            raise OSError("the index leads to another host")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _fetched(base: str, path: str, accept: str, timeout: float) -> tuple[str, bytes]:
    """The media type and the bytes of a page of the index.

    Raises:
        OSError, HTTPException, ValueError: it cannot be had.
    """
    end, parts = time.monotonic() + timeout, urlsplit(base)
    local = parts.hostname in ("localhost", "::1") or (parts.hostname or "").startswith("127.")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise OSError("an index is read over https")
    headers = {"Accept": accept, "User-Agent": "planning-kit"}
    secret, _, host = parts.netloc.rpartition("@")
    if secret:
        headers["Authorization"] = "Basic " + base64.b64encode(unquote(secret).encode()).decode()
    handlers: list[Any] = [_Home(), *([urllib.request.ProxyHandler({})] if local else [])]
    asked = urllib.request.Request(f"{parts.scheme}://{host}{parts.path}/{path}", headers=headers)
    with urllib.request.build_opener(*handlers).open(asked, timeout=timeout) as response:
        pieces, size = [], 0
        while piece := response.read1(1 << 16):
            pieces.append(piece)
            size += len(piece)
            if size > LARGEST or time.monotonic() > end:
                raise OSError("the index's answer is too long, or too slow")
        if response.length:
            raise OSError("the index's answer was cut off")
        return response.headers.get_content_type(), b"".join(pieces)


@dataclass(frozen=True)
class _File:
    version: Version
    withdrawn: bool
    uploaded: str


def _listed(kind: str, answer: bytes, name: str) -> Iterator[_File]:
    """The files on a package's page, which is JSON or, at many mirrors, HTML."""
    if kind.endswith("json"):
        page = json.loads(answer)
        rows = page.get("files") if isinstance(page, dict) else None
        told = [
            (str(row.get("filename")), bool(row.get("yanked")), str(row.get("upload-time") or ""))
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict)
        ]
    else:
        links = _Links()
        links.feed(answer.decode("utf-8", "replace"))
        told = links.files
    for filename, withdrawn, uploaded in told:
        try:
            wheel = filename.endswith(".whl")
            version = parse_wheel_filename(filename)[1] if wheel else parse_sdist_filename(filename)[1]
        except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
            continue
        yield _File(version, withdrawn, uploaded)


class _Links(HTMLParser):
    """The files of a page of links: name, whether withdrawn, when uploaded where the mirror says it."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[tuple[str, bool, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "a" and said.get("href"):
            filename = unquote(urlsplit(said["href"] or "").path.rsplit("/", 1)[-1])
            self.files.append((filename, "data-yanked" in said, said.get("data-upload-time") or ""))


def _last(listed: Iterable[_File]) -> tuple[str, str]:
    """The highest version that is final and not withdrawn, and the day its first file came; empty without one."""
    final = [file for file in listed if not file.withdrawn and not file.version.is_prerelease]
    if not final:
        return "", ""
    best = max(file.version for file in final)
    days = [file.uploaded[:10] for file in final if file.version == best]
    return str(best), min((day for day in days if re.fullmatch(r"\d{4}-\d\d-\d\d", day)), default="")


def _latest(manifest: Any) -> str:
    """The version in a manifest of npm, if it is a final one."""
    version = manifest.get("version") if isinstance(manifest, dict) else ""
    return version if isinstance(version, str) and re.fullmatch(r"\d+(?:\.\d+){1,3}", version) else ""
