"""One seat at work: what it is asked, and how far it is as somebody who watches sees it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from . import prices, tally
from .checks.about import About
from .consult import Around, Draft
from .errors import Interrupted
from .model import Listener, Reply, Request, Usage

TAIL = 4_000
"""Characters kept of what a seat has written last: longer than any secret, so that one is seen whole."""

_BEFORE_WORDS = ("waiting", "thinking", "searching", "writing")
"""The states that follow each other by themselves as an answer comes."""


@dataclass(frozen=True)
class SeatProgress:
    """One seat as somebody who watches sees it.

    Attributes:
        seat: its consultant.
        document: its document.
        state: ``waiting``, ``thinking``, ``searching``, ``writing``, ``checking``, ``mending``, or at its end ``done``,
            ``kept`` (nothing had to be asked) or ``stopped``.
        words: written so far of the text it is at.
        read: tokens read since the step began.
        written: tokens written since the step began.
        dollars: US dollars these come to; ``None`` when no price is known.
        seconds: how long it has been at work.
        about: whether tokens and dollars are estimates: the server counts at the end of an answer.
    """

    seat: str
    document: str
    state: str
    words: int
    read: int = 0
    written: int = 0
    dollars: float | None = None
    seconds: float = 0.0
    about: bool = False


@dataclass
class Chair(Listener):
    """One seat's work: the question, what goes around the answer, how it is checked and how often mended.

    Attributes:
        stop: set when nothing more is to be asked.
        tail: what was written last, at most :data:`TAIL` characters.
        timer: gives seconds that only grow.
    """

    request: Request
    frame: Around
    about: About
    repairs: int
    state: str = "waiting"
    words: int = 0
    stop: threading.Event = field(default_factory=threading.Event)
    tail: str = ""
    timer: Callable[[], float] = time.monotonic
    asked: str = field(init=False)
    _open: bool = False
    _ended: bool = False
    _fresh: bool = False
    _before: int = 0
    _now: tuple[Request, Usage] | None = None
    _had: Usage = field(default_factory=Usage)
    _paid: float = 0.0
    span: tuple[float, float] = (0.0, 0.0)
    _began: float = 0.0
    _seconds: float = 0.0

    def __post_init__(self) -> None:
        self.asked = self.request.digest

    def __call__(self, text: str) -> None:
        """Hear a piece of the answer."""
        self.hear(text)

    def hear(self, text: str) -> None:
        """Count the words as they come; a piece may end inside one."""
        joined = bool(self._open and text[:1].strip())
        self.words += len(text.split()) - joined
        self._open = bool(text[-1:].strip()) if text else self._open
        self.tail = (self.tail + text)[-TAIL:]
        if text.strip() and self.state in _BEFORE_WORDS:
            self.at("writing")

    def at(self, state: str) -> None:
        """Note what is going on; nothing more after the end."""
        if not self._ended:
            self.state = state

    def starts(self) -> None:
        """The work begins."""
        self._began = self.timer()
        self.span = (round(time.time(), 3), 0.0)

    def hands_in(self) -> None:
        """The work is done; from here on it waits to be taken in."""
        self.span = (self.span[0], round(time.time(), 3))

    def ends(self, draft: Draft | None) -> None:
        """The work is over: with a ``draft``, or without."""
        if self._ended:
            return
        self.at("stopped" if draft is None else "done" if self._fresh else "kept")
        self._ended, self._seconds = True, self.timer() - self._began
        if draft is not None:
            self.words = len(draft.document.text.split())

    def asking(self, request: Request) -> None:
        """What is about to be asked: a text from its beginning, the rest of one, or the same once more.

        Raises:
            Interrupted: nothing more is to be asked.
        """
        if self.stop.is_set():
            raise Interrupted(f"{request.who} was not asked: somebody interrupted; run it again to carry on")
        if self._now is None or self._now[0] is not request:
            self._before = self.words if request.turns else 0
        self.words, self._open, self.tail = self._before, False, self.tail if request.turns else ""
        self._now = (request, Usage())
        if self.state in _BEFORE_WORDS:
            self.at("waiting")

    def wait(self, seconds: float, sleep: Callable[[float], None]) -> None:
        """Wait, but no longer than somebody wants the answer.

        Raises:
            Interrupted: nobody does any more.
        """
        if self.stop.wait(seconds):
            raise Interrupted(f"{self.request.who} was not asked again: somebody interrupted")

    def doing(self, what: str, taken: Usage) -> None:
        """Note what the author is doing, and what it has taken so far."""
        if self._now is not None:
            self._now = (self._now[0], taken)
        if self.state in _BEFORE_WORDS:
            self.at(what)

    def landed(self, request: Request, reply: Reply, fresh: bool) -> None:
        """Note what a turn took; one that was kept before takes nothing."""
        self._now = None
        if fresh:
            self._fresh = True
            self._had = self._had + reply.usage + reply.lost
            self._paid += prices.cost(request.model, reply.usage) + prices.cost(request.model, reply.lost)

    @property
    def under_way(self) -> float:
        """US dollars the answer that is coming has taken so far, as far as that can be known."""
        now = self._now
        return prices.cost(now[0].model, now[1]) if now and not self._ended else 0.0

    @property
    def progress(self) -> SeatProgress:
        """As somebody who watches sees it."""
        now = self._now
        took = self._had + now[1] if now else self._had
        return SeatProgress(
            self.request.who,
            self.frame.name,
            self.state,
            self.words,
            took.read,
            took.output,
            self._paid + self.under_way if tally.is_priced(self.request.model) else None,
            self._seconds if self._ended or not self._began else self.timer() - self._began,
            now is not None and now[1] != Usage(),
        )
