"""An answer is whole only with its end, a reason for it, and every block closed; everything else is broken."""

import json

import pytest

from planning_kit.claude.faults import Fault, Kind
from planning_kit.claude.stream import Answer
from planning_kit.model import Usage

START = {
    "type": "message_start",
    "message": {"model": "claude-sonnet-5-5", "usage": {"input_tokens": 7, "output_tokens": 1}},
}
OPEN = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
WORD = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "word "}}
CLOSE = {"type": "content_block_stop", "index": 0}
DONE = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 9}}
END = {"type": "message_stop"}
PING = {"type": "ping"}
TOOL = {
    "type": "content_block_start",
    "index": 0,
    "content_block": {"type": "tool_use", "id": "t", "name": "run", "input": {}},
}


def read(*events: object) -> Answer:
    answer = Answer("host")
    for event in events:
        answer.take(event if isinstance(event, str) else json.dumps(event))
        if answer.ended:
            break
    answer.whole()
    return answer


def test_a_whole_answer_has_its_text_model_reason_and_last_counts():
    answer = read(START, PING, OPEN, WORD, WORD, CLOSE, DONE, END)
    assert (answer.text, answer.model, answer.stop) == ("word word ", "claude-sonnet-5-5", "end_turn")
    assert answer.usage == Usage(input=7, output=9)


def test_thinking_and_things_to_come_are_passed_over():
    thinking = {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}}
    thought = {"type": "content_block_delta", "index": 0, "delta": {"type": "thinking_delta", "thinking": "hm"}}
    second = [{**event, "index": 1} for event in (OPEN, WORD, CLOSE)]
    answer = read(START, thinking, thought, CLOSE, {"type": "something_new"}, *second, DONE, END)
    assert answer.text == "word "


@pytest.mark.parametrize(
    "events",
    [
        [],
        [START],
        [START, OPEN, WORD],
        [START, OPEN, WORD, CLOSE],
        [START, OPEN, WORD, CLOSE, DONE],
        [START, OPEN, WORD, DONE, END],
        [START, OPEN, WORD, CLOSE, END],
        [START, OPEN, WORD, CLOSE, {**DONE, "delta": {"stop_reason": None}}, END],
        [OPEN, WORD, CLOSE, DONE, END],
        [START, START, OPEN, WORD, CLOSE, DONE, END],
        [START, OPEN, OPEN, WORD, CLOSE, DONE, END],
        [START, OPEN, WORD, CLOSE, OPEN, WORD, CLOSE, DONE, END],
        [START, {**OPEN, "index": 1}, DONE, END],
        [START, WORD, DONE, END],
        [START, OPEN, {**WORD, "index": 1}, CLOSE, DONE, END],
        [START, OPEN, CLOSE, CLOSE, DONE, END],
        [START, OPEN, '{"type": "content_block_delta", "ind'],
        [START, OPEN, "<html>"],
        [START, OPEN, "[" * 100_000],
        [START, "[]"],
        [START, "{}"],
        [START, '{"type": 7}'],
        [START, {**OPEN, "content_block": {}}, CLOSE, DONE, END],
        [START, {**OPEN, "content_block": None}, CLOSE, DONE, END],
    ],
)
def test_anything_else_may_have_been_billed_and_is_no_answer(events):
    with pytest.raises(Fault) as fault:
        read(*events)
    assert fault.value.kind is Kind.MAYBE_PAID and str(fault.value).startswith("host sent ")


@pytest.mark.parametrize("events", [[START, TOOL], [START, {**DONE, "delta": {"stop_reason": "tool_use"}}]])
def test_a_tool_call_is_against_the_rules(events):
    with pytest.raises(Fault) as fault:
        read(*events)
    assert fault.value.kind is Kind.STOP


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "overloaded_error", "message": "m"}, Kind.MAYBE_PAID),
        ({"type": "api_error", "message": "m"}, Kind.MAYBE_PAID),
        ({"type": "invalid_request_error", "message": "m"}, Kind.STOP),
        ({"type": "billing_error", "message": "m"}, Kind.STOP),
        ({"type": "rate_limit_error", "details": {"error_code": "enforced_spend_limit_reached"}}, Kind.STOP),
        (None, Kind.MAYBE_PAID),
    ],
)
def test_an_error_in_the_middle_is_judged_by_its_type_and_keeps_what_was_counted(error, kind):
    with pytest.raises(Fault) as fault:
        read(START, OPEN, WORD, {"type": "error", "error": error})
    assert fault.value.kind is kind and fault.value.usage == Usage(input=7, output=1)


def test_a_character_sent_in_two_halves_is_whole_and_a_lonely_half_is_replaced():
    halves = [{**WORD, "delta": {"type": "text_delta", "text": half}} for half in ("\ud83d", "\ude80", "\ud83d")]
    text = read(START, OPEN, *halves, CLOSE, DONE, END).text
    assert text == "🚀\ufffd"
    assert text.encode("utf-8")


def test_counts_that_make_no_sense_are_ignored():
    usage = {
        "output_tokens": -1,
        "input_tokens": None,
        "cache_read_input_tokens": "9",
        "cache_creation_input_tokens": True,
    }
    assert read(START, OPEN, CLOSE, {**DONE, "usage": usage}, END).usage == Usage(input=7, output=1)


def test_a_block_of_a_kind_to_come_is_kept_as_it_came_and_adds_no_text():
    strange = {"type": "content_block_start", "index": 0, "content_block": {"type": "hologram", "at": 3}}
    grown = {"type": "content_block_delta", "index": 0, "delta": {"type": "hologram_delta", "light": 9}}
    answer = read(START, strange, grown, CLOSE, DONE, END)
    assert (answer.text, answer.blocks) == ("", [{"type": "hologram", "at": 3}])


def test_a_hundred_thousand_pieces_and_a_piece_of_ten_megabytes_are_one_answer():
    big = {**WORD, "delta": {"type": "text_delta", "text": "y" * 10_000_000}}
    assert len(read(START, OPEN, *[WORD] * 100_000, big, CLOSE, DONE, END).text) == 10_500_000
