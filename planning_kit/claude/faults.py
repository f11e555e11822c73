"""What can go wrong between here and the model, and whether asking once more is free, may be paid, or is no use."""

from __future__ import annotations

import email.utils
import enum
import math
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..model import Usage


class Kind(enum.Enum):
    """What asking again costs; the value is how many tries there are in all."""

    FREE = 5
    """The request was not worked on: it was never sent, or turned away."""
    MAYBE_PAID = 3
    """The answer may have been written, and billed, without reaching us whole."""
    STOP = 1
    """The same request would fare the same."""


class Fault(Exception):
    """One try that failed; its text is one line.

    Attributes:
        kind: what asking again costs.
        after: seconds the server asks to wait, or ``None``.
        usage: the tokens the server had counted by then.
    """

    def __init__(self, kind: Kind, text: str, after: float | None = None, usage: Usage | None = None) -> None:
        super().__init__(text)
        self.kind, self.after, self.usage = kind, after, usage or Usage()


@dataclass(frozen=True)
class Asked:
    """Who was asked for what, for the messages: ``host``, ``proxy`` (or empty), ``model``, and where the credential came from."""

    host: str
    proxy: str
    model: str
    origin: str


SPENT = frozenset(
    ("enforced_spend_limit_reached", "contract_spend_limit_reached", "linked_organization_spend_limit_reached")
)
"""Error codes of the API for which waiting seconds is no use."""

_PASSING = frozenset(("overloaded_error", "api_error", "timeout_error", "rate_limit_error"))
_NONSENSE = 31 * 24 * 3600
"""Seconds beyond which a server's wish to be asked later is taken for an error of its clock."""


def of(error: Exception, asked: Asked, now: datetime) -> Fault:
    """The fault behind what the SDK or its HTTP client raised.

    Args:
        error: what was raised; nothing of its request or headers goes into the text.
        asked: who was asked for what.
        now: for a ``retry-after`` that is a date.
    """
    import anthropic
    import httpx2

    if isinstance(error, anthropic.APIStatusError):
        return _refused(error, asked, now)
    chain = list(_chain(error))
    on_the_wire = (
        anthropic.AnthropicError,
        httpx2.HTTPError,
        httpx2.StreamError,
        httpx2.InvalidURL,
        UnicodeDecodeError,
    )
    if not any(isinstance(link, on_the_wire) for link in chain):  # a platform's library found no credential
        said = " ".join(str(error).split())[:200]
        return Fault(Kind.STOP, f"{asked.origin} cannot be used for {asked.host} ({type(error).__name__}: {said})")
    through = f" through the proxy {asked.proxy}" if asked.proxy else ""
    if any(isinstance(link, httpx2.ConnectTimeout | httpx2.PoolTimeout) for link in chain):
        return Fault(Kind.FREE, f"{asked.host} took no connection in time{through}")
    if any(isinstance(link, httpx2.ConnectError | httpx2.ProxyError) for link in chain):
        return _unreached(chain, asked, through)
    if any(isinstance(link, httpx2.TimeoutException) for link in chain):
        return Fault(Kind.MAYBE_PAID, f"{asked.host} fell silent{through}")
    if any(
        isinstance(link, httpx2.LocalProtocolError | httpx2.UnsupportedProtocol | httpx2.InvalidURL) for link in chain
    ):
        return Fault(
            Kind.STOP, f"the request to {asked.host} could not be put into HTTP; check {asked.origin} and the base URL"
        )
    if any(isinstance(link, UnicodeDecodeError | httpx2.DecodingError) for link in chain):
        return Fault(Kind.MAYBE_PAID, f"{asked.host} sent something that is not a stream of events")
    return Fault(Kind.MAYBE_PAID, f"the connection to {asked.host} broke off{through}")


def told(body: Any, host: str) -> Fault:
    """The fault an ``error`` event in the middle of a stream tells of."""
    error = body.get("error") if isinstance(body, dict) else None
    error = error if isinstance(error, dict) else {}
    details = error.get("details")
    code = details.get("error_code") if isinstance(details, dict) else None
    sort, said = str(error.get("type") or "error"), str(error.get("message") or "no reason given")
    again = (sort in _PASSING or sort == "error") and code not in SPENT
    return Fault(Kind.MAYBE_PAID if again else Kind.STOP, f"{host} broke the answer off ({sort}): {said}")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _unreached(chain: list[BaseException], asked: Asked, through: str) -> Fault:
    """No connection came about, so nothing was sent; says at which step."""
    import httpx2

    where = asked.proxy or asked.host
    if refusal := next((link for link in chain if isinstance(link, httpx2.ProxyError)), None):
        return Fault(Kind.FREE, f"proxy: {where} lets nothing through to {asked.host} ({refusal})")
    if any(isinstance(link, ssl.SSLError) for link in chain):
        reason = next(
            (getattr(link, "verify_message", "") for link in chain if getattr(link, "verify_message", "")), ""
        )
        return Fault(Kind.STOP, f"TLS: {asked.host} did not prove who it is{through} ({reason or 'handshake failed'})")
    if any(isinstance(link, socket.gaierror) for link in chain):
        return Fault(Kind.FREE, f"DNS: there is no address for {where}; check the network")
    if any(isinstance(link, ConnectionRefusedError) for link in chain):
        return Fault(Kind.FREE, f"connection refused: nothing answers at {where}")
    return Fault(Kind.FREE, f"{asked.host} could not be reached{through}")


def _refused(error: Any, asked: Asked, now: datetime) -> Fault:
    """The server answered with a status instead of a stream."""
    status, headers = int(error.status_code), error.response.headers
    said = str(error.api_message or "").strip()
    answer = f"{asked.host} answered {status}" + (f": {said}" if said else "")
    if error.error_code in SPENT or status == 402 or error.type == "billing_error" or _is_spent(said):
        return Fault(
            Kind.STOP, f"{answer}; the account's spend limit or credit is used up: raise it, or resume when it is reset"
        )
    advice = {
        401: f"the credential in {asked.origin} is not accepted; set a valid one",
        403: f"the credential in {asked.origin} may not use {asked.model}",
        404: f"there is no model {asked.model!r} there, or no Messages API; choose another model or base URL",
        413: "the brief, codebase and documents together are too large; shorten them",
    }
    if status in advice:
        return Fault(Kind.STOP, f"{answer}; {advice[status]}")
    if 300 <= status < 400:
        return Fault(Kind.STOP, f"{answer}; redirects are not followed: set the base URL to where the API really is")
    after = _wait(headers, now)
    if headers.get("x-should-retry") == "false" or not (status in (408, 429) or status >= 500):
        return Fault(
            Kind.STOP,
            f"{answer}; the request does not suit this server or {asked.model}: choose another model or base URL",
        )
    return Fault(Kind.MAYBE_PAID if status in (408, 504) else Kind.FREE, answer, after)


def _is_spent(said: str) -> bool:
    """Whether the API's 400 means money (it has no code of its own: platform.claude.com/docs/en/api/errors)."""
    return said.startswith("You have reached your specified API usage limits") or "credit balance is too low" in said


def _wait(headers: Any, now: datetime) -> float | None:
    """Seconds the server asks to wait (RFC 9110 §10.2.3: seconds or a date; ``retry-after-ms`` goes first)."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        text = str(headers.get(name) or "").strip()
        try:
            seconds = float(text) * unit
        except ValueError:
            try:
                date = email.utils.parsedate_to_datetime(text)
            except (ValueError, IndexError):
                continue
            seconds = (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now.timestamp()
        if math.isfinite(seconds) and 0 < seconds <= _NONSENSE:
            return seconds
    return None
