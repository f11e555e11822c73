"""A Messages API on this machine, for tests and for trying things out: no model, no network, and it ends by itself."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from .answers import HOSTILE, Body, blocks, document, ending, events, message

Script = Sequence[str] | Callable[[Body, int], str]

KEY = "loopback-needs-no-real-key"
"""What the command line prints as the key; any key is taken, a request without one is answered with 401."""

_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


@dataclass(frozen=True)
class Heard:
    """One request as it came: its ``path``, ``headers`` (names in lower case) and parsed ``body``."""

    path: str
    headers: Mapping[str, str]
    body: Body


class Loopback:
    """Answers ``POST /v1/messages`` on 127.0.0.1, as a stream or whole, as a script says.

    A scenario is one of ``ok``, ``refusal``, ``max_tokens``, ``tool_use``, ``empty``, ``unknown_stop``, ``worst``
    (answers with a hostile text), ``status:503``, ``status:429:7`` (with ``retry-after: 7``, seconds or a date), ``spend_limit``,
    ``sse_error``, ``drop`` (reset), ``eof`` (an orderly end, but too early), ``stall``, ``pings`` (pings for ever) and
    ``malformed``.

    Args:
        reply: writes the answer to a request's body; else :func:`document`.
        script: the scenarios of the requests in their order, or a function of body and number (from 0); after its end, ``ok``.
        delay: seconds before each piece of an answer.
        worst: the text of the scenario ``worst``.
        seconds: the server ends after so many seconds at the latest.
        most: the server ends after so many requests.
        port: which port; 0 takes a free one.
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
    ) -> None:
        self.requests: list[Heard] = []
        self.at_once = 0
        self._reply, self._script, self.delay, self._worst = reply or document, script, delay, worst
        self._seconds, self._most = seconds, most
        self._lock = threading.Lock()
        self._open = 0
        self._prefixes: set[str] = set()
        self.over = threading.Event()
        handler = type("_Bound", (_Handler,), {"loopback": self})
        self._server = _Server(("127.0.0.1", port), handler)
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

    def wait(self) -> None:
        """Return when the server has ended by itself (or was left)."""
        for thread in self._threads:
            thread.join()

    def _end(self) -> None:
        self.over.wait(self._seconds)
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def hear(self, heard: Heard) -> str:
        """Note a request; gives its scenario."""
        with self._lock:
            number = len(self.requests)
            self.requests.append(heard)
        if callable(self._script):
            return self._script(heard.body, number) or "ok"
        return self._script[number] if number < len(self._script) else "ok"

    def write(self, scenario: str, body: Body) -> str:
        """The text of the answer."""
        if scenario == "empty" or scenario == "refusal":
            return ""
        return self._worst if scenario == "worst" else self._reply(body)

    def usage(self, body: Body, text: str) -> dict[str, int]:
        """Tokens, at four characters each; a prefix marked for the cache is written once and read from then on."""
        contents = [body.get("system"), *(message.get("content") for message in body.get("messages") or ())]
        parts = [block for content in contents for block in blocks(content)]
        marked = max((at + 1 for at, part in enumerate(parts) if part.get("cache_control")), default=0)
        head, tail = (json.dumps(part, sort_keys=True) for part in (parts[:marked], parts[marked:]))
        prefix = f"{body.get('model')}\n{head}"
        with self._lock:
            known = prefix in self._prefixes
            self._prefixes.add(prefix)
        size = len(head) // 4 if marked else 0
        return {
            "input_tokens": len(tail) // 4,
            "cache_creation_input_tokens": 0 if known else size,
            "cache_read_input_tokens": size if known else 0,
            "output_tokens": len(text) // 4,
        }

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


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = False
    block_on_close = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    loopback: Loopback
    timeout = 10

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged: a request may hold a key."""

    def do_GET(self) -> None:
        """There is nothing to get."""
        self._refuse(404, "there is only POST /v1/messages")

    def do_POST(self) -> None:
        """Answer a message, as the script says."""
        length = int(self.headers.get("content-length") or 0)
        data = self.rfile.read(length)
        if self.path.split("?")[0] != "/v1/messages":
            return self._refuse(404, "there is only POST /v1/messages")
        headers = {name.lower(): value for name, value in self.headers.items()}
        if not (headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ").strip()):
            return self._refuse(401, "no key")
        try:
            body = json.loads(data)
            model, most = body["model"], int(body["max_tokens"])
            _ = body["messages"][-1]["content"]
        except (ValueError, KeyError, TypeError, IndexError) as error:
            return self._refuse(400, f"no proper request: {error!r}")
        if most <= 0 or not isinstance(model, str):
            return self._refuse(400, "max_tokens must be positive and model a string")
        with self.loopback.answering():
            self._answer(self.loopback.hear(Heard(self.path, headers, body)), body)

    def _answer(self, scenario: str, body: Body) -> None:
        name, *rest = scenario.split(":", 2)
        if name == "status":
            return self._refuse(int(rest[0]), "as the script says", after=rest[1] if len(rest) > 1 else "")
        if name == "spend_limit":
            return self._refuse(429, "the spend limit is reached", code="enforced_spend_limit_reached")
        text = self.loopback.write(name, body)
        usage = self.loopback.usage(body, text)
        if body.get("stream"):
            self._stream(name, body, text, usage)
        else:
            self._send(200, json.dumps({**message(body, usage), **ending(name, text)}).encode())

    def _stream(self, name: str, body: Body, text: str, usage: dict[str, int]) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("request-id", "req_loopback")
        self.send_header("connection", "close")
        self.end_headers()
        told = events(name, body, text, usage)
        cut = len(told) // 2
        for at, event in enumerate(told):
            if at == cut and name in ("sse_error", "drop", "eof", "stall", "pings", "malformed"):
                return self._break(name)
            if self.loopback.delay:
                self.loopback.over.wait(self.loopback.delay)
            self._event(event)

    def _break(self, name: str) -> None:
        if name == "sse_error":
            self._event({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}})
        elif name == "malformed":
            self.wfile.write(b'event: content_block_delta\ndata: {"type": "content_block_delta", "ind\n\n')
        elif name == "drop":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        while name in ("stall", "pings") and not self.loopback.over.wait(0.02) and not self._is_alone():
            if name == "pings":
                self._event({"type": "ping"})

    def _is_alone(self) -> bool:
        """Whether the client has gone away."""
        self.connection.setblocking(False)
        try:
            return not self.connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self.connection.settimeout(self.timeout)

    def _event(self, event: Mapping[str, Any]) -> None:
        self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def _refuse(self, status: int, message: str, after: str = "", code: str = "") -> None:
        error: dict[str, Any] = {"type": _ERRORS.get(status, "api_error"), "message": message}
        if code:
            error["details"] = {"error_code": code}
        headers = {"retry-after": after} if after else {}
        if 300 <= status < 400:
            headers["location"] = f"{self.loopback.url}/v1/messages"
        self._send(
            status, json.dumps({"type": "error", "error": error, "request_id": "req_loopback"}).encode(), headers
        )

    def _send(self, status: int, data: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status, "As the script says")
        for name, value in {
            "content-type": "application/json",
            "request-id": "req_loopback",
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(data)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(data)
