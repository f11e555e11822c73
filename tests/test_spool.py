"""What a server sends is on the disk as it comes, and what nothing came of is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning_kit.errors import Damaged, DiskRefused
from planning_kit.model import Request, Usage
from planning_kit.spool import Spool
from planning_kit.store import Store

REQUEST = Request("claude-sonnet-5-5", "api", "Forum", "You design.", (), "Design.", ("Overview",))
ASKED = REQUEST.digest


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(Store(tmp_path))


def test_every_event_is_there_the_moment_it_was_told(spool: Spool, tmp_path: Path) -> None:
    with spool.keeping(ASKED) as (number, keep):
        keep('{"type": "ping"}')
        keep("ü")
        assert (number, (tmp_path / "spool" / ASKED / "01.sse").read_text()) == (1, '{"type": "ping"}\nü\n')
    assert spool.tries(ASKED) == [(1, ['{"type": "ping"}', "ü"])]


def test_a_line_that_was_not_finished_is_not_taken_for_an_event(spool: Spool, tmp_path: Path) -> None:
    with spool.keeping(ASKED) as (_, keep):
        keep("whole")
    with (tmp_path / "spool" / ASKED / "01.sse").open("a") as file:
        file.write("half")
    assert spool.tries(ASKED) == [(1, ["whole"])]


def test_a_lost_try_is_counted_and_not_read_again(spool: Spool, tmp_path: Path) -> None:
    with spool.keeping(ASKED) as (number, keep):
        keep("x")
    lost = spool.lose(REQUEST, number, Usage(input=7, output=1), "the connection broke off", "2026-11-21T09:00:00Z")
    assert (lost.seat, lost.model, lost.usage) == ("api", "claude-sonnet-5-5", Usage(input=7, output=1))
    assert spool.tries(ASKED) == [] and spool.lost() == spool.lost(ASKED) == [lost]
    with spool.keeping(ASKED) as (number, _):
        assert number == 2


def test_a_try_that_cost_nothing_is_forgotten(spool: Spool) -> None:
    with spool.keeping(ASKED) as (number, _):
        pass
    spool.forget(ASKED, number)
    assert spool.tries(ASKED) == [] and spool.lost() == []


def test_nothing_is_left_of_a_question_whose_answer_is_kept(spool: Spool, tmp_path: Path) -> None:
    with spool.keeping(ASKED) as (number, keep):
        keep("x")
    spool.lose(REQUEST, number, Usage(), "it broke", "2026-11-21T09:00:00Z")
    spool.done(ASKED)
    spool.done(ASKED)
    assert list((tmp_path / "spool").iterdir()) == []


def test_a_note_that_cannot_be_read_is_named_in_one_line(spool: Spool, tmp_path: Path) -> None:
    spool.lose(REQUEST, 1, Usage(), "it broke", "2026-11-21T09:00:00Z")
    (tmp_path / "spool" / ASKED / "01.lost").write_text("{}")
    with pytest.raises(Damaged, match=r"01\.lost: the note about a broken try cannot be read"):
        spool.lost()


def test_a_full_or_closed_disk_is_said_before_anything_is_asked(spool: Spool, tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("in the way")
    with pytest.raises(DiskRefused, match="could not write"), spool.keeping(ASKED):
        raise AssertionError("nobody should be asked")


def test_files_of_other_names_and_half_written_ones_are_no_tries(spool: Spool, tmp_path: Path) -> None:
    spool.lose(REQUEST, 1, Usage(input=7), "it broke", "2026-11-21T09:00:00Z")
    for name in (".partial-123-abcd", "notes.sse", "01 copy.lost", "2.sse"):
        (tmp_path / "spool" / ASKED / name).write_text("{}")
    (tmp_path / "spool" / ".DS_Store").write_text("")
    assert spool.tries(ASKED) == [] and [lost.usage.input for lost in spool.lost()] == [7]
    with spool.keeping(ASKED) as (number, _):
        assert number == 2


def test_half_a_character_at_the_end_is_no_event_and_no_error(spool: Spool, tmp_path: Path) -> None:
    with spool.keeping(ASKED) as (_, keep):
        keep("ü")
    with (tmp_path / "spool" / ASKED / "01.sse").open("ab") as file:
        file.write("ü".encode()[:1])
    assert spool.tries(ASKED) == [(1, ["ü"])]
