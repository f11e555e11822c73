"""How callers prove who they are, as the documents and the OpenAPI document say it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..facts import Named, Operation, Reading
from .markdown import cite, listing, quote
from .naming import camel
from .values import Schema

_TITLES = {
    "openIdConnect": "OpenID Connect",
    "oauth2": "OAuth 2.0",
    "saml": "SAML",
    "mutualTLS": "client certificate (mutual TLS)",
    "apiKey": "API key",
    "cookie": "session cookie",
    "token": "bearer token",
    "password": "bearer token after signing in with a password",
}
_KEYS = {
    "password": "bearerAuth",
    "token": "bearerAuth",
    "cookie": "sessionCookie",
    "openIdConnect": "openId",
    "apiKey": "apiKey",
    "mutualTLS": "clientCertificate",
    "oauth2": "oauth2",
}


def title(way: Named) -> str:
    """What ``way`` is called: the protocol, or the provider in the brief's words."""
    return _TITLES.get(way.kind, quote(way.name))


def shown(ways: Sequence[Named], most: int = 4) -> str:
    """The means in a sentence, each with its passages; ``a bearer token`` without any."""
    return listing([f"{title(way)} {cite(way.sources, 2)}" for way in ways], most) or "a bearer token"


def of(reading: Reading, operation: Operation) -> tuple[Named, ...]:
    """The means by which callers of ``operation`` sign in: those the brief gives its roles, else all."""
    named = [way for way in reading.signin if any(_mentions(way, role) for role in operation.roles)]
    everybody = [way for way in reading.signin if not any(_mentions(way, actor.name) for actor in reading.actors)]
    return tuple(named or everybody or reading.signin)


def _mentions(way: Named, role: str) -> bool:
    return bool(re.search(rf"(?i)\b{re.escape(role.split()[-1])}s?\b", way.meaning))


def key(way: Named) -> str:
    """The name of the security scheme."""
    return _KEYS.get(way.kind) or camel(way.name)


def schemes(reading: Reading, jwt: bool) -> Schema:
    """The ``securitySchemes`` of the OpenAPI document; a bearer token where the brief names no means."""
    if not reading.signin:
        return {"bearerAuth": {"type": "http", "scheme": "bearer", **({"bearerFormat": "JWT"} if jwt else {})}}
    return {key(way): _scheme(way) for way in reading.signin}


def _scheme(way: Named) -> Schema:
    asked = "as the brief asks" if any(source.startswith("P") for source in way.sources) else "as settled"
    said = f"{_TITLES.get(way.kind, way.name)}, {asked} ({', '.join(way.sources)})"
    if way.kind == "openIdConnect":
        url = "https://identity.example.com/.well-known/openid-configuration"
        return {
            "type": "openIdConnect",
            "openIdConnectUrl": url,
            "description": f"{said}; the address is a placeholder.",
        }
    if way.kind == "apiKey":
        return {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": f"{said}; the header is assumed."}
    if way.kind == "cookie":
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": f"{said}; the cookie's name is assumed.",
        }
    if way.kind == "mutualTLS":
        return {"type": "mutualTLS", "description": f"{said}."}
    return {
        "type": "http",
        "scheme": "bearer",
        "description": f"{said}; calls carry the access token it gives (assumed).",
    }


def required(reading: Reading, operation: Operation) -> list[Schema]:
    """The ``security`` of one protected operation: any one of the means."""
    ways = of(reading, operation)
    return [{name: []} for name in dict.fromkeys(key(way) for way in ways)] or [{"bearerAuth": []}]
