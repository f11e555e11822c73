"""Claude, asked over the Messages API, with one policy for what fails on the way."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .. import redact
from ..errors import ModelStopped
from ..model import Hear, Reply, Request, Usage
from . import address, faults
from .faults import Asked, Fault, Kind
from .prompt import render
from .stream import Answer, mended

MODEL = "claude-sonnet-5-5"
"""What ``auto`` asks for. Of the current models (``prices.json``) it writes long structured documents at half the
price of ``claude-opus-5-5``: a backend plan of six documents, each at full length and mended twice, stays under ten of
the default budget's 20 dollars. ``claude-haiku-5-5`` is cheaper still, but multiplies its price by five as soon as
brief, codebase and documents pass 100,000 tokens."""

LONGEST_WAIT = 600.0
"""Seconds a server may ask us to wait before we stop and say when to resume."""


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds: for a connection, for the next byte, for the next word (the server sends pings while
    the model thinks), and for the whole answer."""

    connection: float = 10.0
    byte: float = 120.0
    word: float = 600.0
    answer: float = 1800.0


class Claude:
    """A transport to the Messages API; safe to use from several threads.

    Args:
        base_url: where the API is; else ``ANTHROPIC_BASE_URL``, else the public API. Without ``/v1``.
        api_key: a key; else ``ANTHROPIC_API_KEY``, else ``ANTHROPIC_AUTH_TOKEN``.
        patience: how long to wait for what.
        clock: gives the time of day, with its zone.
        timer: gives seconds that only grow.
        sleep: waits so many seconds.
        chance: gives a number from 0 to 1, for waits that differ.

    Raises:
        BadInput: the address or the credential cannot be used.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        patience: Patience | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timer: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        url = address.address(base_url)
        known = address.credential(api_key)
        import anthropic
        import httpx2

        self._patience = patience or Patience()
        waits = httpx2.Timeout(self._patience.byte, connect=self._patience.connection)
        self._client = anthropic.Anthropic(
            api_key=known.value if known.kind == "api_key" else None,
            auth_token=known.value if known.kind == "auth_token" else None,
            base_url=url,
            max_retries=0,
            timeout=waits,
            open_telemetry=False,
            http_client=anthropic.DefaultHttpxClient(follow_redirects=False, timeout=waits),
        )
        self._failures = (
            anthropic.AnthropicError,
            httpx2.HTTPError,
            httpx2.StreamError,
            httpx2.InvalidURL,
            UnicodeDecodeError,
        )
        self._credential, self._host, self._proxy = known, address.place(url), address.proxy(url)
        self._clock, self._timer, self._sleep, self._chance = clock, timer, sleep, chance

    def __repr__(self) -> str:
        return f"Claude(at {self._host!r}, with {self._credential.origin})"

    def close(self) -> None:
        """Close the connections that are open."""
        self._client.close()

    def send(self, request: Request, hear: Hear) -> Reply:
        """Ask, telling ``hear`` the text as it comes (from the beginning again when a try failed midway).

        The reply's usage holds the tokens of every try, as far as the server told them. Its ``stop`` is the server's
        stop reason (``end_turn`` when complete), or ``empty`` when nothing was written twice.

        Raises:
            ModelStopped: no whole answer came; the message says why and what to do.
        """
        started = self._timer()
        failed: list[Fault] = []
        usage = Usage()
        attempts, again = 0, False
        while True:
            attempts += 1
            answer, fault = self._try(request, again, hear)
            usage = usage + (fault.usage if fault else answer.usage)
            if fault:
                failed.append(fault)
                self._rest(failed, attempts)
            elif answer.stop == "end_turn" and not answer.text.strip() and not again:
                again = True
            else:
                break
        stop = "empty" if answer.stop == "end_turn" and not answer.text.strip() else answer.stop
        return Reply(
            text=answer.text,
            model=_line(answer.model, 100) or request.model,
            stop=_line(stop, 100),
            usage=usage,
            at=self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            seconds=round(self._timer() - started, 3),
            attempts=attempts,
        )

    def _try(self, request: Request, again: bool, hear: Hear) -> tuple[Answer, Fault | None]:
        """One request on the wire: its answer, and why it is of no use, if so."""
        answer = Answer(self._host)
        try:
            with contextlib.closing(self._pieces(request, again, answer)) as pieces:
                for piece in pieces:
                    hear(piece)
        except Fault as fault:
            return answer, fault
        return answer, None

    def _pieces(self, request: Request, again: bool, answer: Answer) -> Generator[str]:
        """The text of ``answer`` as it comes.

        Raises:
            Fault: it did not come, or not whole.
        """
        started = heard = self._timer()
        try:
            with self._client.messages.create(**render(request, again), stream=True) as stream:
                for event in stream.raw_events(stream.response):
                    piece = answer.take(event.data) if event.data else None
                    if piece:
                        yield mended(piece)
                    now = self._timer()
                    heard = heard if piece is None else now
                    if answer.ended:
                        break
                    self._bear(now - started, now - heard, answer.usage)
        except self._failures as error:
            asked = Asked(self._host, self._proxy, request.model, self._credential.origin)
            fault = faults.of(error, asked, self._clock())
            fault.usage = answer.usage
            raise fault from None
        answer.whole()

    def _bear(self, whole: float, silent: float, usage: Usage) -> None:
        if silent > self._patience.word:
            raise Fault(Kind.MAYBE_PAID, f"{self._host} sent no word for {silent / 60:.0f} minutes", usage=usage)
        if whole > self._patience.answer:
            raise Fault(Kind.MAYBE_PAID, f"{self._host} was still writing after {whole / 60:.0f} minutes", usage=usage)

    def _rest(self, failed: list[Fault], attempts: int) -> None:
        """Wait before the next try.

        Raises:
            ModelStopped: there is none.
        """
        fault = failed[-1]
        alike = sum(1 for other in failed if other.kind is fault.kind)
        paid = sum(1 for other in failed if other.kind is Kind.MAYBE_PAID)
        bill = f"; {paid} of {attempts} tries may have been billed" if paid else ""
        if fault.after and fault.after > LONGEST_WAIT and fault.kind is not Kind.STOP:
            raise self._stopped(f"{fault}; resume after {self._later(fault.after)}{bill}")
        if alike >= fault.kind.value:
            tried = f"; tried {attempts} times" if attempts > 1 and not bill else ""
            raise self._stopped(f"{fault}{tried}{bill}")
        jitter = self._chance() * min(60.0, 2.0 ** (len(failed) - 1))
        self._sleep(max(fault.after or 0.0, jitter))

    def _later(self, seconds: float) -> str:
        """The local time in so many seconds, with the day if it is another one."""
        now = self._clock().astimezone()
        then = now + timedelta(seconds=seconds + 59)
        return then.strftime("%H:%M" if then.date() == now.date() else "%H:%M on %Y-%m-%d")

    def _stopped(self, text: str) -> ModelStopped:
        return ModelStopped(redact.redact(_line(text, 600), also=[self._credential.value]))


def _line(text: str, most: int) -> str:
    """``text`` on one line of at most ``most`` characters, without anything a terminal would obey."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in mended(text)).split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"
