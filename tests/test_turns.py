"""A whole answer in several turns: what was cut is gone on with, what is empty or refused is asked once otherwise."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from planning_kit.errors import BudgetSpent
from planning_kit.model import Hear, Reply, Request, Source, Usage
from planning_kit.turns import CUTS, PAUSES, Whole

REQUEST = Request("claude-sonnet-5-5", "researcher", "Forum", "You look things up.", (), "Look it up.", ("Findings",))


def part(stop: str, text: str = "words ", sources: int = 0) -> Reply:
    """A turn that ended with ``stop``."""
    goes_on = stop in ("max_tokens", "pause_turn")
    content = json.dumps([{"type": "text", "text": text}]) if goes_on else ""
    found = tuple(Source(f"S{n}", "https://a.example/", "t", "q", "2026-11-21") for n in range(sources))
    return Reply(text, "m", stop, Usage(input=10, output=5), seconds=1.0, sources=found, content=content)


class Scripted:
    """Gives one turn after the other and remembers what was asked."""

    def __init__(self, *replies: Reply | BudgetSpent) -> None:
        self.replies = list(replies)
        self.asked: list[Request] = []

    def send(self, request: Request, hear: Hear) -> Reply:
        self.asked.append(request)
        reply = self.replies.pop(0)
        if isinstance(reply, BudgetSpent):
            raise reply
        hear(reply.text)
        return reply


def sent(*replies: Reply, request: Request = REQUEST, fallback: str = "") -> tuple[Reply, Scripted]:
    transport = Scripted(*replies)
    return Whole(transport, fallback).send(request, lambda text: None), transport


def test_a_complete_answer_is_handed_on_as_it_is() -> None:
    reply, transport = sent(part("end_turn"))
    assert reply == part("end_turn") and transport.asked == [REQUEST]


def test_a_cut_answer_is_gone_on_with_and_both_parts_are_one_text() -> None:
    reply, transport = sent(part("max_tokens", "# Fin", 1), part("end_turn", "dings", 1))
    assert (reply.text, reply.stop, reply.usage, reply.seconds, reply.attempts) == (
        "# Findings", "end_turn", Usage(input=20, output=10), 2.0, 2,
    )  # fmt: skip
    (turn,) = transport.asked[1].turns
    assert (turn.stop, turn.sources, json.loads(turn.content)[0]["text"]) == ("max_tokens", 1, "# Fin")
    assert len(reply.sources) == 2 and len({request.digest for request in transport.asked}) == 2


def test_an_answer_that_is_cut_again_and_again_is_handed_in_as_incomplete() -> None:
    reply, transport = sent(*[part("max_tokens")] * (CUTS + 1))
    assert not reply.complete and reply.stop == "max_tokens" and len(transport.asked) == CUTS + 1


def test_a_cut_answer_without_a_word_or_in_json_is_not_gone_on_with() -> None:
    assert len(sent(part("max_tokens", ""))[1].asked) == 1
    schema = replace(REQUEST, schema="{}")
    assert len(sent(part("max_tokens"), request=schema)[1].asked) == 1


def test_a_pause_is_gone_on_with_until_it_has_been_enough() -> None:
    reply, _ = sent(part("pause_turn"), part("pause_turn"), part("end_turn"))
    assert reply.complete and reply.text == "words words words "
    reply, transport = sent(*[part("pause_turn")] * (PAUSES + 1))
    assert reply.stop == "pause_turn" and len(transport.asked) == PAUSES + 1


def test_an_empty_answer_is_asked_again_once_in_other_words() -> None:
    reply, transport = sent(part("empty", ""), part("end_turn"))
    assert reply.complete and reply.usage.input == 20
    assert [request.again for request in transport.asked] == [False, True]
    reply, transport = sent(part("empty", ""), part("empty", ""))
    assert reply.stop == "empty" and len(transport.asked) == 2


def test_a_refused_question_goes_to_the_fallback_and_no_further() -> None:
    reply, transport = sent(part("refusal (cyber)", ""), part("end_turn"), fallback="claude-opus-4-8")
    assert reply.complete and [request.model for request in transport.asked] == ["claude-sonnet-5-5", "claude-opus-4-8"]
    reply, transport = sent(part("refusal", ""), part("refusal", ""), fallback="claude-opus-4-8")
    assert reply.refused and len(transport.asked) == 2
    assert len(sent(part("refusal", ""))[1].asked) == 1
    assert len(sent(part("refusal", ""), fallback=REQUEST.model)[1].asked) == 1


def test_a_turn_that_cannot_be_afforded_stops_the_answer() -> None:
    with pytest.raises(BudgetSpent):
        Whole(Scripted(part("max_tokens"), BudgetSpent("no"))).send(REQUEST, lambda text: None)


def test_a_cut_answer_nothing_more_comes_of_is_handed_in_as_cut_and_not_asked_anew() -> None:
    reply, transport = sent(part("max_tokens", "# Fin"), part("empty", ""))
    assert (reply.text, reply.stop, reply.complete, len(transport.asked)) == ("# Fin", "max_tokens", False, 2)
