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

from planning_kit.claude import Claude
from planning_kit.errors import ModelStopped
from planning_kit.loopback import Loopback, document
from planning_kit.model import Material, Reply, Request
from planning_kit.spool import Spool
from planning_kit.store import Store

from .patience import until

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
        assert at.server.at_once == 5
        until(lambda: at.server.open == 0)
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


def test_a_refused_key_from_the_environment_is_named_by_its_variable(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", SECRET)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with bench("status:401") as at:
        assert "ANTHROPIC_AUTH_TOKEN" in at.stopped(api_key=None)
        assert at.server.requests[0].headers["authorization"] == f"Bearer {SECRET}"


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
        request = replace(REQUEST, model=f"x\x1b[31m\n{SECRET}\u202e")
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
