"""The seats of one phase, writing side by side while somebody watches, who may interrupt them."""

from __future__ import annotations

import contextlib
import queue
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from .chair import Chair as Chair
from .chair import SeatProgress as SeatProgress
from .consult import Draft, consult
from .errors import PlanningError
from .model import Transport
from .store import Store

HEARTBEAT = 0.125
"""Seconds between two looks at the seats. A cell that waits longer than a quarter of a second at a time cannot be interrupted;
eight updates a second are as many as anybody sees."""
GLANCE = 0.25
"""Seconds between two notes in the run's folder about what is going on."""
RECKONING = 1.0
"""Seconds between two looks at what the run has cost."""
LANDING = 180.0
"""Most seconds to wait, after an interrupt, for the answers that are under way: most take less, and all are paid for."""

LIVE = "live.json"
"""The file in a run's folder that says what is going on right now."""

Handed = Draft | PlanningError
"""What a seat hands in, or why it does not."""


@dataclass(frozen=True)
class Snapshot:
    """What is going on right now.

    Attributes:
        phase: the step's name.
        seats: its seats.
        spent: US dollars the run has cost, answers that are still coming left out.
        seconds: since the step began.
        note: what is to be said beside, as long as it holds.
        under_way: US dollars the answers that are still coming have cost so far; an estimate.
        ended: whether nothing more will come.
        tails: what each seat wrote last, in the order of ``seats``; as it came, so untrusted.
    """

    phase: str
    seats: tuple[SeatProgress, ...]
    spent: float
    seconds: float
    note: str = ""
    under_way: float = 0.0
    ended: bool = False
    tails: tuple[str, ...] = ()

    @property
    def facts(self) -> dict[str, Any]:
        """As plain values, without what was written."""
        facts = asdict(self)
        del facts["tails"]
        return facts


class Watch(Protocol):
    """Told the chairs and the seconds since the start, about eight times a second and at the end."""

    def __call__(self, chairs: Sequence[Chair], seconds: float, note: str = "", ended: bool = False) -> None:
        """Look."""


class Watching:
    """Tells a run's folder and its face where the seats of a step are, each as often as it is of use.

    Args:
        phase: the step's name.
        rest: gives all of the step's seats as they are when they have nothing to do; told the documents of those that have.
        spent: gives the US dollars the run has cost.
        store: the run's folder.
        show: the face's way to show it.
    """

    def __init__(
        self,
        phase: str,
        rest: Callable[[Collection[str]], Sequence[SeatProgress]],
        spent: Callable[[], float],
        store: Store,
        show: Callable[[Snapshot], None],
    ) -> None:
        self._phase, self._rest, self._spent, self._store, self._show = phase, rest, spent, store, show
        self._seats: Sequence[SeatProgress] = ()
        self._dollars, self._reckoned, self._glanced = 0.0, float("-inf"), float("-inf")

    def __call__(self, chairs: Sequence[Chair], seconds: float, note: str = "", ended: bool = False) -> None:
        """Note and show where ``chairs`` are."""
        busy = {chair.frame.name: chair for chair in chairs}
        self._seats = self._seats or self._rest(busy)
        if ended or seconds - self._reckoned >= RECKONING:
            self._dollars, self._reckoned = self._spent(), seconds
        seats = tuple(busy[row.document].progress if row.document in busy else row for row in self._seats)
        tails = tuple(busy[row.document].tail if row.document in busy else "" for row in self._seats)
        coming = sum(chair.under_way for chair in chairs)
        now = Snapshot(self._phase, seats, self._dollars, seconds, note, coming, ended, tails)
        if ended:
            self._store.forget(LIVE)
        elif seconds - self._glanced >= GLANCE:
            self._glanced = seconds
            self._store.glance(LIVE, now.facts)
        self._show(now)


class _Presses:
    """Counts how often somebody interrupts while seats are at work, instead of ending what is being written down.

    The third time is an interrupt like any other.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self.times = 0
        self._wake = wake

    def __call__(self, number: int, frame: object) -> None:
        """The signal came."""
        self.times += 1
        self._wake()
        if self.times > 2:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """Take the signal inside the block; on a thread that gets none, and where it is ignored, nothing is taken."""
        main = threading.current_thread() is threading.main_thread()
        before = signal.getsignal(signal.SIGINT) if main else None
        if not callable(before):
            yield
            return
        signal.signal(signal.SIGINT, self)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


def sit(chairs: Sequence[Chair], transport: Transport, watch: Watch) -> Iterator[tuple[Chair, Handed]]:
    """Have all ``chairs`` write at once; gives each as it ends, on the caller's thread.

    When somebody interrupts, nothing more is asked, and what is under way is waited for, :data:`LANDING` seconds at most;
    at a second interrupt it is not. What comes later is kept as long as the process lives.

    Args:
        chairs: the work.
        transport: whom to ask; used from several threads.
        watch: told how it goes.

    Raises:
        KeyboardInterrupt: somebody interrupted; says what was handed in and what is still under way.
    """
    began, stop, came = (
        time.monotonic(),
        threading.Event(),
        queue.SimpleQueue[tuple[Chair, Draft | BaseException] | None](),
    )
    presses, since, note = _Presses(lambda: came.put(None)), 0.0, ""
    left = {id(chair): chair for chair in chairs}
    with presses.counted():
        for chair in chairs:
            chair.stop = stop
            name = f"seat {chair.request.who}"
            threading.Thread(target=_work, args=(chair, transport, came.put), name=name, daemon=True).start()
        try:
            while left and presses.times < 2 and (not since or time.monotonic() - since < LANDING):
                if presses.times and not since:
                    since = time.monotonic()
                    stop.set()
                note = _waits_for(left.values(), since + LANDING - time.monotonic()) if since else ""
                watch(chairs, time.monotonic() - began, note)
                for chair, handed in _ended(came):
                    del left[id(chair)]
                    if isinstance(handed, BaseException) and not isinstance(handed, PlanningError):
                        raise handed
                    chair.ends(handed if isinstance(handed, Draft) else None)
                    yield chair, handed
        finally:
            stop.set()
            for chair in left.values():
                chair.ends(None)
            watch(chairs, time.monotonic() - began, ended=True)
    if presses.times:
        raise KeyboardInterrupt(_left(chairs, left.values()))


def _work(chair: Chair, transport: Transport, hand_in: Callable[[tuple[Chair, Draft | BaseException]], None]) -> None:
    """One seat's work, on a thread of its own; the process may end without it."""
    try:
        chair.starts()
        draft = consult(chair.request, chair.frame, chair.about, transport, chair, chair.at, chair.repairs)
        chair.hands_in()
        hand_in((chair, draft))
    except BaseException as error:  # it is raised on the caller's thread
        hand_in((chair, error))


def _ended(
    came: queue.SimpleQueue[tuple[Chair, Draft | BaseException] | None],
) -> Iterator[tuple[Chair, Draft | BaseException]]:
    """Those who have handed in, once there are some or a heartbeat has passed."""
    with contextlib.suppress(queue.Empty):
        one = came.get(timeout=HEARTBEAT)
        while True:
            if one is not None:
                yield one
            one = came.get_nowait()


def _waits_for(left: Collection[Chair], seconds: float) -> str:
    """What is being waited for after an interrupt."""
    names = ", ".join(chair.request.who for chair in left)
    return f"Interrupted; interrupt again to leave at once. Nothing new is asked; waiting up to {seconds:.0f} s for what is under way: {names}."


def _left(chairs: Sequence[Chair], left: Collection[Chair]) -> str:
    """What an interrupt leaves, in lines."""
    written = sum(chair.state in ("done", "kept") for chair in chairs)
    said = f"{written} of {len(chairs)} seats have handed in{'' if written == len(chairs) else '; the others go on from the answers that came'}."
    if not left:
        return said
    names = ", ".join(chair.request.who for chair in left)
    return f"{said}\nStill under way: {names}; what comes while this process lives is kept."
