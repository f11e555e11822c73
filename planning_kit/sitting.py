"""The seats of one phase, writing side by side while somebody watches."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from .checks.about import About
from .consult import Around, Draft, consult
from .errors import PlanningError
from .model import Request, Transport

HEARTBEAT = 0.25
"""Seconds between two looks at the seats; a cell that waits longer cannot be interrupted."""


@dataclass(frozen=True)
class SeatProgress:
    """One seat: its consultant, its document, what it is doing, how many words it has written."""

    seat: str
    document: str
    state: str
    words: int


@dataclass(frozen=True)
class Snapshot:
    """What is going on right now: the phase, its seats, US dollars the run has cost, seconds since the phase began."""

    phase: str
    seats: tuple[SeatProgress, ...]
    spent: float
    seconds: float


@dataclass
class Chair:
    """One seat's work: the question, what goes around the answer, how it is checked and how often mended."""

    request: Request
    frame: Around
    about: About
    repairs: int
    state: str = "waiting"
    words: int = 0
    asked: str = field(init=False)
    _open: bool = False

    def __post_init__(self) -> None:
        self.asked = self.request.digest

    def hear(self, text: str) -> None:
        """Count the words as they come; a piece may end inside one."""
        joined = bool(self._open and text[:1].strip())
        self.words += len(text.split()) - joined
        self._open = bool(text[-1:].strip())

    def at(self, state: str) -> None:
        """Note what is going on."""
        self.state = state

    @property
    def progress(self) -> SeatProgress:
        """As somebody who watches sees it."""
        return SeatProgress(self.request.seat, self.frame.name, self.state, self.words)


def sit(
    chairs: Sequence[Chair], transport: Transport, watch: Callable[[Sequence[Chair], float], None]
) -> Iterator[tuple[Chair, Draft | PlanningError]]:
    """Have all ``chairs`` write at once; gives each as it ends, on the caller's thread.

    Args:
        chairs: the work.
        transport: whom to ask; used from several threads.
        watch: told the chairs and the seconds since the start, about four times a second and at the end.
    """
    began = time.monotonic()
    pool = ThreadPoolExecutor(max_workers=max(1, len(chairs)), thread_name_prefix="seat")
    try:
        waiting: dict[Future[Draft], Chair] = {pool.submit(_work, chair, transport): chair for chair in chairs}
        while waiting:
            watch(chairs, time.monotonic() - began)
            ended, _ = wait(waiting, timeout=HEARTBEAT, return_when=FIRST_COMPLETED)
            for future in ended:
                chair = waiting.pop(future)
                error = future.exception()
                if error is not None and not isinstance(error, PlanningError):
                    raise error
                chair.at("stopped" if error else "done")
                yield chair, error if isinstance(error, PlanningError) else future.result()
        watch(chairs, time.monotonic() - began)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _work(chair: Chair, transport: Transport) -> Draft:
    return consult(chair.request, chair.frame, chair.about, transport, chair.hear, chair.at, chair.repairs)
