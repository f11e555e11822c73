"""Where Claude is asked: the API itself, a server of one's own, or a cloud platform through the SDK's own client for it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol
from urllib.parse import urlsplit

from ..errors import BadInput, nearest
from . import address
from .address import API, Credential

PLATFORM = "PLANNING_KIT_PLATFORM"
"""Environment variable that names the platform; empty for the API itself or the server at ``ANTHROPIC_BASE_URL``."""


class Waits(Protocol):
    """How long to wait, in seconds."""

    @property
    def connection(self) -> float:
        """For a connection."""
        ...

    @property
    def byte(self) -> float:
        """For the next byte."""
        ...


@dataclass(frozen=True)
class Connection:
    """A client of the SDK and what messages need to know about it.

    Attributes:
        client: the SDK's client; ``messages`` is the same on all of them, ``models`` is missing on some.
        credential: what it authenticates with; its ``value`` is empty when the platform's own library finds it.
        host: who is asked, with the port if one is given.
        proxy: host and port of the proxy on the way, or empty.
        failures: what a request may raise, the SDK's own errors and those of the platform's library.
    """

    client: Any = field(repr=False)
    credential: Credential
    host: str
    proxy: str
    failures: tuple[type[Exception], ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Platform:
    """A cloud platform that serves Claude, as the SDK (2.11, ``anthropic/lib``) knows it.

    Attributes:
        title: what people call it.
        client: the SDK's class.
        base: the variable that may hold its address.
        url: gives its address from :attr:`place`, without one in ``base``.
        place: the variables one of which says where it is (a region, a resource), the first that is set wins.
        keys: the variables that may hold a key; the first that is set wins.
        needs: variables that must be set besides.
        secret: the variable of a secret the platform's library reads, never to be shown.
        library: what has to be installed when there is no key, and the ``extra`` of this package that brings it.
        extra: see ``library``.
    """

    title: str
    client: str
    base: str
    url: Callable[[str], str]
    place: tuple[str, ...]
    keys: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    secret: str = ""
    library: str = ""
    extra: str = ""


def _vertex(region: str) -> str:
    if region == "global":
        return "https://aiplatform.googleapis.com/v1"
    if region in ("us", "eu"):
        return f"https://aiplatform.{region}.rep.googleapis.com/v1"
    return f"https://{region}-aiplatform.googleapis.com/v1"


_REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")
PLATFORMS = {
    "aws": Platform(
        "Claude on AWS", "AnthropicAWS", "ANTHROPIC_AWS_BASE_URL", lambda at: f"https://aws-external-anthropic.{at}.api.aws",
        _REGION, ("ANTHROPIC_AWS_API_KEY",), ("ANTHROPIC_AWS_WORKSPACE_ID",), "AWS_SECRET_ACCESS_KEY", "boto3", "aws",
    ),
    "bedrock": Platform(
        "Amazon Bedrock", "AnthropicBedrockMantle", "ANTHROPIC_BEDROCK_MANTLE_BASE_URL",
        lambda at: f"https://bedrock-mantle.{at}.api.aws/anthropic",
        _REGION, ("AWS_BEARER_TOKEN_BEDROCK", "ANTHROPIC_AWS_API_KEY"), (), "AWS_SECRET_ACCESS_KEY", "boto3", "bedrock",
    ),
    "foundry": Platform(
        "Microsoft Foundry", "AnthropicFoundry", "ANTHROPIC_FOUNDRY_BASE_URL",
        lambda at: f"https://{at}.services.ai.azure.com/anthropic", ("ANTHROPIC_FOUNDRY_RESOURCE",), ("ANTHROPIC_FOUNDRY_API_KEY",),
    ),
    "vertex": Platform(
        "Google Vertex AI", "AnthropicVertex", "ANTHROPIC_VERTEX_BASE_URL", _vertex, ("CLOUD_ML_REGION",),
        library="google.auth", extra="vertex",
    ),
}  # fmt: skip
"""The platforms there are, by the name ``PLANNING_KIT_PLATFORM`` gives them."""


def platform() -> str:
    """The platform that is asked: a key of :data:`PLATFORMS`, or empty for the API and servers that speak like it.

    Raises:
        BadInput: ``PLANNING_KIT_PLATFORM`` names none.
    """
    name = _value(PLATFORM).lower()
    if name and name not in PLATFORMS:
        raise BadInput(f"{PLATFORM}: no such platform: {name!r}{nearest(name, PLATFORMS)}")
    return name


def credentials() -> str | None:
    """The environment variable that gives access: one that holds a key, or the one that names a platform; ``None`` without any.

    Raises:
        BadInput: ``PLANNING_KIT_PLATFORM`` names no platform.
    """
    name = platform()
    return (_first(PLATFORMS[name].keys) or PLATFORM) if name else address.credentials()


def credential() -> Credential:
    """What would be authenticated with.

    Raises:
        BadInput: there is nothing, a variable or a library of the platform is missing, or no header can carry the key.
    """
    name = platform()
    return _credential(name, PLATFORMS[name]) if name else address.credential()


def server() -> str:
    """The host (and port, if one is given) that would be asked.

    Raises:
        BadInput: its address cannot be used.
    """
    return address.place(_address())


def check_server() -> None:
    """Make sure the address that would be asked can be used.

    Raises:
        BadInput: it cannot; see :func:`.address.address`.
    """
    _address()


def is_anthropic() -> bool:
    """Whether the public API would be asked, and not a platform, a gateway or a local server with models of its own.

    Raises:
        BadInput: the address cannot be used.
    """
    return urlsplit(_address()).hostname == urlsplit(API).hostname


def connect(base_url: str | None, api_key: str | None, patience: Waits) -> Connection:
    """A client that retries nothing, follows no redirect and traces nothing.

    Args:
        base_url: where the API is; else where the environment says. Without ``/v1``.
        api_key: a key; else what the environment holds. With either of them, no platform is asked.
        patience: how long to wait for what.

    Raises:
        BadInput: the address, the credential or the platform cannot be used.
    """
    name = platform() if base_url is None and api_key is None else ""
    url = _address(name) if name else address.address(base_url)
    known = _credential(name, PLATFORMS[name]) if name else address.credential(api_key)
    import anthropic
    import httpx2

    waits = httpx2.Timeout(patience.byte, connect=patience.connection)
    common: dict[str, Any] = {
        "base_url": url,
        "max_retries": 0,
        "timeout": waits,
        "open_telemetry": False,
        "http_client": anthropic.DefaultHttpxClient(follow_redirects=False, timeout=waits),
    }
    failures: tuple[type[Exception], ...] = (
        anthropic.AnthropicError, httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL, UnicodeDecodeError,
    )  # fmt: skip
    if name:
        common |= {"api_key": known.value} if known.kind == "api_key" else {}
        client = getattr(anthropic, PLATFORMS[name].client)(**common)
        failures += _failures(PLATFORMS[name].library)
    else:
        common |= {kind: known.value if kind == known.kind else None for kind in ("api_key", "auth_token")}
        client = anthropic.Anthropic(**common)
    return Connection(client, known, address.place(url), address.proxy(url), failures)


def _address(name: str | None = None) -> str:
    """The checked address of the platform ``name`` (of the one the environment names, else of the API)."""
    name = platform() if name is None else name
    if not name:
        return address.address()
    known = PLATFORMS[name]
    if _value(known.base):
        return address.checked(_value(known.base), known.base, versioned=name == "vertex")
    where = _first(known.place)
    if where is None:
        raise BadInput(f"{known.title} needs {' or '.join((*known.place, known.base))}: set one of them")
    if not all(letter.isalnum() or letter == "-" for letter in _value(where)) or not _value(where).isascii():
        raise BadInput(f"{where} has other characters than letters, digits and '-'; set it again, without quotes")
    return address.checked(known.url(_value(where)), where, versioned=name == "vertex")


def _credential(name: str, known: Platform) -> Credential:
    _address(name)
    for needed in (*known.needs, *(known.place if name == "vertex" else ())):
        if not _value(needed):
            raise BadInput(f"{known.title} needs {needed}: set it, or unset {PLATFORM}")
    held = _first(known.keys)
    if held:
        return Credential("api_key", held, address.carried(_value(held), held))
    if not known.library:
        raise BadInput(f"{known.title} needs a key: set {' or '.join(known.keys)}")
    if not _installed(known.library):
        keyed = f", or set {' or '.join(known.keys)}" if known.keys else ""
        raise BadInput(f'{known.title} needs {known.library}: pip install "planning-kit[{known.extra}]"{keyed}')
    return Credential("platform", f"the credentials of {known.title}", _value(known.secret) if known.secret else "")


def _failures(library: str) -> tuple[type[Exception], ...]:
    """What the SDK and the platform's library raise when they find no credential, or it cannot be renewed."""
    where = {
        "boto3": ("botocore.exceptions", "BotoCoreError"),
        "google.auth": (f"{library}.exceptions", "GoogleAuthError"),
    }
    if library not in where or not _installed(library):
        return (RuntimeError, ValueError)
    module, name = where[library]
    return (RuntimeError, ValueError, getattr(import_module(module), name))


def _installed(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ModuleNotFoundError:  # the package around it is missing
        return False


def _first(names: tuple[str, ...]) -> str | None:
    return next((name for name in names if _value(name)), None)


def _value(name: str) -> str:
    return os.environ.get(name, "").strip()
