"""A Messages API on this machine, for tests and for trying things out: no model, no network, and it ends by itself."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from .. import digest
from ..model import Usage
from . import rules, search, structured
from .answers import HOSTILE, Body, asked, document
from .bill import Account, Billed
from .cache import Cache, Looked
from .models import Models, prefills
from .refused import Refused
from .scenarios import Answer, answer, known
from .turns import Paused
from .wire import Handler, Heard, Server

Script = Sequence[str] | Callable[[Body, int], str]

KEY = "loopback-needs-no-real-key"
"""What the command line prints as the key; any key is taken, a request without one is answered with 401."""


class Loopback:
    """Answers ``POST /v1/messages`` on 127.0.0.1, as a stream or whole, as a script says.

    It also answers ``POST /v1/messages/count_tokens``, ``GET /v1/models``, ``GET /v1/models/ID`` and ``GET /billed``.

    A scenario is one of

    - answers: ``ok`` (searches the web when it is offered to, answers as JSON when it is asked to), ``research`` (the same),
      ``search_error[:code]``, ``thinking``, ``tool_use``, ``empty``, ``worst`` (a hostile text), ``json_wrong`` (does not fit);
    - halves: ``max_tokens``, ``pause_turn``, ``json_cut``, ``ctx`` (the context window is full); a request that holds an earlier
      assistant turn is answered from where that turn ended;
    - other ends: ``refusal[:category]``, ``refusal_mid[:category]``, ``unknown_stop``, ``open_block``, ``no_stop``;
    - instead of an answer: ``status:503``, ``status:429:7`` (with ``retry-after: 7``, seconds or a date), ``spend_limit``,
      ``drop_before`` (closed without a byte), ``slow_headers[:seconds]`` (silence, for ever or before the answer);
    - in the middle of a stream: ``sse_error[:type]``, ``drop`` (reset), ``eof`` (an orderly end, but too early), ``stall``,
      ``pings`` (pings for ever), ``malformed``.

    Args:
        reply: writes the answer to a request's body; else :func:`document`. A stream has begun by then, so that a reply may
            take its time, or wait for another request.
        script: the scenarios of the requests in their order, or a function of body and number (from 0); after its end, ``ok``.
        delay: seconds before each event of an answer.
        worst: the text of the scenario ``worst``.
        seconds: the server ends after so many seconds at the latest.
        most: the server ends after so many requests.
        port: which port; 0 takes a free one.
        first: seconds before the first event of an answer.
        pace: tokens written per second; 0 is as fast as it goes.
        lasts: seconds from before the first event of an answer to its last, however many there are.
        minimum: tokens a prefix must have to be cached.
        clock: what the cache's times are taken from, in seconds.
        models: the models there are, else the Claude models with a known price; none at all answers their address with 404.
        plain: behave as a local server does: no capabilities, no structured answers, no search, no cache, no token counts.
        strict_models: answer a model that is not listed with 404.

    Raises:
        ValueError: the script names a scenario there is not.
        OSError: the port cannot be had.
    """

    def __init__(
        self,
        reply: Callable[[Body], str] | None = None,
        script: Script = (),
        delay: float = 0.0,
        *,
        worst: str = HOSTILE,
        seconds: float = 300.0,
        most: int = 1000,
        port: int = 0,
        first: float = 0.0,
        pace: float = 0.0,
        lasts: float = 0.0,
        minimum: int = 1024,
        clock: Callable[[], float] = time.monotonic,
        models: Sequence[str] | None = None,
        plain: bool = False,
        strict_models: bool = False,
    ) -> None:
        wrong = [] if callable(script) else [scenario for scenario in script if not known(scenario)]
        if wrong:
            raise ValueError(f"no such scenario: {wrong[0]}")
        self.requests: list[Heard] = []
        self.others: list[Heard] = []
        self.at_once = 0
        self._reply, self._script, self._worst = reply, script, worst
        self.delay, self.first, self.pace, self.lasts, self.plain = delay, first, pace, lasts, plain
        self._seconds, self._most = seconds, most
        self.cache, self.models, self._strict = Cache(minimum, clock), Models(models, plain), strict_models
        self._paused = Paused()
        self._accounts: list[Account] = []
        self._lock = threading.Lock()
        self._open = 0
        self.over = threading.Event()
        self._server = Server(("127.0.0.1", port), type("_Bound", (Handler,), {"loopback": self}))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Loopback:
        serve = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        end = threading.Thread(target=self._end, daemon=True)
        self._threads = [serve, end]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.wait()

    @property
    def open(self) -> int:
        """How many answers are being given right now (``at_once``: the most there ever were)."""
        return self._open

    @property
    def ended(self) -> bool:
        """Whether the server takes no more requests."""
        return self.over.is_set()

    @property
    def billed(self) -> tuple[Billed, ...]:
        """What would have been billed so far: an entry for every request that was begun to be answered, in that order."""
        with self._lock:
            return tuple(account.billed for account in self._accounts)

    def wait(self) -> None:
        """Return when the server has ended by itself (or was left)."""
        for thread in self._threads:
            thread.join()

    def _end(self) -> None:
        self.over.wait(self._seconds)
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def accept(self, body: Body) -> Looked:
        """Check a request by the API's rules and look its prefix up.

        Raises:
            Refused: it breaks one.
        """
        if self._strict:
            self.models.check(body["model"])
        try:
            if self.plain:
                rules.check_plain(body)
            if schema := structured.wanted(body):
                structured.example(schema)
            search.tool(body)
            search.check(body)
            self._paused.check(body, self.plain or prefills(body["model"]))
            return self.cache.look(body)
        except (AttributeError, KeyError, TypeError) as error:
            raise Refused(f"no proper request: {error!r}") from error

    def hear(self, heard: Heard) -> tuple[str, str]:
        """Note a request; gives its scenario and what stands behind the scenario's colon.

        Raises:
            Refused: the script names a scenario there is not.
        """
        with self._lock:
            number = len(self.requests)
            self.requests.append(heard)
        if callable(self._script):
            scenario = self._script(heard.body, number)
        else:
            scenario = self._script[number] if number < len(self._script) else ""
        scenario = scenario or "ok"
        if not known(scenario):
            raise Refused(f"no such scenario: {scenario}", 500)
        name, _, detail = scenario.partition(":")
        return name, detail

    def begin(self, heard: Heard, looked: Looked) -> Account:
        """Put a request on the bill, with nothing written yet."""
        counted = looked.counted
        usage = Usage(counted.input, 0, counted.read, counted.write_5m, counted.write_1h)
        if self.plain:
            usage = Usage(usage.read)
        account = Account(digest.of_bytes(heard.data), heard.body["model"], asked(heard.body).seat, usage)
        with self._lock:
            self._accounts.append(account)
        return account

    def write(self, name: str, detail: str, body: Body, account: Account) -> Answer:
        """Write the answer to a request; ``account`` learns what it comes to."""
        text = self._worst if name == "worst" else (self._reply or document)(body)
        said = answer(name, detail, body, text, own=self._reply is not None)
        if said.stop == "pause_turn":
            self._paused.keep(body, said.content)
        account.usage = replace(account.usage, output=said.characters // 4, searches=said.searches)
        return said

    def told(self, usage: Usage) -> dict[str, Any]:
        """Tokens in the API's shape; a local server has no cache to tell of."""
        told: dict[str, Any] = {"input_tokens": usage.input, "output_tokens": usage.output}
        if not self.plain:
            told |= {
                "cache_creation_input_tokens": usage.cache_write + usage.cache_write_1h,
                "cache_read_input_tokens": usage.cache_read,
                "cache_creation": {
                    "ephemeral_5m_input_tokens": usage.cache_write,
                    "ephemeral_1h_input_tokens": usage.cache_write_1h,
                },
            }
        if usage.searches:
            told["server_tool_use"] = {"web_search_requests": usage.searches, "web_fetch_requests": 0}
        return told

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Count an answer as open; the last allowed one ends the server."""
        with self._lock:
            self._open += 1
            self.at_once = max(self.at_once, self._open)
        try:
            yield
        finally:
            with self._lock:
                self._open -= 1
                if self._open == 0 and len(self.requests) >= self._most:
                    self.over.set()
