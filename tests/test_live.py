"""Watching seats write, and interrupting them: what is seen, what is asked after that, what is kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nbformat.v4 import new_code_cell, new_notebook, reads, writes

from planning_kit import kernel, live, progress, view
from planning_kit.chair import TAIL, Chair, SeatProgress
from planning_kit.checks.about import About
from planning_kit.claude import Claude
from planning_kit.consult import Frame
from planning_kit.errors import Interrupted
from planning_kit.ledger import Ledger
from planning_kit.loopback import Loopback
from planning_kit.model import Reply, Usage
from planning_kit.order import Order
from planning_kit.run import Run
from planning_kit.sitting import Handed, Snapshot, Watching, sit
from planning_kit.spool import Spool
from planning_kit.store import Store
from planning_kit.turns import Whole

from .authors import agreed
from .patience import until
from .test_claude import REQUEST
from .test_claude import SECRET as KEY
from .test_model_run import environment, written

SEATS = ("api", "data", "security")
WORDS = "As the brief says [P1], notes are read over HTTP by everybody. " * 4


def seat(name: str, **more: Any) -> Chair:
    request = replace(REQUEST, seat=name)
    return Chair(request, Frame(f"docs/{name}.md", "Title", "r", 1), About(plan=False), 1, **more)


def table(url: str, folder: Path) -> tuple[Ledger, Whole]:
    """A ledger on ``folder`` and whom to ask through it."""
    store = Store(folder)
    ledger = Ledger(store, lambda: Claude(Spool(store), base_url=url, api_key=KEY), 100.0, Spool(store))
    return ledger, Whole(ledger)


class Onlooker:
    """Watches, keeps what it saw, and interrupts whenever one of ``moments`` has come, in their order."""

    def __init__(self, *moments: Callable[[Snapshot], bool]) -> None:
        self.moments, self.seen = list(moments), list[Snapshot]()
        self.pressed = list[float]()

    def __call__(self, now: Snapshot) -> None:
        self.seen.append(now)
        if not now.ended and self.moments and self.moments[0](now):
            self.moments.pop(0)
            self.pressed.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGINT)

    def states(self, name: str) -> list[str]:
        """The states ``name`` was seen in, each once, in order."""
        return list(dict.fromkeys(row.state for now in self.seen for row in now.seats if row.seat == name))


def seated(chairs: Sequence[Chair], transport: Whole, folder: Path, look: Onlooker) -> list[tuple[str, Handed]]:
    """Have them sit; what each handed in."""
    rest = [SeatProgress(chair.request.seat, chair.frame.name, "kept", 0) for chair in chairs]
    watch = Watching("consultants", lambda busy: rest, lambda: 0.5, Store(folder), look)
    return [(chair.request.seat, handed) for chair, handed in sit(chairs, transport, watch)]


def all_are(state: str) -> Callable[[Snapshot], bool]:
    return lambda now: {row.state for row in now.seats} == {state}


def test_a_seat_waits_thinks_writes_and_is_done_and_what_it_takes_is_counted(tmp_path: Path) -> None:
    look = Onlooker()
    with Loopback(lambda body: WORDS, script=["thinking"] * 3, pace=60.0, first=0.3) as server:
        ledger, transport = table(server.url, tmp_path)
        handed = dict(seated([seat(name) for name in SEATS], transport, tmp_path, look))
    assert set(handed) == set(SEATS)
    for name in SEATS:
        assert [state for state in look.states(name) if state != "checking"] == [
            "waiting",
            "thinking",
            "writing",
            "done",
        ]
    during = [row for now in look.seen for row in now.seats if row.state == "writing"]
    assert all(row.about and row.dollars for row in during)
    assert len({row.written for row in during}) > 3
    last = look.seen[-1]
    assert last.ended and last.under_way == 0.0 and not any(row.about for row in last.seats)
    assert sum(row.read for row in last.seats) == ledger.account.input
    assert sum(row.written for row in last.seats) == ledger.account.output
    assert sum(row.dollars or 0.0 for row in last.seats) == pytest.approx(ledger.account.dollars)
    assert any(tail.startswith("As the brief says") for now in look.seen for tail in now.tails)


def test_what_was_kept_takes_nothing_and_reads_as_kept(tmp_path: Path) -> None:
    with Loopback(lambda body: WORDS) as server:
        for expected in ("done", "kept"):
            look = Onlooker()
            seated([seat("api")], table(server.url, tmp_path)[1], tmp_path, look)
            (row,) = look.seen[-1].seats
            assert (row.state, row.written > 0, row.words) == (expected, expected == "done", 82)
        assert len(server.requests) == 1


def test_a_try_that_breaks_off_begins_the_text_anew_and_a_cut_one_goes_on() -> None:
    chair = seat("api")
    chair.asking(chair.request)
    chair("one two ")
    chair.asking(chair.request)
    chair("one")
    assert (chair.words, chair.tail, chair.state) == (1, "one", "writing")
    chair.landed(chair.request, Reply("one", "m", "max_tokens", Usage(output=1)), fresh=True)
    longer = replace(chair.request, turns=(object(),))  # type: ignore[arg-type]
    chair.asking(longer)
    chair(" two")
    assert (chair.words, chair.tail) == (2, "one two")
    chair.at("mending")
    chair.asking(replace(chair.request, draft="one two"))
    chair("three")
    assert (chair.words, chair.tail, chair.state) == (1, "three", "mending")
    chair.stop.set()
    with pytest.raises(Interrupted, match="api was not asked"):
        chair.asking(chair.request)


def test_after_an_interrupt_what_is_under_way_lands_and_nothing_new_is_asked(tmp_path: Path) -> None:
    look = Onlooker(all_are("writing"))
    with Loopback(lambda body: WORDS, script=["ok", "max_tokens", "ok"], pace=60.0) as server:
        ledger, transport = table(server.url, tmp_path)
        with pytest.raises(KeyboardInterrupt, match="2 of 3 seats have handed in; the others go on from the answers"):
            seated([seat(name) for name in SEATS], transport, tmp_path, look)
        assert (len(server.requests), ledger.account.calls) == (3, 3)
        note = next(now.note for now in look.seen if now.note)
        assert note.startswith(
            "Interrupted; interrupt again to leave at once. Nothing new is asked; waiting up to 180 s for"
        )
        assert sorted(row.state for row in look.seen[-1].seats) == ["done", "done", "stopped"]
        assert not (tmp_path / "live.json").exists()
        server.pace = 0.0
        handed = dict(seated([seat(name) for name in SEATS], table(server.url, tmp_path)[1], tmp_path, Onlooker()))
        assert len(server.requests) == 4 and set(handed) == set(SEATS)
        assert server.requests[3].body["messages"] != server.requests[1].body["messages"]


def test_a_try_that_breaks_after_an_interrupt_is_not_made_again_before_somebody_carries_on(tmp_path: Path) -> None:
    look = Onlooker(all_are("writing"))
    with Loopback(lambda body: WORDS, script=["eof"], pace=60.0) as server:
        ledger, transport = table(server.url, tmp_path)
        with pytest.raises(KeyboardInterrupt, match="0 of 1"):
            seated([seat("api")], transport, tmp_path, look)
        assert (len(server.requests), len(ledger.lost)) == (1, 1)
        seated([seat("api")], table(server.url, tmp_path)[1], tmp_path, Onlooker())
        assert len(server.requests) == 2


@pytest.mark.parametrize(("script", "first"), [((), 0.6), (("status:429:60",), 0.0)])
def test_seats_that_only_wait_for_their_turn_are_not_asked_after_an_interrupt(
    tmp_path: Path, script: tuple[str, ...], first: float
) -> None:
    with Loopback(lambda body: WORDS, script=script, first=first) as server:
        look = Onlooker(lambda now: len(server.requests) == 1 and now.seconds > 0.2)
        with pytest.raises(KeyboardInterrupt):
            seated([seat(name) for name in SEATS], table(server.url, tmp_path)[1], tmp_path, look)
        assert time.monotonic() - look.pressed[0] < 5.0
        assert len(server.requests) == 1


def test_a_second_interrupt_leaves_at_once_and_what_lands_later_is_not_asked_again(tmp_path: Path) -> None:
    late = threading.Event()

    def reply(body: dict[str, Any]) -> str:
        late.wait(20)
        return WORDS

    with Loopback(reply) as server:
        look = Onlooker(all_are("thinking"), lambda now: bool(now.note))
        with pytest.raises(KeyboardInterrupt, match="Still under way: api, data, security; what comes while"):
            seated([seat(name) for name in SEATS], table(server.url, tmp_path)[1], tmp_path, look)
        assert time.monotonic() - look.pressed[1] < 5.0
        threading.Timer(0.3, late.set).start()
        handed = dict(seated([seat(name) for name in SEATS], table(server.url, tmp_path)[1], tmp_path, Onlooker()))
        assert len(server.requests) == 3 and set(handed) == set(SEATS)
    assert table("http://127.0.0.1:9", tmp_path)[0].lost == ()


def test_the_signal_is_as_it_was_when_nobody_sits(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    with Loopback(lambda body: WORDS) as server:
        seated([seat("api")], table(server.url, tmp_path)[1], tmp_path, Onlooker())
    assert signal.getsignal(signal.SIGINT) is before


def test_who_watches_the_folder_is_told_everything_but_the_text(tmp_path: Path) -> None:
    told: list[dict[str, Any]] = []

    class Looking(Onlooker):
        def __call__(self, now: Snapshot) -> None:
            super().__call__(now)
            if (found := Store(tmp_path).watch("live.json")) is not None:
                told.append(found)

    with Loopback(lambda body: WORDS, pace=60.0) as server:
        seated([seat("api")], table(server.url, tmp_path)[1], tmp_path, Looking())
    assert {"phase", "seats", "spent", "seconds", "note", "under_way", "ended"} == set(told[-1])
    assert told[-1]["seats"][0]["document"] == "docs/api.md"
    assert "As the brief" not in json.dumps(told)


ROWS = (
    SeatProgress("api", "docs/04.md", "done", 1200, 9000, 1800, 0.05, 61.4),
    SeatProgress("data", "docs/05.md", "writing", 34, 9000, 50, 0.01, 12.0, about=True),
    SeatProgress("local", "docs/06.md", "kept", 7),
)


def test_the_table_that_stays_says_who_wrote_what_for_how_much_and_marks_estimates() -> None:
    shown = live.pace(Snapshot("consultants", ROWS, 0.125, 61.4, under_way=0.01))
    assert isinstance(shown, view.Shown)
    assert shown.text.splitlines() == [
        "consultants: 2 of 3 written, 1,241 words, ~19,850 tokens, ~$0.14, 61 s",
        "consultant  document  state    words  tokens  dollars  seconds",
        "api         04.md     done     1,200  10,800  $0.05    61",
        "data        05.md     writing  34     ~9,050  ~$0.01   12",
        "local       06.md     kept     7                       0",
    ]


def test_a_terminal_is_told_the_same_in_a_line_and_a_note_first() -> None:
    now = Snapshot("consultants", ROWS, 0.125, 61.4)
    assert progress.told(now, "5_consultants", "01:01") == (
        "data writing", "5_consultants: data writing · 1,241 words · ~19,850 tokens · $0.12 · 01:01",
    )  # fmt: skip
    said = progress.told(replace(now, note="Interrupted; again to leave."), "5_consultants", "01:01")
    assert said == ("Interrupted: data writing", "5_consultants: Interrupted; again to leave. · 01:01")


def test_the_text_that_appears_is_whole_words_with_nothing_hidden_and_no_secret() -> None:
    key = "sk-ant-api03-" + "k" * 40
    assert live.shown(f"The key is {key} and") == "The key is [REDACTED:anthropic-key] "
    assert live.shown(f"The key is {key[:20]}") == "The key is "
    assert live.shown("The password is correct-horse-9 now ", ("correct-horse-9",)).endswith(
        "[REDACTED:key-in-use] now "
    )
    assert live.shown("a\u202eb\u200bc\x1b[2J <b>bold</b> ") == "a␣U+202Eb␣U+200Bc␣U+001B[2J <b>bold</b> "
    cut = (key + " some words ") * 200
    assert "sk-ant" not in live.shown(cut[-TAIL:]) and "kkkk" not in live.shown(cut[-TAIL:])


def test_what_is_sent_to_the_browser_does_not_grow_with_the_text() -> None:
    chairs, frames, sizes = [seat(name) for name in SEATS], live.Frames(), []
    for chair in chairs:
        chair.asking(chair.request)
    for step in range(200):
        for chair in chairs:
            chair(WORDS * 4)
        rows = tuple(chair.progress for chair in chairs)
        frame = frames.of(Snapshot("c", rows, 0.0, step / 8, tails=tuple(chair.tail for chair in chairs)))
        sizes.append(len(json.dumps(frame)))
    assert chairs[0].words > 9_000 and len(chairs[0].tail) == TAIL
    assert max(sizes) < 3_000


def test_a_screen_reader_is_told_the_states_now_and_then_and_a_note_at_once() -> None:
    frames, said = live.Frames(), list[str]()
    for eighth in range(48):
        row = SeatProgress("api", "a.md", "writing", eighth)
        said.append(frames.of(Snapshot("c", (row,), 0.0, eighth / 8))["said"])
    assert set(said) == {"c: 0 of 1 written; api writing"}
    assert frames.of(Snapshot("c", (), 0.0, 6.1, note="Interrupted; wait."))["said"] == "Interrupted; wait."


@pytest.mark.parametrize("environment", [{"PLANNING_KIT_HEADLESS": "1"}, {}], ids=["nobody there", "somebody there"])
def test_one_table_and_no_widget_stays_in_the_notebook(tmp_path: Path, environment: dict[str, str]) -> None:
    run, _ = Order("# Loans\n\nMembers must be able to borrow books.\n", model="offline", outputs=tmp_path).run()
    agreed(run, "Ann")
    cell = "from planning_kit import open_run\nopen_run(run).phase('consultants').consult();"
    book = new_notebook(cells=[new_code_cell(f'run = "{run.folder}"'), new_code_cell(cell)])
    book.cells[0].metadata["tags"] = ["parameters"]
    source, copy = tmp_path / "source.ipynb", tmp_path / "executed.ipynb"
    source.write_text(writes(book), "utf-8")
    assert kernel.execute(source, copy, {}, run.folder, environment) is None
    (shown,) = [output for output in reads(copy.read_text("utf-8")).cells[1].outputs]
    assert sorted(shown.data) == ["text/html", "text/plain"]
    assert shown.data["text/plain"].startswith("consultants: 5 of 5 written, ")


@pytest.mark.long
def test_ctrl_c_lets_answers_land_and_ends_with_4_and_a_run_that_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Loopback(written, pace=60.0) as server:
        for name in ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY", "NO_PROXY"):
            monkeypatch.setenv(name, environment(server)[name])
        run = agreed(Order("Readers read notes.", model="claude-sonnet-5-5", outputs=tmp_path).run()[0])
        command = [sys.executable, "-m", "planning_kit", "resume", str(run.folder)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        until(lambda: server.open == 5)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
        assert process.returncode == 4
        assert "Nothing new is asked; waiting up to" in err
        assert err.splitlines()[-1].startswith("planning-kit: interrupted; finished answers are kept")
        left = Run.open(run.folder)
        assert (len(server.requests), left.ledger.account.calls, left.ledger.lost) == (5, 6, ())
        assert len(left.phase("consultants").documents) == 5


def test_of_many_seats_the_line_on_a_terminal_counts_what_they_do() -> None:
    seats = tuple(SeatProgress(f"looker (topic-{at})", f"looked/{at}.md", "writing" if at % 3 else "checking", 0) for at in range(16))  # fmt: skip
    state, line = progress.told(Snapshot("looking", seats, 0.0, 1.0), "2_research", "00:01")
    assert state == "6 checking, 10 writing" and "topic-" not in line
    few, _ = progress.told(Snapshot("looking", seats[:6], 0.0, 1.0), "2_research", "00:01")
    assert few.startswith("looker (topic-0) checking, looker (topic-1) writing")
