"""Where Claude is asked, and with whose credential: read from the environment, never shown."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from ..errors import BadInput

API = "https://api.anthropic.com"
BASE = "ANTHROPIC_BASE_URL"
VARIABLES = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
"""Where a credential may be, the first that is set wins."""


@dataclass(frozen=True)
class Credential:
    """A credential: what the SDK calls it (``kind``), how a message names it (``origin``), and its ``value``."""

    kind: str
    origin: str
    value: str = field(repr=False)


def credentials() -> str | None:
    """The environment variable that holds a credential (its name, never its value); empty or blank counts as unset."""
    return next((name for name in VARIABLES if os.environ.get(name, "").strip()), None)


def place(url: str) -> str:
    """Host and port of ``url``, without user, password and path."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return f"{host}:{parts.port}" if parts.port else host


def address(base_url: str | None = None) -> str:
    """The checked base URL: ``base_url``, else ``ANTHROPIC_BASE_URL``, else the public API.

    Raises:
        BadInput: see :func:`checked`.
    """
    return checked((base_url if base_url is not None else os.environ.get(BASE, "")).strip() or API, BASE)


def checked(url: str, origin: str, versioned: bool = False) -> str:
    """``url`` without a slash at its end, if it can be used.

    Args:
        url: the address.
        origin: the variable it is from, as messages name it.
        versioned: whether it is one to end in ``/v1``.

    Raises:
        BadInput: it is no http(s) address, ends in ``/v1`` (the SDK adds that), carries a user name, a query or a
            fragment, or would send the brief unencrypted to another machine.
    """
    url = url.rstrip("/")
    try:
        parts = urlsplit(url)
        named = place(url)
    except ValueError:
        raise BadInput(f"{origin} is not an address; use one like {API}") from None
    if parts.scheme not in ("http", "https") or not named or not url.isprintable() or " " in url:
        raise BadInput(f"{origin} is not an http or https address; use one like {API}")
    if parts.username is not None or parts.query or parts.fragment:
        raise BadInput(f"{origin} has more than scheme, host and path; use {parts.scheme}://{named}{parts.path}")
    if parts.path.endswith("/v1") and not versioned:
        right = f"{parts.scheme}://{named}{parts.path.removesuffix('/v1').rstrip('/')}"
        raise BadInput(f"{origin} ends in /v1, which is added by itself; use {right}")
    if parts.scheme == "http" and not _is_loopback(parts):
        raise BadInput(
            f"{origin} is plain http to {named}: brief and key would be readable on the way; use https://{named}"
        )
    return url


def credential(api_key: str | None = None) -> Credential:
    """What to authenticate with: ``api_key``, else what the environment holds.

    Raises:
        BadInput: there is none, or it has characters no header can carry (the message does not repeat it).
    """
    origin = "the api_key given" if api_key is not None else credentials()
    if origin is None or (api_key is not None and not api_key.strip()):
        raise BadInput(f"no credential for Claude: set {VARIABLES[0]} (or {VARIABLES[1]}), or use the model 'offline'")
    value = carried((api_key if api_key is not None else os.environ[origin]).strip(), origin)
    return Credential("auth_token" if origin == VARIABLES[1] else "api_key", origin, value)


def carried(value: str, origin: str) -> str:
    """``value``, if a header can carry it.

    Raises:
        BadInput: it cannot (the message does not repeat it).
    """
    if not (value.isascii() and value.isprintable() and " " not in value):
        raise BadInput(f"{origin} has blanks, line breaks or non-ASCII characters inside; set it again, without quotes")
    return value


def proxy(url: str) -> str:
    """Host and port of the proxy the environment sets for ``url``; empty for none."""
    parts = urlsplit(url)
    found = getproxies()
    through = found.get(parts.scheme) or found.get("all") or ""
    if not through or not parts.hostname or proxy_bypass(parts.hostname):
        return ""
    return place(through if "://" in through else f"http://{through}")


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
