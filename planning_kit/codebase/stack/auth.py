"""How a part knows who asks: its libraries, and what Django, FastAPI, Rails and .NET are set to do."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..evidence import Evidence, Statement
from .inventory import search, stated
from .libraries import AUTHS
from .manifests import OPTIONAL, RUN
from .part import Part
from .sources import ECOSYSTEMS, language

_CLASSES = re.compile(r"DEFAULT_AUTHENTICATION_CLASSES[\"']?\s*[:=]\s*[\[(]([^\])]{0,2000})")
"""Of Django REST framework's settings (its documentation, Authentication)."""
_CLASS = re.compile(r"[\"']([\w.]+)[\"']")
_KINDS = {
    "SessionAuthentication": "session authentication", "TokenAuthentication": "token authentication", "BasicAuthentication": "basic authentication",
    "RemoteUserAuthentication": "remote user authentication", "JWTAuthentication": "JWT authentication", "JWTStatelessUserAuthentication": "JWT authentication",
    "JSONWebTokenAuthentication": "JWT authentication", "OAuth2Authentication": "OAuth 2.0", "OIDCAuthentication": "OpenID Connect",
}  # fmt: skip
_USER = re.compile(r"^[ \t]*AUTH_USER_MODEL\s*=\s*[\"']([\w.]+)[\"']", re.M)
_DJANGO = re.compile(r"[\"']django\.contrib\.auth[\"']")
_SIGNS = (
    ("OAuth 2.0 password bearer (FastAPI)", "python", re.compile(r"\bOAuth2PasswordBearer\(")),
    ("OAuth 2.0 code bearer (FastAPI)", "python", re.compile(r"\bOAuth2AuthorizationCodeBearer\(")),
    ("bearer tokens (FastAPI)", "python", re.compile(r"\bHTTPBearer\(")),
    ("API keys (FastAPI)", "python", re.compile(r"\bAPIKeyHeader\(")),
    ("basic authentication (FastAPI)", "python", re.compile(r"\bHTTPBasic\(")),
    ("passwords by has_secure_password (Rails)", "ruby", re.compile(r"^[ \t]*has_secure_password\b", re.M)),
    ("ASP.NET Core Identity", "nuget", re.compile(r"\bAddIdentity(?:Core|ApiEndpoints)?<")),
    ("JWT by JwtBearer", "nuget", re.compile(r"\.AddJwtBearer\(")),
    ("cookies (ASP.NET Core)", "nuget", re.compile(r"\bAuthentication\(CookieAuthenticationDefaults|\.AddCookie\(")),
)  # fmt: skip


def state(part: Part) -> Iterator[Statement]:
    """How ``part`` knows who asks: what it is set to do first, then its libraries."""
    libraries = list(stated("Auth", search(part, AUTHS, (RUN, OPTIONAL))))
    for own in (*_django(part), *_signs(part)):
        if not any(each.value.startswith(own.value) for each in libraries):
            yield own
    yield from libraries


def _signs(part: Part) -> Iterator[Statement]:
    """What the sources call."""
    for value, ecosystem, pattern in _SIGNS:
        if ecosystem in part.ecosystems and (shown := part.sign(pattern, ecosystem)):
            yield Statement("Auth", value, (shown,))


def _django(part: Part) -> Iterator[Statement]:
    """What Django's settings say: its own users, and how REST framework knows them."""
    texts = {path: text for path, text in part.read.items() if ECOSYSTEMS.get(language(path)) == "python"}
    users = _first(texts, _USER) or _first(texts, _DJANGO)
    if users:
        path, found = users
        value = f"Django auth (user model {found.group(1)})" if found.re is _USER else "Django auth"
        yield Statement("Auth", value, (_at(path, texts[path], found.start(1 if found.re is _USER else 0)),))
    held: dict[str, list[Evidence]] = {}
    for path, text in texts.items():
        for found in _CLASSES.finditer(text) if "DEFAULT_AUTHENTICATION_CLASSES" in text else ():
            for named in _CLASS.finditer(text, found.start(1), found.end(1)):
                name = named.group(1).rpartition(".")[2]
                held.setdefault(_KINDS.get(name, name), []).append(_at(path, text, named.start()))
    for kind, lines in held.items():
        yield Statement("Auth", f"{kind} (Django REST framework)", tuple(lines))


def _first(texts: dict[str, str], pattern: re.Pattern[str]) -> tuple[str, re.Match[str]] | None:
    return next(((path, found) for path, text in texts.items() if (found := pattern.search(text))), None)


def _at(path: str, text: str, at: int) -> Evidence:
    return Evidence(path, text.count("\n", 0, at) + 1)
