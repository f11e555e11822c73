"""Which well-known packages a text names, and what a package index says about them."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from planning_kit import packages
from planning_kit.packages import Package, Release, named, newest, newest_of

FASTAPI = Package("FastAPI", "pypi", "fastapi")
NEST = Package("NestJS", "npm", "@nestjs/core")
JSON = "application/vnd.pypi.simple.v1+json"


@dataclass
class Index:
    """A package index on this machine: path → how it answers; remembers what it was asked."""

    url: str = ""
    pages: dict[str, Callable[[Any], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def says(self, path: str, body: object, kind: str = JSON, status: int = 200, **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in {"content-type": kind, "content-length": str(len(data)), **headers}.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(data)

        self.pages[path] = answer


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    there = Index()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None: ...

        def do_GET(self) -> None:
            there.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            answer = there.pages.get(self.path)
            if answer is None:
                self.send_error(404)
            else:
                answer(self)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    serving.start()
    there.url = f"http://127.0.0.1:{server.server_address[1]}"
    monkeypatch.setenv("PIP_INDEX_URL", f"{there.url}/simple/")
    monkeypatch.setenv("npm_config_registry", f"{there.url}/npm/")
    yield there
    server.shutdown()
    server.server_close()
    serving.join()


def files(*rows: tuple[str, object, str]) -> dict[str, object]:
    return {"files": [{"filename": name, "yanked": yanked, "upload-time": day} for name, yanked, day in rows]}


FILES = files(
    ("fastapi-0.9.0.tar.gz", False, "2019-01-01T00:00:00Z"),
    ("fastapi-0.121.0-py3-none-any.whl", False, "2026-11-01T10:00:00.5Z"),
    ("fastapi-0.121.0.tar.gz", False, "2026-11-02T00:00:00Z"),
    ("fastapi-0.122.0-py3-none-any.whl", "broken", "2026-11-03T00:00:00Z"),
    ("fastapi-1.0.0rc1.tar.gz", False, "2026-11-04T00:00:00Z"),
    ("fastapi-9.9-py2.7.egg", False, "2026-11-05T00:00:00Z"),
    ("no version", False, ""),
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The API is written with FastAPI and SQLAlchemy.", ["fastapi", "sqlalchemy"]),
        ("framework: nestjs, queue: BULLMQ", ["@nestjs/core", "bullmq"]),
        ("Django, then Django REST framework; Django.", ["django", "djangorestframework"]),
        ("A Django-based service with django-filter", ["django", "django-filter"]),
        ("see fastapi.example.com, /opt/fastapi, me@fastapi.com and my-fastapi-fork", []),
        ("Node.js with Express, and React", ["express", "react"]),
        ("Framework: Express 4.18 (package.json:3)", ["express"]),
        ("`express`, celery>=5.4, pg@8 and Flask v3", ["express", "celery", "pg", "flask"]),
        ("Express.js", ["express"]),
        ("Python jobs run in Celery.", ["celery"]),
        ("Parcels go by express. We express thanks and react at once.", []),
        ("Node.js shows the shipping prices. Express is dearer.", []),
        ("- Express\n- Standard\nwritten in JavaScript", []),
        ("A Node.js shop that takes American Express, and the new Express Checkout", []),
        ("The kitchen cuts Celery, on request.", []),
        ("Cards of PG-13 films, in Python", []),
        ("our own acme-billing-core 2.1 and @acme/secret", []),
        ("", []),
    ],
)
def test_only_well_known_products_count_and_plain_english_does_not(text: str, names: list[str]) -> None:
    assert [package.name for package in named(text)] == names


def test_every_name_in_the_table_is_found_as_it_is_written() -> None:
    for kind in ("names", "words"):
        for package in packages._products(kind).values():
            assert package in named(f"`{package.product}`"), package


def test_the_newest_version_is_the_highest_that_is_final_and_not_withdrawn(index: Index) -> None:
    index.says("/simple/fastapi/", FILES)
    assert newest(FASTAPI) == Release("0.121.0", "2026-11-01", f"{index.url}/")
    assert JSON in index.asked[0][1]["accept"]


def test_a_mirror_that_only_has_pages_of_links_is_read_too(index: Index) -> None:
    links = (
        '<a href="../../f/fastapi-0.9.0.tar.gz#sha256=1" data-upload-time="2019-01-01T00:00:00Z">x</a>'
        '<a href="/f/fastapi-0.121.0-py3-none-any.whl" data-upload-time="2026-11-01T00:00:00Z">x</a>'
        '<a href="/f/fastapi-0.122.0.tar.gz" data-yanked="">x</a><a>none</a>'
    )
    index.says("/simple/fastapi/", links, kind="text/html; charset=utf-8")
    assert newest(FASTAPI) == Release("0.121.0", "2026-11-01", f"{index.url}/")


def test_npm_says_what_is_latest_and_a_scope_is_one_part_of_the_address(index: Index) -> None:
    index.says("/npm/@nestjs%2Fcore/latest", {"name": "@nestjs/core", "version": "12.5.1"}, kind="application/json")
    assert newest(NEST) == Release("12.5.1", "", f"{index.url}/")


@pytest.mark.parametrize(
    ("base", "package", "url"),
    [
        ("https://pypi.org/simple/", FASTAPI, "https://pypi.org/project/fastapi/"),
        ("https://registry.npmjs.org", NEST, "https://www.npmjs.com/package/@nestjs/core"),
        ("https://me:secret@mirror.example:8443/token-123/simple?key=4", FASTAPI, "https://mirror.example:8443/"),
    ],
)
def test_a_person_is_shown_the_package_or_the_host_and_never_a_secret(base: str, package: Package, url: str) -> None:
    assert packages._shown(base.rstrip("/"), package) == url


def test_credentials_are_sent_and_not_shown(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.url.replace("http://", "http://ann:s%40crt@") + "/simple")
    index.says("/simple/fastapi/", FILES)
    release = newest(FASTAPI)
    assert release is not None and release.url == f"{index.url}/"
    assert index.asked[0][1]["authorization"] == "Basic " + base64.b64encode(b"ann:s@crt").decode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("{not json", JSON),
        ("[1]", JSON),
        ('{"files": 3}', JSON),
        ('{"files": [{"filename": null}, 4]}', JSON),
        ("[" * 100_000, JSON),
        ('{"versions": ["1.0"]}', JSON),
        ("<html>nothing", "text/html"),
    ],
)
def test_what_is_no_answer_is_no_release(index: Index, body: str, kind: str) -> None:
    index.says("/simple/fastapi/", body, kind=kind)
    assert newest(FASTAPI) is None


@pytest.mark.parametrize("version", ["13.0.0-beta.1", "latest", "<b>1</b>", 4, None])
def test_npm_is_not_believed_everything(index: Index, version: object) -> None:
    index.says("/npm/@nestjs%2Fcore/latest", {"version": version}, kind="application/json")
    assert newest(NEST) is None


def test_an_index_that_is_not_there_or_refuses_is_no_release(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    assert newest(FASTAPI) is None
    index.says("/simple/fastapi/", "no", status=401)
    assert newest(FASTAPI) is None
    for address in ("http://127.0.0.1:1/simple", "http://mirror.example/simple", "file:///etc", "nonsense", "http://["):
        monkeypatch.setenv("PIP_INDEX_URL", address)
        assert newest(FASTAPI) is None


def test_a_redirect_is_followed_inside_the_index_and_nowhere_else(index: Index) -> None:
    index.says("/simple/fastapi/", "", status=301, location="/elsewhere/fastapi/")
    index.says("/elsewhere/fastapi/", FILES)
    release = newest(FASTAPI)
    assert release is not None and release.version == "0.121.0"
    other = index.url.replace("127.0.0.1", "localhost")
    index.says("/simple/fastapi/", "", status=302, location=f"{other}/elsewhere/fastapi/")
    before = len(index.asked)
    assert newest(FASTAPI) is None
    assert len(index.asked) == before + 1


def test_an_answer_that_is_cut_off_is_no_release(index: Index) -> None:
    data = json.dumps(FILES)
    index.says("/simple/fastapi/", data, **{"content-length": str(len(data) + 10)})
    assert newest(FASTAPI) is None


def test_an_answer_without_an_end_is_given_up(index: Index) -> None:
    over = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("content-type", JSON)
        handler.end_headers()
        while not over.wait(0.05):
            handler.wfile.write(b" ")

    index.pages["/simple/fastapi/"] = drip
    began = time.monotonic()
    assert newest(FASTAPI, timeout=0.3) is None
    assert newest_of([FASTAPI], within=0.3) == {}
    assert time.monotonic() - began < 20
    over.set()


def test_several_are_asked_side_by_side_and_what_fails_is_absent(index: Index) -> None:
    meeting = threading.Barrier(3)
    index.says("/simple/fastapi/", FILES)
    index.says("/simple/django/", files(("django-6.0.tar.gz", False, "")))
    index.says("/simple/celery/", "no", status=500)
    for path, answer in list(index.pages.items()):

        def together(handler: BaseHTTPRequestHandler, answer: Callable[[Any], None] = answer) -> None:
            meeting.wait(timeout=20)
            answer(handler)

        index.pages[path] = together
    django, celery = Package("Django", "pypi", "django"), Package("Celery", "pypi", "celery")
    found = newest_of([celery, django, FASTAPI, django])
    assert {package.name: release.version for package, release in found.items()} == {
        "django": "6.0",
        "fastapi": "0.121.0",
    }
    assert sorted(path for path, _ in index.asked) == ["/simple/celery/", "/simple/django/", "/simple/fastapi/"]
    assert newest_of([]) == {}
