"""One try on the wire: asked in its turn, kept as it comes, and whole or a fault."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..model import Hear, Listener, Request, Usage
from ..redact import redact
from ..spool import Spool
from . import faults
from .abilities import PORTABLE, Abilities, Ability
from .faults import Asked, Fault, Kind
from .platforms import Connection
from .prompt import prefix, render
from .stream import Answer, line, mended
from .together import Convoy

HOUR, MINUTES = 3600.0, 300.0
"""Seconds the server keeps a prefix, by the mark it carries."""


@dataclass(frozen=True)
class Turn:
    """One's turn to ask: the ``body`` to send, and what is to be called when its answer has ``begun``."""

    body: dict[str, Any]
    begun: Callable[[], None]


@dataclass(frozen=True)
class _Watched:
    """A response that tells ``bear`` whenever bytes come (a server may send comments, which are no events, for ever), and
    ``taken`` before it waits for more."""

    response: Any
    bear: Callable[[], None]
    taken: Callable[[], None]

    def iter_bytes(self) -> Iterator[bytes]:
        for some in self.response.iter_bytes():
            self.bear()
            yield some
            self.taken()


class Wire:
    """Puts requests to a server, one try at a time.

    Args:
        at: the client, and what messages need to know about it.
        spool: where what comes is kept.
        abilities: what the server can do; without it, only what every server can.
        bear: told the seconds since the start and since the last word, and what was counted; raises a fault when it is too long.
        clock: gives the time of day.
        timer: gives seconds that only grow.
    """

    def __init__(
        self,
        at: Connection,
        spool: Spool,
        abilities: Abilities | None,
        bear: Callable[[float, float, Usage], None],
        clock: Callable[[], datetime],
        timer: Callable[[], float],
    ) -> None:
        self._at, self._spool, self._abilities = at, spool, abilities
        self._bear, self._clock, self._timer = bear, clock, timer
        self._convoy = Convoy(timer)
        self._fetches = True

    def found(self, request: Request, hear: Hear) -> Answer | None:
        """The whole answer an earlier process received and did not live to keep; broken ones are counted as lost."""
        for number, events in self._spool.tries(request.digest):
            answer = self._answer(request)
            try:
                for event in events:
                    piece = answer.take(event)
                    if piece is not None:
                        hear(mended(piece))
                answer.whole()
            except Fault:
                self._spool.lose(
                    request, number, answer.taken, "the process was stopped before it came whole", self.now
                )
            else:
                return answer
        return None

    @contextlib.contextmanager
    def turn(self, request: Request, ear: Listener) -> Iterator[Turn]:
        """Wait until it is one's turn among those who ask with the same prefix; the next one's comes afterwards.

        Raises:
            Interrupted: nobody wants it any more.
        """
        caches = self._abilities is None or self._abilities.caching
        body = render(request, self._ability(request), caches, self._fetches)
        lasts = HOUR if request.lasting else MINUTES
        place = self._convoy.place(prefix(body), lasts, lambda: ear.asking(request))
        with place if caches else contextlib.nullcontext(_nobody_waits) as begun:
            ear.asking(request)
            yield Turn(body, begun)

    def ask(self, request: Request, turn: Turn, ear: Listener) -> tuple[Answer, Fault | None]:
        """One request on the wire: its answer, and why it is of no use, if so."""
        answer = self._answer(request)
        with self._spool.keeping(request.digest) as (number, keep):
            try:
                with contextlib.closing(self._pieces(request, turn, answer, keep)) as pieces:
                    for piece in pieces:
                        ear(piece)
                        ear.doing(answer.doing, answer.taken)
                answer.whole()
            except Fault as fault:
                if fault.kind is Kind.MAYBE_PAID or answer.begun:
                    self._spool.lose(request, number, answer.taken, line(self.safe(str(fault)), 600), self.now)
                else:
                    self._spool.forget(request.digest, number)
                return answer, fault
        return answer, None

    def gave_up_fetching(self, request: Request, fault: Fault) -> bool:
        """Whether the server turned the request away for the tool that reads pages: not every model may use it, and none says so."""
        unknown = self._fetches and request.web is not None and fault.kind is Kind.STOP and "web_fetch" in str(fault)
        self._fetches = self._fetches and not unknown
        return unknown

    @property
    def now(self) -> str:
        """The time of day, UTC, ISO 8601 to the second."""
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def safe(self, text: str) -> str:
        """``text`` without the credential, should the server echo it, and without what looks like one; JSON stays JSON."""
        return redact(text, also=[self._at.credential.value])

    def _answer(self, request: Request) -> Answer:
        return Answer(self._at.host, web=request.web is not None)

    def _ability(self, request: Request) -> Ability:
        return self._abilities.of(request.model) if self._abilities else PORTABLE

    def _pieces(self, request: Request, turn: Turn, answer: Answer, keep: Callable[[str], None]) -> Generator[str]:
        """The text of ``answer`` as it comes; what came is on the disk before anything more is waited for.

        Raises:
            Fault: it did not come, or is broken.
        """
        started = heard = self._timer()
        came: list[str] = []

        def put_away() -> None:
            if came:
                keep("\n".join(came))
                came.clear()

        def bear() -> None:
            now = self._timer()
            self._bear(now - started, now - heard, answer.usage)

        try:
            with self._at.client.messages.create(**turn.body, stream=True) as stream:
                started = heard = self._timer()
                for event in stream.raw_events(_Watched(stream.response, bear, put_away)):
                    if not event.data:
                        continue
                    came.append(self.safe(event.data).replace("\n", " "))
                    first = not answer.begun
                    piece = answer.take(event.data)
                    if first and answer.begun:
                        turn.begun()
                    if piece is not None:
                        heard = self._timer()
                        yield mended(piece)
                    if answer.ended:
                        break
        except self._at.failures as error:
            asked = Asked(self._at.host, self._at.proxy, request.model, self._at.credential.origin)
            fault = faults.of(error, asked, self._clock())
            fault.usage = answer.usage
            raise fault from None
        finally:
            put_away()


def _nobody_waits() -> None:
    """Without a cache there is nothing to warm for others."""
