"""Claude, asked over the Messages API, with one policy for what fails on the way."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from ..errors import ModelStopped
from ..model import CONTINUABLE, Hear, Listener, Reply, Request, Usage, listener
from ..spool import Spool
from . import platforms
from .abilities import Abilities
from .cited import cited
from .faults import Fault, Kind
from .stream import Answer, line, mended
from .together import Backoff
from .wire import Wire

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
        spool: where what the server sends is kept as it comes.
        abilities: what the server can do; without it, only what every server can.
        afford: asked before a broken try is made up for by another; raises :class:`BudgetSpent` to prevent it.
        base_url: where the API is; else as the environment says. Without ``/v1``.
        api_key: a key; else as the environment says.
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
        spool: Spool,
        abilities: Abilities | None = None,
        afford: Callable[[Request], None] = lambda request: None,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        patience: Patience | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        timer: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._patience = patience or Patience()
        self._at = platforms.connect(base_url, api_key, self._patience)
        self._wire = Wire(self._at, spool, abilities, self._bear, clock, timer)
        self._spool, self._afford = spool, afford
        self._clock, self._timer, self._chance = clock, timer, chance
        self._sleep = sleep
        self._backoff = Backoff(timer, sleep)

    def __repr__(self) -> str:
        return f"Claude(at {self._at.host!r}, with {self._at.credential.origin})"

    def close(self) -> None:
        """Close the connections that are open."""
        self._at.client.close()

    def send(self, request: Request, hear: Hear) -> Reply:
        """Ask for one turn, telling ``hear`` the text as it comes (from the beginning again when a try failed midway).

        A turn that a killed process had received whole is not asked for again. The reply's ``stop`` is the server's
        stop reason (``end_turn`` when complete), or ``empty`` when nothing was written. A refusal without a word is not
        billed (platform.claude.com/docs/en/build-with-claude/handling-stop-reasons), so it has no tokens.

        Raises:
            ModelStopped: no whole answer came; the message says why and what to do.
            BudgetSpent: asking once more after a broken try could pass the cap.
            Interrupted: nobody wants it any more; a try that was under way had its time.
        """
        ear = listener(hear)
        started = self._timer()
        failed: list[Fault] = []
        answer = self._wire.found(request, ear)
        before = len(self._spool.lost(request.digest))
        while answer is None:
            self._backoff.wait(lambda seconds: ear.wait(seconds, self._sleep))
            answer = self._tried(request, ear, failed)
        return self._reply(request, answer, before + len(failed) + 1, round(self._timer() - started, 3))

    def _tried(self, request: Request, ear: Listener, failed: list[Fault]) -> Answer | None:
        """One try, when its turn has come: its answer; nothing if it failed, or if everybody was told to wait meanwhile.

        Raises:
            ModelStopped: it failed and there is no other.
            BudgetSpent: another one could pass the cap.
        """
        with self._wire.turn(request, ear) as turn:
            if self._backoff.on:
                return None
            answer, fault = self._wire.ask(request, turn, ear)
            if fault is None:
                return answer
            if self._wire.gave_up_fetching(request, fault):
                return None
            failed.append(fault)
            self._rest(failed)
        self._afford(request)
        return None

    def _reply(self, request: Request, answer: Answer, attempts: int, seconds: float) -> Reply:
        now = self._wire.now
        text, sources = cited(answer.blocks, _next_source(request), now[:10])
        safe, going_on = self._wire.safe, answer.stop in CONTINUABLE
        empty = answer.stop == "end_turn" and not text.strip()
        return Reply(
            text=safe(text),
            model=line(safe(answer.model), 100) or request.model,
            stop=line("empty" if empty else safe(answer.stop), 100),
            usage=Usage() if answer.stop.startswith("refusal") and not text else answer.usage,
            at=now,
            seconds=seconds,
            attempts=attempts,
            lost=sum((lost.usage for lost in self._spool.lost(request.digest)), Usage()),
            sources=tuple(
                replace(each, url=safe(each.url), title=safe(each.title), quoted=safe(each.quoted)) for each in sources
            ),
            content=safe(mended(json.dumps(answer.blocks, ensure_ascii=False))) if going_on else "",
        )

    def _bear(self, whole: float, silent: float, usage: Usage) -> None:
        """Give a try up that takes too long.

        Raises:
            Fault: it does.
        """
        host = self._at.host
        if silent > self._patience.word:
            raise Fault(Kind.MAYBE_PAID, f"{host} sent no word for {silent / 60:.0f} minutes", usage=usage)
        if whole > self._patience.answer:
            raise Fault(Kind.MAYBE_PAID, f"{host} was still writing after {whole / 60:.0f} minutes", usage=usage)

    def _rest(self, failed: list[Fault]) -> None:
        """Have every seat wait before the next try.

        Raises:
            ModelStopped: there is none.
        """
        fault, attempts = failed[-1], len(failed)
        alike = sum(1 for other in failed if other.kind is fault.kind)
        paid = sum(1 for other in failed if other.kind is Kind.MAYBE_PAID)
        bill = f"; {paid} of {attempts} tries may have been billed" if paid else ""
        if fault.after and fault.after > LONGEST_WAIT and fault.kind is not Kind.STOP:
            raise self._stopped(f"{fault}; resume after {self._later(fault.after)}{bill}")
        if alike >= fault.kind.value:
            tried = f"; tried {attempts} times" if attempts > 1 and not bill else ""
            raise self._stopped(f"{fault}{tried}{bill}")
        jitter = self._chance() * min(60.0, 2.0 ** (attempts - 1))
        self._backoff.hold(max(fault.after or 0.0, jitter))

    def _later(self, seconds: float) -> str:
        """The local time in so many seconds, with the day if it is another one."""
        now = self._clock().astimezone()
        then = now + timedelta(seconds=seconds + 59)
        return then.strftime("%H:%M" if then.date() == now.date() else "%H:%M on %Y-%m-%d")

    def _stopped(self, text: str) -> ModelStopped:
        return ModelStopped(line(self._wire.safe(text), 600))


def _next_source(request: Request) -> int:
    """The number of the first source an answer adds: above those it was given, those its draft cites, those of its turns before."""
    given = " ".join(f"[{material.name}]" for material in request.materials if material.kind == "source")
    numbers = [int(number) for number in re.findall(r"\bS(\d{1,6})\b", f"{given} {request.draft}")]
    return 1 + max(numbers, default=0) + sum(turn.sources for turn in request.turns)
