"""Seats that ask together: one back-off for all, and one who goes ahead."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from planning_kit.claude.together import Backoff, Convoy


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_when_one_is_told_to_wait_everybody_waits_and_the_longest_wish_counts() -> None:
    clock = Clock()
    backoff = Backoff(lambda: clock.now, clock.sleep)
    backoff.wait()
    assert clock.slept == []
    backoff.hold(7.0)
    backoff.hold(3.0)
    backoff.wait()
    assert clock.slept == [7.0]
    backoff.wait()
    assert clock.slept == [7.0]


class Seat(threading.Thread):
    """One who asks: is under way once its turn has come, and goes on as told."""

    def __init__(self, convoy: Convoy, prefix: str = "p") -> None:
        super().__init__(daemon=True)
        self.convoy, self.prefix = convoy, prefix
        self.under_way, self.begin, self.begun, self.end = (threading.Event() for _ in range(4))
        self.start()

    def run(self) -> None:
        with self.convoy.place(self.prefix, 300.0) as begun:
            self.under_way.set()
            while not self.end.wait(0.002):
                if self.begin.is_set() and not self.begun.is_set():
                    begun()
                    self.begun.set()

    def answers(self) -> None:
        self.begin.set()
        assert self.begun.wait(10)

    def ends(self) -> None:
        self.end.set()
        self.join(10)


@pytest.fixture
def convoy() -> Convoy:
    return Convoy(lambda: 0.0)


def test_the_others_start_when_the_answer_of_the_first_has_begun(convoy: Convoy) -> None:
    first = Seat(convoy)
    assert first.under_way.wait(10)
    others = [Seat(convoy) for _ in range(4)]
    assert not any(other.under_way.wait(0.05) for other in others)
    first.answers()
    assert all(other.under_way.wait(10) for other in others)
    for seat in (first, *others):
        seat.ends()


def test_another_prefix_does_not_wait(convoy: Convoy) -> None:
    first, other = Seat(convoy), Seat(convoy, "another")
    assert first.under_way.wait(10) and other.under_way.wait(10)
    first.ends()
    other.ends()


def test_when_the_first_fails_one_of_the_others_leads(convoy: Convoy) -> None:
    first = Seat(convoy)
    assert first.under_way.wait(10)
    others = [Seat(convoy) for _ in range(3)]
    first.ends()
    wait_until(lambda: any(other.under_way.is_set() for other in others))
    assert sum(other.under_way.wait(0.05) for other in others) == 1
    next(other for other in others if other.under_way.is_set()).answers()
    assert all(other.under_way.wait(10) for other in others)
    for other in others:
        other.ends()


def test_once_it_is_warm_nobody_waits_until_it_has_expired() -> None:
    clock = Clock()
    convoy = Convoy(lambda: clock.now)
    first = Seat(convoy)
    first.answers()
    first.ends()
    clock.now = 299.0
    second, third = Seat(convoy), Seat(convoy)
    assert second.under_way.wait(10) and third.under_way.wait(10)
    second.ends()
    third.ends()
    clock.now = 301.0
    fourth = Seat(convoy)
    assert fourth.under_way.wait(10)
    fifth = Seat(convoy)
    assert not fifth.under_way.wait(0.05)
    fourth.ends()
    assert fifth.under_way.wait(10)
    fifth.ends()


def wait_until(holds: Callable[[], bool]) -> None:
    ended = threading.Event()
    for _ in range(5_000):
        if holds():
            return
        ended.wait(0.002)
    raise AssertionError("it never came about")
