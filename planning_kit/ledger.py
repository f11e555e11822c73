"""A transport that never pays twice, and knows what was spent."""

from __future__ import annotations

import contextlib
import json
import math
import os
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any
from weakref import WeakValueDictionary

from . import digest, files, prices
from .errors import BudgetSpent, Damaged
from .model import Hear, Reply, Request, Transport, listener
from .redact import redact
from .spool import Lost, Spool
from .store import SETTLED, Store

_asking: WeakValueDictionary[tuple[str, str], threading.Lock] = WeakValueDictionary()
"""Whoever asks a question, by the run's folder and the question's digest: what an interrupt left under way may still be
awaited when the run is opened anew in the same process."""
_entrance = threading.Lock()


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

    @cached_property
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
        paid: the digests of the questions another run has paid for: their answers are known here and cost nothing.
    """

    def __init__(
        self, store: Store, transport: Callable[[], Transport], budget: float, spool: Spool | None = None,
        paid: Collection[str] = (),
    ) -> None:  # fmt: skip
        self._store = store
        self._make = transport
        self._transport: Transport | None = None
        self._budget = budget
        self._paid = frozenset(paid)
        self._spool = spool or Spool(store)
        self._reserved = 0.0
        self._lock = threading.RLock()
        self._seen: dict[str, Call] = {}
        self._folders: dict[str, tuple[int, list[str]]] = {}

    def send(self, request: Request, hear: Hear) -> Reply:
        """The kept answer, or a new one, which is on the disk before anyone reads it.

        Who asks the same while it is being asked waits for that answer.

        Raises:
            BudgetSpent: the call could pass the cap.
            Damaged: the kept answer no longer holds what it was written with; it is set aside and not asked for again.
            ModelStopped: no complete answer came.
            Interrupted: nobody wants it any more.
        """
        asked, ear = request.digest, listener(hear)
        with self._alone(asked):
            if known := self._known(asked, request.seat):
                self._spool.done(asked)
                ear.landed(request, known, fresh=False)
                return known
            ear.asking(request)
            most = prices.most(request)
            self._reserve(most, request)
            try:
                reply = _clean(self._asked().send(request, ear))
                entry = {"request": request.facts, "reply": asdict(reply)}
                whole = {**entry, "digest": digest.of_fact(entry)}
                self._store.keep(_name(asked), json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
            finally:
                with self._lock:
                    self._reserved -= most
            self._spool.done(asked)
            ear.landed(request, reply, fresh=True)
        return reply

    def _alone(self, asked: str) -> threading.Lock:
        """What only one thread of this process holds while it asks a question of this run."""
        with _entrance:
            return _asking.setdefault((os.path.realpath(self._store.folder), asked), threading.Lock())

    def afford(self, request: Request) -> None:
        """Nothing, unless what was lost by now leaves too little for the calls under way.

        Raises:
            BudgetSpent: asking ``request`` again could pass the cap.
        """
        with self._lock:
            spent = self._spent()
            if spent + self._reserved > self._budget:
                raise BudgetSpent(
                    f"asking {request.seat} again after a broken try could pass the budget of ${self._budget:.2f}: "
                    f"${spent:.2f} is spent and ${self._reserved:.2f} may be by calls under way; run again with --budget {_enough(spent + self._reserved)} or more"
                )

    @property
    def account(self) -> Account:
        """What the kept answers and the broken tries cost."""
        with self._lock:
            calls = self._answers()
            lost = self._broken()
        usages = [usage for call in calls for usage in (call.reply.usage, call.reply.lost)]
        usages += [each.usage for each in lost]
        return Account(
            calls=len(calls),
            input=sum(usage.read for usage in usages),
            output=sum(usage.output for usage in usages),
            dollars=_dollars(calls, lost),
        )

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every kept answer this run has asked for, in the order they were finished."""
        with self._lock:
            return tuple(sorted(self._answers(), key=lambda call: (call.reply.at, call.seat)))

    @property
    def lost(self) -> tuple[Lost, ...]:
        """Tries that were broken off and have no kept answer yet to carry them, oldest first.

        Raises:
            Damaged: a note about one cannot be read.
        """
        with self._lock:
            self._answers()
            return tuple(sorted(self._broken(), key=lambda lost: lost.at))

    @property
    def under_way(self) -> int:
        """Tries that are being made right now, or were when a process was killed; nothing is known yet of what they cost."""
        with self._lock:
            self._answers()
            return sum(asked not in self._seen for asked in self._spool.under_way())

    @property
    def damaged(self) -> tuple[str, ...]:
        """The files of kept answers that cannot be read any more, as paths below the run's folder."""
        with self._lock:
            self._answers()
            broken = [_name(name) for name in self._names("json") if name not in self._seen]
            aside = [f"calls/{name[:2]}/{name}.damaged" for name in self._names("damaged")]
            return (*broken, *aside)

    def _spent(self) -> float:
        return _dollars(self._answers(), self._broken())

    def _broken(self) -> list[Lost]:
        """The broken tries no kept answer carries, of those that are known."""
        return [lost for lost in self._spool.lost() if lost.asked not in self._seen]

    def _reserve(self, most: float, request: Request) -> None:
        with self._lock:
            spent = self._spent()
            if spent + self._reserved + most > self._budget:
                raise BudgetSpent(
                    f"asking {request.seat} could cost up to ${most:.2f}; ${spent:.2f} of the budget of ${self._budget:.2f} is spent "
                    f"and ${self._reserved:.2f} may be by calls under way; run again with --budget {_enough(spent + self._reserved + most)} or more"
                )
            self._reserved += most

    def _asked(self) -> Transport:
        with self._lock:
            if self._transport is None:
                self._transport = self._make()
            return self._transport

    def _answers(self) -> list[Call]:
        """Every kept answer of this run's own that can be read; those another process kept since are read now."""
        for name in self._names("json"):
            with contextlib.suppress(Damaged):
                self._read(name)
        return [call for asked, call in self._seen.items() if asked not in self._paid]

    def _read(self, name: str) -> Call | None:
        """The answer kept under ``name``, if there is one.

        Raises:
            Damaged: it does not hold what it was written with.
        """
        if name not in self._seen:
            text = self._store.read(_name(name))
            if text is None:
                return None
            self._seen[name] = opened(name, text)
        return self._seen[name]

    def _names(self, ending: str) -> list[str]:
        """The digests there is a file with this ending for."""
        folder, names = os.path.join(self._store.folder, "calls"), []
        for two in self._listed(folder):
            if len(two) == 2:
                names += [name for name in self._listed(os.path.join(folder, two)) if name.endswith(f".{ending}")]
        return sorted(name.removesuffix(f".{ending}") for name in names)

    def _listed(self, folder: str) -> list[str]:
        """What is in ``folder``; one that has not changed since is not listed again."""
        try:
            changed = os.stat(folder).st_mtime_ns
            if self._folders.get(folder, (0, []))[0] == changed:
                return self._folders[folder][1]
            names = os.listdir(folder)
        except (FileNotFoundError, NotADirectoryError):
            return []
        if time.time_ns() - changed > SETTLED:
            self._folders[folder] = changed, names
        return names

    def _known(self, asked: str, seat: str) -> Reply | None:
        """The kept answer to what is ``asked``; a damaged one is set aside, so that it can neither be used nor silently be paid for again.

        Raises:
            Damaged: there is a damaged one, now or since an earlier time.
        """
        path = self._store.path(_name(asked))
        aside = path.with_suffix(".damaged")
        with self._lock:
            try:
                kept = self._read(asked)
            except Damaged:
                files.move(path, aside)
                kept = None
            if kept is None and aside.exists():
                raise Damaged(
                    f"the stored answer of {seat} was changed or cannot be read; it is set aside as {aside}: "
                    f"restore it as {path.name}, or delete it to ask (and pay) again"
                )
            return kept.reply if kept else None


def _enough(dollars: float) -> str:
    """``dollars`` rounded up to a cent."""
    return f"{math.ceil(round(dollars * 100, 6)) / 100:.2f}"


def _clean(reply: Reply) -> Reply:
    """``reply`` without anything secret: a gateway may echo what it was sent."""
    sources = tuple(
        replace(source, url=redact(source.url), title=redact(source.title), quoted=redact(source.quoted))
        for source in reply.sources
    )
    return replace(reply, text=redact(reply.text), sources=sources, content=redact(reply.content))


def _dollars(calls: Iterable[Call], lost: Iterable[Lost]) -> float:
    return sum(call.dollars for call in calls) + sum(prices.cost(each.model, each.usage) for each in lost)


def opened(name: str, text: str) -> Call:
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
