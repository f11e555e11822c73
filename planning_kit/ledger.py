"""A transport that never pays twice, and knows what was spent."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from . import digest, prices
from .errors import BudgetSpent, Damaged
from .model import Hear, Reply, Request, Transport
from .redact import redact
from .store import Store


@dataclass(frozen=True)
class Account:
    """What calls cost so far: how many ``calls``, how many tokens ``input`` (cached ones included) and ``output``, US ``dollars``."""

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
        """What it cost by the model that was asked for: a gateway may name it otherwise in its replies."""
        return prices.cost(self.model, self.reply.usage)


class Ledger:
    """Sends a request only if its answer is not kept yet; safe to use from several threads.

    Args:
        store: where answers are kept, as ``calls/ab/<digest of the request>.json``.
        transport: gives the transport when the first unknown request comes (so a replay loads no SDK).
        budget: hard cap for the whole run, US dollars.
    """

    def __init__(self, store: Store, transport: Callable[[], Transport], budget: float) -> None:
        self._store = store
        self._make = transport
        self._transport: Transport | None = None
        self._budget = budget
        self._reserved = 0.0
        self._lock = threading.Lock()
        self._seen: dict[str, Call] = {}

    def send(self, request: Request, hear: Hear) -> Reply:
        """The kept answer, or a new one, which is on the disk before anyone reads it.

        Raises:
            BudgetSpent: the call could pass the cap.
            Damaged: the kept answer no longer holds what it was written with.
            ModelStopped: no complete answer came.
        """
        name = request.digest
        if known := self.known(request):
            return known
        most = prices.most(request)
        self._reserve(most, request)
        try:
            reply = self._asked().send(request, hear)
            reply = replace(reply, text=redact(reply.text))  # a gateway may echo what it was sent
            entry = {"request": request.facts, "reply": asdict(reply)}
            self._store.keep(
                _name(name), json.dumps({**entry, "digest": digest.of_fact(entry)}, ensure_ascii=False, indent=1) + "\n"
            )
        finally:
            with self._lock:
                self._reserved -= most
        return reply

    def known(self, request: Request) -> Reply | None:
        """The kept answer to exactly this request, if there is one.

        Raises:
            Damaged: it no longer holds what it was written with.
        """
        with self._lock:
            kept = self._answers().get(request.digest)
            return kept.reply if kept else None

    @property
    def account(self) -> Account:
        """What the kept answers cost."""
        calls = self.calls
        usages = [call.reply.usage for call in calls]
        return Account(
            calls=len(calls),
            input=sum(usage.read for usage in usages),
            output=sum(usage.output for usage in usages),
            dollars=sum(call.dollars for call in calls),
        )

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every kept answer, in the order they were finished."""
        with self._lock:
            return tuple(sorted(self._answers().values(), key=lambda call: (call.reply.at, call.seat)))

    def _reserve(self, most: float, request: Request) -> None:
        with self._lock:
            spent = sum(call.dollars for call in self._answers().values())
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
        """Every kept answer; those another process kept since are read now."""
        for path in sorted((self._store.folder / "calls").glob("??/*.json")):
            if path.stem not in self._seen:
                self._seen[path.stem] = self._opened(path.stem, self._store.read(_name(path.stem)) or "")
        return self._seen

    def _opened(self, name: str, text: str) -> Call:
        where = self._store.folder / _name(name)
        try:
            entry: dict[str, Any] = json.loads(text)
            reply = Reply.of(entry["reply"])
            whole = digest.of_fact({"request": entry["request"], "reply": entry["reply"]}) == entry["digest"]
            asked = digest.of_fact(entry["request"]) == name
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged(
                f"{where}: the stored answer cannot be read ({error}); restore the file, or delete it to ask (and pay) again"
            ) from error
        if not (whole and asked):
            raise Damaged(
                f"{where}: the stored answer was changed; restore the file, or delete it to ask (and pay) again"
            )
        return Call(entry["request"]["seat"], entry["request"]["model"], reply)


def _name(name: str) -> str:
    return f"calls/{name[:2]}/{name}.json"
