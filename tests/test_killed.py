"""A call killed at every step, and a run killed again and again: what is whole on the disk is never asked for twice."""

from __future__ import annotations

import json
import random
import signal
import time
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from planning_kit.loopback import Loopback, asked, document
from planning_kit.run import Run
from planning_kit.store import Store

from .killed_call import begun
from .patience import until
from .test_faults import KEY, REQUEST, Stack
from .test_model_run import start, written


@dataclass(frozen=True)
class Left:
    """What a call killed at a step leaves: how often the server was ``asked`` before and is ``again``, how many tries are ``lost``."""

    asked: int
    again: int
    lost: int
    script: tuple[str, ...] = ()


STEPS = {
    "before the request is sent": Left(0, 1, 1),
    "after message_start": Left(1, 1, 1),
    "after content_block_delta 5": Left(1, 1, 1),
    "after message_delta": Left(1, 1, 1),
    "after message_stop": Left(1, 0, 0),
    "while the answer is kept": Left(1, 0, 0),
    "after the answer was kept": Left(1, 0, 0),
    "after the spool is cleared": Left(1, 0, 0),
    "after everything": Left(1, 0, 0),
    "before the note is kept": Left(1, 1, 1, ("eof",)),
    "while the note is kept": Left(1, 1, 1, ("eof",)),
    "after the note was kept": Left(1, 1, 1, ("eof",)),
}


def call(step: str, server: Loopback, folder: Path) -> ForkServerProcess:
    return begun(step, server.url, str(folder), KEY, REQUEST)


def ended(child: ForkServerProcess) -> int | None:
    """With which status it ended."""
    child.join(60)
    return child.exitcode


def resumed(server: Loopback, folder: Path, left: Left) -> None:
    """A second process asks the same: the answer is right, and everything that was billed is counted once."""
    assert len(server.requests) == left.asked
    stack = Stack(server.url, folder)
    reply = stack.send()
    assert (reply.text, reply.complete) == (document(server.requests[0].body), True)
    assert len(server.requests) == left.asked + left.again
    assert reply.attempts == left.lost + 1
    billed = sum(entry.usage.read for entry in server.billed)
    assert reply.usage.read + reply.lost.read == billed
    account = Stack(server.url, folder).ledger.account
    assert (account.calls, account.input) == (1, billed)
    assert not list(folder.glob("spool/*"))
    with Store(folder).drive():
        assert not list(folder.rglob(".partial-*")) and len(list(folder.glob("calls/*/*"))) == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_call_killed_at_a_step_is_carried_on_from_what_is_whole_on_the_disk(step: str, tmp_path: Path) -> None:
    with Loopback(script=STEPS[step].script, delay=0.01, minimum=1) as server:
        assert ended(call(step, server, tmp_path)) == -signal.SIGKILL
        until(lambda: server.open == 0)
        resumed(server, tmp_path, STEPS[step])


def test_a_call_killed_before_the_first_byte_is_asked_again_and_counted(tmp_path: Path) -> None:
    with Loopback(script=["slow_headers"], minimum=1) as server:
        child = call("never", server, tmp_path)
        until(lambda: len(server.requests) == 1)
        child.kill()
        assert ended(child) == -signal.SIGKILL
        until(lambda: server.open == 0)
        resumed(server, tmp_path, Left(1, 1, 1))


def test_a_call_killed_between_two_turns_goes_on_with_the_second(tmp_path: Path) -> None:
    with Loopback(script=["max_tokens"]) as server:
        assert ended(call("after the answer was kept", server, tmp_path)) == -signal.SIGKILL
        reply = Stack(server.url, tmp_path).send()
        assert (reply.text, reply.complete) == (document(server.requests[0].body), True)
        assert [len(request.body["messages"]) for request in server.requests] == [1, 3]
        assert not list(tmp_path.glob("spool/*"))


def kept(folder: Path) -> set[str]:
    """Whose answers are kept."""
    return {json.loads(path.read_bytes())["request"]["seat"] for path in folder.glob("outputs/*/*/calls/*/*.json")}


def killed(server: Loopback, folder: Path, answers: int, later: float) -> None:
    """Kill a run so many seconds ``later`` than so many ``answers`` are kept and another is asked for; none of them is asked for again."""
    before = len(server.requests)
    run = start(server, folder)
    until(lambda: len(kept(folder)) >= answers and len(server.requests) > before)
    time.sleep(later)
    there, since = kept(folder), len(server.requests)
    run.send_signal(signal.SIGKILL)
    run.communicate()
    until(lambda: server.open == 0)
    assert not there & {asked(request.body).seat for request in server.requests[since:]}


@pytest.mark.long
def test_a_run_killed_again_and_again_asks_for_nothing_twice_that_was_kept(tmp_path: Path) -> None:
    moments = random.Random(4)
    with Loopback(written, delay=0.05) as server:
        for answers in (0, 1, 4):
            killed(server, tmp_path, answers, moments.uniform(0.0, 0.4))
        there, since = kept(tmp_path), len(server.requests)
        server.delay = 0.0
        run = start(server, tmp_path)
        _, err = run.communicate(timeout=120)
        assert run.returncode == 0, err
        after = [asked(request.body).seat for request in server.requests[since:]]
    assert not there & set(after) and len(after) == len(set(after)) and len(there) + len(after) <= 8
    ledger = Run.open(next(tmp_path.rglob("run.json")).parent).ledger
    assert (ledger.account.calls, ledger.lost) == (8, ())
    assert not list(tmp_path.rglob("spool/*"))
