"""What the loopback server answers, read with the SDK: turns that go on, searches, structured answers, the bill."""

import json
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anthropic
import pytest

from planning_kit import digest
from planning_kit.loopback import Loopback, document
from planning_kit.loopback.structured import example, fits
from planning_kit.model import Usage

SEAT = (
    "<seat>stack-consultant</seat>\n\nYou choose.\n\n<outline>\n## Frameworks\n## Stores\n## Key decisions\n</outline>"
)
ASK: dict[str, Any] = {
    "model": "claude-sonnet-5-5",
    "max_tokens": 4_000,
    "messages": [{"role": "user", "content": [{"type": "text", "text": SEAT}]}],
}
SEARCH: dict[str, Any] = {"type": "web_search_20260318", "name": "web_search", "max_uses": 5}
GO_ON = {"role": "user", "content": "Go on exactly where your answer stops."}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "level": {"enum": ["low", "high"]},
        "due": {"type": "string", "format": "date"},
        "parts": {"type": "array", "minItems": 2, "items": {"$ref": "#/$defs/part"}},
        "note": {"anyOf": [{"type": "null"}, {"type": "string"}]},
        "optional": {"type": "string"},
    },
    "required": ["title", "level", "due", "parts", "note"],
    "additionalProperties": False,
    "$defs": {
        "part": {
            "type": "object",
            "properties": {"size": {"type": "integer"}, "sure": {"type": "boolean"}},
            "required": ["size", "sure"],
            "additionalProperties": False,
        }
    },
}
STRUCTURED = {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}


@contextmanager
def speaking(*script: str, **settings: Any) -> Iterator[tuple[Loopback, anthropic.Anthropic]]:
    with (
        Loopback(script=script, **settings) as server,
        anthropic.Anthropic(base_url=server.url, api_key="k", max_retries=0) as client,
    ):
        yield server, client


def heard(client: anthropic.Anthropic, **more: Any) -> anthropic.types.Message:
    with client.messages.stream(**{**ASK, **more}) as stream:
        return stream.get_final_message()


def words(*messages: anthropic.types.Message) -> str:
    return "".join(block.text for message in messages for block in message.content if block.type == "text")


def blocks(message: anthropic.types.Message) -> list[dict[str, Any]]:
    return [block.model_dump() for block in message.content]


def after(message: anthropic.types.Message, *more: dict[str, Any]) -> list[Any]:
    return [*ASK["messages"], message.to_param(), *more]


def test_a_cut_answer_goes_on_where_it_ended_as_often_as_it_is_cut():
    with speaking("max_tokens", "max_tokens") as (_, client):
        first = heard(client)
        second = heard(client, messages=after(first, GO_ON))
        third = heard(client, messages=[*after(first, GO_ON), second.to_param(), GO_ON])
    assert [turn.stop_reason for turn in (first, second, third)] == ["max_tokens", "max_tokens", "end_turn"]
    assert words(first) and words(second) and words(first, second, third) == document(ASK)


def test_white_space_lost_at_the_seam_does_not_make_an_answer_begin_anew():
    with speaking("max_tokens", reply=lambda _: "one two \n\n  three four") as (_, client):
        first = words(heard(client))
        said = {"role": "assistant", "content": first.rstrip()}
        rest = words(heard(client, messages=[*ASK["messages"], said, GO_ON]))
    assert rest.lstrip() == "one two \n\n  three four"[len(first) :].lstrip()


def test_after_a_turn_that_said_something_else_or_everything_the_whole_is_answered():
    whole = document(ASK)
    with speaking() as (_, client):
        for said in ("Something else.", whole):
            turn = {"role": "assistant", "content": said}
            assert words(heard(client, messages=[*ASK["messages"], turn, GO_ON])) == whole


def test_a_paused_turn_goes_on_when_it_comes_back_as_it_was():
    with speaking("pause_turn") as (_, client):
        first = heard(client)
        second = heard(client, messages=after(first))
    assert (first.stop_reason, second.stop_reason) == ("pause_turn", "end_turn")
    assert words(first) and words(second) and words(first, second) == document(ASK)


def test_a_paused_search_goes_on_twice_and_its_blocks_are_taken_only_unchanged():
    with speaking("pause_turn", "pause_turn") as (server, client):
        first = heard(client, tools=[SEARCH])
        second = heard(client, messages=after(first), tools=[SEARCH])
        third = heard(client, messages=[*after(first), second.to_param()], tools=[SEARCH])
        assert words(first, second, third) == document(ASK)
        assert sum(turn.usage.server_tool_use.web_search_requests for turn in (first, second, third) if turn.usage.server_tool_use) == 2  # fmt: skip
        said = blocks(first)
        for spoilt in (said[1:], [*said[:-1], {"type": "text", "text": "mine"}], [{**said[0], "input": {"query": "x"}}, *said[1:]]):  # fmt: skip
            turn = {"role": "assistant", "content": spoilt}
            with pytest.raises(anthropic.BadRequestError, match="must come back unchanged"):
                heard(client, messages=[*ASK["messages"], turn], tools=[SEARCH])
        assert len(server.requests) == 3 and len(server.others) == 3


def test_words_put_into_a_newer_models_mouth_are_refused():
    said = [*ASK["messages"], {"role": "assistant", "content": "# Stack"}]
    with speaking() as (_, client):
        with pytest.raises(anthropic.BadRequestError, match="prefill"):
            heard(client, messages=said)
        assert heard(client, messages=said, model="claude-haiku-4-5").stop_reason == "end_turn"


def test_a_refusal_names_its_category_and_may_come_after_words():
    with speaking("refusal", "refusal_mid:bio", "ctx") as (server, client):
        none, some, full = (heard(client) for _ in range(3))
    assert (none.stop_reason, none.content, none.stop_details.category) == ("refusal", [], "cyber")
    assert (some.stop_reason, some.stop_details.category) == ("refusal", "bio")
    assert full.stop_reason == "model_context_window_exceeded"
    assert words(some) == words(full) == document(ASK)[: len(document(ASK)) // 2]
    assert [entry.ended for entry in server.billed] == ["refused", "whole", "whole"]
    assert server.billed[0].usage == Usage() and server.billed[1].usage.output == len(words(some)) // 4


def test_a_thought_comes_signed_before_the_text():
    with speaking("thinking") as (_, client):
        thought, text = heard(client).content
    assert thought.type == "thinking" and thought.thinking and len(thought.signature) == 64
    assert text.text == document(ASK)


@pytest.mark.parametrize("streamed", [True, False])
def test_an_offered_search_is_made_quoted_and_counted(streamed):
    tool = {**SEARCH, "allowed_domains": ["postgresql.org"]}
    with speaking() as (server, client):
        message = heard(client, tools=[tool]) if streamed else client.messages.create(**ASK, tools=[tool])
    assert words(message) == document(ASK)
    calls = [block for block in message.content if block.type == "server_tool_use"]
    results = [block for block in message.content if block.type == "web_search_tool_result"]
    assert [call.id for call in calls] == [result.tool_use_id for result in results] and len(calls) == 2
    assert all(call.name == "web_search" and call.input["query"] for call in calls)
    found = {one.url: one for result in results for one in result.content}
    assert len(found) == 4 and all(url.startswith("https://postgresql.org/") for url in found)
    quoted = [block for block in message.content if block.type == "text" and block.citations]
    assert len(quoted) == 2
    for block in quoted:
        (citation,) = block.citations
        assert block.text[0].isalpha() and not block.text.endswith("\n")
        assert found[citation.url].title == citation.title and 0 < len(citation.cited_text) <= 150
        assert citation.type == "web_search_result_location" and citation.encrypted_index
    assert message.usage.server_tool_use.web_search_requests == 2 == server.billed[0].usage.searches


def test_no_more_searches_are_made_than_allowed_and_none_unasked():
    with speaking("ok", "research") as (_, client):
        once = heard(client, tools=[{**SEARCH, "max_uses": 1}])
        unasked = heard(client)
    assert sum(block.type == "server_tool_use" for block in once.content) == 1
    assert once.usage.server_tool_use.web_search_requests == 1
    assert [block.type for block in unasked.content] == ["text"] and unasked.usage.server_tool_use is None


def test_a_failed_search_is_told_in_its_result_and_not_billed():
    with speaking("search_error") as (server, client):
        call, result, text = heard(client, tools=[SEARCH]).content
    assert (result.tool_use_id, result.content.error_code) == (call.id, "max_uses_exceeded")
    assert text.text == document(ASK) and server.billed[0].usage.searches == 0


def test_a_search_must_come_back_with_what_it_found():
    with speaking() as (_, client):
        said = blocks(heard(client, tools=[SEARCH]))
        spoilt = {**said[1], "content": [{**said[1]["content"][0], "url": "https://other.example/"}]}
        for content, problem in (
            ([said[0], *said[2:]], "without a corresponding"),
            ([said[0], spoilt], "Invalid encr"),
        ):
            turn = {"role": "assistant", "content": content}
            with pytest.raises(anthropic.BadRequestError, match=problem):
                heard(client, messages=[*ASK["messages"], turn, GO_ON], tools=[SEARCH])


def test_both_kinds_of_domains_at_once_are_refused():
    tool = {**SEARCH, "allowed_domains": ["a.example"], "blocked_domains": ["b.example"]}
    with speaking() as (_, client), pytest.raises(anthropic.BadRequestError, match="only one of"):
        heard(client, tools=[tool])


def test_a_structured_answer_fits_its_schema_with_and_without_a_search():
    with speaking() as (_, client):
        for more in ({}, {"tools": [SEARCH]}):
            message = heard(client, **STRUCTURED, **more)
            value = json.loads(words(message))
            assert fits(SCHEMA, value) and "optional" not in value
            assert not [block for block in message.content if block.type == "text" and block.citations]
    assert (value["level"], value["note"], len(value["parts"])) == ("low", None, 2)


def test_a_schema_put_into_words_is_obeyed_too():
    asked = f"Answer with one JSON object. It has to fit this JSON Schema:\n{json.dumps(SCHEMA)}\n\nThat is all."
    with speaking(plain=True) as (_, client):
        message = heard(client, messages=[{"role": "user", "content": asked}])
    assert fits(SCHEMA, json.loads(words(message)))


def test_names_and_patterns_are_met():
    fields = {"name": {"type": "string"}, "text": {"type": "string"}, "ref": {"type": "string", "pattern": r"^R\d+$"}}
    schema = {"type": "object", "properties": fields, "required": list(fields)}
    assert example(schema) == {"name": "invented-name", "text": "Invented text", "ref": "R1"}


def test_json_can_be_wrong_or_cut_and_the_next_turn_mends_it():
    with speaking("json_wrong", "ok", "json_cut") as (_, client):
        wrong = heard(client, **STRUCTURED)
        mended = heard(client, **STRUCTURED, messages=after(wrong, GO_ON))
        cut = heard(client, **STRUCTURED)
        rest = heard(client, **STRUCTURED, messages=after(cut, GO_ON))
    assert wrong.stop_reason == "end_turn" and not fits(SCHEMA, json.loads(words(wrong)))
    assert fits(SCHEMA, json.loads(words(mended)))
    assert cut.stop_reason == "max_tokens" and words(cut, rest) == words(mended)


def test_json_written_for_the_test_is_answered_as_it_is():
    with speaking(reply=lambda _: '{"broken": ') as (_, client):
        assert words(heard(client, **STRUCTURED)) == '{"broken": '
    with speaking(reply=lambda _: "# Markdown") as (_, client):
        assert fits(SCHEMA, json.loads(words(heard(client, **STRUCTURED))))


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/$defs/a", "$defs": {"a": {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}, "required": ["a"]}}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}},
    ],
)  # fmt: skip
def test_a_schema_in_a_circle_is_refused(schema):
    with speaking() as (_, client), pytest.raises(anthropic.BadRequestError, match="recursive"):
        heard(client, output_config={"format": {"type": "json_schema", "schema": schema}})


@pytest.mark.parametrize(
    ("schema", "value", "so"),
    [
        ({"type": "integer"}, True, False),
        ({"type": ["integer", "null"]}, None, True),
        ({"const": "x"}, "y", False),
        ({"type": "string", "pattern": r"^R\d+$"}, "S1", False),
        ({"enum": ["x"]}, "x", True),
        ({"allOf": [{"type": "object", "properties": {}}, {"required": ["a"]}]}, {}, False),
        ({"type": "array", "items": {"type": "string"}}, ["a", 1], False),
        ({"type": "array", "minItems": 1}, [], False),
        ({"anyOf": [{"type": "string"}, {"type": "number"}]}, [], False),
        ({"type": "object", "properties": {"a": {}}, "additionalProperties": False}, {"b": 1}, False),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, {"a": "", "b": 1}, True),
    ],
)
def test_what_fits_a_schema(schema, value, so):
    assert fits(schema, value) is so


def test_every_answer_that_was_begun_is_billed_and_faults_before_it_are_not():
    script = ("status:529", "drop_before", "spend_limit", "eof", "ok", "drop")
    with speaking(*script, minimum=0) as (server, client):
        for _ in script:
            try:
                heard(client)
            except (anthropic.APIError, anthropic.APIConnectionError, AssertionError, OSError):
                pass
            except Exception as error:
                assert type(error).__name__ in ("RemoteProtocolError", "ReadError"), error
        client.messages.create(**ASK)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{server.url}/billed") as answer:
            told = json.load(answer)["billed"]
        billed = server.billed
    assert [entry.ended for entry in billed] == ["broken", "whole", "broken", "whole"]
    assert {(entry.model, entry.seat) for entry in billed} == {("claude-sonnet-5-5", "stack-consultant")}
    whole = len(document(ASK)) // 4
    assert [entry.usage.output == whole for entry in billed] == [False, True, False, True]
    assert 0 < billed[0].usage.output < whole and billed[0].usage.input == billed[1].usage.input > 0
    assert told == [entry.facts for entry in billed]
    assert billed[0].digest == billed[1].digest != billed[3].digest
    assert billed[0].digest == digest.of_bytes(server.requests[0].data)


def test_the_bill_holds_what_was_written_and_read():
    system = [{"type": "text", "text": "x" * 8_000, "cache_control": {"type": "ephemeral", "ttl": "1h"}}]
    with speaking() as (server, client):
        first, second = (heard(client, system=system).usage for _ in range(2))
    assert first.cache_creation.ephemeral_1h_input_tokens == first.cache_creation_input_tokens == 2_000
    assert (first.cache_creation.ephemeral_5m_input_tokens, second.cache_read_input_tokens) == (0, 2_000)
    wrote, read = (entry.usage for entry in server.billed)
    assert (wrote.cache_write_1h, wrote.cache_write, wrote.cache_read, read.cache_read) == (2_000, 0, 0, 2_000)
    assert wrote.input == first.input_tokens and wrote.output == first.output_tokens
