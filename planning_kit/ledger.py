"""A transport that never pays twice, and knows what was spent."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from . import digest, files, prices
from .errors import BudgetSpent, Damaged
from .model import Hear, Reply, Request, Transport
from .redact import redact
from .spool import Lost, Spool
from .store import Store


@dataclass(frozen=True)
class Account:
    """What calls cost so far: how many ``calls``, how many tokens ``input`` (cached ones included) and ``output``, US ``dollars``.

    Tries that were broken off are in the tokens and dollars, as far as the server had counted them.
    """

    calls: int = 0
    input: int = 0
    output: int = 0
    dollars: float = 0.0


@dataclass(frozen=True)
class Call:
    """One kept answer: the ``seat`` and ``model`` that were asked, and the ``reply``."""

    seat: str
    model: str
    reply: Reply

    @property
    def dollars(self) -> float:
        """What it cost by the model that was asked for (a gateway may name it otherwise), broken tries included."""
        return prices.cost(self.model, self.reply.usage) + prices.cost(self.model, self.reply.lost)


class Ledger:
    """Sends a request only if its answer is not kept yet; safe to use from several threads.

    Args:
        store: where answers are kept, as ``calls/ab/<digest of the request>.json``.
        transport: gives the transport when the first unknown request comes (so a replay loads no SDK).
        budget: hard cap for the whole run, US dollars.
        spool: where tries are kept that have not become an answer yet.
    """

    def __init__(
        self, store: Store, transport: Callable[[], Transport], budget: float, spool: Spool | None = None
    ) -> None:
        self._store = store
        self._make = transport
        self._transport: Transport | None = None
        self._budget = budget
        self._spool = spool or Spool(store)
        self._reserved = 0.0
        self._lock = threading.Lock()
        self._seen: dict[str, Call] = {}

    def send(self, request: Request, hear: Hear) -> Reply:
        """The kept answer, or a new one, which is on the disk before anyone reads it.

        Raises:
            BudgetSpent: the call could pass the cap.
            Damaged: the kept answer no longer holds what it was written with; it is set aside and not asked for again.
            ModelStopped: no complete answer came.
        """
        if known := self.known(request):
            return known
        most = prices.most(request)
        self._reserve(most, request)
        try:
            reply = _clean(self._asked().send(request, hear))
            entry = {"request": request.facts, "reply": asdict(reply)}
            whole = {**entry, "digest": digest.of_fact(entry)}
            self._store.keep(_name(request.digest), json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
            self._spool.done(request.digest)
        finally:
            with self._lock:
                self._reserved -= most
        return reply

    def afford(self, request: Request) -> None:
        """Nothing, unless what was lost by now leaves too little for the calls under way.

        Raises:
            BudgetSpent: asking ``request`` again could pass the cap.
        """
        spent = self._spent()
        with self._lock:
            if spent + self._reserved > self._budget:
                raise BudgetSpent(
                    f"asking {request.seat} again after a broken try could pass the budget of ${self._budget:.2f}: "
                    f"${spent:.2f} is spent and ${self._reserved:.2f} may be by calls under way; run again with a larger --budget"
                )

    def known(self, request: Request) -> Reply | None:
        """The kept answer to exactly this request, if there is one.

        Raises:
            Damaged: it no longer holds what it was written with; it is set aside.
        """
        with self._lock:
            kept = self._answers().get(request.digest)
            if kept is None:
                self._refuse_damaged(request)
            return kept.reply if kept else None

    @property
    def account(self) -> Account:
        """What the kept answers and the broken tries cost."""
        calls = self.calls
        usages = [usage for call in calls for usage in (call.reply.usage, call.reply.lost)]
        usages += [lost.usage for lost in self.lost]
        return Account(
            calls=len(calls),
            input=sum(usage.read for usage in usages),
            output=sum(usage.output for usage in usages),
            dollars=self._spent(),
        )

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every kept answer, in the order they were finished."""
        with self._lock:
            return tuple(sorted(self._answers().values(), key=lambda call: (call.reply.at, call.seat)))

    @property
    def lost(self) -> tuple[Lost, ...]:
        """Tries that were broken off and have no kept answer yet to carry them, oldest first.

        Raises:
            Damaged: a note about one cannot be read.
        """
        with self._lock:
            kept = self._answers()
            return tuple(
                sorted((lost for lost in self._spool.lost() if lost.asked not in kept), key=lambda lost: lost.at)
            )

    @property
    def damaged(self) -> tuple[str, ...]:
        """The files of kept answers that cannot be read any more, as paths below the run's folder."""
        with self._lock:
            self._answers()
            broken = [path for path in self._files("json") if path.stem not in self._seen]
            return tuple(str(path.relative_to(self._store.folder)) for path in (*broken, *self._files("damaged")))

    def _spent(self) -> float:
        kept = sum(call.dollars for call in self.calls)
        return kept + sum(prices.cost(lost.model, lost.usage) for lost in self.lost)

    def _reserve(self, most: float, request: Request) -> None:
        spent = self._spent()
        with self._lock:
            if spent + self._reserved + most > self._budget:
                raise BudgetSpent(
                    f"asking {request.seat} could cost up to ${most:.2f}; ${spent:.2f} of the budget of ${self._budget:.2f} is spent "
                    f"and ${self._reserved:.2f} may be by calls under way; run again with a larger --budget"
                )
            self._reserved += most

    def _asked(self) -> Transport:
        with self._lock:
            if self._transport is None:
                self._transport = self._make()
            return self._transport

    def _answers(self) -> dict[str, Call]:
        """Every kept answer that can be read; those another process kept since are read now."""
        for path in self._files("json"):
            if path.stem not in self._seen:
                with contextlib.suppress(Damaged):
                    self._seen[path.stem] = _opened(path.stem, self._store.read(_name(path.stem)) or "")
        return self._seen

    def _files(self, ending: str) -> list[Path]:
        return sorted((self._store.folder / "calls").glob(f"??/*.{ending}"))

    def _refuse_damaged(self, request: Request) -> None:
        """Set a damaged answer to ``request`` aside, so that it can neither be used nor silently be paid for again.

        Raises:
            Damaged: there is one, now or since an earlier time.
        """
        path = self._store.path(_name(request.digest))
        aside = path.with_suffix(".damaged")
        if path.exists():
            files.move(path, aside)
        if aside.exists():
            raise Damaged(
                f"the stored answer of {request.seat} was changed or cannot be read; it is set aside as {aside}: "
                f"restore it as {path.name}, or delete it to ask (and pay) again"
            )


def _clean(reply: Reply) -> Reply:
    """``reply`` without anything secret: a gateway may echo what it was sent."""
    sources = tuple(
        replace(source, url=redact(source.url), title=redact(source.title), quoted=redact(source.quoted))
        for source in reply.sources
    )
    return replace(reply, text=redact(reply.text), sources=sources)


def _opened(name: str, text: str) -> Call:
    """The call kept under ``name``.

    Raises:
        Damaged: it does not hold what it was written with.
    """
    try:
        entry: dict[str, Any] = json.loads(text)
        whole = digest.of_fact({"request": entry["request"], "reply": entry["reply"]}) == entry["digest"]
        if not whole or digest.of_fact(entry["request"]) != name:
            raise Damaged(name)
        return Call(entry["request"]["seat"], entry["request"]["model"], Reply.of(entry["reply"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(name) from error


def _name(name: str) -> str:
    return f"calls/{name[:2]}/{name}.json"
