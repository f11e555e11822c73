"""The loopback server on the wire: requests are read, answers sent at their pace or broken off."""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from . import cache, rules
from .answers import Body
from .bill import Account
from .events import Event, beginning, event, message, stream
from .refused import Refused, error
from .scenarios import BREAKS, Answer

if TYPE_CHECKING:
    from .server import Loopback

_STREAM = {"content-type": "text/event-stream", "request-id": "req_loopback", "connection": "close"}


@dataclass(frozen=True)
class Heard:
    """One request as it came: its ``path``, ``headers`` (names in lower case), parsed ``body`` and the bytes of it."""

    path: str
    headers: Mapping[str, str]
    body: Body
    data: bytes = b""


@dataclass(frozen=True)
class _Job:
    """One request that is being answered: its scenario, what it asks, what the cache had of it, its place on the bill."""

    name: str
    detail: str
    body: Body
    looked: cache.Looked
    account: Account


class Server(ThreadingHTTPServer):
    """A thread per request, all of them ended before it is closed."""

    request_queue_size = 512
    daemon_threads = False
    block_on_close = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class Handler(BaseHTTPRequestHandler):
    """One request; ``loopback`` says how it is answered."""

    loopback: Loopback
    timeout = 10
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is logged: a request may hold a key."""

    def do_GET(self) -> None:
        """The bill, or the models."""
        path, _, query = self.path.partition("?")
        try:
            if path == "/billed":
                return self._tell({"billed": [entry.facts for entry in self.loopback.billed]})
            headers = self._headers()
            self.loopback.others.append(Heard(self.path, headers, {}))
            if path == "/v1/models":
                return self._tell(self.loopback.models.page(query))
            if path.startswith("/v1/models/"):
                return self._tell(self.loopback.models.one(path.removeprefix("/v1/models/")))
            raise Refused("there is only POST /v1/messages", 404)
        except Refused as refused:
            self._refuse(refused.status, str(refused))

    def do_POST(self) -> None:
        """Answer a message, as the script says; or count its tokens."""
        data = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.split("?")[0]
        counted = path == "/v1/messages/count_tokens" and not self.loopback.plain
        body: Body = {}
        try:
            if path != "/v1/messages" and not counted:
                raise Refused("there is only POST /v1/messages", 404)
            headers = self._headers()
            body = rules.parsed(data, counted)
            looked = self.loopback.accept(body)
        except Refused as refused:
            self.loopback.others.append(Heard(self.path, self._named(), body, data))
            return self._refuse(refused.status, str(refused))
        heard = Heard(self.path, headers, body, data)
        if counted:
            self.loopback.others.append(heard)
            return self._tell({"input_tokens": cache.size(body)})
        with self.loopback.answering():
            try:
                self._answer(heard, looked)
            except Refused as refused:
                self._refuse(refused.status, str(refused))

    def _named(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}

    def _headers(self) -> dict[str, str]:
        """The headers, a key among them."""
        headers = self._named()
        if not (headers.get("x-api-key") or headers.get("authorization", "").removeprefix("Bearer ").strip()):
            raise Refused("no key", 401)
        return headers

    def _answer(self, heard: Heard, looked: cache.Looked) -> None:
        name, detail = self.loopback.hear(heard)
        if name == "status":
            status, _, after = detail.partition(":")
            return self._refuse(int(status), "as the script says", after=after)
        if name == "spend_limit":
            return self._refuse(429, "the spend limit is reached", code="enforced_spend_limit_reached")
        if name == "drop_before" or (name == "slow_headers" and self._silent(detail)):
            return
        account = self.loopback.begin(heard, looked)
        job = _Job(name, detail, heard.body, looked, account)
        try:
            self._stream(job) if heard.body.get("stream") else self._whole(job)
        finally:
            if account.ended == "open":
                account.ended = "broken"

    def _silent(self, seconds: str) -> bool:
        """Say nothing for so many seconds, or until nobody listens; whether that was the end of it."""
        until = time.monotonic() + float(seconds or "inf")
        while time.monotonic() < until:
            if self.loopback.over.wait(0.02) or self._is_alone():
                return True
        return False

    def _whole(self, job: _Job) -> None:
        answer = self.loopback.write(job.name, job.detail, job.body, job.account)
        pace = self.loopback.pace
        self.loopback.over.wait(self.loopback.first + (answer.characters / 4 / pace if pace else 0.0))
        self.loopback.cache.begun(job.looked)
        self._end(job, answer)
        self._tell(message(job.body["model"], answer, self.loopback.told(job.account.usage)))

    def _end(self, job: _Job, answer: Answer) -> None:
        """Settle the account before the last word is out, so that who has heard it finds it settled."""
        job.account.whole()
        if answer.stop == "refusal" and not answer.content:
            job.account.ended = "refused"

    def _stream(self, job: _Job) -> None:
        self.send_response(200)
        for name, value in _STREAM.items():
            self.send_header(name, value)
        self.end_headers()
        self.loopback.over.wait(self.loopback.first + self.loopback.delay)
        self.loopback.cache.begun(job.looked)
        job.account.sent(1, 0)
        self.wfile.write(beginning(job.body["model"], self.loopback.told(job.account.usage)))
        answer = self.loopback.write(job.name, job.detail, job.body, job.account)
        usage = self.loopback.told(job.account.usage)
        events = stream(answer, usage, self.loopback.pace > 0, closed=job.name != "open_block")
        breaks = job.name in BREAKS
        for batch in self._batches(events[: len(events) // 2 - 1] if breaks else events):
            last = batch[-1]
            if last is events[-1]:
                self._end(job, answer)
            else:
                job.account.sent(max(1, last.characters // 4), last.searches)
            self.wfile.write(b"".join(one.data for one in batch))
        if breaks:
            job.account.ended = "broken"
            self._break(job)

    def _batches(self, told: list[Event]) -> Iterator[list[Event]]:
        """The events as they are due, those that are due together in one go; a late one is not waited for again."""
        delay, pace, began, at = self.loopback.delay, self.loopback.pace, time.monotonic(), 0
        due = [
            delay * number + self.loopback.lasts * number / len(told) + (one.characters / 4 / pace if pace else 0.0)
            for number, one in enumerate(told, start=1)
        ]
        while at < len(told):
            ahead = due[at] - (time.monotonic() - began)
            if ahead > 0:
                self.loopback.over.wait(ahead)
            past, end = time.monotonic() - began, at + 1
            while end < len(told) and (due[end] <= past or self.loopback.ended):
                end += 1
            yield told[at:end]
            at = end

    def _break(self, job: _Job) -> None:
        name = job.name
        if name == "sse_error":
            kind = job.detail or "overloaded_error"
            said = {"type": kind, "message": kind.removesuffix("_error").replace("_", " ").capitalize()}
            self.wfile.write(event({"type": "error", "error": said}))
        elif name == "malformed":
            self.wfile.write(b'event: content_block_delta\ndata: {"type": "content_block_delta", "ind\n\n')
        elif name == "drop":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
        while name in ("stall", "pings") and not self.loopback.over.wait(0.02) and not self._is_alone():
            if name == "pings":
                self.wfile.write(event({"type": "ping"}))

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

    def _tell(self, fact: Mapping[str, Any]) -> None:
        self._send(200, json.dumps(fact).encode())

    def _refuse(self, status: int, message: str, after: str = "", code: str = "") -> None:
        headers = {"retry-after": after} if after else {}
        if 300 <= status < 400:
            headers["location"] = f"{self.loopback.url}/v1/messages"
        self._send(status, error(status, message, code), headers)

    def _send(self, status: int, data: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status, "As the script says")
        told = {"content-type": "application/json", "request-id": "req_loopback", **(headers or {})}
        for name, value in {**told, "content-length": str(len(data)), "connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
