"""Claude over the Messages API, against the loopback server: whole answers, broken ones, and what is never shown."""

import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from planning_kit.claude import Claude, Patience
from planning_kit.errors import ModelStopped
from planning_kit.loopback import Loopback, document
from planning_kit.model import Material, Reply, Request
from planning_kit.spool import Spool
from planning_kit.store import Store

SECRET = "sk-ant-api03-Q7rt2Vw9Xz4Bn6Mk1Lp8Sd3Fg5Hj0"
REQUEST = Request(
    model="claude-sonnet-5-5",
    seat="api-designer",
    feature="Forum",
    role="You design APIs.",
    materials=(Material("passage", "P1", "# Forum\n\n"), Material("passage", "P2", "Users write posts.\n")),
    task="Write the API design.",
    outline=("Overview", "Key decisions"),
    today="2026-11-21",
    max_tokens=4_000,
)
FREE = ["status:429", "status:500", "status:502", "status:503", "status:529"]
MAYBE_PAID = ["eof", "drop", "malformed", "sse_error", "status:408", "status:504"]
STOP = ["status:400", "status:401", "status:402", "status:403", "status:404", "status:409", "status:413", "status:422"]


@dataclass
class Bench:
    """A client on a loopback server, with a clock that only waiting moves."""

    server: Loopback
    spool: Spool
    waits: list[float] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def claude(self, **more: object) -> Claude:
        settings = {"base_url": self.server.url, "api_key": SECRET, "sleep": self.waits.append, "chance": lambda: 1.0}
        clock = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
        settings["clock"] = lambda: clock + timedelta(seconds=sum(self.waits))
        settings["timer"] = lambda: float(sum(self.waits))
        return Claude(self.spool, **{**settings, **more})

    def send(self, request: Request = REQUEST, **more: object) -> Reply:
        claude = self.claude(**more)
        try:
            return claude.send(request, self.heard.append)
        finally:
            claude.close()

    def stopped(self, request: Request = REQUEST, **more: object) -> str:
        """The message of the stop that sending ends in."""
        with pytest.raises(ModelStopped) as stop:
            self.send(request, **more)
        assert "\n" not in str(stop.value)
        assert SECRET not in "".join(traceback.format_exception(stop.value)) + repr(stop.value) + repr(vars(stop.value))
        assert stop.value.__cause__ is None and stop.value.__context__ is None
        return str(stop.value)


@contextmanager
def bench(*script: object, **settings: object) -> Iterator[Bench]:
    """A bench whose server follows ``script``: scenarios in order, or one function that gives them."""
    asked = script[0] if script and callable(script[0]) else script
    with Loopback(script=asked, **{"minimum": 1, **settings}) as server, tempfile.TemporaryDirectory() as folder:
        yield Bench(server, Spool(Store(Path(folder))))


def test_a_whole_answer_comes_back_with_its_text_model_tokens_and_time():
    with bench() as at:
        reply = at.send()
    assert reply.text == document(at.server.requests[0].body)
    assert "The api-designer has written 'Overview' here." in reply.text
    assert (reply.model, reply.stop, reply.complete, reply.attempts) == ("claude-sonnet-5-5", "end_turn", True, 1)
    assert reply.at == "2026-11-21T09:30:00Z"
    assert reply.usage.cache_write > 0 and reply.usage.output > 10 and reply.seconds >= 0
    assert "".join(at.heard) == reply.text and len(at.heard) > 5


def test_the_key_goes_into_the_header_and_nowhere_else():
    with bench() as at:
        claude = at.claude()
        claude.send(REQUEST, at.heard.append)
        assert at.server.requests[0].headers["authorization"] == f"Bearer {SECRET}"
        assert SECRET not in repr(claude) and SECRET not in repr(at.server.requests[0].body)
        claude.close()


def side_by_side(at: Bench, seats: list[str], **more: object) -> dict[str, Reply]:
    """What ``seats`` are answered when they all ask at once."""
    claude = at.claude(timer=time.monotonic, sleep=time.sleep, **more)
    replies: dict[str, Reply] = {}

    def ask(seat: str) -> None:
        replies[seat] = claude.send(replace(REQUEST, seat=seat), lambda text: None)

    threads = [threading.Thread(target=ask, args=(seat,)) for seat in seats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    claude.close()
    return replies


SEATS = ["api", "data", "technology", "security", "compliance"]


def test_of_five_seats_one_writes_the_cache_and_the_others_read_it_side_by_side():
    with bench(delay=0.05) as at:
        replies = side_by_side(at, SEATS)
        assert (at.server.at_once, at.server.open) == (5, 0)
    assert all(f"The {seat} has written" in replies[seat].text for seat in SEATS)
    written = [reply.usage.cache_write for reply in replies.values() if reply.usage.cache_write]
    read = [reply.usage.cache_read for reply in replies.values() if reply.usage.cache_read]
    assert len(written) == 1 and read == written * 4


def test_when_the_first_of_five_fails_another_one_leads():
    def first_is_refused(body: object, number: int) -> str:
        return "status:400" if number == 0 else "ok"

    with bench(first_is_refused, delay=0.01) as at:
        claude = at.claude(timer=time.monotonic, sleep=time.sleep)
        ended: list[object] = []

        def ask(seat: str) -> None:
            try:
                ended.append(claude.send(replace(REQUEST, seat=seat), lambda text: None))
            except ModelStopped as stop:
                ended.append(stop)

        threads = [threading.Thread(target=ask, args=(seat,)) for seat in SEATS]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        claude.close()
    usages = [reply.usage for reply in ended if isinstance(reply, Reply)]
    assert len(usages) == 4 and sum(usage.cache_write > 0 for usage in usages) == 1


@pytest.mark.parametrize("scenario", FREE)
def test_what_was_not_worked_on_is_asked_up_to_five_times(scenario):
    with bench(*[scenario] * 4) as at:
        reply = at.send()
    assert (reply.complete, reply.attempts, at.waits) == (True, 5, [1.0, 2.0, 4.0, 8.0])
    with bench(*[scenario] * 9) as at:
        assert "tried 5 times" in at.stopped()
        assert len(at.server.requests) == 5


@pytest.mark.parametrize("scenario", MAYBE_PAID)
def test_what_may_have_been_billed_is_asked_at_most_twice_more(scenario):
    with bench(*[scenario] * 2) as at:
        reply = at.send()
    assert (reply.complete, reply.attempts) == (True, 3)
    assert reply.text == document(at.server.requests[0].body)
    with bench(*[scenario] * 9) as at:
        assert "3 of 3 tries may have been billed" in at.stopped()
        assert len(at.server.requests) == 3


def test_the_tokens_of_a_broken_try_are_in_the_reply():
    with bench("eof") as at:
        reply = at.send()
    whole = document(at.server.requests[0].body)
    assert (reply.lost.input, reply.lost.output) == (reply.usage.input, 1)
    assert reply.lost.read == reply.usage.read and reply.usage.output == len(whole) // 4


@pytest.mark.parametrize("scenario", STOP)
def test_what_would_fare_the_same_stops_at_once(scenario):
    with bench(scenario) as at:
        assert f"answered {scenario[-3:]}" in at.stopped()
        assert (len(at.server.requests), at.waits) == (1, [])


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ("status:401", "the credential in the api_key given is not accepted"),
        ("status:402", "spend limit or credit is used up"),
        ("status:403", "may not use claude-sonnet-5-5"),
        ("status:404", "no model 'claude-sonnet-5-5'"),
        ("status:413", "too large"),
        ("spend_limit", "spend limit"),
        ("status:307", "redirects are not followed"),
        ("tool_use", "wants a tool run although none is offered"),
    ],
)
def test_a_stop_says_what_to_do(scenario, words):
    with bench(scenario) as at:
        message = at.stopped()
        assert words in message and at.server.url.removeprefix("http://") in message
        assert len(at.server.requests) == 1


def test_a_refused_key_from_the_environment_is_named_by_its_variable(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", SECRET)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with bench("status:401") as at:
        assert "ANTHROPIC_AUTH_TOKEN" in at.stopped(api_key=None)
        assert at.server.requests[0].headers["authorization"] == f"Bearer {SECRET}"


def test_a_wish_to_be_asked_later_is_obeyed():
    with bench("status:429:7", "status:529:590") as at:
        assert at.send().attempts == 3
    assert at.waits == [7.0, 590.0]


def test_a_wish_to_be_asked_much_later_stops_and_says_when():
    with bench("status:429:3600") as at:
        message = at.stopped()
    when = (datetime(2026, 11, 21, 9, 30, tzinfo=UTC) + timedelta(seconds=3659)).astimezone().strftime("%H:%M")
    assert f"resume after {when}" in message and at.waits == []


@pytest.mark.parametrize("wish", ["nan", "-5", "soon", "99999999999", "Mon, 01 Jan 2199 00:00:00 GMT"])
def test_a_nonsensical_wish_is_ignored(wish):
    with bench(lambda body, number: "" if number else f"status:503:{wish}") as at:
        assert at.send().attempts == 2
    assert at.waits == [1.0]


def test_a_wish_may_be_a_date():
    with bench("status:503:Sat, 21 Nov 2026 09:30:45 GMT") as at:
        assert at.send().attempts == 2
    assert at.waits == [45.0]


@pytest.mark.parametrize(
    ("scenario", "stop"),
    [("max_tokens", "max_tokens"), ("refusal", "refusal (cyber)"), ("unknown_stop", "something_new")],
)
def test_an_incomplete_answer_is_handed_on_and_not_asked_again(scenario, stop):
    with bench(scenario) as at:
        reply = at.send()
        assert (reply.stop, reply.complete, reply.attempts, len(at.server.requests)) == (stop, False, 1, 1)


def test_an_empty_answer_says_that_it_is_empty():
    with bench("empty") as at:
        reply = at.send()
    assert (reply.stop, reply.complete, reply.text, reply.attempts) == ("empty", False, "", 1)


def test_silence_is_noticed():
    with bench(*["stall"] * 3) as at:
        message = at.stopped(patience=Patience(byte=0.1))
        assert "fell silent" in message and "3 of 3 tries may have been billed" in message


def test_pings_without_a_word_do_not_keep_a_call_alive():
    ticks = iter(range(0, 10**9, 100))
    with bench(*["pings"] * 3) as at:
        assert "sent no word for 12 minutes" in at.stopped(timer=lambda: float(next(ticks)))


def test_an_answer_without_an_end_is_given_up():
    ticks = iter(range(0, 10**9, 100))
    with bench(*["pings"] * 3) as at:
        patience = Patience(word=1e9)
        assert "still writing after 32 minutes" in at.stopped(timer=lambda: float(next(ticks)), patience=patience)


def test_a_server_that_is_not_there_is_named():
    with bench() as at, Loopback() as gone:
        pass
    message = at.stopped(base_url=gone.url)
    assert message == f"connection refused: nothing answers at {gone.url.removeprefix('http://')}; tried 5 times"
    assert len(at.waits) == 4


def test_a_name_without_an_address_is_a_matter_of_dns():
    with bench() as at:
        message = at.stopped(base_url="https://no-such-host.invalid")
    assert message.startswith("DNS: there is no address for no-such-host.invalid")


def test_a_server_without_tls_is_a_matter_of_tls():
    with bench() as at:
        secure = at.server.url.replace("http://", "https://")
        assert at.stopped(base_url=secure).startswith("TLS: 127.0.0.1")
        assert at.waits == []


def test_a_proxy_is_named_without_its_password(monkeypatch):
    with Loopback() as gone:
        pass
    monkeypatch.setenv("HTTPS_PROXY", gone.url.replace("http://", "http://user:hunter2@"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with bench() as at:
        message = at.stopped(base_url="https://api.example.com")
    assert gone.url.removeprefix("http://") in message and "hunter2" not in message


def test_an_error_of_the_listener_is_not_taken_for_one_of_the_model():
    def hear(text: str) -> None:
        raise ConnectionResetError("mine")

    with bench() as at:
        claude = at.claude()
        with pytest.raises(ConnectionResetError, match="mine"):
            claude.send(REQUEST, hear)
        claude.close()
        assert len(at.server.requests) == 1


def test_what_a_server_says_cannot_show_the_key_or_drive_the_terminal():
    with bench("status:404") as at:
        request = Request(**{**vars(REQUEST), "model": f"x\x1b[31m\n{SECRET}\u202e"})
        message = at.stopped(request)
    assert message.isprintable() and "[REDACTED:key-in-use]" in message


def test_the_worst_answer_is_text_and_nothing_else():
    with bench("worst") as at:
        reply = at.send()
    assert reply.complete and "<script>" in reply.text


def test_importing_the_room_loads_no_sdk_and_no_http_client():
    code = "import sys, planning_kit.claude; print([name for name in sys.modules if name in ('anthropic', 'httpx2')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.strip() == "[]"
