"""The cache rules of the loopback server: what is written, what is read, and when."""

from typing import Any

import pytest

from planning_kit.loopback.cache import Cache, Counted, size
from planning_kit.loopback.refused import Refused


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def text(words: str, ttl: str = "") -> dict[str, Any]:
    mark = {"cache_control": {"type": "ephemeral", "ttl": ttl}} if ttl else {}
    return {"type": "text", "text": words, **mark}


def body(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": list(blocks)}], **more}


def ask(cache: Cache, asked: dict[str, Any]) -> Counted:
    looked = cache.look(asked)
    cache.begun(looked)
    return looked.counted


A, B, C = "a" * 8_000, "b" * 4_000, "c" * 400


def test_a_marked_prefix_is_written_then_read_and_the_rest_is_read_fresh():
    cache = Cache()
    assert ask(cache, body(text(A, "5m"), text(C))) == Counted(input=100, write_5m=2_000)
    assert ask(cache, body(text(A, "5m"), text("another role"))) == Counted(input=3, read=2_000)


def test_an_entry_is_readable_only_once_the_first_response_has_begun():
    cache = Cache()
    first = cache.look(body(text(A, "5m")))
    assert cache.look(body(text(A, "5m"))).counted.write_5m == 2_000
    cache.begun(first)
    assert cache.look(body(text(A, "5m"))).counted.read == 2_000


def test_a_prefix_below_the_minimum_is_not_kept():
    asked = body(text("a" * 4_092, "5m"))
    cache = Cache()
    assert [ask(cache, asked) for _ in range(2)] == [Counted(input=1_023)] * 2
    small = Cache(minimum=0)
    assert [ask(small, asked).read for _ in range(2)] == [0, 1_023]


@pytest.mark.parametrize(("ttl", "seconds"), [("5m", 300), ("1h", 3_600)])
def test_an_entry_lives_from_the_start_of_the_request_that_last_read_it(ttl, seconds):
    clock = Clock()
    cache, asked = Cache(clock=clock), body(text(A, ttl))
    written = cache.look(asked)
    clock.now = seconds - 1
    cache.begun(written)
    assert ask(cache, asked).read == 2_000
    clock.now += seconds - 1
    assert ask(cache, asked).read == 2_000
    clock.now += seconds
    assert ask(cache, asked).read == 0


def test_two_marks_write_two_entries_and_are_counted_by_their_time_to_live():
    cache = Cache()
    assert ask(cache, body(text(A, "1h"), text(B, "5m"), text(C))) == Counted(100, write_5m=1_000, write_1h=2_000)
    assert ask(cache, body(text(A, "1h"), text("x" * 4_000, "5m"))) == Counted(0, write_5m=1_000, read=2_000)
    assert ask(cache, body(text(A, "1h"), text(B, "5m"))) == Counted(read=3_000)


def test_an_hour_keeps_the_front_when_the_five_minutes_are_over():
    clock = Clock()
    cache = Cache(clock=clock)
    ask(cache, body(text(A, "1h"), text(B, "5m")))
    clock.now = 301
    assert ask(cache, body(text(A, "1h"), text(B, "5m"))) == Counted(write_5m=1_000, read=2_000)


def test_a_mark_that_has_moved_on_finds_the_entry_twenty_blocks_back_and_no_further():
    for between, read in ((19, 2_000), (20, 0)):
        cache = Cache()
        ask(cache, body(text(A, "5m")))
        more = [text("word") for _ in range(between - 1)]
        assert ask(cache, body(text(A), *more, text("end", "5m"))).read == read


@pytest.mark.parametrize(
    "changed",
    [
        {"model": "other"},
        {"tools": [{"name": "t", "input_schema": {}}]},
        {"output_config": {"effort": "low"}},
        {"output_config": {"format": {"type": "json_schema", "schema": {}}}},
        {"thinking": {"type": "adaptive"}},
        {"system": "Be short."},
    ],
)
def test_model_tools_output_thinking_and_whatever_comes_before_are_part_of_the_key(changed):
    cache = Cache()
    ask(cache, body(text(A, "5m")))
    counted = ask(cache, {**body(text(A, "5m")), **changed})
    assert counted.read == 0 and counted.write_5m >= 2_000


def test_tools_come_before_the_system_prompt_and_that_before_the_messages():
    cache = Cache()
    tools = [{"name": "t", "description": A, "input_schema": {}, "cache_control": {"type": "ephemeral"}}]
    wrote = ask(cache, body(text("x"), tools=tools, system=[text("y")]))
    assert wrote.write_5m > 2_000 and wrote.input == 0
    assert ask(cache, body(text("other"), tools=tools, system=[text("other")])).read == wrote.write_5m


def test_a_mark_on_the_whole_request_stands_behind_its_last_block():
    cache, mark = Cache(), {"cache_control": {"type": "ephemeral"}}
    assert ask(cache, body(text(A), text(C), **mark)) == Counted(write_5m=2_100)
    assert ask(cache, body(text(A), text("d" * 400), **mark)) == Counted(write_5m=2_100)


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ([text(A, "5m")] * 5, "A maximum of 4 blocks with cache_control may be provided. Found 5"),
        ([text(A, "5m"), text(B, "1h")], "must not come after"),
        ([text(A, "2h")], "only {'type': 'ephemeral'"),
        ([text("", "5m")], "empty text blocks"),
    ],
)
def test_marks_that_break_a_rule_are_refused(blocks, words):
    with pytest.raises(Refused, match=words) as refused:
        Cache().look(body(*blocks))
    assert refused.value.status == 400


def test_four_marks_with_the_hours_first_are_taken():
    marked = [text(A, "1h"), text(A, "1h"), text(A, "5m"), text(A, "5m")]
    assert ask(Cache(), body(*marked)) == Counted(write_5m=4_000, write_1h=4_000)


def test_four_characters_are_a_token_wherever_blocks_end():
    assert size(body(text("abc"), text("def"), text("gh"))) == 2
    assert size({"model": "m", "messages": [{"role": "user", "content": "x" * 40}]}) == 10
