"""What seats that ask at the same time share: one back-off, and one of them who goes ahead to warm the server's cache."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

LEAD = 60.0
"""Most seconds to wait for the one who goes ahead; who waits longer loses more than a cold start costs."""
LOOK = 0.25
"""Seconds between two looks whether what waits is still wanted."""


class Backoff:
    """When one seat is told to wait, all of them wait.

    Args:
        timer: gives seconds that only grow.
        sleep: waits so many seconds.
    """

    def __init__(self, timer: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._timer, self._sleep = timer, sleep
        self._lock = threading.Lock()
        self._until = 0.0

    def hold(self, seconds: float) -> None:
        """Have nobody ask within the next ``seconds``."""
        with self._lock:
            self._until = max(self._until, self._timer() + seconds)

    @property
    def on(self) -> bool:
        """Whether it is not yet time to ask."""
        return self._until > self._timer()

    def wait(self, sleep: Callable[[float], None] | None = None) -> None:
        """Return when it is time to ask; ``sleep`` waits instead of this one's own."""
        while (left := self._until - self._timer()) > 0:
            (sleep or self._sleep)(left)


class Convoy:
    """Of those who ask with the same prefix one leads, and the others start when its answer has begun.

    A cache entry is readable only once the answer that writes it has begun, so seats that all start at once each pay
    for writing it (platform.claude.com/docs/en/build-with-claude/prompt-caching). Until the entry has expired nobody waits any more.

    Args:
        timer: gives seconds that only grow.
    """

    def __init__(self, timer: Callable[[], float]) -> None:
        self._timer = timer
        self._lock = threading.Lock()
        self._warm: dict[str, float] = {}
        self._leads: dict[str, threading.Event] = {}

    @contextlib.contextmanager
    def place(
        self, prefix: str, lasts: float, still: Callable[[], None] = lambda: None
    ) -> Iterator[Callable[[], None]]:
        """Wait for one's turn; gives what is to be called when one's answer has begun.

        Args:
            prefix: what is shared, by its digest.
            lasts: seconds the server keeps it, from the beginning of the request.
            still: called now and then while waiting; what it raises ends the wait.
        """
        begun = self._turn(prefix, still)
        started = self._timer()

        def go() -> None:
            with self._lock:
                self._warm[prefix] = max(self._warm.get(prefix, 0.0), started + lasts)
            if begun:
                begun.set()

        try:
            yield go
        finally:
            with self._lock:
                if begun and self._leads.get(prefix) is begun:
                    del self._leads[prefix]
            if begun:
                begun.set()

    def _turn(self, prefix: str, still: Callable[[], None]) -> threading.Event | None:
        """Return when one may start: with an event when one leads the others."""
        give_up = False
        while True:
            with self._lock:
                if give_up or self._timer() < self._warm.get(prefix, float("-inf")):
                    return None
                ahead = self._leads.get(prefix)
                if ahead is None:
                    self._leads[prefix] = mine = threading.Event()
                    return mine
            give_up = not _came(ahead, still)


def _came(ahead: threading.Event, still: Callable[[], None]) -> bool:
    """Whether ``ahead`` is set within :data:`LEAD` seconds."""
    for _ in range(round(LEAD / LOOK)):
        still()
        if ahead.wait(LOOK):
            return True
    return False
