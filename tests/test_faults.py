"""Every fault, through real sockets and the whole stack: what is asked again, what is waited, said, counted, and that the run goes on."""

from __future__ import annotations

import json
import re
import socket
import socketserver
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from planning_kit.claude import Abilities, Ability, Claude, Patience
from planning_kit.errors import ModelStopped
from planning_kit.ledger import Ledger
from planning_kit.loopback import Loopback, document
from planning_kit.model import Reply, Request, Usage, Web
from planning_kit.spool import Spool
from planning_kit.store import Store
from planning_kit.turns import CUTS, Whole

from .test_claude import REQUEST
from .test_claude import SECRET as KEY

BEGAN = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SEATS = ["api", "data", "technology", "security", "compliance"]


@dataclass
class Stack:
    """A run's folder and a server, and everything between them; a clock that only waiting moves, or that runs by itself."""

    url: str
    folder: Path
    ticks: bool = False
    slowly: float = 0.0
    fallback: str = ""
    abilities: Abilities | None = None
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._passed = count(0, 100)
        self.ledger = Ledger(Store(self.folder), self._claude, 100.0)

    def timer(self) -> float:
        return sum(self.waits) + (next(self._passed) if self.ticks else 0)

    def sleep(self, seconds: float) -> None:
        time.sleep(self.slowly)
        self.waits.append(seconds)

    def _claude(self) -> Claude:
        return Claude(
            Spool(Store(self.folder)),
            self.abilities,
            self.ledger.afford,
            base_url=self.url,
            api_key=KEY,
            patience=Patience(byte=5.0 if self.ticks else 0.5),
            clock=lambda: BEGAN + timedelta(seconds=sum(self.waits)),
            timer=self.timer,
            sleep=self.sleep,
            chance=lambda: 1.0,
        )

    def send(self, request: Request = REQUEST) -> Reply:
        return Whole(self.ledger, self.fallback).send(request, lambda text: None)

    def stopped(self, request: Request = REQUEST) -> str:
        """The message of the stop that sending ends in: one line, without the key, whoever looks."""
        with pytest.raises(ModelStopped) as stop:
            self.send(request)
        told = "".join(traceback.format_exception(stop.value)) + repr(stop.value) + repr(vars(stop.value))
        assert KEY not in told and "\n" not in str(stop.value)
        assert stop.value.__cause__ is None and stop.value.__context__ is None
        return str(stop.value)

    @property
    def tried(self) -> Usage:
        """What the tries that came to nothing are counted with."""
        return sum((lost.usage for lost in self.ledger.lost), Usage())


@dataclass(frozen=True)
class Class:
    """A class of faults: how often is asked in all, what is waited between, what the message says of the bill, how many tries are lost."""

    asked: int
    waits: list[float]
    bill: str
    lost: int


FREE = Class(5, [1.0, 2.0, 4.0, 8.0], "; tried 5 times", 0)
MAYBE_PAID = Class(3, [1.0, 2.0], "; 3 of 3 tries may have been billed", 3)
STOP = Class(1, [], "", 0)
STOP_MIDWAY = Class(1, [], "", 1)

FAULTS = {
    "status:429": (FREE, "answered 429: as the script says"),
    "status:500": (FREE, "answered 500"),
    "status:502": (FREE, "answered 502"),
    "status:503": (FREE, "answered 503"),
    "status:529": (FREE, "answered 529"),
    "status:503:nan": (FREE, "answered 503"),
    "status:503:-5": (FREE, "answered 503"),
    "status:503:soon": (FREE, "answered 503"),
    "status:503:99999999999": (FREE, "answered 503"),
    "status:503:Mon, 01 Jan 2199 00:00:00 GMT": (FREE, "answered 503"),
    "status:429:7": (replace(FREE, waits=[7.0, 7.0, 7.0, 8.0]), "answered 429"),
    "status:529:590": (replace(FREE, waits=[590.0] * 4), "answered 529"),
    "status:503:Sat, 21 Nov 2026 09:30:45 GMT": (replace(FREE, waits=[45.0, 2.0, 4.0, 8.0]), "answered 503"),
    "status:408": (MAYBE_PAID, "answered 408"),
    "status:504": (MAYBE_PAID, "answered 504"),
    "status:504:9": (replace(MAYBE_PAID, waits=[9.0, 9.0]), "answered 504"),
    "slow_headers": (MAYBE_PAID, "fell silent"),
    "drop_before": (MAYBE_PAID, "broke off"),
    "stall": (MAYBE_PAID, "fell silent"),
    "pings": (replace(MAYBE_PAID, waits=[]), "sent no word for 12 minutes"),
    "drop": (MAYBE_PAID, "broke off"),
    "eof": (MAYBE_PAID, "an answer that breaks off before its end"),
    "malformed": (MAYBE_PAID, "an event that is not JSON"),
    "open_block": (MAYBE_PAID, "an answer without a proper end"),
    "no_stop": (MAYBE_PAID, "an answer without a proper end"),
    "sse_error:overloaded_error": (MAYBE_PAID, "broke the answer off (overloaded_error)"),
    "sse_error:api_error": (MAYBE_PAID, "broke the answer off (api_error)"),
    "sse_error:timeout_error": (MAYBE_PAID, "broke the answer off (timeout_error)"),
    "sse_error:rate_limit_error": (MAYBE_PAID, "broke the answer off (rate_limit_error)"),
    "sse_error:invalid_request_error": (STOP_MIDWAY, "broke the answer off (invalid_request_error)"),
    "sse_error:authentication_error": (STOP_MIDWAY, "broke the answer off (authentication_error)"),
    "sse_error:permission_error": (STOP_MIDWAY, "broke the answer off (permission_error)"),
    "sse_error:billing_error": (STOP_MIDWAY, "broke the answer off (billing_error)"),
    "tool_use": (STOP_MIDWAY, "wants a tool run although none is offered; nothing was run"),
    "status:307": (STOP, "redirects are not followed"),
    "status:400": (STOP, "answered 400"),
    "status:400:3600": (STOP, "answered 400"),
    "status:401": (STOP, "the credential in the api_key given is not accepted; set a valid one"),
    "status:402": (STOP, "spend limit or credit is used up"),
    "status:403": (STOP, "may not use claude-sonnet-5-5"),
    "status:404": (STOP, "there is no model 'claude-sonnet-5-5' there"),
    "status:409": (STOP, "answered 409"),
    "status:413": (STOP, "too large; shorten them"),
    "status:422": (STOP, "answered 422"),
    "spend_limit": (STOP, "spend limit or credit is used up: raise it, or resume when it is reset"),
}


@contextmanager
def ill(scenario: str) -> Iterator[tuple[Loopback, Callable[[], None]]]:
    """A server that answers with ``scenario`` until it is healed."""
    now = [scenario]
    with Loopback(script=lambda body, number: now[0], minimum=1) as server:
        yield server, lambda: now.__setitem__(0, "ok")


@pytest.mark.parametrize("scenario", FAULTS)
def test_a_fault_is_asked_again_waited_for_told_and_counted_by_its_class_and_the_run_goes_on(
    scenario: str, tmp_path: Path
) -> None:
    expected, words = FAULTS[scenario]
    with ill(scenario) as (server, heal):
        stack = Stack(server.url, tmp_path, ticks=scenario == "pings")
        message = stack.stopped()
        assert words in message and message.endswith(expected.bill)
        assert server.url.removeprefix("http://") in message
        assert (len(server.requests), stack.waits) == (expected.asked, expected.waits)
        broken = [entry.usage for entry in server.billed]
        assert len(stack.ledger.lost) == expected.lost
        assert stack.tried.read == sum(usage.read for usage in broken)
        assert abs(stack.tried.output - sum(usage.output for usage in broken)) <= expected.lost
        assert (stack.ledger.account.calls, stack.ledger.account.input) == (0, stack.tried.read)
        lost = stack.tried
        heal()
        again = Stack(server.url, tmp_path)
        reply = again.send()
        assert (reply.text, reply.complete) == (document(server.requests[-1].body), True)
        assert (reply.lost, reply.attempts) == (lost, expected.lost + 1)
        assert again.ledger.lost == () and again.waits == []
        assert again.ledger.account.input == sum(entry.usage.read for entry in server.billed)
        asked = len(server.requests)
        assert Stack(server.url, tmp_path).send() == reply
        assert len(server.requests) == asked == expected.asked + 1


@pytest.mark.parametrize("scenario", [name for name, (kind, _) in FAULTS.items() if kind.asked > 1 and name != "pings"])
def test_what_passes_is_not_noticed_but_in_the_attempts(scenario: str, tmp_path: Path) -> None:
    with Loopback(script=[scenario] * (FAULTS[scenario][0].asked - 1), minimum=1) as server:
        stack = Stack(server.url, tmp_path)
        reply = stack.send()
        assert (reply.text, reply.attempts) == (document(server.requests[0].body), len(server.requests))
        assert reply.attempts == FAULTS[scenario][0].asked
        assert stack.ledger.account.input == sum(entry.usage.read for entry in server.billed)
        assert not list((tmp_path / "spool").iterdir())


@pytest.mark.parametrize("scenario", ["status:429:3600", "status:529:601", "status:503:3600", "status:504:3600"])
def test_a_wish_to_be_asked_much_later_stops_and_says_when(scenario: str, tmp_path: Path) -> None:
    with ill(scenario) as (server, heal):
        stack = Stack(server.url, tmp_path)
        message = stack.stopped()
        seconds = int(scenario.split(":")[-1])
        when = (BEGAN + timedelta(seconds=seconds + 59)).astimezone().strftime("%H:%M")
        assert f"resume after {when}" in message and (stack.waits, len(server.requests)) == ([], 1)
        heal()
        assert Stack(server.url, tmp_path).send().complete


def test_an_answer_without_an_end_is_given_up(tmp_path: Path) -> None:
    with ill("pings") as (server, _):
        stack = Stack(server.url, tmp_path, ticks=True)
        stack.ledger = Ledger(
            Store(tmp_path),
            lambda: Claude(
                Spool(Store(tmp_path)), base_url=server.url, api_key=KEY, timer=stack.timer, sleep=stack.waits.append,
                patience=Patience(word=1e9),
            ),
            100.0,
        )  # fmt: skip
        assert "still writing after 32 minutes" in stack.stopped()


@contextmanager
def raw(answer: Callable[[socket.socket], None], bodies: list[bytes] | None = None) -> Iterator[str]:
    """An address where ``answer`` is given to every connection, once its request has come and is among the ``bodies``."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            head = b""
            while b"\r\n\r\n" not in head:
                head += self.request.recv(65536) or b"\r\n\r\n"
            head, _, body = head.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: (\d+)", head)
            while length and len(body) < int(length.group(1)):
                body += self.request.recv(65536)
            if bodies is not None:
                bodies.append(body)
            with suppress(OSError):
                answer(self.request)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that went away is no news."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


def comments(peer: socket.socket) -> None:
    peer.sendall(HEAD)
    for _ in range(200):
        peer.sendall(b": still here\n\n")
        time.sleep(0.005)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b"SSH-2.0-OpenSSH_9.9\r\n", "the connection to"),
        (b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html>Sign in</html>", "breaks off before its end"),
        (HEAD + b"data: \xff\xfe\n\n", "something that is not a stream of events"),
        (HEAD + b'event: error\ndata: {"type": "error", "error": null}\n\n', "no reason given"),
        (HEAD[:-2] + b"content-encoding: gzip\r\n\r\nnot gzip", "something that is not a stream of events"),
    ],
)  # fmt: skip
def test_something_else_than_the_api_is_asked_twice_more_at_most(said: bytes, words: str, tmp_path: Path) -> None:
    asked = []

    def answer(peer: socket.socket) -> None:
        asked.append(said)
        peer.sendall(said)

    with raw(answer) as url:
        stack = Stack(url, tmp_path)
        message = stack.stopped()
        assert words in message and message.endswith(MAYBE_PAID.bill)
        assert (len(asked), stack.waits, stack.tried) == (3, [1.0, 2.0], Usage())


def test_comments_are_no_words_and_do_not_keep_a_call_alive(tmp_path: Path) -> None:
    with raw(comments) as url:
        assert "sent no word for" in Stack(url, tmp_path, ticks=True).stopped()


def closed() -> str:
    """An address where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def test_a_server_that_is_not_there_is_named_and_free(tmp_path: Path) -> None:
    gone = closed()
    stack = Stack(f"http://{gone}", tmp_path)
    assert stack.stopped() == f"connection refused: nothing answers at {gone}; tried 5 times"
    assert (stack.waits, stack.ledger.lost) == (FREE.waits, ())
    with Loopback() as server:
        assert Stack(server.url, tmp_path).send().attempts == 1


def test_a_name_without_an_address_is_a_matter_of_dns_and_free(tmp_path: Path) -> None:
    stack = Stack("https://no-such-host.invalid", tmp_path)
    assert stack.stopped().startswith("DNS: there is no address for no-such-host.invalid")
    assert (stack.waits, stack.ledger.lost) == (FREE.waits, ())


def test_a_server_without_tls_is_a_matter_of_tls_and_stops(tmp_path: Path) -> None:
    with Loopback() as server:
        stack = Stack(server.url.replace("http://", "https://"), tmp_path)
        assert stack.stopped().startswith("TLS: 127.0.0.1")
        assert (stack.waits, stack.ledger.lost) == ([], ())


def test_a_proxy_that_is_not_there_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = closed()
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:hunter2@{gone}")
    stack = Stack("https://api.example.com", tmp_path)
    message = stack.stopped()
    assert message.startswith(f"connection refused: nothing answers at {gone}") and "hunter2" not in message
    assert (stack.waits, stack.ledger.lost) == (FREE.waits, ())


def test_a_proxy_that_lets_nobody_through_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with raw(
        lambda peer: peer.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n")
    ) as url:
        monkeypatch.setenv("HTTPS_PROXY", url.replace("http://", "http://user:hunter2@"))
        stack = Stack("https://api.example.com", tmp_path)
        message = stack.stopped()
    assert message.startswith(f"proxy: {url.removeprefix('http://')}") and "407" in message
    assert "hunter2" not in message and stack.ledger.lost == ()


def test_when_one_seat_is_told_to_wait_those_behind_it_wait_as_well(tmp_path: Path) -> None:
    times: list[float] = []

    def first_waits(body: object, number: int) -> str:
        times.append(stack.timer())
        return "" if number else "status:429:30"

    with Loopback(script=first_waits, minimum=1) as server:
        stack = Stack(server.url, tmp_path, slowly=0.2)  # so that who does not wait is there before the time has come
        threads = [threading.Thread(target=stack.send, args=(replace(REQUEST, seat=seat),)) for seat in SEATS]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert times[0] == 0.0 and len(times) == len(SEATS) + 1
    assert min(times[1:]) >= 30.0
    assert stack.ledger.account.calls == len(SEATS)


def test_the_same_question_of_two_seats_at_once_is_asked_once(tmp_path: Path) -> None:
    with Loopback(delay=0.01) as server:
        stack = Stack(server.url, tmp_path)
        replies: list[Reply] = []
        threads = [threading.Thread(target=lambda: replies.append(stack.send())) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.requests) == 1
    assert len(replies) == 4 and len(set(replies)) == 1


# ends of an answer that are no faults


@pytest.mark.parametrize(("cuts", "complete"), [(1, True), (CUTS, True), (CUTS + 1, False)])
def test_a_cut_answer_is_continued_a_few_times_and_never_taken_for_done(
    cuts: int, complete: bool, tmp_path: Path
) -> None:
    with Loopback(script=["max_tokens"] * cuts) as server:
        reply = Stack(server.url, tmp_path).send()
        whole = document(server.requests[0].body)
        assert (reply.complete, len(server.requests)) == (complete, min(cuts, CUTS) + 1)
        assert reply.text == whole if complete else whole.startswith(reply.text) and reply.stop == "max_tokens"
        again = Stack(server.url, tmp_path)
        assert again.send().text == reply.text and len(server.requests) == min(cuts, CUTS) + 1
        assert again.ledger.account.output == sum(entry.usage.output for entry in server.billed)


@pytest.mark.parametrize("scenario", ["refusal", "refusal_mid:bio", "ctx", "unknown_stop"])
def test_another_end_is_handed_in_as_incomplete_and_not_asked_again(scenario: str, tmp_path: Path) -> None:
    stops = {
        "refusal": "refusal (cyber)", "refusal_mid:bio": "refusal (bio)", "ctx": "model_context_window_exceeded",
        "unknown_stop": "something_new",
    }  # fmt: skip
    with Loopback(script=[scenario]) as server:
        reply = Stack(server.url, tmp_path).send()
        assert (reply.stop, reply.complete, reply.attempts) == (stops[scenario], False, 1)
        assert Stack(server.url, tmp_path).send() == reply and len(server.requests) == 1


@pytest.mark.parametrize("scenario", ["refusal", "refusal_mid"])
def test_a_refusal_goes_to_the_fallback_which_may_be_cut_and_everything_is_counted(
    scenario: str, tmp_path: Path
) -> None:
    with Loopback(script=[scenario, "max_tokens"]) as server:
        stack = Stack(server.url, tmp_path, fallback="claude-opus-4-8")
        reply = stack.send()
        models = [request.body["model"] for request in server.requests]
        assert models == ["claude-sonnet-5-5", "claude-opus-4-8", "claude-opus-4-8"]
        assert (reply.complete, reply.text) == (True, document(server.requests[0].body))
        whole = sum((entry.usage for entry in server.billed if entry.ended == "whole"), Usage())
        assert reply.usage.output == whole.output
        assert {call.model for call in stack.ledger.calls} == set(models)
        assert Stack(server.url, tmp_path, fallback="claude-opus-4-8").send().text == reply.text
        assert len(server.requests) == 3


@pytest.mark.parametrize(("script", "stop"), [(["empty"], "end_turn"), (["empty", "empty"], "empty")])
def test_an_empty_answer_is_asked_again_once_in_other_words(script: list[str], stop: str, tmp_path: Path) -> None:
    with Loopback(script=script) as server:
        reply = Stack(server.url, tmp_path).send()
        assert (reply.stop, len(server.requests)) == (stop, 2)
        first, second = (request.body["messages"] for request in server.requests)
        assert first != second
        Stack(server.url, tmp_path).send()
        assert len(server.requests) == 2


def test_a_pause_goes_on_where_it_was_and_a_break_behind_it_asks_only_for_that_turn(tmp_path: Path) -> None:
    able = Abilities("h", "2026-11-21T09:00:00Z", {"claude-sonnet-5-5": Ability(web_search=True)}, caching=True)
    asking = replace(REQUEST, web=Web(3))
    with Loopback(script=["pause_turn", *["eof"] * 3]) as server:
        stopped = Stack(server.url, tmp_path, abilities=able)
        assert stopped.stopped(asking).endswith(MAYBE_PAID.bill)
        stack = Stack(server.url, tmp_path, abilities=able)
        reply = stack.send(asking)
        assert (reply.complete, reply.attempts, len(server.requests)) == (True, 5, 5)
        assert [len(request.body["messages"]) for request in server.requests] == [1, 2, 2, 2, 2]
        assert reply.sources and stack.ledger.account.calls == 2


def test_half_characters_in_a_cut_answer_and_its_sources_can_be_kept_and_handed_back(tmp_path: Path) -> None:
    def events(*said: dict[str, object]) -> bytes:
        return HEAD + b"".join(f"data: {json.dumps(each)}\n\n".encode() for each in said)

    usage = {"input_tokens": 1, "output_tokens": 1}
    source = {
        "type": "web_search_result_location",
        "url": "https://a.example/\ud83d",
        "title": "\ud83d",
        "cited_text": "\ude80",
    }
    turns = [
        events(
            {"type": "message_start", "message": {"model": "m", "usage": usage}},
            {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": f"{stop} \ud83d"}},
            {"type": "content_block_delta", "index": 0, "delta": {"type": "citations_delta", "citation": source}},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": stop}, "usage": usage},
            {"type": "message_stop"},
        )
        for stop in ("max_tokens", "end_turn")
    ]
    with raw(lambda peer: peer.sendall(turns.pop(0))) as url:
        reply = Stack(url, tmp_path).send()
        assert Stack(url, tmp_path).send() == reply
    assert reply.text == "max_tokens \ufffd [S1]end_turn \ufffd [S2]" and reply.complete
    assert reply.sources[0].url == "https://a.example/\ufffd"


def test_a_thought_and_its_signature_come_back_unchanged_after_a_pause(tmp_path: Path) -> None:
    asked: list[bytes] = []
    usage = {"input_tokens": 1, "output_tokens": 1}
    thought = {"type": "thinking", "thinking": "Two of\nthem: \u00e4\u2028\U0001f680 <b>", "signature": "Ab+/9==" * 40}

    def answer(peer: socket.socket) -> None:
        blocks = [
            ({"type": "thinking", "thinking": "", "signature": ""},
             [{"type": "thinking_delta", "thinking": thought["thinking"]}, {"type": "signature_delta", "signature": thought["signature"]}]),
            ({"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}}, [{"type": "input_json_delta", "partial_json": '{"query": "q"}'}]),
        ] if not asked else [({"type": "text", "text": "done"}, [])]  # fmt: skip
        said: list[dict[str, object]] = [{"type": "message_start", "message": {"model": "m", "usage": usage}}]
        for at, (block, deltas) in enumerate(blocks):
            said.append({"type": "content_block_start", "index": at, "content_block": block})
            said += [{"type": "content_block_delta", "index": at, "delta": delta} for delta in deltas]
            said.append({"type": "content_block_stop", "index": at})
        stop = "end_turn" if asked else "pause_turn"
        said += [{"type": "message_delta", "delta": {"stop_reason": stop}, "usage": usage}, {"type": "message_stop"}]
        asked.append(bodies.pop(0))
        peer.sendall(HEAD + b"".join(f"data: {json.dumps(each)}\n\n".encode() for each in said))

    bodies: list[bytes] = []
    able = Abilities("h", "2026-11-21T09:00:00Z", {"claude-sonnet-5-5": Ability(web_search=True)}, caching=True)
    with raw(answer, bodies) as url:
        assert Stack(url, tmp_path, abilities=able).send(replace(REQUEST, web=Web(3))).text == "done"
    back = json.loads(asked[1])["messages"][1]["content"]
    assert back == [thought, {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "q"}}]
